//! How the patient reads and hears, kept for the visit only.

use serde::{Deserialize, Serialize};

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
