//! Every code of the contract has a story: answers that lead to it, and to nothing else than is said here.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, symlink};

use edgewright::problem::Code;

use crate::common::offers;
use crate::common::place::{Place, answers, line_of, set_mode};

struct Story {
    base: &'static str,
    /// Changes to the base answers, see [`answers`].
    edits: String,
    /// Every problem, `severity code path` each.
    expected: Vec<String>,
    /// What else there is; what it gives is held during the run.
    setting: fn(&Place) -> Option<File>,
    verb: &'static str,
}

/// With the answers of `base` and `edits`, `expected` are the problems, in any order and separated by `;`.
fn story(base: &'static str, edits: impl Into<String>, expected: &str) -> Story {
    let expected = expected.split(';').map(|said| said.trim().to_owned()).filter(|said| !said.is_empty()).collect();
    Story { base, edits: edits.into(), expected, setting: |_| None, verb: "plan" }
}

impl Story {
    fn given(self, setting: fn(&Place) -> Option<File>) -> Self {
        Story { setting, ..self }
    }

    fn by(self, verb: &'static str) -> Self {
        Story { verb, ..self }
    }

    fn happens(&self) {
        let text = answers(self.base, &self.edits);
        let place = Place::with(&text);
        let held = (self.setting)(&place);
        let run = place.run(&[self.verb, "--answers", "edge.toml", "--json"]);
        drop(held);
        let told = format!("{}:\n{text}\n{}", self.verb, run.out);
        assert_eq!(sorted(run.verdicts()), sorted(self.expected.clone()), "{told}");
        let refused = self.expected.iter().any(|said| said.starts_with("error"));
        assert_eq!(run.code, i32::from(refused), "{told}");
        for said in run.problems() {
            if let Some(line) = line_of(&text, &said.path) {
                assert_eq!(said.line, Some(line), "{} in {told}", said.verdict);
            }
        }
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        self.expected.iter().filter_map(|said| said.split(' ').nth(1))
    }
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

fn happen(stories: Vec<Story>) {
    for story in stories {
        story.happens();
    }
}

#[test]
fn the_bases_have_no_problem() {
    happen(["lync", "prosody", "ejabberd"].map(|base| story(base, "", "")).into());
}

#[test]
fn stories_of_the_file() {
    happen(file_stories());
}

#[test]
fn stories_of_answers_that_are_missing_or_not_asked() {
    happen(asked_stories());
}

#[test]
fn stories_of_names() {
    happen(name_stories());
}

#[test]
fn stories_of_the_request() {
    happen(request_stories());
}

#[test]
fn stories_of_partners() {
    happen(partner_stories());
}

#[test]
fn stories_of_places() {
    happen(place_stories());
}

#[test]
fn every_code_has_a_story() {
    let stories = [file_stories, asked_stories, name_stories, request_stories, partner_stories, place_stories];
    let told: Vec<Story> = stories.into_iter().flat_map(|stories| stories()).collect();
    // What authorities send has its stories in `tests/certificates.rs`.
    let offers = [offers::stories(), offers::pfx_stories()].concat();
    let told = told.iter().flat_map(Story::codes).chain(offers.iter().flat_map(offers::Story::codes));
    let mut told: BTreeSet<&str> = told.collect();
    let elsewhere = [super::export::codes(), super::status::codes()].concat();
    told.extend(elsewhere.iter().map(String::as_str));
    told.extend(crate::passphrase::CODES);
    told.extend(crate::purpose::CODES);
    told.extend(crate::check::CODES);
    told.extend(crate::publish::CODES);
    // A hundred issuers are made in `tests/judges/cases.rs`.
    told.insert("certificate-chain-too-long");
    // And what `complete` and `renew` alone say, in `complete.rs` and `renew.rs`; of `sudo` in `tests/ways.rs`.
    told.extend(["certificate-in-use", "certificate-ends-earlier", "run-unknown", "run-overlaid"]);
    told.extend(crate::roots::CODES);
    // And of a server on this machine, with real ones, in `tests/peers/apply.py`.
    told.extend([
        "server-missing",
        "server-stopped",
        "server-busy",
        "server-failed",
        "server-component",
        "server-waits",
        "server-cannot",
        "server-rights",
        "server-option",
        "server-streams",
        "server-host-new",
        "server-host-disabled",
        "server-host-waits",
        "server-pending",
    ]);
    told.extend(["server-changed", "server-behind", "server-serves-other", "server-policy"]);
    // Of records and partners in `tests/peers/look.py`.
    told.extend(["record-absent", "partner-stopped"]);
    // Of keys in the DNS in `tests/peers/tlsa.py`.
    told.extend(["tlsa-uncounted", "tlsa-unpublished", "tlsa-early", "tlsa-by-hand", "tlsa-behind"]);
    told.extend(["file-unreadable", "renew-without-answers", "renew-without-certificate", "home-lent"]);
    let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(all, told);
}

/// What is said where a server is to be set up whose configuration is not there: only root may, and for others that is said
/// first.
fn server_story() -> &'static str {
    if rustix::process::geteuid().is_root() {
        "error file-unreadable server.config"
    } else {
        "warning server-rights server.install"
    }
}

/// A name of exactly `length` characters below `end`.
fn long_name(length: usize, end: &str) -> String {
    let mut name = end.to_owned();
    while name.len() < length {
        let room = (length - name.len()).min(50);
        // A label takes its dot with it, and a dot alone is none.
        let label = if length - name.len() - room == 1 { room - 1 } else { room };
        name = format!("{}.{name}", "a".repeat(label - 1));
    }
    assert_eq!(name.len(), length);
    name
}

fn file_stories() -> Vec<Story> {
    vec![
        story("lync", "", "error answers-unreadable").given(|place| {
            fs::remove_file(place.path("edge.toml")).unwrap();
            None
        }),
        story("lync", "", "error answers-unreadable").given(|place| {
            fs::write(place.path("edge.toml"), b"organization.name = \"\xff\"\n").unwrap();
            None
        }),
        story("lync", "-edge.access\nedge.host = \"a\"b", "error answers-syntax"),
        story("lync", "", "error answers-syntax").given(|place| {
            place.write("edge.toml", "schema = 1\nedge.host = \"a.com\"\nedge.host = \"a.com\"\n");
            None
        }),
        story("lync", "edge.acess = \"a.com\"", "error answers-unknown-key edge.acess"),
        story("lync", "colour = 1", "error answers-unknown-key colour"),
        story("lync", "colour.sky = 1", "error answers-unknown-key colour"),
        story("lync", "edge.access.name = 1\n-edge.access", "error answers-type edge.access"),
        story("lync", partner("colour = 1"), "error answers-unknown-key partners.0.colour"),
        story("lync", "-schema", "error answers-schema schema"),
        story("lync", "schema = 2", "error answers-schema schema"),
        story("lync", "schema = \"1\"", "error answers-schema schema"),
        story("lync", "server.kind = \"openfire\"", "error answers-type server.kind"),
        story("prosody", "server.install = \"yes\"", "error answers-type server.install"),
        story("lync", "request.usage = \"both\"", "error answers-type request.usage"),
        story("lync", "edge.sip_domains = \"contoso.com\"", "error answers-type edge.sip_domains"),
        story("lync", "edge.xmpp_domains = [1]", "error answers-type edge.xmpp_domains"),
        story("prosody", "edge.xmpp_domains = true", "error answers-type edge.xmpp_domains"),
        story("lync", "edge.addresses = [\"203.0.113.256\"]", "error answers-type edge.addresses.0"),
        story("lync", "dns.ttl = -1", "error answers-type dns.ttl"),
        story("lync", "dns.ttl = 2147483648", "error answers-type dns.ttl"),
        story("lync", "dns.ttl = 99999999999999999999", "error answers-type dns.ttl"),
        story("lync", "dns.priority = 65536", "error answers-type dns.priority"),
        story("lync", "dns.weight = 1.5", "error answers-type dns.weight"),
        story("lync", "geography.city = 1979-05-27", "error answers-type geography.city"),
        story("lync", "geography.city = { name = \"Redmond\" }", "error answers-type geography.city"),
        story("lync", "policy = 1", "error answers-type policy"),
        story("lync", "policy.scope = \"site:\"", "error answers-type policy.scope"),
        story("lync", "names.sip = [\"contoso.com\", \"other.com\"]", "error answers-type names.sip.1"),
        story("lync", "partners = [1]", "error answers-type partners.0"),
        story("lync", "partners = \"contoso.com\"", "error answers-type partners"),
        story("lync", partner("tls = \"sometimes\"\nsasl = \"required\""), "error answers-type partners.0.tls"),
        story("lync", partner("dialback = 1\nsasl = \"required\""), "error answers-type partners.0.dialback"),
        story("lync", partner("tls = {}"), "error answers-type partners.0.tls"),
    ]
}

fn asked_stories() -> Vec<Story> {
    vec![
        story("lync", "-server.kind", "error answers-missing server.kind"),
        story("lync", "server.kind = \"\"", "error answers-missing server.kind"),
        story("prosody", "-server.kind", "error answers-missing server.kind"),
        story("lync", "-edge.access", "error answers-missing edge.access"),
        story("lync", "edge.access = \"\"", "error answers-missing edge.access"),
        story("lync", "-edge.web_conferencing", "error answers-missing edge.web_conferencing"),
        story(
            "lync",
            "-edge.sip_domains\n-edge.xmpp_domains",
            "error answers-missing edge.sip_domains; warning xmpp-domain-missing edge.xmpp_domains",
        ),
        story(
            "lync",
            "edge.sip_domains = []\nedge.xmpp_domains = []",
            "error answers-missing edge.sip_domains; warning xmpp-domain-missing edge.xmpp_domains",
        ),
        story("lync", "request.usage = \"internal\"", "error answers-missing edge.internal"),
        story("lync", "request.usage = \"internal\"\nedge.internal = \"lsedge.contoso.net\"", ""),
        story("prosody", "-edge.host", "error answers-missing edge.host"),
        story("ejabberd", "-edge.host", "error answers-missing edge.host"),
        story("lync", "[[partners]]", "error answers-missing partners.0.domain"),
        // What is not asked and says nothing is no news.
        story("prosody", "edge.access = \"sip.contoso.com\"", "warning not-asked edge.access"),
        story("prosody", "edge.access = \"\"\nedge.pool = []\nedge.sip_domains = []", ""),
        story("lync", "edge.components = [\"a.contoso.com\"]", "warning not-asked edge.components"),
        story("lync", "edge.components = []\nacme.directory = \"\"", ""),
        // What waits for a later release is no news either.
        story("lync", "server.install = true\nserver.config = \"a\"", ""),
        story("prosody", "server.install = true\nserver.config = \"a\"", server_story()),
        story("prosody", "acme.contact = \"mailto:a@contoso.com\"", "warning not-asked acme.contact"),
        story(
            "prosody",
            "policy.scope = \"global\"\nnames.sip = [\"a.com\"]",
            "warning not-asked policy.scope; warning not-asked names.sip",
        ),
        story("prosody", "request.key_by = \"lync\"", "warning not-asked request.key_by"),
        story("lync", partner("keep_alive = true"), ""),
        story("prosody", partner("keep_alive = true"), "warning not-asked partners.0.keep_alive"),
        story("prosody", partner("keep_alive = false"), ""),
    ]
}

fn name_stories() -> Vec<Story> {
    let label = "a".repeat(64);
    let long = long_name(254, "contoso.com");
    let common = long_name(65, "contoso.com");
    let domain = long_name(250, "contoso.com");
    let many = |count: usize| (0..count).map(|n| format!("\"n{n}.contoso.com\"")).collect::<Vec<_>>().join(", ");
    vec![
        story("lync", "edge.access = \"192.0.2.1\"", "error name-ip edge.access"),
        story("lync", "names.extra = [\"a.contoso.com\", \"2001:db8::1\"]", "error name-ip names.extra.1"),
        story("prosody", "edge.host = \"192.0.2.1\"", "error name-ip edge.host"),
        story("prosody", "edge.components = [\"chat_rooms.contoso.com\"]", "error name-underscore edge.components.0"),
        story("lync", "edge.av = \"a_v.contoso.com\"", "error name-underscore edge.av"),
        story("lync", "dns.zones = [\"contoso.com\", \"fabrikam.com\", \"a b\"]", "error name-syntax dns.zones.2"),
        story("lync", "edge.web_conferencing = \"webcon..contoso.com\"", "error name-syntax edge.web_conferencing"),
        story("lync", "edge.web_conferencing = \"webcon contoso.com\"", "error name-syntax edge.web_conferencing"),
        story(
            "lync",
            r#"edge.web_conferencing = "webcon\u0007.contoso.com""#,
            "error name-syntax edge.web_conferencing",
        ),
        story("lync", "edge.pool = [\"*.contoso.com\"]", "error name-syntax edge.pool.0"),
        story("lync", format!("names.extra = [\"{label}.contoso.com\"]"), "error name-label-too-long names.extra.0"),
        story("lync", format!("names.extra = [\"{long}\"]"), "error name-too-long names.extra.0"),
        // `sip.` before it makes it too long, whatever else is wrong.
        story(
            "lync",
            format!("edge.sip_domains = [\"contoso.com\", \"{domain}\"]"),
            "error name-too-long edge.sip_domains.1",
        ),
        story(
            "lync",
            format!("edge.sip_domains = [\"contoso.com\", \"{domain}\", \"a b\"]"),
            "error name-too-long edge.sip_domains.1; error name-syntax edge.sip_domains.2",
        ),
        story("lync", format!("edge.sip_domains = [\"contoso.com\", \"{domain}\"]\nnames.sip = [\"contoso.com\"]"), ""),
        story("lync", format!("edge.access = \"{common}\""), "error cn-too-long edge.access"),
        story("lync", format!("edge.access = \"{}\"", long_name(64, "contoso.com")), ""),
        story("prosody", format!("edge.xmpp_domains = [\"{common}\"]"), "error cn-too-long edge.xmpp_domains.0"),
        story("lync", format!("edge.web_conferencing = \"{common}\""), ""),
        story("lync", "names.extra = [\"*.contoso.com\"]", "error name-wildcard names.extra.0"),
        story("lync", "edge.access = \"*.contoso.com\"", "error name-wildcard edge.access"),
        story(
            "lync",
            "edge.sip_domains = [\"contoso.com\", \"*.fabrikam.com\"]",
            "error name-wildcard edge.sip_domains.1",
        ),
        story("prosody", "names.extra = [\"*.contoso.com\"]", "warning name-wildcard names.extra.0"),
        story("ejabberd", "edge.xmpp_domains = [\"*.contoso.com\"]", "warning name-wildcard edge.xmpp_domains.0"),
        story("lync", "names.extra = [\"edge\"]", "error name-single-label names.extra.0"),
        story(
            "prosody",
            "request.authority = \"private\"\nnames.extra = [\"edge\"]",
            "warning name-single-label names.extra.0",
        ),
        story("lync", "edge.access = \"sip.contoso.local\"", "error name-internal edge.access"),
        story("lync", "request.authority = \"private\"\nedge.access = \"sip.contoso.local\"", ""),
        story(
            "prosody",
            "edge.xmpp_domains = [\"com\", \"contoso.com\"]",
            "error name-single-label edge.xmpp_domains.0",
        ),
        story("prosody", "edge.components = [\"co.uk\"]", "error name-internal edge.components.0"),
        story("lync", "-edge.xmpp_domains", "warning xmpp-domain-missing edge.xmpp_domains"),
        story("prosody", "-edge.xmpp_domains", "error xmpp-domain-missing edge.xmpp_domains"),
        story("ejabberd", "edge.xmpp_domains = []", "error xmpp-domain-missing edge.xmpp_domains"),
        story("prosody", "edge.xmpp_domains = \"\"", "error xmpp-domain-missing edge.xmpp_domains"),
        story("lync", format!("names.extra = [{}]", many(96)), ""),
        story("lync", format!("names.extra = [{}]", many(97)), "warning too-many-names names.extra"),
        story("lync", "edge.av = \"av.contoso.com\"", ""),
        story(
            "lync",
            "edge.av = \"av.contoso.com\"\nnames.extra = [\"AV.contoso.com\"]",
            "warning av-name names.extra.0",
        ),
        story(
            "lync",
            "edge.xmpp_domains = [\"contoso.com\", \"corp.contoso.com\"]",
            "warning xmpp-not-sip edge.xmpp_domains.1",
        ),
        story("lync", "edge.xmpp_domains = [\"Fabrikam.COM\"]", ""),
        story(
            "lync",
            "edge.addresses = [\"203.0.113.10\", \"10.0.0.12\", \"fd00::1\"]",
            "warning address-private edge.addresses.1; warning address-private edge.addresses.2",
        ),
        story(
            "lync",
            "dns.zones = [\"contoso.com\"]",
            "warning record-without-zone dns.zones; warning record-without-zone dns.zones; warning record-without-zone dns.zones",
        ),
    ]
}

fn request_stories() -> Vec<Story> {
    let text = |key: &str, length: usize| format!("{key} = \"{}\"", "ö".repeat(length));
    vec![
        story("lync", text("organization.name", 64), ""),
        story("lync", text("organization.name", 65), "error text-too-long organization.name"),
        story(
            "lync",
            "request.authority = \"private\"\n".to_owned() + &text("organization.unit", 65),
            "error text-too-long organization.unit",
        ),
        story("lync", text("geography.state", 128), ""),
        story("lync", text("geography.state", 129), "error text-too-long geography.state"),
        story("lync", text("geography.city", 129), "error text-too-long geography.city"),
        story("prosody", r#"organization.name = "a\u001b[2J""#, "error text-control organization.name"),
        story("lync", r#"request.file = "a\nb""#, "error text-control request.file"),
        story("lync", partner(r#"description = "a\tb""#), "error text-control partners.0.description"),
        story("lync", "organization.unit = \"IT\"", "warning ou-public organization.unit"),
        story("prosody", "request.authority = \"private\"\norganization.unit = \"IT\"", ""),
        story("lync", "request.client_eku = true", "error eku-public request.client_eku"),
        story("prosody", "request.authority = \"private\"\nrequest.client_eku = true", ""),
        story("lync", "geography.country = \"UK\"", "error country-unknown geography.country"),
        story("lync", "geography.country = \"de\"", ""),
        story("lync", "security.key = \"rsa-1024\"", "error key-unknown security.key"),
        story("lync", "security.exportable = false", "error exportable-lync security.exportable"),
        story("lync", "security.exportable = false\nrequest.key_by = \"lync\"", ""),
        story("prosody", "security.exportable = false", ""),
        story("prosody", "request.delivery = \"immediate\"", "error immediate-unavailable request.delivery"),
        story("lync", "request.delivery = \"immediate\"", "error immediate-unavailable request.delivery"),
    ]
}

/// A partner with these settings.
fn partner(settings: &str) -> String {
    format!("[[partners]]\ndomain = \"partner.example\"\n{settings}\n")
}

fn negotiation(tls: &str, sasl: &str, dialback: bool) -> String {
    partner(&format!("tls = \"{tls}\"\nsasl = \"{sasl}\"\ndialback = {dialback}"))
}

fn partner_stories() -> Vec<Story> {
    let accepted = "accept_clear_text = true";
    let row_3 = negotiation("optional", "required", true) + accepted;
    let row_5 = negotiation("not-supported", "required", true) + accepted;
    let both = "warning partner-warning partners.0.tls; warning partner-required-not-enforced partners.0.sasl";
    vec![
        story("lync", partner(""), ""),
        story("lync", negotiation("not-supported", "required", false), "error partner-invalid partners.0.tls"),
        story("prosody", negotiation("not-supported", "required", true), "error partner-invalid partners.0.tls"),
        story("lync", negotiation("required", "required", true), "warning partner-warning partners.0.tls"),
        story("prosody", negotiation("required", "required", true), "warning partner-warning partners.0.tls"),
        story("lync", row_3.clone(), both),
        story("lync", row_5, both),
        story("prosody", row_3, "warning partner-warning partners.0.tls"),
        story(
            "lync",
            negotiation("not-supported", "not-supported", true),
            "warning partner-warning partners.0.tls; error clear-text-not-accepted partners.0.accept_clear_text",
        ),
        story(
            "lync",
            negotiation("not-supported", "not-supported", true) + accepted,
            "warning partner-warning partners.0.tls",
        ),
        story(
            "lync",
            partner("") + &partner("").to_uppercase().replace("DOMAIN", "domain").replace("PARTNERS", "partners"),
            "error partner-duplicate partners.1.domain",
        ),
        story(
            "lync",
            partner("additional_domains = [\"a.example\", \"Partner.example\"]"),
            "error partner-duplicate partners.0.additional_domains.1",
        ),
        story(
            "prosody",
            "[[partners]]\ndomain = \"münchen.de\"\n[[partners]]\ndomain = \"xn--mnchen-3ya.de\"",
            "error partner-duplicate partners.1.domain",
        ),
        story("lync", "[[partners]]\ndomain = \"*.partner.example\"", "error partner-syntax partners.0.domain"),
        story("lync", "[[partners]]\ndomain = \"192.0.2.1\"", "error partner-syntax partners.0.domain"),
        story(
            "prosody",
            partner("additional_domains = [\"a..example\"]"),
            "error partner-syntax partners.0.additional_domains.0",
        ),
    ]
}

fn place_stories() -> Vec<Story> {
    fn existing(place: &Place) -> Option<File> {
        place.write("edge.req", "something else\n");
        None
    }
    fn open_home(place: &Place) -> Option<File> {
        fs::create_dir(place.home()).unwrap();
        set_mode(&place.home(), 0o777);
        None
    }
    fn linked_journal(place: &Place) -> Option<File> {
        fs::DirBuilder::new().mode(0o700).create(place.home()).unwrap();
        symlink(place.path("elsewhere"), place.home().join("journal.jsonl")).unwrap();
        None
    }
    fn open_key(place: &Place) -> Option<File> {
        place.applied();
        set_mode(&place.path("home/requests/1/key.pem"), 0o604);
        None
    }
    vec![
        story("prosody", "", "warning key-open").given(open_key),
        story("prosody", "", "warning key-open").given(open_key).by("apply"),
        story("lync", "", "error file-exists request.file").given(existing),
        story("prosody", "request.file = \"no/such/folder/edge.req\"", "error file-unwritable request.file"),
        story("lync", "request.file = \"home/answers.toml\"", "error file-unwritable request.file"),
        story("lync", "request.file = \"home/requests/1/key.pem\"", "error file-unwritable request.file"),
        story("lync", "request.file = \"home/journal.jsonl\"", "error file-unwritable request.file"),
        story("lync", "", "error file-unwritable").given(linked_journal),
        story("lync", "", "error home-unsafe").given(open_home),
        story("lync", "", "error home-unsafe").given(open_home).by("apply"),
        story("lync", "", "error home-locked").by("apply").given(|place| {
            fs::DirBuilder::new().mode(0o700).create(place.home()).unwrap();
            let path = place.home().join("lock");
            let lock = File::options().write(true).create_new(true).mode(0o600).open(path).unwrap();
            lock.lock().unwrap();
            Some(lock)
        }),
    ]
}
