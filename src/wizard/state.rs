//! Where the wizard stands.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use crate::edge::KeyMaker;
use crate::form::{self, AnsweredForm, Answers, Body, Content, Field, Kind, Page, PageContext, Value, Wishes, file};
use crate::home::Facts;
use crate::pages::{self, Changed, Live};
use crate::pki::KeyKind;
use crate::plan::{Change, Plan};
use crate::problem::{Problem, Severity};
use crate::session::TaskId;
use crate::text::{Message, Text, say};

use super::focus_target::{self, FocusTarget};
use super::overview::overview;
use super::run::Run;
use super::worked_out::{WorkedOut, searched};
use super::{Line, Msg, Overlay, review};

/// The whole state. What is drawn follows from it; what it answers to a message is in [`super::update`].
pub struct Wizard {
    /// The language.
    pub text: Arc<Text>,
    /// What was said.
    pub answers: Answers,
    /// What is there, as far as anybody looked.
    pub facts: Arc<Facts>,
    /// What is wanted of this run besides.
    pub wishes: Arc<Wishes>,
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
    /// The runs of the execution pages, by page.
    pub runs: BTreeMap<&'static str, Run>,
    /// What is said once, until the next key.
    pub notice: Option<Message>,
    /// What a path may be completed to.
    pub completions: Vec<String>,
    /// What was done and said, for the log.
    pub log: Vec<String>,
    /// The answered form, read through all pages.
    pub reading: Live,
    /// Whether to leave as soon as the run is over.
    pub leaving: bool,
    /// What is to be said first, where saved answers are gone on with.
    pub(super) greeting: Option<Vec<Message>>,
    /// The kind of key that is made ahead.
    pub(super) key_ahead: Option<KeyKind>,
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
    /// What was worked out last for the places that are.
    places: BTreeMap<&'static str, Value>,
    /// SHA-256 of the answers as last saved; empty before.
    pub(super) saved: String,
    /// Whether anything changed since they were.
    pub(super) unsaved: bool,
    /// What was worked out for the page.
    worked_out: WorkedOut,
}

impl Wizard {
    /// A wizard that begins with `answers`.
    #[must_use]
    pub fn new(text: Arc<Text>, answers: Answers, facts: Facts, dry_run: bool) -> Self {
        Wizard::begun(text, answers, facts, dry_run, None)
    }

    /// A wizard that goes on with saved answers: it says where things stand, and this before.
    #[must_use]
    pub fn resumed(text: Arc<Text>, answers: Answers, facts: Facts, dry_run: bool, said: Vec<Message>) -> Self {
        Wizard::begun(text, answers, facts, dry_run, Some(said))
    }

    fn begun(text: Arc<Text>, answers: Answers, facts: Facts, dry_run: bool, greeting: Option<Vec<Message>>) -> Self {
        let facts = Arc::new(facts);
        let reading = Live::new(&answers, &facts, Arc::clone(&text));
        let mut wizard = Wizard {
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
            runs: BTreeMap::new(),
            notice: None,
            completions: Vec::new(),
            log: Vec::new(),
            leaving: false,
            greeting,
            key_ahead: None,
            came_from: None,
            insisted: None,
            last_task: TaskId::default(),
            tasks: BTreeMap::new(),
            slow: None,
            awaited: None,
            going_on: None,
            places: BTreeMap::new(),
            saved: String::new(),
            unsaved: false,
            worked_out: WorkedOut::default(),
            text,
            answers,
            facts,
            wishes: Arc::default(),
            dry_run,
            reading,
        };
        wizard.begin();
        wizard
    }

    /// Goes to where a person goes on, as far as it is known what is there.
    pub(super) fn begin(&mut self) {
        self.page = self.first_page();
        let passed = self.pages().into_iter().take_while(|page| *page != self.page).map(|page| page.id);
        self.visited = passed.chain([self.page.id]).collect();
        self.overlay = self.greeting.clone().map(|greeting| overview(self, greeting));
        // Below the first picture of a hub nothing can be seen yet.
        if self.overlay.is_none() || self.facts.knows_targets() {
            self.focus_first();
        }
    }

    /// Where to go on: the last page that has an answer, but not behind the first that has an error, nor behind the
    /// summary of a request that is not made yet; with the request made, behind that.
    fn first_page(&self) -> &'static Page {
        let pages = self.pages();
        let at =
            |path: &str| self.answered().form.field(path).and_then(|(page, _)| pages.iter().position(|p| *p == page));
        let answered = self.answers.iter().filter_map(|(path, _)| at(path)).max();
        let Some(answered) = answered else { return pages[0] };
        let broken = pages.iter().position(|page| self.reading.worst_of(page) == Some(Severity::Error));
        let first = |body: Body| pages.iter().position(|page| page.body == body);
        let reached = match (first(Body::Summary), first(Body::Execute)) {
            (_, Some(made)) if self.is_request_made() => answered.max(made + 1),
            (Some(summary), _) => answered.min(summary),
            _ => answered,
        };
        pages[broken.map_or(reached, |broken| broken.min(reached))]
    }

    /// Whether the request that is asked lies on the disk, or the script that asks Windows for it.
    pub(super) fn is_request_made(&self) -> bool {
        let deployment = &self.reading.deployment;
        if deployment.request.key_by == KeyMaker::Edgewright {
            return pages::kept(deployment, &self.facts).is_some();
        }
        let is_execution = |page: &&&'static Page| page.body == Body::Execute;
        let Some(execution) = self.pages().iter().find(is_execution).copied() else { return false };
        let stage = pages::stage(&self.answered(), execution);
        self.with_context(|context| {
            let mut actions = stage.iter().flat_map(|page| (page.actions)(context)).peekable();
            actions.peek().is_some() && actions.all(|action| action.kind == Change::Keep)
        })
    }

    /// The kind of key that the next run will make, once the page that asks for it was left. A dry run needs none ahead.
    pub(super) fn key_to_make(&self) -> Option<KeyKind> {
        let (asked_on, _) = pages::form().field(pages::KEY.path())?;
        let pages = self.pages();
        let mut behind = pages.iter().skip_while(|page| **page != asked_on).skip(1);
        let is_settled = behind.any(|page| self.visited.contains(page.id));
        if self.dry_run || !is_settled { None } else { pages::key_to_make(&self.reading.deployment, &self.facts) }
    }

    /// The answered form.
    #[must_use]
    pub fn answered(&self) -> AnsweredForm<'_> {
        AnsweredForm { wishes: &self.wishes, ..AnsweredForm::new(pages::form(), &self.answers, &self.facts) }
    }

    /// Calls `look` with everything a page may look at.
    pub fn with_context<T>(&self, look: impl FnOnce(&PageContext) -> T) -> T {
        look(&PageContext { answered: &self.answered(), deployment: &self.reading.deployment, text: &self.text })
    }

    /// The pages being shown, in order.
    #[must_use]
    pub fn pages(&self) -> Vec<&'static Page> {
        self.answered().pages()
    }

    /// What stands on the page, or what its answers lead to.
    #[must_use]
    pub fn blocks(&self) -> Rc<[Content]> {
        self.worked_out.blocks.get((self.page.id, self.row), || {
            self.with_context(|context| match self.row {
                Some(row) => (self.page.show_row)(context, row).into(),
                None => (self.page.show)(context).into(),
            })
        })
    }

    /// The document of the page with this index: name, file, content.
    #[must_use]
    pub fn document(&self, index: usize) -> Option<(String, PathBuf, String)> {
        let blocks = self.blocks();
        let mut documents = blocks.iter().filter_map(|block| match block {
            Content::Document { name, file, content } => Some((name, file, content)),
            _ => None,
        });
        documents.nth(index).map(|(name, file, content)| (name.clone(), file.clone(), content.clone()))
    }

    /// The field of the page that has rows, if there is one.
    #[must_use]
    pub fn rows_field(&self) -> Option<&'static crate::form::Field> {
        self.page.fields.iter().find(|field| matches!(field.kind, Kind::Rows(_)))
    }

    /// What the preset is called that a row is set to.
    #[must_use]
    pub fn preset(&self, row: usize) -> Message {
        let now = self.page.presets.as_ref().and_then(|presets| {
            let now = self.with_context(|context| (presets.now)(context, row))?;
            presets.names.get(now)
        });
        say(format!("preset-{}", now.unwrap_or(&"none")))
    }

    /// The rows that the filter lets through.
    #[must_use]
    pub fn shown_rows(&self) -> Rc<[usize]> {
        let rows = self.rows_field().map_or(&[][..], |field| self.answers.rows(field.path));
        // A single row needs no filter, and has none that could be taken back.
        let wanted = if rows.len() > 1 { self.filter.to_lowercase() } else { String::new() };
        self.worked_out.shown.get((self.page.id, wanted.clone()), || {
            if wanted.is_empty() {
                return (0..rows.len()).collect();
            }
            let searched = self.worked_out.searched.get(self.page.id, || rows.iter().map(searched).collect());
            let shown = searched.iter().enumerate().filter(|(_, said)| said.contains(&wanted));
            shown.map(|(index, _)| index).collect()
        })
    }

    /// How wide the columns of the rows are that the filter lets through, headings included.
    #[must_use]
    pub fn column_widths(&self) -> Vec<usize> {
        let cells = |row| self.with_context(|context| (self.page.row_cells)(context, row));
        let mut widths: Vec<usize> = cells(None).iter().map(|cell| cell.width()).collect();
        let columns = widths.len();
        let rows = self.rows_field().map_or(0, |field| self.answers.rows(field.path).len());
        let of_rows = self.worked_out.cell_widths.get(self.page.id, || {
            (0..rows).flat_map(|row| cells(Some(row)).into_iter().map(|cell| cell.width())).collect()
        });
        for row in self.shown_rows().iter() {
            for (width, cell) in widths.iter_mut().zip(&of_rows[row * columns..]) {
                *width = (*cell).max(*width);
            }
        }
        widths
    }

    /// The rows whose problems may show.
    #[must_use]
    pub fn touched_rows(&self) -> BTreeSet<usize> {
        let Some(field) = self.rows_field() else { return BTreeSet::new() };
        let inside = format!("{}.", field.path);
        let paths = self.touched.range(inside.clone()..).map_while(|path| path.strip_prefix(&inside));
        paths.filter_map(|path| path.split('.').next()?.parse().ok()).collect()
    }

    /// The places of the page that can have the focus, top to bottom.
    #[must_use]
    pub fn slots(&self) -> Vec<FocusTarget> {
        let answered = self.answered();
        let mut slots = match (self.page.body, self.row, self.rows_field()) {
            (Body::Summary, ..) => {
                self.review().iter().enumerate().filter_map(|(index, line)| line.slot(index)).collect()
            }
            (Body::Execute, ..) => vec![FocusTarget::Log],
            (_, Some(row), Some(field)) => {
                let preset = self.page.presets.is_some().then_some(FocusTarget::Preset(row));
                let questions = answered.questions_of_row(self.page, field, row);
                let questions = questions.iter().flat_map(|question| focus_target::of_question(&answered, question));
                preset.into_iter().chain(questions).collect()
            }
            _ => focus_target::of_page(&answered, self.page, &self.blocks(), &self.shown_rows()),
        };
        slots.push(FocusTarget::Next);
        slots
    }

    /// The lines of a summary page.
    #[must_use]
    pub fn review(&self) -> Rc<[Line]> {
        self.worked_out.review.get(self.page.id, || review(self).into())
    }

    /// The problems shown now for the answer at `path`.
    #[must_use]
    pub fn problem_at(&self, path: &str) -> Option<Cow<'_, Problem>> {
        if !self.touched.contains(path) {
            return None;
        }
        let problems = self.reading.problems_at(path).filter(|problem| problem.path == path);
        problems.max_by_key(|problem| problem.severity)
    }

    /// The problems of the page at `page`, errors first.
    #[must_use]
    pub fn problems_of(&self, page: &'static Page) -> Vec<Problem> {
        let mut problems = self.reading.problems_of(page);
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        problems
    }

    /// The problems that a summary page lists: those of the pages up to it, and what stands in the way of its plan.
    #[must_use]
    pub fn problems_to_here(&self) -> Vec<Problem> {
        let pages = self.pages();
        let here = pages.iter().position(|page| *page == self.page).unwrap_or(pages.len());
        let in_the_way = self.stage_plan().problems(&self.facts).into_iter().filter(|problem| problem.path.is_empty());
        let on_pages = pages[..here].iter().flat_map(|page| self.reading.problems_of(page));
        let mut problems: Vec<Problem> = on_pages.chain(in_the_way).collect();
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        problems
    }

    /// What the next execution page will perform.
    #[must_use]
    pub fn stage_plan(&self) -> Rc<Plan> {
        self.worked_out.stage_plan.get(self.page.id, || {
            let stage = pages::stage(&self.answered(), self.page);
            Rc::new(self.with_context(|context| pages::plan(context, &stage)))
        })
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

    /// What going on is called here.
    #[must_use]
    pub fn next_label(&self) -> Message {
        match (self.row, self.page.id) {
            (Some(_), _) => say("next-row"),
            (None, _) if self.came_from.is_some() => say("next-back-to-summary"),
            (None, "request-summary") => say("next-request-summary"),
            (None, "certificate-summary") => say("next-certificate-summary"),
            (None, "settings-summary") => say("next-settings-summary"),
            (None, "done") => say("next-done"),
            (None, _) => say("next"),
        }
    }

    /// The answers file as it would be saved.
    #[must_use]
    pub fn written(&self) -> String {
        file::write(&self.answered())
    }

    /// The answers as a file outside the home folder.
    #[must_use]
    pub fn written_elsewhere(&self) -> String {
        file::write_elsewhere(&self.answered())
    }

    /// The answers, to be changed; [`Wizard::refresh`] has to follow.
    pub(super) fn answers_mut(&mut self) -> &mut Answers {
        self.reading.forget();
        &mut self.answers
    }

    /// Reads the form again after something changed.
    pub(super) fn refresh(&mut self, change: Changed) {
        self.follow_places();
        self.reading.follow(change, &self.answers, &self.facts, &self.wishes);
        self.worked_out = WorkedOut::default();
        self.unsaved = true;
    }

    /// Lets a place that stands as it was worked out, and was written down when its page was left, go on following what it
    /// is worked out from.
    fn follow_places(&mut self) {
        let is_place =
            |field: &&Field| matches!((field.kind, field.default), (Kind::File, form::DefaultValue::From(_)));
        for field in pages::form().pages.iter().flat_map(|page| page.fields).filter(is_place) {
            let now = self.answered().default(field);
            let before = self.places.insert(field.path, now.clone()).filter(|before| *before != now);
            if before.is_some() && self.answers.get(field.path) == before.as_ref() {
                self.answers_mut().set(field, field.path, now);
            }
        }
    }

    /// Ends what the wheel did; the page stays as far as the focus lets it.
    pub(super) fn rest(&mut self) {
        self.scroll = self.wheel.take().unwrap_or(self.scroll);
    }

    /// Puts the focus where a person starts on this page.
    pub(super) fn focus_first(&mut self) {
        let slots = self.slots();
        let starts_at_the_end = match self.page.body {
            Body::Summary => !self.problems_to_here().iter().any(|problem| problem.severity == Severity::Error),
            Body::Execute | Body::Document => true,
            Body::Fields => false,
        };
        let row = slots.iter().find(|slot| matches!(slot, FocusTarget::Row(_)));
        let chosen = slots.first().and_then(|slot| self.chosen_of(slot));
        let start = row.or(chosen.as_ref()).or(slots.first());
        let slot = if starts_at_the_end { slots.last() } else { start };
        self.focus = slot.cloned().unwrap_or(FocusTarget::Next);
        self.scroll = 0;
        self.load_input();
    }

    /// The chosen option of the choice that `slot` is an option of.
    fn chosen_of(&self, slot: &FocusTarget) -> Option<FocusTarget> {
        let FocusTarget::Option(path, _) = slot else { return None };
        let (_, field) = pages::form().field(path)?;
        let Kind::Choice(options, _) = field.kind else { return None };
        let chosen = self.answered().value(path)?.shown();
        let index = options.iter().position(|option| *option == chosen)?;
        Some(FocusTarget::Option(path.clone(), index))
    }

    /// The items of the list at `path`.
    pub(super) fn items(&self, path: &str) -> Vec<String> {
        self.answered().value(path).map(|listed| listed.items().to_vec()).unwrap_or_default()
    }

    /// Takes what is at the focus into the input.
    pub(super) fn load_input(&mut self) {
        let answered = self.answered();
        let text = match &self.focus {
            FocusTarget::Text(path) => answered
                .answers
                .get(path)
                .cloned()
                .or_else(|| answered.value(path))
                .map(|said| said.shown())
                .unwrap_or_default(),
            FocusTarget::Item(path, index) => self.items(path).get(*index).cloned().unwrap_or_default(),
            FocusTarget::Filter => self.filter.clone(),
            _ => String::new(),
        };
        self.input = Input::new(text);
        self.completions.clear();
    }
}
