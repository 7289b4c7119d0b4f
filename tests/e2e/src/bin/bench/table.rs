//! The figures as people read them.

use serde_json::Value;

/// What is shown of a figure.
struct Row {
    what: &'static str,
    /// JSON pointer into the figures.
    figure: &'static str,
    unit: &'static str,
    digits: usize,
    /// The most it should be, if there is an aim.
    aim: Option<f64>,
}

const ROWS: [Row; 12] = [
    row("exchanges of a visit, the same in daemon and plain loop", "/realistic/exchanges", "", 0, None),
    row("realistic card: plain loop", "/realistic/plain_ms", "ms", 1, None),
    row("realistic card: daemon", "/realistic/daemon_ms", "ms", 1, None),
    row("realistic card: daemon / plain loop", "/realistic/ratio", "", 3, Some(1.05)),
    row("card placed → method choice, added", "/realistic/card_to_method_added_ms", "ms", 1, Some(100.0)),
    row("PIN confirmed → signature, added", "/realistic/pin_to_signature_added_ms", "ms", 1, Some(50.0)),
    row("card without delays: added per exchange", "/no_delay/added_us_per_exchange", "µs", 0, None),
    row("daemon start → start screen", "/daemon/ready_ms", "ms", 0, Some(1000.0)),
    row("resident memory after visits", "/daemon/resident_mb", "MB", 1, Some(60.0)),
    row("idle CPU", "/daemon/idle_cpu_percent", "%", 2, Some(1.0)),
    row("view → pixels, 1280×800, software, median", "/screen/median_ms", "ms", 1, Some(50.0)),
    row("view → pixels, 1280×800, software, slowest", "/screen/slowest_ms", "ms", 1, None),
];

const fn row(what: &'static str, figure: &'static str, unit: &'static str, digits: usize, aim: Option<f64>) -> Row {
    Row { what, figure, unit, digits, aim }
}

/// Prints it.
pub(crate) fn print(figures: &Value) {
    for Row { what, figure, unit, digits, aim } in ROWS {
        let value = figures.pointer(figure).and_then(Value::as_f64);
        let text = value.map_or("not measured".to_owned(), |value| format!("{value:.digits$}"));
        let judged = match (aim, value) {
            (None, _) => String::new(),
            (Some(aim), Some(value)) if value <= aim => format!("aim ≤ {aim}: met"),
            (Some(aim), _) => format!("aim ≤ {aim}: MISSED"),
        };
        println!("{}", format!("{what:<58}{text:>12} {unit:<4}{judged}").trim_end());
    }
    if figures.get("profile").and_then(Value::as_str) != Some("release") {
        println!("Not the programs as they ship: this is a build for development.");
    }
}
