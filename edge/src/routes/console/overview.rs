//! `/console/{campaign}`: what happens in a campaign.

use axum::response::Response;
use shared::{
    click::Class,
    lang::Lang,
    reward::{Side, Texts},
};

use super::desk::Desk;
use crate::{
    app::App,
    error::Error,
    pages::console::{self as page, frame::Tab},
    routes::{ask::Ask, member::Member},
    store::{clicks, notices, overview},
};

/// Clicks, referrals, rewards, decisions and participants of a campaign.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let console = console(&ask.app, desk.lang, &campaign.id, &campaign.name).await?;
    Ok(desk.page(Tab::Overview, &campaign.name, &page::console(&console)))
}

async fn console<'a>(
    app: &App,
    lang: Lang,
    id: &'a str,
    name: &'a str,
) -> Result<page::Console<'a>, Error> {
    let mut hits = page::Clicks::default();
    for total in clicks::totals(&app.db, id).await? {
        match total.class {
            Class::Person => hits.person = total.clicks,
            Class::Prefetch => hits.prefetch = total.clicks,
            Class::Preview => hits.preview = total.clicks,
            Class::Robot => hits.robot = total.clicks,
        }
    }
    let participants = overview::participants(&app.db, id).await?.into_iter().map(|it| {
        let names = [it.first_name, it.last_name].into_iter().flatten().collect::<Vec<_>>();
        page::ParticipantRow {
            name: names.join(" "),
            email: it.email,
            code: it.id,
            since: it.created_at,
            referrals: it.credited,
        }
    });
    let referrals =
        overview::referrals(&app.db, id).await?.into_iter().map(|it| page::ReferralRow {
            friend: it.friend,
            referrer: it.referrer,
            outcome: it.outcome,
            since: it.bound_at,
        });
    let decisions = overview::decisions(&app.db, id).await?.into_iter().map(|it| {
        let sentence = |reason: &shared::decision::Reason| reason.sentence(lang).into();
        page::DecisionRow {
            at: it.at,
            about: it.email.unwrap_or_default(),
            kind: it.kind,
            reasons: it.reasons.iter().map(sentence).collect(),
        }
    });
    let waiting = notices::rewards(&app.db, id).await?;
    Ok(page::Console {
        lang,
        campaign_name: name,
        clicks: hits,
        participants: participants.collect(),
        referrals: referrals.collect(),
        waiting_count: waiting.first().map_or(0, |it| it.total),
        waiting: waiting.into_iter().map(self::waiting).collect(),
        rewards: overview::rewards(&app.db, id).await?.into_iter().map(reward).collect(),
        decisions: decisions.collect(),
    })
}

/// What a reward is, in the owner's words.
pub(super) fn what(side: Side, texts: Texts) -> String {
    let what = match side {
        Side::Friend => texts.referral_description.or(texts.description),
        Side::Referrer => texts.description,
    };
    what.or(texts.title).unwrap_or_default()
}

fn waiting(it: notices::Reward) -> page::WaitingRow {
    page::WaitingRow { who: it.email, what: what(it.side, it.texts), id: it.id, since: it.at }
}

fn reward(it: overview::Reward) -> page::RewardRow {
    let state = match (it.status.as_str(), it.approved_at) {
        ("FULFILLED", _) => page::RewardState::Fulfilled,
        ("CANCELLED" | "REVERSED", _) => page::RewardState::Cancelled,
        (_, Some(_)) => page::RewardState::Approved,
        (_, None) => page::RewardState::Waiting,
    };
    page::RewardRow {
        who: it.email,
        what: what(it.side, it.texts),
        state,
        available: state == page::RewardState::Fulfilled,
        since: it.created_at,
    }
}
