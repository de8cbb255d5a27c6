//! The demo: the start page, and a shop that plays the part of any site, back end included.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use shared::{
    attribution::Touches,
    campaign::Campaign,
    email::Email,
    lang::Lang,
    link::SiteUrl,
    money::{Currency, Money},
    reward::Source,
};

use super::{ask::Ask, body::unread, html};
use crate::{
    app::App,
    call::Call,
    click::{cache::Terms, cookies, resolve},
    engine::{
        credit::{Event, Transaction, credit},
        demo::{ADA, ADA_AWAY, AWAY, HOME},
        enrol::{Brought, Newcomer, enrol},
        terms,
    },
    error::Error,
    pages::{self, shop},
    store::participants::Key,
};

/// Where the visitor stands: at home, or on the foreign site.
struct Scene {
    lang: Lang,
    campaign: &'static str,
    code: &'static str,
    script: String,
}

impl Scene {
    fn of(ask: &Ask) -> Result<Self, Error> {
        let Ask { app, headers, query, .. } = ask;
        if !app.settings.demo {
            return Err(Error::Missing);
        }
        let host = headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let public = SiteUrl::parse(&app.settings.public_url).map_err(|_| Error::Missing)?;
        let home = public.is_at(host);
        let (campaign, code) = if home { (HOME, ADA) } else { (AWAY, ADA_AWAY) };
        let script = if home { "/p.js".into() } else { format!("{}/p.js", public.origin()) };
        Ok(Self { lang: query.lang("lang"), campaign, code, script })
    }

    fn shop<'a>(&'a self, app: &'a App, query: &'a str) -> shop::Shop<'a> {
        shop::Shop {
            lang: self.lang,
            campaign: self.campaign,
            script_src: &self.script,
            base: &app.settings.public_url,
            query,
        }
    }
}

/// `GET /`: how to try the story by hand.
pub async fn start(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let scene = Scene::of(&ask)?;
    let base = &app.settings.public_url;
    let away = resolve::terms(app, call, AWAY).await?.map(|_| format!("{base}/r/{ADA_AWAY}"));
    let markup = pages::start(&pages::start::Start {
        lang: scene.lang,
        campaign: HOME,
        customer: "Ada",
        code: ADA,
        base,
        link: &format!("{base}/r/{ADA}"),
        foreign_link: away.as_deref(),
        script_src: "/p.js",
    });
    Ok(html::page(StatusCode::OK, base, &markup))
}

/// `GET /demo/shop` and the pages below it.
pub async fn page(ask: Ask) -> Result<Response, Error> {
    let Ask { app, query: asked, .. } = &ask;
    let scene = Scene::of(&ask)?;
    let number = asked.get("number").unwrap_or_default();
    let markup = match ask.at("page") {
        None => shop::home(&scene.shop(app, "")),
        Some("account") => {
            let link = format!("{}/r/{}", app.settings.public_url, scene.code);
            let customer = shop::Customer { first_name: "Ada", code: scene.code, link: &link };
            shop::account(&scene.shop(app, ""), &customer)
        }
        Some("checkout") => {
            let product = match asked.get("product") {
                Some(id) => shop::product(id).ok_or(Error::Missing)?,
                None => &shop::PRODUCTS[0],
            };
            shop::checkout(&scene.shop(app, &format!("product={}", product.id)), product)
        }
        Some("thanks") => {
            let total = asked.get("total").and_then(|it| it.parse().ok()).unwrap_or_default();
            let total = Money { minor: total, currency: Currency::EUR };
            let done = asked.get("done");
            let thanks = match done {
                Some("newsletter") => shop::Thanks::Newsletter,
                Some("signup") => shop::Thanks::SignUp,
                _ => shop::Thanks::Order { number, total },
            };
            let query = format!(
                "done={}&number={}&total={}",
                if matches!(done, Some("newsletter" | "signup")) {
                    done.unwrap_or_default()
                } else {
                    "order"
                },
                if plain(number) { number } else { "" },
                total.minor,
            );
            shop::thanks(&scene.shop(app, &query), &thanks)
        }
        Some(_) => return Err(Error::Missing),
    };
    Ok(html::page(StatusCode::OK, &app.settings.public_url, &markup))
}

/// `POST /demo/shop/{order,signup,newsletter}`: the shop's own back end.
///
/// An order is reported to Parrain as any back end does it: first the customer, with the
/// attribution that the shop's own cookie brought, then the transaction.
pub async fn post(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, headers, .. } = &ask;
    let sent = ask.form()?;
    let email = sent.given("email").ok_or_else(|| unread("the form has no email"))?;
    let scene = Scene::of(&ask)?;
    let done = match ask.at("page").unwrap_or_default() {
        form @ ("newsletter" | "signup") => format!("done={form}"),
        "order" => {
            let product = sent.get("product").and_then(shop::product).ok_or(Error::Missing)?;
            let number = format!("CL-{}", shared::id::short(call.draw(), 6));
            let Ok(email) = Email::parse(email) else {
                return Err(Error::field("email", None, "must look like name@example.com"));
            };
            let name = sent.get("name").map(Into::into);
            report(app, call, &scene, headers, email, name, &number, product.price()).await?;
            format!("done=order&number={number}&total={}", product.price().minor)
        }
        _ => return Err(Error::Missing),
    };
    let thanks = format!("/demo/shop/thanks?{done}&lang={}", scene.lang.tag());
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, thanks)]).into_response())
}

#[expect(clippy::too_many_arguments, reason = "an order has as many parts")]
async fn report(
    app: &App,
    call: &Call,
    scene: &Scene,
    headers: &HeaderMap,
    email: Email,
    name: Option<String>,
    number: &str,
    total: Money,
) -> Result<(), Error> {
    let (terms, _) = terms::read(app, scene.campaign).await?;
    let brought = match kept(app, call, &terms, headers) {
        Some(touches) => Brought::Touches(touches),
        None => Brought::Nothing,
    };
    let buyer = Newcomer { first_name: name, brought, ..Newcomer::new(email, Source::Server) };
    let buyer = Key::Code(enrol(app, call, &terms, &buyer).await?.participant);
    let numbers = [("orderId", number.into())].into();
    let (products, country) = (Vec::new(), None);
    let sale = Transaction { numbers, gross: total, net: total, products, country };
    let sale = Event::Transaction(sale);
    // Most customers were sent by nobody: then nothing is credited, and nothing is wrong.
    credit(app, call, &terms, &buyer, &sale, None, Source::Server).await?;
    Ok(())
}

/// The touches in the shop's own cookies: ours where we answer on its host, else the page's.
fn kept(app: &App, call: &Call, terms: &Terms, headers: &HeaderMap) -> Option<Touches> {
    let header = headers.get(header::COOKIE)?.to_str().ok()?;
    let campaign: &Campaign = &terms.campaign;
    let names = [cookies::Jar::Host.name(campaign), cookies::page_name(campaign)];
    let mut values = names.iter().filter_map(|it| cookies::value(header, it));
    values.find_map(|it| cookies::kept(app, terms, it, call.now).touches)
}

fn plain(text: &str) -> bool {
    text.len() <= 20 && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::bench::Bench;

    #[tokio::test]
    async fn an_installation_without_demo_has_none_of_its_pages() {
        let bench = Bench::new().await;
        for path in ["/", "/demo/shop", "/demo/shop/checkout?total=x&total=%ff", "/demo/shop/%ff"] {
            bench.get(path).await.fails(404);
        }
        bench.post("/demo/shop/order", json!({ "email": "ada@example.com" })).await.fails(400);
    }
}
