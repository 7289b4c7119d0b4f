//! Opens the visual check again when it is closed for the day; asks first.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};

use crate::{
    app::{App, Visitor},
    layout::{Page, Place, Reload, token},
    pages::{errors, see},
    terminal::VisualCheck,
    words::{BACK_TO_NOW, words},
};

words! {
    TITLE: "目視確認を再開しますか", "Open the visual check again?";
    WHY: "今日は、職員の暗証番号が続けて間違えられたため、目視確認が閉じられています。", "Wrong staff passcodes closed the visual check for today.";
    CHECK: "だれが入力したか分からないときは、再開せずに責任者に知らせてください。",
        "If nobody knows who typed them, leave it closed and tell the person in charge.";
    OPEN: "再開する", "Open it again";
    CANCEL: "再開しない", "Leave it closed";
    NOT_CLOSED: "目視確認は閉じられていません", "The visual check is not closed";
    NOT_CLOSED_WHY: "いま再開する必要はありません。", "There is nothing to open now.";
    FAILED: "保存できなかったため、再開できませんでした。「点検」のページを見てください。原因：",
        "It could not be stored, so it was not opened. See the page Health. Cause:";
}

/// The question.
pub(crate) async fn ask(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    let language = visitor.language;
    if !is_closed(&app) {
        let content = html! {
            div class="sheet narrow" {
                h1 { (language.say(NOT_CLOSED)) }
                p { (language.say(NOT_CLOSED_WHY)) }
                p { a class="button" href="/" { (language.say(BACK_TO_NOW)) } }
            }
        };
        return page(&visitor, language.say(NOT_CLOSED), content);
    }
    question(&visitor, None)
}

/// The answer.
pub(crate) async fn open(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    if !is_closed(&app) {
        return see("/");
    }
    match app.ask(|terminal| terminal.open_visual_check()).await {
        Some(Ok(())) => see("/"),
        Some(Err(error)) => {
            (StatusCode::SERVICE_UNAVAILABLE, question(&visitor, Some(&error.to_string()))).into_response()
        }
        None => errors::page(&visitor, StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn is_closed(app: &App) -> bool {
    app.terminal.now().borrow().visual == Some(VisualCheck::ClosedForDay)
}

fn question(visitor: &Visitor, failed: Option<&str>) -> Response {
    let language = visitor.language;
    let content = html! {
        div class="sheet narrow" {
            h1 { (language.say(TITLE)) }
            @if let Some(error) = failed {
                div class="told" role="alert" { p { (language.say(FAILED)) " " (error) } }
            }
            p { (language.say(WHY)) }
            p { (language.say(CHECK)) }
            form method="post" action="/visual-check" class="row" {
                (token(visitor))
                button class="main" { (language.say(OPEN)) }
                a class="button" href="/" { (language.say(CANCEL)) }
            }
        }
    };
    page(visitor, language.say(TITLE), content)
}

fn page(visitor: &Visitor, title: &str, content: Markup) -> Response {
    Page { visitor, place: Place::Elsewhere, title, reload: Reload::Never, content }.respond()
}
