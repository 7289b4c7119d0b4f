//! Whether there is a face way, and what a worker is given of the daemon's surroundings.

use super::*;

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
