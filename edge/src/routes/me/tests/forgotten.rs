//! Who joined and never showed that the address is theirs is forgotten, and nobody else.

use http::Method;
use serde_json::{Value, json};
use shared::{secret::mac, time::Span};

use super::Scene;
use crate::sql;

async fn cron(it: &Scene) {
    crate::engine::cron::run(&it.bench.app, &it.bench.call()).await;
}

#[tokio::test]
async fn r_me_12_an_address_that_nobody_showed_to_be_theirs_is_forgotten_after_30_days() {
    let it = Scene::new().await;
    let token = it.bench.token(&it.campaign, &it.ada);
    it.join("bob@example.com", &format!("&first_name=Bob&token={token}")).await;
    it.run().await;
    let bob = it.wire("bob@example.com").await.ok()["id"].as_str().unwrap().to_owned();
    // To join once more begins the time anew; so it does for nobody else.
    it.join("cid@example.com", "").await;
    it.bench.pass(Span::days(20));
    it.join("bob@example.com", "").await;
    let joined = it.bench.now.get();
    it.run().await;
    // The last millisecond still counts.
    it.bench.pass(Span::days(30));
    assert_eq!(it.bench.now.get(), joined + Span::days(30));
    cron(&it).await;
    it.wire("bob@example.com").await.ok();
    it.wire("cid@example.com").await.fails(404);
    it.bench.pass(Span(1));
    for _ in 0..2 {
        cron(&it).await;
        it.wire("bob@example.com").await.fails(404);
        it.wire(&bob).await.fails(404);
    }
    let link = it.bench.get(&format!("/q/{bob}.svg")).await;
    link.fails(404);
    // Nothing of them is left but a number, and why.
    for sql in [
        "-- t\n SELECT count(*) AS n FROM person WHERE identity = 'bob@example.com' OR subject = ?1",
        "-- t\n SELECT count(*) AS n FROM code WHERE participant = ?1",
        "-- t\n SELECT count(*) AS n FROM mailbox WHERE participant = ?1",
        "-- t\n SELECT count(*) AS n FROM tally WHERE participant = ?1",
        "-- t\n SELECT count(*) AS n FROM joining WHERE participant = ?1",
        "-- t\n SELECT count(*) AS n FROM participant WHERE id = ?1 AND erased_at IS NULL",
        "-- t\n SELECT count(*) AS n FROM message WHERE subject = ?1 AND state = 'QUEUED'",
    ] {
        assert_eq!(it.bench.number(sql!(sql, &bob)).await, 0, "{sql}");
    }
    let said = "-- t
        SELECT count(*) AS n FROM decision
         WHERE participant = ?1 AND kind = 'ERASED' AND reasons = '[\"NEVER_CONFIRMED\"]'";
    assert_eq!(it.bench.number(sql!(said, &bob)).await, 1);
    // Ada, who joined otherwise, is who she was.
    it.wire(&it.ada).await.ok();
    // A genuine sign-up of that address starts afresh, and earns as any other.
    let path = format!("{}/participant", it.campaign);
    let person = json!({ "email": "bob@example.com", "referredBy": it.ada });
    let again = it.bench.post(&path, person).await.ok();
    assert_ne!(again["id"], json!(bob));
    assert_eq!(again["referralStatus"], "CREDIT_AWARDED");
    // So does somebody who joins and comes in this time.
    it.join("cid@example.com", "").await;
    it.run().await;
    let cid = it.wire("cid@example.com").await.ok();
    it.arrive(cid["id"].as_str().unwrap()).await;
    it.bench.pass(Span::days(31));
    cron(&it).await;
    assert_eq!(it.wire("cid@example.com").await.ok()["id"], cid["id"]);
}

#[tokio::test]
async fn r_me_12_whom_somebody_else_has_dealt_with_stays() {
    let it = Scene::new().await;
    let mut all = Vec::new();
    for name in
        ["used", "told", "noted", "coded", "blocked", "brings", "bought", "clicked", "plain"]
    {
        let email = format!("{name}@example.com");
        it.join(&email, "").await;
        it.run().await;
        all.push(it.wire(&email).await.ok()["id"].as_str().unwrap().to_owned());
    }
    let [used, _, noted, coded, blocked, brings, bought, clicked, plain] = &all[..] else {
        panic!()
    };
    it.arrive(used).await;
    let path = format!("{}/participant", it.campaign);
    it.bench.post(&path, json!({ "email": "told@example.com" })).await.ok();
    it.bench.add(&it.campaign, "friend", Some(brings)).await;
    let order = json!({ "currency": "EUR", "grossAmount": 100, "orderId": "1" });
    // Nobody referred them: it is kept for their past.
    it.bench
        .post(&format!("{path}/{bought}/transaction"), order)
        .await
        .refuses("participantIdOrEmail");
    for (sql, id) in [
        (
            "-- t\n INSERT INTO note (id, campaign, participant, member, text, at)
                 VALUES ('n', 'c', ?1, 'owner', 't', 1)",
            noted,
        ),
        (
            "-- t\n INSERT INTO code (code, campaign, participant, created_at)
                 VALUES ('own-code', 'c', ?1, 1)",
            coded,
        ),
        ("-- t\n UPDATE participant SET blocked_at = 1 WHERE id = ?1", blocked),
        (
            "-- t\n INSERT INTO click_day (campaign, participant, day, impressions, uniques)
             SELECT campaign, id, 1, 1, 1 FROM participant WHERE id = ?1",
            clicked,
        ),
    ] {
        it.bench.write([sql!(sql, id)]).await;
    }
    it.bench.pass(Span::days(31));
    for _ in 0..2 {
        cron(&it).await;
        for id in &all {
            let erased = "-- t
                SELECT count(*) AS n FROM participant WHERE id = ?1 AND erased_at IS NOT NULL";
            let expected = i64::from(id == plain);
            assert_eq!(it.bench.number(sql!(erased, id)).await, expected, "{id}");
        }
        // Whoever stays is not looked at again before as long a time.
        let due = crate::store::joinings::due(&it.bench.app.db, it.bench.now.get(), 9).await;
        assert_eq!(due.unwrap(), []);
    }
}

#[tokio::test]
async fn r_me_12_whoever_came_in_is_never_forgotten_even_where_what_follows_failed() {
    let it = Scene::new().await;
    let token = it.bench.token(&it.campaign, &it.ada);
    let mut all = Vec::new();
    for name in ["bob", "cid"] {
        it.join(&format!("{name}@example.com"), &format!("&token={token}")).await;
        it.run().await;
        let known = it.wire(&format!("{name}@example.com")).await.ok();
        all.push(known["id"].as_str().unwrap().to_owned());
    }
    let [bob, cid] = &all[..] else { panic!() };
    // Bob comes in by his link, for Cid his site vouches; nothing can be confirmed in this hour.
    let fails = "-- t
        CREATE TRIGGER fails BEFORE UPDATE OF is_open ON joining WHEN new.is_open = 0
        BEGIN SELECT raise(ABORT, 'no'); END";
    it.bench.write([sql!(fails)]).await;
    it.arrive(bob).await;
    let (terms, _) = crate::engine::terms::read(&it.bench.app, &it.id).await.unwrap();
    let (app, call) = (&it.bench.app, it.bench.call());
    let secret = crate::engine::guest::secret(app, &it.id).await.unwrap().1;
    let email = "cid@example.com".to_owned();
    let hash = mac(secret.as_bytes(), &[email.as_bytes()]);
    let hash = hash.iter().map(|it| format!("{it:02x}")).collect();
    let proof = crate::engine::guest::Proof::Hash { email, hash };
    crate::engine::guest::vouch(app, &call, &terms.campaign, &proof).await.unwrap();
    assert_eq!(it.wire(bob).await.ok()["referredBy"], Value::Null);
    // They sign out, and stay away for long.
    for sql in ["-- t\n DROP TRIGGER fails", "-- t\n DELETE FROM session"] {
        it.bench.write([sql!(sql)]).await;
    }
    for _ in 0..3 {
        it.bench.pass(Span::days(31));
        cron(&it).await;
    }
    // What failed is done when they come in the next time.
    let open = "-- t\n SELECT count(*) AS n FROM joining WHERE participant = ?1 AND is_open = 1";
    for id in [bob, cid] {
        it.wire(id).await.ok();
        assert_eq!(it.bench.number(sql!(open, id)).await, 1);
        it.arrive(id).await;
        assert_eq!(it.bench.number(sql!(open, id)).await, 0);
    }
}

#[tokio::test]
async fn r_me_12_a_sign_up_at_the_same_time_is_nobodys_whom_the_cron_forgets() {
    let it = Scene::new().await;
    let token = it.bench.token(&it.campaign, &it.ada);
    it.join("bob@example.com", &format!("&token={token}")).await;
    it.run().await;
    let bob = it.wire("bob@example.com").await.ok()["id"].as_str().unwrap().to_owned();
    it.bench.pass(Span::days(31));
    let path = format!("{}/participant", it.campaign);
    let person = json!({ "email": "bob@example.com", "referredBy": it.ada });
    let (app, call) = (it.bench.app.clone(), it.bench.call());
    let told =
        (0..5).map(|_| it.bench.later(it.bench.request(Method::POST, &path, person.to_string())));
    let told: Vec<_> = told.collect();
    let arriving = it.bench.later(it.arriving(&bob).await);
    let (answers, entered, ()) = futures_util::future::join3(
        futures_util::future::join_all(told),
        arriving,
        crate::engine::cron::run(&app, &call),
    )
    .await;
    assert!(answers.iter().all(|it| it.status.is_success()), "{answers:?}");
    assert!(!entered.status.is_server_error(), "{entered:?}");
    cron(&it).await;
    // Whoever was first: one of that address takes part, and is referred once; nobody who is
    // forgotten is anybody's friend.
    let now = it.wire("bob@example.com").await.ok();
    assert_eq!(now["referredBy"], json!(it.ada));
    let lost = "-- t
        SELECT count(*) AS n FROM referral AS r JOIN participant AS p ON p.id = r.friend
         WHERE p.erased_at IS NOT NULL";
    assert_eq!(it.bench.number(sql!(lost)).await, 0);
    assert_eq!(it.wire(&it.ada).await.ok()["referralCount"], 1);
}
