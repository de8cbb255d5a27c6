//! `/console/{campaign}/design`: how the programme's public pages look, and its logo.

use axum::response::Response;
use http::StatusCode;
use shared::{
    campaign::Status,
    look::{Colour, Look, Scheme},
    team::Right,
};

use super::desk::Desk;
use crate::{
    engine::look as engine,
    error::Error,
    pages::console::{
        design::{self as page, Page},
        frame::Tab,
        setup,
    },
    routes::{ask::Ask, body::unread, html, member::Member, query::Query},
    sql::to_json,
    store::looks,
};

/// A look as it was typed, and which of its fields is wrong.
struct Typed {
    texts: [String; 3],
    look: Look,
    wrong: [bool; 3],
}

impl Typed {
    /// Reads a form; what is wrong counts as ours, so that a preview goes on.
    fn of(form: &Query) -> Self {
        let texts = ["primary", "accent", "scheme"]
            .map(|it| form.given(it).unwrap_or_default().trim().to_owned());
        let [primary, accent] = [0, 1].map(|at: usize| Colour::parse(&texts[at]).ok());
        let scheme = match texts[2].as_str() {
            "AUTO" => Some(Scheme::Auto),
            "LIGHT" => Some(Scheme::Light),
            "DARK" => Some(Scheme::Dark),
            _ => None,
        };
        let ours = Look::default();
        let wrong = [primary.is_none(), accent.is_none(), scheme.is_none()];
        let look = Look {
            primary: primary.unwrap_or(ours.primary),
            accent: accent.unwrap_or(ours.accent),
            scheme: scheme.unwrap_or_default(),
        };
        Self { texts, look, wrong }
    }

    fn from(look: Look) -> Self {
        let scheme = match look.scheme {
            Scheme::Auto => "AUTO",
            Scheme::Light => "LIGHT",
            Scheme::Dark => "DARK",
        };
        let texts = [look.primary.hex(), look.accent.hex(), scheme.into()];
        Self { texts, look, wrong: [false; 3] }
    }
}

/// The page.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let look = looks::of(&ask.app.db, &desk.campaign()?.id).await?;
    shown(&ask, &desk, look, &Typed::from(look), None, StatusCode::OK)
}

/// What stands in the form at this moment, for the script. It keeps nothing.
pub async fn preview(ask: Ask, _: Member) -> Result<Response, Error> {
    let typed = Typed::of(&ask.query);
    let markup = setup::design(ask.query.lang("lang"), typed.look);
    Ok(html::page(StatusCode::OK, "", &markup))
}

/// Changes the look.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (id, form) = (&desk.campaign()?.id, ask.form()?);
    if let Some(act @ ("logo" | "no-logo")) = form.get("act") {
        return change_logo(&ask, &desk, id, act == "logo").await;
    }
    let from = form.get("from").and_then(|it| serde_json::from_str::<Look>(it).ok());
    let from = from.ok_or_else(|| unread("from is none of this page"))?;
    let typed = Typed::of(&form);
    if typed.wrong.contains(&true) {
        return shown(&ask, &desk, from, &typed, None, StatusCode::BAD_REQUEST);
    }
    if form.get("act") == Some("look") {
        return shown(&ask, &desk, from, &typed, None, StatusCode::OK);
    }
    let there = format!("/console/{id}/design");
    if looks::of(&ask.app.db, id).await? == typed.look {
        return Ok(html::see(&format!("{there}?said=same")));
    }
    match engine::change(&ask.app, &ask.call, id, from, typed.look).await {
        Ok(()) => Ok(html::see(&format!("{there}?said=saved"))),
        Err(Error::Conflict(_)) => {
            let now = looks::of(&ask.app.db, id).await?;
            shown(&ask, &desk, now, &typed, None, StatusCode::CONFLICT)
        }
        Err(error) => Err(error),
    }
}

/// Takes a file as the logo, or leaves the pages without one.
async fn change_logo(ask: &Ask, desk: &Desk, id: &str, takes: bool) -> Result<Response, Error> {
    let wrong = match ask.file().filter(|_| takes) {
        Some(file) => engine::take_logo(&ask.app, &ask.call, id, file).await?.err().map(Some),
        None if takes => Some(None),
        None => {
            engine::remove_logo(&ask.app, &ask.call, id).await?;
            None
        }
    };
    let Some(wrong) = wrong else {
        return Ok(html::see(&format!("/console/{id}/design?said=saved")));
    };
    let look = looks::of(&ask.app.db, id).await?;
    let flaw = page::logo_flaw(desk.lang, wrong);
    shown(ask, desk, look, &Typed::from(look), Some(flaw), StatusCode::BAD_REQUEST)
}

fn shown(
    ask: &Ask,
    desk: &Desk,
    from: Look,
    typed: &Typed,
    logo_flaw: Option<&str>,
    status: StatusCode,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let [primary, accent, scheme] = &typed.texts;
    let markup = page::page(&Page {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        service: &ask.app.settings.public_url,
        campaign: &campaign.id,
        is_public: campaign.status != Status::Draft,
        logo: campaign.company_logo_image_url.as_deref(),
        logo_flaw,
        from: &to_json(&from),
        look: typed.look,
        may_edit: desk.member.role.may(Right::Edit),
        typed: [primary, accent, scheme],
        wrong: typed.wrong,
        met: status == StatusCode::CONFLICT,
        said: ask.query.get("said"),
    });
    Ok(desk.page_with(status, Tab::Design, page::title(desk.lang), &markup))
}

#[cfg(test)]
mod tests;
