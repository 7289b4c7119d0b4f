//! What the page says about each step, part and note, in words of its own for staff.

use screen::Wish;

use crate::{
    language::Words,
    terminal::{NoteKind, PartKind, Step, VisualCheck},
    words::words,
};

/// How much staff are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing is to be done.
    Nothing,
    /// Perhaps a word helps.
    Watch,
    /// Someone waits for staff.
    Go,
}

words! {
    TITLE: "いまの受付", "What goes on now";
    PATIENT: "端末の前", "At the terminal";
    SINCE: "から", "since";
    MINUTES: "分", " min";
    JUST_NOW: "たったいま", "just now";
    AGO: "分前", " min ago";
    PRACTICE: "練習中です。結果はどこにも送られません。", "Practice: nothing is sent anywhere.";
    STALE: "端末とつながっていません。表示は古い内容です。自動でつなぎ直しています。",
        "There is no connection to the terminal. What you see is old. Connecting again by itself.";
    NOTES: "対応待ち", "Waiting for you";
    NO_NOTES: "対応待ちはありません。", "Nothing waits for you.";
    SETTLE: "対応しました", "Done";
    NEW_NOTE: "新しいお知らせ：", "New note:";
    LINKS: "つながり", "Connections";
    DEVICES: "装置", "Devices";
    TERMINAL: "この端末", "This terminal";
    CLINIC: "資格確認サービス（院内）", "Qualification service (clinic)";
    CENTRE: "オンライン資格確認センター", "Online qualification centre";
    CARD_READER: "カード読み取り機", "Card reader";
    PHONE_READER: "スマートフォン読み取り機", "Phone reader";
    FACE: "顔認証カメラ", "Face camera";
    SCREEN: "患者用の画面", "Patient's screen";
    STORAGE: "結果の保存", "Storing results";
    AWAY: "使えません", "Not working";
    NOT_USED: "使いません", "Not used";
    UNKNOWN: "不明（手前が切れています）", "Unknown (the part before it is away)";
    RESULTS: "結果の送信", "Results";
    ALL_DELIVERED: "すべて送信済みです。", "All are delivered.";
    UNDELIVERED_COUNT: "件が未送信です。自動で送り直しています。", " not delivered yet; sent again by themselves.";
    VISUAL: "目視確認", "Visual check";
    VISUAL_OPEN: "使えます。", "It can be chosen.";
    VISUAL_NO_PASSCODE: "職員の暗証番号がないため、使えません。", "Not available: no staff passcode is set.";
    VISUAL_CLOSED: "暗証番号の間違いが続いたため、数分間閉じています。", "Closed for minutes after wrong passcodes.";
    VISUAL_CLOSED_DAY: "暗証番号の間違いが続いたため、今日は閉じています。", "Closed for today after wrong passcodes.";
    VISUAL_OPEN_AGAIN: "目視確認を再開する…", "Open it again …";
    CALLED: "患者さんが呼んでいます", "A patient is calling";
    WISH_WRITING: "筆談をご希望です", "A patient would like to write";
    WISH_WHEELCHAIR: "車いすの手助けをご希望です", "A patient in a wheelchair would like help";
    WISH_LANGUAGE: "ことば（通訳）の手助けをご希望です", "A patient needs help with the language";
    WISH_HELP: "介助をご希望です", "A patient would like assistance";
    NOTE_VISUAL: "目視確認を待っています", "Waits for the visual check";
    NOTE_DESK: "窓口での確認が必要です", "Has to speak to the desk";
    NOTE_UNDELIVERED: "結果がまだ届いていません", "A result is not delivered";
    NOTE_CARD_LEFT: "カードが残っています", "A card was left";
    NOTE_FAULT: "不具合があります", "Something does not work";
    NOTE_OTHER: "お知らせ", "Note";
    STEP_FREE: "だれもいません", "Nobody is there";
    DO_NOTHING: "することはありません", "Nothing to do";
    STEP_OTHER_WAY: "カードがない方の案内を見ています", "Reading what to do without a card";
    DO_OTHER_WAY: "困っているようなら、声をかけてください", "Offer help if it seems needed";
    STEP_PLACING: "カードを置いています", "Placing the card";
    STEP_CHOOSING: "本人確認の方法を選んでいます", "Choosing how to prove who they are";
    STEP_FACING: "顔認証をしています", "In front of the camera";
    STEP_SURFACE: "カードに書かれた番号を入力しています", "Typing the numbers printed on the card";
    DO_SURFACE: "番号の場所が分からないようなら、指で示してください", "Point at the numbers if they cannot be found";
    STEP_FACE_FAILED: "顔で確認できず、別の方法を選んでいます", "Not recognised, choosing another way";
    DO_FACE_FAILED: "迷っているようなら、暗証番号か目視確認をすすめてください", "Suggest the PIN or the visual check";
    STEP_PIN: "暗証番号を入力しています", "Typing the PIN";
    DO_PIN: "することはありません（番号を見たり聞いたりしないでください）", "Nothing to do (do not look at the PIN or ask for it)";
    STEP_PIN_BLOCKED: "暗証番号が使えないため、別の方法を選んでいます", "The PIN is blocked, choosing another way";
    DO_PIN_BLOCKED: "迷っているようなら、顔認証か目視確認をすすめてください", "Suggest the face or the visual check";
    STEP_VISUAL: "職員の目視確認を待っています", "Waiting for the visual check";
    DO_VISUAL: "端末へ行き、顔写真とご本人を見くらべてください", "Go there and compare photo and person";
    STEP_PHONE: "スマートフォンで確認しています", "Using a phone";
    STEP_WAITING: "資格を確認しています", "The qualification is being looked up";
    STEP_NOTICE: "証明書のお知らせを読んでいます", "Reading a notice about the certificate";
    STEP_SIGNING_UP: "利用の申し込みを読んでいます", "Reading about signing up";
    STEP_ANSWERING: "画面の質問に答えています", "Answering the questions on the screen";
    DO_ANSWERING: "することはありません（答えは本人だけのものです）", "Nothing to do (the answers are the patient's own)";
    STEP_LEAVING: "やめるかどうかを選んでいます", "Choosing whether to stop";
    DO_LEAVING: "やめた場合は、窓口で受付してください", "If they stop, receive them at the desk";
    STEP_TAKING: "受付が終わり、カードを取るところです", "Done, about to take the card";
    STEP_CARD_LEFT: "カードを残して離れました", "Gone, but the card is not";
    DO_CARD_LEFT: "カードを患者さんに返してください", "Give the card back to the patient";
    STEP_HELP: "手続きが止まりました", "It has stopped";
    DO_HELP: "端末へ行き、患者さんに声をかけてください", "Go there and speak to the patient";
    DO_NOTES: "対応待ちを確かめてください", "See what waits for you";
}

/// What the patient does, what staff do, and how much they are needed.
pub(crate) const fn step(step: Step) -> (Words, Words, Need) {
    match step {
        Step::Free => (STEP_FREE, DO_NOTHING, Need::Nothing),
        Step::LookingForAnotherWay => (STEP_OTHER_WAY, DO_OTHER_WAY, Need::Watch),
        Step::PlacingCard => (STEP_PLACING, DO_NOTHING, Need::Nothing),
        Step::ChoosingMethod => (STEP_CHOOSING, DO_NOTHING, Need::Nothing),
        Step::FacingCamera => (STEP_FACING, DO_NOTHING, Need::Nothing),
        Step::KeyingSurfaceCode => (STEP_SURFACE, DO_SURFACE, Need::Watch),
        Step::FaceFailed => (STEP_FACE_FAILED, DO_FACE_FAILED, Need::Watch),
        Step::EnteringPin => (STEP_PIN, DO_PIN, Need::Nothing),
        Step::PinBlocked => (STEP_PIN_BLOCKED, DO_PIN_BLOCKED, Need::Watch),
        Step::CheckingVisually => (STEP_VISUAL, DO_VISUAL, Need::Go),
        Step::UsingPhone => (STEP_PHONE, DO_NOTHING, Need::Nothing),
        Step::Waiting => (STEP_WAITING, DO_NOTHING, Need::Nothing),
        Step::ReadingNotice => (STEP_NOTICE, DO_NOTHING, Need::Nothing),
        Step::SigningUp => (STEP_SIGNING_UP, DO_NOTHING, Need::Nothing),
        Step::Answering => (STEP_ANSWERING, DO_ANSWERING, Need::Nothing),
        Step::Leaving => (STEP_LEAVING, DO_LEAVING, Need::Watch),
        Step::TakingCard => (STEP_TAKING, DO_NOTHING, Need::Nothing),
        Step::CardLeft => (STEP_CARD_LEFT, DO_CARD_LEFT, Need::Go),
        Step::NeedsHelp(_) => (STEP_HELP, DO_HELP, Need::Go),
    }
}

/// Heading of a note.
pub(crate) const fn note(kind: NoteKind) -> Words {
    match kind {
        NoteKind::Called(None) => CALLED,
        NoteKind::Called(Some(Wish::Writing)) => WISH_WRITING,
        NoteKind::Called(Some(Wish::Wheelchair)) => WISH_WHEELCHAIR,
        NoteKind::Called(Some(Wish::Language)) => WISH_LANGUAGE,
        NoteKind::Called(Some(Wish::Help)) => WISH_HELP,
        NoteKind::VisualCheck => NOTE_VISUAL,
        NoteKind::Desk => NOTE_DESK,
        NoteKind::Undelivered => NOTE_UNDELIVERED,
        NoteKind::CardLeft => NOTE_CARD_LEFT,
        NoteKind::Fault => NOTE_FAULT,
        NoteKind::Other => NOTE_OTHER,
    }
}

/// Name of a part.
pub(crate) const fn part(kind: PartKind) -> Words {
    match kind {
        PartKind::CardReader => CARD_READER,
        PartKind::PhoneReader => PHONE_READER,
        PartKind::Face => FACE,
        PartKind::Screen => SCREEN,
        PartKind::Service => CLINIC,
        PartKind::Centre => CENTRE,
        PartKind::Storage => STORAGE,
    }
}

/// How the visual check stands.
pub(crate) const fn visual(state: VisualCheck) -> Words {
    match state {
        VisualCheck::Open => VISUAL_OPEN,
        VisualCheck::NoPasscode => VISUAL_NO_PASSCODE,
        VisualCheck::Closed => VISUAL_CLOSED,
        VisualCheck::ClosedForDay => VISUAL_CLOSED_DAY,
    }
}
