//! The frame of every page: head, skip link, header with the language switch, main, footer.

use maud::{DOCTYPE, Markup, html};
use shared::lang::Lang;

/// A page before it is framed.
#[derive(Debug)]
pub struct Page<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// What tabs, bookmarks and screen readers call the page.
    pub title: &'a str,
    /// Whose page it looks like.
    pub look: Look,
    /// The page's own query, kept when the language changes; `None` where the page cannot be
    /// asked for again and so offers no switch.
    pub query: Option<&'a str>,
    /// More elements of the head: scripts, Open Graph tags.
    pub head: Markup,
    /// The header's content: brand and navigation.
    pub header: Markup,
    /// The subject of the page.
    pub main: Markup,
    /// What follows the main element.
    pub footer: Markup,
}

/// Whose page it looks like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Look {
    /// Our own pages.
    Parrain,
    /// The demo shop, which is somebody else's site.
    Shop,
}

/// The whole document of a page.
#[must_use]
pub fn layout(page: &Page<'_>) -> Markup {
    let lang = page.lang;
    let (sheet, icon) = match page.look {
        Look::Parrain => ("/parrain.css", "/parrain.svg"),
        Look::Shop => ("/shop.css", "/shop/lumiere.svg"),
    };
    let skip = match lang {
        Lang::En => "Skip to content",
        Lang::Fr => "Aller au contenu",
    };
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) }
                link rel="icon" type="image/svg+xml" href=(icon);
                link rel="stylesheet" href="/base.css";
                link rel="stylesheet" href=(sheet);
                (page.head)
            }
            body {
                a.skip href="#main" { (skip) }
                header.top {
                    div.width {
                        (page.header)
                        @if let Some(query) = page.query { (switch(lang, query)) }
                    }
                }
                main #main tabindex="-1" { (page.main) }
                (page.footer)
            }
        }
    }
}

/// One of our own pages that has nothing but a subject.
#[must_use]
pub fn plain(lang: Lang, title: &str, query: Option<&str>, main: &Markup) -> Markup {
    layout(&Page {
        lang,
        title,
        look: Look::Parrain,
        query,
        head: html! {},
        header: brand(),
        main: html! { div.width.narrow { (main) } },
        footer: html! {},
    })
}

/// Our name and mark.
#[must_use]
pub fn brand() -> Markup {
    html! {
        span.brand { img src="/parrain.svg" alt="" width="32" height="32"; "Parrain" }
    }
}

/// The link to the same page in the other language.
fn switch(lang: Lang, query: &str) -> Markup {
    let (other, name) = match lang {
        Lang::En => (Lang::Fr, "Français"),
        Lang::Fr => (Lang::En, "English"),
    };
    let gap = if query.is_empty() { "" } else { "&" };
    let href = format!("?{query}{gap}lang={}", other.tag());
    html! {
        a.switch href=(href) lang=(other.tag()) hreflang=(other.tag()) translate="no" { (name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expected: &str) {
        assert!(page.contains(expected), "{expected} is missing in {page}");
    }

    #[test]
    fn a_page_says_its_language_and_offers_the_other() {
        let page = plain(Lang::Fr, "Salut", Some("product=aube"), &html! { "…" }).into_string();
        check(&page, "<!DOCTYPE html><html lang=\"fr\">");
        check(&page, "<title>Salut</title>");
        check(&page, "href=\"?product=aube&amp;lang=en\"");
        check(&page, "href=\"#main\">Aller au contenu</a>");
    }

    #[test]
    fn a_page_that_cannot_be_asked_for_again_offers_no_switch() {
        let page = plain(Lang::En, "Sorry", None, &html! {}).into_string();
        assert!(!page.contains("hreflang"));
    }

    #[test]
    fn titles_are_escaped() {
        let page = plain(Lang::En, "<script>", None, &html! {}).into_string();
        check(&page, "<title>&lt;script&gt;</title>");
    }
}
