//! Forgetting a person at their wish.

use serde_json::json;
use shared::decision::{Kind, Reason};

use super::plan::{Plan, Turns};
use crate::{
    app::App,
    call::Call,
    error::Error,
    store::{codes, erasure, participants, participants::Key},
};

/// Forgets a participant of a campaign (R-ERASE-1).
pub async fn erase(app: &App, call: &Call, campaign: &str, key: &Key) -> Result<(), Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, campaign, key).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// One attempt; `false` if something else was first.
async fn attempt(app: &App, call: &Call, campaign: &str, key: &Key) -> Result<bool, Error> {
    let known = participants::find(&app.db, campaign, key).await?.ok_or(Error::Missing)?;
    let codes = codes::of(&app.db, &known.id).await?;
    let mut plan = Plan::new(call, campaign);
    plan.extend(erasure::erase(&known.id, campaign, &call.id(), call.now));
    plan.audit("PARTICIPANT_ERASED", known.id.as_str(), json!({}), json!({}));
    plan.decide(&known.id, Kind::Erased, vec![Reason::ErasedOnRequest], json!({}));
    if !plan.commit(&app.db).await? {
        return Ok(false);
    }
    for code in codes {
        app.cache.links.forget(code.as_str());
        // What is kept there is no link any more: the database is asked.
        app.store.keep(&format!("code:{code}"), "").await;
    }
    Ok(true)
}
