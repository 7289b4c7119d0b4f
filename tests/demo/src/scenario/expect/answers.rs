//! What the clinic's books hold against what a file expects of them.

use crate::scenario::{
    step::ConsentWord,
    world::{Booked, BookedAnswer, BookedBy, BookedHow, BookedItem},
};

pub(super) fn answer_differs(booked: &Booked, id: &str, word: ConsentWord, carried_over: bool) -> Option<String> {
    let Some(BookedItem { answer, how, .. }) = booked.items.iter().find(|answer| answer.id == id) else {
        return Some("the result does not name it".to_owned());
    };
    let said = match answer {
        BookedAnswer::Agreed => ConsentWord::Yes,
        BookedAnswer::Declined => ConsentWord::No,
        BookedAnswer::NotAnswered => ConsentWord::NotAnswered,
        BookedAnswer::NotAsked | BookedAnswer::NotAskedGrace => ConsentWord::NotAsked,
        BookedAnswer::Electronic => ConsentWord::Electronic,
        BookedAnswer::Paper => ConsentWord::Paper,
    };
    let was_carried = *how == BookedHow::CarriedOver;
    (said != word || was_carried != carried_over)
        .then(|| format!("the result says {}{}", said.word(), if was_carried { " carried over" } else { "" }))
}

/// The first answer that somebody else pressed; nothing pressed at all is one too.
pub(super) fn pressed_by_another(booked: &Booked, by: BookedBy) -> Option<String> {
    let pressed = || booked.items.iter().filter(|item| item.how != BookedHow::Nothing);
    if pressed().next().is_none() {
        return Some("nothing was pressed".to_owned());
    }
    pressed().find(|item| item.by != by).map(|item| format!("{} was pressed by {}", item.id, super::by_word(item.by)))
}
