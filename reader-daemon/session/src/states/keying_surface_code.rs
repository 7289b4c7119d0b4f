//! 照合番号B is keyed in as it is printed on the card: 元号, birth date, year of expiry, security code (card.md 5.1). The
//! camera is off meanwhile; whether the code can be one is checked before a try is spent.

use screen::{Era, Progress, Screen, Sound, SurfaceDigits, SurfaceField, SurfaceNotice, Target};

use super::{
    CardFacts, ChoosingMethod, Doing, FacingCamera, Idle, Key, Reply, StateName, TakingCard, WaitsFor,
    placing_card::opening_fault,
};
use crate::{
    effect::{CodeSource, Record},
    event::SurfaceDigit,
    limits::{BIRTH_DATE_DIGITS, EXPIRY_YEAR_DIGITS, SECURITY_CODE_DIGITS, WESTERN_BIRTH_DATE_DIGITS},
    policy::FaultCode,
    session::{Context, Next},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyingSurfaceCode {
    card: CardFacts,
    notice: Option<SurfaceNotice>,
    stage: Stage,
    birth_date: SurfaceDigits,
    expiry_year: SurfaceDigits,
    security_code: SurfaceDigits,
}

/// Which field is open; the era is known from the second on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    Era,
    BirthDate(Era),
    ExpiryYear(Era),
    SecurityCode(Era),
}

impl KeyingSurfaceCode {
    pub(crate) fn new(card: CardFacts, notice: Option<SurfaceNotice>) -> Self {
        let [birth_date, expiry_year, security_code] = [(); 3].map(|()| empty());
        Self { card, notice, stage: Stage::Era, birth_date, expiry_year, security_code }
    }

    /// The open field and how many digits it takes; the era has none.
    fn open(&mut self) -> Option<(&mut SurfaceDigits, usize)> {
        match self.stage {
            Stage::Era => None,
            Stage::BirthDate(Era::Western) => Some((&mut self.birth_date, WESTERN_BIRTH_DATE_DIGITS)),
            Stage::BirthDate(Era::Taisho | Era::Showa | Era::Heisei | Era::Reiwa) => {
                Some((&mut self.birth_date, BIRTH_DATE_DIGITS))
            }
            Stage::ExpiryYear(_) => Some((&mut self.expiry_year, EXPIRY_YEAR_DIGITS)),
            Stage::SecurityCode(_) => Some((&mut self.security_code, SECURITY_CODE_DIGITS)),
        }
    }

    fn complete(&mut self) -> bool {
        self.open().is_some_and(|(digits, length)| digits.0.len() == length)
    }

    /// Why it is asked (again) is said before the first field, and not at each of them.
    fn told(&self) -> Option<SurfaceNotice> {
        self.notice.filter(|_| self.stage == Stage::Era)
    }

    /// To the field before; what was keyed into this one is forgotten.
    fn back(mut self) -> Next {
        if let Some((digits, _)) = self.open() {
            *digits = empty();
        }
        self.stage = match self.stage {
            Stage::Era => return Next::Go(ChoosingMethod { card: self.card }.into()),
            Stage::BirthDate(_) => Stage::Era,
            Stage::ExpiryYear(era) => Stage::BirthDate(era),
            Stage::SecurityCode(era) => Stage::ExpiryYear(era),
        };
        Next::Stay(self.into())
    }

    fn confirm(mut self) -> Next {
        if !self.complete() {
            return Next::Stay(self.into());
        }
        self.stage = match self.stage {
            Stage::Era => Stage::Era,
            Stage::BirthDate(era) => Stage::ExpiryYear(era),
            Stage::ExpiryYear(era) => Stage::SecurityCode(era),
            Stage::SecurityCode(era) => {
                let Self { card, birth_date, expiry_year, security_code, .. } = self;
                let code = CodeSource::Keyed { era, birth_date, expiry_year, security_code };
                return Next::Go(FacingCamera::new(card, code).into());
            }
        };
        Next::Stay(self.into())
    }
}

/// Room for the longest field, so that no digit is left behind in a buffer that grew.
fn empty() -> SurfaceDigits {
    SurfaceDigits(String::with_capacity(WESTERN_BIRTH_DATE_DIGITS))
}

fn era(target: Target) -> Option<Era> {
    let eras = [
        (Target::EraTaisho, Era::Taisho),
        (Target::EraShowa, Era::Showa),
        (Target::EraHeisei, Era::Heisei),
        (Target::EraReiwa, Era::Reiwa),
        (Target::EraWestern, Era::Western),
    ];
    eras.into_iter().find(|(offered, _)| *offered == target).map(|(_, era)| era)
}

impl Doing for KeyingSurfaceCode {
    fn name(&self) -> StateName {
        StateName::KeyingSurfaceCode
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

    fn screen(&self, _: &Context<'_>) -> Screen {
        let (field, typed) = match self.stage {
            Stage::Era => (SurfaceField::Era, SurfaceDigits::default()),
            Stage::BirthDate(era) => (SurfaceField::BirthDate { era }, self.birth_date.clone()),
            Stage::ExpiryYear(_) => (SurfaceField::ExpiryYear, self.expiry_year.clone()),
            Stage::SecurityCode(_) => (SurfaceField::SecurityCode, self.security_code.clone()),
        };
        Screen::KeyingSurfaceCode { field, typed, notice: self.told() }
    }

    fn sound(&self) -> Option<Sound> {
        self.told().map(|_| Sound::Again)
    }

    fn enter(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn shown(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn touched(mut self, target: Target, _: &mut Context<'_>) -> Next {
        if target == Target::Back {
            return self.back();
        }
        if target == Target::Confirm {
            return self.confirm();
        }
        if target == Target::Erase
            && let Some((digits, _)) = self.open()
        {
            digits.0.pop();
        }
        if let (Stage::Era, Some(era)) = (self.stage, era(target)) {
            self.stage = Stage::BirthDate(era);
        }
        Next::Stay(self.into())
    }

    fn key(mut self, key: Key, _: &mut Context<'_>) -> Next {
        if let Key::Surface(SurfaceDigit(digit @ 0..=9)) = key
            && let Some((digits, length)) = self.open()
            && digits.0.len() < length
        {
            digits.0.push(char::from(b'0' + digit));
        }
        Next::Stay(self.into())
    }

    fn cancelled(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    fn card_removed(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(Idle.into())
    }

    fn presence(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn device_lost(self, at: &mut Context<'_>) -> Next {
        at.fail(FaultCode::ReaderLost)
    }

    fn link_lost(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    /// Nobody keys in a code that cannot be used.
    fn face_closed(self, _: &mut Context<'_>) -> Next {
        Next::Go(ChoosingMethod { card: self.card }.into())
    }

    fn timed_out(self, at: &mut Context<'_>) -> Next {
        at.finish(Record::Cancelled(self.name()));
        Next::Go(TakingCard::cancelled().into())
    }

    fn elapsed(self, _: &mut Context<'_>) -> Next {
        Next::Stay(self.into())
    }

    fn answered(self, reply: Reply, at: &mut Context<'_>) -> Next {
        match reply {
            Reply::Opened(opening) => match opening_fault(&opening) {
                Some(fault) => at.fail(fault),
                None if at.face_open(&self.card) => Next::Stay(self.into()),
                None => Next::Go(ChoosingMethod { card: self.card }.into()),
            },
            Reply::CardRead(_)
            | Reply::Pin(_)
            | Reply::Photo(_)
            | Reply::Phone(_)
            | Reply::Passcode(_)
            | Reply::Comparing(_)
            | Reply::Face(_)
            | Reply::PinLess(_)
            | Reply::LookedUp(_)
            | Reply::Stored(_)
            | Reply::Receipt
            | Reply::Refused => Next::Stay(self.into()),
        }
    }
}
