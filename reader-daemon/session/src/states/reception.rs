//! What the service answered and what the patient pressed so far; carried from the notice to the submission. The rules of
//! patient-flow 4.2 and law 5 are kept here.

use screen::{Answerer, ConsentText, Language};

use super::{ChoosingExtras, GivingConsent, ReadingBack, ReadingNotice, Submitting, giving_consent::Page};
use crate::{
    effect::{Effect, ItemAnswer, StaffNote},
    event::{Answer, CertificateNotice, Item},
    limits::MAX_ITEMS,
    policy::{Group, Wording},
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reception {
    items: Vec<Item>,
    groups: Vec<Group>,
    given: Vec<Option<ItemAnswer>>,
    /// Who answers now; stored with each answer when it is pressed.
    pub(crate) by: Answerer,
    /// The page of the medical questions that was answered last: 「もどる」 leads there.
    pub(crate) last: Page,
    pub(crate) desk: bool,
    pub(crate) notice: CertificateNotice,
}

impl Reception {
    /// `None`: the service names more than the limit, or something the data file does not know.
    pub(crate) fn new(
        items: Vec<Item>,
        desk: bool,
        notice: CertificateNotice,
        by: Answerer,
        at: &Context<'_>,
    ) -> Option<Self> {
        let texts = &at.policy.texts;
        let known = |id: &str| texts.items.contains_key(&(id.to_owned(), Language::default()));
        if items.len() > MAX_ITEMS || !items.iter().all(|item| known(&item.id)) {
            return None;
        }
        let groups = items.iter().map(|item| texts.groups.get(&item.id).copied()).collect::<Option<Vec<_>>>()?;
        let given = vec![None; items.len()];
        Some(Self { items, groups, given, by, last: Page::All, desk, notice })
    }

    /// After the lookup: notice, then questions, then submission. Without the medium nobody is asked (law 5); a phone has
    /// done its part and is back in the patient's hand.
    pub(crate) fn begin(self, at: &mut Context<'_>) -> Next {
        if self.notice != CertificateNotice::None {
            at.effects.push(Effect::TellStaff(StaffNote::CertificateEnds));
        }
        if !at.common.by_phone && !at.card_present() {
            return self.submit();
        }
        match self.notice {
            CertificateNotice::None => self.ask(at),
            CertificateNotice::EndsSoon(_) | CertificateNotice::Grace(_) => Next::Go(ReadingNotice::new(self).into()),
        }
    }

    /// The questions, or what follows when there are none.
    pub(crate) fn ask(self, at: &Context<'_>) -> Next {
        if self.asked(Group::Health).is_empty() {
            self.ask_extras(at)
        } else {
            Next::Go(GivingConsent::new(self).into())
        }
    }

    /// The questions again from the first one; what was pressed no longer counts.
    pub(crate) fn ask_again(mut self, at: &Context<'_>) -> Next {
        self.take_all_back();
        if self.asked(Group::Health).is_empty() {
            return self.ask_extras(at);
        }
        let page = self.first_page(at);
        Next::Go(GivingConsent::on(self, page).into())
    }

    /// The questions that are never part of 「すべて同意する」, or what follows when there are none.
    pub(crate) fn ask_extras(self, at: &Context<'_>) -> Next {
        if self.extras().is_empty() { self.read_back(at) } else { Next::Go(ChoosingExtras::new(self).into()) }
    }

    /// All is answered: read back where that was chosen, otherwise on to the submission.
    pub(crate) fn read_back(self, at: &Context<'_>) -> Next {
        let comfort = at.common.comfort;
        let pressed = self.given.iter().any(Option::is_some);
        if pressed && (comfort.slow || comfort.voice) { Next::Go(ReadingBack::new(self).into()) } else { self.submit() }
    }

    /// On to the submission; what is open stays "not answered".
    pub(crate) fn submit(self) -> Next {
        Next::Go(Submitting::new(self).into())
    }

    /// Positions of the items of one group the patient is asked about.
    pub(crate) fn asked(&self, group: Group) -> Vec<usize> {
        let items = self.items.iter().zip(&self.groups).enumerate();
        items.filter(|(_, (item, of))| item.withheld.is_none() && **of == group).map(|(at, _)| at).collect()
    }

    /// Positions of the items that are asked alone, in the order of the visit (patient-flow 4.3).
    pub(crate) fn extras(&self) -> Vec<usize> {
        [self.asked(Group::OtherCertificates), self.asked(Group::Prescription)].concat()
    }

    /// Which screen asks for an item.
    pub(crate) fn group(&self, item: usize) -> Option<Group> {
        self.groups.get(item).copied()
    }

    /// The question that follows when there is no earlier answer to repeat; in ゆっくりモード always one at a time.
    pub(crate) fn first_page(&self, at: &Context<'_>) -> Page {
        let several = self.asked(Group::Health).len() > 1;
        if several && !at.common.comfort.slow { Page::All } else { Page::Each(0) }
    }

    /// The wording of one item in one language.
    pub(crate) fn wording<'p>(&self, item: usize, language: Language, at: &'p Context<'_>) -> Option<&'p Wording> {
        let id = &self.items.get(item)?.id;
        at.policy.texts.items.get(&(id.clone(), language))
    }

    /// Every medical item that is asked may be taken over and has an earlier explicit answer to a wording that is still the
    /// same, in some language we hold, given to the item itself or to the question for all (patient-flow 4.2 rule 4).
    /// `None` as soon as one has not. The other items are asked anew always.
    pub(crate) fn previous(&self, at: &Context<'_>) -> Option<Vec<(usize, bool, Shown)>> {
        let asked = self.asked(Group::Health);
        let mut answers = Vec::with_capacity(asked.len());
        for item in asked {
            let texts = &at.policy.texts;
            let Item { id, previous, .. } = self.items.get(item)?;
            let previous = previous.as_ref().filter(|_| texts.carried.get(id).copied().unwrap_or(false))?;
            let still = Language::ALL.into_iter().flat_map(|language| {
                let wordings = [self.wording(item, language, at), texts.all.get(&language)];
                wordings.into_iter().flatten().map(move |wording| Shown::new(wording, language))
            });
            let same = still.into_iter().find(|w| w.id == previous.wording_id && w.hash == previous.wording_hash)?;
            answers.push((item, previous.agreed, same));
        }
        (!answers.is_empty()).then_some(answers)
    }

    /// Stores what was pressed for one item, with the wording it was given to.
    pub(crate) fn give(&mut self, item: usize, answer: Answer, carried_over: bool, shown: Shown) {
        let given = self.record(item, answer, carried_over, self.by, shown);
        if let Some(place) = self.given.get_mut(item) {
            *place = given;
        }
    }

    /// Stores the same answer for every medical item, to the one question that stood for all of them. It never stands for
    /// the other certificates and the form of the prescription.
    pub(crate) fn give_all(&mut self, answer: Answer, at: &Context<'_>) {
        let language = at.common.language;
        let Some(all) = at.policy.texts.all.get(&language) else { return };
        for item in self.asked(Group::Health) {
            self.give(item, answer, false, Shown::new(all, language));
        }
    }

    /// 「同意しないで受付する」: no to everything medical, and nothing else is looked up. The form of a prescription is no
    /// consent: what was pressed stays.
    pub(crate) fn decline_everything(&mut self, at: &Context<'_>) {
        self.give_all(Answer::Declined, at);
        self.take_back(&self.asked(Group::OtherCertificates));
    }

    /// What was pressed for these items is open again.
    pub(crate) fn take_back(&mut self, items: &[usize]) {
        for item in items {
            if let Some(given) = self.given.get_mut(*item) {
                *given = None;
            }
        }
    }

    /// Nothing that was pressed counts.
    pub(crate) fn take_all_back(&mut self) {
        self.given.fill(None);
    }

    /// Each asked item and its answer as a line, in the order of the visit.
    pub(crate) fn lines(&self, at: &Context<'_>) -> Vec<String> {
        let asked = [self.asked(Group::Health), self.extras()].concat();
        asked
            .into_iter()
            .map(|item| self.line(item, self.given.get(item).and_then(|g| Some(g.as_ref()?.answer)), at))
            .collect()
    }

    /// 「お薬：同意しない」
    pub(crate) fn line(&self, item: usize, answer: Option<Answer>, at: &Context<'_>) -> String {
        let language = at.common.language;
        let texts = &at.policy.texts;
        let wording = self.wording(item, language, at);
        let said = wording.and_then(|wording| match answer? {
            Answer::Agreed | Answer::Electronic => Some(&wording.text.yes),
            Answer::Declined | Answer::Paper => Some(&wording.text.no),
            Answer::NotAnswered | Answer::NotAskedGrace | Answer::NotAsked => None,
        });
        let said = said.or_else(|| texts.not_answered.get(&language)).map_or("", String::as_str);
        let line = texts.lines.get(&language).map_or("{name}: {answer}", String::as_str);
        line.replace("{name}", wording.map_or("", |wording| &wording.name)).replace("{answer}", said)
    }

    /// Every item the service named, in its order; what nobody pressed is no consent (law 5).
    pub(crate) fn answers(&self, at: &Context<'_>) -> Vec<ItemAnswer> {
        let language = at.common.language;
        let items = self.items.iter().zip(&self.given).enumerate();
        items
            .filter_map(|(place, (item, given))| {
                given.clone().or_else(|| {
                    let shown = Shown::new(self.wording(place, language, at)?, language);
                    let answer = item.withheld.unwrap_or(Answer::NotAnswered);
                    self.record(place, answer, false, Answerer::default(), shown)
                })
            })
            .collect()
    }

    fn record(
        &self,
        item: usize,
        answer: Answer,
        carried_over: bool,
        by: Answerer,
        shown: Shown,
    ) -> Option<ItemAnswer> {
        let Shown { id: wording_id, hash: wording_hash, language } = shown;
        let id = self.items.get(item)?.id.clone();
        Some(ItemAnswer { id, wording_id, wording_hash, language, answer, carried_over, by })
    }
}

/// Which wording an answer was given to, and in which language it was on the glass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) hash: String,
    pub(crate) language: Language,
}

impl Shown {
    pub(crate) fn new(wording: &Wording, language: Language) -> Self {
        Self { id: wording.id.clone(), hash: wording.hash.clone(), language }
    }
}

/// A wording as the view wants it: in the chosen language, and in the binding Japanese too when that is another one.
pub(crate) fn texts<'p>(
    of: impl Fn(Language) -> Option<&'p Wording>,
    language: Language,
) -> (ConsentText, Option<ConsentText>) {
    let text = |language| of(language).map(|wording| wording.text.clone());
    let empty =
        || ConsentText { question: String::new(), rights: String::new(), yes: String::new(), no: String::new() };
    let japanese = if language.is_binding() { None } else { text(Language::Ja) };
    (text(language).unwrap_or_else(empty), japanese)
}
