//! The catalogues that come with the service say everything that a dashboard shows, in their own language.

use std::{collections::BTreeMap, fmt::Write as _};

use shared::{
    campaign::Trigger,
    card,
    decision::{Coarse, Reason},
    lang::Lang,
    reward::{Condition, Event, Gift, GiftKind, Kind, Period, Rule, Status, Texts},
};

use super::{account, board, data, decisions, door, frame, friends, home, link, progress, rewards};
use crate::{
    mail::{Audience, kind},
    pages::{console::mail::name, unsubscribe::choices},
    store::appeals::State,
};

type Catalogue = BTreeMap<String, String>;

/// The catalogues, by their languages.
fn catalogues() -> [(&'static str, Catalogue); 2] {
    let read = |text: &str| serde_json::from_str(text).unwrap();
    [
        ("de", read(include_str!("../../../../widget/catalogues/de.dashboard.json"))),
        ("ar", read(include_str!("../../../../widget/catalogues/ar.dashboard.json"))),
    ]
}

/// A text with `{1}`, `{2}`, … in place of its numbers, as `widget/speak.js` looks it up.
fn key(text: &str) -> String {
    let text: Vec<char> = text.trim().chars().collect();
    let (mut key, mut at, mut count) = (String::new(), 0, 0);
    let digit = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    while let Some(it) = text.get(at) {
        let symbol = usize::from(matches!(it, '€' | '£' | '$'));
        if !digit(at + symbol) {
            key.push(*it);
            at += 1;
            continue;
        }
        at += symbol;
        while digit(at)
            || matches!(text.get(at), Some('.' | ',' | ':' | '/' | '-')) && digit(at + 1)
        {
            at += 1;
        }
        if text.get(at) == Some(&'\u{a0}') {
            at += 4;
        }
        count += 1;
        let _ = write!(key, "{{{count}}}");
    }
    key
}

/// Whether a catalogue says a text, as a whole or sentence by sentence.
fn says(catalogue: &Catalogue, text: &str) -> bool {
    let has = |it: &str| {
        let key = key(it);
        !key.contains(char::is_alphabetic) || catalogue.contains_key(&key)
    };
    let mut sentences = text.trim().split_inclusive(". ");
    has(text) || sentences.all(|it| has(it.trim()))
}

#[track_caller]
fn check<'a>(texts: impl IntoIterator<Item = &'a str>) {
    let catalogues = catalogues();
    let missing = |text: &&str| catalogues.iter().any(|it| !says(&it.1, text));
    let missing: Vec<&str> = texts.into_iter().filter(missing).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// The texts of a table of words: what stands between quotes, but for the codes that begin a pair.
fn quoted(table: &str) -> Vec<String> {
    let parts: Vec<&str> = table.split('"').collect();
    let all = parts.windows(2).step_by(2);
    all.filter(|it| !it[0].ends_with('(')).map(|it| it[1].to_owned()).collect()
}

#[test]
fn a_text_is_found_by_its_numbers() {
    assert_eq!(key("2 of 3. 1,200 more"), "{1} of {2}. {3} more");
    assert_eq!(key(" €12.50 of credit"), "{1} of credit");
    assert_eq!(key("a coupon worth 1,200\u{a0}JPY"), "a coupon worth {1}");
    assert_eq!(quoted(r#"W { a: "b", c: [("d", "e"), ("f", "g")] }"#), ["b", "e", "g"]);
}

#[test]
fn both_catalogues_have_the_same_texts_with_the_same_numbers() {
    let [(_, de), (_, ar)] = catalogues();
    assert!(de.keys().eq(ar.keys()));
    for (text, said) in de.iter().chain(&ar) {
        let (mut rest, mut other) = (text.clone(), said.clone());
        for number in 1..9 {
            let mark = format!("{{{number}}}");
            assert_eq!(text.matches(&mark).count(), said.matches(&mark).count(), "{text}: {said}");
            (rest, other) = (rest.replace(&mark, ""), other.replace(&mark, ""));
        }
        for it in [rest, other] {
            assert!(
                !it.is_empty() && !it.contains(|it: char| it.is_ascii_digit() || it == '{'),
                "{text}"
            );
        }
    }
}

#[test]
fn catalogues_say_every_text_of_the_participants_pages() {
    // The page behind a link in an e-mail is never in a dashboard.
    let door = door::said();
    let (door, _) = door.split_once(", enter: ").unwrap();
    let tables = [
        account::said(),
        board::said(),
        data::said(),
        decisions::said(),
        door.to_owned(),
        frame::said(),
        friends::said(),
        home::said(),
        link::said(),
        progress::said(),
        rewards::said(),
    ];
    for table in tables {
        let texts = quoted(&table);
        assert!(3 < texts.len(), "{table}");
        let mut texts = texts.iter().map(String::as_str).peekable();
        while let Some(text) = texts.next() {
            // Whom to ask stands between: the company by its name, which parts the sentence, or us.
            if let Some(lead) = text.strip_suffix(". ") {
                let end = texts.next().unwrap();
                check([&*format!("{lead}. Ask"), end, &*format!("{lead}. Ask us{end}")]);
            } else if text != "of" {
                check([text]);
            }
        }
    }
    check(["2 of 3. One more friend to go.", "2 of 13. 11 more friends to go.", "E-mail", "SMS"]);
    let choices = choices(Lang::En, [true; 9]).into_string();
    let choices: Vec<&str> =
        choices.split("<span>").skip(1).filter_map(|it| it.split('<').next()).collect();
    assert_eq!(choices.len(), 10);
    check(choices);
}

#[test]
fn catalogues_say_every_reason_that_somebody_reads() {
    for reason in Reason::ALL {
        check([reason.sentence(Lang::En), reason.to_themselves(Lang::En)]);
    }
    for status in [Coarse::Waits, Coarse::Counts, Coarse::DoesNotCount] {
        check([status.sentence(Lang::En)]);
    }
    let joined = Reason::ALL.iter().take(3).map(|it| it.sentence(Lang::En)).collect::<Vec<_>>();
    check([&*joined.join(" ")]);
}

#[test]
fn catalogues_say_what_the_page_of_everything_that_is_known_shows() {
    let written = |it: serde_json::Value| it.as_str().unwrap().to_owned();
    let coarse = [Coarse::Waits, Coarse::Counts, Coarse::DoesNotCount];
    let coarse = coarse.map(|it| written(serde_json::to_value(it).unwrap()));
    let rewards = [Status::Pending, Status::Fulfilled, Status::Cancelled, Status::Reversed];
    let rewards = rewards.map(|it| written(serde_json::to_value(it).unwrap()));
    check(coarse.iter().chain(&rewards).map(String::as_str));
    check([State::Open, State::Agreed, State::Kept].map(State::as_str));
    // As `dossiers::newest_events` names them.
    check(["CLICKS", "SHARE", "CONVERSION", "REFUND", "REWARD"]);
    let told = kind::ALL.into_iter().filter(|it| it.audience() == Audience::Participant);
    check(told.map(|it| name(it, Lang::En).0));
}

fn rule(kind: Kind, event: Event, conversions_required: u32) -> Rule {
    Rule {
        id: "crew_1".into(),
        version: 1,
        kind,
        event,
        conversions_required,
        limit: None,
        period: Period::InTotal,
        number_of_winners: 3,
        is_visible: true,
        upfront: false,
        gives: Gift::default(),
        referral_gives: Gift::default(),
        conditions: Condition::default(),
        starts_at: None,
        ends_at: None,
        hold_days: 0,
        order: None,
        texts: Texts::default(),
    }
}

#[test]
fn catalogues_say_what_every_rule_promises_but_for_the_owners_words() {
    let kinds = [Kind::SingleSided, Kind::DoubleSided, Kind::Milestone, Kind::Leaderboard];
    let mut campaign = data::tests::campaign("Shop");
    let mut rules = Vec::new();
    for kind in kinds {
        for event in [Event::Lead, Event::Conversion] {
            for count in [1, 5] {
                let rule = rule(kind, event, count);
                rules.push(Rule { upfront: kind == Kind::DoubleSided, ..rule.clone() });
                rules.push(Rule { period: Period::PerMonth, ..rule.clone() });
                rules.push(rule);
            }
        }
    }
    let gifts = [
        GiftKind::Coupon,
        GiftKind::UniqueCoupon,
        GiftKind::Gift,
        GiftKind::Access,
        GiftKind::Badge,
        GiftKind::Custom,
    ];
    let worth = [GiftKind::Credit, GiftKind::Donation, GiftKind::Money].into_iter().chain(gifts);
    let gifts = gifts.into_iter().map(|kind| (kind, None));
    for (kind, amount) in worth.map(|it| (it, Some(123_450))).chain(gifts) {
        let gives = Gift { kind, amount, ..Gift::default() };
        rules.push(Rule { gives, ..rule(Kind::SingleSided, Event::Lead, 1) });
    }
    for currency in ["EUR", "JPY"] {
        campaign.currency = shared::money::Currency::parse(currency).unwrap();
        for trigger in [Trigger::OnSignup, Trigger::Custom] {
            campaign.installation.referral_trigger = trigger;
            for rule in &rules {
                let promise = card::promise(&campaign, rule);
                assert_eq!(promise.own, [false; 2]);
                for it in [Some(promise.referrer), promise.friend].into_iter().flatten() {
                    let (how, what) = it.en.split_once(": ").expect("what is given");
                    check([&*format!("{how}:"), what.strip_suffix('.').expect("a sentence")]);
                }
            }
        }
    }
    let texts = Texts { referral_description: Some("Tea".into()), ..Texts::default() };
    let rule = Rule { texts, ..rule(Kind::DoubleSided, Event::Lead, 1) };
    assert_eq!(card::promise(&campaign, &rule).own, [false, true]);
}
