//! `/campaign/{id}/reward-configs`: what is earned, by whom, how often.

use axum::{Json, extract::State};
use shared::{
    api::{CampaignReward, CampaignRewards, RewardCreate},
    id,
    reward::Rule,
};

use super::{auth::KeyHolder, repeat::Repeat};
use crate::{
    app::App,
    call::Call,
    click::resolve,
    engine::terms,
    error::Error,
    routes::{
        body::{Body, flawed},
        path::At,
    },
    sql::DbError,
    store::rules,
};

/// The most rules of a campaign.
const MOST: usize = 100;

/// Lists all rules, oldest first.
pub async fn list(
    _: KeyHolder,
    State(app): State<App>,
    At(campaign): At<String>,
) -> Result<Json<CampaignRewards>, Error> {
    terms::read(&app, &campaign).await?;
    let rules = rules::of_campaign(&app.db, &campaign).await?;
    Ok(Json(CampaignRewards { rewards: shown(rules) }))
}

/// Adds a rule.
pub async fn create(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    repeat: Repeat,
    At(campaign): At<String>,
    Body(asked): Body<RewardCreate>,
) -> Result<Json<CampaignReward>, Error> {
    terms::read(&app, &campaign).await?;
    let subject = format!("reward-config {campaign}");
    let id = format!("crew_{}", id::short(repeat.entropy(&app, &call, &subject), 20));
    let rule = asked.rule(id).map_err(flawed)?;
    let known = rules::of_campaign(&app.db, &campaign).await?;
    if let Some(made) = known.iter().find(|it| it.id == rule.id) {
        return Ok(Json(made.clone().into()));
    }
    if MOST <= known.len() {
        return Err(Error::Conflict("A campaign holds at most 100 reward configurations."));
    }
    match app.db.batch(vec![rules::insert(&campaign, &rule, call.now)]).await {
        Ok(()) => resolve::changed(&app, &campaign).await?,
        // The same key at the same time: the other call made it.
        Err(DbError::Constraint) if repeat.is_named() => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Json(rule.into()))
}

/// Rules as they are on the wire.
pub(super) fn shown(rules: Vec<Rule>) -> Vec<CampaignReward> {
    rules.into_iter().map(CampaignReward::from).collect()
}
