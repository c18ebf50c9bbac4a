//! The drop-ins as Prosody and ejabberd themselves read them.

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use edgewright::edge::{Deployment, Partner, PartnerType, Requirement, Server};
use edgewright::name::Name;

use crate::common::{have_all, have_root};
use crate::sample::{contoso, partner};
use crate::{all_files, file, run, succeed};

/// Partners of every kind and with every kind of method.
fn sample(server: Server) -> Deployment {
    let mut deployment = contoso(server);
    deployment.edge.components = vec![Name::new("conference.contoso.com")];
    let mut strict = partner("strict.example");
    (strict.negotiation.sasl, strict.negotiation.dialback) = (Requirement::Required, false);
    strict.kind = PartnerType::Federated;
    let mut plain = partner("plain.example");
    (plain.negotiation.tls, plain.negotiation.sasl) = (Requirement::NotSupported, Requirement::NotSupported);
    let mut unproved = partner("unproved.example");
    unproved.negotiation.sasl = Requirement::NotSupported;
    unproved.kind = PartnerType::PublicVerified;
    unproved.additional_domains = vec![Name::new("münchen.example"), Name::new("a_b.example")];
    deployment.federation.partners.extend([strict, plain, unproved, partner("it's.example"), partner("grüße.example")]);
    deployment
}

#[test]
fn prosody_keeps_its_strict_globals_and_excepts_partners_with_dialback_over_tls_only() {
    if !have_all(&["luac5.4", "lua5.4"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edgewright.cfg.lua");
    fs::write(&path, file(&all_files(&sample(Server::Prosody)), "prosody/edgewright.cfg.lua")).unwrap();
    succeed(Command::new("luac5.4").arg("-p").arg(&path));
    let tell = "dofile(arg[1]) print(s2s_require_encryption, s2s_secure_auth, table.concat(s2s_insecure_domains, ' '))";
    let script = folder.path().join("tell.lua");
    fs::write(&script, tell).unwrap();
    assert_eq!(
        succeed(Command::new("lua5.4").arg(&script).arg(&path)),
        "true\ttrue\tpartner.example corp.partner.example unproved.example xn--mnchen-3ya.example \
         xn--gre-6ka8l.example corp.xn--gre-6ka8l.example\n"
    );
}

#[test]
fn prosody_takes_the_drop_in() {
    if !have_all(&["prosodyctl"]) || !have_root() {
        return;
    }
    let folder = shared_folder();
    let place = folder.path().display();
    let drop_in = file(&all_files(&sample(Server::Prosody)), "prosody/edgewright.cfg.lua");
    fs::write(folder.path().join("edgewright.cfg.lua"), drop_in).unwrap();
    let main = folder.path().join("prosody.cfg.lua");
    let text = format!(
        "data_path = \"{place}\"\npidfile = \"{place}/pid\"\nlog = \"*console\"\nmodules_enabled = {{ \"dialback\" }}\n\
         VirtualHost \"contoso.com\"\nInclude \"{place}/50-*.cfg.lua\"\n"
    );
    fs::write(&main, text).unwrap();
    let printed = succeed(Command::new("prosodyctl").arg("--config").arg(&main).args(["check", "config"]));
    assert!(printed.contains("All checks passed"), "{printed}");
}

#[test]
fn what_a_stock_server_does_not_do_is_said_once_with_the_partners_it_is_about() {
    for (server, path, mark, title) in [
        (Server::Prosody, "prosody/edgewright.cfg.lua", "--", "Prosody"),
        (Server::Ejabberd, "ejabberd/edgewright.yml", "#", "ejabberd"),
    ] {
        let mut deployment = sample(server);
        let strict = Partner { domain: Name::new("second.example"), ..deployment.federation.partners[1].clone() };
        deployment.federation.partners.push(strict);
        let content = file(&all_files(&deployment), path);
        for (limit, partners) in [
            ("cannot leave out dialback for one partner", &["strict.example", "second.example"][..]),
            ("allow clear text only", &["plain.example"]),
            ("cannot leave SASL EXTERNAL out for one partner", &["unproved.example"]),
        ] {
            let mut lines = content.lines().skip_while(|line| !line.contains(limit));
            assert!(lines.next().is_some_and(|line| line.contains(title)), "{limit} in {content}");
            for partner in partners {
                assert_eq!(lines.next(), Some(format!("{mark} - {partner}").as_str()), "{limit} in {content}");
            }
            assert_eq!(lines.next(), Some(""), "{limit} in {content}");
            assert_eq!(content.matches(limit).count(), 1, "{limit} in {content}");
        }
        assert_eq!(content.matches("treats all partner types alike").count(), 1, "{content}");
        assert!(!content.contains("it's") && !content.contains("a_b"), "{content}");
    }
}

#[test]
fn a_partner_that_cannot_connect_is_in_no_list() {
    for (server, path) in
        [(Server::Prosody, "prosody/edgewright.cfg.lua"), (Server::Ejabberd, "ejabberd/edgewright.yml")]
    {
        let content = file(&all_files(&sample(server)), path);
        let settings: String = content.lines().filter(|line| !line.starts_with(['-', '#'])).collect();
        assert!(settings.contains("\"unproved.example\"") && !settings.contains("plain.example"), "{content}");
    }
}

#[test]
fn no_message_is_missing_or_left_with_a_hole() {
    for server in Server::ALL {
        for file in all_files(&sample(server)) {
            for hole in ["{file-", "{port-", "{$", "{ $"] {
                assert!(!file.content.contains(hole), "{hole} in {}: {}", file.path, file.content);
            }
            assert!(file.content.lines().all(|line| !line.starts_with([' ', '\t']) || !line.trim().is_empty()));
        }
    }
}

#[test]
fn ejabberd_loads_the_file_beside_debians_own_and_refuses_whom_it_shall() {
    if !have_all(&["ejabberdctl", "erl", "chown"]) || !have_root() {
        return;
    }
    let mut deployment = sample(Server::Ejabberd);
    let folder = shared_folder();
    let edge = folder.path().join("edge.yml");
    let write =
        |deployment: &Deployment| fs::write(&edge, file(&all_files(deployment), "ejabberd/edgewright.yml")).unwrap();
    write(&deployment);
    let ejabberd = Ejabberd::start(folder.path());
    ejabberd.answers(&[
        tls("contoso.com", "required"),
        tls("localhost", "optional"), // other hosts stay as they were
        talk("contoso.com", "partner.example", true),
        talk("contoso.com", "corp.partner.example", true),
        talk("contoso.com", "xn--mnchen-3ya.example", true),
        talk("contoso.com", "other.partner.example", false),
        talk("contoso.com", "stranger.example", false),
        talk("localhost", "stranger.example", true),
        rule("edge_strangers", "partner.example", "deny"),
        rule("edge_strangers", "strict.example", "allow"),
        rule("edge_strangers", "contoso.com", "allow"),
        talk("contoso.com", "strict.example", true),
        talk("contoso.com", "plain.example", false),
        blocks_strangers(true),
    ]);

    deployment.federation.partners.clear();
    write(&deployment);
    ejabberd.reload();
    ejabberd.answers(&[talk("contoso.com", "partner.example", false), blocks_strangers(false)]);

    deployment.federation.refuse_unlisted = false;
    write(&deployment);
    ejabberd.reload();
    ejabberd.answers(&[talk("contoso.com", "partner.example", true)]);
}

/// An Erlang call in the running server, and the value it shall have.
type Expected = (String, String);

fn tls(host: &str, value: &str) -> Expected {
    (format!("ejabberd_option:s2s_use_starttls(<<\"{host}\">>)"), value.to_owned())
}

fn talk(host: &str, domain: &str, may: bool) -> Expected {
    (format!("ejabberd_s2s:allow_host(<<\"{host}\">>, <<\"{domain}\">>)"), may.to_string())
}

fn rule(rule: &str, domain: &str, verdict: &str) -> Expected {
    let call = format!("acl:match_rule(<<\"contoso.com\">>, {rule}, jid:make(<<\"{domain}\">>))");
    (call, verdict.to_owned())
}

fn blocks_strangers(does: bool) -> Expected {
    ("gen_mod:is_loaded(<<\"contoso.com\">>, mod_block_strangers)".to_owned(), does.to_string())
}

/// A folder that the servers' own users may read.
fn shared_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

/// What of Debian's main file could collide with ours; no listeners, and laxer than Debian's about TLS.
const MAIN: &str = "\
hosts: [localhost, contoso.com]
listen: []
s2s_use_starttls: optional
acl:
  local: { user_regexp: \"\" }
access_rules:
  local: { allow: local }
modules:
  mod_roster: {}
  mod_s2s_dialback: {}
";

/// An ejabberd of our own with [`MAIN`] and our file.
struct Ejabberd {
    process: Child,
    output: BufReader<ChildStdout>,
    control: Vec<String>,
    port: String,
    node: String,
}

impl Ejabberd {
    fn start(folder: &Path) -> Self {
        let place = folder.display();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let node = format!("edgewright{}@localhost", std::process::id());
        fs::write(folder.join("ejabberd.yml"), format!("{MAIN}include_config_file: [\"{place}/edge.yml\"]\n")).unwrap();
        fs::write(
            folder.join("ejabberdctl.cfg"),
            format!(
                "ERL_DIST_PORT={port}\nINET_DIST_INTERFACE=127.0.0.1\nERLANG_NODE={node}\n\
                 ERL_OPTIONS='-setcookie edgewright -env ERL_CRASH_DUMP_BYTES 0'\n"
            ),
        )
        .unwrap();
        fs::write(folder.join("inetrc"), "{lookup,[\"file\"]}.\n{host,{127,0,0,1},[\"localhost\"]}.\n").unwrap();
        for name in ["spool", "logs"] {
            fs::create_dir(folder.join(name)).unwrap();
        }
        succeed(Command::new("chown").args(["-R", "ejabberd:"]).arg(folder));
        let control = [("-d", ""), ("-f", "/ejabberd.yml"), ("-s", "/spool"), ("-l", "/logs")];
        let control: Vec<String> =
            control.iter().flat_map(|(flag, name)| [(*flag).to_owned(), format!("{place}{name}")]).collect();
        let mut command = Command::new("ejabberdctl");
        command.args(&control).arg("foreground").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut ejabberd = Ejabberd { process, output, control, port, node };
        for line in ejabberd.output.by_ref().lines().map_while(Result::ok) {
            assert!(!line.contains("[critical]"), "{line}");
            if line.contains("is started in") {
                return ejabberd;
            }
        }
        panic!("ejabberd ended");
    }

    fn reload(&self) {
        succeed(Command::new("ejabberdctl").args(&self.control).arg("reload_config"));
    }

    fn answers(&self, expected: &[Expected]) {
        let calls: Vec<&str> = expected.iter().map(|(call, _)| call.as_str()).collect();
        let calls = format!("[{}].", calls.join(", "));
        let eval = format!(
            "{{ok, T, _}} = erl_scan:string({calls:?}), {{ok, E}} = erl_parse:parse_exprs(T), \
             {{value, V, _}} = rpc:call('{}', erl_eval, exprs, [E, []]), [io:format(\"~p~n\", [X]) || X <- V], halt().",
            self.node
        );
        let mut erl = Command::new("erl");
        erl.args(["-sname", "asker@localhost", "-erl_epmd_port", &self.port, "-start_epmd", "false"]);
        erl.args(["-dist_listen", "false", "-hidden", "-setcookie", "edgewright", "-noinput", "-eval", &eval]);
        let printed = succeed(&mut erl);
        let calls = expected.iter().map(|(call, _)| call.clone());
        let told: Vec<Expected> = calls.zip(printed.lines().map(str::to_owned)).collect();
        assert_eq!(told, expected);
    }
}

impl Drop for Ejabberd {
    fn drop(&mut self) {
        let _ = run(Command::new("ejabberdctl").args(&self.control).arg("stop"));
        let _ = self.process.wait();
    }
}
