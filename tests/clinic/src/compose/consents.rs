//! The consent block of a face file (qualification.md 3.3): from what the patient pressed to flags and times.

use jiff::civil::DateTime;
use qualification::protocol::{Answer, ResultClaims};

use crate::{
    dates,
    files::{
        codes::{Consent, LimitConsent, PrescriptionForm},
        messages::result::ResultItem,
    },
    items,
};

/// What becomes of one item in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Given {
    /// It was no question of this visit: the file says nothing of it.
    #[default]
    NotAsked,
    /// No, or nothing was pressed: flag 0 and no time.
    No,
    /// Yes, in this visit: pressed, or carried over by 「同じにする」.
    Yes,
}

/// The consents of one visit, and when they were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consents {
    /// 特定疾病療養受療証.
    pub specific_diseases: Given,
    /// 特定健診.
    pub checkups: Given,
    /// 薬剤.
    pub medicines: Given,
    /// 診療.
    pub diagnosis: Given,
    /// 手術.
    pub operations: Given,
    /// 処方箋形式; `None`: not asked, or nothing pressed.
    pub prescription: Option<PrescriptionForm>,
    /// One reading of the terminal's clock, JST.
    pub given: Option<DateTime>,
    /// 24 hours later.
    pub available: Option<DateTime>,
}

impl Consents {
    /// Of a signed result. One question stands for 診療 and 薬剤; the neutral question for other certificates stands for
    /// 特定疾病 where this facility takes it. 感染症 has no element of its own: table 036 has it under 手術, which is asked
    /// apart, so it stays in the books.
    #[must_use]
    pub fn of(claims: &ResultClaims, takes_specific_diseases: bool) -> Self {
        let answer = |id: &str| claims.items.iter().find(|item| item.id == id).map(|item| item.answer);
        let given = |id: &str| answer(id).map_or(Given::NotAsked, given);
        let medicines = given(items::MEDICINES);
        let specific_diseases =
            if takes_specific_diseases { given(items::OTHER_CERTIFICATES) } else { Given::NotAsked };
        Self {
            specific_diseases,
            checkups: given(items::CHECKUPS),
            medicines,
            diagnosis: medicines,
            operations: given(items::OPERATIONS),
            prescription: answer(items::PRESCRIPTION).and_then(form),
            given: dates::moment_in_japan(claims.time_ms),
            available: dates::moment_in_japan(claims.valid_until_ms),
        }
    }

    /// Writes flags and times. 限度額 is not asked with the card since 2024-10-07; its flag is still returned.
    pub fn write(&self, item: &mut ResultItem) {
        let time = |given: Given, time: Option<DateTime>| time.filter(|_| given == Given::Yes).map(Into::into);
        item.limit_consent = Some(LimitConsent::Given.into());
        item.limit_consent_time = self.given.map(Into::into);
        item.specific_diseases_consent = flag(self.specific_diseases);
        item.specific_diseases_consent_time = time(self.specific_diseases, self.given);
        item.checkups_consent = flag(self.checkups);
        item.checkups_consent_time = time(self.checkups, self.given);
        item.checkups_available_time = time(self.checkups, self.available);
        item.medicines_consent = flag(self.medicines);
        item.medicines_consent_time = time(self.medicines, self.given);
        item.medicines_available_time = time(self.medicines, self.available);
        item.diagnosis_consent = flag(self.diagnosis);
        item.diagnosis_consent_time = time(self.diagnosis, self.given);
        item.diagnosis_available_time = time(self.diagnosis, self.available);
        item.operations_consent = flag(self.operations);
        item.operations_consent_time = time(self.operations, self.given);
        item.operations_available_time = time(self.operations, self.available);
    }
}

fn flag(given: Given) -> Option<crate::files::layout::Value<Consent>> {
    match given {
        Given::NotAsked => None,
        Given::No => Some(Consent::NotGiven.into()),
        Given::Yes => Some(Consent::Given.into()),
    }
}

/// Silence counts as no (patient-flow 4.2); a question that was not put says nothing.
const fn given(answer: Answer) -> Given {
    match answer {
        Answer::Agreed => Given::Yes,
        Answer::Declined | Answer::NotAnswered | Answer::Electronic | Answer::Paper => Given::No,
        Answer::NotAsked | Answer::NotAskedGrace => Given::NotAsked,
    }
}

const fn form(answer: Answer) -> Option<PrescriptionForm> {
    match answer {
        Answer::Electronic => Some(PrescriptionForm::Electronic),
        Answer::Paper => Some(PrescriptionForm::Paper),
        Answer::Agreed | Answer::Declined | Answer::NotAnswered | Answer::NotAsked | Answer::NotAskedGrace => None,
    }
}

#[cfg(test)]
mod tests {
    use qualification::protocol::{By, How, ItemAnswer, Method, VERSION};

    use super::*;

    fn claims(answers: &[(&str, Answer, How)]) -> ResultClaims {
        let item = |(id, answer, how): &(&str, Answer, How)| ItemAnswer {
            id: (*id).to_owned(),
            wording_id: "w".into(),
            wording_hash: "ab".repeat(32),
            language: "ja".into(),
            answer: *answer,
            how: *how,
            by: By::Patient,
        };
        ResultClaims {
            protocol: VERSION,
            result_id: "1".repeat(32),
            session_id: "2".repeat(32),
            terminal_id: "t".into(),
            certificate_sha256: "ef".repeat(32),
            method: Method::Pin,
            weights: "none".into(),
            weights_level: None,
            // 2026-11-23 09:02:01.999 in Japan.
            time_ms: 1_795_392_121_999,
            valid_until_ms: 1_795_478_521_999,
            confirmed_by: None,
            items: answers.iter().map(item).collect(),
        }
    }

    #[test]
    fn carried_over_is_a_yes_of_this_visit_and_grace_and_infections_leave_no_flag() {
        let claims = claims(&[
            (items::MEDICINES, Answer::Agreed, How::CarriedOver),
            (items::CHECKUPS, Answer::NotAskedGrace, How::Nothing),
            (items::OPERATIONS, Answer::Declined, How::CarriedOver),
            (items::INFECTIONS, Answer::Agreed, How::Now),
        ]);
        let mut item = ResultItem::default();
        Consents::of(&claims, true).write(&mut item);
        let given = jiff::civil::date(2026, 11, 23).at(9, 2, 1, 0);
        let available = jiff::civil::date(2026, 11, 24).at(9, 2, 1, 0);
        assert_eq!(item.medicines_consent, Some(Consent::Given.into()));
        assert_eq!(item.diagnosis_consent_time, Some(given.into()));
        assert_eq!(item.medicines_available_time, Some(available.into()));
        assert_eq!((item.checkups_consent, item.checkups_consent_time), (None, None));
        assert_eq!((item.operations_consent, item.operations_consent_time), (Some(Consent::NotGiven.into()), None));
        // Neither asked for here, nor anywhere a place for 感染症.
        assert_eq!(item.specific_diseases_consent, None);
        assert_eq!(item.limit_consent_time, Some(given.into()));
    }

    #[test]
    fn the_neutral_question_stands_for_a_certificate_only_where_the_facility_takes_it() {
        let claims = claims(&[(items::OTHER_CERTIFICATES, Answer::Agreed, How::Now)]);
        assert_eq!(Consents::of(&claims, true).specific_diseases, Given::Yes);
        assert_eq!(Consents::of(&claims, false).specific_diseases, Given::NotAsked);
    }
}
