//! What the page of counts says. Nothing about what patients answered: the terminal does not count it.

use crate::{language::Words, words::words};

words! {
    INTRO: "件数だけを数えています。患者さんがどう答えたかは数えません。", "Only visits are counted, never what patients answered.";
    RECEIVED: "受付完了", "Received";
    UNDELIVERED: "未送信", "Not delivered";
    GIVEN_UP: "途中で終了", "Given up";
    BY_FAULT: "不具合で終了", "Ended by a fault";
    ENDED: "受付の結果", "How visits ended";
    HOURS: "時間帯ごとの受付", "Visits per hour";
    HOURS_DESC: "受付が始まった時刻ごとの件数。いちばん多いのは", "Visits that began in each hour of the day. Most of them at ";
    METHODS: "本人確認の方法", "How patients proved who they are";
    METHODS_DESC: "方法ごとの件数と割合。", "Visits and share of each method.";
    STEPS: "それぞれの画面にかかった時間（中央値）", "Median time at each step";
    STEPS_DESC: "半分の受付は、これより短い時間で次に進みました。", "Half of the visits took less time than this.";
    FAULTS: "不具合の件数", "Faults by code";
    FAULTS_DESC: "不具合で終わった受付のコードごとの件数。", "Visits that ended by a fault, by its code.";
    NOTHING: "この期間の数字はありません。", "There are no figures of these days.";
    NO_FAULTS: "この期間に不具合はありません。", "No faults in these days.";
    HOUR: "時", "Hour";
    VISITS: "件数", "Visits";
    METHOD: "方法", "Method";
    SHARE: "割合", "Share";
    STEP: "画面", "Step";
    TIME: "時間", "Time";
    SECONDS: "秒", " s";
    FACE: "顔認証", "Face";
    PIN: "暗証番号", "PIN";
    VISUAL: "目視確認", "Visual check";
    IPHONE: "スマートフォン（iPhone）", "iPhone";
    ANDROID: "スマートフォン（Android）", "Android phone";
    PLACING: "カードを置く", "Placing the card";
    CHOOSING: "方法を選ぶ", "Choosing the method";
    FACING: "顔認証", "In front of the camera";
    SURFACE: "カード面の番号の入力", "Typing the numbers on the card";
    FACE_FAILED: "別の方法を選ぶ（顔認証のあと）", "Choosing another way after the face";
    ENTERING: "暗証番号の入力", "Typing the PIN";
    BLOCKED: "暗証番号が使えない", "PIN blocked";
    CHECKING: "職員の目視確認", "Visual check by staff";
    PHONE: "スマートフォンをかざす", "Holding the phone";
    CHOOSING_PHONE: "スマートフォンを選ぶ", "Choosing the phone";
    PHONE_PIN: "スマートフォンの暗証番号の入力", "Typing the phone's PIN";
    CARD_WORKS: "カードの処理", "The card works";
    CHECKING_PIN: "暗証番号の照合", "Checking the PIN";
    READING_BACK: "入力内容の読み返し", "Reading back what was chosen";
    OTHER_WAYS: "カードがない方の案内", "What to do without a card";
    WAITING: "資格の確認を待つ", "Waiting for the qualification";
    NOTICE: "証明書のお知らせ", "Notice about the certificate";
    SIGNING_UP: "利用の申し込み", "Signing up";
    ANSWERING: "画面の質問", "Questions on the screen";
    EXTRAS: "追加の質問", "Further questions";
    SUBMITTING: "結果の送信", "Sending the result";
    LEAVING: "やめるかどうかを選ぶ", "Choosing whether to stop";
    TAKING: "カードを取る", "Taking the card";
    CARD_LEFT: "カードの取り忘れ", "Card left";
    HELP: "手続きが止まった画面", "Stopped, needs help";
}

/// Name of a method; what is not known keeps the name it has in the journal.
pub(crate) fn method(id: &str) -> Option<Words> {
    Some(match id {
        "face" => FACE,
        "pin" => PIN,
        "visual" => VISUAL,
        "iphone" => IPHONE,
        "android" => ANDROID,
        _ => return None,
    })
}

/// Name of a step, from the name of its state.
pub(crate) fn step(id: &str) -> Option<Words> {
    Some(match id {
        "placing_card" => PLACING,
        "choosing_method" => CHOOSING,
        "facing_camera" => FACING,
        "keying_surface_code" => SURFACE,
        "face_failed" => FACE_FAILED,
        "entering_pin" => ENTERING,
        "pin_blocked" => BLOCKED,
        "checking_visually" => CHECKING,
        "choosing_phone" => CHOOSING_PHONE,
        "entering_phone_pin" => PHONE_PIN,
        "holding_phone" => PHONE,
        "pin_less_step" => CARD_WORKS,
        "checking_pin" => CHECKING_PIN,
        "reading_back" => READING_BACK,
        "offering_other_ways" => OTHER_WAYS,
        "waiting_for_result" => WAITING,
        "reading_notice" => NOTICE,
        "signing_up" => SIGNING_UP,
        "giving_consent" => ANSWERING,
        "choosing_extras" => EXTRAS,
        "submitting" => SUBMITTING,
        "leaving" => LEAVING,
        "taking_card" => TAKING,
        "card_left" => CARD_LEFT,
        "needing_help" => HELP,
        _ => return None,
    })
}
