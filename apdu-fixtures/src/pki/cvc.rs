//! Card-verifiable certificates: of the record signers (card.md 5.4, key ids of E-11) and of institutions (E-20).

use super::keys::KeyName;
use crate::tlv::tlv;

/// A key id: 7 digits, `08 05`, 3 digits, 4 zero bytes (card.md 5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CvcId(pub [u8; 16]);

impl CvcId {
    /// The CA of Kenkaku records.
    pub const KENKAKU_CA: CvcId = CvcId::new(*b"9000023", *b"000");
    /// The signer of Kenkaku records.
    pub const KENKAKU_SIGNER: CvcId = CvcId::new(*b"9000023", *b"001");
    /// The CA of Kenhojo records.
    pub const KENHOJO_CA: CvcId = CvcId::new(*b"9000033", *b"000");
    /// The signer of Kenhojo records.
    pub const KENHOJO_SIGNER: CvcId = CvcId::new(*b"9000033", *b"001");

    /// A CA of Kenkaku records that no terminal lists.
    pub const UNLISTED_KENKAKU_CA: CvcId = CvcId::new(*b"9000923", *b"000");
    /// The CA of institutions (E-20), in every emulated card's EF 0016.
    pub const INSTITUTION_CA: CvcId = CvcId::new(*b"9000016", *b"000");
    /// The institution whose credential a test service holds (E-20).
    pub const INSTITUTION: CvcId = CvcId::new(*b"9000016", *b"001");
    /// An institution that [`CvcId::INSTITUTION_CA`] never certified.
    pub const FOREIGN_INSTITUTION: CvcId = CvcId::new(*b"9000016", *b"002");
    /// A CA of institutions that no card knows.
    pub const FOREIGN_INSTITUTION_CA: CvcId = CvcId::new(*b"9000916", *b"000");

    const fn new(a: [u8; 7], b: [u8; 3]) -> Self {
        CvcId([a[0], a[1], a[2], a[3], a[4], a[5], a[6], 0x08, 0x05, b[0], b[1], b[2], 0, 0, 0, 0])
    }
}

/// Who certified the signer of the record with the photo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordSigner {
    /// The CA whose key a test terminal lists ([`super::signer_keys`]).
    #[default]
    Listed,
    /// A CA with another id that no terminal lists.
    Unknown,
    /// The unlisted CA under the id of the listed one: a broken chain.
    Forged,
}

impl RecordSigner {
    /// EF 0004 of Kenkaku.
    pub(crate) fn certificate(self) -> Vec<u8> {
        let (ca, ca_key) = match self {
            RecordSigner::Listed => (CvcId::KENKAKU_CA, KeyName::KenkakuCa),
            RecordSigner::Unknown => (CvcId::UNLISTED_KENKAKU_CA, KeyName::KenkakuCaUnlisted),
            RecordSigner::Forged => (CvcId::KENKAKU_CA, KeyName::KenkakuCaUnlisted),
        };
        cvc(ca, ca_key, CvcId::KENKAKU_SIGNER, KeyName::KenkakuSigner)
    }
}

/// `7F21 { 5F4E { issuer id, subject id, public key }, 5F37 signature }`, 568 bytes.
pub fn cvc(issuer: CvcId, issuer_key: KeyName, subject: CvcId, subject_key: KeyName) -> Vec<u8> {
    let mut body = issuer.0.to_vec();
    body.extend(subject.0);
    body.extend(subject_key.key().record_form());
    let signature = issuer_key.key().sign_record(&body);
    let mut content = tlv(0x5F4E, &body);
    content.extend(tlv(0x5F37, &signature));
    tlv(0x7F21, &content)
}
