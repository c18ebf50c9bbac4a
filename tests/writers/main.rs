//! The files of `servers`, read by the programs they are written for, or by a parser of their language.

#[path = "../common/mod.rs"]
mod common;
mod config;
mod dns;
mod firewall;
mod powershell;
mod sample;
mod script;

use std::process::{Command, Output, Stdio};

use edgewright::edge::{Deployment, records};
use edgewright::servers::{self, OutFile};
use edgewright::text::Text;

/// Every file there is for `deployment`.
fn all_files(deployment: &Deployment) -> Vec<OutFile> {
    let text = Text::load("en");
    let product = servers::product(deployment.server);
    let mut files = product.request(deployment, &text);
    files.extend(product.partners(deployment, &text));
    files.extend(product.policy(deployment, &text));
    files.extend(servers::dns_files(&records(deployment), &text));
    files.extend(product.firewall(deployment, &text));
    files.extend(product.guide(deployment, &text));
    files
}

/// The content of the file at `path`.
fn file(files: &[OutFile], path: &str) -> String {
    let found = files.iter().find(|file| file.path == path);
    found.unwrap_or_else(|| panic!("{path} among {:?}", paths(files))).content.clone()
}

fn paths(files: &[OutFile]) -> Vec<&str> {
    files.iter().map(|file| file.path.as_str()).collect()
}

/// Runs a command to its end.
fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// Runs a command that must succeed, and gives what it printed.
fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{printed}{}", String::from_utf8_lossy(&output.stderr));
    printed
}
