//! Questions to name servers, over connections of our own: a static program that has the C library look names up loads
//! whatever the system says it should, and falls over it.

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Edns, Message, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

use crate::edge::DNS_PORT;
use crate::home::{Lookup, LookupError};
use crate::system::probe::{Srv, Tlsa};

use super::words::{code, words};

/// Octets of an answer by UDP (RFC 9715).
const PAYLOAD: u16 = 1232;
/// Octets that are taken of one all the same: some servers send as much as was usual before.
const MOST_RECEIVED: usize = 4096;
/// How long is waited for an answer by UDP before the question is sent once more; after the last it is late.
const WAITS: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
const TCP_WAIT: Duration = Duration::from_secs(5);
/// Aliases that are followed; nobody has so many who does not lead in circles.
const MOST_ALIASES: usize = 8;
/// Questions under way; more of them lose packets, and wait for it.
const MOST_ASKED: usize = 64;

/// Whoever answers questions: the first of these that does.
pub struct Resolver {
    servers: Vec<SocketAddr>,
    /// Whether they are to ask others; else what they are themselves in charge of is asked for.
    recurses: bool,
    asked: Arc<Semaphore>,
}

/// What came of a question.
pub struct Answer {
    /// The records of its type, and the alias where the name is one.
    pub records: Vec<Record>,
    /// Whether the name is an alias.
    pub is_alias: bool,
    /// Whether there is no such name, nor any below it (RFC 8020).
    pub is_no_name: bool,
    /// Whether who answers is in charge of the name.
    pub is_authoritative: bool,
}

impl Resolver {
    pub fn new(servers: Vec<SocketAddr>) -> Self {
        Resolver { servers, recurses: true, asked: Arc::new(Semaphore::new(MOST_ASKED)) }
    }

    /// One name server of a zone, at its addresses.
    pub fn in_charge(&self, addresses: Vec<IpAddr>) -> Self {
        let servers = addresses.into_iter().map(|address| SocketAddr::new(address, DNS_PORT)).collect();
        Resolver { servers, recurses: false, asked: Arc::clone(&self.asked) }
    }

    /// The name server at this address alone.
    pub fn only(&self, server: SocketAddr) -> Self {
        Resolver { servers: vec![server], ..self.in_charge(Vec::new()) }
    }

    /// Whether nobody knows where it is.
    pub fn has_no_address(&self) -> bool {
        !self.recurses && self.servers.is_empty()
    }

    /// Whether it is asked for what it is in charge of.
    pub fn is_in_charge(&self) -> bool {
        !self.recurses
    }

    /// The services of `name`, in the order in which they are tried (RFC 2782): by priority, and the weightier first.
    pub async fn services(&self, name: &str) -> Lookup<Srv> {
        let answer = self.ask(name, RecordType::SRV).await?;
        let mut services: Vec<Srv> = answer.records.iter().filter_map(|record| srv(&record.data)).collect();
        services.sort_by_key(|srv| (srv.priority, u16::MAX - srv.weight));
        let mut seen = HashSet::new();
        services.retain(|srv| seen.insert((srv.target.clone(), srv.port)));
        Ok(services)
    }

    /// The keys that the service on `port` of `host` publishes (RFC 7673).
    pub async fn keys(&self, host: &str, port: u16) -> Lookup<Tlsa> {
        let answer = self.ask(&format!("_{port}._tcp.{host}"), RecordType::TLSA).await?;
        Ok(answer.records.iter().filter_map(|record| tlsa(&record.data)).collect())
    }

    /// The addresses of `name`, and whether it is an alias.
    pub async fn addresses(&self, name: &str) -> (Lookup<IpAddr>, bool) {
        let (six, four) = tokio::join!(self.ask(name, RecordType::AAAA), self.ask(name, RecordType::A));
        let is_alias = [&six, &four].iter().any(|answer| answer.as_ref().is_ok_and(|answer| answer.is_alias));
        let addresses =
            |answer: Answer| answer.records.iter().filter_map(|record| address(&record.data)).collect::<Vec<_>>();
        let found = match (six, four) {
            (Err(error), Err(_)) => Err(error),
            (Ok(six), Ok(four)) if six.is_no_name && four.is_no_name => Err(LookupError::NoName),
            (six, four) => Ok([six, four].into_iter().flatten().flat_map(addresses).collect()),
        };
        let mut seen = HashSet::new();
        let found = found.map(|mut found: Vec<IpAddr>| {
            found.retain(|address| seen.insert(*address));
            found
        });
        (found, is_alias)
    }

    /// The records of `name`, an A-label name without a trailing dot.
    pub async fn ask(&self, name: &str, kind: RecordType) -> Result<Answer, LookupError> {
        let question = self.question(Query::query(absolute(name)?, kind));
        Answer::of(self.put(&question).await?).ok_or(LookupError::Malformed)
    }

    /// A question as these servers are to be asked.
    pub fn question(&self, query: Query) -> Message {
        let mut question = Message::query();
        question.metadata.recursion_desired = self.recurses;
        question.add_query(query);
        let mut edns = Edns::new();
        edns.set_max_payload(PAYLOAD).set_version(0);
        question.set_edns(edns);
        question
    }

    /// What the first of the servers that answers says to `question`.
    pub async fn put(&self, question: &Message) -> Result<Message, LookupError> {
        let wire = question.to_vec().map_err(|_| LookupError::Name)?;
        let _turn = self.asked.acquire().await;
        let mut last = LookupError::NoServer;
        for server in &self.servers {
            match exchange(*server, &wire, question).await {
                Ok(answer) => return Ok(answer),
                Err(LookupError::Io(why)) => last = LookupError::Io(format!("{}: {why}", server.ip())),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl Answer {
    /// What `message` says to its own question: records of the name that was asked for, or of what it is an alias of. Whatever else
    /// is in it was not asked for.
    fn of(message: Message) -> Option<Self> {
        let question = message.queries.first()?.clone();
        let is_authoritative = message.metadata.authoritative;
        let is_of = |record: &&Record, name: &Name| record.name == *name && record.dns_class == question.query_class();
        let (mut name, mut records) = (question.name().clone(), Vec::new());
        while let Some((record, target)) = message.answers.iter().filter(|one| is_of(one, &name)).find_map(alias) {
            if records.len() == MOST_ALIASES {
                return None;
            }
            records.push(record.clone());
            name = target;
        }
        let is_alias = !records.is_empty();
        let is_asked = |record: &&Record| is_of(record, &name) && record.record_type() == question.query_type();
        if message.response_code == ResponseCode::NoError {
            records.extend(message.answers.iter().filter(is_asked).cloned());
        }
        let is_no_name = message.response_code == ResponseCode::NXDomain;
        Some(Answer { records, is_alias, is_no_name, is_authoritative })
    }
}

fn alias(record: &Record) -> Option<(&Record, Name)> {
    match &record.data {
        RData::CNAME(target) => Some((record, target.0.clone())),
        _ => None,
    }
}

/// One question to one server: by UDP, and by TCP where the answer is cut short.
async fn exchange(server: SocketAddr, wire: &[u8], question: &Message) -> Result<Message, LookupError> {
    let by_udp = udp(server, wire).await?;
    let answer = Message::from_vec(&by_udp).map_err(|_| LookupError::Malformed)?;
    let answer = if answer.truncation {
        let by_tcp = timeout(TCP_WAIT, tcp(server, wire)).await.map_err(|_| LookupError::Late)?.map_err(system)?;
        Message::from_vec(&by_tcp).map_err(|_| LookupError::Malformed)?
    } else {
        answer
    };
    // What is cut short by TCP too says nothing.
    if answer.id != question.id || answer.queries != question.queries || answer.truncation {
        return Err(LookupError::Malformed);
    }
    match answer.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(answer),
        refused => Err(LookupError::Refused(code(refused))),
    }
}

async fn udp(server: SocketAddr, wire: &[u8]) -> Result<Vec<u8>, LookupError> {
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    // A port of its own for each question, so that nobody guesses it.
    let socket = UdpSocket::bind((any, 0)).await.map_err(system)?;
    socket.connect(server).await.map_err(system)?;
    let mut answer = vec![0; MOST_RECEIVED];
    for wait in WAITS {
        socket.send(wire).await.map_err(system)?;
        let end = Instant::now() + wait;
        while let Ok(received) = timeout_at(end, socket.recv(&mut answer)).await {
            let length = received.map_err(system)?;
            // Another id is another's answer.
            if length >= 12 && answer[..2] == wire[..2] && answer[2] & 0x80 != 0 {
                answer.truncate(length);
                return Ok(answer);
            }
        }
    }
    Err(LookupError::Late)
}

pub async fn tcp(server: SocketAddr, wire: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(wire.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), wire].concat()).await?;
    let mut answer = vec![0; stream.read_u16().await?.into()];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

pub fn system(error: io::Error) -> LookupError {
    LookupError::Io(words(&error))
}

/// An A-label name that is written without a trailing dot.
pub fn absolute(name: &str) -> Result<Name, LookupError> {
    Name::from_ascii(format!("{name}.")).map_err(|_| LookupError::Name)
}

/// A name as it is written here: in lower case, without a trailing dot.
pub fn plain(name: &Name) -> String {
    let name = name.to_ascii().to_lowercase();
    name.strip_suffix('.').unwrap_or(&name).to_owned()
}

/// The type of that name.
pub fn record_type(kind: &str) -> RecordType {
    match kind {
        "A" => RecordType::A,
        "AAAA" => RecordType::AAAA,
        "TLSA" => RecordType::TLSA,
        _ => RecordType::SRV,
    }
}

pub fn srv(data: &RData) -> Option<Srv> {
    let RData::SRV(srv) = data else { return None };
    Some(Srv { priority: srv.priority, weight: srv.weight, port: srv.port, target: plain(&srv.target) })
}

pub fn tlsa(data: &RData) -> Option<Tlsa> {
    let RData::TLSA(tlsa) = data else { return None };
    let [usage, selector, matching] = [tlsa.cert_usage.into(), tlsa.selector.into(), tlsa.matching.into()];
    Some(Tlsa { usage, selector, matching, data: tlsa.cert_data.clone() })
}

pub fn address(data: &RData) -> Option<IpAddr> {
    match data {
        RData::A(address) => Some(address.0.into()),
        RData::AAAA(address) => Some(address.0.into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use hickory_proto::rr::rdata::{CNAME, SRV};
    use proptest::prelude::*;

    use super::*;

    /// An answer with an alias and a service.
    fn answer() -> Vec<u8> {
        let name = |name: &str| Name::from_ascii(name).unwrap();
        let mut answer = Message::query();
        answer.add_query(Query::query(name("_xmpp-server._tcp.a.example."), RecordType::SRV));
        let alias = RData::CNAME(CNAME(name("b.example.")));
        answer.add_answer(Record::from_rdata(name("_xmpp-server._tcp.a.example."), 60, alias));
        let service = RData::SRV(SRV::new(0, 5, 5269, name("xmpp.B.example.")));
        answer.add_answer(Record::from_rdata(name("b.example."), 60, service));
        answer.to_vec().unwrap()
    }

    fn services(answer: &[u8]) -> Option<Vec<Srv>> {
        let answer = Answer::of(Message::from_vec(answer).ok()?)?;
        Some(answer.records.iter().filter_map(|record| srv(&record.data)).collect())
    }

    #[test]
    fn a_service_behind_an_alias_is_read() {
        let target = "xmpp.b.example".to_owned();
        assert_eq!(services(&answer()), Some(vec![Srv { priority: 0, weight: 5, port: 5269, target }]));
        assert!(Answer::of(Message::from_vec(&answer()).unwrap()).unwrap().is_alias);
    }

    #[test]
    fn what_was_not_asked_for_is_no_answer() {
        let name = |name: &str| Name::from_ascii(name).unwrap();
        let mut other = Message::query();
        other.add_query(Query::query(name("a.example."), RecordType::SRV));
        other.add_answer(Record::from_rdata(
            name("b.example."),
            60,
            RData::SRV(SRV::new(0, 5, 5269, name("b.example."))),
        ));
        assert_eq!(services(&other.to_vec().unwrap()), Some(vec![]));
        let mut circle = Message::query();
        circle.add_query(Query::query(name("a.example."), RecordType::SRV));
        for (from, to) in [("a.example.", "b.example."), ("b.example.", "a.example.")] {
            circle.add_answer(Record::from_rdata(name(from), 60, RData::CNAME(CNAME(name(to)))));
        }
        assert_eq!(services(&circle.to_vec().unwrap()), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn damage_is_an_answer_or_none_and_its_names_are_ascii(
            damage in proptest::collection::vec((0..200_usize, any::<u8>()), 1..8), length in 0..200_usize
        ) {
            let mut answer = answer();
            for (place, octet) in damage {
                let place = place % answer.len();
                answer[place] = octet;
            }
            answer.truncate(answer.len().min(length));
            for service in services(&answer).into_iter().flatten() {
                prop_assert!(service.target.chars().all(|each| each.is_ascii_graphic()), "{:?}", service);
            }
        }
    }
}
