//! The opening check: whether the terminal can be used today, and what is missing.

use std::{sync::Arc, time::Instant};

use axum::{Extension, extract::State, response::Response};
use maud::{Markup, html};
use tokio::time::timeout;

use crate::{
    app::{App, Visitor, lock},
    layout::{Page, Place, Reload, Sign, sign, token},
    limits::{LOOK_HANGS, LOOK_REFRESH_SECONDS, LOOK_TIME},
    pages::see,
    terminal::Check,
    time::{long, now_ms},
    words::{CAUSE, CURE, HEALTH, WORKS, words},
};

words! {
    READY: "本日使えます", "Ready for today";
    NOT_READY: "まだ使えません", "Not ready yet";
    MISSING: "直すところ：", "To be mended:";
    NOT_LOOKED: "まだ点検していません", "Not looked at yet";
    LOOKING: "点検しています…", "Looking …";
    LOOKING_WHY: "数秒かかります。ページは自動で更新されます。", "It takes a few seconds. The page is loaded again by itself.";
    HANGS: "点検が終わりません", "The look does not end";
    HANGS_WHY: "1分以上たっています。端末を再起動して、もう一度点検してください。", "It has taken more than a minute. Restart the terminal and look again.";
    LOOK: "いま点検する", "Look now";
    LOOKED_AT: "点検した時刻", "Looked at";
    WHAT: "項目", "What";
    STATE: "結果", "State";
    FOUND: "見つかったこと", "What was found";
    BROKEN: "要対処", "To be mended";
    TABLE: "点検の結果", "What was found in each place";
}

/// The last look, and whether one goes on.
#[derive(Default)]
pub(crate) struct Looks {
    /// Since when.
    goes_on: Option<Instant>,
    last: Option<(u64, Vec<Check>)>,
}

/// What was found last.
pub(crate) async fn show(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    let language = visitor.language;
    let (goes_on, last) = {
        let looks = lock(&app.looks);
        (looks.goes_on, looks.last.clone())
    };
    let content = html! {
        (verdict(&visitor, goes_on, last.as_ref()))
        @if goes_on.is_none() {
            form method="post" action="/health" class="asked" {
                (token(&visitor))
                button class="main" { (language.say(LOOK)) }
            }
        }
        @if let Some((_, checks)) = &last { (table(&visitor, checks)) }
    };
    let reload = if goes_on.is_some() { Reload::After(LOOK_REFRESH_SECONDS) } else { Reload::Never };
    Page { visitor: &visitor, place: Place::Health, title: language.say(HEALTH), reload, content }.respond()
}

/// Looks at everything; one look at a time, and who asks meanwhile sees the same one.
pub(crate) async fn look(State(app): State<Arc<App>>) -> Response {
    let begins = {
        let mut looks = lock(&app.looks);
        let begins = looks.goes_on.is_none();
        looks.goes_on.get_or_insert_with(Instant::now);
        begins
    };
    if begins {
        let looking = tokio::task::spawn_blocking(move || {
            let ends = Ends(Arc::clone(&app));
            let found = app.terminal.health();
            lock(&ends.0.looks).last = Some((now_ms(), found));
        });
        // When it takes longer the page says so.
        let _ = timeout(LOOK_TIME, looking).await;
    }
    see("/health")
}

/// Ends the look, also by a panic of the terminal.
struct Ends(Arc<App>);

impl Drop for Ends {
    fn drop(&mut self) {
        lock(&self.0.looks).goes_on = None;
    }
}

fn verdict(visitor: &Visitor, goes_on: Option<Instant>, last: Option<&(u64, Vec<Check>)>) -> Markup {
    let language = visitor.language;
    let broken: Vec<_> = last.iter().flat_map(|(_, checks)| checks).filter(|check| check.found.is_err()).collect();
    let hangs = goes_on.is_some_and(|since| since.elapsed() > LOOK_HANGS);
    let (class, picture, words) = match last {
        _ if hangs => ("verdict bad", Sign::Bad, HANGS),
        _ if goes_on.is_some() => ("verdict none", Sign::None, LOOKING),
        None => ("verdict none", Sign::None, NOT_LOOKED),
        Some(_) if broken.is_empty() => ("verdict good", Sign::Good, READY),
        Some(_) => ("verdict bad", Sign::Bad, NOT_READY),
    };
    html! {
        div class=(class) {
            (sign(picture))
            div {
                h1 { (language.say(words)) }
                @if goes_on.is_some() {
                    p { (language.say(if hangs { HANGS_WHY } else { LOOKING_WHY })) }
                } @else if let Some((at, _)) = last {
                    @if !broken.is_empty() {
                        p {
                            (language.say(MISSING)) " "
                            @for (at, check) in broken.iter().enumerate() { @if at > 0 { " / " } strong { (check.name) } }
                        }
                    }
                    p class="soft" { (language.say(LOOKED_AT)) " " (long(*at)) }
                }
            }
        }
    }
}

fn table(visitor: &Visitor, checks: &[Check]) -> Markup {
    let language = visitor.language;
    html! {
        div class="scroll" tabindex="0" role="region" aria-labelledby="checks" {
            table class="checks" {
                caption id="checks" class="unseen" { (language.say(TABLE)) }
                thead {
                    tr {
                        th scope="col" { (language.say(WHAT)) }
                        th scope="col" { (language.say(STATE)) }
                        th scope="col" { (language.say(FOUND)) }
                    }
                }
                tbody {
                    // What is to be mended first; the rest as the terminal lists it.
                    @for check in checks.iter().filter(|check| check.found.is_err()) { (line(visitor, check)) }
                    @for check in checks.iter().filter(|check| check.found.is_ok()) { (line(visitor, check)) }
                }
            }
        }
    }
}

fn line(visitor: &Visitor, check: &Check) -> Markup {
    let language = visitor.language;
    html! {
        tr {
            th scope="row" { (check.name) }
            @match &check.found {
                Ok(found) => {
                    td { p class="state" { (sign(Sign::Good)) span { (language.say(WORKS)) } } }
                    td { (found) }
                }
                Err(trouble) => {
                    td { p class="state" { (sign(Sign::Bad)) span { (language.say(BROKEN)) } } }
                    td {
                        p { span class="soft" { (language.say(CAUSE)) } " " (trouble.cause) }
                        p { span class="soft" { (language.say(CURE)) } " " strong { (trouble.cure) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::language::Language;

    #[test]
    fn a_look_that_hangs_is_told() {
        let visitor = Visitor { language: Language::English, session: None, form: String::new(), asked: String::new() };
        let at = |seconds| Instant::now().checked_sub(Duration::from_secs(seconds));
        for (seconds, words) in [(1, LOOKING), (59, LOOKING), (61, HANGS)] {
            let text = verdict(&visitor, at(seconds), None).into_string();
            assert!(text.contains(words.en), "{seconds}: {text}");
        }
        assert!(verdict(&visitor, None, None).into_string().contains(NOT_LOOKED.en));
    }
}
