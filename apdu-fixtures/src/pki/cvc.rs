//! Card-verifiable certificates of the record signers: card.md 5.4 with the key ids of E-11.

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

    const fn new(a: [u8; 7], b: [u8; 3]) -> Self {
        CvcId([a[0], a[1], a[2], a[3], a[4], a[5], a[6], 0x08, 0x05, b[0], b[1], b[2], 0, 0, 0, 0])
    }
}

/// `7F21 { 5F4E { issuer id, subject id, public key }, 5F37 signature }`, 568 bytes.
pub fn signer_certificate(issuer: CvcId, issuer_key: KeyName, subject: CvcId, subject_key: KeyName) -> Vec<u8> {
    let mut body = issuer.0.to_vec();
    body.extend(subject.0);
    body.extend(subject_key.key().record_form());
    let signature = issuer_key.key().sign_record(&body);
    let mut content = tlv(0x5F4E, &body);
    content.extend(tlv(0x5F37, &signature));
    tlv(0x7F21, &content)
}
