//! Conditions in words.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde_json::Value;

use super::{Both, amount};
use crate::{
    campaign::Campaign,
    reward::{Condition, Fact, Test},
};

/// A condition as the end of a sentence; nothing, if it asks for nothing.
pub(super) fn text(campaign: &Campaign, condition: &Condition) -> Option<Both> {
    let mut all: Vec<Both> = condition.all.iter().filter_map(|it| text(campaign, it)).collect();
    let any: Vec<Both> = condition.any.iter().filter_map(|it| text(campaign, it)).collect();
    match any.as_slice() {
        [] => {}
        [only] => all.push(only.clone()),
        several => {
            let either = joined(several, " or ", ", soit ");
            all.push(Both::new(format!("either {}", either.en), format!("soit {}", either.fr)));
        }
    }
    if let (Some(fact), Some(test)) = (condition.fact, condition.test) {
        all.push(one(campaign, condition, fact, test));
    }
    // Two conditions on what is not told are told once.
    let mut distinct: Vec<Both> = Vec::new();
    for it in all {
        if !distinct.contains(&it) {
            distinct.push(it);
        }
    }
    (!distinct.is_empty()).then(|| joined(&distinct, " and ", " et "))
}

fn joined(parts: &[Both], en: &str, fr: &str) -> Both {
    let join =
        |by: &str, pick: fn(&Both) -> &str| parts.iter().map(pick).collect::<Vec<&str>>().join(by);
    Both::new(join(en, |it| &it.en), join(fr, |it| &it.fr))
}

fn one(campaign: &Campaign, condition: &Condition, fact: Fact, test: Test) -> Both {
    let value = &condition.value;
    let list = listed(value);
    match fact {
        Fact::Amount => {
            let [en, fr] = amount(campaign, value.as_i64().unwrap_or_default());
            let (how, comment) = relation(test);
            Both::new(
                format!("the order is worth {how}{en}"),
                format!("la commande vaut {comment}{fr}"),
            )
        }
        Fact::Product if matches!(test, Test::Differs | Test::NoneOf) => Both::new(
            format!("the order holds nothing of: {list}"),
            format!("la commande ne contient rien de\u{a0}: {list}"),
        ),
        Fact::Product => Both::new(
            format!("the order holds one of: {list}"),
            format!("la commande contient l’un de\u{a0}: {list}"),
        ),
        Fact::Country => {
            let (is, est) = identity(test);
            Both::new(format!("the country {is}{list}"), format!("le pays {est}{list}"))
        }
        Fact::NewCustomer => {
            let new = (value == &Value::Bool(true)) == (test != Test::Differs);
            if new {
                Both::new("the friend is a new customer", "le filleul est un nouveau client")
            } else {
                Both::new("the friend was a customer before", "le filleul était déjà client")
            }
        }
        // The names and values of fields are the shop's own affair; rules may say more in their texts.
        Fact::Metadata => Both::new(
            "the friend meets a further condition of the programme",
            "le filleul remplit une autre condition du programme",
        ),
    }
}

/// A value or the values of a list.
fn listed(value: &Value) -> String {
    let plain = |it: &Value| it.as_str().map_or_else(|| it.to_string(), String::from);
    match value {
        Value::Array(list) => list.iter().map(plain).collect::<Vec<String>>().join(", "),
        other => plain(other),
    }
}

const fn relation(test: Test) -> (&'static str, &'static str) {
    match test {
        Test::AtLeast => ("at least ", "au moins "),
        Test::AtMost => ("at most ", "au plus "),
        Test::Differs | Test::NoneOf => ("other than ", "autre chose que "),
        Test::Equals | Test::OneOf => ("exactly ", "exactement "),
    }
}

const fn identity(test: Test) -> (&'static str, &'static str) {
    match test {
        Test::OneOf => ("is one of: ", "est l’un de\u{a0}: "),
        Test::NoneOf => ("is none of: ", "n’est aucun de\u{a0}: "),
        Test::Differs => ("is not ", "n’est pas "),
        Test::Equals | Test::AtLeast | Test::AtMost => ("is ", "est "),
    }
}
