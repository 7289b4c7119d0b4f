//! Status words the chip answers (card.md 10).

/// A status word other than `9000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status(pub(crate) u16);

impl Status {
    pub(crate) const COMPARISON_FAILED: u16 = 0x63C0;
    pub(crate) const NO_TRIES_COUNTED: Status = Status(0x6300);
    pub(crate) const WRONG_LENGTH: Status = Status(0x6700);
    pub(crate) const NO_SESSION_KEY: Status = Status(0x66F1);
    pub(crate) const NO_LOGICAL_CHANNEL: Status = Status(0x6881);
    pub(crate) const NO_SECURE_MESSAGING: Status = Status(0x6882);
    pub(crate) const WRONG_FILE_TYPE: Status = Status(0x6981);
    pub(crate) const ACCESS_CONDITION: Status = Status(0x6982);
    pub(crate) const BLOCKED: Status = Status(0x6984);
    pub(crate) const CONDITIONS_OF_USE: Status = Status(0x6985);
    pub(crate) const NO_CURRENT_FILE: Status = Status(0x6986);
    pub(crate) const WRONG_DATA: Status = Status(0x6A80);
    pub(crate) const NOT_FOUND: Status = Status(0x6A82);
    pub(crate) const NO_RECORD: Status = Status(0x6A83);
    pub(crate) const WRONG_P1P2: Status = Status(0x6A86);
    pub(crate) const NO_SUCH_OBJECT: Status = Status(0x6A88);
    pub(crate) const OUTSIDE_FILE: Status = Status(0x6B00);
    pub(crate) const UNKNOWN_INSTRUCTION: Status = Status(0x6D00);
    pub(crate) const UNKNOWN_CLASS: Status = Status(0x6E00);
    pub(crate) const INTERNAL: Status = Status(0x6F00);

    /// `63Cx`: this many tries left, at most 15 can be said.
    pub(crate) fn tries(left: u8) -> Status {
        Status(Status::COMPARISON_FAILED | u16::from(left.min(15)))
    }
}
