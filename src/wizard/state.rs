//! Where the wizard stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tui_input::Input;

use crate::form::{Answered, Answers, Body, Field, Kind, Page, PageContext, Row, Value, Wishes, file, message_key};
use crate::home::{Facts, RecordSet};
use crate::pages::{self, Changed, Live};
use crate::pki::KeyKind;
use crate::session::TaskId;
use crate::text::{Message, Text, say};

use super::focus_target::FocusTarget;
use super::message::Msg;
use super::outside::Outside;
use super::overlay::{Command, Overlay};
use super::run::{Run, reaches_server};
use super::sight::Sight;
use super::worked_out::WorkedOut;

/// The whole state. What is drawn follows from it.
pub struct Wizard {
    /// The language.
    pub text: Arc<Text>,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// The page being shown.
    pub page: &'static Page,
    /// The row being edited, on a page with rows.
    pub row: Option<usize>,
    /// The place with the focus.
    pub focus: FocusTarget,
    /// What is being typed where the focus is.
    pub input: Input,
    /// Only rows that hold this text are shown.
    pub filter: String,
    /// Answers whose place was left, so that their problems are shown.
    pub touched: BTreeSet<String>,
    /// Pages that were shown.
    pub visited: BTreeSet<&'static str>,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// First line shown of what does not fit.
    pub scroll: usize,
    /// First line shown where the wheel moved the page, with the focus in sight or not; until the next key.
    pub wheel: Option<usize>,
    /// What of the page can be seen; everything, where nobody draws.
    pub sight: Option<Sight>,
    /// The page whose end was in sight since it is shown.
    pub(super) read: Option<&'static str>,
    /// The row as it was before it was opened; none of a new one.
    pub(super) row_before: Option<Row>,
    /// The runs of the execution pages, by page.
    pub runs: BTreeMap<&'static str, Run>,
    /// What is said once, until the next key.
    pub notice: Option<Message>,
    /// What a path may be completed to.
    pub completions: Vec<String>,
    /// Domains as other servers see them, where a person looked.
    pub outside: Option<Outside>,
    /// What was done and said, for the log.
    pub log: Vec<String>,
    /// Whether to leave as soon as the run is over.
    pub leaving: bool,
    /// The fields whose proposed answer a person saw.
    pub(super) seen_proposed: BTreeSet<&'static str>,
    /// What was typed to find an item of the menu.
    pub(super) typed_ahead: String,
    /// What follows the run that goes on.
    pub(super) follow: Option<Command>,
    /// What is to be said first, where saved answers are gone on with.
    pub(super) greeting: Option<Vec<Message>>,
    /// The kind of key that is made ahead.
    pub(super) key_ahead: Option<KeyKind>,
    /// What name servers were asked for since the page was come to.
    pub(super) asked_for: (Vec<RecordSet>, Vec<String>),
    /// The summary that this page was jumped to from; going on goes back to it.
    pub(super) came_from: Option<&'static Page>,
    /// The page whose errors were shown once; going on is then allowed.
    pub(super) insisted: Option<&'static str>,
    /// The task that was started last.
    pub(super) last_task: TaskId,
    /// The tasks under way that a person may have to wait for, with what is said then.
    pub(super) tasks: BTreeMap<TaskId, Message>,
    /// The task that is said to be slow.
    pub(super) slow: Option<TaskId>,
    /// The look that going on waits for, since it looks at the path that was typed last.
    pub(super) awaited: Option<TaskId>,
    /// The page to go on from as soon as it is, and what was pressed meanwhile.
    pub(super) going_on: Option<(&'static str, Vec<Msg>)>,
    /// SHA-256 of the answers as last saved; empty before.
    pub(super) saved: String,
    /// Whether anything changed since they were.
    pub(super) unsaved: bool,
    /// The answered form with what it means; what it is read from changes through [`Wizard::change`] and its like only.
    reading: Live,
    /// What was worked out for the page.
    pub(super) worked_out: WorkedOut,
}

impl Wizard {
    /// A wizard before it begins.
    pub(super) fn at_rest(text: Arc<Text>, answers: Answers, facts: Facts, dry_run: bool) -> Self {
        let reading = Live::new(answers, facts, Arc::clone(&text));
        Wizard {
            page: pages::PAGES[0],
            row: None,
            focus: FocusTarget::Next,
            input: Input::default(),
            filter: String::new(),
            touched: BTreeSet::new(),
            visited: BTreeSet::new(),
            overlay: None,
            scroll: 0,
            wheel: None,
            sight: None,
            read: None,
            row_before: None,
            runs: BTreeMap::new(),
            notice: None,
            completions: Vec::new(),
            outside: None,
            log: Vec::new(),
            leaving: false,
            seen_proposed: BTreeSet::new(),
            typed_ahead: String::new(),
            follow: None,
            greeting: None,
            key_ahead: None,
            asked_for: Default::default(),
            came_from: None,
            insisted: None,
            last_task: TaskId::default(),
            tasks: BTreeMap::new(),
            slow: None,
            awaited: None,
            going_on: None,
            saved: String::new(),
            unsaved: false,
            worked_out: WorkedOut::default(),
            text,
            dry_run,
            reading,
        }
    }

    /// What was said, what is there, and what that means.
    #[must_use]
    pub fn reading(&self) -> &Live {
        &self.reading
    }

    /// The answered form.
    #[must_use]
    pub fn answered(&self) -> Answered<'_> {
        self.reading.answered()
    }

    /// Calls `look` with everything a page may look at.
    pub fn with_context<T>(&self, look: impl FnOnce(&PageContext) -> T) -> T {
        look(&PageContext {
            pages: pages::PAGES,
            answered: &self.answered(),
            deployment: &self.reading.deployment,
            text: &self.text,
        })
    }

    /// Changes the answers, no more of them than `changed` says; what they mean follows, and what is wrong then stops a
    /// person once more.
    pub(super) fn change<T>(&mut self, changed: Changed, change: impl FnOnce(&mut Answers) -> T) -> T {
        self.insisted = None;
        let told = self.reading.change(changed, change);
        self.unsaved = true;
        self.forget();
        told
    }

    /// Takes in what a look found.
    pub(super) fn look_is_in(&mut self, facts: Facts) {
        self.reading.look_is_in(facts);
        self.forget();
    }

    /// Changes what is wanted of this run.
    pub(super) fn wish(&mut self, wish: impl FnOnce(&mut Wishes)) {
        self.reading.wish(wish);
        self.unsaved = true;
        self.forget();
    }

    /// What was worked out before a change holds no longer.
    fn forget(&mut self) {
        self.worked_out = WorkedOut::default();
    }

    /// Sets the answer at `path`, and what follows it as long as it is as it was proposed.
    pub(super) fn set(&mut self, path: &str, value: Value) {
        let Some((page, field)) = pages::form().field(path) else { return };
        let following: Vec<&Field> = page.fields.iter().filter(|field| self.is_as_proposed(field)).collect();
        self.change(Changed::Answer(path), |answers| answers.set(field.path, path, value));
        for follower in following.into_iter().filter(|follower| follower.path != field.path) {
            if let Some(proposed) = (follower.proposed)(&self.answered()) {
                self.change(Changed::Answer(follower.path), |answers| {
                    answers.set(follower.path, follower.path, proposed.value);
                });
            }
        }
    }

    /// Whether the answer is what is proposed for it.
    pub(super) fn is_as_proposed(&self, field: &Field) -> bool {
        let Some(proposed) = (field.proposed)(&self.answered()) else { return false };
        let said = self.reading().answers().get(field.path);
        said.map_or(proposed.value.is_nothing(), |said| *said == proposed.value)
    }

    /// The pages being shown, in order.
    #[must_use]
    pub fn pages(&self) -> Vec<&'static Page> {
        pages::form().shown(&self.answered())
    }

    /// The field of the page that has rows, if there is one.
    #[must_use]
    pub fn rows_field(&self) -> Option<&'static Field> {
        self.page.fields.iter().find(|field| matches!(field.kind, Kind::Rows(_)))
    }

    /// Whether the rows of the page are partners, which have presets and can be looked at from outside.
    #[must_use]
    pub fn has_partners(&self) -> bool {
        self.page.presets.is_some()
    }

    /// What a row of the page is called where it is added (`add`), saved (`save`) or opened (`menu`).
    #[must_use]
    pub fn row_word(&self, deed: &str) -> Message {
        let rows = self.rows_field().map_or_else(String::new, |field| message_key(field.path));
        say(format!("{rows}.{deed}"))
    }

    /// The items of the list at `path`.
    pub(super) fn items(&self, path: &str) -> Vec<String> {
        pages::form().value(&self.answered(), path).map(|listed| listed.items().to_vec()).unwrap_or_default()
    }

    /// What the focused field takes.
    #[must_use]
    pub fn kind_at_focus(&self) -> Option<Kind> {
        let (_, field) = pages::form().field(self.focus.path()?)?;
        Some(field.kind)
    }

    /// Whether a path is typed at the focus that names of this machine can complete.
    pub(super) fn completes(&self) -> bool {
        let field = self.focus.path().and_then(|path| pages::form().field(path)).map(|(_, field)| field);
        field.is_some_and(|field| matches!(field.kind, Kind::File) && !(field.elsewhere_if)(&self.answered()))
    }

    /// The run of the page being shown.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        self.runs.get(self.page.id)
    }

    /// Whether a run goes on now.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.runs.values().any(|run| run.end.is_none())
    }

    /// Whether the page was read to its end, as a summary has to be before anything of it is done.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.page.body != Body::Summary || self.read == Some(self.page.id) || self.sight.is_none()
    }

    /// Whether a press of the focused button carries out what the page lists, or leaves the last page.
    pub(super) fn carries_out(&self) -> bool {
        let is_last = self.pages().last() == Some(&self.page);
        let is_deed = self.page.body == Body::Summary && self.is_read() || is_last;
        is_deed && self.focus == FocusTarget::Next && self.overlay.is_none()
    }

    /// What going on is called here.
    #[must_use]
    pub fn next_label(&self) -> Message {
        match (self.row, self.page.id) {
            (Some(_), _) => self.row_word("save"),
            (None, _) if self.came_from.is_some() => say("next-back-to-summary"),
            (None, _) if !self.is_read() => say("next-more"),
            (None, "request-summary") => say("next-request-summary"),
            (None, "certificate-summary") => say("next-certificate-summary"),
            (None, "settings-summary") if reaches_server(&self.stage_plan()) => say("next-settings-to-server"),
            (None, "settings-summary") => say("next-settings-summary"),
            (None, "done") => say("next-done"),
            (None, _) => say("next"),
        }
    }

    /// Whether something was answered that could not be saved.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        self.unsaved && !self.dry_run
    }

    /// The answers file as it would be saved.
    #[must_use]
    pub fn written(&self) -> String {
        file::write(pages::PAGES, &self.answered())
    }

    /// The answers as a file outside the home folder.
    #[must_use]
    pub fn written_elsewhere(&self) -> String {
        file::write_elsewhere(pages::PAGES, &self.answered())
    }

    /// Takes in what was drawn.
    pub(super) fn is_drawn(&mut self, sight: Sight) {
        // A window that is too small shows nothing.
        if sight.height > 0 && sight.first >= sight.last {
            self.read = Some(self.page.id);
        }
        self.sight = Some(sight);
    }

    /// What going back is called here; on the first page there is nothing to go back to.
    #[must_use]
    pub fn back_label(&self) -> Option<Message> {
        match self.row {
            Some(_) => Some(say("back-row")),
            None if self.pages().first() == Some(&self.page) || self.page.body == Body::Execute => None,
            None => Some(say("back")),
        }
    }

    /// Ends what the wheel did; the page stays as far as the focus lets it.
    pub(super) fn rest(&mut self) {
        self.scroll = self.wheel.take().unwrap_or(self.scroll);
    }
}
