//! The thread that owns the sound. Everything is asked of it without waiting; whatever breaks, it ends in silence.

use std::{
    io,
    path::Path,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    Clips, Finished, HeadphoneState, Jack, ListId, NoClip, Open, Output, OutputLost, RATE, Speed, Tone, Utterance,
    VOLUME_MAX, VOLUME_START, jack, output,
    queue::{Next, Outcome, Queue},
    sound,
    stretch::Stretch,
};

/// Between two attempts to open a sound card: one that was plugged in is heard soon, one that is missing costs nothing.
const RETRY: Duration = Duration::from_secs(3);

/// Between two looks at the jack, while private words are spoken and while nothing is: a glance of the hand.
const LOOK: Duration = Duration::from_millis(100);
const IDLE_LOOK: Duration = Duration::from_millis(500);

/// Silence between two utterances.
const PAUSE: Duration = Duration::from_millis(250);

/// Longest wait for the last sounds: far more than any card's buffer.
const DRAIN: Duration = Duration::from_secs(1);

/// Tones never get softer than at this volume: the card that was left behind has to be heard.
const TONE_FLOOR: u8 = 5;

/// Each step down of the volume, decibels.
const STEP_DB: f32 = 3.5;

/// Where clips, sound and jack are.
pub struct Settings {
    /// The clips.
    pub clips: Clips,
    /// The output.
    pub open: Open,
    /// Whether headphones are plugged.
    pub jack: Jack,
}

impl Settings {
    /// Clips of a folder, through ALSA's default device and its card's own jack.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { clips: Clips::new(folder), open: output::alsa("default"), jack: jack::alsa() }
    }
}

struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
    volume: AtomicU8,
    speed: Mutex<Speed>,
    plugged: AtomicBool,
    closed: AtomicBool,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn speed(&self) -> MutexGuard<'_, Speed> {
        self.speed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The voice of the kiosk. Dropping it ends the sound.
pub struct Player {
    shared: Arc<Shared>,
}

impl Player {
    /// Starts the voice. `finished` is called on its thread whenever a list was said to its end: at once when there was
    /// nothing to say, no clip or no sound card. Who waits for it keeps a deadline of their own.
    ///
    /// # Errors
    /// The system starts no thread. A missing sound card is no error.
    pub fn start(settings: Settings, finished: impl FnMut(Finished) + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            wake: Condvar::new(),
            volume: AtomicU8::new(VOLUME_START),
            speed: Mutex::default(),
            plugged: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        });
        let voice = shared.clone();
        thread::Builder::new().name("voice".to_owned()).spawn(move || {
            let Settings { clips, open, jack } = settings;
            Voice { shared: voice, clips, open, jack, output: None, tried: None, finished: Box::new(finished) }.run();
        })?;
        Ok(Self { shared })
    }

    /// Says a list instead of what is being said. Private utterances are left out while no headphones are plugged.
    pub fn say(&self, list: Vec<Utterance>) -> ListId {
        let id = self.shared.queue().say(list);
        self.shared.wake.notify_one();
        id
    }

    /// What comes after the first `head` utterances of a list is said otherwise; what is being said is said to its end.
    /// `false`: the list was said, stopped or replaced.
    pub fn amend(&self, list: ListId, head: usize, tail: Vec<Utterance>) -> bool {
        let amended = self.shared.queue().amend(list, head, tail);
        self.shared.wake.notify_one();
        amended
    }

    /// Says the last list again from its beginning; None: there was none.
    pub fn replay(&self) -> Option<ListId> {
        let id = self.shared.queue().replay();
        self.shared.wake.notify_one();
        id
    }

    /// Stops speaking. What was said can be replayed.
    pub fn stop(&self) {
        self.shared.queue().stop();
    }

    /// Stops speaking and forgets what was said.
    pub fn forget(&self) {
        self.shared.queue().forget();
    }

    /// Goes back to the usual volume and speed: the patient has gone.
    pub fn usual(&self) {
        self.set_volume(VOLUME_START);
        self.set_speed(Speed::default());
    }

    /// Plays a tone; speech waits for it.
    pub fn tone(&self, tone: Tone) {
        self.shared.queue().tone(tone);
        self.shared.wake.notify_one();
    }

    /// Sets the volume, 0 (silence) to [`VOLUME_MAX`]; heard at once. Tones keep a lowest loudness.
    pub fn set_volume(&self, volume: u8) {
        self.shared.volume.store(volume.min(VOLUME_MAX), Relaxed);
    }

    /// The volume.
    #[must_use]
    pub fn volume(&self) -> u8 {
        self.shared.volume.load(Relaxed)
    }

    /// Sets the speed; heard at once.
    pub fn set_speed(&self, speed: Speed) {
        *self.shared.speed() = speed;
    }

    /// The speed.
    #[must_use]
    pub fn speed(&self) -> Speed {
        *self.shared.speed()
    }

    /// Whether headphones are plugged, as of half a second ago.
    #[must_use]
    pub fn headphones(&self) -> HeadphoneState {
        if self.shared.plugged.load(Relaxed) { HeadphoneState::Plugged } else { HeadphoneState::Loudspeaker }
    }
}

impl Drop for Player {
    /// Not joined: a sound card that hangs must not hang the kiosk.
    fn drop(&mut self) {
        self.shared.closed.store(true, Relaxed);
        self.shared.queue().forget();
        self.shared.wake.notify_one();
    }
}

struct Voice {
    shared: Arc<Shared>,
    clips: Clips,
    open: Open,
    jack: Jack,
    output: Option<Box<dyn Output>>,
    tried: Option<Instant>,
    finished: Box<dyn FnMut(Finished) + Send>,
}

impl Voice {
    fn run(mut self) {
        while !self.shared.closed.load(Relaxed) {
            let next = self.shared.queue().next();
            match next {
                Next::Tone(tone) => self.play(tone),
                Next::Say(id, utterance) => {
                    let outcome = self.speak(id, &utterance);
                    self.shared.queue().count(id, outcome);
                }
                Next::Finish(finished) => self.finish(finished),
                Next::Nothing => self.rest(),
            }
        }
    }

    /// Waits for something to do, and looks at the jack meanwhile.
    fn rest(&mut self) {
        let _ = self.ready();
        self.look();
        let queue = self.shared.queue();
        if !queue.is_idle() || self.shared.closed.load(Relaxed) {
            return;
        }
        let _ = self.shared.wake.wait_timeout(queue, IDLE_LOOK);
    }

    fn look(&mut self) -> HeadphoneState {
        let card = self.output.as_ref().and_then(|output| output.card());
        let state = (self.jack)(card);
        self.shared.plugged.store(state == HeadphoneState::Plugged, Relaxed);
        state
    }

    /// The output, opened if need be and not just tried.
    fn ready(&mut self) -> Result<&mut Box<dyn Output>, OutputLost> {
        if self.output.is_none() {
            if self.tried.is_some_and(|tried| tried.elapsed() < RETRY) {
                return Err(OutputLost("no sound card".to_owned()));
            }
            self.tried = Some(Instant::now());
            self.output = Some((self.open)()?);
        }
        self.output.as_mut().ok_or_else(|| OutputLost("no sound card".to_owned()))
    }

    /// Plays samples at a gain. A card that was lost is opened once more: it may have been only reconfigured.
    fn write(&mut self, samples: &[i16], gain: f32) -> Result<(), OutputLost> {
        let samples: Vec<i16> = samples.iter().map(|sample| (f32::from(*sample) * gain) as i16).collect();
        let lost = match self.ready()?.write(&samples) {
            Ok(()) => return Ok(()),
            Err(lost) => lost,
        };
        self.output = None;
        eprintln!("kiosk: {lost}");
        let again = (self.open)().and_then(|mut output| output.write(&samples).map(|()| output));
        self.tried = Some(Instant::now());
        self.output = Some(again?);
        Ok(())
    }

    fn play(&mut self, tone: Tone) {
        let gain = gain(self.shared.volume.load(Relaxed).max(TONE_FLOOR));
        // Without a sound card there is no tone; the screen says the same.
        let _ = self.write(&tone.samples(), gain);
        let _ = self.write(&silence(PAUSE), 0.0);
    }

    fn speak(&mut self, id: ListId, utterance: &Utterance) -> Outcome {
        if utterance.private && self.look() == HeadphoneState::Loudspeaker {
            return Outcome::Withheld;
        }
        if self.ready().is_err() {
            return Outcome::Missing;
        }
        match self.clips.find(utterance.language, &utterance.text).and_then(|path| sound::load(&path)) {
            Ok(clip) => self.sound(id, utterance.private, clip),
            Err(error @ (NoClip::Missing { .. } | NoClip::Broken { .. })) => {
                eprintln!("kiosk: {error}");
                Outcome::Missing
            }
        }
    }

    /// A clip, step by step, so that a stop, a tone, a key and the jack are heeded within a moment.
    fn sound(&mut self, id: ListId, private: bool, clip: Vec<i16>) -> Outcome {
        let mut clip = Stretch::new(clip);
        let mut looked = Instant::now();
        loop {
            let (current, tone) = {
                let mut queue = self.shared.queue();
                (queue.is_current(id), queue.take_tone())
            };
            if !current {
                self.discard();
                return Outcome::Withheld;
            }
            if let Some(tone) = tone {
                self.play(tone);
            }
            if looked.elapsed() >= if private { LOOK } else { IDLE_LOOK } {
                looked = Instant::now();
                if self.look() == HeadphoneState::Loudspeaker && private {
                    self.discard();
                    return Outcome::Withheld;
                }
            }
            let speed = *self.shared.speed();
            let samples = clip.step(speed);
            if samples.is_empty() {
                break;
            }
            if self.write(&samples, gain(self.shared.volume.load(Relaxed))).is_err() {
                return Outcome::Missing;
            }
        }
        let _ = self.write(&silence(PAUSE), 0.0);
        Outcome::Spoken
    }

    fn discard(&mut self) {
        if let Some(output) = &mut self.output {
            output.discard();
        }
    }

    /// Waits until the last sound was heard, and tells.
    fn finish(&mut self, finished: Finished) {
        let begun = Instant::now();
        while begun.elapsed() < DRAIN && self.shared.queue().is_current(finished.list) {
            if !self.output.as_mut().is_some_and(|output| output.sounding()) {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.discard();
        if self.shared.queue().finish(finished.list) {
            (self.finished)(finished);
        }
    }
}

fn silence(duration: Duration) -> Vec<i16> {
    let samples = u128::from(RATE) * duration.as_millis() / 1000;
    vec![0; usize::try_from(samples).unwrap_or(0)]
}

/// What samples are multiplied by.
fn gain(volume: u8) -> f32 {
    if volume == 0 { 0.0 } else { 10_f32.powf(-f32::from(VOLUME_MAX.saturating_sub(volume)) * STEP_DB / 20.0) }
}

#[cfg(test)]
mod tests;
