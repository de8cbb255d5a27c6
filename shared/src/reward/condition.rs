//! Conditions of a rule: what has to be true of the friend and the order.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a condition looks at.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fact {
    /// A field of the friend's metadata: the one that `key` names.
    Metadata,
    /// What of the order rewards are reckoned on, in minor units.
    Amount,
    /// The products of the order: one that fits is enough.
    Product,
    /// The country of the order, as two letters.
    Country,
    /// Whether the friend never bought before.
    NewCustomer,
}

/// How it is looked at.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Test {
    /// The same as the value.
    Equals,
    /// Known, and not the same as the value.
    Differs,
    /// One of the list.
    OneOf,
    /// Known, and none of the list.
    NoneOf,
    /// The value or more.
    AtLeast,
    /// The value or less.
    AtMost,
}

/// One test of one fact, or several conditions of which all or any must hold. Nothing at all holds.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Condition {
    /// All of these hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Self>,
    /// At least one of these holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Self>,
    /// What is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<Fact>,
    /// The field of the metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How.
    #[serde(rename = "is", skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
    /// What it is held against: a text, a number, a list of texts, or a truth value.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub value: Value,
}

/// What is known of a friend and their order when a rule is asked.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Known {
    /// The friend's metadata.
    pub metadata: BTreeMap<String, String>,
    /// What of the order rewards are reckoned on, in minor units.
    pub amount: Option<i64>,
    /// The products of the order.
    pub products: Vec<String>,
    /// The country of the order: two capital letters.
    pub country: Option<String>,
    /// Whether the friend never bought before; none: nothing proves it.
    pub new_customer: Option<bool>,
}

/// Whether it is a country as orders name it: two capital letters.
fn is_country(value: &Value) -> bool {
    value.as_str().is_some_and(|it| it.len() == 2 && it.bytes().all(|it| it.is_ascii_uppercase()))
}

/// The most conditions of a rule, all levels together.
pub const MOST: usize = 50;

/// The deepest nesting.
const DEEPEST: usize = 5;

impl Condition {
    /// Whether it holds. What is not known fails every test (R-CONDITION-2).
    #[must_use]
    pub fn holds(&self, known: &Known) -> bool {
        self.all.iter().all(|it| it.holds(known))
            && (self.any.is_empty() || self.any.iter().any(|it| it.holds(known)))
            && match (self.fact, self.test) {
                (Some(fact), Some(test)) => self.passes(fact, test, known),
                _ => true,
            }
    }

    /// Whether it looks at a fact, at any level.
    #[must_use]
    pub fn looks_at(&self, fact: Fact) -> bool {
        self.fact == Some(fact) || self.below().any(|it| it.looks_at(fact))
    }

    /// Whether it still holds of what is left of an order. The friend's metadata is kept with the
    /// person only, and is taken to hold as it did when the reward was earned.
    #[must_use]
    pub fn holds_of_rest(&self, rest: &Known) -> bool {
        self.all.iter().all(|it| it.holds_of_rest(rest))
            && (self.any.is_empty() || self.any.iter().any(|it| it.holds_of_rest(rest)))
            && match (self.fact, self.test) {
                (Some(Fact::Metadata), _) => true,
                (Some(fact), Some(test)) => self.passes(fact, test, rest),
                _ => true,
            }
    }

    fn passes(&self, fact: Fact, test: Test, known: &Known) -> bool {
        match fact {
            Fact::Metadata => {
                let field = self.key.as_ref().and_then(|it| known.metadata.get(it));
                field.is_some_and(|it| self.fits_text(test, it))
            }
            Fact::Country => known.country.as_ref().is_some_and(|it| self.fits_text(test, it)),
            Fact::Product => {
                let products = &known.products;
                let refuses = matches!(test, Test::Differs | Test::NoneOf);
                if refuses {
                    !products.is_empty() && products.iter().all(|it| self.fits_text(test, it))
                } else {
                    products.iter().any(|it| self.fits_text(test, it))
                }
            }
            Fact::Amount => known.amount.is_some_and(|it| self.fits_number(test, it)),
            Fact::NewCustomer => known.new_customer.is_some_and(|it| match test {
                Test::Differs => self.value != it,
                _ => self.value == it,
            }),
        }
    }

    pub(super) fn fits_text(&self, test: Test, text: &str) -> bool {
        let listed = || {
            let list = self.value.as_array();
            list.is_some_and(|list| list.iter().any(|it| it.as_str() == Some(text)))
        };
        match test {
            Test::Equals => self.value.as_str() == Some(text),
            Test::Differs => self.value.as_str() != Some(text),
            Test::OneOf => listed(),
            Test::NoneOf => !listed(),
            Test::AtLeast | Test::AtMost => {
                text.parse().is_ok_and(|number| self.fits_number(test, number))
            }
        }
    }

    pub(super) fn fits_number(&self, test: Test, number: i64) -> bool {
        self.value.as_i64().is_some_and(|value| match test {
            Test::Equals | Test::OneOf => number == value,
            Test::Differs | Test::NoneOf => number != value,
            Test::AtLeast => value <= number,
            Test::AtMost => number <= value,
        })
    }

    /// What is wrong with it, if anything (R-CONDITION-1).
    #[must_use]
    pub fn flaw(&self) -> Option<&'static str> {
        if MOST < self.count() {
            return Some("holds at most 50 conditions");
        }
        self.flaw_below(DEEPEST).or_else(|| self.contradiction())
    }

    fn count(&self) -> usize {
        1 + self.below().map(Self::count).sum::<usize>()
    }

    pub(super) fn below(&self) -> impl Iterator<Item = &Self> {
        self.all.iter().chain(&self.any)
    }

    fn flaw_below(&self, depth: usize) -> Option<&'static str> {
        if depth == 0 {
            return Some("is nested deeper than 5 levels");
        }
        let own = match (self.fact, self.test) {
            (None, None) if self.key.is_none() && self.value.is_null() => None,
            (Some(fact), Some(test)) => self.flaw_of(fact, test),
            _ => Some("a condition has fact, is and value"),
        };
        own.or_else(|| self.below().find_map(|it| it.flaw_below(depth - 1)))
    }

    fn flaw_of(&self, fact: Fact, test: Test) -> Option<&'static str> {
        let value = &self.value;
        let is_text = value.as_str().is_some_and(|it| !it.is_empty() && it.len() <= 500);
        let texts = value.as_array().is_some_and(|list| {
            (1..=100).contains(&list.len())
                && list.iter().all(|it| it.as_str().is_some_and(|it| it.len() <= 500))
        });
        if self.key.is_some() != (fact == Fact::Metadata) {
            return Some("key names a field of the metadata, and nothing else");
        }
        let fits = match (fact, test) {
            (Fact::NewCustomer, Test::Equals | Test::Differs) => value.is_boolean(),
            (Fact::NewCustomer, _)
            | (Fact::Amount, Test::OneOf | Test::NoneOf)
            | (Fact::Product | Fact::Country, Test::AtLeast | Test::AtMost) => false,
            (Fact::Amount, _) => value.as_i64().is_some_and(|it| 0 <= it),
            (Fact::Metadata, Test::AtLeast | Test::AtMost) => value.is_i64(),
            (Fact::Country, Test::OneOf | Test::NoneOf) => {
                texts && value.as_array().is_some_and(|list| list.iter().all(is_country))
            }
            (Fact::Country, _) => is_country(value),
            (_, Test::OneOf | Test::NoneOf) => texts,
            (_, Test::Equals | Test::Differs) => is_text,
        };
        (!fits).then_some("this fact cannot be held against this value in this way")
    }

    /// The same as it is compared: countries in capital letters.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        if self.fact == Some(Fact::Country) {
            let capital = |it: &mut Value| {
                if let Value::String(text) = it {
                    text.make_ascii_uppercase();
                }
            };
            match &mut self.value {
                Value::Array(list) => list.iter_mut().for_each(capital),
                value => capital(value),
            }
        }
        let all = |list: Vec<Self>| list.into_iter().map(Self::normalised).collect();
        self.all = all(self.all);
        self.any = all(self.any);
        self
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use serde_json::json;

    use super::*;

    fn condition(value: Value) -> Condition {
        serde_json::from_value(value).unwrap()
    }

    fn known() -> Known {
        Known {
            metadata: [("plan".into(), "pro".into()), ("seats".into(), "12".into())].into(),
            amount: Some(5_000),
            products: ["shoes".into(), "hat".into()].into(),
            country: Some("FR".into()),
            new_customer: Some(true),
        }
    }

    #[track_caller]
    fn check(value: Value, expected: bool) {
        let condition = condition(value);
        assert_eq!(condition.flaw(), None, "{condition:?}");
        assert_eq!(condition.holds(&known()), expected, "{condition:?}");
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that tests read well")]
    fn plan(test: &str, value: Value) -> Value {
        json!({ "fact": "METADATA", "key": "plan", "is": test, "value": value })
    }

    fn amount(test: &str, value: i64) -> Value {
        json!({ "fact": "AMOUNT", "is": test, "value": value })
    }

    #[test]
    fn r_condition_1_each_fact_is_held_against_its_value() {
        check(json!({}), true);
        check(plan("EQUALS", json!("pro")), true);
        check(plan("EQUALS", json!("Pro")), false);
        check(plan("DIFFERS", json!("free")), true);
        check(plan("DIFFERS", json!("pro")), false);
        check(plan("ONE_OF", json!(["free", "pro"])), true);
        check(plan("NONE_OF", json!(["free", "pro"])), false);
        check(json!({ "fact": "METADATA", "key": "seats", "is": "AT_LEAST", "value": 12 }), true);
        check(json!({ "fact": "METADATA", "key": "seats", "is": "AT_MOST", "value": 11 }), false);
        for (test, value, expected) in [
            ("AT_LEAST", 5_000, true),
            ("AT_LEAST", 5_001, false),
            ("AT_MOST", 5_000, true),
            ("AT_MOST", 4_999, false),
            ("EQUALS", 5_000, true),
        ] {
            check(amount(test, value), expected);
        }
        let product = |test: &str, value| json!({ "fact": "PRODUCT", "is": test, "value": value });
        check(product("EQUALS", json!("hat")), true);
        check(product("DIFFERS", json!("hat")), false);
        check(product("NONE_OF", json!(["gloves"])), true);
        check(json!({ "fact": "COUNTRY", "is": "ONE_OF", "value": ["FR", "BE"] }), true);
        check(json!({ "fact": "NEW_CUSTOMER", "is": "EQUALS", "value": true }), true);
        check(json!({ "fact": "NEW_CUSTOMER", "is": "EQUALS", "value": false }), false);
    }

    #[test]
    fn r_condition_1_a_country_is_read_in_capital_letters() {
        let french = json!({ "fact": "COUNTRY", "is": "EQUALS", "value": "fr" });
        let listed = json!({ "fact": "COUNTRY", "is": "ONE_OF", "value": ["be", "Fr"] });
        for value in [french, listed.clone(), json!({ "any": [{ "all": [listed] }] })] {
            let read = condition(value).normalised();
            assert_eq!((read.flaw(), read.holds(&known())), (None, true), "{read:?}");
        }
        check(plan("EQUALS", json!("pro")), true);
        assert!(condition(plan("EQUALS", json!("pro"))).normalised().holds(&known()));
    }

    #[test]
    fn r_condition_2_what_is_not_known_fails_every_test() {
        for test in [
            plan("EQUALS", json!("pro")),
            plan("DIFFERS", json!("pro")),
            plan("NONE_OF", json!(["pro"])),
            amount("AT_MOST", 5_000),
            json!({ "fact": "PRODUCT", "is": "DIFFERS", "value": "hat" }),
            json!({ "fact": "COUNTRY", "is": "DIFFERS", "value": "FR" }),
            json!({ "fact": "NEW_CUSTOMER", "is": "EQUALS", "value": false }),
        ] {
            assert!(!condition(test.clone()).holds(&Known::default()), "{test}");
        }
    }

    #[test]
    fn r_condition_3_all_and_any_combine_at_any_level() {
        let (yes, no) = (amount("AT_LEAST", 1), amount("AT_LEAST", 9_999));
        check(json!({ "all": [yes, yes] }), true);
        check(json!({ "all": [yes, no] }), false);
        check(json!({ "any": [no, yes] }), true);
        check(json!({ "any": [no, no] }), false);
        check(json!({ "all": [yes, { "any": [no, { "all": [yes] }] }] }), true);
        check(json!({ "any": [yes], "all": [no] }), false);
        let nested = condition(json!({ "any": [{ "all": [yes] }] }));
        assert!(nested.looks_at(Fact::Amount) && !nested.looks_at(Fact::NewCustomer));
    }

    #[test]
    fn r_condition_4_what_never_holds_is_refused() {
        let nest = |depth: usize| (0..depth).fold(json!({}), |it, _| json!({ "all": [it] }));
        for wrong in [
            json!({ "fact": "AMOUNT" }),
            json!({ "value": 1 }),
            json!({ "key": "plan" }),
            amount("AT_LEAST", -1),
            json!({ "fact": "AMOUNT", "is": "AT_LEAST", "value": "1" }),
            json!({ "fact": "AMOUNT", "is": "ONE_OF", "value": ["1"] }),
            json!({ "fact": "METADATA", "is": "EQUALS", "value": "x" }),
            json!({ "fact": "COUNTRY", "key": "x", "is": "EQUALS", "value": "FR" }),
            plan("ONE_OF", json!([])),
            plan("ONE_OF", json!([1])),
            plan("EQUALS", json!("")),
            json!({ "fact": "NEW_CUSTOMER", "is": "EQUALS", "value": "yes" }),
            json!({ "all": [amount("AT_LEAST", 100), amount("AT_MOST", 99)] }),
            json!({ "all": [amount("EQUALS", 100), { "all": [amount("AT_MOST", 99)] }] }),
            json!({ "all": [plan("EQUALS", json!("a")), plan("EQUALS", json!("b"))] }),
            json!({ "all": [plan("EQUALS", json!("a")), plan("DIFFERS", json!("a"))] }),
            json!({ "any": [{ "all": [plan("NONE_OF", json!(["a"])), plan("EQUALS", json!("a"))] }] }),
            json!({ "fact": "COUNTRY", "is": "EQUALS", "value": "France" }),
            json!({ "fact": "COUNTRY", "is": "ONE_OF", "value": ["FR", "de"] }),
            json!({ "all": vec![json!({}); MOST] }),
            nest(DEEPEST),
        ] {
            assert!(condition(wrong.clone()).flaw().is_some(), "{wrong}");
        }
        assert_eq!(condition(nest(DEEPEST - 1)).flaw(), None);
        assert_eq!(condition(json!({ "all": vec![json!({}); MOST - 1] })).flaw(), None);
        let either = json!({ "any": [plan("EQUALS", json!("a")), plan("EQUALS", json!("b"))] });
        assert_eq!(condition(either).flaw(), None);
    }
}
