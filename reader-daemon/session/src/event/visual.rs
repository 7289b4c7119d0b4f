//! What the visual check, and keys that are no secret, bring.

/// What came of a passcode. The driver compares; the session knows no digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasscodeResult {
    /// Right.
    Right,
    /// Wrong; so many tries before it closes.
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// Three were wrong: closed for five minutes.
    Closed,
    /// The third closing of a day: it opens only from the console.
    ClosedForDay,
}

/// Whether the visual check can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VisualWay {
    /// No passcode is set, neither here nor at the service.
    #[default]
    NoPasscode,
    /// It can.
    Ready,
    /// Closed for minutes after three wrong passcodes.
    Closed,
    /// Closed until the console opens it.
    ClosedForDay,
}

/// What staff compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComparingWith {
    /// The card's photo is on the glass beside the live picture.
    Photo,
    /// No photo can be shown; the live picture neither. Staff compare another document.
    Nothing,
}

/// A digit of the surface code. `Debug` prints nothing of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SurfaceDigit(pub u8);

impl std::fmt::Debug for SurfaceDigit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SurfaceDigit")
    }
}
