//! Changing a campaign's settings: a change that somebody else's was first to is refused.

use shared::campaign::Campaign;

use super::terms;
use crate::{app::App, click::resolve, error::Error, sql::DbError, store::campaigns};

/// Changes a campaign, unless the change holds already.
///
/// When something else changed it meanwhile, the call is refused as stale, except where that was
/// the same change: then there is nothing left to do.
pub async fn change(
    app: &App,
    id: &str,
    change: impl Fn(&Campaign) -> Result<Campaign, Error>,
) -> Result<Campaign, Error> {
    let (terms, revision) = terms::read(app, id).await?;
    let changed = change(&terms.campaign)?;
    if changed == terms.campaign {
        return Ok(changed);
    }
    match app.db.batch(vec![campaigns::update(&changed, revision)]).await {
        Ok(()) => {
            resolve::changed(app, id).await?;
            Ok(changed)
        }
        Err(DbError::Constraint) => {
            let (terms, _) = terms::read(app, id).await?;
            let changed = change(&terms.campaign)?;
            if changed == terms.campaign {
                Ok(changed)
            } else {
                Err(Error::Conflict("The campaign was changed meanwhile. Read it again."))
            }
        }
        Err(error) => Err(error.into()),
    }
}
