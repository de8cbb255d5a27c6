//! The campaign card: what the live rules say, in plain sentences that anybody may read.

mod condition;
mod own;
mod rule;
#[cfg(test)]
mod tests;

use alloc::{format, string::String, vec, vec::Vec};

pub use self::own::{Own, Texts, paragraphs};

use serde::{Deserialize, Serialize};

use crate::{
    attribution::Model,
    campaign::{Campaign, Status},
    lang::Lang,
    money::{Currency, Money},
    reward::{self, GiftKind, Kind, Rule, Side},
    time::Timestamp,
    written::{money, number},
};

/// A sentence in both languages.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Both {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Both {
    fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }

    /// The sentence in a language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Fr => &self.fr,
        }
    }
}

/// What one rule promises.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Promise {
    /// The rule.
    pub rule: String,
    /// Which version of it.
    pub version: u32,
    /// What the referrer gets, and by what.
    pub referrer: Both,
    /// What the friend gets.
    pub friend: Option<Both>,
    /// Limits, dates, holds and conditions, one sentence each.
    pub limits: Vec<Both>,
    /// The sentence among those that says the conditions.
    #[serde(skip)]
    pub conditions: Option<Both>,
    /// Whether the owner's own words say what the referrer gets, and what the friend.
    #[serde(skip)]
    pub own: [bool; 2],
}

/// What a campaign promises, and on which terms.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// The campaign.
    pub campaign: String,
    /// What people call it.
    pub name: String,
    /// Who runs it.
    pub company: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// The currency of its amounts.
    #[serde(rename = "currencyISO")]
    pub currency: Currency,
    /// By whose calendar months and years are counted.
    pub time_zone: String,
    /// When it ends by itself.
    pub ends_at: Option<Timestamp>,
    /// What is earned.
    pub rewards: Vec<Promise>,
    /// Who may take part, what counts, how long, and what never earns.
    pub terms: Vec<Both>,
    /// Whom donations may go to.
    pub charities: Vec<String>,
    /// What somebody who shares their link says of what they get by it.
    pub disclosure: Option<Both>,
    /// The owner's own texts, once they are laid beside the rules.
    #[serde(default, skip_serializing_if = "Own::is_empty")]
    pub own: Own,
}

/// The card of a campaign with its rules; hidden ones and those that are over are no promise (R-CARD-1).
#[must_use]
pub fn card(campaign: &Campaign, rules: &[Rule], now: Timestamp) -> Card {
    let promised = |it: &&Rule| it.is_visible && it.ends_at.is_none_or(|end| now < end);
    let mut shown: Vec<&Rule> = rules.iter().filter(promised).collect();
    // As the owner ordered them; those without a place come last, as they were made.
    shown.sort_by_key(|it| it.order.unwrap_or(i64::MAX));
    Card {
        campaign: campaign.id.clone(),
        name: campaign.name.clone(),
        company: campaign.company_name.clone(),
        status: campaign.status,
        currency: campaign.currency,
        time_zone: campaign.options.time_zone.name().into(),
        ends_at: campaign.options.ends_at,
        rewards: shown.iter().map(|it| rule::promise(campaign, it)).collect(),
        terms: terms(campaign, &shown),
        charities: campaign.options.charities.clone(),
        disclosure: disclosure(campaign, &interests(campaign, rules), now),
        own: Own::default(),
    }
}

/// What one rule promises, whether or not it is in force.
#[must_use]
pub fn promise(campaign: &Campaign, rule: &Rule) -> Promise {
    rule::promise(campaign, rule)
}

/// What a side gets by a rule, in the owner's words where there are any.
#[must_use]
pub fn gift(campaign: &Campaign, rule: &Rule, side: Side) -> Both {
    let [en, fr] = rule::gift(campaign, rule, side);
    Both { en, fr }
}

/// What a reward is that somebody has, by what it was when it was earned; in the owner's words where
/// there are any. All pages, files and lists name rewards so.
#[must_use]
pub fn reward(
    campaign: &Campaign,
    texts: &reward::Texts,
    side: Side,
    kind: GiftKind,
    amount: Option<i64>,
) -> Both {
    let [en, fr] = rule::given(campaign, texts, side, kind, amount);
    Both { en, fr }
}

/// What somebody has by sharing their link, by one rule.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Interest {
    /// "If you …".
    doing: Both,
    /// "I may get …".
    gift: Both,
    /// Until when, itself excluded.
    ends_at: Option<Timestamp>,
}

/// What people have by sharing their links, by each rule that is not hidden.
#[must_use]
pub fn interests(campaign: &Campaign, rules: &[Rule]) -> Vec<Interest> {
    let each = rules.iter().filter(|it| it.is_visible).map(|it| {
        let [en, fr] = rule::gift(campaign, it, Side::Referrer);
        let doing = rule::doing(campaign, it.event).you;
        Interest { doing, gift: Both { en, fr }, ends_at: it.ends_at }
    });
    each.collect()
}

/// What somebody says of their own part when they share their link (R-CARD-2): a sentence for each
/// thing that a friend may do, with all that is had by it.
#[must_use]
pub fn disclosure(campaign: &Campaign, interests: &[Interest], now: Timestamp) -> Option<Both> {
    let (by, par) = match campaign.company_name.as_deref() {
        Some(name) => (format!(" from {name}"), format!(" de {name}")),
        None => (String::new(), String::new()),
    };
    let live: Vec<&Interest> =
        interests.iter().filter(|it| it.ends_at.is_none_or(|end| now < end)).collect();
    let mut sentences: Vec<Both> = Vec::new();
    for (place, it) in live.iter().enumerate() {
        if live.iter().take(place).any(|other| other.doing == it.doing) {
            continue;
        }
        let mut gifts: Vec<&Both> = Vec::new();
        for other in live.iter().filter(|other| other.doing == it.doing) {
            if !gifts.contains(&&other.gift) {
                gifts.push(&other.gift);
            }
        }
        let join = |pick: fn(&Both) -> &str| {
            gifts.iter().map(|it| pick(it)).collect::<Vec<&str>>().join(" / ")
        };
        let (en, fr) = (join(|it| &it.en), join(|it| &it.fr));
        sentences.push(Both::new(
            format!("If you {} through my link, I may get this{by}: {en}.", it.doing.en),
            format!("Si vous {} avec mon lien, je peux recevoir{par}\u{a0}: {fr}.", it.doing.fr),
        ));
    }
    let join =
        |pick: fn(&Both) -> &str| sentences.iter().map(pick).collect::<Vec<&str>>().join(" ");
    (!sentences.is_empty()).then(|| Both::new(join(|it| &it.en), join(|it| &it.fr)))
}

/// A number of days in words.
fn days(count: u16) -> [String; 2] {
    let plural = if count == 1 { "" } else { "s" };
    [format!("{count} day{plural}"), format!("{count} jour{plural}")]
}

fn amount(campaign: &Campaign, minor: i64) -> [String; 2] {
    let amount = Money { minor, currency: campaign.currency };
    [money(Lang::En, amount), money(Lang::Fr, amount)]
}

/// The terms that hold for all rules.
fn terms(campaign: &Campaign, rules: &[&Rule]) -> Vec<Both> {
    let options = &campaign.options;
    let [en, fr] = days(options.referral_cookie_window_days.min(395));
    let mut terms = vec![
        Both::new(
            "Whoever has a personal link takes part, until they leave the programme or it ends. A \
             friend counts who neither was a customer nor took part before.",
            "Toute personne qui a un lien personnel participe, jusqu’à son départ ou à la fin du \
             programme. Un filleul compte s’il n’était pas client et n’avait pas participé \
             auparavant.",
        ),
        Both::new(
            format!("A link counts for {en} after it was opened."),
            format!("Un lien compte pendant {fr} après son ouverture."),
        ),
    ];
    terms.push(match options.attribution_model {
        Model::FirstClick => Both::new(
            "If a friend opened several links, the first one counts.",
            "Si un filleul a ouvert plusieurs liens, le premier compte.",
        ),
        Model::LastClick => Both::new(
            "If a friend opened several links, the last one counts.",
            "Si un filleul a ouvert plusieurs liens, le dernier compte.",
        ),
    });
    if let Some(window) = options.referral_credit_window_days {
        let [en, fr] = days(window);
        terms.push(Both::new(
            format!("After signing up, a friend has {en} to do what counts."),
            format!("Après son inscription, un filleul a {fr} pour faire ce qui compte."),
        ));
    }
    terms.push(if options.require_manual_reward_approval {
        Both::new("Each reward is approved by hand.", "Chaque récompense est validée à la main.")
    } else {
        Both::new(
            "Rewards are approved automatically.",
            "Les récompenses sont validées automatiquement.",
        )
    });
    if let Some(most) = options.budget.rewards {
        let count = |lang| number(lang, most.unsigned_abs());
        terms.push(Both::new(
            format!("The programme gives at most {} rewards in all.", count(Lang::En)),
            format!("Le programme remet au plus {} récompenses en tout.", count(Lang::Fr)),
        ));
    }
    if let Some(most) = options.budget.amount {
        let [en, fr] = amount(campaign, most);
        terms.push(Both::new(
            format!("The programme gives at most {en} in all."),
            format!("Le programme remet au plus {fr} en tout."),
        ));
    }
    let gives = |kind| {
        rules.iter().any(|it| {
            it.gives.kind == kind || it.kind == Kind::DoubleSided && it.referral_gives.kind == kind
        })
    };
    if gives(GiftKind::Donation) {
        terms.push(Both::new(
            "The whole amount of a donation is for the charity: nobody else has a share of it.",
            "Le montant entier d’un don revient à l’association\u{a0}: personne d’autre n’en a une part.",
        ));
    }
    if rules.iter().any(|it| it.limit.is_some()) {
        let zone = options.time_zone.name();
        terms.push(Both::new(
            format!("Months and years are those of the calendar in {zone}."),
            format!("Les mois et les années sont ceux du calendrier de {zone}."),
        ));
    }
    terms.extend([
        Both::new("Nobody can refer themselves.", "On ne peut pas se parrainer soi-même."),
        Both::new("What is refunded earns nothing.", "Ce qui est remboursé ne rapporte rien."),
        Both::new(
            "One level only: nobody earns by the friends of their friends, nobody pays to take \
             part, and nothing is drawn by lot.",
            "Un seul niveau\u{a0}: personne ne gagne par les filleuls de ses filleuls, personne ne \
             paie pour participer, et rien n’est tiré au sort.",
        ),
    ]);
    terms
}
