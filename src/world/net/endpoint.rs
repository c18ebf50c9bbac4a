//! A conversation with a server at an address, as another server would have it (RFC 6120 5, 6).

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout, timeout_at};

use crate::system::probe::{EndpointProbe, Fault, HostProbe, PeerHello, SaslAnswer, Stage, Way};

use super::stream::{SASL, Stream, TLS};
use super::tls::{Handshakes, Ours, Shaken, old_hello, shake};
use super::words::words;

/// Where servers speak with servers (RFC 6120 14.7).
pub const PORT: u16 = 5269;
/// Hosts of a service, and addresses of them all, that are looked at.
pub const MOST_ENDPOINTS: usize = 16;
/// How long is waited for an orderly end.
const FAREWELL: Duration = Duration::from_millis(300);
/// Conversations that are being ended at a time: each holds a socket.
const MOST_FAREWELLS: usize = 256;

/// Who looks, and at whom.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The domain that is looked at.
    pub domain: String,
    /// Who we say we are, with what proves it.
    pub ours: Option<(String, Option<Ours>)>,
    /// When it is over.
    pub end: Instant,
    /// How handshakes are made.
    pub handshakes: Handshakes,
    /// The conversations that are being ended.
    pub farewells: Farewells,
}

/// Conversations of which all was heard: nobody waits for the other side to end them, but the last one who leaves.
#[derive(Debug, Clone, Default)]
pub struct Farewells(Arc<Mutex<JoinSet<Result<(), Elapsed>>>>);

impl Farewells {
    /// Has a conversation ended beside all others. Where too many are, it is said that this one is over, and no answer is
    /// waited for.
    async fn add(&self, farewell: impl Future<Output = ()> + Send + 'static) {
        if let Some(farewell) = self.try_add(farewell) {
            let _ = timeout(Duration::ZERO, farewell).await;
        }
    }

    fn try_add<F: Future<Output = ()> + Send + 'static>(&self, farewell: F) -> Option<F> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while under_way.try_join_next().is_some() {}
        if under_way.len() == MOST_FAREWELLS {
            return Some(farewell);
        }
        under_way.spawn(timeout(FAREWELL, farewell));
        None
    }

    /// Waits until all have ended, or were given their time.
    pub async fn end(self) {
        let under_way = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        under_way.join_all().await;
    }
}

impl Caller {
    /// Who looks at `host`: by SIP it is the host that has to prove itself, and it is told nothing.
    fn of(&self, host: &HostProbe) -> Self {
        match host.way {
            Way::Sip => Caller { domain: host.name.clone(), ours: None, ..self.clone() },
            Way::StartTls | Way::Direct => self.clone(),
        }
    }

    fn from(&self) -> Option<&str> {
        self.ours.as_ref().map(|(domain, _)| domain.as_str())
    }
}

/// Looks at the addresses of `hosts`, side by side; says how many of them are left out.
pub async fn visit(caller: &Caller, hosts: &mut [HostProbe]) -> usize {
    let (mut conversations, mut left_out) = (JoinSet::new(), 0);
    for (place, host) in hosts.iter().enumerate() {
        for address in host.addresses.iter().flatten().flatten() {
            if conversations.len() == MOST_ENDPOINTS {
                left_out += 1;
            } else {
                let (caller, way) = (caller.of(host), host.way);
                let endpoint = EndpointProbe::at(SocketAddr::new(*address, host.port));
                conversations.spawn(async move { (place, look(&caller, way, endpoint).await) });
            }
        }
    }
    while let Some(ended) = conversations.join_next().await {
        if let Ok((place, endpoint)) = ended {
            hosts[place].endpoints.push(endpoint);
        }
    }
    for host in hosts {
        host.endpoints.sort_by_key(|endpoint| endpoint.address);
    }
    left_out
}

/// Looks at the server at the address of `probe`, which says afterwards how far that came.
pub async fn look(caller: &Caller, way: Way, mut probe: EndpointProbe) -> EndpointProbe {
    let outcome = timeout_at(caller.end, converse(caller, way, &mut probe)).await;
    probe.fault = match outcome {
        Ok(outcome) => outcome.err(),
        Err(_) => Some(Fault::Late),
    };
    if let Some(Fault::Tls { peer: PeerHello::Alert(_), old, .. }) = &mut probe.fault {
        *old = timeout_at(caller.end, old_answer(caller, way, probe.address)).await.ok().flatten();
    }
    probe
}

async fn converse(caller: &Caller, way: Way, probe: &mut EndpointProbe) -> Result<(), Fault> {
    let mut clock = Clock(Instant::now());
    let Some(connection) = reach(caller, way, probe, &mut clock).await? else { return Ok(()) };
    let ours = caller.ours.as_ref().and_then(|(_, ours)| ours.as_ref());
    let protocol = (way == Way::Direct).then_some(&b"xmpp-server"[..]);
    let shaken = shake(&caller.handshakes, &caller.domain, connection, ours, protocol).await;
    let Shaken { outcome, chain, has_unreadable, misses_certificate } = shaken;
    (probe.chain, probe.has_unreadable) = (chain, has_unreadable);
    if way == Way::Sip && misses_certificate {
        return Err(Fault::CertificateMissed);
    }
    let (mut connection, tls) = outcome?;
    probe.tls = Some(tls);
    probe.took.push((Stage::Tls, clock.lap()));
    if way == Way::Sip {
        caller.farewells.add(async move { drop(connection.shutdown().await) }).await;
        return Ok(());
    }
    let mut stream = Stream::new(connection);
    let secure = stream.begin(caller.from(), &caller.domain).await?;
    let offers_external = secure.mechanisms.iter().any(|mechanism| mechanism == "EXTERNAL");
    probe.secure = Some(secure);
    probe.took.push((Stage::Features, clock.lap()));
    if let (true, Some(domain), Some(_)) = (offers_external, caller.from(), ours) {
        let answer = external(domain, &mut stream).await?;
        let is_believed = answer == SaslAnswer::Success;
        probe.external = Some(answer);
        probe.took.push((Stage::External, clock.lap()));
        if is_believed {
            // Whoever says yes begins to read anew, and would take the end of this stream for nonsense.
            stream = Stream::new(stream.into_connection().0);
            let _ = timeout(FAREWELL, stream.begin(caller.from(), &caller.domain)).await;
        }
    }
    let farewell = async move {
        stream.end().await;
        let _ = stream.into_connection().0.shutdown().await;
    };
    caller.farewells.add(farewell).await;
    Ok(())
}

/// Comes to where TLS begins; nothing where it is not offered.
async fn reach(
    caller: &Caller,
    way: Way,
    probe: &mut EndpointProbe,
    clock: &mut Clock,
) -> Result<Option<TcpStream>, Fault> {
    let connected = async {
        let connection = TcpStream::connect(probe.address).await?;
        connection.set_nodelay(true).map(|()| connection)
    };
    let connection = connected.await.map_err(|error| Fault::Io(words(&error)))?;
    probe.took.push((Stage::Tcp, clock.lap()));
    if way != Way::StartTls {
        return Ok(Some(connection));
    }
    let mut stream = Stream::new(connection);
    let plain = stream.begin(caller.from(), &caller.domain).await?;
    let offers_starttls = plain.offers_starttls;
    probe.plain = Some(plain);
    probe.took.push((Stage::Stream, clock.lap()));
    if !offers_starttls {
        caller.farewells.add(async move { stream.end().await }).await;
        return Ok(None);
    }
    stream.send(&format!("<starttls xmlns='{TLS}'/>")).await?;
    let answer = stream.child().await?;
    if !answer.is(TLS, "proceed") {
        return Err(Fault::Unexpected(answer.name));
    }
    let (connection, clear) = stream.into_connection();
    if clear > 0 {
        return Err(Fault::ClearText(clear));
    }
    probe.took.push((Stage::StartTls, clock.lap()));
    Ok(Some(connection))
}

/// What the peer says to a handshake of old, which tells what it speaks where it refused one of today.
async fn old_answer(caller: &Caller, way: Way, address: SocketAddr) -> Option<PeerHello> {
    let mut again = EndpointProbe::at(address);
    let reached = reach(caller, way, &mut again, &mut Clock(Instant::now())).await;
    Some(old_hello(reached.ok()??, &caller.domain).await)
}

/// Says who we are (RFC 6120 6.3.8), and what is said to that.
async fn external<C: AsyncRead + AsyncWrite + Unpin>(
    domain: &str,
    stream: &mut Stream<C>,
) -> Result<SaslAnswer, Fault> {
    let identity = BASE64_STANDARD.encode(domain);
    stream.send(&format!("<auth xmlns='{SASL}' mechanism='EXTERNAL'>{identity}</auth>")).await?;
    let answer = stream.child().await?;
    if answer.is(SASL, "success") {
        return Ok(SaslAnswer::Success);
    }
    if !answer.is(SASL, "failure") {
        return Err(Fault::Unexpected(answer.name));
    }
    let (condition, text) = answer.condition();
    Ok(SaslAnswer::Failure { condition, text })
}

/// Measures one part after the other.
struct Clock(Instant);

impl Clock {
    fn lap(&mut self) -> Duration {
        let now = Instant::now();
        std::mem::replace(&mut self.0, now).elapsed()
    }
}
