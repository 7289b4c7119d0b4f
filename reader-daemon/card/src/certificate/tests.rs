use std::{str::FromStr, time::Duration};

use der::Encode;
use p256::ecdsa::{DerSignature, SigningKey, signature::Signer};
use proptest::prelude::*;
use rand_core::OsRng;
use spki::{EncodePublicKey, SubjectPublicKeyInfoOwned};
use x509_cert::{
    builder::{Builder, CertificateBuilder, Profile},
    ext::{AsExtension, Extension},
    name::Name,
    serial_number::SerialNumber,
    time::{Time, Validity},
};

use super::*;

const ROOT: &str = "CN=NOT A REAL CARD,O=TEST";
const EMULATOR_ROOT: &str = "CN=NOT A REAL CARD,O=JPKI-EMULATOR";
const USER: &str = "CN=unit test,C=JP";

/// An authority under an invented name; all of them may share it, as JPKI's roots do.
pub(crate) struct Authority {
    key: SigningKey,
    name: Name,
    der: Vec<u8>,
}

impl Authority {
    pub(crate) fn root() -> Self {
        Self::named(ROOT)
    }

    /// One of emulated cards (card.md E-09).
    pub(crate) fn emulator() -> Self {
        Self::named(EMULATOR_ROOT)
    }

    fn named(name: &str) -> Self {
        let (key, name) = (SigningKey::random(&mut OsRng), Name::from_str(name).expect("a name"));
        let der = build(&key, Profile::Root, 1, &name, &spki(key.verifying_key()), None);
        Self { key, name, der }
    }

    pub(crate) fn below(&self, name: &str, path_len_constraint: Option<u8>) -> Self {
        let (key, name) = (SigningKey::random(&mut OsRng), Name::from_str(name).expect("a name"));
        let profile = Profile::SubCA { issuer: self.name.clone(), path_len_constraint };
        let der = build(&self.key, profile, 2, &name, &spki(key.verifying_key()), None);
        Self { key, name, der }
    }

    pub(crate) fn user(&self, serial: u32, key: &SubjectPublicKeyInfoOwned) -> Certificate {
        self.user_with(serial, key, None)
    }

    fn user_with(&self, serial: u32, key: &SubjectPublicKeyInfoOwned, extension: Option<TestExtension>) -> Certificate {
        let profile =
            Profile::Leaf { issuer: self.name.clone(), enable_key_agreement: false, enable_key_encipherment: false };
        let user = Name::from_str(USER).expect("a name");
        Certificate::from_der(&build(&self.key, profile, serial, &user, key, extension)).expect("a certificate")
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn certificate(&self) -> Certificate {
        Certificate::from_der(&self.der).expect("a certificate")
    }
}

pub(crate) fn spki(key: &(impl EncodePublicKey + Clone)) -> SubjectPublicKeyInfoOwned {
    SubjectPublicKeyInfoOwned::from_key(key.clone()).expect("a key")
}

/// Any content under any identifier.
struct TestExtension(bool);

impl const_oid::AssociatedOid for TestExtension {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.4");
}

impl Encode for TestExtension {
    fn encoded_len(&self) -> der::Result<der::Length> {
        der::asn1::Null.encoded_len()
    }

    fn encode(&self, writer: &mut impl der::Writer) -> der::Result<()> {
        der::asn1::Null.encode(writer)
    }
}

impl AsExtension for TestExtension {
    fn critical(&self, _: &Name, _: &[Extension]) -> bool {
        self.0
    }
}

fn build(
    signer: &SigningKey,
    profile: Profile,
    serial: u32,
    subject: &Name,
    key: &SubjectPublicKeyInfoOwned,
    extension: Option<TestExtension>,
) -> Vec<u8> {
    let at = |seconds| {
        Time::UtcTime(der::asn1::UtcTime::from_unix_duration(Duration::from_secs(seconds)).expect("before 2050"))
    };
    let validity = Validity { not_before: at(1_700_000_000), not_after: at(1_860_000_000) };
    let serial = SerialNumber::from(serial);
    let mut builder = CertificateBuilder::new(profile, serial, validity, subject.clone(), key.clone(), signer)
        .expect("a certificate to build");
    if let Some(extension) = extension {
        builder.add_extension(&extension).expect("an extension");
    }
    builder.build::<DerSignature>().expect("a signed certificate").to_der().expect("encodable")
}

fn user_key() -> SubjectPublicKeyInfoOwned {
    spki(SigningKey::random(&mut OsRng).verifying_key())
}

fn anchors(authorities: &[&Authority]) -> TrustAnchors {
    let ders: Vec<&[u8]> = authorities.iter().map(|authority| authority.der()).collect();
    TrustAnchors::from_ders(&ders).expect("anchors")
}

#[test]
fn what_a_certificate_says_is_read() {
    let root = Authority::root();
    let user = root.user(0x00A1_B2C3, &user_key());
    assert_eq!(
        (user.serial(), user.serial_u64(), user.serial_hex().as_str()),
        (&[0xA1, 0xB2, 0xC3][..], Some(0xA1_B2C3), "A1B2C3")
    );
    assert_eq!((user.subject(), user.issuer()), (USER, ROOT));
    assert_eq!((user.not_before_unix(), user.not_after_unix()), (1_700_000_000, 1_860_000_000));
    assert!(user.key_usage_digital_signature() && !user.is_ca());
    assert!(root.certificate().is_ca() && !root.certificate().key_usage_digital_signature());
    assert_eq!(user.public_key().algorithm(), KeyAlgorithm::P256);
    assert_eq!(user.sha256(), <[u8; 32]>::from(Sha256::digest(user.der())));
    assert_eq!(format!("{user:?}"), "Certificate { .. }");
}

#[test]
fn card_md_4_6_roots_with_one_name_are_told_apart_by_their_key() {
    let (old, new, strange) = (Authority::root(), Authority::root(), Authority::root());
    let user = new.user(1001, &user_key());
    let trusted = anchors(&[&old, &new]);
    assert_eq!(trusted.check(&user, &new.certificate()), Ok(()));
    assert_eq!(trusted.check(&user, &old.certificate()), Err(ChainError::Signature));
    assert_eq!(trusted.issuer_of(&user), Some(&new.certificate()));
    let foreign = strange.user(1001, &user_key());
    assert_eq!(trusted.check(&foreign, &strange.certificate()), Err(ChainError::UnknownAnchor));
    assert_eq!(trusted.issuer_of(&foreign), None);
}

#[test]
fn an_authority_below_an_anchor_is_trusted_unless_the_anchor_forbids_it() {
    let root = Authority::root();
    let ca = root.below("CN=CA", None);
    assert_eq!(anchors(&[&root]).check(&ca.user(7, &user_key()), &ca.certificate()), Ok(()));
    let narrow = root.below("CN=CA", Some(0));
    let deeper = narrow.below("CN=deeper", None);
    assert_eq!(anchors(&[&narrow]).check(&deeper.user(7, &user_key()), &deeper.certificate()), Err(ChainError::NotACa));
    assert_eq!(anchors(&[&narrow]).check(&narrow.user(7, &user_key()), &narrow.certificate()), Ok(()));
}

#[test]
fn every_break_of_the_chain_has_its_own_name() {
    let root = Authority::root();
    let other = root.below("CN=another name", None);
    let user = root.user(7, &user_key());
    let trusted = anchors(&[&root]);
    assert_eq!(trusted.check(&user, &other.certificate()), Err(ChainError::IssuerMismatch));
    // A user certificate that poses as an authority with the right name.
    let posing = Authority {
        key: SigningKey::random(&mut OsRng),
        name: Name::from_str(USER).expect("a name"),
        der: user.der().to_vec(),
    };
    assert_eq!(trusted.check(&posing.user(8, &user_key()), &user), Err(ChainError::NotACa));
    assert_eq!(trusted.check(&root.certificate(), &root.certificate()), Err(ChainError::NotAUserCertificate));
    let odd = root.user_with(7, &user_key(), Some(TestExtension(true)));
    assert_eq!(trusted.check(&odd, &root.certificate()), Err(ChainError::CriticalExtension));
    let harmless = root.user_with(7, &user_key(), Some(TestExtension(false)));
    assert_eq!(trusted.check(&harmless, &root.certificate()), Ok(()));
}

#[test]
fn card_md_e_09_anchors_of_emulated_cards_are_never_configured_beside_others() {
    let (real, emulator, another) = (Authority::root(), Authority::emulator(), Authority::emulator());
    assert!(!anchors(&[&real]).emulated());
    assert!(anchors(&[&emulator, &another]).emulated());
    for mixed in [[&real, &emulator], [&emulator, &real]] {
        let mixed = TrustAnchors::from_ders(&mixed.map(Authority::der));
        assert!(matches!(mixed, Err(AnchorError::Mixed)));
    }
    for near in ["O=JPKI-EMULATOR2", "CN=JPKI-EMULATOR", "O=JPKI,OU=JPKI-EMULATOR", "O=JPKI,O=JPKI-EMULATOR", "C=JP"] {
        assert!(!anchors(&[&Authority::named(near)]).emulated(), "{near}");
    }
}

#[test]
fn anchors_are_read_from_a_directory_and_a_bad_file_refuses_all() {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, content: &[u8]| std::fs::write(directory.path().join(name), content).expect("written");
    assert!(matches!(TrustAnchors::from_directory(directory.path()), Err(AnchorError::None)));
    let roots = [Authority::root(), Authority::root(), Authority::root()];
    write("one.der", roots[0].der());
    let pem =
        |root: &Authority| der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, root.der()).expect("pem");
    write("two.pem", format!("# a comment\n{}\n{}", pem(&roots[1]), pem(&roots[2])).as_bytes());
    write("README", b"not looked at");
    let trusted = TrustAnchors::from_directory(directory.path()).expect("three anchors");
    assert_eq!(trusted.len(), 3);
    for root in &roots {
        assert_eq!(trusted.check(&root.user(1, &user_key()), &root.certificate()), Ok(()));
    }
    write("user.crt", roots[0].user(1, &user_key()).der());
    assert!(matches!(TrustAnchors::from_directory(directory.path()), Err(AnchorError::NotACa { .. })));
    write("user.crt", b"junk");
    assert!(matches!(TrustAnchors::from_directory(directory.path()), Err(AnchorError::NotACertificate { .. })));
    let missing = directory.path().join("missing");
    assert!(matches!(TrustAnchors::from_directory(&missing), Err(AnchorError::Unreadable { .. })));
}

#[test]
fn rsa_keys_of_2048_bits_and_more_are_used_and_smaller_ones_are_not() {
    let key = rsa::RsaPrivateKey::new(&mut OsRng, 2048).expect("a key");
    let public = PublicKey::from_spki(&spki(key.as_ref())).expect("supported");
    let signature: Box<[u8]> = rsa::pkcs1v15::SigningKey::<Sha256>::new(key).sign(b"statement").into();
    assert_eq!(public.verify(b"statement", &signature), Ok(()));
    assert_eq!(public.verify(b"another", &signature), Err(SignatureError));
    assert_eq!(public.verify(b"statement", &signature[1..]), Err(SignatureError));
    assert_eq!(public.hash(b"statement").len(), 32);
    let small = rsa::RsaPrivateKey::new(&mut OsRng, 1024).expect("a key");
    assert!(PublicKey::from_spki(&spki(small.as_ref())).is_err());
}

#[test]
fn ecdsa_signatures_are_read_as_der_and_raw() {
    let key = SigningKey::random(&mut OsRng);
    let public = PublicKey::from_spki(&spki(key.verifying_key())).expect("supported");
    let signature: p256::ecdsa::Signature = key.sign(b"statement");
    assert_eq!(public.verify(b"statement", &signature.to_bytes()), Ok(()));
    assert_eq!(public.verify(b"statement", signature.to_der().as_bytes()), Ok(()));
    assert_eq!(public.verify(b"another", &signature.to_bytes()), Err(SignatureError));

    let key = p384::ecdsa::SigningKey::random(&mut OsRng);
    let public = PublicKey::from_spki(&spki(key.verifying_key())).expect("supported");
    let signature: p384::ecdsa::Signature = key.sign(b"statement");
    assert_eq!(public.verify(b"statement", &signature.to_bytes()), Ok(()));
    assert_eq!(public.verify(b"statement", signature.to_der().as_bytes()), Ok(()));
    assert_eq!((public.algorithm(), public.hash(b"statement").len()), (KeyAlgorithm::P384, 48));
    for junk in [&[][..], &[0; 96], &[0xFF; 104]] {
        assert_eq!(public.verify(b"statement", junk), Err(SignatureError));
    }
}

#[test]
fn oversized_truncated_and_extended_bytes_are_no_certificate() {
    let der = Authority::root().user(1, &user_key()).der().to_vec();
    assert_eq!(Certificate::from_der(&vec![0x30; limits::MAX_CERTIFICATE + 1]).err(), Some(CertificateError::TooLong));
    assert_eq!(Certificate::from_der(&[&der[..], &[0]].concat()).err(), Some(CertificateError::Malformed));
    for end in 0..der.len() {
        assert_eq!(Certificate::from_der(&der[..end]).err(), Some(CertificateError::Malformed), "{end}");
    }
}

#[test]
fn serial_numbers_lose_leading_zeros_and_may_not_be_negative() {
    assert_eq!(serial(&[0x00, 0xA1]), Ok(vec![0xA1]));
    assert_eq!(serial(&[0x00]), Ok(vec![0x00]));
    assert_eq!(serial(&[0x80]), Err(CertificateError::Serial));
    assert_eq!(serial(&[]), Err(CertificateError::Serial));
}

proptest! {
    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(Certificate::from_der(&bytes).is_err());
    }

    #[test]
    fn a_changed_byte_is_an_error_or_breaks_the_signature(place in any::<prop::sample::Index>(), change in 1_u8..) {
        thread_local! {
            static CHAIN: (TrustAnchors, Certificate, Certificate) = {
                let root = Authority::root();
                (anchors(&[&root]), root.user(1001, &user_key()), root.certificate())
            };
        }
        CHAIN.with(|(trusted, user, ca)| {
            let mut der = user.der().to_vec();
            let place = place.index(der.len());
            der[place] ^= change;
            if let Ok(changed) = Certificate::from_der(&der) {
                assert!(trusted.check(&changed, ca).is_err(), "byte {place} changed by {change:02X}");
            }
        });
    }
}
