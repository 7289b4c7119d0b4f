//! Login and logout.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};
use zeroize::Zeroizing;

use crate::{
    app::{App, Login, Peer, Visitor},
    form::Fields,
    layout::{Page, Place, Reload, token},
    limits::MAX_PASSWORD,
    pages::{errors, see},
    password::Unusable,
    words::words,
};

words! {
    TITLE: "ログイン", "Log in";
    INTRO: "職員用のページです。", "These pages are for staff.";
    PASSWORD: "職員用パスワード", "Staff password";
    ENTER: "ログインする", "Log in now";
    WRONG: "パスワードが違います。", "The password is wrong.";
    PAUSE: "続けて間違えたため、いまは受け付けません。残り", "After wrong passwords none is looked at now. Time left:";
    SECONDS: "秒", " seconds";
    PAUSE_CURE: "時間がたってから、もう一度入力してください。正しいパスワードも、それまでは受け付けません。",
        "Type it again afterwards. Until then the right password is refused too.";
    MISSING: "パスワードがまだ設定されていません。端末の設定をする人に、コンソールのパスワードの設定を頼んでください。",
        "No password is set yet. Ask the person who sets the terminal up to set the console's password.";
    UNUSABLE: "パスワードのファイルを使えません。端末の設定をする人に、設定し直すよう頼んでください。原因：",
        "The password's file cannot be used. Ask the person who sets the terminal up to set it again. Cause:";
    BUSY: "いまログインが混み合っています。少し待って、もう一度お試しください。",
        "Too many are logging in now. Wait a little and try again.";
}

/// The form.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Extension(peer): Extension<Peer>,
) -> Response {
    if visitor.session.is_some() {
        return see("/");
    }
    let pause = app.pause(peer.remote);
    page(&visitor, (pause > Duration::ZERO).then(|| told_pause(&visitor, pause)))
}

/// Looks at the password, unless there is a pause.
pub(crate) async fn log_in(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Extension(peer): Extension<Peer>,
    Extension(fields): Extension<Fields>,
) -> Response {
    let language = visitor.language;
    let password = Zeroizing::new(fields.get("password").to_owned());
    let (status, told) = match app.log_in(peer.remote, password).await {
        Login::In(session) => {
            if let Some(before) = &visitor.session {
                app.log_out(before);
            }
            let cookie = Zeroizing::new(app.cookie(app.session_cookie(), &session.text()));
            let Ok(cookie) = HeaderValue::from_str(&cookie) else {
                return errors::page(&visitor, StatusCode::SERVICE_UNAVAILABLE);
            };
            let mut answer = see("/");
            answer.headers_mut().insert(header::SET_COOKIE, cookie);
            return answer;
        }
        Login::Wrong => {
            let pause = app.pause(peer.remote);
            let told = html! {
                p { (language.say(WRONG)) }
                @if pause > Duration::ZERO { (told_pause(&visitor, pause)) }
            };
            (StatusCode::FORBIDDEN, told)
        }
        Login::Pause(left) => (StatusCode::TOO_MANY_REQUESTS, told_pause(&visitor, left)),
        Login::Unusable(Unusable::Missing) => (StatusCode::FORBIDDEN, html! { p { (language.say(MISSING)) } }),
        Login::Unusable(unusable) => {
            let told = html! { p { (language.say(UNUSABLE)) " " span lang="en" { (unusable) } } };
            (StatusCode::FORBIDDEN, told)
        }
        Login::Busy => (StatusCode::TOO_MANY_REQUESTS, html! { p { (language.say(BUSY)) } }),
    };
    (status, page(&visitor, Some(told))).into_response()
}

/// Ends the session.
pub(crate) async fn log_out(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    if let Some(session) = &visitor.session {
        app.log_out(session);
    }
    let mut answer = see("/login");
    if let Ok(cookie) = HeaderValue::from_str(&app.cookie(app.session_cookie(), "")) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer
}

fn told_pause(visitor: &Visitor, left: Duration) -> Markup {
    let language = visitor.language;
    // Rounded up: after the seconds that are told it is over.
    let seconds = left.as_millis().div_ceil(1000);
    html! {
        p { (language.say(PAUSE)) " " strong { (seconds) (language.say(SECONDS)) } }
        p { (language.say(PAUSE_CURE)) }
    }
}

fn page(visitor: &Visitor, told: Option<Markup>) -> Response {
    let language = visitor.language;
    let content = html! {
        div class="sheet narrow" {
            h1 { (language.say(TITLE)) }
            p { (language.say(INTRO)) }
            @if let Some(told) = told {
                div class="told" role="alert" { (told) }
            }
            form method="post" action="/login" class="stack" {
                (token(visitor))
                label for="password" { (language.say(PASSWORD)) }
                input id="password" name="password" type="password" autocomplete="current-password" required
                    maxlength=(MAX_PASSWORD) autofocus;
                button class="main" { (language.say(ENTER)) }
            }
        }
    };
    // The language form comes back to the form, not to what was posted.
    let visitor = Visitor { asked: "/login".to_owned(), ..visitor.clone() };
    let title = language.say(TITLE);
    Page { visitor: &visitor, place: Place::Elsewhere, title, reload: Reload::Never, content }.respond()
}
