//! A domain as other servers find it, judged step by step in the order in which they go: name service, connection, STARTTLS,
//! certificate, features, SASL EXTERNAL, dialback.

mod certificate;
mod endpoint;

use std::net::IpAddr;
use std::time::Duration;

use time::OffsetDateTime;

use crate::edge::Method;
use crate::pki::Certificate;
use crate::system::probe::{DomainProbe, HostProbe, Lookup, LookupError, Srv};
use crate::text::{Message, say};

/// Where servers speak with servers (RFC 6120 14.7).
const PORT: u16 = 5269;

/// What certificates are judged by.
pub struct Judge<'a> {
    /// The roots that are believed.
    pub trust: &'a [Certificate],
    /// Now.
    pub now: OffsetDateTime,
}

/// A domain, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainCheck {
    /// In A-labels.
    pub domain: String,
    /// What was seen, in order.
    pub steps: Vec<Step>,
    /// By what we are believed there, as far as it can be told.
    pub to_partner: Seen,
    /// By what it may be believed here.
    pub from_partner: Seen,
}

/// A way of authentication that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// This one.
    Method(Method),
    /// None at all.
    None,
    /// It cannot be told.
    Unknown,
}

impl Seen {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Seen::Method(method) => method.name(),
            Seen::None => "none",
            Seen::Unknown => "unknown",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `srv`, `address`, `tcp`, `stream`, `starttls`, `certificate`, `features`, `external` or `dialback`.
    pub step: &'static str,
    /// What was looked at: a name, or an address with its port.
    pub target: String,
    /// Whether it is as it should be; none where that cannot be told from here, or is nobody's fault.
    pub ok: Option<bool>,
    /// What it is, the end of the message's key `check-…`.
    pub code: &'static str,
    /// The same in words.
    pub detail: Message,
    /// How long it took.
    pub took: Option<Duration>,
}

impl Step {
    fn new(step: &'static str, target: impl Into<String>, ok: Option<bool>, code: &'static str) -> Self {
        let detail = say(format!("check-{code}"));
        Step { step, target: target.into(), ok, code, detail, took: None }
    }

    fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        Step { detail: self.detail.with(name, value.into()), ..self }
    }

    fn within(self, took: Option<Duration>) -> Self {
        Step { took, ..self }
    }
}

impl DomainCheck {
    /// Judges what a look showed.
    #[must_use]
    pub fn of(probe: &DomainProbe, judge: &Judge<'_>) -> Self {
        let mut steps = services(probe);
        steps.extend(probe.hosts.iter().flat_map(|host| addresses(host, probe)));
        let endpoints: Vec<_> = probe.hosts.iter().flat_map(|host| &host.endpoints).collect();
        for endpoint in &endpoints {
            steps.extend(endpoint::steps(&probe.domain, endpoint, judge));
        }
        // A server goes on to the next address where one does not answer: the first that does counts.
        let answers = endpoints.iter().find(|endpoint| endpoint.secure.is_some() || endpoint.plain.is_some());
        let to_partner = answers.map_or(Seen::None, |endpoint| endpoint::to_partner(endpoint));
        let from_partner =
            answers.map_or(Seen::Unknown, |endpoint| certificate::proves(&probe.domain, endpoint, judge));
        DomainCheck { domain: probe.domain.clone(), steps, to_partner, from_partner }
    }

    /// Whether everything that could be told is as it should be; none where nothing could be told.
    #[must_use]
    pub fn ok(&self) -> Option<bool> {
        if self.steps.iter().any(|step| step.ok == Some(false)) {
            return Some(false);
        }
        self.steps.iter().any(|step| step.code == "tls-agreed").then_some(true)
    }
}

/// The records that lead to the servers.
fn services(probe: &DomainProbe) -> Vec<Step> {
    let mut steps = Vec::new();
    let kinds = [("_xmpp-server._tcp", &probe.srv, false), ("_xmpps-server._tcp", &probe.direct_srv, true)];
    for (service, found, is_direct) in kinds {
        let target = format!("{service}.{}", probe.domain);
        match found {
            None => steps.push(Step::new("srv", target, Some(false), "late")),
            Some(Err(error)) => steps.push(failed("srv", target, error)),
            Some(Ok(records)) => steps.extend(records_of(&target, records, is_direct, probe)),
        }
    }
    steps
}

fn records_of(target: &str, records: &[Srv], is_direct: bool, probe: &DomainProbe) -> Vec<Step> {
    if let [only] = records
        && only.target.is_empty()
    {
        return vec![Step::new("srv", target, Some(false), "srv-refused")];
    }
    if records.is_empty() {
        let is_there = |found: &Option<Lookup<Srv>>| found.iter().flatten().flatten().next().is_some();
        // Few offer TLS from the start, and who has it needs no other.
        let step = match (is_direct, is_there(&probe.direct_srv)) {
            (true, _) => return Vec::new(),
            (false, true) => Step::new("srv", target, None, "srv-direct-only"),
            (false, false) => Step::new("srv", target, None, "srv-none"),
        };
        return vec![step];
    }
    let all: Vec<String> = records.iter().map(|srv| format!("{}:{}", srv.target, srv.port)).collect();
    let mut steps = vec![Step::new("srv", target, Some(true), "srv-found").with("targets", all.join(", "))];
    let odd = records.iter().find(|srv| !is_direct && srv.port != PORT);
    steps.extend(odd.map(|srv| Step::new("srv", target, None, "srv-port").with("port", srv.port.to_string())));
    let is_address = |srv: &&Srv| srv.target.parse::<IpAddr>().is_ok();
    let numbers = records.iter().find(is_address);
    steps.extend(numbers.map(|srv| Step::new("srv", target, Some(false), "srv-address").with("target", &*srv.target)));
    steps
}

/// The addresses of a host.
fn addresses(host: &HostProbe, probe: &DomainProbe) -> Vec<Step> {
    let mut steps = Vec::new();
    let step = |ok, code| Step::new("address", host.name.as_str(), ok, code);
    match &host.addresses {
        None => steps.push(step(Some(false), "late")),
        Some(Err(error)) => steps.push(failed("address", host.name.clone(), error)),
        Some(Ok(found)) if found.is_empty() => steps.push(step(Some(false), "address-none")),
        Some(Ok(found)) => {
            let all: Vec<String> = found.iter().map(IpAddr::to_string).collect();
            steps.push(step(Some(true), "address-found").with("addresses", all.join(", ")));
            let local = found.iter().find(|address| is_local(**address));
            steps.extend(local.map(|address| step(None, "address-private").with("address", address.to_string())));
        }
    }
    if host.is_alias && host.name != probe.domain {
        steps.push(step(Some(false), "address-alias"));
    }
    steps
}

/// Whether nobody elsewhere reaches it (RFC 1918, 3927, 4193, 4291 2.5).
fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_loopback() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// A question that was not answered: where nobody could be asked, nothing can be told of the domain.
fn failed(step: &'static str, target: String, error: &LookupError) -> Step {
    let (ok, code, reason) = match error {
        LookupError::NoServer => (None, "lookup-no-server", String::new()),
        LookupError::Io(reason) => (None, "lookup-failed", reason.clone()),
        LookupError::Name => (Some(false), "lookup-name", String::new()),
        LookupError::Late => (None, "lookup-late", String::new()),
        LookupError::Refused(code) => (Some(false), "lookup-refused", code.clone()),
        LookupError::Malformed => (Some(false), "lookup-malformed", String::new()),
    };
    Step::new(step, target, ok, code).with("reason", reason)
}
