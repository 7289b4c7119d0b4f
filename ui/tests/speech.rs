//! The voice of the glass: what it says, when, by which keys, and that every sentence has its clip.

mod common;

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
    time::Duration,
};

use common::{Bench, sample};
use i_slint_backend_testing::ElementQuery;
use screen::{Advice, Comfort, Language, Revision, Screen, Target, ToDaemon, View};
use slint::{ComponentHandle, platform::Key};
use ui::{
    Panel, samples,
    voice::{Clips, Finished, OutputLost, Player, Saying, Settings, Speaker},
};

/// Without a voice in any free engine; `ui/voice/README.md` says so.
const VOICELESS: [Language; 2] = [Language::Fil, Language::My];

/// Long enough for a thread to say that there is nothing to say.
const SOON: Duration = Duration::from_secs(20);

/// A glass with a voice that has no clips: every list ends at once.
struct Blind {
    bench: Bench,
    finished: Receiver<Finished>,
    _folder: tempfile::TempDir,
}

impl Blind {
    fn new(panel: Panel) -> Self {
        Self::with(panel, |folder, tell| Speaker::start(Some(folder), tell).unwrap())
    }

    /// Nothing is said to its end before the sender is dropped.
    fn slowly(panel: Panel) -> (Self, Sender<()>) {
        let (go, held) = channel::<()>();
        let blind = Self::with(panel, move |folder, tell| {
            let open = move || {
                let _ = held.recv();
                Err(OutputLost("of the test".to_owned()))
            };
            let settings = Settings { open: Box::new(open), ..Settings::new(folder) };
            Speaker::new(Player::start(settings, tell).unwrap(), Some(folder))
        });
        (blind, go)
    }

    fn with(panel: Panel, start: impl FnOnce(&Path, Box<dyn FnMut(Finished) + Send>) -> Speaker) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for language in Language::ALL {
            fs::create_dir(folder.path().join(language.tag())).unwrap();
        }
        let bench = Bench::new(panel);
        let (tell, finished) = channel();
        let tell = move |one| {
            let _ = tell.send(one);
        };
        bench.canvas.glass().speak_by(start(folder.path(), Box::new(tell)));
        Self { bench, finished, _folder: folder }
    }

    fn show(&self, view: &View) -> Vec<Saying> {
        self.bench.show(view);
        self.bench.canvas.glass().take_sayings()
    }

    fn press(&self, key: impl Into<slint::SharedString>) -> Vec<Saying> {
        self.bench.canvas.press(key);
        self.bench.canvas.glass().take_sayings()
    }

    /// Until the list that was begun last has ended.
    fn listen(&self) {
        let finished = self.finished.recv_timeout(SOON).unwrap();
        self.bench.canvas.glass().said(finished);
    }
}

fn aloud(view: View) -> View {
    View { comfort: Comfort { voice: true, ..view.comfort }, ..view }
}

fn words(sayings: &[Saying]) -> Vec<&str> {
    sayings.iter().flat_map(|saying| &saying.words).map(|word| word.text.as_str()).collect()
}

fn choices(sayings: &[Saying]) -> Vec<&str> {
    sayings.iter().flat_map(|saying| &saying.choices).map(|choice| choice.name.as_str()).collect()
}

#[test]
fn nothing_is_said_until_the_patient_wants_it_and_one_key_asks_for_it() {
    let blind = Blind::new(Panel::default());
    let view = sample("choosing_method");
    assert_eq!(blind.show(&view), []);
    assert_eq!(blind.press("/"), []);
    let asked = ToDaemon::Touched { revision: view.revision, target: Target::Voice };
    assert_eq!(*blind.bench.sent.borrow(), [asked]);

    let said = blind.show(&aloud(view.clone()));
    let words = words(&said);
    assert!(words.first().unwrap().starts_with("テンキー"), "the keys come first: {words:?}");
    assert!(words.contains(&"確認方法を選んでください"));
    assert_eq!(choices(&said), ["face", "pin", "visual"]);
    // Its second time, the key says all of it again, and chooses nothing: somebody is there.
    blind.bench.sent.borrow_mut().clear();
    assert_eq!(choices(&blind.press("/")), ["face", "pin", "visual"]);
    assert_eq!(*blind.bench.sent.borrow(), [ToDaemon::Active { revision: view.revision }]);
    assert_eq!(blind.show(&view), [], "the voice is off again");
}

#[test]
fn a_number_leads_to_its_choice_and_enter_takes_it() {
    let blind = Blind::new(Panel::default());
    let view = aloud(sample("choosing_method"));
    blind.show(&view);
    let said = blind.press("2");
    assert_eq!(words(&said), ["暗証番号"]);
    let there = ToDaemon::Active { revision: view.revision };
    assert_eq!(*blind.bench.sent.borrow(), std::slice::from_ref(&there), "a number only leads there");
    blind.press(Key::Return);
    let chosen = ToDaemon::Touched { revision: view.revision, target: Target::Pin };
    assert_eq!(*blind.bench.sent.borrow(), [there, chosen]);
}

/// Law 5 and patient-flow 14: no loudspeaker tells the room what somebody answers.
#[test]
fn answers_are_never_said_into_the_room() {
    let blind = Blind::new(Panel::default());
    blind.show(&aloud(sample("consent_each")));
    for _ in 0..8 {
        let said = blind.press("+");
        let words = words(&said);
        assert!(!words.iter().any(|word| ["同意する", "同意しない"].contains(word)), "{words:?}");
    }
    for name in ["reading_back", "consent_all-previous"] {
        let view = aloud(sample(name));
        let (Screen::ReadingBack { lines } | Screen::ConsentAll { previous: lines, .. }) = &view.screen else {
            panic!("{name}")
        };
        assert!(!lines.is_empty());
        let said = blind.show(&view);
        for line in lines {
            let answer = line.split('：').nth(1).unwrap();
            assert!(!words(&said).iter().any(|word| word.contains(answer)), "{name}: {answer}");
        }
        assert!(words(&said).iter().any(|word| word.contains("ヘッドホン")), "{name}");
    }
}

/// Digits have one sound, whichever they are, and the pad keeps them to itself.
#[test]
fn digits_are_never_said() {
    let blind = Blind::new(Panel::default());
    let view = aloud(sample("entering_pin"));
    let said = blind.show(&view);
    assert_eq!(choices(&said), [] as [&str; 0]);
    blind.listen();
    blind.bench.sent.borrow_mut().clear();
    for digit in ["1", "2", "3", "4"] {
        assert_eq!(blind.press(digit), []);
    }
    assert_eq!(blind.bench.sent.borrow().len(), 4);
    let Screen::EnteringPin { phone, notice, face, .. } = view.screen.clone() else { panic!() };
    let full = View { screen: Screen::EnteringPin { phone, notice, face, digits: 4 }, ..view };
    let said = blind.show(&full);
    assert_eq!(said.len(), 1);
    assert!(words(&said)[0].starts_with("4けた"), "{said:?}");
}

#[test]
fn the_end_of_the_words_is_told_once_for_each_view() {
    let blind = Blind::new(Panel::default());
    let view = aloud(sample("certificate_notice"));
    blind.show(&view);
    blind.listen();
    let spoken = |view: &View| ToDaemon::Spoken { revision: view.revision };
    assert_eq!(*blind.bench.sent.borrow(), [spoken(&view)]);
    let next = View { revision: Revision(view.revision.0 + 1), ..view };
    blind.show(&next);
    blind.listen();
    assert_eq!(*blind.bench.sent.borrow(), [spoken(&next)]);
}

/// What changes on a screen is said alone: nobody has to hear all of it again.
#[test]
fn only_what_is_new_is_said_of_the_same_question() {
    let blind = Blind::new(Panel::default());
    let view = aloud(sample("facing_camera"));
    let advised = |advice| {
        let screen = Screen::FacingCamera { advice: Some(advice), movement: None, progress: 0, other_way: true };
        View { screen, ..view.clone() }
    };
    assert!(words(&blind.show(&advised(Advice::TooFar))).len() > 4);
    blind.listen();
    assert_eq!(words(&blind.show(&advised(Advice::Dark))), ["明るいほうを向いてください"]);
    // Before the camera nothing waits for what is being said: a moment later it would be wrong.
    assert_eq!(words(&blind.show(&advised(Advice::Moving))), ["動かないでください"]);
    assert_eq!(words(&blind.show(&advised(Advice::Mask))), ["マスクを下げてください"]);
}

/// Long questions have several pages. Whoever turns one hears the sentence to its end, and then what the new page offers.
#[test]
fn a_page_that_is_turned_does_not_cut_the_question_off() {
    let (blind, go) = Blind::slowly(Panel::default());
    let long = samples(Language::En, true).into_iter().find(|sample| sample.name == "consent_each").unwrap();
    let view = aloud(long.view);
    let Screen::ConsentEach { text, .. } = &view.screen else { panic!() };
    let said = blind.show(&view);
    assert!(words(&said).contains(&text.question.as_str()));
    assert!(choices(&said).contains(&"next_page") && !choices(&said).contains(&"agree"), "{said:?}");
    let next = blind.bench.canvas.places().into_iter().find(|place| place.name == "next_page").unwrap();
    blind.bench.canvas.tap(next.x + next.width / 2.0, next.y + next.height / 2.0);
    blind.bench.canvas.draw();
    let turned = blind.bench.canvas.glass().take_sayings();
    assert!(!words(&turned).contains(&text.question.as_str()), "{turned:?}");
    assert_eq!(turned.len(), 1);
    assert_eq!(*blind.bench.sent.borrow(), [ToDaemon::Active { revision: view.revision }], "a finger is somebody too");
    // One list, and its end is the end of all of it.
    drop(go);
    let finished = blind.finished.recv_timeout(SOON).unwrap();
    assert_eq!(finished.missing, said[0].words.len() - numbered(&said) + turned[0].words.len());
    blind.bench.canvas.glass().said(finished);
    assert_eq!(blind.bench.sent.borrow().last(), Some(&ToDaemon::Spoken { revision: view.revision }));
    // Another question, as long as the first: nothing of that is said to its end.
    let other = View { revision: Revision(view.revision.0 + 1), ..view.clone() };
    assert!(words(&blind.show(&other)).contains(&text.question.as_str()));
}

/// Words of the choices: each number with its label, and how to choose.
fn numbered(sayings: &[Saying]) -> usize {
    sayings.iter().map(|saying| 2 * saying.choices.len() + 1).sum()
}

/// Elsewhere what was begun is said to its end, and then only what is still true.
#[test]
fn what_changes_meanwhile_is_said_afterwards() {
    let blind = Blind::new(Panel::default());
    let view = aloud(sample("choosing_comfort"));
    let turned = |slow, contrast| View { comfort: Comfort { slow, contrast, ..view.comfort }, ..view.clone() };
    assert!(words(&blind.show(&view)).contains(&"ゆっくり"));
    assert_eq!(blind.show(&turned(true, true)), []);
    assert_eq!(blind.show(&turned(true, false)), []);
    blind.listen();
    // Not that the contrast was on for a moment.
    let afterwards = ["ゆっくり", "オン", "見やすい色", "オフ"];
    assert_eq!(words(&blind.bench.canvas.glass().take_sayings()), afterwards);
}

/// A language calls itself by its own name, in its own voice.
#[test]
fn languages_say_their_own_names() {
    let blind = Blind::new(Panel::default());
    let said = blind.show(&aloud(sample("choosing_language")));
    for language in Language::ALL {
        let own = |word: &ui::voice::Utterance| word.language == language && word.text == language.own_name();
        assert!(said[0].words.iter().any(own), "{language:?}");
    }
}

/// A person who does not see gets everything that others see; what is left out has its reason here.
#[test]
fn everything_that_is_drawn_is_said() {
    const NOT_SAID: [&str; 6] = [
        // Between digits that nobody says.
        "年",
        "月",
        "日",
        // What the camera does is said in a sentence.
        "カメラ作動中",
        // Beside two keys that say it.
        "音量",
        "速さ",
    ];
    let blind = Blind::new(Panel::default());
    let plain =
        |text: &str| text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\u{2060}').collect::<String>();
    let mut told = Vec::new();
    for (number, sample) in samples(Language::Ja, false).into_iter().enumerate() {
        let view = View { revision: Revision(number as u64 + 1), ..aloud(sample.view) };
        blind.bench.canvas.glass().expire_picture(u64::MAX);
        let said = blind.show(&view);
        let said: Vec<String> = words(&said).into_iter().map(plain).collect();
        let window = blind.bench.canvas.glass().window();
        let drawn = ElementQuery::from_root(window).match_inherits("Words").find_all();
        // What stands on a target is said by its label.
        let targets = blind.bench.canvas.places();
        let bar = window.global::<ui::Tokens>().get_bar();
        for element in drawn {
            // A number of pages is for the eye.
            let text = plain(&element.accessible_label().unwrap_or_default());
            let text = text.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '/').to_owned();
            let (x, y) = (element.absolute_position().x, element.absolute_position().y);
            let in_bars = y < bar || y > 800.0 - bar;
            let on_target = targets
                .iter()
                .any(|place| x >= place.x && x <= place.x + place.width && y >= place.y && y <= place.y + place.height);
            let private =
                matches!(view.screen, Screen::ReadingBack { .. } | Screen::ConsentAll { .. }) && text.contains('：');
            // Dates and seconds are said in pieces, or not as they run.
            let counted = text.starts_with(|letter: char| letter.is_ascii_digit()) || text.starts_with("あと3");
            // A code is for staff; it stands there for them.
            let code = text.starts_with('【');
            // The era of a birth date and a limited stay are nobody's business in the room.
            let own = text.ends_with("の生年月日") || text.contains("在留期間");
            let known = own
                || text.is_empty()
                || in_bars
                || on_target
                || private
                || counted
                || code
                || NOT_SAID.contains(&text.as_str());
            if !known && !said.iter().any(|words| words.contains(&text)) {
                told.push(format!("{}: {text:?} is not among {said:?}", sample.name));
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// `scripts/voice` made the clips; `READER_DAEMON_VOICE` names another folder.
fn clips() -> PathBuf {
    let home = || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".cache");
    let cache = || env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from);
    env::var_os("READER_DAEMON_VOICE").map_or_else(|| cache().join("reader-daemon/voice"), PathBuf::from)
}

#[test]
fn every_sentence_has_a_clip() {
    let folder = clips();
    assert!(folder.is_dir(), "no clips at {}\n  cure: scripts/setup voice && scripts/voice", folder.display());
    let languages: Vec<Language> = Language::ALL.into_iter().filter(|one| !VOICELESS.contains(one)).collect();
    let threads: Vec<_> = languages
        .chunks(languages.len().div_ceil(2))
        .map(<[Language]>::to_vec)
        .map(|languages| std::thread::spawn(move || missing(&languages)))
        .collect();
    let mut missing = BTreeSet::new();
    for thread in threads {
        match thread.join() {
            Ok(found) => missing.extend(found),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    let list: Vec<String> = missing.into_iter().collect();
    assert!(
        list.is_empty(),
        "{} sentences without a clip (scripts/voice makes them):\n{}",
        list.len(),
        list.join("\n")
    );
}

/// Every word of every screen, and the label of every target, that has no clip.
fn missing(languages: &[Language]) -> BTreeSet<String> {
    let (clips, blind) = (Clips::new(&clips()), Blind::new(Panel::default()));
    let mut missing = BTreeSet::new();
    let mut revision = 0;
    for language in languages.iter().copied() {
        for sample in samples(language, false) {
            revision += 1;
            let view = View { revision: Revision(revision), ..aloud(sample.view) };
            for word in blind.show(&view).iter().flat_map(|saying| &saying.words) {
                if !VOICELESS.contains(&word.language) && clips.find(word.language, &word.text).is_err() {
                    missing.insert(format!("{}: {:?} ({})", word.language.key(), word.text, sample.name));
                }
            }
            for place in blind.bench.canvas.places() {
                // Languages and eras have names of their own.
                let digit = ["key ", "speak_", "era_"].iter().any(|own| place.name.starts_with(own));
                if !digit && clips.find(language, &place.label).is_err() {
                    missing.insert(format!("{}: {:?} (target {})", language.key(), place.label, place.name));
                }
            }
        }
    }
    missing
}
