use std::sync::mpsc::{Receiver, channel};

use super::*;
use crate::testing::{Count, Script, TestCamera};

const QUICK: Deadlines = Deadlines {
    first: Duration::from_millis(30),
    frame: Duration::from_millis(30),
    close: Duration::from_secs(20),
    call: Duration::from_millis(20),
};

struct Bench {
    capture: Capture,
    news: Receiver<CaptureNews>,
    count: Arc<(Mutex<Count>, Condvar)>,
    pictures: Arc<Mutex<Vec<u8>>>,
}

fn bench(deadlines: Deadlines, camera: TestCamera) -> Bench {
    let (sender, news) = channel();
    let count = Arc::clone(&camera.count);
    let pictures: Arc<Mutex<Vec<u8>>> = Arc::default();
    let seen = Arc::clone(&pictures);
    let capture = Capture::start(
        Box::new(camera),
        Box::new(move |one| {
            let _ = sender.send(one);
        }),
        Box::new(move |frame: &Arc<Frame>| seen.lock().unwrap().push(frame.rgb()[0])),
        deadlines,
    );
    Bench { capture, news, count, pictures }
}

impl Bench {
    fn count(&self) -> Count {
        *self.count.0.lock().unwrap()
    }

    fn news(&self) -> CaptureNews {
        self.news.recv_timeout(Duration::from_secs(30)).expect("news")
    }

    /// Until one that is no frame.
    fn other_news(&self) -> CaptureNews {
        loop {
            let news = self.news();
            if !matches!(news, CaptureNews::Frame(_)) {
                return news;
            }
        }
    }
}

fn frame(value: u8) -> Frame {
    Frame::from_rgb(1, 1, vec![value; 3], u64::from(value)).unwrap()
}

/// Frames 1, 2, 3 … every two milliseconds.
fn steady() -> Script {
    let mut value = 0_u8;
    Box::new(move |_| {
        thread::sleep(Duration::from_millis(2));
        value = value.wrapping_add(1);
        Ok(frame(value))
    })
}

#[test]
fn the_camera_is_open_from_open_to_close_and_never_else() {
    let bench = bench(Deadlines::default(), TestCamera::new(steady()));
    assert_eq!(bench.count(), Count::default());
    for round in 1..=3 {
        assert_eq!(bench.capture.open(), round);
        loop {
            let news = bench.news();
            assert!(!matches!(news, CaptureNews::Failed(..)), "{news:?}");
            if news == CaptureNews::Frame(round) {
                break;
            }
        }
        assert!(bench.count().is_open());
        assert!(bench.capture.close());
        let round = u32::try_from(round).unwrap();
        assert_eq!(bench.count(), Count { opened: round, closed: round });
        assert!(bench.capture.take().is_none(), "no frame outlives the camera's light");
    }
}

#[test]
fn only_the_latest_frame_waits_and_every_one_is_shown() {
    let bench = bench(Deadlines::default(), TestCamera::new(steady()));
    bench.capture.open();
    assert_eq!(bench.news(), CaptureNews::On(1));
    assert_eq!(bench.news(), CaptureNews::Frame(1));
    while bench.pictures.lock().unwrap().len() < 20 {
        thread::yield_now();
    }
    let latest = bench.capture.take().unwrap().rgb()[0];
    assert!(latest >= 20, "frame {latest}");
    bench.capture.close();
    let pictures = bench.pictures.lock().unwrap();
    assert!(pictures.is_sorted() && pictures[0] == 1);
    // One news for all those frames, one more after the slot was emptied.
    assert!(bench.news.try_iter().count() <= 1);
}

#[test]
fn a_camera_that_stalls_is_opened_anew_and_may_recover() {
    let mut steady = steady();
    let script: Script = Box::new(move |opening| if opening < 3 { Err(CameraError::Stalled) } else { steady(opening) });
    let bench = bench(QUICK, TestCamera::new(script));
    bench.capture.open();
    for _ in 0..2 {
        assert_eq!(bench.news(), CaptureNews::On(1));
        assert_eq!(bench.news(), CaptureNews::Off(1));
    }
    assert_eq!(bench.news(), CaptureNews::On(1));
    assert_eq!(bench.news(), CaptureNews::Frame(1));
    assert!(bench.capture.close());
    assert_eq!(bench.count(), Count { opened: 3, closed: 3 });
}

#[test]
fn a_camera_that_stays_stalled_or_only_sends_damage_has_failed_and_is_off() {
    for error in [CameraError::Stalled, CameraError::Damaged] {
        let bench = bench(QUICK, TestCamera::new(Box::new(move |_| Err(error))));
        bench.capture.open();
        let mut light = Vec::new();
        let failed = loop {
            match bench.news() {
                CaptureNews::On(_) => light.push(true),
                CaptureNews::Off(_) => light.push(false),
                other @ (CaptureNews::Frame(_) | CaptureNews::Failed(..)) => break other,
            }
        };
        assert_eq!(failed, CaptureNews::Failed(1, CameraError::Stalled));
        assert_eq!(light, [true, false, true, false, true]);
        assert_eq!(bench.count(), Count { opened: 3, closed: 3 });
        assert!(bench.capture.close());
    }
}

#[test]
fn a_damaged_frame_between_good_ones_is_left_out() {
    let mut steady = steady();
    let mut turn = 0;
    let script: Script = Box::new(move |opening| {
        turn += 1;
        if turn % 3 == 0 { Err(CameraError::Damaged) } else { steady(opening) }
    });
    let bench = bench(Deadlines::default(), TestCamera::new(script));
    bench.capture.open();
    while bench.pictures.lock().unwrap().len() < 30 {
        thread::yield_now();
    }
    bench.capture.close();
    assert!(!bench.news.try_iter().any(|news| matches!(news, CaptureNews::Failed(..))));
    assert_eq!(bench.count().opened, 1);
}

#[test]
fn an_unplugged_camera_has_failed_at_once_and_can_be_opened_again() {
    let mut steady = steady();
    let mut left = 3;
    let script: Script = Box::new(move |opening| {
        left -= 1;
        if opening == 1 && left < 0 { Err(CameraError::Gone) } else { steady(opening) }
    });
    let bench = bench(Deadlines::default(), TestCamera::new(script));
    bench.capture.open();
    assert_eq!(bench.other_news(), CaptureNews::On(1));
    assert_eq!(bench.other_news(), CaptureNews::Failed(1, CameraError::Gone));
    assert_eq!(bench.count(), Count { opened: 1, closed: 1 });
    bench.capture.open();
    assert_eq!(bench.other_news(), CaptureNews::On(2));
    assert_eq!(bench.news(), CaptureNews::Frame(2));
}

#[test]
fn a_camera_that_is_taken_says_so() {
    let camera = TestCamera { refuses: Some(CameraError::Busy), ..TestCamera::new(steady()) };
    let bench = bench(Deadlines::default(), camera);
    bench.capture.open();
    assert_eq!(bench.news(), CaptureNews::Failed(1, CameraError::Busy));
    assert!(bench.capture.close());
}

#[test]
fn a_call_that_does_not_come_back_is_seen_and_left_behind() {
    let (release, gate) = channel::<()>();
    let script: Script = Box::new(move |_| {
        let _ = gate.recv();
        Err(CameraError::Gone)
    });
    let bench = bench(Deadlines { close: Duration::from_millis(10), ..QUICK }, TestCamera::new(script));
    bench.capture.open();
    assert_eq!(bench.news(), CaptureNews::On(1));
    while !bench.capture.stuck() {
        thread::yield_now();
    }
    assert!(!bench.capture.close(), "closing cannot be vouched for");
    drop(release);
}

#[test]
fn closing_before_the_thread_woke_up_leaves_the_camera_off() {
    let bench = bench(Deadlines::default(), TestCamera::new(steady()));
    for _ in 0..200 {
        bench.capture.open();
        assert!(bench.capture.close());
        assert!(!bench.count().is_open());
    }
}
