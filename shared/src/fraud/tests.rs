//! Tests of the signals and of what follows from them.

use alloc::{string::ToString, vec, vec::Vec};

use super::*;

struct Scene {
    options: Options,
    email: Email,
    ada: Code,
    bob: Code,
}

fn scene(email: &str) -> Scene {
    let code = |text| Code::parse(text).unwrap();
    let email = Email::parse(email).unwrap();
    Scene { options: Options::default(), email, ada: code("ada"), bob: code("bob") }
}

impl Scene {
    fn facts(&self) -> Facts<'_> {
        Facts {
            options: &self.options,
            friend: &self.bob,
            email: &self.email,
            referrer: &self.ada,
            signed_in: None,
            same_mailbox: false,
            duplicate: false,
            ordered: false,
            is_customer: None,
            within_hour: 0,
            within_day: 0,
            submission: Submission::default(),
        }
    }
}

#[track_caller]
fn check(facts: &Facts<'_>, signals: &[Signal], expected: Verdict) {
    assert_eq!(look(facts), signals);
    assert_eq!(verdict(signals, facts.options), expected);
}

#[test]
fn nothing_speaks_against_an_ordinary_friend() {
    check(&scene("bob@example.com").facts(), &[], Verdict::Accept);
}

#[test]
fn r_guard_1_nobody_is_their_own_friend_by_identity_or_by_another_spelling() {
    let scene = scene("bob@example.com");
    let own = Facts { friend: &scene.ada, ..scene.facts() };
    check(&own, &[Signal::OwnLink], Verdict::Refuse);
    let same = Facts { same_mailbox: true, ..scene.facts() };
    check(&same, &[Signal::SameMailbox], Verdict::Refuse);
}

#[test]
fn r_guard_2_the_referrers_own_browser_holds_and_another_persons_does_not() {
    let scene = scene("bob@example.com");
    let eve = Code::parse("eve").unwrap();
    let own = Facts { signed_in: Some(&scene.ada), ..scene.facts() };
    check(&own, &[Signal::OwnBrowser], Verdict::Hold);
    check(&Facts { signed_in: Some(&eve), ..scene.facts() }, &[], Verdict::Accept);
    check(&Facts { signed_in: Some(&scene.bob), ..scene.facts() }, &[], Verdict::Accept);
}

#[test]
fn r_guard_3_customers_and_duplicates_are_no_new_friends() {
    let scene = scene("bob@example.com");
    let duplicate = Facts { duplicate: true, ..scene.facts() };
    check(&duplicate, &[Signal::DuplicateFriend], Verdict::Reject);
    let ordered = Facts { ordered: true, ..scene.facts() };
    check(&ordered, &[Signal::AlreadyCustomer], Verdict::Reject);
    let listed = Facts { is_customer: Some(true), ..scene.facts() };
    check(&listed, &[Signal::AlreadyCustomer], Verdict::Reject);
    check(&Facts { is_customer: Some(false), ..scene.facts() }, &[], Verdict::Accept);
}

#[test]
fn r_guard_4_more_friends_than_the_limit_in_an_hour_or_a_day_are_held() {
    let mut scene = scene("bob@example.com");
    // The fifth of an hour and the twentieth of a day are within the limit.
    check(&Facts { within_hour: 4, within_day: 19, ..scene.facts() }, &[], Verdict::Accept);
    let hour = Facts { within_hour: 5, ..scene.facts() };
    check(&hour, &[Signal::Velocity], Verdict::Hold);
    let day = Facts { within_day: 20, ..scene.facts() };
    check(&day, &[Signal::Velocity], Verdict::Hold);
    scene.options.max_friends_per_hour = None;
    check(&Facts { within_hour: 19, within_day: 19, ..scene.facts() }, &[], Verdict::Accept);
    scene.options.max_friends_per_day = None;
    check(&Facts { within_hour: 999, within_day: 999, ..scene.facts() }, &[], Verdict::Accept);
}

#[test]
fn r_guard_5_throw_away_mailboxes_are_held_or_refused_as_the_owner_says() {
    let mut scene = scene("Bob@Sub.Mailinator.COM");
    let signals = [Signal::DisposableEmail];
    check(&scene.facts(), &signals, Verdict::Hold);
    scene.options.block_burner_emails = true;
    check(&scene.facts(), &signals, Verdict::Reject);
    scene.options.allowed_emails = vec!["*@sub.mailinator.com".to_string()];
    check(&scene.facts(), &[], Verdict::Accept);
}

#[test]
fn r_guard_6_the_owners_lists_block_and_allow_addresses() {
    let mut scene = scene("Ann.B+shop@Gmail.com");
    for (pattern, blocked) in [
        ("annb@gmail.com", true),
        ("ann.b+shop@gmail.com", true),
        ("*@GMAIL.com", true),
        ("*+shop@*", true),
        ("ann@gmail.com", false),
        ("*@gmail.co", false),
    ] {
        scene.options.blocked_emails = vec![pattern.to_string()];
        let signals = look(&scene.facts());
        assert_eq!(signals == [Signal::BlockedEmail], blocked, "{pattern}");
        assert_eq!(verdict(&signals, &scene.options) == Verdict::Reject, blocked, "{pattern}");
    }
    scene.options.blocked_emails = vec!["*".to_string()];
    scene.options.allowed_emails = vec!["ann.b*@gmail.com".to_string()];
    let told = Facts { same_mailbox: true, duplicate: true, ..scene.facts() };
    check(&told, &[], Verdict::Accept);
    // What they do still speaks.
    let robot = Submission { honeypot: true, elapsed: None };
    let robot = Facts { submission: robot, within_hour: 5, ..scene.facts() };
    check(&robot, &[Signal::Honeypot, Signal::Velocity], Verdict::Hold);
    let own = Facts { friend: &scene.ada, ..scene.facts() };
    check(&own, &[Signal::OwnLink], Verdict::Refuse);
}

#[test]
fn r_guard_7_forms_that_a_machine_filled_in_are_held() {
    let scene = scene("bob@example.com");
    let after = |elapsed| Facts {
        submission: Submission { honeypot: false, elapsed: Some(elapsed) },
        ..scene.facts()
    };
    check(&after(Span(2_999)), &[Signal::RobotSpeed], Verdict::Hold);
    check(&after(Span(3_000)), &[], Verdict::Accept);
    let trap = Submission { honeypot: true, elapsed: Some(Span(9_000)) };
    check(&Facts { submission: trap, ..scene.facts() }, &[Signal::Honeypot], Verdict::Hold);
}

#[test]
fn r_guard_8_the_heaviest_signal_decides_and_a_hold_names_every_one() {
    let options = Options::default();
    let held = [Signal::Honeypot, Signal::RobotSpeed, Signal::Velocity];
    assert_eq!(
        reasons(&held, &options),
        [Reason::AwaitsReview, Reason::Honeypot, Reason::RobotSpeed, Reason::Velocity]
    );
    let both = [Signal::DuplicateFriend, Signal::Velocity];
    assert_eq!(verdict(&both, &options), Verdict::Reject);
    assert_eq!(reasons(&both, &options), [Reason::DuplicateFriend]);
    assert_eq!(reasons(&[], &options), []);
    let levels: Vec<Level> = [Verdict::Accept, Verdict::Hold, Verdict::Reject, Verdict::Refuse]
        .map(Verdict::level)
        .into();
    assert_eq!(levels, [Level::Low, Level::Medium, Level::High, Level::High]);
}

#[test]
fn every_signal_is_named_and_explained_in_both_languages() {
    for signal in Signal::ALL {
        let name = serde_json::to_value(signal).unwrap();
        assert_eq!(name, signal.as_str());
        assert!(Verdict::Accept < signal.verdict(&Options::default()), "{signal:?}");
        for lang in [Lang::En, Lang::Fr] {
            assert!(signal.explanation(lang).ends_with('.'), "{signal:?}");
        }
        assert_ne!(signal.explanation(Lang::En), signal.explanation(Lang::Fr));
    }
    assert!(Signal::ALL.is_sorted_by_key(|it| core::cmp::Reverse(it.alone())));
}
