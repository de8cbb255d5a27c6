//! The demo: the start page, and a shop that plays the part of any site, back end included.

use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use shared::{
    attribution::Touches,
    campaign::Campaign,
    email::Email,
    lang::Lang,
    link::SiteUrl,
    money::{Currency, Money},
    reward::Source,
};

use super::{html, lang};
use crate::{
    app::App,
    call::Call,
    click::{cache::Terms, cookies, resolve},
    engine::{
        credit::{Event, Transaction, credit},
        demo::{ADA, ADA_AWAY, AWAY, HOME},
        enrol::{Brought, Newcomer, enrol},
    },
    error::Error,
    pages::{self, shop},
    store::participants::Key,
};

/// What the demo's addresses may say.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    product: Option<String>,
    #[serde(default)]
    done: Option<String>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    total: Option<i64>,
}

/// Where the visitor stands: at home, or on the foreign site.
struct Scene {
    lang: Lang,
    campaign: &'static str,
    code: &'static str,
    script: String,
}

impl Scene {
    fn of(app: &App, asked: &Asked, headers: &HeaderMap) -> Result<Self, Error> {
        if !app.settings.demo {
            return Err(Error::Missing);
        }
        let host = headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let public = SiteUrl::parse(&app.settings.public_url).map_err(|_| Error::Missing)?;
        let home = public.origin().split_once("://").is_some_and(|it| it.1 == host);
        let (campaign, code) = if home { (HOME, ADA) } else { (AWAY, ADA_AWAY) };
        let script = if home { "/p.js".into() } else { format!("{}/p.js", public.origin()) };
        Ok(Self { lang: lang(asked.lang.as_deref(), headers), campaign, code, script })
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
pub async fn start(
    State(app): State<App>,
    call: Call,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let scene = Scene::of(&app, &asked, &headers)?;
    let base = &app.settings.public_url;
    let away = resolve::terms(&app, &call, AWAY).await?.map(|_| format!("{base}/r/{ADA_AWAY}"));
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
pub async fn page(
    State(app): State<App>,
    page: Option<Path<String>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let scene = Scene::of(&app, &asked, &headers)?;
    let number = asked.number.unwrap_or_default();
    let markup = match page.as_ref().map(|it| it.as_str()) {
        None => shop::home(&scene.shop(&app, "")),
        Some("account") => {
            let link = format!("{}/r/{}", app.settings.public_url, scene.code);
            let customer = shop::Customer { first_name: "Ada", code: scene.code, link: &link };
            shop::account(&scene.shop(&app, ""), &customer)
        }
        Some("checkout") => {
            let product = match asked.product.as_deref() {
                Some(id) => shop::product(id).ok_or(Error::Missing)?,
                None => &shop::PRODUCTS[0],
            };
            shop::checkout(&scene.shop(&app, &format!("product={}", product.id)), product)
        }
        Some("thanks") => {
            let total = Money { minor: asked.total.unwrap_or_default(), currency: Currency::EUR };
            let done = asked.done.as_deref();
            let thanks = match done {
                Some("newsletter") => shop::Thanks::Newsletter,
                Some("signup") => shop::Thanks::SignUp,
                _ => shop::Thanks::Order { number: &number, total },
            };
            let query = format!(
                "done={}&number={}&total={}",
                if matches!(done, Some("newsletter" | "signup")) {
                    done.unwrap_or_default()
                } else {
                    "order"
                },
                if plain(&number) { number.as_str() } else { "" },
                total.minor,
            );
            shop::thanks(&scene.shop(&app, &query), &thanks)
        }
        Some(_) => return Err(Error::Missing),
    };
    Ok(html::page(StatusCode::OK, &app.settings.public_url, &markup))
}

/// What the shop's forms send.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    product: Option<String>,
    #[serde(default)]
    name: Option<String>,
    email: String,
}

/// `POST /demo/shop/{order,signup,newsletter}`: the shop's own back end.
///
/// An order is reported to Parrain as any back end does it: first the customer, with the
/// attribution that the shop's own cookie brought, then the transaction.
pub async fn post(
    State(app): State<App>,
    call: Call,
    Path(form): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let scene = Scene::of(&app, &asked, &headers)?;
    let done = match form.as_str() {
        "newsletter" | "signup" => format!("done={form}"),
        "order" => {
            let product = sent.product.as_deref().and_then(shop::product).ok_or(Error::Missing)?;
            let number = format!("CL-{}", shared::id::short(call.draw(), 6));
            let Ok(email) = Email::parse(&sent.email) else {
                return Err(Error::field("email", None, "must look like name@example.com"));
            };
            report(&app, &call, &scene, &headers, email, sent.name, &number, product.price())
                .await?;
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
    let Some(terms) = resolve::terms(app, call, scene.campaign).await? else { return Ok(()) };
    let brought = match kept(app, call, &terms, headers) {
        Some(touches) => Brought::Touches(touches),
        None => Brought::Nothing,
    };
    let buyer = Newcomer { first_name: name, brought, ..Newcomer::new(email, Source::Server) };
    let buyer = Key::Code(enrol(app, call, &terms, &buyer).await?.participant);
    let numbers = [("orderId", number.into())].into();
    let sale = Event::Transaction(Transaction { numbers, gross: total, net: total });
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
    values.find_map(|it| cookies::touches(app, terms, it, call.now))
}

fn plain(text: &str) -> bool {
    text.len() <= 20 && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
}
