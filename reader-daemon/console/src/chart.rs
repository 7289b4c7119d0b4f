//! Bars, drawn as SVG. Whoever does not see them hears title and description, and finds the figures in the table below.

use maud::{Markup, html};

/// One bar.
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: u32,
    /// The value as it is written beside the bar.
    pub(crate) text: String,
}

/// Height of the tallest upright bar, px.
const TALL: u32 = 200;
/// Height of a lying bar with its name, px.
const LINE: u32 = 58;

/// Upright bars side by side.
pub(crate) fn upright(id: &str, title: &str, description: &str, bars: &[Bar]) -> Markup {
    let most = most(bars);
    let step = share(1, u32::try_from(bars.len()).unwrap_or(1).max(1));
    let places = bars.iter().zip((0..).map(|at| f64::from(at) * step));
    html! {
        (frame(id, title, description, TALL + 60, "chart upright", &html! {
            @for (bar, x) in places {
                @let height = if bar.value == 0 { 0.0 } else { (share(bar.value, most) / 100.0 * f64::from(TALL)).max(2.0) };
                @let (top, middle) = (f64::from(TALL) + 25.0 - height, percent(x + step / 2.0));
                rect class="bar" x=(percent(x + step / 6.0)) y=(format!("{top:.1}")) width=(percent(step / 1.5))
                    height=(format!("{height:.1}")) rx="3" {}
                @if bar.value > 0 {
                    text class="strong" x=(middle) y=(format!("{:.1}", top - 7.0)) text-anchor="middle" { (bar.text) }
                }
                text x=(middle) y=(TALL + 50) text-anchor="middle" { (bar.label) }
            }
            line class="base" x1="0" x2="100%" y1=(TALL + 25) y2=(TALL + 25) {}
        }))
    }
}

/// Bars below each other, each under its name.
pub(crate) fn lying(id: &str, title: &str, description: &str, bars: &[Bar]) -> Markup {
    let most = most(bars);
    let count = u32::try_from(bars.len()).unwrap_or(0);
    let places = bars.iter().zip((0..count).map(|at| at * LINE));
    html! {
        (frame(id, title, description, (count * LINE).max(1), "chart", &html! {
            @for (bar, y) in places {
                @let length = if bar.value == 0 { 0.0 } else { share(bar.value, most).max(0.5) };
                text x="0" y=(y + 20) { (bar.label) }
                text class="strong" x="100%" y=(y + 20) text-anchor="end" { (bar.text) }
                rect class="bar" x="0" y=(y + 28) width=(percent(length)) height="16" rx="3" {}
                line class="base" x1="0" x2="100%" y1=(y + 44) y2=(y + 44) {}
            }
        }))
    }
}

/// Without a view box: widths are shares, so letters keep their size on every screen.
fn frame(id: &str, title: &str, description: &str, height: u32, class: &str, content: &Markup) -> Markup {
    let (name, more) = (format!("{id}-title"), format!("{id}-desc"));
    html! {
        svg class=(class) role="img" width="100%" height=(height) aria-labelledby=(format!("{name} {more}")) {
            title id=(name) { (title) }
            desc id=(more) { (description) }
            (content)
        }
    }
}

fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

fn most(bars: &[Bar]) -> u32 {
    bars.iter().map(|bar| bar.value).max().unwrap_or(0)
}

/// `value` of `most`, as percents.
fn share(value: u32, most: u32) -> f64 {
    if most == 0 { 0.0 } else { f64::from(value) * 100.0 / f64::from(most) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(label: &str, value: u32) -> Bar {
        Bar { label: label.to_owned(), value, text: value.to_string() }
    }

    #[test]
    fn bars_have_the_length_of_their_share() {
        let drawn = lying("a", "", "", &[bar("x", 10), bar("y", 5), bar("z", 0), bar("little", 1)]).into_string();
        let lengths: Vec<_> = drawn.split("width=\"").skip(2).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(lengths, ["100.00%", "50.00%", "0.00%", "10.00%"]);
        let drawn = upright("a", "", "", &[bar("x", u32::MAX), bar("y", 1), bar("z", 0)]).into_string();
        let heights: Vec<_> = drawn.split("height=\"").skip(2).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(heights, ["200.0", "2.0", "0.0"], "one is seen beside many");
    }

    #[test]
    fn a_chart_has_a_name_a_description_and_escapes_its_labels() {
        let bars = [bar("<script>", 3), bar("9", 0)];
        for text in [upright("a", "T<", "D<", &bars), lying("a", "T<", "D<", &bars)].map(maud::PreEscaped::into_string)
        {
            assert!(text.contains("<title id=\"a-title\">T&lt;</title><desc id=\"a-desc\">D&lt;</desc>"), "{text}");
            assert!(text.contains("&lt;script&gt;") && !text.contains("<script"), "{text}");
            assert!(text.contains("aria-labelledby=\"a-title a-desc\""));
        }
        assert!(!upright("a", "", "", &[]).into_string().contains("NaN"), "no bars, no panic");
    }
}
