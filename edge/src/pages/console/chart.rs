//! A bar chart as SVG: whole and plain, readable at any width without a script.

use maud::{Markup, html};
use shared::{lang::Lang, written::number};

/// Height of one bar with its label, in CSS pixels.
const ROW: usize = 48;

/// Horizontal bars, one below the other, the longest across the full width.
///
/// Lengths are percentages, so that the drawing follows its box while its letters keep their size.
/// The table beside it says the same to whoever cannot see it.
pub(super) fn bars(lang: Lang, label: &str, rows: &[(&str, u64)]) -> Markup {
    let longest = rows.iter().map(|&(_, count)| count).max().unwrap_or_default();
    html! {
        svg.chart width="100%" height=(rows.len() * ROW) role="img" aria-label=(label) {
            @for (at, &(name, count)) in rows.iter().enumerate() {
                @let top = at * ROW;
                text.name x="0" y=(top + 16) { (name) }
                text.count x="100%" y=(top + 16) text-anchor="end" { (number(lang, count)) }
                rect.track x="0" y=(top + 24) width="100%" height="12" rx="6" {}
                @if 0 < count {
                    rect.bar x="0" y=(top + 24) width=(length(count, longest)) height="12" rx="6" {}
                }
            }
        }
    }
}

/// The share of the full width; never so little that a bar cannot be seen.
fn length(count: u64, longest: u64) -> String {
    let tenths = u128::from(count) * 1_000 / u128::from(longest.max(1));
    let tenths = tenths.max(20);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_full_and_the_shortest_is_seen() {
        assert_eq!(length(7, 7), "100.0%");
        assert_eq!(length(1, 3), "33.3%");
        assert_eq!(length(1, 1_000_000), "2.0%");
        assert_eq!(length(u64::MAX, u64::MAX), "100.0%");
        assert_eq!(length(0, 0), "2.0%");
    }

    #[test]
    fn nothing_is_drawn_for_nobody() {
        let chart = bars(Lang::En, "Clicks", &[("People", 0), ("Robots", 2)]).into_string();
        assert_eq!(chart.matches("class=\"bar\"").count(), 1);
        assert_eq!(chart.matches("class=\"track\"").count(), 2);
    }
}
