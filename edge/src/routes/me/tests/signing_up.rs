//! Tests of friends who joined on our page, and whose sign-up is told afterwards.

use serde_json::{Value, json};

use super::Scene;
use crate::routes::rest::rewards::hand_tests::lead;

impl Scene {
    /// A rule of the referrer's by sign-ups.
    async fn asks_for(&self, sign_ups: u32) {
        let event = json!({ "referralTrigger": "CUSTOM" });
        self.bench.patch(&format!("{}/installation", self.campaign), event).await.ok();
        let rule = json!({
            "type": "SINGLE_SIDED", "event": "LEAD", "conversionsRequired": sign_ups,
            "gives": { "kind": "BADGE" },
        });
        self.bench.post(&format!("{}/reward-configs", self.campaign), rule).await.ok();
    }

    /// Somebody joins by Ada's link, and comes in by the link in their mail.
    async fn comes(&self, name: &str) {
        let token = self.bench.token(&self.campaign, &self.ada);
        let email = format!("{name}@example.com");
        self.join(&email, &format!("&token={token}")).await;
        self.run().await;
        let id = self.wire(&email).await.ok()["id"].as_str().unwrap().to_owned();
        self.arrive(&id).await;
    }

    /// The back end tells of their sign-up.
    async fn signs_up(&self, name: &str) {
        let person = json!({ "email": format!("{name}@example.com") });
        self.bench.post(&format!("{}/participant", self.campaign), person).await.ok();
    }

    /// Ada's badges: all, and those that are approved.
    async fn badges(&self) -> (usize, usize) {
        let path = format!("{}/participant/{}/rewards", self.campaign, self.ada);
        let found = self.bench.get(&path).await.ok();
        let badges: Vec<&Value> = found["rewards"].as_array().unwrap().iter().collect();
        let approved = badges.iter().filter(|it| it["approved"] == true).count();
        (badges.len(), approved)
    }
}

#[tokio::test]
async fn r_me_13_who_joined_first_counts_once_when_their_sign_up_is_told() {
    let it = Scene::new().await;
    it.asks_for(2).await;
    it.comes("bob").await;
    it.comes("cid").await;
    it.signs_up("bob").await;
    assert_eq!(it.badges().await, (0, 0));
    for _ in 0..2 {
        it.signs_up("cid").await;
        assert_eq!(it.badges().await, (1, 1));
    }
    // Alone they are no round.
    it.comes("dot").await;
    it.signs_up("dot").await;
    assert_eq!(it.badges().await, (1, 1));
}

#[tokio::test]
async fn r_me_13_however_many_came_before_each_round_is_earned() {
    let it = Scene::new().await;
    it.asks_for(2).await;
    for name in ["bob", "cid", "dot", "eve", "fay"] {
        it.comes(name).await;
    }
    let mut earned = Vec::new();
    for name in ["bob", "cid", "dot", "eve", "fay"] {
        it.signs_up(name).await;
        earned.push(it.badges().await);
    }
    assert_eq!(earned, [(0, 0), (1, 1), (1, 1), (2, 2), (2, 2)]);
}

#[tokio::test]
async fn r_me_13_their_sign_up_confirms_a_round_that_waits_and_is_told_once() {
    let it = Scene::new().await;
    it.asks_for(2).await;
    it.bench.add(&it.campaign, "bob", Some(&it.ada)).await;
    lead(&it.bench, &it.campaign, "cid", &it.ada).await;
    assert_eq!(it.badges().await, (1, 0));
    it.comes("dot").await;
    it.signs_up("dot").await;
    assert_eq!(it.badges().await, (1, 1));
}
