//! Commands at a terminal: what is wider than it is wrapped at words, and only there is anything asked.

use std::io::{Read as _, Write as _};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use unicode_width::UnicodeWidthStr as _;

use crate::common::place::{Place, answers};

/// Columns of the terminal.
const WIDTH: u16 = 50;

/// What a run at a terminal showed, with its exit code; `typed` stands there before it asks.
fn at_terminal(place: &Place, args: &[&str], typed: &str) -> (u32, String) {
    let size = PtySize { rows: 24, cols: WIDTH, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_edgewright"));
    command.args(args);
    command.cwd(place.folder());
    command.env("LC_ALL", "C");
    command.env("EDGEWRIGHT_HOME", place.home());
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut keyboard = pair.master.take_writer().unwrap();
    keyboard.write_all(typed.as_bytes()).unwrap();
    let mut shown = Vec::new();
    // The terminal of a process that is gone ends with an error on Linux.
    let _ = pair.master.try_clone_reader().unwrap().read_to_end(&mut shown);
    let code = child.wait().unwrap().exit_code();
    drop(keyboard); // which ends its line
    (code, String::from_utf8(shown).unwrap().replace("\r\n", "\n"))
}

/// The words of a text, wherever its lines end.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn what_is_wider_than_the_terminal_is_wrapped_at_words_and_nothing_else_is_different() {
    let place = Place::with(&answers("prosody", "edge.host = \"xmpp_.contoso.com\""));
    for args in [&["plan", "--answers", "edge.toml", "--explain"][..], &["status"], &["renew"]] {
        let (code, shown) = at_terminal(&place, args, "");
        let piped = place.run(args);
        let said = piped.out + &piped.err;
        assert_eq!((code, words(&shown)), (piped.code.try_into().unwrap(), words(&said)), "{args:?}");
        let fits = |line: &str| line.width() <= WIDTH.into() || !line.trim().contains(' ');
        assert!(shown.lines().all(fits), "{args:?}\n{shown}");
        assert!(said.lines().any(|line| line.width() > WIDTH.into()), "{args:?} is not long enough\n{said}");
    }
}

#[test]
fn json_is_never_wrapped() {
    let place = Place::with(&answers("prosody", "edge.host = \"xmpp_.contoso.com\""));
    let args = ["plan", "--answers", "edge.toml", "--json"];
    assert_eq!(at_terminal(&place, &args, "").1, place.run(&args).out);
}

#[test]
fn the_wizard_by_lines_is_wrapped_too_and_its_prompt_keeps_its_blank() {
    let place = Place::with("");
    let (_, shown) = at_terminal(&place, &["--plain"], "\u{4}");
    assert!(shown.lines().all(|line| line.width() <= WIDTH.into()), "{shown}");
    assert!(shown.contains("Number: "), "{shown}");
}

#[test]
fn an_undo_at_a_terminal_shows_what_it_does_and_asks() {
    for (typed, is_undone) in [("\n", false), ("no\n", false), ("perhaps\n", false), ("\u{4}", false), ("y\n", true)] {
        let place = Place::with(&answers("prosody", ""));
        place.applied();
        let (code, shown) = at_terminal(&place, &["undo"], typed);
        assert_eq!(code, 0, "{shown}");
        let (before, after) = shown.split_once("Undo this run? (Yes/No) [No]: ").expect(&shown);
        assert!(words(before).join(" ").contains("Undo of run 1, of 20"), "{shown}");
        assert!(before.contains("answers.toml") && before.contains("key.pem stays:"), "{shown}");
        assert_eq!(after.contains("Nothing was changed"), !is_undone, "{shown}");
        assert_eq!(place.path("edge.req").exists(), !is_undone, "{typed:?}: {shown}");
    }
}

#[test]
fn yes_answers_an_undo_beforehand_and_a_dry_one_asks_nothing() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let (code, shown) = at_terminal(&place, &["undo", "--dry-run"], "");
    assert!(code == 0 && !shown.contains("Undo this run?") && place.path("edge.req").exists(), "{shown}");
    let (code, shown) = at_terminal(&place, &["undo", "--yes"], "");
    assert!(code == 0 && !shown.contains("Undo this run?") && !place.path("edge.req").exists(), "{shown}");
}
