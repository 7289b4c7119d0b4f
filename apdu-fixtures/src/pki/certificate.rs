//! User certificates in the profile of card.md 4.4 (利用者証明用) and, in short, 4.5 (署名用).

use const_oid::AssociatedOid;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{ID_KP_CLIENT_AUTH, ID_QT_CPS};
use der::Encode;
use der::asn1::{Any, Ia5StringRef, OctetString, Utf8StringRef};
use jiff::civil::Date;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::certpolicy::{PolicyInformation, PolicyQualifierInfo};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName, OtherName};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage, IssuerAltName, KeyUsage,
    KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::{Certificate, TbsCertificate, Version};

use super::authority::{Authority, Issuer, at, key_identifier};
use super::keys::{KeyName, PrivateKey};
use super::names::{Part, encoded, name};
use crate::people::Person;

/// Policy of the test branch for user authentication (E-09).
const AUTHENTICATION_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.1.0.30");
/// Policy of the test branch for signatures (card.md 4.5).
const SIGNATURE_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.1.0.20");
/// Arc of the four attributes in a signature certificate (card.md 4.5).
const ATTRIBUTES: &str = "1.2.392.200149.8.5.5";
/// A municipality code that no municipality has.
const NOWHERE: &str = "99999";

/// The algorithm of the holder's authentication key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserKey {
    /// Today's cards.
    #[default]
    Rsa2048,
    /// Algorithm agility.
    P256,
    /// What the next generation of cards is announced to have (card.md 9).
    P384,
}

impl UserKey {
    /// The checked-in key for a person; RSA keys are shared by every fourth person.
    pub fn of(self, person: &Person) -> KeyName {
        match (self, person.serial % 4) {
            (UserKey::P256, _) => KeyName::UserP256,
            (UserKey::P384, _) => KeyName::UserP384,
            (UserKey::Rsa2048, 0) => KeyName::User4,
            (UserKey::Rsa2048, 1) => KeyName::User1,
            (UserKey::Rsa2048, 2) => KeyName::User2,
            (UserKey::Rsa2048, _) => KeyName::User3,
        }
    }

    fn authority(self, issuer: Issuer) -> Authority {
        match (issuer, self) {
            (Issuer::Unlisted, _) => Authority::Unlisted,
            (Issuer::Previous, UserKey::Rsa2048) => Authority::Auth1,
            (_, UserKey::Rsa2048) => Authority::Auth2,
            (_, UserKey::P256) => Authority::AuthP256,
            (_, UserKey::P384) => Authority::AuthP384,
        }
    }

    /// The certificate a card carries beside this one (EF 000B).
    pub(crate) fn authority_certificate(self, issuer: Issuer) -> Vec<u8> {
        self.authority(issuer).certificate_der()
    }
}

/// From the day of issue, 10:00 in Japan, to the end of the last day in Japan (card.md 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// Day of issue.
    pub issued: Date,
    /// Last valid day.
    pub ends: Date,
}

impl Validity {
    fn to_x509(self) -> x509_cert::time::Validity {
        let day = |date: Date| (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs());
        let ((y1, m1, d1), (y2, m2, d2)) = (day(self.issued), day(self.ends));
        x509_cert::time::Validity { not_before: at(y1, m1, d1, 1, 0, 0), not_after: at(y2, m2, d2, 14, 59, 59) }
    }
}

/// The user certificate of a person: the authentication certificate of card.md 4.4, DER.
pub fn user_certificate(person: &Person, key: UserKey, issuer: Issuer, validity: Validity) -> Vec<u8> {
    let authority = key.authority(issuer);
    let subject =
        name(&[Part::Country, Part::Common(&format!("EMULATE{:07}{NOWHERE}003A", person.serial % 10_000_000))]);
    let extensions = vec![
        extension(true, &KeyUsage(KeyUsages::DigitalSignature.into())),
        extension(false, &ExtendedKeyUsage(vec![ID_KP_CLIENT_AUTH])),
        extension(true, &policies(AUTHENTICATION_POLICY)),
        extension(false, &issuer_alternative()),
        extension(false, &distribution_points("JPKI for user authentication")),
        extension(false, &authority_key(authority)),
        extension(false, &SubjectKeyIdentifier(key_identifier(key.of(person).key()))),
    ];
    let signer = if issuer == Issuer::Forged { KeyName::UnlistedCa.key() } else { authority.key() };
    build(person.serial, authority.name(), validity, subject, key.of(person).key(), extensions, signer)
}

/// The signature certificate of a person (署名用, card.md 4.5), DER. The terminal never asks for it.
pub fn signature_certificate(person: &Person, validity: Validity) -> Vec<u8> {
    let common = format!("202001010000{:07}{NOWHERE}003A", person.serial % 10_000_000);
    let subject = name(&[Part::Country, Part::Place("見本県"), Part::Place("見本市"), Part::Common(&common)]);
    let birth = person.birth;
    let era = match birth.year() {
        2019.. => 5,
        1989..2019 => 4,
        1926..1989 => 3,
        _ => 2,
    };
    let attributes = SubjectAltName(vec![
        attribute(1, &person.name),
        attribute(3, &char::from(person.sex.digit()).to_string()),
        attribute(4, &format!("{era}{:04}{:02}{:02}", birth.year(), birth.month(), birth.day())),
        attribute(5, &person.address),
    ]);
    let extensions = vec![
        extension(true, &KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation)),
        extension(true, &policies(SIGNATURE_POLICY)),
        extension(false, &attributes),
        extension(false, &distribution_points("JPKI for digital signature")),
        extension(false, &authority_key(Authority::Sign)),
        extension(false, &SubjectKeyIdentifier(key_identifier(KeyName::SignUser.key()))),
    ];
    let (issuer, signer) = (Authority::Sign.name(), Authority::Sign.key());
    build(person.serial, issuer, validity, subject, KeyName::SignUser.key(), extensions, signer)
}

fn build(
    serial: u32,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: &PrivateKey,
    extensions: Vec<Extension>,
    signer: &PrivateKey,
) -> Vec<u8> {
    let tbs = TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::from(serial),
        signature: signer.sign_certificate(&[]).0,
        issuer,
        validity: validity.to_x509(),
        subject,
        subject_public_key_info: key.public(),
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    };
    encoded(&finish(tbs, signer))
}

/// Signs what is to be signed.
pub(super) fn finish(tbs_certificate: TbsCertificate, signer: &PrivateKey) -> Certificate {
    let (signature_algorithm, signature) = signer.sign_certificate(&encoded(&tbs_certificate));
    Certificate { tbs_certificate, signature_algorithm, signature }
}

/// An extension with the criticality of the profile.
pub(super) fn extension<E: Encode + AssociatedOid>(critical: bool, value: &E) -> Extension {
    let extn_value = OctetString::new(encoded(value)).expect("an extension is short");
    Extension { extn_id: E::OID, critical, extn_value }
}

fn policies(policy: ObjectIdentifier) -> CertificatePolicies {
    let cps = Ia5StringRef::new("http://cps.emulator.invalid/").expect("ASCII");
    let qualifier =
        PolicyQualifierInfo { policy_qualifier_id: ID_QT_CPS, qualifier: Some(Any::encode_from(&cps).expect("short")) };
    CertificatePolicies(vec![PolicyInformation { policy_identifier: policy, policy_qualifiers: Some(vec![qualifier]) }])
}

fn authority_key(authority: Authority) -> AuthorityKeyIdentifier {
    AuthorityKeyIdentifier {
        key_identifier: Some(authority.key_identifier()),
        authority_cert_issuer: Some(vec![GeneralName::DirectoryName(authority.name())]),
        authority_cert_serial_number: Some(authority.serial()),
    }
}

fn issuer_alternative() -> IssuerAltName {
    IssuerAltName(vec![GeneralName::DirectoryName(name(&[
        Part::Country,
        Part::Organisation("エミュレート用認証局"),
        Part::Unit("実在しないカード"),
    ]))])
}

/// Directory name only, no URL (card.md 4.4).
fn distribution_points(unit: &str) -> CrlDistributionPoints {
    let directory = name(&[
        Part::Country,
        Part::Organisation("JPKI-EMULATOR"),
        Part::Unit(unit),
        Part::Unit("CRL Distribution Points"),
        Part::Unit("Mihon-ken"),
        Part::Common("Mihon-shi CRLDP"),
    ]);
    CrlDistributionPoints(vec![DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![GeneralName::DirectoryName(directory)])),
        reasons: None,
        crl_issuer: None,
    }])
}

fn attribute(arc: u32, text: &str) -> GeneralName {
    let value = Any::encode_from(&Utf8StringRef::new(text).expect("short")).expect("short");
    let type_id = ObjectIdentifier::new(&format!("{ATTRIBUTES}.{arc}")).expect("a small arc");
    GeneralName::OtherName(OtherName { type_id, value })
}
