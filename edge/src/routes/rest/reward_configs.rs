//! `/campaign/{id}/reward-configs`: what is earned, by whom, how often.

use axum::response::Response;
use shared::{
    api::{CampaignReward, CampaignRewards, RewardCreate},
    id,
    reward::Rule,
};

use super::repeat::Repeat;
use crate::{
    click::resolve,
    engine::terms,
    error::Error,
    json,
    routes::{ask::Ask, body::flawed},
    sql::DbError,
    store::rules,
};

/// The most rules of a campaign.
const MOST: usize = 100;

/// Lists all rules, oldest first.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    terms::read(&ask.app, ask.campaign()).await?;
    let rules = rules::of_campaign(&ask.app.db, ask.campaign()).await?;
    Ok(json::answer(&CampaignRewards { rewards: shown(rules) }))
}

/// Adds a rule.
pub async fn create(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: RewardCreate = ask.json()?;
    let repeat = Repeat::of(&ask.headers);
    terms::read(app, ask.campaign()).await?;
    let subject = format!("reward-config {}", ask.campaign());
    let id = format!("crew_{}", id::short(repeat.entropy(app, call, &subject), 20));
    let rule = asked.rule(id).map_err(flawed)?;
    let known = rules::of_campaign(&app.db, ask.campaign()).await?;
    let count = known.len();
    if let Some(made) = known.into_iter().find(|it| it.id == rule.id) {
        return same(made, &rule);
    }
    if MOST <= count {
        return Err(Error::Conflict("A campaign holds at most 100 reward configurations."));
    }
    match app.db.batch(vec![rules::insert(ask.campaign(), &rule, call.now)]).await {
        Ok(()) => resolve::changed(app, ask.campaign()).await?,
        // The same key at the same time: the other call made it.
        Err(DbError::Constraint) if repeat.is_named() => {
            let known = rules::of_campaign(&app.db, ask.campaign()).await?;
            let made = known.into_iter().find(|it| it.id == rule.id).ok_or(Error::Busy)?;
            return same(made, &rule);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(json::answer(&CampaignReward::from(rule)))
}

/// The rule that the same key made before, if the same was asked.
fn same(made: Rule, asked: &Rule) -> Result<Response, Error> {
    if made == *asked {
        Ok(json::answer(&CampaignReward::from(made)))
    } else {
        Err(Error::Conflict(Repeat::TAKEN))
    }
}

/// Rules as they are on the wire.
pub(super) fn shown(rules: Vec<Rule>) -> Vec<CampaignReward> {
    rules.into_iter().map(CampaignReward::from).collect()
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;

    use crate::bench::Bench;

    #[tokio::test]
    async fn rules_are_made_and_listed_hidden_ones_included() {
        let bench = Bench::new().await;
        let campaign = bench.campaign_with("CUSTOM", &[]).await;
        let path = format!("{campaign}/reward-configs");
        assert_eq!(bench.get(&path).await.ok(), json!({ "rewards": [] }));
        let asked = json!({
            "type": "DOUBLE_SIDED", "title": "Ten", "description": "10 € for you",
            "referralDescription": "10 € for them", "couponCode": "TEN", "limit": 5,
            "conversionsRequired": 2, "metadata": { "sku": 7 },
        });
        let made = bench.post(&path, asked).await.ok();
        let expected = json!({
            "id": made["id"], "type": "DOUBLE_SIDED", "isUnlimited": false,
            "metadata": { "sku": "7" }, "title": "Ten", "description": "10 € for you",
            "referralDescription": "10 € for them", "imageUrl": null, "couponCode": "TEN",
            "referralCouponCode": null, "event": "CONVERSION", "conversionsRequired": 2,
            "limit": 5, "limitDuration": "IN_TOTAL", "isVisible": true,
            "referredRewardUpfront": false, "version": 1,
        });
        assert_eq!(made, expected);
        assert!(made["id"].as_str().unwrap().starts_with("crew_"));
        bench.pass(shared::time::Span(1));
        let hidden = json!({ "type": "SINGLE_SIDED", "isVisible": false });
        let hidden = bench.post(&path, hidden).await.ok();
        assert_eq!((&hidden["isUnlimited"], &hidden["limit"]), (&json!(true), &json!(-1)));
        assert_eq!(bench.get(&path).await.ok(), json!({ "rewards": [expected, hidden] }));
        let shown = bench.get(&campaign).await.ok();
        assert_eq!(shown["rewards"], json!([expected]));
        let other = bench.campaign_with("CUSTOM", &[]).await;
        assert_eq!(
            bench.get(&format!("{other}/reward-configs")).await.ok(),
            json!({ "rewards": [] })
        );
    }

    #[tokio::test]
    async fn r_level_1_rules_name_the_participant_and_the_direct_referrer_only() {
        let bench = Bench::new().await;
        let path = format!("{}/reward-configs", bench.campaign("CUSTOM").await);
        for field in ["levels", "parentPercent", "tiers", "entryFee", "draw"] {
            let mut asked = json!({ "type": "SINGLE_SIDED" });
            asked[field] = 1.into();
            assert!(bench.post(&path, asked).await.refuses(field).starts_with("R-LEVEL-1"));
        }
        for (field, value) in [
            ("type", json!("LEADERBOARD")),
            ("event", json!("LEAD")),
            ("limitDuration", json!("PER_MONTH")),
            ("referredRewardUpfront", json!(true)),
            ("numberOfWinners", json!(3)),
            ("commissionStructure", json!({})),
        ] {
            let mut asked = json!({ "type": "SINGLE_SIDED" });
            asked[field] = value;
            let message = bench.post(&path, asked).await.refuses(field);
            assert!(message.contains("not available"), "{field}: {message}");
        }
        bench.post(&path, json!({ "type": "SINGLE_SIDED", "limit": 0 })).await.refuses("limit");
        bench.post(&path, json!({})).await.refuses("type");
        bench
            .post("/v2/campaign/nobody/reward-configs", json!({ "type": "SINGLE_SIDED" }))
            .await
            .fails(404);
        bench.get("/v2/campaign/nobody/reward-configs").await.fails(404);
    }

    #[tokio::test]
    async fn r_repeat_3_a_rule_under_one_idempotency_key_is_made_once() {
        let bench = Bench::new().await;
        let path = format!("{}/reward-configs", bench.campaign_with("CUSTOM", &[]).await);
        let send = async || {
            let body = json!({ "type": "SINGLE_SIDED" }).to_string();
            let mut request = bench.request(Method::POST, &path, body);
            request.headers_mut().insert("idempotency-key", "k".parse().unwrap());
            bench.send(request).await.ok()
        };
        let (one, two) = tokio::join!(send(), send());
        assert_eq!((&one, &one), (&two, &send().await));
        assert_eq!(bench.get(&path).await.ok(), json!({ "rewards": [one] }));
    }

    #[tokio::test]
    async fn r_repeat_9_a_rules_key_with_another_body_is_refused() {
        let bench = Bench::new().await;
        let path = format!("{}/reward-configs", bench.campaign_with("CUSTOM", &[]).await);
        let send = async |limit| {
            let body = json!({ "type": "SINGLE_SIDED", "limit": limit }).to_string();
            let mut request = bench.request(Method::POST, &path, body);
            request.headers_mut().insert("idempotency-key", "k".parse().unwrap());
            bench.send(request).await
        };
        let made = send(1).await.ok();
        send(2).await.fails(409);
        assert_eq!(send(1).await.ok(), made);
    }
}
