//! `/campaign/{id}/reward-configs`: what is earned, by whom, how often.

use axum::response::Response;
use serde_json::{Map, Value, json};
use shared::{
    api::{CampaignReward, CampaignRewards, RewardCreate},
    id,
    money::Currency,
    reward::Rule,
};

use super::repeat::Repeat;
use crate::{
    app::App,
    engine::{rules as engine, terms},
    error::Error,
    json,
    routes::{
        ask::Ask,
        body::{flawed, overlaid, parse},
    },
    store::rules,
};

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
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let subject = format!("reward-config {}", ask.campaign());
    let id = format!("crew_{}", id::short(repeat.entropy(app, call, &subject), 20));
    let rule = asked.rule(id, 1, terms.campaign.currency).map_err(flawed)?;
    engine::fits(app, &terms.campaign, &rule, call.now).await?;
    if !engine::add(app, call, &terms.campaign, &rule).await? {
        // The same key, if there is one: the other call made it.
        let known = rules::of_campaign(&app.db, ask.campaign()).await?;
        let made = known.into_iter().find(|it| it.id == rule.id).ok_or(Error::Busy)?;
        return same(made, &rule);
    }
    Ok(json::answer(&CampaignReward::from(rule)))
}

/// Changes what is sent of a rule: its next version is in force from now on.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let patch: Map<String, Value> = ask.json()?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let old = named(app, &ask).await?;
    let rule = patched(&old, &patch, terms.campaign.currency, &["conditions"])?;
    if rule == old {
        return Ok(json::answer(&CampaignReward::from(old)));
    }
    engine::fits(app, &terms.campaign, &rule, call.now).await?;
    engine::change(app, call, ask.campaign(), &old, &rule).await?;
    Ok(json::answer(&CampaignReward::from(rule)))
}

/// A rule with the sent fields changed: itself, if nothing is, or its next version. What is `whole` is
/// one setting, replaced like a list.
pub(in crate::routes) fn patched(
    old: &Rule,
    patch: &Map<String, Value>,
    currency: Currency,
    whole: &[&str],
) -> Result<Rule, Error> {
    let mut said = serde_json::to_value(CampaignReward::from(old.clone()))
        .map_err(|it| Error::Internal(format!("a rule is not JSON: {it}")))?;
    if let Value::Object(fields) = &mut said {
        // Read only: named in a patch, they are unknown.
        fields.retain(|name, _| name != "id" && name != "version");
    }
    if patch.get("type").is_some_and(|it| Some(it) != said.get("type")) {
        return Err(Error::field("type", patch.get("type").cloned(), "cannot be changed"));
    }
    // A limit and its absence are one setting under two names.
    if let Value::Object(fields) = &mut said {
        match (patch.contains_key("limit"), patch.contains_key("isUnlimited")) {
            (true, false) => drop(fields.remove("isUnlimited")),
            (false, true) => drop(fields.remove("limit")),
            _ => {}
        }
        for name in whole.iter().filter(|it| patch.contains_key(**it)) {
            fields.remove(*name);
        }
    }
    let asked: RewardCreate = parse(&overlaid(said, patch))?;
    let same = asked.rule(old.id.clone(), old.version, currency).map_err(flawed)?;
    Ok(if same == *old { same } else { Rule { version: old.version + 1, ..same } })
}

/// Takes a rule out of force; what it gave stays.
pub async fn remove(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    terms::read(app, ask.campaign()).await?;
    let rule = named(app, &ask).await?;
    engine::remove(app, call, ask.campaign(), &rule).await?;
    Ok(json::answer(&json!({ "success": true })))
}

/// The rule that the path names.
async fn named(app: &App, ask: &Ask) -> Result<Rule, Error> {
    let rules = rules::of_campaign(&app.db, ask.campaign()).await?;
    rules.into_iter().find(|it| ask.at("item") == Some(&it.id)).ok_or(Error::Missing)
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
mod fits;
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
            "referralCouponCode": null, "nextMilestonePrefix": null, "nextMilestoneSuffix": null,
            "event": "CONVERSION", "conversionsRequired": 2, "limit": 5,
            "limitDuration": "IN_TOTAL", "numberOfWinners": 1, "order": null, "isVisible": true,
            "referredRewardUpfront": false, "conditions": {}, "startsAt": null, "endsAt": null,
            "gives": { "kind": "COUPON", "amount": null, "pool": null },
            "referralGives": { "kind": "COUPON", "amount": null, "pool": null }, "holdDays": 0,
            "version": 1,
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
        for (field, value) in
            [("type", json!("AFFILIATE")), ("value", json!({})), ("commissionStructure", json!({}))]
        {
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
    async fn r_rule_6_a_change_makes_the_next_version_and_the_old_ones_are_kept() {
        let bench = Bench::new().await;
        let path = format!("{}/reward-configs", bench.campaign_with("CUSTOM", &[]).await);
        let made = bench.post(&path, json!({ "type": "SINGLE_SIDED", "limit": 5 })).await.ok();
        let path_of = format!("{path}/{}", made["id"].as_str().unwrap());
        let mut expected = made.clone();
        expected["title"] = "Ten".into();
        expected["version"] = 2.into();
        assert_eq!(bench.patch(&path_of, json!({ "title": "Ten" })).await.ok(), expected);
        // The second call changes nothing.
        assert_eq!(bench.patch(&path_of, json!({ "title": "Ten" })).await.ok(), expected);
        assert_eq!(bench.patch(&path_of, json!({})).await.ok(), expected);
        (expected["limit"], expected["isUnlimited"]) = (json!(-1), json!(true));
        expected["version"] = 3.into();
        assert_eq!(bench.patch(&path_of, json!({ "limit": -1 })).await.ok(), expected);
        assert_eq!(bench.patch(&path_of, json!({ "isUnlimited": true })).await.ok(), expected);
        assert_eq!(bench.get(&path).await.ok(), json!({ "rewards": [expected] }));
        let versions = "-- t\n SELECT count(*) AS n FROM rule_version";
        let count = crate::sql::Statement { sql: versions, args: vec![] };
        assert_eq!(bench.number(count).await, 3);
        for (patch, field) in [
            (json!({ "type": "DOUBLE_SIDED" }), "type"),
            (json!({ "id": "x" }), "id"),
            (json!({ "version": 9 }), "version"),
            (json!({ "conversionsRequired": 0 }), "conversionsRequired"),
            (json!({ "gives": { "kind": "MONEY" } }), "gives"),
            (json!({ "gives": { "kind": "MONEY", "amount": 1, "currencyISO": "USD" } }), "gives"),
            (
                json!({ "gives": { "kind": "MONEY", "amount": 1, "currencyISO": "XYZ" } }),
                "gives.currencyISO",
            ),
            (json!({ "levels": 2 }), "levels"),
        ] {
            bench.patch(&path_of, patch).await.refuses(field);
        }
        bench.patch(&format!("{path}/crew_none"), json!({})).await.fails(404);
        let other = bench.campaign("CUSTOM").await;
        let foreign = format!("{other}/reward-configs/{}", made["id"].as_str().unwrap());
        bench.patch(&foreign, json!({})).await.fails(404);
        // Conditions are replaced whole, and taken away.
        let least = json!({ "fact": "AMOUNT", "is": "AT_LEAST", "value": 1 });
        let any = json!({ "any": [least.clone()] });
        for conditions in [least, any, json!({})] {
            let changed = bench.patch(&path_of, json!({ "conditions": conditions })).await.ok();
            assert_eq!(changed["conditions"], conditions);
        }
        let gone = bench.delete(&path_of).await.ok();
        assert_eq!(gone, json!({ "success": true }));
        bench.delete(&path_of).await.fails(404);
        assert_eq!(bench.get(&path).await.ok(), json!({ "rewards": [] }));
    }

    #[tokio::test]
    async fn r_rule_7_a_rule_fits_its_campaign() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let path = format!("{campaign}/reward-configs");
        let lead = json!({ "type": "SINGLE_SIDED", "event": "LEAD" });
        bench.post(&path, lead.clone()).await.refuses("event");
        let custom = bench.campaign("CUSTOM").await;
        bench.post(&format!("{custom}/reward-configs"), lead).await.ok();
        let before = bench.now.get().0 - 1;
        for field in ["startsAt", "endsAt"] {
            let mut burst = json!({ "type": "SINGLE_SIDED" });
            burst[field] = before.into();
            bench.post(&path, burst.clone()).await.refuses(field);
            burst[field] = (before + 1).into();
            bench.post(&path, burst).await.ok();
        }
    }

    #[tokio::test]
    async fn r_rule_8_a_limit_below_what_somebody_has_is_refused() {
        let bench = Bench::new().await;
        let rule = json!({ "type": "SINGLE_SIDED" });
        let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
        let ada = bench.add(&campaign, "ada", None).await;
        for friend in ["bob", "cid"] {
            bench.add(&campaign, friend, Some(&ada)).await;
        }
        let path = format!("{campaign}/reward-configs");
        let id = bench.get(&path).await.ok()["rewards"][0]["id"].clone();
        let path = format!("{path}/{}", id.as_str().unwrap());
        bench.patch(&path, json!({ "limit": 1 })).await.refuses("limit");
        let monthly = json!({ "limit": 1, "limitDuration": "PER_MONTH" });
        bench.patch(&path, monthly).await.refuses("limit");
        let limit = bench.patch(&path, json!({ "limit": 2 })).await.ok();
        assert_eq!(limit["limit"], 2);
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
