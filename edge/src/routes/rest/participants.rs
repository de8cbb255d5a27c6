//! `/campaign/{id}/participants`, `…/participant`, `…/participant/{p}`: list, add, retrieve.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use shared::{
    api::{FirstStatus, Participant, ParticipantAdd, Participants},
    code::Code,
    reward::Source,
};

use super::{attribution, auth::KeyHolder, page, shown};
use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    engine::{
        enrol::{self, Brought, NamedStatus, Newcomer},
        terms,
    },
    error::Error,
    routes::{body::Body, path::At, query::Query},
    store::participants::{self, Key, Known},
};

/// Adds a person; one who takes part already comes back unchanged.
pub async fn add(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    At(campaign): At<String>,
    Body(asked): Body<ParticipantAdd>,
) -> Result<Json<Participant>, Error> {
    let (terms, _) = terms::read(&app, &campaign).await?;
    if asked.is_affiliate == Some(true) {
        let msg = "is not available in this installation";
        return Err(Error::field("isAffiliate", Some(true.into()), msg));
    }
    let touches = attribution::touches(&app, &terms, asked.attribution.as_deref(), call.now)?;
    let newcomer = Newcomer {
        email: asked.email,
        first_name: asked.first_name,
        last_name: asked.last_name,
        metadata: asked.metadata.unwrap_or_default().0,
        language: asked.language.map(|it| it.0.into()),
        source: Source::Server,
        brought: touches.map_or(Brought::Nothing, Brought::Touches),
        typed: asked.referred_by,
        named_status: asked.referral_status.map(|it| match it {
            FirstStatus::CreditAwarded => NamedStatus::Awarded,
            FirstStatus::CreditPending => NamedStatus::Pending,
        }),
        also: Vec::new(),
    };
    let enrolled = enrol::enrol(&app, &call, &terms, &newcomer).await?;
    let mut participant = one(&app, &call, &terms, &enrolled.participant).await?;
    participant.is_new = Some(enrolled.is_new);
    Ok(Json(participant))
}

/// Shows a participant, by id, vanity key or address.
pub async fn retrieve(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    At((campaign, p)): At<(String, String)>,
) -> Result<Json<Participant>, Error> {
    let (terms, _) = terms::read(&app, &campaign).await?;
    let known = named(&app, &campaign, &p).await?;
    Ok(Json(one(&app, &call, &terms, &known.id).await?))
}

/// Lists participants, newest first; filtered by metadata, they come by id.
pub async fn list(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    At(campaign): At<String>,
    query: Query,
) -> Result<Json<Participants>, Error> {
    let (terms, _) = terms::read(&app, &campaign).await?;
    let (limit, after) = (query.limit(10)?, page::after(&query)?);
    let wanted: BTreeMap<String, String> =
        query.nested("metadata").map(|(key, value)| (key.into(), value.into())).collect();
    if 3 < wanted.len() {
        return Err(Error::query("metadata", "", "filters by at most 3 fields"));
    }
    let (db, after) = (&app.db, after.as_ref());
    let mut places = if wanted.is_empty() {
        participants::page(db, &campaign, after, limit + 1).await?
    } else {
        participants::page_by_metadata(db, &campaign, &wanted, after, limit + 1).await?
    };
    let more = page::cut(&mut places, limit);
    let next_id = places.last().filter(|_| more).map(page::next);
    let ids: Vec<&str> = places.iter().map(|it| it.id.as_str()).collect();
    let participants = shown::participants(&app, &terms, &ids, call.now).await?;
    Ok(Json(Participants { participants, limit, next_id }))
}

/// Whom the path names within the campaign.
pub(super) async fn named(app: &App, campaign: &str, p: &str) -> Result<Known, Error> {
    let key = Key::parse(p).ok_or(Error::Missing)?;
    participants::find(&app.db, campaign, &key).await?.ok_or(Error::Missing)
}

async fn one(app: &App, call: &Call, terms: &Terms, id: &Code) -> Result<Participant, Error> {
    let found = shown::participants(app, terms, &[id.as_str()], call.now).await?;
    found.into_iter().next().ok_or(Error::Missing)
}
