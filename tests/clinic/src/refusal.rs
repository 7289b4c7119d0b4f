//! A refusal: the stable word, its status, and a line for support that holds nothing about a person.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use qualification::{Word, protocol::Problem};

/// Why the service says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable word.
    pub word: Word,
    /// For support.
    pub detail: String,
}

impl Refusal {
    /// A refusal with a line for support.
    pub fn new(word: Word, detail: impl Into<String>) -> Self {
        Self { word, detail: detail.into() }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(Word::Internal, format!("books: {error}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.word.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(Problem { error: self.word.text().to_owned(), detail: self.detail })).into_response()
    }
}
