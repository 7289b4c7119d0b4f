//! The screens.

use serde::{Deserialize, Serialize};

use super::{
    Advice, Answerer, ConsentText, FaultText, MethodState, Movement, PhoneKind, PhoneNotice, PhoneWay, PhotoShown,
    PinNotice, SurfaceDigits, SurfaceField, SurfaceNotice, Way, WeightsLevel, Wish,
};

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
    /// S4: the PIN pad; for an Android phone the PIN of the phone's own certificate. 「もどる」 leads from a card's to all
    /// the ways.
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
