//! ejabberd 23.01 and later, with a module of ours that holds each partner to his settings.

mod enforced;
mod local;
mod own_options;
mod settings;

use std::path::Path;

use self::enforced::enforces;
use self::settings::settings;
use super::firewall;
use super::installation::Local;
use super::product::{Enforced, OutFile, Product};
use super::script::script;
use crate::edge::{Deployment, Negotiation, Usage};
use crate::pki::Certificate;
use crate::text::{Message, Text, say};

/// Where copies of pairs are, where its main configuration file is in the usual place.
const PAIRS: &str = "/etc/ejabberd/edgewright";

/// ejabberd.
pub(super) struct Ejabberd;

impl Product for Ejabberd {
    fn request(&self, _: &Deployment, _: &Text) -> Vec<OutFile> {
        Vec::new()
    }

    fn certificate(&self, _: &Deployment, _: &Certificate, _: Usage, _: &Text) -> Vec<OutFile> {
        Vec::new()
    }

    fn is_for_certificate(&self, _: &Path) -> bool {
        false
    }

    fn partners(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        let pairs = Path::new(PAIRS);
        let file = |name: &str, content: String| OutFile { path: format!("ejabberd/{name}"), content };
        let settings = file("edgewright.yml", settings(deployment, &local::Here.usual(), pairs, text));
        let module = local::module().map(|(name, content)| file(name.trim_start_matches("src/"), content.to_owned()));
        let files: Vec<OutFile> = module.into_iter().chain([settings]).collect();
        let script = script(&local::Here, &files, deployment, text);
        files.into_iter().chain([script]).collect()
    }

    fn policy(&self, _: &Deployment, _: &Text) -> Vec<OutFile> {
        Vec::new()
    }

    fn local(&self) -> Option<&'static dyn Local> {
        Some(&local::Here)
    }

    fn guide(&self, _: &Deployment, _: &Text) -> Vec<OutFile> {
        Vec::new()
    }

    fn firewall(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        vec![firewall::shell(deployment, text)]
    }

    fn enforces(&self, asked: Negotiation) -> Enforced {
        enforces(asked)
    }

    fn unlisted_allowed(&self) -> Message {
        say("unlisted-allowed-ejabberd")
    }

    fn caution(&self) -> Option<Message> {
        None
    }

    fn prerequisites(&self) -> Vec<Message> {
        Vec::new()
    }

    fn first_to_do(&self) -> Vec<Message> {
        Vec::new()
    }

    fn still_to_do(&self, deployment: &Deployment) -> Vec<Message> {
        let install = if deployment.install.is_some() { "to-do-apply" } else { "to-do-install" };
        [install, "to-do-ejabberd-firewall"].map(say).into()
    }

    fn last_to_do(&self) -> Option<Message> {
        None
    }
}
