//! What staff hear, in the words of `expect:`, of the session, and of the daemon's standard error.

use screen::Wish;
use session::StaffNote;

/// Everything an `expect:` can name: `staff told …`, and `staff called …` where it begins so.
pub(super) const NOTES: [&str; 15] = [
    "called",
    "called for writing",
    "called for wheelchair",
    "called for language",
    "called for help",
    "visual check",
    "passcode closed",
    "other person",
    "face used up",
    "pin blocked",
    "certificate ends",
    "fault",
    "card left",
    "undelivered",
    "desk",
];

/// The session's note in these words.
pub(super) const fn word(note: StaffNote) -> &'static str {
    match note {
        StaffNote::Called(None) => "called",
        StaffNote::Called(Some(Wish::Writing)) => "called for writing",
        StaffNote::Called(Some(Wish::Wheelchair)) => "called for wheelchair",
        StaffNote::Called(Some(Wish::Language)) => "called for language",
        StaffNote::Called(Some(Wish::Help)) => "called for help",
        StaffNote::VisualCheck => "visual check",
        StaffNote::PasscodeClosed { .. } => "passcode closed",
        StaffNote::OtherPerson => "other person",
        StaffNote::FaceUsedUp => "face used up",
        StaffNote::PinBlocked => "pin blocked",
        StaffNote::CertificateEnds => "certificate ends",
        StaffNote::Fault(_) => "fault",
        StaffNote::CardLeft => "card left",
        StaffNote::Undelivered => "undelivered",
        StaffNote::Desk => "desk",
    }
}

/// The daemon's lines for staff, each by the words that only it has.
const LINES: [(&str, &str); 17] = [
    ("患者さんが呼んでいます", "called"),
    ("患者さんの希望：筆談", "called for writing"),
    ("患者さんの希望：車いす", "called for wheelchair"),
    ("患者さんの希望：ことば", "called for language"),
    ("患者さんの希望：介助", "called for help"),
    ("目視確認を待っている患者さん", "visual check"),
    ("目視確認を閉じました", "passcode closed"),
    ("目視確認を5分間閉じました", "passcode closed"),
    ("目視確認で、本人と確認できません", "other person"),
    ("顔認証では確認できなかった", "face used up"),
    ("暗証番号が使えなくなった", "pin blocked"),
    ("電子証明書の期限が近いか", "certificate ends"),
    ("カードが読み取り機に残っています", "card left"),
    ("受領の返事がない結果", "undelivered"),
    ("受付での確認が必要な患者さん", "desk"),
    // Of devices; no visit's note, so no `expect:` names them.
    ("から使えません）", "device lost"),
    ("また使えるようになりました", "device back"),
];

/// What staff were told, from the daemon's standard error. Whatever else staff hear is a fault of the table.
pub(crate) fn heard(standard_error: &str) -> Vec<String> {
    let told = standard_error.lines().filter_map(|line| line.split_once(">staff: ").map(|(_, text)| text));
    told.map(|text| LINES.iter().find(|(part, _)| text.contains(part)).map_or("fault", |(_, word)| word).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use session::FaultCode;

    use super::*;

    #[test]
    fn every_note_has_a_word_of_the_language() {
        let notes = [
            StaffNote::Called(None),
            StaffNote::VisualCheck,
            StaffNote::PasscodeClosed { for_day: true },
            StaffNote::OtherPerson,
            StaffNote::CertificateEnds,
            StaffNote::Fault(FaultCode::CardRemoved),
            StaffNote::CardLeft,
            StaffNote::FaceUsedUp,
            StaffNote::PinBlocked,
            StaffNote::Undelivered,
            StaffNote::Desk,
        ];
        let wishes = Wish::ALL.map(|wish| StaffNote::Called(Some(wish)));
        let mut words: Vec<_> = notes.into_iter().chain(wishes).map(word).collect();
        words.sort_unstable();
        let mut known = NOTES.to_vec();
        known.sort_unstable();
        assert_eq!(words, known);
    }

    #[test]
    fn lines_of_the_daemon_are_understood() {
        let text = "<6>reader-daemon: ready\n<5>staff: 患者さんの希望：車いす\n<4>staff: 【902】カードが抜かれました。\n<6>support: x";
        assert_eq!(heard(text), ["called for wheelchair", "fault"]);
        let text = "<4>staff: 【905】挿し直してください。（11月22日8:12から使えません）\n<6>support: x\n<5>staff: 【905】カードの読み取り機が、また使えるようになりました（11月22日8:12から使えませんでした）。";
        assert_eq!(heard(text), ["device lost", "device back"]);
    }
}
