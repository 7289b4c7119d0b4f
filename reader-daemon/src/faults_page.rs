//! `reader-daemon faults`: the table of faults as a page for whoever looks up a code. `FAULTS.md` is the same page.

use std::fmt::Write as _;

use screen::Language;
use session::FaultCode;

use crate::texts::{DeskText, Loaded};

/// One fault as the page shows it.
struct Entry<'a> {
    number: String,
    desk: &'a DeskText,
    retryable: bool,
    /// Headline and next step in Japanese and English.
    patient: [(Language, &'a str, &'a str); 2],
    /// The next step in Japanese and English when it comes again.
    twice: Vec<(Language, &'a str)>,
}

fn entries(texts: &Loaded) -> impl Iterator<Item = Entry<'_>> {
    FaultCode::ALL.into_iter().filter_map(|code| {
        let patient = |language| {
            let text = texts.session.faults.get(&(code, language))?;
            Some((language, text.headline.as_str(), text.next.as_str()))
        };
        let twice = |language| Some((language, texts.session.twice.get(&(code, language))?.as_str()));
        Some(Entry {
            number: code.number(),
            desk: texts.desk.get(&code)?,
            retryable: texts.session.retryable.contains(&code),
            patient: [patient(Language::Ja)?, patient(Language::En)?],
            twice: [Language::Ja, Language::En].into_iter().filter_map(twice).collect(),
        })
    })
}

fn again(retryable: bool) -> &'static str {
    if retryable { "yes" } else { "no" }
}

/// The page as Markdown.
#[must_use]
pub fn markdown(texts: &Loaded) -> String {
    let mut page = "# Faults\n\n\
        Made from `data/faults.toml` by `reader-daemon faults`; a test fails when the two differ. Codes 001, 002 and 006 as\n\
        the field knows them, ours from 900. *Again*: the visit can be begun again at once, without anybody mending or\n\
        changing anything, and may then succeed.\n\n\
        | code | cause | again |\n|---|---|---|\n"
        .to_owned();
    for Entry { number, desk, retryable, .. } in entries(texts) {
        row(&mut page, &format!("| [{number}](#{number}) | {} | {} |", cell(&desk.cause), again(retryable)));
    }
    for Entry { number, desk, retryable, patient, twice } in entries(texts) {
        row(&mut page, &format!("\n## {number}\n\n{}\n", desk.cause));
        for (language, headline, next) in patient {
            row(&mut page, &format!("* Patient ({}): **{headline}** {next}", language.tag()));
        }
        for (language, next) in twice {
            row(&mut page, &format!("* The second time in a row ({}): {next}", language.tag()));
        }
        row(&mut page, &format!("* Staff: {}\n* Support: {}", desk.staff, desk.support));
        row(&mut page, &format!("* Again: {}", again(retryable)));
    }
    page
}

/// The page as one HTML file without anything beside it.
#[must_use]
pub fn html(texts: &Loaded) -> String {
    let mut page = "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<title>reader-daemon: faults</title>\n\
        <style>body{font:1rem/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;background:#F6F5F1;color:#1A1A1C}\
        section{background:#fff;border-radius:12px;padding:.5rem 1.5rem;margin:1rem 0}dt{font-weight:bold}</style>\n\
        <h1>Faults</h1>\n"
        .to_owned();
    for Entry { number, desk, retryable, patient, twice } in entries(texts) {
        row(&mut page, &format!("<section id=\"{number}\">\n<h2>{number}</h2>\n<p>{}</p>\n<dl>", escaped(&desk.cause)));
        for (language, headline, next) in patient {
            let (tag, headline, next) = (language.tag(), escaped(headline), escaped(next));
            row(&mut page, &format!("<dt>Patient ({tag})</dt><dd lang=\"{tag}\"><b>{headline}</b> {next}</dd>"));
        }
        for (language, next) in twice {
            let (tag, next) = (language.tag(), escaped(next));
            row(&mut page, &format!("<dt>The second time in a row ({tag})</dt><dd lang=\"{tag}\">{next}</dd>"));
        }
        row(&mut page, &format!("<dt>Staff</dt><dd lang=\"ja\">{}</dd>", escaped(&desk.staff)));
        row(&mut page, &format!("<dt>Support</dt><dd>{}</dd>", escaped(&desk.support)));
        row(&mut page, &format!("<dt>Again at once</dt><dd>{}</dd>\n</dl>\n</section>", again(retryable)));
    }
    page.push_str("</html>\n");
    page
}

fn row(page: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{text}");
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::built_in;

    #[test]
    fn the_checked_in_page_is_that_of_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/FAULTS.md");
        let there = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            there == markdown(&built_in().unwrap()),
            "FAULTS.md is stale: cargo run -p reader-daemon -- faults > reader-daemon/FAULTS.md"
        );
    }

    #[test]
    fn both_pages_tell_everything_about_every_fault() {
        let texts = built_in().unwrap();
        let (markdown, html) = (markdown(&texts), html(&texts));
        for code in FaultCode::ALL {
            let desk = &texts.desk[&code];
            let [ja, en] = [Language::Ja, Language::En].map(|language| &texts.session.faults[&(code, language)]);
            let (number, every) = (
                code.number(),
                [&desk.cause, &desk.staff, &desk.support, &ja.headline, &ja.next, &en.headline, &en.next],
            );
            assert!(
                markdown.contains(&format!("\n## {number}\n")) && html.contains(&format!("<section id=\"{number}\">"))
            );
            for text in every {
                assert!(markdown.contains(&cell(text)) || markdown.contains(text), "{text}");
                assert!(html.contains(&escaped(text)), "{text}");
            }
        }
        let sections = html.matches("<section").count();
        assert_eq!((sections, html.matches("</section>").count()), (FaultCode::ALL.len(), FaultCode::ALL.len()));
    }

    #[test]
    fn a_text_of_an_own_table_cannot_end_its_tag() {
        let mut texts = built_in().unwrap();
        texts.desk.get_mut(&FaultCode::OtherCard).unwrap().support = "<b onclick=\"x\">&".into();
        assert!(html(&texts).contains("<dd>&lt;b onclick=&quot;x&quot;&gt;&amp;</dd>"));
    }
}
