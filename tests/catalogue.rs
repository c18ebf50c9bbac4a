//! Every word a person reads is in the catalogue, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use edgewright::check::{Part, RecordState};
use edgewright::edge::{NameReason, PartnerType, Preset, REASONS, Server};
use edgewright::form::{Field, Kind, message_key};
use edgewright::lifecycle::State;
use edgewright::plan::Change;
use edgewright::problem::{Code, Severity};
use edgewright::servers::{SCRIPT_SAYS, Verb};
use edgewright::text::{Text, say};
use edgewright::{cli, pages};
use fluent_syntax::ast::{Attribute, Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

/// Beginnings of keys that are put together, each with its family below or with words that stand in the source.
const FAMILIES: [&str; 18] = [
    "script-",
    "action-",
    "check-step-",
    "cli-",
    "field-",
    "name-reason-",
    "page-",
    "partner-type-",
    "partners-column-",
    "port-",
    "preset-",
    "problem-",
    "reason-",
    "record-state-",
    "severity-",
    "stage-",
    "status-state-",
    "step-",
];

/// A language: every key (`id` or `id.attribute`) with the names of its places.
type Catalogue = BTreeMap<String, BTreeSet<String>>;

fn locales() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locale");
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|is| is == extension) {
            found.push(path);
        }
    }
    found
}

/// Reads a language; `wrong` hears of what cannot be parsed and of keys that come twice.
fn read(language: &Path, wrong: &mut Vec<String>) -> Catalogue {
    let mut catalogue = Catalogue::new();
    for file in files(language, "ftl") {
        let source = fs::read_to_string(&file).unwrap();
        let resource = parser::parse(source.as_str()).unwrap_or_else(|(resource, errors)| {
            wrong.extend(errors.iter().map(|error| format!("{}: {error}", file.display())));
            resource
        });
        for entry in &resource.body {
            let (id, value, attributes) = match entry {
                Entry::Message(message) => (message.id.name.to_owned(), message.value.as_ref(), &message.attributes),
                Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
                Entry::Junk { content } => {
                    wrong.push(format!("{}: {content}", file.display()));
                    continue;
                }
                _ => continue,
            };
            let attribute =
                |attribute: &Attribute<&str>| (format!("{id}.{}", attribute.id.name), places(&attribute.value));
            let keys = attributes.iter().map(attribute).chain(value.map(|value| (id.clone(), places(value))));
            for (key, places) in keys.collect::<Vec<_>>() {
                if catalogue.insert(key.clone(), places).is_some() {
                    wrong.push(format!("{}: {key} comes twice", file.display()));
                }
            }
        }
    }
    catalogue
}

/// What a pattern refers to: places as `$name`, messages and terms by key.
fn places(pattern: &Pattern<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            visit(expression, &mut found);
        }
    }
    found
}

fn visit(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => visit_inline(inline, found),
        Expression::Select { selector, variants } => {
            visit_inline(selector, found);
            found.extend(variants.iter().flat_map(|variant| places(&variant.value)));
        }
    }
}

fn visit_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    let attribute = |attribute: &Option<fluent_syntax::ast::Identifier<&str>>| {
        attribute.as_ref().map_or(String::new(), |attribute| format!(".{}", attribute.name))
    };
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(format!("${}", id.name));
        }
        InlineExpression::MessageReference { id, attribute: part } => {
            found.insert(format!("{}{}", id.name, attribute(part)));
        }
        InlineExpression::TermReference { id, attribute: part, .. } => {
            found.insert(format!("-{}{}", id.name, attribute(part)));
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| visit_inline(argument, found));
        }
        InlineExpression::Placeable { expression } => visit(expression, found),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

/// A message is looked up when it is first needed, and read with no other than it refers to.
#[test]
fn every_message_is_found_by_itself() {
    for language in locales() {
        let text = Text::load(&language.file_name().unwrap().to_string_lossy());
        for key in read(&language, &mut Vec::new()).keys().filter(|key| !key.starts_with('-')) {
            assert!(text.find(&say(key.clone())).is_some(), "{}: {key} is not written as «key = »", language.display());
        }
    }
}

/// What a message or a term refers to that is nowhere; `fallback` is English, whose terms do for every language.
fn dangling(catalogue: &Catalogue, fallback: &Catalogue) -> Vec<String> {
    let is_there = |reference: &str| {
        catalogue.contains_key(reference) || reference.starts_with('-') && fallback.contains_key(reference)
    };
    let references = catalogue.iter().flat_map(|(key, places)| places.iter().map(move |place| (key, place)));
    let dangling = references.filter(|(_, place)| !place.starts_with('$') && !is_there(place));
    dangling.map(|(key, place)| format!("{key} refers to {place}")).collect()
}

#[test]
fn every_reference_leads_to_a_message_or_a_term() {
    let english = read(&english(), &mut Vec::new());
    for language in locales() {
        let wrong = dangling(&read(&language, &mut Vec::new()), &english);
        assert!(wrong.is_empty(), "{}: {wrong:#?}", language.display());
    }
    let catalogue = |entries: &[(&str, &str)]| -> Catalogue {
        entries.iter().map(|(key, place)| ((*key).to_owned(), [(*place).to_owned()].into())).collect()
    };
    let english = catalogue(&[("-product", "$case"), ("stop", "-product")]);
    let other = catalogue(&[("a", "-product"), ("b", "stop"), ("c", "-product.kind"), ("d", "a")]);
    assert_eq!(dangling(&english, &english), [""; 0]);
    assert_eq!(dangling(&other, &english), ["b refers to stop", "c refers to -product.kind"]);
}

/// `fluent_bundle` keeps messages and terms under one name.
#[test]
fn no_message_is_called_as_a_term_is() {
    let english = read(&english(), &mut Vec::new());
    for language in locales() {
        let catalogue = read(&language, &mut Vec::new());
        let terms = catalogue.keys().chain(english.keys()).filter_map(|key| key.strip_prefix('-'));
        let wrong: Vec<&str> = terms.filter(|term| catalogue.contains_key(*term)).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", language.display());
    }
}

fn english() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locale/en")
}

/// The code of `src` without comments and tests.
fn code() -> String {
    let sources = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "rs").into_iter().map(|file| {
        let text = fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    });
    sources.collect::<Vec<_>>().join("\n")
}

/// The simple texts that follow `start` in `code`, over line ends too.
fn texts_after<'a>(code: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    code.split(start).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

/// Every text in `code`.
fn texts(code: &str) -> BTreeSet<&str> {
    code.split('"').collect()
}

/// What the program may ask the catalogue for: the keys it has to have, and those it may have.
#[derive(Default)]
struct Wanted {
    needed: BTreeSet<String>,
    allowed: BTreeSet<String>,
}

impl Wanted {
    fn need(&mut self, key: impl Into<String>) {
        self.needed.insert(key.into());
    }

    fn need_all<'a>(&mut self, family: &str, names: impl IntoIterator<Item = &'a str>) {
        names.into_iter().for_each(|name| self.need(format!("{family}{name}")));
    }

    fn need_with_help(&mut self, key: &str) {
        self.need(key);
        self.need(format!("{key}.help"));
    }

    fn field(&mut self, path: &str, field: &Field) {
        let key = message_key(path);
        self.need_with_help(&key);
        if let Kind::Choice(options, _) = field.kind {
            self.need_all(&format!("{key}."), options.iter().copied());
        }
        if let Kind::MultiSelect(_) = field.kind {
            self.need(format!("{key}.option"));
        }
        if let Kind::Rows(fields) = field.kind {
            self.need_all(&format!("{key}."), ["add", "save", "menu"]);
            for inner in fields {
                self.field(&format!("{path}.0.{}", inner.path), inner);
            }
        }
    }

    /// The words of a command below another command have both names in their key.
    fn command(&mut self, command: &clap::Command, name: &str) {
        self.need(format!("cli-{name}"));
        for argument in command.get_arguments() {
            self.need(format!("cli-{}", argument.get_id().as_str().replace('_', "-")));
        }
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let above = if name == "edgewright" { String::new() } else { format!("{name}-") };
            self.command(inner, &format!("{above}{}", inner.get_name()));
        }
    }
}

fn wanted(code: &str) -> Wanted {
    let mut wanted = Wanted::default();
    for start in ["say(", "said(", "heading("] {
        texts_after(code, start).for_each(|key| wanted.need(key));
    }
    for key in
        texts_after(code, "finding(").filter(|key| ["record-", "caa-"].iter().any(|start| key.starts_with(start)))
    {
        wanted.need_all(key, ["", ".hint"]);
    }
    for code in Code::ALL {
        let key = format!("problem-{}", code.name());
        wanted.need_all(&key, ["", ".hint"]);
        // Not everything that is wrong has a rule behind it.
        wanted.allowed.insert(format!("{key}.why"));
    }
    for page in pages::PAGES {
        let key = format!("page-{}", page.id);
        wanted.need_with_help(&key);
        wanted.need(format!("{key}.step"));
        wanted.need(format!("stage-{}", pages::stage_of(page)));
        page.fields.iter().for_each(|field| wanted.field(field.path, field));
    }
    wanted.need_all("name-reason-", NameReason::ALL.map(NameReason::name));
    wanted.need_all("reason-", REASONS);
    wanted.need_all("check-step-", Part::ALL.map(Part::name));
    wanted.need_all("record-state-", RecordState::ALL.map(RecordState::name));
    wanted.need_all("partner-type-", PartnerType::ALL.map(PartnerType::name));
    for preset in Preset::ALL {
        wanted.need_with_help(&format!("preset-{}", preset.name()));
    }
    let used_for = Server::ALL.into_iter().flat_map(|server| server.traits().ports.iter().map(|port| port.used_for));
    wanted.need_all("port-", used_for);
    let kinds = [Change::Create, Change::Change, Change::Keep, Change::Remove, Change::Run];
    wanted.need_all("action-", kinds.map(Change::name));
    wanted.need_all(
        "step-",
        ["file", "folder", "key", "link", "pfx", "request", "request-copy", "server-link", "server-pair", "dns-update"],
    );
    wanted.need_all("action-service-", Verb::ALL.map(|(_, name)| name));
    wanted.need_all("script-", SCRIPT_SAYS);
    wanted.need_all("severity-", [Severity::Warning, Severity::Error].map(Severity::name));
    wanted.need_all("status-state-", State::ALL.map(State::name));
    wanted.need_all("partners-column-", ["domain", "connects", "type", "description"]);
    wanted.command(&cli::command(&Text::load("en")), "edgewright");
    // clap has these itself, and takes our words where there are any.
    wanted.allowed.extend(["cli-help", "cli-version", "preset-none"].map(str::to_owned));
    wanted
}

#[test]
fn every_language_can_be_read() {
    let mut wrong = Vec::new();
    for language in locales() {
        read(&language, &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn english_has_every_word_and_no_other() {
    let english = read(&english(), &mut Vec::new());
    let code = code();
    let Wanted { needed, mut allowed } = wanted(&code);
    allowed.extend(texts(&code).into_iter().map(str::to_owned));
    allowed.extend(english.values().flatten().cloned());
    let missing: Vec<&String> = needed.iter().filter(|key| !english.contains_key(*key)).collect();
    let unused: Vec<&String> = english.keys().filter(|key| !needed.contains(*key) && !allowed.contains(*key)).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing: {missing:#?}\nunused: {unused:#?}");
}

#[test]
fn other_languages_have_only_keys_and_places_that_english_has() {
    let english = read(&english(), &mut Vec::new());
    let mut wrong = Vec::new();
    for language in locales() {
        // A language may have terms and attributes of terms that English does without.
        let catalogue = read(&language, &mut Vec::new()).into_iter();
        for (key, places) in catalogue.filter(|(key, _)| !key.starts_with('-')) {
            let Some(known) = english.get(&key) else {
                wrong.push(format!("{}: {key} is not in English", language.display()));
                continue;
            };
            let strange = places.iter().filter(|place| place.starts_with('$') && !known.contains(*place));
            wrong.extend(strange.map(|place| format!("{}: {key} has {place}, English has not", language.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn keys_are_put_together_only_in_families_that_are_known_here() {
    let code = code();
    let unknown: BTreeSet<&str> = texts_after(&code, "say(format!(")
        .filter(|text| !text.starts_with('{') && !FAMILIES.iter().any(|family| text.starts_with(family)))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}
