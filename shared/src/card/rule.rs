//! What a rule promises, in sentences.

use alloc::{format, string::String, vec::Vec};

use super::{Both, Promise, amount, condition, days};
use crate::{
    campaign::{Campaign, Trigger},
    lang::Lang,
    reward::{Event, GiftKind, Kind, Limit, Period, Rule, Side, Texts},
    written::{date, number},
};

/// What a friend does that counts, as parts of sentences.
pub(super) struct Doing {
    /// "each friend who …".
    pub(super) who: Both,
    /// "friends who …", and of those who did: "filleuls …".
    pub(super) all: Both,
    /// "friends who …", who did.
    did: &'static str,
    /// "if you …".
    pub(super) you: Both,
}

/// What a friend does that counts for rules of this event.
pub(super) fn doing(campaign: &Campaign, event: Event) -> Doing {
    match (event, campaign.installation.referral_trigger) {
        (Event::Lead, _) | (_, Trigger::OnSignup) => Doing {
            who: Both::new("signs up", "s’inscrit"),
            all: Both::new("sign up", "inscrits"),
            did: "signed up",
            you: Both::new("sign up", "vous inscrivez"),
        },
        (Event::Conversion, Trigger::Custom) => Doing {
            who: Both::new("becomes a customer", "devient client"),
            all: Both::new("become customers", "devenus clients"),
            did: "became customers",
            you: Both::new("become a customer", "devenez client"),
        },
    }
}

/// What a side gets, in the owner's words where there are any.
pub(super) fn gift(campaign: &Campaign, rule: &Rule, side: Side) -> [String; 2] {
    let gift = match side {
        Side::Referrer => &rule.gives,
        Side::Friend => &rule.referral_gives,
    };
    given(campaign, &rule.texts, side, gift.kind, gift.amount)
}

/// What such a thing is called, in the owner's words where there are any.
pub(super) fn given(
    campaign: &Campaign,
    texts: &Texts,
    side: Side,
    kind: GiftKind,
    worth: Option<i64>,
) -> [String; 2] {
    let text = match side {
        Side::Referrer => &texts.description,
        Side::Friend => &texts.referral_description,
    };
    if let Some(text) = text {
        let text = text.trim_end_matches('.');
        return [text.into(), text.into()];
    }
    let [en, fr] = worth.map(|it| amount(campaign, it)).unwrap_or_default();
    let worth = |en: &str, fr: &str, worth: [String; 2]| match &worth {
        [a, _] if a.is_empty() => [en.into(), fr.into()],
        [a, b] => [format!("{en} worth {a}"), format!("{fr} d’une valeur de {b}")],
    };
    match kind {
        GiftKind::Coupon | GiftKind::UniqueCoupon => worth("a coupon", "un bon", [en, fr]),
        GiftKind::Credit => [format!("{en} of credit"), format!("{fr} d’avoir")],
        GiftKind::Gift => worth("a gift", "un cadeau", [en, fr]),
        GiftKind::Access => worth("access", "un accès", [en, fr]),
        GiftKind::Donation => [
            format!("a donation of {en} to a charity of your choice"),
            format!("un don de {fr} à une association de votre choix"),
        ],
        GiftKind::Badge => ["a badge".into(), "un badge".into()],
        GiftKind::Money => [en, fr],
        GiftKind::Custom => worth("a reward", "une récompense", [en, fr]),
    }
}

/// What a rule promises.
pub(super) fn promise(campaign: &Campaign, rule: &Rule) -> Promise {
    Promise {
        rule: rule.id.clone(),
        version: rule.version,
        referrer: referrer(campaign, rule),
        friend: (rule.kind == Kind::DoubleSided).then(|| friend(campaign, rule)),
        limits: limits(campaign, rule),
        conditions: conditions(campaign, rule),
        own: [&rule.texts.description, &rule.texts.referral_description].map(Option::is_some),
    }
}

fn referrer(campaign: &Campaign, rule: &Rule) -> Both {
    let [en, fr] = gift(campaign, rule, Side::Referrer);
    let Doing { who, all, did, .. } = doing(campaign, rule.event);
    let count = |lang| number(lang, u64::from(rule.conversions_required));
    let (several, plusieurs) = (count(Lang::En), count(Lang::Fr));
    let monthly = rule.period == Period::PerMonth;
    match (rule.kind, rule.conversions_required) {
        (Kind::Leaderboard, _) => {
            let count = |lang| number(lang, u64::from(rule.number_of_winners));
            let (when, quand) = if monthly {
                ("in each month", "de chaque mois")
            } else {
                ("when the programme ends", "à la fin du programme")
            };
            Both::new(
                format!("The {} with the most referrals {when} get: {en}.", count(Lang::En)),
                format!(
                    "Les {} meilleurs parrains {quand} reçoivent\u{a0}: {fr}.",
                    count(Lang::Fr)
                ),
            )
        }
        (Kind::Milestone, _) if monthly => Both::new(
            format!("For every {several} friends who {} in one month, you get: {en}.", all.en),
            format!(
                "Pour {plusieurs} filleuls {} dans un même mois, vous recevez\u{a0}: {fr}.",
                all.fr
            ),
        ),
        (Kind::Milestone, 1) => Both::new(
            format!("When a friend {}, you get: {en}.", who.en),
            format!("Quand un filleul {}, vous recevez\u{a0}: {fr}.", who.fr),
        ),
        (Kind::Milestone, _) => Both::new(
            format!("When you have {several} friends who {did}, you get: {en}."),
            format!("Quand vous avez {plusieurs} filleuls {}, vous recevez\u{a0}: {fr}.", all.fr),
        ),
        (_, 1) => Both::new(
            format!("For each friend who {}, you get: {en}.", who.en),
            format!("Pour chaque filleul qui {}, vous recevez\u{a0}: {fr}.", who.fr),
        ),
        _ => Both::new(
            format!("For every {several} friends who {}, you get: {en}.", all.en),
            format!("Pour {plusieurs} filleuls {}, vous recevez\u{a0}: {fr}.", all.fr),
        ),
    }
}

fn friend(campaign: &Campaign, rule: &Rule) -> Both {
    let [en, fr] = gift(campaign, rule, Side::Friend);
    let who = doing(campaign, rule.event).who;
    if rule.upfront {
        return Both::new(
            format!("Each friend has this from the start: {en}."),
            format!("Chaque filleul a ceci dès le départ\u{a0}: {fr}."),
        );
    }
    Both::new(
        format!("Each friend who {} gets: {en}.", who.en),
        format!("Chaque filleul qui {} reçoit\u{a0}: {fr}.", who.fr),
    )
}

fn limits(campaign: &Campaign, rule: &Rule) -> Vec<Both> {
    let mut limits = Vec::new();
    if let Some(limit) = rule.limit {
        limits.push(at_most(limit));
    }
    if let Some(at) = rule.starts_at {
        limits.push(Both::new(
            format!("From {} (UTC) on.", date(Lang::En, at)),
            format!("À partir du {} (UTC).", date(Lang::Fr, at)),
        ));
    }
    if let Some(at) = rule.ends_at {
        limits.push(Both::new(
            format!("Until {} (UTC).", date(Lang::En, at)),
            format!("Jusqu’au {} (UTC).", date(Lang::Fr, at)),
        ));
    }
    if 0 < rule.hold_days {
        let [en, fr] = days(rule.hold_days);
        limits.push(Both::new(
            format!("The reward is available {en} later."),
            format!("La récompense est disponible {fr} plus tard."),
        ));
    }
    limits.extend(conditions(campaign, rule));
    limits
}

fn conditions(campaign: &Campaign, rule: &Rule) -> Option<Both> {
    let text = condition::text(campaign, &rule.conditions)?;
    Some(if rule.picks() {
        Both::new(
            format!("A friend counts only if {}.", text.en),
            format!("Un filleul ne compte que si {}.", text.fr),
        )
    } else {
        Both::new(format!("Only if {}.", text.en), format!("Seulement si {}.", text.fr))
    })
}

fn at_most(limit: Limit) -> Both {
    let (time, temps) = match limit.per {
        Period::InTotal => ("in all", "en tout"),
        Period::PerMonth => ("a month", "par mois"),
        Period::PerYear => ("a year", "par an"),
    };
    match (limit.most, limit.per) {
        (1, Period::InTotal) => return Both::new("Once only.", "Une seule fois."),
        (1, _) => {
            let (en, fr) = (format!("At most once {time}."), format!("Au plus une fois {temps}."));
            return Both::new(en, fr);
        }
        _ => {}
    }
    let count = |lang| number(lang, u64::from(limit.most));
    Both::new(
        format!("At most {} times {time}.", count(Lang::En)),
        format!("Au plus {} fois {temps}.", count(Lang::Fr)),
    )
}
