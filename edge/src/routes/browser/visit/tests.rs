//! What a visit's answer says of the time around a purchase, and of links of other campaigns.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use shared::time::Span;

use crate::{bench::Bench, engine::cron};

async fn say(bench: &Bench, endpoint: &str, body: Value) -> Value {
    let mut request = bench.request(Method::POST, &format!("/_p/{endpoint}"), body.to_string());
    let headers = request.headers_mut();
    headers.remove(header::AUTHORIZATION);
    headers.insert(header::ORIGIN, "https://shop.example".parse().unwrap());
    headers.insert(header::HOST, "link.example".parse().unwrap());
    let answer = bench.send(request).await;
    assert!(matches!(answer.status, StatusCode::OK | StatusCode::ACCEPTED), "{}", answer.text);
    answer.body
}

/// A campaign whose friends have a coupon from the start, its id, its rule's path, and a link's token.
async fn scene() -> (Bench, String, String, String, String) {
    let bench = Bench::new().await;
    let rule = json!({
        "type": "DOUBLE_SIDED", "referredRewardUpfront": true, "referralCouponCode": "WELCOME",
        "referralDescription": "10 % off",
    });
    let path = bench.campaign_with("CUSTOM", &[rule]).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let ada = bench.add(&path, "ada", None).await;
    let token = bench.token(&path, &ada);
    let rules = bench.get(&format!("{path}/reward-configs")).await.ok();
    let rule = rules["rewards"][0]["id"].as_str().unwrap();
    let rule = format!("{path}/reward-configs/{rule}");
    (bench, path, id, rule, token)
}

#[tokio::test]
async fn r_around_1_the_coupon_is_told_to_those_who_were_referred() {
    let (bench, path, id, rule, token) = scene().await;
    let coupon = async |token: Option<&str>| {
        say(&bench, "visit", json!({ "campaign": id, "token": token })).await["coupon"].clone()
    };
    assert_eq!(coupon(Some(&token)).await, "WELCOME");
    assert_eq!(coupon(None).await, Value::Null);
    assert_eq!(coupon(Some("a.b.c")).await, Value::Null);
    // Until the rule's last instant, whatever the caches hold.
    let ends_at = bench.now.get() + Span::minutes(5);
    bench.patch(&rule, json!({ "endsAt": ends_at })).await.ok();
    bench.pass(Span::minutes(4));
    assert_eq!(coupon(Some(&token)).await, "WELCOME");
    bench.pass(Span::minutes(1));
    assert_eq!(coupon(Some(&token)).await, Value::Null);
    bench.patch(&rule, json!({ "endsAt": null })).await.ok();
    bench.pass(Span::seconds(31));
    assert_eq!(coupon(Some(&token)).await, "WELCOME");
    // Paused, or of a campaign that is over.
    bench.patch(&rule, json!({ "isVisible": false })).await.ok();
    bench.pass(Span::seconds(31));
    assert_eq!(coupon(Some(&token)).await, Value::Null);
    bench.patch(&rule, json!({ "isVisible": true })).await.ok();
    bench.patch(&path, json!({ "status": "COMPLETE" })).await.ok();
    bench.pass(Span::seconds(31));
    assert_eq!(coupon(Some(&token)).await, Value::Null);
}

#[tokio::test]
async fn r_around_4_a_page_is_told_whether_it_has_anything_to_do() {
    let (bench, path, id, _, token) = scene().await;
    let installation = format!("{path}/installation");
    let around = async || {
        bench.pass(Span::seconds(31));
        let referred = say(&bench, "visit", json!({ "campaign": id, "token": token })).await;
        let other = say(&bench, "visit", json!({ "campaign": id })).await;
        [referred["around"] == true, other["around"] == true]
    };
    assert_eq!(around().await, [false, false]);
    bench.patch(&installation, json!({ "couponField": "#coupon" })).await.ok();
    assert_eq!(around().await, [true, false]);
    let none = json!({ "couponField": null, "offerWindow": true });
    bench.patch(&installation, none).await.ok();
    assert_eq!(around().await, [true, false]);
    let pages = json!({ "offerWindow": false, "purchasePages": ["/thanks*"] });
    bench.patch(&installation, pages).await.ok();
    assert_eq!(around().await, [true, true]);
    let visit = say(&bench, "visit", json!({ "campaign": id })).await;
    let prompt = json!({
        "purchasePages": ["/thanks*"], "quietPages": [], "launcher": false, "offer": false,
        "everyDays": 30, "closedDays": 90,
    });
    assert_eq!((&visit["prompt"], &visit["campaign"]), (&prompt, &json!(id)));
    // A campaign that is over asks nobody.
    bench.patch(&path, json!({ "status": "COMPLETE" })).await.ok();
    assert_eq!(around().await, [false, false]);
    let visit = say(&bench, "visit", json!({ "campaign": id })).await;
    assert_eq!(visit["prompt"], Value::Null);
}

#[tokio::test]
async fn r_several_1_the_link_of_another_campaign_brings_nothing_here() {
    let (bench, path, id, _, token) = scene().await;
    let other = bench.campaign("CUSTOM").await;
    let there = other.rsplit('/').next().unwrap();
    let visit = say(&bench, "visit", json!({ "campaign": there, "token": token })).await;
    assert_eq!((&visit["referred"], &visit["token"]), (&json!(false), &Value::Null));
    for campaign in [there, &*id] {
        let lead =
            json!({ "campaign": campaign, "token": token, "lead": { "email": "fay@example.com" } });
        say(&bench, "lead", lead).await;
    }
    // Nor does a code that is another's, or nobody's.
    let ada =
        bench.get(&format!("{path}/participants")).await.ok()["participants"][0]["id"].clone();
    for (name, typed) in [("gus", ada), ("hal", json!("nobody"))] {
        let lead = json!({ "email": format!("{name}@example.com") });
        say(&bench, "lead", json!({ "campaign": there, "typed": typed, "lead": lead })).await;
    }
    cron::run(&bench.app, &bench.call()).await;
    for name in ["gus", "hal"] {
        bench.get(&format!("{other}/participant/{name}@example.com")).await.fails(404);
    }
    bench.get(&format!("{other}/participant/fay@example.com")).await.fails(404);
    assert!(
        bench.get(&format!("{path}/participant/fay@example.com")).await.ok()["referredBy"]
            .is_string()
    );
}
