//! `/_p/sign-in`, `/_p/session`, `/_p/me`, `/_p/sign-out`: a participant signs in on their site. The
//! session is a bearer token that the page keeps: no cookie, so nothing is sent that it did not mean.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use shared::{
    api::{ParticipantReward, Referrer},
    code::Code,
    email::Email,
    time::Timestamp,
};

use super::{Common, NOTED, Page, admit, page, read};
use crate::{
    app::App,
    click::cache::Terms,
    engine::{
        entry::hash,
        guest::{self, Proof},
    },
    error::{Error, Problem},
    routes::{ask::Ask, rest::shown},
    store::sessions::{self, Guest},
};

/// Who asks for a link.
#[derive(Deserialize)]
struct Asked {
    email: String,
}

/// Sends a link to a participant's address. The answer is the same whoever the address belongs to.
pub async fn sign_in(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (common, asked) = read::<Asked>(&ask)?;
    let page = page(&ask, &common).await?;
    let email = Email::parse(&asked.email).map_err(|error| {
        Error::Invalid(vec![Problem::new("body", "email", None, error.to_string())])
    })?;
    guest::ask_link(app, call, &page.terms.campaign, &email, None).await?;
    Ok(page.answer(StatusCode::ACCEPTED, &NOTED, &[]))
}

/// What a site says of its customer: `email` and `hash`, or `token`, a JWT. The bodies of all
/// endpoints hold a click's `token` under that name, so the JWT is called `jwt`. Or what a link in an
/// e-mail brought to the site's page: `link`.
#[derive(Deserialize)]
struct Vouching {
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    hash: Option<String>,
    #[serde(default)]
    jwt: Option<String>,
    #[serde(default)]
    link: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    token: String,
    expires_at: Timestamp,
    participant: Mine,
}

/// Opens a session for somebody whom the site vouches for.
pub async fn session(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (common, said) = read::<Vouching>(&ask)?;
    let page = page(&ask, &common).await?;
    admit(app, call).await?;
    let proof = match (said.jwt, said.email, said.hash, said.link) {
        (Some(jwt), None, None, None) => Proof::Token(jwt),
        (None, Some(email), Some(hash), None) => Proof::Hash { email, hash },
        (None, None, None, Some(link)) => Proof::Link(link),
        _ => {
            let problem = "comes alone, or email comes with hash";
            return Err(Error::Invalid(vec![Problem::new("body", "jwt", None, problem)]));
        }
    };
    let opened = match guest::vouch(app, call, &page.terms.campaign, &proof).await {
        Err(error @ (Error::Unauthenticated | Error::Missing)) => return Ok(page.tell(error)),
        opened => opened?,
    };
    let participant = mine(app, &ask, &page.terms, &opened.guest.id).await?;
    let body = Opened { token: opened.session, expires_at: opened.until, participant };
    Ok(page.answer(StatusCode::OK, &body, &[]))
}

/// What somebody sees of themselves.
pub async fn me(ask: Ask) -> Result<Response, Error> {
    let (page, guest) = match bearer(&ask).await? {
        Ok(found) => found,
        Err(refused) => return Ok(refused),
    };
    let mine = mine(&ask.app, &ask, &page.terms, &guest.id).await?;
    Ok(page.answer(StatusCode::OK, &mine, &[]))
}

/// Ends the session that asks for it.
pub async fn sign_out(ask: Ask) -> Result<Response, Error> {
    let page = named(&ask).await?;
    ask.app.db.batch(vec![sessions::end(&hash(token(&ask.headers)))]).await?;
    Ok(page.answer(StatusCode::ACCEPTED, &NOTED, &[]))
}

/// Tells a browser that the pages of a campaign may ask with a token of theirs.
pub async fn preflight(ask: Ask) -> Result<Response, Error> {
    let page = named(&ask).await?;
    let mut response = page.let_read(StatusCode::NO_CONTENT.into_response(), &[]);
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, if-none-match"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        // Chrome believes it for two hours at most.
        (header::ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    for (name, value) in allowed {
        let name: HeaderName = name;
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A page of the campaign that the path or the query names.
pub(in crate::routes) async fn named(ask: &Ask) -> Result<Page, Error> {
    let campaign = ask.at("campaign").or_else(|| ask.query.get("campaign"));
    let campaign = campaign.unwrap_or_default().into();
    page(ask, &Common { campaign, ..Common::default() }).await
}

/// The page and the participant whose session its token opens, or the refusal.
async fn bearer(ask: &Ask) -> Result<Result<(Page, Guest), Response>, Error> {
    let page = named(ask).await?;
    let session = hash(token(&ask.headers));
    let guest = sessions::participant(&ask.app.db, &session, ask.call.now).await?;
    match guest.filter(|it| it.campaign == page.terms.campaign.id) {
        Some(guest) => Ok(Ok((page, guest))),
        None => Ok(Err(page.tell(Error::Unauthenticated))),
    }
}

/// The bearer's token; empty, which opens nothing, if there is none.
pub(in crate::routes) fn token(headers: &HeaderMap) -> &str {
    let value = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
    let value = value.and_then(|it| it.split_once(' '));
    value.filter(|it| it.0.eq_ignore_ascii_case("Bearer")).map_or("", |it| it.1.trim())
}

/// What a participant sees of themselves: nothing of their referrer, of the guards, or of the
/// owner's own fields.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mine {
    id: Code,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    share_url: Option<String>,
    vanity_keys: Vec<Code>,
    rank: i32,
    monthly_rank: i32,
    referral_count: u32,
    monthly_referral_count: u32,
    lead_count: u32,
    impression_count: u64,
    unique_impression_count: u64,
    created_at: Timestamp,
    language: Option<String>,
    rewards: Vec<ParticipantReward>,
}

/// What a participant of a campaign sees of themselves.
pub async fn mine(app: &App, ask: &Ask, terms: &Terms, id: &str) -> Result<Mine, Error> {
    let found = shown::participants(app, terms, &[id], ask.call.now).await?;
    let found = found.into_iter().next().ok_or(Error::Missing)?;
    let Referrer {
        id,
        email,
        first_name,
        last_name,
        share_url,
        vanity_keys,
        rank,
        monthly_rank,
        referral_count,
        monthly_referral_count,
        lead_count,
        impression_count,
        unique_impression_count,
        created_at,
        language,
        ..
    } = found.core;
    Ok(Mine {
        id,
        email,
        first_name,
        last_name,
        share_url,
        vanity_keys,
        rank,
        monthly_rank,
        referral_count,
        monthly_referral_count,
        lead_count,
        impression_count,
        unique_impression_count,
        created_at,
        language,
        rewards: found.rewards,
    })
}

#[cfg(test)]
#[path = "guest/tests.rs"]
mod tests;
