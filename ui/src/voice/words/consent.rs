//! Questions. What the patient answered, now or before, is for headphones only.

use screen::ConsentText;

use super::Words;

/// The answers follow by number.
pub(super) fn question(text: &ConsentText, reviewed: bool, words: &mut Words) {
    words.text(&text.question);
    words.text(&text.rights);
    if !reviewed {
        words.labels(&["この訳は、人による確認がまだです", "日本語の文が正式です"]);
    }
}

pub(super) fn all(text: &ConsentText, previous: &[String], reviewed: bool, words: &mut Words) {
    question(text, reviewed, words);
    if !previous.is_empty() {
        words.label("前回と同じにしますか");
        words.answers(previous);
    }
}

pub(super) fn read_back(lines: &[String], words: &mut Words) {
    words.label("これで送りますか");
    words.answers(lines);
}

pub(super) fn detail(title: &str, paragraphs: &[String], words: &mut Words) {
    words.text(title);
    for paragraph in paragraphs {
        words.text(paragraph);
    }
}
