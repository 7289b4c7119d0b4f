//! How a visit ends, and what goes wrong.

use screen::{Picture, Progress, Screen, Way};

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
    let mut show = |name, fault, take_card, ways: &[Way]| {
        add(name, None, false, Screen::NeedHelp { fault, take_card, ways: ways.to_vec() });
    };
    let wrong_card = words.fault(
        "002",
        Picture::RightCard,
        [
            "マイナンバーカードではありません",
            "マイナンバーカードをセットしてください。お持ちでない方は、受付に声をかけてください。",
        ],
        [
            "This is not a My Number card",
            "Please set your My Number card. If you do not have one, please speak to the desk.",
        ],
    );
    show("need_help", wrong_card.clone(), true, &[]);
    show("need_help-phone", wrong_card, true, &[Way::Phone]);
    let case = words.fault(
        "001",
        Picture::CaseOff,
        ["カードを読み取れませんでした", "ケースから出して、もう一度セットしてください。"],
        ["The card could not be read", "Take it out of its case and set it again."],
    );
    show("need_help-case", case, true, &[Way::Phone]);
    let desk = ["受付での確認が必要です", "カードを取って、受付に声をかけてください。"];
    let desk_en = ["The desk needs to check something", "Please take your card and speak to the desk."];
    show("need_help-desk", words.fault("901", Picture::Desk, desk, desk_en), false, &[]);
    let set = ["カードが抜かれました", "受付をするときは、もう一度カードをセットしてください。"];
    let set_en = ["The card was taken out", "To check in, please set your card again."];
    show("need_help-set", words.fault("902", Picture::SetCard, set, set_en), false, &[]);
    let ended = ["カードの電子証明書が使えません", "受付に声をかけてください。市区町村の窓口で更新できます（無料）。"];
    let ended_en =
        ["The certificate in your card cannot be used", "Please speak to the desk. Renewing is free of charge."];
    show("need_help-certificate", words.fault("006", Picture::Certificate, ended, ended_en), true, &[]);
    let order = ["ただいま確認先とつながりません", "カードはそのままお持ちになり、受付に声をかけてください。"];
    let order_en = ["The check cannot be made right now", "Please keep your card and speak to the desk."];
    show("need_help-out_of_order", words.fault("910", Picture::OutOfOrder, order, order_en), false, &[Way::Again]);
    let phone = ["スマートフォンを読み取れませんでした", "カードでも受付できます。"];
    let phone_en = ["The phone could not be read", "You can check in with your card too."];
    let ways = [Way::Again, Way::Card];
    show("need_help-hold_phone", words.fault("940", Picture::HoldPhone, phone, phone_en), false, &ways);
    let camera = ["ただいまカメラが使えません", "暗証番号で受付できます。"];
    let camera_en = ["The camera cannot be used right now", "You can check in with your PIN."];
    show("need_help-camera", words.fault("930", Picture::Camera, camera, camera_en), false, &[]);
    let take = ["受付での手続きが必要です", "カードを取って、受付に声をかけてください。"];
    let take_en = ["The desk needs to help you with one step", "Please take your card and speak to the desk."];
    let fault = words.fault("915", Picture::TakeCard, take, take_en);
    show("need_help-take_card", fault, true, &[Way::Card, Way::Phone]);
}
