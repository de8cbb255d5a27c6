//! `GET /c/{campaign}` and `/c/{campaign}/card.json`: the campaign card, from the live rules.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use sha2::{Digest, Sha256};
use shared::{
    campaign::Status,
    card::{self, Card},
    picture,
};

use super::{ask::Ask, html};
use crate::{
    engine::terms,
    error::Error,
    json, pages,
    sql::to_json,
    store::{agreed_cards, card_texts, looks, rules},
};

/// What machines read: the card with its version.
#[derive(Serialize)]
struct Versioned<'a> {
    version: &'a str,
    #[serde(flatten)]
    card: &'a Card,
}

/// The page.
pub async fn page(ask: Ask) -> Result<Response, Error> {
    let lang = ask.query.lang("lang");
    let Shown { card, version, stands, logo } = match read(&ask).await {
        Err(Error::Missing) => {
            return Ok(html::page(StatusCode::NOT_FOUND, "", &pages::error(lang, 404)));
        }
        read => read?,
    };
    let suffix = if stands { String::new() } else { format!("?version={version}") };
    let json = format!("/c/{}/card.json{suffix}", card.campaign);
    let logo = picture::logo(&ask.app.settings.public_url, &card.campaign, logo.as_deref());
    let markup = pages::card(lang, &card, &version, stands, &json, logo);
    Ok(html::page(StatusCode::OK, "", &markup))
}

/// The same for machines.
pub async fn machine(ask: Ask) -> Result<Response, Error> {
    let Shown { card, version, .. } = read(&ask).await?;
    let mut response = json::answer(&Versioned { version: &version, card: &card });
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    // Anybody may read it from any page: it names nobody.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::try_from(format!("\"{version}\"")) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// How the programme's pages look, as a style sheet; of a draft and of an unknown campaign, as ours.
pub async fn look(ask: Ask) -> Result<Response, Error> {
    let sheet = looks::of(&ask.app.db, ask.campaign()).await?.sheet();
    let mut response = sheet.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=60"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Sites read it for the dashboard in their pages.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A card that is asked for.
struct Shown {
    card: Card,
    version: String,
    /// Whether it is the one of now.
    stands: bool,
    /// The address of the owner's logo.
    logo: Option<String>,
}

/// The card as it is now, or as it was in a version that somebody agreed to; a draft has none yet.
async fn read(ask: &Ask) -> Result<Shown, Error> {
    let (terms, _) = terms::read(&ask.app, ask.campaign()).await?;
    if terms.campaign.status == Status::Draft {
        return Err(Error::Missing);
    }
    let rules = rules::of_campaign(&ask.app.db, ask.campaign()).await?;
    let own = card_texts::find(&ask.app.db, ask.campaign()).await?.body;
    let card = Card { own, ..card::card(&terms.campaign, &rules, ask.call.now) };
    let version = version(&card);
    let logo = terms.campaign.company_logo_image_url;
    let Some(asked) = ask.query.get("version").filter(|it| *it != version) else {
        return Ok(Shown { card, version, stands: true, logo });
    };
    let kept = agreed_cards::find(&ask.app.db, ask.campaign(), asked).await?;
    let card = kept.ok_or(Error::Missing)?;
    Ok(Shown { card, version: asked.into(), stands: false, logo })
}

/// The card's version: the same for the same words (R-CARD-3).
pub(super) fn version(card: &Card) -> String {
    let hash = Sha256::digest(to_json(card).as_bytes());
    hash.iter().take(6).map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use http::header;
    use serde_json::json;

    use crate::bench::Bench;

    #[tokio::test]
    async fn r_card_3_the_card_is_the_live_rules_and_its_version_changes_with_them() {
        let bench = Bench::new().await;
        let rule = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "CREDIT", "amount": 500 } });
        let campaign = bench.campaign_with("CUSTOM", &[rule]).await;
        let id = campaign.rsplit('/').next().unwrap().to_owned();
        let path = format!("/c/{id}/card.json");
        let answer = bench.get(&path).await;
        let tag = answer.headers[header::ETAG].to_str().unwrap().to_owned();
        let card = answer.ok();
        assert_eq!(tag, format!("\"{}\"", card["version"].as_str().unwrap()));
        assert_eq!(card["campaign"], json!(id));
        let promise = &card["rewards"][0];
        let said = "For each friend who becomes a customer, you get: €5.00 of credit.";
        assert_eq!(promise["referrer"]["en"], said);
        assert_eq!(bench.get(&path).await.ok(), card);

        let page = bench.get(&format!("/c/{id}?lang=fr")).await;
        assert_eq!(page.status, 200);
        let body = page.text;
        assert!(body.contains("Pour chaque filleul qui devient client"), "{body}");

        let rules = bench.get(&format!("{campaign}/reward-configs")).await.ok();
        let rule = rules["rewards"][0]["id"].as_str().unwrap().to_owned();
        let patch = json!({ "limit": 3 });
        bench.patch(&format!("{campaign}/reward-configs/{rule}"), patch).await.ok();
        let changed = bench.get(&path).await.ok();
        assert_ne!(changed["version"], card["version"]);
        assert_eq!(changed["rewards"][0]["limits"][0]["en"], "At most 3 times in all.");
        bench.get("/c/nobody/card.json").await.fails(404);
        let lost = bench.get("/c/nobody").await;
        assert_eq!(lost.status, 404);
        assert!(lost.text.starts_with("<!DOCTYPE html>"), "{}", lost.text);
    }

    #[tokio::test]
    async fn a_draft_has_no_card_yet() {
        let bench = Bench::new().await;
        let made = bench.post("/v2/campaigns", json!({ "type": "REFERRAL" })).await.ok();
        let id = made["id"].as_str().unwrap();
        bench.get(&format!("/c/{id}/card.json")).await.fails(404);
    }
}
