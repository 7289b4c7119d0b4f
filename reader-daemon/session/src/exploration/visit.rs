//! One visit by face, for tests that tell it step by step.

use screen::{MethodState, Screen, SurfaceField, SurfaceNotice, Target, View};

use super::ready;
use crate::{
    CardReading, Effect, Event, FaceOutcome, FaceSeen, FaceWay, FaultCode, Lookup, Opening, PhotoResult, PinLessResult,
    PinResult, Policy, Presence, Reason, Session, StaffNote, StateName, SurfaceDigit, VisitId, effect::CodeSource,
    step,
};

/// One visit under way; keeps the effects of the last step.
pub(super) struct Visit<'a> {
    pub(super) session: Session,
    pub(super) effects: Vec<Effect>,
    pub(super) policy: &'a Policy,
}

impl<'a> Visit<'a> {
    pub(super) fn on_card(policy: &'a Policy, tries_left: u8, pin_less: bool) -> Self {
        let mut visit = Self { session: ready(FaceWay::Ready, policy), effects: Vec::new(), policy };
        visit.card_in(1, tries_left, pin_less);
        visit
    }

    pub(super) fn card_in(&mut self, card: u32, tries_left: u8, pin_less: bool) {
        self.hear(Event::Presence(Presence::Card(card)));
        self.read(tries_left, pin_less);
    }

    pub(super) fn read(&mut self, tries_left: u8, pin_less: bool) {
        let identity = [7; 32];
        let reading = CardReading::MyNumber { identity, tries_left, pin_less };
        self.hear(Event::CardRead(self.id(), reading));
    }

    pub(super) fn at_the_camera(policy: &'a Policy) -> Self {
        let mut visit = Self::on_card(policy, 3, true);
        visit.touch(Target::Face);
        visit
    }

    pub(super) fn at_the_camera_with_photo(policy: &'a Policy, tries_left: u8) -> Self {
        let mut visit = Self::on_card(policy, tries_left, true);
        visit.open(true);
        visit.touch(Target::Face);
        visit.photo(PhotoResult::Ready);
        visit
    }

    pub(super) fn hear(&mut self, event: Event) {
        let session = std::mem::take(&mut self.session);
        (self.session, self.effects) = step(session, event, self.policy);
    }

    pub(super) fn id(&self) -> VisitId {
        self.session.visit().unwrap()
    }

    pub(super) fn view(&self) -> &View {
        self.session.view().unwrap()
    }

    pub(super) fn show(&mut self) {
        self.hear(Event::Shown(self.view().revision));
    }

    pub(super) fn touch(&mut self, target: Target) {
        self.show();
        self.hear(Event::Touched(self.view().revision, target));
    }

    pub(super) fn type_in(&mut self, digits: &str) {
        self.show();
        for digit in digits.bytes() {
            self.hear(Event::SurfaceKey(self.view().revision, SurfaceDigit(digit - b'0')));
        }
    }

    pub(super) fn key_field(&mut self, digits: &str) {
        self.type_in(digits);
        self.touch(Target::Confirm);
    }

    pub(super) fn open(&mut self, pin_less: bool) {
        self.hear(Event::Opened(self.id(), Opening::Open { facility: "見本クリニック".into(), pin_less }));
    }

    pub(super) fn photo(&mut self, result: PhotoResult) {
        self.hear(Event::Photo(self.id(), result));
    }

    pub(super) fn decide(&mut self, outcome: FaceOutcome) {
        self.hear(Event::Face(self.id(), FaceSeen::Decided(outcome)));
    }

    pub(super) fn pin_less(&mut self, result: PinLessResult) {
        self.hear(Event::PinLess(self.id(), result));
    }

    /// By PIN: keys, confirmation, signature; the service is asked then.
    pub(super) fn prove_by_pin(&mut self) {
        self.open(true);
        self.touch(Target::Pin);
        self.show();
        for _ in 0..4 {
            self.hear(Event::Key(self.view().revision));
        }
        self.touch(Target::Confirm);
        self.hear(Event::Pin(self.id(), PinResult::Signed));
    }

    pub(super) fn look_up(&mut self, lookup: Lookup) {
        self.hear(Event::LookedUp(self.id(), lookup));
    }

    pub(super) fn time(&mut self) {
        self.hear(Event::Deadline(self.session.deadlines()[0]));
    }

    pub(super) fn state(&self) -> StateName {
        self.session.state_name()
    }

    pub(super) fn did(&self, found: impl Fn(&Effect) -> bool) -> bool {
        self.effects.iter().any(found)
    }

    pub(super) fn stopped(&self) -> bool {
        self.did(|effect| matches!(effect, Effect::StopLooking(_)))
    }

    pub(super) fn told(&self, code: FaultCode) -> bool {
        self.effects.contains(&Effect::TellStaff(StaffNote::Fault(code)))
    }

    pub(super) fn code(&self) -> Option<&CodeSource> {
        self.effects.iter().find_map(|e| if let Effect::ReadPhoto(order) = e { Some(&order.code) } else { None })
    }

    /// How face stands on the method screen: `Ok` open, `Err` with the reason's text.
    pub(super) fn face_choice(&self) -> Result<(), String> {
        match &self.view().screen {
            Screen::ChoosingMethod { face: MethodState::Open, .. } => Ok(()),
            Screen::ChoosingMethod { face: MethodState::Closed { reason }, .. } => Err(reason.clone()),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn closed_by(&self, reason: Reason) {
        assert_eq!(self.state(), StateName::ChoosingMethod);
        assert_eq!(self.face_choice(), Err(format!("{reason:?}")));
    }

    pub(super) fn keying(&self) -> (SurfaceField, &str, Option<SurfaceNotice>) {
        match &self.view().screen {
            Screen::KeyingSurfaceCode { field, typed, notice } => (*field, &typed.0, *notice),
            other => panic!("{other:?}"),
        }
    }
}
