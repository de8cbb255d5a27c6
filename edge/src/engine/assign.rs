//! The owner's word on who referred somebody: binds a person whom nobody is bound to.

use serde_json::json;
use shared::{
    campaign::{Campaign, Trigger},
    code::Code,
    decision::Reason,
    referral::Outcome,
    reward::{self, Source},
};

use super::{
    award,
    bond::{Brought, Evidence},
    past::{self, Whose},
    plan::{Plan, Turns},
};
use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    error::Error,
    store::{
        conversions::Kind,
        participants::{self, Key},
        rules, signals,
    },
};

/// What came of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Assigned {
    /// They are bound; and credited, if the sign-up is what the campaign pays for.
    Bound {
        /// Whether the referral counts at once.
        credited: bool,
    },
    /// Somebody referred them before.
    AlreadyReferred,
    /// The referrer does not stand well, or is the friend.
    Refused(Reason),
}

/// Binds a participant to the referrer whom somebody of the team names: an id, a code or an address.
///
/// The guards are not asked: whoever decides by hand has looked.
pub async fn assign(
    app: &App,
    call: &Call,
    terms: &Terms,
    friend: &Key,
    referrer: &str,
) -> Result<Assigned, Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, &terms.campaign, friend, referrer).await {
            Ok(Some(assigned)) => return Ok(assigned),
            Ok(None) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// One attempt; `None` if something else was first.
async fn attempt(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    friend: &Key,
    referrer: &str,
) -> Result<Option<Assigned>, Error> {
    // Facts.
    let known = participants::find(&app.db, &campaign.id, friend).await?;
    let known = known.ok_or(Error::Missing)?;
    if known.bond.is_some() {
        return Ok(Some(Assigned::AlreadyReferred));
    }
    let rules = rules::of_campaign(&app.db, &campaign.id).await?;
    let (brought, typed) = (Brought::Nothing, Some(referrer));
    let counted = reward::counts(&rules);
    let evidence = Evidence::read(app, call, campaign, &brought, typed, counted).await?;
    // Whoever was forgotten has none.
    let email = signals::address(&app.db, &known.id).await?.ok_or(Error::Missing)?;
    let whose = Whose { id: Some(&known.id), email: Some(&email), metadata: &known.metadata };
    let event = reward::Known::default();
    let lead = past::known(app, &campaign.id, &rules, &whose, event, None).await?;

    // Decision.
    let mut bonding = evidence.bind(call, &known.id);
    let Some(referrer) = bonding.referrer.clone() else {
        let reason = bonding.bond.reasons.first().copied();
        return Ok(Some(Assigned::Refused(reason.unwrap_or(Reason::ReferrerUnknown))));
    };
    bonding.bond.reasons = vec![Reason::NamedByHand];

    // Consequences.
    let mut plan = Plan::new(call, &campaign.id);
    vouch(&mut plan, &known.id, known.source);
    let named = json!({ "referrer": referrer.standing.participant });
    plan.audit("REFERRAL_ASSIGNED", known.id.as_str(), json!({}), named);
    evidence.record(&mut plan, call, &known.id, &bonding, Source::Server);
    let due = award::Due {
        campaign,
        rules: &rules,
        friend: &known.id,
        referrer: &referrer,
        taken: &[],
        bound_at: call.now,
        came: false,
        delayed: false,
        kind: Kind::Signup,
        transaction: None,
        known: &lead,
        source: Source::Server,
    };
    let budget = award::lead(&mut plan, call, &due);
    let credited = campaign.installation.referral_trigger == Trigger::OnSignup
        && award::settle(&mut plan, call, &due, budget).outcome == Some(Outcome::Awarded);
    Ok(plan.commit(&app.db).await?.then_some(Assigned::Bound { credited }))
}

/// Whoever names somebody's referrer by hand vouches for them.
fn vouch(plan: &mut Plan<'_>, friend: &Code, source: Source) {
    if source == Source::Browser {
        plan.add(participants::vouch(friend, Source::Server));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{bench::Bench, engine::terms, sql};

    async fn does(bench: &Bench, campaign: &str, friend: &str, referrer: &str) -> Assigned {
        let id = campaign.trim_start_matches("/v2/campaign/");
        let (terms, _) = terms::read(&bench.app, id).await.unwrap();
        let friend = Key::parse(friend).unwrap();
        assign(&bench.app, &bench.call(), &terms, &friend, referrer).await.unwrap()
    }

    #[tokio::test]
    async fn r_assign_1_the_owner_names_the_referrer_of_somebody_who_has_none_once() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let cid = bench.add(&campaign, "cid", None).await;
        let bob = bench.add(&campaign, "bob", None).await;
        // Decisions of one instant have no order between calls.
        bench.pass(shared::time::Span(1));
        let bound = does(&bench, &campaign, &bob, "ada@example.com").await;
        assert_eq!(bound, Assigned::Bound { credited: false });
        for referrer in [&ada, &cid] {
            let again = does(&bench, &campaign, &bob, referrer).await;
            assert_eq!(again, Assigned::AlreadyReferred);
        }
        let shown = bench.get(&format!("{campaign}/participant/{bob}")).await.ok();
        assert_eq!(
            (&shown["referredBy"], &shown["referralStatus"]),
            (&json!(ada), &json!("CREDIT_PENDING"))
        );
        let kept = bench.get(&format!("{campaign}/participant/{bob}/decisions")).await.ok();
        assert_eq!(kept["decisions"][0]["reasons"], json!(["NAMED_BY_HAND"]));
        // The event counts as for anybody.
        let path = format!("{campaign}/participant/{bob}/ref");
        assert_eq!(bench.post(&path, json!({})).await.ok()["success"], true);
    }

    #[tokio::test]
    async fn r_assign_2_where_the_sign_up_counts_it_counts_at_once() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", None).await;
        let bound = does(&bench, &campaign, &bob, &ada).await;
        assert_eq!(bound, Assigned::Bound { credited: true });
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM reward")).await, 2);
        let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
        assert_eq!(shown["referralCount"], 1);
    }

    #[tokio::test]
    async fn r_assign_3_the_referrer_is_somebody_else_of_the_campaign_in_good_standing() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let other = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", None).await;
        let eve = bench.add(&other, "eve", None).await;
        bench
            .write([sql!("-- t\n UPDATE participant SET blocked_at = 1 WHERE id = ?1", &ada)])
            .await;
        for (referrer, reason) in [
            (&ada, Reason::ReferrerBlocked),
            (&bob, Reason::OwnLink),
            (&eve, Reason::ReferrerUnknown),
            (&"nobody".to_owned(), Reason::ReferrerUnknown),
        ] {
            let refused = does(&bench, &campaign, &bob, referrer).await;
            assert_eq!(refused, Assigned::Refused(reason), "{referrer}");
        }
        let shown = bench.get(&format!("{campaign}/participant/{bob}")).await.ok();
        assert_eq!(shown["referredBy"], Value::Null);
    }
}
