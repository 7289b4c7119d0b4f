//! The switch between Japanese and English.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::{
    app::{App, Visitor},
    form::Fields,
    language::{COOKIE, Language},
    limits::LANGUAGE_LIFE,
    pages::errors,
    router::ROUTES,
};

/// Sets the cookie and shows the page again.
pub(crate) async fn switch(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let Some(language) = Language::from_code(fields.get("language")) else {
        return errors::page(&visitor, StatusCode::FORBIDDEN);
    };
    let back = HeaderValue::from_str(back(fields.get("back"))).unwrap_or(HeaderValue::from_static("/"));
    let cookie = format!("{}; Max-Age={}", app.cookie(COOKIE, language.code()), LANGUAGE_LIFE.as_secs());
    let Ok(cookie) = HeaderValue::from_str(&cookie) else {
        return errors::page(&visitor, StatusCode::FORBIDDEN);
    };
    let mut answer = (StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response();
    answer.headers_mut().insert(header::SET_COOKIE, cookie);
    answer
}

/// Only a page of ours: anything else would lead browsers away.
fn back(asked: &str) -> &str {
    let path = asked.split('?').next().unwrap_or("");
    let ours = ROUTES.iter().any(|route| route.path == path) && asked.bytes().all(|byte| byte.is_ascii_graphic());
    if ours { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_gone_back_to() {
        assert_eq!(back("/journal?from=2026-11-23&search=a"), "/journal?from=2026-11-23&search=a");
        for wrong in
            ["", "//evil.example", "https://evil.example/", "/nowhere", "/\\evil", "/journal\r\nX: y", "/journal/../x"]
        {
            assert_eq!(back(wrong), "/", "{wrong}");
        }
    }
}
