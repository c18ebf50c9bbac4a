//! An edge whose request lies written, and the authority that answers it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use edgewright::home::Pair;
use edgewright::pki::Certificate;
use edgewright::pki::PrivateKey;
use edgewright::pki::request::{is_for, public_key_of};

use super::offers::House;
use super::place::{Listing, Place, Run, answers, timeless};

pub struct Edge<'a> {
    pub place: Place,
    pub house: &'a House,
}

impl<'a> Edge<'a> {
    /// An edge with these answers, applied.
    pub fn new(house: &'a House, base: &str, edits: &str) -> Self {
        let edge = Edge { place: Place::with(&answers(base, edits)), house };
        edge.place.applied();
        edge
    }

    /// A Prosody with its certificate in use.
    pub fn served(house: &'a House) -> Self {
        let edge = Edge::new(house, "prosody", "");
        edge.completed(1);
        edge
    }

    /// The program, which believes the house's root.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.place.command(args);
        command.env("SSL_CERT_FILE", self.house.at("root.pem"));
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(&mut self.command(args))
    }

    /// [`Edge::run`], which has to go well.
    pub fn runs(&self, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.code, 0, "{args:?}: {}{}", run.out, run.err);
        run
    }

    /// The program with something on its standard input.
    pub fn fed(&self, args: &[&str], input: &[u8]) -> Run {
        fed(&mut self.command(args), input)
    }

    /// The request of this number.
    pub fn request(&self, number: u32) -> String {
        self.place.read(&format!("home/requests/{number}/request.pem"))
    }

    /// The certificate for the request of this number, as it should be.
    pub fn leaf(&self, number: u32) -> String {
        self.house.answer(&self.request(number)).of("asked")
    }

    /// The same with its issuer, in `name`.
    pub fn send(&self, number: u32, name: &str) {
        fs::write(self.place.path(name), self.house.with_issuer(self.leaf(number))).unwrap();
    }

    /// Takes the certificate for the request of this number home.
    pub fn completed(&self, number: u32) -> Run {
        let name = format!("{number}.crt");
        self.send(number, &name);
        self.runs(&["complete", "--certificate", &name])
    }

    /// Where a link in the home folder leads.
    pub fn link(&self, name: &str) -> Option<PathBuf> {
        fs::read_link(self.place.home().join(name)).ok()
    }

    /// Where `current` leads; what it leads to is a whole pair.
    pub fn current(&self) -> Option<PathBuf> {
        let to = self.link("current")?;
        self.is_whole(&to);
        Some(to)
    }

    pub fn is_whole(&self, to: &Path) {
        let folder = self.place.home().join(to);
        let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
        let key = read("key.pem").map(PrivateKey::from_pem).as_ref().and_then(public_key_of);
        let pair = Pair::of(0, ["cert.pem", "chain.pem", "fullchain.pem"].map(read), key);
        assert!(pair.is_whole, "{}", folder.display());
    }

    /// The public key of a pair's certificate.
    pub fn public_key(&self, number: u32) -> Vec<u8> {
        Certificate::read_pem(&self.place.read(&format!("home/pairs/{number}/cert.pem"))).unwrap().public_key
    }

    /// Whether the request of this number was made for the key of that number.
    pub fn is_for(&self, request: u32, key: u32) -> bool {
        let key = self.place.read(&format!("home/requests/{key}/key.pem"));
        is_for(&self.request(request), &PrivateKey::from_pem(key))
    }

    pub fn listing(&self) -> Listing {
        timeless(self.place.listing())
    }

    /// Refused with all of these codes at once and no other errors, with nothing written.
    pub fn refuses(&self, args: &[&str], codes: &[&str]) -> Run {
        let before = self.listing();
        let run = self.run(args);
        assert_eq!(
            (run.code, errors(&run.err)),
            (1, codes.iter().map(|&code| code.to_owned()).collect()),
            "{}",
            run.err
        );
        assert_eq!(self.listing(), before, "{args:?}");
        run
    }
}

/// A command with something on its standard input.
pub fn fed(command: &mut Command, input: &[u8]) -> Run {
    use std::io::Write as _;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    Run::from(child.wait_with_output().unwrap())
}

/// The codes of the errors that a run told.
pub fn errors(told: &str) -> Vec<String> {
    let codes = told.lines().filter_map(|line| line.split_once("rror[")?.1.split_once(']'));
    codes.map(|(code, _)| code.to_owned()).collect()
}

/// The targets that the text of a plan or a report names, with their signs; what is kept is left out.
pub fn told(out: &str) -> Vec<(char, PathBuf)> {
    let lines = out.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(' '));
    let signed = lines.filter_map(|(sign, target)| match sign {
        "+" | "~" | "-" => Some((sign.chars().next()?, PathBuf::from(target))),
        _ => None,
    });
    signed.collect()
}
