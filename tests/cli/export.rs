//! `export-pfx`: what the PFX holds for those who open it, when there is none, and that nothing secret is said.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use edgewright::edge::Usage::{External, Internal};
use edgewright::pki::pfx;
use edgewright::plan::{Action, Change, Plan};
use edgewright::problem::Code;
use edgewright::steps::pfx::Pfx;
use edgewright::system::{Files as _, World as _};
use edgewright::world::{FakeWorld, Secrets, perform_with};
use time::OffsetDateTime;

use crate::common::edge::Edge;
use crate::common::homes::{Home, private};
use crate::common::place::{Disk, Place, Run, answers, differences, set_mode};
use crate::common::{have, have_all};
use crate::complete::house;

const PASSWORD: &str = "Corr3ct-h0rse";
const GOOD: (i64, i64) = (-30 * 24, 60 * 24);
const EXPORT: [&str; 5] = ["export-pfx", "--out", "edge.pfx", "--password-file", "password"];

/// A home folder with pair 1 in use, and a password.
fn place() -> Place {
    let place = Place::with("");
    Home::of(&place).in_use(External, 1, GOOD);
    private(&place.path("password"), &format!("{PASSWORD}\n"));
    place
}

fn export(place: &Place, more: &[&str]) -> Run {
    place.run(&[&EXPORT, more].concat())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What a program says that has to be content.
fn said_by(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).env("LC_ALL", "C.UTF-8").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {said}");
    said
}

/// The certificates in a text.
fn certificates(text: &str) -> Vec<pem::Pem> {
    let blocks = pem::parse_many(text).unwrap();
    blocks.into_iter().filter(|block| block.tag() == "CERTIFICATE").collect()
}

#[test]
fn openssl_certtool_and_java_find_key_chain_and_name() {
    for (legacy, name) in [(&[][..], "contoso.com"), (&["--legacy"], "Edge of contoso")] {
        let place = place();
        if name != "contoso.com" {
            place.write("home/answers.toml", &format!("schema = 1\nsecurity.friendly_name = \"{name}\"\n"));
        }
        let run = export(&place, legacy);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        let (file, password) = (place.path("edge.pfx"), place.path("password"));
        let chain = certificates(&place.read("home/pairs/1/fullchain.pem"));
        assert_eq!(chain.len(), 2);
        if have("openssl") {
            let password = format!("file:{}", text(&password));
            let said = said_by("openssl", &["pkcs12", "-in", text(&file), "-passin", &password, "-nodes"]);
            assert_eq!(certificates(&said), chain);
            let key = pem::parse_many(&said).unwrap().into_iter().find(|block| block.tag() == "PRIVATE KEY").unwrap();
            assert!(key.contents() == Home { place: &place }.key("pairs/1").der().unwrap().as_slice());
            assert_eq!(said.matches(&format!("friendlyName: {name}\n")).count(), 2, "{said}");
        }
        if have("certtool") {
            let args = ["--p12-info", "--inder", "--infile", text(&file), "--password", PASSWORD];
            let said = said_by("certtool", &args);
            assert_eq!(certificates(&said), chain);
            assert_eq!(said.matches(&format!("Friendly name: {name}")).count(), 2, "{said}");
        }
        if have("keytool") {
            let args = ["-list", "-rfc", "-keystore", text(&file), "-storepass:file", text(&password)];
            let said = said_by("keytool", &args);
            assert!(said.contains("PrivateKeyEntry") && said.contains("Certificate chain length: 2"), "{said}");
            assert!(said.to_lowercase().contains(&format!("alias name: {}", name.to_lowercase())), "{said}");
            assert_eq!(certificates(&said), chain);
        }
    }
}

#[test]
fn the_internal_pair_is_exported_where_it_is_asked_for() {
    let place = place();
    Home { place: &place }.in_use(Internal, 2, GOOD);
    assert_eq!(export(&place, &["--usage", "internal"]).code, 0);
    let contents = pfx::read(&fs::read(place.path("edge.pfx")).unwrap(), PASSWORD).ok().unwrap();
    assert_eq!(contents.key.unwrap().pem(), place.read("home/pairs/2/key.pem"));
    assert_eq!(export(&place, &["--usage", "everything"]).code, 2);
}

#[test]
fn whatever_the_umask_it_is_its_owner_s_alone_and_nothing_else_is_left() {
    for umask in ["000", "077"] {
        let place = place();
        let before = place.listing();
        let run = Run::of(&mut place.command_with_umask(umask, &EXPORT));
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        assert_eq!(fs::metadata(place.path("edge.pfx")).unwrap().permissions().mode() & 0o7777, 0o600, "{umask}");
        let made = differences(&before, &place.listing());
        assert_eq!(made, ["edge.pfx", "home/home-id", "home/journal.jsonl"].map(|name| place.path(name)));
    }
}

#[test]
fn journal_log_and_screen_know_where_it_is_and_no_secret() {
    let place = place();
    let run = place.run(&[&["--log", "log.txt"], &EXPORT[..]].concat());
    let journal = place.read("home/journal.jsonl");
    let line: serde_json::Value = serde_json::from_str(journal.lines().last().unwrap()).unwrap();
    assert_eq!((&line["kind"], &line["what"]), (&"create".into(), &"pfx".into()));
    assert_eq!(place.told_of(&line), place.path("edge.pfx"));
    assert!(line.get("sha256").is_none(), "whoever has the hash could try passwords: {line}");
    let key = place.read("home/pairs/1/key.pem");
    let line_of_key = key.lines().nth(1).unwrap();
    let log = place.read("log.txt");
    for said in [&run.out, &run.err, &journal, &log] {
        assert!(!said.contains(PASSWORD) && !said.contains(line_of_key), "{said}");
    }
    for said in [&run.out, &log] {
        assert!(said.contains(text(&place.path("edge.pfx"))), "{said}");
    }
}

/// What stands in the way of a PFX, and what is said of it.
struct Story {
    what: &'static str,
    arrange: fn(&Place),
    /// `severity code` each.
    said: &'static [&'static str],
}

fn stories() -> Vec<Story> {
    let story = |what, said, arrange| Story { what, arrange, said };
    vec![
        story("there is no home", &["error pair-none"], |place| fs::remove_dir_all(place.home()).unwrap()),
        story("nothing is in use", &["error pair-none"], |place| {
            fs::remove_file(place.path("home/current")).unwrap();
            fs::remove_dir_all(place.path("home/pairs")).unwrap();
        }),
        story("the link leads away", &["error pair-none"], |place| {
            fs::remove_file(place.path("home/current")).unwrap();
            symlink("/etc", place.path("home/current")).unwrap();
        }),
        story("the pair is broken", &["error pair-broken"], |place| {
            private(&place.path("home/pairs/1/chain.pem"), "");
        }),
        story("the key stays here", &["error key-not-exportable"], |place| {
            place.write("home/answers.toml", "schema = 1\nsecurity.exportable = false\n");
        }),
        story("nobody knows whether it may leave", &["error answers-syntax"], |place| {
            place.write("home/answers.toml", "schema = 1\nsecurity.exportable = \n");
        }),
        story("something is there", &["error file-exists"], |place| place.write("edge.pfx", "mine")),
        story("a link is there", &["error file-unwritable"], |place| {
            symlink("elsewhere", place.path("edge.pfx")).unwrap();
        }),
        story("a folder is there", &["error file-unwritable"], |place| fs::create_dir(place.path("edge.pfx")).unwrap()),
        story("there is no password file", &["error password-unreadable"], |place| {
            fs::remove_file(place.path("password")).unwrap();
        }),
        story("the password is a folder", &["error password-unreadable"], |place| {
            fs::remove_file(place.path("password")).unwrap();
            fs::create_dir(place.path("password")).unwrap();
        }),
        story("the password is empty", &["error password-unreadable"], |place| private(&place.path("password"), "")),
        story("its first line is empty", &["error password-unreadable"], |place| {
            private(&place.path("password"), "\r\nsecond\n");
        }),
        story("it is no text", &["error password-unreadable"], |place| {
            fs::write(place.path("password"), b"\xff\n").unwrap();
        }),
        story("it is too large", &["error password-unreadable"], |place| {
            private(&place.path("password"), &format!("{PASSWORD}\n{}", "x".repeat(1024)));
        }),
        story("others may read the password", &["error secret-open"], |place| {
            set_mode(&place.path("password"), 0o640);
        }),
        story("others may put another in its place", &["error secret-open"], |place| {
            let folder = place.path("shared");
            fs::create_dir(&folder).unwrap();
            fs::rename(place.path("password"), folder.join("password")).unwrap();
            symlink("shared/password", place.path("password")).unwrap();
            set_mode(&folder, 0o777);
        }),
        story("it is endless", &["error password-unreadable"], |place| {
            fs::remove_file(place.path("password")).unwrap();
            symlink("/dev/zero", place.path("password")).unwrap();
        }),
        story("another run is at work", &["error home-locked"], |_| ()),
    ]
}

#[test]
fn a_refused_export_says_why_and_leaves_everything_as_it_was() {
    for Story { what, arrange, said } in stories() {
        let place = place();
        arrange(&place);
        let held = (what == "another run is at work").then(|| {
            let path = place.path("home/lock");
            private(&path, "");
            let lock = fs::File::options().write(true).open(path).unwrap();
            lock.lock().unwrap();
            lock
        });
        let before = place.listing();
        let run = export(&place, &[]);
        assert_eq!(run.code, 1, "{what}: {}{}", run.out, run.err);
        assert_eq!(verdicts(&run), said, "{what}: {}", run.err);
        assert_eq!(run.out, "", "{what}");
        assert!(differences(&before, &place.listing()).is_empty(), "{what}: something was written");
        assert_eq!(before.len(), place.listing().len(), "{what}: something is gone");
        drop(held);
    }
}

/// What standard error names, as `severity code`.
fn verdicts(run: &Run) -> Vec<String> {
    let named = run.err.lines().filter_map(|line| line.trim_end().split_once('['));
    let named = named.filter(|(severity, _)| ["error", "warning"].contains(severity));
    named.map(|(severity, rest)| format!("{severity} {}", rest.split(']').next().unwrap())).collect()
}

/// What is exported all the same.
const WARNINGS: [(&str, u32, Option<Code>); 3] = [
    ("pässword\r\nsecond line\n", 0o600, Some(Code::PasswordNotAscii)),
    ("without an end", 0o600, None),
    (" two blanks \n", 0o400, None),
];

/// Every code that has a story here.
pub fn codes() -> Vec<String> {
    let said = stories().into_iter().flat_map(|story| story.said).filter_map(|said| said.split(' ').nth(1));
    said.chain(WARNINGS.iter().filter_map(|(_, _, code)| Some((*code)?.name()))).map(str::to_owned).collect()
}

#[test]
fn the_password_is_the_first_line_and_nothing_else() {
    for (content, mode, warned) in WARNINGS {
        let place = place();
        private(&place.path("password"), content);
        set_mode(&place.path("password"), mode);
        let run = export(&place, &[]);
        assert_eq!(run.code, 0, "{content:?}: {}", run.err);
        let expected: Vec<String> = warned.iter().map(|code| format!("warning {}", code.name())).collect();
        assert_eq!(verdicts(&run), expected, "{content:?}: {}", run.err);
        let file = fs::read(place.path("edge.pfx")).unwrap();
        assert!(pfx::read(&file, content.lines().next().unwrap()).is_ok(), "{content:?}");
        assert!(!run.err.contains("pässword") && !run.out.contains("pass\n"), "{content:?}");
    }
}

#[test]
fn a_password_may_come_through_a_pipe() {
    if !have_all(&["bash"]) {
        return;
    }
    let place = place();
    let script = r#"exec "$0" export-pfx --out edge.pfx --password-file <(printf 'piped\n')"#;
    let mut command = Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_edgewright")]).current_dir(place.folder());
    let run = Run::of(command.env("LC_ALL", "C").env("EDGEWRIGHT_HOME", place.home()));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(pfx::read(&fs::read(place.path("edge.pfx")).unwrap(), "piped").is_ok());
}

#[test]
fn a_full_disk_leaves_no_part_of_it() {
    let place = place();
    let at = place.path("disk");
    let Some(_disk) = Disk::mount(&at, "size=16k") else { return };
    while fs::write(at.join(format!("{}", fs::read_dir(&at).unwrap().count())), vec![0; 4096]).is_ok() {}
    let names = || fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    let before = names();
    let run = place.run(&["export-pfx", "--out", "disk/edge.pfx", "--password-file", "password"]);
    assert_eq!((run.code, verdicts(&run)), (1, vec!["error file-unwritable".to_owned()]), "{}", run.err);
    assert_eq!(names(), before);
}

#[test]
fn where_it_could_not_be_journalled_no_pfx_leaves() {
    let place = place();
    let aside = place.path("aside");
    fs::rename(place.home(), &aside).unwrap();
    let Some(disk) = Disk::mount(&place.home(), "size=1m") else { return };
    assert!(Command::new("cp").arg("-a").arg(aside.join(".")).arg(place.home()).status().unwrap().success());
    disk.remount("ro");
    let run = export(&place, &[]);
    assert_eq!((run.code, verdicts(&run)), (1, vec!["error file-unwritable".to_owned()]), "{}", run.err);
    assert!(run.err.contains("journal.jsonl") && !place.path("edge.pfx").exists(), "{}", run.err);
}

/// The work itself, where a secret is missing or what lies there does not fit.
#[test]
fn nothing_is_made_where_the_work_fails() {
    let place = place();
    let home = Path::new("/home/edge");
    let now = OffsetDateTime::now_utc();
    let plan_of = |world: &FakeWorld| {
        let pfx = Pfx { pair: home.join("pairs/1"), friendly_name: "edge".to_owned(), legacy: false, replaces: false };
        Plan::of(&world.look(&[]), vec![Action::new(Change::Create, "/tmp/edge.pfx".into(), pfx)])
    };
    let files = ["key.pem", "fullchain.pem"];
    for missing in ["password", "key.pem", "fullchain.pem"] {
        let mut world = FakeWorld::new(home, now);
        world.disk.insert(home.join("home-id"), Some(b"home\n".to_vec()));
        for file in files.into_iter().filter(|file| *file != missing) {
            let content = place.read(&format!("home/pairs/1/{file}")).into_bytes();
            world.disk.insert(home.join("pairs/1").join(file), Some(content));
        }
        let password = (missing != "password").then(|| PASSWORD.to_owned().into());
        let hands = Secrets { password, ..Secrets::default() };
        let plan = plan_of(&world);
        let outcome = perform_with(&mut world, home, &plan, hands, &mut |_| (), &|| true);
        let (_, problem) = outcome.failed.expect(missing);
        assert_eq!(problem.code, Code::FileUnwritable, "{missing}");
        assert!(outcome.done.is_empty() && !world.disk.contains_key(Path::new("/tmp/edge.pfx")), "{missing}");
        assert!(world.read(&home.join("journal.jsonl")).is_err(), "{missing}: it was never done");
    }
}

#[test]
fn the_command_in_to_do_md_puts_the_pfx_where_the_script_looks_for_it() {
    for (usage, pfx) in [(External, "20-certificate.pfx"), (Internal, "20-certificate-internal.pfx")] {
        let usage_of = format!("request.authority = \"private\"\nrequest.usage = \"{}\"", usage.name());
        let place = Place::with(&answers("lync", &format!("{usage_of}\nedge.internal = \"edge.corp.example\"")));
        Home::of(&place).in_use(usage, 1, GOOD);
        private(&place.path("password"), &format!("{PASSWORD}\n"));
        place.applied();
        let to_do = place.read("home/out/to-do.md");
        let (_, command) = to_do.split_once(": edgewright --home . export-pfx").expect(&to_do);
        let (command, _) = command.split_once('\n').unwrap();
        let command = command.replace("FILE", text(&place.path("password")));
        let args: Vec<&str> = ["--home", ".", "export-pfx"].into_iter().chain(command.split_whitespace()).collect();
        let run = Run::of(place.command(&args).current_dir(place.home()));
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        assert!(place.home().join("out/lync").join(pfx).is_file(), "{to_do}");
    }
}

#[test]
fn a_pfx_that_a_run_here_made_for_a_script_gives_way_to_the_next() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "lync", "");
    edge.completed(1);
    edge.place.write("password", "Corr3ct-h0rse\n");
    set_mode(&edge.place.path("password"), 0o600);
    let out = "home/out/lync/20-certificate.pfx";
    let export = ["export-pfx", "--legacy", "--password-file", "password", "--out", out];
    edge.runs(&export);
    let first = fs::read(edge.place.path(out)).unwrap();
    edge.runs(&["renew"]);
    edge.completed(2);
    edge.runs(&export);
    assert_ne!(fs::read(edge.place.path(out)).unwrap(), first);
    assert_eq!(fs::metadata(edge.place.path(out)).unwrap().permissions().mode() & 0o7777, 0o600);
    // Anywhere else, and where somebody put it, it stays.
    edge.refuses(&["export-pfx", "--password-file", "password", "--out", "password"], &["file-exists"]);
}
