//! Sizes, times and counts of the emulated card, each with its source.

use std::time::Duration;

/// Tries of the authentication PIN, the Kenhojo PIN and the 住基 PIN (card.md 3.5).
pub(crate) const PIN_TRIES: u8 = 3;
/// Tries of the sign password (card.md 3.5).
pub(crate) const PASSWORD_TRIES: u8 = 5;
/// Tries of 照合番号B (card.md 3.5), A and the date-of-birth key (E-05).
pub(crate) const CODE_TRIES: u8 = 10;

/// Longest input of a signature with P1 = 00: 256 bytes less 11 of padding (card.md 4.3).
pub(crate) const LONGEST_PKCS1_INPUT: usize = 245;
/// DigestInfo of SHA-256 without the hash (RFC 8017).
pub(crate) const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
/// DigestInfo of SHA-384 without the hash (RFC 8017).
pub(crate) const SHA384_DIGEST_INFO: [u8; 19] =
    [0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30];
/// What Kenkaku signs names SHA-256 but carries three hashes (card.md 5.4).
pub(crate) const THREE_HASHES_DIGEST_INFO: [u8; 19] =
    [0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x60];

/// E-41, `realistic`: each command.
pub(crate) const COMMAND_TIME: Duration = Duration::from_millis(8);
/// E-41: each byte, both ways.
pub(crate) const BYTE_TIME: Duration = Duration::from_micros(40);
/// E-41: SELECT of an application.
pub(crate) const SELECT_TIME: Duration = Duration::from_millis(5);
/// E-41: VERIFY with a value.
pub(crate) const VERIFY_TIME: Duration = Duration::from_millis(40);
/// E-41: a signature.
pub(crate) const SIGNATURE_TIME: Duration = Duration::from_millis(400);

/// The fault "short answers": the longest answer data, as seen with readers of small buffers (appendix A).
pub(crate) const SHORT_ANSWER: usize = 240;
/// The fault "oversized": longer than any answer APDU (65 536 bytes and the status word).
pub(crate) const OVERSIZED_ANSWER: usize = 70_000;
/// The fault "deep TLV": bytes of nested templates, as many as an EF can hold (32 767, card.md 4.2).
pub(crate) const DEEP_TLV: usize = 32_764;
/// Bytes an EF can hold: the largest READ BINARY offset (card.md 4.2).
pub(crate) const LONGEST_EF: usize = 0x7FFF;
/// Largest side of a photo, pixels (card.md 5.3, E-10).
pub(crate) const PHOTO_SIDE: u32 = 2048;
/// First part of an institution's certificate in E-21: header and body, as seen in public frames (card.md 7.2).
pub(crate) const CVC_FIRST_PART: usize = 307;
/// Second part: the signature (card.md 7.2).
pub(crate) const CVC_SECOND_PART: usize = 261;
/// Challenge of E-22.
pub(crate) const CHALLENGE: usize = 16;
/// Length of an RSA-2048 signature.
pub(crate) const RSA_SIGNATURE: usize = 256;
/// The longest body of the vpcd framing: a 16-bit length.
pub(crate) const LONGEST_VPCD_BODY: usize = 65_535;
/// Days before today on which an emulated card was issued.
pub(crate) const ISSUED_DAYS_AGO: i64 = 400;
/// Days before today on which an emulated phone got its certificate: after the card, which must be there first.
pub(crate) const PHONE_ISSUED_DAYS_AGO: i64 = 100;
/// Days from today to the end of a foreign resident's period of stay: some months, as such cards end early.
pub(crate) const STAY_DAYS_LEFT: i64 = 200;
/// Tries of the PIN of a driver's licence on a My Number card (card.md 1.3).
pub(crate) const LICENCE_TRIES: u8 = 10;
/// How often a card looks for a pcscd that went away: a person hardly notices, and it costs nothing.
pub(crate) const VPCD_RETRY: Duration = Duration::from_millis(200);
/// Longest recording that is read: a visit is some tens of kilobytes; this is room for a hundred photos.
pub(crate) const LONGEST_RECORDING: usize = 16 << 20;
