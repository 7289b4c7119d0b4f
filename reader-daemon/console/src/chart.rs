//! Bars, drawn as SVG. Whoever does not see them hears title and description, and finds the figures in the table below.

use maud::{Markup, html};

/// One bar.
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: u32,
    /// The value as it is written beside the bar.
    pub(crate) text: String,
}

const WIDE: u32 = 1000;
const TALL: u32 = 200;
const NARROW: u32 = 400;
const LINE: u32 = 58;

/// Upright bars side by side, over a wide ground.
pub(crate) fn upright(id: &str, title: &str, description: &str, bars: &[Bar]) -> Markup {
    let most = most(bars);
    let count = u32::try_from(bars.len()).unwrap_or(1).max(1);
    let step = WIDE / count;
    let places = bars.iter().zip((0..count).map(|at| at * step));
    html! {
        (frame(id, title, description, WIDE, TALL + 60, "chart upright", &html! {
            @for (bar, x) in places {
                @let height = part(bar.value, most, TALL);
                @let middle = x + step / 2;
                rect class="bar" x=(x + step / 6) y=(25 + TALL - height) width=(step - step / 3) height=(height) rx="3" {}
                @if bar.value > 0 {
                    text class="strong" x=(middle) y=(18 + TALL - height) text-anchor="middle" { (bar.text) }
                }
                text x=(middle) y=(TALL + 50) text-anchor="middle" { (bar.label) }
            }
            line class="base" x1="0" x2=(WIDE) y1=(TALL + 25) y2=(TALL + 25) {}
        }))
    }
}

/// Bars below each other, each under its name.
pub(crate) fn lying(id: &str, title: &str, description: &str, bars: &[Bar]) -> Markup {
    let most = most(bars);
    let count = u32::try_from(bars.len()).unwrap_or(0);
    let places = bars.iter().zip((0..count).map(|at| at * LINE));
    html! {
        (frame(id, title, description, NARROW, (count * LINE).max(1), "chart", &html! {
            @for (bar, y) in places {
                text x="0" y=(y + 20) { (bar.label) }
                text class="strong" x=(NARROW) y=(y + 20) text-anchor="end" { (bar.text) }
                rect class="bar" x="0" y=(y + 28) width=(part(bar.value, most, NARROW)) height="16" rx="3" {}
                line class="base" x1="0" x2=(NARROW) y1=(y + 44) y2=(y + 44) {}
            }
        }))
    }
}

fn frame(id: &str, title: &str, description: &str, width: u32, height: u32, class: &str, content: &Markup) -> Markup {
    let (name, more) = (format!("{id}-title"), format!("{id}-desc"));
    html! {
        svg class=(class) role="img" viewBox=(format!("0 0 {width} {height}")) aria-labelledby=(format!("{name} {more}")) {
            title id=(name) { (title) }
            desc id=(more) { (description) }
            (content)
        }
    }
}

fn most(bars: &[Bar]) -> u32 {
    bars.iter().map(|bar| bar.value).max().unwrap_or(0)
}

/// `value / most` of `length`; what is there at all is seen.
fn part(value: u32, most: u32, length: u32) -> u32 {
    if value == 0 || most == 0 {
        return 0;
    }
    let length = u64::from(value) * u64::from(length) / u64::from(most);
    u32::try_from(length).unwrap_or(u32::MAX).max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_the_length_of_their_share() {
        assert_eq!([part(0, 10, 200), part(5, 10, 200), part(10, 10, 200)], [0, 100, 200]);
        assert_eq!(part(1, 100_000, 200), 2, "one is seen beside many");
        assert_eq!(part(0, 0, 200), 0);
        assert_eq!(part(u32::MAX, u32::MAX, 400), 400);
    }

    #[test]
    fn a_chart_has_a_name_a_description_and_escapes_its_labels() {
        let bar = |label: &str, value| Bar { label: label.to_owned(), value, text: value.to_string() };
        let bars = [bar("<script>", 3), bar("9", 0)];
        for text in [upright("a", "T<", "D<", &bars), lying("a", "T<", "D<", &bars)].map(maud::PreEscaped::into_string)
        {
            assert!(text.contains("<title id=\"a-title\">T&lt;</title><desc id=\"a-desc\">D&lt;</desc>"), "{text}");
            assert!(text.contains("&lt;script&gt;") && !text.contains("<script"), "{text}");
            assert!(text.contains("aria-labelledby=\"a-title a-desc\""));
        }
        assert!(!upright("a", "", "", &[]).into_string().is_empty(), "no bars, no panic");
    }
}
