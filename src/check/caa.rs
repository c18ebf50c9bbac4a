//! Who may issue a certificate for a name, before a request goes out, and for a domain of our own (RFC 8659).

use std::collections::BTreeSet;

use crate::home::{Caa, CaaLook};
use crate::system::probe::DomainProbe;
use crate::text::{Message, say, visible};

use super::step::{Part, Step};

/// The properties that an authority has to understand (RFC 8659 4, RFC 9495, RFC 8657).
const KNOWN: [&str; 6] = ["issue", "issuewild", "iodef", "issuemail", "contactemail", "contactphone"];

/// The most common authorities by how the organization in their certificates begins, with the domains that each goes by in CAA
/// records (CCADB, All CAA Identifiers Report).
const AUTHORITIES: [(&str, &str); 12] = [
    ("Let's Encrypt", "letsencrypt.org"),
    ("Google Trust Services", "pki.goog google.com"),
    ("ZeroSSL", "zerossl.com sectigo.com usertrust.com trust-provider.com comodo.com comodoca.com"),
    ("Sectigo", "sectigo.com usertrust.com trust-provider.com comodo.com comodoca.com entrust.net affirmtrust.com"),
    (
        "DigiCert",
        "digicert.com www.digicert.com digicert.ne.jp cybertrust.ne.jp thawte.com geotrust.com rapidssl.com symantec.com \
         digitalcertvalidation.com quovadisglobal.com pkioverheid.nl amazon.com amazontrust.com awstrust.com amazonaws.com",
    ),
    ("SSL Corp", "ssl.com entrust.net affirmtrust.com"),
    ("Buypass", "buypass.com buypass.no"),
    ("Actalis", "actalis.it"),
    ("GlobalSign", "globalsign.com"),
    ("GoDaddy.com", "godaddy.com starfieldtech.com"),
    ("Hellenic Academic and Research Institutions CA", "harica.gr"),
    ("SwissSign", "swisssign.com swisssign.net"),
];

/// What is to be said of who may issue for the domain, where that was asked. Never a fault: certificates that are there stay good.
pub(super) fn steps(probe: &DomainProbe) -> Vec<Step> {
    let Some(check) = probe.caa.as_ref().map(CaaCheck::of) else { return Vec::new() };
    let ok = (!check.is_barred()).then_some(true);
    let step = |ok, detail| Step { detail, ..Step::new(Part::Caa, &*probe.domain, ok, "caa-anybody") };
    let hosts = probe.hosts.iter().chain(probe.sip.iter().flat_map(|sip| &sip.hosts));
    let served = hosts.flat_map(|host| &host.endpoints).filter_map(|endpoint| endpoint.chain.first());
    let served: Vec<&str> = served.map(|certificate| certificate.issuer.as_str()).collect();
    let others = check.leaves_out(&served).into_iter().map(|detail| step(None, detail));
    [step(ok, check.finding)].into_iter().chain(others).collect()
}

/// A name of the request.
#[derive(Debug, Clone, PartialEq)]
pub struct CaaCheck {
    /// In A-labels.
    pub name: String,
    /// The authorities that may issue for it, by the domains they are known by; none where any may.
    pub issuers: Option<Vec<String>>,
    /// The same in words, `caa-…`, with what to do in its attribute `hint`.
    pub finding: Message,
}

impl CaaCheck {
    /// Judges what was answered.
    #[must_use]
    pub fn of(look: &CaaLook) -> Self {
        let (issuers, finding) = match &look.found {
            // Who cannot ask must not issue (RFC 8659 3).
            Err(error) => (Some(Vec::new()), finding("caa-unanswered").with("reason", error.reason())),
            Ok(None) => (None, finding("caa-anybody")),
            Ok(Some((at, records))) => judged(&look.name, at, records),
        };
        CaaCheck { name: look.name.clone(), issuers, finding }
    }

    /// Whether nobody may issue for it.
    #[must_use]
    pub fn is_barred(&self) -> bool {
        self.issuers.as_ref().is_some_and(Vec::is_empty)
    }

    /// What is to be said of the authorities that certificates come from which have these `issuers`, and that are not among
    /// those that may. Where nobody may, that is said.
    #[must_use]
    pub fn leaves_out(&self, issuers: &[&str]) -> Vec<Message> {
        let allowed = self.issuers.as_deref().unwrap_or_default();
        let is_in_use = |authority: &str| issuers.iter().any(|issuer| issuer.contains(&format!("O={authority}")));
        let is_allowed = |names: &str| names.split(' ').any(|name| allowed.iter().any(|issuer| issuer == name));
        let known = AUTHORITIES.iter().filter(|_| !allowed.is_empty());
        let left_out = known.filter(|(authority, names)| is_in_use(authority) && !is_allowed(names));
        let said = left_out.map(|(authority, names)| {
            let name = names.split(' ').next().unwrap_or_default();
            say("check-caa-other").with("authority", *authority).with("name", name)
        });
        said.collect()
    }
}

fn judged(name: &str, at: &str, records: &[Caa]) -> (Option<Vec<String>>, Message) {
    if let Some(unknown) = records.iter().find(|caa| caa.is_critical && !KNOWN.contains(&caa.tag.as_str())) {
        let tag = visible(&unknown.tag).into_owned();
        return (Some(Vec::new()), finding("caa-critical").with("at", at).with("tag", tag));
    }
    let of = |tag: &str| records.iter().filter(|caa| caa.tag == tag).map(issuer).collect::<BTreeSet<String>>();
    // For a wildcard its own property counts, where there is any.
    let wild = if name.starts_with("*.") { of("issuewild") } else { BTreeSet::new() };
    let issuers = if wild.is_empty() { of("issue") } else { wild };
    if issuers.is_empty() {
        return (None, finding("caa-anybody"));
    }
    let issuers: Vec<String> = issuers.into_iter().filter(|issuer| !issuer.is_empty()).collect();
    let finding = match issuers.as_slice() {
        [] => finding("caa-nobody").with("at", at),
        some => finding("caa-some").with("at", at).with("issuers", some.join(", ")),
    };
    (Some(issuers), finding)
}

/// The authority's domain, without what is asked of it besides; empty for nobody.
fn issuer(caa: &Caa) -> String {
    visible(caa.value.split(';').next().unwrap_or_default().trim()).to_lowercase()
}

/// One that has what to do in its attribute `hint`.
fn finding(key: &'static str) -> Message {
    say(key)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};
    use std::slice;

    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;
    use crate::pki::Certificate;
    use crate::system::probe::{EndpointProbe, HostProbe, Way};

    /// What is said of a domain of our own with this issuer in its records, where a certificate from `organization` is served.
    fn said(allowed: &str, organization: &str) -> Vec<(String, Option<bool>)> {
        let mut certificate = CertificateParams::default();
        certificate.distinguished_name.push(DnType::OrganizationName, organization);
        let certificate = certificate.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let mut host = HostProbe::new("xmpp.example".to_owned(), 5269, Way::StartTls);
        let endpoint = EndpointProbe::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 5269)));
        let chain = vec![Certificate::read(certificate.der()).unwrap()];
        host.endpoints = vec![EndpointProbe { chain, ..endpoint.clone() }, endpoint];
        let caa = Caa { is_critical: false, tag: "issue".to_owned(), value: allowed.to_owned() };
        let found = Ok(Some(("example".to_owned(), vec![caa])));
        let caa = Some(CaaLook { name: "example".to_owned(), found });
        let probe = DomainProbe { hosts: vec![host], caa, ..DomainProbe::default() };
        steps(&probe).iter().map(|step| (step.code().to_owned(), step.ok)).collect()
    }

    #[test]
    fn whoever_issued_what_is_served_ought_to_be_allowed_to_do_it_again() {
        let some = ("caa-some".to_owned(), Some(true));
        assert_eq!(said("letsencrypt.org", "Let's Encrypt"), slice::from_ref(&some));
        assert_eq!(said("rapidssl.com", "DigiCert Inc"), slice::from_ref(&some));
        let other = ("caa-other".to_owned(), None);
        assert_eq!(said("letsencrypt.org", "DigiCert Inc"), [some.clone(), other]);
        // Whoever is not known here may go by any name; authorities of one's own do not ask.
        assert_eq!(said("letsencrypt.org", "House"), [some]);
        assert_eq!(said(";", "Let's Encrypt"), [("caa-nobody".to_owned(), None)]);
    }

    #[test]
    fn of_strangers_nothing_is_said() {
        assert_eq!(steps(&DomainProbe::default()), []);
    }

    fn of(name: &str, records: &[(bool, &str, &str)]) -> (Option<Vec<String>>, String) {
        let caa = |(critical, tag, value): &(bool, &str, &str)| Caa {
            is_critical: *critical,
            tag: (*tag).to_owned(),
            value: (*value).to_owned(),
        };
        let found = Ok(Some(("example".to_owned(), records.iter().map(caa).collect())));
        let check = CaaCheck::of(&CaaLook { name: name.to_owned(), found });
        (check.issuers, check.finding.key.into_owned())
    }

    #[test]
    fn who_is_named_may_issue_and_nobody_else() {
        let some = [(false, "issue", "ca.example; validationmethods=dns-01"), (false, "issue", "Other.example")];
        let both = vec!["ca.example".to_owned(), "other.example".to_owned()];
        assert_eq!(of("a.example", &some), (Some(both), "caa-some".into()));
        assert_eq!(of("a.example", &[(false, "issue", ";")]), (Some(vec![]), "caa-nobody".into()));
    }

    #[test]
    fn without_the_property_anybody_may() {
        assert_eq!(of("a.example", &[(false, "iodef", "mailto:a@a.example")]), (None, "caa-anybody".into()));
        assert_eq!(of("a.example", &[(false, "issuewild", ";")]), (None, "caa-anybody".into()));
    }

    #[test]
    fn a_wildcard_has_a_property_of_its_own() {
        let records = [(false, "issue", "ca.example"), (false, "issuewild", ";")];
        assert_eq!(of("*.example", &records), (Some(vec![]), "caa-nobody".into()));
        assert_eq!(of("*.example", &records[..1]), (Some(vec!["ca.example".into()]), "caa-some".into()));
    }

    #[test]
    fn what_is_critical_and_unknown_keeps_everybody_from_issuing() {
        let records = [(true, "future", "x"), (false, "issue", "ca.example")];
        assert_eq!(of("a.example", &records), (Some(vec![]), "caa-critical".into()));
    }
}
