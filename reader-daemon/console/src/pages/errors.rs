//! What cannot be answered: what it is, and a way on.

use axum::{
    Extension,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use maud::html;

use crate::{
    app::{App, Visitor},
    language::Words,
    layout::{Page, Place, Reload},
    words::{BACK_TO_NOW, words},
};

words! {
    FORBIDDEN: "この操作は受け付けられません", "This was not accepted";
    FORBIDDEN_WHY: "ページを開いてから時間がたったか、別の場所から送られました。ページを開き直して、もう一度お試しください。",
        "The page was open for too long, or the request came from elsewhere. Open the page again and repeat it.";
    MISSING: "このページはありません", "There is no such page";
    MISSING_WHY: "アドレスを確かめるか、「いま」のページへ戻ってください。", "Check the address, or go back to the page Now.";
    METHOD: "この操作はできません", "This cannot be done here";
    METHOD_WHY: "ページのボタンを使って、もう一度お試しください。", "Use the button on the page.";
    LARGE: "送られた内容が大きすぎるか、時間がかかりすぎました", "What was sent is too large, or took too long";
    LARGE_WHY: "ページを開き直して、もう一度お試しください。", "Open the page again and repeat it.";
    BUSY: "いまは表示できません", "This cannot be shown now";
    BUSY_WHY: "端末が時間内に答えませんでした。少し待って、もう一度開いてください。続くときは「点検」を見てください。",
        "The terminal did not answer in time. Wait a little and open it again. If that does not help, see Health.";
    HOST: "このアドレスでは開けません", "It cannot be opened by this address";
    HOST_WHY: "別の名前で端末に接続しました。端末のIPアドレスか、設定にある名前で開いてください。",
        "The terminal was reached by another name. Open it by its IP address or by a name that its settings list.";
    LOGIN: "ログインのページへ", "To the login page";
}

/// A page for this status.
pub(crate) fn page(visitor: &Visitor, status: StatusCode) -> Response {
    let (what, why) = match status {
        StatusCode::FORBIDDEN => (FORBIDDEN, FORBIDDEN_WHY),
        StatusCode::NOT_FOUND => (MISSING, MISSING_WHY),
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNSUPPORTED_MEDIA_TYPE => (METHOD, METHOD_WHY),
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT => (LARGE, LARGE_WHY),
        _ => (BUSY, BUSY_WHY),
    };
    let way_on = if visitor.session.is_some() { ("/", BACK_TO_NOW) } else { ("/login", LOGIN) };
    let mut answer = render(visitor, status, what, why, Some(way_on));
    if matches!(status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
        // The rest of the body is not read.
        answer.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    }
    answer
}

/// A foreign name: nothing of the terminal is said, and no link leads on under that name.
pub(crate) fn host(visitor: &Visitor, _app: &App) -> Response {
    render(visitor, StatusCode::MISDIRECTED_REQUEST, HOST, HOST_WHY, None)
}

/// No such path.
pub(crate) async fn missing(Extension(visitor): Extension<Visitor>) -> Response {
    page(&visitor, StatusCode::NOT_FOUND)
}

fn render(
    visitor: &Visitor,
    status: StatusCode,
    what: Words,
    why: Words,
    way_on: Option<(&'static str, Words)>,
) -> Response {
    let language = visitor.language;
    let content = html! {
        div class="sheet narrow" {
            h1 { (language.say(what)) }
            p { (language.say(why)) }
            @if let Some((path, name)) = way_on {
                p { a class="button" href=(path) { (language.say(name)) } }
            }
        }
    };
    // The language form would send back to the path that failed.
    let visitor = Visitor { asked: "/".to_owned(), ..visitor.clone() };
    let title = language.say(what);
    let page = Page { visitor: &visitor, place: Place::Elsewhere, title, reload: Reload::Never, content };
    (status, page.respond()).into_response()
}
