//! `/campaign/{id}/participant/{p}/decisions`, ours: why (not)?

use axum::response::Response;
use shared::{
    api::{Decision, Decisions, Told, ToldDecisions, ToldFriend},
    decision::{self, Audience, Reason},
};

use super::{page, participants::named};
use crate::{
    error::Error,
    json,
    routes::ask::Ask,
    store::{
        decisions,
        participants::{Known, Place},
        referrals,
    },
};

/// Lists the decisions about a participant, newest first, with sentences in English or French: all of
/// it for the owner, and what else may be read for the other audiences.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let known = named(&ask.app, ask.campaign(), ask.p()).await?;
    let audience = match ask.query.get("audience") {
        None => Audience::Owner,
        Some(name) => Audience::parse(name).ok_or_else(|| {
            Error::query("audience", name, "must be OWNER, PARTICIPANT or REFERRER")
        })?,
    };
    match audience {
        Audience::Owner => about(&ask, &known, false).await,
        Audience::Participant => about(&ask, &known, true).await,
        Audience::Referrer => friends(&ask, &known).await,
    }
}

/// What was decided about a participant; for themselves if `told`.
async fn about(ask: &Ask, known: &Known, told: bool) -> Result<Response, Error> {
    let Ask { app, query, .. } = ask;
    let (limit, lang) = (query.limit(20)?, query.lang("language"));
    let before = match query.get("nextId") {
        None => None,
        Some(text) => Some(
            text.parse::<i64>()
                .ok()
                .filter(|it| (0..=shared::money::LARGEST).contains(it))
                .ok_or_else(|| Error::query("nextId", text, "is not a place in this list"))?,
        ),
    };
    let id = known.id.as_str();
    let mut found = decisions::page(&app.db, ask.campaign(), id, before, limit + 1).await?;
    let more = page::cut(&mut found, limit);
    let next_id = found.last().filter(|_| more).map(|it| it.seq.to_string());
    let found = found.into_iter().map(|it| it.decision);
    let text = |reasons: &[Reason]| {
        let sentences: Vec<_> = reasons.iter().map(|it| it.sentence(lang)).collect();
        sentences.join(" ")
    };
    if told {
        let shown = found.map(|it| Told {
            text: decision::text(it.kind, &it.reasons, it.facts["side"] == "REFERRER", lang),
            id: it.id,
            created_at: it.at,
        });
        return Ok(json::answer(&ToldDecisions { decisions: shown.collect(), limit, next_id }));
    }
    let shown = found.map(|it| Decision {
        id: it.id,
        kind: it.kind,
        text: text(&it.reasons),
        reasons: it.reasons,
        facts: it.facts,
        created_at: it.at,
    });
    Ok(json::answer(&Decisions { decisions: shown.collect(), limit, next_id }))
}

/// How a participant's friends stand, as the participant may know it (R-DECISION-6).
async fn friends(ask: &Ask, known: &Known) -> Result<Response, Error> {
    let Ask { app, query, .. } = ask;
    let (limit, lang) = (query.limit(20)?, query.lang("language"));
    let after = page::after(query)?;
    let mut found = referrals::of_referrer(&app.db, &known.id, after.as_ref(), limit + 1).await?;
    let more = page::cut(&mut found, limit);
    let next_id = found
        .last()
        .filter(|_| more)
        .map(|it| page::next(&Place { created_at: it.bound_at, id: it.friend.to_string() }));
    let shown = found.into_iter().map(|it| {
        let status = it.outcome.coarse();
        let initial = it.initial.filter(|it| !it.is_empty()).unwrap_or_else(|| "–".into());
        ToldFriend {
            friend: format!("{initial}."),
            month: it.bound_month.to_string(),
            status,
            text: status.sentence(lang),
        }
    });
    Ok(json::answer(&ToldDecisions { decisions: shown.collect(), limit, next_id }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::bench::Bench;

    #[tokio::test]
    async fn r_decision_3_every_step_is_told_newest_first_in_both_languages() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        bench.pass(shared::time::Span(1));
        bench.post(&format!("{campaign}/participant/{bob}/ref"), json!({})).await.ok();
        let path = format!("{campaign}/participant/{bob}/decisions");
        let body = bench.get(&path).await.ok();
        let kinds: Vec<_> =
            body["decisions"].as_array().unwrap().iter().map(|it| it["kind"].clone()).collect();
        assert_eq!(kinds, ["CREDITED", "BOUND"]);
        let credited = &body["decisions"][0];
        assert_eq!(credited["reasons"], json!(["QUALIFIED"]));
        assert_eq!(credited["text"], "All that the programme asks for has happened.");
        assert_eq!(credited["createdAt"], json!(bench.now.get()));
        assert_eq!(credited["facts"]["referrer"], *ada);
        assert_eq!(credited["facts"]["rules"][0]["version"], 1);
        assert!(!body.to_string().contains('@'), "nothing personal: {body}");
        let french = bench.get(&format!("{path}?language=fr&limit=1")).await.ok();
        let text = french["decisions"][0]["text"].as_str().unwrap();
        assert_eq!(text, "Toutes les conditions du programme sont remplies.");
        let next = french["nextId"].as_str().unwrap();
        let second = bench.get(&format!("{path}?nextId={next}")).await.ok();
        assert_eq!(second["decisions"][0]["kind"], "BOUND");
        assert_eq!(second["nextId"], json!(null));
        let unbound = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
        assert_eq!(unbound["decisions"][0]["reasons"], json!(["NOBODY_REFERRED"]));
        bench.get(&format!("{campaign}/participant/nobody/decisions")).await.fails(404);
        let other = bench.campaign("CUSTOM").await;
        bench.get(&format!("{other}/participant/{bob}/decisions")).await.fails(404);
    }

    #[tokio::test]
    async fn r_decision_6_a_referrer_reads_an_initial_a_month_and_a_coarse_status_only() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let path = format!("{campaign}/participant/{ada}/decisions?audience=REFERRER");
        let empty = json!({ "decisions": [], "limit": 20, "nextId": null });
        assert_eq!(bench.get(&path).await.ok(), empty);
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        bench.pass(shared::time::Span(1));
        let cid = bench.add(&campaign, "cid", Some(&ada)).await;
        bench.post(&format!("{campaign}/participant/{bob}/ref"), json!({})).await.ok();
        let outcome = "-- t\n UPDATE referral SET outcome = 'REVERSED' WHERE friend = ?1";
        let first = bench.get(&format!("{path}&limit=1&language=fr")).await.ok();
        let waits = json!({
            "friend": "C.", "month": "2026-09", "status": "WAITS",
            "text": "Un filleul est venu par votre lien\u{a0}; il ne compte pas encore.",
        });
        assert_eq!(first["decisions"], json!([waits]));
        let next = first["nextId"].as_str().unwrap();
        let second = bench.get(&format!("{path}&nextId={next}")).await.ok();
        let counts = json!({
            "friend": "B.", "month": "2026-09", "status": "COUNTS",
            "text": "A friend came through your link, and it counts.",
        });
        assert_eq!((&second["decisions"], &second["nextId"]), (&json!([counts]), &json!(null)));
        for friend in [&bob, &cid] {
            let args = vec![friend.as_str().into()];
            bench.write([crate::sql::Statement { sql: outcome, args }]).await;
        }
        let all = bench.get(&path).await.ok();
        assert_eq!(all["decisions"][0]["status"], "DOES_NOT_COUNT");
        for secret in ["bob", "cid", "@", "REVERSED", "facts", "reasons"] {
            assert!(!all.to_string().contains(secret), "{secret}: {all}");
        }
    }

    #[tokio::test]
    async fn r_decision_5_the_person_themselves_reads_sentences_without_facts() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let path = format!("{campaign}/participant/{bob}/decisions?audience=");
        let told = bench.get(&format!("{path}PARTICIPANT")).await.ok();
        let told = told["decisions"].as_array().unwrap();
        let fields: Vec<_> = told[0].as_object().unwrap().keys().collect();
        assert_eq!(fields, ["createdAt", "id", "text"]);
        assert_eq!(told[0]["text"], "You named a personal code.");
        bench.get(&format!("{path}EVERYBODY")).await.refuses("audience");
    }

    #[tokio::test]
    async fn r_decision_7_the_limit_and_standing_of_a_referrer_are_told_to_them_and_not_to_friends()
    {
        let bench = Bench::new().await;
        let rule = json!({ "type": "DOUBLE_SIDED", "limit": 1 });
        let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let read = async |p: &str| {
            let path = format!("{campaign}/participant/{p}/decisions?audience=PARTICIPANT");
            let told = bench.get(&path).await.ok()["decisions"].as_array().unwrap().clone();
            told.iter().map(|it| it["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for name in ["bob", "cid", "dot"] {
            bench.pass(shared::time::Span(1));
            bench.add(&campaign, name, Some(&ada)).await;
        }
        let limit = "The limit of this reward is reached.";
        let hers = read(&ada).await;
        assert_eq!(hers.iter().filter(|it| *it == limit).count(), 1, "once: {hers:?}");
        let friends = [read("cid@example.com").await, read("dot@example.com").await].concat();
        assert!(friends.iter().all(|it| !it.contains("limit")), "{friends:?}");
        let path = format!("{campaign}/participant/{ada}/decisions");
        let facts = bench.get(&path).await.ok()["decisions"][0]["facts"].clone();
        assert_eq!((&facts["side"], &facts["friend"]), (&json!("REFERRER"), &json!(null)));

        let custom = bench.campaign("CUSTOM").await;
        let eve = bench.add(&custom, "eve", None).await;
        bench.add(&custom, "fay", Some(&eve)).await;
        let block = "-- t\n UPDATE participant SET blocked_at = 1 WHERE id = ?1";
        let args = vec![eve.as_str().into()];
        bench.write([crate::sql::Statement { sql: block, args }]).await;
        bench.pass(shared::time::Span(1));
        let fay = format!("{custom}/participant/fay@example.com");
        bench.post(&format!("{fay}/ref"), json!({})).await.ok();
        let newest = async |p: &str| {
            let path = format!("{custom}/participant/{p}/decisions?audience=PARTICIPANT");
            bench.get(&path).await.ok()["decisions"][0]["text"].clone()
        };
        assert_eq!(newest("fay@example.com").await, "It does not meet the terms of the programme.");
        let own = "The referrer does not take part in the programme at present.";
        assert_eq!(newest(&eve).await, own);
    }

    #[tokio::test]
    async fn r_decision_7_a_referrer_reads_which_reward_a_confirmation_leaves_nothing_for() {
        let bench = Bench::new().await;
        let rule = json!({ "type": "SINGLE_SIDED", "limit": 1 });
        let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
        let ada = bench.add(&campaign, "ada", None).await;
        for name in ["bob", "cid"] {
            crate::routes::rest::rewards::hand_tests::lead(&bench, &campaign, name, &ada).await;
        }
        for name in ["bob", "cid"] {
            bench.add(&campaign, name, None).await;
        }
        let path = format!("{campaign}/participant/{ada}/decisions");
        let told = bench.get(&path).await.ok()["decisions"][0].clone();
        assert_eq!(
            (&told["kind"], &told["reasons"]),
            (&json!("CANCELLED"), &json!(["LIMIT_REACHED"]))
        );
        assert!(told["facts"]["reward"].as_str().unwrap().starts_with("prew_"));
    }
}
