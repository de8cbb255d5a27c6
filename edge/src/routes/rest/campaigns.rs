//! `/campaigns`, `/campaign/{id}`: list, create, retrieve, update.

use axum::response::Response;
use serde_json::json;
use shared::{
    api::{self, CampaignCreate, CampaignUpdate, Campaigns},
    attribution::Key,
    campaign::{Campaign, Installation, Options, Status},
    id,
    money::Currency,
    reward::Rule,
};

use super::{repeat::Repeat, reward_configs};
use crate::{
    app::App,
    engine::{configure, settings},
    error::Error,
    json,
    routes::ask::Ask,
    sql::{DbError, name},
    store::{
        audit, campaigns, rules,
        summaries::{self, Summary},
        versions,
    },
};

/// How often another id is drawn when one is taken.
const DRAWS: usize = 6;

/// Lists all campaigns, oldest first.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let found = summaries::of(&ask.app.db, None).await?;
    Ok(json::answer(&Campaigns { campaigns: found.into_iter().map(shown).collect() }))
}

/// Makes a draft, with its rules if some are sent.
pub async fn create(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: CampaignCreate = ask.json()?;
    let repeat = Repeat::of(&ask.headers);
    if asked.kind == api::Kind::Affiliate {
        let msg = "is not available in this installation";
        return Err(Error::field("type", Some("AFFILIATE".into()), msg));
    }
    let currency = asked.currency.unwrap_or(Currency::USD);
    let mut rewards = Vec::new();
    for (place, reward) in asked.rewards.into_iter().enumerate() {
        let id = format!("crew_{}", call.id());
        let rule = reward.rule(id, 1, currency).map_err(|it| {
            Error::field(&format!("rewards[{place}].{}", it.field), None, it.problem)
        })?;
        let dates = [("startsAt", rule.starts_at), ("endsAt", rule.ends_at)];
        let past = dates.into_iter().find(|(_, it)| it.is_some_and(|it| it < call.now));
        if let Some((field, _)) = past {
            let msg = "is before the campaign began";
            return Err(Error::field(&format!("rewards[{place}].{field}"), None, msg));
        }
        if let Some((field, pool)) = rule.pools().next() {
            let msg = "names no pool of this campaign: pools are made after it";
            return Err(Error::field(&format!("rewards[{place}].{field}"), Some(pool.into()), msg));
        }
        rewards.push(rule);
    }
    let goal = asked.goal.as_ref().map(name);
    for _ in 0..DRAWS {
        let campaign = Campaign {
            id: id::short(repeat.entropy(app, call, "campaign"), 6),
            name: asked.name.clone().unwrap_or_else(|| "Referral programme".into()),
            status: Status::Draft,
            currency,
            company_name: asked.company_name.clone(),
            company_logo_image_url: asked.company_logo_image_url.clone(),
            started_at: None,
            ended_at: None,
            installation: Installation::default(),
            options: Options::default(),
            keys: vec![Key { generation: 1, retired_at: None }],
        };
        let mut batch = campaigns::insert(&campaign, goal.as_deref(), call.now);
        batch.extend(rewards.iter().flat_map(|it| rules::insert(&campaign.id, it, call.now)));
        let made = configure::told(app, &campaign);
        let id = Some(campaign.id.as_str());
        batch.push(versions::insert(call, &campaign.id, versions::SETTINGS, &made));
        batch.push(audit::insert(call, "CAMPAIGN_MADE", id, &campaign.id, &json!({}), &made));
        match app.db.batch(batch).await {
            Ok(()) => return one(app, &campaign.id).await,
            Err(DbError::Constraint) if repeat.is_named() => {
                return same(app, &campaign, goal.as_deref(), &rewards).await;
            }
            Err(DbError::Constraint) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Busy)
}

/// Shows a campaign.
pub async fn retrieve(ask: Ask) -> Result<Response, Error> {
    one(&ask.app, ask.campaign()).await
}

/// Renames, publishes, resumes or ends a campaign.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: CampaignUpdate = ask.json()?;
    let rules = rules::of_campaign(&app.db, ask.campaign()).await?;
    configure::change(app, call, ask.campaign(), |campaign| {
        settings::updated(campaign, &asked, &rules, call.now)
    })
    .await?;
    one(app, ask.campaign()).await
}

/// The campaign that the same key made before, if it still is what is asked: nothing else of the
/// first body is kept.
async fn same(
    app: &App,
    asked: &Campaign,
    goal: Option<&str>,
    rewards: &[Rule],
) -> Result<Response, Error> {
    let made = summaries::of(&app.db, Some(&asked.id)).await?.into_iter().next();
    let made = made.ok_or(Error::Busy)?;
    let rules = rules::of_campaign(&app.db, &asked.id).await?;
    let like =
        |rule: &Rule| rules.iter().any(|it| Rule { id: it.id.clone(), ..rule.clone() } == *it);
    let is_same = (&made.name, made.currency, made.goal.as_ref().map(name).as_deref())
        == (&asked.name, asked.currency, goal)
        && made.company_name == asked.company_name
        && made.company_logo_image_url == asked.company_logo_image_url
        && rules.len() == rewards.len()
        && rewards.iter().all(like);
    if is_same { Ok(json::answer(&shown(made))) } else { Err(Error::Conflict(Repeat::TAKEN)) }
}

async fn one(app: &App, id: &str) -> Result<Response, Error> {
    let found = summaries::of(&app.db, Some(id)).await?;
    found.into_iter().next().map(|it| json::answer(&shown(it))).ok_or(Error::Missing)
}

fn shown(it: Summary) -> api::Campaign {
    api::Campaign {
        id: it.id,
        name: it.name,
        kind: api::Kind::Referral,
        status: it.status,
        currency: it.currency,
        company_name: it.company_name,
        company_logo_image_url: it.company_logo_image_url,
        goal: it.goal,
        created_at: it.created_at,
        participant_count: it.participants,
        referral_count: it.referrals,
        impression_count: it.impressions,
        invite_count: 0,
        winner_count: it.winners,
        rewards: reward_configs::shown(it.rules),
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::{Value, json};

    use crate::{bench::Bench, sql};

    #[tokio::test]
    async fn r_repeat_9_a_campaigns_key_with_another_body_is_refused() {
        let bench = Bench::new().await;
        let send = async |body: Value| {
            let mut request = bench.request(Method::POST, "/v2/campaigns", body.to_string());
            request.headers_mut().insert("idempotency-key", "k".parse().unwrap());
            bench.send(request).await
        };
        let rewards = json!([{ "type": "SINGLE_SIDED" }, { "type": "DOUBLE_SIDED", "limit": 2 }]);
        let body = json!({ "type": "REFERRAL", "name": "A", "rewards": rewards });
        let made = send(body.clone()).await.ok();
        assert_eq!(send(body.clone()).await.ok(), made);
        for (field, value) in [
            ("name", json!("B")),
            ("currencyISO", json!("EUR")),
            ("companyName", json!("C")),
            ("rewards", json!([{ "type": "SINGLE_SIDED" }])),
            ("rewards", json!([{ "type": "SINGLE_SIDED" }, { "type": "DOUBLE_SIDED" }])),
        ] {
            let mut other = body.clone();
            other[field] = value;
            send(other).await.fails(409);
        }
        assert_eq!(send(body).await.ok(), made);
    }

    #[tokio::test]
    async fn a_campaign_is_made_listed_published_and_ended() {
        let bench = Bench::new().await;
        assert_eq!(bench.get("/v2/campaigns").await.ok(), json!({ "campaigns": [] }));
        let made = bench.post("/v2/campaigns", json!({ "type": "REFERRAL" })).await.ok();
        let id = made["id"].as_str().unwrap();
        assert_eq!(id.len(), 6);
        let expected = json!({
            "id": id, "name": "Referral programme", "type": "REFERRAL", "status": "DRAFT",
            "currencyISO": "USD", "companyName": null, "companyLogoImageUrl": null, "goal": null,
            "createdAt": bench.now.get(), "participantCount": 0, "referralCount": 0,
            "impressionCount": 0, "inviteCount": 0, "winnerCount": 0, "rewards": [],
        });
        assert_eq!(made, expected);
        let path = format!("/v2/campaign/{id}");
        assert_eq!(bench.get(&path).await.ok(), expected);
        assert_eq!(bench.get("/v2/campaigns").await.ok(), json!({ "campaigns": [expected] }));

        let end = json!({ "status": "COMPLETE" });
        bench.patch(&path, end.clone()).await.refuses("status");
        let publish = json!({ "status": "IN_PROGRESS", "name": "Friends", "companyName": "Shop" });
        for _ in 0..2 {
            let changed = bench.patch(&path, publish.clone()).await.ok();
            assert_eq!(changed["status"], "IN_PROGRESS");
            assert_eq!(
                (&changed["name"], &changed["companyName"]),
                (&json!("Friends"), &json!("Shop"))
            );
        }
        assert_eq!(bench.patch(&path, json!({})).await.ok()["name"], "Friends");
        assert_eq!(bench.patch(&path, end).await.ok()["status"], "COMPLETE");
        assert_eq!(bench.patch(&path, publish).await.ok()["status"], "IN_PROGRESS");
    }

    #[tokio::test]
    async fn what_is_wrong_is_named() {
        let bench = Bench::new().await;
        let path = bench.campaign("CUSTOM").await;
        let cases = [
            (json!({}), "type"),
            (json!({ "type": "AFFILIATE" }), "type"),
            (json!({ "type": "OTHER" }), "type"),
            (json!({ "type": "REFERRAL", "currencyISO": "EURO" }), "currencyISO"),
            (json!({ "type": "REFERRAL", "goal": "MONEY" }), "goal"),
            (json!({ "type": "REFERRAL", "name": 7 }), "name"),
            (json!({ "type": "REFERRAL", "name": "x".repeat(256) }), "name"),
            (json!({ "type": "REFERRAL", "companyLogoImageUrl": "logo" }), "companyLogoImageUrl"),
            (json!({ "type": "REFERRAL", "status": "DRAFT" }), "status"),
            (json!({ "type": "REFERRAL", "levels": 3 }), "levels"),
            (
                json!({ "type": "REFERRAL", "rewards": [{ "type": "AFFILIATE" }] }),
                "rewards[0].type",
            ),
            (
                json!({ "type": "REFERRAL", "rewards": [{ "type": "SINGLE_SIDED", "tiers": [] }] }),
                "rewards[0].tiers",
            ),
        ];
        for (body, param) in cases {
            bench.post("/v2/campaigns", body).await.refuses(param);
        }
        for (body, param) in [
            (json!({ "status": "CANCELLED" }), "status"),
            (json!({ "currencyISO": "EUR" }), "currencyISO"),
            (json!({ "type": "REFERRAL" }), "type"),
        ] {
            bench.patch(&path, body).await.refuses(param);
        }
        for (body, param) in [("{", ""), ("[]", ""), ("null", ""), ("7", "")] {
            bench.send(bench.request(Method::POST, "/v2/campaigns", body)).await.refuses(param);
        }
        let huge = format!("{{\"type\":\"REFERRAL\",\"name\":\"{}\"}}", "x".repeat(65_536));
        bench.send(bench.request(Method::POST, "/v2/campaigns", huge)).await.fails(413);
        bench.get("/v2/campaign/nobody").await.fails(404);
        bench.patch("/v2/campaign/nobody", json!({})).await.fails(404);
    }

    #[tokio::test]
    async fn r_repeat_1_the_same_change_twenty_times_at_once_is_one_change() {
        let bench = Bench::new().await;
        let path = bench.campaign("CUSTOM").await;
        let revision = sql!("-- t\n SELECT revision AS n FROM campaign");
        let before = bench.number(revision.clone()).await;
        let end = json!({ "status": "COMPLETE" });
        for answer in bench.twenty(Method::PATCH, &path, end).await {
            assert_eq!(answer.ok()["status"], "COMPLETE");
        }
        assert_eq!(bench.number(revision).await, before + 1);
    }

    #[tokio::test]
    async fn r_repeat_2_a_change_that_another_was_first_to_is_stale() {
        let bench = Bench::new().await;
        let path = bench.campaign("CUSTOM").await;
        let named =
            |name: &str| bench.request(Method::PATCH, &path, json!({ "name": name }).to_string());
        let answers = tokio::join!(bench.send(named("One")), bench.send(named("Two")));
        let mut statuses = [answers.0, answers.1].map(|it| it.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }

    #[tokio::test]
    async fn r_repeat_3_a_creation_under_one_idempotency_key_creates_once() {
        let bench = Bench::new().await;
        let send = async |key: &'static str| {
            let body = json!({ "type": "REFERRAL" }).to_string();
            let mut request = bench.request(Method::POST, "/v2/campaigns", body);
            request.headers_mut().insert("idempotency-key", key.parse().unwrap());
            bench.send(request).await.ok()["id"].clone()
        };
        let (one, two): (Value, Value) = tokio::join!(send("a"), send("a"));
        assert_eq!(one, two);
        assert_ne!(one, send("b").await);
        let made = bench.get("/v2/campaigns").await.ok();
        assert_eq!(made["campaigns"].as_array().unwrap().len(), 2);
    }
}
