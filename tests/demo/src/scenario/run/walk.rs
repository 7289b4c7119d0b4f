//! One step of a file: waits for the screen it needs, does it, and waits for what comes of it.

use std::time::Duration;

use screen::{Digit, Target};

use super::Failure;
use crate::scenario::{
    expect::{Expected, Since, compare},
    limits::{EXPECTATION, SCREEN, TOUCH},
    names::ScreenName,
    people::Person,
    step::{CardSetup, Keyed, Lies, Moment, Step, Which},
    world::{Passed, Seen, Trouble, World},
};

/// Where a way to prove oneself is chosen.
const CHOICES: [ScreenName; 4] =
    [ScreenName::ChoosingMethod, ScreenName::PinBlocked, ScreenName::FaceFailed, ScreenName::LastTry];

/// The kiosk's own: a Japanese copy that does not fit below the question stands before it.
const NEXT_PAGE: &str = "next_page";
/// Nobody is there, or a phone is awaited.
const FOR_A_CARD: [ScreenName; 3] = [ScreenName::Start, ScreenName::ChoosingPhone, ScreenName::HoldingPhone];

pub(super) struct Walk<'a> {
    world: &'a mut dyn World,
    /// Set by `card in:`.
    pub(super) since: Since,
    /// Views shown before the last step that did something.
    acted_at: usize,
    /// Whose card was put in last.
    holder: Option<&'static Person>,
    /// The patient does not see.
    by_ear: bool,
}

impl<'a> Walk<'a> {
    /// Nothing was done yet.
    pub(super) fn new(world: &'a mut dyn World, by_ear: bool) -> Self {
        Self { world, since: Since::default(), acted_at: 0, holder: None, by_ear }
    }

    /// Since the level was started.
    pub(super) fn elapsed(&self) -> Duration {
        self.world.elapsed()
    }

    pub(super) fn step(&mut self, step: &Step) -> Result<(), Failure> {
        if !matches!(step, Step::Expect(_) | Step::WaitFor(_)) {
            self.acted_at = self.world.observe()?.seen.len();
        }
        match step {
            Step::CardIn(card) => {
                self.until("the screen start", &mut |world| shows(world, &FOR_A_CARD))?;
                self.since = Since::now(&self.world.observe()?);
                self.holder = holder(card);
                if self.by_ear {
                    self.world.by_ear()?;
                }
                self.world.insert(card)?;
            }
            Step::CardOut => self.world.remove()?,
            Step::CardOutAt(moment) => {
                self.until(&described(*moment), &mut |world| match moment {
                    Moment::Screen(screen) => shows(world, &[*screen]),
                    Moment::Verify | Moment::Lookup | Moment::Submit => world.at(*moment),
                })?;
                self.world.remove()?;
            }
            Step::CardSwapped(card) => {
                self.holder = holder(card);
                self.world.swap(card)?;
            }
            Step::TakeCard => {
                self.until("a screen that asks to take the card", &mut |world| {
                    Ok(world.now_shown()?.is_some_and(|seen| seen.screen.is_last()))
                })?;
                self.world.remove()?;
            }
            // Held before anything was touched, it begins a visit.
            Step::PhoneOn(phone) => {
                self.began_at_start()?;
                self.world.phone_on(phone)?;
            }
            Step::PhoneOff => self.world.phone_off()?,
            Step::Passcode(digits) => self.pad(ScreenName::EnteringPasscode, digits)?,
            Step::StaffNumber(digits) => self.pad(ScreenName::EnteringStaffNumber, digits)?,
            Step::Comfort(switches) => self.comfort(switches)?,
            Step::Choose(method) => self.touch_on(&CHOICES, *method)?,
            Step::Type(digits) => self.keys(digits)?,
            Step::Agree(which) => self.answer(which, Target::AgreeAll, Target::Agree)?,
            Step::Decline(which) => self.answer(which, Target::DeclineAll, Target::Decline)?,
            Step::Press(target) => {
                if *target == Target::Phone {
                    self.offered(&ScreenName::ALL, *target)?;
                    self.began_at_start()?;
                }
                self.touch_on(&ScreenName::ALL, *target)?;
            }
            Step::PressTwice(target) => {
                self.offered(&ScreenName::ALL, *target)?;
                let before = self.world.now_shown()?;
                self.world.double_tap(*target)?;
                self.led_on(before.as_ref())?;
            }
            Step::WaitFor(screen) => self.was_shown(*screen)?,
            Step::Wait(time) => self.wait(*time)?,
            Step::Clinic(control) => self.world.clinic(*control)?,
            Step::Reader(control) => self.world.reader(*control)?,
            Step::PhoneReader(control) => self.world.phone_reader(*control)?,
            Step::Storage(control) => self.world.storage(*control)?,
            Step::PasscodeOpened => self.world.open_passcode()?,
            Step::Camera(sitter) => self.world.camera(*sitter)?,
            Step::Surface(control) => self.world.surface(*control)?,
            Step::KeySurface(keyed) => self.key_surface(*keyed)?,
            Step::DaemonKilled => self.world.kill_daemon()?,
            Step::DaemonStarted => self.world.start_daemon()?,
            Step::Expect(items) => self.expect(items)?,
        }
        Ok(())
    }

    /// Counting begins here when nobody's visit is under way.
    fn began_at_start(&mut self) -> Result<(), Failure> {
        if shows(self.world, &[ScreenName::Start])? {
            self.since = Since::now(&self.world.observe()?);
        }
        Ok(())
    }

    fn comfort(&mut self, switches: &[Target]) -> Result<(), Failure> {
        self.touch_on(&ScreenName::ALL, Target::Comfort)?;
        for switch in switches {
            self.touch_on(&[ScreenName::ChoosingComfort], *switch)?;
        }
        self.touch_on(&[ScreenName::ChoosingComfort], Target::Back)
    }

    /// Digits on the pad of this screen, then 「決定」.
    fn pad(&mut self, screen: ScreenName, digits: &[Digit]) -> Result<(), Failure> {
        self.until(&format!("the screen {screen}"), &mut |world| shows(world, &[screen]))?;
        for digit in digits {
            self.world.key(digit)?;
        }
        self.touch_on(&[screen], Target::Confirm)
    }

    fn keys(&mut self, digits: &[Digit]) -> Result<(), Failure> {
        self.until("the screen entering_pin", &mut |world| shows(world, &[ScreenName::EnteringPin]))?;
        for digit in digits {
            self.world.key(digit)?;
        }
        if digits.len() == 4 { self.touch_on(&[ScreenName::EnteringPin], Target::Confirm) } else { Ok(()) }
    }

    /// Era, then each field with 「決定」, as somebody would who holds the card.
    fn key_surface(&mut self, keyed: Keyed) -> Result<(), Failure> {
        const KEYING: [ScreenName; 1] = [ScreenName::KeyingSurfaceCode];
        let nobody = || Trouble::Impossible("nobody's card was put in".into());
        let era = match self.holder.ok_or_else(nobody)?.born {
            2020.. => Target::EraReiwa,
            1990..=2018 => Target::EraHeisei,
            1927..=1988 => Target::EraShowa,
            // A year in which an era changed: the day would have to be known too.
            born => return Err(Trouble::Impossible(format!("no era for {born}")).into()),
        };
        let mut digits = self.world.surface_code()?.into_bytes();
        match keyed {
            Keyed::AsPrinted => {}
            Keyed::Wrong => digits.iter_mut().skip(13).for_each(|digit| *digit = b'0' + (*digit + 1 - b'0') % 10),
            Keyed::Impossible => digits.iter_mut().skip(2).zip(*b"13").for_each(|(digit, wrong)| *digit = wrong),
        }
        self.touch_on(&KEYING, era)?;
        for field in [digits.get(..6), digits.get(6..10), digits.get(10..14)] {
            for byte in field.unwrap_or_default() {
                let digit = byte.checked_sub(b'0').and_then(Digit::new);
                self.world.key(&digit.ok_or_else(|| Trouble::Broken("no digits on the card".into()))?)?;
            }
            self.touch_on(&KEYING, Target::Confirm)?;
        }
        Ok(())
    }

    fn answer(&mut self, which: &Which, all: Target, one: Target) -> Result<(), Failure> {
        match which {
            Which::All => self.touch_on(&[ScreenName::ConsentAll], all),
            Which::Item(item) if item == "other_certificates" => self.touch_on(&[ScreenName::ConsentEach], one),
            Which::Item(_) => {
                self.until("a consent screen", &mut |world| {
                    shows(world, &[ScreenName::ConsentAll, ScreenName::ConsentEach])
                })?;
                if shows(self.world, &[ScreenName::ConsentAll])? {
                    self.touch_on(&[ScreenName::ConsentAll], Target::OneByOne)?;
                }
                self.touch_on(&[ScreenName::ConsentEach], one)
            }
        }
    }

    /// Touches, and waits for what comes of it: the next step must not take the screen that was touched for its own.
    fn touch_on(&mut self, screens: &[ScreenName], target: Target) -> Result<(), Failure> {
        loop {
            self.offered(screens, target)?;
            let before = self.world.now_shown()?;
            self.world.tap(target)?;
            // Erasing leaves the question as it is.
            if target == Target::Erase {
                return Ok(());
            }
            self.led_on(before.as_ref())?;
            // A screen that changed under the finger, as the start screen does while a terminal starts and a fault's when
            // the card is taken, is touched again.
            let under_finger = |screen| matches!(screen, ScreenName::Start | ScreenName::NeedHelp);
            let again = |seen: &Seen| under_finger(seen.screen) && seen.offers(target.name());
            let after = self.world.now_shown()?;
            let changed = before.as_ref().map(|seen| seen.revision) != after.as_ref().map(|seen| seen.revision);
            let both = before.as_ref().is_some_and(again) && after.as_ref().is_some_and(again);
            if !(changed && both && matches!(target, Target::Phone | Target::Card | Target::WithoutCard)) {
                return Ok(());
            }
        }
    }

    /// Until another view is on the glass than the one that was touched. A touch that is ignored leaves it there.
    fn led_on(&mut self, before: Option<&Seen>) -> Result<(), Failure> {
        let end = self.world.elapsed() + TOUCH;
        while self.world.now_shown()?.map(|seen| seen.revision) == before.map(|seen| seen.revision) {
            let rest = end.saturating_sub(self.world.elapsed());
            if rest.is_zero() || self.world.pass(rest)? == Passed::Still {
                break;
            }
        }
        Ok(())
    }

    fn offered(&mut self, screens: &[ScreenName], target: Target) -> Result<(), Failure> {
        let here = screens.first().filter(|_| screens.len() == 1).map(|screen| format!(" on the screen {screen}"));
        let what = format!("{} to be offered{}", target.name(), here.unwrap_or_default());
        self.until(&what, &mut |world| {
            let Some(seen) = world.now_shown()?.filter(|seen| screens.contains(&seen.screen)) else { return Ok(false) };
            if !seen.offers(target.name()) && seen.offers(NEXT_PAGE) {
                world.turn_page()?;
            }
            Ok(seen.offers(target.name()))
        })
    }

    fn was_shown(&mut self, screen: ScreenName) -> Result<(), Failure> {
        let acted_at = self.acted_at;
        self.until(&format!("the screen {screen}"), &mut |world| {
            let seen = world.observe()?.seen;
            let from = acted_at.min(seen.len().saturating_sub(1));
            Ok(seen.iter().skip(from).any(|seen| seen.screen == screen))
        })
    }

    fn wait(&mut self, time: Duration) -> Result<(), Failure> {
        let end = self.world.elapsed() + time;
        while self.world.elapsed() < end {
            self.world.pass(end.saturating_sub(self.world.elapsed()))?;
        }
        Ok(())
    }

    fn expect(&mut self, items: &[Expected]) -> Result<(), Failure> {
        let end = self.world.elapsed() + EXPECTATION;
        loop {
            let mismatches = compare(items, &self.world.observe()?, self.since);
            let rest = end.saturating_sub(self.world.elapsed());
            if mismatches.is_empty() {
                return Ok(());
            }
            if rest.is_zero() || self.world.pass(rest)? == Passed::Still {
                return Err(Failure::Expectation(mismatches));
            }
        }
    }

    fn until(
        &mut self,
        what: &str,
        come: &mut dyn FnMut(&mut dyn World) -> Result<bool, Trouble>,
    ) -> Result<(), Failure> {
        let began = self.world.elapsed();
        while !come(self.world)? {
            let waited = self.world.elapsed().saturating_sub(began);
            let rest = SCREEN.saturating_sub(waited);
            if rest.is_zero() || self.world.pass(rest)? == Passed::Still {
                let shown = match self.world.now_shown()? {
                    None => "nothing is on the glass".to_owned(),
                    Some(Seen { screen, fault: Some(fault), .. }) => format!("the glass shows {screen}, fault {fault}"),
                    Some(seen) => format!("the glass shows {}, which offers {}", seen.screen, seen.targets.join(", ")),
                };
                return Err(Failure::Late { waited: waited.as_secs(), what: what.to_owned(), shown });
            }
        }
        Ok(())
    }
}

fn holder(card: &CardSetup) -> Option<&'static Person> {
    if let Lies::MyNumber(person) = card.lies { Some(person) } else { None }
}

fn shows(world: &mut dyn World, screens: &[ScreenName]) -> Result<bool, Trouble> {
    Ok(world.now_shown()?.is_some_and(|seen| screens.contains(&seen.screen)))
}

fn described(moment: Moment) -> String {
    match moment {
        Moment::Screen(screen) => format!("the screen {screen}"),
        Moment::Verify => "VERIFY to be under way".to_owned(),
        Moment::Lookup => "the lookup to be under way".to_owned(),
        Moment::Submit => "the delivery to be under way".to_owned(),
    }
}
