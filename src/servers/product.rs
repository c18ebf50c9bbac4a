//! What a product has to say, and the files it says it in.

use std::path::Path;

use crate::edge::{Deployment, Method, Negotiation, Usage};
use crate::pki::Certificate;
use crate::text::{Message, Text};

use super::installation::Local;

/// A file that a person carries elsewhere, below the home folder's `out/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// Path relative to `out/`, such as `lync/30-partners.ps1`.
    pub path: String,
    /// The whole content.
    pub content: String,
}

/// What a server does for a partner, beside what the partner's settings ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enforced {
    /// The methods that take place, strongest first; none: the partner does not connect.
    pub methods: Vec<Method>,
    /// What is not as asked, each in a sentence that names no partner.
    pub limits: Vec<Message>,
}

impl Enforced {
    /// The methods as the word that a message chooses its variant by, such as `sasl-over-tls-tls-dialback`; `none` where
    /// there is none.
    #[must_use]
    pub fn way(&self) -> String {
        let names: Vec<&str> = self.methods.iter().map(|method| method.name()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join("-") }
    }
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

    /// What the server, set up by what is written here, does for a partner with these settings; nothing where they leave no
    /// method.
    fn enforces(&self, asked: Negotiation) -> Enforced;

    /// What becomes of domains that are no partner where they are not refused.
    fn unlisted_allowed(&self) -> Message;

    /// What somebody who chooses it has to know first.
    fn caution(&self) -> Option<Message>;

    /// How it is set up on this machine; none where it runs elsewhere.
    fn local(&self) -> Option<&'static dyn Local>;

    /// What leads a person through the other files, from what has to be there before to what shows that it works.
    fn guide(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile>;

    /// What has to be seen to before anything is switched over.
    fn prerequisites(&self) -> Vec<Message>;

    /// What a person has to do with the server before its certificate is asked for, in order.
    fn first_to_do(&self) -> Vec<Message>;

    /// What a person has to do with the server itself, in order, once the certificate has come: nothing that a script of
    /// ours does. Paths are relative to the home folder, and commands are run there.
    fn still_to_do(&self, deployment: &Deployment) -> Vec<Message>;

    /// What shows in the end that it works.
    fn last_to_do(&self) -> Option<Message>;
}
