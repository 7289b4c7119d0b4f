//! The pages, each in a file of its own.

pub(crate) mod assets;
pub(crate) mod errors;
pub(crate) mod health;
pub(crate) mod journal;
pub(crate) mod journal_files;
pub(crate) mod language;
pub(crate) mod live;
pub(crate) mod login;
pub(crate) mod now;
pub(crate) mod now_words;
pub(crate) mod statistics;
pub(crate) mod statistics_words;
pub(crate) mod visual_check;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::{form::Fields, terminal::Day, time::now_ms};

/// Look there instead.
pub(crate) fn see(path: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, HeaderValue::from_static(path))]).into_response()
}

/// The days that were asked for.
pub(crate) struct Days {
    pub(crate) from: Day,
    pub(crate) to: Day,
    /// What was asked for could not be read, so it is today.
    pub(crate) unreadable: bool,
}

impl Days {
    pub(crate) fn of(fields: &Fields) -> Self {
        let today = Day::at(now_ms());
        let read = |name| match fields.get(name) {
            "" => Some(today.clone()),
            text => Day::parse(text),
        };
        match (read("from"), read("to")) {
            (Some(from), Some(to)) if from <= to => Self { from, to, unreadable: false },
            // Typed the other way round: what was meant is plain.
            (Some(from), Some(to)) => Self { from: to, to: from, unreadable: false },
            (Some(_) | None, None) | (None, Some(_)) => Self { from: today.clone(), to: today, unreadable: true },
        }
    }
}
