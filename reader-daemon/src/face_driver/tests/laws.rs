//! The laws of a worker's life.

use super::*;

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
