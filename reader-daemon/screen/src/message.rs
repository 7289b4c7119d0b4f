//! The messages themselves.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::view::{Revision, View};

/// Both ends must speak the same version; a kiosk of another version is refused.
pub const PROTOCOL_VERSION: u16 = 3;

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
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// 「やめる」
    Cancel,
    /// 「職員を呼ぶ」
    CallStaff,
    /// 「ことば Language」: the next language.
    Language,
    /// 「音声・大きな文字」
    LargeText,
    /// 「スマートフォンで受付」
    Phone,
    /// 「カードがない方」
    WithoutCard,
    /// 「顔認証」
    Face,
    /// 「暗証番号」
    Pin,
    /// 「職員の確認」
    Visual,
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
    pub const ALL: [Self; 30] = [
        Self::Cancel,
        Self::CallStaff,
        Self::Language,
        Self::LargeText,
        Self::Phone,
        Self::WithoutCard,
        Self::Face,
        Self::Pin,
        Self::Visual,
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
        Self::EraTaisho,
        Self::EraShowa,
        Self::EraHeisei,
        Self::EraReiwa,
        Self::EraWestern,
    ];

    /// The name on the wire: `agree_all`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::CallStaff => "call_staff",
            Self::Language => "language",
            Self::LargeText => "large_text",
            Self::Phone => "phone",
            Self::WithoutCard => "without_card",
            Self::Face => "face",
            Self::Pin => "pin",
            Self::Visual => "visual",
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
            Self::EraTaisho => "era_taisho",
            Self::EraShowa => "era_showa",
            Self::EraHeisei => "era_heisei",
            Self::EraReiwa => "era_reiwa",
            Self::EraWestern => "era_western",
        }
    }

    /// The target with this wire name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }
}
