//! Distinguished names: C as PrintableString, everything else UTF8String (card.md 4.4).

use const_oid::db::rfc4519::{C, CN, L, O, OU};
use der::Encode;
use der::asn1::{Any, ObjectIdentifier, PrintableString, SetOfVec, Utf8StringRef};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

/// One part of a name.
pub(super) enum Part<'a> {
    Country,
    Organisation(&'a str),
    Unit(&'a str),
    Place(&'a str),
    Common(&'a str),
}

/// The name with its parts in the order they are encoded.
pub(super) fn name(parts: &[Part<'_>]) -> Name {
    RdnSequence(parts.iter().map(rdn).collect())
}

fn rdn(part: &Part<'_>) -> RelativeDistinguishedName {
    let (oid, value): (ObjectIdentifier, Any) = match part {
        Part::Country => {
            let japan = PrintableString::new("JP").expect("JP is printable");
            (C, Any::encode_from(&japan).expect("two letters encode"))
        }
        Part::Organisation(text) => (O, utf8(text)),
        Part::Unit(text) => (OU, utf8(text)),
        Part::Place(text) => (L, utf8(text)),
        Part::Common(text) => (CN, utf8(text)),
    };
    let mut set = SetOfVec::new();
    set.insert(AttributeTypeAndValue { oid, value }).expect("one value makes a set");
    RelativeDistinguishedName(set)
}

fn utf8(text: &str) -> Any {
    Any::encode_from(&Utf8StringRef::new(text).expect("a short text")).expect("a short text encodes")
}

/// DER of an extension value that is known to encode.
pub(super) fn encoded(value: &impl Encode) -> Vec<u8> {
    value.to_der().expect("our own values encode")
}
