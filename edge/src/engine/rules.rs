//! Adding, changing and retiring a rule: the same for the API and for the console.

use serde_json::json;
use shared::{
    campaign::Campaign,
    reward::{self, Limit, Rule},
    time::Timestamp,
};

use crate::{
    app::App,
    call::Call,
    click::resolve,
    error::Error,
    sql::{DbError, Statement},
    store::{audit, coupons, rules},
};

/// The most rules of a campaign.
const MOST: usize = 100;

/// Refuses a rule that contradicts its campaign (R-RULE-7), or takes codes from a pool that is not
/// there (R-COUPON-7).
pub async fn fits(
    app: &App,
    campaign: &Campaign,
    rule: &Rule,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(flaw) = reward::misfit(rule, campaign, now) {
        return Err(Error::field(flaw.field, None, flaw.problem));
    }
    for (field, pool) in rule.pools() {
        if coupons::pool(&app.db, &campaign.id, pool).await?.is_none() {
            let msg = "names no pool of this campaign";
            return Err(Error::field(field, Some(pool.into()), msg));
        }
    }
    Ok(())
}

/// Adds a rule that fits. `false`: there is one with its id already.
pub async fn add(app: &App, call: &Call, campaign: &Campaign, rule: &Rule) -> Result<bool, Error> {
    let known = rules::of_campaign(&app.db, &campaign.id).await?;
    if known.iter().any(|it| it.id == rule.id) {
        return Ok(false);
    }
    if MOST <= known.len() {
        return Err(Error::Conflict("A campaign holds at most 100 reward configurations."));
    }
    let mut batch = rules::insert(&campaign.id, rule, call.now);
    batch.push(noted(call, &campaign.id, "RULE_MADE", None, Some(rule)));
    match app.db.batch(batch).await {
        Ok(()) => resolve::changed(app, call, &campaign.id).await?,
        // The same at the same time: the other call made it.
        Err(DbError::Constraint) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    Ok(true)
}

/// Refuses the next version of a rule that somebody has more by already (R-RULE-8); the limit that has
/// to be held against what was given.
pub async fn allowed(app: &App, old: &Rule, rule: &Rule) -> Result<Option<Limit>, Error> {
    let limit = rule.limit.filter(|it| Some(*it) != old.limit);
    let Some(asked) = limit else { return Ok(None) };
    let given = rules::most_given(&app.db, &rule.id, asked.per).await?;
    if asked.most < given {
        let problem = format!("is less than somebody has been given already: {given}");
        return Err(Error::field("limit", Some(asked.most.into()), problem));
    }
    Ok(limit)
}

/// Puts the next version of a rule in force, which fits.
pub async fn change(
    app: &App,
    call: &Call,
    campaign: &str,
    old: &Rule,
    rule: &Rule,
) -> Result<(), Error> {
    let limit = allowed(app, old, rule).await?;
    let mut batch = rules::update(campaign, rule, limit, call.now);
    batch.push(noted(call, campaign, "RULE_CHANGED", Some(old), Some(rule)));
    match app.db.batch(batch).await {
        Ok(()) => resolve::changed(app, call, campaign).await,
        Err(DbError::Constraint) => {
            // Somebody earned by it meanwhile, or the rule was changed.
            allowed(app, old, rule).await?;
            Err(Error::Conflict("The rule was changed meanwhile. Read it again."))
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts next versions of several rules in force, all or none; none of them has another limit.
pub async fn change_all(
    app: &App,
    call: &Call,
    campaign: &str,
    changes: &[(Rule, Rule)],
) -> Result<(), Error> {
    let mut batch = Vec::new();
    for (old, rule) in changes {
        batch.extend(rules::update(campaign, rule, None, call.now));
        batch.push(noted(call, campaign, "RULE_CHANGED", Some(old), Some(rule)));
    }
    match app.db.batch(batch).await {
        Ok(()) => resolve::changed(app, call, campaign).await,
        Err(DbError::Constraint) => {
            Err(Error::Conflict("The rule was changed meanwhile. Read it again."))
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a rule out of force; what it gave stays.
pub async fn remove(app: &App, call: &Call, campaign: &str, rule: &Rule) -> Result<(), Error> {
    let noted = noted(call, campaign, "RULE_REMOVED", Some(rule), None);
    app.db.batch(vec![rules::remove(&rule.id, call.now), noted]).await?;
    resolve::changed(app, call, campaign).await
}

/// A change of a rule, for the audit log.
fn noted(
    call: &Call,
    campaign: &str,
    act: &str,
    before: Option<&Rule>,
    after: Option<&Rule>,
) -> Statement {
    let told = |rule: Option<&Rule>| rule.map_or_else(|| json!({}), |it| json!(it));
    let id = before.or(after).map_or("", |it| it.id.as_str());
    audit::insert(call, act, Some(campaign), id, &told(before), &told(after))
}
