//! Changing the owner's own texts of the card.

use serde_json::json;
use shared::card::Own;

use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::DbError,
    store::{audit, card_texts, versions},
};

/// What a change says that another was first to.
const STALE: Error = Error::Conflict("The texts were changed meanwhile. Read them again.");

/// Writes texts that were made from this revision, unless they are what they were.
pub async fn change(
    app: &App,
    call: &Call,
    campaign: &str,
    own: &Own,
    revision: i64,
) -> Result<(), Error> {
    let known = card_texts::find(&app.db, campaign).await?;
    if known.body == *own {
        return Ok(());
    }
    if known.revision != revision {
        return Err(STALE);
    }
    let (before, after) = (json!(known.body), json!(own));
    let batch = vec![
        card_texts::put(campaign, own, revision),
        versions::insert(call, campaign, versions::TEXTS, &after),
        audit::insert(call, "CARD_CHANGED", Some(campaign), campaign, &before, &after),
    ];
    match app.db.batch(batch).await {
        Ok(()) => Ok(()),
        Err(DbError::Constraint) => {
            let known = card_texts::find(&app.db, campaign).await?;
            if known.body == *own { Ok(()) } else { Err(STALE) }
        }
        Err(error) => Err(error.into()),
    }
}
