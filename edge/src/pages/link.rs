//! What a link shows when it does not redirect: nothing there, or a preview robot looks.

use maud::{Markup, html};
use shared::lang::Lang;

use super::layout::{Look, Page, brand, layout, plain};

/// A site that a lost visitor may have been looking for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Site<'a> {
    /// What its owner calls it.
    pub name: &'a str,
    /// Its address, absolute.
    pub url: &'a str,
}

/// What a messenger or social network shows of a link.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Preview<'a> {
    /// The language of the campaign.
    pub lang: Lang,
    /// The headline.
    pub title: &'a str,
    /// One or two sentences.
    pub description: &'a str,
    /// A picture, by its absolute https address.
    pub image: Option<&'a str>,
    /// The link itself, absolute.
    pub url: &'a str,
    /// The site that the link leads to.
    pub site: Site<'a>,
}

/// The page of a link that leads nowhere.
#[must_use]
pub fn missing(lang: Lang, site: Option<Site<'_>>) -> Markup {
    let (title, lead, help, on) = match lang {
        Lang::En => (
            "This link leads nowhere",
            "A letter may have been lost on the way, or its owner has closed it.",
            "Ask the friend who sent it to you for a new one.",
            "Go to",
        ),
        Lang::Fr => (
            "Ce lien ne mène nulle part",
            "Une lettre s’est peut-être perdue en chemin, ou le lien a été fermé.",
            "Demandez-en un nouveau à la personne qui vous l’a envoyé.",
            "Aller sur",
        ),
    };
    let main = html! {
        img.scene src="/lost.svg" alt="" width="280" height="140";
        h1 { (title) }
        p.lead { (lead) }
        p { (help) }
        @if let Some(site) = site {
            p { a.button.primary href=(site.url) { (on) " " (site.name) } }
        }
    };
    plain(lang, title, Some(""), &main)
}

/// The page that preview robots get: Open Graph tags, and a visible link on.
#[must_use]
pub fn preview(preview: &Preview<'_>) -> Markup {
    let lang = preview.lang;
    let (locale, on) = match lang {
        Lang::En => ("en_GB", "Go on to"),
        Lang::Fr => ("fr_FR", "Continuer vers"),
    };
    let card = if preview.image.is_some() { "summary_large_image" } else { "summary" };
    layout(&Page {
        lang,
        title: preview.title,
        look: Look::Parrain,
        query: None,
        head: html! {
            meta name="description" content=(preview.description);
            meta property="og:type" content="website";
            meta property="og:title" content=(preview.title);
            meta property="og:description" content=(preview.description);
            meta property="og:url" content=(preview.url);
            meta property="og:site_name" content=(preview.site.name);
            meta property="og:locale" content=(locale);
            @if let Some(image) = preview.image { meta property="og:image" content=(image); }
            meta name="twitter:card" content=(card);
        },
        header: brand(),
        main: html! {
            div.width.narrow {
                @if let Some(image) = preview.image { img.scene src=(image) alt=""; }
                h1 { (preview.title) }
                p.lead { (preview.description) }
                p { a.button.primary href=(preview.site.url) { (on) " " (preview.site.name) } }
            }
        },
        footer: html! {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Site<'_> = Site { name: "Café & Co", url: "https://shop.example/?a=1&b=2" };

    #[test]
    fn a_missing_link_offers_the_site_only_where_one_is_known() {
        assert!(!missing(Lang::En, None).into_string().contains("Go to"));
        let page = missing(Lang::En, Some(SITE)).into_string();
        assert!(
            page.contains("href=\"https://shop.example/?a=1&amp;b=2\">Go to Café &amp; Co</a>")
        );
    }

    fn sample(image: Option<&str>) -> String {
        let title = "\"><script>alert(1)</script>";
        let url = "https://go.example/r/abc";
        preview(&Preview { lang: Lang::Fr, title, description: "…", image, url, site: SITE })
            .into_string()
    }

    #[test]
    fn a_preview_escapes_what_the_owner_typed() {
        let page = sample(None);
        assert!(!page.contains("<script>alert"));
        assert!(page.contains("content=\"&quot;&gt;&lt;script&gt;"));
    }

    #[test]
    fn a_preview_has_a_large_card_only_with_a_picture() {
        assert!(sample(None).contains("name=\"twitter:card\" content=\"summary\""));
        assert!(!sample(None).contains("og:image"));
        let page = sample(Some("https://cdn.example/a.png"));
        assert!(page.contains("property=\"og:image\" content=\"https://cdn.example/a.png\""));
        assert!(page.contains("summary_large_image"));
        assert!(page.contains("property=\"og:url\" content=\"https://go.example/r/abc\""));
    }
}
