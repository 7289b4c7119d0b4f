//! S7: the card is not signed up as insurance card, and the service offers to do it now. Asked twice, nothing preselected;
//! whatever is not 「登録する」 on both screens registers nothing and leads to the desk (R3). Who answers can be said here as
//! with consent, stands with the sign-up (law 5), and goes on answering the questions that follow.

use screen::{Answerer, Language, Progress, Screen, Sound, Target};

use super::{Doing, Key, Over, Reply, StateName, WaitingForResult, WaitsFor, reception::Shown, reception::texts};
use crate::{
    effect::SignUp,
    policy::{FaultCode, Wording},
    session::{Context, Next},
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SigningUp {
    /// It is asked the second time.
    confirm: bool,
    /// Who answers: the patient, until another one is named.
    by: Answerer,
    over: Over,
}

impl SigningUp {
    fn wording<'p>(self, language: Language, at: &'p Context<'_>) -> Option<&'p Wording> {
        let [first, second] = at.policy.texts.sign_up.get(&language)?;
        Some(if self.confirm { second } else { first })
    }

    fn sign_up(self, at: &Context<'_>) -> Next {
        if !self.confirm {
            return Next::Go(Self { confirm: true, ..self }.into());
        }
        let language = at.common.language;
        let Some(wording) = self.wording(language, at) else { return Next::Stay(self.into()) };
        let Shown { id: wording_id, hash: wording_hash, language } = Shown::new(wording, language);
        let order = SignUp { visit: at.visit(), wording_id, wording_hash, language, by: self.by };
        Next::Go(WaitingForResult::registering(order).into())
    }

    fn not_signed_up(at: &mut Context<'_>) -> Next {
        at.fail(FaultCode::NotSignedUp)
    }
}

impl Doing for SigningUp {
    fn name(&self) -> StateName {
        StateName::SigningUp
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Patient
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        true
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        true
    }

    fn screen(&self, at: &Context<'_>) -> Screen {
        let wording = self.wording(at.common.language, at);
        if let Some(over) = self.over.screen(wording, at) {
            return over;
        }
        let (text, japanese) = texts(|language| self.wording(language, at), at.common.language);
        let (by, staff) = (self.by, at.common.by_staff);
        let reviewed = wording.is_some_and(|wording| wording.reviewed);
        Screen::SigningUp { confirm: self.confirm, text, japanese, by, staff, reviewed }
    }

    fn sound(&self) -> Option<Sound> {
        Some(Sound::Ok)
    }

    /// Without the medium nobody is asked, nor with a question the data file does not have.
    fn enter(self, at: &mut Context<'_>) -> Next {
        let there = at.common.by_phone || at.card_present();
        if !there || self.wording(at.common.language, at).is_none() {
            return Self::not_signed_up(at);
        }
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(mut self, target: Target, at: &mut Context<'_>) -> Next {
        if self.over.touched(target, &mut self.by, at) {
            return Next::Stay(self.into());
        }
        if target == Target::SignUp {
            return self.sign_up(at);
        }
        if target == Target::DoNotSignUp {
            return Self::not_signed_up(at);
        }
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        Self::not_signed_up(at)
    }

    /// Nobody is signed up who has left.
    fn card_removed(self, at: &mut Context<'_>) -> Next {
        Self::not_signed_up(at)
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, at: &mut Context<'_>) -> Next {
        Self::not_signed_up(at)
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, at: &mut Context<'_>) -> Next {
        Self::not_signed_up(at)
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
