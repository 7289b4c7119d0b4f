//! What can be wrong with a file.

use thiserror::Error;

/// A line that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {cause}")]
pub struct ScenarioError {
    /// From 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub cause: Cause,
}

/// A file that cannot be used.
#[derive(Debug, Error)]
pub enum ReadError {
    /// It cannot be read.
    #[error("{path}: {cause}")]
    File {
        /// As given.
        path: String,
        /// By the system.
        cause: std::io::Error,
    },
    /// It is not understood.
    #[error("{path}, {cause}")]
    Scenario {
        /// As given.
        path: String,
        /// Where and why.
        cause: ScenarioError,
    },
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages say what each field is")]
pub enum Cause {
    #[error("\"{word}\" is not {what}{}; there is: {known}", did_you_mean(.nearest))]
    Unknown { what: &'static str, word: String, nearest: Option<String>, known: String },
    #[error("something is missing after \"{word}\", for example \"{example}\"")]
    NothingAfter { word: String, example: &'static str },
    #[error("\"{word}\" stands alone; nothing belongs after it, not even a colon")]
    NothingBelongs { word: &'static str },
    #[error("\"{word}\" belongs above the first step")]
    HeaderTooLate { word: &'static str },
    #[error("\"{word}\" is there twice; keep one")]
    HeaderTwice { word: &'static str },
    #[error("the file has no title; begin with a line \"title: what happens\"")]
    NoTitle,
    #[error("the file must end with a line \"expect: …\", otherwise it could not fail")]
    NoExpectation,
    #[error("name at least one level: \"levels: 1 2 3\"")]
    NoLevel,
    #[error("a level is left out; say why in parentheses: \"levels: 1 2 (the real reader cannot do this)\"")]
    NoReason,
    #[error("no level is left out, so no reason belongs here")]
    ReasonWithoutNeed,
    #[error("a parenthesis is opened and not closed, or text follows it; it belongs at the end of the line")]
    Parenthesis,
    #[error("\"{word}\" is not {what}; write {instead}")]
    Value { what: &'static str, word: String, instead: &'static str },
    #[error("\"{word}\" is there twice; keep one")]
    Twice { word: String },
    #[error("the file is longer than 64 KiB or 500 lines; make several files of it")]
    TooLong,
}

impl Cause {
    pub(super) const fn on(self, line: usize) -> ScenarioError {
        ScenarioError { line, cause: self }
    }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default()
}

/// The error for a word that is none of `known`.
pub(super) fn unknown(what: &'static str, word: &str, known: &[&str]) -> Cause {
    let spaced: Vec<String> = known.iter().map(|word| word.replace('_', " ")).collect();
    let nearest = nearest(word, &spaced);
    Cause::Unknown { what, word: shorten(word), nearest, known: spaced.join(", ") }
}

/// The error for a value of the wrong form.
pub(super) fn value(what: &'static str, word: &str, instead: &'static str) -> Cause {
    Cause::Value { what, word: shorten(word), instead }
}

/// A word for a message, bounded.
fn shorten(word: &str) -> String {
    const LONGEST: usize = 40;
    if word.chars().count() <= LONGEST {
        return word.to_owned();
    }
    word.chars().take(LONGEST).chain(['…']).collect()
}

/// The known word with the fewest letters to change, when that is less than half of them.
fn nearest(word: &str, known: &[String]) -> Option<String> {
    let word: Vec<char> = shorten(word).to_lowercase().chars().collect();
    let distance = |known: &String| edits(&word, &known.to_lowercase().chars().collect::<Vec<_>>());
    known
        .iter()
        .map(|known| (distance(known), known))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, known)| *distance * 2 < known.chars().count().max(3))
        .map(|(_, known)| known.clone())
}

/// Letters to insert, remove or replace between two words (Levenshtein).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for ((to, pair), left) in b.iter().zip(row.windows(2)).zip(0..) {
            let [diagonal, above]: [usize; 2] = pair.try_into().unwrap_or([0, 0]);
            let beside: usize = next.get(left).copied().unwrap_or_default();
            next.push((diagonal + usize::from(from != to)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        let count = |a: &str, b: &str| edits(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(count("", ""), 0);
        assert_eq!(count("card", ""), 4);
        assert_eq!(count("chose", "choose"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
    }
}
