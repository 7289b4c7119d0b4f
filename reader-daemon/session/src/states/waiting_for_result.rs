//! S5: the service looks the person up. From here on the reception stands: a card taken out early leaves questions
//! unanswered, it does not lose the reception (patient-flow section 2).

use screen::{Answerer, Progress, Screen, Sound, Target};

use super::{Doing, Key, Reception, Reply, SigningUp, StateName, TakingCard, WaitsFor};
use crate::{
    effect::{Effect, Record, SignUp},
    event::{Lookup, Refusal},
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct WaitingForResult {
    long: bool,
    register: Register,
}

/// Whether the card is signed up on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
enum Register {
    #[default]
    No,
    /// Ordered on entering.
    Ordered(SignUp),
    /// The request is out; so answered the sign-up.
    Asked(Answerer),
}

impl Register {
    /// Who answers what follows, until somebody else is named.
    fn answerer(&self) -> Answerer {
        match self {
            Self::No => Answerer::default(),
            Self::Ordered(SignUp { by, .. }) | Self::Asked(by) => *by,
        }
    }

    /// No answer came. A sign-up that was asked for may have happened all the same: staff must hear that.
    fn unanswered(&self) -> FaultCode {
        match self {
            Self::No => FaultCode::ServiceUnreachable,
            Self::Ordered(_) | Self::Asked(_) => FaultCode::SignUpFailed,
        }
    }
}

impl WaitingForResult {
    /// 「登録する」 was touched twice: the service signs the card up and looks the person up again.
    pub(crate) fn registering(order: SignUp) -> Self {
        Self { long: false, register: Register::Ordered(order) }
    }
}

impl Doing for WaitingForResult {
    fn name(&self) -> StateName {
        StateName::WaitingForResult
    }

    fn waits_for(&self) -> WaitsFor {
        WaitsFor::Service
    }

    fn asks(&self, _: &Context<'_>) -> bool {
        false
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress::Identity)
    }

    /// A registration on its way cannot be called back.
    fn offers_cancel(&self, _: &Context<'_>) -> bool {
        self.register == Register::No
    }

    fn screen(&self, _: &Context<'_>) -> Screen {
        Screen::Waiting { long: self.long }
    }

    fn sound(&self) -> Option<Sound> {
        None
    }

    fn enter(mut self, at: &mut Context<'_>) -> Next {
        if let Register::Ordered(order) = self.register {
            self.register = Register::Asked(order.by);
            at.effects.push(Effect::Register(order));
        } else {
            self.register = Register::No;
            at.effects.push(Effect::Authenticate(at.visit()));
        }
        at.arm(at.policy.limits.lookup_soft);
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(self, _: Target, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn key(self, _: Key, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    /// The holder is proved; presence is looked at again when the answer is there.
    fn card_removed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// The request under way has its own answer and its own limit.
    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn timed_out(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn elapsed(self, at: &mut Context<'_>) -> Next {
        if self.long {
            return at.fail(self.register.unanswered());
        }
        let limits = &at.policy.limits;
        at.arm(limits.lookup_hard.saturating_sub(limits.lookup_soft));
        Next::Stay(Self { long: true, ..self }.into())
    }

    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::LookedUp(Lookup::Found { certificate, items, desk }) => {
                match Reception::new(items, desk, certificate, self.register.answerer(), at) {
                    Some(reception) => reception.begin(at),
                    None => at.fail(FaultCode::CentreError),
                }
            }
            Reply::LookedUp(Lookup::Refused(refusal)) => at.fail(match refusal {
                Refusal::CertificateGone => FaultCode::CertificateGone,
                Refusal::PhoneCertificateGone => FaultCode::PhoneCertificateGone,
                Refusal::CertificateSuspended => FaultCode::CertificateSuspended,
                Refusal::CentreError => FaultCode::CentreError,
                Refusal::NotSignedUp => FaultCode::NotSignedUp,
                Refusal::SignUpFailed => FaultCode::SignUpFailed,
                Refusal::ProofRejected => FaultCode::ProofRejected,
                Refusal::PersonDiffers => FaultCode::PersonDiffers,
            }),
            // Offered again after it was done: it was not.
            Reply::LookedUp(Lookup::SignUpOffered) => match self.register {
                Register::No => Next::Go(SigningUp::default().into()),
                Register::Ordered(_) | Register::Asked(_) => at.fail(FaultCode::SignUpFailed),
            },
            Reply::LookedUp(Lookup::Unreachable) => at.fail(self.register.unanswered()),
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::Opened(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}
