//! `POST /_p/consent`: the visitor agreed or refused; with consent, the token is exchanged for what
//! the browser keeps.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::attribution::{Choice, may_keep};

use super::{page, read, trial::note};
use crate::{
    click::cookies::{self, Jar},
    error::Error,
    routes::ask::Ask,
    store::installation_tests::Seen,
};

/// What the visitor said.
#[derive(Deserialize)]
pub struct Said {
    consent: Word,
    /// The friend claimed the offer: an express request.
    #[serde(default)]
    claim: bool,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Word {
    Denied,
    Granted,
    NotRequired,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    consent: &'static str,
    first_party: bool,
    touch: Option<String>,
    cookie_name: String,
    max_age: i64,
}

/// Sets or forgets cookies on the site's own host; elsewhere answers what the page may keep.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (common, said) = read::<Said>(&ask)?;
    let page = page(&ask, &common).await?;
    let terms = &page.terms;
    let campaign = &terms.campaign;
    let jar = page.jar(app);
    let before = jar.map_or(Choice::Unknown, |it| it.choice(campaign, page.cookie()));
    let choice = match said.consent {
        Word::Denied => Choice::Denied,
        // A global refusal ends with an express claim only, not with a banner's click.
        Word::Granted if page.refused_globally && !said.claim => before,
        Word::Granted => Choice::Granted,
        Word::NotRequired => before,
    };
    let keeps = may_keep(campaign.installation.consent, choice, page.refused_globally);
    let brought = page.brought(app, call, &common);
    let kept = brought.to_keep().filter(|_| keeps);

    let mut set = Vec::new();
    if let Some(jar) = jar {
        match choice {
            Choice::Granted => set.push(jar.set_choice(campaign, true)),
            Choice::Denied => set.extend([jar.set_choice(campaign, false), jar.forget(campaign)]),
            Choice::Unknown => {}
        }
        set.extend(kept.as_ref().map(|it| jar.set(terms, it, call.now)));
    }
    let touch = kept.filter(|_| jar.is_none()).map(|it| cookies::written(terms, &it, call.now));
    let answer = Answer {
        consent: match (choice, said.consent) {
            (Choice::Granted, _) => "GRANTED",
            (Choice::Denied, _) => "DENIED",
            (Choice::Unknown, Word::NotRequired) if keeps => "NOT_REQUIRED",
            (Choice::Unknown, _) => "REQUIRED",
        },
        first_party: jar.is_some(),
        touch,
        cookie_name: jar.map_or_else(|| cookies::page_name(campaign), |it| Jar::name(it, campaign)),
        max_age: campaign.window().0 / 1_000,
    };
    if let Some(mark) = brought.trial() {
        let seen = Seen { clicked: true, consent: Some(answer.consent), ..Seen::default() };
        note(app, call, &campaign.id, &mark, &seen).await?;
    }
    Ok(page.answer(StatusCode::OK, &answer, &set))
}
