//! Page: XMPP federated partners, and what their settings really lead to.

use std::collections::HashMap;

use crate::edge::{
    Deployment, Negotiation, Outcome, Partner, PartnerType, Preset, Requirement, Verdict, is_not_enforced, negotiate,
};
use crate::form::{
    Answered, Answers, Ask, Content, Field, Kind, NameUse, Page, PageContext, Presets, Row, RowReader, Tone, Value,
    Word,
};
use crate::name::Name;
use crate::plan::Action;
use crate::problem::{Code, Problem};
use crate::servers::product;
use crate::text::{Message, say, visible};

use super::files::out_files;
use super::server::traits;

/// The page.
pub static PAGE: Page = Page {
    validate,
    show,
    show_row: |context, row| leads_to(context.deployment, &context.deployment.federation.partners[row]),
    row_cells,
    review_row: |context, row| {
        let partner = &context.deployment.federation.partners[row];
        let verdict = partner.outcome(context.deployment.server).verdict;
        (say("review-partner").with("domain", partner.domain.both()), say(format!("verdict-{}", verdict.name())))
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
        asks: |preset| {
            let is_clear = Preset::ALL[preset] == Preset::LegacyClearText;
            if is_clear { &["confirm-clear-text", "confirm-clear-text-again"] } else { &[] }
        },
        set: |answers, row, preset| apply_preset(answers, row, Preset::ALL[preset]),
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
const ACCEPT_CLEAR_TEXT: Ask<bool> = Ask::toggle("accept_clear_text").or(false);

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

/// Sets the partner of `row` to a preset; whoever wants the one in clear text has accepted it.
fn apply_preset(answers: &mut Answers, row: usize, preset: Preset) {
    let Some(said) = answers.rows_mut(PARTNERS.path()).and_then(|rows| rows.get_mut(row)) else { return };
    let Negotiation { tls, sasl, dialback } = preset.negotiation();
    let word = |requirement: Requirement| Value::Text(requirement.name().to_owned());
    said.insert(TLS.path(), word(tls));
    said.insert(SASL.path(), word(sasl));
    said.insert(DIALBACK.path(), Value::Flag(dialback));
    said.insert(ACCEPT_CLEAR_TEXT.path(), Value::Flag(preset == Preset::LegacyClearText));
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
    let outcome = partner.outcome(server);
    let enforced = !is_not_enforced(server, partner.negotiation);
    let accepted = partner.accept_clear_text || !outcome.allows_clear_text();
    if outcome.verdict == Verdict::Valid && enforced && accepted {
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
    let problem = |problem: Problem| problem.with("partner", partner.domain.both()).with("reasons", reasons(&outcome));
    match outcome.verdict {
        Verdict::Invalid => problems.push(problem(Problem::error(Code::PartnerInvalid, PARTNERS.at(row, TLS)))),
        Verdict::Warning => problems.push(problem(Problem::warning(Code::PartnerWarning, PARTNERS.at(row, TLS)))),
        Verdict::Valid => {}
    }
    if !enforced {
        problems.push(problem(Problem::warning(Code::PartnerRequiredNotEnforced, PARTNERS.at(row, SASL))));
    }
    if !accepted {
        problems.push(problem(Problem::error(Code::ClearTextNotAccepted, PARTNERS.at(row, ACCEPT_CLEAR_TEXT))));
    }
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

/// The reasons of an outcome as one message.
fn reasons(outcome: &Outcome) -> Message {
    let mut said: Option<Message> = None;
    for reason in outcome.reasons.iter().rev() {
        let next = say(format!("reason-{reason}"));
        said = Some(match said {
            None => next,
            Some(rest) => say("reasons").with("first", next).with("rest", rest),
        });
    }
    said.unwrap_or_else(|| say("reason-none"))
}

/// What a partner's settings lead to, for the side of the page.
fn leads_to(deployment: &Deployment, partner: &Partner) -> Vec<Content> {
    let server = deployment.server;
    let has_types = server.traits().has_partner_types;
    let outcome = partner.outcome(server);
    let tone = match outcome.verdict {
        Verdict::Valid => Tone::Good,
        Verdict::Warning => Tone::Warning,
        Verdict::Invalid => Tone::Error,
    };
    let mut blocks = vec![Content::Paragraph(tone, say(format!("verdict-{}", outcome.verdict.name())))];
    let methods = outcome.methods.iter().rev().map(|method| say(format!("method-{}", method.name())));
    if let Some(methods) = methods.reduce(|rest, method| say("methods").with("first", method).with("rest", rest)) {
        blocks.push(Content::plain(say("connects-by").with("methods", methods)));
    }
    for reason in &outcome.reasons {
        blocks.push(Content::Paragraph(tone, say(format!("reason-{reason}"))));
    }
    // Where the server holds the type, that says how far the partner is trusted.
    if !has_types && !outcome.methods.is_empty() && partner.negotiation.dialback {
        blocks.push(Content::plain(say("partner-dialback-by-dns")));
    }
    if deployment.may_be_refused_by(partner) {
        blocks.push(Content::warning(say("partner-server-only")));
    }
    if has_types {
        blocks.push(Content::plain(say(format!("partner-type-{}", partner.kind.name()))));
    }
    // What the type promises is not what a stock server does: it says itself what happens instead.
    blocks.extend(product(server).limits(partner).into_iter().map(Content::warning));
    blocks
}

fn row_cells(context: &PageContext, row: Option<usize>) -> Vec<String> {
    let said = |key: String| context.text.say(&say(key));
    let Some(row) = row else {
        return ["domain", "type", "verdict"].iter().map(|column| said(format!("partners-column-{column}"))).collect();
    };
    let partner = &context.deployment.federation.partners[row];
    vec![
        visible(&partner.domain.unicode()).into_owned(),
        said(format!("field-partners-type.{}", partner.kind.name())),
        said(format!("verdict-{}", partner.outcome(context.deployment.server).verdict.name())),
    ]
}

fn show(context: &PageContext) -> Vec<Content> {
    let deployment = context.deployment;
    let partners = &deployment.federation.partners;
    // There are few ways to negotiate, however many partners.
    let mut ways: Vec<(Negotiation, usize)> = Vec::new();
    for partner in partners {
        match ways.iter_mut().find(|(way, _)| *way == partner.negotiation) {
            Some((_, count)) => *count += 1,
            None => ways.push((partner.negotiation, 1)),
        }
    }
    let count = |verdict: Verdict| -> usize {
        let leads_there = |way: &&(Negotiation, usize)| negotiate(deployment.server, way.0).verdict == verdict;
        ways.iter().filter(leads_there).map(|(_, count)| count).sum()
    };
    let unlisted = match (deployment.federation.refuse_unlisted, product(deployment.server).unlisted_limit()) {
        (false, _) => Content::plain(say("unlisted-default")),
        (true, Some(limit)) => Content::warning(limit),
        (true, None) => Content::plain(say("unlisted-refuse")),
    };
    vec![
        Content::plain(
            say("partners-count")
                .with("count", partners.len())
                .with("warning", count(Verdict::Warning))
                .with("invalid", count(Verdict::Invalid)),
        ),
        unlisted,
    ]
}

fn actions(context: &PageContext) -> Vec<Action> {
    out_files(context, product(context.deployment.server).partners(context.deployment, context.text))
}
