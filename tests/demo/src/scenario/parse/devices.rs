//! What stands after the colon where a phone, the visual check, the clinic or the terminal is meant.

use screen::{Digit, PhoneKind, Target};

use super::{
    error::{Cause, unknown, value},
    values::{USUAL_PIN, certificate, count, duration, parenthesis, pin, times, tries, wire_name},
};
use crate::scenario::{
    people::{PEOPLE, Person},
    step::{ClinicControl, Held, PasscodeBy, PhoneSetup, Phones},
};

/// Furthest a clock can be moved, seconds.
const MAX_CLOCK: u64 = 86_400;

pub(super) fn phone(text: &str) -> Result<PhoneSetup, Cause> {
    const KIND: &str = "\"iphone\" or \"android\", or \"card\", in parentheses";
    let (who, options) = parenthesis(text)?;
    let known: Vec<&str> = PEOPLE.iter().map(|person| person.name).collect();
    let person = Person::by_name(who).ok_or_else(|| unknown("anyone's phone", who, &known))?;
    let mut options = options.into_iter().flat_map(|options| options.split(',')).map(str::trim);
    let held = match options.next() {
        Some("iphone") => Held::Phone(PhoneKind::Iphone),
        Some("android") => Held::Phone(PhoneKind::Android),
        Some("card") => Held::Card,
        other => return Err(value("a kind of phone", other.unwrap_or_default(), KIND)),
    };
    let pin = USUAL_PIN.to_owned();
    let mut phone = PhoneSetup {
        person,
        held,
        pin,
        tries: None,
        certificate: None,
        p256: false,
        verified: true,
        unknown_issuer: false,
        slow: false,
    };
    let mut before: Vec<&str> = Vec::new();
    for option in options {
        if held == Held::Card {
            return Err(value("something a card held there can be", option, "nothing after \"card\""));
        }
        let first = option.split(' ').next().unwrap_or_default();
        if before.contains(&first) {
            return Err(Cause::Twice { word: first.to_owned() });
        }
        before.push(first);
        phone_option(&mut phone, option)?;
    }
    Ok(phone)
}

fn phone_option(phone: &mut PhoneSetup, option: &str) -> Result<(), Cause> {
    let words: Vec<&str> = option.split(' ').collect();
    match words.as_slice() {
        ["pin", digits] if pin(digits).is_ok_and(|pin| pin.len() == 4) => phone.pin = (*digits).to_owned(),
        ["pin", digits] => return Err(value("a PIN", digits, "four digits, for example \"pin 9876\"")),
        ["tries", left] => phone.tries = Some(tries(left)?),
        ["certificate", end @ ..] if certificate(end)?.is_some() => phone.certificate = certificate(end)?,
        ["key", "p256"] => phone.p256 = true,
        ["not", "verified"] => phone.verified = false,
        ["unknown", "issuer"] => phone.unknown_issuer = true,
        ["slow"] => phone.slow = true,
        _ => {
            let known = [
                "pin 9876",
                "tries 1",
                "certificate ends in 30 days",
                "certificate ended 20 days ago",
                "key p256",
                "not verified",
                "unknown issuer",
                "slow",
            ];
            return Err(unknown("something a phone can be", option, &known));
        }
    }
    Ok(())
}

/// Whether the patient has to hear what others see.
pub(super) fn patient(text: &str) -> Result<bool, Cause> {
    match text.to_lowercase().as_str() {
        "sees" => Ok(false),
        "does not see" => Ok(true),
        other => Err(unknown("a kind of patient", other, &["sees", "does not see"])),
    }
}

/// Where phones are taken, and whether it has no face way; one of them, or both with a comma between.
pub(super) fn terminal(text: &str) -> Result<(Phones, bool), Cause> {
    const KNOWN: [(&str, Option<Phones>); 4] = [
        ("phones at own reader", Some(Phones::OwnReader)),
        ("phones at the card reader", Some(Phones::CardReader)),
        ("phones none", Some(Phones::Nowhere)),
        ("without face way", None),
    ];
    let (mut phones, mut faceless) = (None, false);
    for part in text.to_lowercase().split(',').map(str::trim) {
        let found = KNOWN.into_iter().find(|(word, _)| *word == part);
        let (word, kind) = found.ok_or_else(|| unknown("a kind of terminal", part, &KNOWN.map(|(word, _)| word)))?;
        let before = match kind {
            Some(kind) => phones.replace(kind).is_some(),
            None => std::mem::replace(&mut faceless, true),
        };
        if before {
            return Err(Cause::Twice { word: word.to_owned() });
        }
    }
    Ok((phones.unwrap_or_default(), faceless))
}

/// Who set the passcode, and whether wrong ones closed the visual check twice today.
pub(super) fn set_by(text: &str) -> Result<(PasscodeBy, bool), Cause> {
    const CLOSED: &str = "closed twice today";
    let lower = text.to_lowercase();
    let (who, rest) = lower.split_once(',').map_or((lower.as_str(), None), |(who, rest)| (who, Some(rest.trim())));
    let by = match who.trim() {
        "clinic" => PasscodeBy::Clinic,
        "terminal" => PasscodeBy::Terminal,
        "nobody" => PasscodeBy::Nobody,
        other => return Err(unknown("anyone who sets a passcode", other, &["clinic", "terminal", "nobody"])),
    };
    match (by, rest) {
        (PasscodeBy::Clinic | PasscodeBy::Terminal | PasscodeBy::Nobody, None) => Ok((by, false)),
        (PasscodeBy::Clinic | PasscodeBy::Terminal, Some(CLOSED)) => Ok((by, true)),
        (PasscodeBy::Nobody, Some(rest)) => Err(value("something of a passcode nobody set", rest, "nothing there")),
        (PasscodeBy::Clinic | PasscodeBy::Terminal, Some(other)) => {
            Err(unknown("how often it was closed", other, &[CLOSED]))
        }
    }
}

/// Some digits for a pad, with 「決定」 behind them.
pub(super) fn digits(text: &str, least: usize, most: usize) -> Result<Vec<Digit>, Cause> {
    let digit = |byte: u8| byte.checked_sub(b'0').and_then(Digit::new);
    let digits: Option<Vec<Digit>> = text.bytes().map(digit).collect();
    digits
        .filter(|digits| (least..=most).contains(&digits.len()))
        .ok_or_else(|| value("what fits the pad", text, "digits: 4 to 12 of a passcode, 1 to 8 of a staff number"))
}

/// Switches of 「音声・大きな文字」.
pub(super) fn comfort(text: &str) -> Result<Vec<Target>, Cause> {
    const SWITCHES: [(&str, Target); 4] = [
        ("slow", Target::Slow),
        ("voice", Target::Voice),
        ("large", Target::LargeType),
        ("contrast", Target::Contrast),
    ];
    let mut switches = Vec::new();
    for word in text.split(',').map(str::trim) {
        let found = SWITCHES.into_iter().find(|(name, _)| *name == word.to_lowercase());
        let (_, switch) = found.ok_or_else(|| unknown("a switch", word, &SWITCHES.map(|(name, _)| name)))?;
        if switches.contains(&switch) {
            return Err(Cause::Twice { word: word.to_owned() });
        }
        switches.push(switch);
    }
    Ok(switches)
}

pub(super) fn clinic(text: &str) -> Result<ClinicControl, Cause> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(' ').collect();
    match words.as_slice() {
        ["link", "down"] => Ok(ClinicControl::LinkDown),
        ["link", "up"] => Ok(ClinicControl::LinkUp),
        ["drops", number, "receipt" | "receipts"] => Ok(ClinicControl::DropsReceipts(times(number)?)),
        ["latency", time @ ..] => Ok(ClinicControl::Latency(duration(&time.join(" "))?)),
        ["refuses", "results"] => Ok(ClinicControl::RefusesResults),
        ["pin-less", "off"] => Ok(ClinicControl::PinLess(false)),
        ["pin-less", "on"] => Ok(ClinicControl::PinLess(true)),
        ["clock", ahead, "s"] => Ok(ClinicControl::Clock(seconds(ahead)?)),
        ["settings", "everything"] => Ok(ClinicControl::Everything(true)),
        ["settings", "plain"] => Ok(ClinicControl::Everything(false)),
        ["sign-up", "fails"] => Ok(ClinicControl::SignUpFails(true)),
        ["sign-up", "works"] => Ok(ClinicControl::SignUpFails(false)),
        ["refuses", "the", "terminal"] => Ok(ClinicControl::RefusesTerminal(true)),
        ["takes", "the", "terminal"] => Ok(ClinicControl::RefusesTerminal(false)),
        _ => {
            let known = [
                "link down",
                "link up",
                "drops 1 receipt",
                "latency 3 s",
                "refuses results",
                "pin-less off",
                "clock +90 s",
                "settings everything",
                "sign-up fails",
                "refuses the terminal",
                "takes the terminal",
            ];
            Err(unknown("something a clinic does", text, &known))
        }
    }
}

/// `+90`, `-90`
fn seconds(text: &str) -> Result<i32, Cause> {
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        _ => return Err(value("a clock", text, "seconds with their sign, for example \"+90 s\"")),
    };
    let seconds = i32::try_from(count("a clock", digits, MAX_CLOCK)?);
    seconds.map(|seconds| sign * seconds).map_err(|_| value("a clock", text, "fewer seconds"))
}

/// `visual check`, `wheelchair`: what staff can hear, as `expect:` names it after `staff told`, or whole.
pub(super) fn staff_note(words: &[&str]) -> Result<&'static str, Cause> {
    let known = crate::scenario::staff::NOTES;
    let text = match words {
        ["told", rest @ ..] => rest.join(" "),
        all => all.join(" "),
    };
    known
        .into_iter()
        .find(|note| **note == text && (note.starts_with("called") == (words.first() != Some(&"told"))))
        .ok_or_else(|| unknown("something staff hear", &wire_name(&text).replace('_', " "), &known))
}
