//! Japanese or English, as the cookie says.

use axum::http::HeaderMap;

use crate::{session::cookie, terminal::Text};

/// Name of the cookie.
pub(crate) const COOKIE: &str = "language";

/// A language of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// 日本語
    #[default]
    Japanese,
    /// English
    English,
}

/// A text of ours in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) ja: &'static str,
    pub(crate) en: &'static str,
}

impl Language {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Japanese => Self::English,
            Self::English => Self::Japanese,
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        [Self::Japanese, Self::English].into_iter().find(|language| language.code() == code)
    }

    /// What the browser's cookie says; Japanese otherwise.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        cookie(headers, COOKIE).and_then(Self::from_code).unwrap_or_default()
    }

    pub(crate) const fn say(self, words: Words) -> &'static str {
        match self {
            Self::Japanese => words.ja,
            Self::English => words.en,
        }
    }

    pub(crate) fn read(self, text: &Text) -> &str {
        match self {
            Self::Japanese => &text.ja,
            Self::English => &text.en,
        }
    }
}
