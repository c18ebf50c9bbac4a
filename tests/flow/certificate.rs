//! The certificate comes home, is renewed, and a run is taken back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use edgewright::edge::Renewal;
use edgewright::edge::{Server, Usage};
use edgewright::faces::plain::{Plain, Reply};
use edgewright::form::{Answered, file};
use edgewright::pages;
use edgewright::pki::Certificate;
use edgewright::plan::{Action, Change, Plan};
use edgewright::problem::Code;
use edgewright::steps::pfx::Pfx;
use edgewright::text::{Arg, say};
use edgewright::wizard::{End, FocusTarget, Msg, Overlay};
use edgewright::world::{FakeWorld, Secrets, World as _, perform_with};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, CrlDistributionPoint, DnType, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};

use crate::look::looks;
use crate::walk::{CONTOSO, HOME, NOW, Walk, contoso, quick};

/// Where a person put what the authority sent.
pub const SENT: &str = "/home/ada/sent.pem";

/// A root that the machine believes, and an authority below it.
pub struct Authority {
    pub root: Certificate,
    pub issuing: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let params = |name: &str| {
            let mut params = CertificateParams::default();
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
            params.use_authority_key_identifier_extension = true;
            params
        };
        let key = KeyPair::generate().unwrap();
        let root = params("Root").self_signed(&key).unwrap();
        let below = KeyPair::generate().unwrap();
        let issuing = params("Issuing").signed_by(&below, &Issuer::new(params("Root"), key)).unwrap();
        Authority {
            root: Certificate::read(root.der()).unwrap(),
            issuing: issuing.pem(),
            issuer: Issuer::new(params("Issuing"), below),
        }
    }

    /// The answer to a request, without its issuer: valid from now on for this long.
    pub fn leaf(&self, request: &str, lifetime: Duration) -> String {
        let mut asked = CertificateSigningRequestParams::from_pem(request).unwrap();
        asked.params.not_before = NOW - Duration::HOUR;
        asked.params.not_after = NOW + lifetime;
        let uris = vec!["http://ca.example.org/ca.crl".to_owned()];
        asked.params.use_authority_key_identifier_extension = true;
        asked.params.crl_distribution_points = vec![CrlDistributionPoint { uris }];
        asked.signed_by(&self.issuer).unwrap().pem()
    }

    /// The answer to the request of this number, with its issuer.
    pub fn answer(&self, walk: &Walk, number: u32) -> String {
        self.leaf(&request(walk, number), Duration::days(90)) + &self.issuing
    }

    /// A machine that believes the root, with these answers at home.
    fn walk(&self, answers: &str) -> Walk {
        let mut walk = Walk::with(answers);
        walk.world.trusted = Arc::new([self.root.clone()]);
        walk.draw_seldom();
        walk
    }

    /// The sample edge on Prosody, whose request was made, at the page of the certificate.
    pub fn requested(&self) -> Walk {
        self.requested_with(&contoso(Server::Prosody))
    }

    /// The same with these answers.
    pub fn requested_with(&self, answers: &str) -> Walk {
        let mut walk = self.walk(&quick(answers));
        walk.go_to_page("certificate");
        walk
    }

    /// The same, with the certificate in use.
    fn in_use(&self) -> Walk {
        let mut walk = self.requested();
        let sent = self.answer(&walk, 1);
        walk.receive(&sent).take_home();
        walk
    }
}

pub fn at_home(path: &str) -> PathBuf {
    Path::new(HOME).join(path)
}

pub fn request(walk: &Walk, number: u32) -> String {
    walk.file(&at_home(&format!("requests/{number}/request.pem"))).unwrap()
}

pub fn current(walk: &Walk) -> Option<&Path> {
    walk.world.links.get(&at_home(Usage::External.link())).map(PathBuf::as_path)
}

impl Walk {
    /// Names a file that holds this.
    #[track_caller]
    pub fn receive(&mut self, sent: &str) -> &mut Self {
        self.put(SENT, sent);
        self.on("certificate").go_to_field("certificate.file").keys(&format!("<c-u>{SENT}<enter>"))
    }

    /// Lets a minute pass: runs are told apart by their time.
    fn later(&mut self) -> &mut Self {
        self.world = self.world.clone().at(self.world.now + Duration::MINUTE);
        self
    }

    #[track_caller]
    pub fn take_home(&mut self) -> &mut Self {
        self.later().next().on("certificate-summary").next().on("certificate-executing");
        let end = self.wizard().run().and_then(|run| run.end.clone());
        assert_eq!(end, Some(End::Complete), "\n{}", self.draw().screen());
        self
    }

    /// What is wrong with the certificate.
    fn findings(&self) -> Vec<Code> {
        self.findings_at("certificate.file")
    }

    /// What is wrong with the answer at `path`.
    pub fn findings_at(&self, path: &str) -> Vec<Code> {
        let problems = self.wizard().reading().problems_at(path);
        problems.filter(|problem| problem.path == path).map(|problem| problem.code).collect()
    }

    /// Takes the step of the list with these words.
    #[track_caller]
    fn choose_step(&mut self, words: &str) -> &mut Self {
        let Some(Overlay::Menu { items, .. }) = &self.wizard().overlay else { panic!("no list") };
        let is_it = |arg: &Arg| matches!(arg, Arg::Message(step) if step.key == words);
        let at = items.iter().position(|item| item.label.args.iter().any(|(_, arg)| is_it(arg)));
        let at = at.unwrap_or_else(|| panic!("{words} is none of {items:?}"));
        self.keys("<home>").keys(&"<down>".repeat(at)).keys("<enter>")
    }

    /// Starts again, and takes the item of the hub, or of the menu that is there, with these words.
    #[track_caller]
    pub fn choose(&mut self, words: &'static str) -> &mut Self {
        let Some(Overlay::Menu { items, .. }) = &self.wizard().overlay else { panic!("no menu") };
        let at = items.iter().position(|item| item.label.key == words);
        let at = at.unwrap_or_else(|| panic!("{words} is none of {items:?}"));
        self.keys("<home>").keys(&"<down>".repeat(at)).keys("<enter>")
    }
}

/// The words that the hub offers.
fn offered(walk: &mut Walk) -> Vec<String> {
    let Some(Overlay::Menu { items, .. }) = &walk.started_again().wizard().overlay else { panic!("no hub") };
    items.iter().map(|item| item.label.key.to_string()).collect()
}

/// What stands above it.
fn said(walk: &mut Walk) -> String {
    walk.started_again();
    let Some(Overlay::Menu { about, .. }) = &walk.wizard().overlay else { panic!("no hub") };
    about.iter().map(|message| walk.words(message) + "\n").collect()
}

#[test]
fn named_by_its_file_it_is_shown_proved_and_put_into_use() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    assert!(offered(&mut walk).contains(&"hub-certificate".to_owned()));
    walk.choose("hub-certificate");
    let sent = authority.answer(&walk, 1);
    walk.receive(&sent).draw();
    walk.must_show("valid from 2026-11-21 to 2027-02-19").must_show("pairs/1");
    assert!(walk.shows_wide("CN=Issuing"), "\n{}", walk.wide_screen());
    assert_eq!(walk.findings(), []);
    walk.take_home();
    assert_eq!(current(&walk), Some(Path::new("pairs/1")));
    assert_eq!(walk.file(&at_home("pairs/1/fullchain.pem")).as_ref(), Some(&sent));
    assert_eq!(walk.file(&at_home("pairs/1/key.pem")), walk.file(&at_home("requests/1/key.pem")));
    assert!(walk.answers_file().contains(SENT));

    let stands = said(&mut walk);
    assert!(stands.contains("In use: pair 1") && stands.contains("2027-02-19"), "{stands}");
    let offered = offered(&mut walk);
    assert!(!offered.contains(&"hub-certificate".to_owned()), "nothing waits any more");
    assert!(offered.contains(&"hub-renew".to_owned()) && offered.contains(&"hub-undo".to_owned()));
}

#[test]
fn pasted_it_is_saved_and_its_path_is_the_answer() {
    let authority = Authority::new();
    for line_break in ["\n", "\r", "\r\n"] {
        let mut walk = authority.requested();
        let sent = authority.answer(&walk, 1);
        walk.go_to_field("certificate.file").paste(&sent.replace('\n', line_break));
        let file = walk.answer("certificate.file").unwrap();
        assert!(file.starts_with(&format!("{HOME}/received/")), "{file}");
        assert_eq!(walk.file(Path::new(&file)), Some(sent));
        assert_eq!(walk.findings(), []);
        walk.take_home();
        assert_eq!(current(&walk), Some(Path::new("pairs/1")));
    }
}

#[test]
fn base64_without_its_first_and_last_line_is_a_certificate_too() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    let sent = authority.leaf(&request(&walk, 1), Duration::days(90));
    let bare: Vec<&str> = sent.lines().filter(|line| !line.starts_with('-')).collect();
    walk.go_to_field("certificate.file").paste(&bare.concat());
    assert_eq!(walk.findings(), [Code::CertificateChainIncomplete], "it was read");
}

#[test]
fn what_is_no_certificate_is_said_and_not_saved() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    let with_key = authority.answer(&walk, 1) + &walk.file(&at_home("requests/1/key.pem")).unwrap();
    for text in [&request(&walk, 1), "Dear customer,\nyour order is being looked at.\n", &with_key] {
        walk.go_to_field("certificate.file").paste(text);
        assert_eq!(walk.answer("certificate.file"), None);
        assert!(walk.wizard().notice.is_some());
    }
    assert!(!walk.world.disk.keys().any(|path| path.starts_with(at_home("received"))));
    walk.paste("/tmp/edge.pem");
    assert_eq!(walk.answer("certificate.file").unwrap(), "/tmp/edge.pem", "a path is a path");
}

#[test]
fn for_another_key_it_is_refused_and_what_serves_goes_on_serving() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    let stranger = CertificateParams::new(["contoso.com".to_owned()]).unwrap();
    let stranger = stranger.serialize_request(&KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    let sent = authority.leaf(&stranger, Duration::days(90)) + &authority.issuing;
    walk.go_to_page("certificate").receive(&sent);
    assert!(walk.findings().contains(&Code::CertificateOtherKey));
    walk.next().on("certificate").next().on("certificate-summary").next().on("certificate-summary");
    assert_eq!(current(&walk), Some(Path::new("pairs/1")));
}

#[test]
fn without_its_issuer_it_is_refused_until_both_are_in_the_file() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    let leaf = authority.leaf(&request(&walk, 1), Duration::days(90));
    walk.receive(&leaf);
    assert_eq!(walk.findings(), [Code::CertificateChainIncomplete]);
    walk.receive(&(authority.issuing.clone() + &leaf));
    assert_eq!(walk.findings(), [Code::CertificateOrder], "which is only a warning");
    walk.take_home();
    assert_eq!(walk.file(&at_home("pairs/1/fullchain.pem")).unwrap(), leaf + &authority.issuing);
}

#[test]
fn going_on_right_after_typing_waits_for_the_look_at_what_was_typed() {
    let authority = Authority::new();
    let typed = |path: &str| {
        let mut walk = authority.requested();
        let sent = authority.answer(&walk, 1);
        walk.put(SENT, &sent);
        walk.on("certificate").looks_are_slow();
        walk.go_to_field("certificate.file").keys(&format!("<c-u>{path}"));
        walk
    };
    typed(SENT).keys("<c-n>").draw().must_say_key("notice-looking").look_ends().on("certificate-summary");
    typed(SENT).click("Next").click("Next").on("certificate").look_ends().on("certificate-summary");
    typed(SENT).keys("<enter><enter>").on("certificate").look_ends().on("certificate-summary");
    // What is typed ahead is for the page that comes.
    let mut walk = typed(SENT);
    walk.keys("<c-n><f1>").look_ends().on("certificate-summary");
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Help { .. })));
    assert_eq!(walk.answer("certificate.file").as_deref(), Some(SENT));
    // A look that began before says nothing of it.
    let mut walk = typed("/nowhere.pem");
    walk.keys(&format!("<down><up><c-u>{SENT}<c-n>")).look_ends().on("certificate").look_ends();
    walk.on("certificate-summary");
    // Nobody has to wait.
    let mut walk = typed(SENT);
    walk.keys("<c-n><esc>").look_ends().on("certificate").keys("<c-n>").look_ends().on("certificate-summary");

    let mut walk = typed("/nowhere.pem");
    walk.keys("<c-n>").look_ends().on("certificate");
    assert_eq!(walk.findings(), [Code::FileUnreadable]);
    // Insisted on; the focus was put on the path anew, so that it is looked at twice.
    walk.keys("<c-n>").look_ends().look_ends().on("certificate-summary");
}

#[test]
fn a_file_that_is_not_there_is_an_error_only_while_a_certificate_is_awaited() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    walk.go_to_field("certificate.file").keys("/nowhere.pem<enter>");
    assert_eq!(walk.findings(), [Code::FileUnreadable]);
    walk.next().on("certificate");

    let mut walk = authority.in_use();
    walk.world.disk.remove(Path::new(SENT));
    walk.go_to_page("settings-summary").next().on("settings-executing");
}

#[test]
fn a_renewal_asks_nothing_while_nothing_is_refused_and_the_old_pair_serves_until_the_new_one_is_complete() {
    let authority = Authority::new();
    for (choice, keeps_key) in [("renew-new-key", false), ("renew-keep-key", true)] {
        let mut walk = authority.in_use();
        walk.started_again().choose("hub-renew").choose(choice).on("request-summary");
        assert_eq!(walk.wizard().reading().wishes().renewal, Some(Renewal { keeps_key }), "it outlasts every look");
        assert_eq!(walk.answer("certificate.file"), None);
        walk.next().on("request-executing");
        assert_eq!(walk.wizard().reading().wishes().renewal, None, "the request is made");
        assert_eq!(current(&walk), Some(Path::new("pairs/1")));
        let key = |number: u32| walk.file(&at_home(&format!("requests/{number}/key.pem"))).unwrap();
        assert_eq!(key(1) == key(2), keeps_key);

        walk.go_to_page("certificate");
        let sent = authority.answer(&walk, 2);
        walk.receive(&sent);
        assert_eq!(walk.findings(), []);
        walk.next().on("certificate-summary");
        assert_eq!(current(&walk), Some(Path::new("pairs/1")));
        walk.keys("<esc>").take_home();
        assert_eq!(current(&walk), Some(Path::new("pairs/2")));
        walk.go_to_page("done");
        assert!(walk.wizard().reading().whole().plan.is_done(), "nothing is left to do");
    }
}

#[test]
fn a_renewal_asks_what_is_refused() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    walk.go_to_page("organization").go_to_field("geography.country").keys("<c-u>Atlantis<tab>");
    walk.started_again().choose("hub-renew").choose("renew-new-key").on("organization");
    walk.go_to_field("geography.country").keys("<c-u>US<tab>").next().on("request-summary").next();
    walk.on("request-executing");
    assert!(walk.file(&at_home("requests/2/request.pem")).is_some());
}

#[test]
fn an_old_certificate_that_is_still_named_harms_no_new_request() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    let old = walk.file(Path::new(SENT)).unwrap();
    walk.started_again().choose("hub-renew").choose("renew-new-key").next();
    walk.go_to_page("certificate").receive(&old);
    assert_eq!(walk.findings(), []);
    walk.draw().must_say(&say("certificate-serves").with("number", "1"));
    walk.go_to_page("done");
    assert_eq!(current(&walk), Some(Path::new("pairs/1")));
    walk.go_to_page("certificate");
    let sent = authority.answer(&walk, 2);
    walk.receive(&sent).take_home();
    walk.go_to_page("certificate").receive(&old).go_to_page("done");
    assert_eq!(current(&walk), Some(Path::new("pairs/2")), "the older one does not come back");
}

#[test]
fn a_certificate_that_ends_before_the_one_in_use_is_said_to() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    let sent = authority.leaf(&request(&walk, 1), Duration::days(80)) + &authority.issuing;
    walk.go_to_page("certificate").receive(&sent);
    assert_eq!(walk.findings(), [Code::CertificateEndsEarlier]);
    walk.take_home();
    assert_eq!(current(&walk), Some(Path::new("pairs/2")));
}

#[test]
fn undo_says_what_it_does_and_switches_back() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    walk.started_again().choose("hub-renew").choose("renew-new-key").next();
    walk.go_to_page("certificate");
    let sent = authority.answer(&walk, 2);
    walk.receive(&sent).take_home();

    walk.started_again().choose("hub-undo").draw();
    walk.must_show("current").must_say(&say("undo-pair-stays").with("number", "2"));
    walk.must_not_show("requests/2").keys("<enter>");
    assert_eq!(current(&walk), Some(Path::new("pairs/2")), "return leaves everything as it is");
    walk.started_again().choose("hub-undo").choose("undo-do");
    assert_eq!(current(&walk), Some(Path::new("pairs/1")));
    walk.draw().must_say_key("undo-done").must_say_key("hub");
    assert!(said(&mut walk).contains("In use: pair 1"));
    walk.choose("hub-from-start").go_to_page("certificate");
    assert_eq!(walk.findings(), []);
    walk.draw().must_say(&say("certificate-at-home").with("number", "2"));
}

#[test]
fn the_hub_says_of_a_certificate_that_was_taken_out_of_use_that_it_is_there() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    walk.started_again().choose("hub-undo").keys("<down><enter>");
    let stands = said(&mut Walk::through(walk.world.clone()));
    assert!(stands.contains("request 1 came, and is not in use"), "{stands}");
}

#[test]
fn the_hub_says_when_it_is_time() {
    let authority = Authority::new();
    let walk = authority.in_use();
    for (days, words) in [(0, "90 days left"), (70, "Renew it: 20 days"), (91, "EXPIRED on 2027-02-19")] {
        let stands = said(&mut Walk::through(walk.world.clone().at(NOW + Duration::days(days))));
        assert!(stands.contains(words), "{stands}");
    }
}

#[test]
fn what_can_be_seen_done_is_ticked_by_itself() {
    let authority = Authority::new();
    let done = |walk: &mut Walk| -> Vec<String> {
        let steps = walk.wizard().with_context(pages::to_do).into_iter();
        steps.filter(pages::ToDo::is_done).map(|step| step.words.key.into_owned()).collect()
    };
    let mut walk = authority.requested();
    assert_eq!(done(&mut walk), Vec::<String>::new());
    let sent = authority.answer(&walk, 1);
    walk.receive(&sent).take_home();
    assert_eq!(done(&mut walk), ["to-do-send", "to-do-complete"]);
    walk.started_again().choose("hub-renew").choose("renew-new-key").next();
    assert_eq!(done(&mut walk), Vec::<String>::new(), "the next request is to be sent again");
}

#[test]
fn the_step_about_the_pfx_is_done_with_the_one_of_this_certificate() {
    let authority = Authority::new();
    let mut walk = authority.walk(&quick(CONTOSO));
    walk.go_to_page("certificate");
    let is_done = |walk: &Walk| {
        let steps = walk.wizard().with_context(pages::to_do);
        steps.iter().find(|step| step.words.key == "to-do-pfx").expect("Lync takes a PFX").is_done()
    };
    for number in [1, 2] {
        let sent = authority.answer(&walk, number);
        walk.receive(&sent).take_home();
        assert!(!is_done(&walk), "certificate {number} has come");
        let facts = walk.world.look(&[]);
        let pair = facts.layout().pair(number);
        let pfx = Pfx { pair, friendly_name: String::new(), legacy: false, replaces: false };
        let file = at_home("out/lync/20-certificate.pfx");
        let made = Action::new(Change::Create, file.clone(), pfx);
        let hands = Secrets { password: Some("Corr3ct-h0rse".to_owned().into()), ..Secrets::default() };
        let home = Path::new(HOME);
        perform_with(&mut walk.world, home, &Plan::of(&facts, vec![made]), hands, &mut |_| (), &|| true);
        walk.world.disk.remove(&file);
        walk.started_again();
        assert!(is_done(&walk), "its PFX was made, wherever it is by now");
        walk.choose("hub-renew").choose("renew-new-key").next().go_to_page("certificate");
    }
}

/// What the PFX in `out/` says under this password.
fn opens(walk: &Walk, password: &str) -> bool {
    let Some(Some(content)) = walk.world.disk.get(&at_home("out/lync/20-certificate.pfx")) else { return false };
    edgewright::pki::pfx::read(content, password).is_ok()
}

#[test]
fn the_pfx_is_made_on_the_screen_under_a_password_that_is_typed_twice() {
    let authority = Authority::new();
    let mut walk = authority.walk(&quick(CONTOSO));
    walk.go_to_page("certificate");
    let sent = authority.answer(&walk, 1);
    walk.receive(&sent).take_home();
    walk.next().draw().must_say_key("pfx-password");
    looks(&walk, "over-pfx");
    walk.keys("<enter><enter>").draw().must_say_key("pfx-empty");
    walk.keys("Corr3ct<enter>Correct<enter>").draw().must_say_key("pfx-differ").must_not_show("Corr3ct");
    // Not now: the list keeps it.
    walk.keys("<esc>").on("certificate-executing").next();
    walk.go_to_page("done").started_again().choose("hub-to-do").choose_step("to-do-pfx").choose("pfx-make-here");
    walk.keys("Corr3ct-h0rsf<backspace>e<enter>");
    walk.late(Msg::Paste("Corr3ct-h0rse\n".to_owned())).draw().must_not_show("h0rse").keys("<enter>");
    walk.draw().must_say_key("pfx-made");
    assert!(opens(&walk, "Corr3ct-h0rse") && !walk.written().contains("h0rse"));
    let Some(Overlay::Menu { items, .. }) = &walk.wizard().overlay else { panic!("the list comes back") };
    assert!(items.iter().any(|item| item.label.key == "to-do-done"), "{items:?}");
    // A renewed certificate has to be carried too, in place of the one before.
    walk.started_again().choose("hub-renew").choose("renew-new-key").next();
    walk.go_to_page("certificate");
    let sent = authority.answer(&walk, 2);
    walk.receive(&sent).take_home();
    walk.next().draw().must_say_key("pfx-password");
    walk.keys("short<enter>short<enter>").draw().must_say_key("pfx-short").keys("<c-u><up><c-u>");
    walk.keys("Straße-nach-Süden<enter>Straße-nach-Süden<enter>")
        .draw()
        .must_say_key("problem-password-not-ascii")
        .keys("<enter>");
    assert!(opens(&walk, "Straße-nach-Süden"));
    // What no run here made is nobody's to write over.
    let pfx = at_home("out/lync/20-certificate.pfx");
    let mut strange = authority.walk(&quick(CONTOSO));
    strange.world.disk.insert(pfx, Some(b"theirs".to_vec()));
    strange.go_to_page("certificate");
    let sent = authority.answer(&strange, 1);
    strange.receive(&sent).take_home();
    strange.next();
    assert!(strange.draw().shows("No PFX can be made") && strange.wizard().overlay.is_none(), "\n{}", strange.screen());
}

#[test]
fn nobody_is_asked_for_a_pfx_where_the_server_wants_none() {
    let authority = Authority::new();
    for server in [Server::Prosody, Server::Ejabberd] {
        let mut walk = authority.walk(&quick(&contoso(server)));
        walk.go_to_page("certificate");
        let sent = authority.answer(&walk, 1);
        walk.receive(&sent).take_home();
        assert_ne!(walk.next().page(), "certificate-executing");
    }
}

#[test]
fn what_the_hub_opened_comes_back_to_it_and_escape_there_leaves() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    for (opens, stays) in [("hub-renew", "renew-not"), ("hub-undo", "undo-not")] {
        walk.started_again().choose(opens).choose(stays).draw().must_say_key("hub");
        walk.choose(opens).keys("<esc>").draw().must_say_key("hub");
    }
    walk.must_show("Esc leaves").keys("<esc>");
    assert!(walk.has_left());
}

#[test]
fn a_renewal_that_is_due_comes_first_with_the_new_key_under_the_focus() {
    let authority = Authority::new();
    let early = authority.in_use();
    for (days, is_due) in [(1, false), (70, true), (91, true)] {
        let mut walk = Walk::through(early.world.clone().at(NOW + Duration::days(days)));
        walk.draw_seldom();
        assert_eq!(offered(&mut walk)[0] == "hub-renew", is_due, "after {days} days");
        // Whoever only presses return is never led to a new key before it is time.
        walk.choose("hub-renew").keys("<enter>");
        let renewal = is_due.then_some(Renewal { keeps_key: false });
        assert_eq!(walk.wizard().reading().wishes().renewal, renewal, "after {days} days");
    }
}

#[test]
fn a_new_request_begins_at_the_names_without_the_certificate_of_the_last() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    walk.started_again().choose("hub-new-request").on("edge");
    assert_eq!(walk.answer("certificate.file"), None);
    walk.go_to_page("extra-names").go_to_field("names.extra").keys("chat.contoso.com<enter>");
    walk.go_to_page("request-executing");
    let pending = said(&mut walk);
    assert!(pending.contains("Request 2 waits for its certificate since 2026-11-21: contoso.com ("), "{pending}");
    assert_eq!(current(&walk), Some(Path::new("pairs/1")), "the certificate in use goes on serving");
}

#[test]
fn where_windows_has_the_key_a_script_puts_it_into_use() {
    let authority = Authority::new();
    let mut walk = authority.walk(&CONTOSO.replace("key_by = \"edgewright\"", "key_by = \"lync\""));
    walk.go_to_page("certificate");
    let names = ["sip.contoso.com", "webcon.contoso.com", "sip.fabrikam.com", "contoso.com", "xmpp.contoso.com"];
    let params = CertificateParams::new(names.map(str::to_owned)).unwrap();
    let request = params.serialize_request(&KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    let sent = authority.leaf(&request, Duration::days(90)) + &authority.issuing;
    walk.receive(&sent).draw();
    walk.must_show("20-certificate").take_home();
    assert!(walk.file(&at_home("out/lync/20-certificate.ps1")).is_some());
    assert_eq!(current(&walk), None);
}

#[test]
fn the_saved_answers_replay_to_themselves() {
    let authority = Authority::new();
    let walk = authority.in_use();
    let saved = walk.answers_file();
    let loaded = file::read(&saved, pages::form(), Path::new(HOME));
    assert_eq!(loaded.problems, []);
    let answered = Answered::new(&loaded.answers, walk.wizard().reading().facts());
    assert_eq!(file::write(pages::PAGES, &answered), saved);
    assert_eq!(Walk::through(walk.world.clone()).answer("certificate.file").as_deref(), Some(SENT));
}

#[test]
fn a_whole_pair_comes_first_when_coming_back() {
    let authority = Authority::new();
    let mut walk = authority.in_use();
    walk.keys("<c-q>");
    Walk::through(walk.world.clone()).on("dns"); // which is answered already, as it was when the request waited
}

#[test]
fn what_it_looks_like() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    looks(&walk, "certificate-waits");
    let leaf = authority.leaf(&request(&walk, 1), Duration::days(90));
    walk.receive(&leaf);
    looks(&walk, "certificate-without-issuer");
    let sent = leaf + &authority.issuing;
    walk.receive(&sent);
    looks(&walk, "certificate-found");
    walk.next();
    looks(&walk, "certificate-summary");
    walk.later().next();
    looks(&walk, "certificate-executing");
    walk.started_again();
    looks(&walk, "hub-in-use");
    walk.choose("hub-renew");
    looks(&walk, "over-renew");
    walk.keys("<esc>").started_again().choose("hub-undo");
    looks(&walk, "over-undo");
}

/// Somebody at another time.
trait At {
    fn at(self, now: OffsetDateTime) -> Self;
}

impl At for FakeWorld {
    fn at(self, now: OffsetDateTime) -> Self {
        let mut later = FakeWorld::new(Path::new(HOME), now);
        (later.disk, later.links, later.trusted) = (self.disk, self.links, self.trusted);
        (later.user, later.said) = (self.user, self.said);
        later
    }
}

#[test]
fn the_place_that_goes_on_is_reached_without_a_certificate() {
    let mut walk = Authority::new().requested();
    assert_eq!(walk.wizard().focus, FocusTarget::Text("certificate.file".to_owned()));
    walk.keys("<enter><enter>").on("partners");
    assert!(!walk.answers_file().contains("[certificate]"));
}

#[test]
fn line_by_line_the_blocks_of_a_paste_are_one_file() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    let sent = authority.answer(&walk, 1);
    let mut plain = Plain::default();
    assert!(plain.prompt(walk.wizard()).contains("Certificate file"));
    for line in sent.lines() {
        let Reply::Do(intent) = plain.take(walk.wizard(), line) else { panic!("{line} is a part of a certificate") };
        if let Some(intent) = intent {
            walk.late(Msg::Intent(intent));
        }
        let said = plain.prompt(walk.wizard());
        assert_eq!(said.is_empty(), !line.starts_with("-----END"), "nothing is asked in the middle: {said}");
    }
    let file = walk.answer("certificate.file").unwrap();
    assert_eq!(walk.file(Path::new(&file)), Some(sent));
    assert_eq!(walk.findings(), []);
}

/// Lines typed one after the other; what is said to each.
fn typed(walk: &mut Walk, plain: &mut Plain, lines: &str) -> Vec<String> {
    let mut said = Vec::new();
    for line in lines.lines() {
        match plain.take(walk.wizard(), line) {
            Reply::Say(text) | Reply::Print(text) => said.push(text),
            Reply::Do(intent) => {
                if let Some(intent) = intent {
                    walk.late(Msg::Intent(intent));
                }
            }
        }
        while let Some(intent) = plain.goes_on(walk.wizard()) {
            walk.late(Msg::Intent(intent));
        }
        said.push(plain.prompt(walk.wizard()));
    }
    said
}

#[test]
fn line_by_line_a_certificate_is_judged_once_with_what_follows_it() {
    let authority = Authority::new();
    let missing = Code::CertificateChainIncomplete.name();
    for (between, is_whole) in [("", true), ("subject=Issuing\nissuer=Root\n", true), ("", false)] {
        let mut walk = authority.requested();
        let leaf = authority.leaf(&request(&walk, 1), Duration::days(90));
        let sent = format!("{leaf}{between}{}", if is_whole { &authority.issuing } else { "" });
        let mut plain = Plain::default();
        plain.prompt(walk.wizard());
        let said = typed(&mut walk, &mut plain, &sent).concat();
        assert!(!said.contains("error["), "it is not judged while more may follow\n{said}");
        assert!(said.contains("Enter alone"), "{said}");
        let said = typed(&mut walk, &mut plain, "\n").concat();
        assert_eq!(said.matches(missing).count(), usize::from(!is_whole), "{said}");
        assert_eq!(walk.findings().len(), usize::from(!is_whole), "{said}");
        // What was forgotten may still follow.
        if !is_whole {
            let said = typed(&mut walk, &mut plain, &format!("{}\n", authority.issuing)).concat();
            assert!(!said.contains("error[") && walk.findings().is_empty(), "{said}");
        }
    }
}
