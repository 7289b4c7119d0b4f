//! Japanese has no spaces, so a line may break between any two characters, in the middle of a word too. Texts
//! get word joiners (U+2060) everywhere but at phrase boundaries. What is read stays the same.

const JOINER: char = '\u{2060}';

/// Longest run without a place to break, characters: longer ones would not fit a narrow pane.
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

/// A phrase may end between these two: after a mark, and where hiragana (a particle, an ending) is followed by a word.
fn boundary(before: char, after: char) -> bool {
    match (kind(before), kind(after)) {
        (_, Kind::Mark) => opens(after),
        (Kind::Mark, _) => !opens(before) && before != '・',
        (Kind::Hiragana, Kind::Kanji | Kind::Katakana | Kind::Number) => before != 'お' && before != 'ご',
        (Kind::Kanji, Kind::Katakana) => true,
        _ => false,
    }
}

/// The text with breaks only at phrase boundaries. Text without Japanese is returned as it is.
pub(crate) fn keep_together(text: &str) -> String {
    let mut joined = String::with_capacity(text.len() * 2);
    let mut run = 0;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        joined.push(character);
        let Some(next) = characters.peek().copied() else { break };
        let japanese = kind(character) != Kind::Other && kind(next) != Kind::Other;
        if japanese && !boundary(character, next) && run < LONGEST {
            joined.push(JOINER);
            run += 1;
        } else {
            run = 0;
        }
    }
    joined
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
