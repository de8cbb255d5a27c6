//! `/campaign/{id}/customers`, ours: who was a customer before the programme, as hashes.

use axum::response::Response;
use shared::{
    api::{CustomerCount, CustomerImport},
    customer,
};

use crate::{
    engine::terms,
    error::{Error, Problem},
    json,
    routes::{ask::Ask, body},
    sql,
    store::customers,
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
    ask.app.db.batch(inserts.collect()).await?;
    counted(&ask).await
}

/// Forgets all of them, in bites.
pub async fn forget(ask: Ask) -> Result<Response, Error> {
    terms::read(&ask.app, ask.campaign()).await?;
    while 0 < customers::count(&ask.app.db, ask.campaign()).await? {
        ask.app.db.batch(vec![customers::forget(ask.campaign())]).await?;
    }
    counted(&ask).await
}

async fn counted(ask: &Ask) -> Result<Response, Error> {
    let count = customers::count(&ask.app.db, ask.campaign()).await?;
    Ok(json::answer(&CustomerCount { count }))
}

#[cfg(test)]
mod tests;
