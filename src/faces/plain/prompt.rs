//! What a page asks line by line, and the words that ask it.

use crate::faces::check::check_text;
use crate::faces::headless::{aligned, problems_text};
use crate::form::{Body, Content, Kind, Question, Value, message_key};
use crate::name::Name;
use crate::pages::changes;
use crate::plan::Action;
use crate::text::{Message, say, visible};
use crate::wizard::{self, FocusTarget, Line, Outside, Overlay, Standing, Wizard};

/// Rows of a table that are read out at once.
const ROWS_AT_ONCE: usize = 20;

/// Something that is asked about on a page.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Question(Box<Question>),
    Preset(usize),
    Rows,
    Go,
}

impl Place {
    /// Whether the answer at `path` is given here.
    pub(super) fn holds(&self, wizard: &Wizard, path: &str) -> bool {
        let outer = match self {
            Place::Question(question) => Some(question.path.as_str()),
            Place::Rows => wizard.rows_field().map(|field| field.path),
            Place::Preset(_) | Place::Go => None,
        };
        outer.and_then(|outer| path.strip_prefix(outer)).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// The places of the page, in order; the last one goes on.
pub(super) fn places(wizard: &Wizard) -> Vec<Place> {
    let answered = wizard.answered();
    let mut places = Vec::new();
    if let (Some(row), Some(field)) = (wizard.row, wizard.rows_field()) {
        if wizard.page.presets.is_some() {
            places.push(Place::Preset(row));
        }
        let questions = wizard.page.questions_of_row(&answered, field, row);
        places.extend(questions.into_iter().map(|question| Place::Question(Box::new(question))));
    } else {
        for field in wizard.page.fields.iter().filter(|field| (field.asked_if)(&answered)) {
            places.push(if matches!(field.kind, Kind::Rows(_)) {
                Place::Rows
            } else {
                Place::Question(Box::new(wizard.page.question(&answered, field, field.path.to_owned())))
            });
        }
    }
    places.push(Place::Go);
    places
}

pub(super) fn heading(wizard: &Wizard) -> String {
    let said = |message: &Message| wizard.text.say(message);
    let pages = wizard.pages();
    let step = pages.iter().position(|page| *page == wizard.page).map_or(0, |at| at + 1);
    let mut title = said(&say(format!("page-{}", wizard.page.id)));
    if let Some(row) = wizard.row {
        let name = wizard.with_context(|context| (wizard.page.row_cells)(context, Some(row)).into_iter().next());
        title += &name.filter(|name| !name.is_empty()).map_or_else(String::new, |name| format!(": {name}"));
    }
    let step = say("plain-step").with("title", title).with("step", step).with("all", pages.len());
    let mut heading = format!("\n{}\n", said(&step));
    match wizard.page.body {
        Body::Document => heading += &blocks_text(wizard, &wizard.blocks()),
        Body::Summary => heading += &review(wizard),
        Body::Fields | Body::Execute => {}
    }
    heading
}

/// What a page of questions explains, before they are asked.
pub(super) fn explanation(wizard: &Wizard) -> String {
    blocks_of_questions(wizard, |block| !matches!(block, Content::Table(_)))
}

/// What a page of questions comes to, after they are answered.
pub(super) fn outcome(wizard: &Wizard) -> String {
    blocks_of_questions(wizard, |block| matches!(block, Content::Table(_)))
}

fn blocks_of_questions(wizard: &Wizard, is_wanted: fn(&Content) -> bool) -> String {
    if wizard.row.is_some() || wizard.page.body != Body::Fields {
        return String::new();
    }
    let blocks: Vec<Content> = wizard.blocks().iter().filter(|block| is_wanted(block)).cloned().collect();
    blocks_text(wizard, &blocks)
}

/// Asks for a wrong item of a list again.
pub(super) fn ask_item(wizard: &Wizard, question: &Question, index: usize) -> String {
    let value = question.value.items().get(index).map(|item| visible(item).into_owned()).unwrap_or_default();
    let again = say("plain-item").with("value", value).with("number", (index + 1).to_string());
    wizard.text.say(&again) + " "
}

pub(super) fn ask(wizard: &Wizard, place: &Place) -> String {
    let said = |message: &Message| wizard.text.say(message);
    match place {
        Place::Question(question) => ask_question(wizard, question),
        Place::Preset(row) => said(&say("plain-preset").with("preset", wizard.preset(*row))) + " ",
        Place::Rows => {
            let shown = wizard.shown_rows();
            let mut rows: Vec<Vec<String>> = Vec::new();
            for row in shown.iter().take(ROWS_AT_ONCE) {
                rows.push(std::iter::once(format!("{}.", row + 1)).chain(wizard.row_cells(Some(*row))).collect());
            }
            let more = shown.len().saturating_sub(ROWS_AT_ONCE);
            let mut text = aligned(&rows, "");
            if more > 0 {
                text += &format!("{}\n", said(&say("plain-more").with("count", more)));
            }
            text + &said(&say("plain-rows")) + " "
        }
        Place::Go => {
            let mut text = String::new();
            if wizard.row.is_some() {
                text += &blocks_text(wizard, &wizard.blocks());
            }
            if let Some(run) = wizard.run() {
                text += &run_text(wizard, run);
            }
            let is_numbered = wizard.page.body == Body::Summary || wizard.document(0).is_some();
            let go = if is_numbered { say("plain-go-or-number") } else { say("plain-go") };
            text + &said(&go.with("label", wizard.next_label())) + " "
        }
    }
}

fn ask_question(wizard: &Wizard, question: &Question) -> String {
    let said = |message: &Message| wizard.text.say(message);
    let label = said(&say(message_key(&question.path)));
    match question.field.kind {
        Kind::Choice(options, _) => {
            let mut text = format!("{label}\n");
            let mut now = String::new();
            for (index, option) in options.iter().enumerate() {
                let word = said(&say(format!("{}.{option}", message_key(&question.path))));
                text += &format!("  {}. {word}\n", index + 1);
                if let Some(code) = (question.field.disabled)(&wizard.answered(), option) {
                    text += &format!("     {}\n", said(&say(format!("problem-{}", code.name()))));
                }
                if *option == question.value.shown() {
                    now = format!(" [{}]", index + 1);
                }
            }
            text + &said(&say("plain-number")) + &now + ": "
        }
        Kind::Toggle => {
            let now = if question.value == Value::Flag(true) { say("yes") } else { say("no") };
            format!("{label} ({}/{}) [{}]: ", said(&say("yes")), said(&say("no")), said(&now))
        }
        Kind::List(_) => {
            let items = question.value.items();
            let mut text = format!("{label}\n");
            for (index, item) in items.iter().enumerate() {
                text += &format!("  {}. {}\n", index + 1, visible(item));
            }
            text + &said(&say("plain-list")) + " "
        }
        Kind::MultiSelect(source) => {
            let ticked: Vec<Name> = question.value.items().iter().map(|name| Name::new(name)).collect();
            let mut text = format!("{label}\n");
            for (index, option) in source(&wizard.answered()).iter().enumerate() {
                let sign = if ticked.contains(&Name::new(option)) { "[x]" } else { "[ ]" };
                text += &format!("  {}. {sign} {}\n", index + 1, visible(option));
            }
            text + &said(&say("plain-ticks")) + " "
        }
        _ => {
            let value = wizard.reading().answers().get(&question.path).unwrap_or(&question.value).shown();
            format!("{label} [{}]: ", visible(&value))
        }
    }
}

pub(super) fn jumps(wizard: &Wizard) -> Vec<FocusTarget> {
    if wizard.page.body != Body::Summary {
        return Vec::new();
    }
    wizard.review().iter().enumerate().filter_map(|(index, line)| line.slot(index)).collect()
}

/// The review as lines. On a summary those with a number are one line away; a number means something else elsewhere.
pub(super) fn review(wizard: &Wizard) -> String {
    let said = |message: &Message| wizard.text.say(message);
    let mut text = String::new();
    let mut number = 0;
    for (index, line) in wizard.review().iter().enumerate() {
        let label = match line.slot(index) {
            Some(_) if wizard.page.body == Body::Summary => {
                number += 1;
                format!("{number}. ")
            }
            _ => String::new(),
        };
        match line {
            Line::Heading(message) => text += &format!("\n{}\n", said(message)),
            Line::Content(content) => text += &blocks_text(wizard, std::slice::from_ref(content)),
            Line::Problem(problem) => {
                text += &format!("{label}{}", problems_text(std::slice::from_ref(problem), &wizard.text));
            }
            Line::Answer { label: name, value, .. } => text += &format!("{label}{}: {value}\n", said(name)),
            Line::Action(action) => {
                text += &action_text(wizard, action);
                for change in changes(action, &wizard.text).lines() {
                    text += &format!("    {}\n", visible(change));
                }
            }
        }
    }
    text
}

fn run_text(wizard: &Wizard, run: &wizard::Run) -> String {
    let said = |message: &Message| wizard.text.say(message);
    let mut text = String::new();
    for action in run.plan.actions.iter().take(run.done) {
        text += &action_text(wizard, action);
    }
    if run.end.is_none() {
        text += &format!("{}\n", said(&say("notice-running")));
    }
    wizard.outcome(run).iter().fold(text, |text, outcome| text + &said(outcome) + "\n")
}

fn action_text(wizard: &Wizard, action: &Action) -> String {
    let place = action.made().map(|place| format!(": {}", visible(&place.to_string_lossy())));
    format!("{}{}\n", wizard.text.say(&action.summary()), place.unwrap_or_default())
}

fn blocks_text(wizard: &Wizard, blocks: &[Content]) -> String {
    let said = |message: &Message| wizard.text.say(message);
    let mut documents = 0;
    let mut text = String::new();
    for block in blocks {
        match block {
            Content::Heading(message) => text += &format!("\n{}\n", said(message)),
            // Words that also stand in a file bring that file's line ends along.
            Content::Paragraph(_, message) => text += &format!("{}\n", said(message).replace('\n', " ")),
            Content::Steps(steps) => {
                for (index, step) in steps.iter().enumerate() {
                    text += &format!("{}. {}\n", index + 1, said(step));
                }
            }
            Content::Table(rows) => text += &aligned(rows, ""),
            Content::Document { name, .. } => {
                documents += 1;
                text += &format!("{documents}. {}\n", said(&say("screen-view").with("name", name.as_str())));
            }
        }
    }
    text
}

/// The domains as other servers see them, the most urgent first; of those that are fine no more than are read at once.
fn outside_text(wizard: &Wizard, outside: &Outside) -> String {
    let said = |message: &Message| wizard.text.say(message);
    let places = outside.places();
    let is_read = |(at, place): &(usize, &usize)| *at < ROWS_AT_ONCE || outside.standing(**place) < Standing::Waiting;
    let read = places.iter().enumerate().take_while(is_read);
    let rows: Vec<Vec<String>> = read
        .map(|(at, place)| {
            vec![
                format!("{}.", at + 1),
                visible(&outside.names()[*place].both()).into_owned(),
                said(&outside.sentence(*place)),
            ]
        })
        .collect();
    let more = places.len() - rows.len();
    let more = (more > 0).then(|| said(&say("outside-plain-more").with("count", more)) + "\n");
    let head = format!("{}\n{}\n{}\n", said(&say("outside")), said(&outside.progress()), said(&say("outside-from")));
    head + &aligned(&rows, "") + &more.unwrap_or_default()
}

pub(super) fn overlay_prompt(wizard: &Wizard, overlay: &Overlay) -> String {
    let said = |message: &Message| wizard.text.say(message);
    match overlay {
        Overlay::Menu { title, about, items, selected, .. } => {
            let mut text = format!("{}\n", said(title));
            for message in about {
                text += &format!("{}\n", said(message));
            }
            for (index, item) in items.iter().enumerate() {
                text += &format!("  {}. {}\n", index + 1, said(&item.label));
            }
            text + &format!("{} [{}]: ", said(&say("plain-number")), selected + 1)
        }
        Overlay::Confirm { question, .. } => {
            let [yes, no] = ["yes", "no"].map(|word| said(&say(word)));
            format!("{} ({yes}/{no}) [{no}]: ", said(question))
        }
        Overlay::Outside { .. } => {
            let listed = wizard.outside.as_ref().map(|outside| outside_text(wizard, outside));
            listed.unwrap_or_default() + &said(&say("outside-plain-list")) + " "
        }
        Overlay::Path { place, .. } => {
            let is_partner = wizard.partner_outside(*place).is_some();
            let prompt = if is_partner { say("outside-plain-partner") } else { say("plain-close") };
            let check = wizard.outside.as_ref().and_then(|outside| outside.check(*place));
            check.map(|check| check_text(check, &wizard.text)).unwrap_or_default() + &said(&prompt) + " "
        }
        Overlay::View { content, .. } => format!("{content}\n{} ", said(&say("plain-close"))),
        Overlay::Password { .. } => format!("{}\n{} ", said(&say("pfx-plain")), said(&say("plain-close"))),
        Overlay::Help { .. } | Overlay::LeadsTo { .. } => said(&say("plain-close")) + " ",
    }
}
