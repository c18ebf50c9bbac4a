//! Zones are changed by updates (RFC 2136) that are signed with a key (TSIG, RFC 8945).

use std::io::ErrorKind;
use std::net::IpAddr;
use std::time::SystemTime;

use hickory_proto::ProtoError;
use hickory_proto::op::{Message, OpCode, Query, ResponseCode, UpdateMessage as _};
use hickory_proto::rr::rdata::tsig::{
    TSIG, TsigAlgorithm as Algorithm, TsigError, make_tsig_record, message_tbs, signed_bitmessage_to_buf,
};
use hickory_proto::rr::rdata::{A, AAAA, SRV, TLSA};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};
use tokio::time::{Instant, timeout_at};

use crate::edge::RecordData;
use crate::home::{LookupError, SetChange, ZoneChange, ZoneRecord};
use crate::system::update::{TsigAlgorithm, TsigKey, UpdateError};

use super::dns::{absolute, record_type, system, tcp};
use super::words;

/// Seconds that clocks may be apart (RFC 8945 10).
const FUDGE: u16 = 300;

/// Has the zone's server make `change`, as a whole or not at all, and waits for its word until `end`.
pub async fn update(change: &ZoneChange, key: &TsigKey, end: Instant) -> Result<(), UpdateError> {
    let mut message = message(change).ok_or(UpdateError::Message)?;
    let signer = Signer::of(key).ok_or(UpdateError::Key)?;
    let mac = signer.sign(&mut message).map_err(|_| UpdateError::Message)?;
    let wire = message.to_vec().map_err(|_| UpdateError::Message)?;
    // By TCP: what is sent again by UDP could find its own change and take it for somebody else's.
    let octets = match timeout_at(end, tcp(change.server, &wire)).await {
        Err(_) => return Err(UpdateError::Unanswered(LookupError::Late)),
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
            return Err(UpdateError::Unreached(system(error)));
        }
        Ok(answer) => answer.map_err(|error| UpdateError::Unanswered(system(error)))?,
    };
    let answer = Message::from_vec(&octets).map_err(|_| UpdateError::Unanswered(LookupError::Malformed))?;
    if answer.id != message.id {
        return Err(UpdateError::Unanswered(LookupError::Malformed));
    }
    signer.judge(&octets, &answer, &mac)
}

/// The change as one message: what was seen is asked for first, then each set is written anew.
fn message(change: &ZoneChange) -> Option<Message> {
    let mut message = Message::query();
    message.metadata.op_code = OpCode::Update;
    message.metadata.recursion_desired = false;
    message.add_zone(Query::query(absolute(&change.zone).ok()?, RecordType::SOA));
    for SetChange { name, kind, before, after } in &change.sets {
        let (name, kind) = (absolute(name).ok()?, record_type(kind));
        if before.is_empty() {
            // Beside an alias nothing can be (RFC 1034 3.6.2), and a server would say that it is done (RFC 2136 3.4.2.2).
            for kind in [kind, RecordType::CNAME] {
                message.add_pre_requisite(about(&name, kind, DNSClass::NONE));
            }
        }
        for record in before {
            message.add_pre_requisite(Record::from_rdata(name.clone(), 0, rdata(&record.data)?));
        }
        message.add_update(about(&name, kind, DNSClass::ANY));
        for ZoneRecord { ttl, data } in after {
            message.add_update(Record::from_rdata(name.clone(), *ttl, rdata(data)?));
        }
    }
    Some(message)
}

/// A record without data: what is said of all of a set (RFC 2136 2.4, 2.5).
fn about(name: &Name, kind: RecordType, class: DNSClass) -> Record {
    let mut record = Record::from_rdata(name.clone(), 0, RData::Update0(kind));
    record.dns_class = class;
    record
}

fn rdata(data: &RecordData) -> Option<RData> {
    Some(match data {
        RecordData::Address(IpAddr::V4(address)) => RData::A(A(*address)),
        RecordData::Address(IpAddr::V6(address)) => RData::AAAA(AAAA(*address)),
        RecordData::Srv { priority, weight, port, target } => {
            RData::SRV(SRV::new(*priority, *weight, *port, absolute(target).ok()?))
        }
        RecordData::Tlsa { usage, selector, matching, data } => {
            RData::TLSA(TLSA::new((*usage).into(), (*selector).into(), (*matching).into(), data.clone()))
        }
    })
}

/// Signs with a key whose secret stays in memory that is cleared.
struct Signer<'a> {
    name: Name,
    algorithm: Algorithm,
    secret: &'a [u8],
}

impl<'a> Signer<'a> {
    fn of(key: &'a TsigKey) -> Option<Self> {
        let algorithm = match key.algorithm {
            TsigAlgorithm::Sha256 => Algorithm::HmacSha256,
            TsigAlgorithm::Sha384 => Algorithm::HmacSha384,
            TsigAlgorithm::Sha512 => Algorithm::HmacSha512,
        };
        Some(Signer { name: absolute(&key.name).ok()?, algorithm, secret: &key.secret })
    }

    /// Signs `message`; gives the signature, which that of the answer includes.
    fn sign(&self, message: &mut Message) -> Result<Vec<u8>, ProtoError> {
        let unsigned = TSIG::new(self.algorithm.clone(), now(), FUDGE, Vec::new(), message.id, None, Vec::new());
        let mac = self.algorithm.mac_data(self.secret, &message_tbs(message, &unsigned, &self.name)?);
        let mac = mac.map_err(|error| ProtoError::from(error.to_string()))?;
        message.set_signature(Box::new(make_tsig_record(self.name.clone(), unsigned.set_mac(mac.clone()))));
        Ok(mac)
    }

    /// What the server says to what was signed with `mac`: a refused key is told unsigned (RFC 8945 5.2), and nothing that is not
    /// signed is believed to be done.
    fn judge(&self, octets: &[u8], answer: &Message, mac: &[u8]) -> Result<(), UpdateError> {
        let code = answer.response_code;
        match answer.signature().map(|signature| signature.data.error) {
            Some(Some(TsigError::BadSig)) => return Err(UpdateError::Secret),
            Some(Some(TsigError::BadKey)) => return Err(UpdateError::Key),
            Some(Some(TsigError::BadTime)) => return Err(UpdateError::Clock),
            Some(Some(_)) => return Err(UpdateError::Unsigned),
            Some(None) if self.is_signed(octets, mac) => {}
            Some(None) => return Err(UpdateError::Forged),
            None if code == ResponseCode::NotAuth => return Err(UpdateError::Zone),
            None if code == ResponseCode::Refused => return Err(UpdateError::Unsigned),
            None if code == ResponseCode::NoError => return Err(UpdateError::Forged),
            None => return Err(UpdateError::Refused(words::code(code))),
        }
        match code {
            ResponseCode::NoError => Ok(()),
            ResponseCode::NXRRSet | ResponseCode::YXRRSet | ResponseCode::NXDomain | ResponseCode::YXDomain => {
                Err(UpdateError::Changed)
            }
            ResponseCode::NotAuth | ResponseCode::NotZone => Err(UpdateError::Zone),
            code => Err(UpdateError::Refused(words::code(code))),
        }
    }

    /// Whether the answer is signed with the key, just now.
    fn is_signed(&self, octets: &[u8], mac: &[u8]) -> bool {
        signed_bitmessage_to_buf(octets, Some(mac), true).is_ok_and(|(signed, record)| {
            let signature = &record.data;
            record.name == self.name
                && signature.algorithm == self.algorithm
                && now().abs_diff(signature.time) <= u64::from(FUDGE)
                && self.algorithm.verify_mac(self.secret, &signed, &signature.mac).is_ok()
        })
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
