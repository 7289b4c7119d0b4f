//! What the service answered and what the patient pressed so far; carried from the notice to the submission.

use screen::{ConsentText, Language};

use super::{GivingConsent, ReadingNotice, Submitting};
use crate::{
    effect::ItemAnswer,
    event::{Answer, CertificateNotice, Item},
    policy::Wording,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reception {
    items: Vec<Item>,
    given: Vec<Option<ItemAnswer>>,
    pub(crate) desk: bool,
    pub(crate) notice: CertificateNotice,
}

impl Reception {
    pub(crate) fn new(items: Vec<Item>, desk: bool, notice: CertificateNotice) -> Self {
        let given = vec![None; items.len()];
        Self { items, given, desk, notice }
    }

    /// After the lookup: notice, then questions, then submission. Without the card nobody is asked (law 5).
    pub(crate) fn begin(self, at: &mut Context<'_>) -> Next {
        if !at.card_present() {
            return self.submit();
        }
        match self.notice {
            CertificateNotice::None => self.ask(),
            CertificateNotice::EndsSoon { .. } | CertificateNotice::Grace { .. } => {
                Next::Go(ReadingNotice { reception: self }.into())
            }
        }
    }

    /// The questions, or what follows when there are none.
    pub(crate) fn ask(self) -> Next {
        if self.asked().is_empty() { self.submit() } else { Next::Go(GivingConsent::new(self).into()) }
    }

    /// On to the submission; what is open stays "not answered".
    pub(crate) fn submit(self) -> Next {
        Next::Go(Submitting::new(self).into())
    }

    /// Positions of the items the patient is asked about.
    pub(crate) fn asked(&self) -> Vec<usize> {
        self.items.iter().enumerate().filter(|(_, item)| item.withheld.is_none()).map(|(at, _)| at).collect()
    }

    /// The wording of one item in one language.
    pub(crate) fn wording<'p>(&self, item: usize, language: Language, at: &'p Context<'_>) -> Option<&'p Wording> {
        let id = &self.items.get(item)?.id;
        at.policy.texts.items.get(&(id.clone(), language))
    }

    /// Every asked item has an earlier explicit answer to a wording that is still the same, in some language we hold,
    /// given to the item itself or to the question for all (patient-flow 4.2 rule 4). `None` as soon as one has not.
    pub(crate) fn previous(&self, at: &Context<'_>) -> Option<Vec<(usize, bool, Shown)>> {
        let asked = self.asked();
        let mut answers = Vec::with_capacity(asked.len());
        for item in asked {
            let previous = self.items.get(item)?.previous.as_ref()?;
            let still = Language::ALL.into_iter().flat_map(|language| {
                let wordings = [self.wording(item, language, at), at.policy.texts.all.get(&language)];
                wordings.into_iter().flatten().map(move |wording| Shown::new(wording, language))
            });
            let same = still.into_iter().find(|w| w.id == previous.wording_id && w.hash == previous.wording_hash)?;
            answers.push((item, previous.agreed, same));
        }
        (!answers.is_empty()).then_some(answers)
    }

    /// Stores what was pressed for one item, with the wording it was given to.
    pub(crate) fn give(&mut self, item: usize, agreed: bool, carried_over: bool, shown: Shown) {
        let answer = if agreed { Answer::Agreed } else { Answer::Declined };
        let given = self.record(item, answer, carried_over, shown);
        if let Some(place) = self.given.get_mut(item) {
            *place = given;
        }
    }

    /// Stores the same answer for every asked item, to the one question that stood for all of them.
    pub(crate) fn give_all(&mut self, agreed: bool, at: &Context<'_>) {
        let language = at.common.language;
        let Some(all) = at.policy.texts.all.get(&language) else { return };
        for item in self.asked() {
            self.give(item, agreed, false, Shown::new(all, language));
        }
    }

    /// The patient went back to this place among the asked items: what was pressed from there on is open again.
    pub(crate) fn take_back_from(&mut self, place: usize) {
        for item in self.asked().into_iter().skip(place) {
            if let Some(given) = self.given.get_mut(item) {
                *given = None;
            }
        }
    }

    /// Every item the service named, in its order; what nobody pressed is no consent (law 5).
    pub(crate) fn answers(&self, at: &Context<'_>) -> Vec<ItemAnswer> {
        let language = at.common.language;
        self.items
            .iter()
            .zip(&self.given)
            .enumerate()
            .filter_map(|(place, (item, given))| {
                given.clone().or_else(|| {
                    let shown = Shown::new(self.wording(place, language, at)?, language);
                    self.record(place, item.withheld.unwrap_or(Answer::NotAnswered), false, shown)
                })
            })
            .collect()
    }

    fn record(&self, item: usize, answer: Answer, carried_over: bool, shown: Shown) -> Option<ItemAnswer> {
        let Shown { id: wording_id, hash: wording_hash, language } = shown;
        let id = self.items.get(item)?.id.clone();
        Some(ItemAnswer { id, wording_id, wording_hash, language, answer, carried_over })
    }
}

/// Which wording an answer was given to, and in which language it was on the glass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    id: String,
    hash: String,
    language: Language,
}

impl Shown {
    pub(crate) fn new(wording: &Wording, language: Language) -> Self {
        Self { id: wording.id.clone(), hash: wording.hash.clone(), language }
    }
}

/// A wording as the view wants it: in the chosen language, and in Japanese too when that is another one.
pub(crate) fn texts<'p>(
    of: impl Fn(Language) -> Option<&'p Wording>,
    language: Language,
) -> (ConsentText, Option<ConsentText>) {
    let text = |language| of(language).map(|wording| wording.text.clone());
    let empty = || ConsentText { question: String::new(), rights: String::new() };
    match language {
        Language::Ja => (text(Language::Ja).unwrap_or_else(empty), None),
        Language::En => (text(Language::En).unwrap_or_else(empty), text(Language::Ja)),
    }
}
