//! `/campaign/{id}/customers`, ours: who was a customer before the programme, as hashes.

use axum::response::Response;
use serde_json::json;
use shared::{
    api::{CustomerCount, CustomerImport},
    customer,
};

use crate::{
    engine::terms,
    error::{Error, Problem},
    json,
    routes::{ask::Ask, body},
    sql::{self, Statement},
    store::{audit, customers},
};

/// The most problems that an answer names.
const NAMED: usize = 20;

/// Says how many are known, and nothing else of them.
pub async fn count(ask: Ask) -> Result<Response, Error> {
    terms::read(&ask.app, ask.campaign()).await?;
    counted(&ask).await
}

/// Adds hashes; those that are known already stay.
pub async fn import(ask: Ask) -> Result<Response, Error> {
    let asked: CustomerImport = ask.json()?;
    body::counted("hashes", asked.hashes.len(), body::MOST_HASHES)?;
    terms::read(&ask.app, ask.campaign()).await?;
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    for (place, text) in asked.hashes.iter().enumerate() {
        if let Some(hash) = customer::hash(text) {
            kept.push(customer::kept(&ask.app.settings.secret, ask.campaign(), &hash));
        } else if problems.len() < NAMED {
            // What stands there instead may be an address: it is not repeated.
            let msg = "must be a SHA-256 in 64 hexadecimal digits";
            problems.push(Problem::new("body", &format!("hashes[{place}]"), None, msg));
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let inserts = sql::pieces(&kept).into_iter().map(|it| customers::insert(ask.campaign(), it));
    let noted = noted(&ask, "CUSTOMERS_IMPORTED", kept.len() as u64);
    ask.app.db.batch(inserts.chain([noted]).collect()).await?;
    counted(&ask).await
}

/// Forgets all of them, in bites.
pub async fn forget(ask: Ask) -> Result<Response, Error> {
    terms::read(&ask.app, ask.campaign()).await?;
    let known = customers::count(&ask.app.db, ask.campaign()).await?;
    let mut left = known;
    while 0 < left {
        let first = left == known;
        let noted = first.then(|| noted(&ask, "CUSTOMERS_FORGOTTEN", known));
        let bite = [customers::forget(ask.campaign())];
        ask.app.db.batch(bite.into_iter().chain(noted).collect()).await?;
        left = customers::count(&ask.app.db, ask.campaign()).await?;
    }
    counted(&ask).await
}

/// A change of the list, for the audit log.
fn noted(ask: &Ask, act: &str, hashes: u64) -> Statement {
    let (campaign, count) = (ask.campaign(), json!({ "hashes": hashes }));
    audit::insert(&ask.call, act, Some(campaign), campaign, &json!({}), &count)
}

async fn counted(ask: &Ask) -> Result<Response, Error> {
    let count = customers::count(&ask.app.db, ask.campaign()).await?;
    Ok(json::answer(&CustomerCount { count }))
}

#[cfg(test)]
mod tests;
