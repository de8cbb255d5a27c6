//! What somebody sees of themselves, or the door for whoever is not signed in.

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use shared::{
    campaign::Campaign,
    card::{self, Both, Card, gift},
    code::Code,
    decision,
    lang::Lang,
    reward::{Counted, GiftKind, Kind, Progress, Rule, Side, Texts, progress},
    time::Timestamp,
};

use super::{Seat, door, page, seat};
use crate::{
    engine::own_code,
    error::Error,
    mail::fact,
    pages::{
        console::parts::Clock,
        me::{
            board::Spot,
            decisions::{self as told, Line},
            door::Typed,
            friends::Friend,
            home::{self as pages, Home},
            link::{Link, Own},
            rewards::{Reward, Told, What, Wrong},
        },
    },
    routes::ask::Ask,
    store::{
        appeals, choices, circles,
        codes::Standing,
        decisions, dossiers,
        leaderboards::{self, Board},
        participants::{Key, Place},
        referrers,
        rewards::{Lack, Stored},
        rules,
    },
};

/// How many friends, places and decisions a page shows.
const FRIENDS: u32 = 20;
const PLACES: u32 = 10;
const DECISIONS: u32 = 50;

/// The page.
pub async fn show(mut ask: Ask) -> Result<Response, Error> {
    match seat(&mut ask).await? {
        Ok(seat) => shown(&ask, &seat, Flaws::default()).await,
        Err(terms) => door::show(&ask, &terms, StatusCode::OK, Typed::default()).await,
    }
}

/// What is wrong with one of the page's forms.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flaws<'a> {
    /// The form of a reward.
    pub(super) reward: Option<&'a Wrong>,
    /// An appeal.
    pub(super) appeal: Option<&'a told::Wrong>,
    /// A code of one's own.
    pub(super) code: Option<(&'a str, Standing)>,
}

/// The page, with a form that could not be taken.
pub(super) async fn shown(ask: &Ask, seat: &Seat, flaws: Flaws<'_>) -> Result<Response, Error> {
    let (db, call, lang) = (&ask.app.db, &ask.call, seat.lang);
    let (campaign, view) = (seat.campaign(), &seat.view);
    let rules = rules::of_campaign(db, &campaign.id).await?;
    let card = card::card(campaign, &rules, call.now);
    let month = campaign.options.time_zone.month(call.now);
    let key = Key::Code(view.id.clone());
    let referrer = referrers::find(db, &campaign.id, &key, month, true).await?;
    let referrer = referrer.ok_or(Error::Missing)?;
    let counted = Counted {
        total: referrer.total,
        monthly: referrer.monthly,
        month,
        picked: &referrer.picked,
        given: &referrer.given,
    };
    let promised = |rule: &Rule| card.rewards.iter().find(|it| it.rule == rule.id);
    let goals: Vec<(Both, bool, Progress)> = rules
        .iter()
        .filter_map(|rule| {
            let promise = promised(rule)?;
            Some((promise.referrer.clone(), promise.own[0], progress(rule, &counted, call.now)?))
        })
        .collect();
    let offer = offer(campaign, &rules, &card);
    let (friends, next) = friends(ask, &view.id).await?;
    let code = view.vanity.last().unwrap_or(&view.id);
    let clock = Clock { lang, zone: campaign.options.time_zone };
    let rewards = rewards(ask, seat, &view.rewards).await?;
    let address = if rewards.iter().any(|it| it.kind == GiftKind::Gift) {
        choices::address(db, &view.id).await?
    } else {
        None
    };
    let name = fact::first_name(view.first_name.as_deref());
    let markup = pages::home(&Home {
        campaign,
        first_name: view.first_name.as_deref(),
        link: Link {
            lang,
            campaign: &campaign.id,
            base: &ask.app.settings.public_url,
            code: code.as_str(),
            name: Some(&*name).filter(|it| !it.is_empty()),
            shop: campaign.company_name.as_deref().unwrap_or(&campaign.name),
            offer: offer.as_ref().map(|it| it.in_lang(lang)),
            disclosure: card.disclosure.as_ref().map(|it| it.in_lang(lang)),
            own: Own {
                may: view.vanity.len() < own_code::MOST as usize,
                csrf: &seat.csrf,
                wrong: flaws.code,
            },
        },
        clicks: view.impressions,
        counts: [view.credited, view.leads],
        goals: &goals,
        rewards: Told {
            clock,
            campaign: &campaign.id,
            csrf: &seat.csrf,
            rewards: &rewards,
            charities: &campaign.options.charities,
            address: address.as_ref(),
            wrong: flaws.reward,
        },
        friends: &friends,
        next: next.as_deref(),
        board: &board(ask, seat).await?,
        rank: u32::try_from(view.rank).ok(),
        decisions: told::Told {
            clock,
            campaign: &campaign.id,
            csrf: &seat.csrf,
            lines: &lines(ask, seat).await?,
            wrong: flaws.appeal,
        },
        blocked: referrer.standing.blocked_at.is_some_and(|it| it <= call.now),
        done: ask.query.get("done"),
    });
    let is_wrong = flaws.reward.is_some() || flaws.appeal.is_some() || flaws.code.is_some();
    let status = if is_wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(page(status, &markup))
}

/// What a friend gets, by the first rule of the card that gives them anything.
pub(super) fn offer(campaign: &Campaign, rules: &[Rule], card: &Card) -> Option<Both> {
    let is_promised = |it: &&Rule| card.rewards.iter().any(|promise| promise.rule == it.id);
    let mut both = rules.iter().filter(|it| it.kind == Kind::DoubleSided);
    both.find(is_promised).map(|it| gift(campaign, it, Side::Friend))
}

/// A page of somebody's friends, and the query of the next one.
async fn friends(ask: &Ask, id: &Code) -> Result<(Vec<Friend>, Option<String>), Error> {
    let after = ask.query.get("friends").and_then(|it| it.split_once('-')).and_then(|(at, id)| {
        let created_at = at.parse().ok().map(Timestamp)?;
        Some(Place { created_at, id: id.into() })
    });
    let mut found = circles::friends(&ask.app.db, id, after.as_ref(), FRIENDS + 1).await?;
    let page = usize::try_from(FRIENDS).unwrap_or(usize::MAX);
    let more = page < found.len();
    found.truncate(page);
    let next = found.last().filter(|_| more);
    let next = next.map(|it| format!("friends={}-{}", it.bound_at.0, it.friend));
    Ok((found.into_iter().map(friend).collect(), next))
}

/// A friend, as the one who referred them sees them.
pub(super) fn friend(it: circles::Friend) -> Friend {
    // What strangers type is no place for advertisements.
    let name = fact::first_name(it.name.as_deref());
    let initial = it.initial.filter(|it| it.chars().all(char::is_alphabetic) && !it.is_empty());
    let initial = initial.map_or_else(|| "–".into(), |it| format!("{it}."));
    Friend {
        name: if name.is_empty() { initial } else { name },
        month: it.bound_month.to_string(),
        status: it.outcome.coarse(),
    }
}

/// The first places of the leaderboard; nobody stands on it whose referrals do not count.
async fn board(ask: &Ask, seat: &Seat) -> Result<Vec<Spot>, Error> {
    let (db, campaign) = (&ask.app.db, &seat.campaign().id);
    let mut spots = leaderboards::page(db, campaign, Board::AllTime, None, PLACES).await?;
    spots.retain(|it| 0 < it.count);
    let ids: Vec<&str> = spots.iter().map(|it| it.id.as_str()).collect();
    let names: BTreeMap<String, String> = circles::named(db, campaign, &ids)
        .await?
        .into_iter()
        .map(|it| (it.id, fact::first_name(Some(&it.first_name))))
        .collect();
    let counts: Vec<i64> = spots.iter().map(|it| it.count).collect();
    let rank = |count: i64| 1 + counts.iter().filter(|it| count < **it).count();
    Ok(spots
        .into_iter()
        .map(|it| Spot {
            rank: u32::try_from(rank(it.count)).unwrap_or(u32::MAX),
            name: names.get(&it.id).filter(|it| !it.is_empty()).cloned(),
            count: it.count,
            own: it.id == seat.view.id.as_str(),
        })
        .collect())
}

/// The newest decisions about somebody, as they may read them (R-DECISION-5).
async fn lines(ask: &Ask, seat: &Seat) -> Result<Vec<Line>, Error> {
    let (campaign, id) = (&seat.campaign().id, seat.view.id.as_str());
    let found = decisions::page(&ask.app.db, campaign, id, None, DECISIONS).await?;
    let appeals = appeals::of(&ask.app.db, &seat.view.id).await?;
    let one = |it: &decisions::Stored| {
        let it = &it.decision;
        Line {
            is_new: seat.view.seen_at < it.at,
            may_be_appealed: decision::may_be_appealed(it.kind, &it.reasons),
            appeal: appeals.iter().find(|appeal| appeal.decision == it.id).cloned(),
            ..line(seat.lang, it)
        }
    };
    Ok(found.iter().map(one).collect())
}

/// A decision, as whom it is about may read it.
pub(super) fn line(lang: Lang, it: &decisions::Decision) -> Line {
    let own = it.facts["side"] == "REFERRER";
    Line {
        id: it.id.clone(),
        at: it.at,
        text: decision::text(it.kind, &it.reasons, own, lang),
        is_new: false,
        may_be_appealed: false,
        appeal: None,
    }
}

/// Somebody's rewards, in words.
pub(super) async fn rewards(
    ask: &Ask,
    seat: &Seat,
    stored: &[Stored],
) -> Result<Vec<Reward>, Error> {
    let campaign = seat.campaign();
    let (texts, none) = (dossiers::texts(&ask.app.db, &campaign.id).await?, Texts::default());
    let what = |it: &Stored| {
        let texts = texts.get(&it.rule).unwrap_or(&none);
        let own = match it.side {
            Side::Referrer => &texts.description,
            Side::Friend => &texts.referral_description,
        };
        let what = card::reward(campaign, texts, it.side, it.kind, it.amount);
        let what = what.in_lang(seat.lang).to_owned();
        if own.is_some() { What::Theirs(what) } else { What::Ours(what) }
    };
    Ok(stored.iter().map(|it| one(it, what(it), seat.view.seen_at)).collect())
}

fn one(it: &Stored, what: What, seen_at: Timestamp) -> Reward {
    let last =
        [it.approved_at, it.fulfilled_at].into_iter().flatten().fold(it.created_at, Ord::max);
    Reward {
        id: it.id.clone(),
        what,
        kind: it.kind,
        status: it.status,
        approved: it.approved_at.is_some(),
        approves_at: it.approve_at,
        coupon: it.coupon_code.clone(),
        lacks_coupon: it.lacks == Some(Lack::Coupon),
        charity: it.charity.clone(),
        at: it.created_at,
        last,
        is_new: seen_at < last,
    }
}
