//! The consent rules a second time, as a table made from patient-flow 4.2 and law 5 alone: what each touch on each screen
//! gives, and what is due in the end. It sees what the patient sees — views and touches — and knows nothing of the machine.

use screen::{Answerer, ConsentText, Language, Screen, Target, View};

use crate::{Answer, Group, Item, ItemAnswer, Policy, Wording};

/// What is on the glass, as far as consent goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sheet {
    Previous,
    All,
    Each,
    Prescription,
    Answerer,
    ReadBack,
    Leaving,
    /// Nothing that is asked here.
    Other,
}

/// What a touch gives.
#[derive(Clone, Copy, Debug)]
enum Gives {
    /// The same to every medical item that is asked.
    All(Answer),
    /// To the one item on the glass.
    One(Answer),
    /// The earlier answers once more.
    Same,
    /// Who answers from here on.
    By(Answerer),
    /// No to everything medical; no other certificate is looked up.
    Without,
}

/// Clause, sheet, touch, what it gives. Any other touch gives nothing: nothing is preselected, nothing is guessed.
const TABLE: [(&str, Sheet, Target, Gives); 11] = [
    ("4.2.1 explicit, 4.2.5 all at once", Sheet::All, Target::AgreeAll, Gives::All(Answer::Agreed)),
    ("4.2.2 refusing bars nothing", Sheet::All, Target::DeclineAll, Gives::All(Answer::Declined)),
    ("4.2.4 shown, then taken over", Sheet::Previous, Target::SameAsBefore, Gives::Same),
    ("4.2.5 per item", Sheet::Each, Target::Agree, Gives::One(Answer::Agreed)),
    ("4.2.5 per item", Sheet::Each, Target::Decline, Gives::One(Answer::Declined)),
    ("4.1 form of the prescription", Sheet::Prescription, Target::Electronic, Gives::One(Answer::Electronic)),
    ("4.1 form of the prescription", Sheet::Prescription, Target::Paper, Gives::One(Answer::Paper)),
    ("4.2.9b by whom", Sheet::Answerer, Target::PatientAnswers, Gives::By(Answerer::Patient)),
    ("4.2.11 escorted", Sheet::Answerer, Target::CompanionAnswers, Gives::By(Answerer::Companion)),
    ("4.2.8 visual check", Sheet::Answerer, Target::StaffAnswers, Gives::By(Answerer::Staff)),
    ("2 leaving after the lookup", Sheet::Leaving, Target::ReceiveWithoutConsent, Gives::Without),
];

/// How a submission may come about: all was answered and nothing is to be read back, or one of these touches.
const SENDS: [(&str, Sheet, Target); 2] = [
    ("14 read back", Sheet::ReadBack, Target::SendAnswers),
    ("2 leaving after the lookup", Sheet::Leaving, Target::ReceiveWithoutConsent),
];

/// One visit as it should come out.
pub(super) struct Oracle<'p> {
    policy: &'p Policy,
    items: Vec<Item>,
    pressed: Vec<Option<ItemAnswer>>,
    by: Answerer,
    /// Staff proved the holder by eye.
    visual: bool,
}

impl<'p> Oracle<'p> {
    pub(super) fn new(policy: &'p Policy, items: Vec<Item>, visual: bool) -> Self {
        let pressed = vec![None; items.len()];
        Self { policy, items, pressed, by: Answerer::Patient, visual }
    }

    /// A view is on the glass. A question that stands there has no answer yet, nor has any that follows it; and only what
    /// may be asked is asked.
    pub(super) fn sees(&mut self, view: &View) {
        let asked = self.in_order();
        let from = match (sheet(&view.screen), text(&view.screen)) {
            (Sheet::Previous | Sheet::All, _) => 0,
            (Sheet::Each | Sheet::Prescription, Some(text)) => {
                let item = self.named(text, view.language);
                let place = asked.iter().position(|asked| *asked == item);
                place.unwrap_or_else(|| panic!("4.2.7: {} is asked and must not be", self.items[item].id))
            }
            (Sheet::Each | Sheet::Prescription, None) => panic!("a question without words: {view:?}"),
            (Sheet::Answerer | Sheet::ReadBack | Sheet::Leaving | Sheet::Other, _) => asked.len(),
        };
        for item in &asked[from..] {
            self.pressed[*item] = None;
        }
        self.holds(view);
    }

    /// What the screen itself must say.
    fn holds(&self, view: &View) {
        let earlier = self.earlier();
        match &view.screen {
            Screen::ConsentAll { previous, by, staff, .. } => {
                assert!(self.group(Group::Health).len() > 1 || !previous.is_empty(), "one question is asked as it is");
                if !previous.is_empty() {
                    let earlier = earlier.expect("4.2.4: earlier answers are shown that do not hold");
                    let line = |(item, agreed): &(usize, bool)| {
                        let id = &self.items[*item].id;
                        format!("{id}: {id} {}", if *agreed { "yes" } else { "no" })
                    };
                    assert_eq!(*previous, earlier.iter().map(line).collect::<Vec<_>>(), "4.2.4: never silent");
                }
                assert_eq!((*by, *staff), (self.by, self.visual), "4.2.9b");
            }
            Screen::ConsentEach { by, staff, .. } => assert_eq!((*by, *staff), (self.by, self.visual), "4.2.9b"),
            Screen::ChoosingAnswerer { staff } => assert_eq!(*staff, self.visual, "4.2.8"),
            Screen::ReadingBack { lines } => {
                let open = self.in_order().into_iter().filter(|item| self.pressed[*item].is_none());
                assert_eq!(open.count(), 0, "read back before all is answered: {lines:?}");
                assert_eq!(lines.len(), self.in_order().len());
            }
            _ => {}
        }
    }

    /// A touch on that view.
    pub(super) fn touched(&mut self, view: &View, target: Target) {
        let on = sheet(&view.screen);
        let row = TABLE.into_iter().find(|(_, sheet, touch, _)| *sheet == on && *touch == target);
        let Some((_, _, _, gives)) = row else { return };
        match gives {
            Gives::All(answer) => self.give_all(answer, view.language),
            Gives::One(answer) => {
                let item = self.named(text(&view.screen).unwrap(), view.language);
                let prescription = self.of(item) == Group::Prescription;
                assert_eq!(prescription, on == Sheet::Prescription, "each item on its own screen");
                let words = self.words(item, view.language).clone();
                self.give(item, answer, &words, view.language);
            }
            Gives::Same => {
                for (item, agreed) in self.earlier().expect("4.2.4") {
                    let answer = if agreed { Answer::Agreed } else { Answer::Declined };
                    let (words, language) = self.given_to(item).unwrap();
                    self.give(item, answer, &words, language);
                    self.pressed[item].as_mut().unwrap().carried_over = true;
                }
            }
            Gives::By(Answerer::Staff) if !self.visual => {}
            Gives::By(by) => self.by = by,
            Gives::Without => {
                self.give_all(Answer::Declined, view.language);
                for item in self.group(Group::OtherCertificates) {
                    self.pressed[item] = None;
                }
            }
        }
    }

    /// What must be sent, when it is sent after this touch on this view (`None`: the card was taken, or time was up).
    pub(super) fn due(&self, view: &View, target: Option<Target>) -> Vec<ItemAnswer> {
        let sends = |target| SENDS.iter().any(|(_, on, touch)| *on == sheet(&view.screen) && *touch == target);
        let open = self.in_order().into_iter().any(|item| self.pressed[item].is_none());
        if let Some(target) = target.filter(|target| !sends(*target)) {
            assert!(!open, "sent after {target:?} with a question open");
            let read_back = view.comfort.slow || view.comfort.voice;
            let pressed = self.pressed.iter().any(Option::is_some);
            assert!(!(read_back && pressed), "14: sent after {target:?} without reading back");
        }
        let items = self.items.iter().zip(&self.pressed).enumerate();
        items
            .map(|(place, (item, pressed))| {
                pressed.clone().unwrap_or_else(|| {
                    // 4.2.6, 4.2.7: no answer is "not answered"; what was not asked says so.
                    let words = self.words(place, view.language);
                    ItemAnswer {
                        id: item.id.clone(),
                        wording_id: words.id.clone(),
                        wording_hash: words.hash.clone(),
                        language: view.language,
                        answer: item.withheld.unwrap_or(Answer::NotAnswered),
                        carried_over: false,
                        by: Answerer::Patient,
                    }
                })
            })
            .collect()
    }

    fn give_all(&mut self, answer: Answer, language: Language) {
        let words = self.policy.texts.all[&language].clone();
        for item in self.group(Group::Health) {
            self.give(item, answer, &words, language);
        }
    }

    fn give(&mut self, item: usize, answer: Answer, words: &Wording, language: Language) {
        self.pressed[item] = Some(ItemAnswer {
            id: self.items[item].id.clone(),
            wording_id: words.id.clone(),
            wording_hash: words.hash.clone(),
            language,
            answer,
            carried_over: false,
            by: self.by,
        });
    }

    /// 4.2.4: the earlier answers, if every medical item that is asked has one that still holds.
    fn earlier(&self) -> Option<Vec<(usize, bool)>> {
        let asked = self.group(Group::Health);
        let answer = |item: &usize| {
            self.given_to(*item)?;
            Some((*item, self.items[*item].previous.as_ref()?.agreed))
        };
        let earlier = asked.iter().map(answer).collect::<Option<Vec<_>>>()?;
        (!earlier.is_empty()).then_some(earlier)
    }

    /// The wording an earlier answer was given to, while it is still the same word for word and may be taken over.
    fn given_to(&self, item: usize) -> Option<(Wording, Language)> {
        let Item { id, previous, .. } = &self.items[item];
        let previous = previous.as_ref().filter(|_| self.policy.texts.carried[id])?;
        let all = self.policy.texts.all.iter().map(|(language, words)| (words, *language));
        let own = self.policy.texts.items.iter().filter(|((of, _), _)| of == id);
        let mut words = own.map(|((_, language), words)| (words, *language)).chain(all);
        let same = words.find(|(w, _)| (&w.id, &w.hash) == (&previous.wording_id, &previous.wording_hash));
        same.map(|(words, language)| (words.clone(), language))
    }

    fn of(&self, item: usize) -> Group {
        self.policy.texts.groups[&self.items[item].id]
    }

    /// The items of a group that are asked, in the service's order.
    fn group(&self, group: Group) -> Vec<usize> {
        (0..self.items.len()).filter(|item| self.items[*item].withheld.is_none() && self.of(*item) == group).collect()
    }

    /// 4.3: medical information, other certificates, prescription.
    fn in_order(&self) -> Vec<usize> {
        [Group::Health, Group::OtherCertificates, Group::Prescription].map(|group| self.group(group)).concat()
    }

    fn words(&self, item: usize, language: Language) -> &Wording {
        &self.policy.texts.items[&(self.items[item].id.clone(), language)]
    }

    fn named(&self, text: &ConsentText, language: Language) -> usize {
        let item = (0..self.items.len()).find(|item| self.words(*item, language).text == *text);
        item.unwrap_or_else(|| panic!("nobody named {text:?}"))
    }
}

fn sheet(screen: &Screen) -> Sheet {
    match screen {
        Screen::ConsentAll { previous, .. } if previous.is_empty() => Sheet::All,
        Screen::ConsentAll { .. } => Sheet::Previous,
        Screen::ConsentEach { .. } => Sheet::Each,
        Screen::ChoosingPrescription { .. } => Sheet::Prescription,
        Screen::ChoosingAnswerer { .. } => Sheet::Answerer,
        Screen::ReadingBack { .. } => Sheet::ReadBack,
        Screen::LeavingAfterLookup => Sheet::Leaving,
        _ => Sheet::Other,
    }
}

fn text(screen: &Screen) -> Option<&ConsentText> {
    match screen {
        Screen::ConsentEach { text, .. } | Screen::ChoosingPrescription { text, .. } => Some(text),
        _ => None,
    }
}
