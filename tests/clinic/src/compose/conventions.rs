//! Our own conventions, where no public source says anything (qualification.md: 処理結果コード are not public). Vendors carry
//! code and message through and never branch on them; neither do we.

/// A code and its message for staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Ours: real codes are not known, so these begin with two letters that no table has.
    pub code: &'static str,
    /// For staff. No names.
    pub message: &'static str,
}

/// The centre is still working.
pub const PROCESSING: Notice =
    Notice { code: "RD002", message: "処理中です。時間をおいて照会し直してください。" };
/// The centre reports an error.
pub const CENTRE_ERROR: Notice = Notice {
    code: "RD009",
    message: "オンライン資格確認等システムのエラーです。別の方法で確認してください。",
};
/// The certificate ends within three months.
pub const ENDS_SOON: Notice = Notice {
    code: "RD101",
    message: "電子証明書の有効期限が3か月以内に切れます。更新をご案内ください。",
};
/// The certificate has ended, up to three months ago.
pub const GRACE: Notice = Notice {
    code: "RD102",
    message: "電子証明書の有効期限が切れています（3か月の猶予中）。医療情報は閲覧できません。",
};
/// A registration names nobody.
pub const NOBODY: Notice =
    Notice { code: "RD201", message: "該当する資格がありません。番号を確認してください。" };
/// A registration or a question fits several people.
pub const SEVERAL: Notice =
    Notice { code: "RD202", message: "複数の人が該当します。枝番を加えてください。" };
/// A unit of a bulk request lacks something.
pub const INCOMPLETE: Notice =
    Notice { code: "RD203", message: "必要な項目がないか、形式が正しくありません。" };
/// No consent, or it is older than 24 hours.
pub const NO_CONSENT: Notice = Notice {
    code: "RD301",
    message: "24時間以内の本人の同意がありません。カードリーダーで同意をいただいてください。",
};

/// Every one.
pub const ALL: [Notice; 8] = [PROCESSING, CENTRE_ERROR, ENDS_SOON, GRACE, NOBODY, SEVERAL, INCOMPLETE, NO_CONSENT];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_codes_differ_and_are_told_from_real_ones() {
        let codes: std::collections::BTreeSet<_> = ALL.iter().map(|notice| notice.code).collect();
        assert_eq!(codes.len(), ALL.len());
        assert!(ALL.iter().all(|notice| notice.code.starts_with("RD") && !notice.message.is_empty()));
    }
}
