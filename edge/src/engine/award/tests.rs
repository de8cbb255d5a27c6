//! Tests of limits and rounds over the real router: what is counted when, and against which rule.

use http::Method;
use serde_json::{Value, json};
use shared::{fraud::Submission, time::Span};

use crate::{
    bench::Bench,
    engine::{
        cron,
        guard::tests::{lead, order, told},
    },
};

async fn rewards(bench: &Bench, campaign: &str, p: &str) -> Vec<Value> {
    let found = bench.get(&format!("{campaign}/participant/{p}/rewards?limit=100")).await.ok();
    found["rewards"].as_array().unwrap().clone()
}

async fn approved(bench: &Bench, campaign: &str, p: &str) -> usize {
    let found = rewards(bench, campaign, p).await;
    found.iter().filter(|it| it["approved"] == true).count()
}

async fn scripted(bench: &Bench, campaign: &str, name: &str, referrer: &str) {
    let email = format!("{name}@example.com");
    lead(bench, campaign, &email, referrer, Submission::default()).await;
}

/// The path of a campaign's only rule.
async fn rule(bench: &Bench, campaign: &str) -> String {
    let path = format!("{campaign}/reward-configs");
    let found = bench.get(&path).await.ok();
    format!("{path}/{}", found["rewards"][0]["id"].as_str().unwrap())
}

#[tokio::test]
async fn r_reward_7_a_limit_holds_in_every_month_of_its_year_and_again_in_the_next() {
    // September to January.
    for (duration, each) in [
        ("IN_TOTAL", [1, 1, 1, 1, 1]),
        ("PER_YEAR", [1, 1, 1, 1, 2]),
        ("PER_MONTH", [1, 2, 3, 4, 5]),
    ] {
        let bench = Bench::new().await;
        let asked = json!({ "type": "SINGLE_SIDED", "limit": 1, "limitDuration": duration });
        let campaign = bench.campaign_with("ON_SIGNUP", &[asked]).await;
        let ada = bench.add(&campaign, "ada", None).await;
        for (n, expected) in each.into_iter().enumerate() {
            for friend in ["b", "c"] {
                bench.add(&campaign, &format!("{friend}{n}"), Some(&ada)).await;
            }
            assert_eq!(rewards(&bench, &campaign, &ada).await.len(), expected, "{duration} {n}");
            bench.pass(Span::days(30));
        }
    }
}

#[tokio::test]
async fn r_reward_7_what_a_browser_told_counts_in_the_month_in_which_it_was_earned() {
    let monthly = json!({ "type": "SINGLE_SIDED", "limit": 1, "limitDuration": "PER_MONTH" });
    // By the owner's time.
    let bench = Bench::new().await;
    let campaign = bench.campaign_with("ON_SIGNUP", std::slice::from_ref(&monthly)).await;
    let options = json!({ "browserHoldDays": 30 });
    bench.patch(&format!("{campaign}/options"), options).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    for friend in ["b", "c", "d"] {
        scripted(&bench, &campaign, friend, &ada).await;
    }
    bench.pass(Span::days(31));
    cron::run(&bench.app, &bench.call()).await;
    assert_eq!(approved(&bench, &campaign, &ada).await, 1);
    // By orders, in two months.
    let bench = Bench::new().await;
    let campaign = bench.campaign_with("CUSTOM", &[]).await;
    let mut of_lead = monthly;
    of_lead["event"] = "LEAD".into();
    bench.post(&format!("{campaign}/reward-configs"), of_lead).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    for friend in ["b", "c"] {
        scripted(&bench, &campaign, friend, &ada).await;
    }
    order(&bench, &campaign, "b@example.com", "1").await;
    bench.pass(Span::days(31));
    order(&bench, &campaign, "c@example.com", "2").await;
    assert_eq!(approved(&bench, &campaign, &ada).await, 1);
}

#[tokio::test]
async fn r_reward_6_a_limit_outlives_its_rule() {
    let bench = Bench::new().await;
    let asked = json!({ "type": "SINGLE_SIDED", "limit": 1 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[asked]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    for friend in ["b", "c", "d", "e"] {
        scripted(&bench, &campaign, friend, &ada).await;
    }
    bench.delete(&rule(&bench, &campaign).await).await.ok();
    bench.add(&campaign, "b", None).await;
    bench.add(&campaign, "c", None).await;
    assert_eq!(approved(&bench, &campaign, &ada).await, 1);
    // By hand, too.
    let left = rewards(&bench, &campaign, &ada).await;
    let left = left.iter().find(|it| it["approved"] == false && it["status"] == "PENDING").unwrap();
    let path = format!("{campaign}/reward/{}/approve", left["id"].as_str().unwrap());
    bench.post(&path, json!({})).await.fails(406);
}

#[tokio::test]
async fn r_source_1_a_round_is_confirmed_also_by_a_friend_who_earns_nothing() {
    let round = json!({ "type": "SINGLE_SIDED", "event": "LEAD", "conversionsRequired": 2 });
    for way in ["the campaign ended", "the rule is gone"] {
        let bench = Bench::new().await;
        let campaign = bench.campaign_with("CUSTOM", std::slice::from_ref(&round)).await;
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "bob", Some(&ada)).await;
        scripted(&bench, &campaign, "cid", &ada).await;
        assert_eq!(rewards(&bench, &campaign, &ada).await.len(), 1, "{way}");
        assert_eq!(approved(&bench, &campaign, &ada).await, 0, "{way}");
        if way == "the rule is gone" {
            bench.delete(&rule(&bench, &campaign).await).await.ok();
        } else {
            bench.patch(&campaign, json!({ "status": "COMPLETE" })).await.ok();
        }
        bench.add(&campaign, "dot", Some(&ada)).await;
        assert_eq!(approved(&bench, &campaign, &ada).await, 1, "{way}");
        assert_eq!(rewards(&bench, &campaign, &ada).await.len(), 1, "{way}");
        let path = format!("{campaign}/participant/dot@example.com/decisions");
        let told = bench.get(&path).await.ok().to_string();
        assert!(told.contains("CONFIRMED_BY_SERVER"), "{way}: {told}");
    }
}

#[tokio::test]
async fn r_source_1_friends_at_once_confirm_the_round_of_a_rule_that_is_gone() {
    let round = json!({ "type": "SINGLE_SIDED", "event": "LEAD", "conversionsRequired": 3 });
    let bench = Bench::new().await;
    let campaign = bench.campaign_with("CUSTOM", std::slice::from_ref(&round)).await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    for name in ["s1", "s2"] {
        scripted(&bench, &campaign, name, &ada).await;
    }
    bench.delete(&rule(&bench, &campaign).await).await.ok();
    assert_eq!(approved(&bench, &campaign, &ada).await, 0);
    let friends = ["cid", "dot"].map(|name| {
        let person = json!({ "email": format!("{name}@example.com"), "referredBy": ada });
        bench.request(Method::POST, &format!("{campaign}/participant"), person.to_string())
    });
    for answer in bench.at_once(friends).await {
        answer.ok();
    }
    assert_eq!(approved(&bench, &campaign, &ada).await, 1);
    assert_eq!(rewards(&bench, &campaign, &ada).await.len(), 1);
}

#[tokio::test]
async fn r_reward_11_a_changed_number_rewards_no_referral_twice_and_stops_none() {
    let bench = Bench::new().await;
    let asked = json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[asked]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    let rule = rule(&bench, &campaign).await;
    let mut earned = Vec::new();
    let changes = [(3, 4), (7, 3), (10, 2), (12, 1), (14, 3)];
    for n in 1..=20 {
        if let Some((_, every)) = changes.iter().find(|it| it.0 == n) {
            bench.patch(&rule, json!({ "conversionsRequired": every })).await.ok();
        }
        bench.add(&campaign, &format!("f{n}"), Some(&ada)).await;
        earned.push(rewards(&bench, &campaign, &ada).await.len());
    }
    let at: Vec<usize> =
        (0..20).filter(|n| earned[*n] > n.checked_sub(1).map_or(0, |it| earned[it])).collect();
    let at: Vec<usize> = at.into_iter().map(|it| it + 1).collect();
    assert_eq!(at, [2, 6, 9, 11, 12, 13, 16, 19]);
}

#[tokio::test]
async fn r_reward_4_a_rule_that_gave_for_a_friend_says_so_instead_of_failing() {
    let bench = Bench::new().await;
    let campaign = bench.campaign_with("CUSTOM", &[]).await;
    let of_lead = json!({ "type": "DOUBLE_SIDED", "event": "LEAD" });
    bench.post(&format!("{campaign}/reward-configs"), of_lead).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let rule = rule(&bench, &campaign).await;
    bench.patch(&rule, json!({ "event": "CONVERSION" })).await.ok();
    for (n, way) in ["transaction", "ref"].into_iter().enumerate() {
        let name = format!("b{n}");
        bench.patch(&rule, json!({ "event": "LEAD" })).await.ok();
        bench.add(&campaign, &name, Some(&ada)).await;
        bench.patch(&rule, json!({ "event": "CONVERSION" })).await.ok();
        bench.pass(Span(1));
        let path = format!("{campaign}/participant/{name}@example.com/{way}");
        let order = json!({ "currency": "EUR", "grossAmount": 5, "orderId": name });
        let body = if way == "ref" { json!({}) } else { order };
        assert_eq!(bench.post(&path, body).await.ok()["success"], true);
        let told = told(&bench, &campaign, &format!("{name}@example.com")).await;
        assert_eq!(told[0], "CREDITED [QUALIFIED,ALREADY_GIVEN]");
    }
    assert_eq!(rewards(&bench, &campaign, &ada).await.len(), 2);
}

#[tokio::test]
async fn r_rule_8_what_scripts_told_speaks_against_no_limit() {
    let bench = Bench::new().await;
    let campaign = bench.campaign_with("ON_SIGNUP", &[json!({ "type": "SINGLE_SIDED" })]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    for friend in ["b", "c", "d"] {
        scripted(&bench, &campaign, friend, &ada).await;
    }
    bench.add(&campaign, "e", Some(&ada)).await;
    let limit = bench.patch(&rule(&bench, &campaign).await, json!({ "limit": 1 })).await.ok();
    assert_eq!(limit["limit"], 1);
}

#[tokio::test]
async fn r_rule_8_a_limit_and_a_credit_at_once_never_both_pass() {
    for n in 0..20 {
        let bench = Bench::new().await;
        let campaign = bench.campaign_with("ON_SIGNUP", &[json!({ "type": "SINGLE_SIDED" })]).await;
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "b", Some(&ada)).await;
        let rule = rule(&bench, &campaign).await;
        let limit = bench.request(Method::PATCH, &rule, json!({ "limit": 1 }).to_string());
        let person = json!({ "email": "c@example.com", "referredBy": ada });
        let path = format!("{campaign}/participant");
        let credit = bench.request(Method::POST, &path, person.to_string());
        let both = if n % 2 == 0 { [limit, credit] } else { [credit, limit] };
        for answer in bench.at_once(both).await {
            assert!([200, 400].contains(&answer.status.as_u16()), "{}", answer.text);
        }
        let given = rewards(&bench, &campaign, &ada).await.len();
        let limit = bench.get(&format!("{campaign}/reward-configs")).await.ok();
        let limit = limit["rewards"][0]["limit"].as_i64().unwrap();
        assert!((given, limit) == (1, 1) || (given, limit) == (2, -1), "{given} of {limit}");
    }
}

#[tokio::test]
async fn r_budget_1_no_sum_of_rewards_stops_a_campaign() {
    let bench = Bench::new().await;
    let gives = json!({ "kind": "CREDIT", "amount": 9_007_199_254_740_991_i64 });
    let asked = json!({ "type": "SINGLE_SIDED", "gives": gives });
    let campaign = bench.campaign_with("ON_SIGNUP", &[asked]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    for friend in ["b", "c", "d"] {
        bench.add(&campaign, friend, Some(&ada)).await;
    }
    let email = "s@example.com";
    scripted(&bench, &campaign, "s", &ada).await;
    bench.add(&campaign, "s", None).await;
    // The sum of what was given is the largest amount there is; it is told, and not exceeded.
    assert_eq!(rewards(&bench, &campaign, &ada).await.len(), 2);
    assert_eq!(approved(&bench, &campaign, &ada).await, 1);
    let friend = told(&bench, &campaign, "d@example.com").await;
    assert!(friend.contains(&"CREDITED [QUALIFIED,BUDGET_EXHAUSTED]".into()), "{friend:?}");
    let friend = told(&bench, &campaign, email).await;
    assert!(friend[0].contains("BUDGET_EXHAUSTED"), "{friend:?}");
    let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!(shown["referralCount"], 4);
}

#[tokio::test]
async fn r_refund_5_a_limited_round_is_earned_anew_unless_it_was_given() {
    for (given, expected) in [(false, 1), (true, 0)] {
        let bench = Bench::new().await;
        let asked = json!({ "type": "MILESTONE", "conversionsRequired": 2 });
        let campaign = bench.campaign_with("CUSTOM", &[asked]).await;
        let options = json!({ "autoFulfillRewards": given });
        bench.patch(&format!("{campaign}/options"), options).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        for friend in ["b", "c", "d"] {
            bench.add(&campaign, friend, Some(&ada)).await;
            if friend == "d" {
                let path = format!("{campaign}/participant/c@example.com/transaction/refund");
                bench.post(&path, json!({ "orderId": "c" })).await.ok();
            }
            order(&bench, &campaign, &format!("{friend}@example.com"), friend).await;
        }
        let found = rewards(&bench, &campaign, &ada).await;
        // On the wire, what was given and reversed is cancelled, too.
        let undone = found.iter().find(|it| it["status"] == "CANCELLED").unwrap();
        assert_eq!(undone["isFulfilled"], given);
        assert_eq!(found.len() - 1, expected, "{found:?}");
        let told = told(&bench, &campaign, "d@example.com").await;
        let full = told[0] == "CREDITED [QUALIFIED,LIMIT_REACHED]";
        assert_eq!(full, given, "{told:?}");
    }
}
