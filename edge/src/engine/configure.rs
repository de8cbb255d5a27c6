//! Changing a campaign's settings: a change that somebody else's was first to is refused.

use shared::{
    campaign::{Campaign, Flaw},
    reward::{self, Rule},
    time::Timestamp,
};

use super::terms;
use crate::{app::App, click::resolve, error::Error, sql::DbError, store::campaigns};

/// Refuses settings that a rule in force would not fit any more (R-RULE-7); `field` names the setting
/// that is at fault for what is wrong with the rule.
pub fn keeps_rules(
    old: &Campaign,
    new: &Campaign,
    rules: &[Rule],
    now: Timestamp,
    field: impl Fn(Flaw) -> &'static str,
) -> Result<(), Error> {
    for rule in rules {
        let Some(flaw) = reward::misfit(rule, new, now) else { continue };
        // What did not fit before is not the fault of this change.
        if reward::misfit(rule, old, now).is_none() {
            let problem = format!("{} of the rule {}: {}", flaw.field, rule.id, flaw.problem);
            return Err(Error::field(field(flaw), None, problem));
        }
    }
    Ok(())
}

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
