//! How a programme's public pages look: two colours, light or dark.

use alloc::{format, string::String};

use serde::{Deserialize, Serialize};

/// A colour: red, green and blue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Colour(pub [u8; 3]);

/// Not a colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a colour is # and six digits, such as #0b6b56")]
pub struct ColourError;

/// Black on white has 21, a colour on itself 1; text that everybody reads has 4.5 at least (WCAG 2.2, 1.4.3).
pub const READABLE: f64 = 4.5;

/// The paper of our pages by day, and that of their panels by night: the harder one of each, so that
/// what is read there is read everywhere.
const PAPERS: [Colour; 2] = [Colour([0xf4, 0xf7, 0xf5]), Colour([0x17, 0x20, 0x1d])];

const WHITE: Colour = Colour([255; 3]);
const BLACK: Colour = Colour([0; 3]);

/// Whether pages are light or dark.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scheme {
    /// As the reader's device has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// A programme's look.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Look {
    /// What buttons are filled with.
    pub primary: Colour,
    /// What links are written in.
    pub accent: Colour,
    /// Light or dark.
    pub scheme: Scheme,
}

impl Default for Look {
    fn default() -> Self {
        let green = Colour([0x0b, 0x6b, 0x56]);
        Self { primary: green, accent: green, scheme: Scheme::Auto }
    }
}

impl Colour {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').filter(|it| it.len() == 6).ok_or(ColourError)?;
        let mut parts = [0; 3];
        for (place, part) in parts.iter_mut().enumerate() {
            let pair = digits.get(place * 2..place * 2 + 2).ok_or(ColourError)?;
            *part = u8::from_str_radix(pair, 16).map_err(|_| ColourError)?;
        }
        // "+f" is a number, too, and no pair of digits.
        let plain = digits.bytes().all(|it| it.is_ascii_hexdigit());
        if plain { Ok(Self(parts)) } else { Err(ColourError) }
    }

    /// The colour as style sheets write it.
    #[must_use]
    pub fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Black or white, whichever is read better on this colour: always well enough (R-LOOK-1).
    #[must_use]
    pub fn ink(self) -> Self {
        if contrast(self, BLACK) < contrast(self, WHITE) { WHITE } else { BLACK }
    }

    /// This colour, or the nearest shade of it that is read on a paper (R-LOOK-1).
    #[must_use]
    pub fn on(self, paper: Self) -> Self {
        let end = paper.ink();
        let shade = |tenths: u16| {
            let mut mixed = self;
            for (part, towards) in mixed.0.iter_mut().zip(end.0) {
                let sum = u16::from(*part) * (10 - tenths) + u16::from(towards) * tenths;
                *part = u8::try_from(sum / 10).unwrap_or(u8::MAX);
            }
            mixed
        };
        (0..=10).map(shade).find(|it| READABLE <= contrast(*it, paper)).unwrap_or(end)
    }
}

impl Serialize for Colour {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.hex())
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// How well one colour is told from another: 1 to 21 (WCAG 2.2, relative luminance).
#[must_use]
pub fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    let (light, dark) = if a < b { (b, a) } else { (a, b) };
    (light + 0.05) / (dark + 0.05)
}

fn luminance(Colour([r, g, b]): Colour) -> f64 {
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// The light of a part of a colour.
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.040_45 {
        return part / 12.92;
    }
    // x^2.4 is x² times the fifth root of x², which Newton finds: there is no powf without std.
    let x = (part + 0.055) / 1.055;
    let square = x * x;
    let mut root = 1.0_f64;
    for _ in 0..20 {
        root = 0.8 * root + square / (5.0 * root * root * root * root);
    }
    square * root
}

impl Look {
    /// The style sheet that puts the look over our pages' own colours (R-LOOK-2).
    #[must_use]
    pub fn sheet(self) -> String {
        let [day, night] = PAPERS.map(|paper| self.colours(paper));
        match self.scheme {
            Scheme::Auto => {
                format!(":root{{{day}}}@media (prefers-color-scheme:dark){{:root{{{night}}}}}")
            }
            Scheme::Light => format!(":root{{{DAY}{day}}}html{{color-scheme:light}}"),
            Scheme::Dark => format!(":root{{{NIGHT}{night}}}html{{color-scheme:dark}}"),
        }
    }

    fn colours(self, paper: Colour) -> String {
        let (fill, link) = (self.primary, self.accent.on(paper));
        // What lies under the pointer is a shade darker or lighter than the button.
        let strong = Colour(fill.0.map(|it| if fill.ink() == WHITE { it / 4 * 3 } else { it }));
        let (fill, ink, strong, link) = (fill.hex(), fill.ink().hex(), strong.hex(), link.hex());
        format!("--accent:{fill};--accent-strong:{strong};--on-accent:{ink};--link:{link}")
    }

    /// What is said of the colours: white or black on the first, and whether the second is read as it
    /// is, by day and by night.
    #[must_use]
    pub fn told(self) -> Told {
        Told {
            ink: self.primary.ink(),
            ratio: contrast(self.primary, self.primary.ink()),
            links: PAPERS
                .map(|paper| (self.accent.on(paper), self.accent.on(paper) == self.accent)),
        }
    }
}

/// How readable a look is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// What is written on buttons in.
    pub ink: Colour,
    /// How well that is read.
    pub ratio: f64,
    /// What links are written in by day and by night, and whether that is the chosen colour itself.
    pub links: [(Colour, bool); 2],
}

/// The rest of our colours by day, for pages that stay light in the dark.
const DAY: &str = "--paper:#f4f7f5;--card:#fff;--field:#fff;--ink:#14211d;--soft:#53635d;\
    --line:#d9e1dd;--edge:#7b8a84;--focus:#c2410c;--tint:#e1f1eb;--good:#0b6b56;\
    --good-tint:#dcf1e9;--open:#7a4b00;--open-tint:#fdeecb;--bad:#9f2419;--bad-tint:#fce4e0;\
    --quiet:#4d5b56;--quiet-tint:#e7ecea;";

/// The same by night.
const NIGHT: &str = "--paper:#0e1513;--card:#17201d;--field:#0e1513;--ink:#e6eeeb;--soft:#a2b1ab;\
    --line:#2a3632;--edge:#71827b;--focus:#ffab73;--tint:#15332b;--good:#7fe0c5;\
    --good-tint:#143a30;--open:#f5cb73;--open-tint:#3b2f12;--bad:#ffb0a3;--bad-tint:#46201a;\
    --quiet:#b4c1bc;--quiet-tint:#28322f;";

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(colour("#0B6b56").hex(), "#0b6b56");
        for wrong in
            ["", "#", "0b6b56", "#0b6b5", "#0b6b567", "#+f+f+f", "#0b6b5g", "#é6b56", "red"]
        {
            assert_eq!(Colour::parse(wrong), Err(ColourError), "{wrong}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        // Computed with the formula of WCAG 2.2 in another language.
        for (a, b, expected) in [
            ("#000000", "#ffffff", 21.0),
            ("#777777", "#ffffff", 4.478),
            ("#0b6b56", "#ffffff", 6.458),
            ("#ff0000", "#ffffff", 3.998),
            ("#abcdef", "#abcdef", 1.0),
        ] {
            for found in [contrast(colour(a), colour(b)), contrast(colour(b), colour(a))] {
                assert!((found - expected).abs() < 0.001, "{a} {b} {found}");
            }
        }
    }

    #[test]
    fn r_look_1_whatever_the_colours_are_texts_are_read() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let it = Colour([r, g, b]);
                    assert!(READABLE <= contrast(it, it.ink()), "{it:?}");
                    for paper in PAPERS {
                        let link = it.on(paper);
                        assert!(READABLE <= contrast(link, paper), "{it:?} {link:?} {paper:?}");
                    }
                }
            }
        }
        // What is read already stays as it is.
        assert_eq!(colour("#0b6b56").on(PAPERS[0]), colour("#0b6b56"));
    }

    #[test]
    fn r_look_2_a_sheet_holds_the_colours_for_day_and_night() {
        let look = Look { primary: colour("#ffcc00"), ..Look::default() };
        let auto = look.sheet();
        assert!(auto.starts_with(":root{--accent:#ffcc00;"), "{auto}");
        assert!(auto.contains("--on-accent:#000000") && auto.contains("prefers-color-scheme:dark"));
        let dark = Look { scheme: Scheme::Dark, ..look }.sheet();
        assert!(dark.contains("--paper:#0e1513") && dark.contains("color-scheme:dark"), "{dark}");
        let light = Look { scheme: Scheme::Light, ..look }.sheet();
        assert!(light.contains("--paper:#f4f7f5") && !light.contains("@media"), "{light}");
    }

    #[test]
    fn what_is_said_of_the_colours_is_what_the_sheet_does() {
        let look = Look { accent: colour("#ffe08a"), ..Look::default() };
        let told = look.told();
        assert_eq!(told.ink, WHITE);
        assert!(!told.links[0].1 && told.links[1].1);
        assert!(look.sheet().contains(&format!("--link:{}", told.links[0].0.hex())));
    }

    #[test]
    fn a_look_is_read_as_it_was_written() {
        let look = Look { scheme: Scheme::Light, accent: colour("#112233"), ..Look::default() };
        let text = serde_json::to_string(&look).unwrap();
        assert_eq!(serde_json::from_str::<Look>(&text).unwrap(), look);
        assert_eq!(serde_json::from_str::<Look>("{}").unwrap(), Look::default());
    }
}
