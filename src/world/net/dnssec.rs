//! Whether answers are led back to the root's key (DNSSEC, RFC 4035 5), of whoever answers.

use std::collections::HashMap;
use std::sync::Arc;

use hickory_net::dnssec::DnssecDnsHandle;
use hickory_net::runtime::TokioRuntimeProvider;
use hickory_net::xfer::{DnsResponseStream, FirstAnswer as _};
use hickory_net::{DnsError, DnsHandle, NetError};
use hickory_proto::dnssec::{Proof as Verdict, TrustAnchors};
use hickory_proto::op::{DnsRequest, DnsRequestOptions, DnsResponse, Query};
use hickory_proto::rr::{Name, Record, RecordType};
use tokio::sync::{Mutex, OnceCell, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::home::{Lookup, LookupError, Proof, RecordSet, Unproven};
use crate::system::probe::{DomainProbe, Proven, Srv};

use super::dns::{Resolver, absolute, record_type};

/// Proofs under way: each takes memory, and few more questions than these are let through at a time.
const MOST_PROOFS: usize = 128;
/// Answers about zones that are kept: those that all need, and those of the domains under way.
const MOST_KEPT: usize = 1024;
/// What was validated that is kept.
const MOST_VALIDATED: usize = 4096;

/// Validates answers, of many domains side by side.
pub struct Validator {
    anchors: Arc<TrustAnchors>,
    asker: Asker,
    handle: DnssecDnsHandle<Asker>,
    turns: Semaphore,
    /// What came of the root's own keys, without which nothing can be told.
    root: OnceCell<Result<(), Unproven>>,
}

/// The records that a domain's servers are found by, and by which they are believed; none where no name server says anything.
pub fn sets(probe: &DomainProbe) -> Vec<RecordSet> {
    let is_silence = |found: &Lookup<Srv>| found.as_ref().is_err_and(LookupError::is_silence);
    if [&probe.srv, &probe.direct_srv].into_iter().flatten().all(is_silence) {
        return Vec::new();
    }
    let set = |name: String, kind| RecordSet { name, kind, primary: None };
    let service = |service: &str| set(format!("{service}._tcp.{}", probe.domain), "SRV");
    let mut sets = vec![service("_xmpp-server"), service("_xmpps-server")];
    for host in &probe.hosts {
        let of_host = [set(host.name.clone(), "A"), set(host.name.clone(), "AAAA"), set(host.service(), "TLSA")];
        let is_new = |set: &RecordSet| !sets.contains(set);
        let new: Vec<RecordSet> = of_host.into_iter().filter(is_new).collect();
        sets.extend(new);
    }
    sets
}

impl Validator {
    /// Asks `resolver`, and believes `anchors` alone.
    pub fn new(resolver: Arc<Resolver>, anchors: Arc<TrustAnchors>) -> Self {
        let asker = Asker { resolver, answers: Arc::default(), failure: Arc::default() };
        let handle = DnssecDnsHandle::with_trust_anchor(asker.clone(), Arc::clone(&anchors));
        let handle = handle.validation_cache_size(MOST_VALIDATED);
        Validator { anchors, asker, handle, turns: Semaphore::new(MOST_PROOFS), root: OnceCell::new() }
    }

    /// Validates what is answered for `sets`, until `end`; in no order.
    pub async fn prove(self: Arc<Self>, sets: Vec<RecordSet>, end: Instant) -> Vec<Proven> {
        let mut under_way = JoinSet::new();
        for set in sets {
            let validator = Arc::clone(&self);
            under_way.spawn(async move {
                let proof = async {
                    let _turn = validator.turns.acquire().await;
                    Box::pin(validator.proof(&set)).await
                };
                let proof = timeout_at(end, proof).await.unwrap_or(unanswered(LookupError::Late));
                Proven { set, proof }
            });
        }
        under_way.join_all().await
    }

    async fn proof(&self, set: &RecordSet) -> Proof {
        let question = match absolute(&set.name) {
            Ok(name) => Query::query(name, record_type(set.kind)),
            Err(error) => return unanswered(error),
        };
        if let Err(why) = self.root.get_or_init(|| self.root()).await {
            return Proof::Unproven(why.clone());
        }
        match validated(&self.handle, &question).await {
            Proof::Bogus => self.proof_alone(&question).await,
            proof => proof,
        }
    }

    /// The same once more, without what is remembered: a question on the way that is not answered is to the library a proof that
    /// is missing, and it remembers what follows from that.
    async fn proof_alone(&self, question: &Query) -> Proof {
        let asker = Asker { failure: Arc::default(), ..self.asker.clone() };
        let handle = DnssecDnsHandle::with_trust_anchor(asker.clone(), Arc::clone(&self.anchors));
        match (validated(&handle, question).await, asker.failure.lock().await.take()) {
            (Proof::Bogus, Some(error)) => unanswered(error),
            (proof, _) => proof,
        }
    }

    /// Whether the root's keys are the ones that are believed.
    async fn root(&self) -> Result<(), Unproven> {
        let question = Query::query(Name::root(), RecordType::DNSKEY);
        let answer = self.asker.answer(&question).await.map_err(Unproven::Unanswered)?;
        let has = |kind: RecordType| answer.answers.iter().any(|record| record.record_type() == kind);
        if !has(RecordType::DNSKEY) || !has(RecordType::RRSIG) {
            return Err(Unproven::Stripped);
        }
        match validated(&self.handle, &question).await {
            Proof::Secure => Ok(()),
            _ => Err(Unproven::OtherRoot),
        }
    }
}

fn unanswered(error: LookupError) -> Proof {
    Proof::Unproven(Unproven::Unanswered(error))
}

/// What the library makes of the answer to `question`; bogus too where it could not say.
async fn validated(handle: &DnssecDnsHandle<Asker>, question: &Query) -> Proof {
    let verdict = match handle.lookup(question.clone(), DnsRequestOptions::default()).first_answer().await {
        Ok(response) => {
            let said = if response.answers.is_empty() { &response.authorities } else { &response.answers };
            let signed = said.iter().filter(|record| record.record_type() != RecordType::RRSIG);
            // That nothing is there is taken without proof only where a zone above proves that there is none.
            signed.map(|record: &Record| record.proof).min().unwrap_or(Verdict::Insecure)
        }
        Err(NetError::Dns(DnsError::Nsec { proof, .. })) => proof,
        Err(_) => Verdict::Bogus,
    };
    match verdict {
        Verdict::Secure => Proof::Secure,
        Verdict::Insecure => Proof::Insecure,
        Verdict::Bogus | Verdict::Indeterminate => Proof::Bogus,
    }
}

/// Puts the library's questions to the name server.
#[derive(Clone)]
struct Asker {
    resolver: Arc<Resolver>,
    answers: Arc<Mutex<Answers>>,
    /// Why a question was not answered, the last one of them.
    failure: Arc<Mutex<Option<LookupError>>>,
}

impl Asker {
    async fn answer(&self, question: &Query) -> Result<DnsResponse, LookupError> {
        let answer = if matches!(question.query_type(), RecordType::DNSKEY | RecordType::DS | RecordType::NS) {
            let kept = self.answers.lock().await.get(question);
            let answer = kept.get_or_init(|| self.ask(question)).await.clone();
            if answer.is_err() {
                self.answers.lock().await.forget(question);
            }
            answer
        } else {
            self.ask(question).await
        };
        if let Err(error) = &answer {
            *self.failure.lock().await = Some(error.clone());
        }
        answer
    }

    async fn ask(&self, question: &Query) -> Result<DnsResponse, LookupError> {
        let mut question = self.resolver.question(question.clone());
        // A name server that validates itself keeps nothing back then (RFC 4035 3.2.2).
        question.metadata.checking_disabled = true;
        question.edns.get_or_insert_default().enable_dnssec();
        let mut answer = self.resolver.put(&question).await?;
        // What comes along with an answer needs no proof.
        answer.additionals.clear();
        DnsResponse::from_message(answer).map_err(|_| LookupError::Malformed)
    }
}

impl DnsHandle for Asker {
    type Response = DnsResponseStream;
    type Runtime = TokioRuntimeProvider;

    fn send(&self, request: DnsRequest) -> DnsResponseStream {
        let asker = self.clone();
        DnsResponseStream::from(Box::pin(async move {
            let question = request.queries.first().ok_or(NetError::NoConnections)?;
            asker.answer(question).await.map_err(|_| NetError::NoConnections)
        }))
    }
}

/// Answers that more than one proof needs, each asked for once at a time. Where there are too many, those that nobody asked for
/// lately go.
#[derive(Default)]
struct Answers {
    young: HashMap<Query, Kept>,
    old: HashMap<Query, Kept>,
}

type Kept = Arc<OnceCell<Result<DnsResponse, LookupError>>>;

impl Answers {
    fn get(&mut self, question: &Query) -> Kept {
        if let Some(kept) = self.young.get(question) {
            return Arc::clone(kept);
        }
        let kept = self.old.remove(question).unwrap_or_default();
        if self.young.len() == MOST_KEPT {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(question.clone(), Arc::clone(&kept));
        kept
    }

    fn forget(&mut self, question: &Query) {
        self.young.remove(question);
        self.old.remove(question);
    }
}
