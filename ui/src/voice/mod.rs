//! What the kiosk says and sounds: clips made at build time, played through the normal audio stack (ALSA).
//!
//! Words are a list of [`Utterance`]s, given to a [`Player`]. A clip that is missing, a sound card that is missing and
//! a clip that is broken all mean silence, never an error on the glass. Private words are only ever played into headphones.

mod clips;
mod jack;
mod output;
mod pieces;
mod player;
mod queue;
mod sound;
mod speaker;
mod spoken;
mod stretch;
mod tone;
mod words;

pub use clips::{Clips, NoClip, file_name};
pub use jack::{HeadphoneState, Jack};
pub use output::{Open, Output, OutputLost, alsa};
pub use pieces::{count, date};
pub use player::{Player, Settings};
pub use queue::{Finished, ListId, Utterance};
pub use speaker::{Choice, Saying, Speaker};
pub use stretch::Speed;
pub use tone::{Loudness, Tone};
pub use words::Aside;

/// Samples a second of every clip and of the output: what espeak-ng speaks at.
pub(crate) const RATE: u32 = 22_050;

/// Loudest volume step; 0 is silence.
pub const VOLUME_MAX: u8 = 10;

/// Volume a visit begins with.
pub const VOLUME_START: u8 = 7;
