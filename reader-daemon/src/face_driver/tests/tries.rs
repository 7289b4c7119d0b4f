//! Tries, workers that are lost in them, and news that come late.

use super::*;

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
    let begun = || vec![Say(ready()), Hear(photo_order()), Say(FromWorker::Photo { usable: true }), Hear(look(1))];
    let seen = || Say(FromWorker::Looking { number: 1, advice: None, movement: None, progress: 1 });
    let running = [begun(), vec![End]];
    let gone = [begun(), vec![Say(decided(face::FaceOutcome::Gone)), Hang]];
    let stopped = [begun(), vec![seen(), Hear(ToWorker::Stop), End]];
    for (acts, stops) in [(running, false), (gone, false), (stopped, true)] {
        let acts = acts.into_iter().flatten().collect();
        let mut stage = stage(vec![acts, vec![Say(ready()), Hang]], Patience::default());
        stage.ready().await;
        stage.photo();
        assert!(matches!(stage.next().await, FaceNews::Photo(VISIT, true)));
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
async fn a_worker_lost_before_it_had_the_photo_took_no_try_with_it() {
    let seen = Say(FromWorker::Looking { number: 1, advice: None, movement: None, progress: 1 });
    let lives = vec![vec![Say(ready()), Hear(look(1)), End], vec![Say(ready()), Hear(look(1)), seen, Hang]];
    let mut stage = stage(lives, Patience::default());
    stage.ready().await;
    stage.driver.photo_comes(VISIT);
    stage.driver.look(VISIT, Pace::Usual);
    stage.gone().await;
    stage.ready().await;
    stage.driver.look(VISIT, Pace::Usual);
    let news = stage.next().await;
    assert!(matches!(news, FaceNews::Seen(VISIT, FaceSeen::Looking { .. })), "{news:?}");
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
