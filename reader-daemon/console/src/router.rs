//! Every path, who may ask for it, and what answers. Whatever is not listed is for staff and does not exist.

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{MethodRouter, get, post},
};

use crate::{app::App, guard, pages};

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anyone: style and script, which say nothing about the terminal.
    Everyone,
    /// Anyone, but the forms are bound to the browser.
    Login,
    /// Who is logged in.
    Staff,
}

/// One path.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    answer: fn() -> MethodRouter<Arc<App>>,
}

const fn route(path: &'static str, access: Access, answer: fn() -> MethodRouter<Arc<App>>) -> Route {
    Route { path, access, answer }
}

/// All of them.
pub(crate) const ROUTES: &[Route] = &[
    route("/style.css", Access::Everyone, || get(pages::assets::style)),
    route("/console.js", Access::Everyone, || get(pages::assets::script)),
    route("/icon.svg", Access::Everyone, || get(pages::assets::icon)),
    route("/login", Access::Login, || get(pages::login::show).post(pages::login::log_in)),
    route("/language", Access::Login, || post(pages::language::switch)),
    route("/logout", Access::Staff, || post(pages::login::log_out)),
    route("/", Access::Staff, || get(pages::now::show)),
    route("/events", Access::Staff, || get(pages::live::events)),
    route("/settle", Access::Staff, || post(pages::now::settle)),
    route("/visual-check", Access::Staff, || get(pages::visual_check::ask).post(pages::visual_check::open)),
    route("/health", Access::Staff, || get(pages::health::show).post(pages::health::look)),
    route("/journal", Access::Staff, || get(pages::journal::show)),
    route("/journal.csv", Access::Staff, || get(pages::journal_files::csv)),
    route("/journal.json", Access::Staff, || get(pages::journal_files::json)),
    route("/statistics", Access::Staff, || get(pages::statistics::show)),
];

/// Who may ask for this path.
pub(crate) fn access(path: &str) -> Access {
    ROUTES.iter().find(|route| route.path == path).map_or(Access::Staff, |route| route.access)
}

/// All of it behind the guard.
pub(crate) fn router(app: &Arc<App>) -> Router {
    let paths = ROUTES.iter().fold(Router::new(), |router, route| router.route(route.path, (route.answer)()));
    paths
        .fallback(pages::errors::missing)
        .layer(middleware::from_fn_with_state(Arc::clone(app), guard::guard))
        .with_state(Arc::clone(app))
}
