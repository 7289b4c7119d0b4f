//! What the card signs. The terminal builds it, so that no service can have a foreign challenge signed.

use crate::protocol::Method;

/// First field: names this protocol, so that the signature is worth nothing anywhere else.
pub const CONTEXT: &str = "reader-daemon/1";

/// The message whose SHA-256 the card signs (architecture, "The clinic's side" 3).
///
/// Fields in order: context, terminal id, session id, nonce, method, SHA-256 of the user certificate. The
/// architecture's ‖ is made injective: each field is preceded by its length as a u16, big-endian, so that no two field
/// lists give the same bytes.
///
/// A terminal id beyond 65 535 bytes cannot be written so; it is refused where the bundle is read, and the field is cut
/// here, which no service accepts.
#[must_use]
pub fn statement(
    terminal_id: &str,
    session_id: &str,
    nonce: &[u8; 32],
    method: Method,
    certificate_sha256: &[u8; 32],
) -> Vec<u8> {
    let fields: [&[u8]; 6] = [
        CONTEXT.as_bytes(),
        terminal_id.as_bytes(),
        session_id.as_bytes(),
        nonce,
        method.name().as_bytes(),
        certificate_sha256,
    ];
    let mut message = Vec::with_capacity(fields.iter().map(|field| field.len() + 2).sum());
    for field in fields {
        let length = u16::try_from(field.len()).unwrap_or(u16::MAX);
        message.extend_from_slice(&length.to_be_bytes());
        message.extend(field.iter().take(usize::from(length)));
    }
    message
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_statement_is_these_bytes() {
        let message = statement("t1", "s", &[0xaa; 32], Method::Pin, &[0xbb; 32]);
        let mut expected = b"\x00\x0freader-daemon/1\x00\x02t1\x00\x01s\x00\x20".to_vec();
        expected.extend([0xaa; 32]);
        expected.extend(b"\x00\x03pin\x00\x20");
        expected.extend([0xbb; 32]);
        assert_eq!(message, expected);
    }

    proptest! {
        #[test]
        fn moving_a_character_between_fields_changes_the_statement(a in "[a-z]{1,8}", b in "[a-z]{1,8}", c in "[a-z]{1,8}") {
            let one = statement(&format!("{a}{b}"), &c, &[1; 32], Method::Pin, &[2; 32]);
            let two = statement(&a, &format!("{b}{c}"), &[1; 32], Method::Pin, &[2; 32]);
            prop_assert_ne!(one, two);
        }

        #[test]
        fn every_field_matters(nonce: [u8; 32], hash: [u8; 32]) {
            let base = statement("t", "s", &nonce, Method::Pin, &hash);
            prop_assert_ne!(&base, &statement("t", "s", &nonce, Method::Face, &hash));
            let mut other = nonce;
            other[0] ^= 1;
            prop_assert_ne!(&base, &statement("t", "s", &other, Method::Pin, &hash));
            let mut other = hash;
            other[31] ^= 1;
            prop_assert_ne!(&base, &statement("t", "s", &nonce, Method::Pin, &other));
        }
    }
}
