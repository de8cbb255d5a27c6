//! From code to link and campaign: cache of the process, cache of the host, database.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use shared::{
    around,
    campaign::Campaign,
    card::{self, Interest},
    code::Code,
    secret::MacKey,
    time::Timestamp,
};

use super::cache::Terms;
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::{DbError, read, to_json},
    store::{
        campaigns::{self, Neighbour},
        links,
        links::Link,
        rules, salts,
    },
};

/// The longest id of a campaign.
const ID_LONGEST: usize = 20;

/// A campaign's record as it lies in the host's cache.
#[derive(Deserialize, Serialize)]
struct Record {
    campaign: Campaign,
    offer: Option<String>,
    /// What people have by sharing their links.
    #[serde(default)]
    interests: Vec<Interest>,
    /// The coupon that friends have before they buy.
    #[serde(default)]
    coupon: Option<String>,
}

/// The link that a code names, with its campaign's terms.
pub async fn resolve(
    app: &App,
    call: &Call,
    code: &Code,
) -> Result<Option<(Arc<Link>, Arc<Terms>)>, Error> {
    let Some(link) = link(app, call, code).await? else { return Ok(None) };
    let Some(terms) = terms(app, call, &link.campaign).await? else { return Ok(None) };
    Ok(Some((link, terms)))
}

async fn link(app: &App, call: &Call, code: &Code) -> Result<Option<Arc<Link>>, Error> {
    if let Some(known) = app.cache.links.read(code.as_str(), call.now) {
        return Ok(known);
    }
    let key = format!("code:{code}");
    let kept = app.store.read(&key).await.and_then(|it| read::<Link>(&it).ok());
    let found = if let Some(link) = kept {
        Some(link)
    } else {
        let network = hearable(app, call)?;
        let found = links::find(&app.db, code).await?;
        if let Some(link) = &found {
            app.store.keep(&key, &to_json(link)).await;
        } else {
            missed(app, call, &network).await;
        }
        found
    };
    let found = found.map(Arc::new);
    app.cache.links.keep(code.as_str(), found.clone(), call.now);
    Ok(found)
}

/// The terms of a campaign that a browser names: what is no id is never looked up, and who names
/// too many unknown ones is heard no more.
pub async fn campaign(app: &App, call: &Call, id: &str) -> Result<Option<Arc<Terms>>, Error> {
    let id_like = (1..=ID_LONGEST).contains(&id.len())
        && id.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
    if !id_like {
        return Ok(None);
    }
    if let Some(known) = app.cache.terms.read(id, call.now) {
        return Ok(known);
    }
    let network = hearable(app, call)?;
    let found = terms(app, call, id).await?;
    if found.is_none() {
        missed(app, call, &network).await;
    }
    Ok(found)
}

/// The caller's network, unless it has tried too much that does not exist.
fn hearable(app: &App, call: &Call) -> Result<String, Error> {
    let network = BASE64.encode(call.network.0);
    match app.cache.guessers.read(&network, call.now) {
        Some(_) => Err(Error::TooMany),
        None => Ok(network),
    }
}

/// Counts a miss. What is known here still works for everybody behind that address.
async fn missed(app: &App, call: &Call, network: &str) {
    if !app.misses.admits(network, call.now).await {
        app.cache.guessers.keep(network, Some(()), call.now);
    }
}

/// The terms of a campaign.
pub async fn terms(app: &App, call: &Call, id: &str) -> Result<Option<Arc<Terms>>, Error> {
    if let Some(known) = app.cache.terms.read(id, call.now) {
        return Ok(known);
    }
    let key = format!("campaign:{id}");
    let kept = app.store.read(&key).await.and_then(|it| read::<Record>(&it).ok());
    let found = match kept {
        Some(record) => Some(record),
        None => {
            let found = record(app, id, call.now).await?;
            if let Some(record) = &found {
                app.store.keep(&key, &to_json(record)).await;
            }
            found
        }
    };
    let found = found.map(|it| {
        let generation = it.campaign.signing_generation(call.now);
        let disclosure = card::disclosure(&it.campaign, &it.interests, call.now);
        let terms = Terms::new(&app.settings.secret, it.campaign, it.offer, generation);
        Arc::new(Terms { disclosure, coupon: it.coupon, ..terms })
    });
    app.cache.terms.keep(id, found.clone(), call.now);
    Ok(found)
}

async fn record(app: &App, id: &str, now: Timestamp) -> Result<Option<Record>, Error> {
    let Some(stored) = campaigns::find(&app.db, id).await? else { return Ok(None) };
    let rules = rules::of_campaign(&app.db, id).await?;
    let offer = rules
        .iter()
        .filter(|it| it.is_visible)
        .find_map(|it| it.texts.referral_description.clone());
    let campaign: Campaign = stored.into();
    let interests = card::interests(&campaign, &rules);
    let coupon = around::coupon(&rules, now).map(Into::into);
    Ok(Some(Record { campaign, offer, interests, coupon }))
}

/// The campaign whose site has this host: where a lost visitor may have wanted to go. Who brings too
/// many hosts that are nobody's is told of those only that are known here.
pub async fn neighbour(
    app: &App,
    call: &Call,
    host: &str,
) -> Result<Option<Arc<Neighbour>>, Error> {
    // Longer than any name: nobody's host.
    if 253 < host.len() {
        return Ok(None);
    }
    if let Some(known) = app.cache.neighbours.read(host, call.now) {
        return Ok(known);
    }
    // Counted apart from codes: who misses a code most often misses its host with it.
    let network = format!("{}@", BASE64.encode(call.network.0));
    if app.cache.guessers.read(&network, call.now).is_some() {
        return Ok(None);
    }
    let found = campaigns::by_host(&app.db, host).await?.map(Arc::new);
    if found.is_none() {
        missed(app, call, &network).await;
    }
    app.cache.neighbours.keep(host, found.clone(), call.now);
    Ok(found)
}

/// Makes a change of a campaign visible here at once, and elsewhere as caches end.
pub async fn changed(app: &App, call: &Call, id: &str) -> Result<(), Error> {
    app.cache.terms.forget(id);
    if let Some(record) = record(app, id, call.now).await? {
        app.store.keep(&format!("campaign:{id}"), &to_json(&record)).await;
    }
    Ok(())
}

/// The day's key of the visitor hash, made by whoever comes first.
pub async fn salt(app: &App, call: &Call) -> Result<MacKey, DbError> {
    let day = call.now.day();
    if let Some(salt) = app.cache.salt(day) {
        return Ok(salt);
    }
    let stored = match salts::find(&app.db, day).await? {
        Some(stored) => stored,
        None => {
            let fresh = BASE64.encode(call.draw());
            app.db.batch(vec![salts::insert(day, &fresh)]).await?;
            salts::find(&app.db, day).await?.unwrap_or(fresh)
        }
    };
    let salt = MacKey::new(&BASE64.decode(stored).unwrap_or_default());
    app.cache.keep_salt(day, salt.clone());
    Ok(salt)
}
