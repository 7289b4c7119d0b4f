//! What surrounds each page: head, navigation, language, logout.

use axum::response::{Html, IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};

use crate::{
    app::Visitor,
    language::Words,
    limits::REFRESH_SECONDS,
    words::{CONSOLE, HEALTH, JOURNAL, LOG_OUT, NAVIGATION, NOW, SKIP, STATISTICS},
};

/// A page in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Now,
    Health,
    Journal,
    Statistics,
    /// Login, errors, questions.
    Elsewhere,
}

impl Place {
    const ALL: [(Self, &'static str, Words); 4] = [
        (Self::Now, "/", NOW),
        (Self::Health, "/health", HEALTH),
        (Self::Journal, "/journal", JOURNAL),
        (Self::Statistics, "/statistics", STATISTICS),
    ];
}

/// Whether the page is loaded again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reload {
    Never,
    /// The script keeps it up to date; without JavaScript it is loaded again.
    Live,
    /// After so many seconds, in any case.
    After(u32),
}

/// A whole page.
pub(crate) struct Page<'a> {
    pub(crate) visitor: &'a Visitor,
    pub(crate) place: Place,
    pub(crate) title: &'a str,
    pub(crate) reload: Reload,
    pub(crate) content: Markup,
}

impl Page<'_> {
    pub(crate) fn respond(self) -> Response {
        Html(self.markup().into_string()).into_response()
    }

    fn markup(&self) -> Markup {
        let language = self.visitor.language;
        let logged_in = self.visitor.session.is_some();
        html! {
            (DOCTYPE)
            html lang=(language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " – " (language.say(CONSOLE)) }
                    link rel="stylesheet" href="/style.css";
                    link rel="icon" href="/icon.svg" type="image/svg+xml";
                    @match self.reload {
                        Reload::Never => {}
                        Reload::Live => {
                            noscript { meta http-equiv="refresh" content=(REFRESH_SECONDS); }
                            script src="/console.js" defer {}
                        }
                        Reload::After(seconds) => meta http-equiv="refresh" content=(seconds);
                    }
                }
                body {
                    a class="skip" href="#content" { (language.say(SKIP)) }
                    header class="head" {
                        p class="brand" { (language.say(CONSOLE)) }
                        @if logged_in { (self.navigation()) }
                        div class="tools" {
                            @if !self.visitor.form.is_empty() { (self.switch()) }
                            @if logged_in {
                                form method="post" action="/logout" {
                                    (token(self.visitor))
                                    button class="quiet" { (language.say(LOG_OUT)) }
                                }
                            }
                        }
                    }
                    main id="content" tabindex="-1" { (self.content) }
                }
            }
        }
    }

    fn navigation(&self) -> Markup {
        let language = self.visitor.language;
        html! {
            nav aria-label=(language.say(NAVIGATION)) {
                ul {
                    @for (place, path, name) in Place::ALL {
                        li {
                            a href=(path) aria-current=[(place == self.place).then_some("page")] { (language.say(name)) }
                        }
                    }
                }
            }
        }
    }

    /// Names the other language in that language.
    fn switch(&self) -> Markup {
        let other = self.visitor.language.other();
        html! {
            form method="post" action="/language" {
                (token(self.visitor))
                input type="hidden" name="back" value=(self.visitor.asked);
                button class="quiet" name="language" value=(other.code()) lang=(other.code()) {
                    @match other {
                        crate::language::Language::Japanese => "日本語",
                        crate::language::Language::English => "English",
                    }
                }
            }
        }
    }
}

/// What every form carries: whoever does not hold the cookie cannot know it.
pub(crate) fn token(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name="form" value=(visitor.form); }
}

/// A small picture beside a word that says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Good,
    Bad,
    None,
    Take,
}

/// Drawn, because letters for it differ between systems.
pub(crate) fn sign(sign: Sign) -> Markup {
    let (class, path) = match sign {
        Sign::Good => ("sign good", "M4 13l5 5L20 6"),
        Sign::Bad => ("sign bad", "M5 5l14 14M19 5L5 19"),
        Sign::None => ("sign none", "M5 12h14"),
        Sign::Take => ("sign take", "M12 3v11M12 19v2"),
    };
    html! {
        svg class=(class) viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
            path d=(path) {}
        }
    }
}
