//! Style, script and icon: built into the program, so no file of the disk is ever served.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

fn asset(kind: &'static str, text: &'static str) -> Response {
    // They change only with the program; an hour after an update they are new everywhere.
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=3600")], text).into_response()
}

pub(crate) async fn style() -> impl IntoResponse {
    asset("text/css; charset=utf-8", include_str!("../../assets/style.css"))
}

pub(crate) async fn script() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", include_str!("../../assets/console.js"))
}

pub(crate) async fn icon() -> impl IntoResponse {
    asset("image/svg+xml", include_str!("../../assets/icon.svg"))
}
