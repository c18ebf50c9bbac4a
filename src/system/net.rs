//! The network.

use std::io;
use std::net::IpAddr;

use crate::pki::Certificate;

use super::probe::{DomainProbe, ProbeOptions};
use super::update::{TsigKey, UpdateError};
use crate::home::{CaaLook, RecordLook, RecordSet, ZoneChange};
use crate::text::Message;

/// Who looks at servers from outside.
pub trait Net {
    /// The certificate that the server at one of `addresses` shows another server that asks for `domain` (RFC 6120 5,
    /// `jabber:server` on port 5269), the domain as that server spells it: of the first address where one is shown. Nothing of
    /// it is judged. None in a dry run, which looks at nothing.
    ///
    /// # Errors
    /// Why nobody could see one.
    fn served(&self, _domain: &str, _addresses: &[IpAddr]) -> Result<Option<Certificate>, Message> {
        Ok(None)
    }

    /// Looks at `domains`, which are in A-labels, as other servers would; `tell` hears of each when it is through, with its
    /// place among them, and says whether to go on. Whoever puts them in order holds no more than a few thousand that wait
    /// for an earlier one. A dry run looks at nothing.
    ///
    /// # Errors
    /// The system's, where nothing can be looked at at all.
    fn probe(
        &self,
        _domains: &[String],
        _options: &ProbeOptions<'_>,
        _tell: &mut dyn FnMut(usize, DomainProbe) -> bool,
    ) -> io::Result<()> {
        Ok(())
    }

    /// Asks what is there of `sets`, at every name server of their zones and at the system's own. A dry run asks nobody.
    ///
    /// # Errors
    /// The system's, where nobody can be asked at all.
    fn records(&self, _sets: &[RecordSet]) -> io::Result<Vec<RecordLook>> {
        Ok(Vec::new())
    }

    /// Asks who may issue certificates for `names`, which are in A-labels. A dry run asks nobody.
    ///
    /// # Errors
    /// The system's, where nobody can be asked at all.
    fn caa(&self, _names: &[String]) -> io::Result<Vec<CaaLook>> {
        Ok(Vec::new())
    }

    /// Has a zone's server make a change, signed with `key`. A dry run sends nothing.
    ///
    /// # Errors
    /// Why it was not made, or nobody knows whether it was.
    fn update(&self, _change: &ZoneChange, _key: &TsigKey) -> Result<(), UpdateError> {
        Ok(())
    }
}
