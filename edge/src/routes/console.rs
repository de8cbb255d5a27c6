//! `/console`: the owner's page, behind the one-time link.

use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http::{HeaderValue, StatusCode, header};
use shared::{
    api::CouponPool,
    campaign::Campaign,
    click::Class,
    fraud::Signal,
    lang::Lang,
    reward::{Side, Texts},
};

use super::{ask::Ask, body::unread, html};
use crate::{
    app::App,
    click::cookies,
    engine::owner::hash,
    error::Error,
    pages::{self, console as page},
    sql::DbError,
    store::{campaigns, clicks, notices, overview, owner},
};

/// The name of the session's cookie, and what keeps it from plain `http`: nothing on this machine,
/// where Safari refuses `Secure` cookies.
fn session_cookie(app: &App) -> (&'static str, &'static str) {
    if app.settings.is_local() { ("prn-console", "") } else { ("__Host-prn-console", "Secure; ") }
}

/// The page that takes the token out of the link and sends it.
pub async fn door(ask: Ask) -> Result<Response, Error> {
    Ok(html::page(StatusCode::OK, "", &pages::enter(ask.query.lang("lang"))))
}

/// Uses the link up, whose token the form holds, and opens a session.
pub async fn enter(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let form = ask.form()?;
    let token = form.given("token").ok_or_else(|| unread("the form has no token"))?;
    let lang = ask.query.lang("lang");
    let session = BASE64.encode(call.secret());
    let entered = owner::enter(&hash(token.trim()), &hash(&session), call.now);
    match app.db.batch(entered).await {
        Ok(()) => {}
        Err(DbError::Constraint) => {
            return Ok(html::page(StatusCode::FORBIDDEN, "", &pages::enter_failed(lang)));
        }
        Err(other) => return Err(other.into()),
    }
    let age = owner::SESSION_LIFE.0 / 1_000;
    let (name, secure) = session_cookie(app);
    let cookie =
        format!("{name}={session}; Path=/; Max-Age={age}; {secure}HttpOnly; SameSite=Strict");
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, "/console")]).into_response();
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Clicks, referrals, rewards, decisions and participants of a campaign: of `?campaign=`, where there
/// are several.
pub async fn show(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, headers, query, .. } = &ask;
    let lang = query.lang("lang");
    let cookie = headers.get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let session = cookies::value(cookie, session_cookie(app).0).unwrap_or_default();
    if !owner::is_open(&app.db, &hash(session), call.now).await? {
        return Ok(html::page(StatusCode::FORBIDDEN, "", &pages::enter(lang)));
    }
    let all = campaigns::all(&app.db).await?.into_iter().map(Campaign::from);
    let names: Vec<(String, String)> = all.map(|it| (it.id, it.name)).collect();
    let chosen = names.iter().find(|it| Some(it.0.as_str()) == query.get("campaign"));
    let Some((id, name)) = chosen.or(names.first()) else {
        let empty = page::Console { lang, campaign_name: "Parrain", ..page::Console::default() };
        return Ok(html::page(StatusCode::OK, "", &pages::console(&empty)));
    };
    let console = console(app, lang, id, name, &names).await?;
    Ok(html::page(StatusCode::OK, "", &pages::console(&console)))
}

async fn console<'a>(
    app: &App,
    lang: Lang,
    id: &'a str,
    name: &'a str,
    names: &'a [(String, String)],
) -> Result<page::Console<'a>, Error> {
    let mut hits = page::Clicks::default();
    for total in clicks::totals(&app.db, id).await? {
        match total.class {
            Class::Person => hits.person = total.clicks,
            Class::Prefetch => hits.prefetch = total.clicks,
            Class::Preview => hits.preview = total.clicks,
            Class::Robot => hits.robot = total.clicks,
        }
    }
    let participants = overview::participants(&app.db, id).await?.into_iter().map(|it| {
        let names = [it.first_name, it.last_name].into_iter().flatten().collect::<Vec<_>>();
        page::ParticipantRow {
            name: names.join(" "),
            email: it.email,
            code: it.id,
            since: it.created_at,
            referrals: it.credited,
        }
    });
    let referrals =
        overview::referrals(&app.db, id).await?.into_iter().map(|it| page::ReferralRow {
            friend: it.friend,
            referrer: it.referrer,
            outcome: it.outcome,
            since: it.bound_at,
        });
    let decisions = overview::decisions(&app.db, id).await?.into_iter().map(|it| {
        let sentence = |reason: &shared::decision::Reason| reason.sentence(lang).into();
        page::DecisionRow {
            at: it.at,
            about: it.email.unwrap_or_default(),
            kind: it.kind,
            reasons: it.reasons.iter().map(sentence).collect(),
        }
    });
    let waiting = notices::rewards(&app.db, id).await?;
    let held = notices::holds(&app.db, id).await?;
    Ok(page::Console {
        lang,
        campaign_name: name,
        campaigns: names,
        clicks: hits,
        participants: participants.collect(),
        referrals: referrals.collect(),
        low_pools: notices::pools(&app.db, id).await?.into_iter().map(pool).collect(),
        waiting_count: waiting.first().map_or(0, |it| it.total),
        held_count: held.first().map_or(0, |it| it.total),
        waiting: waiting
            .into_iter()
            .map(self::waiting)
            .chain(held.into_iter().map(|it| self::held(lang, it)))
            .collect(),
        rewards: overview::rewards(&app.db, id).await?.into_iter().map(reward).collect(),
        decisions: decisions.collect(),
    })
}

/// What a reward is, in the owner's words.
fn what(side: Side, texts: Texts) -> String {
    let what = match side {
        Side::Friend => texts.referral_description.or(texts.description),
        Side::Referrer => texts.description,
    };
    what.or(texts.title).unwrap_or_default()
}

fn waiting(it: notices::Reward) -> page::WaitingRow {
    page::WaitingRow { who: it.email, what: what(it.side, it.texts), id: it.id, since: it.at }
}

fn pool(it: CouponPool) -> page::PoolRow {
    page::PoolRow { name: it.name, free: it.free, total: it.total }
}

/// What of a referral made somebody look at it, in words.
fn held(lang: Lang, it: notices::Hold) -> page::WaitingRow {
    let seen = Signal::ALL
        .iter()
        .filter(|signal| it.signals.split(' ').any(|name| name == signal.as_str()));
    let what: Vec<_> = seen.map(|it| it.explanation(lang)).collect();
    page::WaitingRow { who: it.email, what: what.join(" "), id: it.friend, since: it.at }
}

fn reward(it: overview::Reward) -> page::RewardRow {
    let state = match (it.status.as_str(), it.approved_at) {
        ("FULFILLED", _) => page::RewardState::Fulfilled,
        ("CANCELLED" | "REVERSED", _) => page::RewardState::Cancelled,
        (_, Some(_)) => page::RewardState::Approved,
        (_, None) => page::RewardState::Waiting,
    };
    page::RewardRow {
        who: it.email,
        what: what(it.side, it.texts),
        state,
        available: state == page::RewardState::Fulfilled,
        since: it.created_at,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Method, StatusCode, header};

    use crate::{
        bench::{Answer, Bench},
        engine::owner,
    };

    async fn enter(bench: &Bench, form: &str) -> Answer {
        let mut request =
            bench.request(Method::POST, "/console/enter?lang=en", Body::from(form.to_owned()));
        let kind = "application/x-www-form-urlencoded".parse().unwrap();
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        bench.send(request).await
    }

    #[tokio::test]
    async fn r_notice_2_the_console_shows_pools_that_run_out() {
        use serde_json::json;
        let bench = Bench::new().await;
        let campaign = bench.campaign_with("ON_SIGNUP", &[]).await;
        let pools = format!("{campaign}/coupon-pools");
        bench.post(&pools, json!({ "name": "summer" })).await.ok();
        bench.post(&format!("{pools}/summer/coupons"), json!({ "codes": ["A"] })).await.ok();
        let link = owner::link(&bench.app, &bench.call()).await.unwrap();
        let token = link.split_once('#').unwrap().1;
        let entered = enter(&bench, &format!("token={token}")).await;
        let set = entered.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        let page = async || {
            let mut request = bench.request(Method::GET, "/console?lang=en", Body::empty());
            let cookie = set.split_once("; ").unwrap().0.parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookie);
            bench.send(request).await.text
        };
        assert!(!page().await.contains("running out"));
        bench.patch(&format!("{pools}/summer"), json!({ "lowStock": 1 })).await.ok();
        let shown = page().await;
        assert!(shown.contains("running out") && shown.contains("<code>summer</code>"));
    }

    async fn show(bench: &Bench, cookie: &str) -> StatusCode {
        let mut request = bench.request(Method::GET, "/console?lang=%ff&campaign=%", Body::empty());
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        bench.send(request).await.status
    }

    #[tokio::test]
    async fn r_owner_1_a_link_opens_one_session_and_only_its_cookie_shows_the_console() {
        let bench = Bench::new().await;
        for cookie in ["a=b", "__Host-prn-console=", "__Host-prn-console=guess"] {
            assert_eq!(show(&bench, cookie).await, StatusCode::FORBIDDEN);
        }
        let link = owner::link(&bench.app, &bench.call()).await.unwrap();
        let token = link.split_once('#').unwrap().1;

        let entered = enter(&bench, &format!("token={token}")).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        assert_eq!(entered.headers[header::LOCATION], "/console");
        let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
        let (cookie, attributes) = set.split_once("; ").unwrap();
        assert!(cookie.starts_with("__Host-prn-console=") && !cookie.contains(token), "{set}");
        let age = crate::store::owner::SESSION_LIFE.0 / 1_000;
        let expected = format!("Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Strict");
        assert_eq!(attributes, expected);
        assert_eq!(show(&bench, cookie).await, StatusCode::OK);

        for used_or_wrong in [token, "guess", ""] {
            let failed = enter(&bench, &format!("token={used_or_wrong}")).await;
            assert_eq!(failed.status, StatusCode::FORBIDDEN);
            assert!(!failed.headers.contains_key(header::SET_COOKIE));
        }
    }

    #[tokio::test]
    async fn on_this_machine_the_session_needs_no_https() {
        let bench = Bench::at("http://127.0.0.1:8787").await;
        let link = owner::link(&bench.app, &bench.call()).await.unwrap();
        let token = link.split_once('#').unwrap().1;
        let entered = enter(&bench, &format!("token={token}")).await;
        let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
        let (cookie, attributes) = set.split_once("; ").unwrap();
        assert!(cookie.starts_with("prn-console="), "{set}");
        assert!(!attributes.contains("Secure") && attributes.contains("HttpOnly"), "{set}");
        assert_eq!(show(&bench, cookie).await, StatusCode::OK);
        assert_eq!(show(&bench, &format!("__Host-{cookie}")).await, StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn what_is_not_the_doors_form_gets_the_wires_error() {
        let bench = Bench::new().await;
        for form in ["", "other=1"] {
            enter(&bench, form).await.fails(400);
        }
        enter(&bench, &"x".repeat(70_000)).await.fails(413);
        // By another content type.
        let request = bench.request(Method::POST, "/console/enter", Body::from("token=a"));
        bench.send(request).await.fails(400);
    }
}
