//! Whether a rule fits its campaign: what it asks for can come about there.

use super::{Event, GiftKind, Rule};
use crate::{
    campaign::{Campaign, Flaw, Trigger},
    time::Timestamp,
};

/// What of a rule contradicts its campaign, if anything (R-RULE-7). A draft begins now at the earliest.
#[must_use]
pub fn misfit(rule: &Rule, campaign: &Campaign, now: Timestamp) -> Option<Flaw> {
    let flaw = |field, problem| Some(Flaw { field, problem });
    let by_sign_up = campaign.installation.referral_trigger == Trigger::OnSignup;
    if rule.event == Event::Lead && by_sign_up {
        return flaw("event", "LEAD needs the installation's referralTrigger CUSTOM");
    }
    if (rule.event == Event::Lead || by_sign_up) && !rule.conditions.may_hold_without_order() {
        return flaw("conditions", "asks for an order, and a sign-up has none");
    }
    if campaign.options.charities.is_empty() {
        if rule.gives.kind == GiftKind::Donation {
            return flaw("gives", "a donation needs charities in the campaign's options");
        }
        if rule.referral_gives.kind == GiftKind::Donation {
            return flaw("referralGives", "a donation needs charities in the campaign's options");
        }
    }
    let begins = campaign.started_at.unwrap_or(now);
    if rule.starts_at.is_some_and(|it| it < begins) {
        return flaw("startsAt", "is before the campaign began");
    }
    if rule.ends_at.is_some_and(|it| it < begins) {
        return flaw("endsAt", "is before the campaign began");
    }
    if rule.starts_at.zip(campaign.options.ends_at).is_some_and(|(start, end)| end < start) {
        return flaw("startsAt", "is after the campaign's end, its option endsAt");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        campaign::{Installation, Options, Status, tests::campaign},
        reward::{Condition, Gift, rules::single},
    };

    const NOW: Timestamp = Timestamp(1_000);

    #[test]
    fn r_rule_7_a_rule_fits_its_campaign() {
        let with = |referral_trigger| Campaign {
            installation: Installation { referral_trigger, ..Installation::default() },
            ..campaign()
        };
        let (custom, signup) = (with(Trigger::Custom), with(Trigger::OnSignup));
        let rule = || single(1);
        let check = |rule: &Rule, campaign: &Campaign, field: Option<&str>| {
            assert_eq!(misfit(rule, campaign, NOW).map(|it| it.field), field, "{rule:?}");
        };
        check(&rule(), &custom, None);
        check(&rule(), &signup, None);
        let lead = Rule { event: Event::Lead, ..rule() };
        check(&lead, &custom, None);
        check(&lead, &signup, Some("event"));
        let amount = r#"{"fact":"AMOUNT","is":"AT_LEAST","value":1}"#;
        let conditions: Condition = serde_json::from_str(amount).unwrap();
        let asks = Rule { conditions: conditions.clone(), ..rule() };
        check(&asks, &custom, None);
        check(&asks, &signup, Some("conditions"));
        check(&Rule { conditions, ..lead }, &custom, Some("conditions"));

        let donation = Gift { kind: GiftKind::Donation, amount: Some(1), ..Gift::default() };
        let gives = Rule { gives: donation.clone(), ..rule() };
        check(&gives, &custom, Some("gives"));
        check(&Rule { referral_gives: donation, ..rule() }, &custom, Some("referralGives"));
        let options = Options { charities: alloc::vec!["Sea".into()], ..Options::default() };
        check(&gives, &Campaign { options, ..custom.clone() }, None);
    }

    #[test]
    fn r_rule_7_a_rules_dates_lie_within_its_campaign_both_ends_included() {
        let began = Campaign { started_at: Some(Timestamp(500)), ..campaign() };
        let draft = Campaign { status: Status::Draft, started_at: None, ..campaign() };
        let options = Options { ends_at: Some(Timestamp(2_000)), ..Options::default() };
        let ends = Campaign { options, ..began.clone() };
        for (campaign, at, start, end) in [
            (&began, 499, Some("startsAt"), Some("endsAt")),
            (&began, 500, None, None),
            (&draft, 999, Some("startsAt"), Some("endsAt")),
            (&draft, 1_000, None, None),
            (&ends, 2_000, None, None),
            (&ends, 2_001, Some("startsAt"), None),
        ] {
            let at = Some(Timestamp(at));
            let field = |rule: &Rule| misfit(rule, campaign, NOW).map(|it| it.field);
            assert_eq!(field(&Rule { starts_at: at, ..single(1) }), start);
            assert_eq!(field(&Rule { ends_at: at, ..single(1) }), end);
        }
    }
}
