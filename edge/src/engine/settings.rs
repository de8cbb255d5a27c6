//! What of a campaign's settings may be: the same for the API and for the console.

use shared::{
    api::{CampaignUpdate, SetStatus},
    campaign::{Campaign, Flaw, Installation, Options, Status},
    reward::{self, Budget, Rule},
    time::Timestamp,
};

use super::configure::keeps_rules;
use crate::{
    app::App,
    error::Error,
    store::{budgets, rules},
};

/// What settings are held against.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The rules in force.
    pub rules: Vec<Rule>,
    /// What was given already.
    pub spent: Budget,
    /// Now.
    pub now: Timestamp,
}

/// Reads them.
pub async fn facts(app: &App, campaign: &str, now: Timestamp) -> Result<Facts, Error> {
    let rules = rules::of_campaign(&app.db, campaign).await?;
    let spent = budgets::spent(&app.db, campaign).await?;
    Ok(Facts { rules, spent, now })
}

/// A campaign with other options, if they may be.
pub fn with_options(
    campaign: &Campaign,
    options: Options,
    facts: &Facts,
) -> Result<Campaign, Error> {
    let below = |most: Option<i64>, given: Option<i64>| {
        most.zip(given).is_some_and(|(most, given)| most < given)
    };
    let (budget, spent) = (options.budget, facts.spent);
    if below(budget.rewards, spent.rewards) || below(budget.amount, spent.amount) {
        return Err(flawed(Flaw {
            field: "budget",
            problem: "is less than what was given already",
        }));
    }
    let end = options.ends_at.filter(|_| options.ends_at != campaign.options.ends_at);
    if end.is_some_and(|it| it <= facts.now) {
        return Err(flawed(Flaw { field: "endsAt", problem: "is not in the future" }));
    }
    if let Some(flaw) = options.flaw() {
        return Err(flawed(flaw));
    }
    let changed = Campaign { options, ..campaign.clone() };
    let field = |flaw: Flaw| if flaw.field == "startsAt" { "endsAt" } else { "charities" };
    keeps_rules(campaign, &changed, &facts.rules, facts.now, field)?;
    Ok(changed)
}

/// A campaign that is installed otherwise, if it may be.
pub fn with_installation(
    campaign: &Campaign,
    installation: Installation,
    facts: &Facts,
) -> Result<Campaign, Error> {
    if let Some(flaw) = installation.flaw() {
        return Err(flawed(flaw));
    }
    let changed = Campaign { installation, ..campaign.clone() };
    keeps_rules(campaign, &changed, &facts.rules, facts.now, |_| "referralTrigger")?;
    Ok(changed)
}

/// A campaign with another name or status, if it may be.
pub fn updated(
    campaign: &Campaign,
    asked: &CampaignUpdate,
    rules: &[Rule],
    now: Timestamp,
) -> Result<Campaign, Error> {
    let campaign = match asked.status {
        None => campaign.clone(),
        Some(SetStatus::InProgress) if campaign.is_over(now) => {
            let msg = "the campaign's option endsAt is past: change it first";
            return Err(Error::field("status", Some("IN_PROGRESS".into()), msg));
        }
        Some(SetStatus::InProgress) => {
            let published = campaign.published(now);
            let drafted = campaign.status == Status::Draft;
            let misfit = |it: &Rule| Some((it.id.clone(), reward::misfit(it, &published, now)?));
            if let Some((rule, flaw)) = rules.iter().filter(|_| drafted).find_map(misfit) {
                let msg = format!("{} of the rule {rule}: {}", flaw.field, flaw.problem);
                return Err(Error::field("status", Some("IN_PROGRESS".into()), msg));
            }
            published
        }
        Some(SetStatus::Complete) => campaign.ended(now).ok_or_else(|| {
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
}

fn flawed(flaw: Flaw) -> Error {
    Error::field(flaw.field, None, flaw.problem)
}
