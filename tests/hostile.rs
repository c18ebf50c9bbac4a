//! Text that tries to leave its place, in every answer that takes text and in everything that is written from it. Only
//! line breaks, NUL and control characters are refused; the real reader of each file gets the rest back as it was given.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use edgewright::edge::{Deployment, Server};
use edgewright::faces::headless::{self as face, Report};
use edgewright::form::{Answered, Answers, Field, Kind, Page, Value, check, file};
use edgewright::home::{Facts, HostFound, ServerFound};
use edgewright::name::Name;
use edgewright::pages::{self, Reading};
use edgewright::pki::KeyKind;
use edgewright::pki::Subject;
use edgewright::pki::request::{RequestSpec, generate_key, sign};
use edgewright::plan::Action;
use edgewright::problem::{Code, Problem, Severity};
use edgewright::servers::{our_hosts, product};
use edgewright::steps::file::File;
use edgewright::text::{Text, visible};
use serde_json::json;
use time::OffsetDateTime;

use common::place::{Place, Run};
use common::{beside, have, have_all, have_python, is_long, scratch};

const HOME: &str = "/home/edge/edgewright";
const KIB_64: usize = 64 * 1024;

/// Pieces that mean something to one reader or another.
const PIECES: [&str; 44] = [
    "'",
    "''",
    "'''",
    "\"",
    "\"\"\"",
    "\u{2018}",
    "\u{2019}",
    "\u{201A}",
    "\u{201B}",
    "\u{201C}",
    "\u{201D}",
    "\u{201E}",
    "`",
    "$(id)",
    "${x}",
    "$x",
    "%x%",
    "\\",
    "\\u0041",
    "\\n",
    "--",
    "--[[",
    "]]",
    "#",
    "#>",
    "<#",
    ";",
    "; rm -rf /",
    "//",
    "/*",
    "\u{202E}",
    "\u{2066}",
    "\u{200F}",
    "\u{200B}",
    "\u{FEFF}",
    "e\u{301}\u{323}",
    "👩‍👩‍👧",
    "مرحبا",
    "中文",
    "{",
    "}",
    "[x]",
    "= 1",
    "@'",
];

/// What ends a line or moves a cursor: the only characters that may be refused.
const REFUSED: [char; 10] = ['\n', '\r', '\0', '\u{1B}', '\t', '\u{7F}', '\u{85}', '\u{2028}', '\u{2029}', '\u{9B}'];

fn is_refused(c: char) -> bool {
    c.is_control() || c == '\u{2028}' || c == '\u{2029}'
}

/// Numbers that look random and are the same each time (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn any_char(&mut self) -> char {
        let planes = [0x80, 0x800, 0x1_0000, 0x11_0000];
        let plane = planes[self.roll(planes.len())];
        u32::try_from(self.roll(plane)).ok().and_then(char::from_u32).unwrap_or('x')
    }

    fn text(&mut self) -> String {
        let spoiled = self.roll(3) == 0;
        let mut text = String::new();
        for _ in 0..=self.roll(12) {
            match self.roll(8) {
                0 => text.push(self.any_char()),
                1 if spoiled => text.push(REFUSED[self.roll(REFUSED.len())]),
                2 => text += " ",
                _ => text += PIECES[self.roll(PIECES.len())],
            }
        }
        text
    }
}

fn texts(count: usize) -> Vec<String> {
    let mut dice = Dice(0x6564_6765_7772_6967);
    (0..count).map(|_| dice.text()).collect()
}

/// Some that pass and fit the shortest field.
fn good_texts(count: usize) -> impl Iterator<Item = String> {
    let good = |text: &String| !text.chars().any(is_refused) && !text.trim().is_empty() && text.chars().count() <= 50;
    texts(count).into_iter().filter(good)
}

/// Every field that takes text as it is, with its path in answers that have one row each.
fn text_fields() -> Vec<(&'static Page, &'static Field, String)> {
    let takes_text = |kind: Kind| match kind {
        Kind::Text(_) | Kind::File => true,
        Kind::List(item) => matches!(item, Kind::Text(_) | Kind::File),
        _ => false,
    };
    let mut found = Vec::new();
    for page in pages::PAGES {
        for field in page.fields {
            if takes_text(field.kind) {
                found.push((*page, field, field.path.to_owned()));
            }
            if let Kind::Rows(inner) = field.kind {
                let inner = inner.iter().filter(|inner| takes_text(inner.kind));
                found.extend(inner.map(|inner| (*page, inner, format!("{}.0.{}", field.path, inner.path))));
            }
        }
    }
    found
}

fn value_of(kind: Kind, text: &str) -> Value {
    match kind {
        Kind::List(_) => Value::List(vec![text.to_owned()]),
        // What is saved of a file is its absolute path.
        Kind::File => Value::Text(format!("/srv/x{text}")),
        _ => Value::Text(text.to_owned()),
    }
}

/// The answers of one of the edges, with `text` in every field that takes text.
fn filled(base: &str, text: &str) -> Answers {
    let file = fs::read_to_string(beside(&format!("answers/{base}.toml"))).unwrap();
    let keys = "request.authority = \"private\"\nsecurity.key = \"ecdsa-p256\"\ndns.publish.server = \"192.0.2.53\"\n";
    let rows = "[[partners]]\ndomain = \"partner.example\"\n[[dns.publish.zone]]\nname = \"contoso.com\"\n";
    let loaded = file::read(&(file + keys + rows), pages::form(), Path::new(HOME));
    assert_eq!(loaded.problems, []);
    let mut answers = loaded.answers;
    for (_, field, path) in text_fields() {
        answers.set(field.path, &path, value_of(field.kind, text));
    }
    answers
}

/// Answers in which `text` may stand everywhere: where a field has a syntax of its own, within it.
fn fitting(base: &str, text: &str) -> Answers {
    let mut answers = filled(base, text);
    let set = |answers: &mut Answers, path: &str, value: String| {
        let (_, field) = pages::form().field(path).unwrap();
        answers.set(field.path, path, Value::Text(value));
    };
    if base == "lync" {
        set(&mut answers, "request.key_by", "lync".into());
        set(&mut answers, "policy.scope", format!("user:x{}", text.replace(':', "")));
        let (_, grant) = pages::form().field("policy.grant").unwrap();
        answers.set(grant.path, grant.path, Value::List(vec!["anna@contoso.com".into()]));
    }
    // No folder is made for the copy, and a point alone is no file.
    set(&mut answers, "request.file", format!("/srv/x{}", text.replace('/', "")));
    answers
}

fn facts() -> Facts {
    Facts::unseen(Path::new(HOME), Path::new(HOME), OffsetDateTime::UNIX_EPOCH)
}

fn read(answers: &Answers, text: &Text) -> Reading {
    pages::read(&Answered::new(answers, &facts()), text)
}

/// What each field's own check says of its text, as far as that is about characters.
fn refusals(answered: &Answered) -> BTreeMap<String, Code> {
    let paths: BTreeSet<String> = text_fields().into_iter().map(|(_, _, path)| path).collect();
    let about_text = check::check(pages::form(), answered).into_iter().filter(|problem| paths.contains(&problem.path));
    about_text.map(|Problem { path, code, .. }| (path, code)).collect()
}

#[test]
fn only_what_ends_a_line_or_moves_a_cursor_is_refused_in_any_text_answer() {
    let all = texts(10_000);
    let facts = facts();
    let mut passed = 0;
    for text in &all {
        let answers = filled("lync", text);
        let answered = Answered::new(&answers, &facts);
        let refusals = refusals(&answered);
        let is_bad = text.chars().any(is_refused);
        passed += usize::from(!is_bad);
        let is_asked = |page: &Page, field: &Field| (page.shown_if)(&answered) && (field.asked_if)(&answered);
        for (_, field, path) in text_fields().into_iter().filter(|(page, field, _)| is_asked(page, field)) {
            let is_long = matches!(field.kind, Kind::Text(most) if text.chars().count() > most);
            let expected = match (is_bad, is_long) {
                (true, _) => Some(Code::TextControl),
                (false, true) => Some(Code::TextTooLong),
                _ => None,
            };
            assert_eq!(refusals.get(&path).copied(), expected, "{path} = {text:?}");
        }
    }
    assert!(passed * 2 >= all.len(), "{passed} of {} pass", all.len());
}

#[test]
fn what_passes_its_kind_is_refused_by_no_page_either() {
    let catalogue = Text::load("en");
    for text in good_texts(600) {
        for base in ["lync", "prosody", "ejabberd"] {
            let problems = read(&fitting(base, &text), &catalogue).problems;
            // A certificate's file is read besides, and nobody looked into any here. Windows has no files of some names.
            let is_of_a_file = |code| matches!(code, Code::FileUnreadable | Code::FileUnwritable);
            let is_refused = |problem: &&Problem| problem.severity == Severity::Error && !is_of_a_file(problem.code);
            let errors: Vec<&Problem> = problems.iter().filter(is_refused).collect();
            assert!(errors.is_empty(), "{text:?}: {errors:?}");
        }
    }
}

/// The texts that a saved file holds, by path.
fn held(saved: &serde_json::Value) -> BTreeMap<String, serde_json::Value> {
    let at = |path: &str| {
        path.split('.').try_fold(saved, |value, key| match key.parse::<usize>() {
            Ok(index) => value.get(index),
            Err(_) => value.get(key),
        })
    };
    text_fields().into_iter().filter_map(|(_, _, path)| Some((path.clone(), at(&path)?.clone()))).collect()
}

/// Fields of which an answers file may hold something, and which nobody is asked yet.
fn is_for_later(path: &str) -> bool {
    path.starts_with("acme.")
}

#[test]
fn saved_answers_come_back_equal_by_our_reader_another_and_pythons() {
    let facts = facts();
    let (mut files, mut given, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let long = ["'", "\"", "\\", "\u{2019}", "👩", "a"].map(|piece| piece.repeat(KIB_64 / piece.len()));
    for (at, text) in texts(10_000).iter().chain(&long).enumerate() {
        let base = ["lync", "prosody", "ejabberd"][at % 3];
        let mut answers = filled(base, text);
        // Whom a policy is granted to is asked of a user policy alone.
        let is_for_users = at % 2 == 0;
        if is_for_users {
            let (_, scope) = pages::form().field("policy.scope").unwrap();
            answers.set(scope.path, scope.path, Value::Text("user:Fed".into()));
        }
        let saved = file::write(pages::PAGES, &Answered::new(&answers, &facts));
        let again = file::read(&saved, pages::form(), Path::new("/elsewhere"));
        assert_eq!(again.problems, [], "{text:?}");
        let parsed = serde_json::to_value(saved.parse::<toml::Table>().unwrap()).unwrap();
        let held = held(&parsed);
        let is_said = |path: &String| held.contains_key(path) && !(is_for_users && path == "policy.scope");
        for (_, field, path) in text_fields().into_iter().filter(|(_, _, path)| is_said(path)) {
            let expected = value_of(field.kind, text);
            assert_eq!(again.answers.get(&path), Some(&expected), "{path}");
            let expected = match expected {
                Value::List(items) => json!(items),
                other => json!(other.shown()),
            };
            assert_eq!(held[&path], expected, "{path}");
        }
        seen.extend(held.into_keys());
        files.push(saved);
        given.push(parsed);
    }
    let unseen: Vec<String> = text_fields()
        .into_iter()
        .map(|(.., path)| path)
        .filter(|path| !seen.contains(path) && !is_for_later(path))
        .collect();
    assert!(unseen.is_empty(), "never saved: {unseen:?}");
    if have_python("tomllib") {
        let script =
            "import json, sys, tomllib\njson.dump([tomllib.loads(file) for file in json.load(sys.stdin)], sys.stdout)";
        assert!(python(script, &json!(files)) == json!(given), "Python's tomllib reads something else");
    }
}

/// What a Python script makes of a JSON value.
fn python(script: &str, input: &serde_json::Value) -> serde_json::Value {
    let folder = scratch();
    fs::write(folder.path().join("in"), input.to_string()).unwrap();
    let stdin = fs::File::open(folder.path().join("in")).unwrap();
    let output = Command::new("python3").args(["-c", script]).stdin(stdin).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The files that a run would write below `out/`, by name.
fn files(reading: &Reading) -> BTreeMap<String, String> {
    let content = |action: &Action| action.as_a::<File>().map(|file| file.content.clone());
    let actions = reading.plan.actions.iter().filter(|action| !action.target.ends_with("answers.toml"));
    actions.filter_map(|action| Some((action.target.to_string_lossy().into_owned(), content(action)?))).collect()
}

fn is_script(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "ps1")
}

#[test]
fn no_text_answer_reaches_a_file_but_a_powershell_script() {
    let catalogue = Text::load("en");
    for base in ["lync", "prosody", "ejabberd"] {
        let others = |text: &str| {
            let mut files = files(&read(&fitting(base, text), &catalogue));
            files.retain(|path, _| !is_script(path));
            // The list for a person says where the request is, in one line, with nothing hidden.
            for (_, list) in files.iter_mut().filter(|(path, _)| path.ends_with("to-do.md")) {
                assert!(list.lines().all(|line| visible(line) == line), "{list:?}");
                let others: Vec<&str> = list.lines().filter(|line| !line.contains("Send the request")).collect();
                *list = others.join("\n");
            }
            files
        };
        let calm = others("calm");
        assert!(calm.len() > 2, "{:?}", calm.keys());
        for text in good_texts(300) {
            assert_eq!(others(&text), calm, "{text:?}");
        }
    }
}

/// The five characters that PowerShell takes for a single quote.
const QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201A}', '\u{201B}'];

/// A script as PowerShell's rules divide it: what is neither text nor comment, and the texts.
fn taken_apart(script: &str) -> (String, Vec<String>) {
    let (mut rest, mut texts) = (String::new(), Vec::new());
    let mut chars = script.trim_start_matches('\u{FEFF}').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            quote if QUOTES.contains(&quote) => {
                let mut text = String::new();
                while let Some(c) = chars.next() {
                    if QUOTES.contains(&c) && chars.next_if(|next| QUOTES.contains(next)).is_none() {
                        break;
                    }
                    text.push(c);
                }
                texts.push(text);
                rest.push('S');
            }
            c => {
                assert!(!matches!(c, '"' | '\u{201C}'..='\u{201E}' | '`'), "{c:?} outside a text: {script}");
                rest.push(c);
            }
        }
    }
    (rest, texts)
}

#[test]
fn powershell_reads_each_text_as_it_was_given_and_nothing_beside_it() {
    let catalogue = Text::load("en");
    let scripts = |text: &str| {
        let mut files = files(&read(&fitting("lync", text), &catalogue));
        files.retain(|path, _| is_script(path));
        files
    };
    let calm: BTreeMap<String, String> =
        scripts("calm").into_iter().map(|(path, script)| (path, taken_apart(&script).0)).collect();
    for text in good_texts(1_200) {
        let (mut rests, mut said) = (String::new(), Vec::new());
        for (path, script) in scripts(&text) {
            let (rest, texts) = taken_apart(&script);
            assert_eq!(rest, calm[&path], "{text:?} changed {path}");
            assert!(parses(&script), "{text:?}: {script}");
            rests += &rest;
            said.extend(texts);
        }
        let parameters = ["FriendlyName", "Organization", "OU", "City", "State", "Template", "Description"];
        let times: usize = parameters.iter().map(|parameter| rests.matches(&format!("-{parameter} S")).count()).sum();
        // A partner is described where it is made and where it is set.
        assert!(times > parameters.len(), "{rests}");
        let count = |wanted: &str| said.iter().filter(|said| *said == wanted).count();
        assert!(count(&text) >= times, "{text:?}: {said:?}");
        assert!(count(&format!("x{}", text.replace(':', ""))) > 0, "the policy of {text:?}: {said:?}");
        assert!(count(&format!("\\x{}", text.replace('/', ""))) > 0, "the file of {text:?}: {said:?}");
    }
}

/// Whether tree-sitter, which knows one quote character of the five, finds nothing wrong.
fn parses(script: &str) -> bool {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    !parser.parse(script.replace(&QUOTES[1..], "'"), None).unwrap().root_node().has_error()
}

/// Answers in which `text` stands everywhere, and in which `name`, good or not, is one more host, component and partner.
fn naming(base: &str, text: &str, name: &str) -> Answers {
    let mut answers = fitting(base, text);
    for path in ["edge.xmpp_domains", "edge.sip_domains", "edge.components", "names.extra"] {
        let (_, field) = pages::form().field(path).unwrap();
        let Some(Value::List(mut names)) = answers.get(path).cloned() else { continue };
        names.push(name.to_owned());
        answers.set(field.path, path, Value::List(names));
    }
    let (_, rows) = pages::form().field("partners").unwrap();
    let (_, domain) = pages::form().field("partners.0.domain").unwrap();
    let row = answers.add_row(rows.path);
    answers.set(domain.path, &format!("partners.{row}.domain"), Value::Text(name.to_owned()));
    answers
}

#[test]
fn hostile_names_reach_no_file() {
    let catalogue = Text::load("en");
    let commands = |files: BTreeMap<String, String>| -> BTreeMap<String, Vec<String>> {
        let is_command = |line: &&str| !line.is_empty() && !line.starts_with(['#', ';']) && !line.starts_with("--");
        let lines = |content: String| {
            content.trim_start_matches('\u{FEFF}').lines().filter(is_command).map(str::to_owned).collect()
        };
        files.into_iter().map(|(path, content)| (path, lines(content))).collect()
    };
    let folder = scratch();
    let mut drop_ins = Vec::new();
    for base in ["lync", "prosody", "ejabberd"] {
        let calm = commands(files(&read(&fitting(base, "calm"), &catalogue)));
        for (at, text) in texts(300).into_iter().enumerate().filter(|(_, text)| !Name::new(text).is_sound()) {
            let answers = naming(base, "calm", &text);
            let hostile = files(&read(&answers, &catalogue));
            // Our own programs say nothing of anybody's.
            let is_constant = |path: &Path| {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                ["ask.lua", "mod_edgewright_1.lua", "mod_edgewright.erl"].contains(&name)
            };
            for (path, content) in hostile.iter().filter(|(path, _)| !is_constant(Path::new(path))) {
                let content = content.replace("\r\n", "\n");
                assert!(!content.chars().any(|c| is_refused(c) && c != '\n'), "{text:?} in {path}");
                if Path::new(path).extension().is_some_and(|extension| extension == "lua") {
                    let drop_in = folder.path().join(format!("{at}.lua"));
                    fs::write(&drop_in, content).unwrap();
                    drop_ins.push(drop_in);
                }
            }
            assert_eq!(commands(hostile), calm, "{text:?}");
        }
    }
    assert!(drop_ins.len() > 100);
    if have("lua5.4") {
        let tell = "local function section() return function() end end \
                    for _, file in ipairs(arg) do local said = {} \
                    local words = { __index = { VirtualHost = section, Component = section } } \
                    assert(loadfile(file, 't', setmetatable(said, words)))() for name in pairs(said) do known[name] = true end end";
        let script = format!(
            "known = {{}} {tell} local names = {{}} for name in pairs(known) do names[#names + 1] = name end \
                              table.sort(names) print(table.concat(names, ' '))"
        );
        fs::write(folder.path().join("tell"), script).unwrap();
        let output = Command::new("lua5.4").arg(folder.path().join("tell")).args(&drop_ins).output().unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "edgewright_api edgewright_partners edgewright_refuse_unlisted modules_disabled modules_enabled \
             s2s_require_encryption s2s_secure_auth ssl\n",
            "{output:?}"
        );
    }
}

/// What is put into service on a server on this machine whose own administrator gave every host modules called `text`,
/// every component the kind `text`, and whose configuration is in a folder of that name; and the path of the pair in it.
fn installed(server: Server, deployment: &Deployment, text: &str, words: &Text) -> (String, String) {
    let local = product(server).local().unwrap();
    let components: Vec<&str> = deployment.edge.components.iter().map(Name::ascii).collect();
    let lists = vec![text.to_owned()];
    let host = |name: &str| HostFound {
        component: components.contains(&name).then(|| text.to_owned()),
        modules_enabled: lists.clone(),
        modules_disabled: lists.clone(),
        tls: [("ciphers".to_owned(), text.into())].into_iter().collect(),
        ..HostFound::default()
    };
    let found = ServerFound {
        main: Path::new("/etc").join(text.replace(['/', '\0'], "")).join("main"),
        modules: "/modules".into(),
        // ejabberd is told of hosts that are not there yet.
        hosts: our_hosts(deployment)
            .filter(|_| server == Server::Prosody)
            .map(|name| (name.to_owned(), host(name)))
            .collect(),
        ..local.usual()
    };
    let file = local.files(deployment, &found, words).pop().unwrap();
    (file.content, local.pairs(&found).join("current").to_str().unwrap().to_owned())
}

/// The names that may stand in a server's settings, in A-labels.
fn hosts<'a>(names: impl IntoIterator<Item = &'a Name>) -> BTreeSet<&'a str> {
    names.into_iter().filter(|name| name.is_sound() && !name.is_wildcard()).map(Name::ascii).collect()
}

fn partners(deployment: &Deployment) -> BTreeSet<&str> {
    let partners = deployment.federation.partners.iter();
    hosts(partners.flat_map(|partner| std::iter::once(&partner.domain).chain(&partner.additional_domains)))
}

/// The strings that Prosody is to read, host by host.
fn strings_of_prosody(deployment: &Deployment, text: &str, pair: &str) -> Vec<String> {
    let (partners, components) = (partners(deployment), hosts(&deployment.edge.components));
    let mut said = Vec::new();
    for host in our_hosts(deployment).collect::<BTreeSet<_>>() {
        let kind = if components.contains(host) { text } else { "" };
        let (certificate, key) = (format!("{pair}/fullchain.pem"), format!("{pair}/privkey.pem"));
        said.extend([host, kind, text, "edgewright_1", text, "s2s", &certificate, &key].map(str::to_owned));
        said.extend(partners.iter().map(|name| (*name).to_owned()));
    }
    said
}

/// The strings that ejabberd is to read; it is told a name in several places.
fn strings_of_ejabberd(deployment: &Deployment, pair: &str) -> Vec<String> {
    let mut said: BTreeSet<String> = hosts(&deployment.edge.xmpp_domains).into_iter().map(str::to_owned).collect();
    said.extend(partners(deployment).into_iter().map(str::to_owned));
    said.insert(format!("{pair}/*.pem"));
    said.into_iter().collect()
}

/// What a script says of every one of `files` in `folder`: the strings in it.
fn strings_in(program: &str, script: &str, folder: &Path, files: &[String]) -> Vec<Vec<String>> {
    let mut command = Command::new(program);
    let output = command.arg(beside(script)).args(files).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let string = |word: &str| {
        let octets = word.as_bytes()[1..].chunks(2).map(|digits| str::from_utf8(digits).unwrap());
        let octets = octets.map(|digits| u8::from_str_radix(digits, 16).unwrap());
        String::from_utf8(octets.collect()).unwrap()
    };
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(|line| line.split(' ').map(string).collect()).collect()
}

#[test]
fn the_servers_read_each_text_as_it_was_given_and_nothing_beside_it() {
    let (facts, words) = (facts(), Text::load("en"));
    let count = if is_long() { 10_000 } else { 400 };
    // Of every second one a domain that could be somebody's.
    let domain = |text: &String| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>() + ".example";
    let name = |(at, text): (usize, String)| (text.clone(), if at % 2 == 0 { domain(&text) } else { text });
    let given: Vec<(String, String)> = texts(count).into_iter().enumerate().map(name).collect();
    let sound = given.iter().filter(|(_, name)| Name::new(name).is_sound()).count();
    assert!(sound * 4 > count, "{sound}");
    for (base, server) in [("prosody", Server::Prosody), ("ejabberd", Server::Ejabberd)] {
        let folder = scratch();
        let (mut files, mut expected) = (Vec::new(), Vec::new());
        for (at, (text, name)) in given.iter().enumerate() {
            let answers = naming(base, text, name);
            let deployment = pages::deployment(&Answered::new(&answers, &facts));
            let (content, pair) = installed(server, &deployment, text, &words);
            fs::write(folder.path().join(at.to_string()), content).unwrap();
            files.push(at.to_string());
            expected.push(match server {
                Server::Prosody => strings_of_prosody(&deployment, text, &pair),
                _ => strings_of_ejabberd(&deployment, &pair),
            });
        }
        let is_read = |program: &str, script: &str| {
            // Prosody keeps something of every file that it ever read, and becomes slower.
            let chunks = files.chunks(500);
            let read = chunks.flat_map(|files| strings_in(program, script, folder.path(), files));
            let mut read: Vec<Vec<String>> = read.collect();
            if server == Server::Ejabberd {
                read = read
                    .into_iter()
                    .map(|strings| strings.into_iter().collect::<BTreeSet<_>>())
                    .map(Vec::from_iter)
                    .collect();
            }
            for ((read, expected), given) in read.iter().zip(&expected).zip(&given) {
                assert_eq!(read, expected, "{script}: {given:?}");
            }
            assert_eq!(read.len(), count, "{script}");
        };
        if server == Server::Prosody && have_all(&["lua5.4", "luac5.4", "prosodyctl"]) {
            is_read("lua5.4", "peers/read_settings.lua");
            // It is not made for several files at once.
            let each = "for file; do luac5.4 -p -- \"$file\" || exit; done";
            let mut command = Command::new("sh");
            let output = command.args(["-c", each, "sh"]).args(&files).current_dir(folder.path()).output().unwrap();
            assert!(output.status.success(), "{output:?}");
        }
        if server == Server::Ejabberd && have_all(&["escript", "ejabberdctl"]) {
            is_read("escript", "peers/read_settings.erl");
        }
        if server == Server::Ejabberd && have_python("yaml") {
            is_read("python3", "peers/read_settings.py");
        }
    }
}

/// What moves a cursor, turns the direction of text, or takes no room.
fn is_hidden(c: char) -> bool {
    is_refused(c)
        || matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn shows_all(said: &str, told: &str) {
    let hidden = said.chars().find(|c| *c != '\n' && is_hidden(*c));
    assert_eq!(hidden, None, "{told}: {said}");
}

#[test]
fn what_is_told_hides_nothing_and_json_comes_back_equal() {
    let catalogue = Text::load("en");
    let (mut given, mut printed) = (Vec::new(), Vec::new());
    for (at, text) in texts(600).into_iter().enumerate() {
        let base = ["lync", "prosody", "ejabberd"][at % 3];
        let mut answers = fitting(base, &text);
        let (_, unknown) = pages::form().field("geography.country").unwrap();
        answers.set(unknown.path, "geography.country", Value::Text(text.clone()));
        let reading = read(&answers, &catalogue);
        shows_all(&face::plan_text(&reading, None, &catalogue), "plan");
        shows_all(&face::problems_text(&reading.problems, &catalogue), "problems");
        let report = Report { done: reading.plan.actions.clone(), ..Report::default() };
        shows_all(&face::report_text(&report, &catalogue), "report");
        let json = face::json(Some(&reading), None, &reading.problems, Some(&report), &catalogue);
        printed.push(format!("{json:#}"));
        given.push(json);
        // Nor does what is wrong with the file itself: an unknown key, a wrong schema, no TOML at all.
        let key = toml::Value::String(text.clone()).to_string();
        for file in [format!("schema = 1\n{text}\n"), format!("schema = {key}"), text.clone()] {
            shows_all(
                &face::problems_text(&file::read(&file, pages::form(), Path::new(HOME)).problems, &catalogue),
                "file",
            );
        }
    }
    if have_python("json") {
        let script = "import json, sys\njson.dump([json.loads(text) for text in json.load(sys.stdin)], sys.stdout)";
        assert!(python(script, &json!(printed)) == json!(given), "Python reads something else");
    }
}

#[test]
fn the_subject_of_a_request_comes_back_equal() {
    let key = generate_key(KeyKind::EcdsaP256).unwrap();
    let folder = scratch();
    let (mut paths, mut subjects) = (Vec::new(), Vec::new());
    for (at, text) in good_texts(700).enumerate() {
        let subject = Subject {
            country: "DE".into(),
            state: text.clone(),
            city: format!("{text} "),
            organization: text.clone(),
            unit: format!(" {text}"),
        };
        let names = vec!["contoso.com".to_owned()];
        // A template's name is two bytes a character (X.680 41, BMPString).
        let template = text.chars().filter(|c| c.len_utf16() == 1).collect();
        let spec = RequestSpec { key: KeyKind::EcdsaP256, subject, names, client_eku: false, template };
        let pem = sign(&spec, &key).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(RequestSpec::read(&pem), Some(spec));
        let path = folder.path().join(format!("{at}.pem"));
        fs::write(&path, pem).unwrap();
        paths.push(path);
        let part = |kind: &str, value: &str| json!([[kind, "UTF8String", value]]);
        subjects.push(json!([
            [["C", "PrintableString", "DE"]],
            part("ST", &text),
            part("L", &format!("{text} ")),
            part("O", &text),
            part("OU", &format!(" {text}")),
            part("CN", "contoso.com")
        ]));
    }
    assert!(paths.len() > 300);
    if have_python("cryptography") {
        let output = Command::new("python3").arg(beside("peers/read_request.py")).args(&paths).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
        let read: Vec<serde_json::Value> = read.iter().map(|request| request["subject"].clone()).collect();
        assert_eq!(read, subjects);
    }
}

#[test]
fn the_program_itself_tells_and_logs_nothing_hidden() {
    for text in good_texts(60) {
        let name = format!("x{}.req", text.replace('/', ""));
        let key = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let edits = format!("request.file = {}\norganization.name = {}\n", key(&name), key(&text));
        let place = Place::with(&(common::place::answers("prosody", "-request.file") + &edits));
        for args in [&["plan", "--answers", "edge.toml"][..], &["--log", "log", "apply", "--answers", "edge.toml"]] {
            let run = Run::of(&mut place.command(args));
            assert_eq!(run.code, 0, "{text:?}: {}", run.err);
            shows_all(&(run.out + &run.err), &format!("{args:?}"));
        }
        shows_all(&place.read("log"), "log");
        assert!(place.path(&name).exists());
        assert!(place.plan().keeps_all());
    }
}

#[test]
fn a_text_of_64_kib_is_told_to_be_too_long() {
    for piece in ["'", "\u{2019}", "$(id)", "e\u{301}", "\u{202E}"] {
        let text = piece.repeat(KIB_64 / piece.len());
        let key = toml::Value::String(text).to_string();
        let edits = format!("request.file = {key}\norganization.name = {key}\nsecurity.friendly_name = {key}");
        let place = Place::with(&common::place::answers("prosody", &edits));
        for args in [&["plan", "--answers", "edge.toml"][..], &["apply", "--answers", "edge.toml"]] {
            let run = Run::of(&mut place.command(args));
            assert_eq!(run.code, 1, "{}", run.err);
            for path in ["organization.name", "security.friendly_name", "request.file"] {
                assert!(run.err.contains(path), "{path}");
            }
            shows_all(&(run.out + &run.err), "64 KiB");
        }
        assert!(!place.home().exists());
    }
}
