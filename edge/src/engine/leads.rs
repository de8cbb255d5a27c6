//! Leads: what a browser reported becomes a participant, after the answer.

use serde::{Deserialize, Serialize};
use shared::{
    attribution::{Claims, TokenError, Touches},
    reward::Source,
    time::Timestamp,
};

use crate::{
    app::App,
    call::Call,
    click::resolve,
    engine::enrol::{Brought, Newcomer, enrol as enrol_newcomer},
    error::Error,
    sql::{Statement, read, to_json},
    store::{
        jobs::{self, Job},
        leads::{self, Person},
    },
};

/// The kind of such jobs.
pub const KIND: &str = "LEAD";

/// Somebody's address, and what their browser brought with it.
#[derive(Clone, Debug)]
pub struct Lead {
    /// Who.
    pub person: Person,
    /// The touches that the browser keeps, the token's last.
    pub touches: Option<Touches>,
    /// Why the token does not count, if it does not.
    pub refused: Option<TokenError>,
}

/// What a job holds: claims and ids, no token and nobody's address.
#[derive(Deserialize, Serialize)]
struct Payload {
    lead: String,
    at: Timestamp,
    campaign: String,
    first: Option<Claims>,
    last: Option<Claims>,
    refused: Option<TokenError>,
}

/// A job's id and the statements that keep lead and job.
#[must_use]
pub fn keep(call: &Call, campaign: &str, lead: &Lead) -> (String, Vec<Statement>) {
    let (id, job) = (call.id(), call.id());
    let payload = Payload {
        lead: id.clone(),
        at: call.now,
        campaign: campaign.into(),
        first: lead.touches.as_ref().and_then(|it| it.first.clone()),
        last: lead.touches.as_ref().map(|it| it.last.clone()),
        refused: lead.refused,
    };
    let batch = vec![
        leads::insert(&id, campaign, &lead.person, call.now),
        jobs::insert(&job, KIND, &to_json(&payload), call.now),
    ];
    (job, batch)
}

/// Makes the participant, in one batch with the end of the job.
pub async fn enrol(app: &App, call: &Call, job: &Job) -> Result<(), Error> {
    let payload: Payload =
        read(&job.payload).map_err(|it| Error::Internal(format!("a lead's payload: {it}")))?;
    let end = vec![leads::forget(&payload.lead), jobs::done(&job.id, call.now)];
    let person = leads::find(&app.db, &payload.lead).await?;
    let terms = resolve::terms(app, call, &payload.campaign).await?;
    let (Some(person), Some(terms)) = (person, terms) else {
        // Read by another run, or its campaign is gone.
        return Ok(app.db.batch(end).await?);
    };
    let brought = match (payload.last, payload.refused) {
        (Some(last), _) => Brought::Touches(Touches { first: payload.first, last }),
        (None, Some(error)) => Brought::Refused(error),
        (None, None) => Brought::Nothing,
    };
    let newcomer = Newcomer {
        first_name: person.first_name,
        last_name: person.last_name,
        brought,
        also: end,
        ..Newcomer::new(person.email, Source::Browser)
    };
    // The friend is bound when the form was submitted, however late this runs.
    let call = &call.at(payload.at);
    enrol_newcomer(app, call, &terms, &newcomer).await?;
    Ok(())
}
