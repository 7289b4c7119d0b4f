//! Every duration, size and count of this crate, with its reason.

use std::time::Duration;

/// Largest answer of the service that is read. The largest honest one, 12 items with staff lines, is under 8 KiB.
pub const MAX_ANSWER: usize = 64 * 1024;
/// Largest head of an answer; ours has five short header lines.
pub const MAX_HEAD: usize = 16 * 1024;
/// Largest signed result as text. Twelve items with wording ids and hashes come to about 6 KiB.
pub const MAX_RESULT: usize = 32 * 1024;
/// Most consent items a service may name (the session's own bound).
pub const MAX_ITEMS: usize = 12;
/// Most staff lines in one answer; qualification.md section 8 needs three at once.
pub const MAX_STAFF_LINES: usize = 16;
/// Longest single text from the service in characters: facility name, staff line, wording id, problem detail.
pub const MAX_TEXT: usize = 400;
/// Largest command of the PIN-less step in bytes. The largest honest one has 314 (card.md 7.5 E-21); room for a longer
/// institution certificate.
pub const MAX_COMMAND: usize = 600;
/// Largest response of the card in the PIN-less step in bytes. The honest ones have 18 or 2 (card.md 7.5 E-22); 258 is
/// the longest short response there is.
pub const MAX_RESPONSE: usize = 258;
/// Longest name of a set of face weights in a signed result; the model list's own names are under 40.
pub const MAX_WEIGHTS_NAME: usize = 64;
/// Consent to see health information holds so long (patient-flow 4.2 rule 3), ms.
pub const CONSENT_MS: u64 = 24 * 60 * 60 * 1000;
/// Most digits of the number that staff give at a visual check (the session's own bound).
pub const MAX_STAFF_NUMBER: usize = 8;
/// Longest language tag, BCP 47's own recommendation.
pub const MAX_LANGUAGE: usize = 35;
/// Longest hashed passcode. An honest one, with 16 bytes of salt and 32 of hash, has under 110 characters.
pub const MAX_PASSCODE: usize = 200;
/// Most memory that a hashed passcode of the service may ask for, KiB: 64 MiB are gone at most while staff wait. Argon2's
/// usual settings take 19 MiB.
pub const MAX_PASSCODE_MEMORY: u32 = 64 * 1024;
/// Most passes over that memory, and most lanes: with [`MAX_PASSCODE_MEMORY`] about a second on a small board.
pub const MAX_PASSCODE_PASSES: u32 = 8;
/// Clocks further apart block visits (architecture, "The clinic's side" 1).
pub const MAX_SKEW: Duration = Duration::from_secs(60);
/// Largest file of the outbox: a signed result, its frame and room for a refusal's text.
pub const MAX_FILE: usize = 64 * 1024;
/// Most results waiting at once. A busy desk makes 200 a day and a result waits 24 h at most; beyond ten such days
/// something else is wrong, and no further visit starts.
pub const MAX_PENDING: usize = 2_000;
/// Receipts kept for the desk's questions, oldest dropped first: about a week of a busy desk.
pub const MAX_RECEIPTS: usize = 1_000;
/// A result older than this goes to the desk's list (law 7).
pub const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// Old results tried at the same time. A new result does not queue behind them.
pub const PARALLEL_DELIVERIES: usize = 2;

/// How long each request may take, whole: connection, TLS, question, answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// TCP connection alone: one lost SYN and its repetition.
    pub connect: Duration,
    /// `open`: just below the session's 8 s, so that its cause is known before the deadline.
    pub open: Duration,
    /// `relay`: the service only signs; four of them must fit the session's 20 s for the whole PIN-less step.
    pub relay: Duration,
    /// `authenticate`: the ministry plans 3–7 s for the centre (qualification.md section 1); below the session's 20 s.
    pub authenticate: Duration,
    /// `register`: the centre signs the card up and looks it up; as long as `authenticate`.
    pub register: Duration,
    /// `consent`: the service only checks and stores; the patient sees 5 s of it, delivery may wait longer.
    pub submit: Duration,
    /// `cancel`: best effort, nobody waits for it.
    pub cancel: Duration,
    /// `status`: asked between visits.
    pub status: Duration,
    /// An idle connection is kept so long: from `open` to the last answer of a slow visit.
    pub idle: Duration,
}

impl Default for RequestLimits {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            connect: s(3),
            open: s(7),
            relay: s(4),
            authenticate: s(19),
            register: s(19),
            submit: s(10),
            cancel: s(3),
            status: s(3),
            idle: s(90),
        }
    }
}

/// Pauses between attempts to deliver one result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryLimits {
    /// Pause after the first failure: a second attempt still falls into the patient's 5 s.
    pub first_pause: Duration,
    /// Pauses double up to this, so that a returning link is noticed within a minute.
    pub longest_pause: Duration,
    /// Older results go to the desk's list.
    pub max_age: Duration,
}

impl Default for DeliveryLimits {
    fn default() -> Self {
        Self { first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(60), max_age: MAX_AGE }
    }
}
