//! The journal to take along: CSV (RFC 4180) and JSON Lines.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use crate::{
    app::{App, Visitor},
    pages::{errors, journal::Asked},
    terminal::JournalLine,
    time::iso,
};

/// For a spreadsheet.
pub(crate) async fn csv(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(text): RawQuery,
) -> Response {
    file(&app, &visitor, text.as_deref(), "csv", "text/csv; charset=utf-8; header=present", as_csv).await
}

/// For a program.
pub(crate) async fn json(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    RawQuery(text): RawQuery,
) -> Response {
    file(&app, &visitor, text.as_deref(), "jsonl", "application/jsonl; charset=utf-8", as_json).await
}

async fn file(
    app: &Arc<App>,
    visitor: &Visitor,
    query: Option<&str>,
    ending: &str,
    kind: &'static str,
    write: fn(&[JournalLine]) -> String,
) -> Response {
    let asked = Asked::of(query);
    let Some(Ok(journal)) = asked.read(app).await else {
        return errors::page(visitor, StatusCode::SERVICE_UNAVAILABLE);
    };
    // Days are digits and dashes, so the name needs no escaping.
    let (from, to) = (asked.days.from.as_str(), asked.days.to.as_str());
    let name = format!("attachment; filename=\"journal_{from}_{to}.{ending}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, write(&journal.lines)).into_response()
}

fn as_csv(lines: &[JournalLine]) -> String {
    let mut text = "number,time,event,members\r\n".to_owned();
    for line in lines {
        let cells = [line.number.to_string(), iso(line.at_ms), cell(&line.event), cell(&line.members)];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// Quoted where RFC 4180 wants it; what a spreadsheet would take for a formula becomes text by an apostrophe.
fn cell(text: &str) -> String {
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    let apostrophe = if formula { "'" } else { "" };
    if formula || text.contains(['"', ',', '\r', '\n']) {
        format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn as_json(lines: &[JournalLine]) -> String {
    let mut text = String::new();
    for line in lines {
        // What is no JSON is kept as the text it is.
        let members = serde_json::from_str(&line.members).unwrap_or_else(|_| Value::from(line.members.as_str()));
        let line = json!({ "number": line.number, "time": iso(line.at_ms), "event": line.event, "members": members });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(event: &str, members: &str) -> JournalLine {
        JournalLine {
            number: 7,
            at_ms: 1_795_359_600_120,
            event: event.to_owned(),
            meaning: crate::terminal::Text::default(),
            members: members.to_owned(),
        }
    }

    #[test]
    fn csv_is_quoted_and_holds_no_formula() {
        let text = as_csv(&[
            line("visit_ended", "{\"a\":1,\"b\":\"x\"}"),
            line("=HYPERLINK(\"x\")", "+1"),
            line("a\nb", " @x"),
        ]);
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(lines[0], "number,time,event,members");
        assert_eq!(lines[1], "7,2026-11-23T00:00:00.120+09:00,visit_ended,\"{\"\"a\"\":1,\"\"b\"\":\"\"x\"\"}\"");
        assert_eq!(lines[2], "7,2026-11-23T00:00:00.120+09:00,\"'=HYPERLINK(\"\"x\"\")\",\"'+1\"");
        assert_eq!(lines[3], "7,2026-11-23T00:00:00.120+09:00,\"a\nb\",\"' @x\"");
        for start in ["=", "+", "-", "@", "\t=", "\r", "\n", "＝", "　="] {
            assert!(cell(&format!("{start}1")).starts_with("\"'"), "{start:?}");
        }
    }

    #[test]
    fn json_lines_are_one_object_each() {
        let text = as_json(&[line("a", "{\"x\":[1,2]}"), line("b\nc", "no json \"")]);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["members"]["x"][1], 2);
        assert_eq!(lines[0]["time"], "2026-11-23T00:00:00.120+09:00");
        assert_eq!((&lines[1]["event"], &lines[1]["members"]), (&json!("b\nc"), &json!("no json \"")));
    }
}
