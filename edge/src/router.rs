//! The route table. Clicks (`/r/…`) are answered before it, on both hosts.

use axum::{
    Router,
    body::Body,
    routing::{any, delete, get, patch, post},
};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use crate::{
    app::App,
    click::Reply,
    routes,
    routes::ask::{Refused, keyed, open},
    routes::rest::{
        accounts, attribution_keys, campaigns, coupons, customers, decisions, emails, installation,
        leaderboard, options, participants, referrals, refund, reward_choices, reward_configs,
        rewards, transaction, unbuilt,
    },
};

/// All routes.
pub fn router(app: App) -> Router {
    Router::new()
        // The browser's endpoints, under a name that no blocker's list has.
        .route("/_p/consent", post(open(routes::browser::consent::record)))
        .route("/_p/lead", post(open(routes::browser::lead::record)))
        .route("/_p/share", post(open(routes::browser::share::record)))
        .route("/_p/visit", post(open(routes::browser::visit::record)))
        // Clicks never come here; what does, came by another method.
        .route("/r/{code}", any(routes::wrong_method))
        // Pages.
        .route("/q/{file}", get(open(routes::qr::show)))
        .route("/c/{campaign}", get(open(routes::card::page)))
        .route("/c/{campaign}/card.json", get(open(routes::card::machine)))
        .route("/console", get(open(routes::console::show)))
        .route(
            "/console/enter",
            get(open(routes::console::door)).post(open(routes::console::enter)),
        )
        .route(
            "/u/{campaign}/{purpose}/{hash}/{tag}",
            get(open(routes::unsubscribe::show)).post(open(routes::unsubscribe::record)),
        )
        // The demo.
        .route("/", get(open(routes::demo::start)))
        .route("/demo/shop", get(open(routes::demo::page)))
        .route("/demo/shop/{page}", get(open(routes::demo::page)).post(open(routes::demo::post)))
        .nest("/v2", v2())
        .fallback(routes::files::serve)
        .with_state(app)
}

/// GrowSurf's 74 operations and our own; those that are not built answer 501.
fn v2() -> Router<App> {
    let no = Refused(unbuilt::operation);
    let account = Router::new()
        .route("/accounts", post(Refused(accounts::create)))
        .route("/team", get(no).patch(no))
        .route("/team/verification-request", post(no))
        .route("/team/owner/verification-email", post(no))
        .route("/api-key/rotate", post(no));
    let campaign = Router::new()
        .route("/", get(keyed(campaigns::retrieve)).patch(keyed(campaigns::update)))
        .route("/clone", post(no))
        .route("/design", get(no).patch(no))
        .route("/emails", get(keyed(emails::retrieve)).patch(keyed(emails::update)))
        .route(
            "/installation",
            get(keyed(installation::retrieve)).patch(keyed(installation::update)),
        )
        .route("/integrations", get(no))
        .route("/options", get(keyed(options::retrieve)).patch(keyed(options::update)))
        .route(
            "/reward-configs",
            get(keyed(reward_configs::list)).post(keyed(reward_configs::create)),
        )
        .route(
            "/reward-configs/{item}",
            patch(keyed(reward_configs::update)).delete(keyed(reward_configs::remove)),
        )
        .route("/webhooks", get(no).post(no))
        .route("/webhooks/{item}", patch(no).delete(no))
        .route("/webhooks/{item}/test", post(no))
        .route("/resources", get(no).post(no))
        .route("/resources/{item}", patch(no).delete(no))
        .route("/resource-upload-tickets", post(no))
        // Ours.
        .route(
            "/attribution-keys",
            get(keyed(attribution_keys::list)).post(keyed(attribution_keys::rotate)),
        )
        .merge(gifts());
    let people = Router::new()
        .route("/participants", get(keyed(participants::list)))
        .route("/participants/bulk-delete", post(no))
        .route("/participant", post(keyed(participants::add)))
        .route(
            "/participant/{p}",
            get(keyed(participants::retrieve)).post(no).delete(keyed(participants::remove)),
        )
        .route(
            "/participant/{p}/ref",
            post(keyed(referrals::trigger)).delete(keyed(referrals::cancel)),
        )
        .route("/participant/{p}/referrals", get(no))
        .route("/participant/{p}/rewards", get(keyed(rewards::list)))
        .route("/participant/{p}/invites", post(no))
        .route("/participant/{p}/email", post(keyed(emails::send)))
        .route("/participant/{p}/activity-logs", get(no))
        .route("/participant/{p}/analytics", get(no))
        .route("/participant/{p}/commissions", get(no))
        .route("/participant/{p}/payouts", get(no))
        .route("/participant/{p}/transaction", post(keyed(transaction::record)))
        .route("/participant/{p}/transaction/refund", post(keyed(refund::record)))
        .route("/participant/{p}/payout-destination", get(no))
        .route("/participant/{p}/payout-destination/request-confirmation", post(no))
        .route("/mobile-participant-token", post(no))
        // Ours.
        .route("/participant/{p}/decisions", get(keyed(decisions::list)))
        .route(
            "/participant/{p}/reward/{item}",
            get(keyed(reward_choices::retrieve)).patch(keyed(reward_choices::update)),
        );
    let results = Router::new()
        .route("/leaderboard", get(keyed(leaderboard::list)))
        .route("/referrals", get(keyed(referrals::list)))
        .route("/commissions", get(no))
        .route("/payouts", get(no))
        .route("/analytics", get(no))
        .route("/analytics/activation", get(no))
        .route("/referral-flow-screenshots", post(no))
        .route("/reward/{item}/approve", post(keyed(rewards::approve)))
        .route("/reward/{item}/fulfill", post(keyed(rewards::fulfill)))
        .route("/reward/{item}", delete(keyed(rewards::remove)))
        .route("/commission/{item}/approve", post(no))
        .route("/commission/{item}", delete(no));
    let affiliates = Router::new()
        .route("/affiliate-applications", get(no))
        .route("/affiliate-applications/{item}", get(no).patch(no))
        .route("/affiliate-invites", get(no).post(no))
        .route("/affiliate-invites/{item}", delete(no))
        .route("/affiliate-invites/{item}/resend", post(no));
    account
        .route("/campaigns", get(keyed(campaigns::list)).post(keyed(campaigns::create)))
        .nest("/campaign/{campaign}", campaign.merge(people).merge(results).merge(affiliates))
        .fallback(Refused(unbuilt::path))
        .method_not_allowed_fallback(Refused(unbuilt::method))
}

/// Our own operations for what is given.
fn gifts() -> Router<App> {
    Router::new()
        .route("/coupon-pools", get(keyed(coupons::list)).post(keyed(coupons::create)))
        .route("/coupon-pools/{pool}", delete(keyed(coupons::remove)))
        .route("/coupon-pools/{pool}/coupons", post(keyed(coupons::import)))
        .route("/coupon-pools/{pool}/coupons/{code}", delete(keyed(coupons::withdraw)))
        .route(
            "/customers",
            get(keyed(customers::count))
                .post(keyed(customers::import))
                .delete(keyed(customers::forget)),
        )
}

/// A click's reply as a response; `Ok` bodies are small bytes, `Err` ones come from the router.
#[must_use]
pub fn click_response(reply: Reply) -> Response<Result<Bytes, Body>> {
    match reply {
        Reply::Redirect { location, cookie } => {
            let mut response = Response::new(Ok(Bytes::new()));
            *response.status_mut() = StatusCode::FOUND;
            let headers = response.headers_mut();
            // Both are made of checked ASCII.
            if let Ok(location) = HeaderValue::try_from(location) {
                headers.insert(header::LOCATION, location);
            }
            if let Some(Ok(cookie)) = cookie.map(HeaderValue::try_from) {
                headers.insert(header::SET_COOKIE, cookie);
            }
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Reply::Page { status, html } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            routes::html::page(status, "", &html).map(Err)
        }
        Reply::Failed { error, lang } => error.into_page(lang).map(Err),
    }
}
