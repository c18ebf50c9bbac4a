//! Every word a person reads: messages by key, put into a language by Project Fluent.
//!
//! The catalogue is the folder `assets/locale/<language>/*.ftl`. Adding a language is adding a folder: it is embedded at
//! compile time and nothing lists it. A message missing in a language is taken from English, message by message.
//!
//! A message may refer to others and to terms (`{ -edgewright }`), which stand in `terms.ftl`. A term that a language lacks is
//! the English one; a message that refers to a message which the language lacks is said in English as a whole. No message
//! is called as a term is: `fluent_bundle` keeps both under one name.

use std::borrow::Cow;
use std::sync::{LazyLock, Mutex, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::resolver::ResolverError;
use fluent_bundle::resolver::errors::ReferenceKind;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use include_dir::{Dir, File, include_dir};
use memchr::{memchr_iter, memmem};
use unic_langid::LanguageIdentifier;

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/locale");

/// The language every message exists in.
pub const FALLBACK: &str = "en";

/// A message that is not yet in a language: a catalogue key and what fills its places.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Message {
    /// Catalogue key, `key` or `key.attribute`.
    pub key: Cow<'static, str>,
    /// Named values for the message's places.
    pub args: Vec<(&'static str, Arg)>,
}

/// What fills a place in a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Arg {
    /// Text from answers or from outside; shown with control characters escaped.
    Text(String),
    /// A count, which chooses the plural form.
    Number(i64),
    /// Another message.
    Message(Message),
}

/// Starts a message: `say("plan-empty")`, `say("field-help").with("name", name)`.
pub fn say(key: impl Into<Cow<'static, str>>) -> Message {
    Message { key: key.into(), args: Vec::new() }
}

impl Message {
    /// Fills the place `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Arg::Text(text)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Arg::Text(text.to_owned())
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Arg::Message(message)
    }
}

impl From<usize> for Arg {
    fn from(count: usize) -> Self {
        Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

/// The catalogue in the chosen language, with English below it.
pub struct Text {
    languages: LazyLock<Vec<Language>, Box<dyn FnOnce() -> Vec<Language> + Send>>,
    explains: bool,
}

/// What a language says. A message is read when it is first needed, and so is what it refers to: to read all of them takes
/// longer than to draw a page.
struct Language {
    /// Its files.
    files: Vec<&'static [u8]>,
    /// The files of English, for the terms that it lacks.
    fallback: Vec<&'static [u8]>,
    /// The messages and terms that were needed.
    read: Mutex<FluentBundle<FluentResource>>,
}

impl Text {
    /// Takes `language` (`de`, `zh_TW.UTF-8`, `fr-FR`; `C` and unknown ones give English), which is opened when a word is
    /// needed.
    #[must_use]
    pub fn load(language: &str) -> Self {
        let wanted = language.to_owned();
        let open = move || {
            let mut names = vec![closest(&wanted).unwrap_or(FALLBACK), FALLBACK];
            names.dedup();
            names.into_iter().map(|name| Language::new(name, files(name), files(FALLBACK))).collect()
        };
        Text { languages: LazyLock::new(Box::new(open)), explains: false }
    }

    /// Has problems told with the rules behind them, or without.
    #[must_use]
    pub fn explaining(self, explains: bool) -> Self {
        Text { explains, ..self }
    }

    /// Whether problems are told with the rules behind them.
    #[must_use]
    pub fn explains(&self) -> bool {
        self.explains
    }

    /// Chooses the language as POSIX does: the flag, else `LC_ALL`, `LC_MESSAGES`, `LANG`, the first that is not empty.
    #[must_use]
    pub fn choose(flag: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> String {
        flag.map(str::to_owned)
            .into_iter()
            .chain(["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable))
            .find(|language| !language.is_empty())
            .unwrap_or_else(|| FALLBACK.to_owned())
    }

    /// Puts `message` into the language. A key no language has is shown as it is, in braces; a test keeps that from
    /// happening.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        self.find(message).unwrap_or_else(|| format!("{{{}}}", message.key))
    }

    /// Like [`Text::say`], but `None` where no language has the key: for the attributes that only some messages have.
    #[must_use]
    pub fn find(&self, message: &Message) -> Option<String> {
        let (id, attribute) = match message.key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (message.key.as_ref(), None),
        };
        // Filled before a language is asked, which answers one question at a time.
        let args = message.args.iter().map(|(name, value)| (*name, self.fill(value))).collect();
        self.languages.iter().find_map(|language| language.say(id, attribute, &args))
    }

    fn fill(&self, value: &Arg) -> FluentValue<'static> {
        match value {
            Arg::Text(text) => visible(text).into_owned().into(),
            Arg::Number(number) => (*number).into(),
            Arg::Message(message) => self.say(message).into(),
        }
    }
}

/// The languages of the catalogue, by folder name.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LOCALES.dirs().filter_map(|folder| folder.path().file_name()?.to_str())
}

impl Language {
    fn new(name: &str, files: Vec<&'static [u8]>, fallback: Vec<&'static [u8]>) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![name.parse().unwrap_or_default()]);
        // Terminals show the bidirectional isolates as boxes, and what is copied should hold none.
        bundle.set_use_isolating(false);
        Language { files, fallback, read: Mutex::new(bundle) }
    }

    fn say(&self, id: &str, attribute: Option<&str>, args: &FluentArgs) -> Option<String> {
        let mut bundle = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if !bundle.has_message(id) {
            add(&mut bundle, written(&self.files, id)?);
        }
        loop {
            let (said, missed) = format(&bundle, id, attribute, args)?;
            let mut has_more = false;
            for reference in missed {
                has_more |= add(&mut bundle, self.referred_to(&reference)?);
            }
            if !has_more {
                return Some(said);
            }
        }
    }

    /// What a message refers to, as it stands in the files.
    fn referred_to(&self, reference: &ReferenceKind) -> Option<&'static str> {
        match reference {
            ReferenceKind::Message { id, .. } => written(&self.files, id),
            ReferenceKind::Term { id, .. } => {
                let id = format!("-{id}");
                written(&self.files, &id).or_else(|| written(&self.fallback, &id))
            }
            ReferenceKind::Function { .. } | ReferenceKind::Variable { .. } => Some(""),
        }
    }
}

/// The files of a language, the shortest first: they hold what is said on every page.
fn files(language: &str) -> Vec<&'static [u8]> {
    let mut files: Vec<_> = LOCALES.get_dir(language).into_iter().flat_map(Dir::files).map(File::contents).collect();
    files.sort_by_key(|file| file.len());
    files
}

/// Adds a message or a term as it is written; whether that is new. One with a mistake still gives what is good of it; a
/// test refuses the mistake itself.
fn add(bundle: &mut FluentBundle<FluentResource>, written: &str) -> bool {
    let resource = FluentResource::try_new(written.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let is_entry = resource.entries().next().is_some();
    is_entry && bundle.add_resource(resource).is_ok()
}

/// What a message that was read says, and what it refers to in vain.
fn format(
    bundle: &FluentBundle<FluentResource>,
    id: &str,
    attribute: Option<&str>,
    args: &FluentArgs,
) -> Option<(String, Vec<ReferenceKind>)> {
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        Some(attribute) => message.get_attribute(attribute)?.value(),
        None => message.value()?,
    };
    let mut errors = Vec::new();
    let said = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
    let missed = errors.into_iter().filter_map(|error| match error {
        FluentError::ResolverError(ResolverError::Reference(reference)) => Some(reference),
        _ => None,
    });
    Some((said, missed.collect()))
}

/// The message or term of this key as it stands in one of the `.ftl` files: from `key =` to the next line that begins
/// another or is a comment. That all are written so is tested.
fn written<'a>(files: &[&'a [u8]], id: &str) -> Option<&'a str> {
    let line = format!("\n{id} =");
    let start = memmem::Finder::new(&line);
    let written = files.iter().find_map(|file| {
        let is_first = file.starts_with(&line.as_bytes()[1..]);
        let from = if is_first { 0 } else { start.find(file)? + 1 };
        Some(&file[from..])
    })?;
    let is_next =
        |at: &usize| written.get(*at).is_some_and(|octet| octet.is_ascii_alphabetic() || b"-#".contains(octet));
    let to = memchr_iter(b'\n', written).map(|end| end + 1).find(is_next);
    str::from_utf8(&written[..to.unwrap_or(written.len())]).ok()
}

/// The catalogue's folder for a language asked for: the exact one, else one of the same language.
fn closest(language: &str) -> Option<&'static str> {
    let name = language.split(['.', '@']).next().unwrap_or_default();
    let wanted: LanguageIdentifier = name.parse().ok()?;
    let available = || languages().filter_map(|name| Some((name, name.parse::<LanguageIdentifier>().ok()?)));
    available()
        .find(|(_, id)| *id == wanted)
        .or_else(|| available().find(|(_, id)| id.language == wanted.language))
        .map(|(name, _)| name)
}

/// Text from outside as it may be shown: control characters, line and paragraph separators and the marks that turn the
/// direction of text or take no room are written as `\u{…}`, so that no certificate, DNS answer or paste moves the cursor.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| !hides(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if hides(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{061C}'
            | '\u{AD}' | '\u{180E}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Characters of what somebody else says.
const MOST_QUOTED: usize = 300;

/// What somebody else says, as part of a line: in one piece, and no longer than a line of ours needs.
#[must_use]
pub fn quoted(said: &str) -> String {
    let words: Vec<&str> = said.split_whitespace().collect();
    let said = words.join(" ");
    let short: String = said.chars().take(MOST_QUOTED).collect();
    let end = if short.len() < said.len() { "…" } else { "" };
    visible(&(short + end)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_posix_name_and_falls_back_to_english() {
        assert_eq!(closest("en_GB.UTF-8"), Some("en"));
        assert_eq!(closest("C"), None);
        assert_eq!(closest(""), None);
        let text = Text::load("xx_YY");
        assert_eq!(text.say(&say("product")), "Edgewright");
    }

    #[test]
    fn the_flag_wins_over_the_environment_and_empty_variables_do_not_count() {
        let variable = |name: &str| match name {
            "LC_ALL" => Some(String::new()),
            "LANG" => Some("de_DE.UTF-8".to_owned()),
            _ => None,
        };
        assert_eq!(Text::choose(Some("fr"), variable), "fr");
        assert_eq!(Text::choose(None, variable), "de_DE.UTF-8");
        assert_eq!(Text::choose(None, |_| None), "en");
    }

    /// A language of these messages, with English below it.
    fn with_english(messages: &'static str, english: &'static str) -> Text {
        let files = |said: &'static str| vec![said.as_bytes()];
        let languages = vec![
            Language::new("de", files(messages), files(english)),
            Language::new(FALLBACK, files(english), files(english)),
        ];
        Text { languages: LazyLock::new(Box::new(|| languages)), explains: false }
    }

    const ENGLISH: &str = "\
-product = Edgewright
    .kind = program
-shell = the shell of { -product }
stop = stop { $what }
button = Press { stop } in { -shell }.
    .help = { -product.kind ->
        [program] { button } Now.
       *[other] Later.
    }
";

    #[test]
    fn a_message_refers_to_terms_and_to_other_messages() {
        let text = with_english("", ENGLISH);
        let said = |key| text.say(&say(key).with("what", "now"));
        assert_eq!(said("button"), "Press stop now in the shell of Edgewright.");
        assert_eq!(said("button.help"), "Press stop now in the shell of Edgewright. Now.");
        assert_eq!(said("stop"), "stop now");
    }

    #[test]
    fn a_language_takes_terms_that_it_lacks_from_english_and_never_half_a_message() {
        let german = "\
-shell = die Konsole von { -product }
opened = Es öffnet sich { -shell }.
button = { stop } in { -shell }
pressed = Gedrückt in { -product }: { opened }
";
        let text = with_english(german, ENGLISH);
        let said = |key| text.say(&say(key).with("what", "now"));
        assert_eq!(said("opened"), "Es öffnet sich die Konsole von Edgewright.");
        assert_eq!(said("pressed"), "Gedrückt in Edgewright: Es öffnet sich die Konsole von Edgewright.");
        // German has no word to stop.
        assert_eq!(said("button"), "Press stop now in the shell of Edgewright.");
        assert_eq!(said("stop"), "stop now");
    }

    #[test]
    fn a_reference_to_nothing_or_to_itself_ends() {
        let text =
            with_english("", "self = a { self }\nnothing = a { -none }\npart = a { self.none }\nplace = a { $b }\n");
        assert_eq!(text.say(&say("self")), "a {self}");
        assert_eq!(text.say(&say("nothing")), "{nothing}");
        assert_eq!(text.say(&say("part")), "a {self.none}");
        assert_eq!(text.say(&say("place")), "a {$b}");
    }

    #[test]
    fn what_could_move_the_cursor_or_turn_the_text_is_written_out() {
        assert_eq!(visible("plain é 中"), "plain é 中");
        assert_eq!(visible("a\u{1b}[2Jb\nc\u{202e}d"), "a\\u{1b}[2Jb\\nc\\u{202e}d");
    }

    #[test]
    fn text_from_outside_is_escaped_inside_a_message() {
        let text = Text::load("en");
        let said = text.say(&say("problem-name-underscore").with("name", "a_\u{7}b"));
        assert!(said.contains("a_\\u{7}b"), "{said}");
    }
}
