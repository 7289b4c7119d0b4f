//! Fields of a query or a form: bounded, and never an error. What is not there is empty.

use crate::limits::{MAX_FIELDS, MAX_QUERY};

/// Name and value, in the order they came.
#[derive(Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of the part behind the question mark.
    pub(crate) fn of_query(query: Option<&str>) -> Self {
        Self::of(query.filter(|query| query.len() <= MAX_QUERY).unwrap_or("").as_bytes())
    }

    /// Of `application/x-www-form-urlencoded`. Bytes that are no text become `�`.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(bytes).take(MAX_FIELDS);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The first of this name; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// Wiped, because one of them may be a password.
impl Drop for Fields {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| zeroize::Zeroize::zeroize(value));
    }
}

/// `?from=2026-11-23&search=a%26b` of these pairs, without those that are empty.
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        text.append_pair(name, value);
    }
    let text = text.finish();
    if text.is_empty() { text } else { format!("?{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_bounded_and_lossy() {
        let fields = Fields::of_query(Some("a=1&a=2&b=%E3%81%82+%26&c=%ff&d"));
        assert_eq!((fields.get("a"), fields.get("b"), fields.get("c"), fields.get("d")), ("1", "あ &", "\u{fffd}", ""));
        assert_eq!(fields.get("missing"), "");
        let many: String = (0..100).map(|number| format!("n{number}=x&")).collect();
        assert_eq!((Fields::of(many.as_bytes()).get("n15"), Fields::of(many.as_bytes()).get("n16")), ("x", ""));
        assert_eq!(Fields::of_query(Some(&format!("a=1&b={}", "x".repeat(3000)))).get("a"), "", "too long");
    }

    #[test]
    fn a_query_is_written_as_it_is_read() {
        assert_eq!(query(&[("a", ""), ("b", "")]), "");
        let text = query(&[("from", "2026-11-23"), ("search", "a&b=あ\""), ("page", "")]);
        assert_eq!(Fields::of_query(text.strip_prefix('?')).get("search"), "a&b=あ\"");
    }
}
