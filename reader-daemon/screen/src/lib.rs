//! What is shown and what was touched: the messages between the daemon and the kiosk program.
//!
//! The daemon sends a complete [`View`]; the kiosk draws it and answers with [`ToDaemon`] messages that carry the
//! revision of the view they belong to. Nothing here knows about cards, services or time.

mod codec;
mod message;
pub mod preview;
mod view;

pub use codec::{Decoder, FrameError, MAX_FRAME, encode};
pub use message::{Digit, PROTOCOL_VERSION, Target, ToDaemon, ToScreen};
pub use view::{
    Advice, Answerer, Comfort, ConsentText, Era, FaultText, Language, MethodState, Motion, Movement, PhoneKind,
    PhoneNotice, PhoneWay, PhotoShown, PhotoSide, Picture, PinNotice, Placement, Progress, Revision, Screen, Sound,
    StaffCall, SurfaceDigits, SurfaceField, SurfaceNotice, View, Way, WeightsLevel, Wish,
};
