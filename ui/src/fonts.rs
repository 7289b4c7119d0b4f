//! Which letters each language is written with, and whether they are there. A family that is missing is no detail: another
//! one would draw boxes, clip marks or show Chinese with Japanese shapes.

use screen::Language;
use slint::{
    PlatformError,
    fontique_011::{fontique::GenericFamily, shared_collection},
};

use crate::generated::Tongue;

/// A family of letters.
#[derive(Debug, PartialEq)]
pub(crate) struct Family {
    /// As fontconfig knows it.
    pub(crate) name: &'static str,
    /// Debian's package.
    package: &'static str,
    /// Height of a line the family asks for itself, in heights of a letter: the toolkit multiplies it.
    natural: f32,
    /// Least height of a line so that marks above and below are whole, in heights of a letter.
    least: f32,
    /// How much higher a line is than one of Japanese: marks stack.
    stretch: f32,
}

/// Universal design, for Japanese and for Latin letters without stacked marks.
const BIZ: Family =
    Family { name: "BIZ UDPGothic", package: "fonts-morisawa-bizud-gothic", natural: 1.0, least: 1.0, stretch: 1.0 };
const SANS: Family =
    Family { name: "Noto Sans", package: "fonts-noto-core", natural: 1.362, least: 1.33, stretch: 1.0 };
const DEVANAGARI: Family =
    Family { name: "Noto Sans Devanagari", package: "fonts-noto-core", natural: 1.304, least: 1.42, stretch: 1.08 };
const MYANMAR: Family =
    Family { name: "Noto Sans Myanmar", package: "fonts-noto-core", natural: 2.184, least: 1.65, stretch: 1.3 };
const SIMPLIFIED: Family =
    Family { name: "Noto Sans CJK SC", package: "fonts-noto-cjk", natural: 1.448, least: 1.3, stretch: 1.0 };
const TRADITIONAL: Family =
    Family { name: "Noto Sans CJK TC", package: "fonts-noto-cjk", natural: 1.448, least: 1.3, stretch: 1.0 };
const KOREAN: Family =
    Family { name: "Noto Sans CJK KR", package: "fonts-noto-cjk", natural: 1.448, least: 1.3, stretch: 1.0 };

/// For what the family of the language lacks: Latin letters beside Devanagari, rare kanji of names.
const BEHIND: [&str; 3] = ["Noto Sans", "BIZ UDPGothic", "Noto Sans CJK JP"];

/// The first family of a language (kiosk.md).
pub(crate) const fn family(language: Language) -> &'static Family {
    match language {
        Language::Ja | Language::JaEasy | Language::En | Language::Pt | Language::Fil | Language::Id => &BIZ,
        Language::Vi => &SANS,
        Language::Ne => &DEVANAGARI,
        Language::My => &MYANMAR,
        Language::ZhHans => &SIMPLIFIED,
        Language::ZhHant => &TRADITIONAL,
        Language::Ko => &KOREAN,
    }
}

/// The factor that makes lines `height` letters apart; never so near that marks of two lines meet.
pub(crate) fn line_factor(height: f32, language: Language) -> f32 {
    lines_apart(height, language) / family(language).natural
}

/// How far lines are apart, heights of a letter.
pub(crate) fn lines_apart(height: f32, language: Language) -> f32 {
    let family = family(language);
    (height * family.stretch).max(family.least)
}

/// Sees that every family is installed, and names what is looked at after them. The toolkit has its window by now.
///
/// # Errors
/// When one is missing: which, and the package it is in.
pub(crate) fn prepare() -> Result<(), PlatformError> {
    let mut fonts = shared_collection();
    let mut missing: Vec<&Family> = Vec::new();
    for language in Language::ALL {
        let family = family(language);
        if fonts.family_id(family.name).is_none() && !missing.contains(&family) {
            missing.push(family);
        }
    }
    if !missing.is_empty() {
        return Err(PlatformError::Other(complaint(&missing)));
    }
    let behind: Vec<_> = BEHIND.into_iter().filter_map(|name| fonts.family_id(name)).collect();
    for generic in [GenericFamily::SansSerif, GenericFamily::SystemUi] {
        fonts.set_generic_families(generic, behind.iter().copied());
    }
    Ok(())
}

fn complaint(missing: &[&Family]) -> String {
    let names: Vec<_> = missing.iter().map(|family| format!("\"{}\" ({})", family.name, family.package)).collect();
    let mut packages: Vec<_> = missing.iter().map(|family| family.package).collect();
    packages.sort_unstable();
    packages.dedup();
    format!(
        "letters are missing on this machine: {}. Without them some languages would be drawn as boxes. Install them: \
         scripts/setup window, or apt-get install {}",
        names.join(", "),
        packages.join(" ")
    )
}

impl From<Language> for Tongue {
    fn from(language: Language) -> Self {
        match language {
            Language::Ja => Self::Ja,
            Language::JaEasy => Self::JaEasy,
            Language::En => Self::En,
            Language::ZhHans => Self::ZhHans,
            Language::ZhHant => Self::ZhHant,
            Language::Ko => Self::Ko,
            Language::Vi => Self::Vi,
            Language::Pt => Self::Pt,
            Language::Fil => Self::Fil,
            Language::Ne => Self::Ne,
            Language::Id => Self::Id,
            Language::My => Self::My,
        }
    }
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Ja => Self::Ja,
            Tongue::JaEasy => Self::JaEasy,
            Tongue::En => Self::En,
            Tongue::ZhHans => Self::ZhHans,
            Tongue::ZhHant => Self::ZhHant,
            Tongue::Ko => Self::Ko,
            Tongue::Vi => Self::Vi,
            Tongue::Pt => Self::Pt,
            Tongue::Fil => Self::Fil,
            Tongue::Ne => Self::Ne,
            Tongue::Id => Self::Id,
            Tongue::My => Self::My,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_family_is_named_with_its_package_once() {
        let text = complaint(&[&SIMPLIFIED, &KOREAN, &MYANMAR]);
        assert!(text.contains("\"Noto Sans CJK KR\" (fonts-noto-cjk)"), "{text}");
        assert!(text.ends_with("apt-get install fonts-noto-cjk fonts-noto-core"), "{text}");
    }

    #[test]
    fn lines_are_as_high_as_the_marks_need() {
        assert_eq!(line_factor(1.5, Language::Ja), 1.5);
        // 1.5 letters, whatever the family would take by itself.
        assert!((line_factor(1.5, Language::ZhHans) * 1.448 - 1.5).abs() < 1e-6);
        // The tails of Latin letters beside Chinese.
        assert!((line_factor(1.15, Language::Ko) * 1.448 - 1.3).abs() < 1e-6);
        assert!((line_factor(1.15, Language::My) * 2.184 - 1.65).abs() < 1e-6);
    }
}
