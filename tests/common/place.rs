//! A folder in which one story about the binary happens, and what the binary said there.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{beside, scratch};

/// A folder with an answers file and the place for a home folder.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// A place with these answers in `edge.toml`.
    pub fn with(answers: &str) -> Self {
        let place = Place { folder: scratch() };
        place.answer(answers);
        place
    }

    /// The folder of the story.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// The home folder of every run here.
    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// Replaces the answers.
    pub fn answer(&self, answers: &str) {
        self.write("edge.toml", answers);
    }

    pub fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, about to run in the folder with its home folder; nothing of the tester's own settings reaches it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_edgewright"));
        self.settle(&mut command);
        command.args(args);
        command
    }

    /// The program under a umask.
    pub fn command_with_umask(&self, umask: &str, args: &[&str]) -> Command {
        let mut command = Command::new("sh");
        self.settle(&mut command);
        command.args(["-c", r#"umask "$0"; exec "$@""#, umask, env!("CARGO_BIN_EXE_edgewright")]).args(args);
        command
    }

    fn settle(&self, command: &mut Command) {
        command.current_dir(self.folder()).env("LC_ALL", "C").env("EDGEWRIGHT_HOME", self.home());
    }

    /// The place that a line of the journal is about.
    pub fn told_of(&self, line: &Value) -> PathBuf {
        match (&line["place"]["home"], &line["place"]["path"]) {
            (Value::String(home), Value::Null) if home.is_empty() => self.home(),
            (Value::String(home), Value::Null) => self.home().join(home),
            (Value::Null, Value::String(path)) => path.into(),
            _ => panic!("{line}"),
        }
    }

    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(&mut self.command(args))
    }

    /// `plan` of the answers.
    pub fn plan(&self) -> Run {
        self.run(&["plan", "--answers", "edge.toml", "--json"])
    }

    /// `apply` of the answers.
    pub fn apply(&self) -> Run {
        self.run(&["apply", "--answers", "edge.toml", "--json"])
    }

    /// [`Place::apply`], which has to go well.
    pub fn applied(&self) -> Run {
        let run = self.apply();
        assert_eq!(run.code, 0, "{}", run.out);
        run
    }

    /// Everything in the folder.
    pub fn listing(&self) -> Listing {
        listing(self.folder())
    }
}

/// What a run said.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(command: &mut Command) -> Self {
        Run::from(command.output().expect("the program starts"))
    }

    pub fn from(output: std::process::Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Run { code: output.status.code().expect("no signal"), out: text(output.stdout), err: text(output.stderr) }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    pub fn problems(&self) -> Vec<Said> {
        list(&self.json()["problems"]).iter().map(Said::of).collect()
    }

    /// The problems as `severity code path`.
    pub fn verdicts(&self) -> Vec<String> {
        self.problems().into_iter().map(|said| said.verdict).collect()
    }

    /// The actions as kind and target.
    pub fn actions(&self) -> Vec<(String, PathBuf)> {
        self.listed("actions")
    }

    /// What was done, as kind and target.
    pub fn done(&self) -> Vec<(String, PathBuf)> {
        self.listed("done")
    }

    fn listed(&self, key: &str) -> Vec<(String, PathBuf)> {
        let action = |action: &Value| (text(&action["kind"]), PathBuf::from(text(&action["target"])));
        list(&self.json()[key]).iter().map(action).collect()
    }

    /// The targets that are created or changed.
    pub fn planned(&self) -> Vec<PathBuf> {
        let changes = self.actions().into_iter().filter(|(kind, _)| kind != "keep");
        changes.map(|(_, target)| target).collect()
    }

    /// Whether there is nothing to do.
    pub fn keeps_all(&self) -> bool {
        self.planned().is_empty()
    }

    /// What the deployment means: names, partners, records.
    pub fn meaning(&self) -> Value {
        let json = self.json();
        serde_json::json!({ "names": json["names"], "partners": json["partners"], "records": json["records"] })
    }
}

/// A problem that a run told.
pub struct Said {
    /// `severity code path`.
    pub verdict: String,
    pub path: String,
    pub line: Option<u64>,
    pub message: String,
}

impl Said {
    fn of(problem: &Value) -> Self {
        let field = |key: &str| text(&problem[key]);
        let verdict = format!("{} {} {}", field("severity"), field("code"), field("path")).trim_end().to_owned();
        Said { verdict, path: field("path"), line: problem["line"].as_u64(), message: field("message") }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The items of a JSON array.
pub fn list(value: &Value) -> Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no array: {value}")).clone()
}

/// Every path below a folder, and what is there.
pub type Listing = BTreeMap<PathBuf, Entry>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub mode: u32,
    /// Content of a file, target of a link, nothing for a folder.
    pub content: Option<Vec<u8>>,
    /// When it last changed; of files and folders.
    pub modified: (i64, i64),
}

/// Everything below `folder`, with the folder itself.
pub fn listing(folder: &Path) -> Listing {
    let mut found = Listing::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let about = fs::symlink_metadata(&path).unwrap();
        let content = if about.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            None
        } else if about.is_symlink() {
            Some(fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes())
        } else if about.is_file() {
            Some(fs::read(&path).unwrap())
        } else {
            Some(Vec::new())
        };
        let entry = Entry { mode: about.mode() & 0o7777, content, modified: (about.mtime(), about.mtime_nsec()) };
        found.insert(path, entry);
    }
    found
}

/// The listing without times: a lock that came and went leaves its trace there.
pub fn timeless(listing: Listing) -> Listing {
    listing.into_iter().map(|(path, entry)| (path, Entry { modified: (0, 0), ..entry })).collect()
}

/// What is different in `after`, without what only has another time.
pub fn differences(before: &Listing, after: &Listing) -> Vec<PathBuf> {
    let same = |path: &PathBuf, entry: &Entry| {
        before.get(path).is_some_and(|old| (old.mode, &old.content) == (entry.mode, &entry.content))
    };
    after.iter().filter(|(path, entry)| !same(path, entry)).map(|(path, _)| path.clone()).collect()
}

pub fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A base answers file (`lync`, `prosody`, `ejabberd`) with `edits`: `key = value` lines replace or add a key, `-key`
/// takes one away, and what begins with `[` is added at the end.
pub fn answers(base: &str, edits: &str) -> String {
    let base = fs::read_to_string(beside(&format!("answers/{base}.toml"))).unwrap();
    let mut lines: Vec<String> = base.lines().map(str::to_owned).collect();
    let (keys, tables) = edits.split_at(edits.find("[[").unwrap_or(edits.len()));
    for edit in keys.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let key = edit.trim_start_matches('-').split(" =").next().unwrap().to_owned() + " =";
        lines.retain(|line| !line.starts_with(&key));
        if !edit.starts_with('-') {
            lines.push(edit.to_owned());
        }
    }
    lines.extend(tables.lines().map(|line| line.trim().to_owned()));
    lines.join("\n") + "\n"
}

/// The line of `path` in a file that [`answers`] made, where the file holds it.
pub fn line_of(answers: &str, path: &str) -> Option<u64> {
    let lines: Vec<&str> = answers.lines().collect();
    let (from, key) = match path.strip_prefix("partners.").and_then(|row| row.split_once('.')) {
        Some((row, key)) => (nth_table(&lines, row.parse().ok()?)?, key),
        None => (0, path),
    };
    let within = lines[from..].iter().enumerate().skip(usize::from(from > 0));
    let within = within.take_while(|(_, line)| from == 0 || !line.starts_with("[["));
    let holds = |line: &str| line.split_once(" =").is_some_and(|(held, _)| key == held || is_item(key, held));
    let found = within.into_iter().find(|(_, line)| holds(line))?.0;
    Some((from + found + 1) as u64)
}

fn nth_table(lines: &[&str], index: usize) -> Option<usize> {
    lines.iter().enumerate().filter(|(_, line)| line.starts_with("[[partners]]")).nth(index).map(|(at, _)| at)
}

fn is_item(path: &str, list: &str) -> bool {
    path.strip_prefix(list).and_then(|rest| rest.strip_prefix('.')).is_some_and(|index| index.parse::<usize>().is_ok())
}

/// A file system of its own, gone with the value.
pub struct Disk {
    at: PathBuf,
}

impl Disk {
    /// Mounts one at the new folder `at`, as `options` say (`size=64k`). None, said aloud, where mounting is not permitted;
    /// with `CI=true` that fails.
    pub fn mount(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", &format!("mode=0700,{options}"), "tmpfs"], at);
        assert!(mounted || std::env::var("CI").as_deref() != Ok("true"), "mounting is not permitted");
        if !mounted {
            let _ = std::io::stderr().write_all(b"SKIPPED: mounting is not permitted\n");
        }
        mounted.then(|| Disk { at: at.to_owned() })
    }

    /// Mounts it anew with other options (`ro`).
    pub fn remount(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], &self.at), "{options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

fn mount(args: &[&str], at: &Path) -> bool {
    Command::new("mount").args(args).arg(at).output().is_ok_and(|output| output.status.success())
}
