//! Importing codes into a pool, and giving those that came back to whoever waits for one.

use serde_json::json;
use shared::{
    api::{CouponPool, Imported},
    reward::coupon::code_flaw,
    secret::mac,
};

use super::plan::Turns;
use crate::{
    app::App,
    call::Call,
    error::{Error, Problem},
    sql::{DbError, pieces, to_json},
    store::{audit, coupons},
};

/// The most problems that an answer names.
const NAMED: usize = 20;

/// The most pools that one run of the cron looks after, and the most rewards of each.
const POOLS: u32 = 20;
const REWARDS: u32 = 500;

/// An import under an id: the same id twice is the same import.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Drawn, or made of the caller's own name for it.
    pub id: &'a str,
    /// The campaign.
    pub campaign: &'a str,
    /// The pool.
    pub pool: &'a str,
    /// The codes.
    pub codes: &'a [String],
    /// What to say where the id stands for another body.
    pub taken: &'static str,
}

/// Adds all codes to a pool, or none; rewards that wait get theirs in the same batch.
pub async fn import(app: &App, call: &Call, it: &Import<'_>) -> Result<Imported, Error> {
    named(&flaws(it.codes))?;
    let digest = digest(app, it);
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, it, &digest).await {
            Ok(Some(imported)) => return Ok(imported),
            Ok(None) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// One attempt; `None` if something else was first.
async fn attempt(
    app: &App,
    call: &Call,
    it: &Import<'_>,
    digest: &str,
) -> Result<Option<Imported>, Error> {
    let db = &app.db;
    let pool = async || {
        let pool = coupons::pool(db, it.campaign, it.pool).await?.ok_or(Error::Missing)?;
        Ok::<CouponPool, Error>(pool)
    };
    pool().await?;
    match coupons::receipt(db, it.id).await? {
        Some(made) if made == digest => {
            return Ok(Some(Imported { imported: it.codes.len(), pool: pool().await? }));
        }
        Some(_) => return Err(Error::Conflict(it.taken)),
        None => {}
    }
    let (mut taken, mut before) = (Vec::new(), 0);
    for piece in pieces(it.codes) {
        for mut known in coupons::taken(db, it.campaign, piece).await? {
            known.place += before;
            taken.push(known);
        }
        before += piece.len();
    }
    let taken = taken.into_iter().take(NAMED);
    let taken = taken.map(|it| (it.place, format!("is in the pool {} already", it.pool)));
    named(&taken.collect::<Vec<_>>())?;
    let mut batch = vec![coupons::insert_receipt(it.id, it.campaign, it.pool, digest, call.now)];
    batch.extend(
        pieces(it.codes)
            .into_iter()
            .flat_map(|codes| coupons::import(it.campaign, it.pool, codes, call.now)),
    );
    let count = json!({ "imported": it.codes.len() });
    let campaign = Some(it.campaign);
    batch.push(audit::insert(call, "COUPONS_IMPORTED", campaign, it.pool, &json!({}), &count));
    match db.batch(batch).await {
        Ok(()) => Ok(Some(Imported { imported: it.codes.len(), pool: pool().await? })),
        Err(DbError::Constraint) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with codes by themselves, by their place.
fn flaws(codes: &[String]) -> Vec<(usize, String)> {
    let mut seen = std::collections::HashSet::new();
    let each = codes.iter().enumerate().filter_map(|(place, code)| {
        let twice = (!seen.insert(code)).then_some("stands in the list twice");
        Some((place, code_flaw(code).or(twice)?.to_owned()))
    });
    each.take(NAMED).collect()
}

fn named(flaws: &[(usize, String)]) -> Result<(), Error> {
    if flaws.is_empty() {
        return Ok(());
    }
    let problem = |(place, msg): &(usize, String)| {
        Problem::new("body", &format!("codes[{place}]"), None, msg.clone())
    };
    Err(Error::Invalid(flaws.iter().map(problem).collect()))
}

/// What tells one import from another; no code can be read from it.
fn digest(app: &App, it: &Import<'_>) -> String {
    let key = app.settings.secret.derive("coupon-import", it.campaign);
    let tag = mac(key.bytes(), &[it.pool.as_bytes(), &[0], to_json(&it.codes).as_bytes()]);
    tag.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Gives codes that went back to their pools to rewards that wait.
pub async fn hand_out(app: &App, call: &Call) -> Result<(), DbError> {
    let owing = coupons::owing(&app.db, POOLS).await?;
    if owing.is_empty() {
        return Ok(());
    }
    let each = owing.iter().map(|it| coupons::hand_out(&it.campaign, &it.name, REWARDS, call.now));
    app.db.batch(each.collect()).await
}

#[cfg(test)]
mod tests;
