//! What a message tells somebody, from what is known when it is sent.

use shared::{
    campaign::Campaign,
    card,
    lang::Lang,
    referral::Outcome,
    reward::{GiftKind, Rule},
    time::Timestamp,
    zone::{Month, Zone},
};

use crate::{
    app::App,
    call::Call,
    error::Error,
    mail::{Fact, Facts, Kind, fact, settings::Settings},
    store::{
        mail_facts::{self, Reader},
        messages::Queued,
        rewards::{Lack, Status},
        rules,
    },
};

/// What there is to tell.
pub(super) enum Told {
    /// These facts.
    Facts(Facts),
    /// Nothing yet.
    TooEarly,
    /// It is not so any more, or told by another message.
    Untrue(&'static str),
}

/// What is so for everybody in a campaign.
pub(super) fn program(
    app: &App,
    campaign: &Campaign,
    rules: &[Rule],
    settings: &Settings,
    lang: Lang,
    now: Timestamp,
) -> Facts {
    let card = card::card(campaign, rules, now);
    let promises = card.rewards.iter();
    let rewards = promises.clone().map(|it| it.referrer.in_lang(lang).to_owned()).collect();
    let friends = promises.filter_map(|it| it.friend.as_ref());
    let friends = friends.map(|it| it.in_lang(lang).to_owned()).collect();
    let disclosure = card.disclosure.as_ref().map_or("", |it| it.in_lang(lang));
    let company = settings.contact.company_name.as_deref().or(campaign.company_name.as_deref());
    let url = &app.settings.public_url;
    Facts::from([
        ("programName", Fact::Text(campaign.name.clone())),
        ("companyName", Fact::Text(company.unwrap_or_default().into())),
        ("cardUrl", Fact::Url(format!("{url}/c/{}", campaign.id))),
        ("pageUrl", Fact::Url(format!("{url}/me/{}", campaign.id))),
        ("rewards", Fact::List(rewards)),
        ("friendRewards", Fact::List(friends)),
        ("disclosure", Fact::Text(disclosure.into())),
    ])
}

/// What a message to the team that is about no campaign tells.
pub(super) fn entry(host: &str, sign_in_url: &str) -> Facts {
    Facts::from([("host", Fact::Text(host.into())), ("signInUrl", Fact::Url(sign_in_url.into()))])
}

/// What a message to somebody of the team tells; none: it is dealt with already.
pub(super) async fn of_team(
    app: &App,
    campaign: &Campaign,
    kind: Kind,
    settings: &Settings,
    (lang, now): (Lang, Timestamp),
) -> Result<Option<Facts>, Error> {
    let mut facts = program(app, campaign, &[], settings, lang, now);
    let console = format!("{}/console/{}", app.settings.public_url, campaign.id);
    facts.insert("consoleUrl", Fact::Url(console));
    if kind == Kind::CouponsLow {
        let low = mail_facts::low_pools(&app.db, &campaign.id).await?;
        let left = |it: &mail_facts::Pool| match lang {
            Lang::En => format!("{}: {} left", it.name, it.free),
            Lang::Fr => format!("{} : {} restants", it.name, it.free),
        };
        facts.insert("pools", Fact::List(low.iter().map(left).collect()));
        return Ok((!low.is_empty()).then_some(facts));
    }
    let waiting = mail_facts::waiting(&app.db, &campaign.id).await?;
    facts.insert("waitingCount", Fact::Number(waiting));
    Ok((0 < waiting).then_some(facts))
}

/// What a message tells a participant.
pub(super) async fn of(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    it: &Queued,
    reader: &Reader,
    lang: Lang,
) -> Result<Told, Error> {
    let rules = rules::of_campaign(&app.db, &campaign.id).await?;
    let mut facts = program(app, campaign, &rules, &reader.settings, lang, call.now);
    let text = |it: &Option<String>| Fact::Text(it.clone().unwrap_or_default());
    let url = format!("{}/r/{}", app.settings.public_url, it.subject);
    facts.extend([
        ("firstName", Fact::Text(fact::first_name(reader.first_name.as_deref()))),
        ("lastName", Fact::Text(fact::first_name(reader.last_name.as_deref()))),
        ("shareUrl", Fact::Url(url)),
        ("leadCount", Fact::Number(reader.leads)),
        ("referralCount", Fact::Number(reader.credited)),
        ("rewardCount", Fact::Number(reader.rewards)),
        ("referrerFirstName", Fact::Text(fact::first_name(reader.referrer_first_name.as_deref()))),
    ]);
    // A message that was asked for has the number of that call after a slash.
    let occasion = it.occasion.split('/').next().unwrap_or_default();
    let is_asked = it.occasion.contains('/');
    match it.kind {
        Kind::ReferredSignup | Kind::FollowUpReminder | Kind::ReferralLinkUsed => {
            match friend(app, it, occasion, is_asked).await? {
                Ok(name) => facts.insert("friendName", Fact::Text(name)),
                Err(untold) => return Ok(untold),
            };
        }
        Kind::GoalAchieved => {
            let Some(reward) = mail_facts::reward(&app.db, &it.subject, occasion).await? else {
                return Ok(Told::Untrue("UNDONE"));
            };
            let is_theirs = reward.approved_at.is_some()
                && matches!(reward.status, Status::Pending | Status::Fulfilled);
            if !is_theirs {
                return Ok(Told::Untrue("UNDONE"));
            }
            // Told with the code.
            let is_given = reward.status == Status::Fulfilled;
            if reward.lacks == Some(Lack::Coupon)
                || reward.kind == GiftKind::UniqueCoupon && !is_given
            {
                return Ok(Told::TooEarly);
            }
            let chooses = reward.kind == GiftKind::Donation && !is_given;
            let what = reward.rule.as_ref().map(|it| card::gift(campaign, it, reward.side));
            let what = what.map(|it| it.in_lang(lang).to_owned()).unwrap_or_default();
            facts.extend([
                ("reward", Fact::Text(what)),
                ("couponCode", text(&reward.coupon_code)),
                ("isReferrer", Fact::Flag(reward.side == shared::reward::Side::Referrer)),
                ("needsAddress", Fact::Flag(reward.lacks == Some(Lack::Address))),
                ("choosesCharity", Fact::Flag(chooses && !campaign.options.charities.is_empty())),
            ]);
        }
        Kind::ProgressUpdateMonthly => {
            let zone = campaign.options.time_zone;
            let month = occasion.parse().map_or_else(|_| zone.month(call.now).previous(), Month);
            let days = days(zone, month);
            let told = mail_facts::month(&app.db, &it.campaign, &it.subject, month, days).await?;
            facts.extend([
                ("month", Fact::Text(month_name(lang, month))),
                ("monthlyReferralCount", Fact::Number(told.credited)),
                ("monthlyClickCount", Fact::Number(told.clicks)),
            ]);
        }
        _ => {}
    }
    Ok(Told::Facts(facts))
}

/// What the friend is called of whom a message tells; or why it tells nothing.
async fn friend(
    app: &App,
    it: &Queued,
    id: &str,
    is_asked: bool,
) -> Result<Result<String, Told>, Error> {
    let found = mail_facts::friend(&app.db, &it.campaign, &it.subject, id).await?;
    let Some(friend) = found else { return Ok(Err(Told::Untrue("UNDONE"))) };
    // Told when the review lets it pass.
    if friend.outcome == Outcome::Held && it.kind != Kind::FollowUpReminder {
        return Ok(Err(Told::TooEarly));
    }
    let came = matches!(friend.outcome, Outcome::Pending | Outcome::Awarded);
    let counts = friend.outcome == Outcome::Awarded;
    // One message for one thing: that it counts tells that they came, a reward that it counts.
    let (stands, is_told) = match it.kind {
        Kind::FollowUpReminder => (friend.waits, false),
        Kind::ReferralLinkUsed => (counts, friend.rewarded),
        _ => (came, counts),
    };
    if !stands {
        return Ok(Err(Told::Untrue("UNDONE")));
    }
    if is_told && !is_asked {
        return Ok(Err(Told::Untrue("TOLD_OTHERWISE")));
    }
    let shown = fact::first_name(friend.first_name.as_deref());
    let initial = friend.initial.filter(|it| it.chars().all(char::is_alphabetic));
    let initial = initial.filter(|it| !it.is_empty()).map(|it| format!("{it}."));
    Ok(Ok(if shown.is_empty() { initial.unwrap_or_default() } else { shown }))
}

/// The first and last day of a month; clicks are rolled up by days of UTC.
pub(super) fn days(zone: Zone, month: Month) -> [i64; 2] {
    let last = zone.begins(month.next()) - shared::time::Span(1);
    [zone.begins(month).day(), last.day()]
}

/// A month in words.
fn month_name(lang: Lang, month: Month) -> String {
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const FR: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let names = match lang {
        Lang::En => EN,
        Lang::Fr => FR,
    };
    let place = usize::try_from(month.number() - 1).unwrap_or_default();
    format!("{} {}", names.get(place).copied().unwrap_or_default(), month.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::time::Timestamp;

    #[test]
    fn a_month_has_a_name_and_days_in_its_zone() {
        let zone = Zone::parse("Europe/Paris").unwrap();
        let month = zone.month(Timestamp(1_790_000_000_000));
        assert_eq!(month_name(Lang::Fr, month), "septembre 2026");
        assert_eq!(month_name(Lang::En, month.next()), "October 2026");
        // 31 August, 22:00 UTC, to 30 September, 22:00 UTC.
        assert_eq!(days(zone, month), [20_696, 20_726]);
    }
}
