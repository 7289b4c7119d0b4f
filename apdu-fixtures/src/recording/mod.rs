//! Recordings: JSON Lines, one header, then one exchange a line. `README.md` is their specification.

mod photo;
mod recorder;
mod replayer;
mod shown;

use serde::{Deserialize, Serialize};

use card::ChannelError;

pub use recorder::{RecordedReader, Recorder};
pub use replayer::{Difference, Replay, ReplayReader};
pub use shown::Shown;

use crate::limits::LONGEST_RECORDING;

/// The version of the format that is written and read.
pub const VERSION: u32 = 1;

/// The redaction of what VERIFY, CHANGE and RESET commands carry.
const VERIFY: &str = "verify";
/// The redaction of what is read in Kenkaku.
const PHOTO: &str = "photo";

/// First line of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Version of the format: [`VERSION`].
    pub recording: u32,
    /// Name of the reader.
    pub reader: String,
    /// Answer to reset.
    pub atr: Shown,
    /// Profile of an emulated card; absent for anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Seed of the emulated card's randomness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// What was replaced or left out before it was written; always holds `verify`, and `photo` unless it was asked for.
    pub redactions: Vec<String>,
}

impl Header {
    /// A header with both redactions: what VERIFY carries is replaced, what is read in Kenkaku is left out.
    pub fn new(reader: &str, atr: &[u8]) -> Self {
        Header {
            recording: VERSION,
            reader: reader.to_owned(),
            atr: Shown::plain(atr),
            profile: None,
            seed: None,
            redactions: vec![VERIFY.to_owned(), PHOTO.to_owned()],
        }
    }

    /// Records what is read in Kenkaku too: for emulated cards only, whose photo is nobody's who did not agree.
    #[must_use]
    pub fn with_photo(mut self) -> Self {
        self.redactions.retain(|redaction| redaction != PHOTO);
        self
    }

    pub(crate) fn leaves_photo_out(&self) -> bool {
        self.redactions.iter().any(|redaction| redaction == PHOTO)
    }
}

/// One command and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The command; data of VERIFY and its like as `**`.
    pub command: Shown,
    /// The response with its status word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Shown>,
    /// Why there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Loss>,
    /// How long it took, in milliseconds.
    pub ms: f64,
}

/// [`ChannelError`] as a recording writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// The card was lifted.
    Removed,
    /// The chip does not answer.
    Mute,
    /// The reader is gone.
    ReaderGone,
    /// Another program holds the card.
    Shared,
    /// The reader failed to deliver.
    NotTransacted,
    /// The call did not return.
    Wedged,
    /// The answer was malformed.
    Malformed,
}

impl From<ChannelError> for Loss {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::Removed => Loss::Removed,
            ChannelError::Mute => Loss::Mute,
            ChannelError::ReaderGone => Loss::ReaderGone,
            ChannelError::Shared => Loss::Shared,
            ChannelError::NotTransacted => Loss::NotTransacted,
            ChannelError::Wedged => Loss::Wedged,
            ChannelError::Malformed => Loss::Malformed,
        }
    }
}

impl From<Loss> for ChannelError {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::Removed => ChannelError::Removed,
            Loss::Mute => ChannelError::Mute,
            Loss::ReaderGone => ChannelError::ReaderGone,
            Loss::Shared => ChannelError::Shared,
            Loss::NotTransacted => ChannelError::NotTransacted,
            Loss::Wedged => ChannelError::Wedged,
            Loss::Malformed => ChannelError::Malformed,
        }
    }
}

/// A line after the first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    exchange: Recorded,
}

/// A recording that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Its first line.
    pub header: Header,
    /// Its exchanges in order.
    pub exchanges: Vec<Recorded>,
}

/// The text is not a recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// No header line.
    #[error("the recording is empty")]
    Empty,
    /// Longer than any visit.
    #[error("the recording is longer than {LONGEST_RECORDING} bytes")]
    TooLong,
    /// Another version of the format.
    #[error("the recording has version {0}, not {VERSION}")]
    Version(u32),
    /// A line that is not what it should be.
    #[error("line {line}: {cause}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
    /// An exchange needs a response or an error, and not both.
    #[error("line {0}: an exchange has either a response or an error")]
    Outcome(usize),
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// [`RecordingError`] with the line.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        if text.len() > LONGEST_RECORDING {
            return Err(RecordingError::TooLong);
        }
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let (_, first) = lines.next().ok_or(RecordingError::Empty)?;
        let header: Header = serde_json::from_str(first).map_err(|cause| RecordingError::Line { line: 1, cause })?;
        if header.recording != VERSION {
            return Err(RecordingError::Version(header.recording));
        }
        let mut exchanges = Vec::new();
        for (index, line) in lines {
            let Line { exchange } =
                serde_json::from_str(line).map_err(|cause| RecordingError::Line { line: index + 1, cause })?;
            if exchange.response.is_some() == exchange.error.is_some() {
                return Err(RecordingError::Outcome(index + 1));
            }
            exchanges.push(exchange);
        }
        Ok(Recording { header, exchanges })
    }
}
