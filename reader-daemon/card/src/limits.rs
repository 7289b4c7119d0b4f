//! Every limit of this crate, with its reason.

use std::time::Duration;

/// Longest certificate that is read or parsed, bytes. The longest known one has 1758 (card.md 3.1); a P-384 or RSA-4096
/// one stays below 3000.
pub const MAX_CERTIFICATE: usize = 8 * 1024;
/// Smallest RSA modulus that is trusted, bits (card.md 4.4).
pub const MIN_RSA_BITS: usize = 2048;
/// Largest RSA modulus that is used, bits: bounds the work a hostile certificate can cause.
pub const MAX_RSA_BITS: usize = 4096;
/// Largest RSA public exponent, bits. Everybody uses 65537; a long exponent only costs time.
pub const MAX_RSA_EXPONENT_BITS: usize = 32;
/// Most trust anchors. Six production roots are known (card.md 4.6).
pub const MAX_ANCHORS: usize = 64;
/// Longest anchor file, bytes.
pub const MAX_ANCHOR_FILE: u64 = 256 * 1024;

/// Longest TLV file, bytes. The card face has 3070 (card.md 3.2); a photo in colour may be longer.
pub const MAX_TLV: usize = 32 * 1024;
/// Deepest TLV nesting. The deepest known object is a certificate inside 7F21, 3 levels (card.md 5.4); `iso7816-tlv`
/// recurses, so this also bounds its stack.
pub const MAX_TLV_DEPTH: usize = 4;
/// Most objects in one TLV file: `iso7816-tlv` takes quadratic time in siblings. The card face has 12.
pub const MAX_TLV_OBJECTS: usize = 256;

/// Data bytes of a short answer (ISO 7816-4).
pub const SHORT_LE: usize = 256;
/// Data bytes of a short command (ISO 7816-4).
pub const SHORT_LC: usize = 255;
/// Data bytes of an extended command or answer (ISO 7816-4).
pub const EXTENDED: usize = 65_536;
/// Longest data gathered over one 61xx chain, bytes: nothing that is read here is longer than a TLV file.
pub const MAX_GATHERED: usize = MAX_TLV;
/// Most automatic exchanges for one command: 32 KiB in 240-byte pieces are 137; a card that keeps saying 61xx is hostile.
pub const MAX_AUTOMATIC_EXCHANGES: usize = 160;
/// Most READ BINARY commands for one file: 32 KiB in 240-byte answers are 137.
pub const MAX_CHUNKS: usize = 160;
/// Largest READ BINARY offset (card.md 4.2).
pub const MAX_OFFSET: usize = 0x7FFF;

/// Longest face of a card, bytes: the largest EF (card.md 4.2, 5.3); the one of the test card has 3070.
pub const MAX_CARD_FACE: usize = 0x7FFF;
/// Longest card-verifiable certificate, bytes. The known ones have 568 (card.md 3.2); RSA-4096 stays below 1200.
pub const MAX_CARD_CERTIFICATE: usize = 2048;
/// With so many tries of the surface code left or fewer, nothing is sent (card.md 3.5).
pub const SURFACE_CODE_STOP: u8 = 3;
/// Expiry years a surface code can hold: the first My Number cards were issued in 2016.
pub const FIRST_EXPIRY_YEAR: u16 = 2016;
/// See [`FIRST_EXPIRY_YEAR`]; beyond it a digit was misread.
pub const LAST_EXPIRY_YEAR: u16 = 2099;
/// Years a card is valid at most (card.md 4.7).
pub const CARD_YEARS: u16 = 10;
/// Age of the oldest holder, years: nobody has reached it.
pub const OLDEST_HOLDER: u16 = 130;
/// Most keys of data signers' CAs. Three are known: production, test, and a successor while both are in use.
pub const MAX_SIGNERS: usize = 16;
/// Longest key file, bytes. An RSA-4096 key takes 1100; the rest is room for comments.
pub const MAX_SIGNER_FILE: u64 = 8 * 1024;
/// Token info, bytes (card.md 4.1).
pub const TOKEN_INFO: usize = 160;

/// First bytes of EF 000A compared before VERIFY: version and serial number (at most 21 bytes) lie within them.
pub const IDENTITY_PROBE: usize = 64;

/// One call into PC/SC returns within this time or the reader counts as wedged (law 11). The slowest answer known is
/// pcscd's own NotTransacted after 3 s (lab finding 9); a signature takes below 1 s.
pub const CALL_WATCHDOG: Duration = Duration::from_secs(5);
/// Connecting: power-up of a silent chip may be tried by pcscd with both protocols, then comes the cold reset.
pub const CONNECT_WATCHDOG: Duration = Duration::from_secs(8);
/// `wait` looks again at least this often, so that a reader list that changed without notice is found.
pub const WAIT_SLICE: Duration = Duration::from_secs(5);
/// Pause before PC/SC is asked again after it was away: pcscd needs about 1 s to restart (lab section 1).
pub const SERVICE_PAUSE: Duration = Duration::from_millis(250);
/// Most readers that are watched: pcscd's own limit is 16 (lab section 1).
pub const MAX_READERS: usize = 16;
/// Longest answer buffer handed to PC/SC: extended data and status word.
pub const RECEIVE_BUFFER: usize = EXTENDED + 2;
