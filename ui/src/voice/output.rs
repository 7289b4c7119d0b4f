//! Where sound goes: the normal audio stack, which on Linux is ALSA (PipeWire and PulseAudio answer to its `default` too).

use std::{
    thread,
    time::{Duration, Instant},
};

use alsa::{
    Direction, ValueOr,
    pcm::{Access, Format, HwParams, PCM, State},
};
use thiserror::Error;

use super::RATE;

/// Sound accepted before it is heard: what a stop or an unplugged headphone can still cut off is this short.
const BUFFER: Duration = Duration::from_millis(120);

/// Longest a sound card may take none of our samples before it counts as gone (law 11).
const STUCK: Duration = Duration::from_secs(2);

/// One wait for room in the card's buffer, milliseconds.
const WAIT_MS: u32 = 100;

/// Underruns in a row that are repaired; then the card counts as gone.
const REPAIRS: u8 = 3;

/// The sound card is gone, or there is none.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no sound: {0}")]
pub struct OutputLost(pub String);

impl From<alsa::Error> for OutputLost {
    fn from(error: alsa::Error) -> Self {
        Self(error.to_string())
    }
}

/// A place that makes mono samples at 22,050 Hz heard. Real: [`alsa`]; emulated: in the tests.
pub trait Output {
    /// Takes samples; returns when there is room for them, about when they are heard.
    ///
    /// # Errors
    /// Nothing can be heard here any more.
    fn write(&mut self, samples: &[i16]) -> Result<(), OutputLost>;

    /// Whether samples it has taken are still to be heard.
    fn sounding(&mut self) -> bool;

    /// Forgets samples that are not heard yet.
    fn discard(&mut self);

    /// The number of the sound card, where there is one card behind it and it is known.
    fn card(&self) -> Option<u32>;
}

/// Opens the output, anew after each loss.
pub type Open = Box<dyn FnMut() -> Result<Box<dyn Output>, OutputLost> + Send>;

/// Opens an ALSA device by name: `default`, or what the machine's `asound.conf` names.
#[must_use]
pub fn alsa(name: &str) -> Open {
    let name = name.to_owned();
    Box::new(move || Ok(Box::new(AlsaOutput::open(&name)?)))
}

struct AlsaOutput {
    pcm: PCM,
}

impl AlsaOutput {
    fn open(name: &str) -> Result<Self, OutputLost> {
        // libasound tells a missing card in several lines on standard error, each time anew; the error says it once.
        let _quiet = alsa::Output::local_error_handler();
        // Non-blocking: every wait of ours has a deadline.
        let pcm = PCM::new(name, Direction::Playback, true)?;
        {
            let parameters = HwParams::any(&pcm)?;
            parameters.set_access(Access::RWInterleaved)?;
            parameters.set_format(Format::s16())?;
            parameters.set_channels(1)?;
            parameters.set_rate(RATE, ValueOr::Nearest)?;
            parameters.set_buffer_time_near(u32::try_from(BUFFER.as_micros()).unwrap_or(u32::MAX), ValueOr::Nearest)?;
            pcm.hw_params(&parameters)?;
        }
        {
            let (buffer, period) = pcm.get_params()?;
            let software = pcm.sw_params_current()?;
            software.set_start_threshold(i64::try_from(buffer.saturating_sub(period)).unwrap_or(1).max(1) as _)?;
            pcm.sw_params(&software)?;
        }
        Ok(Self { pcm })
    }
}

impl Output for AlsaOutput {
    fn write(&mut self, samples: &[i16]) -> Result<(), OutputLost> {
        let io = self.pcm.io_i16()?;
        let mut left = samples;
        let mut repairs = 0;
        let mut moved = Instant::now();
        while !left.is_empty() {
            match io.writei(left) {
                Ok(0) => thread::sleep(Duration::from_millis(1)),
                Ok(count) => {
                    left = left.get(count..).unwrap_or_default();
                    moved = Instant::now();
                }
                Err(error) if error.errno() == libc_errno::EAGAIN => {
                    self.pcm.wait(Some(WAIT_MS))?;
                }
                Err(error) if repairs < REPAIRS => {
                    repairs += 1;
                    self.pcm.try_recover(error, true)?;
                }
                Err(error) => return Err(error.into()),
            }
            if moved.elapsed() > STUCK {
                return Err(OutputLost("the sound card takes no samples".to_owned()));
            }
        }
        Ok(())
    }

    fn sounding(&mut self) -> bool {
        match self.pcm.state() {
            // Less than a buffer came: it has not begun by itself.
            State::Prepared => self.pcm.delay().is_ok_and(|delay| delay > 0) && self.pcm.start().is_ok(),
            State::Running | State::Draining => self.pcm.delay().is_ok_and(|delay| delay > 0),
            State::Open | State::Setup | State::XRun | State::Paused | State::Suspended | State::Disconnected => false,
        }
    }

    fn discard(&mut self) {
        // A card that is gone has nothing to forget.
        let _ = self.pcm.drop();
        let _ = self.pcm.prepare();
    }

    fn card(&self) -> Option<u32> {
        u32::try_from(self.pcm.info().ok()?.get_card()).ok()
    }
}

/// The one error number that means "later".
mod libc_errno {
    pub(super) const EAGAIN: i32 = rustix::io::Errno::AGAIN.raw_os_error();
}
