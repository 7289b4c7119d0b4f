//! Japanese has no spaces, so a line may break between any two characters, in the middle of a word too. Texts
//! get word joiners (U+2060) everywhere but at phrase boundaries. What is read stays the same.

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
    "をがはにへとでものやかてたないるらばく".contains(hiragana)
}

/// A phrase may end between these two: after a mark, and after a particle that is followed by a word.
fn boundary(before: char, after: char) -> bool {
    match (kind(before), kind(after)) {
        (_, Kind::Mark) => opens(after),
        (Kind::Mark, _) => !opens(before) && before != '・',
        (Kind::Hiragana, Kind::Kanji | Kind::Katakana) => ends_phrase(before),
        (Kind::Kanji, Kind::Katakana) => true,
        _ => false,
    }
}

/// The text with breaks only at phrase boundaries. Text without Japanese is returned as it is.
pub(crate) fn keep_together(text: &str) -> String {
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
