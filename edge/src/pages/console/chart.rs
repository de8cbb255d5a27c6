//! Charts as inline SVG: one series, one colour, words beside the drawing.

use maud::{Markup, html};
use shared::lang::Lang;

use super::parts::number;

/// Height of the drawing, in CSS pixels.
const HEIGHT: i64 = 140;

/// Columns, one a day, the highest across the full height.
///
/// Widths are percentages, so that the drawing follows its box. The table beside it says the same to
/// whoever cannot see it.
pub(super) fn columns(lang: Lang, label: &str, values: &[i64]) -> Markup {
    let highest = values.iter().copied().max().unwrap_or_default().max(1);
    let count = values.len().max(1);
    html! {
        svg.chart width="100%" height=(HEIGHT + 24) role="img"
            aria-label={ (label) " – " (number(lang, values.iter().sum())) } {
            text.name x="0" y="16" { (number(lang, highest)) }
            line.track x1="0" y1="24" x2="100%" y2="24" {}
            line.track x1="0" y1=(HEIGHT + 23) x2="100%" y2=(HEIGHT + 23) {}
            @for (at, &value) in values.iter().enumerate() {
                @if 0 < value {
                    @let height = height(value, highest);
                    rect.bar x=(percent(at, count)) y=(24 + HEIGHT - height)
                        width=(width(count)) height=(height) {}
                }
            }
        }
    }
}

/// The height of a column; never so little that it cannot be seen.
fn height(value: i64, highest: i64) -> i64 {
    let height = i128::from(value) * i128::from(HEIGHT) / i128::from(highest.max(1));
    i64::try_from(height).unwrap_or(HEIGHT).clamp(2, HEIGHT)
}

/// Where the `at`-th of so many columns begins.
fn percent(at: usize, count: usize) -> String {
    let thousandths = at * 100_000 / count;
    format!("{}.{:03}%", thousandths / 1_000, thousandths % 1_000)
}

/// The width of one of so many columns: four fifths of its place.
fn width(count: usize) -> String {
    let thousandths = 80_000 / count;
    format!("{}.{:03}%", thousandths / 1_000, thousandths % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_column_is_full_and_the_lowest_is_seen() {
        assert_eq!(height(7, 7), HEIGHT);
        assert_eq!(height(1, 2), HEIGHT / 2);
        assert_eq!(height(1, 1_000_000), 2);
        assert_eq!(height(i64::MAX, i64::MAX), HEIGHT);
        assert_eq!(height(-3, 1), 2);
    }

    #[test]
    fn nothing_is_drawn_for_a_day_without_anything() {
        let chart = columns(Lang::En, "Clicks", &[0, 2, 0]).into_string();
        assert_eq!(chart.matches("class=\"bar\"").count(), 1);
        assert!(chart.contains("x=\"33.333%\"") && chart.contains("aria-label=\"Clicks – 2\""));
        assert!(!columns(Lang::En, "Clicks", &[]).into_string().contains("class=\"bar\""));
    }
}
