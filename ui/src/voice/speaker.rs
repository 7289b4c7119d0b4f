//! What is said when: a view once it is on the glass, what changes on it, the target that the keyboard moves to.

use std::{io, mem::discriminant, path::Path};

use screen::{Comfort, Language, Revision, Screen, Sound, Target, ToDaemon, View};

use super::{
    Finished, HeadphoneState, ListId, Loudness, Player, Settings, Speed, Tone, Utterance, VOLUME_MAX, count,
    spoken::Sentence,
    words::{self, Around, Aside, Phrase},
};

/// The last number that one key can type.
const LAST_NUMBER: u32 = 9;

/// Lists kept for whoever listens to the kiosk; in a window nobody does, and they must not gather.
const SAYINGS: usize = 16;

/// Something on the glass that can be chosen by its number, as it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Wire name of the target, or a word of the kiosk's own.
    pub name: String,
    /// Its label, in the view's language.
    pub label: String,
}

/// What the speaker has begun to say, for whoever listens to the kiosk instead of the loudspeaker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// Of which view.
    pub revision: Revision,
    /// The words; private ones are known by their [`Utterance::private`].
    pub words: Vec<Utterance>,
    /// The choices among them, first number 1.
    pub choices: Vec<Choice>,
}

/// What was said of the view on the glass.
struct Said {
    view: View,
    phrases: Vec<Phrase>,
    /// The list that says all of it, until it has been heard.
    list: Option<ListId>,
    /// So many words of that list come before its numbered choices.
    head: usize,
    /// What has changed meanwhile.
    rest: Vec<Phrase>,
}

/// The voice of one glass.
pub struct Speaker {
    player: Player,
    clips: Option<super::Clips>,
    said: Option<Said>,
    /// The keys were explained to this patient.
    explained: bool,
    /// A list of several that was begun last; others end without meaning.
    choices: Vec<Choice>,
    plugged: bool,
    sayings: Vec<Saying>,
}

impl Speaker {
    /// Starts the sound. Without clips there are only tones. `finished` is called on a thread of the player's; what it
    /// gets has to come back through [`Speaker::finished`].
    ///
    /// # Errors
    /// The system starts no thread.
    pub fn start(clips: Option<&Path>, finished: impl FnMut(Finished) + Send + 'static) -> io::Result<Self> {
        let player = Player::start(Settings::new(clips.unwrap_or(Path::new(""))), finished)?;
        Ok(Self::new(player, clips))
    }

    /// With a player of one's own.
    #[must_use]
    pub fn new(player: Player, clips: Option<&Path>) -> Self {
        let clips = clips.map(super::Clips::new);
        Self { player, clips, said: None, explained: false, choices: vec![], plugged: false, sayings: vec![] }
    }

    /// This language can be heard here.
    #[must_use]
    pub fn speaks(&self, language: Language) -> bool {
        self.clips.as_ref().is_some_and(|clips| clips.has(language))
    }

    /// A view is on the glass. A tone always; words while the patient wants them.
    pub fn shown(&mut self, view: &View, choices: Vec<Choice>, aside: Option<Aside>) {
        let new = self.said.as_ref().is_none_or(|said| said.view.revision != view.revision);
        if !new
            && view.comfort.voice
            && typed(&view.screen) != self.said.as_ref().map_or(0, |said| typed(&said.view.screen))
        {
            self.player.tone(Tone::Key);
        }
        if view.comfort.voice {
            let others = std::mem::replace(&mut self.choices, choices) != self.choices;
            self.say_view(view, aside, others);
        } else {
            self.silence(view);
        }
        // After the last patient was forgotten; a tone goes before words.
        if new && let Some(sound) = view.sound {
            self.player.tone(tone(sound));
        }
    }

    /// Nobody listens: what was said is forgotten with its patient.
    fn silence(&mut self, view: &View) {
        let next = view.comfort == Comfort::default() && matches!(view.screen, Screen::Start { .. });
        if next || self.said.as_ref().is_some_and(|said| said.view.comfort.voice) {
            self.player.forget();
            self.sayings.clear();
        }
        self.explained = false;
        self.choices.clear();
        self.said = Some(Said { view: view.clone(), phrases: vec![], list: None, head: 0, rest: vec![] });
    }

    /// `others`: other choices than before, on another page of the same question.
    fn say_view(&mut self, view: &View, aside: Option<Aside>, others: bool) {
        let headphones = self.player.headphones() == HeadphoneState::Plugged;
        let phrases = words::phrases(view, Around { headphones, aside });
        let known = self.said.take().filter(|said| goes_on(&said.view, view));
        let Some(mut said) = known else {
            let explained = std::mem::replace(&mut self.explained, true);
            let mut said = Said { view: view.clone(), phrases, list: None, head: 0, rest: vec![] };
            let mut words = said.phrases.concat();
            if !explained {
                words.insert(0, Utterance::open(view.language, Sentence::Keys.text(view.language)));
            }
            said.head = words.len();
            words.extend(self.numbered(view.language));
            said.list = Some(self.say(view.revision, words, self.choices.clone()));
            self.said = Some(said);
            return;
        };
        let new: Vec<Phrase> = phrases.iter().filter(|phrase| !said.phrases.contains(phrase)).cloned().collect();
        said.view = view.clone();
        said.phrases = phrases;
        // Before the camera nothing waits: what was asked a moment ago is over.
        let at_once = matches!(view.screen, Screen::FacingCamera { .. });
        if at_once && !new.is_empty() {
            said.rest.clear();
            self.say_alone(&mut said, new.concat());
        } else if others && self.amended(&said) {
            // Another page of a question that is being said: it is said to its end, and then what that page offers.
            said.rest.extend(new);
        } else if others {
            let mut words = new.concat();
            said.head = words.len();
            words.extend(self.numbered(view.language));
            said.list = Some(self.say(view.revision, words, self.choices.clone()));
        } else if said.list.is_some() {
            // First what was begun; then only what is still true.
            said.rest.extend(new);
            said.rest.retain(|phrase| said.phrases.contains(phrase));
        } else if !new.is_empty() {
            self.say_alone(&mut said, new.concat());
        }
        self.said = Some(said);
    }

    /// Without choices.
    fn say_alone(&mut self, said: &mut Said, words: Vec<Utterance>) {
        said.head = words.len();
        said.list = Some(self.say(said.view.revision, words, vec![]));
    }

    /// The choices that follow what is being said are those of now. `false`: nothing is being said.
    fn amended(&mut self, said: &Said) -> bool {
        let words = self.numbered(said.view.language);
        let amended = said.list.is_some_and(|list| self.player.amend(list, said.head, words.clone()));
        if amended {
            self.begun(Saying { revision: said.view.revision, words, choices: self.choices.clone() });
        }
        amended
    }

    /// The answers with their numbers.
    fn numbered(&self, language: Language) -> Vec<Utterance> {
        if self.choices.is_empty() {
            return vec![];
        }
        // One key, one digit; what has none is reached step by step.
        let choices = (1..).zip(&self.choices).flat_map(|(number, choice)| {
            let number = count(language, number).filter(|_| number <= LAST_NUMBER);
            let number = number.map(|number| Utterance::open(language, number));
            number.into_iter().chain([label(choice, language)])
        });
        let choose = Utterance::open(language, Sentence::Choose.text(language));
        choices.chain([choose]).collect()
    }

    fn say(&mut self, revision: Revision, words: Vec<Utterance>, choices: Vec<Choice>) -> ListId {
        self.begun(Saying { revision, words: words.clone(), choices });
        self.player.say(words)
    }

    fn begun(&mut self, saying: Saying) {
        if self.sayings.len() >= SAYINGS {
            self.sayings.remove(0);
        }
        self.sayings.push(saying);
    }

    /// The keyboard moved to a target. An answer is said into headphones only; in the room every one sounds the same.
    pub fn focused(&mut self, choice: &Choice) {
        let Some(said) = self.said.as_mut().filter(|said| said.view.comfort.voice) else { return };
        let (revision, language) = (said.view.revision, said.view.language);
        said.list = None;
        let mut word = label(choice, language);
        word.private = Target::try_from(choice.name.clone()).is_ok_and(is_answer);
        let private = word.private && self.player.headphones() == HeadphoneState::Loudspeaker;
        if private || !self.speaks(language) {
            self.player.stop();
            self.player.tone(Tone::Key);
        } else {
            self.say(revision, vec![word], vec![]);
        }
    }

    /// Everything once more. `false`: there is no voice; the patient may want it now.
    pub fn repeat(&mut self) -> bool {
        let Some(said) = self.said.take_if(|said| said.view.comfort.voice) else { return false };
        self.say_view(&said.view, None, false);
        true
    }

    /// A list came to its end. What to tell the daemon, when it said all of the view.
    pub fn finished(&mut self, finished: Finished) -> Option<ToDaemon> {
        let said = self.said.as_mut()?;
        if said.list != Some(finished.list) {
            return None;
        }
        said.list = None;
        let revision = said.view.revision;
        let rest = std::mem::take(&mut said.rest);
        if rest.is_empty() {
            return Some(ToDaemon::Spoken { revision });
        }
        if let Some(mut said) = self.said.take() {
            self.say_alone(&mut said, rest.concat());
            self.said = Some(said);
        }
        None
    }

    /// Volume and speed as the steppers stand, 1 to 5.
    pub fn set_steps(&mut self, volume: i32, speed: i32) {
        let step = |step: i32| u8::try_from(step.clamp(1, 5)).unwrap_or(3);
        self.player.set_volume(step(volume) * (VOLUME_MAX / 5) + u8::from(step(volume) == 3));
        self.player.set_speed(match step(speed) {
            0..=2 => Speed::Slow,
            3 => Speed::Normal,
            4.. => Speed::Fast,
        });
        self.player.tone(Tone::Key);
    }

    /// Volume and speed are again as everybody hears it.
    pub fn usual(&mut self) {
        self.player.usual();
    }

    /// Volume of the voice, 0 to [`VOLUME_MAX`], and its speed.
    #[must_use]
    pub fn sounds(&self) -> (u8, Speed) {
        (self.player.volume(), self.player.speed())
    }

    /// Headphones are plugged in and have had no effect yet: whoever does that wants to hear.
    pub fn plugged_in(&mut self) -> bool {
        let plugged = self.player.headphones() == HeadphoneState::Plugged;
        self.plugged &= plugged;
        plugged && !self.plugged
    }

    /// They have had their effect.
    pub fn heed_headphones(&mut self) {
        self.plugged = true;
    }

    /// What was begun since the last call.
    pub fn take_sayings(&mut self) -> Vec<Saying> {
        std::mem::take(&mut self.sayings)
    }
}

/// Another state of the same question: only what is new is said. Switches go on although turning one makes a new view.
fn goes_on(before: &View, now: &View) -> bool {
    let same = before.comfort.voice && before.language == now.language;
    let switches =
        matches!(now.screen, Screen::ChoosingComfort) && discriminant(&before.screen) == discriminant(&now.screen);
    same && (before.revision == now.revision || switches)
}

/// How many digits are in.
fn typed(screen: &Screen) -> usize {
    match screen {
        Screen::EnteringPin { digits, .. } | Screen::EnteringPasscode { digits, .. } => usize::from(*digits),
        Screen::KeyingSurfaceCode { typed, .. } => typed.0.len(),
        Screen::EnteringStaffNumber { typed } => typed.len(),
        Screen::Start { .. }
        | Screen::WithoutCard { .. }
        | Screen::ChoosingLanguage
        | Screen::ChoosingComfort
        | Screen::CallingStaff { .. }
        | Screen::ChoosingPhone
        | Screen::HoldingPhone { .. }
        | Screen::PlacingCard
        | Screen::ChoosingMethod { .. }
        | Screen::LastTry { .. }
        | Screen::ConfirmLastTry
        | Screen::PinBlocked { .. }
        | Screen::FacingCamera { .. }
        | Screen::FaceFailed { .. }
        | Screen::AwaitingStaff
        | Screen::ComparingFaces { .. }
        | Screen::SigningUp { .. }
        | Screen::Waiting { .. }
        | Screen::CertificateNotice { .. }
        | Screen::ConsentAll { .. }
        | Screen::ConsentEach { .. }
        | Screen::ChoosingPrescription { .. }
        | Screen::ChoosingAnswerer { .. }
        | Screen::ReadingBack { .. }
        | Screen::ConsentDetail { .. }
        | Screen::LeavingAfterLookup
        | Screen::Done { .. }
        | Screen::GoToDesk { .. }
        | Screen::TakeCard
        | Screen::CardLeft
        | Screen::NeedHelp { .. }
        | Screen::Disconnected => 0,
    }
}

/// A language calls itself by its own name; an era has only its Japanese one, as it stands on the card.
fn label(choice: &Choice, language: Language) -> Utterance {
    match Target::try_from(choice.name.clone()) {
        Ok(Target::Speak(own)) => Utterance::open(own, Sentence::Name.text(own)),
        Ok(Target::EraTaisho | Target::EraShowa | Target::EraHeisei | Target::EraReiwa) => {
            Utterance::open(Language::Ja, choice.label.clone())
        }
        Ok(_) | Err(_) => Utterance::open(language, choice.label.clone()),
    }
}

const fn tone(sound: Sound) -> Tone {
    match sound {
        Sound::Ok | Sound::Done => Tone::Ok,
        Sound::Again => Tone::Again,
        Sound::Failed => Tone::Failed,
        Sound::TakeCard { loudness } => Tone::TakeCard(Loudness::from_step(loudness)),
    }
}

/// Choosing it tells what the patient wants to be known, or not, or how old the patient is.
const fn is_answer(target: Target) -> bool {
    match target {
        Target::AgreeAll
        | Target::DeclineAll
        | Target::OneByOne
        | Target::Agree
        | Target::Decline
        | Target::SameAsBefore
        | Target::Change
        | Target::ReceiveWithoutConsent
        | Target::StopReception
        | Target::SignUp
        | Target::DoNotSignUp
        | Target::Electronic
        | Target::Paper
        | Target::EraTaisho
        | Target::EraShowa
        | Target::EraHeisei
        | Target::EraReiwa
        | Target::EraWestern => true,
        Target::Cancel
        | Target::CallStaff
        | Target::Language
        | Target::Speak(_)
        | Target::Comfort
        | Target::LargeType
        | Target::Contrast
        | Target::Slow
        | Target::Voice
        | Target::Wish(_)
        | Target::Phone
        | Target::Iphone
        | Target::Android
        | Target::WithoutCard
        | Target::Card
        | Target::Face
        | Target::Pin
        | Target::Visual
        | Target::CannotMove
        | Target::StaffHere
        | Target::SamePerson
        | Target::OtherPerson
        | Target::WithoutNumber
        | Target::Erase
        | Target::Confirm
        | Target::UseLastTry
        | Target::Understood
        | Target::Detail
        | Target::Back
        | Target::Again
        | Target::Answerer
        | Target::PatientAnswers
        | Target::CompanionAnswers
        | Target::StaffAnswers
        | Target::SendAnswers => false,
    }
}
