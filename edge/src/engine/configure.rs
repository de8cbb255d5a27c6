//! Changing a campaign's settings: a change that somebody else's was first to is refused.

use serde_json::{Value, json};
use shared::{
    campaign::{Campaign, Flaw},
    reward::{self, Rule},
    time::Timestamp,
};

use super::terms;
use crate::{
    app::App,
    call::Call,
    click::resolve,
    error::Error,
    sql::{DbError, Statement, to_json},
    store::{audit, campaigns, versions},
};

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
    call: &Call,
    id: &str,
    change: impl Fn(&Campaign) -> Result<Campaign, Error>,
) -> Result<Campaign, Error> {
    change_from(app, call, id, None, change).await
}

/// The same for a change that was made from what a page showed: of this revision, if it names one.
pub async fn change_from(
    app: &App,
    call: &Call,
    id: &str,
    made_from: Option<i64>,
    change: impl Fn(&Campaign) -> Result<Campaign, Error>,
) -> Result<Campaign, Error> {
    change_with(app, call, id, made_from, Vec::new(), change).await
}

/// The same with more in the batch of the change.
pub(super) async fn change_with(
    app: &App,
    call: &Call,
    id: &str,
    made_from: Option<i64>,
    also: Vec<Statement>,
    change: impl Fn(&Campaign) -> Result<Campaign, Error>,
) -> Result<Campaign, Error> {
    let (terms, revision) = terms::read(app, id).await?;
    let changed = change(&terms.campaign)?;
    if changed == terms.campaign {
        return Ok(changed);
    }
    if made_from.is_some_and(|it| it != revision) {
        return Err(Error::Conflict(STALE));
    }
    let noted = noted(app, call, &terms.campaign, &changed);
    let batch = [also, vec![campaigns::update(&changed, revision)], noted].concat();
    match app.db.batch(batch).await {
        Ok(()) => {
            resolve::changed(app, call, id).await?;
            Ok(changed)
        }
        Err(DbError::Constraint) => {
            let (terms, _) = terms::read(app, id).await?;
            let changed = change(&terms.campaign)?;
            if changed == terms.campaign { Ok(changed) } else { Err(Error::Conflict(STALE)) }
        }
        Err(error) => Err(error.into()),
    }
}

/// What a change says that another was first to.
const STALE: &str = "The campaign was changed meanwhile. Read it again.";

/// The change for the audit log, named by what it is of, and the version that it makes.
fn noted(app: &App, call: &Call, before: &Campaign, after: &Campaign) -> Vec<Statement> {
    let act = if before.options != after.options {
        "OPTIONS_CHANGED"
    } else if before.installation != after.installation {
        "INSTALLATION_CHANGED"
    } else {
        "CAMPAIGN_CHANGED"
    };
    let (before, after) = (told(app, before), told(app, after));
    let id = after["id"].as_str().unwrap_or_default();
    vec![
        versions::settle(id, versions::SETTINGS, &before, call.now),
        versions::insert(call, id, versions::SETTINGS, &after),
        audit::insert(call, act, Some(id), id, &before, &after),
    ]
}

/// A campaign as the audit log tells it: lists of addresses by their length and a keyed mark, which
/// differs where they do.
#[must_use]
pub fn told(app: &App, campaign: &Campaign) -> Value {
    let mut options = json!(campaign.options);
    for list in ["allowedEmails", "blockedEmails"] {
        let Some(list) = options.get_mut("fraud").and_then(|it| it.get_mut(list)) else { continue };
        let mark = app.settings.mac("audit", &[to_json(list).as_bytes()]);
        let mark = mark.iter().take(4).map(|it| format!("{it:02x}")).collect::<String>();
        *list = json!({ "entries": list.as_array().map_or(0, Vec::len), "mark": mark });
    }
    json!({
        "id": campaign.id,
        "name": campaign.name,
        "status": campaign.status,
        "currencyISO": campaign.currency.as_str(),
        "companyName": campaign.company_name,
        "companyLogoImageUrl": campaign.company_logo_image_url,
        "installation": campaign.installation,
        "options": options,
    })
}
