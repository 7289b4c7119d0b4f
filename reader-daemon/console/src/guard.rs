//! What every request passes before a page sees it: host, origin, login, form token. What every answer carries.

use std::sync::Arc;

use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::{
    app::{App, Peer, Visitor},
    form::Fields,
    language::Language,
    limits::{FORM_TIME, MAX_FORM},
    pages::{errors, see},
    router::{Access, access},
    session::{Token, cookie},
};

/// Nothing but this page's own style, script and data; nobody frames it, no form leaves it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// `same-origin`: nothing goes anywhere else. Not `no-referrer`, with which browsers send `Origin: null` with our own forms
/// (Fetch, "append a request Origin header"), and the check below could not tell them from foreign ones.
const REFERRER: &str = "same-origin";

/// The whole of it.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let mut answer = admit(&app, peer, request, next).await;
    let headers = answer.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::REFERRER_POLICY, REFERRER);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    // Style and script say themselves how long they may be kept.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

async fn admit(app: &Arc<App>, peer: Peer, mut request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str()).to_owned();
    let mut visitor = Visitor { language, session: None, form: String::new(), asked };
    let Some(host) = host(request.headers(), request.uri()) else { return errors::host(&visitor, app) };
    if !is_ours(&host, app, peer) {
        return errors::host(&visitor, app);
    }
    let changes = request.method() == Method::POST;
    if !origin_fits(request.headers(), app, &host, changes) {
        return errors::page(&visitor, StatusCode::FORBIDDEN);
    }
    if !changes && request.method() != Method::GET && request.method() != Method::HEAD {
        return errors::page(&visitor, StatusCode::METHOD_NOT_ALLOWED);
    }

    let given = cookie(request.headers(), app.session_cookie()).and_then(Token::parse);
    if let Some(token) = given
        && app.is_logged_in(&token).await
    {
        visitor.form = token.for_forms();
        visitor.session = Some(token);
    }
    let mut fresh = None;
    match access(request.uri().path()) {
        Access::Everyone => {}
        Access::Staff => {
            if visitor.session.is_none() {
                return if request.uri().path() == "/events" {
                    StatusCode::UNAUTHORIZED.into_response()
                } else {
                    see("/login")
                };
            }
        }
        Access::Login => {
            if visitor.session.is_none() {
                let known = cookie(request.headers(), app.login_cookie()).and_then(Token::parse);
                let Some(token) = known.clone().or_else(Token::new) else {
                    return errors::page(&visitor, StatusCode::SERVICE_UNAVAILABLE);
                };
                visitor.form = token.for_forms();
                if known.is_none() {
                    fresh = Some(token);
                }
            }
        }
    }
    if changes {
        request = match with_form(&visitor, request).await {
            Ok(request) => request,
            Err(status) => return errors::page(&visitor, status),
        };
    }
    request.extensions_mut().insert(visitor.clone());
    let mut answer = next.run(request).await;
    if answer.status() == StatusCode::METHOD_NOT_ALLOWED {
        answer = errors::page(&visitor, StatusCode::METHOD_NOT_ALLOWED);
    }
    if let Some(token) = fresh {
        let set = Zeroizing::new(app.cookie(app.login_cookie(), &token.text()));
        if let Ok(value) = HeaderValue::from_str(&set) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}

/// The form read, and its token compared with the one of the browser's cookie.
async fn with_form(visitor: &Visitor, request: Request) -> Result<Request, StatusCode> {
    let (mut parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let bytes = match timeout(FORM_TIME, to_bytes(body, MAX_FORM)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return Err(StatusCode::REQUEST_TIMEOUT),
    };
    let fields = Fields::of(&bytes);
    // Both are hashes of 32 random bytes: how long the comparison takes tells nothing that helps.
    if visitor.form.is_empty() || fields.get("form") != visitor.form {
        return Err(StatusCode::FORBIDDEN);
    }
    parts.extensions.insert(fields);
    Ok(Request::from_parts(parts, Body::empty()))
}

/// Name and port that were asked for; `None`: none, or more than one.
fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?.to_ascii_lowercase();
    let one = hosts.next().is_none();
    // A request line with a host of its own would let the two differ.
    (one && uri.authority().is_none()).then_some(host)
}

/// Against DNS rebinding: a foreign name that leads here is not ours.
fn is_ours(host: &str, app: &App, peer: Peer) -> bool {
    let default = if app.secure { 443 } else { 80 };
    let (name, port) = match host.rsplit_once(':') {
        // The last colon of an IPv6 address is inside its brackets.
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
        Some(_) | None => (host, Some(default)),
    };
    let local = peer.local.to_canonical();
    let address = match local {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    };
    let named =
        name == address || app.names.iter().any(|own| own == name) || (local.is_loopback() && name == "localhost");
    named && port == Some(app.port)
}

/// What changes something says where it comes from, and that is here.
fn origin_fits(headers: &HeaderMap, app: &App, host: &str, needed: bool) -> bool {
    let scheme = if app.secure { "https" } else { "http" };
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => !needed,
        (Some(origin), None) => origin.as_bytes() == format!("{scheme}://{host}").as_bytes(),
        (Some(_), Some(_)) => false,
    }
}
