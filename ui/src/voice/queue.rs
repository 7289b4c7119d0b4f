//! What is to be said next: the pure part of the player.

use std::{collections::VecDeque, fmt};

use screen::Language;

use super::Tone;

/// Most utterances of a list: the longest screen is a page of consent with its details. What is beyond is not said.
const UTTERANCES: usize = 64;

/// Tones waiting at once; more would only come late.
const TONES: usize = 4;

/// One thing that is said.
#[derive(Clone, PartialEq, Eq)]
pub struct Utterance {
    /// Its language.
    pub language: Language,
    /// The text, exactly as it stands in the translation or in the daemon's data.
    pub text: String,
    /// Digits and answers: never on the loudspeaker.
    pub private: bool,
}

impl Utterance {
    /// Words that everyone may hear.
    #[must_use]
    pub fn open(language: Language, text: impl Into<String>) -> Self {
        Self { language, text: text.into(), private: false }
    }

    /// Words for headphones only.
    #[must_use]
    pub fn private(language: Language, text: impl Into<String>) -> Self {
        Self { language, text: text.into(), private: true }
    }
}

/// Private words are nobody's business, a log's neither.
impl fmt::Debug for Utterance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.private { "(private)" } else { &self.text };
        formatter.debug_struct("Utterance").field("language", &self.language).field("text", &text).finish()
    }
}

/// Which list was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListId(pub u64);

/// A list that has been said to its end. A list that was stopped or replaced is never told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Which.
    pub list: ListId,
    /// Utterances heard.
    pub spoken: usize,
    /// Utterances without a usable clip, or without a sound card.
    pub missing: usize,
    /// Private utterances kept back, because no headphones are plugged.
    pub withheld: usize,
}

/// What became of an utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Spoken,
    Missing,
    Withheld,
}

/// The next thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Tone(Tone),
    Say(ListId, Utterance),
    Finish(Finished),
    Nothing,
}

#[derive(Default)]
pub(crate) struct Queue {
    tones: VecDeque<Tone>,
    list: Option<List>,
    last: Vec<Utterance>,
    numbered: u64,
}

struct List {
    rest: VecDeque<Utterance>,
    /// So many were handed out.
    begun: usize,
    so_far: Finished,
}

impl Queue {
    /// Says a list instead of what was being said.
    pub(crate) fn say(&mut self, mut list: Vec<Utterance>) -> ListId {
        list.truncate(UTTERANCES);
        self.last.clone_from(&list);
        self.begin(list)
    }

    /// What comes after the first `head` utterances of this list is another; what was handed out stays said. `false`: it is
    /// not said any more.
    pub(crate) fn amend(&mut self, id: ListId, head: usize, tail: Vec<Utterance>) -> bool {
        let Some(list) = self.list.as_mut().filter(|list| list.so_far.list == id) else { return false };
        list.rest.truncate(head.saturating_sub(list.begun));
        self.last.truncate(head);
        self.last.extend(tail.iter().cloned());
        self.last.truncate(UTTERANCES);
        list.rest.extend(tail);
        list.rest.truncate(UTTERANCES);
        true
    }

    /// Says the last list again.
    pub(crate) fn replay(&mut self) -> Option<ListId> {
        if self.last.is_empty() { None } else { Some(self.begin(self.last.clone())) }
    }

    fn begin(&mut self, list: Vec<Utterance>) -> ListId {
        self.numbered += 1;
        let id = ListId(self.numbered);
        let so_far = Finished { list: id, spoken: 0, missing: 0, withheld: 0 };
        self.list = Some(List { rest: list.into(), begun: 0, so_far });
        id
    }

    pub(crate) fn tone(&mut self, tone: Tone) {
        if self.tones.len() < TONES {
            self.tones.push_back(tone);
        }
    }

    /// Says nothing more. What was said can be said again.
    pub(crate) fn stop(&mut self) {
        self.list = None;
    }

    /// Says nothing more, and knows nothing of what was said: the next patient must not hear it.
    pub(crate) fn forget(&mut self) {
        *self = Self { numbered: self.numbered, ..Self::default() };
    }

    /// A tone that came while words are spoken.
    pub(crate) fn take_tone(&mut self) -> Option<Tone> {
        self.tones.pop_front()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.tones.is_empty() && self.list.is_none()
    }

    /// Whether this list is still the one to be said.
    pub(crate) fn is_current(&self, id: ListId) -> bool {
        self.list.as_ref().is_some_and(|list| list.so_far.list == id)
    }

    pub(crate) fn next(&mut self) -> Next {
        if let Some(tone) = self.tones.pop_front() {
            return Next::Tone(tone);
        }
        let Some(list) = &mut self.list else { return Next::Nothing };
        match list.rest.pop_front() {
            Some(utterance) => {
                list.begun += 1;
                Next::Say(list.so_far.list, utterance)
            }
            None => Next::Finish(list.so_far),
        }
    }

    /// Counts what became of an utterance of the list, if it still is the list.
    pub(crate) fn count(&mut self, id: ListId, outcome: Outcome) {
        let Some(list) = self.list.as_mut().filter(|list| list.so_far.list == id) else { return };
        match outcome {
            Outcome::Spoken => list.so_far.spoken += 1,
            Outcome::Missing => list.so_far.missing += 1,
            Outcome::Withheld => list.so_far.withheld += 1,
        }
    }

    /// Closes a list; false when it was replaced or stopped meanwhile, or has more to say.
    pub(crate) fn finish(&mut self, id: ListId) -> bool {
        self.list.take_if(|list| list.so_far.list == id && list.rest.is_empty()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(texts: &[&str]) -> Vec<Utterance> {
        texts.iter().map(|text| Utterance::open(Language::Ja, *text)).collect()
    }

    #[test]
    fn a_list_is_said_in_order_and_finished_once() {
        let mut queue = Queue::default();
        let id = queue.say(words(&["a", "b"]));
        for text in ["a", "b"] {
            assert_eq!(queue.next(), Next::Say(id, Utterance::open(Language::Ja, text)));
            queue.count(id, Outcome::Spoken);
        }
        assert_eq!(queue.next(), Next::Finish(Finished { list: id, spoken: 2, missing: 0, withheld: 0 }));
        assert!(queue.finish(id));
        assert!(!queue.finish(id));
        assert_eq!(queue.next(), Next::Nothing);
    }

    #[test]
    fn an_empty_list_is_finished_at_once() {
        let mut queue = Queue::default();
        let id = queue.say(Vec::new());
        assert!(matches!(queue.next(), Next::Finish(finished) if finished.list == id));
    }

    #[test]
    fn a_new_list_replaces_the_old_one() {
        let mut queue = Queue::default();
        let old = queue.say(words(&["a", "b"]));
        queue.next();
        let new = queue.say(words(&["c"]));
        assert!(!queue.is_current(old) && queue.is_current(new));
        queue.count(old, Outcome::Missing);
        assert!(!queue.finish(old), "the old one is never told");
        assert_eq!(queue.next(), Next::Say(new, Utterance::open(Language::Ja, "c")));
    }

    #[test]
    fn what_follows_can_change_while_a_list_is_said_and_what_is_begun_is_said() {
        let mut queue = Queue::default();
        let said = |queue: &mut Queue| {
            let Next::Say(_, utterance) = queue.next() else { panic!("nothing is said") };
            utterance.text
        };
        // In the question, at its end, and among the old choices: these are never said beside the new ones.
        for (begun, rest) in [(1, vec!["b", "x", "y"]), (2, vec!["x", "y"]), (3, vec!["x", "y"])] {
            let id = queue.say(words(&["a", "b", "c", "d"]));
            for _ in 0..begun {
                queue.next();
            }
            assert!(queue.amend(id, 2, words(&["x", "y"])));
            for text in rest {
                assert_eq!(said(&mut queue), text);
            }
            assert!(matches!(queue.next(), Next::Finish(_)));
            // The last word still sounds when the page is turned.
            assert!(queue.amend(id, 2, words(&["z"])));
            assert!(!queue.finish(id), "there is more");
            assert_eq!(said(&mut queue), "z");
            assert!(matches!(queue.next(), Next::Finish(_)) && queue.finish(id));
            assert!(!queue.amend(id, 2, words(&["x"])), "it is over");
            queue.replay();
            assert_eq!([said(&mut queue), said(&mut queue), said(&mut queue)], ["a", "b", "z"]);
        }
        let id = queue.say(words(&["a"]));
        queue.stop();
        assert!(!queue.amend(id, 1, words(&["x"])));
        let id = queue.say(words(&["a"]));
        assert!(queue.amend(id, 1, words(&vec!["x"; 10_000])));
        let count = std::iter::from_fn(|| matches!(queue.next(), Next::Say(..)).then_some(())).count();
        assert_eq!(count, UTTERANCES);
    }

    #[test]
    fn replay_says_the_last_list_again_also_after_stop_but_not_after_forget() {
        let mut queue = Queue::default();
        assert_eq!(queue.replay(), None);
        queue.say(words(&["a"]));
        queue.stop();
        assert_eq!(queue.next(), Next::Nothing);
        let again = queue.replay().unwrap();
        assert_eq!(queue.next(), Next::Say(again, Utterance::open(Language::Ja, "a")));
        queue.tone(Tone::Ok);
        queue.forget();
        assert_eq!((queue.replay(), queue.next()), (None, Next::Nothing));
    }

    #[test]
    fn tones_come_before_words_and_are_bounded() {
        let mut queue = Queue::default();
        queue.say(words(&["a"]));
        for _ in 0..20 {
            queue.tone(Tone::Again);
        }
        for _ in 0..TONES {
            assert_eq!(queue.next(), Next::Tone(Tone::Again));
        }
        assert!(matches!(queue.next(), Next::Say(..)));
    }

    #[test]
    fn a_flood_of_words_is_cut() {
        let mut queue = Queue::default();
        queue.say(words(&vec!["a"; 10_000]));
        let mut said = 0;
        while matches!(queue.next(), Next::Say(..)) {
            said += 1;
        }
        assert_eq!(said, UTTERANCES);
    }

    #[test]
    fn private_words_are_not_in_debug_output() {
        let shown = format!("{:?}", Utterance::private(Language::Ja, "1234"));
        assert!(!shown.contains("1234"), "{shown}");
    }
}
