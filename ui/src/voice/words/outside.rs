//! Before a visit and over any screen.

use screen::{Comfort, FaultText, Motion, PhoneKind, PhoneNotice, PhoneWay, PhotoSide, Placement, WeightsLevel, Wish};

use super::Words;

pub(super) fn start(
    placement: Placement,
    phone: PhoneWay,
    weights: Option<WeightsLevel>,
    fault: Option<&FaultText>,
    words: &mut Words,
) {
    if let Some(fault) = fault {
        words.text(&fault.headline);
        words.text(&fault.next);
        return;
    }
    words.label(match placement.motion {
        Motion::Insert => "マイナンバーカードを\n差し込んでください",
        Motion::Lay => "マイナンバーカードを\n置いてください",
    });
    words.label(match placement.photo {
        PhotoSide::Up => "ケースから出して、\n顔写真を上に",
        PhotoSide::Down => "ケースから出して、\n顔写真を下に",
        PhotoSide::Device => "ケースから出して、\n顔写真を機械の側に",
        PhotoSide::Patient => "ケースから出して、\n顔写真をご自分の側に",
    });
    if phone == PhoneWay::No {
        words.label("スマホの方は、カードか資格確認書をお出しください");
    }
    match weights {
        None => {}
        Some(WeightsLevel::Demonstration) => words.label("見本用の顔認証です。本人確認には使えません"),
        Some(WeightsLevel::Research) => words.label("研究用の顔認証モデルで動いています"),
        Some(WeightsLevel::Approved) => words.label("顔認証：承認済みモデル"),
    }
}

pub(super) fn without_card(words: &mut Words) {
    words.labels(&[
        "受付に声をかけてください",
        "資格確認書をお持ちの方は、\n職員にお見せください",
        "お持ちでない方も、ご相談ください",
    ]);
}

/// Each switch with its state, so that a turned one is heard alone.
pub(super) fn comfort(comfort: Comfort, words: &mut Words) {
    let Comfort { large, contrast, slow, voice } = comfort;
    for (label, on) in [("大きな文字", large), ("見やすい色", contrast), ("ゆっくり", slow), ("音声", voice)]
    {
        words.pair(label, if on { "オン" } else { "オフ" });
    }
}

pub(super) fn calling_staff(wish: Option<Wish>, words: &mut Words) {
    words.label("職員を呼びました");
    words.label("職員を呼びました。ご希望は");
    match wish {
        None => {}
        Some(Wish::Writing) => words.label("筆談"),
        Some(Wish::Wheelchair) => words.label("車いす"),
        Some(Wish::Language) => words.label("ことば"),
        Some(Wish::Help) => words.label("介助"),
    }
}

pub(super) fn holding_phone(phone: PhoneKind, notice: Option<PhoneNotice>, reading: bool, words: &mut Words) {
    if reading {
        words.labels(&["読み取っています", "そのまま動かさないでください"]);
        return;
    }
    match notice {
        None => {}
        Some(PhoneNotice::Once) => words.label("もう一度、当ててください"),
        Some(PhoneNotice::Moved) => words.label("離れました。もう一度、当ててください"),
        Some(PhoneNotice::CheckFirst) => words.label("先にスマホの画面で、顔か指の確認をしてください"),
        Some(PhoneNotice::OtherKind) => words.label(match phone {
            PhoneKind::Iphone => "iPhoneの手順に変えました",
            PhoneKind::Android => "Androidの手順に変えました",
        }),
    }
    words.label(match phone {
        PhoneKind::Iphone => "ウォレットでカードを出してから",
        PhoneKind::Android => "1、2秒そのままで",
    });
    words.label("スマホの上のほうを機械に当ててください");
}
