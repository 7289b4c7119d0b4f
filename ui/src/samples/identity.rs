//! From the card to the proof of who one is, and the notice about the certificate.

use screen::{MethodState, PinNotice, Progress, Screen};

use super::{Add, words::Words};

const AT: Option<Progress> = Some(Progress::Identity);

pub(super) fn identity(words: &Words, add: &mut Add<'_>) {
    add("placing_card", AT, true, Screen::PlacingCard);
    methods(words, add);
    pin(add);
    add("waiting", AT, false, Screen::Waiting { long: false });
    add("waiting-long", AT, false, Screen::Waiting { long: true });
    let end = words.end();
    let mut notice = |name, phone, grace, stay| {
        add(name, AT, true, Screen::CertificateNotice { phone, grace, stay, end: end.clone(), day: [2027, 2, 17] });
    };
    notice("certificate_notice", false, false, false);
    notice("certificate_notice-grace", false, true, false);
    notice("certificate_notice-stay", false, false, true);
    notice("certificate_notice-grace_stay", false, true, true);
    notice("certificate_notice-phone", true, false, false);
    notice("certificate_notice-phone_stay", true, false, true);
}

fn methods(words: &Words, add: &mut Add<'_>) {
    let open = || MethodState::Open;
    add("choosing_method", AT, true, Screen::ChoosingMethod { face: open(), pin: open(), visual: open() });
    add(
        "choosing_method-closed",
        AT,
        true,
        Screen::ChoosingMethod { face: words.closed("not_available"), pin: open(), visual: MethodState::Hidden },
    );
    add(
        "choosing_method-no_pin",
        AT,
        true,
        Screen::ChoosingMethod { face: open(), pin: words.closed("no_tries_left"), visual: open() },
    );
}

fn pin(add: &mut Add<'_>) {
    let typing = |digits, notice, face| Screen::EnteringPin { phone: false, digits, notice, face };
    let notice = |wrong, left| Some(PinNotice { wrong, left });
    add("entering_pin", AT, true, typing(2, None, true));
    add("entering_pin-wrong", AT, true, typing(0, notice(true, 2), true));
    add("entering_pin-two_left", AT, true, typing(1, notice(false, 2), false));
    add("entering_pin-last", AT, true, typing(3, notice(true, 1), true));
    add("entering_pin-one_left", AT, true, typing(0, notice(false, 1), true));
    add("last_try", AT, true, Screen::LastTry { face: true, visual: true });
    add("last_try-visual", AT, true, Screen::LastTry { face: false, visual: true });
    add("last_try-alone", AT, true, Screen::LastTry { face: false, visual: false });
    add("confirm_last_try", AT, true, Screen::ConfirmLastTry);
    add("pin_blocked", AT, true, Screen::PinBlocked { in_this_visit: true, face: true, visual: true });
    add("pin_blocked-alone", AT, true, Screen::PinBlocked { in_this_visit: true, face: false, visual: false });
    add("pin_blocked-before", AT, true, Screen::PinBlocked { in_this_visit: false, face: false, visual: true });
}
