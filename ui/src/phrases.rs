//! Where a line may end. Japanese has no spaces, so it could break between any two characters, in the middle of a word too;
//! Korean could between any two syllables, though it has spaces. Texts get word joiners (U+2060) everywhere but at
//! the ends of phrases and words. Chinese may break anywhere, and the toolkit knows the words of Burmese. What is read
//! stays the same.

use screen::Language;

const JOINER: char = '\u{2060}';

/// Longest phrase, characters. A longer one would not fit a narrow pane and may also break where the script changes.
const LONGEST: usize = 11;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hiragana,
    Katakana,
    Kanji,
    Number,
    Mark,
    Other,
}

fn kind(character: char) -> Kind {
    match character {
        '\u{3041}'..='\u{309F}' => Kind::Hiragana,
        '・' => Kind::Mark,
        '\u{30A0}'..='\u{30FF}' => Kind::Katakana,
        '\u{4E00}'..='\u{9FFF}' | '々' | '〆' => Kind::Kanji,
        '0'..='9' | '０'..='９' => Kind::Number,
        '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' => Kind::Mark,
        _ => Kind::Other,
    }
}

/// Opening marks belong to what follows.
fn opens(character: char) -> bool {
    matches!(character, '「' | '『' | '（' | '【')
}

/// Hiragana that ends a phrase before a word in kanji or katakana: particles and plain endings. 「差し込む」 has none.
fn ends_phrase(hiragana: char) -> bool {
    "をがはにへとでものやかてたないるらばくま".contains(hiragana)
}

/// A phrase may end between these two: after a mark, and after a particle that is followed by a word.
fn boundary(before: char, after: char) -> bool {
    match (kind(before), kind(after)) {
        (_, Kind::Mark) => opens(after),
        (Kind::Mark, _) => !opens(before) && before != '・',
        (Kind::Hiragana, Kind::Kanji | Kind::Katakana) => ends_phrase(before),
        (Kind::Kanji, Kind::Katakana) => true,
        // 「写真が|ありません」
        (Kind::Hiragana, Kind::Hiragana) => before == 'が' && after == 'あ',
        _ => false,
    }
}

/// The text with breaks only where this language ends a phrase or a word.
pub(crate) fn keep(text: &str, language: Language) -> String {
    match language {
        Language::Ja | Language::JaEasy => keep_together(text),
        Language::Ko => keep_words(text),
        Language::En
        | Language::ZhHans
        | Language::ZhHant
        | Language::Vi
        | Language::Pt
        | Language::Fil
        | Language::Ne
        | Language::Id
        | Language::My => text.to_owned(),
    }
}

/// Longest Korean word that is kept on one line, syllables. A longer one would not fit a narrow key.
const LONGEST_WORD: usize = 8;

/// Breaks at spaces only, unless a word is too long.
fn keep_words(text: &str) -> String {
    let mut joined = String::with_capacity(text.len() * 2);
    for word in text.split_inclusive(' ') {
        let long = word.trim_end().chars().count() > LONGEST_WORD;
        let mut characters = word.chars().peekable();
        while let Some(character) = characters.next() {
            joined.push(character);
            let next = characters.peek();
            if !long && next.is_some_and(|next| is_hangul(character) && is_hangul(*next)) {
                joined.push(JOINER);
            }
        }
    }
    joined
}

fn is_hangul(character: char) -> bool {
    matches!(character, '\u{AC00}'..='\u{D7A3}')
}

/// The text with breaks only at phrase boundaries. Text without Japanese is returned as it is.
fn keep_together(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut joined = String::with_capacity(text.len() * 2);
    for phrase in characters.chunk_by(|before, after| !may_break(*before, *after)) {
        let long = phrase.len() > LONGEST;
        for (place, character) in phrase.iter().enumerate() {
            joined.push(*character);
            let Some(next) = phrase.get(place + 1) else { break };
            let seam = long && kind(*character) != kind(*next) && kind(*next) != Kind::Mark;
            let far = long && (place + 1) % LONGEST == 0;
            if !seam && !far {
                joined.push(JOINER);
            }
        }
    }
    joined
}

/// Where the text is not Japanese, the usual rules decide, and nothing is joined.
fn may_break(before: char, after: char) -> bool {
    kind(before) == Kind::Other || kind(after) == Kind::Other || boundary(before, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(text: &str) -> Vec<String> {
        let mut phrases = vec![String::new()];
        let joined = keep_together(text);
        let mut characters = joined.chars().peekable();
        while let Some(character) = characters.next() {
            phrases.last_mut().unwrap().push(character);
            match characters.peek() {
                Some(&JOINER) => drop(characters.next()),
                Some(_) => phrases.push(String::new()),
                None => {}
            }
        }
        phrases
    }

    #[test]
    fn lines_break_after_particles_and_marks() {
        assert_eq!(
            phrases("過去の診療・お薬の情報を、当院の医師などが見ることに同意しますか"),
            ["過去の", "診療・お薬の", "情報を、", "当院の", "医師などが", "見ることに", "同意しますか"]
        );
        assert_eq!(
            phrases("ただいまカメラが使えません。使える写真がありません"),
            ["ただいま", "カメラが", "使えません。", "使える", "写真が", "ありません"]
        );
        assert_eq!(
            phrases("マイナンバーカードを差し込んでください。"),
            ["マイナンバーカードを", "差し込んでください。"]
        );
        assert_eq!(phrases("あと2回ちがうと使えなくなります"), ["あと2回ちがうと", "使えなくなります"]);
    }

    #[test]
    fn a_phrase_that_is_too_long_breaks_where_the_script_changes() {
        assert_eq!(phrases("マイナンバーカードではありません"), ["マイナンバーカード", "では", "ありません"]);
    }

    #[test]
    fn korean_breaks_at_spaces() {
        let text = "카드를 넣어 주세요";
        let joined = keep(text, Language::Ko);
        assert_eq!(joined.replace(JOINER, ""), text);
        assert_eq!(
            joined.split(' ').collect::<Vec<_>>(),
            ["카\u{2060}드\u{2060}를", "넣\u{2060}어", "주\u{2060}세\u{2060}요"]
        );
        // A word longer than a key is wide may break.
        assert!(!keep("개인식별번호입력화면", Language::Ko).contains(JOINER));
    }

    #[test]
    fn chinese_is_left_to_the_usual_rules() {
        let text = "请插入个人编号卡。";
        assert_eq!(keep(text, Language::ZhHans), text);
    }

    #[test]
    fn other_languages_are_left_alone() {
        let text = "You can see a doctor without consent.";
        assert_eq!(keep_together(text), text);
    }

    #[test]
    fn what_is_read_stays_the_same() {
        let text = "2027年（令和9年）2月17日までに、市区町村の窓口で更新してください（無料）";
        assert_eq!(keep_together(text).replace(JOINER, ""), text);
    }
}
