//! Tests of conditions as people make them.

use shared::{lang::Lang, money::Currency, zone::Zone};

use super::*;

fn say() -> Say {
    Say { lang: Lang::En, currency: Currency::EUR, zone: Zone::UTC }
}

#[track_caller]
fn check(wire: Value, groups: usize, rows: usize) {
    let condition: Condition = serde_json::from_value(wire.clone()).unwrap();
    let known = Groups::of(&condition, say()).unwrap();
    assert_eq!(known.groups.len(), groups, "{wire}");
    assert_eq!(known.groups.iter().map(|it| it.rows.len()).sum::<usize>(), rows, "{wire}");
    let fields = known.fields();
    let sent = Groups::sent(|name| fields.iter().find(|it| it.0 == name).map(|it| it.1.as_str()));
    assert_eq!(sent, known);
    assert_eq!(sent.wire(say()), Ok(wire));
}

fn test(fact: &str, is: &str, value: impl Into<Value>) -> Value {
    json!({ "fact": fact, "is": is, "value": value.into() })
}

#[test]
fn r_settings_7_conditions_are_typed_as_they_are_on_the_wire() {
    let least = test("AMOUNT", "AT_LEAST", 5_050);
    let field = |is: &str, value: Value| json!({ "fact": "METADATA", "key": "plan", "is": is, "value": value });
    check(json!({}), 0, 0);
    for one in [
        least.clone(),
        test("AMOUNT", "AT_MOST", 1),
        test("AMOUNT", "EQUALS", 100),
        test("AMOUNT", "DIFFERS", 0),
        test("NEW_CUSTOMER", "EQUALS", true),
        test("NEW_CUSTOMER", "EQUALS", false),
        test("PRODUCT", "EQUALS", "hat"),
        test("PRODUCT", "ONE_OF", vec!["hat", "shoe"]),
        test("PRODUCT", "DIFFERS", "hat"),
        test("PRODUCT", "NONE_OF", vec!["hat", "shoe"]),
        test("COUNTRY", "EQUALS", "FR"),
        test("COUNTRY", "NONE_OF", vec!["FR", "BE"]),
        field("EQUALS", json!("pro")),
        field("ONE_OF", json!(["pro", "team"])),
        field("DIFFERS", json!("free")),
        field("NONE_OF", json!(["free", "test"])),
        field("AT_LEAST", json!(3)),
        field("AT_MOST", json!(-3)),
    ] {
        check(one.clone(), 1, 1);
        check(json!({ "any": [one.clone(), least] }), 1, 2);
        check(json!({ "all": [one, least] }), 1, 2);
    }
    let either = json!({ "any": [test("COUNTRY", "EQUALS", "FR"), field("EQUALS", json!("x"))] });
    check(json!({ "all": [least, either] }), 2, 3);
    check(
        json!({ "any": [{ "all": [least, test("COUNTRY", "EQUALS", "FR")] }, field("EQUALS", json!("x"))] }),
        2,
        3,
    );
}

#[test]
fn r_settings_7_every_test_of_the_engine_can_be_typed() {
    let facts = [Fact::Amount, Fact::Country, Fact::Metadata, Fact::NewCustomer, Fact::Product];
    let tests =
        [Test::Equals, Test::Differs, Test::OneOf, Test::NoneOf, Test::AtLeast, Test::AtMost];
    let mut typed = 0;
    for (fact, is) in facts.into_iter().flat_map(|fact| tests.map(|is| (fact, is))) {
        let key = (fact == Fact::Metadata).then(|| "plan".to_owned());
        let values = [json!(1), json!("FR"), json!(["FR"]), json!(true)];
        for value in values {
            let one = Condition {
                fact: Some(fact),
                key: key.clone(),
                test: Some(is),
                value,
                ..Condition::default()
            };
            if one.flaw().is_some() {
                continue;
            }
            typed += 1;
            let row = row(&one, say()).unwrap_or_else(|| panic!("{one:?}"));
            let again: Condition =
                serde_json::from_value(super::one(&row, say()).unwrap()).unwrap();
            assert_eq!(again.flaw(), None, "{again:?}");
        }
    }
    assert!(20 <= typed, "{typed}");
}

#[test]
fn what_the_form_cannot_show_is_left_alone() {
    let leaf = test("AMOUNT", "AT_LEAST", 1);
    for deep in [
        json!({ "any": [{ "any": [{ "all": [leaf, leaf] }] }, leaf] }),
        json!({ "all": [{ "any": [{ "all": [leaf, leaf] }, leaf] }] }),
        test("PRODUCT", "EQUALS", "a, b"),
    ] {
        let condition: Condition = serde_json::from_value(deep).unwrap();
        assert_eq!(Groups::of(&condition, say()), None);
    }
}

#[test]
fn buttons_add_and_take_away() {
    let mut groups = Groups::default();
    for (act, expected) in [
        ("group", vec![1]),
        ("add:0", vec![2]),
        ("group", vec![2, 1]),
        ("drop:0:1", vec![1, 1]),
        ("drop:0:9", vec![1, 1]),
        ("add:7", vec![1, 1]),
        ("drop:0:0", vec![1]),
        ("nothing", vec![1]),
        ("drop:0", vec![1]),
    ] {
        groups.press(act);
        let sizes: Vec<usize> = groups.groups.iter().map(|it| it.rows.len()).collect();
        assert_eq!(sizes, expected, "{act}");
    }
    // A row in which nothing was typed is no condition.
    assert_eq!(groups.wire(say()), Ok(json!({})));
    let unread = Row { value: "5".into(), ..Row::default() };
    groups.groups[0].rows = vec![unread];
    assert!(groups.wire(say()).is_err());
}
