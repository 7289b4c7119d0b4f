//! Enums of the screen protocol as the screens know them.

use screen::{Language, SurfaceField, Target, Wish};

use crate::generated::{
    Advice, Answerer, Depicted, Era, Field, Motion, Movement, Notice, PhoneKind, PhoneNotice, PhoneWay, PhotoShown,
    PhotoSide, Touch, Weights,
};

impl From<Option<screen::Advice>> for Advice {
    fn from(advice: Option<screen::Advice>) -> Self {
        match advice {
            None => Self::None,
            Some(screen::Advice::Wait) => Self::Wait,
            Some(screen::Advice::NoFace) => Self::NoFace,
            Some(screen::Advice::SeveralFaces) => Self::SeveralFaces,
            Some(screen::Advice::TooFar) => Self::TooFar,
            Some(screen::Advice::TooNear) => Self::TooNear,
            Some(screen::Advice::OffCentre) => Self::OffCentre,
            Some(screen::Advice::Dark) => Self::Dark,
            Some(screen::Advice::BackLight) => Self::BackLight,
            Some(screen::Advice::Moving) => Self::Moving,
            Some(screen::Advice::TurnedAway) => Self::TurnedAway,
            Some(screen::Advice::Mask) => Self::Mask,
        }
    }
}

impl From<Option<screen::Movement>> for Movement {
    fn from(movement: Option<screen::Movement>) -> Self {
        match movement {
            None => Self::None,
            Some(screen::Movement::TurnLeft) => Self::TurnLeft,
            Some(screen::Movement::TurnRight) => Self::TurnRight,
            Some(screen::Movement::ComeCloser) => Self::ComeCloser,
        }
    }
}

impl From<Option<screen::WeightsLevel>> for Weights {
    fn from(level: Option<screen::WeightsLevel>) -> Self {
        match level {
            None => Self::None,
            Some(screen::WeightsLevel::Demonstration) => Self::Demonstration,
            Some(screen::WeightsLevel::Research) => Self::Research,
            Some(screen::WeightsLevel::Approved) => Self::Approved,
        }
    }
}

impl From<Option<screen::SurfaceNotice>> for Notice {
    fn from(notice: Option<screen::SurfaceNotice>) -> Self {
        match notice {
            None => Self::None,
            Some(screen::SurfaceNotice::Implausible) => Self::Implausible,
            Some(screen::SurfaceNotice::Wrong) => Self::Wrong,
        }
    }
}

/// The field, and the era of a birth date.
pub(crate) fn field(field: SurfaceField) -> (Field, Era) {
    match field {
        SurfaceField::Era => (Field::Era, Era::Western),
        SurfaceField::BirthDate { era } => (Field::BirthDate, era.into()),
        SurfaceField::ExpiryYear => (Field::ExpiryYear, Era::Western),
        SurfaceField::SecurityCode => (Field::SecurityCode, Era::Western),
    }
}

impl From<screen::Era> for Era {
    fn from(era: screen::Era) -> Self {
        match era {
            screen::Era::Taisho => Self::Taisho,
            screen::Era::Showa => Self::Showa,
            screen::Era::Heisei => Self::Heisei,
            screen::Era::Reiwa => Self::Reiwa,
            screen::Era::Western => Self::Western,
        }
    }
}

impl From<screen::Motion> for Motion {
    fn from(motion: screen::Motion) -> Self {
        match motion {
            screen::Motion::Insert => Self::Insert,
            screen::Motion::Lay => Self::Lay,
        }
    }
}

impl From<screen::PhotoSide> for PhotoSide {
    fn from(side: screen::PhotoSide) -> Self {
        match side {
            screen::PhotoSide::Up => Self::Up,
            screen::PhotoSide::Down => Self::Down,
            screen::PhotoSide::Device => Self::Device,
            screen::PhotoSide::Patient => Self::Patient,
        }
    }
}

impl From<screen::PhoneWay> for PhoneWay {
    fn from(way: screen::PhoneWay) -> Self {
        match way {
            screen::PhoneWay::No => Self::No,
            screen::PhoneWay::OwnReader => Self::OwnReader,
            screen::PhoneWay::SameReader => Self::SameReader,
        }
    }
}

impl From<screen::PhoneKind> for PhoneKind {
    fn from(kind: screen::PhoneKind) -> Self {
        match kind {
            screen::PhoneKind::Iphone => Self::Iphone,
            screen::PhoneKind::Android => Self::Android,
        }
    }
}

impl From<Option<screen::PhoneNotice>> for PhoneNotice {
    fn from(notice: Option<screen::PhoneNotice>) -> Self {
        match notice {
            None => Self::None,
            Some(screen::PhoneNotice::Once) => Self::Once,
            Some(screen::PhoneNotice::Moved) => Self::Moved,
            Some(screen::PhoneNotice::CheckFirst) => Self::CheckFirst,
            Some(screen::PhoneNotice::OtherKind) => Self::OtherKind,
        }
    }
}

impl From<screen::Answerer> for Answerer {
    fn from(answerer: screen::Answerer) -> Self {
        match answerer {
            screen::Answerer::Patient => Self::Patient,
            screen::Answerer::Companion => Self::Companion,
            screen::Answerer::Staff => Self::Staff,
        }
    }
}

impl From<screen::PhotoShown> for PhotoShown {
    fn from(photo: screen::PhotoShown) -> Self {
        match photo {
            screen::PhotoShown::Coming => Self::Coming,
            screen::PhotoShown::Here => Self::Here,
            screen::PhotoShown::None => Self::None,
        }
    }
}

impl From<screen::Picture> for Depicted {
    fn from(picture: screen::Picture) -> Self {
        match picture {
            screen::Picture::Desk => Self::Desk,
            screen::Picture::SetCard => Self::SetCard,
            screen::Picture::CaseOff => Self::CaseOff,
            screen::Picture::RightCard => Self::RightCard,
            screen::Picture::Certificate => Self::Certificate,
            screen::Picture::OutOfOrder => Self::OutOfOrder,
            screen::Picture::HoldPhone => Self::HoldPhone,
            screen::Picture::Camera => Self::Camera,
            screen::Picture::TakeCard => Self::TakeCard,
        }
    }
}

/// The place in [`Language::ALL`].
pub(crate) fn place_of(language: Language) -> i32 {
    (0..).zip(Language::ALL).find_map(|(place, other)| (other == language).then_some(place)).unwrap_or_default()
}

/// The place in [`Wish::ALL`]; -1 without a wish.
pub(crate) fn place_of_wish(wish: Option<Wish>) -> i32 {
    (0..).zip(Wish::ALL).find_map(|(place, other)| (Some(other) == wish).then_some(place)).unwrap_or(-1)
}

/// The target of the screen protocol; `None`: a key, which has its own message, or what is the kiosk's own.
pub(crate) fn target(touch: Touch, number: i32) -> Option<Target> {
    let place = usize::try_from(number).ok();
    Some(match touch {
        Touch::Cancel => Target::Cancel,
        Touch::CallStaff => Target::CallStaff,
        Touch::Language => Target::Language,
        Touch::Speak => Target::Speak(*place.and_then(|place| Language::ALL.get(place))?),
        Touch::Comfort => Target::Comfort,
        Touch::LargeType => Target::LargeType,
        Touch::Contrast => Target::Contrast,
        Touch::Slow => Target::Slow,
        Touch::Voice => Target::Voice,
        Touch::Wish => Target::Wish(*place.and_then(|place| Wish::ALL.get(place))?),
        Touch::Phone => Target::Phone,
        Touch::Iphone => Target::Iphone,
        Touch::Android => Target::Android,
        Touch::WithoutCard => Target::WithoutCard,
        Touch::Card => Target::Card,
        Touch::Face => Target::Face,
        Touch::Pin => Target::Pin,
        Touch::Visual => Target::Visual,
        Touch::CannotMove => Target::CannotMove,
        Touch::StaffHere => Target::StaffHere,
        Touch::SamePerson => Target::SamePerson,
        Touch::OtherPerson => Target::OtherPerson,
        Touch::WithoutNumber => Target::WithoutNumber,
        Touch::Erase => Target::Erase,
        Touch::Confirm => Target::Confirm,
        Touch::UseLastTry => Target::UseLastTry,
        Touch::Understood => Target::Understood,
        Touch::AgreeAll => Target::AgreeAll,
        Touch::DeclineAll => Target::DeclineAll,
        Touch::OneByOne => Target::OneByOne,
        Touch::Agree => Target::Agree,
        Touch::Decline => Target::Decline,
        Touch::SameAsBefore => Target::SameAsBefore,
        Touch::Change => Target::Change,
        Touch::Detail => Target::Detail,
        Touch::Back => Target::Back,
        Touch::ReceiveWithoutConsent => Target::ReceiveWithoutConsent,
        Touch::StopReception => Target::StopReception,
        Touch::Again => Target::Again,
        Touch::SignUp => Target::SignUp,
        Touch::DoNotSignUp => Target::DoNotSignUp,
        Touch::Electronic => Target::Electronic,
        Touch::Paper => Target::Paper,
        Touch::Answerer => Target::Answerer,
        Touch::PatientAnswers => Target::PatientAnswers,
        Touch::CompanionAnswers => Target::CompanionAnswers,
        Touch::StaffAnswers => Target::StaffAnswers,
        Touch::SendAnswers => Target::SendAnswers,
        Touch::EraTaisho => Target::EraTaisho,
        Touch::EraShowa => Target::EraShowa,
        Touch::EraHeisei => Target::EraHeisei,
        Touch::EraReiwa => Target::EraReiwa,
        Touch::EraWestern => Target::EraWestern,
        Touch::Key | Touch::NextPage | Touch::Softer | Touch::Louder | Touch::Slower | Touch::Faster => return None,
    })
}

/// What can be touched, by name: as on the wire, `key 0` to `key 9`, or a word of the kiosk's own.
pub(crate) fn name(touch: Touch, number: i32) -> String {
    let own = [
        (Touch::NextPage, "next_page"),
        (Touch::Softer, "softer"),
        (Touch::Louder, "louder"),
        (Touch::Slower, "slower"),
        (Touch::Faster, "faster"),
    ];
    let own = own.into_iter().find(|(own, _)| *own == touch).map(|(_, name)| name);
    let name = own.or_else(|| target(touch, number).map(Target::name));
    name.map_or_else(|| format!("key {number}"), str::to_owned)
}
