//! S10: the neutral question about other certificates, and the form of the prescription. Each is asked alone and anew in
//! every visit; nothing that stands for all medical questions answers them.

use screen::{Language, Progress, Screen, Sound, Target};

use super::{
    Doing, GivingConsent, Key, Leaving, Over, Reception, Reply, StateName, WaitsFor, leaving::From as LeavingFrom,
    reception::Shown, reception::texts,
};
use crate::{
    event::Answer,
    policy::{Group, Wording},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChoosingExtras {
    pub(crate) reception: Reception,
    /// Which of the extras, in the order of the visit.
    place: usize,
    over: Over,
}

impl ChoosingExtras {
    pub(crate) fn new(reception: Reception) -> Self {
        Self { reception, place: 0, over: Over::Nothing }
    }

    /// The item asked now.
    fn item(&self) -> Option<usize> {
        self.reception.extras().get(self.place).copied()
    }

    fn group(&self) -> Option<Group> {
        self.reception.group(self.item()?)
    }

    fn wording<'p>(&self, language: Language, at: &'p Context<'_>) -> Option<&'p Wording> {
        self.reception.wording(self.item()?, language, at)
    }

    /// There is a question before this one.
    fn has_before(&self) -> bool {
        self.place > 0 || !self.reception.asked(Group::Health).is_empty()
    }

    fn answer(mut self, answer: Answer, at: &Context<'_>) -> Next {
        let language = at.common.language;
        let Some((item, wording)) = self.item().zip(self.wording(language, at)) else {
            return Next::Stay(self.into());
        };
        self.reception.give(item, answer, false, Shown::new(wording, language));
        self.place += 1;
        if self.item().is_none() { self.reception.read_back(at) } else { Next::Stay(self.into()) }
    }

    /// Back means to answer again: what was pressed there no longer counts.
    fn back(mut self) -> Next {
        if let Some(before) = self.place.checked_sub(1) {
            let open = self.reception.extras();
            self.reception.take_back(open.get(before..).unwrap_or_default());
            self.place = before;
            return Next::Stay(self.into());
        }
        if !self.has_before() {
            return Next::Stay(self.into());
        }
        Next::Go(GivingConsent::back_to_last(self.reception).into())
    }
}

impl Doing for ChoosingExtras {
    fn name(&self) -> StateName {
        StateName::ChoosingExtras
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        true
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Consent)
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        let language = at.common.language;
        let wording = self.wording(language, at);
        if let Some(over) = self.over.screen(wording, at) {
            return over;
        }
        let (text, japanese) = texts(|language| self.wording(language, at), language);
        let reviewed = wording.is_some_and(|wording| wording.reviewed);
        let back = self.has_before();
        let (by, staff) = (self.reception.by, at.common.by_staff);
        match self.group() {
            Some(Group::Prescription) => Screen::ChoosingPrescription { text, japanese, back, reviewed },
            Some(Group::Health | Group::OtherCertificates) | None => {
                Screen::ConsentEach { text, japanese, number: 1, count: 1, back, by, staff, reviewed }
            }
        }
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Ok)
    }

    fn enter(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(mut self, target: Target, at: &mut Context<'_>) -> Next {
        if self.over.touched(target, &mut self.reception.by, at) {
            return Next::Stay(self.into());
        }
        match (self.group(), target) {
            (Some(Group::OtherCertificates), Target::Agree) => self.answer(Answer::Agreed, at),
            (Some(Group::OtherCertificates), Target::Decline) => self.answer(Answer::Declined, at),
            (Some(Group::Prescription), Target::Electronic) => self.answer(Answer::Electronic, at),
            (Some(Group::Prescription), Target::Paper) => self.answer(Answer::Paper, at),
            (Some(Group::OtherCertificates | Group::Prescription), Target::Back) => self.back(),
            (Some(Group::Health | Group::OtherCertificates | Group::Prescription) | None, _) => Next::Stay(self.into()),
        }
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Go(Leaving { from: LeavingFrom::Extras(self) }.into())
    }

    /// The reception stands; what was answered is kept, the rest counts as no.
    fn card_removed(self, _: &mut Context<'_>) -> Next {
        self.reception.submit()
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, _: &mut Context<'_>) -> Next {
        self.reception.submit()
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// No answer in time is no consent; the reception goes on (patient-flow 4.2 rule 6).
    fn timed_out(self, _: &mut Context<'_>) -> Next {
        self.reception.submit()
    }

    fn elapsed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn answered(self, reply: Reply, _: &mut Context<'_>) -> Next {
        match reply {
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::Opened(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}
