//! What a summary page lists: problems, what the page shows, the plan with its diffs, answers with a way back to each.

use std::rc::Rc;

use crate::form::{Answered, Content, Kind, Question, Value, message_key};
use crate::pages;
use crate::plan::Change;
use crate::text::{Message, say, visible};

use super::line::Line;
use super::state::Wizard;

impl Wizard {
    /// The lines of a summary page.
    #[must_use]
    pub fn review(&self) -> Rc<[Line]> {
        self.worked_out.review.get(self.page.id, || lines(self).into())
    }
}

/// The lines of the summary page that `wizard` stands on.
fn lines(wizard: &Wizard) -> Vec<Line> {
    let mut lines = Vec::new();
    let problems = wizard.problems_to_here();
    if !problems.is_empty() {
        lines.push(Line::Heading(say("review-problems")));
        lines.extend(problems.into_iter().map(Line::Problem));
    }
    lines.extend(wizard.blocks().iter().cloned().map(Line::Content));
    lines.push(Line::Heading(say("review-plan")));
    // What stays as it is, and what is kept for an undo, is nothing to decide about.
    let layout = wizard.reading().facts().layout();
    let plan = wizard.stage_plan();
    let done = plan.actions.iter().filter(|action| action.kind != Change::Keep && !layout.is_before(&action.target));
    let before = lines.len();
    // What a server in service is told is read first, though it is done last.
    let (told, other): (Vec<_>, Vec<_>) = done.cloned().partition(|action| action.stage.is_some());
    lines.extend(told.into_iter().chain(other).map(Line::Action));
    if lines.len() == before {
        lines.push(Line::Content(Content::plain(say("report-nothing"))));
    }
    let answered = wizard.answered();
    for page in pages::stage(&answered, wizard.page) {
        let questions: Vec<Line> = page
            .fields
            .iter()
            .filter(|field| (field.asked_if)(&answered))
            .flat_map(|field| answer_lines(wizard, &answered, &page.question(&answered, field, field.path.to_owned())))
            .collect();
        if !questions.is_empty() {
            lines.push(Line::Heading(say(format!("page-{}", page.id))));
            lines.extend(questions);
        }
    }
    lines
}

fn answer_lines(wizard: &Wizard, answered: &Answered, question: &Question) -> Vec<Line> {
    if let Kind::Rows(fields) = question.field.kind {
        let line = |row| {
            let (label, value) = wizard.with_context(|context| (question.page.review_row)(context, row));
            let path = format!("{}.{row}.{}", question.path, fields[0].path);
            Line::Answer { path, label, value: wizard.text.say(&value), given: true }
        };
        return (0..answered.answers.rows(&question.path).len()).map(line).collect();
    }
    let label = say(message_key(&question.path));
    let value = shown(wizard, answered, question);
    vec![Line::Answer { path: question.path.clone(), label, value, given: question.given }]
}

/// An answer in words; of a file whose place is known unless it is said, the place.
#[must_use]
fn shown(wizard: &Wizard, answered: &Answered, question: &Question) -> String {
    let said = |message: &Message| wizard.text.say(message);
    // What was typed is shown as it was typed, fitting or not.
    let value = answered.answers.get(&question.path).unwrap_or(&question.value);
    match (question.field.kind, value) {
        (Kind::Choice(options, _), Value::Text(option)) if options.contains(&option.as_str()) => {
            said(&say(format!("{}.{option}", message_key(&question.path))))
        }
        (_, Value::Flag(true)) => said(&say("yes")),
        (_, Value::Flag(false)) => said(&say("no")),
        (_, value) if value.shown().is_empty() => {
            let main = wizard.reading().deployment.install.as_ref().filter(|_| question.path == pages::MAIN.path());
            main.map_or_else(|| said(&say("nothing")), |main| visible(&main.to_string_lossy()).into_owned())
        }
        (_, value) => visible(&value.shown()).into_owned(),
    }
}
