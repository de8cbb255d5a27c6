//! The guided set-up: answers are kept, and become a programme once.

use serde_json::json;
use shared::{
    id,
    setup::{self, Answers, Flaw, Step},
};

use crate::{
    app::App,
    call::Call,
    click::resolve,
    engine::configure,
    error::Error,
    sql::{DbError, name},
    store::{audit, campaigns, card_texts, looks, rules, setups, versions},
};

/// How often something is tried again that another was first to.
const TRIES: usize = 6;

/// Takes what a step's form brings and keeps it; begins the set-up, where nobody did. What comes after
/// the programme was made changes nothing.
pub async fn keep<'a>(
    app: &App,
    call: &Call,
    member: &str,
    asked: &str,
    first: Answers,
    (step, sent): (Step, impl Fn(&str) -> Option<&'a str>),
) -> Result<setups::Setup, Error> {
    for _ in 0..TRIES {
        let found = setups::find(&app.db, asked).await?;
        let mut answers = found.as_ref().map_or_else(|| first.clone(), setups::Setup::answers);
        let before = answers.clone();
        answers.take(step, &sent);
        let write = match &found {
            Some(it) if it.campaign.is_some() || answers == before => return Ok(it.clone()),
            Some(it) => setups::update(asked, it.revision, &answers, call.now),
            None => setups::insert(asked, member, &answers, call.now),
        };
        match app.db.batch(vec![write]).await {
            Ok(()) | Err(DbError::Constraint) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Busy)
}

/// Makes the programme of a set-up, and lets it run: its id, or all that is wrong with the answers. However often it is asked, one
/// programme is made (R-SETUP-3).
pub async fn make(app: &App, call: &Call, asked: &str) -> Result<Result<String, Vec<Flaw>>, Error> {
    for _ in 0..TRIES {
        let found = setups::find(&app.db, asked).await?.ok_or(Error::Missing)?;
        if let Some(made) = found.campaign {
            return Ok(Ok(made));
        }
        let campaign = id::short(call.draw(), 6);
        let rule = format!("crew_{}", call.id());
        let (plan, flaws) = setup::read(&found.answers(), &campaign, &rule, call.now);
        if !flaws.is_empty() {
            return Ok(Err(flaws));
        }
        let goal = name(&plan.goal);
        let mut batch = campaigns::insert(&plan.campaign, Some(&goal), call.now);
        batch.extend(rules::insert(&campaign, &plan.rule, call.now));
        batch.push(looks::save(&campaign, plan.look));
        batch.push(setups::finish(asked, found.revision, &campaign));
        let made = configure::told(app, &plan.campaign);
        batch.push(versions::insert(call, &campaign, versions::SETTINGS, &made));
        batch.push(versions::insert(call, &campaign, versions::LOOK, &json!(plan.look)));
        if !plan.texts.is_empty() {
            batch.push(card_texts::put(&campaign, &plan.texts, 0));
            batch.push(versions::insert(call, &campaign, versions::TEXTS, &json!(plan.texts)));
        }
        let log = |act, subject: &str, after| {
            audit::insert(call, act, Some(&campaign), subject, &json!({}), after)
        };
        batch.push(log("CAMPAIGN_MADE", &campaign, &made));
        batch.push(log("RULE_MADE", &rule, &json!(plan.rule)));
        match app.db.batch(batch).await {
            Ok(()) => {
                resolve::changed(app, call, &campaign).await?;
                return Ok(Ok(campaign));
            }
            // The id is taken, or another call made it.
            Err(DbError::Constraint) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Busy)
}
