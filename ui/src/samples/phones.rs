//! A phone instead of a card.

use screen::{PhoneKind, PhoneNotice, PinNotice, Progress, Screen};

use super::Add;

pub(super) fn phones(add: &mut Add<'_>) {
    let at = Some(Progress::Identity);
    add("choosing_phone", at, true, Screen::ChoosingPhone);
    let mut hold = |name, phone, notice| {
        add(name, at, true, Screen::HoldingPhone { phone, notice, reading: false, seconds: 30 });
    };
    hold("holding_phone", PhoneKind::Iphone, None);
    hold("holding_phone-android", PhoneKind::Android, None);
    hold("holding_phone-once", PhoneKind::Android, Some(PhoneNotice::Once));
    hold("holding_phone-moved", PhoneKind::Iphone, Some(PhoneNotice::Moved));
    hold("holding_phone-check_first", PhoneKind::Iphone, Some(PhoneNotice::CheckFirst));
    hold("holding_phone-to_iphone", PhoneKind::Iphone, Some(PhoneNotice::OtherKind));
    hold("holding_phone-to_android", PhoneKind::Android, Some(PhoneNotice::OtherKind));
    let reading = Screen::HoldingPhone { phone: PhoneKind::Iphone, notice: None, reading: true, seconds: 0 };
    add("holding_phone-reading", at, true, reading);
    let pin = |digits, notice| Screen::EnteringPin { phone: true, digits, notice, face: false };
    add("entering_pin-phone", at, true, pin(1, None));
    add("entering_pin-phone_wrong", at, true, pin(0, Some(PinNotice { wrong: true, left: 2 })));
}
