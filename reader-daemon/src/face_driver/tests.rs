//! Workers of a test are shell scripts; what they say is written beforehand.

mod laws;
mod tries;
mod way;

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
