use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use card::{Channel, ChannelError, PinEntry, Presence};
use session::{CodeSource, OtherCard};
use tokio::{sync::mpsc, time::timeout};

use super::*;
use crate::{input::Driver, watched_channel::Request};

const PATIENCE: Duration = Duration::from_secs(20);

/// What the reader of a test does when it is asked for a card.
enum Connecting {
    /// No card.
    Fails,
    /// Another program holds the card.
    Shared,
    /// The program breaks.
    Panics,
    /// The call does not return before something is sent here.
    Hangs(Mutex<std::sync::mpsc::Receiver<()>>),
    /// A card that answers every command with this.
    Answers(&'static [u8], Arc<AtomicUsize>),
}

impl Reader for Connecting {
    fn name(&self) -> String {
        "test".into()
    }

    fn wait(&self, _: Presence, _: Duration) -> Presence {
        Presence::NoReader
    }

    fn connect(&self) -> Result<Box<dyn Channel>, ChannelError> {
        match self {
            Self::Fails => Err(ChannelError::Mute),
            Self::Shared => Err(ChannelError::Shared),
            Self::Panics => panic!("as the test wants it"),
            Self::Hangs(free) => {
                free.lock().unwrap().recv().unwrap();
                Err(ChannelError::NotTransacted)
            }
            Self::Answers(answer, powered) => {
                powered.fetch_add(1, Ordering::SeqCst);
                Ok(Box::new(Card(answer, Arc::clone(powered))))
            }
        }
    }
}

/// Counts as powered while it lives.
struct Card(&'static [u8], Arc<AtomicUsize>);

impl Channel for Card {
    fn atr(&self) -> &[u8] {
        &[]
    }

    fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, ChannelError> {
        Ok(self.0.to_vec())
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A root that exists only here: the driver needs one to start.
const ANCHOR: &str = include_str!("test-anchor.pem");

fn start(reader: Connecting, limit: Duration) -> (CardDriver, mpsc::Receiver<Input>) {
    start_with(reader, None, limit)
}

fn start_with(
    reader: Connecting,
    scanner: Option<Arc<dyn SurfaceScanner>>,
    limit: Duration,
) -> (CardDriver, mpsc::Receiver<Input>) {
    let (inputs, heard) = mpsc::channel(16);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("root.pem"), ANCHOR).unwrap();
    let anchors = TrustAnchors::from_directory(folder.path()).unwrap();
    let trust = Arc::new(Trust { anchors, signers: SignerKeys::none() });
    (CardDriver::start(Arc::new(reader), Slot::Card, scanner, trust, limit, inputs).unwrap(), heard)
}

async fn next(heard: &mut mpsc::Receiver<Input>) -> Input {
    timeout(PATIENCE, heard.recv()).await.expect("nothing was heard").expect("the driver is gone")
}

fn pin() -> Pin {
    let mut entry = PinEntry::new();
    b"1234".iter().for_each(|digit| assert!(entry.push(*digit)));
    entry.take().unwrap()
}

fn order(visit: u64) -> VerifyOrder {
    VerifyOrder { visit: VisitId(visit), identity: [0; 32], tries_left: 3 }
}

#[tokio::test]
async fn a_reader_that_cannot_connect_is_an_unreadable_card() {
    let (driver, mut heard) = start(Connecting::Fails, PATIENCE);
    driver.read(VisitId(1));
    let read = next(&mut heard).await;
    assert!(matches!(read, Input::Card(CardAnswer::Read(VisitId(1), CardReading::Unreadable, None, 0))));
}

#[tokio::test]
async fn a_card_that_another_program_holds_is_the_readers_trouble() {
    let (driver, mut heard) = start(Connecting::Shared, PATIENCE);
    driver.read(VisitId(1));
    let read = next(&mut heard).await;
    assert!(matches!(read, Input::Card(CardAnswer::Read(VisitId(1), CardReading::Wedged, None, 0))));
}

#[tokio::test]
async fn a_panic_is_an_unreadable_card_and_the_daemon_hears_that_the_driver_broke() {
    let (driver, mut heard) = start(Connecting::Panics, PATIENCE);
    for visit in [VisitId(1), VisitId(2)] {
        driver.read(visit);
        let read = next(&mut heard).await;
        assert!(matches!(read, Input::Card(CardAnswer::Read(id, CardReading::Unreadable, None, _)) if id == visit));
        assert!(matches!(next(&mut heard).await, Input::Broken(Driver::Card)));
    }
}

#[tokio::test]
async fn law_11_a_call_that_does_not_return_makes_the_reader_wedged_until_it_does() {
    let (free, freed) = std::sync::mpsc::channel();
    let (driver, mut heard) = start(Connecting::Hangs(Mutex::new(freed)), Duration::from_millis(10));
    driver.read(VisitId(1));
    let read = next(&mut heard).await;
    assert!(matches!(read, Input::Card(CardAnswer::Read(VisitId(1), CardReading::Wedged, None, _))));
    assert!(matches!(next(&mut heard).await, Input::Card(CardAnswer::Wedged(Slot::Card))));
    free.send(()).unwrap();
    // The late answer of the call is dropped.
    assert!(matches!(next(&mut heard).await, Input::Card(CardAnswer::Returned(Slot::Card))));
    driver.verify(order(1), pin(), Vec::new());
    assert!(matches!(next(&mut heard).await, Input::Card(CardAnswer::Pin(_, PinResult::NotSent, None, 0))));
}

#[tokio::test]
async fn law_2_the_card_is_powered_down_at_finish_and_when_the_driver_ends() {
    let powered = Arc::new(AtomicUsize::new(0));
    let (driver, mut heard) = start(Connecting::Answers(&[0x6A, 0x82], Arc::clone(&powered)), PATIENCE);
    for visit in [VisitId(1), VisitId(2)] {
        driver.read(visit);
        let read = next(&mut heard).await;
        assert!(matches!(read, Input::Card(CardAnswer::Read(_, CardReading::Other(OtherCard::Unknown), None, _))));
        assert_eq!(powered.load(Ordering::SeqCst), 1);
        driver.finish(visit);
        // Orders are carried out one after the other: when this one is answered, the one before it is done.
        driver.verify(order(visit.0), pin(), Vec::new());
        assert!(matches!(next(&mut heard).await, Input::Card(CardAnswer::Pin(_, PinResult::NotSent, None, 0))));
        assert_eq!(powered.load(Ordering::SeqCst), 0);
    }
    driver.read(VisitId(3));
    next(&mut heard).await;
    assert_eq!(powered.load(Ordering::SeqCst), 1);
    drop(driver);
    assert_eq!(powered.load(Ordering::SeqCst), 0);
}

struct Scanner(Option<[u8; 14]>);

impl SurfaceScanner for Scanner {
    fn scan(&self, _: Duration) -> Option<SurfaceCode> {
        self.0.and_then(|digits| SurfaceCode::from_digits(&digits))
    }
}

fn photo_order(visit: u64, code: CodeSource) -> PhotoOrder {
    PhotoOrder { visit: VisitId(visit), identity: [0; 32], code }
}

async fn photo(heard: &mut mpsc::Receiver<Input>) -> PhotoResult {
    let Input::Card(CardAnswer::Photo(_, PhotoRead::Not(result), _)) = next(heard).await else {
        panic!("no answer to the photo order")
    };
    result
}

#[tokio::test]
async fn a_photo_is_read_only_from_the_card_that_this_visit_read() {
    let powered = Arc::new(AtomicUsize::new(0));
    let scanner = Arc::new(Scanner(Some(*b"25040120301234")));
    let (driver, mut heard) =
        start_with(Connecting::Answers(&[0x6A, 0x82], Arc::clone(&powered)), Some(scanner), PATIENCE);
    assert_eq!(driver.read_photo(photo_order(1, CodeSource::Scanner)), None);
    assert_eq!(photo(&mut heard).await, PhotoResult::NotRead, "nothing was read");
    driver.read(VisitId(1));
    next(&mut heard).await;
    assert_eq!(driver.read_photo(photo_order(1, CodeSource::Scanner)), None);
    assert_eq!(photo(&mut heard).await, PhotoResult::Changed, "what lies there is not the visit's card");
    driver.finish(VisitId(1));
    assert_eq!(driver.read_photo(photo_order(1, CodeSource::Scanner)), None);
    assert_eq!(photo(&mut heard).await, PhotoResult::NotRead, "the visit is over");
}

#[tokio::test]
async fn a_surface_that_cannot_be_read_is_keyed_in_and_no_card_is_asked() {
    let (driver, mut heard) = start_with(Connecting::Panics, Some(Arc::new(Scanner(None))), PATIENCE);
    assert_eq!(driver.read_photo(photo_order(1, CodeSource::Scanner)), None);
    assert_eq!(photo(&mut heard).await, PhotoResult::NoSurfaceCode);
    let digits = |text: &str| screen::SurfaceDigits(text.to_owned());
    let keyed = CodeSource::Keyed {
        era: screen::Era::Showa,
        birth_date: digits("641301"),
        expiry_year: digits("2030"),
        security_code: digits("1234"),
    };
    assert_eq!(driver.read_photo(photo_order(1, keyed)), Some(PhotoResult::Implausible));
}

#[tokio::test]
async fn a_pin_less_step_without_a_card_sends_and_asks_nothing() {
    let (driver, mut heard) = start(Connecting::Fails, PATIENCE);
    let (relay, mut questions) = ServiceRelay::new(PATIENCE);
    let order = PinLessOrder { visit: VisitId(1), identity: [0; 32], by: session::ProvedBy::Face };
    driver.sign_without_pin(order, relay, Vec::new());
    let answer = next(&mut heard).await;
    assert!(matches!(answer, Input::Card(CardAnswer::PinLess(VisitId(1), PinLessResult::NotSigned, None, 0))));
    assert!(questions.recv().await.is_none());
}

#[tokio::test]
async fn a_visit_that_is_over_is_not_read() {
    let powered = Arc::new(AtomicUsize::new(0));
    let (driver, mut heard) = start(Connecting::Answers(&[0x90, 0x00], Arc::clone(&powered)), PATIENCE);
    driver.finish(VisitId(5));
    driver.read(VisitId(5));
    let read = next(&mut heard).await;
    assert!(matches!(read, Input::Card(CardAnswer::Read(VisitId(5), CardReading::Unreadable, None, 0))));
}

#[test]
fn law_1_what_the_patient_hears_of_a_lost_pin_depends_on_whether_it_was_handed_over() {
    let seen = |pin_sent| Seen { exchanges: 1, pin_sent, given_up: false };
    let lost = |pin_sent| failure(Request::Verify(VisitId(1)), seen(pin_sent), CardReading::Wedged);
    assert!(matches!(lost(true), Some(CardAnswer::Pin(_, PinResult::Lost, None, 1))));
    assert!(matches!(lost(false), Some(CardAnswer::Pin(_, PinResult::NotSent, None, 1))));
    assert!(failure(Request::PowerDown(VisitId(1)), seen(false), CardReading::Wedged).is_none());
    let other = |request| failure(request, seen(true), CardReading::Wedged);
    let photo = other(Request::ReadPhoto(VisitId(1)));
    assert!(matches!(photo, Some(CardAnswer::Photo(_, PhotoRead::Not(PhotoResult::NotRead), 1))));
    let pin_less = other(Request::SignWithoutPin(VisitId(1)));
    assert!(matches!(pin_less, Some(CardAnswer::PinLess(_, PinLessResult::NotSigned, None, 1))));
}
