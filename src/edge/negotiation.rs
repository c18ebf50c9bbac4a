//! What a partner's TLS, SASL and dialback settings lead to on a server that does what they ask. What a server does as it
//! is says its product.
//!
//! Source: the 18 rows of «Negotiation settings for XMPP federated partners» for Lync; RFC 6120 5.3.4 and 6.3.1 (SASL
//! needs TLS), XEP-0178 1.2 (EXTERNAL first, then dialback), XEP-0220 and RFC 7590 3.4 for the others. Stricter than the
//! product's table in that clear text always warns.

use super::Server;

/// How much a partner needs a mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// No stream without it.
    Required,
    /// Used where both sides have it.
    Optional,
    /// Never used.
    NotSupported,
}

impl Requirement {
    /// Every value, in the order they are offered.
    pub const ALL: [Requirement; 3] = [Requirement::Required, Requirement::Optional, Requirement::NotSupported];

    /// The contract's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Requirement::Required => "required",
            Requirement::Optional => "optional",
            Requirement::NotSupported => "not-supported",
        }
    }
}

/// What is asked of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Negotiation {
    /// TLS by STARTTLS.
    pub tls: Requirement,
    /// SASL EXTERNAL, which proves the partner by its certificate.
    pub sasl: Requirement,
    /// Server dialback, which proves the partner by DNS (XEP-0220).
    pub dialback: bool,
}

/// A way in which a stream can end up authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// SASL EXTERNAL over TLS: encrypted, proved by certificate.
    SaslOverTls,
    /// Dialback over TLS: encrypted, proved by DNS.
    TlsDialback,
    /// Dialback in clear text: readable by everybody on the way.
    TcpDialback,
}

impl Method {
    /// Every method, strongest first.
    pub const ALL: [Method; 3] = [Method::SaslOverTls, Method::TlsDialback, Method::TcpDialback];

    /// The method of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Method::ALL.into_iter().find(|method| method.name() == name)
    }

    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::SaslOverTls => "sasl-over-tls",
            Method::TlsDialback => "tls-dialback",
            Method::TcpDialback => "tcp-dialback",
        }
    }
}

/// What the settings amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They do what they say.
    Valid,
    /// They do something else than they read like, or allow clear text.
    Warning,
    /// They leave no method.
    Invalid,
}

impl Verdict {
    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Warning => "warning",
            Verdict::Invalid => "invalid",
        }
    }
}

/// The methods that settings allow, and the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Strongest first.
    pub methods: Vec<Method>,
    /// What it amounts to.
    pub verdict: Verdict,
}

/// Works out what `settings` lead to on `server`, where it does all that they ask.
#[must_use]
pub fn negotiate(server: Server, settings: Negotiation) -> Outcome {
    use Requirement::{NotSupported, Required};
    let Negotiation { tls, sasl, dialback } = settings;
    let sasl_excludes_dialback = sasl == Required && (tls == Required || server.traits().enforces_sasl);
    let allowed = [
        (Method::SaslOverTls, tls != NotSupported && sasl != NotSupported),
        (Method::TlsDialback, dialback && tls != NotSupported && !sasl_excludes_dialback),
        (Method::TcpDialback, dialback && tls != Required && !sasl_excludes_dialback),
    ];
    let methods: Vec<Method> = allowed.iter().filter(|(_, allowed)| *allowed).map(|(method, _)| *method).collect();
    let clear_text = methods.contains(&Method::TcpDialback);
    let verdict = if methods.is_empty() {
        Verdict::Invalid
    } else if (sasl == Required && dialback) || (sasl != NotSupported && tls != Required) || clear_text {
        Verdict::Warning
    } else {
        Verdict::Valid
    };
    Outcome { methods, verdict }
}

/// Why `settings` are no plain yes, where these `methods` take place: names of `reason-<name>` in the catalogue.
#[must_use]
pub fn reasons(settings: Negotiation, methods: &[Method]) -> Vec<&'static str> {
    use Requirement::{NotSupported, Required};
    let Negotiation { tls, sasl, dialback } = settings;
    let clear_text = methods.contains(&Method::TcpDialback);
    let connects = !methods.is_empty();
    let tls_optional = connects && sasl != NotSupported && tls != Required;
    let reasons = [
        ("sasl-needs-tls", !connects && sasl != NotSupported),
        ("no-method", !connects && sasl == NotSupported),
        ("dialback-dead", sasl == Required && dialback && methods == [Method::SaslOverTls]),
        ("sasl-without-tls", tls_optional && tls == NotSupported),
        ("tls-strippable", tls_optional && tls != NotSupported && clear_text),
        ("tls-hollow", tls_optional && tls != NotSupported && !clear_text),
        ("clear-text", clear_text),
    ];
    reasons.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name).collect()
}

/// Whether dialback is taken although SASL is required: rows 3 and 5 of the table for Lync.
#[must_use]
pub fn is_not_enforced(server: Server, settings: Negotiation) -> bool {
    !server.traits().enforces_sasl
        && settings.sasl == Requirement::Required
        && settings.tls != Requirement::Required
        && settings.dialback
}

/// Every reason [`reasons`] can give.
pub const REASONS: [&str; 7] =
    ["sasl-needs-tls", "no-method", "dialback-dead", "sasl-without-tls", "tls-strippable", "tls-hollow", "clear-text"];

#[cfg(test)]
mod tests {
    use super::*;
    use Requirement::{NotSupported as N, Optional as O, Required as R};

    /// Rows 1 to 18: settings, methods for Lync, verdict for Lync, methods for the others, verdict for the others.
    const ROWS: [(Requirement, Requirement, bool, &str, char, &str, char); 18] = [
        (R, R, true, "S", 'W', "S", 'W'),
        (R, R, false, "S", 'V', "S", 'V'),
        (O, R, true, "SDP", 'W', "S", 'W'),
        (O, R, false, "S", 'W', "S", 'W'),
        (N, R, true, "P", 'W', "", 'X'),
        (N, R, false, "", 'X', "", 'X'),
        (R, O, true, "SD", 'V', "SD", 'V'),
        (R, O, false, "S", 'V', "S", 'V'),
        (O, O, true, "SDP", 'W', "SDP", 'W'),
        (O, O, false, "S", 'W', "S", 'W'),
        (N, O, true, "P", 'W', "P", 'W'),
        (N, O, false, "", 'X', "", 'X'),
        (R, N, true, "D", 'V', "D", 'V'),
        (R, N, false, "", 'X', "", 'X'),
        (O, N, true, "DP", 'W', "DP", 'W'),
        (O, N, false, "", 'X', "", 'X'),
        (N, N, true, "P", 'W', "P", 'W'),
        (N, N, false, "", 'X', "", 'X'),
    ];

    #[test]
    fn all_18_rows_for_each_server() {
        for (row, (tls, sasl, dialback, lync, lync_verdict, other, other_verdict)) in ROWS.into_iter().enumerate() {
            for server in Server::ALL {
                let (methods, verdict) =
                    if server == Server::Lync { (lync, lync_verdict) } else { (other, other_verdict) };
                let settings = Negotiation { tls, sasl, dialback };
                let outcome = negotiate(server, settings);
                let reasons = reasons(settings, &outcome.methods);
                assert_eq!(letters(&outcome.methods), methods, "row {} of {}", row + 1, server.name());
                assert_eq!(letter(outcome.verdict), verdict, "row {} of {}", row + 1, server.name());
                assert_eq!(reasons.is_empty(), outcome.verdict == Verdict::Valid, "row {}", row + 1);
                assert!(reasons.iter().all(|reason| REASONS.contains(reason)));
            }
        }
    }

    #[test]
    fn rows_3_and_5_of_lync_and_no_other_are_required_but_not_enforced() {
        for (row, (tls, sasl, dialback, ..)) in ROWS.into_iter().enumerate() {
            let settings = Negotiation { tls, sasl, dialback };
            assert_eq!(is_not_enforced(Server::Lync, settings), matches!(row + 1, 3 | 5), "row {}", row + 1);
            assert!(!is_not_enforced(Server::Prosody, settings));
        }
    }

    fn letters(methods: &[Method]) -> String {
        methods
            .iter()
            .map(|method| match method {
                Method::SaslOverTls => 'S',
                Method::TlsDialback => 'D',
                Method::TcpDialback => 'P',
            })
            .collect()
    }

    fn letter(verdict: Verdict) -> char {
        match verdict {
            Verdict::Valid => 'V',
            Verdict::Warning => 'W',
            Verdict::Invalid => 'X',
        }
    }
}
