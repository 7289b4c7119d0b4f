//! What happens next: the pure state machine of a visit.
//!
//! [`step`] turns `(session, event)` into `(session, effects)`. No clock, thread, I/O or randomness in here; drivers in
//! the daemon carry effects out and report back as events (architecture, "The visit").

mod effect;
mod event;
pub mod limits;
mod policy;
mod session;
mod states;

pub use effect::{Effect, ItemAnswer, Record, StaffNote, Submission, VerifyOrder};
pub use event::{
    Answer, CardReading, CertificateNotice, DeadlineId, Event, Item, Link, Lookup, Opening, OtherCard, PinResult,
    Presence, PreviousAnswer, Refusal, Storing, VisitId,
};
pub use limits::Limits;
pub use policy::{FaultCode, Policy, Reason, Texts, Wording};
pub use session::{Session, step};
pub use states::{StateName, WaitsFor};

#[cfg(test)]
mod exploration;
