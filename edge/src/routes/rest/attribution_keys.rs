//! `…/attribution-keys`, ours: the keys with which the owner's back end verifies tokens offline.

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::json;
use shared::{
    api::{AttributionKey, AttributionKeys},
    attribution::{Key, key_for, kid},
    campaign::Campaign,
    time::Timestamp,
};

use crate::{
    app::App,
    click::resolve,
    engine::terms,
    error::Error,
    json,
    routes::ask::Ask,
    sql::DbError,
    store::{audit, campaigns},
};

/// Lists the generations, oldest first; the last one signs.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    Ok(json::answer(&shown(app, &terms.campaign, call.now)))
}

/// Retires the key that signs and makes the next one, which signs once every cache knows it. Until
/// then a further rotation is refused: it is most often the same one, sent again.
pub async fn rotate(ask: Ask) -> Result<Response, Error> {
    const FRESH: Error = Error::Conflict(
        "The keys were rotated within the last six and a half minutes. Read them, or wait.",
    );
    let Ask { app, call, .. } = &ask;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let generation = terms.campaign.generation();
    if terms.campaign.signing_generation(call.now) != generation {
        return Err(FRESH);
    }
    let batch = vec![
        campaigns::retire_key(ask.campaign(), generation, call.now),
        campaigns::insert_key(ask.campaign(), generation.saturating_add(1), call.now),
        audit::insert(
            call,
            "ATTRIBUTION_KEYS_ROTATED",
            Some(ask.campaign()),
            ask.campaign(),
            &json!({ "generation": generation }),
            &json!({ "generation": generation.saturating_add(1) }),
        ),
    ];
    match app.db.batch(batch).await {
        Ok(()) => resolve::changed(app, call, ask.campaign()).await?,
        Err(DbError::Constraint) => return Err(FRESH),
        Err(error) => return Err(error.into()),
    }
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    Ok(json::answer(&shown(app, &terms.campaign, call.now)))
}

fn shown(app: &App, campaign: &Campaign, now: Timestamp) -> AttributionKeys {
    let secret = &app.settings.secret;
    // A key that verifies nothing any more must not verify at the owner's either.
    let usable = |it: &&Key| it.retired_at.is_none_or(|retired| now <= retired + campaign.window());
    let keys = campaign.keys.iter().filter(usable).map(|it| AttributionKey {
        kid: kid(&campaign.id, it.generation),
        alg: "HS256",
        key: BASE64.encode(key_for(secret, &campaign.id, it.generation).bytes()),
        retired_at: it.retired_at,
    });
    AttributionKeys { keys: keys.collect() }
}

#[cfg(test)]
mod tests {
    use http::{Method, StatusCode};
    use serde_json::{Value, json};
    use shared::time::Span;

    use super::*;
    use crate::bench::Bench;

    #[tokio::test]
    async fn r_token_5_the_owners_keys_verify_our_tokens_and_rotate() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let path = format!("{campaign}/attribution-keys");
        let keys = bench.get(&path).await.ok();
        let [first] = keys["keys"].as_array().unwrap().as_slice() else { panic!("{keys}") };
        assert_eq!((&first["alg"], &first["retiredAt"]), (&json!("HS256"), &Value::Null));

        // Verified as a back end would: with the key alone.
        let ada = bench.add(&campaign, "ada", None).await;
        let token = bench.token(&campaign, &ada);
        let (signed, tag) = token.rsplit_once('.').unwrap();
        let key = BASE64.decode(first["key"].as_str().unwrap()).unwrap();
        let tag = BASE64.decode(tag).unwrap();
        assert!(shared::secret::verifies(&key, &[signed.as_bytes()], &tag));
        let header = BASE64.decode(signed.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(header["kid"], first["kid"]);

        let mut rotated = Vec::new();
        for answer in bench.twenty(Method::POST, &path, json!({})).await {
            match answer.status {
                StatusCode::OK => rotated.push(answer.body),
                _ => drop(answer.fails(409)),
            }
        }
        let keys = bench.get(&path).await.ok();
        assert_eq!(rotated, std::slice::from_ref(&keys));
        assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
        assert_eq!(keys["keys"][0]["retiredAt"], json!(bench.now.get()));
        assert_eq!(keys["keys"][1]["retiredAt"], Value::Null);
        // The retired key still verifies.
        let bob = json!({ "email": "bob@example.com", "attribution": token });
        let bob = bench.post(&format!("{campaign}/participant"), bob).await.ok();
        assert_eq!(bob["referredBy"], *ada);
        bench.pass(Span::days(31));
        bench.post(&path, json!({})).await.ok();
        let left = bench.get(&path).await.ok();
        assert_eq!(
            left["keys"].as_array().unwrap().len(),
            2,
            "the first verifies nothing any more"
        );
        bench.get("/v2/campaign/nobody/attribution-keys").await.fails(404);
        bench.post("/v2/campaign/nobody/attribution-keys", json!({})).await.fails(404);
    }

    #[tokio::test]
    async fn r_token_6_a_rotation_is_refused_until_every_cache_knows_the_last_one() {
        let bench = Bench::new().await;
        let path = format!("{}/attribution-keys", bench.campaign("CUSTOM").await);
        bench.post(&path, json!({})).await.ok();
        let rotated = bench.get(&path).await.ok();
        bench.post(&path, json!({})).await.fails(409);
        bench.pass(Span(389_999));
        let refused = bench.post(&path, json!({})).await.fails(409);
        assert!(refused["message"].as_str().unwrap().contains("six and a half minutes"));
        assert_eq!(bench.get(&path).await.ok(), rotated);
        bench.pass(Span(1));
        let keys = bench.post(&path, json!({})).await.ok();
        assert_eq!(keys["keys"].as_array().unwrap().len(), 3);
    }
}
