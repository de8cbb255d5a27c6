//! What the widget does around a purchase: the friend's coupon, and asking customers to share.

use alloc::string::String;

use crate::{
    campaign::{Flaw, Installation},
    reward::{Condition, GiftKind, Kind, Rule},
    time::Timestamp,
};

/// The numbers of days that may be chosen.
pub const DAYS: &[u16] = &[1, 7, 14, 30, 60, 90, 180, 365];

/// What is wrong with what the page does by itself, if anything.
#[must_use]
pub fn flaw(it: &Installation) -> Option<Flaw> {
    let is_path = |it: &String| it.starts_with(['/', '*']) && it.len() <= 200;
    let is_wrong = |it: &[String]| 50 < it.len() || !it.iter().all(is_path);
    let flaw = |field, problem| Some(Flaw { field, problem });
    if it.coupon_field.as_ref().is_some_and(|it| it.trim().is_empty() || 200 < it.len()) {
        return flaw("couponField", "must be null or a CSS selector of 200 characters at most");
    }
    for (field, pages) in [("purchasePages", &it.purchase_pages), ("quietPages", &it.quiet_pages)] {
        if is_wrong(pages) {
            return flaw(field, "holds at most 50 paths such as /thanks*, of 200 characters");
        }
    }
    let days =
        [("promptEveryDays", it.prompt_every_days), ("promptClosedDays", it.prompt_closed_days)];
    let wrong = days.into_iter().find(|it| !DAYS.contains(&it.1))?;
    flaw(wrong.0, "must be one of 1, 7, 14, 30, 60, 90, 180, 365")
}

/// Whether something opens by itself, or stands in the corner, for such a visitor.
#[must_use]
pub fn opens(it: &Installation, referred: bool) -> bool {
    it.launcher || !it.purchase_pages.is_empty() || (it.offer_window && referred)
}

/// The coupon that a friend has now, before they buy: of the first rule that gives one (R-AROUND-1).
#[must_use]
pub fn coupon(rules: &[Rule], now: Timestamp) -> Option<&str> {
    let is_had = |it: &&Rule| {
        it.kind == Kind::DoubleSided
            && it.upfront
            && it.is_visible
            && it.is_open_at(now)
            && it.referral_gives.kind == GiftKind::Coupon
            && it.conditions == Condition::default()
    };
    let codes =
        rules.iter().filter(is_had).filter_map(|it| it.texts.referral_coupon_code.as_deref());
    codes.map(str::trim).find(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::reward::{Gift, Texts, rules::double};

    fn texts(code: &str) -> Texts {
        Texts { referral_coupon_code: Some(code.into()), ..Texts::default() }
    }

    fn rule() -> Rule {
        Rule { upfront: true, texts: texts("TEN"), ..double() }
    }

    #[test]
    fn r_around_1_a_friend_has_the_coupon_that_is_given_before_they_buy() {
        let has = |rule: Rule| coupon(&[rule], Timestamp(5)).is_some();
        assert!(has(rule()));
        let credit = Gift { kind: GiftKind::Credit, amount: Some(5), ..Gift::default() };
        let large = serde_json::json!({ "fact": "AMOUNT", "is": "AT_LEAST", "value": 5 });
        for without in [
            Rule { upfront: false, ..rule() },
            Rule { is_visible: false, ..rule() },
            Rule { referral_gives: credit, ..rule() },
            Rule { texts: Texts::default(), ..rule() },
            Rule { texts: texts(" "), ..rule() },
            Rule { conditions: serde_json::from_value(large).unwrap(), ..rule() },
        ] {
            assert!(!has(without.clone()), "{without:?}");
        }
    }

    #[test]
    fn r_around_1_a_coupon_is_had_from_its_first_instant_until_its_last() {
        let at = Timestamp;
        let early = Rule { starts_at: Some(at(2)), ends_at: Some(at(5)), ..rule() };
        let late = Rule { starts_at: Some(at(8)), texts: texts("LATE"), ..rule() };
        let all = [early, late];
        let had = [1, 2, 4, 5, 7, 8].map(|it| coupon(&all, at(it)));
        assert_eq!(had, [None, Some("TEN"), Some("TEN"), None, None, Some("LATE")]);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        let field = |it: Installation| flaw(&it).map(|it| it.field);
        let pages = |it: &str| vec![it.into()];
        let none = Installation::default;
        assert_eq!(field(none()), None);
        assert_eq!(field(Installation { purchase_pages: pages("/a/*/b?c=*"), ..none() }), None);
        let far = Installation { purchase_pages: pages("thanks"), ..none() };
        assert_eq!(field(far), Some("purchasePages"));
        let long = Installation { quiet_pages: pages(&"/a".repeat(101)), ..none() };
        assert_eq!(field(long), Some("quietPages"));
        let many = Installation { quiet_pages: vec!["/".into(); 51], ..none() };
        assert_eq!(field(many), Some("quietPages"));
        assert_eq!(field(Installation { prompt_every_days: 0, ..none() }), Some("promptEveryDays"));
        let closed = Installation { prompt_closed_days: 2, ..none() };
        assert_eq!(field(closed), Some("promptClosedDays"));
        let blank = Installation { coupon_field: Some(" ".into()), ..none() };
        assert_eq!(field(blank), Some("couponField"));
    }

    #[test]
    fn nothing_opens_unless_the_owner_says_so() {
        let opens = |it: &Installation| [false, true].map(|referred| opens(it, referred));
        let none = Installation::default;
        assert_eq!(opens(&none()), [false, false]);
        assert_eq!(opens(&Installation { offer_window: true, ..none() }), [false, true]);
        assert_eq!(opens(&Installation { launcher: true, ..none() }), [true, true]);
    }
}
