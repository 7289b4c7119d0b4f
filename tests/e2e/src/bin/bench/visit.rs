//! One PIN visit at the shipped daemon, with a card on the real PC/SC stack, touched as fast as the screen allows.

use anyhow::{Context as _, Result, bail};
use demo::{processes::Processes, window::Backstage};
use screen::{Digit, Screen, Target};

use super::{glass::Glass, reader};

/// Whose card it is.
pub(crate) const HOLDER: u32 = 1001;
/// Its PIN.
pub(crate) const PIN: &[u8; 4] = b"1234";

/// Milliseconds of one visit, seen from outside the daemon.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    /// Reader's event → method choice at the screen's socket.
    pub(crate) card_to_method: f64,
    /// 「決定」 sent → the view that follows the signature.
    pub(crate) pin_to_signature: f64,
}

/// The card, in the words of `emulated-card`. Naming the tries keeps each card new.
pub(crate) fn insert(level: &mut Processes, delays: &str) -> Result<()> {
    Backstage::insert(level, &format!("{HOLDER} tries=3 delays={delays}"))
}

/// Takes the card out; the commands it has had since it was put in, by its own count.
pub(crate) fn remove(level: &mut Processes) -> Result<usize> {
    Backstage::remove(level)?;
    let told = level.told();
    let count = told.pointer("/card/commands").and_then(serde_json::Value::as_u64);
    Ok(usize::try_from(count.context("the emulated card told no count of commands")?)?)
}

/// From the start screen to the start screen; what was measured, and the commands the card counted.
pub(crate) fn visit(level: &mut Processes, glass: &mut Glass, delays: &str) -> Result<(Visit, usize)> {
    glass.wait_for_start()?;
    let placed = reader::placed()?;
    insert(level, delays)?;
    let placed = reader::join(placed)?;
    let choosing = glass.wait("the choice of method", |view| matches!(view.screen, Screen::ChoosingMethod { .. }))?;
    glass.touch(Target::Pin)?;
    for (number, digit) in (0..).zip(PIN) {
        pad(glass, number)?;
        let digit = Digit::new(digit - b'0');
        glass.key(digit.context("the PIN is four digits")?)?;
    }
    pad(glass, 4)?;
    let confirmed = glass.touch(Target::Confirm)?;
    // While VERIFY and signature are under way nothing can be cancelled; afterwards it can (session room, CheckingPin).
    let signed = glass.wait("the signature", |view| matches!(view.screen, Screen::Waiting { .. }) && view.cancel)?;
    glass.wait("the question for consent", |view| matches!(view.screen, Screen::ConsentAll { .. }))?;
    let Screen::ConsentAll { previous, .. } = &glass.view()?.screen else { bail!("no question for consent") };
    let answer = if previous.is_empty() { Target::AgreeAll } else { Target::SameAsBefore };
    glass.touch(answer)?;
    glass.wait("the receipt", |view| matches!(view.screen, Screen::Done { .. }))?;
    let commands = remove(level)?;
    glass.wait_for_start()?;
    let ms = |from, to: std::time::Instant| to.saturating_duration_since(from).as_secs_f64() * 1000.0;
    let visit = Visit { card_to_method: ms(placed, choosing), pin_to_signature: ms(confirmed, signed) };
    Ok((visit, commands))
}

fn pad(glass: &mut Glass, dots: u8) -> Result<()> {
    let what = format!("the PIN pad with {dots} dots");
    glass.wait(&what, |view| matches!(&view.screen, Screen::EnteringPin { digits, .. } if *digits == dots)).map(|_| ())
}
