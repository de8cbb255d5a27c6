//! Changing how a programme's public pages look.

use serde_json::json;
use shared::look::Look;

use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::DbError,
    store::{audit, looks, versions},
};

/// What a change says that another was first to.
const STALE: Error = Error::Conflict("The design was changed meanwhile. Read it again.");

/// Changes a look that was made from this one, unless it is what it was (R-LOOK-3).
pub async fn change(
    app: &App,
    call: &Call,
    campaign: &str,
    from: Look,
    look: Look,
) -> Result<(), Error> {
    let known = looks::of(&app.db, campaign).await?;
    if known == look {
        return Ok(());
    }
    if known != from {
        return Err(STALE);
    }
    let (before, after) = (json!(known), json!(look));
    let batch = vec![
        looks::change(campaign, known, look),
        versions::settle(campaign, versions::LOOK, &before, call.now),
        versions::insert(call, campaign, versions::LOOK, &after),
        audit::insert(call, "DESIGN_CHANGED", Some(campaign), campaign, &before, &after),
    ];
    match app.db.batch(batch).await {
        Ok(()) => Ok(()),
        Err(DbError::Constraint) if looks::of(&app.db, campaign).await? == look => Ok(()),
        Err(DbError::Constraint) => Err(STALE),
        Err(error) => Err(error.into()),
    }
}
