//! What each screen says: the fixed labels and the daemon's texts as they stand on the glass, in the order a person needs
//! them, and a few sentences for whoever does not see it (`spoken.toml`). The numbered answers follow by themselves.

mod consent;
mod ends;
mod identity;
mod outside;
mod staff;

use screen::{Language, Screen, StaffCall, View};

use super::{Utterance, spoken::Sentence};
use crate::translations;

/// What belongs together: said as a whole, or not at all because it was said before.
pub(crate) type Phrase = Vec<Utterance>;

/// Where a face is that is not in the middle, seen by its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// Too far to the patient's left.
    Left,
    /// Too far to the patient's right.
    Right,
}

/// What is known beside the view.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Around {
    /// Private words are heard by the patient only.
    pub(crate) headphones: bool,
    /// Where the face in front of the camera is.
    pub(crate) aside: Option<Aside>,
}

/// Everything a view says, without its answers.
pub(crate) fn phrases(view: &View, around: Around) -> Vec<Phrase> {
    let mut words = Words { language: view.language, around, phrases: Vec::new() };
    of_screen(view, &mut words);
    match view.staff {
        StaffCall::Called if !matches!(view.screen, Screen::CallingStaff { .. }) => words.label("職員を呼びました"),
        StaffCall::Called | StaffCall::Offered => {}
    }
    if view.countdown.is_some() {
        words.sentence(Sentence::Hurry);
    }
    words.phrases
}

fn of_screen(view: &View, words: &mut Words) {
    match &view.screen {
        Screen::Start { phone, weights, fault } => {
            outside::start(view.placement, *phone, *weights, fault.as_ref(), words);
        }
        Screen::WithoutCard { .. } => outside::without_card(words),
        Screen::ChoosingLanguage => words.label("ことばを選んでください"),
        Screen::ChoosingComfort => outside::comfort(view.comfort, words),
        Screen::CallingStaff { wish } => outside::calling_staff(*wish, words),
        Screen::ChoosingPhone => words.label("スマートフォンはどちらですか"),
        Screen::HoldingPhone { phone, notice, reading, seconds: _ } => {
            outside::holding_phone(*phone, *notice, *reading, words);
        }
        Screen::PlacingCard => words.labels(&["カードを\n読み取っています", "カードを動かさないで\nお待ちください"]),
        Screen::ChoosingMethod { face, pin, visual } => identity::methods(face, pin, visual, words),
        Screen::EnteringPin { phone, digits, notice, face: _ } => identity::pin(*phone, *digits, *notice, words),
        Screen::LastTry { .. } => words.labels(&["暗証番号は、あと1回です", "まちがえると、使えなくなります"]),
        Screen::ConfirmLastTry => {
            words.labels(&["この番号で確認しますか", "最後の1回です。まちがえると、\n暗証番号は使えなくなります"]);
        }
        Screen::PinBlocked { in_this_visit, face, visual } => {
            identity::pin_blocked(*in_this_visit, *face || *visual, words);
        }
        Screen::KeyingSurfaceCode { field, typed: _, notice } => identity::surface_code(*field, *notice, words),
        Screen::FacingCamera { advice, movement, .. } => identity::camera(*advice, *movement, words),
        Screen::FaceFailed { again, pin, visual, advice, child } => {
            identity::face_failed(*again || *pin || *visual, advice.filter(|_| *again), *child && *pin, words);
        }
        Screen::AwaitingStaff => words.labels(&["職員が確認します", "そのままお待ちください"]),
        Screen::EnteringPasscode { digits: _, wrong } => staff::passcode(*wrong, words),
        Screen::ComparingFaces { photo } => staff::comparing(*photo, words),
        Screen::EnteringStaffNumber { typed: _ } => staff::number(words),
        Screen::SigningUp { text, reviewed, .. }
        | Screen::ConsentEach { text, reviewed, .. }
        | Screen::ChoosingPrescription { text, reviewed, .. } => consent::question(text, *reviewed, words),
        Screen::Waiting { long } => ends::waiting(*long, words),
        Screen::CertificateNotice { phone, grace, stay, end: _, day } => {
            ends::certificate(*phone, *grace, *stay, *day, words);
        }
        Screen::ConsentAll { text, previous, reviewed, .. } => consent::all(text, previous, *reviewed, words),
        Screen::ChoosingAnswerer { staff } => {
            words.label("どなたが答えますか");
            if *staff {
                words.label("職員は、声に出さず指でさしてください");
            }
        }
        Screen::ReadingBack { lines } => consent::read_back(lines, words),
        Screen::ConsentDetail { title, paragraphs } => consent::detail(title, paragraphs, words),
        Screen::LeavingAfterLookup => words.label("受付をどうしますか"),
        Screen::Done { take_card } => ends::done(*take_card, words),
        Screen::GoToDesk { finished, take_card } => ends::go_to_desk(*finished, *take_card, words),
        Screen::TakeCard => words.labels(&["受付をやめました", "カードを\nお取りください"]),
        Screen::CardLeft => words.labels(&["カードを\nお取りください", "カードが残っています"]),
        Screen::NeedHelp { fault, take_card, ways: _ } => ends::fault(fault, *take_card, words),
        Screen::Disconnected => words.labels(&["ただいま使えません", "受付に声をかけてください"]),
    }
}

/// Phrases of one language, one after the other.
struct Words {
    language: Language,
    around: Around,
    phrases: Vec<Phrase>,
}

impl Words {
    fn open(&self, text: impl Into<String>) -> Utterance {
        Utterance::open(self.language, text)
    }

    /// A fixed label, by its Japanese words as they stand in the screens.
    fn label(&mut self, label: &str) {
        let phrase = vec![self.open(translations::label(self.language, label))];
        self.phrases.push(phrase);
    }

    fn labels(&mut self, labels: &[&str]) {
        for label in labels {
            self.label(label);
        }
    }

    /// Two labels that mean something only together: 「音声」「オン」.
    fn pair(&mut self, one: &str, other: &str) {
        let both = [one, other].map(|label| self.open(translations::label(self.language, label)));
        self.phrases.push(both.into());
    }

    /// A text that came in the view.
    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            let phrase = vec![self.open(text)];
            self.phrases.push(phrase);
        }
    }

    fn sentence(&mut self, sentence: Sentence) {
        let phrase = vec![self.open(sentence.text(self.language))];
        self.phrases.push(phrase);
    }

    /// Lines with answers in them, for headphones only.
    fn answers(&mut self, lines: &[String]) {
        if !self.around.headphones {
            self.sentence(Sentence::InHeadphones);
            return;
        }
        for line in lines {
            let parts = line.split_once('：').or_else(|| line.split_once(": "));
            let texts = parts.map_or_else(|| vec![line.as_str()], |(name, answer)| vec![name, answer]);
            let phrase = texts.into_iter().map(|text| Utterance::private(self.language, text.trim())).collect();
            self.phrases.push(phrase);
        }
    }
}
