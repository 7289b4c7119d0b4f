//! A table of a data file, read key by key: what is taken is gone from it, and what is left at the end is an error.

use screen::Language;
use serde::de::DeserializeOwned;

use super::{LANGUAGES, MAX_PARAGRAPHS, MAX_TEXT, TextsError};

const AS_BUILT_IN: &str = "compare with the built-in file in reader-daemon/data";

/// A table and where it stands.
pub(super) struct Table {
    path: String,
    keys: toml::Table,
}

impl Table {
    /// A whole file. Its errors have line and column; a key that stands twice is one of them.
    pub(super) fn of_file(text: &str) -> Result<Self, TextsError> {
        match text.parse() {
            Ok(keys) => Ok(Self { path: String::new(), keys }),
            Err(error) => Err(TextsError::new("the file", error.to_string().trim_end(), "correct that line")),
        }
    }

    /// The same table under a name that says more than its path.
    pub(super) fn called(self, path: String) -> Self {
        Self { path, ..self }
    }

    pub(super) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn keys(&self) -> Vec<String> {
        self.keys.keys().cloned().collect()
    }

    pub(super) fn error(&self, key: &str, cause: impl Into<String>, cure: impl Into<String>) -> TextsError {
        TextsError::new(self.path(key), cause, cure)
    }

    fn take<T: DeserializeOwned>(&mut self, key: &str, wanted: &str) -> Result<T, TextsError> {
        let Some(value) = self.keys.remove(key) else {
            return Err(self.error(key, "it is missing", format!("add it; {AS_BUILT_IN}")));
        };
        let found = value.type_str();
        value.try_into().map_err(|_| self.error(key, format!("{wanted} is wanted, not this {found}"), AS_BUILT_IN))
    }

    /// A text that can be shown.
    pub(super) fn text(&mut self, key: &str) -> Result<String, TextsError> {
        let text = self.take(key, "a text")?;
        self.fit(key, text)
    }

    /// A text that can be shown, or nothing.
    pub(super) fn text_if_any(&mut self, key: &str) -> Result<Option<String>, TextsError> {
        self.keys.contains_key(key).then(|| self.text(key)).transpose()
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool, TextsError> {
        self.take(key, "true or false")
    }

    /// `true` or `false`, or nothing, which is `false`.
    pub(super) fn flag_if_any(&mut self, key: &str) -> Result<bool, TextsError> {
        if self.keys.contains_key(key) { self.flag(key) } else { Ok(false) }
    }

    /// The paragraphs of 「くわしく」.
    pub(super) fn paragraphs(&mut self, key: &str) -> Result<Vec<String>, TextsError> {
        let texts: Vec<String> = self.take(key, "a list of paragraphs")?;
        if texts.is_empty() || texts.len() > MAX_PARAGRAPHS {
            return Err(self.error(key, format!("it has {} paragraphs", texts.len()), "write 1 to 12, four at best"));
        }
        texts.into_iter().map(|text| self.fit(key, text)).collect()
    }

    /// A table inside.
    pub(super) fn table(&mut self, key: &str) -> Result<Self, TextsError> {
        Ok(Self { path: self.path(key), keys: self.take(key, "a table")? })
    }

    /// A list of tables.
    pub(super) fn tables(&mut self, key: &str) -> Result<Vec<Self>, TextsError> {
        let tables: Vec<toml::Table> = self.take(key, "a list of tables")?;
        let at = |(at, keys)| Self { path: format!("{} {}", self.path(key), at + 1), keys };
        Ok(tables.into_iter().enumerate().map(at).collect())
    }

    /// What each language says.
    pub(super) fn languages<T>(
        &mut self,
        mut read: impl FnMut(&mut Self, Language) -> Result<T, TextsError>,
    ) -> Result<Vec<(Language, T)>, TextsError> {
        let texts = LANGUAGES.into_iter().map(|language| Ok((language, read(self, language)?)));
        texts.collect()
    }

    /// One text in each language, and nothing else.
    pub(super) fn line(&mut self, key: &str) -> Result<Vec<(Language, String)>, TextsError> {
        let mut table = self.table(key)?;
        let lines = table.languages(|table, language| table.text(language.key()))?;
        table.end()?;
        Ok(lines)
    }

    /// Everything was read.
    pub(super) fn end(self) -> Result<(), TextsError> {
        let Some(key) = self.keys.keys().next() else { return Ok(()) };
        Err(self.error(key, "no such key", format!("correct or remove it; {AS_BUILT_IN}")))
    }

    fn fit(&self, key: &str, text: String) -> Result<String, TextsError> {
        let cause = if text.trim().is_empty() {
            "it is empty"
        } else if text.chars().count() > MAX_TEXT {
            "it has more than 400 characters"
        } else if text.chars().any(char::is_control) {
            "it holds a line break or another control character"
        } else {
            return Ok(text);
        };
        Err(self.error(key, cause, "write one short paragraph"))
    }
}
