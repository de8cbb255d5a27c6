//! `/console/{campaign}`: the numbers of a period, and what waits.

use axum::response::Response;
use http::StatusCode;
use shared::{
    period::{self, Period},
    team::Right,
};

use super::{desk::Desk, mail};
use crate::{
    error::Error,
    pages::console::{
        frame::Tab,
        overview::{self as page, Choice, Overview},
    },
    routes::{ask::Ask, member::Member, query::Query},
    store::{champions, figures, mail_settings},
};

/// What happened in a period, beside the period before.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let (db, id) = (&ask.app.db, campaign.id.as_str());
    let zone = campaign.options.time_zone;
    let today = period::day(zone, ask.call.now);
    let (choice, period, wrong) = chosen(&ask.query, today);
    let before = match choice {
        Choice::Month => period.month_before(),
        Choice::Days(_) | Choice::Between => period.before(),
    };
    let typed = (period::written(period.first), period::written(period.last));
    let typed = (
        ask.query.get("from").filter(|_| wrong).unwrap_or(&typed.0),
        ask.query.get("to").filter(|_| wrong).unwrap_or(&typed.1),
    );
    let begins = |day| period::begins(zone, day);
    let (from, until) = (begins(period.first), begins(period.last + 1));
    let overview = Overview {
        lang: desk.lang,
        campaign: id,
        name: &campaign.name,
        currency: campaign.currency,
        choice,
        period,
        before,
        typed,
        wrong,
        days: &figures::by_day(db, id, before.first, period.last).await?,
        channels: &figures::by_channel(db, id, period.first, period.last).await?,
        channels_before: &figures::by_channel(db, id, before.first, before.last).await?,
        best: &champions::best(db, id, from, until).await?,
        fading: &champions::fading(db, id, begins(before.first), from).await?,
        waiting: figures::waiting(db, id).await?,
        is_empty: figures::is_empty(db, id).await?,
        may: [desk.member.role.may(Right::Edit), desk.member.role.may(Right::Export)],
        silence: mail::silence(&ask.app, &mail_settings::find(db, id).await?.body),
    };
    let status = if wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(desk.page_with(status, Tab::Overview, &campaign.name, &page::page(&overview)))
}

/// The period that a query names, and whether it names none.
fn chosen(query: &Query, today: i64) -> (Choice, Period, bool) {
    if let (Some(from), Some(to)) = (query.given("from"), query.given("to")) {
        return match Period::between(from, to) {
            Ok(period) => (Choice::Between, period, false),
            Err(_) => (Choice::Days(30), Period::days(today, 30), true),
        };
    }
    let name = query.get("period").unwrap_or("30");
    let choice = Choice::ALL.into_iter().find(|it| it.name() == name);
    match choice.unwrap_or(Choice::Days(30)) {
        Choice::Days(count) => (Choice::Days(count), Period::days(today, count), false),
        choice => (choice, Period::month(today), false),
    }
}
