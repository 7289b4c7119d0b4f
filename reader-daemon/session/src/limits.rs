//! Every duration and limit of a visit, with its reason. Unit in the type; changed here or in configuration only.

use std::time::Duration;

/// Durations of the session. All are our own convention (patient-flow section 2) unless a line says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Inactivity before the countdown on a screen that asks something (patient-flow section 2, "T").
    pub inactivity: Duration,
    /// The countdown itself, shown second by second.
    pub countdown: Duration,
    /// A card is read within this time or counts as unreadable. Longest E-41 reading is 0.6 s; slow readers take 3 s.
    pub card_read: Duration,
    /// VERIFY and signature: the watchdog of the driver is 5 s a call, four calls.
    pub verify: Duration,
    /// The service opens a session within this time, or the visit ends before the first PIN key.
    pub open: Duration,
    /// Lookup: after this a line says that it takes longer (S5, soft).
    pub lookup_soft: Duration,
    /// Lookup: after this it counts as unreachable (S5, hard; E7).
    pub lookup_hard: Duration,
    /// Certificate notice goes on by itself so long after it is on the glass (patient-flow section 8).
    pub notice: Duration,
    /// Without receipt after this the desk variant is shown (law 7).
    pub receipt: Duration,
    /// The final screen stays so long when the card is already out.
    pub farewell: Duration,
    /// First cue that the card is still there (S13).
    pub card_left: Duration,
    /// The sound grows louder (S13).
    pub card_left_louder: Duration,
    /// Staff are told (S13).
    pub card_left_staff: Duration,
    /// A fault screen without a card goes back to start.
    pub fault: Duration,
    /// Something lies on the reader and no chip answers (patient-flow section 3: within 2 s).
    pub mute: Duration,
    /// Reading, authenticating and decoding the photo, scanning the surface included. A 16 kB photo on a slow card takes 3 s.
    pub photo: Duration,
    /// One try at the camera, counted from the photo being ready (patient-flow S3).
    pub face_try: Duration,
    /// A phone is listened for so long (patient-flow section 11); an Android phone's PIN waits no longer (law 1).
    pub phone: Duration,
    /// One tap: cold connect, VERIFY, certificate and signature; the watchdog of the driver is 5 s a call.
    pub phone_tap: Duration,
    /// Staff have so long to come before the patient is asked to speak to the desk.
    pub staff_comes: Duration,
    /// Photo and live picture stand side by side no longer than this.
    pub comparing: Duration,
    /// A voice that does not report its end counts as done after this.
    pub speech: Duration,
    /// The PIN-less step: four commands through the service, one signature.
    pub pin_less: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            inactivity: s(60),
            countdown: s(10),
            card_read: s(10),
            verify: s(20),
            open: s(8),
            lookup_soft: s(10),
            lookup_hard: s(20),
            notice: s(8),
            receipt: s(5),
            farewell: s(6),
            card_left: s(10),
            card_left_louder: s(20),
            card_left_staff: s(60),
            fault: s(20),
            mute: s(2),
            photo: s(15),
            face_try: s(20),
            phone: s(30),
            phone_tap: s(20),
            staff_comes: s(180),
            comparing: s(120),
            speech: s(60),
            pin_less: s(20),
        }
    }
}

/// Digits of the PIN (card.md 3.1, EF 0018).
pub const PIN_DIGITS: u8 = 4;
/// Digits of the birth date behind an era name: YYMMDD (card.md 5.1).
pub const BIRTH_DATE_DIGITS: usize = 6;
/// Digits of a birth date printed western: YYYYMMDD (card.md 5.1).
pub const WESTERN_BIRTH_DATE_DIGITS: usize = 8;
/// Digits of the year the card is valid to (card.md 5.1).
pub const EXPIRY_YEAR_DIGITS: usize = 4;
/// Digits of the security code under the photo (card.md 5.1).
pub const SECURITY_CODE_DIGITS: usize = 4;
/// Below this many tries the number left is shown (patient-flow section 6).
pub const SHOW_TRIES_BELOW: u8 = 3;
/// Silent repetitions of a card reading (S1).
pub const CARD_READ_REPEATS: u8 = 1;
/// Staff were called and nobody came: after this they can be called again.
pub const CALL_AGAIN: Duration = Duration::from_secs(60);
/// So many cards of one patient in a row that cannot be read lead to the desk (patient-flow section 12, E1).
pub const UNREADABLE_IN_A_ROW: u8 = 2;
/// Tries at the camera in one visit (patient-flow 5.1); the false-match figure counts all of them together.
pub const FACE_TRIES: u8 = 3;
/// ゆっくりモード: inactivity, notices, a try at the camera and the card left behind wait so many times longer (patient-flow
/// section 14).
pub const SLOW: u32 = 3;
/// Fewest digits of a passcode: the service's has four (patient-flow section 7).
pub const PASSCODE_LEAST_DIGITS: u8 = 4;
/// Most digits of a passcode: the service's has four, ours at least six.
pub const PASSCODE_DIGITS: u8 = 12;
/// Most digits of a staff number.
pub const STAFF_NUMBER_DIGITS: usize = 8;
/// Most consent items a service may name; more is a fault of the service.
pub const MAX_ITEMS: usize = 12;
