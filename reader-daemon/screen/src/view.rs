//! A view: everything the kiosk needs to draw one screen, and nothing else.

mod face;
mod fault;
mod language;
mod phone;
mod screen;
mod surface;

use serde::{Deserialize, Serialize};

pub use face::{Advice, Movement, PhotoShown, WeightsLevel};
pub use fault::{FaultText, Picture, Way};
pub use language::{Comfort, Language};
pub use phone::{PhoneKind, PhoneNotice, PhoneWay};
pub use screen::Screen;
pub use surface::{Era, SurfaceDigits, SurfaceField, SurfaceNotice};

/// Counts views. A touch carries the revision it was made on; the daemon ignores touches on older ones.
///
/// The revision changes with the question or with the place or meaning of a target, not with a dot, a countdown or a
/// picture (architecture, "The visit").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Revision(pub u64);

/// How a card is placed in this reader: words and picture follow (patient-flow section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Placement {
    /// The verb.
    pub motion: Motion,
    /// Which side shows the photo.
    pub photo: PhotoSide,
}

/// 差し込んで／置いて
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// 差し込む: into a slot.
    #[default]
    Insert,
    /// 置く: on a plate.
    Lay,
}

/// Where the side with the photo looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoSide {
    /// 上: to the ceiling.
    #[default]
    Up,
    /// 下: to the table.
    Down,
    /// 機械の側: to the device, which reads the surface.
    Device,
    /// ご自分の側: to the patient.
    Patient,
}

/// One screen, complete. The kiosk draws it as a pure function of this value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Which view this is.
    pub revision: Revision,
    /// Language of the fixed labels; texts inside `screen` are already in it.
    pub language: Language,
    /// How the patient wants to see and hear.
    pub comfort: Comfort,
    /// How a card is placed here.
    pub placement: Placement,
    /// The facility's name, above left. Empty until the service has told it.
    pub facility: String,
    /// Where the visit is; `None` outside a visit.
    pub progress: Option<Progress>,
    /// Whether 「やめる」 is offered below left. Where it is not, its place stays empty.
    pub cancel: bool,
    /// Below right.
    pub staff: StaffCall,
    /// Seconds until the screen gives up waiting for a touch, once the countdown runs (last 10 s).
    pub countdown: Option<u8>,
    /// The question itself.
    pub screen: Screen,
    /// Played once when the revision is first shown.
    pub sound: Option<Sound>,
}

/// 本人確認 → 同意 → 完了.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// 本人確認
    Identity,
    /// 同意
    Consent,
    /// 完了
    Done,
}

/// The staff call button is on every screen and never ends a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StaffCall {
    /// 「職員を呼ぶ」
    Offered,
    /// 「職員を呼びました」
    Called,
}

/// A tone, different for each meaning (patient-flow section 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sound {
    /// Card or touch accepted.
    Ok,
    /// Something has to be done again.
    Again,
    /// It did not work; somebody is needed.
    Failed,
    /// Finished.
    Done,
    /// Take the card: 1 at first, 2 from 20 s on, 3 when staff are told.
    TakeCard {
        /// 1 to 3.
        loudness: u8,
    },
}

/// What staff are called for (patient-flow section 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// 筆談
    Writing,
    /// 車いす
    Wheelchair,
    /// ことば
    Language,
    /// 介助
    Help,
}

impl Wish {
    /// Every wish.
    pub const ALL: [Self; 4] = [Self::Writing, Self::Wheelchair, Self::Language, Self::Help];
}

/// Who answers (law 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answerer {
    /// The patient.
    #[default]
    Patient,
    /// A companion, a parent for example.
    Companion,
    /// Staff, who point and press and never read aloud.
    Staff,
}

/// Whether a method can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodState {
    /// It can.
    Open,
    /// It is shown grey with its reason, in this language.
    Closed {
        /// One short line.
        reason: String,
    },
    /// It does not exist at this terminal.
    Hidden,
}

/// The amber band on the PIN pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinNotice {
    /// The last entry was wrong.
    pub wrong: bool,
    /// Tries left, 1 or 2.
    pub left: u8,
}

/// A consent question as the data file words it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentText {
    /// The question, at most two lines.
    pub question: String,
    /// The line about one's rights: 「同意しなくても、診察は受けられます。」
    pub rights: String,
    /// The first answer: 「同意する」「使います」「電子処方箋」「登録する」. Empty on the question for all.
    pub yes: String,
    /// The second, its equal: 「同意しない」「使いません」「紙の処方箋」「登録しない」. Empty on the question for all.
    pub no: String,
}
