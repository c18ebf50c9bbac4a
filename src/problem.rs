//! What is wrong: a code from the contract, the answer it is about, and the words that fill its message.

use crate::text::{Arg, Message, Text, say};

/// Characters of a faulty answer that a message repeats.
const MAX_SHOWN: usize = 500;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Said, but nothing is refused.
    Warning,
    /// Nothing is written before it is fixed.
    Error,
}

impl Severity {
    /// The contract's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The stable name of a problem. Its words are `problem-<code>` in the catalogue: the value is the headline, `.hint`
        /// says what to do, `.why`, where a rule is behind it, gives that with its source and date.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The contract's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }
        }
    };
}

codes! {
    /// The answers file cannot be read at all.
    AnswersUnreadable = "answers-unreadable",
    /// Not TOML.
    AnswersSyntax = "answers-syntax",
    /// A key no page asks.
    AnswersUnknownKey = "answers-unknown-key",
    /// A value of another kind than the field takes.
    AnswersType = "answers-type",
    /// `schema` is missing or not one this program knows.
    AnswersSchema = "answers-schema",
    /// A field that is asked and has neither answer nor default.
    AnswersMissing = "answers-missing",
    /// A key of a page or field that is not asked with these answers.
    NotAsked = "not-asked",
    /// An IP address where a name belongs.
    NameIp = "name-ip",
    /// An underscore in a host name.
    NameUnderscore = "name-underscore",
    /// Empty label, blank, control character or a character no host name has.
    NameSyntax = "name-syntax",
    /// A label over 63 octets.
    NameLabelTooLong = "name-label-too-long",
    /// A name over 253 octets.
    NameTooLong = "name-too-long",
    /// The first name is over 64 characters and does not fit the common name.
    CnTooLong = "cn-too-long",
    /// O or OU over 64, L or ST over 128 characters, or another text over its field's bound.
    TextTooLong = "text-too-long",
    /// A control character in a text.
    TextControl = "text-control",
    /// A wildcard in the certificate.
    NameWildcard = "name-wildcard",
    /// A name of one label in the certificate.
    NameSingleLabel = "name-single-label",
    /// A name outside the public DNS in the certificate.
    NameInternal = "name-internal",
    /// An organizational unit for a public authority.
    OuPublic = "ou-public",
    /// Client authentication asked of a public authority.
    EkuPublic = "eku-public",
    /// Not an ISO 3166-1 alpha-2 code.
    CountryUnknown = "country-unknown",
    /// Not a key kind of the contract.
    KeyUnknown = "key-unknown",
    /// Settings that leave a partner no method at all.
    PartnerInvalid = "partner-invalid",
    /// A domain that two partners name.
    PartnerDuplicate = "partner-duplicate",
    /// A partner domain that is no domain name.
    PartnerSyntax = "partner-syntax",
    /// Settings that allow dialback in clear text without its acceptance.
    ClearTextNotAccepted = "clear-text-not-accepted",
    /// The server, as it is, does not do what a partner's settings ask: he gets in with less, or not at all.
    ServerCannot = "server-cannot",
    /// The server that the settings are to go to is not on this machine, or nobody can tell.
    ServerMissing = "server-missing",
    /// It does not run.
    ServerStopped = "server-stopped",
    /// Nobody said which domains to look at, and no answers do.
    CheckNothing = "check-nothing",
    /// The certificate in use is not for the domain that we are to say we are, or there is none with its key.
    CheckIdentity = "check-identity",
    /// The file that is to hold keys of the root zone holds none.
    CheckTrustAnchor = "check-trust-anchor",
    /// A wanted record is not in the DNS, or another is.
    RecordAbsent = "record-absent",
    /// A partner cannot be reached, or cannot reach us.
    PartnerStopped = "partner-stopped",
    /// Another run changes it.
    ServerBusy = "server-busy",
    /// It did not do what it was told, or does not serve what it was given; what was begun is taken back.
    ServerFailed = "server-failed",
    /// A component of the answers is not one of the server's.
    ServerComponent = "server-component",
    /// An option of our settings stands in the person's own configuration, and may stand but once.
    ServerOption = "server-option",
    /// There are streams that the settings do not allow, and that would be closed.
    ServerStreams = "server-streams",
    /// A host of the answers is not one of the server's yet.
    ServerHostNew = "server-host-new",
    /// A host of the answers is switched off in the server's own configuration.
    ServerHostDisabled = "server-host-disabled",
    /// The certificate in use does not name a host, so that waits for one that does.
    ServerHostWaits = "server-host-waits",
    /// Nothing may be put into service by this user.
    ServerRights = "server-rights",
    /// There is no certificate yet, so the server's settings wait.
    ServerWaits = "server-waits",
    /// A file or a link that was put there for the server is not as it was.
    ServerChanged = "server-changed",
    /// The answers are not what was put into service last.
    ServerPending = "server-pending",
    /// The server reads another pair than the one in use.
    ServerBehind = "server-behind",
    /// The server serves another certificate than the one in use, or none.
    ServerServesOther = "server-serves-other",
    /// The server does not enforce the partners of the answers.
    ServerPolicy = "server-policy",
    /// The request file exists with other content.
    FileExists = "file-exists",
    /// A file cannot be written where it is asked for.
    FileUnwritable = "file-unwritable",
    /// The key must reach Windows as a PFX but is not exportable.
    ExportableLync = "exportable-lync",
    /// No XMPP domain.
    XmppDomainMissing = "xmpp-domain-missing",
    /// Over 100 names in one certificate.
    TooManyNames = "too-many-names",
    /// The A/V edge in the SAN.
    AvName = "av-name",
    /// An XMPP domain that is no SIP domain.
    XmppNotSip = "xmpp-not-sip",
    /// Settings of a partner that lead elsewhere than they read.
    PartnerWarning = "partner-warning",
    /// Required SASL that Lync does not enforce.
    PartnerRequiredNotEnforced = "partner-required-not-enforced",
    /// Immediate delivery, which this release cannot do.
    ImmediateUnavailable = "immediate-unavailable",
    /// An address that the Internet cannot reach, for a public record.
    AddressPrivate = "address-private",
    /// A record whose name is in none of the zones.
    RecordWithoutZone = "record-without-zone",
    /// A file without a TSIG key that can be used.
    TsigKey = "tsig-key",
    /// A zone is published, and has no records.
    ZoneWithoutRecords = "zone-without-records",
    /// Nobody asked a zone's server what it holds, so nobody can say what changes there.
    ZoneUnasked = "zone-unasked",
    /// A zone's server does not say what it holds.
    ZoneUnanswered = "zone-unanswered",
    /// A name that records are published at is an alias.
    ZoneAlias = "zone-alias",
    /// Records that nobody asked for go away with what is published.
    ZoneReplaces = "zone-replaces",
    /// There is no certificate yet, so the records wait.
    ZoneWaits = "zone-waits",
    /// Whoever looks for the TLSA records of our keys may not believe them.
    TlsaUncounted = "tlsa-uncounted",
    /// The key of a certificate is not among those that are published.
    TlsaUnpublished = "tlsa-unpublished",
    /// It is, and some may remember the records without it.
    TlsaEarly = "tlsa-early",
    /// Nobody here knows whether it is.
    TlsaByHand = "tlsa-by-hand",
    /// Other keys are published than those in use and to come.
    TlsaBehind = "tlsa-behind",
    /// A zone was not changed, or nobody knows whether it was.
    ZoneFailed = "zone-failed",
    /// A zone was changed, and not all of its name servers answer so yet.
    ZoneBehind = "zone-behind",
    /// A file that was named cannot be read.
    FileUnreadable = "file-unreadable",
    /// The passphrase of a key is missing or wrong.
    KeyPassphrase = "key-passphrase",
    /// A renewal where there are no answers to renew from.
    RenewWithoutAnswers = "renew-without-answers",
    /// A renewal where no certificate is in use.
    RenewWithoutCertificate = "renew-without-certificate",
    /// No run has the number that is to be undone.
    RunUnknown = "run-unknown",
    /// A later run changed what the run did that is to be undone.
    RunOverlaid = "run-overlaid",
    /// The home folder is not there.
    HomeMissing = "home-missing",
    /// The home folder could be changed by other users.
    HomeUnsafe = "home-unsafe",
    /// The home folder belongs to the user who called sudo, and root would write into it.
    HomeLent = "home-lent",
    /// A private key that others than its owner may read.
    KeyOpen = "key-open",
    /// Another run holds the home folder.
    HomeLocked = "home-locked",
    /// Lines of the journal say nothing that can be understood.
    JournalDamaged = "journal-damaged",
    /// Nobody says what kind of server a request or a certificate is for.
    ServerUnknown = "server-unknown",
    /// A certificate is for another kind of server than the answers are.
    ServerOther = "server-other",
    /// Nobody says which interface a request is for.
    UsageUnknown = "usage-unknown",
    /// A certificate is not for the interface that it is said to be for.
    UsageOther = "usage-other",
    /// What stands beside a request is about another one.
    RequestPurpose = "request-purpose",
    /// A private key that is not ours alone: it has a second name, or another owner.
    KeyShared = "key-shared",
    /// The home folder cannot be looked into.
    HomeUnreadable = "home-unreadable",
    /// Under a third of the lifetime of the certificate in use is left.
    PairDue = "pair-due",
    /// The validity of the certificate in use is over.
    PairExpired = "pair-expired",
    /// The validity of the certificate in use has not begun.
    PairNotYetValid = "pair-not-yet-valid",
    /// The pair in use is missing, or its parts do not fit.
    PairBroken = "pair-broken",
    /// No pair is in use.
    PairNone = "pair-none",
    /// An issuer of the pair in use is not valid, not there, or another's.
    PairChain = "pair-chain",
    /// An issuer of the pair in use ends soon.
    PairIssuerEndsSoon = "pair-issuer-ends-soon",
    /// A pair that a run wrote and did not switch to.
    PairUnused = "pair-unused",
    /// What should lead to the pair in use leads elsewhere.
    LinkElsewhere = "link-elsewhere",
    /// A request that waits long for its certificate.
    RequestWaits = "request-waits",
    /// A request whose key is missing or another one.
    RequestKeyless = "request-keyless",
    /// A request that is gone, while its key waits for the certificate.
    RequestMissing = "request-missing",
    /// A PFX of a key that the answers keep from being exported.
    KeyNotExportable = "key-not-exportable",
    /// A password file without a password.
    PasswordUnreadable = "password-unreadable",
    /// A file with a secret that others may read, or in a folder that others may change.
    SecretOpen = "secret-open",
    /// A password that Java cannot use.
    PasswordNotAscii = "password-not-ascii",
    /// Nothing like a certificate, or a damaged one.
    CertificateUnreadable = "certificate-unreadable",
    /// More octets or certificates than an authority ever sends.
    CertificateTooLarge = "certificate-too-large",
    /// A PFX whose password is missing or wrong.
    CertificatePassword = "certificate-password",
    /// A P7B or PFX without any certificate.
    CertificateNone = "certificate-none",
    /// A certificate for a key that no pending request has.
    CertificateOtherKey = "certificate-other-key",
    /// A name that was asked for is not in the certificate.
    CertificateNameMissing = "certificate-name-missing",
    /// A name is covered by a wildcard only.
    CertificateWildcard = "certificate-wildcard",
    /// Names in the certificate that nobody asked for.
    CertificateNameExtra = "certificate-name-extra",
    /// Its validity is over.
    CertificateExpired = "certificate-expired",
    /// Its validity has not begun.
    CertificateNotYetValid = "certificate-not-yet-valid",
    /// Under a third of its lifetime is left.
    CertificateEndsSoon = "certificate-ends-soon",
    /// A lifetime over what public authorities may give.
    CertificateLifetime = "certificate-lifetime",
    /// Restricted to other usages than TLS server authentication.
    CertificateClientOnly = "certificate-client-only",
    /// A key that may not sign, or not anything a server signs.
    CertificateKeyUsage = "certificate-key-usage",
    /// A critical extension that nobody knows.
    CertificateExtension = "certificate-extension",
    /// Made in a way that peers refuse.
    CertificateMalformed = "certificate-malformed",
    /// Made in a way that strict peers refuse.
    CertificateStrict = "certificate-strict",
    /// Without TLS client authentication, which some partner's server needs.
    CertificateServerOnly = "certificate-server-only",
    /// An otherName in the SAN.
    CertificateOtherName = "certificate-other-name",
    /// An Ed25519 key.
    CertificateEd25519 = "certificate-ed25519",
    /// An RSA key under 2048 bits.
    CertificateKeySmall = "certificate-key-small",
    /// Signed with SHA-1 or MD5.
    CertificateSha1 = "certificate-sha1",
    /// Issuers before what they issued.
    CertificateOrder = "certificate-order",
    /// An issuer that nobody has.
    CertificateChainIncomplete = "certificate-chain-incomplete",
    /// An issuer of the right name, and another key than is said.
    CertificateAuthorityKey = "certificate-authority-key",
    /// A signature that cannot be verified here.
    CertificateAlgorithm = "certificate-algorithm",
    /// More issuers than anybody follows.
    CertificateChainTooLong = "certificate-chain-too-long",
    /// A root that the system does not know.
    CertificateRootUnknown = "certificate-root-unknown",
    /// An issuer that is not valid now.
    CertificateIssuerExpired = "certificate-issuer-expired",
    /// An issuer that ends before what it issued.
    CertificateIssuerEndsFirst = "certificate-issuer-ends-first",
    /// A name that an issuer may not give.
    CertificateNameConstraint = "certificate-name-constraint",
    /// More issuers than one of them allows below itself.
    CertificatePathLength = "certificate-path-length",
    /// A certificate that no authority issued.
    CertificateSelfSigned = "certificate-self-signed",
    /// Certificates of authorities only.
    CertificateIsCa = "certificate-is-ca",
    /// A certificate among roots that are to be believed, and no authority's.
    RootNotCa = "root-not-ca",
    /// The very certificate that is in use.
    CertificateInUse = "certificate-in-use",
    /// A certificate that ends before the one in use.
    CertificateEndsEarlier = "certificate-ends-earlier",
    /// No CRL distribution point, which Lync wants.
    CertificateNoCrl = "certificate-no-crl",
    /// Certificates of other servers beside the right one.
    CertificateOthers = "certificate-others",
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable, zero-based, dotted path of the answer (`partners.0.tls`); empty where it is about none.
    pub path: String,
    /// 1-based line in the answers file.
    pub line: Option<usize>,
    /// Whether it stops the run.
    pub severity: Severity,
    /// Its stable name.
    pub code: Code,
    /// What fills the places of its message.
    pub args: Vec<(&'static str, Arg)>,
}

impl Problem {
    /// An error about the answer at `path`.
    pub fn error(code: Code, path: impl Into<String>) -> Self {
        Problem { path: path.into(), line: None, severity: Severity::Error, code, args: Vec::new() }
    }

    /// An error where `strict` holds, else a warning.
    #[must_use]
    pub fn error_if(strict: bool, code: Code, path: impl Into<String>) -> Self {
        let severity = if strict { Severity::Error } else { Severity::Warning };
        Problem { severity, ..Problem::error(code, path) }
    }

    /// A warning about the answer at `path`.
    pub fn warning(code: Code, path: impl Into<String>) -> Self {
        Problem { severity: Severity::Warning, ..Problem::error(code, path) }
    }

    /// Fills the place `name` of the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        let value = match value.into() {
            // What was typed is told back, but not all of a file that was pasted in by mistake.
            Arg::Text(text) if text.chars().nth(MAX_SHOWN).is_some() => {
                Arg::Text(text.chars().take(MAX_SHOWN).chain(['…']).collect())
            }
            value => value,
        };
        self.args.push((name, value));
        self
    }

    /// Whether both say the same of the same thing, for whatever reason.
    #[must_use]
    pub fn is_again(&self, other: &Problem) -> bool {
        let about =
            |problem: &Problem| problem.args.iter().filter(|(name, _)| *name != "reason").cloned().collect::<Vec<_>>();
        self.code == other.code && self.path == other.path && about(self) == about(other)
    }

    /// What is wrong: the fact, as a sentence without a full stop.
    #[must_use]
    pub fn what(&self) -> Message {
        self.part("")
    }

    /// The rule that makes it wrong, with its source and date, where there is one.
    #[must_use]
    pub fn why(&self, text: &Text) -> Option<String> {
        text.find(&self.part(".why"))
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self, text: &Text) -> Option<String> {
        text.find(&self.part(".hint"))
    }

    fn part(&self, attribute: &str) -> Message {
        Message { args: self.args.clone(), ..say(format!("problem-{}{attribute}", self.code.name())) }
    }
}

/// Whether any of them stops the run.
#[must_use]
pub fn any_error(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}
