//! Settings as the servers read them: files and commands, as data.
//!
//! Each writer takes what the answers mean and gives the files back; who puts them where is not its business. What a
//! server cannot hold is said in the file and never loosened: of two settings that do not fit, the stricter is written.
//! Partners whose name or settings cannot work are passed over here; the run is refused before their files are written.

mod dns;
mod ejabberd;
mod firewall;
mod local;
mod lync;
mod powershell;
mod prosody;
mod systemd;

use std::path::Path;

use crate::edge::{Deployment, Partner, Record, Server, Usage, Verdict};
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

/// A product that runs on an edge: the files it wants and what only it has to say. What it is and can do stands in
/// [`crate::edge::Traits`]. No method has a default, so that the compiler finds what a new product lacks.
pub trait Product: Sync {
    /// What makes key and request where the server's own machine does that; else nothing.
    fn request(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile>;

    /// What puts an issued certificate into service; nothing where the server reads it in the home folder.
    fn certificate(
        &self,
        deployment: &Deployment,
        certificate: &Certificate,
        usage: Usage,
        text: &Text,
    ) -> Vec<OutFile>;

    /// Whether a file, relative to `out/`, is one that [`Product::certificate`] makes: it stays as long as the certificate
    /// may be in use, whatever the answers say meanwhile.
    fn is_for_certificate(&self, file: &Path) -> bool;

    /// The partners and how their streams are secured.
    fn partners(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile>;

    /// Who may talk with the outside, where the server has a policy for that.
    fn policy(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile>;

    /// The ports to open.
    fn firewall(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile>;

    /// What a partner's settings ask and the server cannot hold towards that domain.
    fn limits(&self, partner: &Partner) -> Vec<Message>;

    /// Why domains that are no partner come in although they shall be refused; none where they are.
    fn unlisted_limit(&self) -> Option<Message>;

    /// What somebody who chooses it has to know first.
    fn caution(&self) -> Option<Message>;

    /// What a person still has to do with the server itself. `serves` tells whether the certificate has come, `pair` where
    /// it lies then.
    fn still_to_do(&self, deployment: &Deployment, serves: bool, pair: &Path) -> Vec<Message>;
}

/// The table of products.
#[must_use]
pub fn product(server: Server) -> &'static dyn Product {
    match server {
        Server::Lync => &lync::Lync,
        Server::Prosody => &prosody::Prosody,
        Server::Ejabberd => &ejabberd::Ejabberd,
    }
}

/// The records for three kinds of DNS server; nothing where there are no records.
#[must_use]
pub fn dns_files(records: &[Record], text: &Text) -> Vec<OutFile> {
    dns::files(records, text)
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

    /// What the server cannot hold towards the partners, under a heading.
    fn limits(&mut self, deployment: &Deployment) {
        let product = product(deployment.server);
        let limits: Vec<Message> = partners(deployment).flat_map(|partner| product.limits(partner)).collect();
        if !limits.is_empty() {
            self.gap();
            self.remark(&say("file-limits").with("server", deployment.server.traits().title));
        }
        for limit in &limits {
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
}
