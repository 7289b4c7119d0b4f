//! S8 and S9: the medical questions, one for all of them, or one item a screen. Nothing is preselected; no answer is
//! "no" (law 5).

use screen::{Language, Progress, Screen, Sound, Target};

use super::{
    Doing, Key, Leaving, Over, Reception, Reply, StateName, WaitsFor, leaving::From as LeavingFrom, reception::Shown,
    reception::texts,
};
use crate::{
    event::Answer,
    policy::{Group, Wording},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GivingConsent {
    pub(crate) reception: Reception,
    page: Page,
    over: Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Page {
    /// Previous answers, if they all still hold, with 「同じにする」「変える」.
    Previous,
    /// One question for all.
    All,
    /// One item: its place among those asked.
    Each(usize),
}

impl GivingConsent {
    /// With the previous answers, if there are any that hold.
    pub(crate) fn new(reception: Reception) -> Self {
        Self::on(reception, Page::Previous)
    }

    /// On this page.
    pub(crate) fn on(reception: Reception, page: Page) -> Self {
        Self { reception, page, over: Over::Nothing }
    }

    /// Back from the questions that follow: what was pressed on the last page no longer counts.
    pub(crate) fn back_to_last(mut reception: Reception) -> Self {
        let asked = reception.asked(Group::Health);
        let from = match reception.last {
            Page::Previous | Page::All => 0,
            Page::Each(place) => place,
        };
        reception.take_back(asked.get(from..).unwrap_or_default());
        let page = reception.last;
        Self::on(reception, page)
    }

    fn wording<'p>(&self, language: Language, at: &'p Context<'_>) -> Option<&'p Wording> {
        match self.page {
            Page::Previous | Page::All => at.policy.texts.all.get(&language),
            Page::Each(place) => self.reception.wording(*self.reception.asked(Group::Health).get(place)?, language, at),
        }
    }

    fn answer_each(mut self, place: usize, answer: Answer, at: &Context<'_>) -> Next {
        let asked = self.reception.asked(Group::Health);
        let language = at.common.language;
        let Some((item, wording)) = asked.get(place).zip(self.wording(language, at)) else {
            return Next::Stay(self.into());
        };
        self.reception.give(*item, answer, false, Shown::new(wording, language));
        if place + 1 == asked.len() {
            return self.answered_all(at);
        }
        self.page = Page::Each(place + 1);
        Next::Stay(self.into())
    }

    fn answer_all(mut self, answer: Answer, at: &Context<'_>) -> Next {
        self.reception.give_all(answer, at);
        self.answered_all(at)
    }

    fn same_as_before(mut self, at: &Context<'_>) -> Next {
        for (item, agreed, shown) in self.reception.previous(at).unwrap_or_default() {
            self.reception.give(item, yes_or_no(agreed), true, shown);
        }
        self.answered_all(at)
    }

    fn answered_all(mut self, at: &Context<'_>) -> Next {
        self.reception.last = self.page;
        self.reception.ask_extras(at)
    }

    fn show(mut self, page: Page) -> Next {
        self.page = page;
        Next::Stay(self.into())
    }

    /// From the first question there is a way back only to the one that stands for all of them.
    fn back(mut self, place: usize, at: &Context<'_>) -> Next {
        let Some(before) = place.checked_sub(1) else {
            let page = self.reception.first_page(at);
            return self.show(page);
        };
        let asked = self.reception.asked(Group::Health);
        self.reception.take_back(asked.get(before..).unwrap_or_default());
        self.show(Page::Each(before))
    }
}

pub(crate) fn yes_or_no(agreed: bool) -> Answer {
    if agreed { Answer::Agreed } else { Answer::Declined }
}

impl Doing for GivingConsent {
    fn name(&self) -> StateName {
        StateName::GivingConsent
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
        let (by, staff) = (self.reception.by, at.common.by_staff);
        let reviewed = wording.is_some_and(|wording| wording.reviewed);
        match self.page {
            Page::Previous => {
                let previous = self.reception.previous(at).unwrap_or_default().into_iter();
                let previous = previous.map(|(item, agreed, _)| self.reception.line(item, Some(yes_or_no(agreed)), at));
                Screen::ConsentAll { text, japanese, previous: previous.collect(), by, staff, reviewed }
            }
            Page::All => Screen::ConsentAll { text, japanese, previous: Vec::new(), by, staff, reviewed },
            Page::Each(place) => {
                let count = u8::try_from(self.reception.asked(Group::Health).len()).unwrap_or(u8::MAX);
                let number = u8::try_from(place + 1).unwrap_or(u8::MAX);
                let back = place > 0 || self.reception.first_page(at) == Page::All;
                Screen::ConsentEach { text, japanese, number, count, back, by, staff, reviewed }
            }
        }
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Ok)
    }

    fn enter(mut self, at: &mut Context<'_>) -> Next {
        if self.page == Page::Previous && self.reception.previous(at).is_none() {
            self.page = self.reception.first_page(at);
        }
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(mut self, target: Target, at: &mut Context<'_>) -> Next {
        if self.over.touched(target, &mut self.reception.by, at) {
            return Next::Stay(self.into());
        }
        match (self.page, target) {
            (Page::Previous, Target::SameAsBefore) => self.same_as_before(at),
            (Page::Previous, Target::Change) => {
                let page = self.reception.first_page(at);
                self.show(page)
            }
            (Page::All, Target::AgreeAll) => self.answer_all(Answer::Agreed, at),
            (Page::All, Target::DeclineAll) => self.answer_all(Answer::Declined, at),
            (Page::All, Target::OneByOne) => self.show(Page::Each(0)),
            (Page::Each(place), Target::Agree) => self.answer_each(place, Answer::Agreed, at),
            (Page::Each(place), Target::Decline) => self.answer_each(place, Answer::Declined, at),
            (Page::Each(place), Target::Back) => self.back(place, at),
            (Page::Previous | Page::All | Page::Each(_), _) => Next::Stay(self.into()),
        }
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, _: &mut Context<'_>) -> Next {
        Next::Go(Leaving { from: LeavingFrom::Consent(self) }.into())
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
