//! Page: XMPP federated partners, and what the server does with their settings.

use std::collections::HashMap;

use crate::edge::{
    Deployment, Method, Negotiation, Partner, PartnerType, Preset, Requirement, Verdict, is_not_enforced, reasons,
};
use crate::form::{
    Answered, Answers, Ask, Content, Field, Kind, NameUse, Page, PageContext, Presets, Row, RowReader, Tone, Value,
    Word,
};
use crate::name::Name;
use crate::plan::Action;
use crate::problem::{Code, Problem};
use crate::servers::{Enforced, product};
use crate::text::{Message, say, visible};

use super::files::out_files;
use super::server::{server, traits};

/// The page.
pub static PAGE: Page = Page {
    validate,
    show,
    show_row: |context, row| leads_to(context.deployment, &context.deployment.federation.partners[row]),
    row_cells,
    review_row: |context, row| {
        let partner = &context.deployment.federation.partners[row];
        (say("review-partner").with("domain", partner.domain.both()), connects_by(context.deployment, partner))
    },
    rows: Some(RowReader {
        read_all: |answered, deployment| deployment.federation.partners = partners(answered),
        read: |answered, deployment, row| {
            deployment.federation.partners[row] = partner(answered, &answered.rows(PARTNERS)[row]);
        },
        take: |deployment, earlier| deployment.federation.partners = std::mem::take(&mut earlier.federation.partners),
        validate: validate_row,
        names: |deployment, row| domains(&deployment.federation.partners[row]).collect(),
        duplicate: |deployment, row, (place, domain), other| {
            duplicate(row, place, domain, &deployment.federation.partners[other])
        },
    }),
    presets: Some(Presets {
        names: &[
            Preset::Strict.name(),
            Preset::Balanced.name(),
            Preset::EncryptedDialback.name(),
            Preset::LegacyClearText.name(),
        ],
        usual: 1,
        now: |context, row| preset_of(&context.deployment.federation.partners[row]),
        // Clear text is accepted by the second yes, and only there.
        asks: |answered, preset| {
            let is_clear = Preset::ALL[preset] == Preset::LegacyClearText && does_clear_text(answered);
            if is_clear { &["confirm-clear-text", "confirm-clear-text-again"] } else { &[] }
        },
        set: |answers, row, preset, agreed| apply_preset(answers, row, Preset::ALL[preset], agreed),
    }),
    actions,
    ..Page::new("partners", &[PARTNERS.field(), UNLISTED.field()])
};

impl Word for Requirement {
    const ALL: &'static [Self] = &Requirement::ALL;
    const WORDS: &'static [&'static str] =
        &[Requirement::Required.name(), Requirement::Optional.name(), Requirement::NotSupported.name()];
}

impl Word for PartnerType {
    const ALL: &'static [Self] = &PartnerType::ALL;
    const WORDS: &'static [&'static str] =
        &[PartnerType::Federated.name(), PartnerType::PublicVerified.name(), PartnerType::PublicUnverified.name()];
}

/// What becomes of domains that are no partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlisted {
    /// What the server's own settings say.
    Default,
    /// They are refused.
    Refuse,
}

impl Word for Unlisted {
    const ALL: &'static [Self] = &[Unlisted::Default, Unlisted::Refuse];
    const WORDS: &'static [&'static str] = &["default", "refuse"];
}

/// No rule bounds a description; this keeps one readable by every console.
const MAX_DESCRIPTION: usize = 65_536;

/// The rows.
pub const PARTNERS: Ask<[Row]> = Ask::rows("partners", ROW);
/// What becomes of domains that are no partner.
pub const UNLISTED: Ask<Unlisted> = Ask::word("federation.unlisted").or_from(|answered| {
    let word = if traits(answered).refuses_unlisted { "refuse" } else { "default" };
    Value::Text(word.to_owned())
});

const DOMAIN: Ask<Option<Name>> = Ask::name("domain", NameUse::Partner).required();
const DESCRIPTION: Ask<String> = Ask::text("description", MAX_DESCRIPTION);
const ADDITIONAL_DOMAINS: Ask<Vec<Name>> = Ask::names("additional_domains", &Kind::Name(NameUse::Partner));
const TYPE: Ask<PartnerType> = Ask::word("type").or_word(PartnerType::PublicUnverified.name());
const TLS: Ask<Requirement> = Ask::word("tls").or_word(Requirement::Required.name());
const SASL: Ask<Requirement> = Ask::word("sasl").or_word(Requirement::Optional.name());
const DIALBACK: Ask<bool> = Ask::toggle("dialback").or(true);
const KEEP_ALIVE: Ask<bool> = Ask::toggle("keep_alive").or(true).asked_if(|answered| traits(answered).has_keep_alive);
const ACCEPT_CLEAR_TEXT: Ask<bool> = Ask::toggle("accept_clear_text").or(false).asked_if(does_clear_text).kept();

/// The fields of a row.
const ROW: &[Field] = &[
    DOMAIN.field(),
    DESCRIPTION.field(),
    ADDITIONAL_DOMAINS.field(),
    TYPE.field(),
    TLS.field(),
    SASL.field(),
    DIALBACK.field(),
    KEEP_ALIVE.field(),
    ACCEPT_CLEAR_TEXT.field(),
];

/// Whether the server lets anybody in without TLS: else there is nothing to accept.
fn does_clear_text(answered: &Answered) -> bool {
    let asked = Preset::LegacyClearText.negotiation();
    product(server(answered)).enforces(asked).methods.contains(&Method::TcpDialback)
}

/// The partners as the answers describe them.
pub fn partners(answered: &Answered) -> Vec<Partner> {
    answered.rows(PARTNERS).iter().map(|row| partner(answered, row)).collect()
}

/// The partner that `row` describes.
fn partner(answered: &Answered, row: &Row) -> Partner {
    Partner {
        domain: answered.get_in(row, DOMAIN).unwrap_or_else(|| Name::new("")),
        description: answered.get_in(row, DESCRIPTION),
        additional_domains: answered.get_in(row, ADDITIONAL_DOMAINS),
        kind: answered.get_in(row, TYPE),
        negotiation: Negotiation {
            tls: answered.get_in(row, TLS),
            sasl: answered.get_in(row, SASL),
            dialback: answered.get_in(row, DIALBACK),
        },
        keep_alive: answered.get_in(row, KEEP_ALIVE),
        accept_clear_text: answered.get_in(row, ACCEPT_CLEAR_TEXT),
    }
}

/// Sets the partner of `row` to a preset, with clear text accepted or not.
fn apply_preset(answers: &mut Answers, row: usize, preset: Preset, accepts_clear_text: bool) {
    let Some(said) = answers.rows_mut(PARTNERS.path()).and_then(|rows| rows.get_mut(row)) else { return };
    let Negotiation { tls, sasl, dialback } = preset.negotiation();
    let word = |requirement: Requirement| Value::Text(requirement.name().to_owned());
    said.insert(TLS.path(), word(tls));
    said.insert(SASL.path(), word(sasl));
    said.insert(DIALBACK.path(), Value::Flag(dialback));
    said.insert(ACCEPT_CLEAR_TEXT.path(), Value::Flag(accepts_clear_text));
}

/// The preset whose settings `partner` has, by its place.
fn preset_of(partner: &Partner) -> Option<usize> {
    Preset::ALL.into_iter().position(|preset| preset.negotiation() == partner.negotiation)
}

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let partners = &context.deployment.federation.partners;
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (row, partner) in partners.iter().enumerate() {
        validate_row(context, row, problems);
        for (place, domain) in domains(partner) {
            if let Some(first) = seen.insert(domain.ascii(), row) {
                problems.push(duplicate(row, place, domain, &partners[first]));
            }
        }
    }
}

/// What is wrong with the partner of `row` by itself.
fn validate_row(context: &PageContext, row: usize, problems: &mut Vec<Problem>) {
    let server = context.deployment.server;
    let partner = &context.deployment.federation.partners[row];
    let verdict = partner.outcome(server).verdict;
    let enforced = product(server).enforces(partner.negotiation);
    let is_required_in_vain = is_not_enforced(server, partner.negotiation);
    let is_accepted = partner.accept_clear_text || !enforced.methods.contains(&Method::TcpDialback);
    if verdict == Verdict::Valid && !is_required_in_vain && is_accepted {
        return;
    }
    let is_understood = |said: &Row| {
        let answered = context.answered;
        answered.is_understood_in(said, TLS)
            && answered.is_understood_in(said, SASL)
            && answered.is_understood_in(said, DIALBACK)
    };
    if !context.answered.rows(PARTNERS).get(row).is_none_or(is_understood) {
        return;
    }
    let found = [
        (verdict == Verdict::Invalid).then(|| Problem::error(Code::PartnerInvalid, PARTNERS.at(row, TLS))),
        (verdict == Verdict::Warning).then(|| Problem::warning(Code::PartnerWarning, PARTNERS.at(row, TLS))),
        is_required_in_vain.then(|| Problem::warning(Code::PartnerRequiredNotEnforced, PARTNERS.at(row, SASL))),
        (!is_accepted).then(|| Problem::error(Code::ClearTextNotAccepted, PARTNERS.at(row, ACCEPT_CLEAR_TEXT))),
    ];
    let why = told(partner.negotiation, &enforced).into_iter().rev();
    let why = why.reduce(|rest, first| say("reasons").with("first", first).with("rest", rest));
    let why = why.unwrap_or_else(|| say("reason-none"));
    problems.extend(found.into_iter().flatten().map(|problem| {
        let problem = problem.with("partner", partner.domain.both()).with("server", server.traits().title);
        problem.with("reasons", why.clone())
    }));
}

/// The sound domains of a partner with their places: the first is its own, then the additional ones.
fn domains(partner: &Partner) -> impl Iterator<Item = (usize, &Name)> {
    let all = std::iter::once(&partner.domain).chain(&partner.additional_domains);
    all.enumerate().filter(|(_, domain)| domain.is_sound())
}

/// That the domain at this place of `row` is one of `other` already.
fn duplicate(row: usize, place: usize, domain: &Name, other: &Partner) -> Problem {
    let path = match place.checked_sub(1) {
        None => PARTNERS.at(row, DOMAIN),
        Some(index) => format!("{}.{index}", PARTNERS.at(row, ADDITIONAL_DOMAINS)),
    };
    Problem::error(Code::PartnerDuplicate, path).with("name", domain.both()).with("other", other.domain.both())
}

/// Why what takes place is no plain yes: what the settings amount to, and what of them the server does not do.
fn told(asked: Negotiation, enforced: &Enforced) -> Vec<Message> {
    let reasons = reasons(asked, &enforced.methods).into_iter();
    reasons.map(|reason| say(format!("reason-{reason}"))).chain(enforced.limits.iter().cloned()).collect()
}

/// What a partner connects by, in a few words, with a mark where that is no plain yes.
fn connects_by(deployment: &Deployment, partner: &Partner) -> Message {
    let enforced = product(deployment.server).enforces(partner.negotiation);
    let way = say("connects-by").with("methods", enforced.way());
    let is_plain = !enforced.methods.is_empty() && told(partner.negotiation, &enforced).is_empty();
    if is_plain { way } else { say("connects-by-marked").with("way", way) }
}

/// What a partner's settings lead to, for the side of the page: what happens stands first, with the only sign.
fn leads_to(deployment: &Deployment, partner: &Partner) -> Vec<Content> {
    let enforced = product(deployment.server).enforces(partner.negotiation);
    let mut more = told(partner.negotiation, &enforced);
    if deployment.may_be_refused_by(&enforced.methods) {
        more.push(say("partner-server-only"));
    }
    let tone = match (enforced.methods.is_empty(), more.is_empty()) {
        (true, _) => Tone::Error,
        (false, false) => Tone::Warning,
        (false, true) => Tone::Good,
    };
    let server = deployment.server.traits();
    let happens = say("connects").with("methods", enforced.way()).with("server", server.title);
    let kind = say(format!("partner-type-{}", partner.kind.name()));
    let plain = more.into_iter().chain([kind]).map(Content::plain);
    std::iter::once(Content::Paragraph(tone, happens)).chain(plain).collect()
}

fn row_cells(context: &PageContext, row: Option<usize>) -> Vec<String> {
    let Some(row) = row else {
        let columns = ["domain", "connects", "type", "description"];
        return columns.iter().map(|column| context.text.say(&say(format!("partners-column-{column}")))).collect();
    };
    let partner = &context.deployment.federation.partners[row];
    vec![
        visible(&partner.domain.unicode()).into_owned(),
        context.text.say(&connects_by(context.deployment, partner)),
        context.text.say(&say(format!("field-partners-type.{}", partner.kind.name()))),
        visible(&partner.description).into_owned(),
    ]
}

/// How many partners there are, and how many of them do not connect, or not quite as their settings read.
#[must_use]
pub fn count(deployment: &Deployment) -> Message {
    let partners = &deployment.federation.partners;
    // There are few ways to negotiate, however many partners.
    let mut ways: Vec<(Negotiation, usize)> = Vec::new();
    for partner in partners {
        match ways.iter_mut().find(|(way, _)| *way == partner.negotiation) {
            Some((_, count)) => *count += 1,
            None => ways.push((partner.negotiation, 1)),
        }
    }
    let (mut away, mut doubtful) = (0, 0);
    for (way, count) in ways {
        let enforced = product(deployment.server).enforces(way);
        if enforced.methods.is_empty() {
            away += count;
        } else if !told(way, &enforced).is_empty() {
            doubtful += count;
        }
    }
    say("partners-count").with("count", partners.len()).with("away", away).with("doubtful", doubtful)
}

fn show(context: &PageContext) -> Vec<Content> {
    let deployment = context.deployment;
    let product = product(deployment.server);
    let refuses = deployment.federation.refuse_unlisted;
    let unlisted = if refuses { say("unlisted-refuse") } else { product.unlisted_allowed() };
    vec![Content::plain(count(deployment)), Content::plain(unlisted)]
}

fn actions(context: &PageContext) -> Vec<Action> {
    out_files(context, product(context.deployment.server).partners(context.deployment, context.text))
}
