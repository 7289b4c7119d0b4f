//! Expectations as a file writes them.

use std::fmt;

use super::Expected;
use crate::scenario::world::BookedBy;

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outcome(any_of) => {
                let words: Vec<_> = any_of.iter().map(ToString::to_string).collect();
                f.write_str(&words.join(" or "))
            }
            Self::Received => f.write_str("received"),
            Self::NothingSent => f.write_str("nothing sent"),
            Self::Results(count) => write!(f, "results {count}"),
            Self::Method(method) => write!(f, "method {method}"),
            Self::Consent { item, word, carried_over } => {
                write!(f, "consent {item} {}{}", word.word(), if *carried_over { " carried over" } else { "" })
            }
            Self::Language(language) => write!(f, "language {}", language.tag()),
            Self::TriesLeft(left) => write!(f, "tries left {left}"),
            Self::VerifySent(count) => write!(f, "verify sent {count}"),
            Self::Screen(screen) => write!(f, "screen {screen}"),
            Self::FaceClosed => f.write_str("face closed"),
            Self::VisualClosed => f.write_str("visual closed"),
            Self::PhoneClosed => f.write_str("phone closed"),
            Self::OnlyTheDesk => f.write_str("only the desk"),
            Self::NoFault => f.write_str("no fault"),
            Self::By(by) => write!(f, "by {}", by_word(*by)),
            Self::ConfirmedBy(None) => f.write_str("confirmed by nobody"),
            Self::ConfirmedBy(Some(number)) => write!(f, "confirmed by {number}"),
            Self::Staff(note) if note.starts_with("called") => write!(f, "staff {note}"),
            Self::Staff(note) => write!(f, "staff told {note}"),
            Self::Lookups(0) => f.write_str("lookups none"),
            Self::Lookups(count) => write!(f, "lookups {count}"),
            Self::SignedUp => f.write_str("signed up"),
            Self::NobodySignedUp => f.write_str("nobody signed up"),
        }
    }
}

/// As written after `by`.
pub(in crate::scenario) const fn by_word(by: BookedBy) -> &'static str {
    match by {
        BookedBy::Patient => "patient",
        BookedBy::Companion => "companion",
        BookedBy::Staff => "staff",
        BookedBy::Nobody => "nobody",
    }
}
