//! `POST /_p/lead`: a form of the site was submitted.
//!
//! The answer is given before anybody is looked up, so a known e-mail and an unknown one get the
//! same bytes, status and time. What was answered is in the outbox, and read right after.

use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use shared::{
    attribution::tried,
    email::Email,
    form::{self, Form},
    fraud::Submission,
    time::Span,
};

use super::{NOTED, admit, named, page, read, trial::note};
use crate::{
    engine::{
        jobs,
        leads::{Lead, keep},
    },
    error::{Error, Problem},
    routes::{ask::Ask, me},
    store::{installation_tests::Seen, leads},
};

/// Who left an address: read by the widget, or, where there is no wasm, the form itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Submitted {
    #[serde(default)]
    lead: Option<Person>,
    #[serde(default)]
    form: Option<Form>,
    /// Whether the campaign's own list takes the form, whoever sends it.
    #[serde(default)]
    chosen: bool,
    /// Whether a field that nobody sees was filled in.
    #[serde(default)]
    honeypot: Option<bool>,
    /// Milliseconds from when the form was shown until it was sent.
    #[serde(default)]
    elapsed: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Person {
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    honeypot: bool,
    elapsed: Option<f64>,
}

/// The longest name that is kept.
const NAME_LONGEST: usize = 100;

/// Puts the lead into the outbox.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (common, submitted) = read::<Submitted>(&ask)?;
    let page = page(&ask, &common).await?;
    let noted = || page.answer(StatusCode::ACCEPTED, &NOTED, &[]);
    let wrong =
        |field, problem| Err(Error::Invalid(vec![Problem::new("body", field, None, problem)]));
    let told = (submitted.honeypot, submitted.elapsed);
    let person = match (submitted.lead, submitted.form) {
        (Some(person), _) => person,
        // The same judgement that the widget passes where it can.
        (None, Some(form)) => match form::lead(&form) {
            Some(it) => {
                let form::Lead { email, first_name, last_name, honeypot } = it;
                Person { email, first_name, last_name, honeypot, elapsed: None }
            }
            // Not a lead: a search, a login, somebody else's address.
            None => return Ok(noted()),
        },
        (None, None) => return wrong("lead", "is missing"),
    };
    let Ok(email) = Email::parse(&person.email) else {
        return wrong("lead.email", "must look like name@example.com");
    };
    let submission = submission(told.0 == Some(true) || person.honeypot, told.1.or(person.elapsed));
    let mut brought = page.brought(app, call, &common);
    if let Some((claims, _)) = named::clicked(&ask, &page, &common, &brought).await? {
        brought.token = Some(Ok(claims));
    }
    let typed = named::typed(&common);
    // The address tells of the test where its link was lost (R-TRIAL-4).
    let trial = brought.trial().or_else(|| tried(&email));
    let referred = brought.token.is_some()
        || brought.kept.is_some()
        || trial.is_some()
        || named::is_known(&ask, &page, typed.as_ref()).await;
    let installation = &page.terms.campaign.installation;
    let chosen = submitted.chosen && !installation.forms.take.is_empty();
    if !referred && !chosen && !installation.capture_unreferred {
        return Ok(noted());
    }
    admit(app, call).await?;
    if let Some(mark) = trial {
        let seen = Seen { signed_up: true, ..Seen::default() };
        note(app, call, &page.terms.campaign.id, &mark, &seen).await?;
        return Ok(noted());
    }
    let signed_in = me::signed_in(&ask, &page.terms.campaign.id).await?;
    let (first_name, last_name) = (short(person.first_name), short(person.last_name));
    let lead = Lead {
        person: leads::Person { email, first_name, last_name },
        touches: brought.touches(),
        refused: brought.refused(),
        typed,
        submission,
        signed_in,
        joins: None,
    };
    let (job, batch) = keep(call, &page.terms.campaign.id, &lead);
    app.db.batch(batch).await?;
    jobs::soon(app, call, job);
    Ok(noted())
}

/// How the form was filled in; a time that no clock tells is none.
fn submission(honeypot: bool, elapsed: Option<f64>) -> Submission {
    /// A page open for longer tells nothing about typing.
    const LONGEST: f64 = 86_400_000.0;
    let elapsed = elapsed.filter(|it| 0.0 <= *it);
    #[expect(clippy::cast_possible_truncation, reason = "at most a day")]
    let elapsed = elapsed.map(|it| Span(it.min(LONGEST) as i64));
    Submission { honeypot, elapsed }
}

fn short(name: Option<String>) -> Option<String> {
    let name: String = name?.trim().chars().take(NAME_LONGEST).collect();
    (!name.is_empty()).then_some(name)
}
