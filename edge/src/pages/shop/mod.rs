//! The demo shop: an ordinary site with ordinary forms, and Parrain's one script tag.

mod product;
mod words;

use maud::{Markup, html};
use shared::{lang::Lang, money::Money, written::money};

use self::words::{Words, words};
use super::layout::{Look, Page, layout};

pub use self::product::{PRODUCTS, Product, product};

/// What every page of the shop knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shop<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The address of the loader, on the service's own host.
    pub script_src: &'a str,
    /// The host of links, as `<parrain-share base>` takes it.
    pub base: &'a str,
    /// The page's own query without `lang` (and without what the link added), for the switch.
    pub query: &'a str,
}

/// A signed-in customer, as the account page shows them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Customer<'a> {
    /// What the shop calls them.
    pub first_name: &'a str,
    /// Their code.
    pub code: &'a str,
    /// Their whole link.
    pub link: &'a str,
}

/// What the shop says thank you for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Thanks<'a> {
    /// A subscription to the newsletter.
    Newsletter,
    /// An order.
    Order {
        /// The shop's number of it.
        number: &'a str,
        /// What it came to.
        total: Money,
    },
    /// A new account.
    SignUp,
}

/// The shop window: products, sign-up and newsletter.
#[must_use]
pub fn home(shop: &Shop<'_>) -> Markup {
    let words = words(shop.lang);
    let main = html! {
        parrain-banner lang=(shop.lang.tag()) { p { (words.banner) } }
        section.hero {
            div.width {
                div {
                    h1 { (words.heading) }
                    p.lead { (words.lead) }
                    p { a.button.primary href="#shelf" { (words.see) } }
                }
                img src="/shop/morning.svg" alt="" width="560" height="420";
            }
        }
        section.width aria-labelledby="shelf" {
            h2 #shelf tabindex="-1" { (words.shelf) }
            ul.shelf { @for product in &PRODUCTS { li { (card(shop, product)) } } }
        }
        section.width.pair {
            (sign_up(shop.lang))
            (newsletter(shop.lang))
        }
    };
    page(shop, words.home_title, main)
}

/// The order form for one product.
#[must_use]
pub fn checkout(shop: &Shop<'_>, product: &Product) -> Markup {
    let words = words(shop.lang);
    let price = money(shop.lang, product.price());
    let main = html! {
        parrain-banner lang=(shop.lang.tag()) { p { (words.banner) } }
        div.width.checkout {
            h1 { (words.checkout) }
            section.basket aria-labelledby="basket" {
                h2 #basket { (words.basket) }
                div.line {
                    img src=(picture(product)) alt="" width="72" height="90";
                    p { strong { (product.name) } br; span.soft { (product.kind(shop.lang)) } }
                }
                dl.sums {
                    div { dt { (product.name) } dd { (price) } }
                    div { dt { (words.delivery) } dd { (words.free) } }
                    div.total { dt { (words.total) } dd { (price) } }
                }
            }
            form.stack #order method="post" action=(action("order", shop.lang)) {
                h2 { (words.details) }
                input type="hidden" name="product" value=(product.id);
                (name_field("order", words))
                (email_field("order", words))
                p.hint { (words.pickup) }
                button.primary type="submit" { (words.order) }
            }
        }
    };
    page(shop, words.checkout, main)
}

/// A customer's own page, with their link to share.
#[must_use]
pub fn account(shop: &Shop<'_>, customer: &Customer<'_>) -> Markup {
    let words = words(shop.lang);
    let main = html! {
        div.width.narrow {
            h1 { (words.hello) " " (customer.first_name) }
            section.share aria-labelledby="share" {
                h2 #share { (words.share_heading) }
                p { (words.share_why) }
                parrain-share code=(customer.code) base=(shop.base) lang=(shop.lang.tag()) {
                    p { (words.your_link) br; a href=(customer.link) { (customer.link) } }
                }
            }
        }
    };
    page(shop, words.account, main)
}

/// The page after a form.
#[must_use]
pub fn thanks(shop: &Shop<'_>, thanks: &Thanks<'_>) -> Markup {
    let words = words(shop.lang);
    let lead = match thanks {
        Thanks::Newsletter => words.subscribed,
        Thanks::Order { .. } => words.ordered,
        Thanks::SignUp => words.joined,
    };
    let main = html! {
        div.width.narrow.thanks {
            img src="/shop/lumiere.svg" alt="" width="72" height="72";
            h1 { (words.thanks) }
            p.lead { (lead) }
            @if let Thanks::Order { number, total } = *thanks {
                dl.sums {
                    div { dt { (words.number) } dd #order-number { (number) } }
                    div.total { dt { (words.total) } dd #order-total { (money(shop.lang, total)) } }
                }
            }
            p { a.button href=(path("", shop.lang)) { (words.onward) } }
        }
    };
    page(shop, words.thanks, main)
}

fn page(shop: &Shop<'_>, title: &str, main: Markup) -> Markup {
    let words = words(shop.lang);
    layout(&Page {
        lang: shop.lang,
        title,
        look: Look::Shop,
        query: Some(shop.query),
        head: html! {
            script async src=(shop.script_src) data-campaign=(shop.campaign) {}
            script type="module" src="/demo.js" {}
        },
        header: html! {
            a.brand href=(path("", shop.lang)) {
                img src="/shop/lumiere.svg" alt="" width="36" height="36";
                "Café Lumière"
            }
            nav aria-label="Café Lumière" {
                a href={ (path("", shop.lang)) "#shelf" } { (words.products) }
                a href=(path("/account", shop.lang)) { (words.account) }
            }
        },
        main,
        footer: html! {
            (consent_bar(words))
            footer.foot {
                div.width {
                    p { (words.imprint) }
                    button.plain type="button" hidden data-consent="ask" { (words.choices) }
                }
            }
        },
    })
}

/// The shop's own question; `/demo.js` shows it, keeps the answer and passes it on.
fn consent_bar(words: &Words) -> Markup {
    html! {
        section.consent #consent aria-labelledby="consent-heading" tabindex="-1" hidden {
            div.width {
                div {
                    h2 #consent-heading { (words.consent_heading) }
                    p { (words.consent) }
                }
                div.answers {
                    button type="button" data-consent="no" { (words.refuse) }
                    button type="button" data-consent="yes" { (words.accept) }
                }
            }
        }
    }
}

fn card(shop: &Shop<'_>, product: &Product) -> Markup {
    let lang = shop.lang;
    html! {
        article.card {
            img src=(picture(product)) alt="" width="240" height="300" loading="lazy";
            h3 { (product.name) }
            p.soft { (product.kind(lang)) }
            p { (product.taste(lang)) }
            p.buy {
                span.price { (money(lang, product.price())) }
                a.button href={ "/demo/shop/checkout?product=" (product.id) "&lang=" (lang.tag()) }
                    aria-label={ (words(lang).buy) " " (product.name) } { (words(lang).buy) }
            }
        }
    }
}

fn sign_up(lang: Lang) -> Markup {
    let words = words(lang);
    html! {
        form.stack.panel #signup method="post" action=(action("signup", lang)) {
            h2 { (words.join) }
            p { (words.join_why) }
            (name_field("signup", words))
            (email_field("signup", words))
            div.field {
                label for="signup-password" { (words.password) }
                input #signup-password name="password" type="password" required minlength="8"
                    autocomplete="new-password" aria-describedby="signup-hint";
                p.hint #signup-hint { (words.password_hint) }
            }
            button.primary type="submit" { (words.create) }
        }
    }
}

fn newsletter(lang: Lang) -> Markup {
    let words = words(lang);
    html! {
        form.stack.panel.letter #newsletter method="post" action=(action("newsletter", lang)) {
            h2 { (words.letter) }
            p { (words.letter_why) }
            (email_field("newsletter", words))
            button.primary type="submit" { (words.subscribe) }
        }
    }
}

fn name_field(form: &str, words: &Words) -> Markup {
    html! {
        div.field {
            label for={ (form) "-name" } { (words.name) }
            input id={ (form) "-name" } name="name" type="text" required autocomplete="name";
        }
    }
}

fn email_field(form: &str, words: &Words) -> Markup {
    html! {
        div.field {
            label for={ (form) "-email" } { (words.email) }
            input id={ (form) "-email" } name="email" type="email" required autocomplete="email";
        }
    }
}

fn picture(product: &Product) -> String {
    format!("/shop/{}.svg", product.id)
}

/// Where a form is posted to, natively.
fn action(form: &str, lang: Lang) -> String {
    path(&format!("/{form}"), lang)
}

fn path(page: &str, lang: Lang) -> String {
    format!("/demo/shop{page}?lang={}", lang.tag())
}

#[cfg(test)]
mod tests {
    use shared::money::Currency;

    use super::*;

    fn shop(lang: Lang) -> Shop<'static> {
        Shop {
            lang,
            campaign: "demo",
            script_src: "https://go.example/p.js",
            base: "https://go.example",
            query: "",
        }
    }

    #[track_caller]
    fn check(page: &Markup, expected: &str) {
        assert!(page.0.contains(expected), "{expected} is missing in {}", page.0);
    }

    #[test]
    fn every_page_carries_the_one_tag_and_its_language() {
        let customer =
            Customer { first_name: "Ada", code: "ada", link: "https://go.example/r/ada" };
        for lang in [Lang::En, Lang::Fr] {
            let shop = shop(lang);
            let pages = [
                home(&shop),
                checkout(&shop, &PRODUCTS[0]),
                account(&shop, &customer),
                thanks(&shop, &Thanks::Newsletter),
            ];
            for page in pages {
                check(
                    &page,
                    "<script async src=\"https://go.example/p.js\" data-campaign=\"demo\">",
                );
                check(&page, &format!("<html lang=\"{}\">", lang.tag()));
            }
        }
    }

    #[test]
    fn forms_are_posted_natively_with_fields_that_browsers_know() {
        let page = home(&shop(Lang::En));
        check(&page, "id=\"newsletter\" method=\"post\" action=\"/demo/shop/newsletter?lang=en\"");
        check(&page, "id=\"signup\" method=\"post\" action=\"/demo/shop/signup?lang=en\"");
        check(&page, "autocomplete=\"new-password\"");
        let page = checkout(&shop(Lang::Fr), &PRODUCTS[1]);
        check(&page, "id=\"order\" method=\"post\" action=\"/demo/shop/order?lang=fr\"");
        check(&page, "name=\"product\" value=\"midi\"");
        check(&page, "11,90\u{a0}€");
    }

    #[test]
    fn an_order_is_thanked_for_with_number_and_total() {
        let total = Money { minor: 1_290, currency: Currency::EUR };
        let page = thanks(&shop(Lang::En), &Thanks::Order { number: "CL-1<b>", total });
        check(&page, "<dd id=\"order-number\">CL-1&lt;b&gt;</dd>");
        check(&page, "<dd id=\"order-total\">€12.90</dd>");
        assert!(!thanks(&shop(Lang::En), &Thanks::SignUp).0.contains("order-number"));
    }

    #[test]
    fn names_are_escaped_and_the_link_stands_without_us() {
        let link = "https://go.example/r/ada";
        let customer = Customer { first_name: "<script>alert(1)</script>", code: "ada", link };
        let page = account(&shop(Lang::En), &customer);
        check(&page, "Hello &lt;script&gt;alert(1)&lt;/script&gt;");
        check(&page, "<a href=\"https://go.example/r/ada\">https://go.example/r/ada</a>");
        check(&page, "<parrain-share code=\"ada\" base=\"https://go.example\" lang=\"en\">");
    }
}
