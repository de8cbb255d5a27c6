//! What a person says about a reward of theirs, until it is given.

use serde_json::json;
use shared::{api::RewardChoice, campaign::Campaign, code::Code, reward::GiftKind};

use super::plan::Turns;
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::DbError,
    store::{
        audit, choices,
        rewards::{self, Status, Stored},
    },
};

const GIVEN: Error = Error::RewardState("Invalid reward state. Reward has already been fulfilled.");
const CANCELLED: Error = Error::RewardState("Invalid reward state. Reward has been cancelled.");

/// Keeps a choice; fails where the reward is of another kind, or was given or cancelled.
pub async fn choose(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    participant: &Code,
    reward: &str,
    choice: &RewardChoice,
) -> Result<(), Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        let found = rewards::find(&app.db, participant, reward).await?.ok_or(Error::Missing)?;
        check(campaign, &found, choice)?;
        if !says(choice) {
            return Ok(());
        }
        let mut batch = vec![choices::still_open(reward)];
        batch.extend(choice.charity.as_ref().map(|it| choices::choose(reward, it)));
        let address = choice.address.iter();
        batch.extend(address.flat_map(|it| choices::send_to(participant, it, call.now)));
        // Where somebody lives is no business of the log.
        let fields = [("charity", choice.charity.is_some()), ("address", choice.address.is_some())];
        let fields: Vec<_> = fields.iter().filter(|it| it.1).map(|it| it.0).collect();
        let (was, is) = (json!({}), json!({ "fields": fields }));
        let id = Some(campaign.id.as_str());
        batch.extend(audit::deed(call, "REWARD_CHOICE_MADE", id, reward, &was, &is));
        match app.db.batch(batch).await {
            Ok(()) => return Ok(()),
            // It was given meanwhile: reading again tells.
            Err(DbError::Constraint) => {}
            Err(error) => {
                let error = Error::from(error);
                if !turns.forgive(&error) {
                    return Err(error);
                }
            }
        }
    }
    Err(Error::Busy)
}

fn check(campaign: &Campaign, reward: &Stored, choice: &RewardChoice) -> Result<(), Error> {
    if let Some(charity) = &choice.charity {
        if reward.kind != GiftKind::Donation {
            return Err(Error::field("charity", None, "is for donations"));
        }
        if !campaign.options.charities.contains(charity) {
            let msg = "is not among the campaign's charities";
            return Err(Error::field("charity", Some(charity.clone().into()), msg));
        }
    }
    if choice.address.is_some() && reward.kind != GiftKind::Gift {
        return Err(Error::field("address", None, "is for gifts"));
    }
    match reward.status {
        _ if !says(choice) => Ok(()),
        Status::Pending => Ok(()),
        Status::Fulfilled => Err(GIVEN),
        Status::Cancelled | Status::Reversed => Err(CANCELLED),
    }
}

/// Whether there is a choice at all.
const fn says(choice: &RewardChoice) -> bool {
    choice.charity.is_some() || choice.address.is_some()
}
