//! Page: what was written, what a person still has to do, how to come back.

use crate::form::{Body, Content, Page, PageContext};
use crate::plan::Change;
use crate::steps::file::File;
use crate::steps::folder::Folder;
use crate::text::say;

use super::plan::plan;
use super::to_do::{ToDo, is_to_do_written, to_do};

/// The page.
pub static PAGE: Page = Page { body: Body::Document, show, ..Page::new("done", &[]) };

fn show(context: &PageContext) -> Vec<Content> {
    let home = context.facts().home.to_string_lossy().into_owned();
    if !is_to_do_written(context) {
        return vec![Content::warning(say("done-unwritten"))];
    }
    let (done, open): (Vec<ToDo>, Vec<ToDo>) = to_do(context).into_iter().partition(ToDo::is_done);
    let (done, open) = (done.len(), open.into_iter().map(|step| step.words).collect());
    let mut blocks = vec![
        Content::plain(say("done-come-back").with("home", home)),
        Content::Heading(say("done-still-to-do")),
        Content::plain(say("to-do-where")),
        Content::Steps(open),
    ];
    blocks.extend((done > 0).then(|| Content::plain(say("done-ticked").with("count", done))));
    blocks.push(Content::Heading(say("done-written")));
    let plan = plan(context, &context.shown());
    let files = plan.actions.iter().filter(|action| action.as_a() != Some(&Folder::Plain));
    blocks.extend(files.map(|action| {
        let file = context.facts().layout().shown(&action.target);
        // Most files are called what they are.
        let said = match (action.as_a::<File>(), action.kind == Change::Keep) {
            (Some(_), true) => say("done-file"),
            (Some(_), false) => say("done-file-not-there"),
            (None, true) => say("done-file-as").with("what", action.what()),
            (None, false) => say("done-file-as-not-there").with("what", action.what()),
        };
        Content::plain(said.with("file", file))
    }));
    blocks
}
