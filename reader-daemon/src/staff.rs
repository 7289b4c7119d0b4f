//! What staff and support are told: lines on standard error, which systemd keeps with their priority, and notes of the
//! console. No personal data.

use std::collections::BTreeMap;

use console::terminal::Text;
use screen::Wish;
use session::{FaultCode, StaffNote};

use crate::{
    clock::for_staff,
    event_loop::{Change, Device, DeviceNote},
    texts::DeskText,
};

/// Tells staff which link it is (patient-flow E7): the terminal's own is up, the one behind it is not, or is again.
pub(crate) fn centre(up: bool) {
    eprintln!("{}", if up { said(5, &centre_words(true)) } else { said(4, &centre_words(false)) });
}

/// That link, in words.
pub(crate) fn centre_words(up: bool) -> Text {
    if up {
        text("オンライン資格確認のセンターに、またつながりました。", "The centre answers again.")
    } else {
        text(
            "端末と資格確認サービスはつながっていますが、オンライン資格確認のセンターにつながっていません。つながるまで、資格確認書などで受付してください。",
            "The terminal reaches the clinic's service, but the service does not reach the centre. Until it does, check in by 資格確認書 or the like.",
        )
    }
}

/// Tells staff that something was lost, or is back, with its code and since when (patient-flow section 12, F1 to F4).
pub(crate) fn device(note: DeviceNote, texts: &BTreeMap<FaultCode, DeskText>) {
    eprintln!("{}", device_line(note, texts));
}

fn device_line(note: DeviceNote, texts: &BTreeMap<FaultCode, DeskText>) -> String {
    let since = for_staff(note.since_ms);
    let number = note.code.number();
    match (note.change, texts.get(&note.code)) {
        (Change::Lost, Some(text)) => {
            format!("<4>staff: {}（{since}から使えません）\n<6>support: {}", text.staff, text.support)
        }
        (Change::Lost, None) => format!("<4>staff: 【{number}】（{since}から使えません）"),
        (Change::Back, _) => {
            let what = match note.device {
                Device::CardReader => "カードの読み取り機",
                Device::PhoneReader => "スマートフォンの読み取り機",
                Device::Face => "顔認証",
                Device::Link => "資格確認サービスとの接続",
                Device::Storage => "結果の保存",
            };
            format!("<5>staff: 【{number}】{what}が、また使えるようになりました（{since}から使えませんでした）。")
        }
    }
}

/// Tells support something that is no fault of a visit.
pub(crate) fn support(text: &str) {
    eprintln!("<4>reader-daemon: {text}");
}

/// Tells support what is in order.
pub(crate) fn note(text: &str) {
    eprintln!("<6>reader-daemon: {text}");
}

/// Tells staff.
pub(crate) fn tell(note: StaffNote, texts: &BTreeMap<FaultCode, DeskText>) {
    eprintln!("{}", line(note, texts));
}

fn said(priority: u8, text: &Text) -> String {
    format!("<{priority}>staff: {}", text.ja)
}

fn line(note: StaffNote, texts: &BTreeMap<FaultCode, DeskText>) -> String {
    let (priority, support) = match note {
        StaffNote::Called(_)
        | StaffNote::VisualCheck
        | StaffNote::FaceUsedUp
        | StaffNote::PinBlocked
        | StaffNote::CertificateEnds
        | StaffNote::Desk => (5, None),
        StaffNote::PasscodeClosed { for_day: false } | StaffNote::OtherPerson | StaffNote::CardLeft => (4, None),
        StaffNote::PasscodeClosed { for_day: true } => {
            (4, Some("`reader-daemon passcode --open --config FILE` or the console opens it again"))
        }
        StaffNote::Undelivered => (
            4,
            Some(
                "`reader-daemon desk --config FILE` lists the results without receipt; with --settle ID one is taken off \
                 the list",
            ),
        ),
        StaffNote::Fault(code) => (4, texts.get(&code).map(|text| text.support.as_str())),
    };
    let line = said(priority, &words(note, texts));
    support.map_or(line.clone(), |support| format!("{line}\n<6>support: {support}"))
}

/// What staff read.
pub(crate) fn words(note: StaffNote, texts: &BTreeMap<FaultCode, DeskText>) -> Text {
    match note {
        StaffNote::Called(None) => text("患者さんが呼んでいます。", "A patient calls."),
        StaffNote::Called(Some(Wish::Writing)) => text("患者さんの希望：筆談", "A patient asks for writing (筆談)."),
        StaffNote::Called(Some(Wish::Wheelchair)) => {
            text("患者さんの希望：車いす", "A patient asks for room for a wheelchair.")
        }
        StaffNote::Called(Some(Wish::Language)) => {
            text("患者さんの希望：ことば（通訳）", "A patient asks for help with the language.")
        }
        StaffNote::Called(Some(Wish::Help)) => text("患者さんの希望：介助", "A patient asks for help."),
        StaffNote::VisualCheck => text(
            "目視確認を待っている患者さんがいます。端末で暗証コードを入れてください。",
            "A patient waits for the visual check. Type the passcode at the terminal.",
        ),
        StaffNote::PasscodeClosed { for_day: false } => text(
            "暗証コードが3回ちがったため、目視確認を5分間閉じました。",
            "Three wrong passcodes closed the visual check for five minutes.",
        ),
        StaffNote::PasscodeClosed { for_day: true } => text(
            "暗証コードのまちがいが続いたため、目視確認を閉じました。心当たりを確かめてから開けてください。",
            "Wrong passcodes closed the visual check. Find out who it was before you open it again.",
        ),
        StaffNote::OtherPerson => text(
            "目視確認で、本人と確認できませんでした。",
            "The visual check did not confirm that the patient is the holder.",
        ),
        StaffNote::FaceUsedUp => text(
            "顔認証では確認できなかった患者さんがいます。ほかの方法を案内してください。",
            "A patient was not recognised by face. Point to another way.",
        ),
        StaffNote::PinBlocked => text(
            "暗証番号が使えなくなった患者さんがいます。ほかの方法を案内してください。暗証番号は市区町村の窓口、またはアプリとコンビニでつくり直せます。",
            "A patient's PIN is blocked. Point to another way; the PIN is made anew at the municipal office, or by app and convenience store.",
        ),
        StaffNote::CertificateEnds => text(
            "電子証明書の期限が近いか、過ぎています。市区町村の窓口での更新（無料）を案内してください。",
            "A patient's certificate ends soon, or has ended. Point to the renewal at the municipal office (free).",
        ),
        StaffNote::CardLeft => text("カードが読み取り機に残っています。", "A card was left in the reader."),
        StaffNote::Undelivered => text(
            "受領の返事がない結果があります。未送信の一覧を確かめてください（端末で reader-daemon desk）。",
            "A result has no receipt. See the list of undelivered results (reader-daemon desk at the terminal).",
        ),
        StaffNote::Desk => text("受付での確認が必要な患者さんがいます。", "A patient has to speak to the desk."),
        StaffNote::Fault(code) => fault_words(code, texts),
    }
}

/// A fault, as the table says it to staff; its English line is the cause.
pub(crate) fn fault_words(code: FaultCode, texts: &BTreeMap<FaultCode, DeskText>) -> Text {
    match texts.get(&code) {
        Some(desk) => text(&desk.staff, &format!("[{}] {} {}", code.number(), desk.cause, desk.support)),
        None => text(&format!("【{}】", code.number()), &format!("[{}]", code.number())),
    }
}

fn text(ja: &str, en: &str) -> Text {
    Text { ja: ja.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_with_its_code_to_staff_and_to_support() {
        let texts = crate::texts::built_in().unwrap().desk;
        let line = line(StaffNote::Fault(FaultCode::ReaderLost), &texts);
        assert!(line.starts_with("<4>staff: 【905】"), "{line}");
        assert!(line.contains("\n<6>support: PC/SC"), "{line}");
    }

    #[test]
    fn what_is_lost_and_what_is_back_is_told_with_its_code_and_since_when() {
        let texts = crate::texts::built_in().unwrap().desk;
        let devices = [
            (Device::CardReader, FaultCode::ReaderLost, "【905】"),
            (Device::PhoneReader, FaultCode::PhoneReaderLost, "【945】"),
            (Device::Face, FaultCode::CameraLost, "【930】"),
            (Device::Face, FaultCode::FaceModels, "【931】"),
            (Device::Link, FaultCode::ServiceUnreachable, "【910】"),
            (Device::Storage, FaultCode::StorageFailed, "【920】"),
        ];
        for (device, code, number) in devices {
            let told = |change| device_line(DeviceNote { device, code, change, since_ms: 1_795_330_308_900 }, &texts);
            let lost = told(Change::Lost);
            assert!(lost.starts_with(&format!("<4>staff: {number}")), "{lost}");
            assert!(lost.contains("（11月22日15:51から使えません）\n<6>support: "), "{lost}");
            let back = told(Change::Back);
            assert!(back.starts_with(&format!("<5>staff: {number}")), "{back}");
            assert!(back.contains("また使える") && back.contains("11月22日15:51から"), "{back}");
        }
    }

    #[test]
    fn the_centre_is_told_apart_from_the_terminals_own_link() {
        assert!(
            centre_words(false).ja.contains("サービスはつながっています") && centre_words(true).ja.contains("また")
        );
    }

    #[test]
    fn whoever_hears_of_the_desks_list_hears_how_to_see_it() {
        let texts = crate::texts::built_in().unwrap().desk;
        assert!(line(StaffNote::Undelivered, &texts).contains("reader-daemon desk"));
        assert!(texts[&FaultCode::ResultRefused].support.contains("reader-daemon desk"));
    }
}
