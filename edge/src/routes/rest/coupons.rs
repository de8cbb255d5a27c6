//! `/campaign/{id}/coupon-pools`, ours: codes of which each person gets one of their own.

use axum::response::Response;
use serde_json::{Value, json};
use shared::{
    api::{CouponImport, CouponPool, CouponPools, PoolCreate, PoolPatch},
    id,
    reward::coupon::{LOW_MOST, is_pool_name},
};

use super::repeat::Repeat;
use crate::{
    engine::{
        coupons::{self as engine, Import},
        terms,
    },
    error::Error,
    json,
    routes::{
        ask::Ask,
        body::{MOST_CODES, counted},
    },
    sql::{DbError, Statement},
    store::{audit, coupons},
};

/// Lists the pools by name.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    terms::read(&ask.app, ask.campaign()).await?;
    let coupon_pools = coupons::pools(&ask.app.db, ask.campaign()).await?;
    Ok(json::answer(&CouponPools { coupon_pools }))
}

/// Makes an empty pool; the same one again changes nothing.
pub async fn create(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: PoolCreate = ask.json()?;
    terms::read(app, ask.campaign()).await?;
    if !is_pool_name(&asked.name) {
        let msg = "must have 1 to 40 letters, digits, _ or -";
        return Err(Error::field("name", Some(asked.name.into()), msg));
    }
    fits(asked.low_stock)?;
    let same = |made: CouponPool| {
        if made.low_stock == asked.low_stock {
            Ok(json::answer(&made))
        } else {
            Err(Error::Conflict("There is a pool of this name with another lowStock."))
        }
    };
    let known = coupons::pools(&app.db, ask.campaign()).await?;
    let count = known.len();
    if let Some(made) = known.into_iter().find(|it| it.name == asked.name) {
        return same(made);
    }
    if usize::try_from(coupons::MOST).is_ok_and(|most| most <= count) {
        return Err(Error::Conflict("A campaign holds at most 100 coupon pools."));
    }
    let insert = coupons::insert_pool(ask.campaign(), &asked.name, asked.low_stock, call.now);
    let about = json!({ "lowStock": asked.low_stock });
    let noted = noted(&ask, "COUPON_POOL_MADE", &asked.name, &json!({}), &about);
    match app.db.batch(vec![insert, noted]).await {
        // The same at the same time: the other call made it.
        Ok(()) | Err(DbError::Constraint) => {}
        Err(error) => return Err(error.into()),
    }
    same(coupons::pool(&app.db, ask.campaign(), &asked.name).await?.ok_or(Error::Busy)?)
}

/// Reads a pool.
pub async fn retrieve(ask: Ask) -> Result<Response, Error> {
    Ok(json::answer(&named(&ask).await?))
}

/// Changes when the owner is told that a pool runs out.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: PoolPatch = ask.json()?;
    let pool = named(&ask).await?;
    let Some(low_stock) = asked.low_stock else { return Ok(json::answer(&pool)) };
    fits(low_stock)?;
    let (campaign, name) = (ask.campaign(), &pool.name);
    let mut batch = coupons::move_mark(campaign, name, low_stock, call.now);
    let (was, is) = (json!({ "lowStock": pool.low_stock }), json!({ "lowStock": low_stock }));
    batch.push(noted(&ask, "COUPON_POOL_CHANGED", name, &was, &is));
    app.db.batch(batch).await?;
    retrieve(ask).await
}

fn fits(low_stock: u32) -> Result<(), Error> {
    if low_stock <= LOW_MOST {
        return Ok(());
    }
    let msg = "must be a whole number from 0 to 1000000";
    Err(Error::field("lowStock", Some(low_stock.into()), msg))
}

/// Forgets a pool that nothing was ever given from, with its codes.
pub async fn remove(ask: Ask) -> Result<Response, Error> {
    let pool = named(&ask).await?;
    let mut batch = coupons::remove_pool(ask.campaign(), &pool.name);
    let about = json!({ "lowStock": pool.low_stock, "total": pool.total });
    batch.push(noted(&ask, "COUPON_POOL_REMOVED", &pool.name, &about, &json!({})));
    match ask.app.db.batch(batch).await {
        Ok(()) => Ok(json::answer(&json!({ "success": true }))),
        Err(DbError::Constraint) => Err(Error::Conflict(
            "A rule names this pool, or rewards were earned from it: it stays.",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Imports codes: all of them or none.
pub async fn import(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: CouponImport = ask.json()?;
    counted("codes", asked.codes.len(), MOST_CODES)?;
    let pool = named(&ask).await?;
    if asked.codes.is_empty() {
        return Err(Error::field("codes", None, "holds no code"));
    }
    let subject = format!("coupons {}/{}", ask.campaign(), pool.name);
    let entropy = Repeat::of(&ask.headers).entropy(app, call, &subject);
    let import = Import {
        id: &id::short(entropy, 25),
        campaign: ask.campaign(),
        pool: &pool.name,
        codes: &asked.codes,
        taken: Repeat::TAKEN,
    };
    Ok(json::answer(&engine::import(app, call, &import).await?))
}

/// Forgets a code that nobody was given.
pub async fn withdraw(ask: Ask) -> Result<Response, Error> {
    const GIVEN: Error = Error::Conflict("Somebody was given this code: it stays.");
    let (db, campaign) = (&ask.app.db, ask.campaign());
    let pool = named(&ask).await?;
    let code = ask.at("code").unwrap_or_default();
    match coupons::is_free(db, campaign, &pool.name, code).await? {
        None => return Err(Error::Missing),
        Some(false) => return Err(GIVEN),
        Some(true) => {}
    }
    let mut batch = coupons::remove(campaign, &pool.name, code);
    let about = json!({ "code": code });
    batch.push(noted(&ask, "COUPON_WITHDRAWN", &pool.name, &about, &json!({})));
    match db.batch(batch).await {
        Ok(()) => Ok(json::answer(&json!({ "success": true }))),
        Err(DbError::Constraint) => Err(GIVEN),
        Err(error) => Err(error.into()),
    }
}

/// A change of a pool, for the audit log.
fn noted(ask: &Ask, act: &str, pool: &str, before: &Value, after: &Value) -> Statement {
    audit::insert(&ask.call, act, Some(ask.campaign()), pool, before, after)
}

/// The pool that the path names, within the campaign.
async fn named(ask: &Ask) -> Result<CouponPool, Error> {
    terms::read(&ask.app, ask.campaign()).await?;
    let name = ask.at("pool").unwrap_or_default();
    coupons::pool(&ask.app.db, ask.campaign(), name).await?.ok_or(Error::Missing)
}

#[cfg(test)]
mod tests;
