//! `/campaign/{id}/options`: the touch rule, windows, and how rewards are approved.

use axum::response::Response;
use serde_json::{Map, Value};

use crate::{
    engine::{configure, settings, terms},
    error::Error,
    json,
    routes::{ask::Ask, body::patched},
};

/// Shows the settings.
pub async fn retrieve(ask: Ask) -> Result<Response, Error> {
    let (terms, _) = terms::read(&ask.app, ask.campaign()).await?;
    Ok(json::answer(&terms.campaign.options))
}

/// Changes the settings that are sent.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let patch: Map<String, Value> = ask.json()?;
    let facts = settings::facts(&ask.app, ask.campaign(), ask.call.now).await?;
    let changed = configure::change(&ask.app, &ask.call, ask.campaign(), |campaign| {
        settings::with_options(campaign, patched(&campaign.options, &patch)?, &facts)
    })
    .await?;
    Ok(json::answer(&changed.options))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::bench::Bench;

    #[tokio::test]
    async fn options_are_shown_and_changed_one_by_one() {
        let bench = Bench::new().await;
        let path = format!("{}/options", bench.campaign("CUSTOM").await);
        let mut expected = json!({
            "attributionModel": "LAST_CLICK", "autoApproveAfterDays": null,
            "autoFulfillRewards": false, "browserHoldDays": null,
            "budget": { "amount": null, "rewards": null }, "charities": [],
            "codePrecedence": "CODE", "endsAt": null,
            "fraud": {
                "allowedEmails": [], "blockBurnerEmails": false, "blockedEmails": [],
                "maxFriendsPerDay": null, "maxFriendsPerHour": null,
            },
            "referralCookieWindowDays": 30,
            "referralCreditWindowDays": null, "requireManualRewardApproval": false,
            "timeZone": "UTC",
        });
        assert_eq!(bench.get(&path).await.ok(), expected);
        expected["attributionModel"] = "FIRST_CLICK".into();
        expected["referralCreditWindowDays"] = 7.into();
        let patch = json!({ "attributionModel": "FIRST_CLICK", "referralCreditWindowDays": 7 });
        assert_eq!(bench.patch(&path, patch).await.ok(), expected);
        for (body, param) in [
            (json!({ "referralCookieWindowDays": 31 }), "referralCookieWindowDays"),
            (json!({ "referralCreditWindowDays": 0 }), "referralCreditWindowDays"),
            (json!({ "attributionModel": "LINEAR" }), "attributionModel"),
            (json!({ "autoFulfillRewards": "yes" }), "autoFulfillRewards"),
            (json!({ "parentPercent": 5 }), "parentPercent"),
        ] {
            bench.patch(&path, body).await.refuses(param);
        }
        assert_eq!(bench.get(&path).await.ok(), expected);
        bench.get("/v2/campaign/nobody/options").await.fails(404);
    }

    #[tokio::test]
    async fn r_budget_4_a_budget_below_what_was_given_is_refused() {
        let bench = Bench::new().await;
        let rule = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "CREDIT", "amount": 500 } });
        let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
        let path = format!("{campaign}/options");
        bench.patch(&path, json!({ "budget": { "amount": 1_000 } })).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        let rewards = format!("{campaign}/participant/{ada}/rewards");
        for (friend, expected) in [("bob", 1), ("cid", 2), ("dot", 2)] {
            bench.add(&campaign, friend, Some(&ada)).await;
            let found = bench.get(&rewards).await.ok();
            assert_eq!(found["rewards"].as_array().unwrap().len(), expected, "{friend}");
        }
        let decisions = format!("{campaign}/participant/dot@example.com/decisions");
        let refused = bench.get(&decisions).await.ok();
        assert_eq!(refused["decisions"][0]["reasons"][1], "BUDGET_EXHAUSTED");
        for budget in [json!({ "amount": 999 }), json!({ "rewards": 1 }), json!({ "rewards": -1 })]
        {
            bench.patch(&path, json!({ "budget": budget })).await.refuses("budget");
        }
        bench.patch(&path, json!({ "budget": { "amount": 1_000, "rewards": 2 } })).await.ok();
        bench.patch(&path, json!({ "budget": { "amount": null, "rewards": null } })).await.ok();
        bench.add(&campaign, "eve", Some(&ada)).await;
        let found = bench.get(&rewards).await.ok();
        assert_eq!(found["rewards"].as_array().unwrap().len(), 3);
    }
}
