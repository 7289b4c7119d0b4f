mod failing;

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use screen::Movement;
use screen::preview::{HEADER, Header, PictureKind};

use super::*;
use crate::geometry::Face;
use crate::link::{Decoder, encode_order};
use crate::testing::{Count, FRAME_NS, LEVELS, Script, THRESHOLDS, TestCamera, drawing, head, photo, scores, vector};
use crate::{AttackScores, FaceVector};

/// Who stands before the camera; the test changes it, the camera shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Somebody {
    Nobody = 0,
    Holder = 1,
    Stranger = 2,
    Flat = 3,
}

/// What the patient was asked; they do it half a second later and come back.
#[derive(Default)]
struct Asked(Mutex<Option<Movement>>);

/// Sees in a frame's first pixel who it is and how they stand.
struct TestEyes;

impl TestEyes {
    fn face(frame: &Frame) -> Option<Face> {
        let [who, turned, near] = *frame.rgb().first_chunk::<3>()?;
        (who > 0).then(|| head(f32::from(turned) - 100.0, f32::from(near) / 100.0))
    }
}

impl Eyes for TestEyes {
    fn forget(&mut self) {}

    fn look(&mut self, frame: &Frame) -> Option<Observation> {
        let face = Self::face(frame);
        let advice = match &face {
            None => Some(Advice::NoFace),
            Some(_) => (frame.rgb()[1].abs_diff(102) > 15).then_some(Advice::TurnedAway),
        };
        Some(Observation { faces: face.into_iter().collect(), advice, ..Observation::default() })
    }

    fn embed(&mut self, frame: &Frame, _: &Face) -> Option<FaceVector> {
        let stranger = frame.rgb()[0] == Somebody::Stranger as u8;
        Some(vector(if stranger { 0.1 } else { 0.8 }, 1))
    }

    fn attack(&mut self, frame: &Frame, _: &Face) -> Option<AttackScores> {
        let flat = frame.rgb()[0] == Somebody::Flat as u8;
        Some(scores(if flat { &[0.1, 0.1] } else { &[0.95, 0.9] }))
    }

    fn photo(&mut self, bytes: &[u8]) -> Option<FaceVector> {
        (bytes == b"a photo").then(photo)
    }
}

/// Plays whoever stands there, one frame each 5 ms that claims to be 33 ms later.
fn scene(who: Arc<Mutex<Somebody>>, asked: Arc<Asked>) -> Script {
    let mut at = 1_u64;
    let mut since = 0_u32;
    Box::new(move |_| {
        thread::sleep(Duration::from_millis(5));
        at += 1;
        let movement = *asked.0.lock().unwrap();
        since = if movement.is_some() { since + 1 } else { 0 };
        let moves = (15..25).contains(&since);
        let (turned, near) = match movement.filter(|_| moves) {
            Some(Movement::TurnLeft) => (126, 100),
            Some(Movement::TurnRight) => (76, 100),
            Some(Movement::ComeCloser) => (102, 128),
            None => (102, 100),
        };
        let rgb = [*who.lock().unwrap() as u8, turned, near];
        Ok(Frame::from_rgb(1, 1, rgb.to_vec(), at * FRAME_NS).unwrap())
    })
}

/// The daemon's side of a running worker.
struct Daemon {
    link: UnixStream,
    decoder: Decoder,
    who: Arc<Mutex<Somebody>>,
    asked: Arc<Asked>,
    count: Arc<(Mutex<Count>, Condvar)>,
    worker: Option<thread::JoinHandle<Result<(), Ended>>>,
    /// Of the last try.
    number: u32,
    pace: Pace,
}

fn start(change: impl FnOnce(&mut TestCamera)) -> Daemon {
    start_with(change, || Ok(()), Preview::nowhere())
}

fn start_with(change: impl FnOnce(&mut TestCamera), models: fn() -> Result<(), String>, preview: Preview) -> Daemon {
    let (ours, theirs) = UnixStream::pair().unwrap();
    ours.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let (who, asked) = (Arc::new(Mutex::new(Somebody::Holder)), Arc::new(Asked::default()));
    let mut camera = TestCamera::new(scene(Arc::clone(&who), Arc::clone(&asked)));
    change(&mut camera);
    let count = Arc::clone(&camera.count);
    let load = move || {
        models()?;
        let judge = Judge::new(THRESHOLDS, LEVELS.to_vec());
        Ok(Loaded {
            judge,
            weights: "net@0123456789abcdef".into(),
            level: WeightsLevel::Research,
            eyes: Box::new(TestEyes),
        })
    };
    let random = Box::new(drawing(Movement::TurnLeft));
    let worker = thread::spawn(move || serve(theirs, preview, load, Box::new(camera), random));
    Daemon {
        link: ours,
        decoder: Decoder::default(),
        who,
        asked,
        count,
        worker: Some(worker),
        number: 0,
        pace: Pace::Usual,
    }
}

impl Daemon {
    fn ready(change: impl FnOnce(&mut TestCamera)) -> Self {
        let mut daemon = start(change);
        let (weights, camera) = ("net@0123456789abcdef".into(), "test camera".into());
        let ready = FromWorker::Ready { weights, level: WeightsLevel::Research, camera };
        assert_eq!(daemon.news(), ready);
        assert_eq!(daemon.count(), Count::default(), "the camera is off until a face is wanted");
        daemon
    }

    fn order(&mut self, order: &ToWorker) {
        self.link.write_all(&encode_order(order)).unwrap();
    }

    /// Orders a try, each with the next number.
    fn look(&mut self) {
        self.number += 1;
        self.order(&ToWorker::Look { number: self.number, pace: self.pace });
    }

    fn photo(&mut self, bytes: &[u8]) {
        self.order(&ToWorker::Photo { bytes: u32::try_from(bytes.len()).unwrap() });
        self.link.write_all(bytes).unwrap();
    }

    fn next(&mut self) -> Option<FromWorker> {
        loop {
            if let Some(news) = self.decoder.next().unwrap() {
                if let FromWorker::Looking { movement, .. } = &news {
                    *self.asked.0.lock().unwrap() = *movement;
                }
                return Some(news);
            }
            let mut bytes = [0; 64];
            match self.link.read(&mut bytes) {
                Ok(0) => return None,
                Ok(length) => self.decoder.push(&bytes[..length]).unwrap(),
                // The worker ended with orders unread.
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("no news in time: {error}"),
            }
        }
    }

    fn news(&mut self) -> FromWorker {
        self.next().expect("the worker is there")
    }

    /// All news up to the decision, and it.
    fn decided(&mut self) -> (Vec<FromWorker>, FaceOutcome) {
        let mut all = Vec::new();
        loop {
            let news = self.news();
            if let FromWorker::Decided { number, outcome } = news
                && number == self.number
            {
                return (all, outcome);
            }
            all.push(news);
        }
    }

    fn count(&self) -> Count {
        *self.count.0.lock().unwrap()
    }

    fn until_open(&self) {
        let count = self.count.0.lock().unwrap();
        drop(self.count.1.wait_while(count, |count| !count.is_open()).unwrap());
    }

    fn end(mut self) -> Result<(), Ended> {
        // The worker may have ended already.
        let _ = self.link.shutdown(std::net::Shutdown::Write);
        while self.next().is_some() {}
        self.worker.take().unwrap().join().unwrap()
    }
}

#[test]
fn the_holder_is_matched_and_the_light_is_off_before_it_is_said() {
    // A camera that takes its time to go off: whoever says it first is caught.
    let mut daemon = Daemon::ready(|camera| camera.closing = Duration::from_millis(200));
    daemon.look();
    daemon.photo(b"a photo");
    let (news, outcome) = daemon.decided();
    assert_eq!(daemon.count(), Count { opened: 1, closed: 1 });
    assert_eq!(outcome, FaceOutcome::Match);
    let lights: Vec<_> = news.iter().filter(|one| matches!(one, FromWorker::Camera { .. })).collect();
    assert_eq!(lights, [&FromWorker::Camera { number: 1, on: true }, &FromWorker::Camera { number: 1, on: false }]);
    assert_eq!(news.last(), Some(&FromWorker::Camera { number: 1, on: false }));
    assert!(news.contains(&FromWorker::Photo { usable: true }));
    let asks = |one: &FromWorker| matches!(one, FromWorker::Looking { movement: Some(Movement::TurnLeft), .. });
    assert!(news.iter().any(asks));
    assert!(daemon.end().is_ok());
}

#[test]
fn the_photo_may_come_before_or_long_after_the_camera_is_on() {
    let mut daemon = Daemon::ready(|_| ());
    daemon.photo(b"a photo");
    assert_eq!(daemon.news(), FromWorker::Photo { usable: true });
    daemon.look();
    assert_eq!(daemon.decided().1, FaceOutcome::Match);

    let mut daemon = Daemon::ready(|_| ());
    daemon.look();
    // All the frames it may have without the photo.
    while !matches!(daemon.news(), FromWorker::Looking { advice: Some(Advice::Wait), progress: 50, .. }) {}
    daemon.photo(b"a photo");
    assert_eq!(daemon.decided().1, FaceOutcome::Match);
}

#[test]
fn another_person_and_an_attack_are_told_apart_and_the_attack_stays() {
    let mut daemon = Daemon::ready(|_| ());
    daemon.photo(b"a photo");
    *daemon.who.lock().unwrap() = Somebody::Stranger;
    daemon.look();
    assert_eq!(daemon.decided().1, FaceOutcome::NoMatch);
    *daemon.who.lock().unwrap() = Somebody::Flat;
    daemon.look();
    assert_eq!(daemon.decided().1, FaceOutcome::Attack);
    let before = daemon.count();
    *daemon.who.lock().unwrap() = Somebody::Holder;
    for _ in 0..3 {
        daemon.look();
        assert_eq!(daemon.decided(), (vec![], FaceOutcome::Attack));
    }
    assert_eq!(daemon.count(), before, "the camera stays off");
}

#[test]
fn a_photo_that_cannot_be_used_is_said_to_be_so_and_another_may_follow() {
    let mut daemon = Daemon::ready(|_| ());
    daemon.photo(b"no photo at all");
    assert_eq!(daemon.news(), FromWorker::Photo { usable: false });
    daemon.photo(b"");
    assert_eq!(daemon.news(), FromWorker::Photo { usable: false });
    daemon.photo(b"a photo");
    assert_eq!(daemon.news(), FromWorker::Photo { usable: true });
}

#[test]
fn nobody_there_is_advice_and_then_unclear() {
    let mut daemon = Daemon::ready(|_| ());
    *daemon.who.lock().unwrap() = Somebody::Nobody;
    daemon.photo(b"a photo");
    daemon.look();
    let (news, outcome) = daemon.decided();
    assert_eq!(outcome, FaceOutcome::Unclear { advice: Some(Advice::NoFace) });
    assert!(news.contains(&FromWorker::Looking {
        number: 1,
        advice: Some(Advice::NoFace),
        movement: None,
        progress: 0
    }));
}

/// The same scene, told to take its time: three times as many frames before anybody gives up.
#[test]
fn who_needs_time_is_looked_at_three_times_as_long() {
    let frames = |pace| {
        let frames = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&frames);
        let mut daemon = Daemon::ready(|camera| {
            let script = Arc::clone(&camera.script);
            let count = move |opening| {
                counted.fetch_add(1, Ordering::Relaxed);
                (script.lock().unwrap())(opening)
            };
            camera.script = Arc::new(Mutex::new(Box::new(count)));
        });
        daemon.pace = pace;
        *daemon.who.lock().unwrap() = Somebody::Nobody;
        daemon.photo(b"a photo");
        daemon.look();
        assert_eq!(daemon.decided().1, FaceOutcome::Unclear { advice: Some(Advice::NoFace) });
        frames.load(Ordering::Relaxed)
    };
    let (usual, slow) = (frames(Pace::Usual), frames(Pace::Slow));
    assert!(slow > usual * 5 / 2 && slow < usual * 7 / 2, "{usual} {slow}");
}

/// The table of the camera's life in README.md: what the light is after each row.
#[test]
fn the_camera_is_on_from_look_to_decision_stop_failure_or_end_and_never_else() {
    // Stop.
    let mut daemon = Daemon::ready(|_| ());
    daemon.look();
    daemon.until_open();
    daemon.order(&ToWorker::Stop);
    while daemon.news() != (FromWorker::Camera { number: 1, on: false }) {}
    assert!(!daemon.count().is_open());
    // Stop without a try, and a photo, change nothing.
    daemon.order(&ToWorker::Stop);
    daemon.photo(b"a photo");
    assert_eq!(daemon.news(), FromWorker::Photo { usable: true });
    assert_eq!(daemon.count(), Count { opened: 1, closed: 1 });
    // A second Look while one is under way begins anew, with one camera.
    daemon.look();
    daemon.until_open();
    daemon.look();
    assert_eq!(daemon.decided().1, FaceOutcome::Match);
    assert!(!daemon.count().is_open());
    // The daemon's end of the socket closes.
    daemon.look();
    daemon.until_open();
    let count = Arc::clone(&daemon.count);
    assert!(daemon.end().is_ok());
    assert!(!count.0.lock().unwrap().is_open());
}

#[test]
fn all_news_of_a_try_carry_its_number_also_when_the_next_one_was_ordered_meanwhile() {
    let numbers = |news: &[FromWorker]| -> Vec<u32> {
        let number = |one: &FromWorker| match one {
            FromWorker::Camera { number, .. }
            | FromWorker::Looking { number, .. }
            | FromWorker::Comparing { number, .. }
            | FromWorker::Decided { number, .. } => Some(*number),
            FromWorker::Ready { .. } | FromWorker::Closed { .. } | FromWorker::Photo { .. } => None,
        };
        news.iter().filter_map(number).collect()
    };
    let mut daemon = Daemon::ready(|_| ());
    daemon.number = 40;
    daemon.look();
    while !matches!(daemon.news(), FromWorker::Camera { number: 41, on: true }) {}
    daemon.look();
    daemon.photo(b"a photo");
    let (news, outcome) = daemon.decided();
    assert_eq!(outcome, FaceOutcome::Match);
    let numbers = numbers(&news);
    assert!(numbers.is_sorted() && numbers.iter().all(|number| [41, 42].contains(number)), "{numbers:?}");
    assert!(
        news.contains(&FromWorker::Camera { number: 41, on: false }),
        "the first try's light goes off under its number"
    );
    assert!(news.contains(&FromWorker::Camera { number: 42, on: true }));
}

/// Reads the pictures a kiosk gets until one of this kind.
fn picture(kiosk: &mut UnixStream, kind: PictureKind) -> Header {
    loop {
        let mut bytes = [0; HEADER];
        kiosk.read_exact(&mut bytes).unwrap();
        let header = Header::decode(&bytes).unwrap();
        kiosk.read_exact(&mut vec![0; header.picture_bytes()]).unwrap();
        if header.kind == kind {
            return header;
        }
    }
}

#[test]
fn staff_compare_the_photo_beside_the_live_picture_and_nothing_is_judged() {
    let (ours, mut kiosk) = UnixStream::pair().unwrap();
    kiosk.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut daemon = start_with(|_| {}, || Ok(()), Preview::start(ours, Duration::from_secs(30)));
    daemon.news();
    daemon.order(&ToWorker::Compare { number: 1 });
    assert_eq!(daemon.news(), FromWorker::Comparing { number: 1, photo: false }, "the photo is still being read");
    assert_eq!(daemon.news(), FromWorker::Camera { number: 1, on: true });
    let photo = include_bytes!("../../../../apdu-fixtures/photo/plain-grey.jp2");
    daemon.order(&ToWorker::Photo { bytes: u32::try_from(photo.len()).unwrap() });
    daemon.link.write_all(photo).unwrap();
    assert_eq!(daemon.news(), FromWorker::Photo { usable: false }, "no face in it, but staff can look");
    assert_eq!(daemon.news(), FromWorker::Comparing { number: 1, photo: true });
    picture(&mut kiosk, PictureKind::Photo);
    picture(&mut kiosk, PictureKind::Live);
    daemon.order(&ToWorker::Stop);
    assert_eq!(daemon.news(), FromWorker::Camera { number: 1, on: false });
}
