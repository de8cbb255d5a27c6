//! `/campaign/{id}/referrals` and `…/participant/{p}/ref`: list, trigger.

use axum::{Json, extract::State};
use shared::{
    api::{Referral, ReferralTrigger, Referrals, Triggered},
    decision::Reason,
    email::Email,
    lang::Lang,
    referral::Status,
    reward::Source,
};

use super::{attribution, auth::KeyHolder, page};
use crate::{
    app::App,
    call::Call,
    engine::{
        credit::{self, Effect, Event},
        terms,
    },
    error::Error,
    routes::{body::Body, path::At, query::Query},
    store::{
        participants::Key,
        referrals::{self, Sort},
    },
};

/// Reports the qualifying event of a friend. It never fails on state.
pub async fn trigger(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    At((campaign, p)): At<(String, String)>,
    Body(asked): Body<ReferralTrigger>,
) -> Result<Json<Triggered>, Error> {
    let (terms, _) = terms::read(&app, &campaign).await?;
    let friend = Key::parse(&p).ok_or(Error::Missing)?;
    let touches = attribution::touches(&app, &terms, asked.attribution.as_deref(), call.now)?;
    let (event, source) = (Event::Qualifying, Source::Server);
    let effect = credit::credit(&app, &call, &terms, &friend, &event, touches, source).await?;
    let (success, message) = match effect {
        // Past the window the wire answers success and gives nothing; the decision says so.
        Effect::Awarded | Effect::Expired => (true, "Successfully awarded referral credit."),
        Effect::AlreadyAwarded => (false, "Referral credit has already been awarded"),
        Effect::Refused(Reason::CampaignNotRunning) => (false, "The program is not running"),
        Effect::Refused(reason) => (false, reason.sentence(Lang::En)),
        Effect::NotReferred | Effect::Duplicate { .. } | Effect::Recorded { .. } => {
            (false, "Participant was not referred")
        }
    };
    Ok(Json(Triggered { success, message }))
}

/// Lists referrals.
pub async fn list(
    _: KeyHolder,
    State(app): State<App>,
    At(campaign): At<String>,
    query: Query,
) -> Result<Json<Referrals>, Error> {
    terms::read(&app, &campaign).await?;
    let limit = query.limit(20)?;
    let offset = offset(&query)?;
    let asked = referrals::Query {
        sort: sort(&query)?,
        ascending: !query.flag("desc", true)?,
        // What is no address finds nobody.
        identity: query
            .get("email")
            .map(|it| Email::parse(it).map_or_else(|_| it.to_lowercase(), |it| it.identity())),
        first_name: query.get("firstName").map(Into::into),
        last_name: query.get("lastName").map(Into::into),
        // The wire ignores statuses that it does not know.
        status: match query.get("referralStatus") {
            Some("CREDIT_PENDING") => Some(Status::CreditPending),
            Some("CREDIT_AWARDED") => Some(Status::CreditAwarded),
            Some("CREDIT_EXPIRED") => Some(Status::CreditExpired),
            _ => None,
        },
        offset,
        limit: limit + 1,
    };
    let mut found = referrals::page(&app.db, &campaign, &asked).await?;
    let more = page::cut(&mut found, limit);
    let next_offset = more.then(|| offset.saturating_add(limit));
    let shown = found.into_iter().map(|it| Referral {
        id: it.friend,
        email: it.email,
        first_name: it.first_name,
        last_name: it.last_name,
        referral_status: it.outcome.status(),
        referred_by: it.referrer,
        created_at: it.bound_at,
        updated_at: it.updated_at,
    });
    let next_id = next_offset.map(|it| it.to_string());
    Ok(Json(Referrals { referrals: shown.collect(), limit, more, next_id, next_offset }))
}

/// Where the page begins: `nextId` or `offset`, both of which count rows.
fn offset(query: &Query) -> Result<u32, Error> {
    let named = ["nextId", "offset"].into_iter().find_map(|it| Some((it, query.get(it)?)));
    let Some((name, text)) = named else { return Ok(0) };
    text.parse().map_err(|_| Error::query(name, text, "is not a place in this list"))
}

fn sort(query: &Query) -> Result<Sort, Error> {
    Ok(match query.get("sortBy") {
        None | Some("updatedAt") => Sort::UpdatedAt,
        Some("createdAt") => Sort::CreatedAt,
        Some("email") => Sort::Email,
        Some("firstName") => Sort::FirstName,
        Some("lastName") => Sort::LastName,
        Some("referralStatus") => Sort::Status,
        Some("referralTriggeredAt") => Sort::TriggeredAt,
        Some(text) => {
            let msg = "must be updatedAt, createdAt, email, firstName, lastName, referralStatus \
                or referralTriggeredAt";
            return Err(Error::query("sortBy", text, msg));
        }
    })
}
