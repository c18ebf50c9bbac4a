//! How it is to use: no key surprises, and few keys lead to the end.

use edgewright::edge::Server;
use edgewright::form::Body;
use edgewright::problem::{Code, Problem};
use edgewright::text::say;
use edgewright::wizard::{FocusTarget, KeyPress, Msg, Overlay, Sight};

use crate::walk::{CONTOSO, Walk, contoso, quick};

/// A person who presses nothing but return, from the first page to the last.
fn only_return(answers: &str) -> (Walk, String) {
    let mut walk = Walk::with(answers);
    walk.go_to_page("server").keys("<c-s>");
    let before = walk.written();
    for _ in 0..600 {
        if walk.has_left() {
            return (walk, before);
        }
        walk.keys("<enter>");
    }
    panic!("it does not end:\n{}", walk.screen());
}

#[test]
fn return_alone_goes_through_everything_and_changes_no_answer() {
    for server in Server::ALL {
        let (walk, before) = only_return(&quick(&contoso(server)));
        let after = walk.written();
        let is_kept = |line: &str| after.lines().any(|kept| kept == line);
        assert!(before.lines().all(is_kept), "{}: {before}\n{after}", server.name());
        // What a page shows and nobody had said is written down, once.
        let (again, before) = only_return(&after);
        assert_eq!(again.written(), before, "{}", server.name());
        assert!(walk.wizard().visited.contains("done"));
    }
}

#[test]
fn a_page_is_ticked_when_its_answers_were_accepted_not_because_it_was_passed() {
    let mut walk = Walk::with("schema = 1\n[server]\nkind = \"prosody\"\n[request]\nfile = \"edge.req\"\n");
    let is_ticked = |walk: &Walk, page| {
        walk.wizard().is_done(walk.wizard().pages().into_iter().find(|shown| shown.id == page).unwrap())
    };
    assert!(!is_ticked(&walk, "security"), "nobody saw the key that is proposed");
    walk.go_to_page("security").next();
    assert!(is_ticked(&walk, "security"));
}

/// Return held down from the first page on, or the space bar at a summary.
#[test]
fn a_key_that_is_held_down_reads_a_summary_and_carries_nothing_out() {
    for server in Server::ALL {
        let mut walk = Walk::with(&quick(&contoso(server)));
        walk.go_to_page("server");
        for _ in 0..600 {
            walk.late(Msg::Held(KeyPress::Enter));
        }
        walk.on("request-summary").late(Msg::Held(KeyPress::Char(' ')));
        walk.on("request-summary").draw().must_say_key("notice-held").keys("<enter>").on("request-executing");
    }
}

#[test]
fn a_choice_is_entered_at_what_is_chosen_and_tab_leaves_it() {
    let mut walk = Walk::at("security");
    walk.go_to_field("security.friendly_name").keys("<tab>");
    let chosen = walk.wizard().focus.clone();
    assert!(matches!(&chosen, FocusTarget::Option(path, 3) if path == "security.key"), "{chosen:?}");
    walk.keys("<tab>");
    assert_eq!(walk.wizard().focus, FocusTarget::Toggle("security.exportable".to_owned()));
    walk.keys("<backtab>");
    assert_eq!(walk.wizard().focus, chosen);
    walk.keys("<backtab>");
    assert_eq!(walk.wizard().focus, FocusTarget::Text("security.friendly_name".to_owned()));
}

#[test]
fn a_summary_is_read_to_its_end_before_it_is_carried_out() {
    let mut walk = Walk::at("request-summary");
    walk.must_say_key("request-as-it-will-be").must_say_key("next-more");
    assert_eq!(walk.wizard().focus, FocusTarget::Next);
    let mut presses = 0;
    while !walk.wizard().is_read() {
        walk.keys("<enter>").on("request-summary");
        presses += 1;
        assert!(presses < 20, "{}", walk.screen());
    }
    assert!(presses > 1, "the sample does not fit into one window");
    walk.must_say_key("next-request-summary").keys("<enter>").on("request-executing");
}

#[test]
fn a_summary_scrolls_from_wherever_the_focus_is() {
    let mut walk = Walk::at("request-summary");
    let first = |walk: &Walk| walk.wizard().sight.as_ref().unwrap().first;
    walk.keys("<pgdn>");
    let page = first(&walk);
    assert!(page > 5);
    walk.keys("<pgup>");
    assert_eq!(first(&walk), 0);
    walk.keys("<end>").must_say_key("next-request-summary");
    let end = first(&walk);
    assert_eq!(end, walk.wizard().sight.as_ref().unwrap().last);
    walk.keys("<home>");
    assert_eq!(first(&walk), 0);
    // Also with a link in the focus: what is read does not jump.
    walk.go_to_line("server.kind").keys("<pgup>");
    assert!(first(&walk) < end);
}

#[test]
fn ctrl_n_goes_on_and_stops_before_anything_is_carried_out() {
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.go_to_page("server");
    for _ in 0..40 {
        walk.keys("<c-n>");
    }
    walk.on("request-summary").must_say_key("notice-press");
    assert_eq!(walk.wizard().focus, FocusTarget::Next);
}

#[test]
fn an_answer_that_is_emptied_stops_once_more_like_one_that_is_changed() {
    let mut walk = Walk::at("edge");
    walk.go_to_field("edge.access").keys("<c-u>sip_.contoso.com<c-n>").on("edge");
    walk.go_to_field("edge.access").keys("<c-u>").go_to_field("edge.web_conferencing");
    walk.keys("<c-n>").on("edge").keys("<c-n>").on("delivery");
}

#[test]
fn another_server_takes_no_answers_away_unasked() {
    let mut walk = Walk::at("server");
    let before = walk.answers_file();
    walk.go_to(&FocusTarget::Option("server.kind".to_owned(), 1)).keys("<space>");
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Confirm { .. })), "{}", walk.screen());
    walk.keys("<enter>");
    assert_eq!(walk.answer("server.kind").as_deref(), Some("lync"), "no is the answer of return");
    assert_eq!(walk.answers_file(), before);
    walk.keys("<space>y");
    assert_eq!(walk.answer("server.kind").as_deref(), Some("prosody"));

    let mut walk = Walk::new();
    walk.keys("<enter>").go_to(&FocusTarget::Option("server.kind".to_owned(), 1)).keys("<space>");
    assert_eq!(walk.answer("server.kind").as_deref(), Some("prosody"), "where nothing is lost nobody is asked");
}

#[test]
fn nobody_passes_the_first_page_without_an_answer() {
    let mut walk = Walk::new();
    for _ in 0..5 {
        walk.keys("<c-n>").on("server");
    }
    walk.must_say(&Problem::error(Code::AnswersMissing, "").what());
}

#[test]
fn an_address_or_domain_list_is_pasted_or_typed_as_others_write_it() {
    for said in ["a.example, b.example;c.example", "a.example b.example  c.example", "a.example\nb.example\nc.example"]
    {
        let mut walk = Walk::new();
        walk.keys("<down><enter>").next();
        walk.on("edge").go_to_field("edge.xmpp_domains").paste(said).keys("<enter>");
        assert_eq!(walk.answer("edge.xmpp_domains").as_deref(), Some("a.example, b.example, c.example"), "{said:?}");
    }
}

#[test]
fn a_pasted_list_leaves_what_is_there_and_a_pasted_text_its_words_apart() {
    let mut walk = Walk::at("extra-names");
    walk.paste("a.example\nb.example").keys("<up><up>").paste("c.example\nd.example").keys("<enter>");
    assert_eq!(walk.answer("names.extra").as_deref(), Some("a.example, c.example, d.example, b.example"));
    let mut walk = Walk::at("organization");
    walk.keys("<c-u>").paste("Foo\tBar\nLtd").must_say_key("notice-first-line");
    assert_eq!(walk.answer("organization.name").as_deref(), Some("Foo Bar"));
}

#[test]
fn a_window_that_is_too_small_reads_nothing_to_its_end() {
    let mut walk = Walk::at("request-summary");
    walk.late(Msg::Drawn(Sight::default()));
    assert!(!walk.wizard().is_read());
    walk.keys("<up><up><up>").on("request-summary");
    assert!(!walk.wizard().is_read(), "{}", walk.screen());
}

#[test]
fn a_key_held_down_never_ends_on_cancel() {
    let mut walk = Walk::at("partners");
    walk.keys("<enter>").keys(&"<down>".repeat(60));
    assert_eq!(walk.wizard().focus, FocusTarget::Next);
}

#[test]
fn a_new_partner_that_says_nothing_is_not_kept_however_one_leaves() {
    let mut walk = Walk::at("partners");
    let before = walk.written();
    walk.keys("<f7><c-q>");
    assert!(walk.has_left());
    assert_eq!(walk.written(), before);
}

#[test]
fn the_sip_domains_are_proposed_as_xmpp_domains_and_can_be_changed_at_once() {
    let mut walk = Walk::new();
    walk.keys("<enter>").next();
    walk.on("edge").go_to_field("edge.sip_domains").keys("contoso.com<enter>fabrikam.com<enter>");
    assert_eq!(walk.answer("edge.xmpp_domains").as_deref(), Some("contoso.com, fabrikam.com"));
    walk.keys("<down>").must_say_key("notice-sip-domains");
    // As long as they are the same, they stay so.
    walk.go_to_field("edge.sip_domains").keys("<down><down>tailspin.com<enter>");
    assert_eq!(walk.answer("edge.xmpp_domains").as_deref(), Some("contoso.com, fabrikam.com, tailspin.com"));
    walk.go_to_field("edge.xmpp_domains").keys("<f8>");
    let other = walk.answer("edge.xmpp_domains");
    walk.go_to_field("edge.sip_domains").keys("<down><down><down>litware.com<enter>");
    assert_eq!(walk.answer("edge.xmpp_domains"), other, "a person said otherwise");
    walk.go_to_field("edge.xmpp_domains").keys("<f9>y");
    walk.go_to_field("edge.sip_domains").go_to_field("edge.xmpp_domains");
    assert_ne!(walk.answer("edge.xmpp_domains").as_deref(), Some(""), "taken away, it is proposed anew or stays away");
}

#[test]
fn escape_takes_the_filter_back_first() {
    let mut walk = Walk::at("partners");
    walk.keys("<f7>second.example<c-n>").on("partners");
    walk.keys("/second").must_show("second.example").must_not_show("partner.example");
    walk.keys("<esc>").on("partners").must_show("partner.example");
    walk.keys("<esc>").on("certificate");
}

#[test]
fn cancel_leaves_a_partner_as_it_was() {
    let mut walk = Walk::at("partners");
    let before = walk.written();
    walk.keys("<enter>")
        .go_to_field("partners.0.description")
        .keys("typed")
        .go_to_field("partners.0.tls")
        .keys("<right>");
    assert_ne!(walk.written(), before);
    walk.go_to(&FocusTarget::Back).keys("<enter>");
    assert_eq!(walk.wizard().row, None);
    assert_eq!(walk.written(), before);
    walk.keys("<f7>new.example").go_to(&FocusTarget::Back).keys("<enter>");
    assert_eq!(walk.written(), before, "a new one goes away");
}

#[test]
fn a_letter_finds_the_next_item_of_a_menu_that_begins_with_it() {
    let mut walk = Walk::at("server");
    let selected = |walk: &Walk| match &walk.wizard().overlay {
        Some(Overlay::Menu { items, selected, .. }) => walk.words(&items[*selected].label),
        other => panic!("{other:?}"),
    };
    walk.keys("<f4>p");
    assert_eq!(selected(&walk), "Partners");
    walk.keys("p");
    assert_eq!(selected(&walk), "Policy");
    walk.keys("<enter>").on("policy");
}

#[test]
fn a_path_of_windows_is_taken_where_windows_writes_and_refused_where_we_do() {
    let path = r"c:\cert_exernal_edge.cer";
    let script = "/home/ada/edge/out/lync/10-request.ps1";
    let mut walk = Walk::at("request-file");
    walk.keys("<c-u>").keys(path).keys("<down>");
    let refused =
        Problem::error(Code::FileUnwritable, "").with("file", path).with("reason", say("reason-windows-path"));
    walk.must_say(&refused.what());

    let mut walk = Walk::with(&quick(CONTOSO).replace("key_by = \"edgewright\"", "key_by = \"lync\""));
    walk.go_to_page("request-file").keys("<c-u>").keys(path).keys("<tab>");
    assert_eq!(walk.answer("request.file").as_deref(), Some(path), "nothing of this machine completes it");
    walk.go_to_page("request-executing");
    let written = walk.file(std::path::Path::new(script)).unwrap();
    assert!(written.contains(&format!("$output = '{path}'")), "{written}");
    assert!(walk.written().contains(r"c:\cert_exernal_edge.cer"), "it is kept as it was said");
}

#[test]
fn a_name_that_windows_has_not_is_refused_where_windows_writes() {
    let mut walk = Walk::with(&quick(CONTOSO).replace("key_by = \"edgewright\"", "key_by = \"lync\""));
    walk.go_to_page("request-file");
    for (said, is_taken) in [
        ("edge.req", true),
        (r"c:\requests\edge.req", true),
        (r"c:\", false),
        ("CON", false),
        ("com1.req", false),
        ("a|b.req", false),
        ("a:b", false),
        ("10-request.ps1", false),
    ] {
        walk.keys("<c-u>").keys(said).keys("<down><up>");
        assert_eq!(walk.wizard().problems_of(walk.wizard().page).is_empty(), is_taken, "{said}");
    }
}

#[test]
fn the_persons_own_folder_is_understood() {
    for said in ["~/edge.req", "$HOME/edge.req"] {
        let mut walk = Walk::at("request-file");
        walk.keys("<c-u>").keys(said).next();
        assert_eq!(walk.wizard().reading().deployment.request.file, std::path::Path::new("/home/ada/edge.req"));
        assert_eq!(walk.wizard().problems_of(walk.wizard().page), []);
    }
    let mut walk = Walk::at("request-file");
    walk.keys("<c-u>~<down>");
    assert_eq!(
        walk.wizard().reading().deployment.request.file,
        std::path::Path::new("/home/ada/"),
        "and not a file called so"
    );
}

/// The keys that are pressed besides what is typed.
fn presses(walk: &mut Walk, counted: &mut usize, keys: &str) {
    *counted += keys.matches('<').count();
    walk.keys(keys);
}

/// Goes on by the button, which is found with the arrow keys; reads a summary to its end first.
fn on_by(walk: &mut Walk, counted: &mut usize) {
    if walk.wizard().page.body == Body::Summary {
        while !walk.wizard().is_read() {
            presses(walk, counted, "<enter>");
        }
        presses(walk, counted, "<enter>");
    } else {
        presses(walk, counted, "<c-n>");
    }
}

/// «Configure the XMPP gateway on the Edge», by the product's topic, with the fields it fills in.
#[test]
fn the_products_own_topic_takes_fewer_than_60_keys_besides_typing() {
    let mut walk = Walk::new();
    let mut keys = 0;
    let k = &mut keys;
    presses(&mut walk, k, "<enter>"); // which product
    on_by(&mut walk, k);
    walk.on("edge"); // what Topology Builder knows there
    presses(&mut walk, k, "sip.contoso.com<tab>webcon.contoso.com<tab>av.contoso.com<tab>lsedge.contoso.net<tab><tab>");
    presses(&mut walk, k, "contoso.com<enter>fabrikam.com<enter><tab>"); // XMPP domains: as proposed
    on_by(&mut walk, k);
    walk.on("delivery"); // 1 external certificate, 2 prepare now, send later
    on_by(&mut walk, k);
    walk.on("request-file"); // 3 file name
    presses(&mut walk, k, "<c-u>cert_external_edge.req");
    on_by(&mut walk, k);
    walk.on("template"); // 4 no alternate template
    on_by(&mut walk, k);
    walk.on("security"); // 5 friendly name, bit length, exportable
    on_by(&mut walk, k);
    walk.on("organization"); // 6 organization, 7 geography
    presses(&mut walk, k, "Contoso<tab><tab>us<tab>Washington<tab>Redmond");
    on_by(&mut walk, k);
    walk.on("names"); // 8 subject names
    on_by(&mut walk, k);
    walk.on("sip-domains"); // 9 SIP domain setting
    on_by(&mut walk, k);
    walk.on("extra-names"); // 10 additional names
    on_by(&mut walk, k);
    walk.on("request-summary"); // 11 summary, 12 executing
    on_by(&mut walk, k);
    walk.on("request-executing");
    on_by(&mut walk, k);
    walk.on("request-written"); // 13 the request file
    on_by(&mut walk, k);
    walk.on("certificate"); // 14 import and assign: when it has come
    on_by(&mut walk, k);
    walk.on("partners"); // 15 the federated partner
    presses(&mut walk, k, "<enter>fabrikam.example<c-n>");
    on_by(&mut walk, k);
    walk.on("policy"); // 16 external access policy
    on_by(&mut walk, k);
    walk.on("addresses");
    presses(&mut walk, k, "<tab>203.0.113.10");
    on_by(&mut walk, k);
    walk.on("dns"); // 17 the SRV record
    on_by(&mut walk, k);
    walk.on("publish");
    on_by(&mut walk, k);
    walk.on("ports");
    on_by(&mut walk, k);
    walk.on("settings-summary");
    on_by(&mut walk, k);
    walk.on("settings-executing");
    on_by(&mut walk, k);
    walk.on("done");
    let records = walk.file(std::path::Path::new("/home/ada/edge/out/dns/contoso.com.records")).unwrap();
    assert!(records.contains("_xmpp-server._tcp"), "{records}");
    println!("{keys} keys");
    assert!(keys < 60, "{keys}");
}

#[test]
fn one_domain_on_prosody_takes_fewer_than_25_keys_besides_typing() {
    let mut walk = Walk::new();
    let mut keys = 0;
    let k = &mut keys;
    presses(&mut walk, k, "<down><enter><c-n>");
    presses(walk.on("edge"), k, "example.org<c-n>");
    for page in ["delivery", "request-file", "security", "organization", "names", "extra-names", "request-summary"] {
        walk.on(page);
        on_by(&mut walk, k);
    }
    walk.on("request-executing");
    println!("{keys} keys");
    assert!(keys < 25, "{keys}");
}
