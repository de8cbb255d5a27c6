//! Tests of what becomes of held referrals.

use http::Method;
use serde_json::json;
use shared::{fraud::Submission, time::Span};

use crate::{
    bench::Bench,
    engine::guard::tests::{counts, join, lead, order, review, scene, shown, told},
    sql,
};

#[tokio::test]
async fn r_guard_9_a_held_friend_earns_and_counts_nothing_and_the_referrer_sees_a_pending_one() {
    let bench = Bench::new().await;
    let asked = json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2, "event": "LEAD" });
    let both = json!({ "type": "DOUBLE_SIDED" });
    let campaign = bench.campaign_with("CUSTOM", &[asked, both]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    join(&bench, &campaign, "a@example.com", &ada).await;
    join(&bench, &campaign, "x@yopmail.com", &ada).await;
    // Two friends came, and one of them counts: the round of two is not full.
    assert_eq!(counts(&bench, &campaign, &ada).await, (0, 2, 0));
    order(&bench, &campaign, "x@yopmail.com", "7").await;
    assert_eq!(counts(&bench, &campaign, &ada).await, (0, 2, 0));
    let own = shown(&bench, &campaign, &ada).await;
    assert_eq!((&own["fraudRiskLevel"], own.get("fraudReasonCode")), (&json!("LOW"), None));
    let rewards = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
    let words = format!("{own} {rewards} {:?}", told(&bench, &campaign, &ada).await);
    assert!(!words.contains("DISPOSABLE") && !words.contains("HELD"), "{words}");
    // The review lets it count as a lead, and as the credit that came meanwhile.
    let accepted = review(&bench, &campaign, "x@yopmail.com", "ACCEPT").await;
    assert_eq!(accepted, (true, "Successfully awarded referral credit.".into()));
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 1, 2));
}

#[tokio::test]
async fn r_guard_10_what_came_while_a_friend_was_held_is_credited_by_the_review() {
    let bench = Bench::new().await;
    for (trigger, way) in
        [("ON_SIGNUP", ""), ("CUSTOM", "ref"), ("CUSTOM", "order"), ("CUSTOM", "")]
    {
        let (campaign, ada) = scene(&bench, trigger, json!({})).await;
        bench
            .patch(&format!("{campaign}/options"), json!({ "referralCreditWindowDays": 7 }))
            .await
            .ok();
        let friend = "x@yopmail.com";
        join(&bench, &campaign, friend, &ada).await;
        let trigger_path = format!("{campaign}/participant/{friend}/ref");
        for _ in 0..2 {
            match way {
                "ref" => {
                    let answer = bench.post(&trigger_path, json!({})).await.ok();
                    assert_eq!(answer["success"], json!(false));
                    assert_eq!(answer["message"], "It is looked at before it counts.");
                }
                "order" => {
                    order(&bench, &campaign, friend, &bench.now.get().0.to_string()).await;
                }
                _ => {}
            }
        }
        assert_eq!(counts(&bench, &campaign, &ada).await, (0, 1, 0), "{way}");
        // The review takes longer than the window: the event was in time.
        bench.pass(Span::days(8));
        let came = (trigger, way) != ("CUSTOM", "");
        let message =
            if came { "Successfully awarded referral credit." } else { "The referral goes on" };
        assert_eq!(review(&bench, &campaign, friend, "ACCEPT").await, (true, message.into()));
        let expected = if came { (1, 0, 1) } else { (0, 1, 0) };
        assert_eq!(counts(&bench, &campaign, &ada).await, expected, "{trigger} {way}");
        let shown = shown(&bench, &campaign, friend).await;
        assert_eq!(
            (&shown["fraudRiskLevel"], &shown["fraudReasonCode"]),
            (&json!("LOW"), &json!("MANUAL_UPDATE"))
        );
        for again in ["ACCEPT", "REJECT"] {
            let answer = review(&bench, &campaign, friend, again).await;
            assert_eq!(answer, (false, "The referral is not held for review".into()));
        }
        assert_eq!(counts(&bench, &campaign, &ada).await, expected);
        let kept = sql!("-- t\n SELECT count(*) AS n FROM hold WHERE event IS NOT NULL");
        assert_eq!(bench.number(kept).await, 0, "forgotten with the review");
    }
}

#[tokio::test]
async fn r_guard_10_an_event_after_the_window_is_late_whatever_the_review_says() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "CUSTOM", json!({})).await;
    bench
        .patch(&format!("{campaign}/options"), json!({ "referralCreditWindowDays": 7 }))
        .await
        .ok();
    join(&bench, &campaign, "x@yopmail.com", &ada).await;
    bench.pass(Span(Span::days(7).0 + 1));
    order(&bench, &campaign, "x@yopmail.com", "7").await;
    review(&bench, &campaign, "x@yopmail.com", "ACCEPT").await;
    let friend = shown(&bench, &campaign, "x@yopmail.com").await;
    assert_eq!(friend["referralStatus"], "CREDIT_EXPIRED");
    assert_eq!(counts(&bench, &campaign, &ada).await, (0, 0, 0));
}

#[tokio::test]
async fn r_guard_10_a_rejected_friend_earns_nothing_for_good() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "CUSTOM", json!({})).await;
    join(&bench, &campaign, "x@yopmail.com", &ada).await;
    order(&bench, &campaign, "x@yopmail.com", "7").await;
    let path = format!("{campaign}/participant/x@yopmail.com/ref");
    bench.post(&path, json!({ "review": "MAYBE" })).await.refuses("review");
    let both = json!({ "review": "ACCEPT", "attribution": "x" });
    bench.post(&path, both).await.refuses("attribution");
    let answer = review(&bench, &campaign, "x@yopmail.com", "REJECT").await;
    assert_eq!(answer, (true, "The referral is rejected".into()));
    order(&bench, &campaign, "x@yopmail.com", "8").await;
    bench.post(&path, json!({})).await.ok();
    assert_eq!(counts(&bench, &campaign, &ada).await, (0, 0, 0));
    let friend = shown(&bench, &campaign, "x@yopmail.com").await;
    assert_eq!(
        (&friend["referralStatus"], &friend["fraudRiskLevel"], &friend["fraudReasonCode"]),
        (&json!("CREDIT_EXPIRED"), &json!("HIGH"), &json!("MANUAL_UPDATE"))
    );
    let told = told(&bench, &campaign, "x@yopmail.com").await;
    assert_eq!(told[0], "REFUSED [REJECTED_BY_HAND]");
    // Nobody else's, and nobody unknown.
    let review = json!({ "review": "ACCEPT" });
    bench.post(&format!("{campaign}/participant/nobody/ref"), review.clone()).await.fails(404);
    let other = bench.campaign("CUSTOM").await;
    bench.post(&format!("{other}/participant/x@yopmail.com/ref"), review.clone()).await.fails(404);
    let alone = bench.post(&format!("{campaign}/participant/{ada}/ref"), review).await.ok();
    assert_eq!(alone["message"], "Participant was not referred");
}

#[tokio::test]
async fn r_guard_10_twenty_reviews_at_once_credit_once() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({})).await;
    join(&bench, &campaign, "x@yopmail.com", &ada).await;
    let path = format!("{campaign}/participant/x@yopmail.com/ref");
    let review = json!({ "review": "ACCEPT" });
    let answers = bench.twenty(Method::POST, &path, review).await;
    let done = answers.into_iter().filter(|it| it.body["success"] == true).count();
    assert_eq!(done, 1);
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 1));
}

#[tokio::test]
async fn r_guard_10_a_review_and_an_order_at_once_credit_once_whoever_is_first() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "CUSTOM", json!({})).await;
    join(&bench, &campaign, "x@yopmail.com", &ada).await;
    let path = format!("{campaign}/participant/x@yopmail.com");
    let requests = (0..20).map(|n| {
        let order = json!({ "currency": "EUR", "grossAmount": 1_000, "orderId": n.to_string() });
        if n % 4 == 2 {
            let review = json!({ "review": "ACCEPT" });
            bench.request(Method::POST, &format!("{path}/ref"), review.to_string())
        } else {
            bench.request(Method::POST, &format!("{path}/transaction"), order.to_string())
        }
    });
    for answer in bench.at_once(requests).await {
        answer.ok();
    }
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 1));
}

#[tokio::test]
async fn r_guard_11_scripted_leads_beyond_the_limit_stay_held_when_orders_come_later() {
    let bench = Bench::new().await;
    let limits = json!({ "maxFriendsPerHour": 5, "maxFriendsPerDay": 20 });
    let (campaign, ada) = scene(&bench, "CUSTOM", limits).await;
    for n in 0..60 {
        let friend = format!("f{n}@example.com");
        lead(&bench, &campaign, &friend, &ada, Submission::default()).await;
    }
    assert_eq!(counts(&bench, &campaign, &ada).await, (0, 60, 0));
    for n in 0..60 {
        order(&bench, &campaign, &format!("f{n}@example.com"), &format!("{n}")).await;
    }
    // The first five are as good as anybody's; nobody else's order earns anything.
    assert_eq!(counts(&bench, &campaign, &ada).await, (5, 55, 5));
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM reward")).await, 10);
    let orders = sql!("-- t\n SELECT count(*) AS n FROM conversion WHERE kind = 'TRANSACTION'");
    assert_eq!(bench.number(orders).await, 60, "none is lost");
    let kept = sql!("-- t\n SELECT count(*) AS n FROM hold WHERE event IS NOT NULL");
    assert_eq!(bench.number(kept).await, 55);
}

#[tokio::test]
async fn r_refund_8_a_review_and_a_refund_at_once_pay_for_nothing() {
    for n in 0..20 {
        let bench = Bench::new().await;
        let (campaign, ada) = scene(&bench, "CUSTOM", json!({})).await;
        join(&bench, &campaign, "x@yopmail.com", &ada).await;
        order(&bench, &campaign, "x@yopmail.com", "7").await;
        let path = format!("{campaign}/participant/x@yopmail.com");
        let accept = json!({ "review": "ACCEPT" }).to_string();
        let review = bench.request(Method::POST, &format!("{path}/ref"), accept);
        let all = json!({ "orderId": "7" }).to_string();
        let refund = bench.request(Method::POST, &format!("{path}/transaction/refund"), all);
        let both = if n % 2 == 0 { [review, refund] } else { [refund, review] };
        for answer in bench.at_once(both).await {
            answer.ok();
        }
        let standing = sql!("-- t\n SELECT count(*) AS n FROM reward WHERE status <> 'CANCELLED'");
        assert_eq!(bench.number(standing).await, 0);
        assert_eq!(counts(&bench, &campaign, &ada).await.0, 0);
    }
}

#[tokio::test]
async fn r_guard_10_the_first_order_that_stands_is_credited() {
    let bench = Bench::new().await;
    let amount = json!({ "fact": "AMOUNT", "is": "AT_LEAST", "value": 400 });
    let rule = json!({ "type": "SINGLE_SIDED", "conditions": amount });
    let campaign = bench.campaign_with("CUSTOM", &[rule]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    // Of orders of 1,000: refunds of the first and second, and what becomes of the friend.
    for (n, first, second, earned) in [
        (0, None, None, true),
        (1, Some(1_000), None, true),
        (2, Some(1_000), Some(1_000), false),
        (3, Some(600), None, true),
        (4, Some(601), None, false),
        (5, Some(1_000), Some(601), false),
    ] {
        let friend = format!("x{n}@yopmail.com");
        join(&bench, &campaign, &friend, &ada).await;
        let before = counts(&bench, &campaign, &ada).await.2;
        for (k, refunded) in [first, second].into_iter().enumerate() {
            let number = format!("{n}-{k}");
            order(&bench, &campaign, &friend, &number).await;
            if let Some(amount) = refunded {
                let body = json!({ "orderId": number, "refundAmount": amount, "refundId": number });
                let path = format!("{campaign}/participant/{friend}/transaction/refund");
                bench.post(&path, body).await.ok();
            }
        }
        review(&bench, &campaign, &friend, "ACCEPT").await;
        let after = counts(&bench, &campaign, &ada).await.2;
        let told = told(&bench, &campaign, &friend).await;
        assert_eq!(after - before, usize::from(earned), "{n} {told:?}");
    }
}
