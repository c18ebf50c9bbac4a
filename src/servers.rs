//! Settings as the servers read them: files and commands, as data.
//!
//! Each writer takes what the answers mean and gives the files back; who puts them where is not its business. What a
//! server cannot hold is said in the file and never loosened: of two settings that do not fit, the stricter is written.
//! Partners whose name or settings cannot work are passed over here; the run is refused before their files are written.

mod dns;
mod ejabberd;
mod firewall;
mod lync;
mod powershell;
mod prosody;
mod systemd;

use std::path::Path;

use crate::edge::{Deployment, Method, Partner, PartnerType, Record, Requirement, Server, Usage, Verdict};
use crate::name::Name;
use crate::pki::Certificate;
use crate::text::{Message, Text, say};

pub use systemd::status_units;

/// A file that a person carries elsewhere, below the home folder's `out/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// Path relative to `out/`, such as `lync/30-partners.ps1`.
    pub path: String,
    /// The whole content.
    pub content: String,
}

/// The script that asks Windows for key and request; none where this program makes them.
#[must_use]
pub fn request_files(deployment: &Deployment, text: &Text) -> Vec<OutFile> {
    lync::request(deployment, text).into_iter().collect()
}

/// What puts an issued certificate into service where Windows does that; nothing for the other servers.
#[must_use]
pub fn certificate_files(
    deployment: &Deployment,
    certificate: &Certificate,
    usage: Usage,
    text: &Text,
) -> Vec<OutFile> {
    match deployment.server {
        Server::Lync => lync::certificate(deployment, certificate, usage, text),
        Server::Prosody | Server::Ejabberd => Vec::new(),
    }
}

/// Whether a file, relative to `out/`, is one that [`certificate_files`] makes for this kind of server: it stays as long as
/// the certificate may be in use, whatever the answers say meanwhile.
#[must_use]
pub fn is_for_certificate(deployment: &Deployment, file: &Path) -> bool {
    let name = file.to_str().unwrap_or_default();
    deployment.server == Server::Lync
        && Usage::ALL.iter().any(|usage| {
            name.strip_prefix("lync/").is_some_and(|name| {
                name.split_once('.').is_some_and(|(stem, _)| stem == lync::certificate_name(*usage))
            })
        })
}

/// The partners and how their streams are secured.
#[must_use]
pub fn partner_files(deployment: &Deployment, text: &Text) -> Vec<OutFile> {
    vec![match deployment.server {
        Server::Lync => lync::partners(deployment, text),
        Server::Prosody => prosody::partners(deployment, text),
        Server::Ejabberd => ejabberd::partners(deployment, text),
    }]
}

/// External access, which only Lync has.
#[must_use]
pub fn policy_files(deployment: &Deployment, text: &Text) -> Vec<OutFile> {
    (deployment.server == Server::Lync).then(|| lync::policy(deployment, text)).into_iter().collect()
}

/// The records for three kinds of DNS server; nothing where there are no records.
#[must_use]
pub fn dns_files(records: &[Record], text: &Text) -> Vec<OutFile> {
    dns::files(records, text)
}

/// The ports to open.
#[must_use]
pub fn firewall_files(deployment: &Deployment, text: &Text) -> Vec<OutFile> {
    vec![match deployment.server {
        Server::Lync => firewall::powershell(deployment, text),
        Server::Prosody | Server::Ejabberd => firewall::shell(deployment, text),
    }]
}

/// A file while it is written, line by line. Human words enter as remarks only, and become comments.
struct Draft<'a> {
    text: &'a Text,
    mark: &'static str,
    content: String,
}

impl<'a> Draft<'a> {
    /// An empty file whose comments start with `mark`.
    fn new(text: &'a Text, mark: &'static str) -> Self {
        Draft { text, mark, content: String::new() }
    }

    /// A comment. However many lines the message has, and whatever its values hold, each line starts with the mark.
    fn remark(&mut self, message: &Message) {
        self.content.push_str(&comment(self.mark, &self.text.say(message)));
    }

    /// What `server` cannot hold, under a heading.
    fn limits(&mut self, limits: &[Message], server: &str) {
        if !limits.is_empty() {
            self.gap();
            self.remark(&say("file-limits").with("server", server));
        }
        for limit in limits {
            self.remark(limit);
        }
    }

    /// A line of the file's own language.
    fn line(&mut self, line: impl AsRef<str>) {
        self.content.push_str(line.as_ref());
        self.content.push('\n');
    }

    /// An empty line.
    fn gap(&mut self) {
        self.line("");
    }

    /// The finished file.
    fn file(self, path: &str) -> OutFile {
        OutFile { path: path.to_owned(), content: self.content }
    }
}

/// `said` as comment lines. Whatever some language takes for the end of a line ends it here.
fn comment(mark: &str, said: &str) -> String {
    let ends = ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];
    let lines = said.split(ends).map(|line| format!("{mark} {line}"));
    lines.flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()]).collect()
}

/// The partners that a server can be told about: a sound name, and settings that leave a method.
fn partners(deployment: &Deployment) -> impl Iterator<Item = &Partner> {
    let can_work =
        |partner: &&Partner| is_host(&partner.domain) && partner.outcome(deployment.server).verdict != Verdict::Invalid;
    deployment.federation.partners.iter().filter(can_work)
}

/// Primary and additional domains of a partner in A-labels, the primary one first.
fn domains(partner: &Partner) -> impl Iterator<Item = &str> {
    std::iter::once(&partner.domain).chain(&partner.additional_domains).filter(|name| is_host(name)).map(Name::ascii)
}

fn is_host(name: &Name) -> bool {
    name.is_sound() && !name.is_wildcard()
}

/// Sound names as strings that Lua and YAML read alike: letters, digits, hyphens and dots need no escape in either.
fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    names.into_iter().map(|name| format!("\"{name}\"")).collect()
}

/// What the partners' settings ask and a stock Prosody or ejabberd cannot hold towards one domain.
fn limits(deployment: &Deployment) -> Vec<Message> {
    partners(deployment).flat_map(|partner| limits_of(partner, deployment.server)).collect()
}

/// What a partner's settings ask and `server`, with stock software, cannot hold towards that domain; nothing for Lync.
#[must_use]
pub fn limits_of(partner: &Partner, server: Server) -> Vec<Message> {
    if server == Server::Lync {
        return Vec::new();
    }
    let methods = partner.outcome(server).methods;
    let has = |method| methods.contains(&method);
    let mut limits = Vec::new();
    if has(Method::TcpDialback) {
        limits.push(say("file-limit-clear-text"));
    }
    if partner.negotiation.sasl == Requirement::NotSupported && has(Method::TlsDialback) {
        limits.push(say("file-limit-sasl-never"));
    }
    if has(Method::SaslOverTls) && !has(Method::TlsDialback) {
        limits.push(match server {
            Server::Ejabberd => say("file-limit-dialback-ejabberd"),
            Server::Lync | Server::Prosody => say("file-limit-dialback-prosody"),
        });
    }
    limits.push(match (partner.kind, server) {
        (PartnerType::Federated, _) => say("file-limit-federated"),
        (PartnerType::PublicVerified, _) => say("file-limit-public-verified"),
        (PartnerType::PublicUnverified, Server::Ejabberd) => say("file-limit-public-unverified-ejabberd"),
        (PartnerType::PublicUnverified, _) => say("file-limit-public-unverified-prosody"),
    });
    let domain = partner.domain.both();
    limits.into_iter().map(|limit| limit.with("domain", domain.as_str()).with("server", title(server))).collect()
}

/// The server's own name.
fn title(server: Server) -> &'static str {
    match server {
        Server::Lync => "Lync Server",
        Server::Prosody => "Prosody",
        Server::Ejabberd => "ejabberd",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_leaves_its_comment_however_it_ends_lines() {
        for end in ["\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}"] {
            let lines = comment("--", &format!("said{end}{end}os.exit()"));
            assert!(lines.lines().all(|line| line.starts_with("--")), "{lines:?}");
            assert!(lines.ends_with("-- os.exit()\n"), "{lines:?}");
        }
        let text = Text::load("en");
        let mut draft = Draft::new(&text, "#");
        draft.remark(&say("file-made").with("name", "x\nreboot"));
        assert_eq!(draft.file("x").content, "# Written by Edgewright for x\\nreboot.\n");
    }

    #[test]
    fn each_limit_is_told_of_the_partner_that_meets_it() {
        use crate::edge::Preset;
        let keys = |server, preset: Preset| -> Vec<String> {
            let partner = Partner {
                domain: Name::new("partner.example"),
                description: String::new(),
                additional_domains: Vec::new(),
                kind: PartnerType::Federated,
                negotiation: preset.negotiation(),
                keep_alive: true,
                accept_clear_text: true,
            };
            limits_of(&partner, server).into_iter().map(|limit| limit.key.into_owned()).collect()
        };
        for (preset, limit) in [
            (Preset::Strict, Some("file-limit-dialback-prosody")),
            (Preset::Balanced, None),
            (Preset::EncryptedDialback, Some("file-limit-sasl-never")),
            (Preset::LegacyClearText, Some("file-limit-clear-text")),
        ] {
            let expected: Vec<&str> = limit.into_iter().chain(["file-limit-federated"]).collect();
            assert_eq!(keys(Server::Prosody, preset), expected);
        }
        assert_eq!(keys(Server::Ejabberd, Preset::Strict)[0], "file-limit-dialback-ejabberd");
    }
}
