//! DER (X.690) read in place, value after value. No value is copied, so none leaves an uncleared secret behind.

use x509_parser::asn1_rs::{Any, Class, DerConstraint, Error, FromDer, Oid, Tag, nom};

use super::fault::Fault;

/// The values not read yet.
#[derive(Clone, Copy)]
pub(super) struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Der(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything not read yet, encoded.
    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The values of the SEQUENCE that stands next.
    pub(super) fn sequence(&mut self) -> Result<Der<'a>, Fault> {
        self.constructed(Class::Universal, Tag::Sequence)
    }

    /// The values below the explicit tag `[number]` that stands next.
    pub(super) fn explicit(&mut self, number: u32) -> Result<Der<'a>, Fault> {
        self.constructed(Class::ContextSpecific, Tag(number))
    }

    pub(super) fn octets(&mut self) -> Result<&'a [u8], Fault> {
        self.primitive(Class::Universal, Tag::OctetString)
    }

    /// The octets of an OCTET STRING under the implicit tag `[number]`.
    pub(super) fn implicit_octets(&mut self, number: u32) -> Result<&'a [u8], Fault> {
        self.primitive(Class::ContextSpecific, Tag(number))
    }

    /// An INTEGER from 0 to [`u32::MAX`].
    pub(super) fn number(&mut self) -> Result<u32, Fault> {
        self.next(Class::Universal, Tag::Integer)?.u32().map_err(|_| Fault::Damaged)
    }

    /// The numbers of an OBJECT IDENTIFIER.
    pub(super) fn oid(&mut self) -> Result<Vec<u64>, Fault> {
        let octets = self.primitive(Class::Universal, Tag::Oid)?;
        let oid = Oid::new(octets.into());
        oid.iter().map(Iterator::collect).ok_or(Fault::Damaged)
    }

    /// Whether a value of that universal tag stands next.
    pub(super) fn is_next(&self, tag: Tag) -> bool {
        Any::from_der(self.0).is_ok_and(|(_, any)| any.class() == Class::Universal && any.tag() == tag)
    }

    fn constructed(&mut self, class: Class, tag: Tag) -> Result<Der<'a>, Fault> {
        let any = self.next(class, tag)?;
        if any.header.is_constructed() { Ok(Der(any.data)) } else { Err(Fault::Damaged) }
    }

    fn primitive(&mut self, class: Class, tag: Tag) -> Result<&'a [u8], Fault> {
        let any = self.next(class, tag)?;
        // BER may cut a string in pieces (X.690 8.7.3).
        if any.header.is_primitive() { Ok(any.data) } else { Err(ber()) }
    }

    fn next(&mut self, class: Class, tag: Tag) -> Result<Any<'a>, Fault> {
        match Any::from_der(self.0) {
            Ok((rest, any)) if any.class() == class && any.tag() == tag => {
                self.0 = rest;
                Ok(any)
            }
            Err(nom::Err::Error(Error::DerConstraintFailed(DerConstraint::IndefiniteLength))) => Err(ber()),
            _ => Err(Fault::Damaged),
        }
    }
}

fn ber() -> Fault {
    Fault::Unsupported("BER".into())
}
