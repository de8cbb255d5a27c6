//! Leads: what a browser reported becomes a participant, after the answer.

use serde::{Deserialize, Serialize};
use shared::{
    attribution::{Claims, TokenError, Touches},
    code::Code,
    fraud::Submission,
    lang::Lang,
    reward::Source,
    time::Timestamp,
};

use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    engine::{
        enrol::{Brought, Newcomer, enrol_of},
        joining, mail, terms,
    },
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
    /// The code that they typed.
    pub typed: Option<Code>,
    /// How the form was filled in.
    pub submission: Submission,
    /// The participant who is signed in in the browser.
    pub signed_in: Option<Code>,
    /// They join on the page for participants.
    pub joins: Option<Joins>,
}

/// What somebody says who joins.
#[derive(Clone, Debug)]
pub struct Joins {
    /// The language that they read.
    pub lang: Lang,
    /// The version of the card that they agree to.
    pub agreed: String,
    /// The page of the site to which their link to sign in leads, else ours.
    pub page: Option<String>,
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
    #[serde(default)]
    typed: Option<Code>,
    #[serde(default)]
    submission: Submission,
    #[serde(default)]
    signed_in: Option<Code>,
    #[serde(default)]
    joins: Option<Lang>,
    #[serde(default)]
    agreed: Option<String>,
    #[serde(default)]
    page: Option<String>,
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
        typed: lead.typed.clone(),
        submission: lead.submission,
        signed_in: lead.signed_in.clone(),
        joins: lead.joins.as_ref().map(|it| it.lang),
        agreed: lead.joins.as_ref().map(|it| it.agreed.clone()),
        page: lead.joins.as_ref().and_then(|it| it.page.clone()),
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
    let end = || vec![leads::forget(&payload.lead), jobs::done(&job.id, call.now)];
    let person = leads::find(&app.db, &payload.lead).await?;
    let terms = match terms::read(app, &payload.campaign).await {
        Ok((terms, _)) => Some(terms),
        Err(Error::Missing) => None,
        Err(error) => return Err(error),
    };
    let (Some(person), Some(terms)) = (person, terms) else {
        // Read by another run, or its campaign is gone.
        return Ok(app.db.batch(end()).await?);
    };
    match make(app, call, job, &payload, person, &terms).await {
        // Read by another run, or forgotten meanwhile.
        Err(Error::Missing) => Ok(app.db.batch(end()).await?),
        done => done,
    }
}

/// Makes the participant of a lead that was there a moment ago.
async fn make(
    app: &App,
    call: &Call,
    job: &Job,
    payload: &Payload,
    person: Person,
    terms: &Terms,
) -> Result<(), Error> {
    let brought = match (payload.last.clone(), payload.refused) {
        (Some(last), _) => Brought::Touches(Touches { first: payload.first.clone(), last }),
        (None, Some(error)) => Brought::Refused(error),
        (None, None) => Brought::Nothing,
    };
    let newcomer = Newcomer {
        first_name: person.first_name,
        last_name: person.last_name,
        brought,
        typed: payload.typed.as_ref().map(|it| it.as_str().into()),
        submission: payload.submission,
        signed_in: payload.signed_in.clone(),
        language: payload.joins.map(|it| it.tag().into()),
        // What the version before kept tells nothing of terms, and is no sign-up either.
        joins: payload.joins.map(|_| joining::Joins {
            job: job.id.clone(),
            agreed: payload.agreed.clone().unwrap_or_default(),
            page: payload.page.clone(),
        }),
        also: vec![
            leads::still_there(&payload.lead, &job.id),
            leads::forget(&payload.lead),
            jobs::done(&job.id, call.now),
        ],
        ..Newcomer::new(person.email, Source::Browser)
    };
    // The friend is bound when the form was submitted, however late this runs.
    let call = &call.at(payload.at);
    let enrolled = enrol_of(app, call, terms, &newcomer, Some(&payload.lead)).await?;
    if payload.joins.is_some() {
        let (campaign, participant) = (&terms.campaign.id, enrolled.participant.as_str());
        mail::soon(app, call, &mail::login_link(campaign, participant, &job.id, None));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::email::Email;

    use super::*;
    use crate::{bench::Bench, click::resolve, engine::jobs as runner, sql};

    fn plain(person: Person, touches: Option<Touches>) -> Lead {
        let submission = Submission::default();
        let joins = None;
        Lead { person, touches, refused: None, typed: None, submission, signed_in: None, joins }
    }

    async fn lead(bench: &Bench, campaign: &str, referrer: &str) {
        let person = Person {
            email: Email::parse("bob@example.com").unwrap(),
            first_name: None,
            last_name: None,
        };
        let last = bench.claims(campaign, referrer);
        let touches = Some(Touches { first: None, last });
        let id = campaign.trim_start_matches("/v2/campaign/");
        let lead = plain(person, touches);
        bench.write(keep(&bench.call(), id, &lead).1).await;
        runner::run_due(&bench.app, &bench.call(), 9).await.unwrap();
        let left = sql!(
            "-- t
             SELECT (SELECT count(*) FROM person WHERE kind = 'LEAD')
                  + (SELECT count(*) FROM job WHERE done_at IS NULL) AS n"
        );
        assert_eq!(bench.number(left).await, 0);
    }

    #[tokio::test]
    async fn r_job_2_a_lead_is_decided_on_the_terms_that_stand_and_not_on_kept_ones() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let id = campaign.trim_start_matches("/v2/campaign/");
        let kept = resolve::terms(&bench.app, &bench.call(), id).await.unwrap().unwrap();
        // Written past every cache, as by another isolate.
        let ended = kept.campaign.ended(bench.now.get()).unwrap();
        let (_, revision) = terms::read(&bench.app, id).await.unwrap();
        bench.write([crate::store::campaigns::update(&ended, revision)]).await;
        lead(&bench, &campaign, &ada).await;
        let bob = bench.get(&format!("{campaign}/participant/bob@example.com")).await.ok();
        assert_eq!(bob["referralStatus"], json!("CREDIT_PENDING"));
    }

    #[tokio::test]
    async fn who_joined_before_terms_were_kept_joins_all_the_same() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let id = campaign.trim_start_matches("/v2/campaign/");
        let email = Email::parse("bob@example.com").unwrap();
        let person = Person { email, first_name: None, last_name: None };
        let joins = Some(Joins { lang: Lang::Fr, agreed: "v".into(), page: None });
        let lead = Lead { joins, ..plain(person, None) };
        bench.write(keep(&bench.call(), id, &lead).1).await;
        let old = "-- t\n UPDATE job SET payload = json_remove(payload, '$.agreed')";
        bench.write([sql!(old)]).await;
        runner::run_due(&bench.app, &bench.call(), 9).await.unwrap();
        let joined = "-- t
            SELECT count(*) AS n FROM participant WHERE joined = 1 AND agreed_at IS NULL";
        assert_eq!(bench.number(sql!(joined)).await, 1);
    }

    #[tokio::test]
    async fn r_erase_9_a_lead_that_was_read_before_the_erasure_makes_nobody_after_it() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "bob", None).await;
        let id = campaign.trim_start_matches("/v2/campaign/");
        let person = || Person {
            email: Email::parse("bob@example.com").unwrap(),
            first_name: None,
            last_name: None,
        };
        let last = bench.claims(&campaign, &ada);
        let touches = Some(Touches { first: None, last });
        let lead = plain(person(), touches);
        let (job, kept) = keep(&bench.call(), id, &lead);
        bench.write(kept).await;
        let job = jobs::find(&bench.app.db, &job).await.unwrap().unwrap();
        let payload: Payload = read(&job.payload).unwrap();
        let (terms, _) = terms::read(&bench.app, id).await.unwrap();
        // The job has read who it is; now they are forgotten.
        bench.delete(&format!("{campaign}/participant/bob@example.com")).await.ok();
        let made = make(&bench.app, &bench.call(), &job, &payload, person(), &terms).await;
        assert!(matches!(made, Err(Error::Missing)), "{made:?}");
        bench.get(&format!("{campaign}/participant/bob@example.com")).await.fails(404);
        enrol(&bench.app, &bench.call(), &job).await.unwrap();
        let left = sql!(
            "-- t
             SELECT (SELECT count(*) FROM person WHERE identity = 'bob@example.com')
                  + (SELECT count(*) FROM job WHERE done_at IS NULL) AS n"
        );
        assert_eq!(bench.number(left).await, 0);
    }

    #[tokio::test]
    async fn r_job_2_a_lead_ends_with_its_campaign() {
        let bench = Bench::new().await;
        lead(&bench, "/v2/campaign/nobody", "ada").await;
        let people = sql!("-- t\n SELECT count(*) AS n FROM participant");
        assert_eq!(bench.number(people).await, 0);
    }
}
