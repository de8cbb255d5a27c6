//! Tests of the set-up: presets that work, answers that are kept, what is wrong by its field.

use super::*;
use crate::{
    attribution::Consent,
    campaign::Trigger,
    card,
    reward::{GiftKind, Kind, Limit, Period},
    time::Timestamp,
};

const NOW: Timestamp = Timestamp(1_000_000);

/// Answers to a goal with the few that no preset knows.
fn answers(goal: Goal, more: &[(&str, &str)]) -> Answers {
    let own = [("goal", goal.name()), ("company", "Café"), ("address", "shop.example/welcome")];
    let typed = own.iter().chain(more).map(|it| (it.0.into(), it.1.into())).collect();
    Answers { typed, lang: Lang::En }
}

fn flaws(more: &[(&str, &str)]) -> std::vec::Vec<(&'static str, Problem)> {
    let (_, flaws) = read(&answers(Goal::Shop, more), "shop01", "crew_1", NOW);
    flaws.into_iter().map(|it| (it.field, it.problem)).collect()
}

#[test]
fn r_setup_1_every_preset_makes_a_programme_with_three_answers() {
    for goal in Goal::ALL {
        for lang in [Lang::En, Lang::Fr] {
            let answers = Answers { lang, ..answers(goal, &[]) };
            let (plan, flaws) = read(&answers, "shop01", "crew_1", NOW);
            assert_eq!(flaws, [], "{goal:?}");
            assert_eq!(plan.campaign.options.flaw(), None);
            assert_eq!(plan.campaign.installation.flaw(), None);
            let card = card::card(&plan.campaign, &[plan.rule], NOW);
            assert_eq!(card.rewards.len(), 1);
            assert!(card.disclosure.is_some());
        }
    }
}

#[test]
fn r_setup_1_a_preset_reads_as_plain_sentences() {
    let said = |goal| {
        let (plan, _) = read(&answers(goal, &[]), "shop01", "crew_1", NOW);
        card::card(&plan.campaign, &[plan.rule], NOW).rewards.remove(0)
    };
    let shop = said(Goal::Shop);
    assert_eq!(
        shop.referrer.en,
        "For each friend who becomes a customer, you get: a coupon worth €10.00."
    );
    assert_eq!(
        shop.friend.unwrap().fr,
        "Chaque filleul qui devient client reçoit\u{a0}: un bon d’une valeur de 10,00\u{a0}€."
    );
    let newsletter = said(Goal::Newsletter);
    assert_eq!(
        newsletter.referrer.en,
        "For every 3 friends who sign up, you get: our reader’s guide."
    );
    assert_eq!(newsletter.friend, None);
}

#[test]
fn r_setup_1_answers_become_the_terms() {
    let typed = [
        ("who", "both"),
        ("currency", "usd"),
        ("gift", "money"),
        ("amount", "12,50"),
        ("friendGift", "donation"),
        ("friendAmount", "3"),
        ("every", "2"),
        ("event", "signup"),
        ("window", "7"),
        ("limit", "4"),
        ("per", "month"),
        ("hold", "5"),
        ("approval", "auto"),
        ("trust", "form"),
        ("join", "friends"),
        ("budget", "100"),
        ("consent", "other"),
        ("zone", "Europe/Berlin"),
        ("more", "https://app.shop.example\nwww.shop.example"),
        ("primary", "#112233"),
        ("titleFr", ""),
        ("logo", "https://shop.example/logo.svg"),
    ];
    let (plan, flaws) = read(&answers(Goal::Shop, &typed), "shop01", "crew_1", NOW);
    assert_eq!(flaws, []);
    let (campaign, rule) = (&plan.campaign, &plan.rule);
    assert_eq!((rule.gives.kind, rule.gives.amount), (GiftKind::Money, Some(1_250)));
    assert_eq!((rule.kind, rule.conversions_required, rule.hold_days), (Kind::DoubleSided, 2, 5));
    assert_eq!(rule.limit, Some(Limit { most: 4, per: Period::PerMonth }));
    assert_eq!(campaign.installation.referral_trigger, Trigger::OnSignup);
    assert_eq!(campaign.installation.consent, Consent::NotRequired);
    assert!(campaign.allows("https://www.shop.example") && campaign.allows("https://shop.example"));
    let options = &campaign.options;
    assert_eq!(options.charities, ["Café"]);
    assert_eq!((options.browser_hold_days, options.referral_credit_window_days), (Some(5), None));
    assert_eq!((options.referral_cookie_window_days, options.budget.rewards), (7, Some(100)));
    assert!(!options.require_manual_reward_approval && !options.auto_fulfill_rewards);
    assert_eq!(options.time_zone.name(), "Europe/Berlin");
    assert!(!campaign.installation.capture_unreferred);
    // One language stands for the other.
    assert_eq!(plan.texts.in_lang(Lang::Fr)[0], "Bring a friend");
    assert_eq!(plan.look.primary.hex(), "#112233");
}

#[test]
fn r_setup_1_what_is_wrong_is_named_by_its_field_and_step() {
    assert_eq!(flaws(&[]), []);
    let long = "x".repeat(256);
    for (field, text, problem) in [
        ("amount", "0", Problem::Amount),
        ("friendAmount", "ten", Problem::Amount),
        ("currency", "EURO", Problem::Choice),
        ("gift", "car", Problem::Choice),
        ("who", "", Problem::Choice),
        ("every", "0", Problem::Number),
        ("every", "", Problem::Number),
        ("limit", "-1", Problem::Number),
        ("hold", "366", Problem::Number),
        ("budget", "1.5", Problem::Number),
        ("window", "31", Problem::Choice),
        ("wait", "", Problem::Choice),
        ("event", "moon", Problem::Choice),
        ("company", " ", Problem::Missing),
        ("company", &long, Problem::Long),
        ("name", "", Problem::Missing),
        ("address", "", Problem::Missing),
        ("address", "not a site", Problem::Address),
        ("address", "javascript://x", Problem::Address),
        ("more", "http://", Problem::Address),
        ("zone", "Paris", Problem::Zone),
        ("primary", "red", Problem::Colour),
        ("accent", "", Problem::Colour),
        ("logo", "http://shop.example/a.png", Problem::Secure),
        ("logo", "data:image/png;base64,x", Problem::Address),
        ("scheme", "sepia", Problem::Choice),
        ("trust", "moon", Problem::Choice),
        ("join", "", Problem::Choice),
        ("titleEn", &long, Problem::Long),
    ] {
        assert_eq!(flaws(&[(field, text)]), [(field, problem)], "{field} {text}");
        let flaw = Flaw {
            field: Step::ALL.iter().flat_map(|it| it.fields()).find(|it| **it == field).unwrap(),
            problem,
        };
        assert!(flaw.step().fields().contains(&field));
    }
    let money = [("gift", "credit"), ("amount", "")];
    assert_eq!(flaws(&money), [("amount", Problem::Amount)]);
    // A friend who gets nothing is not asked what.
    assert_eq!(flaws(&[("who", "referrer"), ("friendAmount", "ten")]), []);
}

#[test]
fn nothing_answered_is_no_programme_and_no_panic() {
    let (_, flaws) = read(&Answers::default(), "shop01", "crew_1", NOW);
    assert_eq!(flaws[0], Flaw { field: "goal", problem: Problem::Missing });
}

#[test]
fn r_setup_2_another_goal_keeps_what_was_typed_and_brings_its_own_proposals() {
    let mut answers = Answers::default();
    let take = |answers: &mut Answers, step, sent: &[(&str, &'static str)]| {
        answers.take(step, |name| sent.iter().find(|it| it.0 == name).map(|it| it.1));
    };
    take(&mut answers, Step::Goal, &[("goal", "shop")]);
    let form = [("who", "both"), ("gift", "coupon"), ("amount", "15"), ("friendAmount", "10")];
    take(&mut answers, Step::Rewards, &form);
    // What belongs to another step is not taken.
    take(&mut answers, Step::Rewards, &[("company", "Evil")]);
    assert_eq!(answers.get("company"), "");
    take(&mut answers, Step::Goal, &[("goal", "saas")]);
    assert_eq!((answers.get("gift"), answers.get("amount")), ("credit", "15"));
    assert_eq!((answers.get("friendAmount"), answers.get("window")), ("20", "90"));
    // The same goal again changes nothing.
    let before = answers.clone();
    take(&mut answers, Step::Goal, &[("goal", "saas")]);
    assert_eq!(answers, before);
}

#[test]
fn steps_lie_beside_each_other() {
    for step in Step::ALL {
        assert_eq!(Step::from_path(step.path()), Some(step));
    }
    assert_eq!((Step::Goal.next(), Step::Rewards.previous()), (Step::Rewards, Step::Goal));
    assert_eq!((Step::Goal.previous(), Step::Check.next()), (Step::Goal, Step::Check));
    assert_eq!(Step::from_path("moon"), None);
}

#[test]
fn r_setup_4_a_voucher_without_a_code_is_never_given_by_itself() {
    let (both, friend) = (("code", "TEN"), ("friendCode", "HI"));
    let (one, badge) = (("who", "referrer"), ("gift", "badge"));
    let cases: &[(&[(&str, &str)], bool)] = &[
        (&[], false),
        (&[both], false),
        (&[friend], false),
        (&[both, friend], true),
        (&[("code", " "), friend], false),
        (&[one], false),
        (&[one, both], true),
        (&[badge], false),
        (&[badge, friend], true),
        (&[badge, one], true),
    ];
    for (typed, whole) in cases {
        let (plan, flaws) = read(&answers(Goal::Shop, typed), "shop01", "crew_1", NOW);
        assert_eq!(flaws, [], "{typed:?}");
        assert_eq!(plan.lacks_code(), !whole, "{typed:?}");
        assert_eq!(plan.campaign.options.auto_fulfill_rewards, *whole, "{typed:?}");
    }
    let by_hand = [both, friend, ("approval", "hand")];
    let (plan, _) = read(&answers(Goal::Shop, &by_hand), "shop01", "crew_1", NOW);
    assert!(!plan.campaign.options.auto_fulfill_rewards && !plan.lacks_code());
}

#[test]
fn r_setup_5_no_preset_believes_a_browser_alone_and_the_first_people_come_by_themselves() {
    for goal in Goal::ALL {
        let (plan, _) = read(&answers(goal, &[]), "shop01", "crew_1", NOW);
        assert_eq!(plan.campaign.options.browser_hold_days, None, "{goal:?}");
        let invited = goal == Goal::Service;
        assert_eq!(plan.campaign.installation.capture_unreferred, !invited, "{goal:?}");
        // Who reads a newsletter is not asked where they live.
        let posted = [plan.rule.gives.kind, plan.rule.referral_gives.kind];
        assert!(goal != Goal::Newsletter || !posted.contains(&GiftKind::Gift));
    }
    for (approval, days) in [("auto", Some(7)), ("hand", None)] {
        let typed = [("trust", "form"), ("approval", approval)];
        let (plan, _) = read(&answers(Goal::Newsletter, &typed), "shop01", "crew_1", NOW);
        assert_eq!(plan.campaign.options.browser_hold_days, days, "{approval}");
    }
    // Where orders count, a form is never enough.
    let (plan, _) = read(&answers(Goal::Shop, &[("trust", "form")]), "shop01", "crew_1", NOW);
    assert_eq!(plan.campaign.options.browser_hold_days, None);
}
