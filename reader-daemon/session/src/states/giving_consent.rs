//! S8 and S9: one question for all items, or one item a screen. Nothing is preselected; no answer is "no" (law 5).

use screen::{Language, Progress, Screen, Sound, Target};

use super::{
    Doing, Key, Leaving, Reception, Reply, StateName, WaitsFor, leaving::From as LeavingFrom, reception::Shown,
    reception::texts,
};
use crate::{
    policy::Wording,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GivingConsent {
    pub(crate) reception: Reception,
    page: Page,
    /// 「くわしく」 is open over the page.
    detail: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Page {
    /// Previous answers, if they all still hold, with 「同じにする」「変える」.
    Previous,
    /// One question for all.
    All,
    /// One item: its place among those asked.
    Each(usize),
}

impl GivingConsent {
    pub(crate) fn new(reception: Reception) -> Self {
        Self { reception, page: Page::Previous, detail: false }
    }

    /// The question that follows when there is no earlier answer to repeat.
    fn first_page(&self) -> Page {
        if self.reception.asked().len() > 1 { Page::All } else { Page::Each(0) }
    }

    fn wording<'p>(&self, language: Language, at: &'p Context<'_>) -> Option<&'p Wording> {
        match self.page {
            Page::Previous | Page::All => at.policy.texts.all.get(&language),
            Page::Each(place) => self.reception.wording(*self.reception.asked().get(place)?, language, at),
        }
    }

    fn answer_each(mut self, place: usize, agreed: bool, at: &mut Context<'_>) -> Next {
        let asked = self.reception.asked();
        let language = at.common.language;
        let Some((item, wording)) = asked.get(place).zip(self.wording(language, at)) else {
            return Next::Stay(self.into());
        };
        self.reception.give(*item, agreed, false, Shown::new(wording, language));
        if place + 1 == asked.len() {
            return self.reception.submit();
        }
        self.page = Page::Each(place + 1);
        Next::Stay(self.into())
    }

    fn answer_all(mut self, agreed: bool, at: &mut Context<'_>) -> Next {
        self.reception.give_all(agreed, at);
        self.reception.submit()
    }

    fn same_as_before(mut self, at: &mut Context<'_>) -> Next {
        for (item, agreed, shown) in self.reception.previous(at).unwrap_or_default() {
            self.reception.give(item, agreed, true, shown);
        }
        self.reception.submit()
    }

    fn show(mut self, page: Page) -> Next {
        self.page = page;
        Next::Stay(self.into())
    }
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
        if self.detail {
            let wording = self.wording(language, at);
            return Screen::ConsentDetail {
                title: wording.map_or_else(String::new, |w| w.name.clone()),
                paragraphs: wording.map_or_else(Vec::new, |w| w.detail.clone()),
            };
        }
        let (text, japanese) = texts(|language| self.wording(language, at), language);
        match self.page {
            Page::Previous => {
                let words = at.policy.texts.answers.get(&language).cloned().unwrap_or_default();
                let line = |(item, agreed, _): (usize, bool, Shown)| {
                    let name = self.reception.wording(item, language, at).map_or("", |w| w.name.as_str());
                    let [yes, no] = &words;
                    let colon = match language {
                        Language::Ja => "：",
                        Language::En => ": ",
                    };
                    format!("{name}{colon}{}", if agreed { yes } else { no })
                };
                let previous = self.reception.previous(at).unwrap_or_default().into_iter().map(line).collect();
                Screen::ConsentAll { text, japanese, previous }
            }
            Page::All => Screen::ConsentAll { text, japanese, previous: Vec::new() },
            Page::Each(place) => {
                let count = self.reception.asked().len();
                Screen::ConsentEach {
                    text,
                    japanese,
                    number: u8::try_from(place + 1).unwrap_or(u8::MAX),
                    count: u8::try_from(count).unwrap_or(u8::MAX),
                    back: count > 1,
                }
            }
        }
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Ok)
    }

    fn enter(mut self, at: &mut Context<'_>) -> Next {
        if self.page == Page::Previous && self.reception.previous(at).is_none() {
            self.page = self.first_page();
        }
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(mut self, target: Target, at: &mut Context<'_>) -> Next {
        if self.detail {
            self.detail = target != Target::Back;
            return Next::Stay(self.into());
        }
        if target == Target::Detail {
            self.detail = true;
            return Next::Stay(self.into());
        }
        match (self.page, target) {
            (Page::Previous, Target::SameAsBefore) => self.same_as_before(at),
            (Page::Previous, Target::Change) => {
                let page = self.first_page();
                self.show(page)
            }
            (Page::All, Target::AgreeAll) => self.answer_all(true, at),
            (Page::All, Target::DeclineAll) => self.answer_all(false, at),
            (Page::All, Target::OneByOne) => self.show(Page::Each(0)),
            (Page::Each(place), Target::Agree) => self.answer_each(place, true, at),
            (Page::Each(place), Target::Decline) => self.answer_each(place, false, at),
            // Back means to answer again: what was pressed there no longer counts.
            (Page::Each(0), Target::Back) => {
                self.reception.take_back_from(0);
                let page = self.first_page();
                self.show(page)
            }
            (Page::Each(place), Target::Back) => {
                self.reception.take_back_from(place - 1);
                self.show(Page::Each(place - 1))
            }
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
