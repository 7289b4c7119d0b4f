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

    /// Every asked item has an earlier explicit answer to exactly today's wording, in some language we hold
    /// (patient-flow 4.2 rule 4). `None` as soon as one has not.
    pub(crate) fn previous(&self, at: &Context<'_>) -> Option<Vec<(usize, bool)>> {
        let asked = self.asked();
        let mut answers = Vec::with_capacity(asked.len());
        for item in asked {
            let previous = self.items.get(item)?.previous.as_ref()?;
            let still = Language::ALL.into_iter().filter_map(|l| self.wording(item, l, at));
            if !still.into_iter().any(|w| w.id == previous.wording_id && w.hash == previous.wording_hash) {
                return None;
            }
            answers.push((item, previous.agreed));
        }
        (!answers.is_empty()).then_some(answers)
    }

    /// Stores what was pressed for one item, with the wording that was on the glass.
    pub(crate) fn give(&mut self, item: usize, agreed: bool, carried_over: bool, at: &Context<'_>) {
        let answer = if agreed { Answer::Agreed } else { Answer::Declined };
        let given = self.record(item, answer, carried_over, at);
        if let Some(place) = self.given.get_mut(item) {
            *place = given;
        }
    }

    /// Stores the same answer for every asked item.
    pub(crate) fn give_all(&mut self, agreed: bool, at: &Context<'_>) {
        for item in self.asked() {
            self.give(item, agreed, false, at);
        }
    }

    /// Every item the service named, in its order; what nobody pressed is no consent (law 5).
    pub(crate) fn answers(&self, at: &Context<'_>) -> Vec<ItemAnswer> {
        self.items
            .iter()
            .zip(&self.given)
            .enumerate()
            .filter_map(|(place, (item, given))| {
                given.clone().or_else(|| self.record(place, item.withheld.unwrap_or(Answer::NotAnswered), false, at))
            })
            .collect()
    }

    fn record(&self, item: usize, answer: Answer, carried_over: bool, at: &Context<'_>) -> Option<ItemAnswer> {
        let language = at.common.language;
        let wording = self.wording(item, language, at)?;
        Some(ItemAnswer {
            id: self.items.get(item)?.id.clone(),
            wording_id: wording.id.clone(),
            wording_hash: wording.hash.clone(),
            language,
            answer,
            carried_over,
        })
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
