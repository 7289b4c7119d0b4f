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
mod visual_facts;

pub use effect::{
    CodeSource, Effect, ItemAnswer, Pace, PhoneOrder, PhonePlace, PhotoOrder, PinLessOrder, ProvedBy, Record, SignUp,
    StaffNote, Submission, VerifyOrder,
};
pub use event::{
    Answer, CardReading, CertificateEnd, CertificateNotice, ComparingWith, DeadlineId, Event, FaceOutcome, FaceSeen,
    FaceWay, Item, Link, Lookup, Opening, OtherCard, PasscodeResult, PhoneResult, PhotoResult, PinLessResult,
    PinResult, Presence, PreviousAnswer, Refusal, Storing, SurfaceDigit, VisitId, VisualWay,
};
pub use limits::Limits;
pub use policy::{FaultCode, Group, Policy, Reason, Texts, Wording};
pub use session::{Session, step};
pub use states::{StateName, WaitsFor};

#[cfg(test)]
mod exploration;
