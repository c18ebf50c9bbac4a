//! The wizard line by line: the same questions, answers and files, and nothing that a screen reader stumbles over.

use std::io::Write as _;
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::common::place::{Place, Run, answers};

/// A run of `--plain` into which `lines` are typed.
fn typed(place: &Place, lines: &[&str], args: &[&str]) -> Run {
    let mut command = place.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let typed = lines.iter().flat_map(|line| [line, "\n"]).collect::<String>();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    Run::from(child.wait_with_output().unwrap())
}

/// Prosody from the first question to the last; blank lines keep what stands in brackets.
const PROSODY: &[&str] = &[
    "2",  // server
    "no", // not installed here
    "example.org",
    "müller.example.org",
    "-2",
    "", // XMPP domains, one taken back
    "conference.example.org",
    "", // components
    "",
    "",         // request, authority
    "mine.req", // file
    "",
    "",
    "", // key, exportable, client usage
    "Example Ltd",
    "", // organization, unit
    "germany",
    "",
    "", // country by name, state, city
    "", // names
    "", // additional names
    "", // summary: make it
    "", // executing
    "", // written
    "", // the certificate has not come
    "+",
    "",
    "partner.example",
    "",
    "",
    "",
    "",
    "3",
    "",
    "",
    "", // a partner whose SASL is not supported
    "", // no further row
    "", // unlisted domains
    "xmpp_.example.org",
    "xmpp.example.org", // a mistake is said and asked again
    "192.0.2.7",
    "2001:db8::7",
    "", // addresses
    "",
    "",
    "",
    "",
    "", // zones, ttl, priority, weight, no TLSA record
    "", // published nowhere
    "", // ports
    "", // no daily look
    "", // summary: write it
    "",
    "", // executing, done
];

#[test]
fn every_question_is_asked_and_everything_is_made() {
    let place = Place::with("");
    let run = typed(&place, PROSODY, &["--plain"]);
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
    for file in
        ["mine.req", "home/requests/1/key.pem", "home/out/prosody/edgewright.cfg.lua", "home/out/dns/records.ps1"]
    {
        assert!(place.path(file).exists(), "{file}\n{}", run.out);
    }
    let saved = place.read("home/answers.toml");
    for said in [
        "kind = \"prosody\"",
        "xmpp_domains = [\"example.org\"]",
        "host = \"xmpp.example.org\"",
        "country = \"DE\"",
        "sasl = \"not-supported\"",
    ] {
        assert!(saved.contains(said), "{said}\n{saved}\n{}", run.out);
    }
    assert!(run.out.contains("name-underscore"), "a mistake is said\n{}", run.out);
}

#[test]
fn for_name_servers_that_do_not_answer_nobody_waits_before_the_request() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let resolver = silent.local_addr().unwrap().to_string();
    let (began, to_the_summary) = (Instant::now(), &PROSODY[..21]);
    let run = typed(&Place::with(""), to_the_summary, &["--plain", "--resolver", &resolver, "--timeout", "60"]);
    assert!(run.out.contains("Name servers are being asked."), "{}", run.out);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn what_was_answered_by_lines_is_nothing_else_than_what_a_file_says() {
    let place = Place::with("");
    typed(&place, PROSODY, &["--plain"]);
    let replayed = place.run(&["plan", "--answers", "home/answers.toml", "--json"]);
    assert_eq!(replayed.code, 0, "{}", replayed.out);
    assert!(replayed.keeps_all(), "{}", replayed.out);
}

#[test]
fn nothing_moves_the_cursor_or_draws_a_box() {
    let place = Place::with("");
    let run = typed(&place, PROSODY, &["--plain", "--color", "always"]);
    let strange = |c: &char| (c.is_control() && *c != '\n') || ('\u{2500}'..='\u{259f}').contains(c);
    assert_eq!(run.out.chars().find(strange), None, "{}", run.out);
}

#[test]
fn back_review_and_help_lead_nowhere_else() {
    let place = Place::with("");
    let run = typed(&place, &["1", "?", "!", "<", "3"], &["--plain"]);
    assert!(run.out.contains("Edgewright makes key and request here"), "help\n{}", run.out);
    assert!(place.read("home/answers.toml").contains("ejabberd"), "{}", run.out);
}

#[test]
fn it_says_first_what_can_be_typed() {
    let run = typed(&Place::with(""), &["2", "no"], &["--plain"]);
    assert!(run.out.starts_with("Enter alone keeps"), "{}", run.out);
    assert!(run.err.contains("--plain"), "and how to come back to the lines\n{}", run.err);
}

#[test]
fn going_on_too_early_names_what_is_missing() {
    let run = typed(&Place::with(""), &["2", "no", "", "", "", "", "", "", "", "", "", ""], &["--plain"]);
    let (_, after) = run.out.split_once("not right yet").expect(&run.out);
    let said = after.split("\n  hint").take(4).collect::<String>();
    assert!(said.contains("edge.xmpp_domains"), "{}", run.out);
    assert_eq!(run.out.matches("not right yet").count(), 1, "said once\n{}", run.out);
    assert!(run.out.contains("Delayed or immediate"), "and then it goes on\n{}", run.out);
}

#[test]
fn only_numbers_that_lead_somewhere_are_offered() {
    let run = typed(&Place::with(""), &["2", "no", "!"], &["--plain"]);
    assert!(run.out.contains("\nServer: Prosody\n") && !run.out.contains("number from above"), "{}", run.out);
    let run = typed(&Place::with(""), PROSODY, &["--plain"]);
    assert!(run.out.contains("1. Server: Prosody") && run.out.contains("number from above"), "{}", run.out);
}

#[test]
fn a_dry_run_by_lines_ends_in_the_plan_and_writes_only_the_answers_asked_for() {
    let place = Place::with(&answers("prosody", ""));
    let run = typed(&place, &[], &["--plain", "--dry-run", "--answers", "edge.toml", "--answers-out", "kept.toml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("DNS records"), "{}", run.out);
    assert!(!place.home().exists());
    assert!(place.read("kept.toml").contains("prosody"));
}

#[test]
fn only_a_yes_is_a_yes() {
    for (answer, is_removed) in [
        ("on second thought no", false),
        ("yesterday", false),
        ("ja", false),
        ("n", false),
        ("", false),
        ("Yes", true),
        ("y", true),
    ] {
        let place =
            Place::with(&answers("prosody", "[[partners]]\ndomain = \"partner.example\"\ndescription = \"kept\""));
        place.applied();
        let run = typed(&place, &["5", "-1", answer], &["--plain"]);
        assert!(run.out.contains("(Yes/No)"), "{}", run.out);
        let is_there = place.read("home/answers.toml").contains("partner.example");
        assert_eq!(is_there, !is_removed, "{answer:?}: {}", run.out);
    }
}

#[test]
fn only_where_something_is_to_be_read_or_done_enter_alone_goes_on() {
    let run = typed(&Place::with(""), PROSODY, &["--plain"]);
    let page =
        |title: &str| run.out.split("\nStep ").find(|page| page.lines().next().unwrap().ends_with(title)).unwrap();
    for title in [
        "Server",
        "Names and domains",
        "Certificate request file",
        "Organization and geographical information",
        "Upkeep",
    ] {
        assert!(!page(title).contains("press Enter"), "{}", page(title));
    }
    for title in ["Subject name and subject alternative names", "Request summary", "DNS records", "Firewall ports"] {
        assert!(page(title).contains("press Enter"), "{}", page(title));
    }
    // What a page comes to is said, once.
    assert_eq!(page("Names and domains").matches("Why it is there").count(), 1, "{}", page("Names and domains"));
}

#[test]
fn a_wrong_item_of_a_list_is_asked_again_at_once() {
    for (again, kept) in [
        ("contoso.example.org", "[\"example.org\", \"contoso.example.org\"]"),
        ("-", "[\"example.org\"]"),
        ("", "[\"example.org\", \"wr_ong.example.org\"]"),
    ] {
        let place = Place::with("");
        let run = typed(&place, &["2", "no", "example.org", "wr_ong.example.org", again], &["--plain"]);
        let problem = "error[name-underscore]: edge.xmpp_domains.1: `wr_ong.example.org` contains an underscore\n";
        let (before, after) = run.out.split_once(problem).expect(&run.out);
        assert!(!before.contains("name-underscore"), "{}", run.out);
        assert!(after.lines().nth(1).unwrap().starts_with("2. [wr_ong.example.org] "), "{}", run.out);
        assert!(place.read("home/answers.toml").contains(&format!("xmpp_domains = {kept}")), "{again}: {}", run.out);
    }
}

#[test]
fn what_explains_a_question_stands_before_it_and_once() {
    let run = typed(&Place::with(""), PROSODY, &["--plain"]);
    let page = run.out.split("\nStep ").find(|page| page.contains("exportable")).expect(&run.out);
    let explained = page.find("leaves this machine").or_else(|| page.find("PFX")).expect(page);
    assert!(explained < page.find("]: ").unwrap(), "{page}");
}

#[test]
fn what_is_left_to_do_by_hand_is_ticked_off_and_told_on_leaving() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let told =
        |run: &Run| run.err.contains("sh out/prosody/firewall.sh") && run.err.contains("Publish the DNS records");
    assert!(told(&typed(&place, &["<"], &["--plain"])), "each step, as it stands in out/to-do.md");

    // The last step is the one about the records.
    let run = typed(&place, &["2", "5", "<", "<"], &["--plain"]);
    assert!(run.out.contains("[x] Publish the DNS records"), "{}", run.out);
    assert!(!told(&run) && run.err.contains("sh out/prosody/firewall.sh"), "{}", run.err);
    assert_eq!(std::fs::metadata(place.home().join("todo.json")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!told(&typed(&place, &["<"], &["--plain"])), "it is remembered");
    assert!(place.applied().keeps_all(), "and nothing is to be written for it");
}
