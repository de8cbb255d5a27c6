//! What one decision costs, without the database.

use std::hint::black_box;

use shared::{
    campaign::Options,
    reward::{
        Budget, Condition, Event, Fact, Kind, Known, Moment, Rule, Source, Tally, Test, earn,
    },
    zone::Zone,
};

use crate::shop::{NOW, code, rule, timed};

const TIMES: u32 = 20_000;

/// Microseconds of one decision by 20 rules that pay both sides, each with so many conditions, all
/// of which hold.
pub(crate) fn micros(conditions: u32) -> f64 {
    let rules: Vec<Rule> = (0..20)
        .map(|n| {
            let all: Vec<Condition> = (0..conditions).map(|it| condition(n + it)).collect();
            let conditions = match <[Condition; 1]>::try_from(all) {
                Ok([only]) => only,
                Err(all) => Condition { all, ..Condition::default() },
            };
            Rule { conditions, ..rule(&format!("crew_{n}"), Kind::DoubleSided) }
        })
        .collect();
    let (ada, bob) = (code("ada"), code("bob"));
    let options = Options::default();
    let known = Known {
        metadata: [("plan".into(), "pro".into())].into(),
        amount: Some(5_000),
        products: vec!["shoes".into(), "hat".into()],
        country: Some("FR".into()),
        new_customer: Some(true),
    };
    let moment = Moment {
        options: &options,
        event: Event::Conversion,
        source: Source::Server,
        referrer: &ada,
        friend: &bob,
        total: Tally::default(),
        monthly: Tally::default(),
        month: Zone::default().month(NOW),
        picked: &[],
        taken: &[],
        given: &[],
        budget: Budget::default(),
        known: &known,
        now: NOW,
    };
    assert_eq!(earn(&rules, &moment).earned.len(), 40);
    let took = timed(|| {
        for _ in 0..TIMES {
            black_box(earn(black_box(&rules), black_box(&moment)));
        }
    });
    took.as_secs_f64() * 1e6 / f64::from(TIMES)
}

fn condition(n: u32) -> Condition {
    let (fact, key, test, value) = match n % 4 {
        0 => (Fact::Amount, None, Test::AtLeast, 100.into()),
        1 => (Fact::Country, None, Test::OneOf, vec!["BE", "CH", "FR"].into()),
        2 => (Fact::Metadata, Some("plan".into()), Test::Equals, "pro".into()),
        _ => (Fact::Product, None, Test::Differs, "socks".into()),
    };
    Condition { fact: Some(fact), key, test: Some(test), value, ..Condition::default() }
}
