//! The certification authorities: four listed ones under one name, one unlisted, one for signature certificates.

use der::asn1::OctetString;
use der::{DateTime, Encode};
use sha2::{Digest, Sha256};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, TbsCertificate, Version};

use super::certificate::{extension, finish};
use super::keys::{KeyName, PrivateKey};
use super::names::{Part, encoded, name};

/// Who signs a user certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Issuer {
    /// The current listed CA for the kind of key.
    #[default]
    Listed,
    /// The CA before it: same name, other key, listed too. Elliptic keys have only the current one.
    Previous,
    /// A CA that no terminal lists.
    Unlisted,
    /// The unlisted key in the name, and with the key identifier, of the listed CA: a broken chain.
    Forged,
}

/// A certification authority of the made-up PKI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// User authentication, first key.
    Auth1,
    /// User authentication, second key.
    Auth2,
    /// User authentication, P-256.
    AuthP256,
    /// User authentication, P-384.
    AuthP384,
    /// Listed nowhere.
    Unlisted,
    /// Signature certificates (署名用), which no terminal needs.
    Sign,
}

impl Authority {
    /// Those a terminal of the test lists.
    pub const LISTED: [Authority; 4] = [Authority::Auth1, Authority::Auth2, Authority::AuthP256, Authority::AuthP384];
    /// All of them.
    pub const ALL: [Authority; 6] = [
        Authority::Auth1,
        Authority::Auth2,
        Authority::AuthP256,
        Authority::AuthP384,
        Authority::Unlisted,
        Authority::Sign,
    ];

    /// The file of its certificate, without extension.
    pub fn file_stem(self) -> &'static str {
        match self {
            Authority::Auth1 => "auth-ca-1",
            Authority::Auth2 => "auth-ca-2",
            Authority::AuthP256 => "auth-ca-p256",
            Authority::AuthP384 => "auth-ca-p384",
            Authority::Unlisted => "unlisted-ca",
            Authority::Sign => "sign-ca",
        }
    }

    /// Its self-signed certificate, DER.
    pub fn certificate_der(self) -> Vec<u8> {
        self.certificate().to_der().expect("a built certificate encodes")
    }

    /// Its self-signed certificate. Always the same bytes: RSA PKCS#1 v1.5 and RFC 6979 need no randomness.
    pub fn certificate(self) -> Certificate {
        let public = self.key().public();
        let tbs = TbsCertificate {
            version: Version::V3,
            serial_number: self.serial(),
            signature: self.key().sign_certificate(&[]).0,
            issuer: self.name(),
            validity: Validity { not_before: at(2020, 1, 1, 0, 0, 0), not_after: at(2049, 12, 31, 14, 59, 59) },
            subject: self.name(),
            subject_public_key_info: public,
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: Some(vec![
                extension(true, &BasicConstraints { ca: true, path_len_constraint: Some(0) }),
                extension(true, &KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)),
                extension(false, &SubjectKeyIdentifier(self.key_identifier())),
            ]),
        };
        finish(tbs, self.key())
    }

    /// First 20 bytes of the SHA-256 of its public key (RFC 7093, method 1).
    pub(super) fn key_identifier(self) -> OctetString {
        key_identifier(self.key())
    }

    pub(super) fn serial(self) -> SerialNumber {
        SerialNumber::from(match self {
            Authority::Auth1 => 1u32,
            Authority::Auth2 => 0x0133_0002,
            Authority::AuthP256 => 0x0256_0003,
            Authority::AuthP384 => 0x0384_0004,
            Authority::Unlisted => 0x0BAD_0005,
            Authority::Sign => 6,
        })
    }

    pub(super) fn key(self) -> &'static PrivateKey {
        match self {
            Authority::Auth1 => KeyName::AuthCa1,
            Authority::Auth2 => KeyName::AuthCa2,
            Authority::AuthP256 => KeyName::AuthCaP256,
            Authority::AuthP384 => KeyName::AuthCaP384,
            Authority::Unlisted => KeyName::UnlistedCa,
            Authority::Sign => KeyName::SignCa,
        }
        .key()
    }

    pub(super) fn name(self) -> Name {
        let (organisation, unit) = match self {
            Authority::Auth1 | Authority::Auth2 | Authority::AuthP256 | Authority::AuthP384 => {
                ("JPKI-EMULATOR", "JPKI for user authentication")
            }
            Authority::Unlisted => ("UNLISTED-EMULATOR", "JPKI for user authentication"),
            Authority::Sign => ("JPKI-EMULATOR", "JPKI for digital signature"),
        };
        name(&[Part::Country, Part::Organisation(organisation), Part::Unit(unit), Part::Unit("NOT A REAL CARD")])
    }
}

/// First 20 bytes of the SHA-256 of a public key.
pub(super) fn key_identifier(key: &PrivateKey) -> OctetString {
    let digest = Sha256::digest(encoded(&key.public()));
    OctetString::new(digest.get(..20).unwrap_or_default()).expect("20 bytes fit")
}

/// UTCTime until 2049, which is as far as this PKI reaches.
pub(super) fn at(year: u16, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Time {
    let moment = DateTime::new(year, month, day, hour, minute, second).expect("a valid moment");
    der::asn1::UtcTime::from_date_time(moment)
        .map(Time::UtcTime)
        .unwrap_or_else(|_| Time::GeneralTime(der::asn1::GeneralizedTime::from_date_time(moment)))
}

#[cfg(test)]
mod tests {
    use der::Decode;

    use super::*;

    #[test]
    fn card_4_6_listed_roots_share_one_name_and_differ_in_key() {
        let all: Vec<Certificate> =
            Authority::LISTED.iter().map(|a| Certificate::from_der(&a.certificate_der()).unwrap()).collect();
        for pair in all.windows(2) {
            assert_eq!(pair[0].tbs_certificate.subject, pair[1].tbs_certificate.subject);
            assert_ne!(
                pair[0].tbs_certificate.subject_public_key_info,
                pair[1].tbs_certificate.subject_public_key_info
            );
        }
    }
}
