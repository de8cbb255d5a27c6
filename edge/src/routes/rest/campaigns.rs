//! `/campaigns`, `/campaign/{id}`: list, create, retrieve, update.

use axum::{Json, extract::State};
use shared::{
    api::{self, CampaignCreate, CampaignUpdate, Campaigns, SetStatus},
    attribution::Key,
    campaign::{Campaign, Installation, Options, Status},
    id,
    money::Currency,
};

use super::{auth::KeyHolder, repeat::Repeat, reward_configs};
use crate::{
    app::App,
    call::Call,
    engine::configure,
    error::Error,
    routes::{body::Body, path::At},
    sql::{DbError, name},
    store::{
        campaigns, rules,
        summaries::{self, Summary},
    },
};

/// How often another id is drawn when one is taken.
const DRAWS: usize = 6;

/// Lists all campaigns, oldest first.
pub async fn list(_: KeyHolder, State(app): State<App>) -> Result<Json<Campaigns>, Error> {
    let found = summaries::of(&app.db, None).await?;
    Ok(Json(Campaigns { campaigns: found.into_iter().map(shown).collect() }))
}

/// Makes a draft, with its rules if some are sent.
pub async fn create(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    repeat: Repeat,
    Body(asked): Body<CampaignCreate>,
) -> Result<Json<api::Campaign>, Error> {
    if asked.kind == api::Kind::Affiliate {
        let msg = "is not available in this installation";
        return Err(Error::field("type", Some("AFFILIATE".into()), msg));
    }
    let mut rewards = Vec::new();
    for (place, reward) in asked.rewards.into_iter().enumerate() {
        let id = format!("crew_{}", call.id());
        rewards.push(reward.rule(id).map_err(|it| {
            Error::field(&format!("rewards[{place}].{}", it.field), None, it.problem)
        })?);
    }
    let goal = asked.goal.as_ref().map(name);
    for _ in 0..DRAWS {
        let campaign = Campaign {
            id: id::short(repeat.entropy(&app, &call, "campaign"), 6),
            name: asked.name.clone().unwrap_or_else(|| "Referral programme".into()),
            status: Status::Draft,
            currency: asked.currency.unwrap_or(Currency::USD),
            company_name: asked.company_name.clone(),
            company_logo_image_url: asked.company_logo_image_url.clone(),
            started_at: None,
            ended_at: None,
            installation: Installation::default(),
            options: Options::default(),
            keys: vec![Key { generation: 1, retired_at: None }],
        };
        let mut batch = campaigns::insert(&campaign, goal.as_deref(), call.now);
        batch.extend(rewards.iter().map(|it| rules::insert(&campaign.id, it, call.now)));
        match app.db.batch(batch).await {
            Ok(()) => return one(&app, &campaign.id).await,
            Err(DbError::Constraint) if repeat.is_named() => return one(&app, &campaign.id).await,
            Err(DbError::Constraint) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Busy)
}

/// Shows a campaign.
pub async fn retrieve(
    _: KeyHolder,
    State(app): State<App>,
    At(id): At<String>,
) -> Result<Json<api::Campaign>, Error> {
    one(&app, &id).await
}

/// Renames, publishes, resumes or ends a campaign.
pub async fn update(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    At(id): At<String>,
    Body(asked): Body<CampaignUpdate>,
) -> Result<Json<api::Campaign>, Error> {
    configure::change(&app, &id, |campaign| {
        let campaign = match asked.status {
            None => campaign.clone(),
            Some(SetStatus::InProgress) => campaign.published(call.now),
            Some(SetStatus::Complete) => campaign.ended(call.now).ok_or_else(|| {
                let msg = "a draft is published before it ends";
                Error::field("status", Some("COMPLETE".into()), msg)
            })?,
        };
        Ok(Campaign {
            name: asked.name.clone().unwrap_or(campaign.name),
            company_name: asked.company_name.clone().or(campaign.company_name),
            company_logo_image_url: asked
                .company_logo_image_url
                .clone()
                .or(campaign.company_logo_image_url),
            ..campaign
        })
    })
    .await?;
    one(&app, &id).await
}

async fn one(app: &App, id: &str) -> Result<Json<api::Campaign>, Error> {
    let found = summaries::of(&app.db, Some(id)).await?;
    found.into_iter().next().map(|it| Json(shown(it))).ok_or(Error::Missing)
}

fn shown(it: Summary) -> api::Campaign {
    api::Campaign {
        id: it.id,
        name: it.name,
        kind: api::Kind::Referral,
        status: it.status,
        currency: it.currency,
        company_name: it.company_name,
        company_logo_image_url: it.company_logo_image_url,
        goal: it.goal,
        created_at: it.created_at,
        participant_count: it.participants,
        referral_count: it.referrals,
        impression_count: it.impressions,
        invite_count: 0,
        winner_count: it.winners,
        rewards: reward_configs::shown(it.rules),
    }
}
