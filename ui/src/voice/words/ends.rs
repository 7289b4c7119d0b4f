//! Waiting, notices and ends.

use screen::FaultText;

use super::Words;
use crate::voice::{pieces, spoken::Sentence};

pub(super) fn waiting(long: bool, words: &mut Words) {
    words.label("確認しています");
    words.label(if long {
        "時間がかかっています。\nそのままお待ちください"
    } else {
        "そのままお待ちください"
    });
}

pub(super) fn certificate(phone: bool, grace: bool, stay: bool, [year, month, day]: [u16; 3], words: &mut Words) {
    words.label(match (phone, grace) {
        (true, _) => "スマホの電子証明書が切れます",
        (false, true) => "カードの電子証明書が切れました",
        (false, false) => "カードの電子証明書が切れます",
    });
    let date = pieces::date(words.language, year.into(), month.into(), day.into()).unwrap_or_default();
    let date = date.into_iter().map(|piece| words.open(piece)).collect();
    words.phrases.push(date);
    if stay && !phone && !words.around.headphones {
        // That somebody's stay is limited is nobody's business in the room.
        words.sentence(Sentence::InHeadphones);
        return;
    }
    words.label(match (stay, grace) {
        (false, _) if phone => "マイナポータルのアプリで更新してください",
        (true, true) => "過去の診療情報は使えません。\n在留期間の更新が先です",
        (true, false) => "在留期間の更新が先です。そのあと、\n市区町村の窓口で更新してください（無料）",
        (false, true) => "受付できますが、過去の診療情報は見られません。\n市区町村の窓口で更新してください（無料）",
        (false, false) => "市区町村の窓口で更新してください（無料）",
    });
}

pub(super) fn done(take_card: bool, words: &mut Words) {
    words.label("受付が完了しました");
    if take_card {
        words.label("カードをお取りください");
    }
    words.labels(&["呼ばれるまで、お待ちください", "提供の記録はマイナポータルで見られます"]);
}

pub(super) fn go_to_desk(finished: bool, take_card: bool, words: &mut Words) {
    if finished {
        words.label("確認は終わりました");
    }
    if take_card {
        words.label("カードをお取りください");
    }
    words.label("受付に声をかけてください");
}

pub(super) fn fault(fault: &FaultText, take_card: bool, words: &mut Words) {
    words.text(&fault.headline);
    words.text(&fault.next);
    if take_card {
        words.label("カードをお取りください");
    }
}
