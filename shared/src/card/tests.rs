//! Tests of the card.

use serde_json::json;

use super::*;
use crate::{
    campaign::{Options, Trigger, tests::campaign},
    reward::{
        Budget, Event, Gift, GiftKind, Kind, Limit, Period,
        rules::{double, single},
    },
};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn shop() -> Campaign {
    let mut shop = Campaign { company_name: Some("Lumière".into()), ..campaign() };
    shop.installation.referral_trigger = Trigger::Custom;
    shop
}

fn credit(minor: i64) -> Gift {
    Gift { kind: GiftKind::Credit, amount: Some(minor), ..Gift::default() }
}

#[track_caller]
fn says(rule: &Rule, en: &str, fr: &str) {
    let card = card(&shop(), core::slice::from_ref(rule), NOW);
    let promise = &card.rewards[0];
    let all = [Some(&promise.referrer), promise.friend.as_ref()];
    let all: Vec<&Both> = all.into_iter().flatten().chain(&promise.limits).collect();
    let join = |lang| all.iter().map(|it| it.in_lang(lang)).collect::<Vec<_>>().join(" ");
    assert_eq!([join(Lang::En), join(Lang::Fr)], [en, fr]);
}

#[test]
fn r_card_1_every_kind_of_rule_is_said_in_both_languages() {
    says(
        &Rule { gives: credit(1_000), referral_gives: credit(500), ..double() },
        "For each friend who becomes a customer, you get: €10.00 of credit. \
         Each friend who becomes a customer gets: €5.00 of credit.",
        "Pour chaque filleul qui devient client, vous recevez\u{a0}: 10,00\u{a0}€ d’avoir. \
         Chaque filleul qui devient client reçoit\u{a0}: 5,00\u{a0}€ d’avoir.",
    );
    let limit = Some(Limit { most: 3, per: Period::PerYear });
    says(
        &Rule { gives: credit(1_000), event: Event::Lead, limit, hold_days: 14, ..single(2) },
        "For every 2 friends who sign up, you get: €10.00 of credit. \
         At most 3 times a year. The reward is available 14 days later.",
        "Pour 2 filleuls inscrits, vous recevez\u{a0}: 10,00\u{a0}€ d’avoir. \
         Au plus 3 fois par an. La récompense est disponible 14 jours plus tard.",
    );
    let badge = Gift { kind: GiftKind::Badge, ..Gift::default() };
    let once = Some(Limit { most: 1, per: Period::InTotal });
    says(
        &Rule { kind: Kind::Milestone, gives: badge, limit: once, ..single(5) },
        "When you have 5 friends who became customers, you get: a badge. \
         Once only.",
        "Quand vous avez 5 filleuls devenus clients, vous recevez\u{a0}: un badge. \
         Une seule fois.",
    );
    let board = Rule { kind: Kind::Leaderboard, number_of_winners: 3, ..single(1) };
    says(
        &Rule { period: Period::PerMonth, ..board },
        "The 3 with the most referrals in each month get: a coupon.",
        "Les 3 meilleurs parrains de chaque mois reçoivent\u{a0}: un bon.",
    );
}

#[test]
fn r_card_1_conditions_are_said_as_they_are_asked() {
    let condition = json!({
        "all": [
            { "fact": "AMOUNT", "is": "AT_LEAST", "value": 5_000 },
            { "any": [
                { "fact": "COUNTRY", "is": "ONE_OF", "value": ["FR", "BE"] },
                { "fact": "METADATA", "key": "plan", "is": "EQUALS", "value": "pro" },
            ] },
        ],
        "fact": "NEW_CUSTOMER", "is": "EQUALS", "value": true,
    });
    let conditions = serde_json::from_value(condition).unwrap();
    let rule = Rule { conditions, gives: credit(1_000), ..single(1) };
    says(
        &Rule {
            conditions: serde_json::from_value(
                json!({ "fact": "COUNTRY", "is": "EQUALS", "value": "FR" }),
            )
            .unwrap(),
            ..single(2)
        },
        "For every 2 friends who become customers, you get: a coupon. A friend counts \
         only if the country is FR.",
        "Pour 2 filleuls devenus clients, vous recevez\u{a0}: un bon. Un filleul ne compte \
         que si le pays est FR.",
    );
    says(
        &rule,
        "For each friend who becomes a customer, you get: €10.00 of credit. Only if the order is \
         worth at least €50.00 and either the country is one of: FR, BE or the friend meets a \
         further condition of the programme and the friend is a new customer.",
        "Pour chaque filleul qui devient client, vous recevez\u{a0}: 10,00\u{a0}€ d’avoir. \
         Seulement si la commande vaut au moins 50,00\u{a0}€ et soit le pays est l’un de\u{a0}: FR, \
         BE, soit le filleul remplit une autre condition du programme et le filleul est un nouveau \
         client.",
    );
}

#[test]
fn r_card_1_hidden_rules_are_no_promise_and_budgets_are_terms() {
    let budget = Budget { rewards: Some(1_000), amount: Some(100_000) };
    let options = Options { budget, referral_credit_window_days: Some(30), ..Options::default() };
    let shop = Campaign { options, ..shop() };
    let card = card(&shop, &[Rule { is_visible: false, ..double() }], NOW);
    assert!(card.rewards.is_empty() && card.disclosure.is_none());
    let terms: Vec<&str> = card.terms.iter().map(|it| it.en.as_str()).collect();
    for term in [
        "A link counts for 30 days after it was opened.",
        "After signing up, a friend has 30 days to do what counts.",
        "The programme gives at most 1,000 rewards in all.",
        "The programme gives at most €1,000.00 in all.",
        "Nobody can refer themselves.",
    ] {
        assert!(terms.contains(&term), "{term}: {terms:?}");
    }
    assert!(terms.iter().any(|it| it.starts_with("One level only")));
}

#[test]
fn r_card_2_who_shares_says_what_they_get_by_it() {
    let rule = Rule { gives: credit(1_000), ..double() };
    let said = card(&shop(), &[rule], NOW).disclosure.unwrap();
    let en =
        "If you become a customer through my link, I may get this from Lumière: €10.00 of credit.";
    let fr = "Si vous devenez client avec mon lien, je peux recevoir de Lumière\u{a0}: 10,00\u{a0}€ d’avoir.";
    assert_eq!([said.en.as_str(), said.fr.as_str()], [en, fr]);
}

#[test]
fn r_card_2_the_sentence_names_all_that_is_had_and_nothing_that_is_over() {
    let ends_at = Some(NOW);
    let over = Rule { gives: credit(9_900), ends_at, ..single(1) };
    let hidden = Rule { gives: credit(8_800), is_visible: false, ..single(1) };
    let lead = Rule { gives: credit(100), event: Event::Lead, ..single(1) };
    let (ten, five) = (single(1), Rule { gives: credit(500), ..single(5) });
    let ten = Rule { gives: credit(1_000), ..ten };
    let said = |rules: &[Rule], now| card(&shop(), rules, now).disclosure.map(|it| it.en);
    let rules = [over.clone(), hidden.clone(), ten.clone(), lead, five, ten];
    let expected = "If you become a customer through my link, I may get this from Lumière: €10.00 of \
                    credit / €5.00 of credit. If you sign up through my link, I may get this from \
                    Lumière: €1.00 of credit.";
    assert_eq!(said(&rules, NOW).unwrap(), expected);
    assert_eq!(said(&[over.clone(), hidden], NOW), None);
    assert!(said(&[over], Timestamp(NOW.0 - 1)).is_some());
}

#[test]
fn r_card_1_what_is_over_is_no_promise_and_what_is_internal_is_not_told() {
    let at = |start, end| Rule { starts_at: start, ends_at: end, ..single(1) };
    for (rule, shown) in [
        (at(None, Some(NOW)), 0),
        (at(None, Some(Timestamp(NOW.0 + 1))), 1),
        (at(Some(Timestamp(NOW.0 + 1)), None), 1),
    ] {
        assert_eq!(card(&shop(), &[rule], NOW).rewards.len(), shown);
    }
    let secret = |key, value: &str| json!({ "fact": "METADATA", "key": key, "is": "EQUALS", "value": value });
    let both = json!({ "all": [secret("riskScore", "low"), secret("tier", "vip")] });
    let rule = Rule { conditions: serde_json::from_value(both).unwrap(), ..single(1) };
    let told = serde_json::to_string(&card(&shop(), &[rule], NOW)).unwrap();
    for word in ["riskScore", "low", "tier", "vip"] {
        assert!(!told.contains(word), "{word}");
    }
    assert!(told.contains("Only if the friend meets a further condition of the programme."));
}

#[test]
fn r_card_1_who_may_take_part_and_what_charities_get_are_terms() {
    let says = |rule: Rule, words: &str| {
        card(&shop(), &[rule], NOW).terms.iter().any(|it| it.en.contains(words))
    };
    let donation = Gift { kind: GiftKind::Donation, amount: Some(500), ..Gift::default() };
    assert!(says(single(1), "Whoever has a personal link takes part"));
    assert!(!says(single(1), "charity"));
    assert!(says(Rule { gives: donation, ..single(1) }, "is for the charity"));
}
