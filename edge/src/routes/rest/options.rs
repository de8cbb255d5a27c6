//! `/campaign/{id}/options`: the touch rule, windows, and how rewards are approved.

use axum::response::Response;
use serde_json::{Map, Value};
use shared::campaign::Campaign;

use crate::{
    engine::{configure, terms},
    error::Error,
    json,
    routes::{
        ask::Ask,
        body::{flawed, patched},
    },
};

/// Shows the settings.
pub async fn retrieve(ask: Ask) -> Result<Response, Error> {
    let (terms, _) = terms::read(&ask.app, ask.campaign()).await?;
    Ok(json::answer(&terms.campaign.options))
}

/// Changes the settings that are sent.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let patch: Map<String, Value> = ask.json()?;
    let changed = configure::change(&ask.app, ask.campaign(), |campaign| {
        let options = patched(&campaign.options, &patch)?;
        match options.flaw() {
            Some(flaw) => Err(flawed(flaw)),
            None => Ok(Campaign { options, ..campaign.clone() }),
        }
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
            "attributionModel": "LAST_CLICK", "autoFulfillRewards": false,
            "codePrecedence": "CODE", "referralCookieWindowDays": 30,
            "referralCreditWindowDays": null, "requireManualRewardApproval": false,
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
}
