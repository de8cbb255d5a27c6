//! `/console/{campaign}/settings`: every setting of a campaign; what a change affects is shown first.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use shared::{
    api::CampaignUpdate,
    campaign::Campaign,
    card,
    team::Right,
    time::{Span, Timestamp},
};

use super::{desk::Desk, filled::Filled};
use crate::{
    engine::{
        configure,
        settings::{self as engine, Facts},
        terms,
    },
    error::Error,
    pages::console::{
        confirm::{self, Confirm, Met, sentences},
        frame::Tab,
        options::{PARTS, SETTINGS, Say, changed},
        settings::{self as page, Sent, Settings},
    },
    routes::{
        ask::Ask,
        body::{parse, patched},
        html,
        member::Member,
    },
    store::effects,
};

/// The settings.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    shown(&ask, &desk, None).await
}

async fn shown(
    ask: &Ask,
    desk: &Desk,
    sent: Option<(&'static str, &Filled)>,
) -> Result<Response, Error> {
    let (terms, revision) = terms::read(&ask.app, ask.campaign()).await?;
    let campaign = &terms.campaign;
    let is_wrong = sent.is_some_and(|it| !it.1.wrong.is_empty());
    let may_edit = desk.member.role.may(Right::Edit);
    // Whoever may not change lists of addresses reads how long they are.
    let values = if may_edit { whole(campaign) } else { configure::told(&ask.app, campaign) };
    let markup = page::page(&Settings {
        say: say(desk, campaign),
        csrf: &desk.member.csrf,
        campaign: &campaign.id,
        values: &values,
        revision,
        may_edit,
        sent: sent.map(|(part, it)| Sent { part, typed: &it.typed, wrong: &it.wrong }),
        said: ask.query.get("said"),
    });
    let status = if is_wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(desk.page_with(status, Tab::Settings, page::title(desk.lang), &markup))
}

/// Changes a part: first says what that affects, then does it.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let form = ask.form()?;
    let part = PARTS.iter().map(|it| it.name).find(|it| Some(*it) == form.get("part"));
    let part = part.ok_or_else(|| Error::field("part", None, "is missing"))?;
    let revision = form.get("revision").and_then(|it| it.parse::<i64>().ok());
    let revision = revision.ok_or_else(|| Error::field("revision", None, "is missing"))?;
    let (terms, now_at) = terms::read(&ask.app, ask.campaign()).await?;
    let campaign = terms.campaign;
    let list = page::of_part(part);
    let say = say(&desk, &campaign);
    let mut filled = Filled::of(&form, &list, say);
    filled.keep("part", part);
    filled.keep("revision", &revision.to_string());
    if form.get("act") == Some("edit") {
        filled.wrong.clear();
    }
    if form.get("act") == Some("edit") || !filled.wrong.is_empty() {
        return shown(&ask, &desk, Some((part, &filled))).await;
    }
    let facts = engine::facts(&ask.app, &campaign.id, ask.call.now).await?;
    let said = filled.said.clone();
    let asked = match with(&campaign, &said, &facts) {
        Ok(asked) => asked,
        Err(error) => {
            filled.refused(error, &list, desk.lang)?;
            return shown(&ask, &desk, Some((part, &filled))).await;
        }
    };
    let done =
        |said: &str| html::see(&format!("/console/{}/settings?said={said}#{part}", campaign.id));
    if asked == campaign {
        return Ok(done("same"));
    }
    if now_at != revision {
        return Ok(met(&desk, &campaign, &asked, now_at, filled));
    }
    if form.get("sure").is_none() {
        return confirm(&ask, &desk, &campaign, &asked, &facts, &filled).await;
    }
    let made = configure::change_from(&ask.app, &ask.call, &campaign.id, Some(revision), |it| {
        with(it, &said, &facts)
    });
    match made.await {
        Ok(_) => Ok(done("saved")),
        Err(Error::Conflict(_)) => {
            let (terms, now_at) = terms::read(&ask.app, ask.campaign()).await?;
            Ok(met(&desk, &terms.campaign, &asked, now_at, filled))
        }
        Err(error) => Err(error),
    }
}

/// The campaign that a form asks for.
fn with(campaign: &Campaign, said: &Map<String, Value>, facts: &Facts) -> Result<Campaign, Error> {
    let nothing = Map::new();
    let below = |name: &str| said.get(name).and_then(Value::as_object).unwrap_or(&nothing);
    let mut own = said.clone();
    own.retain(|name, _| name != "options" && name != "installation");
    // What stands is not asked for once more.
    if own.get("status") == Some(&json!(campaign.status)) {
        own.remove("status");
    }
    if own.get("name").is_some_and(Value::is_null) {
        return Err(Error::field("name", None, "is required"));
    }
    let asked: CampaignUpdate = parse(&Value::Object(own.clone()))?;
    let installation = patched(&campaign.installation, below("installation"))?;
    let changed = engine::with_installation(campaign, installation, facts)?;
    let options = patched(&changed.options, below("options"))?;
    let changed = engine::with_options(&changed, options, facts)?;
    let mut changed = engine::updated(&changed, &asked, &facts.rules, facts.now)?;
    // The wire leaves what is not named; a field that was emptied is empty.
    if own.get("companyName").is_some_and(Value::is_null) {
        changed.company_name = None;
    }
    if own.get("companyLogoImageUrl").is_some_and(Value::is_null) {
        changed.company_logo_image_url = None;
    }
    Ok(changed)
}

/// The page that says what a change affects.
async fn confirm(
    ask: &Ask,
    desk: &Desk,
    old: &Campaign,
    new: &Campaign,
    facts: &Facts,
    filled: &Filled,
) -> Result<Response, Error> {
    let window = new.options.referral_credit_window_days;
    let ends_older = window != old.options.referral_credit_window_days && window.is_some();
    let since = window
        .filter(|_| ends_older)
        .map_or(Timestamp(0), |days| Timestamp(ask.call.now.0 - Span::days(i64::from(days)).0));
    let card_of = |it: &Campaign| sentences(&card::card(it, &facts.rules, facts.now), desk.lang);
    let markup = confirm::page(&Confirm {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        action: &format!("/console/{}/settings", old.id),
        title: page::title(desk.lang),
        changes: &changed(SETTINGS, &whole(old), &whole(new), say(desk, old)),
        more: &[],
        concerned: effects::concerned(&ask.app.db, &old.id, "", since).await?,
        ends_older,
        of_rule: false,
        sentences: (card_of(old), card_of(new)),
        typed: &filled.typed,
    });
    Ok(desk.page(Tab::Settings, page::title(desk.lang), &markup))
}

/// The page of a change that another was first to.
fn met(
    desk: &Desk,
    now: &Campaign,
    asked: &Campaign,
    revision: i64,
    mut filled: Filled,
) -> Response {
    filled.keep("revision", &revision.to_string());
    let action = format!("/console/{}/settings", now.id);
    let markup = confirm::met(&Met {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        action: &action,
        leave: &action,
        differ: &changed(SETTINGS, &whole(now), &whole(asked), say(desk, now)),
        more: &[],
        typed: &filled.typed,
    });
    let title = page::title(desk.lang);
    desk.page_with(StatusCode::CONFLICT, Tab::Settings, title, &markup)
}

/// What values of a campaign are said in.
pub(super) fn say(desk: &Desk, campaign: &Campaign) -> Say {
    let zone = campaign.options.time_zone;
    Say { lang: desk.lang, currency: campaign.currency, zone }
}

/// A campaign as the pages read it: as it is on the wire.
pub(super) fn whole(it: &Campaign) -> Value {
    json!({
        "name": it.name,
        "status": it.status,
        "currencyISO": it.currency,
        "companyName": it.company_name,
        "companyLogoImageUrl": it.company_logo_image_url,
        "installation": it.installation,
        "options": it.options,
    })
}

#[cfg(test)]
pub(super) mod tests;
