//! The messages themselves.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::view::{Language, Revision, View, Wish};

/// Both ends must speak the same version; a kiosk of another version is refused.
pub const PROTOCOL_VERSION: u16 = 6;

/// Daemon → kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum ToScreen {
    /// Draw this.
    View(Box<View>),
    /// The kiosk speaks another version; the daemon closes the connection after this.
    WrongVersion {
        /// The daemon's version.
        daemon: u16,
    },
}

/// Kiosk → daemon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum ToDaemon {
    /// First message after connecting.
    Hello {
        /// [`PROTOCOL_VERSION`] of the kiosk.
        version: u16,
    },
    /// The view with this revision is on the glass.
    Shown {
        /// Which.
        revision: Revision,
    },
    /// Everything this view says was spoken to its end, or there was nothing to say. Sent only while the view's voice is
    /// on.
    Spoken {
        /// Which.
        revision: Revision,
    },
    /// A target was touched.
    Touched {
        /// On which view.
        revision: Revision,
        /// What.
        target: Target,
    },
    /// A PIN key was touched. Kept apart from [`ToDaemon::Touched`] so that a digit has one path and one type.
    Key {
        /// On which view.
        revision: Revision,
        /// Which key.
        digit: Digit,
    },
    /// The patient is there and chose nothing: listened again, moved the ring, turned a page, scrolled. It answers nothing,
    /// and never says what it was. At most one a second.
    Active {
        /// On which view.
        revision: Revision,
    },
}

/// A PIN key, 0 to 9. Wiped on drop; `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Digit(u8);

impl Digit {
    /// `None` unless `value` is 0 to 9.
    #[must_use]
    pub fn new(value: u8) -> Option<Self> {
        (value <= 9).then_some(Self(value))
    }

    /// The ASCII digit, `'0'` to `'9'`.
    #[must_use]
    pub fn ascii(&self) -> u8 {
        b'0' + self.0
    }
}

impl std::fmt::Debug for Digit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digit")
    }
}

impl TryFrom<u8> for Digit {
    type Error = &'static str;

    fn try_from(value: u8) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("a key is 0 to 9")
    }
}

impl From<Digit> for u8 {
    fn from(digit: Digit) -> Self {
        digit.0
    }
}

/// What can be touched. A screen offers only the targets its view stands for; the daemon checks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Target {
    /// 「やめる」
    Cancel,
    /// 「職員を呼ぶ」
    CallStaff,
    /// 「ことば Language」: opens the choice of languages.
    Language,
    /// One of them.
    Speak(Language),
    /// 「音声・大きな文字」: opens the switches.
    Comfort,
    /// 「大きな文字」 on or off.
    LargeType,
    /// 「見やすい色」 on or off.
    Contrast,
    /// 「ゆっくり」 on or off.
    Slow,
    /// 「音声」 on or off.
    Voice,
    /// What staff are called for.
    Wish(Wish),
    /// 「スマートフォンで受付」
    Phone,
    /// 「iPhone」
    Iphone,
    /// 「Android」
    Android,
    /// 「カードがない方」
    WithoutCard,
    /// 「カードで受付」, where a phone was to be held.
    Card,
    /// 「顔認証」
    Face,
    /// 「暗証番号」
    Pin,
    /// 「職員の確認」
    Visual,
    /// 「顔を動かせない方」
    CannotMove,
    /// 「職員の方」: the passcode comes next.
    StaffHere,
    /// 「同じ人です」
    SamePerson,
    /// 「ちがう人です」
    OtherPerson,
    /// 「番号なしで進む」
    WithoutNumber,
    /// 「1つ消す」
    Erase,
    /// 「決定」
    Confirm,
    /// 「暗証番号を入れる（残り1回）」
    UseLastTry,
    /// 「確認しました」
    Understood,
    /// 「すべて同意する」
    AgreeAll,
    /// 「すべて同意しない」
    DeclineAll,
    /// 「1つずつ選ぶ」
    OneByOne,
    /// 「同意する」
    Agree,
    /// 「同意しない」
    Decline,
    /// 「同じにする」
    SameAsBefore,
    /// 「変える」
    Change,
    /// 「くわしく」
    Detail,
    /// 「もどる」
    Back,
    /// 「同意しないで受付する」
    ReceiveWithoutConsent,
    /// 「受付をやめる」
    StopReception,
    /// 「もう一度」
    Again,
    /// 「登録する」
    SignUp,
    /// 「登録しない」
    DoNotSignUp,
    /// 「電子処方箋」
    Electronic,
    /// 「紙の処方箋」
    Paper,
    /// 「答える方」: who answers.
    Answerer,
    /// 「ご本人」
    PatientAnswers,
    /// 「付き添いの方」
    CompanionAnswers,
    /// 「職員が代わりに」
    StaffAnswers,
    /// 「これで送る」, after reading back.
    SendAnswers,
    /// 「大正」
    EraTaisho,
    /// 「昭和」
    EraShowa,
    /// 「平成」
    EraHeisei,
    /// 「令和」
    EraReiwa,
    /// 「西暦」
    EraWestern,
}

impl Target {
    /// Every target, in the order of the enum; a test compares the two.
    pub const ALL: [Self; 67] = [
        Self::Cancel,
        Self::CallStaff,
        Self::Language,
        Self::Speak(Language::Ja),
        Self::Speak(Language::JaEasy),
        Self::Speak(Language::En),
        Self::Speak(Language::ZhHans),
        Self::Speak(Language::ZhHant),
        Self::Speak(Language::Ko),
        Self::Speak(Language::Vi),
        Self::Speak(Language::Pt),
        Self::Speak(Language::Fil),
        Self::Speak(Language::Ne),
        Self::Speak(Language::Id),
        Self::Speak(Language::My),
        Self::Comfort,
        Self::LargeType,
        Self::Contrast,
        Self::Slow,
        Self::Voice,
        Self::Wish(Wish::Writing),
        Self::Wish(Wish::Wheelchair),
        Self::Wish(Wish::Language),
        Self::Wish(Wish::Help),
        Self::Phone,
        Self::Iphone,
        Self::Android,
        Self::WithoutCard,
        Self::Card,
        Self::Face,
        Self::Pin,
        Self::Visual,
        Self::CannotMove,
        Self::StaffHere,
        Self::SamePerson,
        Self::OtherPerson,
        Self::WithoutNumber,
        Self::Erase,
        Self::Confirm,
        Self::UseLastTry,
        Self::Understood,
        Self::AgreeAll,
        Self::DeclineAll,
        Self::OneByOne,
        Self::Agree,
        Self::Decline,
        Self::SameAsBefore,
        Self::Change,
        Self::Detail,
        Self::Back,
        Self::ReceiveWithoutConsent,
        Self::StopReception,
        Self::Again,
        Self::SignUp,
        Self::DoNotSignUp,
        Self::Electronic,
        Self::Paper,
        Self::Answerer,
        Self::PatientAnswers,
        Self::CompanionAnswers,
        Self::StaffAnswers,
        Self::SendAnswers,
        Self::EraTaisho,
        Self::EraShowa,
        Self::EraHeisei,
        Self::EraReiwa,
        Self::EraWestern,
    ];

    /// The name on the wire and, with spaces, in scenario files: `agree_all`, `speak_zh_hant`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::CallStaff => "call_staff",
            Self::Language => "language",
            Self::Speak(Language::Ja) => "speak_ja",
            Self::Speak(Language::JaEasy) => "speak_ja_easy",
            Self::Speak(Language::En) => "speak_en",
            Self::Speak(Language::ZhHans) => "speak_zh_hans",
            Self::Speak(Language::ZhHant) => "speak_zh_hant",
            Self::Speak(Language::Ko) => "speak_ko",
            Self::Speak(Language::Vi) => "speak_vi",
            Self::Speak(Language::Pt) => "speak_pt",
            Self::Speak(Language::Fil) => "speak_fil",
            Self::Speak(Language::Ne) => "speak_ne",
            Self::Speak(Language::Id) => "speak_id",
            Self::Speak(Language::My) => "speak_my",
            Self::Comfort => "comfort",
            Self::LargeType => "large_type",
            Self::Contrast => "contrast",
            Self::Slow => "slow",
            Self::Voice => "voice",
            Self::Wish(Wish::Writing) => "wish_writing",
            Self::Wish(Wish::Wheelchair) => "wish_wheelchair",
            Self::Wish(Wish::Language) => "wish_language",
            Self::Wish(Wish::Help) => "wish_help",
            Self::Phone => "phone",
            Self::Iphone => "iphone",
            Self::Android => "android",
            Self::WithoutCard => "without_card",
            Self::Card => "card",
            Self::Face => "face",
            Self::Pin => "pin",
            Self::Visual => "visual",
            Self::CannotMove => "cannot_move",
            Self::StaffHere => "staff_here",
            Self::SamePerson => "same_person",
            Self::OtherPerson => "other_person",
            Self::WithoutNumber => "without_number",
            Self::Erase => "erase",
            Self::Confirm => "confirm",
            Self::UseLastTry => "use_last_try",
            Self::Understood => "understood",
            Self::AgreeAll => "agree_all",
            Self::DeclineAll => "decline_all",
            Self::OneByOne => "one_by_one",
            Self::Agree => "agree",
            Self::Decline => "decline",
            Self::SameAsBefore => "same_as_before",
            Self::Change => "change",
            Self::Detail => "detail",
            Self::Back => "back",
            Self::ReceiveWithoutConsent => "receive_without_consent",
            Self::StopReception => "stop_reception",
            Self::Again => "again",
            Self::SignUp => "sign_up",
            Self::DoNotSignUp => "do_not_sign_up",
            Self::Electronic => "electronic",
            Self::Paper => "paper",
            Self::Answerer => "answerer",
            Self::PatientAnswers => "patient_answers",
            Self::CompanionAnswers => "companion_answers",
            Self::StaffAnswers => "staff_answers",
            Self::SendAnswers => "send_answers",
            Self::EraTaisho => "era_taisho",
            Self::EraShowa => "era_showa",
            Self::EraHeisei => "era_heisei",
            Self::EraReiwa => "era_reiwa",
            Self::EraWestern => "era_western",
        }
    }

    /// The target with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }
}

impl From<Target> for &'static str {
    fn from(target: Target) -> Self {
        target.name()
    }
}

impl TryFrom<String> for Target {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::by_name(&name).ok_or("no such target")
    }
}
