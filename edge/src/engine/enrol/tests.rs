//! Tests of how people are added, bound, confirmed and contradicted.

use serde_json::Value;
use shared::attribution::{TokenError, Touches};

use super::*;
use crate::{bench::Bench, engine::terms, sql};

fn newcomer(name: &str, source: Source, brought: Brought) -> Newcomer {
    Newcomer {
        email: Email::parse(&format!("{name}@example.com")).unwrap(),
        first_name: None,
        last_name: None,
        metadata: BTreeMap::new(),
        language: None,
        source,
        brought,
        typed: None,
        named_status: None,
        by_hand: false,
        submission: Submission::default(),
        joins: None,
        also: Vec::new(),
    }
}

/// A campaign with Ada in it.
async fn ada(bench: &Bench, trigger: &str) -> (String, String) {
    let campaign = bench.campaign(trigger).await;
    let ada = bench.add(&campaign, "ada", None).await;
    (campaign, ada)
}

async fn does(bench: &Bench, campaign: &str, newcomer: &Newcomer) -> Enrolled {
    // Decisions of one instant have no order between calls.
    bench.pass(Span(1));
    let id = campaign.trim_start_matches("/v2/campaign/");
    let (terms, _) = terms::read(&bench.app, id).await.unwrap();
    enrol(&bench.app, &bench.call(), &terms, newcomer).await.unwrap()
}

async fn lead(bench: &Bench, campaign: &str, name: &str, referrer: &str) -> Enrolled {
    let last = bench.claims(campaign, referrer);
    let brought = Brought::Touches(Touches { first: None, last });
    does(bench, campaign, &newcomer(name, Source::Browser, brought)).await
}

/// The participant's rewards: approved or not.
async fn approved(bench: &Bench, campaign: &str, p: &str) -> Vec<bool> {
    let found = bench.get(&format!("{campaign}/participant/{p}/rewards")).await.ok();
    let rewards = found["rewards"].as_array().unwrap().iter();
    rewards.map(|it| it["approved"].as_bool().unwrap()).collect()
}

/// Kinds and first reasons of the decisions about a participant, newest first.
async fn decisions(bench: &Bench, campaign: &str, p: &str) -> Vec<String> {
    let found = bench.get(&format!("{campaign}/participant/{p}/decisions")).await.ok();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let decisions = found["decisions"].as_array().unwrap().iter();
    decisions
        .map(|it| {
            let reasons: Vec<_> = it["reasons"].as_array().unwrap().iter().map(text).collect();
            format!("{} {}", text(&it["kind"]), reasons.join(" "))
        })
        .collect()
}

#[tokio::test]
async fn r_source_1_a_browsers_sign_up_waits_until_the_back_end_confirms_it() {
    let bench = Bench::new().await;
    for way in ["participant", "ref", "transaction"] {
        let (campaign, ada) = ada(&bench, "ON_SIGNUP").await;
        lead(&bench, &campaign, "bob", &ada).await;
        let shown = bench.get(&format!("{campaign}/participant/bob@example.com")).await.ok();
        assert_eq!(shown["referralStatus"], "CREDIT_AWARDED");
        assert_eq!(approved(&bench, &campaign, &ada).await, [false]);
        assert_eq!(approved(&bench, &campaign, "bob@example.com").await, [false]);
        for turn in 0..3 {
            bench.pass(Span(1));
            let email = serde_json::json!({ "email": "bob@example.com" });
            let order = serde_json::json!({
                "currency": "EUR", "grossAmount": 1, "orderId": format!("{turn}"),
            });
            let friend = format!("{campaign}/participant/bob@example.com");
            let answer = match way {
                "participant" => bench.post(&format!("{campaign}/participant"), email).await,
                "ref" => bench.post(&format!("{friend}/ref"), serde_json::json!({})).await,
                _ => bench.post(&format!("{friend}/transaction"), order).await,
            };
            answer.ok();
            assert_eq!(approved(&bench, &campaign, &ada).await, [true], "{way}");
            assert_eq!(approved(&bench, &campaign, "bob@example.com").await, [true], "{way}");
        }
        let expected = [
            "CONFIRMED CONFIRMED_BY_SERVER",
            "CREDITED QUALIFIED AWAITS_CONFIRMATION",
            "BOUND BY_CLICK",
        ];
        assert_eq!(decisions(&bench, &campaign, "bob@example.com").await, expected, "{way}");
    }
}

#[tokio::test]
async fn r_source_1_scripted_leads_yield_nothing_to_spend() {
    let bench = Bench::new().await;
    let round = serde_json::json!({ "type": "SINGLE_SIDED", "conversionsRequired": 3 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[round]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    for name in ["a", "b", "c", "d", "e", "f"] {
        lead(&bench, &campaign, name, &ada).await;
    }
    // Two real people among six do not fill a round of three; the third does.
    assert_eq!(approved(&bench, &campaign, &ada).await, [false, false]);
    let real = async |name| {
        does(&bench, &campaign, &newcomer(name, Source::Server, Brought::Nothing)).await
    };
    real("a").await;
    real("f").await;
    assert_eq!(approved(&bench, &campaign, &ada).await, [false, false]);
    real("c").await;
    let mut found = approved(&bench, &campaign, &ada).await;
    found.sort_unstable();
    assert_eq!(found, [false, true]);
}

#[tokio::test]
async fn r_source_4_the_back_ends_claim_beats_a_scripted_lead() {
    let bench = Bench::new().await;
    for (trigger, way) in [
        ("ON_SIGNUP", "participant"),
        ("ON_SIGNUP", "referredBy"),
        ("ON_SIGNUP", "ref"),
        ("ON_SIGNUP", "transaction"),
        ("CUSTOM", "participant"),
        ("CUSTOM", "referredBy"),
        ("CUSTOM", "ref"),
        ("CUSTOM", "transaction"),
    ] {
        let (campaign, ann) = ada(&bench, trigger).await;
        let eve = bench.add(&campaign, "eve", None).await;
        lead(&bench, &campaign, "bob", &eve).await;
        let attribution = bench.token(&campaign, &ann);
        let friend = format!("{campaign}/participant/bob@example.com");
        let person = |field: &str, value: &str| {
            let mut person = serde_json::json!({ "email": "bob@example.com" });
            person[field] = value.into();
            person
        };
        for turn in 0..3 {
            bench.pass(Span(1));
            let add = format!("{campaign}/participant");
            let order = serde_json::json!({
                "currency": "EUR", "grossAmount": 1, "orderId": format!("{turn}"),
                "attribution": attribution,
            });
            let claim = serde_json::json!({ "attribution": attribution });
            let answer = match way {
                "participant" => bench.post(&add, person("attribution", &attribution)).await,
                "referredBy" => bench.post(&add, person("referredBy", &ann)).await,
                "ref" => bench.post(&format!("{friend}/ref"), claim).await,
                _ => bench.post(&format!("{friend}/transaction"), order).await,
            };
            answer.ok();
        }
        // Whatever came first, the order is paid for to whom the back end names.
        let order = serde_json::json!({ "currency": "EUR", "grossAmount": 1, "orderId": "z" });
        bench.post(&format!("{friend}/transaction"), order).await.ok();
        let shown = bench.get(&friend).await.ok();
        assert_eq!(
            (&shown["referredBy"], &shown["referralStatus"]),
            (&serde_json::json!(ann), &serde_json::json!("CREDIT_AWARDED")),
            "{trigger} {way}"
        );
        assert_eq!(approved(&bench, &campaign, &ann).await, [true], "{trigger} {way}");
        let found = bench.get(&format!("{campaign}/participant/{eve}/rewards")).await.ok();
        let found = found["rewards"].as_array().unwrap();
        assert!(found.iter().all(|it| it["status"] == "CANCELLED" && it["approved"] == false));
        let eve = bench.get(&format!("{campaign}/participant/{eve}")).await.ok();
        assert_eq!((&eve["referralCount"], &eve["isWinner"]), (&0.into(), &false.into()));
        let told = decisions(&bench, &campaign, "bob@example.com").await;
        let reasons = if way == "referredBy" { "BY_CODE" } else { "BY_CLICK" };
        let expected = format!("BOUND SERVER_BEATS_BROWSER {reasons}");
        assert_eq!(told.iter().filter(|it| **it == expected).count(), 1, "{told:?}");
    }
}

#[tokio::test]
async fn r_source_4_rounds_that_are_not_full_any_more_are_cancelled_and_filled_again() {
    let bench = Bench::new().await;
    let round = serde_json::json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[round]).await;
    let ann = bench.add(&campaign, "ann", None).await;
    let eve = bench.add(&campaign, "eve", None).await;
    let statuses = async || {
        let found = bench.get(&format!("{campaign}/participant/{eve}/rewards")).await.ok();
        let found = found["rewards"].as_array().unwrap().iter();
        found.map(|it| it["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    lead(&bench, &campaign, "a", &eve).await;
    lead(&bench, &campaign, "b", &eve).await;
    assert_eq!(statuses().await, ["PENDING"]);
    let told =
        Newcomer { typed: Some(ann.clone()), ..newcomer("a", Source::Server, Brought::Nothing) };
    does(&bench, &campaign, &told).await;
    assert_eq!(statuses().await, ["CANCELLED"]);
    lead(&bench, &campaign, "c", &eve).await;
    assert_eq!(statuses().await, ["PENDING", "CANCELLED"]);
    for name in ["b", "c"] {
        does(&bench, &campaign, &newcomer(name, Source::Server, Brought::Nothing)).await;
    }
    assert_eq!(approved(&bench, &campaign, &eve).await, [true, false]);
}

#[tokio::test]
async fn r_reward_6_what_nobody_confirmed_uses_up_no_limit() {
    let bench = Bench::new().await;
    let rule = serde_json::json!({ "type": "DOUBLE_SIDED", "limit": 1 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
    let ann = bench.add(&campaign, "ann", None).await;
    let rewards = async || {
        let found = bench.get(&format!("{campaign}/participant/{ann}/rewards")).await.ok();
        let found = found["rewards"].as_array().unwrap().iter();
        let shown = |it: &Value| format!("{} {}", it["status"].as_str().unwrap(), it["approved"]);
        found.map(shown).collect::<Vec<_>>()
    };
    for name in ["a", "b", "c"] {
        lead(&bench, &campaign, name, &ann).await;
    }
    assert_eq!(rewards().await, ["PENDING false", "PENDING false", "PENDING false"]);
    let confirm = async |name| {
        does(&bench, &campaign, &newcomer(name, Source::Server, Brought::Nothing)).await
    };
    confirm("b").await;
    assert_eq!(rewards().await, ["PENDING false", "PENDING true", "PENDING false"]);
    let order = serde_json::json!({ "currency": "EUR", "grossAmount": 1, "orderId": "1" });
    let cid = format!("{campaign}/participant/c@example.com");
    bench.post(&format!("{cid}/transaction"), order).await.ok();
    assert_eq!(rewards().await, ["CANCELLED false", "PENDING true", "PENDING false"]);
    confirm("a").await;
    assert_eq!(rewards().await, ["CANCELLED false", "PENDING true", "CANCELLED false"]);
    for name in ["a", "c"] {
        let friend = format!("{name}@example.com");
        let newest = decisions(&bench, &campaign, &friend).await.swap_remove(0);
        assert_eq!(newest, "CONFIRMED CONFIRMED_BY_SERVER LIMIT_REACHED");
        assert_eq!(approved(&bench, &campaign, &friend).await, [true]);
    }
    lead(&bench, &campaign, "d", &ann).await;
    assert_eq!(rewards().await.len(), 3);
}

#[tokio::test]
async fn r_source_3_confirmation_leaves_approval_to_the_owner_where_they_asked_for_it() {
    let bench = Bench::new().await;
    let (campaign, ada) = ada(&bench, "ON_SIGNUP").await;
    let manual = serde_json::json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), manual).await.ok();
    lead(&bench, &campaign, "bob", &ada).await;
    does(&bench, &campaign, &newcomer("bob", Source::Server, Brought::Nothing)).await;
    assert_eq!(approved(&bench, &campaign, &ada).await, [false]);
    let newest = decisions(&bench, &campaign, "bob@example.com").await.swap_remove(0);
    assert_eq!(newest, "CONFIRMED CONFIRMED_BY_SERVER AWAITS_APPROVAL");
}

#[tokio::test]
async fn r_bond_5_a_lead_with_a_bad_token_is_kept_unbound_with_a_decision() {
    let bench = Bench::new().await;
    let (campaign, _) = ada(&bench, "CUSTOM").await;
    for (name, error, reason) in [
        ("bob", TokenError::Signature, "TOKEN_INVALID"),
        ("cid", TokenError::Expired, "TOKEN_EXPIRED"),
    ] {
        let brought = Brought::Refused(error);
        let made = does(&bench, &campaign, &newcomer(name, Source::Browser, brought)).await;
        assert_eq!((made.is_new, made.referrer), (true, None));
        let found = decisions(&bench, &campaign, made.participant.as_str()).await;
        assert_eq!(found, [format!("UNBOUND {reason}")]);
    }
}

#[tokio::test]
async fn r_bond_8_whoever_is_here_already_is_not_bound_again() {
    let bench = Bench::new().await;
    let (campaign, ada) = ada(&bench, "CUSTOM").await;
    let cid = bench.add(&campaign, "cid", None).await;
    for _ in 0..2 {
        let own = bench.claims(&campaign, &ada);
        let own = shared::attribution::Claims { jti: "click".into(), ..own };
        let brought = Brought::Touches(Touches { first: None, last: own });
        let again = does(&bench, &campaign, &newcomer("ada", Source::Browser, brought)).await;
        assert_eq!((again.is_new, again.referrer), (false, None));
    }
    assert_eq!(decisions(&bench, &campaign, &ada).await[0], "UNBOUND OWN_LINK");
    assert_eq!(decisions(&bench, &campaign, &ada).await.len(), 2);

    bench.pass(SAME_SIGN_UP);
    let bob = lead(&bench, &campaign, "bob", &ada).await;
    let again = lead(&bench, &campaign, "bob", &cid).await;
    assert_eq!(again, Enrolled { is_new: false, ..bob.clone() });
    let known = lead(&bench, &campaign, "cid", &ada).await;
    assert_eq!((known.participant.as_str(), known.referrer), (cid.as_str(), None));
    for p in [bob.participant.as_str(), &cid] {
        assert_eq!(decisions(&bench, &campaign, p).await[0], "UNBOUND ALREADY_KNOWN");
    }
}

#[tokio::test]
async fn r_bond_9_one_sign_up_told_by_browser_and_back_end_is_bound_by_either() {
    let bench = Bench::new().await;
    let (campaign, ada) = ada(&bench, "ON_SIGNUP").await;
    let alone = newcomer("bob", Source::Browser, Brought::Nothing);
    assert_eq!(does(&bench, &campaign, &alone).await.referrer, None);
    let last = bench.claims(&campaign, &ada);
    let brought = Brought::Touches(Touches { first: None, last });
    let told = newcomer("bob", Source::Server, brought);
    let bound = does(&bench, &campaign, &told).await;
    assert_eq!((bound.is_new, bound.referrer.as_ref().map(Code::as_str)), (false, Some(&*ada)));
    assert_eq!(does(&bench, &campaign, &told).await, bound);
    assert_eq!(approved(&bench, &campaign, &ada).await, [true]);
    let expected = [
        "CREDITED QUALIFIED",
        "BOUND BY_CLICK",
        "CONFIRMED CONFIRMED_BY_SERVER",
        "UNBOUND NOBODY_REFERRED",
    ];
    assert_eq!(decisions(&bench, &campaign, bound.participant.as_str()).await, expected);
}

/// Whether a lead that was sent so many milliseconds after the back end added its person binds them.
async fn lead_binds_after(ms: i64) -> bool {
    let bench = Bench::new().await;
    let (campaign, ada) = ada(&bench, "CUSTOM").await;
    let last = bench.claims(&campaign, &ada);
    bench.pass(Span::minutes(1));
    let added = bench.now.get();
    bench.add(&campaign, "bob", None).await;
    // Read an hour later.
    bench.pass(Span::hours(1));
    let brought = Brought::Touches(Touches { first: None, last });
    let lead = newcomer("bob", Source::Browser, brought);
    let id = campaign.trim_start_matches("/v2/campaign/");
    let (terms, _) = terms::read(&bench.app, id).await.unwrap();
    let call = bench.call().at(added + Span(ms));
    let bound = enrol(&bench.app, &call, &terms, &lead).await.unwrap().referrer.is_some();
    if bound {
        let friend = bench.get(&format!("{campaign}/referrals")).await.ok();
        let bound_at = friend["referrals"][0]["createdAt"].as_i64().unwrap();
        assert_eq!(bound_at, added.0 + ms.max(0), "nobody is bound before they are added");
    }
    bound
}

#[tokio::test]
async fn r_bond_9_a_lead_binds_whom_the_back_end_added_alone_less_than_15_minutes_before() {
    let limit = SAME_SIGN_UP.0;
    for (ms, expected) in [(-1, true), (0, true), (limit - 1, true), (limit, false)] {
        assert_eq!(lead_binds_after(ms).await, expected, "{ms}");
    }
}

#[tokio::test]
async fn r_bond_9_a_lead_after_the_back_ends_word_credits_and_waits_for_the_next_word() {
    let bench = Bench::new().await;
    for trigger in ["ON_SIGNUP", "CUSTOM"] {
        let (campaign, ada) = ada(&bench, trigger).await;
        let eve = bench.add(&campaign, "eve", None).await;
        let order = |number: &str| serde_json::json!({ "currency": "EUR", "grossAmount": 1, "orderId": number });
        let bob = format!("{campaign}/participant/bob@example.com");
        bench.add(&campaign, "bob", None).await;
        // Nobody had referred its payer: it is not looked at again.
        bench.post(&format!("{bob}/transaction"), order("1")).await.fails(400);
        let bound = lead(&bench, &campaign, "bob", &ada).await;
        assert_eq!((bound.is_new, bound.referrer.as_ref().map(Code::as_str)), (false, Some(&*ada)));
        // The second lead came by somebody else's link, and changes nothing.
        assert_eq!(lead(&bench, &campaign, "bob", &eve).await, bound);
        let status = if trigger == "CUSTOM" { "CREDIT_PENDING" } else { "CREDIT_AWARDED" };
        let shown = bench.get(&bob).await.ok();
        assert_eq!((&shown["referredBy"], &shown["referralStatus"]), (&ada.into(), &status.into()));
        let waiting: &[bool] = if trigger == "CUSTOM" { &[] } else { &[false] };
        assert_eq!(approved(&bench, &campaign, "bob@example.com").await, waiting);
        bench.pass(Span(1));
        bench.post(&format!("{bob}/transaction"), order("2")).await.ok();
        assert_eq!(approved(&bench, &campaign, "bob@example.com").await, [true]);
        assert_eq!(approved(&bench, &campaign, &eve).await, [false; 0]);
    }
}

#[tokio::test]
async fn r_bond_9_whose_claim_or_name_failed_is_not_bound_by_a_later_lead() {
    let bench = Bench::new().await;
    let (campaign, ada) = ada(&bench, "ON_SIGNUP").await;
    let failed = Brought::Refused(TokenError::Expired);
    does(&bench, &campaign, &newcomer("bob", Source::Server, failed)).await;
    let named = newcomer("cid", Source::Server, Brought::Nothing);
    does(&bench, &campaign, &Newcomer { typed: Some("nobody".into()), ..named }).await;
    // A browser's own word is none of the back end's, though the back end confirmed it.
    does(&bench, &campaign, &newcomer("dan", Source::Browser, Brought::Nothing)).await;
    does(&bench, &campaign, &newcomer("dan", Source::Server, Brought::Nothing)).await;
    for name in ["bob", "cid", "dan"] {
        assert_eq!(lead(&bench, &campaign, name, &ada).await.referrer, None, "{name}");
        let told = decisions(&bench, &campaign, &format!("{name}@example.com")).await;
        assert_eq!(told[0], "UNBOUND ALREADY_KNOWN");
    }
    assert_eq!(approved(&bench, &campaign, &ada).await, [false; 0]);
}

#[tokio::test]
async fn r_touch_1_the_campaigns_touch_rule_names_the_referrer() {
    let bench = Bench::new().await;
    let (campaign, ada) = ada(&bench, "CUSTOM").await;
    let cid = bench.add(&campaign, "cid", None).await;
    let first = bench.claims(&campaign, &ada);
    bench.pass(Span::days(1));
    let touches = Touches { first: Some(first), last: bench.claims(&campaign, &cid) };
    for (model, name, expected) in [("LAST_CLICK", "x", &cid), ("FIRST_CLICK", "y", &ada)] {
        let options = serde_json::json!({ "attributionModel": model });
        bench.patch(&format!("{campaign}/options"), options).await.ok();
        let brought = Brought::Touches(touches.clone());
        let made = does(&bench, &campaign, &newcomer(name, Source::Browser, brought)).await;
        assert_eq!(made.referrer.as_ref().map(Code::as_str), Some(expected.as_str()));
    }
    bench.pass(Span::days(31));
    let late = newcomer("z", Source::Browser, Brought::Touches(touches));
    let late = does(&bench, &campaign, &late).await;
    assert_eq!(late.referrer, None);
    let found = decisions(&bench, &campaign, late.participant.as_str()).await;
    assert_eq!(found, ["UNBOUND TOKEN_EXPIRED"]);
}

#[tokio::test]
async fn further_writes_are_in_the_batch_of_new_and_known_people() {
    let bench = Bench::new().await;
    let (campaign, _) = ada(&bench, "CUSTOM").await;
    for (name, expected) in [("bob", 1), ("bob", 2), ("ada", 3)] {
        let mark = sql!("-- t\n INSERT INTO salt (day, value) SELECT count(*), '' FROM salt");
        let also = vec![mark];
        let newcomer = Newcomer { also, ..newcomer(name, Source::Browser, Brought::Nothing) };
        does(&bench, &campaign, &newcomer).await;
        let marks = sql!("-- t\n SELECT count(*) AS n FROM salt");
        assert_eq!(bench.number(marks).await, expected);
    }
}
