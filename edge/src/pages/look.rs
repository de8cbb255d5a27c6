//! A programme's own look on pages that everybody may see: its style sheet, its logo.

use maud::{Markup, html};
use shared::lang::Lang;

use super::layout::{self, Page, layout};

/// Whose page it is.
#[derive(Clone, Copy, Debug)]
pub struct Brand<'a> {
    /// The campaign's id.
    pub campaign: &'a str,
    /// The owner's name, or the programme's.
    pub name: &'a str,
    /// The address of the logo.
    pub logo: Option<&'a str>,
}

/// The address of a campaign's style sheet: styles within a page are forbidden by its policy.
#[must_use]
pub fn sheet(campaign: &str) -> Markup {
    html! { link rel="stylesheet" href={ "/c/" (campaign) "/look.css" }; }
}

/// The owner's logo and name, at the head of a page.
#[must_use]
pub fn brand(it: Brand<'_>) -> Markup {
    html! {
        span.brand {
            @if let Some(logo) = it.logo { img.logo src=(logo) alt="" height="32" referrerpolicy="no-referrer"; }
            (it.name)
        }
    }
}

/// A page of a programme in its own look.
#[must_use]
pub fn branded(lang: Lang, title: &str, it: Brand<'_>, main: &Markup) -> Markup {
    layout(&Page {
        lang,
        title,
        look: layout::Look::Parrain,
        query: Some(""),
        head: sheet(it.campaign),
        header: brand(it),
        main: html! { div.width.narrow { (main) } },
        footer: html! {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_owners_write_is_escaped_and_no_style_stands_in_the_page() {
        let it = Brand { campaign: "shop01", name: "<b>", logo: Some("https://x.example/\"a.svg") };
        let page = branded(Lang::En, "<i>", it, &html! {}).into_string();
        assert!(!page.contains("<b>") && !page.contains("<i>") && !page.contains("style="));
        assert!(page.contains("href=\"/c/shop01/look.css\"") && page.contains("&quot;a.svg"));
    }
}
