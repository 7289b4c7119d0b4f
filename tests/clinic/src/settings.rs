//! What this facility asks and by which rules: data, changed without a restart (qualification.md section 13, 6).

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::{dates::GraceRule, items};

/// Settings of the facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What kind of place it is.
    pub kind: Kind,
    /// When the three months of grace end.
    pub grace: GraceRule,
    /// Its scope holds 感染症, asked on a screen of its own.
    pub infections: bool,
    /// It takes 特定疾病療養受療証 from the centre.
    pub specific_diseases: bool,
    /// It uses PMH: 医療費助成の受給者証 (OQSCD037).
    pub public_expense: bool,
    /// Its prescriptions.
    pub prescription: Prescription,
}

/// Kinds of facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 医療機関
    Clinic,
    /// 薬局, which writes no prescription and so never asks for its form.
    Pharmacy,
}

/// Prescriptions of the facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prescription {
    /// OQSCD038
    pub forms: Forms,
    /// OQSCD039
    pub asked: Asked,
}

/// 電子処方箋利用区分, OQSCD038.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forms {
    /// 0 利用しない
    None,
    /// 1 電子処方箋のみ
    ElectronicOnly,
    /// 2 電子+紙併用
    Both,
    /// 3 紙のみ
    PaperOnly,
}

/// 処方箋発行形態選択タイミング, OQSCD039.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// 1 資格確認時以外で確認する
    Elsewhere,
    /// 2 資格確認時に確認する
    AtTheCheck,
}

impl Settings {
    /// Health information only, as in `data/facility.toml`; a test compares them.
    #[must_use]
    pub const fn plain() -> Self {
        Self {
            kind: Kind::Clinic,
            grace: GraceRule::EndOfMonth,
            infections: false,
            specific_diseases: false,
            public_expense: false,
            prescription: Prescription { forms: Forms::None, asked: Asked::Elsewhere },
        }
    }

    /// Everything that can be asked, as in `data/facility-everything.toml`.
    #[must_use]
    pub const fn everything() -> Self {
        Self {
            infections: true,
            specific_diseases: true,
            public_expense: true,
            prescription: Prescription { forms: Forms::Both, asked: Asked::AtTheCheck },
            ..Self::plain()
        }
    }

    /// Reads the text of a settings file.
    ///
    /// # Errors
    /// The text of the TOML error with its line.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// `plain`, `everything`, or a file.
    ///
    /// # Errors
    /// The file cannot be read, or is not as it should be.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "plain" => Ok(Self::plain()),
            "everything" => Ok(Self::everything()),
            file => {
                let text = std::fs::read_to_string(Path::new(file));
                let settings = text.map_err(anyhow::Error::from).and_then(|text| Self::parse(&text));
                settings.with_context(|| {
                    format!("settings {name}: neither \"plain\", \"everything\" nor a file of settings")
                })
            }
        }
    }

    /// Every item of this facility, in the order to ask. Nothing here looks at the patient.
    #[must_use]
    pub fn items(&self) -> Vec<&'static str> {
        let all = [
            (items::MEDICINES, true),
            (items::CHECKUPS, true),
            (items::OPERATIONS, true),
            (items::INFECTIONS, self.infections),
            (items::OTHER_CERTIFICATES, self.specific_diseases || self.public_expense),
            (items::PRESCRIPTION, self.asks_prescription()),
        ];
        all.into_iter().filter(|(_, here)| *here).map(|(item, _)| item).collect()
    }

    /// Only where there is a choice, and where it is made at the check (qualification.md, table 039).
    fn asks_prescription(&self) -> bool {
        self.kind == Kind::Clinic
            && self.prescription.forms == Forms::Both
            && self.prescription.asked == Asked::AtTheCheck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = include_str!("../data/facility.toml");
    const EVERYTHING: &str = include_str!("../data/facility-everything.toml");

    #[test]
    fn the_two_files_say_what_their_names_mean() {
        assert_eq!(Settings::parse(PLAIN).unwrap(), Settings::plain());
        assert_eq!(Settings::parse(EVERYTHING).unwrap(), Settings::everything());
        let health = [items::MEDICINES, items::CHECKUPS, items::OPERATIONS];
        assert_eq!(Settings::named("plain").unwrap().items(), health);
        let more = [items::INFECTIONS, items::OTHER_CERTIFICATES, items::PRESCRIPTION];
        assert_eq!(Settings::named("everything").unwrap().items(), [health, more].concat());
    }

    #[test]
    fn the_form_of_the_prescription_is_asked_where_both_are_written_and_chosen_at_the_check_and_never_at_a_pharmacy() {
        let mut asking = 0;
        for kind in [Kind::Clinic, Kind::Pharmacy] {
            for forms in [Forms::None, Forms::ElectronicOnly, Forms::Both, Forms::PaperOnly] {
                for asked in [Asked::Elsewhere, Asked::AtTheCheck] {
                    let prescription = Prescription { forms, asked };
                    let settings = Settings { kind, prescription, ..Settings::plain() };
                    let asks = settings.items().contains(&items::PRESCRIPTION);
                    assert_eq!(asks, (kind, forms, asked) == (Kind::Clinic, Forms::Both, Asked::AtTheCheck));
                    asking += u32::from(asks);
                }
            }
        }
        assert_eq!(asking, 1);
    }

    #[test]
    fn other_certificates_are_one_question_for_either_kind() {
        for (specific_diseases, public_expense) in [(false, false), (true, false), (false, true), (true, true)] {
            let settings = Settings { specific_diseases, public_expense, ..Settings::plain() };
            let count = settings.items().iter().filter(|item| **item == items::OTHER_CERTIFICATES).count();
            assert_eq!(count, usize::from(specific_diseases || public_expense));
        }
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_with_its_reason() {
        let error = format!("{:#}", Settings::named("/nowhere/facility.toml").unwrap_err());
        assert!(error.contains("/nowhere/facility.toml"), "{error}");
        for (from, to) in [
            ("false", "maybe"),
            ("kind = ", "sort = "),
            ("[prescription]", ""),
            ("grace = \"end_of_month\"", "grace = \"x\""),
        ] {
            let changed = PLAIN.replacen(from, to, 1);
            assert_ne!(changed, PLAIN);
            assert!(Settings::parse(&changed).is_err(), "{from}");
        }
    }
}
