//! `/console/{campaign}/coupons`: pools, more codes, one code less.

use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::{
    api::CouponPool,
    lang::Lang,
    reward::coupon::{LOW_MOST, is_pool_name},
    team::Right,
};

use super::desk::Desk;
use crate::{
    engine::coupons::{self as engine, Import},
    error::Error,
    pages::console::{
        coupons::{self as page, Pools, Wrong},
        frame::Tab,
    },
    routes::{ask::Ask, html, member::Member, query::Query},
    sql::DbError,
    store::{audit, coupons},
};

/// The pools.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    listed(&ask, &desk, None).await
}

async fn listed(ask: &Ask, desk: &Desk, wrong: Option<Wrong<'_>>) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let role = desk.member.role;
    let count = ask.query.get("count").and_then(|it| it.parse().ok()).unwrap_or_default();
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let pools = Pools {
        lang: desk.lang,
        campaign: &campaign.id,
        csrf: &desk.member.csrf,
        once: &ask.call.id(),
        pools: &coupons::pools(&ask.app.db, &campaign.id).await?,
        told: ask.query.get("done").map(|it| (it, count)),
        wrong,
        may: [role.may(Right::Edit), role.may(Right::Export)],
    };
    let title = match desk.lang {
        Lang::En => "Coupons",
        Lang::Fr => "Codes",
    };
    Ok(desk.page_with(status, Tab::Coupons, title, &page::page(&pools)))
}

/// Makes a pool, adds codes to one, withdraws a code, moves the line at which the owner is told.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let form = ask.form()?;
    let act = form.get("act").unwrap_or_default();
    if act == "pool" {
        return make(&ask, &desk, &form).await;
    }
    let name = form.get("pool").unwrap_or_default();
    let pool = coupons::pool(&ask.app.db, &desk.campaign()?.id, name).await?;
    let pool = pool.ok_or(Error::Missing)?;
    match act {
        "upload" => upload(&ask, &desk, &form, &pool).await,
        "withdraw" => withdraw(&ask, &desk, &form, &pool).await,
        "low" => low(&ask, &desk, &form, &pool).await,
        _ => Err(Error::field("act", None, "is none of this page")),
    }
}

fn told(campaign: &str, done: &str) -> Response {
    html::see(&format!("/console/{campaign}/coupons?done={done}"))
}

/// Writes a change with its trace in the audit log; whether nothing else was first.
async fn write(
    ask: &Ask,
    statements: Vec<crate::sql::Statement>,
    act: &str,
    campaign: &str,
    pool: &str,
    [before, after]: [serde_json::Value; 2],
) -> Result<bool, Error> {
    let mut batch = statements;
    batch.push(audit::insert(&ask.call, act, Some(campaign), pool, &before, &after));
    match ask.app.db.batch(batch).await {
        Ok(()) => Ok(true),
        Err(DbError::Constraint) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn make(ask: &Ask, desk: &Desk, form: &Query) -> Result<Response, Error> {
    let campaign = desk.campaign()?.id.as_str();
    let name = form.get("name").unwrap_or_default().trim();
    let low = form.get("low").and_then(|it| it.trim().parse::<u32>().ok());
    let known = coupons::pools(&ask.app.db, campaign).await?;
    let is_full = usize::try_from(coupons::MOST).is_ok_and(|most| most <= known.len());
    let wrong = || Wrong { form: "pool", pool: "", typed: name, lines: Vec::new() };
    let Some(low) = low.filter(|it| is_pool_name(name) && *it <= LOW_MOST && !is_full) else {
        return listed(ask, desk, Some(wrong())).await;
    };
    if known.iter().any(|it| it.name == name && it.low_stock == low) {
        // Sent twice.
        return Ok(told(campaign, "made"));
    }
    let insert = coupons::insert_pool(campaign, name, low, ask.call.now);
    let values = [json!({}), json!({ "lowStock": low })];
    if write(ask, vec![insert], "COUPON_POOL_MADE", campaign, name, values).await? {
        Ok(told(campaign, "made"))
    } else {
        listed(ask, desk, Some(wrong())).await
    }
}

async fn upload(
    ask: &Ask,
    desk: &Desk,
    form: &Query,
    pool: &CouponPool,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?.id.as_str();
    let typed = form.get("codes").unwrap_or_default();
    let lines = typed.trim_start_matches('\u{feff}').lines().map(str::trim);
    let codes: Vec<String> = lines.filter(|it| !it.is_empty()).map(Into::into).collect();
    let wrong = |lines| Wrong { form: "codes", pool: &pool.name, typed, lines };
    if codes.is_empty() {
        return listed(ask, desk, Some(wrong(Vec::new()))).await;
    }
    // The form's own number, under the member's session: sent twice, it is one upload.
    let once = form.get("once").unwrap_or_default();
    let id = format!("{}-{}", &desk.member.session[..16.min(desk.member.session.len())], once);
    let import = Import {
        id: &id.chars().take(60).collect::<String>(),
        campaign,
        pool: &pool.name,
        codes: &codes,
        taken: "This form was sent before with other codes.",
    };
    match engine::import(&ask.app, &ask.call, &import).await {
        Ok(imported) => Ok(told(campaign, &format!("uploaded&count={}", imported.imported))),
        Err(Error::Invalid(problems)) => {
            let place = |param: &str| {
                param.trim_start_matches("codes[").trim_end_matches(']').parse::<usize>().ok()
            };
            let line = |place: usize| Some((place + 1, codes.get(place)?.clone()));
            let lines = problems.iter().filter_map(|it| line(place(&it.param)?)).collect();
            listed(ask, desk, Some(wrong(lines))).await
        }
        Err(Error::Conflict(_)) => listed(ask, desk, Some(wrong(Vec::new()))).await,
        Err(error) => Err(error),
    }
}

async fn withdraw(
    ask: &Ask,
    desk: &Desk,
    form: &Query,
    pool: &CouponPool,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?.id.as_str();
    let typed = form.get("value").unwrap_or_default().trim();
    let free = coupons::is_free(&ask.app.db, campaign, &pool.name, typed).await?;
    let done = free == Some(true) && {
        let statements = coupons::remove(campaign, &pool.name, typed);
        // The code itself stays out of the log: it is worth money.
        let values = [json!({ "codes": 1 }), json!({ "codes": 0 })];
        write(ask, statements, "COUPON_WITHDRAWN", campaign, &pool.name, values).await?
    };
    if done {
        return Ok(told(campaign, "withdrawn"));
    }
    let wrong = Wrong { form: "withdraw", pool: &pool.name, typed, lines: Vec::new() };
    listed(ask, desk, Some(wrong)).await
}

async fn low(ask: &Ask, desk: &Desk, form: &Query, pool: &CouponPool) -> Result<Response, Error> {
    let campaign = desk.campaign()?.id.as_str();
    let typed = form.get("value").unwrap_or_default().trim();
    let Some(low) = typed.parse::<u32>().ok().filter(|it| *it <= LOW_MOST) else {
        let wrong = Wrong { form: "low", pool: &pool.name, typed, lines: Vec::new() };
        return listed(ask, desk, Some(wrong)).await;
    };
    let moved = coupons::move_mark(campaign, &pool.name, low, ask.call.now);
    let values = [json!({ "lowStock": pool.low_stock }), json!({ "lowStock": low })];
    write(ask, moved, "COUPON_POOL_CHANGED", campaign, &pool.name, values).await?;
    Ok(told(campaign, "low"))
}
