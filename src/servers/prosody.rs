//! Prosody 0.12 and 13, with a module of ours that holds each partner to his settings.
//!
//! A loose global setting would hold for every domain there is, and for every other virtual host of the server, so the
//! globals stay as the person has them: our module loosens or tightens single sessions of our hosts. Sources:
//! prosody.im/doc/s2s, and Prosody 0.12.3 and 13.0.1 at work.

mod local;
mod settings;

use std::path::Path;

use self::settings::{MODULE, MODULE_FILE, settings};
use super::firewall;
use super::installation::Local;
use super::product::{Enforced, OutFile, Product};
use super::script::script;
use crate::edge::{Deployment, Negotiation, Server, Usage, negotiate};
use crate::pki::Certificate;
use crate::text::{Message, Text, say};

/// The pair in use, where its main configuration file is in the usual place.
const PAIR: &str = "/etc/prosody/edgewright/current";

/// Prosody.
pub(super) struct Prosody;

impl Product for Prosody {
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
        let files = vec![
            OutFile { path: "prosody/ask.lua".to_owned(), content: local::ASK.to_owned() },
            OutFile { path: format!("prosody/{MODULE_FILE}"), content: MODULE.to_owned() },
            OutFile {
                path: "prosody/edgewright.cfg.lua".to_owned(),
                content: settings(deployment, &local::Here.usual(), Path::new(PAIR), text),
            },
        ];
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
        Enforced { methods: negotiate(Server::Prosody, asked).methods, limits: Vec::new() }
    }

    fn unlisted_allowed(&self) -> Message {
        say("unlisted-allowed-prosody")
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
        [install, "to-do-prosody-firewall"].map(say).into()
    }

    fn last_to_do(&self) -> Option<Message> {
        None
    }
}
