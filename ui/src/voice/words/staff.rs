//! The visual check: said to staff, and to a patient who hears why it takes a moment.

use screen::PhotoShown;

use super::Words;
use crate::voice::spoken::Sentence;

pub(super) fn passcode(wrong: Option<u8>, words: &mut Words) {
    words.labels(&["施設の暗証コード", "カードの暗証番号ではありません"]);
    match wrong {
        None => {}
        Some(1) => words.label("ちがいます。あと1回です"),
        Some(2) => words.label("ちがいます。あと2回です"),
        Some(_) => words.label("番号がちがいます"),
    }
    words.sentence(Sentence::Digits);
}

pub(super) fn comparing(photo: PhotoShown, words: &mut Words) {
    words.label("同じ人ですか");
    match photo {
        PhotoShown::Coming => words.label("写真を\n準備中"),
        PhotoShown::None => words.label("写真なし。\n券面で確認"),
        PhotoShown::Here => {}
    }
    words.label("写真と映像は、確認が終わると消えます");
}

pub(super) fn number(words: &mut Words) {
    words.labels(&["確認した方の番号", "入れなくても進めます"]);
    words.sentence(Sentence::Digits);
}
