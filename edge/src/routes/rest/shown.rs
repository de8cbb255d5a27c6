//! Participants as answers show them.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    api::{Metadata, Participant, ParticipantAdd, ParticipantReward, Referrer, Review},
    code::Code,
    email::Email,
    fraud::{self, Level},
    reward::Side,
    time::Timestamp,
};

use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    engine::mail::refusal,
    error::Error,
    mail::Topic,
    store::{
        rewards::{Lack, Status, Stored},
        suppressions,
        views::{self, View},
    },
};

/// Participants of a campaign by their ids, in that order, each with their referrer.
pub(crate) async fn participants(
    app: &App,
    terms: &Terms,
    ids: &[&str],
    now: Timestamp,
) -> Result<Vec<Participant>, Error> {
    let campaign = &terms.campaign.id;
    let month = terms.campaign.options.time_zone.month(now);
    let found = views::of(&app.db, campaign, ids, month).await?;
    let mut wanted: Vec<&str> =
        found.iter().filter_map(|it| it.referrer.as_ref()).map(Code::as_str).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let referrers = if wanted.is_empty() {
        Vec::new()
    } else {
        views::of(&app.db, campaign, &wanted, month).await?
    };
    let silent = silent(app, campaign, found.iter().chain(&referrers)).await?;
    let core = |it: &View| core(app, terms, it, silent.contains(&it.id));
    let referrers: BTreeMap<Code, Referrer> =
        referrers.into_iter().map(|it| (it.id.clone(), core(&it))).collect();
    let shown = found.into_iter().map(|it| Participant {
        core: core(&it),
        referrer: it.referrer.as_ref().and_then(|id| referrers.get(id)).cloned(),
        rewards: it.rewards.into_iter().map(|reward_of| reward(reward_of, it.seen_at)).collect(),
        is_new: None,
    });
    Ok(shown.collect())
}

/// Whom a test adds: as anybody who is new, and nobody.
pub(super) fn nobody(app: &App, call: &Call, terms: &Terms, asked: ParticipantAdd) -> Participant {
    let view = View {
        id: Code::from_entropy(call.draw()),
        email: asked.email.as_str().into(),
        first_name: asked.first_name,
        last_name: asked.last_name,
        metadata: asked.metadata.unwrap_or_default().0,
        origin: "DIRECT".into(),
        language: asked.language.map(|it| it.0.into()),
        credited: 0,
        created_at: call.now,
        referrer: None,
        outcome: None,
        monthly: 0,
        rank: -1,
        monthly_rank: -1,
        leads: 0,
        impressions: 0,
        uniques: 0,
        shares: BTreeMap::new(),
        vanity: Vec::new(),
        signals: Vec::new(),
        review: None,
        rewards: Vec::new(),
        seen_at: call.now,
    };
    let core = core(app, terms, &view, false);
    Participant { core, referrer: None, rewards: Vec::new(), is_new: Some(true) }
}

/// Those of them who are not written to any more, at least not to share.
async fn silent(
    app: &App,
    campaign: &str,
    all: impl Iterator<Item = &View>,
) -> Result<BTreeSet<Code>, Error> {
    let hash = |it: &View| {
        let email = Email::parse(&it.email).ok()?;
        Some((refusal::hash(app, campaign, &email.identity()), it.id.clone()))
    };
    let hashes: BTreeMap<String, Code> = all.filter_map(hash).collect();
    let named: Vec<String> = hashes.keys().cloned().collect();
    let found = suppressions::among(&app.db, campaign, &named).await?;
    // Of what happens to them they may be told all the same.
    let silent = [suppressions::ALL, Topic::Own.as_str()];
    let refused = found.iter().filter(|it| silent.contains(&it.topic.as_str()));
    Ok(refused.filter_map(|it| hashes.get(&it.hash)).cloned().collect())
}

fn core(app: &App, terms: &Terms, it: &View, unsubscribed: bool) -> Referrer {
    let (fraud_risk_level, fraud_reason_code) = suspicion(terms, it);
    let earned = |it: &Stored| {
        it.approved_at.is_some() && matches!(it.status, Status::Pending | Status::Fulfilled)
    };
    Referrer {
        id: it.id.clone(),
        email: it.email.clone(),
        first_name: it.first_name.clone(),
        last_name: it.last_name.clone(),
        share_url: Some(format!("{}/r/{}", app.settings.public_url, it.id)),
        vanity_keys: it.vanity.clone(),
        rank: it.rank,
        monthly_rank: it.monthly_rank,
        referral_count: it.credited,
        monthly_referral_count: it.monthly,
        lead_count: it.leads,
        impression_count: it.impressions,
        unique_impression_count: it.uniques,
        invite_count: 0,
        share_count: it.shares.clone(),
        created_at: it.created_at,
        is_winner: it.rewards.iter().any(earned),
        unsubscribed,
        referral_source: it.origin.clone(),
        referral_status: it.outcome.map(shared::referral::Outcome::status),
        referred_by: it.referrer.clone(),
        fraud_risk_level,
        fraud_reason_code,
        ip_address: None,
        fingerprint: None,
        metadata: Metadata(it.metadata.clone()),
        language: it.language.clone(),
        is_affiliate: false,
    }
}

/// How suspicious somebody is, and by what: by the owner's own word, or the heaviest signal.
fn suspicion(terms: &Terms, it: &View) -> (Level, Option<&'static str>) {
    match it.review {
        Some(Review::Accept) => return (Level::Low, Some("MANUAL_UPDATE")),
        Some(Review::Reject) => return (Level::High, Some("MANUAL_UPDATE")),
        None => {}
    }
    let options = &terms.campaign.options.fraud;
    let verdict = fraud::verdict(&it.signals, options);
    let decisive = it.signals.iter().find(|signal| signal.verdict(options) == verdict);
    (verdict.level(), decisive.map(|it| it.code()))
}

/// A reward as it is on the wire; unread, if something happened to it since its owner read their page.
pub(super) fn reward(it: Stored, seen_at: Timestamp) -> ParticipantReward {
    let last = [Some(it.created_at), it.approved_at, it.fulfilled_at].into_iter().flatten().max();
    let (approved, fulfilled) = (it.approved_at.is_some(), it.fulfilled_at.is_some());
    ParticipantReward {
        id: it.id,
        reward_id: it.rule,
        status: match it.status {
            Status::Pending => "PENDING",
            Status::Fulfilled => "FULFILLED",
            Status::Cancelled | Status::Reversed => "CANCELLED",
        },
        approved,
        approved_at: it.approved_at,
        is_fulfilled: fulfilled,
        fulfilled_at: it.fulfilled_at,
        is_available: approved && it.status == Status::Fulfilled,
        is_referrer: it.side == Side::Referrer,
        referrer_id: it.referrer,
        referred_id: it.friend,
        unread: last.is_some_and(|it| seen_at < it),
        kind: it.kind,
        amount: it.amount,
        currency: it.currency,
        coupon_code: it.coupon_code,
        charity: it.charity,
        needs_address: it.lacks == Some(Lack::Address) && it.status == Status::Pending,
        approves_at: it.approve_at.filter(|_| !approved && it.status == Status::Pending),
        created_at: it.created_at,
    }
}
