//! Tests of what the owner does with rewards by hand.

use http::Method;
use serde_json::{Value, json};
use shared::{attribution::Touches, email::Email, reward::Source, time::Span};

use crate::{
    bench::Bench,
    engine::{
        enrol::{self, Brought, Newcomer},
        terms,
    },
    sql,
};

/// Ada's and Bob's rewards of a campaign that the owner approves by hand.
async fn manual(bench: &Bench) -> (String, String, [String; 2]) {
    let campaign = bench.campaign("ON_SIGNUP").await;
    let options = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), options).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let ids =
        [reward(bench, &campaign, &ada).await, reward(bench, &campaign, "bob@example.com").await];
    (campaign, ada, ids.map(|it| it["id"].as_str().unwrap().into()))
}

/// The newest reward of a participant.
async fn reward(bench: &Bench, campaign: &str, p: &str) -> Value {
    let found = bench.get(&format!("{campaign}/participant/{p}/rewards")).await.ok();
    found["rewards"][0].clone()
}

async fn state(bench: &Bench, campaign: &str, p: &str) -> (String, bool) {
    let it = reward(bench, campaign, p).await;
    (it["status"].as_str().unwrap().into(), it["approved"].as_bool().unwrap())
}

fn is(status: &str, approved: bool) -> (String, bool) {
    (status.into(), approved)
}

/// A browser says that somebody came by a referrer's link.
pub(crate) async fn lead(bench: &Bench, campaign: &str, name: &str, referrer: &str) {
    bench.pass(Span(1));
    let last = bench.claims(campaign, referrer);
    let email = Email::parse(&format!("{name}@example.com")).unwrap();
    let brought = Brought::Touches(Touches { first: None, last });
    let newcomer = Newcomer { brought, ..Newcomer::new(email, Source::Browser) };
    let id = campaign.trim_start_matches("/v2/campaign/");
    let (terms, _) = terms::read(&bench.app, id).await.unwrap();
    enrol::enrol(&bench.app, &bench.call(), &terms, &newcomer).await.unwrap();
}

/// The body of a 406 says so.
#[track_caller]
fn refused(body: &Value, message: &str) {
    assert_eq!(body["code"], "INVALID_REWARD_STATE");
    assert_eq!(body["name"], "InvalidRewardState");
    assert_eq!(body["message"], format!("Invalid reward state. {message}"));
}

#[tokio::test]
async fn r_hand_1_a_reward_is_approved_then_given_or_taken_back_before_that() {
    let bench = Bench::new().await;
    let (campaign, ada, [hers, his]) = manual(&bench).await;
    let path = |id: &str, deed: &str| format!("{campaign}/reward/{id}{deed}");
    let done = json!({ "success": true });

    let body = bench.post(&path(&hers, "/fulfill"), json!({})).await.fails(406);
    refused(&body, "Reward has not been approved.");
    assert_eq!(bench.post(&path(&hers, "/approve"), json!({})).await.ok(), done);
    assert_eq!(state(&bench, &campaign, &ada).await, is("PENDING", true));
    // Her friend's part is a matter of its own.
    assert_eq!(state(&bench, &campaign, "bob@example.com").await, is("PENDING", false));
    let body = bench.post(&path(&hers, "/approve"), json!({})).await.fails(406);
    refused(&body, "Reward has already been approved.");
    let body = bench.delete(&path(&hers, "")).await.fails(406);
    refused(&body, "This reward has already been approved and cannot be removed.");
    bench.pass(Span(1));
    assert_eq!(bench.post(&path(&hers, "/fulfill"), json!({})).await.ok(), done);
    let given = reward(&bench, &campaign, &ada).await;
    assert_eq!(
        (&given["isAvailable"], &given["fulfilledAt"]),
        (&json!(true), &json!(bench.now.get()))
    );
    let body = bench.post(&path(&hers, "/fulfill"), json!({})).await.fails(406);
    refused(&body, "Reward has already been fulfilled.");

    assert_eq!(bench.delete(&path(&his, "")).await.ok(), done);
    assert_eq!(state(&bench, &campaign, "bob@example.com").await, is("CANCELLED", false));
    for answer in [
        bench.delete(&path(&his, "")).await,
        bench.post(&path(&his, "/approve"), json!({})).await,
        bench.post(&path(&his, "/fulfill"), json!({})).await,
    ] {
        refused(&answer.fails(406), "Reward has been cancelled.");
    }

    let told = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
    let told = &told["decisions"];
    assert_eq!(
        (&told[0]["kind"], &told[0]["reasons"][0]),
        (&json!("FULFILLED"), &json!("FULFILLED_BY_HAND"))
    );
    assert_eq!(
        (&told[1]["kind"], &told[1]["reasons"][0]),
        (&json!("APPROVED"), &json!("APPROVED_BY_HAND"))
    );
    assert_eq!(
        (&told[1]["facts"]["reward"], &told[1]["facts"]["version"]),
        (&json!(hers), &json!(1))
    );
    let told = bench.get(&format!("{campaign}/participant/bob@example.com/decisions")).await.ok();
    assert!(told.to_string().contains("REMOVED_BY_HAND"), "{told}");
}

#[tokio::test]
async fn r_hand_1_other_peoples_rewards_and_wrong_bodies_change_nothing() {
    let bench = Bench::new().await;
    let (campaign, ada, [hers, _]) = manual(&bench).await;
    let other = bench.campaign("ON_SIGNUP").await;
    for base in [format!("{other}/reward/{hers}"), format!("{campaign}/reward/prew_nobody")] {
        bench.post(&format!("{base}/approve"), json!({})).await.fails(404);
        bench.post(&format!("{base}/fulfill"), json!({})).await.fails(404);
        bench.delete(&base).await.fails(404);
    }
    let path = format!("{campaign}/reward/{hers}/approve");
    bench.post(&path, json!({ "fulfill": "yes" })).await.refuses("fulfill");
    bench.post(&path, json!({ "fulfil": true })).await.refuses("fulfil");
    assert_eq!(state(&bench, &campaign, &ada).await, is("PENDING", false));
    bench.post(&path, json!({ "fulfill": true })).await.ok();
    assert_eq!(state(&bench, &campaign, &ada).await, is("FULFILLED", true));
}

#[tokio::test]
async fn r_hand_2_a_reward_goes_as_far_by_itself_as_the_options_say() {
    let bench = Bench::new().await;
    for (manual, auto, first, by_hand) in [
        (true, false, is("PENDING", false), Some(is("PENDING", true))),
        (true, true, is("PENDING", false), Some(is("FULFILLED", true))),
        (false, false, is("PENDING", true), None),
        (false, true, is("FULFILLED", true), None),
    ] {
        let campaign = bench.campaign("ON_SIGNUP").await;
        let options = json!({ "requireManualRewardApproval": manual, "autoFulfillRewards": auto });
        bench.patch(&format!("{campaign}/options"), options).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "bob", Some(&ada)).await;
        assert_eq!(state(&bench, &campaign, &ada).await, first);
        let id = reward(&bench, &campaign, &ada).await["id"].as_str().unwrap().to_owned();
        let answer = bench.post(&format!("{campaign}/reward/{id}/approve"), json!({})).await;
        match by_hand {
            Some(expected) => {
                answer.ok();
                assert_eq!(state(&bench, &campaign, &ada).await, expected);
            }
            None => refused(&answer.fails(406), "Reward has already been approved."),
        }
    }
}

#[tokio::test]
async fn r_hand_4_twenty_hands_at_once_are_one() {
    let bench = Bench::new().await;
    let (campaign, _, [hers, his]) = manual(&bench).await;
    for (id, deed, method) in [
        (&hers, "/approve", Method::POST),
        (&hers, "/fulfill", Method::POST),
        (&his, "", Method::DELETE),
    ] {
        let path = format!("{campaign}/reward/{id}{deed}");
        let answers = bench.twenty(method, &path, json!({})).await;
        let statuses: Vec<u16> = answers.iter().map(|it| it.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|it| **it == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|it| **it == 406).count(), 19, "{statuses:?}");
    }
    let decided = sql!(
        "-- t
         SELECT count(*) AS n FROM decision WHERE kind IN ('APPROVED', 'FULFILLED', 'CANCELLED')"
    );
    assert_eq!(bench.number(decided).await, 3);
}

#[tokio::test]
async fn r_hand_3_the_owners_hand_vouches_for_what_a_browser_said_within_limit_and_budget() {
    let bench = Bench::new().await;
    let rule = json!({
        "type": "SINGLE_SIDED", "limit": 1, "gives": { "kind": "CREDIT", "amount": 500 },
    });
    let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    lead(&bench, &campaign, "bob", &ada).await;
    lead(&bench, &campaign, "cid", &ada).await;
    let found = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
    let ids: Vec<&str> =
        found["rewards"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    let budget = |amount| json!({ "budget": { "rewards": null, "amount": amount } });
    bench.patch(&format!("{campaign}/options"), budget(499)).await.ok();
    let approve = |id: &str| format!("{campaign}/reward/{id}/approve");
    let body = bench.post(&approve(ids[0]), json!({})).await.fails(406);
    refused(&body, "The budget of the program has been used up.");
    bench.patch(&format!("{campaign}/options"), budget(5_000)).await.ok();
    // Both at once: there is room for one.
    let requests = ids.iter().map(|it| bench.request(Method::POST, &approve(it), "{}"));
    let answers = bench.at_once(requests.collect::<Vec<_>>()).await;
    let (well, ill): (Vec<_>, Vec<_>) = answers.into_iter().partition(|it| it.status == 200);
    assert_eq!((well.len(), ill.len()), (1, 1));
    refused(&ill[0].body, "The limit of this reward has been reached.");
    assert_eq!(
        bench.number(sql!("-- t\n SELECT amount AS n FROM budget WHERE 0 < amount")).await,
        500
    );
    // The back end's word on both friends changes nothing of it, and cancels the other.
    for name in ["bob", "cid"] {
        bench.add(&campaign, name, None).await;
    }
    let found = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
    let mut states: Vec<_> = found["rewards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].as_str().unwrap())
        .collect();
    states.sort_unstable();
    assert_eq!(states, ["CANCELLED", "PENDING"]);
}

#[tokio::test]
async fn r_hand_5_the_back_ends_later_word_undoes_what_a_hand_approved_for_a_browser() {
    let bench = Bench::new().await;
    for (deed, expected) in
        [("approve", "CANCELLED"), ("give", "REVERSED"), ("remove", "CANCELLED")]
    {
        let campaign = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let cid = bench.add(&campaign, "cid", None).await;
        lead(&bench, &campaign, "bob", &ada).await;
        let id = reward(&bench, &campaign, &ada).await["id"].as_str().unwrap().to_owned();
        let path = format!("{campaign}/reward/{id}");
        match deed {
            "remove" => bench.delete(&path).await.ok(),
            _ => bench
                .post(&format!("{path}/approve"), json!({ "fulfill": deed == "give" }))
                .await
                .ok(),
        };
        bench.pass(Span(1));
        let named = json!({ "email": "bob@example.com", "referredBy": cid });
        bench.post(&format!("{campaign}/participant"), named).await.ok();
        let hers = sql!("-- t\n SELECT status = ?2 AS n FROM reward WHERE id = ?1", &id, expected);
        assert_eq!(bench.number(hers).await, 1, "{deed}");
        assert_eq!(state(&bench, &campaign, &cid).await, is("PENDING", true));
        assert_eq!(state(&bench, &campaign, "bob@example.com").await, is("PENDING", true));
        let records = sql!("-- t\n SELECT count(*) AS n FROM reversal WHERE reward = ?1", &id);
        assert_eq!(bench.number(records).await, i64::from(deed == "give"));
        let told = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
        let told = &told["decisions"][0];
        let reason = if deed == "remove" { "REMOVED_BY_HAND" } else { "NO_LONGER_COUNTS" };
        assert_eq!((&told["kind"], &told["reasons"]), (&json!(expected), &json!([reason])));
        assert_eq!(told["facts"]["reward"], *id);
    }
}

#[tokio::test]
async fn r_notice_1_the_owner_is_told_of_what_waits_for_their_hand_until_it_is_dealt_with() {
    let bench = Bench::new().await;
    let open = || {
        sql!(
            "-- t\n SELECT count(*) AS n FROM notice WHERE kind = 'REWARD_WAITING' AND seen_at IS NULL"
        )
    };
    let (campaign, ada, [hers, his]) = manual(&bench).await;
    assert_eq!(bench.number(open()).await, 2);
    let shown = bench.get(&format!("{campaign}/notices")).await.ok();
    assert_eq!(shown["notices"].as_array().unwrap().len(), 2);
    bench.post(&format!("{campaign}/reward/{hers}/approve"), json!({})).await.ok();
    assert_eq!(bench.number(open()).await, 1);
    bench.delete(&format!("{campaign}/reward/{his}")).await.ok();
    assert_eq!(bench.number(open()).await, 0);
    // A browser's word is no matter for the owner until somebody confirms it.
    lead(&bench, &campaign, "cid", &ada).await;
    assert_eq!(bench.number(open()).await, 0);
    bench.add(&campaign, "cid", None).await;
    assert_eq!(bench.number(open()).await, 2);
    // Where nobody approves by hand, nobody is told.
    let other = bench.campaign("ON_SIGNUP").await;
    let eve = bench.add(&other, "eve", None).await;
    bench.add(&other, "fay", Some(&eve)).await;
    assert_eq!(bench.number(open()).await, 2);
}
