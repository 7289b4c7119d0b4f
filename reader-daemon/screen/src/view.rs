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
pub enum Language {
    /// 日本語
    #[default]
    #[serde(rename = "ja")]
    Ja,
    /// やさしい日本語
    #[serde(rename = "ja-x-easy")]
    JaEasy,
    /// English
    #[serde(rename = "en")]
    En,
    /// 简体中文
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// 繁體中文
    #[serde(rename = "zh-Hant")]
    ZhHant,
    /// 한국어
    #[serde(rename = "ko")]
    Ko,
    /// Tiếng Việt
    #[serde(rename = "vi")]
    Vi,
    /// Português
    #[serde(rename = "pt")]
    Pt,
    /// Filipino
    #[serde(rename = "fil")]
    Fil,
    /// नेपाली
    #[serde(rename = "ne")]
    Ne,
    /// Bahasa Indonesia
    #[serde(rename = "id")]
    Id,
    /// မြန်မာ
    #[serde(rename = "my")]
    My,
}

impl Language {
    /// Every language, in the order the choice shows them.
    pub const ALL: [Self; 12] = [
        Self::Ja,
        Self::JaEasy,
        Self::En,
        Self::ZhHans,
        Self::ZhHant,
        Self::Ko,
        Self::Vi,
        Self::Pt,
        Self::Fil,
        Self::Ne,
        Self::Id,
        Self::My,
    ];

    /// The BCP 47 tag: `ja`, `zh-Hant`. やさしい日本語 has none registered: `ja-x-easy`, for private use.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::JaEasy => "ja-x-easy",
            Self::En => "en",
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
            Self::Ko => "ko",
            Self::Vi => "vi",
            Self::Pt => "pt",
            Self::Fil => "fil",
            Self::Ne => "ne",
            Self::Id => "id",
            Self::My => "my",
        }
    }

    /// The tag as a key of data files and a folder of translations: `ja_easy`, `zh_hant`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::JaEasy => "ja_easy",
            Self::En => "en",
            Self::ZhHans => "zh_hans",
            Self::ZhHant => "zh_hant",
            Self::Ko => "ko",
            Self::Vi => "vi",
            Self::Pt => "pt",
            Self::Fil => "fil",
            Self::Ne => "ne",
            Self::Id => "id",
            Self::My => "my",
        }
    }

    /// How the language calls itself, for the choice of languages.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Ja => "日本語",
            Self::JaEasy => "やさしい日本語",
            Self::En => "English",
            Self::ZhHans => "简体中文",
            Self::ZhHant => "繁體中文",
            Self::Ko => "한국어",
            Self::Vi => "Tiếng Việt",
            Self::Pt => "Português",
            Self::Fil => "Filipino",
            Self::Ne => "नेपाली",
            Self::Id => "Bahasa Indonesia",
            Self::My => "မြန်မာ",
        }
    }

    /// Japanese in either form: the binding text needs no copy beside it (of やさしい日本語 it does).
    #[must_use]
    pub const fn is_binding(self) -> bool {
        matches!(self, Self::Ja)
    }
}

/// How the patient wants to see and hear; kept for the visit only (patient-flow section 14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "four switches that a patient sees side by side")]
pub struct Comfort {
    /// Large type.
    pub large: bool,
    /// High contrast: the token table is swapped, nothing else.
    pub contrast: bool,
    /// ゆっくりモード: three times as much time, one question at a time, answers read back.
    pub slow: bool,
    /// Every screen is spoken.
    pub voice: bool,
}

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

/// What the patient is asked or told. One variant, one `.slint` file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Screen {
    /// S0: 「マイナンバーカードを差し込んでください」.
    Start {
        /// Whether phones are taken here; where not, one line says what to bring instead.
        phone: PhoneWay,
        /// Level of the weights that look at faces here; `None`: this terminal looks at none.
        weights: Option<WeightsLevel>,
        /// A fault keeps visits from starting; its text is shown instead of the picture.
        fault: Option<FaultText>,
    },
    /// 「カードがない方」: the other ways; staff is called.
    WithoutCard {
        /// 「スマートフォンで受付」 is one of them.
        phone: PhoneWay,
    },
    /// Over any screen: the twelve languages, each by its own name.
    ChoosingLanguage,
    /// Over any screen: 「音声・大きな文字」: the switches of [`Comfort`], volume and speed.
    ChoosingComfort,
    /// Over any screen, after staff were called: what for. 「もどる」 leads on without an answer.
    CallingStaff {
        /// What was touched so far.
        wish: Option<Wish>,
    },
    /// P2: iPhone or Android.
    ChoosingPhone,
    /// P4: hold it to the reader; a moving picture shows where the antenna is.
    HoldingPhone {
        /// Which.
        phone: PhoneKind,
        /// Why it has to be held (again).
        notice: Option<PhoneNotice>,
        /// It is being read: 「そのまま動かさないでください」.
        reading: bool,
        /// Seconds of listening left; 0 while it is being read.
        seconds: u8,
    },
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
    /// S4: the PIN pad; for an Android phone the PIN of the phone's own certificate.
    EnteringPin {
        /// `true`: of the phone, and it is held to the reader afterwards.
        phone: bool,
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
        /// 「顔を動かせない方」 is offered: another way, and nothing is counted.
        other_way: bool,
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
        /// 「お子さまは暗証番号も使えます」: shown early, faces outgrow the photo (patient-flow 5.1).
        child: bool,
    },
    /// M1: 「職員が確認します。お待ちください」; 「職員の方」 leads to the passcode.
    AwaitingStaff,
    /// M2: the facility's passcode.
    EnteringPasscode {
        /// Digits typed.
        digits: u8,
        /// The last one was wrong; so many tries are left before it closes.
        wrong: Option<u8>,
    },
    /// M2: photo beside live picture, for as long as staff compare and no longer.
    ComparingFaces {
        /// The card's photo can be shown; where not, staff compare another document.
        photo: PhotoShown,
    },
    /// M3: who confirmed; may be left out.
    EnteringStaffNumber {
        /// As typed: a number the staff know each other by, no secret.
        typed: String,
    },
    /// S7: 「健康保険証として使う登録をしますか」; nothing is preselected, consequences are shown.
    SigningUp {
        /// `true`: asked the second time.
        confirm: bool,
        /// Question, rights and the two answers, from the data file.
        text: ConsentText,
        /// The same in Japanese when the language is another one.
        japanese: Option<ConsentText>,
        /// Who answers.
        by: Answerer,
        /// Staff may answer for the patient in this visit (visual check).
        staff: bool,
        /// A human has reviewed this translation.
        reviewed: bool,
    },
    /// S5 and S11: 「確認しています」.
    Waiting {
        /// The soft limit has passed: say that it takes longer.
        long: bool,
    },
    /// S6: the certificate ends soon or has ended.
    CertificateNotice {
        /// It is a phone's: its holder renews it on the phone, not at the municipal office.
        phone: bool,
        /// `true`: ended up to three months ago; past medical information cannot be given.
        grace: bool,
        /// It ends with the period of stay: renewing that comes first.
        stay: bool,
        /// The last valid day, written for this language: 「2027年（令和9年）2月17日」.
        end: String,
        /// The same as parts to speak: year, month, day.
        day: [u16; 3],
    },
    /// S8: one question for all items.
    ConsentAll {
        /// The question in this language.
        text: ConsentText,
        /// The same in Japanese when the language is another one (patient-flow section 14).
        japanese: Option<ConsentText>,
        /// Previous answers as lines ("お薬＝提供する"); not empty: 「同じにする」「変える」 are offered.
        previous: Vec<String>,
        /// Who answers.
        by: Answerer,
        /// Staff may answer for the patient in this visit (visual check).
        staff: bool,
        /// A human has reviewed this translation.
        reviewed: bool,
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
        /// Who answers.
        by: Answerer,
        /// Staff may answer for the patient in this visit (visual check).
        staff: bool,
        /// A human has reviewed this translation.
        reviewed: bool,
    },
    /// S10: 処方箋形式, two equal answers.
    ChoosingPrescription {
        /// The question and its two answers ([`Target::Electronic`], [`Target::Paper`]).
        text: ConsentText,
        /// The same in Japanese when the language is another one.
        japanese: Option<ConsentText>,
        /// 「もどる」 is offered.
        back: bool,
        /// A human has reviewed this translation.
        reviewed: bool,
    },
    /// Who answers: the patient, a companion, or staff for the patient. Three equals (or two).
    ChoosingAnswerer {
        /// Staff may (visual check).
        staff: bool,
    },
    /// Read-back before anything is sent: in slow mode and with voice.
    ReadingBack {
        /// Each answer as a line: "お薬：同意しない".
        lines: Vec<String>,
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
        /// Text and picture of the fault, from the daemon's table.
        fault: FaultText,
        /// The card is still in the reader.
        take_card: bool,
        /// Ways that are still open from here, in the order of the enum.
        ways: Vec<Way>,
    },
    /// The screen has lost the daemon; drawn by the kiosk itself, never sent.
    Disconnected,
}

/// Whether phones are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneWay {
    /// They are not: no reader for them, or it does not work now.
    #[default]
    No,
    /// At a reader of their own.
    OwnReader,
    /// At the card's reader.
    SameReader,
}

/// Which phone (card.md 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// Checks its holder itself (Face ID, Touch ID).
    Iphone,
    /// Its PIN is typed at the terminal.
    Android,
}

/// Why a phone has to be held (again). None of them is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneNotice {
    /// It was held before the PIN was typed; now once more.
    Once,
    /// It moved away too early, or its place was not found.
    Moved,
    /// The iPhone has not checked its holder yet: Face ID or Touch ID first.
    CheckFirst,
    /// The other kind of phone: the screen has changed to it.
    OtherKind,
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

/// What staff compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoShown {
    /// It is still being read.
    Coming,
    /// It stands beside the live picture; it arrives with the preview, never in a view.
    Here,
    /// The card has none, or none that can be trusted: another document is compared.
    None,
}

/// A way that a screen of a fault still offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// 「もう一度」
    Again,
    /// 「カードで受付」
    Card,
    /// 「スマートフォンで受付」
    Phone,
}

/// What a fault's picture shows; drawn by the kiosk (the table names it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// Speak to the desk.
    #[default]
    Desk,
    /// Set the card (again), by the reader's profile.
    SetCard,
    /// Take the card out of its case.
    CaseOff,
    /// The right card and another one.
    RightCard,
    /// The card's certificate: a calendar.
    Certificate,
    /// The terminal is being looked after.
    OutOfOrder,
    /// Hold the phone.
    HoldPhone,
    /// The camera.
    Camera,
    /// Take the card.
    TakeCard,
}

impl Picture {
    /// Every picture.
    pub const ALL: [Self; 9] = [
        Self::Desk,
        Self::SetCard,
        Self::CaseOff,
        Self::RightCard,
        Self::Certificate,
        Self::OutOfOrder,
        Self::HoldPhone,
        Self::Camera,
        Self::TakeCard,
    ];
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
    /// The first answer: 「同意する」「使います」「電子処方箋」「登録する」. Empty on the question for all.
    pub yes: String,
    /// The second, its equal: 「同意しない」「使いません」「紙の処方箋」「登録しない」. Empty on the question for all.
    pub no: String,
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
    /// What the picture beside it shows.
    pub picture: Picture,
}
