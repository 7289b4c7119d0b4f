//! The journal: what happened, whether its chain is whole, and a way to take it along.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use maud::{Markup, html};

use crate::{
    app::{App, Visitor},
    form::{Fields, query},
    layout::{Page, Place, Reload, Sign, sign},
    limits::{MAX_SEARCH, PAGE_LINES},
    pages::{Days, errors},
    terminal::{Chain, Journal, JournalLine},
    time::long,
    words::{BAD_DAYS, FROM, JOURNAL, SHOW, TO, words},
};

words! {
    INTRO: "端末の動きの記録です。患者さんの名前や番号は入っていません。", "What the terminal did. It holds no names and no numbers of patients.";
    SEARCH: "検索（出来事と内容）", "Search (event and members)";
    WHOLE: "記録は改ざんされていません", "The journal is whole";
    WHOLE_LINES: "行を確かめました。", " lines were checked.";
    SIGNED: "署名のある最後の日：", "Newest signed day:";
    NOT_SIGNED: "署名はまだありません。", "None is signed yet.";
    BROKEN: "記録のつながりが切れています", "The journal's chain is broken";
    BROKEN_AT: "場所：", "Where:";
    LINE: "行目", "line";
    BROKEN_CURE: "このページを印刷し、端末を止めずに責任者へ知らせてください。", "Print this page and tell the person in charge; leave the terminal running.";
    CUT: "行が多すぎるため、古いものは表示していません。期間を短くしてください。", "There are too many lines; the oldest are left out. Ask for fewer days.";
    NONE: "この期間の記録はありません。", "There are no lines of these days.";
    NONE_FOUND: "検索に合う記録はありません。", "No line fits the search.";
    NUMBER: "番号", "Number";
    TIME: "時刻", "Time";
    EVENT: "出来事", "Event";
    MEMBERS: "内容", "Members";
    TABLE: "記録", "Lines";
    LINES: "件", " lines";
    CSV: "CSVで保存", "Save as CSV";
    JSON: "JSONで保存", "Save as JSON";
    NEWER: "新しいほうへ", "Newer";
    OLDER: "古いほうへ", "Older";
    PAGE: "ページ", "Page";
}

/// What was asked for.
pub(crate) struct Asked {
    pub(crate) days: Days,
    /// As typed, bounded.
    pub(crate) search: String,
    /// From 1.
    page: usize,
}

impl Asked {
    pub(crate) fn of(text: Option<&str>) -> Self {
        let fields = Fields::of_query(text);
        let search =
            fields.get("search").trim().chars().filter(|letter| !letter.is_control()).take(MAX_SEARCH).collect();
        Self { days: Days::of(&fields), search, page: fields.get("page").parse().unwrap_or(1).max(1) }
    }

    /// The same question to another path.
    fn at(&self, path: &str, page: Option<usize>) -> String {
        let page = page.map(|page| page.to_string()).unwrap_or_default();
        let (from, to) = (self.days.from.as_str(), self.days.to.as_str());
        format!("{path}{}", query(&[("from", from), ("to", to), ("search", &self.search), ("page", &page)]))
    }

    /// Reads the days, and keeps the lines that fit. `None`: the terminal did not answer in time.
    pub(crate) async fn read(&self, app: &Arc<App>) -> Option<std::io::Result<Journal>> {
        let (from, to, search) = (self.days.from.clone(), self.days.to.clone(), self.search.to_lowercase());
        app.ask(move |terminal| {
            let mut journal = terminal.journal(from, to)?;
            if !search.is_empty() {
                journal.lines.retain(|line| fits(line, &search));
            }
            Ok(journal)
        })
        .await
    }
}

fn fits(line: &JournalLine, search: &str) -> bool {
    line.event.to_lowercase().contains(search) || line.members.to_lowercase().contains(search)
}

/// The page: newest first, because what just happened is what is looked for.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(text): RawQuery,
) -> Response {
    let language = visitor.language;
    let asked = Asked::of(text.as_deref());
    let journal = match asked.read(&app).await {
        Some(Ok(journal)) => journal,
        Some(Err(_)) | None => return errors::page(&visitor, StatusCode::SERVICE_UNAVAILABLE),
    };
    let content = html! {
        div class="strip" {
            h1 { (language.say(JOURNAL)) }
            p class="soft" { (language.say(INTRO)) }
        }
        (chain(&visitor, &journal.chain))
        (question(&visitor, &asked))
        @if asked.days.unreadable { p class="told" role="alert" { (language.say(BAD_DAYS)) } }
        @if journal.cut { p class="told" { (language.say(CUT)) } }
        (lines(&visitor, &asked, &journal.lines))
    };
    let title = language.say(JOURNAL);
    Page { visitor: &visitor, place: Place::Journal, title, reload: Reload::Never, content }.respond()
}

fn chain(visitor: &Visitor, chain: &Chain) -> Markup {
    let language = visitor.language;
    html! {
        @match chain {
            Chain::Whole { lines, signed } => {
                div class="verdict small good" {
                    (sign(Sign::Good))
                    div {
                        h2 { (language.say(WHOLE)) }
                        p class="soft" {
                            (lines) (language.say(WHOLE_LINES)) " "
                            @match signed {
                                Some(day) => { (language.say(SIGNED)) " " (day.as_str()) }
                                None => (language.say(NOT_SIGNED)),
                            }
                        }
                    }
                }
            }
            Chain::Broken { file, line, what } => {
                div class="verdict small bad" {
                    (sign(Sign::Bad))
                    div {
                        h2 { (language.say(BROKEN)) }
                        p {
                            (language.say(BROKEN_AT)) " " (file) " "
                            @match language {
                                crate::language::Language::Japanese => { (line) (language.say(LINE)) }
                                crate::language::Language::English => { (language.say(LINE)) " " (line) }
                            }
                            " ・ " (what)
                        }
                        p { strong { (language.say(BROKEN_CURE)) } }
                    }
                }
            }
        }
    }
}

fn question(visitor: &Visitor, asked: &Asked) -> Markup {
    let language = visitor.language;
    html! {
        form method="get" action="/journal" class="asked" {
            (days(visitor, &asked.days))
            div class="wide" {
                label for="search" { (language.say(SEARCH)) }
                input id="search" name="search" type="search" value=(asked.search) maxlength=(MAX_SEARCH);
            }
            button class="main" { (language.say(SHOW)) }
        }
    }
}

/// Two fields, shared with the page of counts.
pub(crate) fn days(visitor: &Visitor, days: &Days) -> Markup {
    let language = visitor.language;
    html! {
        @for (name, words, day) in [("from", FROM, &days.from), ("to", TO, &days.to)] {
            div {
                label for=(name) { (language.say(words)) }
                input id=(name) name=(name) type="date" value=(day.as_str()) required;
            }
        }
    }
}

fn lines(visitor: &Visitor, asked: &Asked, lines: &[JournalLine]) -> Markup {
    let language = visitor.language;
    if lines.is_empty() {
        let none = if asked.search.is_empty() { NONE } else { NONE_FOUND };
        return html! { p class="sheet" { (language.say(none)) } };
    }
    let pages = lines.len().div_ceil(PAGE_LINES);
    let page = asked.page.min(pages);
    let shown = lines.iter().rev().skip((page - 1) * PAGE_LINES).take(PAGE_LINES);
    html! {
        div class="turn" {
            p { strong { (lines.len()) (language.say(LINES)) } }
            div class="row" {
                a class="button" href=(asked.at("/journal.csv", None)) { (language.say(CSV)) }
                a class="button" href=(asked.at("/journal.json", None)) { (language.say(JSON)) }
            }
        }
        div class="scroll" tabindex="0" role="region" aria-labelledby="lines" {
            table {
                caption id="lines" class="unseen" { (language.say(TABLE)) }
                thead {
                    tr {
                        th scope="col" class="number" { (language.say(NUMBER)) }
                        th scope="col" { (language.say(TIME)) }
                        th scope="col" { (language.say(EVENT)) }
                        th scope="col" { (language.say(MEMBERS)) }
                    }
                }
                tbody {
                    @for line in shown {
                        tr {
                            td class="number" { (line.number) }
                            td class="time" { (long(line.at_ms)) }
                            td class="event" { (language.read(&line.meaning)) br; code { (line.event) } }
                            td { code { (line.members) } }
                        }
                    }
                }
            }
        }
        @if pages > 1 {
            div class="turn" {
                @if page > 1 { a class="button" rel="prev" href=(asked.at("/journal", Some(page - 1))) { (language.say(NEWER)) } }
                p { (language.say(PAGE)) " " (page) " / " (pages) }
                @if page < pages { a class="button" rel="next" href=(asked.at("/journal", Some(page + 1))) { (language.say(OLDER)) } }
            }
        }
    }
}
