//! The thread with an emulated sound card and jack: what is heard, when it ends, what is never heard.

use std::sync::mpsc::{Receiver, channel};

use screen::Language;
use tempfile::TempDir;

use super::*;
use crate::voice::{Loudness, file_name};

const CLIP: &[u8] = include_bytes!("../../../tests/voice/clip.ogg");
const SOON: Duration = Duration::from_secs(20);

/// A sound card that hears: what it was given, whether it is there, and whether it paces like a real one.
#[derive(Clone, Default)]
struct Card(Arc<CardState>);

#[derive(Default)]
struct CardState {
    heard: Mutex<Vec<i16>>,
    away: AtomicBool,
    paced: AtomicBool,
    opened: AtomicU8,
}

struct Emulated(Card);

impl Output for Emulated {
    fn write(&mut self, samples: &[i16]) -> Result<(), OutputLost> {
        if self.0.0.away.load(Relaxed) {
            return Err(OutputLost("pulled out".to_owned()));
        }
        if self.0.0.paced.load(Relaxed) {
            thread::sleep(Duration::from_micros(samples.len() as u64 * 1_000_000 / u64::from(RATE)));
        }
        self.0.0.heard.lock().unwrap().extend_from_slice(samples);
        Ok(())
    }

    fn sounding(&mut self) -> bool {
        false
    }

    fn discard(&mut self) {}

    fn card(&self) -> Option<u32> {
        Some(0)
    }
}

impl Card {
    fn open(&self) -> Open {
        let card = self.clone();
        Box::new(move || {
            if card.0.away.load(Relaxed) {
                return Err(OutputLost("not there".to_owned()));
            }
            card.0.opened.fetch_add(1, Relaxed);
            Ok(Box::new(Emulated(card.clone())))
        })
    }

    fn samples(&self) -> usize {
        self.0.heard.lock().unwrap().len()
    }

    fn peak(&self) -> u16 {
        self.0.heard.lock().unwrap().iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0)
    }

    fn clear(&self) {
        self.0.heard.lock().unwrap().clear();
    }
}

struct Bench {
    player: Player,
    card: Card,
    plugged: Arc<AtomicBool>,
    finished: Receiver<Finished>,
    _folder: TempDir,
}

/// Clips of "a", "b" and "1"; "broken" is a file without sound.
fn bench(card: Card) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("ja")).unwrap();
    for text in ["a", "b", "1"] {
        std::fs::write(folder.path().join("ja").join(file_name(text)), CLIP).unwrap();
    }
    std::fs::write(folder.path().join("ja").join(file_name("broken")), b"OggS and nothing").unwrap();
    let plugged = Arc::new(AtomicBool::new(false));
    let (tell, finished) = channel();
    let jack = plugged.clone();
    let settings = Settings {
        clips: Clips::new(folder.path()),
        open: card.open(),
        jack: Box::new(move |card| {
            assert!(card.is_none_or(|card| card == 0));
            if jack.load(Relaxed) { HeadphoneState::Plugged } else { HeadphoneState::Loudspeaker }
        }),
    };
    let player = Player::start(settings, move |one| {
        let _ = tell.send(one);
    })
    .unwrap();
    Bench { player, card, plugged, finished, _folder: folder }
}

fn open(text: &str) -> Utterance {
    Utterance::open(Language::Ja, text)
}

fn private(text: &str) -> Utterance {
    Utterance::private(Language::Ja, text)
}

impl Bench {
    fn say(&self, list: Vec<Utterance>) -> Finished {
        let list = self.player.say(list);
        let finished = self.finished.recv_timeout(SOON).unwrap();
        assert_eq!(finished.list, list);
        finished
    }

    fn until(&self, what: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !what(self) {
            assert!(begun.elapsed() < SOON, "it never came");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

#[test]
fn a_list_is_heard_and_told() {
    let bench = bench(Card::default());
    let finished = bench.say(vec![open("a"), open("b")]);
    assert_eq!((finished.spoken, finished.missing, finished.withheld), (2, 0, 0));
    let one = sound::decode(CLIP.to_vec()).unwrap().len();
    assert_eq!(bench.card.samples(), 2 * (one + silence(PAUSE).len()));
}

#[test]
fn missing_and_broken_clips_are_told_and_the_rest_is_said() {
    let bench = bench(Card::default());
    let finished = bench.say(vec![open("no such"), open("broken"), open("a")]);
    assert_eq!((finished.spoken, finished.missing), (1, 2));
    assert!(bench.card.peak() > 1000);
}

#[test]
fn nothing_to_say_is_finished_at_once() {
    let bench = bench(Card::default());
    assert_eq!(bench.say(Vec::new()).spoken, 0);
}

#[test]
fn private_words_are_never_heard_on_the_loudspeaker() {
    let bench = bench(Card::default());
    let finished = bench.say(vec![private("1"), private("a")]);
    assert_eq!((finished.spoken, finished.withheld), (0, 2));
    assert_eq!(bench.card.samples(), 0, "not a single sample");
    assert!(bench.player.replay().is_some());
    assert_eq!(bench.finished.recv_timeout(SOON).unwrap().withheld, 2, "nor when replayed");
    bench.plugged.store(true, Relaxed);
    assert_eq!(bench.say(vec![private("1")]).spoken, 1);
    assert_eq!(bench.player.headphones(), HeadphoneState::Plugged);
}

#[test]
fn pulling_the_headphones_out_ends_private_words() {
    let bench = bench(Card::default());
    bench.plugged.store(true, Relaxed);
    bench.card.0.paced.store(true, Relaxed);
    let id = bench.player.say(vec![private("1"), open("b")]);
    bench.until(|bench| bench.card.samples() > 0);
    bench.plugged.store(false, Relaxed);
    let finished = bench.finished.recv_timeout(SOON).unwrap();
    assert_eq!((finished.list, finished.withheld, finished.spoken), (id, 1, 1), "the open words are still said");
    let one = sound::decode(CLIP.to_vec()).unwrap().len();
    assert!(bench.card.samples() < one + one / 2 + silence(PAUSE).len());
}

#[test]
fn without_a_sound_card_a_list_ends_at_once_and_one_that_appears_is_used() {
    let card = Card::default();
    card.0.away.store(true, Relaxed);
    let bench = bench(card);
    let begun = Instant::now();
    let finished = bench.say(vec![open("a"), open("b")]);
    assert_eq!((finished.spoken, finished.missing), (0, 2));
    assert!(begun.elapsed() < Duration::from_secs(2));
    bench.player.tone(Tone::Failed);
    bench.card.0.away.store(false, Relaxed);
    bench.until(|bench| bench.say(vec![open("a")]).spoken == 1);
    assert!(bench.card.samples() > 0);
}

#[test]
fn a_sound_card_pulled_out_in_mid_word_ends_the_list() {
    let bench = bench(Card::default());
    bench.card.0.paced.store(true, Relaxed);
    bench.player.say(vec![open("a"), open("b")]);
    bench.until(|bench| bench.card.samples() > 0);
    bench.card.0.away.store(true, Relaxed);
    assert_eq!(bench.finished.recv_timeout(SOON).unwrap().missing, 2);
}

#[test]
fn stop_ends_the_words_and_is_not_told() {
    let bench = bench(Card::default());
    bench.card.0.paced.store(true, Relaxed);
    bench.player.say(vec![open("a"), open("b")]);
    bench.until(|bench| bench.card.samples() > 0);
    bench.player.stop();
    assert!(bench.finished.recv_timeout(Duration::from_millis(300)).is_err());
    let heard = bench.card.samples();
    thread::sleep(Duration::from_millis(100));
    assert_eq!(bench.card.samples(), heard);
    assert!(bench.player.replay().is_some());
    bench.player.forget();
    assert_eq!(bench.player.replay(), None, "the next patient hears nothing of it");
}

#[test]
fn volume_changes_what_is_heard_and_zero_is_silence() {
    let bench = bench(Card::default());
    let mut peaks = Vec::new();
    for volume in [0, 1, 5, 10, 200] {
        bench.card.clear();
        bench.player.set_volume(volume);
        assert_eq!(bench.say(vec![open("a")]).spoken, 1);
        peaks.push(bench.card.peak());
    }
    assert_eq!(peaks[0], 0);
    assert!(peaks.windows(2).all(|pair| pair[0] < pair[1] || pair[0] == peaks[3]), "{peaks:?}");
    assert_eq!(peaks[3], peaks[4], "louder than loudest is loudest");
}

#[test]
fn speed_changes_how_long_it_takes() {
    let bench = bench(Card::default());
    let lengths = [Speed::Slow, Speed::Normal, Speed::Fast].map(|speed| {
        bench.card.clear();
        bench.player.set_speed(speed);
        bench.say(vec![open("a")]);
        bench.card.samples() - silence(PAUSE).len()
    });
    assert!(lengths[0] * 10 > lengths[1] * 12 && lengths[1] * 10 > lengths[2] * 12, "{lengths:?}");
}

#[test]
fn tones_are_heard_even_at_volume_zero_and_within_words() {
    let bench = bench(Card::default());
    bench.player.set_volume(0);
    bench.player.tone(Tone::TakeCard(Loudness::Loud));
    bench.until(|bench| bench.card.peak() > 2000);
    bench.until(|bench| bench.card.samples() > Tone::TakeCard(Loudness::Loud).samples().len());
    bench.card.clear();
    bench.card.0.paced.store(true, Relaxed);
    bench.player.say(vec![open("a")]);
    bench.until(|bench| bench.card.samples() > 0);
    bench.player.tone(Tone::Ok);
    assert_eq!(bench.finished.recv_timeout(SOON).unwrap().spoken, 1);
    assert!(bench.card.peak() > 1000, "the words were silent, so this is the tone");
}

#[test]
fn a_lost_card_that_comes_back_at_once_loses_no_word() {
    let bench = bench(Card::default());
    assert_eq!(bench.say(vec![open("a")]).spoken, 1);
    // Gone while nothing was said: the next write fails on the old handle, and succeeds on a new one.
    let opened = bench.card.0.opened.load(Relaxed);
    bench.card.0.away.store(true, Relaxed);
    assert_eq!(bench.say(vec![open("a")]).missing, 1);
    bench.card.0.away.store(false, Relaxed);
    bench.until(|bench| bench.say(vec![open("a")]).spoken == 1);
    assert!(bench.card.0.opened.load(Relaxed) > opened);
}
