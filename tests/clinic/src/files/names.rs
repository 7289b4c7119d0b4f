//! Names of the files, and which interface they belong to (qualification.md sections 4 and 5).

use jiff::civil::DateTime;

use super::layout::Leaf;

/// Longest file name: what every file system takes, with room for the answer's.
const MAX_NAME: usize = 160;

/// A request this service answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interface {
    /// 001/002 資格確認.
    Qualification,
    /// 003/004 照会番号登録.
    Registration,
    /// 005/006 資格確認一括照会, upload.
    BulkQualification,
    /// 007/008 資格確認一括照会, results.
    BulkQualificationResults,
    /// 009/010 照会番号一括登録, upload.
    BulkRegistration,
    /// 011/012 照会番号一括登録, results.
    BulkRegistrationResults,
    /// 薬剤情報.
    Medicines,
    /// 特定健診情報.
    Checkups,
    /// 041/042 医療機関環境設定情報 照会.
    EnvironmentInquiry,
    /// 043/044 医療機関環境設定情報 更新.
    EnvironmentUpdate,
    /// 049/050 目視確認用パスコード取得.
    Passcode,
}

impl Interface {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::Qualification,
        Self::Registration,
        Self::BulkQualification,
        Self::BulkQualificationResults,
        Self::BulkRegistration,
        Self::BulkRegistrationResults,
        Self::Medicines,
        Self::Checkups,
        Self::EnvironmentInquiry,
        Self::EnvironmentUpdate,
        Self::Passcode,
    ];

    /// What file names begin with, before `req_` or `res_`. Those of the last three are not public: our own convention,
    /// by the pattern of the others.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Qualification => "OQSsiquc01",
            Self::Registration => "OQSsiimm01",
            Self::BulkQualification => "OQSmuquc01",
            Self::BulkQualificationResults => "OQSmuquc02",
            Self::BulkRegistration => "OQSmuimm01",
            Self::BulkRegistrationResults => "OQSmuimm02",
            Self::Medicines => "YZKsiquc01",
            Self::Checkups => "TKKsiquc01",
            Self::EnvironmentInquiry => "OQSsienv01",
            Self::EnvironmentUpdate => "OQSsienv02",
            Self::Passcode => "OQSsivpc01",
        }
    }

    /// Its ids, and whose convention the file name is.
    #[must_use]
    pub const fn ids(self) -> (&'static str, &'static str) {
        const PUBLIC: &str = "public";
        const OURS: &str = "our own";
        match self {
            Self::Qualification => ("OQS-IF-001 / 002", PUBLIC),
            Self::Registration => ("OQS-IF-003 / 004", PUBLIC),
            Self::BulkQualification => ("OQS-IF-005 / 006", PUBLIC),
            Self::BulkQualificationResults => ("OQS-IF-007 / 008", PUBLIC),
            Self::BulkRegistration => ("OQS-IF-009 / 010", PUBLIC),
            Self::BulkRegistrationResults => ("OQS-IF-011 / 012", PUBLIC),
            Self::Medicines => ("薬剤情報", PUBLIC),
            Self::Checkups => ("特定健診情報", PUBLIC),
            Self::EnvironmentInquiry => ("OQS-IF-041 / 042", OURS),
            Self::EnvironmentUpdate => ("OQS-IF-043 / 044", OURS),
            Self::Passcode => ("OQS-IF-049 / 050", OURS),
        }
    }
}

/// Why a file is not taken by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// Characters, length or ending.
    Odd,
    /// Well-formed, but of no interface this service answers.
    Unknown,
}

/// Name of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestName {
    /// Which request.
    pub interface: Interface,
    /// The whole name.
    pub file: String,
    free: String,
}

impl RequestName {
    /// Of a file name.
    ///
    /// # Errors
    /// [`NameFault`].
    pub fn parse(file: &str) -> Result<Self, NameFault> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        let base = file.strip_suffix(".xml").ok_or(NameFault::Odd)?;
        if file.len() > MAX_NAME || base.is_empty() || base.starts_with('.') || !base.bytes().all(fits) {
            return Err(NameFault::Odd);
        }
        let of = |interface: Interface| {
            let free = base.strip_prefix(interface.prefix())?.strip_prefix("req_")?;
            Some(Self { interface, file: file.to_owned(), free: free.to_owned() })
        };
        Interface::ALL.into_iter().find_map(of).ok_or(NameFault::Unknown)
    }

    /// Name of its answer: `req` is `res`, the free part is kept.
    #[must_use]
    pub fn answer(&self) -> String {
        format!("{}res_{}.xml", self.interface.prefix(), self.free)
    }

    /// Name of what stands beside it when it goes back.
    #[must_use]
    pub fn complaint(&self) -> String {
        complaint(&self.file)
    }
}

/// Same base name, `.err`.
#[must_use]
pub fn complaint(file: &str) -> String {
    format!("{}.err", file.strip_suffix(".xml").unwrap_or(file))
}

/// Name of a file that the card reader started; `opaque`: 20 hex digits.
#[must_use]
pub fn face(institution: &str, opaque: &str, now: DateTime) -> String {
    format!("OQSsiquc01res_face_{institution}{opaque}_{}.xml", now.text())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn answers_have_res_for_req_and_keep_the_free_part() {
        let name = RequestName::parse("OQSsiquc01req_202601050001.xml").unwrap();
        assert_eq!(name.interface, Interface::Qualification);
        assert_eq!(name.answer(), "OQSsiquc01res_202601050001.xml");
        assert_eq!(name.complaint(), "OQSsiquc01req_202601050001.err");
        // Only the step is replaced, not what the free part says.
        assert_eq!(RequestName::parse("YZKsiquc01req_req_1.xml").unwrap().answer(), "YZKsiquc01res_req_1.xml");
    }

    #[test]
    fn every_interface_is_known_by_its_name() {
        for interface in Interface::ALL {
            let name = RequestName::parse(&format!("{}req_1.xml", interface.prefix())).unwrap();
            assert_eq!(name.interface, interface);
        }
    }

    #[test]
    fn odd_names_are_told_from_unknown_ones() {
        for odd in [
            "",
            ".xml",
            "OQSsiquc01req_1",
            "OQSsiquc01req_1.XML.tmp",
            "../OQSsiquc01req_1.xml",
            "OQSsiquc01req_ .xml",
            "OQSsiquc01req_試.xml",
            ".OQSsiquc01req_1.xml",
            &format!("OQSsiquc01req_{}.xml", "1".repeat(200)),
        ] {
            assert_eq!(RequestName::parse(odd), Err(NameFault::Odd), "{odd}");
        }
        for unknown in ["OQSsiquc01res_1.xml", "OQSmuhvq01req_1.xml", "notes.xml"] {
            assert_eq!(RequestName::parse(unknown), Err(NameFault::Unknown), "{unknown}");
        }
    }

    #[test]
    fn a_face_file_has_the_observed_shape() {
        let name = face("9910000001", "0123456789abcdef0123", date(2026, 1, 5).at(9, 2, 11, 0));
        assert_eq!(name, "OQSsiquc01res_face_99100000010123456789abcdef0123_20260105090211.xml");
    }
}
