//! A view: everything the kiosk needs to draw one screen, and nothing else.

use serde::{Deserialize, Serialize};

/// Counts views. A touch carries the revision it was made on; the daemon ignores touches on older ones.
///
/// The revision changes with the question or with the place or meaning of a target, not with a dot, a countdown or a
/// picture (architecture, "The visit").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Revision(pub u64);

/// The language the patient chose; kept for the visit only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

impl Language {
    /// Every language, in the order the language button goes through.
    pub const ALL: [Self; 2] = [Self::Ja, Self::En];

    /// What the language button leads to.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Ja => Self::En,
            Self::En => Self::Ja,
        }
    }

    /// The BCP 47 tag: `ja`, `en`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }
}

/// One screen, complete. The kiosk draws it as a pure function of this value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Which view this is.
    pub revision: Revision,
    /// Language of the fixed labels; texts inside `screen` are already in it.
    pub language: Language,
    /// The patient asked for large type.
    pub large: bool,
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
    /// Finished.
    Done,
    /// Take the card; `loud` from 20 s on.
    TakeCard {
        /// Louder than before.
        loud: bool,
    },
}

/// What the patient is asked or told. One variant, one `.slint` file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Screen {
    /// S0: 「マイナンバーカードを差し込んでください」.
    Start {
        /// Phones are taken here. `false`: one line says what to bring instead.
        phone: bool,
        /// Level of the weights that look at faces here; `None`: this terminal looks at none.
        weights: Option<WeightsLevel>,
        /// A fault keeps visits from starting; its text is shown instead of the picture.
        fault: Option<FaultText>,
    },
    /// 「カードがない方」: the other ways; staff is called.
    WithoutCard,
    /// S1: 「カードを読み取っています」; do not move the card.
    PlacingCard,
    /// S2: 「ご本人の確認方法を選んでください」.
    ChoosingMethod {
        /// 顔認証
        face: MethodState,
        /// 暗証番号
        pin: MethodState,
        /// 職員の確認
        visual: MethodState,
    },
    /// S4: the PIN pad.
    EnteringPin {
        /// Dots filled, 0 to 4.
        digits: u8,
        /// Shown only when it is less than three (patient-flow section 6).
        notice: Option<PinNotice>,
        /// 「顔認証にする」 is offered.
        face: bool,
    },
    /// Full-screen warning before the last try: other ways first, PIN only behind 「暗証番号を入れる（残り1回）」.
    LastTry {
        /// 「顔認証」 is offered.
        face: bool,
        /// 「職員の確認」 is offered.
        visual: bool,
    },
    /// The four digits of the last try are in; they are sent only after this second confirmation (law 1).
    ConfirmLastTry,
    /// S4b: the PIN cannot be used.
    PinBlocked {
        /// It was blocked in this visit: only then is said where to reset it.
        in_this_visit: bool,
        /// 「顔認証」 is offered.
        face: bool,
        /// 「職員の確認」 is offered.
        visual: bool,
    },
    /// The surface code (照合番号B) is keyed in from the printed card, one field after the other.
    KeyingSurfaceCode {
        /// What is keyed in now.
        field: SurfaceField,
        /// Digits keyed so far, shown as they are: they are printed on the card in the patient's hand.
        typed: SurfaceDigits,
        /// Why it is asked (again).
        notice: Option<SurfaceNotice>,
    },
    /// S3: the live picture, mirrored, with a frame that follows the face.
    FacingCamera {
        /// One line of guidance; `None`: 「カメラを見てください」.
        advice: Option<Advice>,
        /// What the patient is asked to do now.
        movement: Option<Movement>,
        /// How far it is, 0 to 100.
        progress: u8,
    },
    /// S3f: calm, accuses nobody.
    FaceFailed {
        /// 「もう一度」 is offered.
        again: bool,
        /// 「暗証番号」 is offered.
        pin: bool,
        /// 「職員の確認」 is offered; otherwise 「職員を呼ぶ」 is below right as always.
        visual: bool,
        /// What to do better next time, when that is known.
        advice: Option<Advice>,
    },
    /// S5 and S11: 「確認しています」.
    Waiting {
        /// The soft limit has passed: say that it takes longer.
        long: bool,
    },
    /// S6: the certificate ends soon or has ended.
    CertificateNotice {
        /// `true`: ended up to three months ago; past medical information cannot be given.
        grace: bool,
        /// The last valid day, written for this language: 「2027年（令和9年）2月17日」.
        end: String,
    },
    /// S8: one question for all items.
    ConsentAll {
        /// The question in this language.
        text: ConsentText,
        /// The same in Japanese when the language is another one (patient-flow section 14).
        japanese: Option<ConsentText>,
        /// Previous answers as lines ("お薬＝提供する"); not empty: 「同じにする」「変える」 are offered.
        previous: Vec<String>,
    },
    /// S9: one item a screen.
    ConsentEach {
        /// The question in this language.
        text: ConsentText,
        /// The same in Japanese when the language is another one.
        japanese: Option<ConsentText>,
        /// 1 for the first.
        number: u8,
        /// How many there are.
        count: u8,
        /// 「もどる」 is offered.
        back: bool,
    },
    /// 「くわしく」: who sees it, why, how long.
    ConsentDetail {
        /// Heading.
        title: String,
        /// Paragraphs.
        paragraphs: Vec<String>,
    },
    /// 「やめる」 after the lookup: 「同意しないで受付する」「受付をやめる」「もどる」.
    LeavingAfterLookup,
    /// S12 with the clinic's receipt: 「受付が完了しました」.
    Done {
        /// The card is still in the reader: 「カードをお取りください」.
        take_card: bool,
    },
    /// S12 without receipt, or a result that needs the desk.
    GoToDesk {
        /// `true`: identity and answers are done (「確認は終わりました。受付に声をかけてください」).
        finished: bool,
        /// The card is still in the reader.
        take_card: bool,
    },
    /// The visit was ended by the patient or by time: take the card.
    TakeCard,
    /// S13: the card was left behind.
    CardLeft,
    /// E*: something is wrong; what to do next.
    NeedHelp {
        /// Text of the fault, from the daemon's table.
        fault: FaultText,
        /// The card is still in the reader.
        take_card: bool,
    },
    /// The screen has lost the daemon; drawn by the kiosk itself, never sent.
    Disconnected,
}

/// What the weights in use may decide about; said on the start screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightsLevel {
    /// They show how the terminal works and identify nobody.
    Demonstration,
    /// For research.
    Research,
    /// Somebody answers for them at this place.
    Approved,
}

impl WeightsLevel {
    /// Every level, lowest first.
    pub const ALL: [Self; 3] = [Self::Demonstration, Self::Research, Self::Approved];
}

/// One line of guidance at the camera (patient-flow 5.1). None of them spends a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// The camera is starting or the card's photo is being read.
    Wait,
    /// No face is seen.
    NoFace,
    /// More than one: the others are asked to step back.
    SeveralFaces,
    /// 「もう少し近づいてください」
    TooFar,
    /// 「少し後ろへさがってください」
    TooNear,
    /// The face touches the edge of the picture.
    OffCentre,
    /// It is too dark.
    Dark,
    /// Light from behind.
    BackLight,
    /// Blurred or moving: 「動かないでください」
    Moving,
    /// 「正面を見てください」
    TurnedAway,
    /// 「マスクをずらしてください」
    Mask,
}

impl Advice {
    /// Every advice.
    pub const ALL: [Self; 11] = [
        Self::Wait,
        Self::NoFace,
        Self::SeveralFaces,
        Self::TooFar,
        Self::TooNear,
        Self::OffCentre,
        Self::Dark,
        Self::BackLight,
        Self::Moving,
        Self::TurnedAway,
        Self::Mask,
    ];
}

/// What the patient is asked to do, so that a picture of them cannot stand for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Turn the head to the patient's own left.
    TurnLeft,
    /// Turn the head to the patient's own right.
    TurnRight,
    /// Come closer.
    ComeCloser,
}

impl Movement {
    /// Every movement.
    pub const ALL: [Self; 3] = [Self::TurnLeft, Self::TurnRight, Self::ComeCloser];
}

/// A field of the surface code, in the order they are keyed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceField {
    /// 元号 or 西暦, as printed in front of the birth date.
    Era,
    /// Birth date: six digits (YYMMDD of that era), or eight (YYYYMMDD) when printed western.
    BirthDate {
        /// Which was touched.
        era: Era,
    },
    /// Year the card is valid to, western, four digits (「…年…月…日まで有効」).
    ExpiryYear,
    /// The four digits under the photo.
    SecurityCode,
}

/// How the birth date is printed (card.md 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Era {
    /// 大正, from 1912-07-30
    Taisho,
    /// 昭和, from 1926-12-25
    Showa,
    /// 平成, from 1989-01-08
    Heisei,
    /// 令和, from 2019-05-01
    Reiwa,
    /// 西暦, on cards of foreign residents
    Western,
}

/// Why the surface code is asked (again).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceNotice {
    /// What was keyed in cannot be: no such day, a card long ended. Nothing was sent to the card.
    Implausible,
    /// The card says that it is another code.
    Wrong,
}

/// Digits of the surface code as keyed in; wiped on drop, `Debug` prints their number only.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
#[serde(transparent)]
pub struct SurfaceDigits(pub String);

impl std::fmt::Debug for SurfaceDigits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} digits", self.0.len())
    }
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
}

/// A fault as the daemon's table words it for the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultText {
    /// Stable code, `001` or from `900`.
    pub code: String,
    /// What happened, one short sentence.
    pub headline: String,
    /// What to do next.
    pub next: String,
}
