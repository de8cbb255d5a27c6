//! Tests of how settings are typed and said.

use std::collections::BTreeSet;

use serde_json::json;
use shared::{
    api::CampaignReward,
    campaign::{Installation, Options},
    card::Own,
};

use super::*;
use crate::store::rules::tests::double;

fn say(currency: &str) -> Say {
    let currency = Currency::parse(currency).unwrap();
    Say { lang: Lang::En, currency, zone: Zone::parse("Europe/Paris").unwrap() }
}

/// The paths of all values that are no objects.
fn leaves(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(&path, value, found);
            }
        }
        _ => {
            found.insert(path.into());
        }
    }
}

#[track_caller]
fn check(list: &[Opt], wire: &Value, elsewhere: &[&str]) {
    let mut expected = BTreeSet::new();
    leaves("", wire, &mut expected);
    for path in elsewhere {
        assert!(expected.remove(*path), "{path} is not on the wire");
    }
    let known: BTreeSet<String> = list.iter().map(|it| it.path.to_owned()).collect();
    assert_eq!(known.len(), list.len(), "two settings have one path");
    assert_eq!(known, expected);
    for opt in list {
        for lang in [Lang::En, Lang::Fr] {
            assert!(!opt.label(lang).is_empty() && !pick(lang, opt.help).is_empty());
        }
        assert_ne!(opt.help[0], opt.help[1], "{}", opt.path);
    }
}

#[test]
fn r_settings_1_every_setting_that_the_api_takes_stands_on_the_pages() {
    let wire = json!({
        "name": "", "status": "", "currencyISO": "", "companyName": "",
        "companyLogoImageUrl": "", "installation": Installation::default(),
        "options": Options::default(),
    });
    check(SETTINGS, &wire, &[]);
    assert!(SETTINGS.iter().all(|it| PARTS.iter().any(|part| part.name == it.part)));
    // A number and a version are nobody's to set; no limit is said by an empty one; conditions have
    // fields of their own.
    let own = ["id", "version", "isUnlimited", "conditions"];
    check(RULE, &json!(CampaignReward::from(double("crew_1"))), &own);
    check(TEXTS, &json!(Own::default()), &[]);
    check(LOOK, &json!(shared::look::Look::default()), &[]);
}

#[test]
fn r_settings_1_the_campaigns_own_fields_are_those_of_the_api() {
    // What a campaign's PATCH takes, by its reader's own refusal of anything else.
    let fields = ["name", "companyName", "companyLogoImageUrl", "status"];
    let source =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/..", "/shared/src/api/campaign.rs"));
    let update = source.split("pub struct CampaignUpdate {").nth(1).unwrap();
    let update = update.split("\n}").next().unwrap();
    let count = update.lines().filter(|it| it.trim_start().starts_with("pub ")).count();
    assert_eq!(count, fields.len(), "{update}");
    for field in fields {
        assert!(SETTINGS.iter().any(|it| it.path == field), "{field}");
    }
}

#[test]
fn what_is_typed_is_read_as_it_was_shown() {
    let opt = |kind| Opt { kind, ..SETTINGS[0] };
    for (kind, value, typed) in [
        (Kind::Line, json!("Shop"), "Shop"),
        (Kind::Line, json!(null), ""),
        (Kind::Lines, json!(["a", "b"]), "a\nb"),
        (Kind::Lines, json!([]), ""),
        (Kind::Pairs, json!({ "a": "1=2", "b": "" }), "a = 1=2\nb = "),
        (Kind::Flag, json!(true), "1"),
        (Kind::Flag, json!(false), ""),
        (Kind::Count, json!(12), "12"),
        (Kind::Count, json!(null), ""),
        (Kind::Money, json!(129_050), "1290.50"),
        (Kind::Money, json!(5), "0.05"),
        (Kind::Days(&[30], None), json!(30), "30"),
        // In summer, and in winter.
        (Kind::Instant, json!(1_790_000_040_000_i64), "2026-09-21T16:14"),
        (Kind::Instant, json!(1_768_564_800_000_i64), "2026-01-16T13:00"),
    ] {
        let opt = opt(kind);
        assert_eq!(opt.typed(&value, say("EUR")), typed);
        assert_eq!(read(&opt, typed, say("EUR")), Ok(value));
    }
    // In French amounts have a comma.
    let (opt_money, fr) = (opt(Kind::Money), Say { lang: Lang::Fr, ..say("EUR") });
    assert_eq!(opt_money.typed(&json!(129_050), fr), "1290,50");
    assert_eq!(read(&opt_money, "1290,50", fr), Ok(json!(129_050)));
    let money = |text, currency| read(&opt(Kind::Money), text, say(currency)).ok();
    for (text, currency, minor) in [
        ("12", "EUR", Some(1_200)),
        ("12,5", "EUR", Some(1_250)),
        ("1 290,50", "EUR", Some(129_050)),
        ("12.505", "EUR", None),
        ("12.5", "JPY", None),
        ("12", "JPY", Some(12)),
        ("1.234", "KWD", Some(1_234)),
        ("-1", "EUR", None),
        ("x", "EUR", None),
        (".5", "EUR", None),
        ("99999999999999999999", "EUR", None),
    ] {
        assert_eq!(money(text, currency), minor.map(Value::from), "{text} {currency}");
    }
    for (kind, wrong) in [
        (Kind::Count, "many"),
        (Kind::Count, "1.5"),
        (Kind::Instant, "tomorrow"),
        (Kind::Instant, "2026-02-30T10:00"),
        (Kind::Instant, "2026-02-01T24:00"),
        (Kind::Pairs, "a"),
    ] {
        assert!(read(&opt(kind), wrong, say("EUR")).is_err(), "{wrong}");
    }
}

#[test]
fn values_are_said_in_both_languages() {
    let french = Say { lang: Lang::Fr, ..say("EUR") };
    let opt = |path: &str| SETTINGS.iter().find(|it| it.path == path).unwrap();
    for (path, value, en, fr) in [
        ("status", json!("DRAFT"), "Being set up", "En préparation"),
        ("options.referralCreditWindowDays", json!(null), "no limit", "sans limite"),
        ("options.referralCreditWindowDays", json!(1), "1 day", "1 jour"),
        ("options.autoApproveAfterDays", json!(null), "not set", "non défini"),
        ("options.budget.amount", json!(100_000), "€1,000.00", "1\u{202f}000,00\u{a0}€"),
        ("options.budget.rewards", json!(1_000), "1,000", "1\u{202f}000"),
        ("options.fraud.blockBurnerEmails", json!(true), "yes", "oui"),
        ("options.charities", json!(["Sea", "Sky"]), "Sea, Sky", "Sea, Sky"),
        (
            "options.endsAt",
            json!(1_790_000_040_000_i64),
            "2026-09-21 16:14 (Europe/Paris)",
            "21/09/2026 16:14 (Europe/Paris)",
        ),
        (
            "options.fraud.blockedEmails",
            json!({ "entries": 2, "mark": "0a" }),
            "2 entries (list 0a)",
            "2 entrées (liste 0a)",
        ),
    ] {
        assert_eq!([opt(path).said(&value, say("EUR")), opt(path).said(&value, french)], [en, fr]);
    }
}
