//! A thousand visits, each from its seed, against the oracle: any items, any earlier answers, any touches in any order, cards
//! taken out and time running out anywhere. The same seed is the same visit.

use screen::{Language, Revision, Screen, Target, View};

use super::{
    oracle::Oracle,
    visit::Visit,
    world::{ITEMS, end, policy},
};
use crate::{
    Answer, CertificateNotice, Effect, Event, Item, ItemAnswer, Lookup, Policy, Presence, PreviousAnswer, StateName,
};

/// Marsaglia's xorshift, 64 bits: a seed, no clock.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            dice.roll(2);
        }
        dice
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap()
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }
}

/// What a patient finds on the glass; sometimes they touch where nothing is.
fn offered(screen: &Screen) -> &'static [Target] {
    match screen {
        Screen::ConsentAll { previous, .. } if previous.is_empty() => &[
            Target::AgreeAll,
            Target::DeclineAll,
            Target::OneByOne,
            Target::OneByOne,
            Target::Detail,
            Target::Answerer,
        ],
        Screen::ConsentAll { .. } => &[Target::SameAsBefore, Target::SameAsBefore, Target::Change, Target::Answerer],
        Screen::ConsentEach { .. } => &[
            Target::Agree,
            Target::Decline,
            Target::Agree,
            Target::Decline,
            Target::Back,
            Target::Answerer,
            Target::Detail,
        ],
        Screen::ChoosingPrescription { .. } => &[Target::Electronic, Target::Paper, Target::Back, Target::Cancel],
        Screen::ChoosingAnswerer { .. } => {
            &[Target::PatientAnswers, Target::CompanionAnswers, Target::StaffAnswers, Target::Back]
        }
        Screen::ConsentDetail { .. } => &[Target::Back],
        Screen::ReadingBack { .. } => &[Target::SendAnswers, Target::SendAnswers, Target::Change],
        Screen::LeavingAfterLookup => {
            &[Target::Back, Target::Back, Target::ReceiveWithoutConsent, Target::StopReception]
        }
        Screen::ChoosingLanguage => &[Target::Speak(Language::Vi), Target::Speak(Language::Ja), Target::Back],
        Screen::ChoosingComfort => &[Target::Slow, Target::Voice, Target::Back, Target::Back],
        Screen::CallingStaff { .. } => &[Target::Back],
        _ => &[Target::Understood],
    }
}

/// What is on every screen.
const EVERYWHERE: [Target; 4] = [Target::Language, Target::Comfort, Target::CallStaff, Target::Cancel];

fn items(dice: &mut Dice, policy: &Policy) -> Vec<Item> {
    let mut ids: Vec<_> = ITEMS.iter().map(|(id, ..)| *id).filter(|_| !dice.one_in(4)).collect();
    for place in (1..ids.len()).rev() {
        ids.swap(place, dice.roll(place + 1));
    }
    // Often everything holds: otherwise no visit is asked whether all is to stay the same.
    let regular = dice.one_in(2);
    let grace = dice.one_in(10);
    let item = |id: &str| {
        let withheld = [Answer::NotAsked, Answer::NotAskedGrace].get(dice.roll(if grace { 3 } else { 12 })).copied();
        Item { id: id.to_owned(), withheld, previous: previous(id, regular, dice, policy) }
    };
    ids.into_iter().map(item).collect()
}

fn previous(id: &str, regular: bool, dice: &mut Dice, policy: &Policy) -> Option<PreviousAnswer> {
    let language = dice.pick(&Language::ALL);
    let own = &policy.texts.items[&(id.to_owned(), language)];
    let words = if dice.one_in(3) { &policy.texts.all[&language] } else { own };
    let (mut wording_id, mut wording_hash) = (words.id.clone(), words.hash.clone());
    match dice.roll(if regular { 40 } else { 6 }) {
        0 => return None,
        1 => wording_hash.push('x'),
        2 => wording_id.push('x'),
        _ => {}
    }
    Some(PreviousAnswer { agreed: dice.one_in(2), wording_id, wording_hash })
}

/// What became of the visits, so that none of the ways is left out unnoticed.
#[derive(Debug, Default)]
struct Seen {
    submitted: usize,
    stopped: usize,
    by_touch: usize,
    by_silence: usize,
    carried: usize,
    agreed: usize,
    declined: usize,
    open: usize,
    companion: usize,
    staff: usize,
    prescription: usize,
    certificates: usize,
    read_back: usize,
    translated: usize,
}

impl Seen {
    fn count(&mut self, answers: &[ItemAnswer], touch: Option<Target>) {
        use screen::Answerer;
        let any = |found: fn(&ItemAnswer) -> bool| usize::from(answers.iter().any(found));
        self.submitted += 1;
        *(if touch.is_some() { &mut self.by_touch } else { &mut self.by_silence }) += 1;
        self.read_back += usize::from(touch == Some(Target::SendAnswers));
        self.carried += any(|a| a.carried_over);
        self.agreed += any(|a| a.answer == Answer::Agreed);
        self.declined += any(|a| a.answer == Answer::Declined);
        self.open += any(|a| a.answer == Answer::NotAnswered);
        self.companion += any(|a| a.by == Answerer::Companion);
        self.staff += any(|a| a.by == Answerer::Staff);
        self.prescription += any(|a| matches!(a.answer, Answer::Electronic | Answer::Paper));
        self.certificates += any(|a| a.id == "other_certificates" && a.answer == Answer::Agreed);
        self.translated += any(|a| a.language == Language::Vi && a.answer != Answer::NotAnswered);
    }

    fn all(&self) -> [usize; 14] {
        let Self { submitted, stopped, by_touch, by_silence, carried, agreed, declined, open, .. } = *self;
        let Self { companion, staff, prescription, certificates, read_back, translated, .. } = *self;
        [submitted, stopped, by_touch, by_silence, carried, agreed, declined, open]
            .into_iter()
            .chain([companion, staff, prescription, certificates, read_back, translated])
            .collect::<Vec<_>>()
            .try_into()
            .unwrap()
    }
}

/// Until the result is out or the reception is stopped.
fn visit(seed: u64, policy: &Policy, seen: &mut Seen) {
    let dice = &mut Dice::new(seed);
    let visual = dice.one_in(4);
    let items = items(dice, policy);
    let mut oracle = Oracle::new(policy, items.clone(), visual);
    let mut visit = Visit::on_card(policy, 3, true);
    visit.prove_by_pin();
    visit.session.common.by_staff = visual;
    let comfort = &mut visit.session.common.comfort;
    (comfort.slow, comfort.voice) = (dice.one_in(5), dice.one_in(5));
    let notice = dice.one_in(4);
    let certificate = if notice { CertificateNotice::EndsSoon(end()) } else { CertificateNotice::None };
    visit.look_up(Lookup::Found { certificate, items, desk: dice.one_in(5) });
    let mut touch = None;
    let mut before = visit.view().clone();
    for _ in 0..400 {
        let sent = visit.effects.iter().find_map(|e| if let Effect::Submit(s) = e { Some(&s.items) } else { None });
        if let Some(answers) = sent {
            assert_eq!(*answers, oracle.due(&before, touch), "seed {seed}: after {touch:?} on {before:?}");
            seen.count(answers, touch);
            return;
        }
        if visit.state() == StateName::TakingCard {
            seen.stopped += 1;
            return;
        }
        before = visit.view().clone();
        oracle.sees(&before);
        touch = None;
        match dice.roll(66) {
            0 if dice.one_in(2) => visit.hear(Event::Presence(Presence::Empty)),
            0 => visit.hear(Event::Presence(Presence::NoReader)),
            1 => {
                // The first time that passes may only start the countdown.
                visit.time();
                while visit.view().countdown.is_some() {
                    visit.time();
                }
            }
            // On a view that is not on the glass any more.
            2..=5 => {
                let old = Revision(before.revision.0 - 1);
                visit.hear(Event::Touched(old, dice.pick(offered(&before.screen))));
            }
            6..=9 => touch = Some(dice.pick(&Target::ALL)),
            10..=13 => touch = Some(dice.pick(&EVERYWHERE)),
            // Listens again, moves the ring or turns a page: nothing is answered by that, and nothing else is asked.
            60..=65 => {
                visit.show();
                let (shown, old) = (visit.view().clone(), dice.one_in(3));
                let revision = Revision(shown.revision.0 - u64::from(old));
                visit.hear(Event::Active(revision));
                assert_eq!(View { countdown: shown.countdown, ..visit.view().clone() }, shown, "seed {seed}");
                assert!(!visit.did(|effect| !matches!(effect, Effect::Arm(..) | Effect::Show(_))), "seed {seed}");
            }
            _ => touch = Some(dice.pick(offered(&before.screen))),
        }
        if let Some(target) = touch {
            visit.show();
            before = visit.view().clone();
            oracle.touched(&before, target);
            visit.hear(Event::Touched(before.revision, target));
        }
    }
    panic!("seed {seed} never ends in {:?}", visit.state());
}

#[test]
fn a_thousand_random_visits_agree_with_the_second_statement_of_the_consent_rules() {
    let policy = policy();
    let mut seen = Seen::default();
    for seed in 1..=1000 {
        visit(seed, &policy, &mut seen);
    }
    assert_eq!(seen.submitted + seen.stopped, 1000);
    assert!(seen.all().iter().all(|times| *times >= 20), "a way was hardly taken: {seen:?}");
}

/// The oracle must be able to say no: a visit that was answered differently is not the one it saw.
#[test]
fn the_oracle_does_not_agree_with_another_visit() {
    let policy = policy();
    let item = |id: &str| super::world::item(id, None, None);
    let items = vec![item("medicines"), item("operations"), item("other_certificates")];
    let mut visit = Visit::on_card(&policy, 3, true);
    visit.prove_by_pin();
    visit.look_up(Lookup::Found { certificate: CertificateNotice::None, items: items.clone(), desk: false });
    let mut oracle = Oracle::new(&policy, items, false);
    let view = visit.view().clone();
    oracle.sees(&view);
    oracle.touched(&view, Target::AgreeAll);
    visit.touch(Target::DeclineAll);
    visit.hear(Event::Presence(Presence::Empty));
    let sent = visit.effects.iter().find_map(|e| if let Effect::Submit(s) = e { Some(&s.items) } else { None });
    let (sent, due) = (sent.unwrap(), oracle.due(&view, None));
    assert_ne!(*sent, due);
    assert_eq!(sent[2], due[2], "what stands for all medical questions does not answer the other certificates");
}
