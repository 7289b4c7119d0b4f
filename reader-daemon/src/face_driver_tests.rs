use std::{
    fs, io,
    os::unix::net::UnixStream as BlockingStream,
    path::{Path, PathBuf},
    time::Duration,
};

use face::{
    ClosedBecause, FromWorker, ToWorker,
    link::{encode_news, encode_order},
};
use screen::Advice;
use session::FaceOutcome;
use tempfile::TempDir;
use tokio::time::timeout;

use super::*;
use crate::weights::LEAST;

const PATIENCE: Duration = Duration::from_secs(20);
const WEIGHTS: &str = "net@0123456789abcdef";
const PHOTO: &[u8] = b"a photo of forty bytes, as a card has it";
const VISIT: VisitId = VisitId(1);

/// What the worker of a test does, one after the other. Its program is a shell script: bytes on a socket are all there is
/// to the protocol.
enum Act {
    Say(FromWorker),
    Garbage,
    /// Shows something to the kiosk.
    Paint,
    /// Takes this order off the socket, and the photo behind it.
    Hear(ToWorker),
    /// Stays and is silent.
    Hang,
    End,
}

use Act::{End, Garbage, Hang, Hear, Paint, Say};

fn ready() -> FromWorker {
    FromWorker::Ready { weights: WEIGHTS.into(), level: LEAST, camera: "of the test".into() }
}

fn photo_order() -> ToWorker {
    ToWorker::Photo { bytes: u32::try_from(PHOTO.len()).unwrap() }
}

fn decided(outcome: face::FaceOutcome) -> FromWorker {
    FromWorker::Decided { number: 1, outcome }
}

fn look(number: u32) -> ToWorker {
    ToWorker::Look { number, pace: face::Pace::Usual }
}

struct Stage {
    folder: TempDir,
    driver: FaceDriver,
    news: mpsc::Receiver<Input>,
    previews: mpsc::Sender<OwnedFd>,
}

/// The first worker does the first of `lives`, its successor the next; the last one is lived again and again.
fn stage(lives: Vec<Vec<Act>>, patience: Patience) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    for (number, acts) in (1..).zip(&lives) {
        fs::write(folder.path().join(format!("life-{number}")), script(folder.path(), number, acts)).unwrap();
    }
    // Counts itself, then becomes the script of its number.
    let begin = format!(
        "PATH=/usr/bin:/bin\ncd {folder}\necho $$ >> starts\nnumber=$(wc -l < starts)\n\
         [ $number -gt {last} ] && number={last}\nexec /bin/sh life-$number\n",
        folder = folder.path().display(),
        last = lives.len(),
    );
    fs::write(folder.path().join("worker"), begin).unwrap();
    let (inputs, news) = mpsc::channel(16);
    let (previews, connections) = mpsc::channel(4);
    let how = FaceWorker::new("/bin/sh", [folder.path().join("worker")]);
    let driver = FaceDriver::patient(how, Weights::named(WEIGHTS), connections, inputs, patience);
    Stage { folder, driver, news, previews }
}

fn script(folder: &Path, life: usize, acts: &[Act]) -> String {
    let mut text = "PATH=/usr/bin:/bin\n".to_owned();
    for (at, act) in acts.iter().enumerate() {
        let file = format!("news-{life}-{at}");
        text += &match act {
            Say(news) => {
                fs::write(folder.join(&file), encode_news(news)).unwrap();
                format!("cat {file} >&0\n")
            }
            Garbage => "echo '....garbage' >&0\n".to_owned(),
            Paint => "echo picture\n".to_owned(),
            Hear(order) => {
                let photo = if matches!(order, ToWorker::Photo { .. }) { PHOTO.len() } else { 0 };
                format!("head -c {} > heard-{life}-{at}\n", encode_order(order).len() + photo)
            }
            Hang => "exec sleep 1000\n".to_owned(),
            End => "exit 0\n".to_owned(),
        };
    }
    text
}

impl Stage {
    async fn next(&mut self) -> FaceNews {
        let heard = timeout(PATIENCE, self.news.recv()).await.expect("nothing was heard");
        let Some(Input::Face(news)) = heard else { panic!("not of the face driver") };
        news
    }

    async fn ready(&mut self) {
        let news = self.next().await;
        assert!(matches!(news, FaceNews::Way(FaceWay::Ready)), "{news:?}");
    }

    async fn gone(&mut self) {
        let news = self.next().await;
        assert!(matches!(news, FaceNews::Seen(VISIT, FaceSeen::Decided(FaceOutcome::Gone))), "{news:?}");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Process ids of the workers so far.
    fn starts(&self) -> Vec<u32> {
        let text = fs::read_to_string(self.path("starts")).unwrap_or_default();
        text.lines().map(|line| line.parse().unwrap()).collect()
    }

    fn photo(&self) {
        self.driver.photo_comes(VISIT);
        self.driver.photo(VISIT, Photo::from(PHOTO.to_vec()));
    }

    async fn ends(&self, process: u32) {
        for _ in 0..1000 {
            if !is_running(process) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{process} still runs");
    }
}

/// Not a zombie either.
fn is_running(process: u32) -> bool {
    fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn whole_try(outcome: face::FaceOutcome) -> Vec<Act> {
    vec![
        Say(ready()),
        Hear(look(1)),
        Say(FromWorker::Camera { number: 1, on: true }),
        Say(FromWorker::Looking { number: 1, advice: Some(Advice::Wait), movement: None, progress: 0 }),
        Hear(photo_order()),
        Say(FromWorker::Photo { usable: true }),
        Say(FromWorker::Camera { number: 1, on: false }),
        Say(decided(outcome)),
        Hang,
    ]
}

#[tokio::test]
async fn law_6_a_worker_has_the_photo_of_one_visit_and_is_killed_at_its_end() {
    let mut stage = stage(vec![whole_try(face::FaceOutcome::Match), vec![Say(ready()), Hang]], Patience::default());
    stage.ready().await;
    stage.driver.look(VISIT, Pace::Usual);
    let looking = stage.next().await;
    assert!(matches!(looking, FaceNews::Seen(VISIT, FaceSeen::Looking { advice: Some(Advice::Wait), .. })));
    stage.photo();
    assert!(matches!(stage.next().await, FaceNews::Photo(VISIT, true)));
    assert!(matches!(stage.next().await, FaceNews::Match(VISIT, weights) if weights == WEIGHTS));
    let heard = fs::read(stage.path("heard-1-4")).unwrap();
    assert_eq!(heard, [encode_order(&photo_order()).as_slice(), PHOTO].concat());
    let first = stage.starts()[0];
    assert!(is_running(first));
    stage.driver.finish(VISIT);
    stage.ends(first).await;
    stage.ready().await;
    assert_eq!(stage.starts().len(), 2, "a successor waits, warm");
}

#[tokio::test]
async fn a_visit_that_never_touched_the_worker_leaves_it_to_the_next() {
    let mut stage = stage(vec![whole_try(face::FaceOutcome::NoMatch)], Patience::default());
    stage.ready().await;
    stage.driver.photo_comes(VisitId(0));
    stage.driver.finish(VisitId(0));
    stage.driver.look(VISIT, Pace::Usual);
    stage.next().await;
    stage.photo();
    assert!(matches!(stage.next().await, FaceNews::Photo(VISIT, true)));
    assert!(matches!(stage.next().await, FaceNews::Seen(VISIT, FaceSeen::Decided(FaceOutcome::NoMatch))));
    assert_eq!(stage.starts().len(), 1);
}

#[tokio::test]
async fn law_4_nothing_of_a_visit_that_is_over_reaches_a_worker() {
    let mut stage = stage(vec![vec![Say(ready()), Hear(look(1)), End]], Patience::default());
    stage.ready().await;
    stage.driver.finish(VISIT);
    stage.photo();
    stage.driver.look(VISIT, Pace::Usual);
    stage.driver.look(VisitId(2), Pace::Usual);
    // The worker ends when it has heard one order: it was the second visit's.
    let gone = stage.next().await;
    assert!(matches!(gone, FaceNews::Seen(VisitId(2), FaceSeen::Decided(FaceOutcome::Gone))), "{gone:?}");
}

#[tokio::test]
async fn law_8_an_attack_is_final_for_the_visit_whatever_worker_comes() {
    let mut stage = stage(vec![whole_try(face::FaceOutcome::Attack)], Patience::default());
    stage.ready().await;
    stage.driver.look(VISIT, Pace::Usual);
    stage.next().await;
    stage.photo();
    stage.next().await;
    for _ in 0..2 {
        let news = stage.next().await;
        assert!(matches!(news, FaceNews::Seen(VISIT, FaceSeen::Decided(FaceOutcome::Attack))), "{news:?}");
        stage.driver.look(VISIT, Pace::Usual);
    }
}

#[tokio::test]
async fn a_new_worker_does_not_begin_to_count_tries_anew_in_the_same_visit() {
    let mut life = whole_try(face::FaceOutcome::NoMatch);
    life.pop();
    life.push(End);
    let mut stage = stage(vec![life, vec![Say(ready()), Hang]], Patience::default());
    stage.ready().await;
    stage.driver.look(VISIT, Pace::Usual);
    stage.next().await;
    stage.photo();
    stage.next().await;
    assert!(matches!(stage.next().await, FaceNews::Seen(VISIT, FaceSeen::Decided(FaceOutcome::NoMatch))));
    stage.ready().await;
    stage.driver.look(VISIT, Pace::Usual);
    let news = stage.next().await;
    assert!(matches!(news, FaceNews::Seen(VISIT, FaceSeen::Decided(FaceOutcome::Unclear(None)))), "{news:?}");
    stage.driver.look(VisitId(2), Pace::Usual);
    stage.driver.stop(VisitId(2));
    stage.driver.finish(VisitId(2));
    stage.ready().await;
    assert_eq!(stage.starts().len(), 3, "the next visit had a worker of its own");
}

#[tokio::test]
async fn a_worker_lost_in_the_first_try_or_after_a_stop_takes_the_visits_tries_with_it() {
    let begun = || vec![Say(ready()), Hear(look(1))];
    let seen = || Say(FromWorker::Looking { number: 1, advice: None, movement: None, progress: 1 });
    let running = [begun(), vec![End]];
    let gone = [begun(), vec![Say(decided(face::FaceOutcome::Gone)), Hang]];
    let stopped = [begun(), vec![seen(), Hear(ToWorker::Stop), End]];
    for (acts, stops) in [(running, false), (gone, false), (stopped, true)] {
        let acts = acts.into_iter().flatten().collect();
        let mut stage = stage(vec![acts, vec![Say(ready()), Hang]], Patience::default());
        stage.ready().await;
        stage.driver.photo_comes(VISIT);
        stage.driver.look(VISIT, Pace::Usual);
        if stops {
            assert!(matches!(stage.next().await, FaceNews::Seen(VISIT, FaceSeen::Looking { .. })));
            stage.driver.stop(VISIT);
        } else {
            stage.gone().await;
        }
        stage.ready().await;
        for _ in 0..2 {
            stage.driver.look(VISIT, Pace::Usual);
            let news = stage.next().await;
            assert!(matches!(news, FaceNews::Seen(VISIT, FaceSeen::Decided(FaceOutcome::Unclear(None)))), "{news:?}");
        }
        assert_eq!(stage.starts().len(), 2);
    }
}

#[tokio::test]
async fn news_of_a_try_that_was_stopped_is_not_the_next_ones() {
    let of = |number, outcome| Say(FromWorker::Decided { number, outcome });
    let seen = |number, progress| Say(FromWorker::Looking { number, advice: None, movement: None, progress });
    let life = vec![
        Say(ready()),
        Hear(photo_order()),
        Say(FromWorker::Photo { usable: true }),
        Hear(look(1)),
        Say(FromWorker::Camera { number: 1, on: true }),
        seen(1, 1),
        Hear(ToWorker::Stop),
        Hear(look(2)),
        // It had not heard of the stop.
        seen(1, 50),
        of(1, face::FaceOutcome::Match),
        Say(FromWorker::Camera { number: 1, on: false }),
        Say(FromWorker::Camera { number: 2, on: true }),
        of(3, face::FaceOutcome::Match),
        seen(2, 2),
        Say(FromWorker::Camera { number: 2, on: false }),
        of(2, face::FaceOutcome::NoMatch),
        Hang,
    ];
    let mut stage = stage(vec![life], Patience::default());
    stage.ready().await;
    stage.photo();
    assert!(matches!(stage.next().await, FaceNews::Photo(VISIT, true)));
    stage.driver.look(VISIT, Pace::Usual);
    assert!(matches!(stage.next().await, FaceNews::Seen(VISIT, FaceSeen::Looking { progress: 1, .. })));
    stage.driver.stop(VISIT);
    stage.driver.look(VISIT, Pace::Usual);
    let news = stage.next().await;
    assert!(matches!(news, FaceNews::Seen(VISIT, FaceSeen::Looking { progress: 2, .. })), "{news:?}");
    let news = stage.next().await;
    assert!(matches!(news, FaceNews::Seen(VISIT, FaceSeen::Decided(FaceOutcome::NoMatch))), "{news:?}");
}

#[tokio::test]
async fn law_8_an_attack_of_a_try_that_was_stopped_is_final_too() {
    let attack = || Say(decided(face::FaceOutcome::Attack));
    let begin = || {
        vec![
            Say(ready()),
            Hear(look(1)),
            Say(FromWorker::Looking { number: 1, advice: None, movement: None, progress: 1 }),
            Hear(ToWorker::Stop),
        ]
    };
    // Told while nobody looks, and into the next try, which ends with it.
    for (next, then) in
        [(false, vec![attack(), Hang]), (true, vec![Hear(look(2)), attack(), Hear(ToWorker::Stop), Hang])]
    {
        let life = begin().into_iter().chain(then).collect();
        let mut stage = stage(vec![life], Patience::default());
        stage.ready().await;
        stage.driver.photo_comes(VISIT);
        stage.driver.look(VISIT, Pace::Usual);
        assert!(matches!(stage.next().await, FaceNews::Seen(VISIT, FaceSeen::Looking { .. })));
        stage.driver.stop(VISIT);
        if next {
            stage.driver.look(VISIT, Pace::Usual);
        }
        for _ in 0..2 {
            let news = stage.next().await;
            assert!(matches!(news, FaceNews::Seen(VISIT, FaceSeen::Decided(FaceOutcome::Attack))), "{news:?}");
            stage.driver.look(VISIT, Pace::Usual);
        }
    }
}

#[tokio::test]
async fn a_match_without_a_photo_is_none() {
    let early = vec![Say(ready()), Hear(look(1)), Say(decided(face::FaceOutcome::Match)), Hang];
    let mut stage = stage(vec![early, vec![Say(ready()), Hang]], Patience::default());
    stage.ready().await;
    stage.driver.photo_comes(VISIT);
    stage.driver.look(VISIT, Pace::Usual);
    stage.gone().await;
    stage.ready().await;
}

#[tokio::test]
async fn a_worker_that_ends_or_talks_nonsense_in_a_try_is_gone_and_replaced() {
    for end in [vec![End], vec![Garbage, Hang], vec![Say(ready()), Hang], vec![Say(FromWorker::Photo { usable: true })]]
    {
        let mut life = vec![Say(ready()), Hear(look(1))];
        life.extend(end);
        let mut stage = stage(vec![life, vec![Say(ready()), Hang]], Patience::default());
        stage.ready().await;
        stage.driver.photo_comes(VISIT);
        stage.driver.look(VISIT, Pace::Usual);
        stage.gone().await;
        stage.ready().await;
        assert_eq!(stage.starts().len(), 2);
    }
}

#[tokio::test]
async fn a_photo_that_is_lost_with_its_worker_is_told() {
    let life = vec![Say(ready()), Hear(photo_order()), End];
    let mut stage = stage(vec![life, vec![Say(ready()), Hang]], Patience::default());
    stage.ready().await;
    stage.photo();
    stage.gone().await;
    assert!(matches!(stage.next().await, FaceNews::PhotoLost(VISIT)));
    stage.ready().await;
    // The session may believe that the worker still has it.
    stage.driver.look(VISIT, Pace::Usual);
    stage.gone().await;
}

#[tokio::test]
async fn law_11_a_worker_that_is_silent_is_killed() {
    let short = Duration::from_millis(50);
    let lives = [
        (Patience { ready: short, ..Patience::default() }, vec![Hang]),
        (Patience { silence: short, ..Patience::default() }, vec![Say(ready()), Hear(look(1)), Hang]),
        (Patience { photo: short, ..Patience::default() }, vec![Say(ready()), Hear(look(1)), Hang]),
    ];
    for (at, (patience, life)) in lives.into_iter().enumerate() {
        let mut stage = stage(vec![life, vec![Say(ready()), Hang]], patience);
        if at == 0 {
            let news = stage.next().await;
            assert!(matches!(news, FaceNews::Way(FaceWay::Closed(Reason::Camera))), "{news:?}");
        } else {
            stage.ready().await;
            stage.driver.look(VISIT, Pace::Usual);
            stage.photo();
            stage.gone().await;
        }
        let first = stage.starts().first().copied();
        if let Some(first) = first {
            stage.ends(first).await;
        }
    }
}

/// A try three times as long may be silent three times as long, and the worker is told.
#[tokio::test]
async fn who_needs_time_at_the_camera_is_not_taken_for_a_worker_that_hangs() {
    let silence = Duration::from_millis(400);
    for (pace, order) in [(Pace::Usual, face::Pace::Usual), (Pace::Slow, face::Pace::Slow)] {
        let look = ToWorker::Look { number: 1, pace: order };
        let patience = Patience { silence, ..Patience::default() };
        let mut stage = stage(vec![vec![Say(ready()), Hear(look), Hang], vec![Say(ready()), Hang]], patience);
        stage.ready().await;
        stage.driver.photo_comes(VISIT);
        let asked = std::time::Instant::now();
        stage.driver.look(VISIT, pace);
        stage.gone().await;
        let least = if pace == Pace::Slow { silence * 3 } else { silence };
        assert!(asked.elapsed() >= least, "{pace:?}: {:?}", asked.elapsed());
        assert_eq!(fs::read(stage.path("heard-1-1")).unwrap(), encode_order(&look), "{pace:?}");
    }
}

#[tokio::test]
async fn law_6_a_camera_that_stays_on_is_put_off_by_killing_its_worker() {
    let life = vec![
        Say(ready()),
        Hear(look(1)),
        Say(FromWorker::Camera { number: 1, on: true }),
        Say(FromWorker::Looking { number: 1, advice: None, movement: None, progress: 1 }),
        Hear(ToWorker::Stop),
        Hang,
    ];
    let patience = Patience { stop: Duration::from_millis(50), ..Patience::default() };
    let mut on = stage(vec![life, vec![Say(ready()), Hang]], patience);
    on.ready().await;
    on.driver.photo_comes(VISIT);
    on.driver.look(VISIT, Pace::Usual);
    on.next().await;
    on.driver.stop(VISIT);
    let first = on.starts()[0];
    on.ends(first).await;
    on.ready().await;
    // Nor may it go on again when the try is decided.
    let on_again = || Say(FromWorker::Camera { number: 1, on: true });
    let life = vec![Say(ready()), Hear(look(1)), Say(decided(face::FaceOutcome::NoMatch)), on_again(), Hang];
    let mut again = stage(vec![life, vec![Say(ready()), Hang]], Patience::default());
    again.ready().await;
    again.driver.photo_comes(VISIT);
    again.driver.look(VISIT, Pace::Usual);
    again.next().await;
    again.ready().await;
    assert_eq!(again.starts().len(), 2);
    // Nor may it go on by itself.
    let life = vec![Say(ready()), on_again(), Hang];
    let mut by_itself = stage(vec![life, vec![Say(ready()), Hang]], Patience::default());
    by_itself.ready().await;
    by_itself.ready().await;
    assert_eq!(by_itself.starts().len(), 2);
}

#[tokio::test]
async fn a_closed_way_is_told_with_its_reason_and_opens_again_by_itself() {
    let closed = |why| vec![Say(FromWorker::Closed { why, detail: "of the test".into() }), End];
    let lives = vec![closed(ClosedBecause::Models), closed(ClosedBecause::Camera), vec![Say(ready()), Hang]];
    let mut stage = stage(lives, Patience::default());
    assert!(matches!(stage.next().await, FaceNews::Way(FaceWay::Closed(Reason::FaceModels))));
    // In the pause there is no worker, and a visit does not wait for one.
    stage.driver.look(VISIT, Pace::Usual);
    stage.gone().await;
    assert!(matches!(stage.next().await, FaceNews::Way(FaceWay::Closed(Reason::Camera))));
    stage.ready().await;
}

#[tokio::test]
async fn weights_that_no_result_could_name_close_the_way() {
    let nameless = FromWorker::Ready { weights: "none".into(), level: LEAST, camera: String::new() };
    let mut stage = stage(vec![vec![Say(nameless), Hang]], Patience::default());
    assert!(matches!(stage.next().await, FaceNews::Way(FaceWay::Closed(Reason::FaceModels))));
}

#[tokio::test]
async fn law_12_a_worker_with_other_weights_than_those_that_are_shown_closes_the_way() {
    let of = |weights: &str, level| FromWorker::Ready { weights: weights.into(), level, camera: String::new() };
    for other in [
        of(WEIGHTS, face::WeightsLevel::Demonstration),
        of(WEIGHTS, face::WeightsLevel::Approved),
        of("net@fedcba9876543210", LEAST),
    ] {
        let mut stage = stage(vec![vec![Say(other), Hang]], Patience::default());
        let news = stage.next().await;
        assert!(matches!(news, FaceNews::Way(FaceWay::Closed(Reason::FaceModels))), "{news:?}");
    }
}

#[tokio::test]
async fn a_program_that_is_missing_closes_the_way() {
    let (inputs, mut news) = mpsc::channel(16);
    let (_previews, connections) = mpsc::channel(4);
    let _driver =
        FaceDriver::start(FaceWorker::new("/nonexistent", ["x"]), Weights::named(WEIGHTS), connections, inputs);
    let news = timeout(PATIENCE, news.recv()).await.unwrap();
    assert!(matches!(news, Some(Input::Face(FaceNews::Way(FaceWay::Closed(Reason::Camera))))));
}

#[tokio::test]
async fn the_kiosks_connection_is_the_workers_standard_output_and_ends_with_it() {
    let painting = || vec![Paint, Say(ready()), Hear(look(1)), Hang];
    // However slow this machine is, the successor waits for the second connection.
    let patience = Patience { preview: PATIENCE, ..Patience::default() };
    let mut stage = stage(vec![painting(), painting(), painting()], patience);
    stage.ready().await;
    let (kiosk, ours) = BlockingStream::pair().unwrap();
    stage.previews.send(OwnedFd::from(ours)).await.unwrap();
    // The warm worker had none and was used by nobody: it is started again with it.
    stage.ready().await;
    let second = stage.starts()[1];
    stage.driver.photo_comes(VISIT);
    stage.driver.look(VISIT, Pace::Usual);
    stage.driver.finish(VISIT);
    let seen = tokio::task::spawn_blocking(move || io::read_to_string(kiosk).unwrap()).await.unwrap();
    assert_eq!(seen, "picture\n", "and then the end: the kiosk wipes its picture");
    stage.ends(second).await;
    // It connects again, and the successor has it.
    let (kiosk, ours) = BlockingStream::pair().unwrap();
    stage.previews.send(OwnedFd::from(ours)).await.unwrap();
    stage.ready().await;
    drop(stage);
    let seen = tokio::task::spawn_blocking(move || io::read_to_string(kiosk).unwrap()).await.unwrap();
    assert_eq!(seen, "picture\n");
}

#[tokio::test]
async fn a_worker_ends_with_the_driver() {
    let mut stage = stage(vec![vec![Say(ready()), Hang]], Patience::default());
    stage.ready().await;
    let worker = stage.starts()[0];
    let Stage { folder, driver, news, previews } = stage;
    drop(driver);
    for _ in 0..1000 {
        if !is_running(worker) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop((folder, news, previews));
    panic!("it outlives the daemon");
}

#[tokio::test]
async fn nothing_of_the_daemons_surroundings_reaches_a_worker() {
    let mut stage = stage(vec![vec![Say(ready()), Hang]], Patience::default());
    stage.ready().await;
    let environment = fs::read(format!("/proc/{}/environ", stage.starts()[0])).unwrap();
    let environment = String::from_utf8_lossy(&environment).into_owned();
    let has =
        |name: &str| environment.split('\0').any(|entry| entry.split_once('=').is_some_and(|(own, _)| own == name));
    // What shells set for themselves, and what programs need to load.
    let of_a_shell = ["PATH", "PWD", "OLDPWD", "SHLVL", "_", "LD_LIBRARY_PATH"];
    let ours: Vec<String> =
        std::env::vars().map(|(name, _)| name).filter(|name| !of_a_shell.contains(&name.as_str())).collect();
    assert!(!ours.is_empty(), "the test's own environment has something to keep back");
    assert_eq!(ours.iter().filter(|name| has(name)).count(), 0, "{environment:?}");
}

#[test]
fn doctor_hears_what_a_worker_says_first() {
    let folder = tempfile::tempdir().unwrap();
    let run = |acts: &[Act]| {
        fs::write(
            folder.path().join("worker"),
            format!("cd {}\n{}", folder.path().display(), script(folder.path(), 1, acts)),
        )
        .unwrap();
        probe(&FaceWorker::new("/bin/sh", [folder.path().join("worker")]))
    };
    let camera = "of the test".to_owned();
    assert_eq!(run(&[Say(ready()), Hang]), Probed::Ready { weights: WEIGHTS.into(), level: LEAST, camera });
    let closed = FromWorker::Closed { why: ClosedBecause::Models, detail: "file x".into() };
    let found = Probed::Closed { why: ClosedBecause::Models, detail: "file x".into() };
    assert_eq!(run(&[Say(closed), Hang]), found);
    for acts in [vec![End], vec![Garbage, Hang], vec![Say(FromWorker::Camera { number: 1, on: true }), Hang]] {
        assert!(matches!(run(&acts), Probed::Nothing(_)));
    }
    assert!(matches!(probe(&FaceWorker::new("/nonexistent", ["x"])), Probed::Nothing(_)));
}
