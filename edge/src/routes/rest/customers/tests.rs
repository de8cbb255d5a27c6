//! The list of customers, and what it proves.

use http::Method;
use serde_json::{Value, json};

use crate::{bench::Bench, sql};

/// SHA-256 of an address, as an owner's export has it.
fn hash(address: &str) -> String {
    crate::engine::entry::hash(address)
}

async fn shop(bench: &Bench, trigger: &str) -> String {
    let new = json!({ "fact": "NEW_CUSTOMER", "is": "EQUALS", "value": true });
    let known = json!({ "fact": "NEW_CUSTOMER", "is": "EQUALS", "value": false });
    let rules = [
        json!({ "type": "SINGLE_SIDED", "conditions": new }),
        json!({ "type": "SINGLE_SIDED", "conditions": known, "gives": { "kind": "BADGE" } }),
    ];
    bench.campaign_with(trigger, &rules).await
}

/// What a referrer's newest reward is, of those for one friend: COUPON if the friend is new, BADGE if
/// the friend bought before.
async fn earned(bench: &Bench, campaign: &str, referrer: &str, friend: &str) -> Vec<Value> {
    let found = bench.get(&format!("{campaign}/participant/{referrer}/rewards")).await.ok();
    let found = found["rewards"].as_array().unwrap().clone();
    found
        .into_iter()
        .filter(|it| it["referredId"] == *friend)
        .map(|it| it["kind"].clone())
        .collect()
}

#[tokio::test]
async fn r_customer_1_a_list_is_kept_as_keyed_hashes_and_only_counted() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let path = format!("{campaign}/customers");
    assert_eq!(bench.get(&path).await.ok(), json!({ "count": 0 }));
    assert_eq!(bench.delete(&path).await.ok(), json!({ "count": 0 }));
    assert_eq!(bench.post(&path, json!({ "hashes": [] })).await.ok(), json!({ "count": 0 }));
    let (ann, bob) = (hash("ann@example.com"), hash("bob@example.com"));
    let list = json!({ "hashes": [ann, bob.to_uppercase(), ann] });
    for _ in 0..2 {
        assert_eq!(bench.post(&path, list.clone()).await.ok(), json!({ "count": 2 }));
    }
    for it in bench.twenty(Method::POST, &path, list.clone()).await {
        assert_eq!(it.ok(), json!({ "count": 2 }));
    }
    let plain = sql!(
        "-- t\n SELECT count(*) AS n FROM customer WHERE instr(hash, ?1) OR instr(hash, ?2)",
        &ann,
        &bob,
    );
    assert_eq!(bench.number(plain).await, 0);
    for (wrong, place) in [
        (json!([ann, "x"]), "hashes[1]"),
        (json!(["ann@example.com"]), "hashes[0]"),
        (json!([1]), "hashes[0]"),
        (json!("x"), "hashes"),
        (json!(null), "hashes"),
    ] {
        bench.post(&path, json!({ "hashes": wrong })).await.refuses(place);
    }
    let answer = bench.post(&path, json!({ "hashes": ["eve@example.com"] })).await;
    assert!(!answer.text.contains("eve@"), "{}", answer.text);
    bench.post(&path, json!({})).await.refuses("hashes");
    let large: Vec<String> = (0..1_000).map(|n| hash(&n.to_string())).collect();
    bench.post(&path, json!({ "hashes": large })).await.fails(413);
    let other = bench.campaign("ON_SIGNUP").await;
    let elsewhere = format!("{other}/customers");
    assert_eq!(bench.get(&elsewhere).await.ok(), json!({ "count": 0 }));
    bench.post(&elsewhere, json!({ "hashes": [ann] })).await.ok();
    assert_eq!(bench.delete(&path).await.ok(), json!({ "count": 0 }));
    assert_eq!(bench.get(&elsewhere).await.ok(), json!({ "count": 1 }));
    let rows = sql!("-- t\n SELECT count(*) AS n FROM customer");
    assert_eq!(bench.number(rows).await, 1);
    bench.get("/v2/campaign/nobody/customers").await.fails(404);
    bench.post("/v2/campaign/nobody/customers", list).await.fails(404);
    bench.delete("/v2/campaign/nobody/customers").await.fails(404);
}

#[tokio::test]
async fn r_customer_1_a_long_list_is_forgotten_in_bites() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let id = campaign.trim_start_matches("/v2/campaign/");
    let many = sql!(
        "-- t
         INSERT INTO customer (campaign, hash)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
         SELECT ?1, i FROM n",
        id,
    );
    bench.write([many]).await;
    let path = format!("{campaign}/customers");
    assert_eq!(bench.get(&path).await.ok(), json!({ "count": 12_000 }));
    assert_eq!(bench.delete(&path).await.ok(), json!({ "count": 0 }));
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM customer")).await, 0);
}

#[tokio::test]
async fn r_customer_2_at_a_sign_up_only_the_list_proves_it() {
    let bench = Bench::new().await;
    let campaign = shop(&bench, "ON_SIGNUP").await;
    let path = format!("{campaign}/customers");
    let ada = bench.add(&campaign, "ada", None).await;
    // Nothing proves it: neither rule gives.
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    assert_eq!(earned(&bench, &campaign, &ada, &bob).await, [json!(null); 0]);
    let told = bench.get(&format!("{campaign}/participant/{bob}/decisions")).await.ok();
    let told = &told["decisions"][0]["facts"]["refused"];
    assert_eq!(
        (&told[0]["reason"], &told[1]["reason"]),
        (&json!("CONDITION_NOT_MET"), &json!("CONDITION_NOT_MET"))
    );

    let list = json!({ "hashes": [hash("cid@example.com"), hash("zoé@bücher.example")] });
    bench.post(&path, list).await.ok();
    let cid = json!({ "email": " Cid@Example.com", "referredBy": ada });
    let cid = bench.post(&format!("{campaign}/participant"), cid).await.ok();
    let cid = cid["id"].as_str().unwrap();
    assert_eq!(earned(&bench, &campaign, &ada, cid).await, ["BADGE"]);
    let zoe = json!({ "email": "Zoé@Bücher.example", "referredBy": ada });
    let zoe = bench.post(&format!("{campaign}/participant"), zoe).await.ok();
    assert_eq!(earned(&bench, &campaign, &ada, zoe["id"].as_str().unwrap()).await, ["BADGE"]);
    let dot = bench.add(&campaign, "dot", Some(&ada)).await;
    assert_eq!(earned(&bench, &campaign, &ada, &dot).await, ["COUPON"]);
    bench.delete(&path).await.ok();
    let eve = bench.add(&campaign, "eve", Some(&ada)).await;
    assert_eq!(earned(&bench, &campaign, &ada, &eve).await, [json!(null); 0]);
}

#[tokio::test]
async fn r_customer_2_at_an_order_the_feed_proves_it_and_the_list_contradicts_it() {
    let bench = Bench::new().await;
    let campaign = shop(&bench, "CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let order =
        |n: u32| json!({ "currency": "EUR", "grossAmount": 1_000, "orderId": n.to_string() });
    let pay = async |friend: &str, n| {
        let path = format!("{campaign}/participant/{friend}/transaction");
        bench.post(&path, order(n)).await.ok();
    };
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    pay(&bob, 1).await;
    assert_eq!(earned(&bench, &campaign, &ada, &bob).await, ["COUPON"]);
    bench
        .post(&format!("{campaign}/customers"), json!({ "hashes": [hash("cid@example.com")] }))
        .await
        .ok();
    let cid = bench.add(&campaign, "cid", Some(&ada)).await;
    pay(&cid, 2).await;
    assert_eq!(earned(&bench, &campaign, &ada, &cid).await, ["BADGE"]);
    let dot = bench.add(&campaign, "dot", Some(&ada)).await;
    pay(&dot, 3).await;
    assert_eq!(earned(&bench, &campaign, &ada, &dot).await, ["COUPON"]);
}

#[tokio::test]
async fn r_customer_2_at_a_qualifying_event_an_earlier_order_disproves_it() {
    let bench = Bench::new().await;
    let campaign = shop(&bench, "CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let trigger = async |friend: &str| {
        let path = format!("{campaign}/participant/{friend}/ref");
        bench.post(&path, json!({})).await.ok();
    };
    // An order that came before the bond, as another system told it.
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    bench
        .write([sql!(
            "-- t
             INSERT INTO conversion (id, campaign, participant, kind, source, at)
             VALUES ('1', 'x', ?1, 'TRANSACTION', 'SERVER', 1)",
            &bob,
        )])
        .await;
    trigger(&bob).await;
    assert_eq!(earned(&bench, &campaign, &ada, &bob).await, ["BADGE"]);
    let cid = bench.add(&campaign, "cid", Some(&ada)).await;
    trigger(&cid).await;
    assert_eq!(earned(&bench, &campaign, &ada, &cid).await, [json!(null); 0]);
    bench.post(&format!("{campaign}/customers"), json!({ "hashes": [hash("x")] })).await.ok();
    let dot = bench.add(&campaign, "dot", Some(&ada)).await;
    trigger(&dot).await;
    assert_eq!(earned(&bench, &campaign, &ada, &dot).await, ["COUPON"]);
}
