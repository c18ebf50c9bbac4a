//! Making the request and writing the settings.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use edgewright::edge::Server;
use edgewright::faces::tui::{Palette, Theme};
use edgewright::text::say;
use edgewright::wizard::{End, FocusTarget, Overlay};
use edgewright::world::{DryWorld, RealWorld, Trouble, World as _};

use crate::common;
use crate::walk::contoso;
use crate::walk::{CONTOSO, HOME, Walk, quick, read_without_problems};

/// At the summary of the request.
fn at_the_summary() -> Walk {
    Walk::at("request-summary")
}

fn in_home(name: &str) -> PathBuf {
    Path::new(HOME).join(name)
}

fn end(walk: &Walk) -> &End {
    walk.wizard().run().and_then(|run| run.end.as_ref()).expect("a run that has ended")
}

#[test]
fn nothing_is_made_before_the_summary_is_left() {
    let walk = at_the_summary();
    let there = [PathBuf::from(HOME), in_home("answers.toml"), in_home("home-id")];
    assert_eq!(walk.world.disk.keys().cloned().collect::<Vec<_>>(), there);
}

#[test]
fn the_request_file_that_exists_is_asked_about_and_replaced_after_a_yes() {
    let mut walk = Walk::at("request-file");
    walk.put("/home/ada/edge/contoso-edge.req", "something else");
    let question = say("confirm-replace")
        .with("file", in_home("contoso-edge.req").to_string_lossy().into_owned())
        .with("count", 1usize);
    walk.next().on("request-file").must_say(&question).keys("<right><enter>").on("template");
    walk.go_to_page("request-summary").next().on("request-executing");
    assert_eq!(*end(&walk), End::Complete);
    assert_eq!(walk.file(&in_home("contoso-edge.req")), walk.file(&in_home("requests/1/request.pem")));
}

#[test]
fn units_of_another_home_folder_are_asked_about() {
    const SERVICE: &str = "/etc/systemd/system/edgewright-status.service";
    for answer in ["<enter>", "<right><enter>"] {
        let mut walk = Walk::with(&quick(&contoso(Server::Prosody)));
        walk.put(SERVICE, "another's");
        walk.go_to_page("upkeep").keys("<space>").go_to_page("settings-summary").next();
        let question = say("confirm-replace").with("file", SERVICE).with("count", 1usize);
        walk.on("settings-summary").must_say(&question).keys(answer);
        if answer == "<enter>" {
            assert_eq!(walk.on("settings-summary").file(Path::new(SERVICE)).as_deref(), Some("another's"));
            continue;
        }
        walk.on("settings-executing");
        assert_eq!(*end(&walk), End::Complete);
        let ours = walk.file(Path::new(SERVICE));
        assert!(ours.as_ref().is_some_and(|unit| unit.contains("ExecStart=")), "{ours:?}");
    }
}

#[test]
fn the_request_file_that_exists_is_kept_without_a_yes() {
    let mut walk = Walk::at("request-file");
    walk.go_to_page("extra-names");
    walk.put("/home/ada/edge/contoso-edge.req", "something else");
    walk.go_to_page("request-summary");
    walk.next().keys("<enter>").on("request-summary"); // no
    assert_eq!(walk.file(&in_home("contoso-edge.req")).unwrap(), "something else");
    assert_eq!(walk.file(&in_home("requests/1/key.pem")), None);

    // The way out: another name.
    walk.go_to_page("request-file").keys("<c-u>other.req").go_to_page("request-summary");
    walk.next().on("request-executing");
    assert_eq!(walk.file(&in_home("contoso-edge.req")).unwrap(), "something else");
    assert!(walk.file(&in_home("other.req")).is_some());
}

#[test]
fn a_file_that_appears_while_the_summary_is_read_is_not_overwritten() {
    let mut walk = at_the_summary();
    walk.put("/home/ada/edge/contoso-edge.req", "something else");
    walk.next().on("request-executing");
    assert!(matches!(end(&walk), End::Failed(_)), "\n{}", walk.screen());
    assert_eq!(walk.file(&in_home("contoso-edge.req")).unwrap(), "something else");
}

#[test]
fn a_run_that_is_stopped_keeps_what_was_done_and_goes_on_from_the_summary() {
    let mut walk = at_the_summary();
    walk.interrupt_after(3, "<esc>").next().on("request-executing");
    assert_eq!(*end(&walk), End::Cancelled);
    assert_eq!(walk.wizard().run().unwrap().done, 3);
    walk.must_say_key("execute-cancelled").must_not_say_key("notice-stopping");
    walk.next().on("request-executing").must_say_key("notice-not-run");

    walk.keys("<esc>").on("request-summary").next().on("request-executing");
    assert_eq!(*end(&walk), End::Complete);
    walk.next().on("request-written");
}

#[test]
fn what_is_carried_out_is_one_line_for_each_action_with_its_place_in_the_home_folder() {
    let mut walk = at_the_summary();
    walk.next().on("request-executing");
    let screen = walk.wide_screen();
    for line in
        ["create key  requests/1/key.pem", "create request  requests/1/request.pem", "create copy of the request"]
    {
        assert!(screen.lines().any(|shown| shown.contains(line)), "{line}\n{screen}");
    }
    walk.go_to_page("settings-summary")
        .next()
        .next()
        .on("done")
        .keys("<f2>")
        .must_not_show(&format!("{HOME}/requests"));
}

#[test]
fn a_key_that_others_came_to_read_is_closed_and_not_changed() {
    let folder = common::scratch();
    let home = folder.path().join("edge");
    let answers = || read_without_problems(&quick(CONTOSO), folder.path());
    let world = || RealWorld::new(home.clone(), folder.path().to_owned());
    let mut walk = Walk::in_world(world(), answers(), false);
    walk.draw_seldom().go_to_page("request-executing").next();
    drop(walk);
    common::place::set_mode(&home.join("requests/1/key.pem"), 0o644);
    let mut walk = Walk::in_world(world(), answers(), false);
    walk.draw_seldom().go_to_page("request-summary").go_to_page("request-executing").draw();
    walk.must_show("close permissions of the private key").must_show("requests/1/key.pem");
    walk.must_not_show("change private key");
}

#[test]
fn leaving_during_a_run_stops_it_first() {
    let mut walk = at_the_summary();
    walk.interrupt_after(2, "<c-q>").next();
    assert!(walk.has_left());
    assert_eq!(walk.wizard().runs["request-executing"].done, 2);
}

#[test]
fn nothing_else_can_be_done_during_a_run() {
    let mut walk = at_the_summary();
    walk.interrupt_after(2, "<enter><up><enter><esc><f9>x<f5><f7><f8><f3>").next().on("request-executing");
    assert_eq!(*end(&walk), End::Complete, "escape closed the log, and nothing else did anything");
}

#[test]
fn whichever_call_fails_the_reason_is_shown_and_nothing_is_lost() {
    let calls = {
        let mut walk = at_the_summary();
        let before = walk.world.calls;
        walk.next().on("request-executing");
        walk.world.calls - before
    };
    assert!(calls > 5, "{calls}");
    for call in 1..=calls {
        let mut walk = at_the_summary();
        let answers = walk.wizard().written();
        walk.world.trouble = Some((walk.world.calls + call, Trouble::Fails(ErrorKind::StorageFull)));
        walk.next().on("request-executing");
        let End::Failed(reason) = end(&walk).clone() else { panic!("call {call}: {:?}", end(&walk)) };
        assert!(reason.contains("no storage space"), "{reason}");
        walk.must_say(&say("execute-failed").with("reason", reason)).next().on("request-executing");

        walk.world.trouble = None;
        walk.keys("<esc>").on("request-summary").next();
        assert_eq!(*end(&walk), End::Complete, "call {call}\n{}", walk.screen());
        assert_eq!(walk.wizard().written(), answers, "call {call}");
        assert_eq!(walk.answers_file(), answers, "call {call}");
        assert_eq!(walk.file(&in_home("contoso-edge.req")), newest_request(&walk), "call {call}");
    }
}

/// The text of the request with the highest number.
fn newest_request(walk: &Walk) -> Option<String> {
    let requests = walk.world.disk.keys().filter(|path| path.ends_with("request.pem"));
    let newest = requests.max_by_key(|path| path.parent().and_then(Path::file_name).map(std::ffi::OsStr::to_owned));
    walk.file(newest?)
}

#[test]
fn a_request_that_is_there_already_is_kept() {
    let mut walk = at_the_summary();
    walk.next().on("request-executing");
    let key = walk.file(&in_home("requests/1/key.pem"));
    walk.go_to_page("request-summary").next().on("request-executing");
    assert_eq!(walk.file(&in_home("requests/1/key.pem")), key);
    assert_eq!(walk.file(&in_home("requests/2/key.pem")), None);

    walk.go_to_page("organization").keys("<c-u>CH").go_to_page("request-summary").next();
    walk.must_show("Replace it?").keys("<right><enter>").on("request-executing"); // the copy of the first one
    assert!(walk.file(&in_home("requests/2/key.pem")).is_some(), "another subject is another request");
    assert_eq!(walk.file(&in_home("requests/1/key.pem")), key, "the first one stays");
}

#[test]
fn the_log_of_a_run_can_be_viewed() {
    let mut walk = at_the_summary();
    walk.next().on("request-executing").go_to(&FocusTarget::Log).keys("<enter>");
    assert!(matches!(&walk.wizard().overlay, Some(Overlay::View { content, .. }) if content.contains("key.pem")));
    walk.keys("<f6>");
    assert_eq!(walk.copied(), None, "the log is in no file and is not copied");
    walk.next().on("request-written");
}

#[test]
fn the_request_is_viewed_and_copied_as_it_lies_on_the_disk() {
    let mut walk = at_the_summary();
    walk.next().next().on("request-written");
    let request = walk.file(&in_home("contoso-edge.req")).unwrap();
    walk.keys("<f3>").must_show("-----BEGIN CERTIFICATE REQUEST-----").keys("<esc><f6>");
    assert_eq!(walk.copied(), Some(&(in_home("contoso-edge.req"), request)));
    let folder = in_home("").to_string_lossy().trim_end_matches('/').to_owned();
    let notice = say("notice-copied").with("name", "contoso-edge.req").with("folder", folder);
    walk.must_say(&notice);
}

#[test]
fn every_document_is_viewed_copied_and_written_with_one_content() {
    let mut walk = Walk::with(&quick(CONTOSO));
    let mut copied = Vec::new();
    for page in ["dns", "ports"] {
        walk.go_to_page(page);
        let documents = walk.wizard().slots().iter().filter(|slot| matches!(slot, FocusTarget::Document(_))).count();
        assert!(documents > 0, "{page}");
        for index in 0..documents {
            walk.go_to(&FocusTarget::Document(index)).keys("<f6>");
            let from_page = walk.copied().cloned();
            walk.keys("<enter><f6>");
            assert_eq!(walk.copied(), from_page.as_ref(), "the same from its view");
            walk.keys("<esc>");
            copied.extend(from_page);
        }
    }
    walk.go_to_page("settings-summary").next().on("settings-executing").must_say_key("execute-complete");
    for (file, text) in copied {
        assert_eq!(walk.file(&file), Some(text), "{}", file.display());
    }
}

#[test]
fn a_dry_run_goes_all_the_way_and_writes_nothing() {
    let folder = common::scratch();
    let home = folder.path().join("edge");
    let world = DryWorld::of(RealWorld::new(home.clone(), folder.path().to_owned()));
    let answers = read_without_problems(&quick(CONTOSO), folder.path());
    let mut walk = Walk::in_world(world, answers, true);
    walk.must_say_key("screen-dry-run").go_to_page("server").go_to_page("request-summary");
    walk.keys("<c-s>").must_say_key("notice-dry-run").next().on("request-executing").must_say_key("execute-dry");
    walk.next().on("request-written").must_say_key("request-written-not-yet");
    walk.go_to_page("settings-summary").next().must_say_key("execute-dry").next().on("done").next();
    assert!(walk.has_left());

    assert!(walk.saved().is_empty());
    assert!(!home.exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(walk.world.look(&[]).requests.is_empty(), "each plan was tried in a copy");
}

#[test]
fn a_box_says_whether_there_is_more_below() {
    let mut walk = Walk::at("ports");
    walk.keys("<f3>").must_say_key("screen-more-below").keys(&"<pgdn>".repeat(60));
    walk.must_not_say_key("screen-more-below");
}

#[test]
fn a_text_can_be_read_to_its_end_in_the_smallest_window() {
    let mut walk = Walk::at("dns");
    for page in ["dns", "ports"] {
        walk.go_to_page(page);
        let documents: Vec<FocusTarget> =
            walk.wizard().slots().into_iter().filter(|slot| matches!(slot, FocusTarget::Document(_))).collect();
        for document in documents {
            walk.go_to(&document).keys("<enter>");
            let Some(Overlay::View { content, .. }) = &walk.wizard().overlay else { panic!("a view of {document:?}") };
            let last = content.lines().rfind(|line| !line.is_empty()).expect("a text").trim().to_owned();
            walk.keys(&"<pgdn>".repeat(30));
            let seen = walk.drawn(60, 16, Theme::new(Palette::None, true)).text.replace(['│', '\n', ' '], "");
            assert!(seen.contains(&last.replace(' ', "")), "{last}\n{seen}");
            walk.keys("<esc>");
        }
    }
}
