//! Before a visit, and what can be opened over any screen.

use screen::{PhoneWay, Progress, Screen, WeightsLevel, Wish};

use super::{Add, words::Words};

pub(super) fn outside(words: &Words, add: &mut Add<'_>) {
    let start = |phone, weights| Screen::Start { phone, weights, fault: None };
    add("start", None, false, start(PhoneWay::OwnReader, None));
    add("start-same_reader", None, false, start(PhoneWay::SameReader, Some(WeightsLevel::Approved)));
    add("start-no_phone", None, false, start(PhoneWay::No, None));
    add("start-demonstration", None, false, start(PhoneWay::No, Some(WeightsLevel::Demonstration)));
    add("start-research", None, false, start(PhoneWay::No, Some(WeightsLevel::Research)));
    add("start-approved", None, false, start(PhoneWay::No, Some(WeightsLevel::Approved)));
    add("start-phone_demonstration", None, false, start(PhoneWay::OwnReader, Some(WeightsLevel::Demonstration)));
    let fault = words.fault("920");
    add("start-fault", None, false, Screen::Start { phone: PhoneWay::No, weights: None, fault: Some(fault) });
    add("without_card", None, false, Screen::WithoutCard { phone: PhoneWay::No });
    add("without_card-phone", None, false, Screen::WithoutCard { phone: PhoneWay::OwnReader });
    add("disconnected", None, false, Screen::Disconnected);
    let at = Some(Progress::Identity);
    add("choosing_language", at, true, Screen::ChoosingLanguage);
    add("choosing_comfort", at, true, Screen::ChoosingComfort);
    add("calling_staff", at, true, Screen::CallingStaff { wish: None });
    add("calling_staff-wish", at, true, Screen::CallingStaff { wish: Some(Wish::Wheelchair) });
}
