//! What lies over a question for a moment: 「くわしく」 or the choice of who answers. It answers nothing by itself.

use screen::{Answerer, Screen, Target};

use crate::{policy::Wording, session::Context};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Over {
    /// The question itself is on the glass.
    #[default]
    Nothing,
    /// Who sees it, why, how long.
    Detail,
    /// The patient, a companion, or staff.
    Answerer,
}

impl Over {
    /// What is shown instead of the question.
    pub(crate) fn screen(self, wording: Option<&Wording>, at: &Context<'_>) -> Option<Screen> {
        match self {
            Self::Nothing => None,
            Self::Detail => Some(Screen::ConsentDetail {
                title: wording.map_or_else(String::new, |w| w.name.clone()),
                paragraphs: wording.map_or_else(Vec::new, |w| w.detail.clone()),
            }),
            Self::Answerer => Some(Screen::ChoosingAnswerer { staff: at.common.by_staff }),
        }
    }

    /// `true`: the touch was for what lies over the question, or opened it.
    pub(crate) fn touched(&mut self, target: Target, by: &mut Answerer, at: &Context<'_>) -> bool {
        let answerers = [
            (Target::PatientAnswers, Answerer::Patient),
            (Target::CompanionAnswers, Answerer::Companion),
            (Target::StaffAnswers, Answerer::Staff),
        ];
        let answerer = answerers.into_iter().find(|(offered, _)| *offered == target).map(|(_, by)| by);
        // Staff only where they have proved who the patient is (patient-flow 4.2 rule 8).
        let answerer = answerer.filter(|by| *by != Answerer::Staff || at.common.by_staff);
        match (*self, target, answerer) {
            (Self::Nothing, Target::Detail, _) => *self = Self::Detail,
            (Self::Nothing, Target::Answerer, _) => *self = Self::Answerer,
            (Self::Nothing, _, _) => return false,
            (Self::Detail | Self::Answerer, Target::Back, _) => *self = Self::Nothing,
            (Self::Answerer, _, Some(chosen)) => {
                *by = chosen;
                *self = Self::Nothing;
            }
            (Self::Detail | Self::Answerer, _, _) => {}
        }
        true
    }
}
