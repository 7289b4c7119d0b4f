//! What goes on now: what staff do next, what waits for them, how the parts stand.

use std::sync::Arc;

use axum::{Extension, extract::State, response::Response};
use maud::{Markup, html};

use crate::{
    app::{App, Visitor},
    form::Fields,
    layout::{Page, Place, Reload, Sign, sign, token},
    pages::{now_words::*, see},
    terminal::{Note, Now, Part, PartKind, PartState, Step, VisualCheck},
    time::{now_ms, short},
    words::{CODE, WORKS},
};

/// The page.
pub(crate) async fn show(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    let now = app.terminal.now().borrow().clone();
    let language = visitor.language;
    let content = html! {
        div class="strip" {
            h1 { (language.say(TITLE)) }
            p class="soft" { (now.terminal) @if let Some(facility) = &now.facility { " ・ " (facility) } }
        }
        p id="stale" class="told" role="alert" hidden data-text=(language.say(STALE)) {}
        p id="news" class="unseen" role="status" aria-live="polite" data-text=(language.say(NEW_NOTE)) {}
        div id="live" { (fragment(&visitor, &now)) }
    };
    let title = language.say(crate::words::NOW);
    Page { visitor: &visitor, place: Place::Now, title, reload: Reload::Live, content }.respond()
}

/// The part that changes. Each block has an id: the script replaces only those that differ.
pub(crate) fn fragment(visitor: &Visitor, now: &Now) -> Markup {
    let language = visitor.language;
    html! {
        div id="practice" {
            @if now.practice { p class="band" { (language.say(PRACTICE)) } }
        }
        (hero(visitor, now))
        div class="columns" {
            div { (notes(visitor, now)) }
            div class="side" {
                (links(visitor, now))
                (devices(visitor, now))
                section id="results" class="sheet" {
                    h2 { (language.say(RESULTS)) }
                    @if now.undelivered == 0 {
                        p class="state" { (sign(Sign::Good)) span { (language.say(ALL_DELIVERED)) } }
                    } @else {
                        p class="state" {
                            (sign(Sign::Take)) span { strong { (now.undelivered) } (language.say(UNDELIVERED_COUNT)) }
                        }
                    }
                }
                (visual_check(visitor, now))
            }
        }
    }
}

fn hero(visitor: &Visitor, now: &Now) -> Markup {
    let language = visitor.language;
    let (step, action, need) = step(now.step);
    let waiting = now.notes.len();
    // Who stands at the terminal and needs someone comes before what waits in the list.
    let (action, need) = match need {
        Need::Nothing | Need::Watch if waiting > 0 => (DO_NOTES, Need::Go),
        Need::Nothing | Need::Watch | Need::Go => (action, need),
    };
    let (class, picture) = match need {
        Need::Nothing => ("hero calm", Sign::Good),
        Need::Watch => ("hero watch", Sign::None),
        Need::Go => ("hero go", Sign::Take),
    };
    let name = language.say(crate::words::NOW);
    let title = if waiting > 0 { format!("({waiting}) {name}") } else { name.to_owned() };
    html! {
        section id="hero" class=(class) data-title=(title) {
            (sign(picture))
            div {
                h2 class="action" {
                    (language.say(action))
                    @if action == DO_NOTES { " " span class="count" { (waiting) } }
                }
                p class="step" {
                    span class="soft" { (language.say(PATIENT)) } " "
                    strong { (language.say(step)) }
                    @if let Step::NeedsHelp(code) = now.step { " " (self::code(visitor, code)) }
                }
                p class="soft" { (since(visitor, now.since_ms)) }
            }
        }
    }
}

/// `14:03から（5分）`
fn since(visitor: &Visitor, ms: u64) -> Markup {
    let language = visitor.language;
    let minutes = now_ms().saturating_sub(ms) / 60_000;
    html! {
        @match language {
            crate::language::Language::Japanese => { (short(ms)) (language.say(SINCE)) }
            crate::language::Language::English => { (language.say(SINCE)) " " (short(ms)) }
        }
        @if minutes > 0 { " (" (minutes) (language.say(MINUTES)) ")" }
    }
}

fn code(visitor: &Visitor, code: u16) -> Markup {
    html! { span class="code" { (visitor.language.say(CODE)) " " (format!("{code:03}")) } }
}

fn notes(visitor: &Visitor, now: &Now) -> Markup {
    let language = visitor.language;
    html! {
        section id="notes" aria-labelledby="notes-title" {
            h2 id="notes-title" { (language.say(NOTES)) " " span class="count" { (now.notes.len()) } }
            @if now.notes.is_empty() {
                p class="sheet soft" { (language.say(NO_NOTES)) }
            } @else {
                ol class="notes" { @for note in &now.notes { (self::note(visitor, note)) } }
            }
        }
    }
}

fn note(visitor: &Visitor, note: &Note) -> Markup {
    let language = visitor.language;
    let title = format!("note-{}", note.id);
    let minutes = now_ms().saturating_sub(note.at_ms) / 60_000;
    html! {
        li class="note" data-note=(note.id) {
            div class="words" {
                h3 id=(title) { (language.say(now_words(note))) }
                p class="soft" {
                    (short(note.at_ms)) " ・ "
                    @if minutes == 0 { (language.say(JUST_NOW)) } @else { (minutes) (language.say(AGO)) }
                    @if let Some(code) = note.code { " ・ " (self::code(visitor, code)) }
                }
                p class="text" { (language.read(&note.text)) }
                @if !note.advice.is_empty() {
                    ul class="advice" { @for advice in &note.advice { li { (language.read(advice)) } } }
                }
            }
            form method="post" action="/settle" {
                (token(visitor))
                button id=(format!("settle-{}", note.id)) name="note" value=(note.id) aria-describedby=(title) {
                    (language.say(SETTLE))
                }
            }
        }
    }
}

const fn now_words(note: &Note) -> crate::language::Words {
    crate::pages::now_words::note(note.kind)
}

/// From here to the clinic's PC to the centre: where it is cut is seen at once.
fn links(visitor: &Visitor, now: &Now) -> Markup {
    let language = visitor.language;
    html! {
        section id="links" class="sheet" {
            h2 { (language.say(LINKS)) }
            ul class="parts chain" {
                li { (sign(Sign::Good)) span class="name" { (language.say(TERMINAL)) } }
                @for one in now.parts.iter().filter(|part| is_link(part.kind)) { (part_line(visitor, one)) }
            }
        }
    }
}

fn devices(visitor: &Visitor, now: &Now) -> Markup {
    html! {
        section id="devices" class="sheet" {
            h2 { (visitor.language.say(DEVICES)) }
            ul class="parts" {
                @for one in now.parts.iter().filter(|part| !is_link(part.kind)) { (part_line(visitor, one)) }
            }
        }
    }
}

const fn is_link(kind: PartKind) -> bool {
    match kind {
        PartKind::Service | PartKind::Centre => true,
        PartKind::CardReader | PartKind::PhoneReader | PartKind::Face | PartKind::Screen | PartKind::Storage => false,
    }
}

fn part_line(visitor: &Visitor, one: &Part) -> Markup {
    let language = visitor.language;
    let (picture, words) = match &one.state {
        PartState::Works => (Sign::Good, WORKS),
        PartState::NotUsed => (Sign::None, NOT_USED),
        PartState::Unknown => (Sign::None, UNKNOWN),
        PartState::Away { .. } => (Sign::Bad, AWAY),
    };
    html! {
        li {
            (sign(picture))
            span class="name" { (language.say(part(one.kind))) }
            span class="soft" { (language.say(words)) }
            @if let PartState::Away { code, since_ms, advice } = &one.state {
                p class="why" {
                    (self::code(visitor, *code)) " " (since(visitor, *since_ms)) br;
                    (language.read(advice))
                }
            }
        }
    }
}

fn visual_check(visitor: &Visitor, now: &Now) -> Markup {
    let language = visitor.language;
    html! {
        @if let Some(state) = now.visual {
            section id="visual" class="sheet" {
                h2 { (language.say(VISUAL)) }
                @let picture = match state {
                    VisualCheck::Open => Sign::Good,
                    VisualCheck::NoPasscode => Sign::None,
                    VisualCheck::Closed | VisualCheck::ClosedForDay => Sign::Bad,
                };
                p class="state" { (sign(picture)) span { (language.say(visual(state))) } }
                @match state {
                    VisualCheck::ClosedForDay => {
                        p { a class="button" href="/visual-check" { (language.say(VISUAL_OPEN_AGAIN)) } }
                    }
                    VisualCheck::Open | VisualCheck::NoPasscode | VisualCheck::Closed => {}
                }
            }
        }
    }
}

/// 「対応しました」. A note that is gone already was settled at another desk; the page shows it.
pub(crate) async fn settle(State(app): State<Arc<App>>, Extension(fields): Extension<Fields>) -> Response {
    if let Ok(note) = fields.get("note").parse() {
        app.terminal.settle(note);
    }
    see("/")
}
