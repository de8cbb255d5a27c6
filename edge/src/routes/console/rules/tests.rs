//! Tests of the pages of rules.

use http::StatusCode;
use serde_json::json;
use shared::{lang::Lang, money::Currency, reward::Rule, zone::Zone};

use super::form::typed_fields;
use crate::{
    bench::Answer,
    pages::console::options::{RULE, Say},
    routes::console::settings::tests::{Seat, encoded, goes, value},
    store::rules,
};

impl Seat {
    async fn rules(&self) -> Vec<Rule> {
        rules::of_campaign(&self.bench.app.db, &self.id).await.unwrap()
    }

    /// The fields of a rule's form as they are shown, with others in their place.
    fn of_rule(rule: &Rule, other: &[(&str, &str)]) -> Vec<(String, String)> {
        let say = Say { lang: Lang::En, currency: Currency::EUR, zone: Zone::UTC };
        let mut fields = typed_fields(rule, say);
        fields.push(("version".into(), rule.version.to_string()));
        for (name, value) in other {
            fields.retain(|it| it.0 != *name);
            fields.push(((*name).into(), (*value).into()));
        }
        fields
    }

    async fn send(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let pairs: Vec<(&str, &str)> =
            fields.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        self.post(path, &pairs).await
    }

    /// Makes a rule from the page of a new one.
    async fn make(&self, fields: &[(&str, &str)], sure: bool) -> Answer {
        let page = self.get("/rules/new?lang=en").await.text;
        let once = value(&page, "once");
        let mut pairs =
            vec![("once", once.as_str()), ("isVisible", "1"), ("conversionsRequired", "1")];
        pairs.retain(|it| !fields.iter().any(|other| other.0 == it.0));
        pairs.extend(fields);
        if sure {
            pairs.push(("sure", "1"));
        }
        self.post("/rules/new", &pairs).await
    }
}

#[tokio::test]
async fn r_settings_3_a_rule_is_changed_after_a_page_that_says_what_that_affects() {
    let seat = Seat::new("CUSTOM").await;
    let rule = seat.rules().await.remove(0);
    let path = format!("/rules/{}", rule.id);
    let form = seat.get(&path).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text.contains("Both are rewarded</strong>"), "{}", form.text);
    let credit = [
        ("gives.kind", "CREDIT"),
        ("gives.amount", "15"),
        ("limit", "3"),
        ("limitDuration", "PER_YEAR"),
    ];
    let before = seat.rows().await;
    let asked = seat.send(&path, &Seat::of_rule(&rule, &credit)).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    for part in [
        "A coupon, or what your words say",
        "Credit with you",
        "€15.00",
        "<del>For each friend who becomes a customer, you get: a coupon.",
        "<ins>For each friend who becomes a customer, you get: €15.00 of credit.",
        "At most 3 times a year.",
        "Rewards that were earned already stay as they were promised.",
        "name=\"gives.amount\" value=\"15\"",
    ] {
        assert!(asked.text.contains(part), "{part}: {}", asked.text);
    }
    assert_eq!(seat.rows().await, before);
    let sure = [credit.as_slice(), &[("sure", "1")]].concat();
    goes(&seat.send(&path, &Seat::of_rule(&rule, &sure)).await, "/rules?said=changed");
    let new = seat.rules().await.remove(0);
    assert_eq!((new.version, new.gives.amount, new.limit.unwrap().most), (2, Some(1_500), 3));
    let list = seat.get("/rules").await.text;
    assert!(list.contains("you get: €15.00 of credit.") && list.contains("Version 2"), "{list}");
    // What stands already makes no version, and one may go back to the form.
    goes(&seat.send(&path, &Seat::of_rule(&new, &[("sure", "1")])).await, "said=same");
    let back = seat.send(&path, &Seat::of_rule(&new, &[("act", "edit"), ("limit", "9")])).await;
    assert!(back.text.contains("name=\"limit\" type=\"text\" value=\"9\""), "{}", back.text);
    assert_eq!(seat.rules().await[0], new);
}

#[tokio::test]
async fn r_settings_4_a_rule_that_was_changed_meanwhile_is_not_changed_over() {
    let seat = Seat::new("CUSTOM").await;
    let stale = seat.rules().await.remove(0);
    let wire = format!("{}/reward-configs/{}", seat.campaign, stale.id);
    seat.bench.patch(&wire, json!({ "title": "Theirs" })).await.ok();
    let path = format!("/rules/{}", stale.id);
    let mine = [("title", "Mine"), ("sure", "1")];
    let before = seat.rows().await;
    let met = seat.send(&path, &Seat::of_rule(&stale, &mine)).await;
    assert_eq!(met.status, StatusCode::CONFLICT);
    assert!(met.text.contains(">Theirs<") && met.text.contains(">Mine<"), "{}", met.text);
    assert_eq!(value(&met.text, "version"), "2");
    let pause = [("rule", stale.id.as_str()), ("version", "1"), ("act", "pause"), ("sure", "1")];
    assert_eq!(seat.post("/rules", &pause).await.status, StatusCode::CONFLICT);
    assert_eq!(seat.rows().await, before);
    // Of twenty at once one is made.
    let rule = seat.rules().await.remove(0);
    let mut requests = Vec::new();
    for n in 0..20 {
        let title = format!("Title {n}");
        let fields = Seat::of_rule(&rule, &[("title", &title), ("sure", "1")]);
        let pairs: Vec<(&str, &str)> = fields.iter().map(|it| (&*it.0, &*it.1)).collect();
        let form = format!("csrf={}{}", seat.bench.csrf(&seat.session), encoded(&pairs));
        let path = format!("/console/{}{path}", seat.id);
        requests.push(seat.bench.form(&path, &seat.session, &form));
    }
    let answers = seat.bench.at_once(requests).await;
    let made = answers.iter().filter(|it| it.status == StatusCode::SEE_OTHER).count();
    let met = answers.iter().filter(|it| it.status == StatusCode::CONFLICT).count();
    assert_eq!((made, met), (1, 19));
    assert_eq!(seat.rules().await[0].version, 3);
}

#[tokio::test]
async fn r_settings_7_every_preset_and_kind_is_made_by_the_form_and_is_what_the_api_says() {
    let seat = Seat::new("CUSTOM").await;
    for (name, _, fields) in crate::pages::console::rules::PRESETS {
        let page = seat.get(&format!("/rules/new?preset={name}")).await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        goes(&seat.make(fields, true).await, "said=made");
    }
    let kinds: Vec<_> = seat.rules().await.into_iter().map(|it| json!(it.kind)).collect();
    for kind in ["DOUBLE_SIDED", "SINGLE_SIDED", "MILESTONE", "LEADERBOARD"] {
        assert!(kinds.contains(&json!(kind)), "{kind}");
    }
    let all = [
        ("type", "DOUBLE_SIDED"),
        ("event", "CONVERSION"),
        ("title", "All"),
        ("conversionsRequired", "2"),
        ("gives.kind", "MONEY"),
        ("gives.amount", "1,50"),
        ("description", "Money"),
        ("couponCode", "ONE"),
        ("referralGives.kind", "ACCESS"),
        ("referralDescription", "A door"),
        ("referralCouponCode", "TWO"),
        ("referredRewardUpfront", "1"),
        ("limit", "4"),
        ("limitDuration", "PER_MONTH"),
        ("startsAt", "2026-10-01T00:00"),
        ("endsAt", "2026-11-01T00:00"),
        ("holdDays", "14"),
        ("imageUrl", "https://shop.example/a.png"),
        ("nextMilestonePrefix", "Only"),
        ("nextMilestoneSuffix", "to go"),
        ("metadata", "sku = 7\ncolour = red"),
        ("order", "3"),
        ("isVisible", ""),
        ("c.join", "ALL"),
        ("c.0.join", "ANY"),
        ("c.0.0.what", "AMOUNT_AT_LEAST"),
        ("c.0.0.value", "50"),
        ("c.0.1.what", "COUNTRY_IS"),
        ("c.0.1.value", "fr, be"),
        ("c.1.join", "ALL"),
        ("c.1.0.what", "FIELD_IS"),
        ("c.1.0.key", "plan"),
        ("c.1.0.value", "pro"),
    ];
    goes(&seat.make(&all, true).await, "said=made");
    let wire = seat.bench.get(&format!("{}/reward-configs", seat.campaign)).await.ok();
    let made = wire["rewards"].as_array().unwrap().iter().find(|it| it["title"] == "All").unwrap();
    let expected = json!({
        "type": "DOUBLE_SIDED", "event": "CONVERSION", "conversionsRequired": 2,
        "gives": { "kind": "MONEY", "amount": 150, "pool": null }, "description": "Money",
        "couponCode": "ONE", "referralGives": { "kind": "ACCESS", "amount": null, "pool": null },
        "referralDescription": "A door", "referralCouponCode": "TWO",
        "referredRewardUpfront": true, "limit": 4, "limitDuration": "PER_MONTH",
        "startsAt": 1_790_812_800_000_i64, "endsAt": 1_793_491_200_000_i64, "holdDays": 14,
        "imageUrl": "https://shop.example/a.png", "nextMilestonePrefix": "Only",
        "nextMilestoneSuffix": "to go", "metadata": { "sku": "7", "colour": "red" }, "order": 3,
        "isVisible": false,
        "conditions": { "all": [
            { "any": [
                { "fact": "AMOUNT", "is": "AT_LEAST", "value": 5_000 },
                { "fact": "COUNTRY", "is": "ONE_OF", "value": ["FR", "BE"] },
            ] },
            { "fact": "METADATA", "key": "plan", "is": "EQUALS", "value": "pro" },
        ] },
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&made[field], value, "{field}");
    }
    let unsaid = ["numberOfWinners", "gives.pool", "referralGives.pool", "referralGives.amount"];
    for opt in RULE {
        assert!(
            all.iter().any(|it| it.0 == opt.path) || unsaid.contains(&opt.path),
            "{}",
            opt.path
        );
    }
    // A form that is sent twice makes one rule; fields and conditions are taken away by the form.
    let count = seat.rules().await.len();
    let page = seat.get("/rules/new").await.text;
    let once = value(&page, "once");
    for _ in 0..2 {
        let pairs =
            [("once", once.as_str()), ("type", "SINGLE_SIDED"), ("isVisible", "1"), ("sure", "1")];
        goes(&seat.post("/rules/new", &pairs).await, "said=made");
    }
    assert_eq!(seat.rules().await.len(), count + 1);
    let rule = seat.rules().await.into_iter().find(|it| it.order == Some(3)).unwrap();
    let mut fields = Seat::of_rule(
        &rule,
        &[("metadata", "sku = 8"), ("limit", ""), ("limitDuration", "IN_TOTAL"), ("sure", "1")],
    );
    fields.retain(|it| !it.0.starts_with("c."));
    goes(&seat.send(&format!("/rules/{}", rule.id), &fields).await, "said=changed");
    let wire = seat.bench.get(&format!("{}/reward-configs", seat.campaign)).await.ok();
    let made = wire["rewards"].as_array().unwrap().iter().find(|it| it["title"] == "All").unwrap();
    assert_eq!(
        (&made["metadata"], &made["limit"], &made["conditions"]),
        (&json!({ "sku": "8" }), &json!(-1), &json!({}))
    );
}

#[tokio::test]
async fn r_settings_2_a_rule_that_contradicts_itself_is_refused_beside_its_field() {
    let seat = Seat::new("CUSTOM").await;
    let before = seat.rows().await;
    for (fields, field, said) in [
        (&[("gives.kind", "CREDIT")][..], "gives.kind", "what it is worth"),
        (&[("gives.amount", "x")], "gives.amount", "an amount"),
        (
            &[("gives.kind", "UNIQUE_COUPON"), ("gives.pool", "nothing")],
            "gives.kind",
            "no pool of this name",
        ),
        (&[("limit", "0")], "limit", "from 1 to 100,000"),
        (&[("limitDuration", "PER_YEAR")], "limitDuration", "a limit first"),
        (
            &[("type", "LEADERBOARD"), ("conversionsRequired", "2")],
            "conversionsRequired",
            "every friend",
        ),
        (&[("referredRewardUpfront", "1")], "referredRewardUpfront", "rewards both sides"),
        (&[("startsAt", "2020-01-01T00:00")], "startsAt", "before the programme began"),
        (
            &[("endsAt", "2026-10-01T00:00"), ("startsAt", "2026-10-02T00:00")],
            "endsAt",
            "not after the beginning",
        ),
        (&[("holdDays", "400")], "holdDays", "from 0 to 365"),
        (&[("imageUrl", "picture")], "imageUrl", "beginning with https"),
        (&[("title", &*"x".repeat(256))], "title", "At most 255"),
        (&[("gives.kind", "DONATION"), ("gives.amount", "5")], "gives.kind", "needs charities"),
    ] {
        let fields = [&[("type", "SINGLE_SIDED")], fields].concat();
        let fields: Vec<_> = fields
            .iter()
            .enumerate()
            .filter(|(at, it)| !fields.iter().skip(at + 1).any(|other| other.0 == it.0))
            .map(|it| *it.1)
            .collect();
        let answer = seat.make(&fields, true).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{fields:?}");
        let flaw = answer.text.split(&format!("id=\"f-{field}-wrong\"")).nth(1);
        let flaw = flaw.unwrap_or_else(|| panic!("{field}: {}", answer.text));
        assert!(flaw.split("</p>").next().unwrap().contains(said), "{field}: {flaw}");
    }
    let test = |n: usize, what: &'static str, value: &'static str| -> [(String, String); 2] {
        [(format!("c.0.{n}.what"), what.into()), (format!("c.0.{n}.value"), value.into())]
    };
    for (tests, said) in [
        (
            vec![test(0, "AMOUNT_AT_LEAST", "100"), test(1, "AMOUNT_AT_MOST", "99")],
            "never be true together",
        ),
        (vec![test(0, "AMOUNT_AT_LEAST", "much")], "an amount such as"),
        (vec![test(0, "COUNTRY_IS", "France")], "does not fit"),
        (vec![test(0, "FIELD_IS", "pro")], "Name the field"),
        (vec![test(0, "", "5")], "Choose what is tested"),
    ] {
        let tests: Vec<(String, String)> = tests.into_iter().flatten().collect();
        let mut fields = vec![("type", "SINGLE_SIDED"), ("c.0.join", "ALL")];
        fields.extend(tests.iter().map(|it| (it.0.as_str(), it.1.as_str())));
        let answer = seat.make(&fields, true).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{said}");
        let flaw = answer.text.split("id=\"conditions-wrong\"").nth(1);
        let flaw = flaw.unwrap_or_else(|| panic!("{said}: {}", answer.text));
        assert!(flaw.split("</p>").next().unwrap().contains(said), "{flaw}");
    }
    assert_eq!(seat.rows().await, before);
    assert_eq!(seat.get("/rules/crew_none").await.status, StatusCode::NOT_FOUND);
    assert_eq!(seat.post("/rules/crew_none", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(seat.post("/rules/new", &[]).await.status, StatusCode::BAD_REQUEST);
    let other = seat.bench.campaign("CUSTOM").await;
    let foreign = seat.rules().await.remove(0).id;
    let other = Seat { id: other.rsplit('/').next().unwrap().into(), ..seat };
    assert_eq!(other.get(&format!("/rules/{foreign}")).await.status, StatusCode::NOT_FOUND);
    let act = [("rule", foreign.as_str()), ("version", "1"), ("act", "retire"), ("sure", "1")];
    assert_eq!(other.post("/rules", &act).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_settings_7_conditions_are_added_by_buttons_and_deep_ones_are_kept() {
    let seat = Seat::new("CUSTOM").await;
    let first = seat.make(&[("type", "SINGLE_SIDED"), ("act", "group")], false).await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.text.contains("name=\"c.0.0.what\"") && !first.text.contains("c.0.1.what"));
    let typed = [("c.0.join", "ALL"), ("c.0.0.what", "NEW"), ("act", "add:0"), ("limit", "x")];
    let second = seat.make(&typed, false).await;
    assert!(second.text.contains("name=\"c.0.1.what\""), "{}", second.text);
    assert!(second.text.contains("<option value=\"NEW\" selected>"), "{}", second.text);
    let leaf = json!({ "fact": "AMOUNT", "is": "AT_LEAST", "value": 1 });
    let french = json!({ "fact": "COUNTRY", "is": "EQUALS", "value": "FR" });
    let deep = json!({ "any": [{ "any": [{ "all": [leaf, french] }, french] }, leaf] });
    let body = json!({ "type": "SINGLE_SIDED", "conditions": deep });
    let made = seat.bench.post(&format!("{}/reward-configs", seat.campaign), body).await.ok();
    let path = format!("/rules/{}", made["id"].as_str().unwrap());
    let form = seat.get(&path).await.text;
    assert!(form.contains("nested deeper than this form can show"), "{form}");
    let rule = seat.rules().await.into_iter().find(|it| it.id == made["id"]).unwrap();
    let kept = [("c.kept", "1"), ("title", "Deep"), ("sure", "1")];
    let mut fields = Seat::of_rule(&rule, &kept);
    fields.retain(|it| it.0 != "c.join");
    goes(&seat.send(&path, &fields).await, "said=changed");
    let now = async || {
        let all = seat.rules().await;
        all.into_iter().find(|it| it.id == made["id"]).unwrap()
    };
    assert_eq!(json!(now().await.conditions), deep);
    let fields = Seat::of_rule(&now().await, &[("c.kept", "1"), ("c.drop", "1"), ("sure", "1")]);
    goes(&seat.send(&path, &fields).await, "said=changed");
    assert_eq!(json!(now().await.conditions), json!({}));
}

#[tokio::test]
async fn r_settings_9_rules_are_ordered_paused_resumed_retired_and_duplicated() {
    let seat = Seat::new("CUSTOM").await;
    for title in ["B", "C"] {
        seat.bench.pass(shared::time::Span(1));
        goes(&seat.make(&[("type", "SINGLE_SIDED"), ("description", title)], true).await, "made");
    }
    let ids: Vec<String> = seat.rules().await.into_iter().map(|it| it.id).collect();
    let version = async |id: &str| {
        let all = seat.rules().await;
        all.into_iter().find(|it| it.id == id).unwrap().version.to_string()
    };
    let act = async |id: &str, act: &str, sure: bool| {
        let version = version(id).await;
        let mut pairs = vec![("rule", id), ("version", version.as_str())];
        pairs.extend(if sure { [("do", act), ("sure", "1")] } else { [("act", act), ("", "")] });
        seat.post("/rules", &pairs).await
    };
    let card = async || {
        let card = seat.bench.get(&format!("/c/{}/card.json", seat.id)).await.ok();
        let all = card["rewards"].as_array().unwrap().clone();
        all.into_iter().map(|it| it["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let [a, b, c] = [0, 1, 2].map(|it: usize| ids[it].clone());
    goes(&act(&c, "up", false).await, "said=ordered");
    assert_eq!(card().await, [a.clone(), c.clone(), b.clone()]);
    goes(&act(&a, "down", false).await, "said=ordered");
    assert_eq!(card().await, [c.clone(), a.clone(), b.clone()]);
    // Beyond the ends there is no place.
    let before = seat.rows().await;
    goes(&act(&c, "up", false).await, "said=ordered");
    goes(&act(&b, "down", false).await, "said=ordered");
    assert_eq!(seat.rows().await, before);

    let asked = act(&c, "pause", false).await;
    assert!(asked.text.contains("Is this what you want?") && asked.text.contains("you get: C."));
    assert_eq!(seat.rows().await, before);
    goes(&act(&c, "pause", true).await, "said=changed");
    assert_eq!(card().await, [a.clone(), b.clone()]);
    goes(&act(&c, "pause", true).await, "said=same");
    goes(&act(&c, "resume", true).await, "said=changed");
    assert_eq!(card().await.len(), 3);
    assert!(act(&c, "retire", false).await.text.contains("Is this what you want?"));
    goes(&act(&c, "retire", true).await, "said=retired");
    assert_eq!(card().await, [a, b.clone()]);
    let gone = [("rule", c.as_str()), ("version", "1"), ("act", "pause")];
    assert_eq!(seat.post("/rules", &gone).await.status, StatusCode::NOT_FOUND);
    assert_eq!(act(&b, "fly", false).await.status, StatusCode::BAD_REQUEST);
    let copy = seat.get(&format!("/rules/new?from={b}")).await.text;
    assert!(copy.contains("name=\"description\" type=\"text\" value=\"B\""), "{copy}");
}
