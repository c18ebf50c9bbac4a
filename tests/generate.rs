//! What `generate` prints, read by the programs it is for, and held against the page table.

mod common;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};

use edgewright::edge::Server;
use edgewright::form::Kind;
use edgewright::pages;
use edgewright::problem::Code;
use serde_json::Value;

use common::place::{Place, answers, list};
use common::{beside, have, have_all, have_python};

const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "powershell"];

/// What `generate` prints with these words, in a place where that leaves no trace.
fn generate(words: &[&str]) -> String {
    let place = Place::with("");
    let before = place.listing();
    let run = place.run(&[&["--log", "log.txt", "generate"], words].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
    assert!(place.listing() == before, "{words:?} wrote something");
    run.out
}

/// Runs `program` on a file with this content.
fn read_by(program: &str, args: &[&str], content: &str) -> Output {
    let place = Place::with("");
    place.write("paper", content);
    Command::new(program).args(args).arg(place.path("paper")).output().unwrap()
}

/// The file is fine for `program`, which says nothing against it.
fn passes(program: &str, args: &[&str], content: &str) -> String {
    let output = read_by(program, args, content);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{program}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn nothing_is_needed_not_even_a_home() {
    let place = Place::with("");
    let mut command = place.command(&["generate", "schema"]);
    command.env_remove("EDGEWRIGHT_HOME").env_remove("HOME");
    assert!(command.output().unwrap().status.success());
    let wrong = place.run(&["generate"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
}

#[test]
fn the_man_page_is_sound_roff_and_tells_every_command() {
    if !have_all(&["groff", "mandoc"]) {
        return;
    }
    let page = generate(&["man"]);
    let shown = passes("groff", &["-man", "-ww", "-Tascii", "-P-cbou"], &page);
    assert_eq!(passes("mandoc", &["-T", "lint", "-W", "error"], &page), "");
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in
        ["edgewright plan [--answers FILE]", "generate completions SHELL", "EDGEWRIGHT_HOME", "128+n", "key.pem"]
    {
        assert!(shown.contains(said), "{said} is not in {shown}");
    }
    for heading in ["COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS"] {
        assert!(page.contains(&format!(".SH {heading}")) || page.contains(&format!(".SH \"{heading}\"")), "{heading}");
    }
    assert!(page.contains("\"edgewright 0."), "the version stands in the title");
}

#[test]
fn every_shell_takes_its_completions() {
    let scripts = SHELLS.map(|shell| (shell, generate(&["completions", shell])));
    for (shell, script) in &scripts {
        assert!(script.contains("generate") && script.contains("answers-out"), "{shell}");
        if *shell == "powershell" {
            let mut parser = tree_sitter::Parser::new();
            parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
            // The grammar does not know the form of `.Where` without parentheses, which PowerShell takes since 4.0.
            let filter = r#"{ $_.CompletionText -like "$wordToComplete*" }"#;
            let script = script.replace(&format!(".Where{filter}"), &format!(".Where({filter})"));
            let tree = parser.parse(&script, None).unwrap();
            assert!(!tree.root_node().has_error(), "{}", tree.root_node().to_sexp());
        } else if have(shell) {
            passes(shell, &["-n"], script);
        }
    }
}

/// What bash offers for a command line whose last word is being typed.
fn offered(line: &str) -> Vec<String> {
    let place = Place::with("");
    place.write("completions", &generate(&["completions", "bash"]));
    let script = r#". ./completions
        read -ra COMP_WORDS <<<"$1"
        [[ $1 != *' ' ]] || COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _edgewright edgewright "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}""#;
    let output = Command::new("bash").current_dir(place.folder()).args(["-c", script, "bash", line]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_command_lines() {
    if !have("bash") {
        return;
    }
    assert_eq!(offered("edgewright pl"), ["plan"]);
    assert_eq!(offered("edgewright plan --j"), ["--json"]);
    assert_eq!(offered("edgewright --color al"), ["always"]);
    assert_eq!(offered("edgewright generate answers --server e"), ["ejabberd"]);
    assert!(offered("edgewright generate ").contains(&"schema".to_owned()));
}

/// For each answers file, what the schema has against it.
fn faults(files: &[PathBuf]) -> Vec<Vec<String>> {
    let place = Place::with("");
    place.write("schema.json", &generate(&["schema"]));
    let mut command = Command::new("python3");
    let output = command.arg(beside("peers/validate.py")).arg(place.path("schema.json")).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_schema_takes_every_good_file() {
    if !have_python("jsonschema") {
        return;
    }
    let place = Place::with("");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(beside("answers")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(beside("contract/answers.toml"));
    files.push(beside("flow/contoso.toml"));
    for server in Server::ALL.map(Server::name) {
        place.write(server, &generate(&["answers", "--server", server]));
        files.push(place.path(server));
    }
    for (file, faults) in files.iter().zip(faults(&files)) {
        assert!(faults.is_empty(), "{}: {faults:#?}", file.display());
    }
}

#[test]
fn the_schema_refuses_only_what_the_program_refuses() {
    if !have_python("jsonschema") {
        return;
    }
    let wrong = [
        answers("lync", "edge.acces = \"sip.contoso.com\""),
        answers("lync", "edge.deep.er = 1"),
        answers("lync", "server.kind = \"openfire\""),
        answers("lync", "security.key = \"rsa-1024\""),
        answers("lync", "-edge.access"),
        answers("lync", "edge.access = \"\""),
        answers("lync", "request.usage = \"internal\""),
        answers("prosody", "edge.xmpp_domains = []"),
        answers("prosody", "-edge.host"),
        answers("prosody", "-server.kind"),
        answers("prosody", "dns.priority = 65536"),
        answers("prosody", "dns.ttl = \"3600\""),
        answers("prosody", "security.exportable = 1"),
        answers("prosody", "geography.country = \"USA\""),
        answers("prosody", &format!("organization.name = \"{}\"", "x".repeat(65))),
        answers("prosody", "schema = 2"),
        answers("prosody", "[[partners]]\ntls = \"required\""),
        answers("prosody", "[[partners]]\ndomain = \"partner.example\"\ntls = \"maybe\""),
        answers("prosody", "[[partners]]\ndomain = \"partner.example\"\ncolour = \"red\""),
    ];
    let place = Place::with("");
    let files: Vec<PathBuf> = (0..wrong.len()).map(|index| place.path(&format!("{index}.toml"))).collect();
    for (file, answers) in files.iter().zip(&wrong) {
        std::fs::write(file, answers).unwrap();
    }
    for ((file, answers), faults) in files.iter().zip(&wrong).zip(faults(&files)) {
        assert_eq!(faults.len(), 1, "{answers}\n{faults:#?}");
        assert_eq!(place.run(&["plan", "--answers", file.to_str().unwrap()]).code, 1, "{answers}");
    }
}

/// The paths of the answers that a schema of a table describes.
fn described(table: &Value, start: &str, found: &mut BTreeSet<String>) {
    assert_eq!(table["additionalProperties"], Value::Bool(false), "{start}");
    for (name, property) in table["properties"].as_object().unwrap() {
        let path = format!("{start}{name}");
        if property["type"] == "object" {
            described(property, &format!("{path}."), found);
            continue;
        }
        if property["items"]["type"] == "object" {
            described(&property["items"], &format!("{path}.*."), found);
        }
        assert!(property["description"].as_str().is_some_and(|words| !words.is_empty()), "{path}");
        found.insert(path);
    }
}

#[test]
fn the_schema_describes_every_field_and_nothing_else() {
    let schema: Value = serde_json::from_str(&generate(&["schema"])).unwrap();
    let mut found = BTreeSet::new();
    described(&schema, "", &mut found);
    assert!(found.remove("schema"));
    assert_eq!(found, pages::form().paths().collect());
    let server = &schema["properties"]["server"]["properties"]["kind"];
    assert_eq!(list(&server["enum"]).len(), list(&server["enumDescriptions"]).len());
    assert_eq!(schema["properties"]["dns"]["properties"]["ttl"]["default"], 3600);
}

#[test]
fn the_reference_tells_every_page_field_option_and_code() {
    let reference = generate(&["reference"]);
    let text = edgewright::text::Text::load("en");
    for page in pages::PAGES {
        let title = text.say(&edgewright::text::say(format!("page-{}", page.id)));
        assert!(reference.contains(&format!("\n## {title}\n")), "{title}");
    }
    for path in pages::form().paths() {
        let start = reference.find(&format!(": `{path}`\n")).unwrap_or_else(|| panic!("{path}"));
        let told = reference[start..].split("\n#").next().unwrap();
        let (_, field) = pages::form().field(&path.replace('*', "0")).unwrap();
        if let Kind::Choice(options, _) = field.kind {
            assert!(options.iter().all(|option| told.contains(&format!("  - `{option}`: "))), "{told}");
        }
        for item in ["- Takes: ", "- Default: ", "- Asked: "] {
            assert!(told.contains(item), "{told}");
        }
    }
    for code in Code::ALL {
        assert!(reference.contains(&format!("\n| `{}` | ", code.name())), "{}", code.name());
    }
    for code in ["0", "1", "2", "128+n"] {
        assert!(reference.contains(&format!("\n| `{code}` | ")), "{code}");
    }
    // Every row has the cells of its heading, and no word of the catalogue is missing.
    assert!(!reference.contains("{docs-") && !reference.contains("{field-"), "{reference}");
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(reference.lines().filter(|line| line.starts_with('|')).all(|line| [3, 5].contains(&bars(line))));
}

#[test]
fn the_reference_tells_when_a_field_has_to_be_answered() {
    let reference = generate(&["reference"]);
    let default = |path: &str| {
        let told = reference.split(&format!(": `{path}`\n")).nth(1).unwrap();
        told.split("- Default: ").nth(1).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(default("server.kind"), "has to be answered");
    assert_eq!(default("edge.access"), "has to be answered with `server.kind = \"lync\"`");
    let internal = "has to be answered with `server.kind = \"lync\", request.usage = \"internal\"`";
    assert_eq!(default("edge.internal"), internal);
    assert_eq!(default("partners.*.tls"), "`\"required\"`");
    assert!(default("edge.host").ends_with("`\"access.example.com\"` (lync)"), "{}", default("edge.host"));
}

#[test]
fn the_sample_answers_are_fine_as_they_are_and_hold_every_key_that_the_server_is_asked_for() {
    let mut all = BTreeSet::new();
    for server in Server::ALL.map(Server::name) {
        let sample = generate(&["answers", "--server", server]);
        let place = Place::with(&sample);
        let run = place.plan();
        assert_eq!((run.code, run.verdicts()), (0, Vec::new()), "{sample}");
        for (key, servers) in [("edge.access", "lync"), ("policy.grant", "lync"), ("upkeep.timer", "prosody ejabberd")]
        {
            assert_eq!(keys(&sample).contains(key), servers.contains(server), "{key} in {sample}");
        }
        all.extend(keys(&sample));
    }
    assert_eq!(all, pages::form().paths().map(|path| path.replace(".*", "")).collect());
    assert_eq!(generate(&["answers"]), generate(&["answers", "--server", "prosody"]));
}

#[test]
fn google_talk_is_the_topics_example_with_what_it_forgot() {
    let place = Place::with(&generate(&["answers", "--google-talk"]));
    let run = place.plan();
    assert_eq!(
        (run.code, run.verdicts()),
        (0, vec!["warning partner-warning partners.0.tls".to_owned()]),
        "{}",
        run.err
    );
    place.applied();
    let script = |name: &str| place.read(&format!("home/out/lync/{name}.ps1"));
    // Row 17 of the product's table.
    assert!(script("30-partners").contains(
        "New-CsXmppAllowedPartner -Identity 'gmail.com' -PartnerType PublicUnverified -TlsNegotiation NotSupported \
         -SaslNegotiation NotSupported -SupportDialbackNegotiation $true -EnableKeepAlive $false"
    ));
    let policy = script("40-policy");
    for line in [
        "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true\n",
        "New-CsExternalAccessPolicy -Identity 'FedPic' -EnableFederationAccess $true -EnableXmppAccess $true ",
        "Get-CsUser | Grant-CsExternalAccessPolicy -PolicyName 'FedPic'\n",
    ] {
        assert!(policy.contains(line), "{line} in {policy}");
    }
    assert!(
        script("10-request").contains("-Type AccessEdgeExternal,DataEdgeExternal,AudioVideoAuthentication,XmppServer ")
    );
    assert!(place.read("home/out/dns/contoso.com.records").contains("SRV  0 0 5269 sip.contoso.com."));
}

#[test]
fn a_default_of_the_sample_says_the_same_without_its_sign() {
    let sample = generate(&["answers", "--server", "lync"]);
    // What no page asks of Lync is warned about. A zone with a server of its own is an example and no default.
    let zone = sample.find("# [[dns.publish.zone]]").expect("the sample has one");
    let after = sample[zone..].find("\n\n").map_or(sample.len(), |end| zone + end);
    let defaults = [&sample[..zone], &sample[after..]].concat();
    let said: Vec<&str> =
        defaults.lines().map(|line| if line.starts_with("##") { "" } else { line.trim_start_matches("# ") }).collect();
    let said = said.join("\n");
    let commented = Place::with(&sample).plan();
    let place = Place::with(&said);
    let run = place.plan();
    assert!(run.verdicts().iter().all(|said| said.starts_with("warning not-asked")), "{:?}\n{said}", run.verdicts());
    let (with, without) = (run.meaning(), commented.meaning());
    assert_eq!((&with["names"], &with["records"]), (&without["names"], &without["records"]));
    assert_eq!(list(&with["partners"]).len(), 1);
}

/// The paths of all keys of a sample, commented out or not.
fn keys(sample: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut table = String::new();
    for line in sample.lines().filter(|line| !line.starts_with("##")) {
        let line = line.trim_start_matches("# ");
        if let Some((key, _)) = line.split_once(" = ") {
            found.insert(format!("{table}{key}"));
        } else if !line.is_empty() {
            let name = line.trim_matches(['[', ']']);
            if line.starts_with("[[") {
                found.insert(name.to_owned());
            }
            table = format!("{name}.");
        }
    }
    assert!(found.remove("schema"));
    found
}

#[test]
fn the_readme_lists_each_command_once_with_what_it_is_for() {
    let readme = std::fs::read_to_string(beside("../README.md")).unwrap();
    let command = edgewright::cli::command(&edgewright::text::Text::load("en"));
    for name in command.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "help") {
        let is_about = |line: &&str| line.strip_prefix("| `edgewright ").is_some_and(|rest| rest.starts_with(name));
        let rows: Vec<&str> = readme.lines().filter(is_about).collect();
        assert!(matches!(rows[..], [row] if row.matches(" | ").count() == 1), "{name}: {rows:?}");
    }
}
