//! `/campaign/{id}/participant/{p}/rewards`: what somebody earned; `…/reward/{id}`: what the owner does
//! with it.

use axum::response::Response;
use serde_json::json;
use shared::api::{ParticipantRewards, RewardApprove};

use super::{page, participants::named, shown};
use crate::{
    engine::{
        hand::{self, Deed},
        terms,
    },
    error::Error,
    json,
    routes::ask::Ask,
    store::{participants::Place, rewards, seen},
};

/// Lists the rewards of a participant, newest first.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let Ask { app, query, .. } = &ask;
    let known = named(app, ask.campaign(), ask.p()).await?;
    let (limit, after) = (query.limit(20)?, page::after(query)?);
    let mut found = rewards::page(&app.db, &known.id, after.as_ref(), limit + 1).await?;
    let more = page::cut(&mut found, limit);
    let last = found.last().filter(|_| more);
    let next_id =
        last.map(|it| page::next(&Place { created_at: it.created_at, id: it.id.clone() }));
    let seen_at = seen::find(&app.db, &known.id).await?;
    let rewards = found.into_iter().map(|it| shown::reward(it, seen_at)).collect();
    Ok(json::answer(&ParticipantRewards { rewards, limit, next_id }))
}

/// Approves a reward, and marks it as given if the body or the options say so.
pub async fn approve(ask: Ask) -> Result<Response, Error> {
    let asked: RewardApprove = ask.json()?;
    by_hand(&ask, Deed::Approve(asked.fulfill)).await
}

/// Marks an approved reward as given.
pub async fn fulfill(ask: Ask) -> Result<Response, Error> {
    by_hand(&ask, Deed::Fulfill).await
}

/// Takes a reward back that nobody approved.
pub async fn remove(ask: Ask) -> Result<Response, Error> {
    by_hand(&ask, Deed::Remove(None)).await
}

async fn by_hand(ask: &Ask, deed: Deed) -> Result<Response, Error> {
    let Ask { app, call, .. } = ask;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let id = ask.at("item").unwrap_or_default();
    hand::act(app, call, &terms.campaign, id, deed).await?;
    Ok(json::answer(&json!({ "success": true })))
}

#[cfg(test)]
#[path = "hand/tests.rs"]
pub(crate) mod hand_tests;

#[cfg(test)]
#[path = "rounds/tests.rs"]
mod round_tests;
#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::time::Span;

    use crate::bench::Bench;

    #[tokio::test]
    async fn rewards_are_listed_newest_first_on_both_sides() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        bench
            .patch(&format!("{campaign}/options"), json!({ "autoFulfillRewards": true }))
            .await
            .ok();
        let ada = bench.add(&campaign, "ada", None).await;
        let path = format!("{campaign}/participant/{ada}/rewards");
        let empty = json!({ "rewards": [], "limit": 20, "nextId": null });
        assert_eq!(bench.get(&path).await.ok(), empty);
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        bench.pass(Span(1));
        let cid = bench.add(&campaign, "cid", Some(&ada)).await;
        let first = bench.get(&format!("{path}?limit=1")).await.ok();
        let (reward, now) = (&first["rewards"][0], bench.now.get());
        let rules = bench.get(&format!("{campaign}/reward-configs")).await.ok();
        let expected = json!({
            "id": reward["id"], "rewardId": rules["rewards"][0]["id"], "status": "FULFILLED",
            "approved": true, "approvedAt": now, "isFulfilled": true, "fulfilledAt": now,
            "isAvailable": true, "isReferrer": true, "referrerId": ada, "referredId": cid,
            "unread": true, "createdAt": now, "kind": "COUPON", "amount": null, "approvesAt": null,
            "currencyISO": null, "couponCode": null, "charity": null, "needsAddress": false,
        });
        assert_eq!(*reward, expected);
        let next = first["nextId"].as_str().unwrap();
        let second = bench.get(&format!("{path}?limit=1&nextId={next}")).await.ok();
        assert_eq!(second["rewards"][0]["referredId"], *bob);
        assert_eq!(second["nextId"], json!(null));
        let friend =
            bench.get(&format!("{campaign}/participant/bob@example.com/rewards")).await.ok();
        assert_eq!(friend["rewards"][0]["isReferrer"], false);
        assert_eq!(friend["rewards"].as_array().unwrap().len(), 1);
        bench.get(&format!("{path}?limit=0")).await.refuses("limit");
        bench.get(&format!("{campaign}/participant/nobody/rewards")).await.fails(404);
        let other = bench.campaign("CUSTOM").await;
        bench.get(&format!("{other}/participant/{ada}/rewards")).await.fails(404);
    }

    #[tokio::test]
    async fn r_reward_5_manual_approval_leaves_rewards_waiting() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let manual = json!({ "requireManualRewardApproval": true, "autoFulfillRewards": true });
        bench.patch(&format!("{campaign}/options"), manual).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "bob", Some(&ada)).await;
        let found = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
        let reward = &found["rewards"][0];
        assert_eq!((&reward["status"], &reward["approved"]), (&json!("PENDING"), &json!(false)));
        assert_eq!(reward["isAvailable"], false);
    }

    #[tokio::test]
    async fn r_reward_2_and_3_rounds_and_limits_follow_the_referrers_counts() {
        let bench = Bench::new().await;
        let rules = [
            json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 }),
            json!({ "type": "DOUBLE_SIDED", "limit": 1 }),
        ];
        let campaign = bench.campaign_with("ON_SIGNUP", &rules).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let path = format!("{campaign}/participant/{ada}/rewards");
        let mut counts = Vec::new();
        for name in ["b", "c", "d", "e"] {
            bench.add(&campaign, name, Some(&ada)).await;
            counts.push(bench.get(&path).await.ok()["rewards"].as_array().unwrap().len());
        }
        assert_eq!(counts, [1, 2, 2, 3]);
    }

    #[tokio::test]
    async fn r_reward_7_a_limit_ends_with_its_calendar_month_or_year() {
        for (per, expected) in [("PER_MONTH", [1, 1, 2, 3]), ("PER_YEAR", [1, 1, 1, 2])] {
            let bench = Bench::new().await;
            let rule = json!({ "type": "SINGLE_SIDED", "limit": 1, "limitDuration": per });
            let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
            let ada = bench.add(&campaign, "ada", None).await;
            let path = format!("{campaign}/participant/{ada}/rewards");
            let mut counts = Vec::new();
            // September, again, October, January.
            for (name, days) in [("b", 0), ("c", 1), ("d", 20), ("e", 90)] {
                bench.pass(Span::days(days));
                bench.add(&campaign, name, Some(&ada)).await;
                counts.push(bench.get(&path).await.ok()["rewards"].as_array().unwrap().len());
            }
            assert_eq!(counts, expected, "{per}");
        }
    }
}
