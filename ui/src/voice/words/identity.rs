//! Whether the patient is the holder.

use screen::{Advice, MethodState, Movement, PinNotice, SurfaceField, SurfaceNotice};

use super::{Aside, Words};
use crate::{translations, voice::spoken::Sentence};

/// A method that is closed says why; the open ones are among the answers.
pub(super) fn methods(face: &MethodState, pin: &MethodState, visual: &MethodState, words: &mut Words) {
    words.label("確認方法を選んでください");
    for (label, method) in [("顔認証", face), ("暗証番号", pin), ("職員の確認", visual)] {
        match method {
            MethodState::Closed { reason } => {
                let label = words.open(translations::label(words.language, label));
                let reason = words.open(reason.as_str());
                words.phrases.push(vec![label, reason]);
            }
            MethodState::Open | MethodState::Hidden => {}
        }
    }
    if *face == MethodState::Open {
        words.label("顔の映像は本人確認だけに使い、終わったら消します");
    }
}

pub(super) fn pin(phone: bool, digits: u8, notice: Option<PinNotice>, words: &mut Words) {
    words.label(if phone { "スマホの暗証番号" } else { "4けたの暗証番号" });
    match notice {
        None => {}
        Some(PinNotice { wrong: true, left: 1 }) => words.label("番号がちがいます。\nつぎにちがうと\n使えなくなります"),
        Some(PinNotice { wrong: false, left: 1 }) => words.label("つぎにちがうと\n使えなくなります"),
        Some(PinNotice { wrong: true, .. }) => words.label("番号がちがいます。\nあと2回ちがうと\n使えなくなります"),
        Some(PinNotice { wrong: false, .. }) => words.label("あと2回ちがうと\n使えなくなります"),
    }
    words.sentence(Sentence::Pin);
    if digits >= 4 {
        words.sentence(Sentence::Ready);
    }
}

pub(super) fn pin_blocked(in_this_visit: bool, ways: bool, words: &mut Words) {
    words.label("このカードは\n暗証番号を使えません");
    if in_this_visit {
        words.label("市区町村の窓口か、アプリとコンビニで、\nつくり直せます");
    }
    if !ways {
        words.label("受付に声をかけてください");
    } else if !in_this_visit {
        words.label("ほかの方法で受付できます");
    }
}

pub(super) fn surface_code(field: SurfaceField, notice: Option<SurfaceNotice>, words: &mut Words) {
    match notice {
        None => {}
        Some(SurfaceNotice::Wrong) => words.label("カードの番号と\nちがいました"),
        Some(SurfaceNotice::Implausible) => words.label("数字をもう一度\nお確かめください"),
    }
    match field {
        SurfaceField::Era => words.labels(&["生年月日の元号は", "日付の前の文字です"]),
        // The era tells a person's age; it was chosen on the screen before.
        SurfaceField::BirthDate { era: _ } => {
            words.label("「生」の前の日付です");
            words.sentence(Sentence::Digits);
        }
        SurfaceField::ExpiryYear => {
            words.labels(&["有効期限の年", "「まで有効」の前の西暦"]);
            words.sentence(Sentence::Digits);
        }
        SurfaceField::SecurityCode => {
            words.labels(&["写真の下の4けた", "カードの表の数字です"]);
            words.sentence(Sentence::Digits);
        }
    }
}

/// What helps now comes last, so that it is what remains when it changes.
pub(super) fn camera(advice: Option<Advice>, movement: Option<Movement>, words: &mut Words) {
    words.label("カメラを見てください");
    words.sentence(Sentence::Facing);
    words.label("カメラの映像は保存しません");
    match movement {
        None => {}
        Some(Movement::TurnLeft) => words.label("顔を左に向けてください"),
        Some(Movement::TurnRight) => words.label("顔を右に向けてください"),
        Some(Movement::ComeCloser) => words.label("近づいてください"),
    }
    if let Some(advice) = advice {
        line(advice, words);
    }
}

/// Who does not see the picture has to be told which way the middle is.
fn line(advice: Advice, words: &mut Words) {
    match (advice, words.around.aside) {
        (Advice::OffCentre, Some(Aside::Left)) => return words.sentence(Sentence::Right),
        (Advice::OffCentre, Some(Aside::Right)) => return words.sentence(Sentence::Left),
        (_, Some(Aside::Left | Aside::Right) | None) => {}
    }
    words.label(match advice {
        Advice::Wait => "少しお待ちください",
        Advice::NoFace => "顔をわくの中に入れてください",
        Advice::SeveralFaces => "ほかの方は下がってください",
        Advice::TooFar => "もっと近づいてください",
        Advice::TooNear => "少し後ろへ下がってください",
        Advice::OffCentre => "真ん中に来てください",
        Advice::Dark => "明るいほうを向いてください",
        Advice::BackLight => "後ろの光から外れてください",
        Advice::Moving => "動かないでください",
        Advice::TurnedAway => "正面を見てください",
        Advice::Mask => "マスクを下げてください",
    });
}

pub(super) fn face_failed(way: bool, advice: Option<Advice>, child: bool, words: &mut Words) {
    words.label("顔では確認できませんでした");
    if let Some(advice) = advice {
        line(advice, words);
    }
    words.label(if way { "ほかの方法でも受付できます" } else { "受付に声をかけてください" });
    if child {
        words.label("お子さまは暗証番号も使えます");
    }
}
