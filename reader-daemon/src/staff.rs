//! What staff and support are told: lines on standard error, which systemd keeps with their priority. No personal data.

use std::collections::BTreeMap;

use screen::Wish;
use session::{FaultCode, StaffNote};

use crate::{
    clock::for_staff,
    event_loop::{Change, Device, DeviceNote},
    texts::DeskText,
};

/// Tells staff.
pub(crate) fn tell(note: StaffNote, texts: &BTreeMap<FaultCode, DeskText>) {
    eprintln!("{}", line(note, texts));
}

/// Tells staff which link it is (patient-flow E7): the terminal's own is up, the one behind it is not, or is again.
pub(crate) fn centre(up: bool) {
    eprintln!("{}", centre_line(up));
}

const fn centre_line(up: bool) -> &'static str {
    if up {
        "<5>staff: オンライン資格確認のセンターに、またつながりました。"
    } else {
        "<4>staff: 端末と資格確認サービスはつながっていますが、オンライン資格確認のセンターにつながっていません。\
         つながるまで、資格確認書などで受付してください。"
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

fn line(note: StaffNote, texts: &BTreeMap<FaultCode, DeskText>) -> String {
    match note {
        StaffNote::Called(None) => "<5>staff: 患者さんが呼んでいます。".to_owned(),
        StaffNote::Called(Some(wish)) => {
            let wish = match wish {
                Wish::Writing => "筆談",
                Wish::Wheelchair => "車いす",
                Wish::Language => "ことば（通訳）",
                Wish::Help => "介助",
            };
            format!("<5>staff: 患者さんの希望：{wish}")
        }
        StaffNote::VisualCheck => {
            "<5>staff: 目視確認を待っている患者さんがいます。端末で暗証コードを入れてください。".to_owned()
        }
        StaffNote::PasscodeClosed { for_day: false } => {
            "<4>staff: 暗証コードが3回ちがったため、目視確認を5分間閉じました。".to_owned()
        }
        StaffNote::PasscodeClosed { for_day: true } => {
            "<4>staff: 暗証コードのまちがいが続いたため、目視確認を閉じました。心当たりを確かめてから開けてください。\n\
             <6>support: `reader-daemon passcode --open --config FILE` opens it again"
                .to_owned()
        }
        StaffNote::OtherPerson => "<4>staff: 目視確認で、本人と確認できませんでした。".to_owned(),
        StaffNote::FaceUsedUp => {
            "<5>staff: 顔認証では確認できなかった患者さんがいます。ほかの方法を案内してください。".to_owned()
        }
        StaffNote::PinBlocked => {
            "<5>staff: 暗証番号が使えなくなった患者さんがいます。ほかの方法を案内してください。暗証番号は市区町村の窓口、またはアプリとコンビニでつくり直せます。"
                .to_owned()
        }
        StaffNote::CertificateEnds => {
            "<5>staff: 電子証明書の期限が近いか、過ぎています。市区町村の窓口での更新（無料）を案内してください。"
                .to_owned()
        }
        StaffNote::CardLeft => "<4>staff: カードが読み取り機に残っています。".to_owned(),
        StaffNote::Undelivered => {
            "<4>staff: 受領の返事がない結果があります。未送信の一覧を確かめてください（端末で reader-daemon desk）。\n\
             <6>support: `reader-daemon desk --config FILE` lists the results without receipt; with --settle ID one is \
             taken off the list"
                .to_owned()
        }
        StaffNote::Desk => "<5>staff: 受付での確認が必要な患者さんがいます。".to_owned(),
        StaffNote::Fault(code) => match texts.get(&code) {
            Some(text) => format!("<4>staff: {}\n<6>support: {}", text.staff, text.support),
            None => format!("<4>staff: 【{}】", code.number()),
        },
    }
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
        assert!(centre_line(false).contains("サービスはつながっています") && centre_line(true).contains("また"));
    }

    #[test]
    fn whoever_hears_of_the_desks_list_hears_how_to_see_it() {
        let texts = crate::texts::built_in().unwrap().desk;
        assert!(line(StaffNote::Undelivered, &texts).contains("reader-daemon desk"));
        assert!(texts[&FaultCode::ResultRefused].support.contains("reader-daemon desk"));
    }
}
