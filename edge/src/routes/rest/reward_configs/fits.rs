//! Tests of rules that contradict themselves or their campaign, as an owner meets them.

use serde_json::{Value, json};
use shared::time::{Span, Timestamp};

use crate::bench::Bench;

#[expect(clippy::needless_pass_by_value, reason = "so that tests read well")]
fn single(fields: Value) -> Value {
    let mut rule = json!({ "type": "SINGLE_SIDED" });
    for (name, value) in fields.as_object().unwrap() {
        rule[name] = value.clone();
    }
    rule
}

fn amount(test: &str, value: i64) -> Value {
    json!({ "fact": "AMOUNT", "is": test, "value": value })
}

async fn rules(bench: &Bench, campaign: &str) -> Vec<Value> {
    let found = bench.get(&format!("{campaign}/reward-configs")).await.ok();
    found["rewards"].as_array().unwrap().clone()
}

#[tokio::test]
async fn r_rule_7_what_can_never_come_about_is_refused_by_its_field() {
    let bench = Bench::new().await;
    let custom = bench.campaign_with("CUSTOM", &[]).await;
    let signup = bench.campaign_with("ON_SIGNUP", &[]).await;
    let country = |is: &str, value: Value| json!({ "fact": "COUNTRY", "is": is, "value": value });
    let lists = [country("ONE_OF", json!(["FR"])), country("ONE_OF", json!(["DE"]))];
    for (campaign, rule, field) in [
        (&custom, json!({ "event": "LEAD", "conditions": amount("AT_LEAST", 1) }), "conditions"),
        (&signup, json!({ "conditions": amount("AT_LEAST", 1) }), "conditions"),
        (
            &custom,
            json!({ "conditions": { "all": [amount("AT_LEAST", 2)], "any": [amount("AT_MOST", 1)] } }),
            "conditions",
        ),
        (&custom, json!({ "conditions": { "all": lists } }), "conditions"),
        (&custom, json!({ "conditions": country("EQUALS", json!("France")) }), "conditions"),
        (&custom, json!({ "gives": { "kind": "DONATION", "amount": 5 } }), "gives"),
        (&custom, json!({ "limitDuration": "PER_MONTH" }), "limitDuration"),
        (&custom, json!({ "startsAt": i64::MAX }), "startsAt"),
        (&custom, json!({ "startsAt": Timestamp::LAST.0 + 1 }), "startsAt"),
        (&custom, json!({ "endsAt": Timestamp::LAST.0 + 1 }), "endsAt"),
        (&custom, json!({ "endsAt": -1 }), "endsAt"),
    ] {
        let path = format!("{campaign}/reward-configs");
        bench.post(&path, single(rule)).await.refuses(field);
        assert_eq!(rules(&bench, campaign).await, [] as [Value; 0], "nothing half-written");
    }
    let path = format!("{custom}/reward-configs");
    bench.post(&path, single(json!({ "endsAt": Timestamp::LAST.0 }))).await.ok();
    let french = single(json!({ "conditions": country("EQUALS", json!("fr")) }));
    let made = bench.post(&path, french).await.ok();
    assert_eq!(made["conditions"]["value"], "FR");
    let patch = json!({ "conditions": country("EQUALS", json!("Fr")) });
    let path = format!("{path}/{}", made["id"].as_str().unwrap());
    assert_eq!(bench.patch(&path, patch).await.ok()["version"], 1, "the same rule");
    bench.patch(&path, json!({ "event": "LEAD" })).await.refuses("conditions");
}

#[tokio::test]
async fn r_rule_7_settings_that_a_rule_in_force_would_not_fit_are_refused() {
    let bench = Bench::new().await;
    let lead = [json!({ "type": "SINGLE_SIDED" }), single(json!({ "event": "LEAD" }))];
    let campaign = bench.campaign_with("CUSTOM", &lead).await;
    let (install, options) = (format!("{campaign}/installation"), format!("{campaign}/options"));
    let by_sign_up = json!({ "referralTrigger": "ON_SIGNUP" });
    bench.patch(&install, by_sign_up.clone()).await.refuses("referralTrigger");
    assert_eq!(bench.get(&install).await.ok()["referralTrigger"], "CUSTOM");
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let found = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
    assert_eq!(found["rewards"].as_array().unwrap().len(), 1, "one sign-up, one reward");

    bench.patch(&options, json!({ "charities": ["Sea"] })).await.ok();
    let configs = format!("{campaign}/reward-configs");
    let gives = single(json!({ "gives": { "kind": "DONATION", "amount": 5 } }));
    let donation = bench.post(&configs, gives).await.ok();
    bench.patch(&options, json!({ "charities": [] })).await.refuses("charities");
    let now = bench.now.get();
    let later = (now + Span::days(2)).0;
    bench.post(&configs, single(json!({ "startsAt": later }))).await.ok();
    bench.patch(&options, json!({ "endsAt": later - 1 })).await.refuses("endsAt");
    bench.patch(&options, json!({ "endsAt": later })).await.ok();
    bench.post(&configs, single(json!({ "startsAt": later + 1 }))).await.refuses("startsAt");
    bench.patch(&options, json!({ "endsAt": Timestamp::LAST.0 + 1 })).await.refuses("endsAt");
    // A rule that is not in force is in nobody's way.
    for rule in rules(&bench, &campaign).await {
        if rule["id"] == donation["id"] || rule["event"] == "LEAD" {
            bench.delete(&format!("{configs}/{}", rule["id"].as_str().unwrap())).await.ok();
        }
    }
    bench.patch(&options, json!({ "charities": [] })).await.ok();
    bench.patch(&install, by_sign_up).await.ok();
}

#[tokio::test]
async fn r_rule_7_a_draft_is_published_with_rules_that_fit_only() {
    let bench = Bench::new().await;
    let now = bench.now.get();
    let make = async |rule: Value| {
        let asked = json!({ "type": "REFERRAL", "currencyISO": "EUR", "rewards": [rule] });
        bench.post("/v2/campaigns", asked).await
    };
    for field in ["startsAt", "endsAt"] {
        let past = single(json!({ field: now.0 - 1 }));
        make(past).await.refuses(&format!("rewards[0].{field}"));
    }
    let gives = json!({ "kind": "DONATION", "amount": 5 });
    let publish = json!({ "status": "IN_PROGRESS" });
    for (rule, wait) in [
        (single(json!({ "event": "LEAD" })), 0),
        (single(json!({ "conditions": amount("AT_LEAST", 1) })), 0),
        (single(json!({ "gives": gives })), 0),
        (single(json!({ "endsAt": now.0 + 5 })), 6),
    ] {
        let made = make(rule).await.ok();
        let path = format!("/v2/campaign/{}", made["id"].as_str().unwrap());
        bench.pass(Span(wait));
        bench.patch(&path, publish.clone()).await.refuses("status");
        assert_eq!(bench.get(&path).await.ok()["status"], "DRAFT");
        let install = json!({ "referralTrigger": "CUSTOM" });
        bench.patch(&format!("{path}/installation"), install).await.ok();
        bench.patch(&format!("{path}/options"), json!({ "charities": ["Sea"] })).await.ok();
        let answer = bench.patch(&path, publish.clone()).await;
        assert_eq!(answer.status.as_u16(), if wait == 0 { 200 } else { 400 });
    }
    let draft = make(json!({ "type": "SINGLE_SIDED" })).await.ok();
    let path = format!("/v2/campaign/{}/reward-configs", draft["id"].as_str().unwrap());
    let past = single(json!({ "startsAt": bench.now.get().0 - 1 }));
    bench.post(&path, past).await.refuses("startsAt");
}
