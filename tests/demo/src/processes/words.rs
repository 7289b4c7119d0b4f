//! Words of scenarios in the words of the programs, and back.

use std::path::Path;

use apdu_fixtures::{CardOrder, Profile, today_in_japan};
use screen::PhoneKind;

use crate::{
    faces::{Before, Faces, Sitting, Who},
    scenario::{
        CardProfile, CardSetup, CertificateEnd, Held, Lies, Moment, OtherCard, Person, PhoneSetup, ScreenName, Seen,
        Sitter, StorageControl, Trouble,
    },
};

/// Who is on the photo of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnPhoto {
    /// Whoever the card is of, or of the other chip in it.
    Holder,
    /// Nobody: a plain grey picture.
    Nobody,
}

impl OnPhoto {
    /// As a scenario describes the card.
    pub(crate) fn of(card: &CardSetup) -> Self {
        if card.profile == Some(CardProfile::PhotoOfNobody) { Self::Nobody } else { Self::Holder }
    }
}

/// A disk that takes nothing more, for whoever may write everywhere: the folder of results is not where it was.
pub(crate) fn storage_moves(storage: &Path, control: StorageControl) -> Result<(), Trouble> {
    let (here, away) = (storage.join("outbox"), storage.join("outbox-away"));
    let moved = match control {
        StorageControl::Full => std::fs::rename(here, away),
        StorageControl::Free => std::fs::rename(away, here),
    };
    moved.map_err(|cause| Trouble::Impossible(format!("the folder of results: {cause}")))
}

/// Whether a visit is at this moment, by what a person beside it could see: the glass and the card.
pub(crate) fn moment_is_now(moment: Moment, seen: &[Seen], verify: u32, signatures: u32) -> bool {
    let now = seen.last().map(|seen| seen.screen);
    let waiting = now == Some(ScreenName::Waiting);
    let of_this_visit = seen.iter().rev().take_while(|seen| seen.screen != ScreenName::Start);
    let asked = of_this_visit.map(|seen| seen.screen).any(|screen| {
        matches!(screen, ScreenName::ConsentAll | ScreenName::ConsentEach | ScreenName::CertificateNotice)
    });
    match moment {
        Moment::Screen(screen) => now == Some(screen),
        Moment::Verify => waiting && verify > 0,
        Moment::Lookup => waiting && !asked && signatures > 0,
        Moment::Submit => waiting && asked,
    }
}

/// The card in the words of `emulated-card`'s `insert`.
pub(crate) fn card_line(card: &CardSetup) -> String {
    let mut line = match card.lies {
        Lies::MyNumber(person) => person.serial.to_string(),
        Lies::Other(OtherCard::DriversLicence) => "1001 profile=driver-licence".to_owned(),
        Lies::Other(OtherCard::JukiCard) => "1001 profile=jukicard".to_owned(),
        Lies::Other(OtherCard::NoChip) => "1001 fault=mute".to_owned(),
    };
    line.push_str(&format!(" pin={}", card.pin));
    if card.face_only {
        line.push_str(" profile=face-only");
    }
    if let Some(profile) = card.profile {
        line.push_str(profile.order());
    }
    if let Some(tries) = card.tries {
        line.push_str(&format!(" tries={tries}"));
    }
    if let Some(end) = card.certificate {
        line.push_str(&format!(" certificate-ends={}", last_day(end)));
    }
    if card.slow {
        line.push_str(" delays=realistic");
    }
    line
}

/// The phone in the same words.
pub(crate) fn phone_line(phone: &PhoneSetup) -> String {
    let profile = match phone.held {
        Held::Phone(PhoneKind::Iphone) => "iphone",
        Held::Phone(PhoneKind::Android) => "android",
        Held::Card => "standard",
    };
    let mut line = format!("{} profile={profile} pin={}", phone.person.serial, phone.pin);
    if let Some(tries) = phone.tries {
        line.push_str(&format!(" tries={tries}"));
    }
    if let Some(end) = phone.certificate {
        line.push_str(&format!(" certificate-ends={}", last_day(end)));
    }
    for (word, said) in [
        (" key=p256", phone.p256),
        (" verified=off", !phone.verified),
        (" issuer=unlisted", phone.unknown_issuer),
        (" delays=realistic", phone.slow),
    ] {
        line.push_str(if said { word } else { "" });
    }
    line
}

/// What the emulated camera plays for a word of a scenario.
pub(crate) fn sitting(sitter: Sitter) -> Sitting {
    let who = |person: &Person| Who::Person(u32::from(person.serial));
    match sitter {
        Sitter::Holder => Sitting::default(),
        Sitter::Person(person) => Sitting::of(Before::Person(who(person))),
        Sitter::Other => Sitting::other(),
        Sitter::PrintedPhoto(person) => Sitting::of(Before::Print(who(person))),
        Sitter::OnScreen(person) => Sitting::of(Before::Screen(who(person))),
        Sitter::CutOutMask(person) => Sitting::of(Before::CutOut(who(person))),
        Sitter::Nobody => by_word("nobody"),
        Sitter::TwoPeople => by_word("two"),
        Sitter::TooDark => by_word("dark"),
        Sitter::Moving => by_word("moving"),
        Sitter::Unplugged => by_word("unplugged"),
        Sitter::Stalled => by_word("stalled"),
        Sitter::HalfJpeg => by_word("half-jpeg"),
    }
}

fn by_word(word: &str) -> Sitting {
    Sitting::by_word(word).unwrap_or_default()
}

/// ` photo=FILE` for the card of a line, where somebody has one and the line names none; and who is on that photo.
pub(crate) fn photo_of(faces: &Faces, card: &str, on_photo: OnPhoto) -> (String, Option<u32>) {
    let shown = match CardOrder::parse(card, today_in_japan()) {
        // Whose face is on the card only such a card itself knows.
        Ok(order) if order.profile == Profile::TwoCardsInOne => {
            order.card().ok().map(|card| card.shown_person().serial)
        }
        Ok(order) => Some(order.person.serial),
        Err(_) => None,
    };
    let photo = shown.map(|serial| faces.photo(serial)).filter(|photo| photo.exists());
    match photo {
        Some(photo) if !card.contains(" photo=") && on_photo == OnPhoto::Holder => {
            (format!(" photo={}", photo.display()), shown)
        }
        Some(_) | None => (String::new(), shown),
    }
}

/// `ends=+40` of a dock line as the day it means.
pub(crate) fn with_dates(card: &str) -> String {
    card.split_whitespace()
        .map(|word| match word.strip_prefix("ends=").and_then(|days| days.parse::<i16>().ok()) {
            Some(days) => {
                let end = days.unsigned_abs();
                let end = if days < 0 { CertificateEnd::Ago { days: end } } else { CertificateEnd::In { days: end } };
                format!("certificate-ends={}", last_day(end))
            }
            None => word.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The last valid day in Japan, `YYYY-MM-DD`.
#[must_use]
pub fn last_day(end: CertificateEnd) -> String {
    let tokyo = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    let today = jiff::Timestamp::now().to_zoned(tokyo).date();
    today.saturating_add(jiff::Span::new().days(end.days())).to_string()
}
