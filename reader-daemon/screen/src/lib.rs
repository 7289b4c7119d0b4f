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
    Advice, ConsentText, Era, FaultText, Language, MethodState, Movement, PinNotice, Progress, Revision, Screen, Sound,
    StaffCall, SurfaceDigits, SurfaceField, SurfaceNotice, View, WeightsLevel,
};
