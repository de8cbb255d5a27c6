//! Conditions that can never hold: tests that exclude each other, and tests of what is not there.

use alloc::{vec, vec::Vec};

use serde_json::Value;

use super::{Condition, Fact, Test};

impl Condition {
    /// Tests that can never hold together, among those that all must; a choice in which nothing fits
    /// those is one as well.
    pub(super) fn contradiction(&self) -> Option<&'static str> {
        self.clashes(&[]).then_some("holds tests that can never hold together")
    }

    /// Whether it, or a part of it, can never hold beside these tests.
    fn clashes(&self, beside: &[&Self]) -> bool {
        let mut together = beside.to_vec();
        let mut choices = Vec::new();
        self.gather(&mut together, &mut choices);
        if together.iter().any(|it| !it.may_hold(&together)) {
            return true;
        }
        choices.iter().any(|any| {
            // A choice that can never hold by itself is a mistake, whatever the others are.
            any.iter().all(|it| it.clashes(&together)) || any.iter().any(|it| it.clashes(&[]))
        })
    }

    /// All tests that must hold together, and the choices of which one must.
    fn gather<'a>(&'a self, tests: &mut Vec<&'a Self>, choices: &mut Vec<&'a [Self]>) {
        if self.fact.is_some() {
            tests.push(self);
        }
        if !self.any.is_empty() {
            choices.push(&self.any);
        }
        self.all.iter().for_each(|it| it.gather(tests, choices));
    }

    /// Whether there is a value that passes this test and the others of the same fact.
    fn may_hold(&self, together: &[&Self]) -> bool {
        let others: Vec<_> = together.iter().filter(|it| self.is_about(it)).collect();
        let (Some(fact), Some(test)) = (self.fact, self.test) else { return true };
        if test == Test::AtLeast {
            let above = |it: &&&&Self| {
                it.test == Some(Test::AtMost) && it.value.as_i64() < self.value.as_i64()
            };
            return !others.iter().any(|it| above(&it));
        }
        let Some(candidates) = self.candidates(fact, test) else { return true };
        candidates.iter().any(|value| others.iter().all(|it| it.takes(value)))
    }

    /// Whether two tests are of one value. An order has several products: one may fit each test, but
    /// what is refused is refused of all.
    fn is_about(&self, other: &Self) -> bool {
        let refuses = matches!(other.test, Some(Test::Differs | Test::NoneOf));
        self.fact == other.fact
            && self.key == other.key
            && (self.fact != Some(Fact::Product) || refuses)
    }

    /// The values that pass a test, where they are few.
    fn candidates(&self, fact: Fact, test: Test) -> Option<Vec<Value>> {
        match (fact, test) {
            (Fact::NewCustomer, Test::Differs) => {
                Some(vec![Value::Bool(self.value == Value::Bool(false))])
            }
            (_, Test::Equals) => Some(vec![self.value.clone()]),
            (_, Test::OneOf) => self.value.as_array().cloned(),
            _ => None,
        }
    }

    fn takes(&self, value: &Value) -> bool {
        let Some(test) = self.test else { return true };
        match value {
            Value::String(text) => self.fits_text(test, text),
            Value::Number(number) => number.as_i64().is_some_and(|it| self.fits_number(test, it)),
            value => (self.value == *value) == (test == Test::Equals),
        }
    }

    /// Whether it can hold where there is no order.
    pub(super) fn may_hold_without_order(&self) -> bool {
        let of_order = matches!(self.fact, Some(Fact::Amount | Fact::Product | Fact::Country));
        !of_order
            && self.all.iter().all(Self::may_hold_without_order)
            && (self.any.is_empty() || self.any.iter().any(Self::may_hold_without_order))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn condition(value: Value) -> Condition {
        serde_json::from_value(value).unwrap()
    }

    fn test(fact: &str, is: &str, value: impl Into<Value>) -> Value {
        json!({ "fact": fact, "is": is, "value": value.into() })
    }

    fn check(value: Value, contradicts: bool) {
        let condition = condition(value);
        assert_eq!(condition.flaw().is_some(), contradicts, "{condition:?}");
    }

    #[test]
    fn r_condition_4_tests_that_exclude_each_other_are_refused() {
        let country = |is, list: &[&str]| test("COUNTRY", is, json!(list));
        let new = |is, value: bool| test("NEW_CUSTOMER", is, value);
        let amount = |is, value: i64| test("AMOUNT", is, value);
        let product = |is, value: Value| test("PRODUCT", is, value);
        for (all, contradicts) in [
            (vec![country("ONE_OF", &["FR"]), country("ONE_OF", &["DE"])], true),
            (vec![country("ONE_OF", &["FR", "DE"]), country("ONE_OF", &["DE"])], false),
            (vec![country("ONE_OF", &["FR"]), country("NONE_OF", &["FR", "DE"])], true),
            (
                vec![
                    country("ONE_OF", &["FR", "DE"]),
                    test("COUNTRY", "DIFFERS", "FR"),
                    test("COUNTRY", "DIFFERS", "DE"),
                ],
                true,
            ),
            (vec![new("EQUALS", true), new("DIFFERS", true)], true),
            (vec![new("DIFFERS", false), new("DIFFERS", true)], true),
            (vec![new("EQUALS", true), new("DIFFERS", false)], false),
            (vec![amount("AT_LEAST", 2), amount("AT_MOST", 1)], true),
            (vec![amount("AT_LEAST", 2), amount("AT_MOST", 2)], false),
            (vec![amount("EQUALS", 2), amount("DIFFERS", 2)], true),
            (vec![amount("EQUALS", 2), amount("AT_LEAST", 3)], true),
            (vec![product("EQUALS", json!("a")), product("EQUALS", json!("b"))], false),
            (vec![product("EQUALS", json!("a")), product("DIFFERS", json!("a"))], true),
            (vec![product("ONE_OF", json!(["a", "b"])), product("NONE_OF", json!(["a"]))], false),
        ] {
            check(json!({ "all": all }), contradicts);
        }
    }

    #[test]
    fn r_condition_4_a_choice_in_which_nothing_fits_is_refused() {
        let amount = |is, value: i64| test("AMOUNT", is, value);
        let all = vec![amount("AT_LEAST", 5_000)];
        let (low, high) = (amount("AT_MOST", 1), amount("AT_MOST", 9_000));
        check(json!({ "all": all, "any": [low] }), true);
        check(json!({ "all": all, "any": [low, high] }), false);
        check(json!({ "all": [all[0], { "any": [low] }] }), true);
        check(json!({ "all": all, "any": [{ "any": [low] }, { "all": [low] }] }), true);
        check(json!({ "all": all, "any": [high, { "all": [low, amount("AT_LEAST", 2)] }] }), true);
    }

    #[test]
    fn r_rule_7_a_choice_may_leave_the_order_out() {
        let (amount, new) = (test("AMOUNT", "AT_LEAST", 1), test("NEW_CUSTOMER", "EQUALS", true));
        for (value, expected) in [
            (json!({}), true),
            (new.clone(), true),
            (amount.clone(), false),
            (json!({ "all": [new, amount] }), false),
            (json!({ "any": [new, amount] }), true),
            (json!({ "any": [{ "all": [amount] }] }), false),
        ] {
            assert_eq!(condition(value.clone()).may_hold_without_order(), expected, "{value}");
        }
    }
}
