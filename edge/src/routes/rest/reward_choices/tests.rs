//! Charities, addresses, and what else is given.

use http::Method;
use serde_json::{Value, json};

use crate::{bench::Bench, sql};

/// A campaign that credits sign-ups and gives this to referrers; its referrer and their reward.
async fn shop(bench: &Bench, gives: Value, fulfil: bool) -> (String, String, String) {
    let rule = json!({ "type": "SINGLE_SIDED", "gives": gives });
    let campaign = bench.campaign_with("ON_SIGNUP", &[]).await;
    let options = json!({ "autoFulfillRewards": fulfil, "charities": ["Forest", "Sea"] });
    bench.patch(&format!("{campaign}/options"), options).await.ok();
    bench.post(&format!("{campaign}/reward-configs"), rule).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.pass(shared::time::Span(1));
    bench.add(&campaign, "bob", Some(&ada)).await;
    let path = newest(bench, &campaign, &ada).await;
    (campaign, ada, path)
}

/// The path of somebody's newest reward.
async fn newest(bench: &Bench, campaign: &str, p: &str) -> String {
    let found = bench.get(&format!("{campaign}/participant/{p}/rewards")).await.ok();
    format!("{campaign}/participant/{p}/reward/{}", found["rewards"][0]["id"].as_str().unwrap())
}

fn donation() -> Value {
    json!({ "kind": "DONATION", "amount": 500 })
}

fn gift() -> Value {
    json!({ "kind": "GIFT" })
}

fn home() -> Value {
    json!({
        "name": "Ada Martin", "line1": "1, rue du Lac", "line2": null, "postalCode": "75001",
        "city": "Paris", "region": null, "country": "FR",
    })
}

fn seen(reward: &Value) -> [Value; 3] {
    ["status", "isAvailable", "needsAddress"].map(|it| reward[it].clone())
}

#[tokio::test]
async fn r_charity_1_a_person_chooses_among_the_owners_charities_until_it_is_given() {
    let bench = Bench::new().await;
    let (campaign, ada, path) = shop(&bench, donation(), false).await;
    let reward = bench.get(&path).await.ok();
    assert_eq!((&reward["charity"], &reward["address"]), (&json!(null), &json!(null)));
    assert_eq!((&reward["amount"], &reward["currencyISO"]), (&json!(500), &json!("EUR")));
    for charity in ["Sea", "Forest", "Forest"] {
        let chosen = bench.patch(&path, json!({ "charity": charity })).await.ok();
        assert_eq!(chosen["charity"], charity);
    }
    let same = bench.patch(&path, json!({})).await.ok();
    assert_eq!(same["charity"], "Forest");
    for (field, value) in [
        ("charity", json!("Moon")),
        ("charity", json!("forest")),
        ("charity", json!("")),
        ("charity", json!(1)),
        ("address", home()),
        ("status", json!("FULFILLED")),
    ] {
        let mut asked = json!({});
        asked[field] = value;
        bench.patch(&path, asked).await.refuses(field);
    }
    // What the owner takes from the list later stays chosen, and is not chosen again.
    bench.patch(&format!("{campaign}/options"), json!({ "charities": ["Sea"] })).await.ok();
    assert_eq!(bench.get(&path).await.ok()["charity"], "Forest");
    bench.patch(&path, json!({ "charity": "Forest" })).await.refuses("charity");

    bench.write([sql!("-- t\n UPDATE reward SET status = 'FULFILLED', fulfilled_at = 9")]).await;
    let late = bench.patch(&path, json!({ "charity": "Sea" })).await.fails(406);
    assert_eq!(late["code"], "INVALID_REWARD_STATE");
    assert_eq!(late["message"], "Invalid reward state. Reward has already been fulfilled.");
    bench.patch(&path, json!({})).await.ok();
    bench.write([sql!("-- t\n UPDATE reward SET status = 'CANCELLED'")]).await;
    bench.patch(&path, json!({ "charity": "Sea" })).await.fails(406);
    assert_eq!(bench.get(&path).await.ok()["charity"], "Forest");
    let bob = format!("{campaign}/participant/bob@example.com");
    let other = bench.campaign("ON_SIGNUP").await;
    let id = path.rsplit('/').next().unwrap();
    for elsewhere in [
        format!("{bob}/reward/{id}"),
        format!("{campaign}/participant/nobody/reward/{id}"),
        format!("{campaign}/participant/{ada}/reward/prew_1"),
        format!("{other}/participant/{ada}/reward/{id}"),
    ] {
        bench.get(&elsewhere).await.fails(404);
        bench.patch(&elsewhere, json!({ "charity": "Sea" })).await.fails(404);
    }
}

#[tokio::test]
async fn r_charity_1_a_choice_and_the_giving_at_once_leave_what_was_given() {
    let (mut first, mut late) = (0, 0);
    // The giving comes at each step of the choice once; it notes what it gives.
    for steps in 0..16 {
        let bench = Bench::new().await;
        let (_, _, path) = shop(&bench, donation(), false).await;
        bench.patch(&path, json!({ "charity": "Sea" })).await.ok();
        let choice = bench.patch(&path, json!({ "charity": "Forest" }));
        let give = async {
            for _ in 0..steps {
                tokio::task::yield_now().await;
            }
            let give = "-- t
                UPDATE reward SET status = 'FULFILLED', fulfilled_at = 9, pool = charity";
            bench.write([sql!(give)]).await;
        };
        let (answer, ()) = tokio::join!(choice, give);
        let kept = "-- t\n SELECT count(*) AS n FROM reward WHERE charity = pool";
        assert_eq!(bench.number(sql!(kept)).await, 1, "after {steps} steps: {answer:?}");
        let chosen = bench.get(&path).await.ok()["charity"].clone();
        if answer.status == 200 {
            first += 1;
            assert_eq!(chosen, "Forest");
        } else {
            late += 1;
            answer.fails(406);
            assert_eq!(chosen, "Sea");
        }
    }
    assert!(0 < first && 0 < late, "{first} {late}");
}

#[tokio::test]
async fn r_address_1_a_gift_is_not_given_by_itself_before_there_is_an_address() {
    let bench = Bench::new().await;
    let (campaign, ada, path) = shop(&bench, gift(), true).await;
    let waits = [json!("PENDING"), json!(false), json!(true)];
    assert_eq!(seen(&bench.get(&path).await.ok()), waits);
    let decisions = format!("{campaign}/participant/{ada}/decisions");
    let told = async || {
        let found = bench.get(&decisions).await.ok();
        json!([found["decisions"][0]["kind"], found["decisions"][0]["reasons"]])
    };
    assert_eq!(told().await, json!(["HELD", ["ADDRESS_MISSING"]]));
    bench.pass(shared::time::Span(1));
    let given = bench.patch(&path, json!({ "address": home() })).await.ok();
    assert_eq!(seen(&given), [json!("FULFILLED"), json!(true), json!(false)]);
    assert_eq!((&given["address"], &given["fulfilledAt"]), (&home(), &json!(bench.now.get())));
    assert_eq!(told().await, json!(["FULFILLED", ["ADDRESS_GIVEN"]]));
    bench.patch(&path, json!({ "address": home() })).await.fails(406);
    // The next one is sent there too.
    bench.pass(shared::time::Span(1));
    bench.add(&campaign, "cid", Some(&ada)).await;
    let next = newest(&bench, &campaign, &ada).await;
    assert_ne!(next, path);
    assert_eq!(seen(&bench.get(&next).await.ok())[0], "FULFILLED");
}

#[tokio::test]
async fn r_address_1_the_owners_own_word_needs_no_address() {
    let bench = Bench::new().await;
    let (campaign, _, path) = shop(&bench, gift(), false).await;
    assert_eq!(seen(&bench.get(&path).await.ok())[2], true);
    bench.patch(&path, json!({ "address": home() })).await.ok();
    let now = bench.get(&path).await.ok();
    assert_eq!(seen(&now), [json!("PENDING"), json!(false), json!(false)]);
    let eve = bench.add(&campaign, "eve", None).await;
    bench.add(&campaign, "fay", Some(&eve)).await;
    let path = newest(&bench, &campaign, &eve).await;
    bench.write([sql!("-- t\n UPDATE reward SET status = 'FULFILLED', fulfilled_at = 9")]).await;
    assert_eq!(seen(&bench.get(&path).await.ok()), [json!("FULFILLED"), json!(true), json!(false)]);
}

#[tokio::test]
async fn r_address_1_an_address_is_taken_before_the_approval_and_asked_for_after_it() {
    let bench = Bench::new().await;
    let rule = json!({ "type": "SINGLE_SIDED", "gives": gift(), "holdDays": 3 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
    bench.patch(&format!("{campaign}/options"), json!({ "autoFulfillRewards": true })).await.ok();
    let approve = || {
        let all = "-- t
            UPDATE reward SET approved_at = 9, fulfilled_at = 9, status = 'FULFILLED'
             WHERE approved_at IS NULL";
        sql!(all)
    };
    let mut statuses = Vec::new();
    for (referrer, friend, tells) in [("ada", "bob", true), ("eve", "fay", false)] {
        let id = bench.add(&campaign, referrer, None).await;
        bench.add(&campaign, friend, Some(&id)).await;
        let path = newest(&bench, &campaign, &id).await;
        assert_eq!(seen(&bench.get(&path).await.ok())[2], false);
        if tells {
            bench.patch(&path, json!({ "address": home() })).await.ok();
        }
        bench.write([approve()]).await;
        statuses.push(seen(&bench.get(&path).await.ok()));
    }
    assert_eq!(statuses[0], [json!("FULFILLED"), json!(true), json!(false)]);
    assert_eq!(statuses[1], [json!("PENDING"), json!(false), json!(true)]);
}

#[tokio::test]
async fn r_address_2_an_address_lies_in_the_one_table_for_personal_data() {
    let bench = Bench::new().await;
    let (campaign, ada, path) = shop(&bench, gift(), true).await;
    for it in bench.twenty(Method::PATCH, &path, json!({ "address": home() })).await {
        assert!([200, 406].contains(&it.status.as_u16()), "{it:?}");
    }
    let tables: Vec<Value> = bench
        .app
        .db
        .all(sql!("-- t\n SELECT name FROM sqlite_schema WHERE type = 'table'"))
        .await
        .unwrap();
    let mut holds = Vec::new();
    for table in &tables {
        let name = table["name"].as_str().unwrap();
        let text: &'static str = format!("-- t\n SELECT * FROM {name}").leak();
        let rows: Vec<Value> =
            bench.app.db.all(sql::Statement { sql: text, args: vec![] }).await.unwrap();
        if json!(rows).to_string().contains("rue du Lac") {
            holds.push(name);
        }
    }
    assert_eq!(holds, ["person"]);
    // It is told about gifts, to who has the key, and nowhere else.
    for elsewhere in ["", "/rewards", "/decisions"] {
        let answer = bench.get(&format!("{campaign}/participant/{ada}{elsewhere}")).await;
        assert!(!answer.text.contains("rue du Lac"), "{}", answer.text);
    }
}

#[tokio::test]
async fn r_address_3_what_is_wrong_with_an_address_is_named() {
    let bench = Bench::new().await;
    let (_, _, path) = shop(&bench, gift(), false).await;
    for (field, value, param) in [
        ("country", json!("France"), "address.country"),
        ("name", json!(""), "address.name"),
        ("line1", json!(null), "address.line1"),
        ("city", json!("x".repeat(101)), "address.city"),
        ("planet", json!("Earth"), "address.planet"),
    ] {
        let mut address = home();
        address[field] = value;
        bench.patch(&path, json!({ "address": address })).await.refuses(param);
    }
    bench.patch(&path, json!({ "address": "x" })).await.refuses("address");
    let mut address = home();
    address.as_object_mut().unwrap().remove("city");
    bench.patch(&path, json!({ "address": address })).await.refuses("address.city");
    bench.patch(&path, json!({ "charity": "Sea" })).await.refuses("charity");
    assert_eq!(bench.get(&path).await.ok()["address"], json!(null));
}

#[tokio::test]
async fn r_gift_2_what_else_is_given_is_recorded_and_nothing_follows() {
    let bench = Bench::new().await;
    for (kind, amount) in [
        ("CREDIT", Some(700)),
        ("MONEY", Some(700)),
        ("ACCESS", None),
        ("BADGE", None),
        ("CUSTOM", Some(1)),
    ] {
        let (_, _, path) = shop(&bench, json!({ "kind": kind, "amount": amount }), true).await;
        let reward = bench.get(&path).await.ok();
        assert_eq!((&reward["kind"], &reward["amount"]), (&json!(kind), &json!(amount)));
        assert_eq!(reward["currencyISO"], json!(amount.map(|_| "EUR")));
        assert_eq!(seen(&reward), [json!("FULFILLED"), json!(true), json!(false)]);
        bench.patch(&path, json!({ "address": home() })).await.refuses("address");
        bench.patch(&path, json!({ "charity": "Sea" })).await.refuses("charity");
    }
    let jobs = sql!("-- t\n SELECT count(*) AS n FROM job WHERE waits_for IS NULL");
    assert_eq!(bench.number(jobs).await, 0);
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM notice")).await, 0);
}

#[tokio::test]
async fn r_gift_2_a_custom_gift_leaves_a_job_that_waits_for_a_sender() {
    for manual in [false, true] {
        let bench = Bench::new().await;
        let rule = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "CUSTOM" } });
        let campaign = bench.campaign_with("CUSTOM", &[rule]).await;
        let options = json!({ "requireManualRewardApproval": manual, "autoFulfillRewards": true });
        bench.patch(&format!("{campaign}/options"), options).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "bob", Some(&ada)).await;
        let bob = format!("{campaign}/participant/bob@example.com");
        let order = json!({ "currency": "EUR", "grossAmount": 1_000, "orderId": "7" });
        bench.post(&format!("{bob}/transaction"), order).await.ok();
        let found = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
        let id = found["rewards"][0]["id"].as_str().unwrap();
        let waiting =
            async || crate::store::jobs::waiting(&bench.app.db, "SENDER", 9).await.unwrap();
        if manual {
            assert_eq!(waiting().await, [], "nobody has approved it");
            let path = format!("{campaign}/reward/{id}/approve");
            bench.twenty(Method::POST, &path, json!({})).await;
        }
        // However often the cron runs, nobody tries it.
        for _ in 0..3 {
            bench.pass(shared::time::Span::days(40));
            crate::engine::cron::run(&bench.app, &bench.call()).await;
        }
        let jobs = waiting().await;
        let job = jobs.first().unwrap();
        let payload =
            json!({ "campaign": campaign.trim_start_matches("/v2/campaign/"), "reward": id });
        assert_eq!((jobs.len(), job.kind.as_str(), job.attempts), (1, "REWARD_CUSTOM", 0));
        assert_eq!(serde_json::from_str::<Value>(&job.payload).unwrap(), payload);
        crate::engine::jobs::run_one(&bench.app, &bench.call(), &job.id).await;
        assert_eq!(waiting().await, jobs);
        assert!(crate::store::jobs::waiting(&bench.app.db, "MAIL", 9).await.unwrap().is_empty());
        bench.post(&format!("{bob}/transaction/refund"), json!({ "orderId": "7" })).await.ok();
        assert_eq!(waiting().await, [], "what is taken back nobody is told of");
    }
}
