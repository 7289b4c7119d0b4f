//! How a visit ends, and what goes wrong.

use screen::{Progress, Screen, Way};

use super::{Add, words::Words};

pub(super) fn ends(words: &Words, add: &mut Add<'_>) {
    let at = Some(Progress::Done);
    add("done", at, false, Screen::Done { take_card: true });
    add("done-card_taken", at, false, Screen::Done { take_card: false });
    add("go_to_desk", at, false, Screen::GoToDesk { finished: true, take_card: true });
    add("go_to_desk-result", at, false, Screen::GoToDesk { finished: false, take_card: false });
    add("take_card", None, false, Screen::TakeCard);
    add("card_left", None, false, Screen::CardLeft);
    faults(words, add);
}

fn faults(words: &Words, add: &mut Add<'_>) {
    let mut show = |name, code, take_card, ways: &[Way]| {
        add(name, None, false, Screen::NeedHelp { fault: words.fault(code), take_card, ways: ways.to_vec() });
    };
    show("need_help", "002", true, &[]);
    show("need_help-phone", "002", true, &[Way::Phone]);
    show("need_help-case", "001", true, &[Way::Phone]);
    show("need_help-desk", "901", false, &[]);
    show("need_help-set", "902", false, &[]);
    show("need_help-certificate", "006", true, &[]);
    show("need_help-out_of_order", "911", false, &[Way::Again]);
    show("need_help-hold_phone", "940", false, &[Way::Again, Way::Card]);
    show("need_help-camera", "930", false, &[]);
    show("need_help-ways", "915", true, &[Way::Card, Way::Phone]);
}
