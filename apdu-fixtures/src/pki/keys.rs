//! The made-up private keys under `pki/keys`, published on purpose: nothing real chains to them.

use std::sync::LazyLock;

use der::EncodePem;
use der::asn1::BitString;
use p256::pkcs8::DecodePrivateKey;
use rand_core::CryptoRngCore;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::traits::PublicKeyParts;
use rsa::{Pss, RsaPrivateKey};
use sha2::{Digest, Sha256};
use signature::Signer;
use spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey, SubjectPublicKeyInfoOwned};

/// A private key of the made-up PKI.
#[derive(Clone)]
pub enum PrivateKey {
    /// RSA, 2048 bit, e = 65537: today's cards.
    Rsa(Box<RsaPrivateKey>),
    /// NIST P-256.
    P256(p256::ecdsa::SigningKey),
    /// NIST P-384: the next generation of cards.
    P384(p384::ecdsa::SigningKey),
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PrivateKey::Rsa(_) => "PrivateKey::Rsa",
            PrivateKey::P256(_) => "PrivateKey::P256",
            PrivateKey::P384(_) => "PrivateKey::P384",
        })
    }
}

impl PrivateKey {
    /// The public half as SubjectPublicKeyInfo.
    pub fn public(&self) -> SubjectPublicKeyInfoOwned {
        let document = match self {
            PrivateKey::Rsa(key) => key.to_public_key().to_public_key_der(),
            PrivateKey::P256(key) => key.verifying_key().to_public_key_der(),
            PrivateKey::P384(key) => key.verifying_key().to_public_key_der(),
        };
        let document = document.expect("a generated key encodes");
        SubjectPublicKeyInfoOwned::try_from(document.as_bytes()).expect("what was just encoded decodes")
    }

    /// Signs the bytes of a certificate: the algorithm and the signature.
    pub(crate) fn sign_certificate(&self, tbs: &[u8]) -> (AlgorithmIdentifierOwned, BitString) {
        let (algorithm, signature) = match self {
            PrivateKey::Rsa(key) => {
                let key = rsa::pkcs1v15::SigningKey::<Sha256>::new((**key).clone());
                (key.signature_algorithm_identifier(), Box::<[u8]>::from(key.sign(tbs)).into_vec())
            }
            PrivateKey::P256(key) => {
                let signature: p256::ecdsa::DerSignature = key.sign(tbs);
                (key.signature_algorithm_identifier(), signature.as_bytes().to_vec())
            }
            PrivateKey::P384(key) => {
                let signature: p384::ecdsa::DerSignature = key.sign(tbs);
                (key.signature_algorithm_identifier(), signature.as_bytes().to_vec())
            }
        };
        (algorithm.expect("the algorithm is known"), BitString::from_bytes(&signature).expect("a signature is short"))
    }

    /// PKCS#1 v1.5 with SHA-256 over `message`. Only for the RSA keys that sign records.
    pub(crate) fn sign_record(&self, message: &[u8]) -> Vec<u8> {
        self.rsa().sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)).expect("2048 bit hold a SHA-256")
    }

    /// Whether the public half of this key made [`PrivateKey::sign_record`]'s kind of signature over `message`.
    pub(crate) fn checks_record(&self, message: &[u8], signature: &[u8]) -> bool {
        let padding = Pkcs1v15Sign::new::<Sha256>();
        self.rsa().to_public_key().verify(padding, &Sha256::digest(message), signature).is_ok()
    }

    /// PKCS#1 v1.5 type 1 padding around `input` as it is (card.md 4.3 P1 = 00, 5.4). `None` if it is too long.
    pub(crate) fn sign_unprefixed(&self, input: &[u8]) -> Option<Vec<u8>> {
        self.rsa().sign(Pkcs1v15Sign::new_unprefixed(), input).ok()
    }

    /// PSS with a random salt of 32 bytes over a SHA-256.
    pub(crate) fn sign_pss(&self, random: &mut impl CryptoRngCore, hash: &[u8]) -> Option<Vec<u8>> {
        self.rsa().sign_with_rng(random, Pss::new::<Sha256>(), hash).ok()
    }

    /// `90 03 <e> 91 82 0100 <n>`: the form of a public key in the records (card.md 5.2).
    pub(crate) fn record_form(&self) -> Vec<u8> {
        let (modulus, exponent) = self.rsa_parts();
        let mut out = crate::tlv::tlv(0x90, &exponent);
        out.extend(crate::tlv::tlv(0x91, &modulus));
        out
    }

    /// Modulus, 256 bytes, and exponent, 3 bytes.
    pub(crate) fn rsa_parts(&self) -> (Vec<u8>, Vec<u8>) {
        let key = self.rsa();
        (key.n().to_bytes_be_padded(256), key.e().to_bytes_be_padded(3))
    }

    fn rsa(&self) -> &RsaPrivateKey {
        match self {
            PrivateKey::Rsa(key) => key,
            PrivateKey::P256(_) | PrivateKey::P384(_) => unreachable!("records are signed with RSA keys"),
        }
    }
}

/// Big-endian bytes of a fixed length.
trait Padded {
    fn to_bytes_be_padded(&self, length: usize) -> Vec<u8>;
}

impl Padded for rsa::BigUint {
    fn to_bytes_be_padded(&self, length: usize) -> Vec<u8> {
        let bytes = self.to_bytes_be();
        let mut out = vec![0; length.saturating_sub(bytes.len())];
        out.extend(bytes);
        out
    }
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $kind:ident $file:literal;)*) => {
        /// The keys of the made-up PKI by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum KeyName { $($(#[$doc])* $name),* }

        impl KeyName {
            /// All of them, with the file under `pki/keys`.
            pub const ALL: &'static [(KeyName, &'static str)] = &[$((KeyName::$name, $file)),*];

            /// The key.
            pub fn key(self) -> &'static PrivateKey {
                match self { $(KeyName::$name => {
                    static KEY: LazyLock<PrivateKey> =
                        LazyLock::new(|| $kind(include_str!(concat!("../../pki/keys/", $file))));
                    &KEY
                })* }
            }
        }
    };
}

keys! {
    /// First CA for user authentication.
    AuthCa1 = rsa "auth-ca-1.pem";
    /// Second CA with the same distinguished name (card.md 4.6): signs today's certificates.
    AuthCa2 = rsa "auth-ca-2.pem";
    /// CA with a P-256 key, same name.
    AuthCaP256 = p256 "auth-ca-p256.pem";
    /// CA with a P-384 key, same name.
    AuthCaP384 = p384 "auth-ca-p384.pem";
    /// A CA that no terminal lists.
    UnlistedCa = rsa "unlisted-ca.pem";
    /// CA for signature certificates.
    SignCa = rsa "sign-ca.pem";
    /// Authentication key shared by every fourth person.
    User1 = rsa "user-1.pem";
    /// Authentication key shared by every fourth person.
    User2 = rsa "user-2.pem";
    /// Authentication key shared by every fourth person.
    User3 = rsa "user-3.pem";
    /// Authentication key shared by every fourth person.
    User4 = rsa "user-4.pem";
    /// Authentication key on P-256.
    UserP256 = p256 "user-p256.pem";
    /// Authentication key on P-384.
    UserP384 = p384 "user-p384.pem";
    /// Key of the signature certificate.
    SignUser = rsa "sign-user.pem";
    /// The chip's own key in Kenkaku (`DF24`).
    KenkakuCard = rsa "kenkaku-card.pem";
    /// Certifies the signer of Kenkaku records (E-11, id 9000023).
    KenkakuCa = rsa "kenkaku-ca.pem";
    /// Signs Kenkaku records.
    KenkakuSigner = rsa "kenkaku-signer.pem";
    /// The chip's own key in Kenhojo (`DF51`, EF 0013).
    KenhojoCard = rsa "kenhojo-card.pem";
    /// The chip's own key of another card: what `cloned` answers with, and the second chip of `two-cards-in-one`.
    KenkakuCard2 = rsa "kenkaku-card-2.pem";
    /// Certifies signers of Kenkaku records, but no terminal lists it (id 9000923).
    KenkakuCaUnlisted = rsa "kenkaku-ca-unlisted.pem";
    /// Certifies institutions (E-20, id 9000016).
    InstitutionCa = rsa "institution-ca.pem";
    /// The institution of a test service.
    Institution = rsa "institution.pem";
    /// Certifies institutions that no card knows (id 9000916).
    ForeignInstitutionCa = rsa "foreign-institution-ca.pem";
    /// An institution that no card lets in.
    ForeignInstitution = rsa "foreign-institution.pem";
    /// Key for the delivery of session keys (Kenhojo EF 0006).
    KenhojoSession = rsa "kenhojo-session.pem";
    /// Certifies the signer of Kenhojo records (E-11, id 9000033).
    KenhojoCa = rsa "kenhojo-ca.pem";
    /// Signs Kenhojo records.
    KenhojoSigner = rsa "kenhojo-signer.pem";
}

impl KeyName {
    /// The kind of key by its name, for the program that makes them.
    pub fn is_elliptic(self) -> Option<u16> {
        match self {
            KeyName::AuthCaP256 | KeyName::UserP256 => Some(256),
            KeyName::AuthCaP384 | KeyName::UserP384 => Some(384),
            KeyName::AuthCa1
            | KeyName::AuthCa2
            | KeyName::UnlistedCa
            | KeyName::SignCa
            | KeyName::User1
            | KeyName::User2
            | KeyName::User3
            | KeyName::User4
            | KeyName::SignUser
            | KeyName::KenkakuCard
            | KeyName::KenkakuCard2
            | KeyName::KenkakuCa
            | KeyName::KenkakuCaUnlisted
            | KeyName::InstitutionCa
            | KeyName::Institution
            | KeyName::ForeignInstitutionCa
            | KeyName::ForeignInstitution
            | KeyName::KenkakuSigner
            | KeyName::KenhojoCard
            | KeyName::KenhojoSession
            | KeyName::KenhojoCa
            | KeyName::KenhojoSigner => None,
        }
    }
}

fn rsa(pem: &str) -> PrivateKey {
    PrivateKey::Rsa(Box::new(RsaPrivateKey::from_pkcs8_pem(pem).expect("pki/keys holds RSA keys")))
}

fn p256(pem: &str) -> PrivateKey {
    PrivateKey::P256(p256::ecdsa::SigningKey::from_pkcs8_pem(pem).expect("pki/keys holds P-256 keys"))
}

fn p384(pem: &str) -> PrivateKey {
    PrivateKey::P384(p384::ecdsa::SigningKey::from_pkcs8_pem(pem).expect("pki/keys holds P-384 keys"))
}

/// A certificate as PEM with the sentence that nobody may overlook in front.
pub fn certificate_pem(certificate: &x509_cert::Certificate) -> String {
    let pem = certificate.to_pem(der::pem::LineEnding::LF).expect("a built certificate encodes");
    format!("{}\n{pem}", super::NOT_REAL)
}
