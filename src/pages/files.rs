//! Files that a person carries elsewhere, as pages write and show them.

use crate::form::{Content, PageContext};
use crate::plan::Action;
use crate::servers::OutFile;

/// Actions for files that a person carries elsewhere.
pub(super) fn out_files(context: &PageContext, files: Vec<OutFile>) -> Vec<Action> {
    let facts = context.facts();
    let out = facts.layout().out();
    files.into_iter().map(|file| Action::file(facts, out.join(file.path), file.content)).collect()
}

/// Files that a person carries elsewhere, to be viewed and copied.
pub(super) fn out_documents(context: &PageContext, files: Vec<OutFile>) -> impl Iterator<Item = Content> {
    let out = context.facts().layout().out();
    files.into_iter().map(move |file| Content::Document {
        file: out.join(&file.path),
        name: file.path,
        content: file.content,
    })
}
