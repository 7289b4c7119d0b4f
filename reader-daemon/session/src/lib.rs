//! What happens next: the pure state machine of a visit.
//!
//! [`step`] turns `(session, event)` into `(session, effects)`. No clock, thread, I/O or randomness in here; drivers in
//! the daemon carry effects out and report back as events (architecture, "The visit").

mod drawing;
mod effect;
mod event;
mod face_facts;
pub mod limits;
mod policy;
mod session;
mod states;

pub use effect::{
    CodeSource, Effect, ItemAnswer, PhotoOrder, PinLessOrder, Record, StaffNote, Submission, VerifyOrder,
};
pub use event::{
    Answer, CardReading, CertificateNotice, DeadlineId, Event, FaceOutcome, FaceSeen, FaceWay, Item, Link, Lookup,
    Opening, OtherCard, PhotoResult, PinLessResult, PinResult, Presence, PreviousAnswer, Refusal, Storing,
    SurfaceDigit, VisitId,
};
pub use limits::Limits;
pub use policy::{FaultCode, Policy, Reason, Texts, Wording};
pub use session::{Session, step};
pub use states::{StateName, WaitsFor};

#[cfg(test)]
mod exploration;
