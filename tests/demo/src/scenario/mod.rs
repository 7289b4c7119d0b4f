//! Whole visits as short text files: read them, carry them out at one of three levels, compare with what they expect.
//!
//! [`parse`] reads a file, [`run`] walks its steps in a [`World`], and each level is one implementation of that trait.
//! The language is described in `tests/scenarios/README.md`.

mod expect;
mod files;
pub mod level1;
pub mod limits;
mod names;
mod parse;
mod people;
mod run;
pub(crate) mod staff;
mod step;
mod targets;
mod world;

pub use expect::{Expected, Mismatch, Outcome, Since, compare, outcome};
pub use names::ScreenName;
pub use parse::{Cause, ITEMS_OF_EXPECT, ReadError, STEPS, ScenarioError, parse, read};
pub use people::{PEOPLE, Person, Standing};
pub use run::{Failure, Report, StepReport, closing_line, left_out, run, step_line};
pub use step::{
    CardProfile, CardSetup, CertificateEnd, ClinicControl, ConsentWord, Held, Keyed, Level, Levels, Lies, Line, Moment,
    OtherCard, PASSCODE, PASSCODE_HASHED, PasscodeBy, PhoneSetup, Phones, ReaderControl, Scenario, Sitter, Step,
    StorageControl, SurfaceControl, Terminal, Which,
};
pub use targets::targets;
pub use world::{Booked, BookedAnswer, BookedBy, BookedHow, BookedItem, Observed, Passed, Seen, Trouble, World};
