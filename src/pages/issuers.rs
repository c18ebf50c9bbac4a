//! Who may issue the certificate that is asked for, on the summary of the request (CAA, RFC 8659).

use crate::check::{CaaCheck, each_once, hint};
use crate::edge::{Authority, Deployment};
use crate::form::{Content, PageContext, Tone};
use crate::home::{CaaLook, IssuersFound, LookupError};
use crate::text::{Message, say};

/// The names of a request to a public authority, in A-labels: others do not have to ask.
#[must_use]
pub fn issued_names(deployment: &Deployment) -> Vec<String> {
    let names = deployment.names.iter().filter(|_| deployment.request.authority == Authority::Public);
    names.filter(|named| named.name.is_sound()).map(|named| named.name.ascii().to_owned()).collect()
}

/// What name servers say of it, or that they are being asked.
pub(super) fn issuers(context: &PageContext) -> Vec<Content> {
    let names = issued_names(context.deployment);
    let heading = Content::Heading(say("plan-caa"));
    let found = context.facts().issuers.as_ref().filter(|found| found.names == names);
    let said = match found {
        _ if names.is_empty() => Vec::new(),
        None => vec![Content::plain(say("request-issuers-asked"))],
        Some(found) => all_findings(found, issuer_in_use(context)),
    };
    // A dry run asks nobody.
    if said.is_empty() { said } else { [heading].into_iter().chain(said).collect() }
}

/// The authority that the certificate in use comes from.
fn issuer_in_use<'a>(context: &PageContext<'a>) -> Option<&'a str> {
    let pair = context.facts().current(context.deployment.request.usage)?;
    pair.certificate.as_ref().map(|certificate| certificate.issuer.as_str())
}

/// What is to be said of all names, each once.
fn all_findings(found: &IssuersFound, in_use: Option<&str>) -> Vec<Content> {
    let findings = found.looks.iter().flat_map(|look| findings(look, in_use).map(|finding| (finding, &*look.name)));
    let each = each_once(findings).into_iter().map(|((tone, said), names)| {
        let is_of_all = names.len() == found.names.len() && names.len() > 1;
        let all = || say("request-issuers-all").with("count", names.len());
        let said = if is_of_all { said.with("name", all()) } else { said.with("name", names.join(", ")) };
        Content::Paragraph(tone, said)
    });
    each.collect()
}

/// What is to be said of a name, which the sentence still lacks.
fn findings(look: &CaaLook, in_use: Option<&str>) -> impl Iterator<Item = (Tone, Message)> {
    let check = CaaCheck::of(look);
    let left_out = check.leaves_out(in_use.as_slice()).into_iter().map(|said| (Tone::Warning, sentence(said)));
    // What only this machine's network hinders, the authority may be told all the same.
    let is_silent = look.found.as_ref().is_err_and(LookupError::is_silence);
    let said = match &check.issuers {
        None => (Tone::Plain, sentence(check.finding)),
        Some(_) if is_silent => (Tone::Plain, sentence(check.finding)),
        Some(issuers) => {
            let tone = if issuers.is_empty() { Tone::Warning } else { Tone::Plain };
            (tone, say("dns-finding").with("hint", hint(&check.finding)).with("finding", check.finding))
        }
    };
    [said].into_iter().chain(left_out)
}

fn sentence(finding: Message) -> Message {
    say("plan-record-finding").with("finding", finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Caa;

    /// What is said where `found` is answered for a name and nothing stands at another, and a certificate from `in_use` is there.
    fn said(found: Result<Option<(String, Vec<Caa>)>, LookupError>, in_use: Option<&str>) -> Vec<(Tone, String)> {
        let names = ["a.example", "b.example"].map(str::to_owned).to_vec();
        let look = |name: &str, found| CaaLook { name: name.to_owned(), found };
        let looks = vec![look("a.example", found), look("b.example", Ok(None))];
        let text = crate::text::Text::load("en");
        let all = all_findings(&IssuersFound { names, looks }, in_use);
        let paragraph = |content| match content {
            Content::Paragraph(tone, said) => (tone, text.say(&said)),
            other => panic!("{other:?}"),
        };
        all.into_iter().map(paragraph).collect()
    }

    fn only(issuer: &str) -> (String, Vec<Caa>) {
        let caa = Caa { is_critical: false, tag: "issue".to_owned(), value: issuer.to_owned() };
        ("example".to_owned(), vec![caa])
    }

    #[test]
    fn what_is_the_same_for_all_names_is_said_once() {
        let anybody = said(Ok(None), None);
        assert_eq!(anybody, [(Tone::Plain, "All 2 names: any authority may issue".to_owned())]);
    }

    #[test]
    fn an_authority_that_is_left_out_is_a_warning() {
        let some = said(Ok(Some(only("other.example"))), Some("O=Let's Encrypt,CN=R1"));
        let tones: Vec<Tone> = some.iter().map(|(tone, _)| *tone).collect();
        assert_eq!(tones, [Tone::Plain, Tone::Warning, Tone::Plain]);
        assert!(some[0].1.starts_with("a.example: only other.example may issue"), "{some:?}");
        assert!(some[1].1.contains("Add letsencrypt.org"), "{some:?}");
        assert_eq!(said(Ok(Some(only("letsencrypt.org"))), Some("O=Let's Encrypt,CN=R1")).len(), 2);
        assert_eq!(said(Ok(Some(only("other.example"))), None).len(), 2);
    }

    #[test]
    fn where_nobody_may_there_is_a_warning_and_where_nobody_answers_none() {
        assert_eq!(said(Ok(Some(only(";"))), None)[0].0, Tone::Warning);
        assert_eq!(said(Err(LookupError::Refused("SERVFAIL".to_owned())), None)[0].0, Tone::Warning);
        let (tone, words) = said(Err(LookupError::NoServer), None).remove(0);
        assert_eq!(tone, Tone::Plain);
        assert!(words.starts_with("a.example: cannot be told: ") && !words.contains("Mend"), "{words}");
    }
}
