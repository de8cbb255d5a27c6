//! `/campaign/{id}/installation`: where links lead, whose pages may call, what a conversion is.

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
    Ok(json::answer(&terms.campaign.installation))
}

/// Changes the settings that are sent.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let patch: Map<String, Value> = ask.json()?;
    let facts = settings::facts(&ask.app, ask.campaign(), ask.call.now).await?;
    let changed = configure::change(&ask.app, &ask.call, ask.campaign(), |campaign| {
        settings::with_installation(campaign, patched(&campaign.installation, &patch)?, &facts)
    })
    .await?;
    Ok(json::answer(&changed.installation))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::bench::Bench;

    #[tokio::test]
    async fn settings_are_shown_and_changed_one_by_one() {
        let bench = Bench::new().await;
        let path = format!("{}/installation", bench.campaign("CUSTOM").await);
        let mut expected = json!({
            "allowedUrls": [], "captureUnreferred": false, "consent": "REQUIRED",
            "cookieDomain": null, "couponField": null, "forms": { "take": [], "ignore": [] },
            "launcher": false, "offerWindow": false, "promptClosedDays": 90, "promptEveryDays": 30,
            "purchasePages": [], "quietPages": [],
            "referralTrigger": "CUSTOM", "shareUrl": "https://shop.example/",
            "signupEvent": "FORM_DETECTION", "useGrowSurfHostedLinks": true,
        });
        assert_eq!(bench.get(&path).await.ok(), expected);
        let patch =
            json!({ "allowedUrls": ["https://app.shop.example"], "referralTrigger": "ON_SIGNUP" });
        expected["allowedUrls"] = patch["allowedUrls"].clone();
        expected["referralTrigger"] = "ON_SIGNUP".into();
        for _ in 0..2 {
            assert_eq!(bench.patch(&path, patch.clone()).await.ok(), expected);
        }
        assert_eq!(bench.get(&path).await.ok(), expected);
        for (body, param) in [
            (json!({ "shareUrl": "shop.example" }), "shareUrl"),
            (json!({ "allowedUrls": ["ftp://x"] }), "allowedUrls"),
            (json!({ "referralTrigger": "NEVER" }), "referralTrigger"),
            (json!({ "mobile": {} }), "mobile"),
            (json!({ "useGrowSurfHostedLinks": false }), "useGrowSurfHostedLinks"),
            (json!({ "consent": 1 }), "consent"),
            (json!({ "forms": { "other": [] } }), "forms.other"),
            (json!({ "couponField": " " }), "couponField"),
            (json!({ "promptEveryDays": 2 }), "promptEveryDays"),
            (json!({ "purchasePages": ["thanks"] }), "purchasePages"),
            (json!({ "quietPages": "/help" }), "quietPages"),
        ] {
            bench.patch(&path, body).await.refuses(param);
        }
        assert_eq!(bench.get(&path).await.ok(), expected);
        let domain = bench.patch(&path, json!({ "cookieDomain": "Shop.EXAMPLE" })).await.ok();
        assert_eq!(domain["cookieDomain"], "shop.example");
        let none = bench.patch(&path, json!({ "cookieDomain": null })).await.ok();
        assert_eq!(none, expected);
        bench.get("/v2/campaign/nobody/installation").await.fails(404);
        bench.patch("/v2/campaign/nobody/installation", json!({})).await.fails(404);
    }
}
