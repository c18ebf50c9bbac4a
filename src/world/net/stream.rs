//! A stream as XML that comes in pieces, with bounds: `rxml` refuses document types, processing instructions, comments and
//! entities (RFC 6120 11.1), and what is left of it takes no more memory than this.

use std::{io, mem};

use rxml::error::EndOrError;
use rxml::{Event, Parse as _, Parser};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::system::probe::{Fault, Features};

use super::words::words;

/// Octets that are read of one stream.
const MOST_READ: usize = 64 << 10;
/// Elements within one another.
const DEEPEST: usize = 12;
const PIECE: usize = 2048;
/// Octets that are shown of what is none.
const BEGINNING: usize = 40;

const STREAMS: &str = "http://etherx.jabber.org/streams";
pub const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
pub const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
const DIALBACK: &str = "urn:xmpp:features:dialback";

/// An element with all that is in it.
#[derive(Debug, Clone, Default)]
pub struct Element {
    pub namespace: String,
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    pub fn child(&self, namespace: &str, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.is(namespace, name))
    }

    /// The condition and the text of an error: its first child, and the one that is called `text`.
    pub fn condition(&self) -> (String, String) {
        let text = self.children.iter().find(|child| child.name == "text").map(|text| text.text.trim().to_owned());
        let condition = self.children.iter().find(|child| child.name != "text").map(|child| child.name.clone());
        (condition.unwrap_or_default(), text.unwrap_or_default())
    }
}

/// What comes next of a stream.
enum Next {
    Opened(Element),
    Child(Element),
    Closed,
}

/// One stream over a connection; a new one is begun after TLS and after SASL (RFC 6120 4.3.3).
pub struct Stream<C> {
    connection: C,
    parser: Parser,
    /// What was read, and how much of it was taken.
    waiting: Vec<u8>,
    taken: usize,
    read: usize,
    open: Vec<Element>,
}

impl<C: AsyncRead + AsyncWrite + Unpin> Stream<C> {
    pub fn new(connection: C) -> Self {
        let (waiting, open) = (Vec::new(), Vec::new());
        Stream { connection, parser: Parser::new(), waiting, taken: 0, read: 0, open }
    }

    /// Begins a stream to `to`, and what it offers.
    pub async fn begin(&mut self, from: Option<&str>, to: &str) -> Result<Features, Fault> {
        let from = from.map(|from| format!(" from='{from}'")).unwrap_or_default();
        let header = format!(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' \
             xmlns:stream='{STREAMS}'{from} to='{to}' version='1.0'>"
        );
        self.send(&header).await?;
        let root = match self.next().await? {
            Next::Opened(root) if root.is(STREAMS, "stream") => root,
            Next::Opened(other) | Next::Child(other) => return Err(Fault::Unexpected(other.name)),
            Next::Closed => return Err(Fault::Closed),
        };
        if !root.attributes.iter().any(|(name, _)| name == "version") {
            return Err(Fault::Old);
        }
        let features = self.child().await?;
        if features.is(STREAMS, "features") { Ok(offered(&features)) } else { Err(Fault::Unexpected(features.name)) }
    }

    pub async fn send(&mut self, text: &str) -> Result<(), Fault> {
        let sent = async {
            self.connection.write_all(text.as_bytes()).await?;
            self.connection.flush().await
        };
        sent.await.map_err(|error| Fault::Io(words(&error)))
    }

    /// The next element of the stream; a stream error is one of ours.
    pub async fn child(&mut self) -> Result<Element, Fault> {
        match self.next().await? {
            Next::Child(child) if child.is(STREAMS, "error") => {
                let (condition, text) = child.condition();
                Err(Fault::Stream { condition, text })
            }
            Next::Child(child) => Ok(child),
            Next::Closed => Err(Fault::Closed),
            Next::Opened(other) => Err(Fault::Unexpected(other.name)),
        }
    }

    /// Ends the stream, and waits until the other side has.
    pub async fn end(&mut self) {
        if self.send("</stream:stream>").await.is_ok() {
            while let Ok(Next::Opened(_) | Next::Child(_)) = self.next().await {}
        }
    }

    /// The connection, and how many octets came that nobody asked for.
    pub fn into_connection(self) -> (C, usize) {
        (self.connection, self.waiting.len() - self.taken)
    }

    async fn next(&mut self) -> Result<Next, Fault> {
        loop {
            let mut rest = &self.waiting[self.taken..];
            let before = rest.len();
            let event = self.parser.parse(&mut rest, false);
            self.taken += before - rest.len();
            match event {
                Ok(Some(event)) => {
                    if let Some(next) = self.take(event)? {
                        return Ok(next);
                    }
                }
                Ok(None) => return Err(Fault::Closed),
                Err(EndOrError::Error(error)) => return Err(Fault::NotXml(error.to_string())),
                Err(EndOrError::NeedMoreData) => self.read().await?,
            }
        }
    }

    fn take(&mut self, event: Event) -> Result<Option<Next>, Fault> {
        match event {
            Event::XmlDeclaration(..) => {}
            Event::StartElement(_, (namespace, name), attributes) => {
                if self.open.len() == DEEPEST {
                    return Err(Fault::NotXml(format!("more than {DEEPEST} elements deep")));
                }
                let attributes =
                    attributes.iter().map(|((_, name), value)| (name.to_string(), value.clone())).collect();
                let (namespace, name) = (namespace.to_string(), name.to_string());
                let element = Element { namespace, name, attributes, ..Element::default() };
                self.open.push(element.clone());
                if self.open.len() == 1 {
                    return Ok(Some(Next::Opened(element)));
                }
            }
            Event::Text(_, text) => {
                if let [_, .., inner] = &mut self.open[..] {
                    inner.text.push_str(&text);
                }
            }
            Event::EndElement(_) => {
                let ended = self.open.pop().unwrap_or_default();
                match &mut self.open[..] {
                    [] => return Ok(Some(Next::Closed)),
                    [_] => return Ok(Some(Next::Child(ended))),
                    [.., outer] => outer.children.push(ended),
                }
            }
        }
        Ok(None)
    }

    async fn read(&mut self) -> Result<(), Fault> {
        self.waiting.drain(..mem::take(&mut self.taken));
        if self.read >= MOST_READ {
            return Err(Fault::NotXml(format!("more than {MOST_READ} octets")));
        }
        let mut piece = [0; PIECE];
        let read = match self.connection.read(&mut piece).await {
            Ok(read) => read,
            // TLS that is not ended in its own way.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
            Err(error) => return Err(Fault::Io(words(&error))),
        };
        if read == 0 {
            return Err(Fault::Closed);
        }
        // What begins otherwise, such as HTTP, would be waited for as long as it says no more.
        if self.read == 0 && !piece[..read].trim_ascii_start().starts_with(b"<") {
            let begin = &piece[..read.min(BEGINNING)];
            return Err(Fault::NotXml(String::from_utf8_lossy(begin).into_owned()));
        }
        self.read += read;
        self.waiting.extend_from_slice(&piece[..read]);
        Ok(())
    }
}

fn offered(features: &Element) -> Features {
    let starttls = features.child(TLS, "starttls");
    let mechanisms = features.child(SASL, "mechanisms").map(|all| &all.children[..]).unwrap_or_default();
    Features {
        offers_starttls: starttls.is_some(),
        requires_starttls: starttls.is_some_and(|starttls| starttls.child(TLS, "required").is_some()),
        mechanisms: mechanisms.iter().map(|mechanism| mechanism.text.trim().to_owned()).collect(),
        offers_dialback: features.child(DIALBACK, "dialback").is_some(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::io::duplex;
    use tokio::runtime::Builder;

    use super::*;

    const GOOD: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:server' \
        xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features>\
        <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms \
        xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms></stream:features>\
        <stream:error><host-gone xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text>&lt;&#65;</text></stream:error>";

    /// What comes of a peer that says this in pieces of `length` octets, and then no more.
    fn heard(said: &[u8], length: usize) -> String {
        let runtime = Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (near, mut far) = duplex(1 << 20);
            let mut stream = Stream::new(near);
            let speaking = async {
                for piece in said.chunks(length) {
                    far.write_all(piece).await.unwrap();
                    tokio::task::yield_now().await;
                }
                far.shutdown().await.unwrap();
                // What is said to it is read by nobody, and does not end it.
                far
            };
            let hearing = async {
                // How much of what is none is shown depends on how it comes.
                let faulty = |fault| match fault {
                    Fault::NotXml(_) => Fault::NotXml(String::new()),
                    fault => fault,
                };
                let features = match stream.begin(None, "a.example").await {
                    Ok(features) => features,
                    Err(fault) => return format!("{:?}", faulty(fault)),
                };
                let ended = loop {
                    if let Err(fault) = stream.child().await {
                        break faulty(fault);
                    }
                };
                assert!(stream.read <= MOST_READ + PIECE && stream.open.len() <= DEEPEST);
                format!("{features:?} {ended:?}")
            };
            tokio::join!(speaking, hearing).1
        })
    }

    #[test]
    fn what_a_good_peer_says_is_understood() {
        let said = heard(GOOD.as_bytes(), GOOD.len());
        assert!(said.contains("requires_starttls: true, mechanisms: [\"EXTERNAL\"]"), "{said}");
        assert!(said.ends_with("Stream { condition: \"host-gone\", text: \"<A\" }"), "{said}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn damage_ends_in_a_fault_the_same_in_whatever_pieces_it_comes(
            damage in proptest::collection::vec((0..GOOD.len(), any::<u8>(), 0..3_usize), 1..6)
        ) {
            let mut said = GOOD.as_bytes().to_vec();
            for (place, octet, how) in damage {
                let place = place % said.len().max(1);
                match how {
                    0 => said[place] = octet,
                    1 => said.insert(place, octet),
                    _ => drop(said.drain(place..(place + usize::from(octet)).min(said.len()))),
                }
                if said.is_empty() {
                    return Ok(());
                }
            }
            prop_assert_eq!(heard(&said, said.len()), heard(&said, 1));
        }
    }
}
