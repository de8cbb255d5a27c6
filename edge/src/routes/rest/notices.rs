//! `/campaign/{id}/notices`, ours: what the owner is told, until it is dealt with.

use axum::response::Response;
use shared::{
    api::{Notice, Notices},
    lang::Lang,
    reward::Side,
};

use super::page;
use crate::{
    engine::terms,
    error::Error,
    json,
    routes::ask::Ask,
    store::{notices, participants::Place},
};

/// Lists the open notices, the longest waiting first.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let Ask { app, query, .. } = &ask;
    terms::read(app, ask.campaign()).await?;
    let (limit, lang, after) = (query.limit(20)?, query.lang("language"), page::after(query)?);
    let mut found = notices::page(&app.db, ask.campaign(), after.as_ref(), limit + 1).await?;
    let more = page::cut(&mut found, limit);
    let place = |it: &notices::Notice| Place { created_at: it.at, id: it.subject.clone() };
    let next_id = found.last().filter(|_| more).map(|it| page::next(&place(it)));
    let notices = found.into_iter().map(|it| shown(it, lang)).collect();
    Ok(json::answer(&Notices { notices, limit, next_id }))
}

fn shown(it: notices::Notice, lang: Lang) -> Notice {
    Notice {
        text: it.kind.sentence(lang),
        kind: it.kind,
        reward_id: it.reward,
        participant_id: it.participant.map(|it| it.to_string()),
        is_referrer: it.side.map(|it| it == Side::Referrer),
        coupon_pool: it.pool,
        created_at: it.at,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::time::Span;

    use crate::bench::Bench;

    async fn notices(bench: &Bench, campaign: &str) -> Vec<Value> {
        let found = bench.get(&format!("{campaign}/notices")).await.ok();
        found["notices"].as_array().unwrap().clone()
    }

    #[tokio::test]
    async fn r_notice_2_the_owner_reads_all_that_waits_for_them_the_longest_waiting_first() {
        let bench = Bench::new().await;
        let campaign = bench.campaign_with("ON_SIGNUP", &[]).await;
        let path = format!("{campaign}/notices");
        let empty = json!({ "notices": [], "limit": 20, "nextId": null });
        assert_eq!(bench.get(&path).await.ok(), empty);
        let manual = json!({ "requireManualRewardApproval": true });
        bench.patch(&format!("{campaign}/options"), manual).await.ok();
        let pool = json!({ "name": "summer", "lowStock": 1 });
        bench.post(&format!("{campaign}/coupon-pools"), pool).await.ok();
        let codes = format!("{campaign}/coupon-pools/summer/coupons");
        bench.post(&codes, json!({ "codes": ["A", "B"] })).await.ok();
        let gives = json!({ "kind": "UNIQUE_COUPON", "pool": "summer" });
        let rule = json!({ "type": "SINGLE_SIDED", "gives": gives });
        bench.post(&format!("{campaign}/reward-configs"), rule).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "bob", Some(&ada)).await;
        let waits = notices(&bench, &campaign).await;
        let reward = waits[0]["rewardId"].as_str().unwrap().to_owned();
        let expected = json!({
            "kind": "REWARD_WAITING", "rewardId": reward, "participantId": ada,
            "isReferrer": true, "couponPool": null, "createdAt": bench.now.get(),
            "text": "A reward waits for your approval.",
        });
        assert_eq!(waits, [expected]);
        // Approved, it is dealt with; its code was the last but one.
        bench.pass(Span(1));
        bench.post(&format!("{campaign}/reward/{reward}/approve"), json!({})).await.ok();
        let low = notices(&bench, &campaign).await;
        let pool = json!({ "name": "summer", "total": 2, "free": 1, "lowStock": 1 });
        let expected = json!({
            "kind": "COUPONS_LOW", "rewardId": null, "participantId": null, "isReferrer": null,
            "couponPool": pool, "createdAt": bench.now.get(),
            "text": "A pool of coupons is running out.",
        });
        assert_eq!(low, [expected]);
        bench.pass(Span(1));
        bench.add(&campaign, "cid", Some(&ada)).await;
        let first = bench.get(&format!("{path}?limit=1&language=fr")).await.ok();
        assert_eq!(first["notices"][0]["text"], "Une réserve de bons s’épuise.");
        let next = first["nextId"].as_str().unwrap();
        let second = bench.get(&format!("{path}?limit=1&nextId={next}")).await.ok();
        assert_eq!(second["notices"][0]["kind"], "REWARD_WAITING");
        assert_eq!(second["nextId"], json!(null));
        for wrong in ["limit=0", "limit=101", "nextId=x"] {
            bench.get(&format!("{path}?{wrong}")).await.fails(400);
        }
        let other = bench.campaign("ON_SIGNUP").await;
        assert_eq!(bench.get(&format!("{other}/notices")).await.ok(), empty);
        bench.get("/v2/campaign/nobody/notices").await.fails(404);
    }

    #[tokio::test]
    async fn r_coupon_8_a_low_mark_that_is_moved_tells_the_owner_or_takes_it_back() {
        let bench = Bench::new().await;
        let campaign = bench.campaign_with("ON_SIGNUP", &[]).await;
        let path = format!("{campaign}/coupon-pools/summer");
        bench.get(&path).await.fails(404);
        bench.post(&format!("{campaign}/coupon-pools"), json!({ "name": "summer" })).await.ok();
        let pool = |total: u32, low: u32| json!({ "name": "summer", "total": total, "free": total, "lowStock": low });
        assert_eq!(bench.get(&path).await.ok(), pool(0, 0));
        // An empty pool that never had a code did not fall.
        assert_eq!(bench.patch(&path, json!({ "lowStock": 3 })).await.ok(), pool(0, 3));
        assert!(notices(&bench, &campaign).await.is_empty());
        let codes = json!({ "codes": ["A", "B", "C", "D"] });
        bench.post(&format!("{path}/coupons"), codes).await.ok();
        for (low, told) in [(3, 0), (4, 1), (5, 1), (4, 1), (3, 0), (3, 0)] {
            bench.pass(Span(1));
            assert_eq!(bench.patch(&path, json!({ "lowStock": low })).await.ok(), pool(4, low));
            assert_eq!(notices(&bench, &campaign).await.len(), told, "{low}");
        }
        // Nothing said changes nothing.
        assert_eq!(bench.patch(&path, json!({})).await.ok(), pool(4, 3));
        for wrong in [json!({ "lowStock": -1 }), json!({ "lowStock": 1_000_001 })] {
            bench.patch(&path, wrong).await.refuses("lowStock");
        }
        bench.patch(&path, json!({ "name": "winter" })).await.refuses("name");
        let other = bench.campaign("ON_SIGNUP").await;
        let foreign = format!("{other}/coupon-pools/summer");
        bench.get(&foreign).await.fails(404);
        bench.patch(&foreign, json!({ "lowStock": 1 })).await.fails(404);
    }
}
