//! Languages, comfort and the staff call lie over every screen and end, delay and answer nothing.

use std::collections::HashSet;

use screen::{PhotoShown, Screen, StaffCall, Target};

use super::{events, policy, walk};
use crate::{Effect, Event, Policy, Session, StateName, SurfaceDigit, step};

const OPENING: [Target; 3] = [Target::Language, Target::Comfort, Target::CallStaff];

fn is_overlay(screen: &Screen) -> bool {
    matches!(screen, Screen::ChoosingLanguage | Screen::ChoosingComfort | Screen::CallingStaff { .. })
}

/// A target the open overlay offers itself, or that is on every screen.
fn own(screen: &Screen, target: Target) -> bool {
    let everywhere = matches!(target, Target::Cancel | Target::Back) || OPENING.contains(&target);
    everywhere
        || match target {
            Target::Speak(_) => matches!(screen, Screen::ChoosingLanguage),
            Target::LargeType | Target::Contrast | Target::Slow | Target::Voice => {
                matches!(screen, Screen::ChoosingComfort)
            }
            Target::Wish(_) => matches!(screen, Screen::CallingStaff { .. }),
            _ => false,
        }
}

fn on_the_glass(session: &Session, policy: &Policy) -> Session {
    step(session.clone(), Event::Shown(session.common.revision()), policy).0
}

fn touch(session: &Session, target: Target, policy: &Policy) -> (Session, Vec<Effect>) {
    step(session.clone(), Event::Touched(session.common.revision(), target), policy)
}

/// One screen of the walk as the patient sees it, and with an overlay over it.
struct Overlaid<'p> {
    plain: Session,
    open: Session,
    /// What the touch that opened it brought about.
    effects: Vec<Effect>,
    policy: &'p Policy,
}

/// Each different screen of the walk once, under each of the three.
fn overlaid(policy: &Policy) -> Vec<Overlaid<'_>> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    walk(|_, _, after, _| {
        let Some(view) = after.view() else { return };
        let deadlines = (after.own_deadline().is_some(), view.countdown);
        if is_overlay(&view.screen) || !seen.insert(format!("{:?}{:?}{deadlines:?}", after.state_name(), view.screen)) {
            return;
        }
        let plain = on_the_glass(after, policy);
        all.extend(OPENING.map(|target| {
            let (open, effects) = touch(&plain, target, policy);
            Overlaid { plain: plain.clone(), open, effects, policy }
        }));
    });
    all
}

/// What must not go on unseen gives way (law 6): the camera is off, and the photo beside the live picture is gone.
fn gives_way(session: &Session) -> bool {
    let screen = session.view().map(|view| &view.screen);
    matches!(screen, Some(Screen::FacingCamera { .. } | Screen::ComparingFaces { .. }))
}

/// One walk for all of them: it is the longest part.
#[test]
fn an_overlay_ends_delays_and_answers_nothing_of_the_visit() {
    let policy = policy();
    let all = overlaid(&policy);
    let states: HashSet<_> = all.iter().map(|over| over.plain.state_name()).collect();
    assert_eq!(states.len(), StateName::ALL.len(), "over every state");
    for over in &all {
        over.opens_and_closes();
        over.takes_no_touch_for_what_is_beneath();
        if !gives_way(&over.plain) {
            over.leaves_the_deadlines_alone();
            over.leaves_cancel_where_it_is();
        }
    }
    let stayed: usize = all.iter().map(Overlaid::stays_only_while_the_visit_goes_on_by_itself).sum();
    assert!(stayed > 0, "some of them stay open");
}

impl Overlaid<'_> {
    fn opens_and_closes(&self) {
        let Self { plain, open, effects, policy } = self;
        let (beneath, view) = (plain.view().unwrap(), open.view().unwrap());
        assert!(is_overlay(&view.screen), "{:?}", view.screen);
        assert!(view.revision > beneath.revision);
        assert_eq!(open.visit(), plain.visit());
        assert_eq!(effects.iter().filter(|effect| matches!(effect, Effect::Show(_))).count(), 1);
        let called = view.staff == StaffCall::Called;
        assert!(called || !matches!(view.screen, Screen::CallingStaff { .. }), "called at once");
        let (closed, _) = touch(&on_the_glass(open, policy), Target::Back, policy);
        assert!(closed.view().unwrap().revision > view.revision);
        if gives_way(plain) {
            // Without a photo the live picture is gone already.
            let looks = !matches!(beneath.screen, Screen::ComparingFaces { photo: PhotoShown::None });
            assert_eq!(effects.iter().any(|effect| matches!(effect, Effect::StopLooking(_))), looks);
        } else {
            assert_eq!((view.cancel, view.progress), (beneath.cancel, beneath.progress));
            assert_eq!(open.state_name(), plain.state_name());
            assert_eq!(closed.view().unwrap().screen, beneath.screen);
        }
    }

    fn leaves_the_deadlines_alone(&self) {
        let Self { plain, open, effects, policy } = self;
        assert_eq!(open.own_deadline(), plain.own_deadline());
        let armed = effects.iter().filter(|effect| matches!(effect, Effect::Arm(..))).count();
        let call = effects.iter().filter(|effect| matches!(effect, Effect::TellStaff(_))).count();
        assert!(armed <= 1 + call, "a touch arms inactivity, a call its own time, and nothing else: {effects:?}");
        let shown = on_the_glass(open, policy);
        let (closed, _) = touch(&shown, Target::Back, policy);
        for session in [&shown, &closed, &on_the_glass(&closed, policy)] {
            assert_eq!(session.own_deadline(), plain.own_deadline(), "{:?}", plain.state_name());
        }
        if let Some(deadline) = plain.own_deadline() {
            let [bare, covered] =
                [plain, &shown].map(|session| step(session.clone(), Event::Deadline(deadline), policy).0);
            if plain.state_name() == StateName::NeedingHelp {
                // The text has had its time; who is about to say what staff are called for has their own.
                assert_eq!(covered.view().unwrap().screen, shown.view().unwrap().screen);
                assert!(covered.deadlines().len() > 1, "it waits for inactivity, and asks again");
            } else {
                assert_eq!((covered.state_name(), covered.visit()), (bare.state_name(), bare.visit()));
            }
        }
        assert_eq!(silence(&shown, policy), silence(plain, policy), "{:?}", plain.state_name());
    }

    fn takes_no_touch_for_what_is_beneath(&self) {
        let Self { open, policy, .. } = self;
        let shown = on_the_glass(open, policy);
        let screen = &shown.view().unwrap().screen;
        for target in Target::ALL.into_iter().filter(|target| !own(screen, *target)) {
            let (touched, effects) = touch(&shown, target, policy);
            assert_eq!((touched.state_name(), touched.visit()), (shown.state_name(), shown.visit()), "{target:?}");
            assert_eq!(touched.own_deadline(), shown.own_deadline());
            let quiet = |effect: &Effect| match effect {
                Effect::Arm(..) => true,
                Effect::Show(view) => view.screen == *screen,
                _ => false,
            };
            assert!(effects.iter().all(quiet), "{target:?}: {effects:?}");
        }
        let revision = shown.common.revision();
        for key in [Event::Key(revision), Event::SurfaceKey(revision, SurfaceDigit(1)), Event::StaffKey(revision, 1)] {
            assert_eq!(step(shown.clone(), key.clone(), policy).1, [], "{key:?}");
        }
    }

    /// How often it stayed open while another state was entered beneath it.
    fn stays_only_while_the_visit_goes_on_by_itself(&self) -> usize {
        let shown = on_the_glass(&self.open, self.policy);
        let mut stayed = 0;
        for (word, event) in events(&shown) {
            let (after, _) = step(shown.clone(), event.clone(), self.policy);
            let (from, to) = (shown.state_name(), after.state_name());
            if from == to || !is_overlay(&after.view().unwrap().screen) {
                continue;
            }
            stayed += 1;
            assert!(after.visit().is_some() && after.visit() == shown.visit(), "{from:?} to {to:?} on {word}");
            let moved = matches!(event, Event::Presence(_) | Event::PhonePresence(_) | Event::Touched(..));
            assert!(!moved && !matches!(event, Event::Deadline(_)), "{from:?} to {to:?} on {word}");
            let at_once = [
                StateName::FacingCamera,
                StateName::CheckingVisually,
                StateName::HoldingPhone,
                StateName::NeedingHelp,
                StateName::TakingCard,
            ];
            assert!(!at_once.contains(&to), "{from:?} to {to:?} on {word}");
        }
        stayed
    }

    fn leaves_cancel_where_it_is(&self) {
        let Self { plain, open, policy, .. } = self;
        let (bare, _) = touch(plain, Target::Cancel, policy);
        let (covered, _) = touch(&on_the_glass(open, policy), Target::Cancel, policy);
        assert_eq!((covered.state_name(), covered.visit()), (bare.state_name(), bare.visit()));
    }
}

/// Nobody touches anything any more: where inactivity alone leads.
fn silence(session: &Session, policy: &Policy) -> (StateName, bool) {
    let mut session = session.clone();
    let state = session.state_name();
    for _ in 0..8 {
        let Some(deadline) = session.deadlines().last().copied() else { break };
        session = step(session, Event::Deadline(deadline), policy).0;
        if session.state_name() != state {
            break;
        }
    }
    (session.state_name(), session.visit().is_some())
}
