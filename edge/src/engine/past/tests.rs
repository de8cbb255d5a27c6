//! Tests of what is known of a friend's past, whenever it is asked.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{fraud::Submission, time::Span};

use crate::{
    bench::Bench,
    engine::{
        cron,
        guard::tests::{counts, join, lead, order, review, told},
    },
};

/// A rule for new customers.
fn of_new(event: &str) -> Value {
    let is_new = json!({ "fact": "NEW_CUSTOMER", "is": "EQUALS", "value": true });
    json!({ "type": "SINGLE_SIDED", "event": event, "conditions": is_new })
}

/// A campaign that waits for an event, with Ada, and old@example.com on its list of customers.
async fn scene(bench: &Bench, event: &str) -> (String, String) {
    let campaign = bench.campaign_with("CUSTOM", &[]).await;
    bench.post(&format!("{campaign}/reward-configs"), of_new(event)).await.ok();
    let digest = Sha256::digest(b"old@example.com");
    let hash: String = digest.iter().map(|it| format!("{it:02x}")).collect();
    bench.post(&format!("{campaign}/customers"), json!({ "hashes": [hash] })).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    (campaign, ada)
}

#[tokio::test]
async fn r_customer_2_a_delayed_credit_knows_who_is_new() {
    for (name, expected) in [("bob", 1), ("old", 0)] {
        for delay in [json!({}), json!({ "delayInDays": 1 })] {
            let bench = Bench::new().await;
            let (campaign, ada) = scene(&bench, "CONVERSION").await;
            bench.add(&campaign, name, Some(&ada)).await;
            let path = format!("{campaign}/participant/{name}@example.com/ref");
            bench.post(&path, delay.clone()).await.ok();
            bench.pass(Span::days(2));
            cron::run(&bench.app, &bench.call()).await;
            assert_eq!(counts(&bench, &campaign, &ada).await.2, expected, "{name} {delay}");
        }
    }
}

#[tokio::test]
async fn r_customer_2_a_review_knows_who_was_new_when_it_happened() {
    for event in ["LEAD", "CONVERSION"] {
        let bench = Bench::new().await;
        let (campaign, ada) = scene(&bench, event).await;
        join(&bench, &campaign, "x@yopmail.com", &ada).await;
        // The orders that came meanwhile were not before them; the second is no first.
        order(&bench, &campaign, "x@yopmail.com", "1").await;
        order(&bench, &campaign, "x@yopmail.com", "2").await;
        review(&bench, &campaign, "x@yopmail.com", "ACCEPT").await;
        let told = told(&bench, &campaign, "x@yopmail.com").await;
        assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 1), "{event} {told:?}");
    }
}

#[tokio::test]
async fn r_guard_3_a_browser_brings_no_known_customer() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "CONVERSION").await;
    let both = json!({ "type": "DOUBLE_SIDED" });
    bench.post(&format!("{campaign}/reward-configs"), both).await.ok();
    for friend in ["old@example.com", "new@example.com"] {
        lead(&bench, &campaign, friend, &ada, Submission::default()).await;
        order(&bench, &campaign, friend, friend).await;
    }
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 2));
    let told = told(&bench, &campaign, "old@example.com").await;
    assert!(told.contains(&"REFUSED [ALREADY_CUSTOMER]".into()), "{told:?}");
    let old = bench.get(&format!("{campaign}/participant/old@example.com")).await.ok();
    assert_eq!(
        (&old["fraudRiskLevel"], &old["fraudReasonCode"]),
        (&json!("HIGH"), &json!("EXISTING_CUSTOMER"))
    );
    // What the back end tells is for the rules that ask.
    let added = join(&bench, &campaign, "OLD@example.com", &ada).await;
    assert_eq!(added["isNew"], false);
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "CONVERSION").await;
    join(&bench, &campaign, "old@example.com", &ada).await;
    order(&bench, &campaign, "old@example.com", "1").await;
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 0));
}
