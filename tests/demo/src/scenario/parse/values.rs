//! What stands after the colon.

use std::time::Duration;

use screen::{Digit, Target};

use super::error::{Cause, unknown, value};
use crate::scenario::{
    limits::{MAX_COUNT, MAX_WAIT},
    names::ScreenName,
    people::{PEOPLE, Person},
    step::{
        CardProfile, CardSetup, CertificateEnd, Keyed, Lies, Moment, OtherCard, ReaderControl, Sitter, StorageControl,
        SurfaceControl, Which,
    },
};

/// Consent items a file can name.
pub(super) const ITEMS: [&str; 6] =
    ["medicines", "checkups", "operations", "infections", "other_certificates", "prescription"];
/// PIN of an emulated card unless the file says otherwise.
pub(super) const USUAL_PIN: &str = "1234";

/// `text (in parentheses)` → both parts.
pub(super) fn parenthesis(text: &str) -> Result<(&str, Option<&str>), Cause> {
    match text.split_once('(') {
        None if text.contains(')') => Err(Cause::Parenthesis),
        None => Ok((text, None)),
        Some((before, rest)) => {
            let inside = rest.strip_suffix(')').ok_or(Cause::Parenthesis)?;
            let nested = inside.chars().try_fold(0_i32, |depth, c| match c {
                '(' => Some(depth + 1),
                ')' => (depth > 0).then_some(depth - 1),
                _ => Some(depth),
            });
            if nested != Some(0) || inside.trim().is_empty() {
                return Err(Cause::Parenthesis);
            }
            Ok((before.trim(), Some(inside.trim())))
        }
    }
}

/// `12` up to `most`.
pub(super) fn count(what: &'static str, word: &str, most: u64) -> Result<u64, Cause> {
    let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse()
        .ok()
        .filter(|count| digits && *count <= most)
        .ok_or_else(|| value(what, word, "a whole number, for example 2"))
}

/// A whole number small enough for its type.
pub(super) fn small<T: TryFrom<u64>>(what: &'static str, word: &str, most: u64) -> Result<T, Cause> {
    T::try_from(count(what, word, most)?).map_err(|_| value(what, word, "a smaller number"))
}

/// `3` tries at most, as the card counts them.
pub(super) fn tries(word: &str) -> Result<u8, Cause> {
    small("a number of tries", word, 3)
}

/// A count of results, receipts or commands.
pub(super) fn times(word: &str) -> Result<u32, Cause> {
    small("a count", word, MAX_COUNT)
}

pub(super) fn card(text: &str) -> Result<CardSetup, Cause> {
    let (who, options) = parenthesis(text)?;
    let mut card = CardSetup {
        lies: lies(who)?,
        pin: USUAL_PIN.to_owned(),
        tries: None,
        certificate: None,
        face_only: false,
        profile: None,
        slow: false,
    };
    let mut before: Vec<&str> = Vec::new();
    for option in options.into_iter().flat_map(|options| options.split(',')).map(str::trim) {
        let first = option.split(' ').next().unwrap_or_default();
        if before.contains(&first) {
            return Err(Cause::Twice { word: first.to_owned() });
        }
        before.push(first);
        card_option(&mut card, option)?;
    }
    Ok(card)
}

fn lies(who: &str) -> Result<Lies, Cause> {
    let lower = who.to_lowercase().replace('’', "'");
    if let Some(other) = OtherCard::ALL.into_iter().find(|other| other.name() == lower) {
        return Ok(Lies::Other(other));
    }
    Person::by_name(who).map(Lies::MyNumber).ok_or_else(|| {
        let known: Vec<&str> =
            PEOPLE.iter().map(|person| person.name).chain(OtherCard::ALL.map(OtherCard::name)).collect();
        unknown("anyone's card", who, &known)
    })
}

fn card_option(card: &mut CardSetup, option: &str) -> Result<(), Cause> {
    let words: Vec<&str> = option.split(' ').collect();
    match words.as_slice() {
        ["pin", digits] if pin(digits).is_ok_and(|pin| pin.len() == 4) => card.pin = (*digits).to_owned(),
        ["pin", digits] => return Err(value("a PIN", digits, "four digits, for example \"pin 9876\"")),
        ["tries", left] => card.tries = Some(tries(left)?),
        ["certificate", end @ ..] if certificate(end)?.is_some() => card.certificate = certificate(end)?,
        ["face", "only"] => card.face_only = true,
        ["profile", name] => {
            let profile = CardProfile::ALL.into_iter().find(|profile| profile.name() == *name);
            let known = CardProfile::ALL.map(CardProfile::name);
            card.profile = Some(profile.ok_or_else(|| unknown("a profile", name, &known))?);
        }
        ["slow"] => card.slow = true,
        _ => {
            let known = [
                "pin 9876",
                "tries 1",
                "certificate ends in 30 days",
                "certificate ended 20 days ago",
                "face only",
                "profile no-photo",
                "slow",
            ];
            return Err(unknown("something a card can be", option, &known));
        }
    }
    Ok(())
}

/// `ends in 30 days`, `ended 20 days ago`; `None`: neither.
pub(super) fn certificate(words: &[&str]) -> Result<Option<CertificateEnd>, Cause> {
    let number = |days: &str| small("a number of days", days, 3650);
    Ok(match words {
        ["ends", "in", days, "days"] => Some(CertificateEnd::In { days: number(days)? }),
        ["ended", days, "days", "ago"] => Some(CertificateEnd::Ago { days: number(days)? }),
        _ => None,
    })
}

pub(super) fn pin(text: &str) -> Result<Vec<Digit>, Cause> {
    let digit = |byte: u8| byte.checked_sub(b'0').and_then(Digit::new);
    let digits: Option<Vec<Digit>> = text.bytes().map(digit).collect();
    digits
        .filter(|digits| (1..=4).contains(&digits.len()))
        .ok_or_else(|| value("what fits the PIN pad", text, "one to four digits; four are followed by 決定"))
}

pub(super) fn method(text: &str) -> Result<Target, Cause> {
    match text.to_lowercase().as_str() {
        "pin" => Ok(Target::Pin),
        "face" => Ok(Target::Face),
        "visual" => Ok(Target::Visual),
        other => Err(unknown("a method", other, &["pin", "face", "visual"])),
    }
}

/// Any name of ours, with spaces or underscores.
pub(super) fn wire_name(text: &str) -> String {
    text.to_lowercase().replace([' ', '-'], "_")
}

pub(super) fn target(text: &str) -> Result<Target, Cause> {
    Target::by_name(&wire_name(text)).ok_or_else(|| unknown("something to touch", text, &Target::ALL.map(Target::name)))
}

pub(super) fn screen(text: &str) -> Result<ScreenName, Cause> {
    ScreenName::by_name(&wire_name(text))
        .ok_or_else(|| unknown("a screen", text, &ScreenName::ALL.map(ScreenName::name)))
}

pub(super) fn moment(text: &str) -> Result<Moment, Cause> {
    match text.to_lowercase().as_str() {
        "verify" => Ok(Moment::Verify),
        "lookup" => Ok(Moment::Lookup),
        "submit" => Ok(Moment::Submit),
        _ => screen(text).map(Moment::Screen).map_err(|_| {
            let known: Vec<&str> =
                ["verify", "lookup", "submit"].into_iter().chain(ScreenName::ALL.map(ScreenName::name)).collect();
            unknown("a moment of a visit", text, &known)
        }),
    }
}

pub(super) fn which(text: &str) -> Result<Which, Cause> {
    match text.to_lowercase().as_str() {
        "all" => Ok(Which::All),
        other => match ITEMS.into_iter().find(|item| *item == wire_name(other) && *item != "prescription") {
            Some(item) => Ok(Which::Item(item.to_owned())),
            None => {
                Err(unknown("a consent item", other, &["all", "medicines", "checkups", "operations", "infections"]))
            }
        },
    }
}

pub(super) fn duration(text: &str) -> Result<Duration, Cause> {
    const FORM: &str = "a number with its unit, for example \"70 s\" or \"300 ms\", at most 600 s";
    let words: Vec<&str> = text.split(' ').collect();
    let number = |digits: &str| count("a duration", digits, 600_000).map_err(|_| value("a duration", text, FORM));
    let duration = match words.as_slice() {
        [digits, "s"] => Duration::from_secs(number(digits)?),
        [digits, "ms"] => Duration::from_millis(number(digits)?),
        _ => return Err(value("a duration", text, FORM)),
    };
    if duration > MAX_WAIT { Err(value("a duration", text, FORM)) } else { Ok(duration) }
}

pub(super) fn sitter(text: &str) -> Result<Sitter, Cause> {
    const SITTERS: [(&str, Sitter); 9] = [
        ("holder", Sitter::Holder),
        ("another person", Sitter::Other),
        ("nobody", Sitter::Nobody),
        ("two people", Sitter::TwoPeople),
        ("too dark", Sitter::TooDark),
        ("moving", Sitter::Moving),
        ("unplugged", Sitter::Unplugged),
        ("stalled", Sitter::Stalled),
        ("half jpeg", Sitter::HalfJpeg),
    ];
    let lower = text.to_lowercase();
    if let Some((_, sitter)) = SITTERS.into_iter().find(|(name, _)| *name == lower) {
        return Ok(sitter);
    }
    let person = |name: &str| {
        let known: Vec<&str> = PEOPLE.iter().map(|person| person.name).collect();
        Person::by_name_or_serial(name).ok_or_else(|| unknown("anyone", name, &known))
    };
    if let Some(name) = lower.strip_prefix("printed photo of ") {
        return person(name).map(Sitter::PrintedPhoto);
    }
    if let Some(name) = lower.strip_prefix("screen showing ") {
        return person(name).map(Sitter::OnScreen);
    }
    if let Some(name) = lower.strip_prefix("cut-out mask of ") {
        return person(name).map(Sitter::CutOutMask);
    }
    Person::by_name_or_serial(text).map(Sitter::Person).ok_or_else(|| {
        let held_up = ["printed photo of 見本 花子", "screen showing 見本 花子", "cut-out mask of 見本 花子"];
        let known: Vec<&str> = SITTERS
            .map(|(name, _)| name)
            .into_iter()
            .chain(held_up)
            .chain(PEOPLE.iter().map(|person| person.name))
            .collect();
        unknown("anyone before a camera", text, &known)
    })
}

pub(super) fn surface(text: &str) -> Result<SurfaceControl, Cause> {
    match text.to_lowercase().as_str() {
        "reads right" => Ok(SurfaceControl::ReadsRight),
        "reads wrong once" => Ok(SurfaceControl::ReadsWrongOnce),
        "reads nothing" => Ok(SurfaceControl::ReadsNothing),
        other => Err(unknown("something a scanner does", other, &["reads right", "reads wrong once", "reads nothing"])),
    }
}

pub(super) fn keyed(text: &str) -> Result<Keyed, Cause> {
    match text.to_lowercase().as_str() {
        "as printed" => Ok(Keyed::AsPrinted),
        "wrong" => Ok(Keyed::Wrong),
        "impossible" => Ok(Keyed::Impossible),
        other => Err(unknown("a way to key it in", other, &["as printed", "wrong", "impossible"])),
    }
}

pub(super) fn reader(text: &str) -> Result<ReaderControl, Cause> {
    match text.to_lowercase().as_str() {
        "unplugged" => Ok(ReaderControl::Unplugged),
        "plugged" => Ok(ReaderControl::Plugged),
        other => Err(unknown("something a reader can be", other, &["unplugged", "plugged"])),
    }
}

pub(super) fn storage(text: &str) -> Result<StorageControl, Cause> {
    match text.to_lowercase().as_str() {
        "full" => Ok(StorageControl::Full),
        "free" => Ok(StorageControl::Free),
        other => Err(unknown("something a disk can be", other, &["full", "free"])),
    }
}
