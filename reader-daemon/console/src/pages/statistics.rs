//! Counts of some days, as bars and as tables. How many agreed is not among them, and must not be.

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
    chart::{Bar, lying, upright},
    form::Fields,
    language::{Language, Words},
    layout::{Page, Place, Reload},
    pages::{Days, errors, journal, statistics_words::*},
    terminal::Statistics,
    words::{BAD_DAYS, CODE, SHOW, STATISTICS},
};

/// Hours that are always drawn, so that two days look alike.
const OPEN: (usize, usize) = (8, 18);

/// The page.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(text): RawQuery,
) -> Response {
    let language = visitor.language;
    let days = Days::of(&Fields::of_query(text.as_deref()));
    let (from, to) = (days.from.clone(), days.to.clone());
    let Some(Ok(counts)) = app.ask(move |terminal| terminal.statistics(from, to)).await else {
        return errors::page(&visitor, StatusCode::SERVICE_UNAVAILABLE);
    };
    let content = html! {
        div class="strip" {
            h1 { (language.say(STATISTICS)) }
            p class="soft" { (language.say(INTRO)) }
        }
        form method="get" action="/statistics" class="asked" {
            (journal::days(&visitor, &days))
            button class="main" { (language.say(SHOW)) }
        }
        @if days.unreadable { p class="told" role="alert" { (language.say(BAD_DAYS)) } }
        (ended(&visitor, &counts))
        div class="charts" {
            (hours(&visitor, &counts))
            div {
                (methods(&visitor, &counts))
                (faults(&visitor, &counts))
            }
            div { (steps(&visitor, &counts)) }
        }
    };
    let title = language.say(STATISTICS);
    Page { visitor: &visitor, place: Place::Statistics, title, reload: Reload::Never, content }.respond()
}

fn ended(visitor: &Visitor, counts: &Statistics) -> Markup {
    let language = visitor.language;
    html! {
        h2 class="unseen" { (language.say(ENDED)) }
        dl class="tiles" {
            @for (words, count) in [RECEIVED, UNDELIVERED, GIVEN_UP, BY_FAULT].into_iter().zip(counts.ended) {
                div { dt { (language.say(words)) } dd { (count) } }
            }
        }
    }
}

/// A chart with the table of the same figures below it.
struct Figures<'a> {
    id: &'a str,
    wide: bool,
    title: Words,
    description: String,
    heads: [Words; 2],
    /// A third column.
    shares: Option<Words>,
    bars: Vec<Bar>,
    /// Said when there are none.
    none: Words,
}

impl Figures<'_> {
    fn markup(&self, visitor: &Visitor) -> Markup {
        let language = visitor.language;
        let title = language.say(self.title);
        let sum: u64 = self.bars.iter().map(|bar| u64::from(bar.value)).sum();
        html! {
            section class=(if self.wide { "sheet wide" } else { "sheet" }) {
                h2 { (title) }
                @if sum == 0 {
                    p class="soft" { (language.say(self.none)) }
                } @else {
                    div class="draw" tabindex="0" role="region" aria-label=(title) {
                        @if self.wide { (upright(self.id, title, &self.description, &self.bars)) }
                        @else { (lying(self.id, title, &self.description, &self.bars)) }
                    }
                    p class="soft" { (self.description) }
                    @if self.wide { (self.flat_table(visitor)) } @else { (self.table(visitor, sum)) }
                }
            }
        }
    }

    /// Many small figures: side by side, like the bars above them.
    fn flat_table(&self, visitor: &Visitor) -> Markup {
        let language = visitor.language;
        let [name, value] = self.heads.map(|words| language.say(words));
        html! {
            div class="scroll" tabindex="0" role="region" aria-label=(format!("{} ({value})", language.say(self.title))) {
                table class="flat" {
                    tr { th scope="row" { (name) } @for bar in &self.bars { th scope="col" { (bar.label) } } }
                    tr { th scope="row" { (value) } @for bar in &self.bars { td { (bar.text) } } }
                }
            }
        }
    }

    fn table(&self, visitor: &Visitor, sum: u64) -> Markup {
        let language = visitor.language;
        let [name, value] = self.heads;
        html! {
            div class="scroll" tabindex="0" role="region" aria-label=(format!("{} ({})", language.say(self.title), language.say(value))) {
                table {
                    thead {
                        tr {
                            th scope="col" { (language.say(name)) }
                            th scope="col" class="number" { (language.say(value)) }
                            @if let Some(share) = self.shares { th scope="col" class="number" { (language.say(share)) } }
                        }
                    }
                    tbody {
                        @for bar in &self.bars {
                            tr {
                                th scope="row" { (bar.label) }
                                @if self.shares.is_some() {
                                    td class="number" { (bar.value) }
                                    td class="number" { (percent(bar.value, sum)) }
                                } @else {
                                    td class="number" { (bar.text) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whole percents, rounded.
fn percent(value: u32, sum: u64) -> String {
    format!("{} %", (u64::from(value) * 100 + sum / 2).checked_div(sum).unwrap_or(0))
}

fn hours(visitor: &Visitor, counts: &Statistics) -> Markup {
    let language = visitor.language;
    let used = || counts.hours.iter().enumerate().filter(|(_, count)| **count > 0).map(|(hour, _)| hour);
    let first = used().next().unwrap_or(OPEN.0).min(OPEN.0);
    let last = used().next_back().unwrap_or(OPEN.1).max(OPEN.1);
    let shown = counts.hours.iter().enumerate().take(last + 1).skip(first);
    let bars =
        shown.map(|(hour, count)| Bar { label: hour.to_string(), value: *count, text: count.to_string() }).collect();
    // The first of those with most.
    let most = counts.hours.iter().enumerate().rev().max_by_key(|(_, count)| **count);
    let most = most.map_or(String::new(), |(hour, count)| match language {
        Language::Japanese => format!("{hour}時台の{count}件です。"),
        Language::English => format!("{hour} o'clock ({count})."),
    });
    let description = format!("{}{most}", language.say(HOURS_DESC));
    let (heads, none) = ([HOUR, VISITS], NOTHING);
    Figures { id: "hours", wide: true, title: HOURS, description, heads, shares: None, bars, none }.markup(visitor)
}

fn methods(visitor: &Visitor, counts: &Statistics) -> Markup {
    let language = visitor.language;
    let sum = counts.methods.iter().map(|(_, count)| u64::from(*count)).sum();
    let bar = |(id, count): &(String, u32)| Bar {
        label: method(id).map_or_else(|| id.clone(), |words| language.say(words).to_owned()),
        value: *count,
        text: format!("{count} ({})", percent(*count, sum)),
    };
    let bars = counts.methods.iter().map(bar).collect();
    let description = language.say(METHODS_DESC).to_owned();
    let (heads, shares, none) = ([METHOD, VISITS], Some(SHARE), NOTHING);
    Figures { id: "methods", wide: false, title: METHODS, description, heads, shares, bars, none }.markup(visitor)
}

fn steps(visitor: &Visitor, counts: &Statistics) -> Markup {
    let language = visitor.language;
    let bar = |(id, ms): &(String, u32)| Bar {
        label: step(id).map_or_else(|| id.clone(), |words| language.say(words).to_owned()),
        value: *ms,
        text: format!("{}.{}{}", ms / 1000, ms % 1000 / 100, language.say(SECONDS)),
    };
    let bars = counts.steps.iter().map(bar).collect();
    let description = language.say(STEPS_DESC).to_owned();
    let (heads, none) = ([STEP, TIME], NOTHING);
    Figures { id: "steps", wide: false, title: STEPS, description, heads, shares: None, bars, none }.markup(visitor)
}

fn faults(visitor: &Visitor, counts: &Statistics) -> Markup {
    let language = visitor.language;
    let bar = |(code, count): &(u16, u32)| Bar {
        label: format!("{} {code:03}", language.say(CODE)),
        value: *count,
        text: count.to_string(),
    };
    let bars = counts.faults.iter().map(bar).collect();
    let description = language.say(FAULTS_DESC).to_owned();
    let (heads, none) = ([CODE, VISITS], NO_FAULTS);
    Figures { id: "faults", wide: false, title: FAULTS, description, heads, shares: None, bars, none }.markup(visitor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_percents() {
        assert_eq!(percent(1, 3), "33 %");
        assert_eq!(percent(2, 3), "67 %");
        assert_eq!(percent(0, 0), "0 %");
        assert_eq!(percent(u32::MAX, u64::from(u32::MAX)), "100 %");
    }
}
