//! The route table. Clicks (`/r/…`) are answered before it, on both hosts.

use axum::{
    Router,
    body::Body,
    routing::{MethodFilter, any, delete, get, on, patch, post},
};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use shared::team::Scope as S;

use crate::{
    app::App,
    click::Reply,
    routes,
    routes::rest::{
        accounts, attribution_keys, campaigns, coupons, customers, decisions, emails, installation,
        leaderboard, notices, options, participants, referrals, refund, reward_choices,
        reward_configs, rewards, team, transaction, unbuilt,
    },
    routes::{
        ask::{Refused, keyed, open, replaced},
        body::{CODES, HASHES},
    },
};

/// All routes.
pub fn router(app: App) -> Router {
    Router::new()
        // The browser's endpoints, under a name that no blocker's list has.
        .route("/_p/code", post(open(routes::browser::named::look_up)))
        .route("/_p/consent", post(open(routes::browser::consent::record)))
        .route("/_p/lead", post(open(routes::browser::lead::record)))
        .merge(guests())
        .route("/_p/proposal", post(open(routes::browser::proposal::record)))
        .route("/_p/share", post(open(routes::browser::share::record)))
        .route("/_p/test", post(open(routes::browser::trial::record)))
        .route("/_p/visit", post(open(routes::browser::visit::record)))
        // Clicks never come here; what does, came by another method.
        .route("/r/{code}", any(routes::wrong_method))
        // Pages.
        .route("/q/{file}", get(open(routes::qr::show)))
        .route("/c/{campaign}", get(open(routes::card::page)))
        .route("/c/{campaign}/look.css", get(open(routes::card::look)))
        .route("/c/{campaign}/join.svg", get(open(routes::qr::join)))
        .route("/c/{campaign}/card.json", get(open(routes::card::machine)))
        .route("/c/{campaign}/{file}", get(open(routes::logo::show)))
        .route(
            "/u/{campaign}/{topic}/{hash}/{tag}",
            get(open(routes::unsubscribe::show)).post(open(routes::unsubscribe::record)),
        )
        // What comes back to the sender of a message.
        .route("/_m/{provider}/{secret}", post(open(routes::returned::tell)))
        .merge(console())
        // The demo.
        .route("/", get(open(routes::demo::start)))
        .route("/demo/shop", get(open(routes::demo::page)))
        .route("/demo/shop/{page}", get(open(routes::demo::page)).post(open(routes::demo::post)))
        .nest("/v2", v2())
        .fallback(routes::files::serve)
        .with_state(app)
}

/// Participants who sign in: on their site, and on pages of ours.
fn guests() -> Router<App> {
    use routes::browser::guest;
    let preflight = || open(guest::preflight);
    Router::new()
        .route("/_p/sign-in", post(open(guest::sign_in)).options(preflight()))
        .route("/_p/session", post(open(guest::session)).options(preflight()))
        .route("/_p/me", get(open(guest::me)).options(preflight()))
        .route("/_p/sign-out", post(open(guest::sign_out)).options(preflight()))
        .merge(mine("/me/{campaign}"))
        // The same in the pages of a site, by the bearer's token.
        .merge(mine("/_p/me/{campaign}").method_not_allowed_fallback(preflight()))
}

/// A participant's own pages below a path.
fn mine(path: &str) -> Router<App> {
    use routes::me::{account, data, door, handout, home, paged, reward, told};
    let at = |rest: &str| format!("{path}{rest}");
    Router::new()
        .route(path, get(paged(home::show)))
        .route(&at("/join"), post(paged(door::join)))
        .route(&at("/sign-in"), post(paged(door::sign_in)))
        .route(&at("/enter"), get(paged(door::arrive)).post(paged(door::enter)))
        .route(&at("/sign-out"), post(paged(door::sign_out)))
        .route(&at("/reward"), post(paged(reward::choose)))
        .route(&at("/code"), get(paged(told::code)).post(paged(told::tell)))
        .route(&at("/seen"), post(paged(told::tell)))
        .route(&at("/appeal"), post(paged(told::tell)))
        .route(&at("/account"), get(paged(account::show)).post(paged(account::update)))
        .route(&at("/cards"), get(paged(handout::show)))
        .route(&at("/data"), get(paged(data::show)))
        .route(&at("/data.json"), get(paged(data::file)))
        .route(&at("/erase"), get(paged(account::erasing)).post(paged(account::erase)))
}

/// The console's pages and forms.
fn console() -> Router<App> {
    routes::console::routes().into_iter().fold(Router::new(), |router, (method, path, endpoint)| {
        // Only methods that axum knows stand in the list.
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::GET);
        router.route(path, on(filter, endpoint))
    })
}

/// GrowSurf's 74 operations and our own; those that are not built answer 501.
fn v2() -> Router<App> {
    let no = Refused(unbuilt::operation);
    let account = Router::new()
        .route("/accounts", post(Refused(accounts::create)))
        .route(
            "/team",
            get(keyed(S::TeamRead, team::retrieve)).patch(keyed(S::TeamWrite, team::update)),
        )
        .route("/team/verification-request", post(no))
        .route("/team/owner/verification-email", post(no))
        .route("/api-key/rotate", post(replaced(S::ApiKeyRotate, team::rotate)));
    account
        .route(
            "/campaigns",
            get(keyed(S::ProgramRead, campaigns::list))
                .post(keyed(S::ProgramWrite, campaigns::create)),
        )
        .nest(
            "/campaign/{campaign}",
            campaign().merge(people()).merge(results()).merge(affiliates()),
        )
        .fallback(Refused(unbuilt::path))
        .method_not_allowed_fallback(Refused(unbuilt::method))
}

/// A campaign's settings.
fn campaign() -> Router<App> {
    let no = Refused(unbuilt::operation);
    Router::new()
        .route(
            "/",
            get(keyed(S::ProgramRead, campaigns::retrieve))
                .patch(keyed(S::ProgramWrite, campaigns::update)),
        )
        .route("/clone", post(no))
        .route("/design", get(no).patch(no))
        .route(
            "/emails",
            get(keyed(S::ProgramRead, emails::retrieve))
                .patch(keyed(S::ProgramWrite, emails::update)),
        )
        .route(
            "/installation",
            get(keyed(S::ProgramRead, installation::retrieve))
                .patch(keyed(S::ProgramWrite, installation::update)),
        )
        .route("/integrations", get(no))
        .route(
            "/options",
            get(keyed(S::ProgramRead, options::retrieve))
                .patch(keyed(S::ProgramWrite, options::update)),
        )
        .route(
            "/reward-configs",
            get(keyed(S::ProgramRead, reward_configs::list))
                .post(keyed(S::ProgramWrite, reward_configs::create)),
        )
        .route(
            "/reward-configs/{item}",
            patch(keyed(S::ProgramWrite, reward_configs::update))
                .delete(keyed(S::ProgramWrite, reward_configs::remove)),
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
            get(keyed(S::ProgramRead, attribution_keys::list))
                .post(keyed(S::ProgramWrite, attribution_keys::rotate)),
        )
        .merge(gifts())
}

/// A campaign's people, and what is told of them.
fn people() -> Router<App> {
    let no = Refused(unbuilt::operation);
    Router::new()
        .route("/participants", get(keyed(S::ParticipantRead, participants::list)))
        .route("/participants/bulk-delete", post(no))
        .route("/participant", post(keyed(S::ParticipantWrite, participants::add)))
        .route(
            "/participant/{p}",
            get(keyed(S::ParticipantRead, participants::retrieve))
                .post(no)
                .delete(keyed(S::ParticipantDelete, participants::remove)),
        )
        .route(
            "/participant/{p}/ref",
            post(keyed(S::ParticipantWrite, referrals::trigger))
                .delete(keyed(S::ParticipantWrite, referrals::cancel)),
        )
        .route("/participant/{p}/referrals", get(no))
        .route("/participant/{p}/rewards", get(keyed(S::ParticipantRead, rewards::list)))
        .route("/participant/{p}/invites", post(no))
        .route("/participant/{p}/email", post(keyed(S::ParticipantWrite, emails::send)))
        .route("/participant/{p}/activity-logs", get(no))
        .route("/participant/{p}/analytics", get(no))
        .route("/participant/{p}/commissions", get(no))
        .route("/participant/{p}/payouts", get(no))
        .route(
            "/participant/{p}/transaction",
            post(keyed(S::ParticipantWrite, transaction::record)),
        )
        .route(
            "/participant/{p}/transaction/refund",
            post(keyed(S::ParticipantWrite, refund::record)),
        )
        .route("/participant/{p}/payout-destination", get(no))
        .route("/participant/{p}/payout-destination/request-confirmation", post(no))
        .route("/mobile-participant-token", post(no))
        // Ours.
        .route("/participant/{p}/decisions", get(keyed(S::ParticipantRead, decisions::list)))
        .route(
            "/participant/{p}/reward/{item}",
            get(keyed(S::ParticipantRead, reward_choices::retrieve))
                .patch(keyed(S::ParticipantWrite, reward_choices::update)),
        )
}

/// What came of a campaign.
fn results() -> Router<App> {
    let no = Refused(unbuilt::operation);
    Router::new()
        .route("/leaderboard", get(keyed(S::ParticipantRead, leaderboard::list)))
        .route("/referrals", get(keyed(S::ParticipantRead, referrals::list)))
        .route("/commissions", get(no))
        .route("/payouts", get(no))
        .route("/analytics", get(no))
        .route("/analytics/activation", get(no))
        .route("/referral-flow-screenshots", post(no))
        .route("/reward/{item}/approve", post(keyed(S::RewardWrite, rewards::approve)))
        .route("/reward/{item}/fulfill", post(keyed(S::RewardFulfill, rewards::fulfill)))
        .route("/reward/{item}", delete(keyed(S::RewardWrite, rewards::remove)))
        .route("/commission/{item}/approve", post(no))
        .route("/commission/{item}", delete(no))
}

/// Operations for affiliates, which are not built.
fn affiliates() -> Router<App> {
    let no = Refused(unbuilt::operation);
    Router::new()
        .route("/affiliate-applications", get(no))
        .route("/affiliate-applications/{item}", get(no).patch(no))
        .route("/affiliate-invites", get(no).post(no))
        .route("/affiliate-invites/{item}", delete(no))
        .route("/affiliate-invites/{item}/resend", post(no))
}

/// Our own operations for what is given.
fn gifts() -> Router<App> {
    Router::new()
        .route(
            "/coupon-pools",
            get(keyed(S::ProgramRead, coupons::list)).post(keyed(S::ProgramWrite, coupons::create)),
        )
        .route(
            "/coupon-pools/{pool}",
            get(keyed(S::ProgramRead, coupons::retrieve))
                .patch(keyed(S::ProgramWrite, coupons::update))
                .delete(keyed(S::ProgramWrite, coupons::remove)),
        )
        .route(
            "/coupon-pools/{pool}/coupons",
            post(keyed(S::ProgramWrite, coupons::import).sized(&CODES)),
        )
        .route(
            "/coupon-pools/{pool}/coupons/{code}",
            delete(keyed(S::ProgramWrite, coupons::withdraw)),
        )
        .route("/notices", get(keyed(S::ProgramRead, notices::list)))
        .route(
            "/customers",
            get(keyed(S::ProgramRead, customers::count))
                .post(keyed(S::ProgramWrite, customers::import).sized(&HASHES))
                .delete(keyed(S::ProgramWrite, customers::forget)),
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
