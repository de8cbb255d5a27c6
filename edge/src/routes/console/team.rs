//! `/console/team`: members, their roles, invitations.

use axum::response::Response;
use http::StatusCode;
use shared::{
    email::Email,
    team::{Role, Stays},
};

use super::desk::Desk;
use crate::{
    engine::team::{self as engine, Outcome},
    error::Error,
    pages::console::{
        frame::Tab,
        team::{self as page, Row, Said, Team},
    },
    routes::{ask::Ask, html, member::Member, rest::team::named},
    store::{members, team},
};

/// The team.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let said = ask.query.get("said").and_then(Said::of);
    shown(&ask, member, said, None, Role::Viewer).await
}

/// Invites somebody.
pub async fn invite(ask: Ask, member: Member) -> Result<Response, Error> {
    let form = ask.form()?;
    let typed = form.get("email").unwrap_or_default();
    let role = form.get("role").and_then(Role::from_name);
    let chosen = role.unwrap_or(Role::Viewer);
    let Ok(email) = Email::parse(typed) else {
        return shown(&ask, member, None, Some((typed, Said::NoAddress)), chosen).await;
    };
    // A form of ours always names a role.
    let role = role.ok_or_else(|| Error::field("role", None, "is no role"))?;
    match engine::invite(&ask.app, &ask.call, &member.id, &email, role, ask.query.lang("lang"))
        .await?
    {
        Outcome::Done => Ok(to(Said::Invited)),
        outcome => {
            let problem = told(outcome, Said::Invited);
            shown(&ask, member, None, Some((typed, problem)), chosen).await
        }
    }
}

/// Writes again to somebody who was invited.
pub async fn invite_again(ask: Ask, _: Member) -> Result<Response, Error> {
    let outcome =
        engine::invite_again(&ask.app, &ask.call, item(&ask), ask.query.lang("lang")).await?;
    Ok(to(told(outcome, Said::Again)))
}

/// Gives a member another role.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let role = ask.form()?.get("role").and_then(Role::from_name);
    let role = role.ok_or_else(|| Error::field("role", None, "is no role"))?;
    let outcome = engine::change(&ask.app, &ask.call, &member.id, item(&ask), role).await?;
    Ok(to(told(outcome, Said::Changed)))
}

/// Removes a member.
pub async fn remove(ask: Ask, member: Member) -> Result<Response, Error> {
    let outcome = engine::remove(&ask.app, &ask.call, &member.id, item(&ask)).await?;
    Ok(to(told(outcome, Said::Removed)))
}

/// Renames the team.
pub async fn rename(ask: Ask, _: Member) -> Result<Response, Error> {
    let form = ask.form()?;
    let Some(name) = named(form.get("team").unwrap_or_default()) else {
        return Ok(to(Said::NoName));
    };
    engine::rename(&ask.app, &ask.call, name).await?;
    Ok(to(Said::Renamed))
}

fn item(ask: &Ask) -> &str {
    ask.at("member").unwrap_or_default()
}

fn to(said: Said) -> Response {
    html::see(&format!("/console/team?said={}", said.word()))
}

const fn told(outcome: Outcome, done: Said) -> Said {
    match outcome {
        Outcome::Done => done,
        Outcome::Known => Said::Known,
        Outcome::Joined => Said::Joined,
        Outcome::Stale => Said::Stale,
        Outcome::Stays(Stays::Machine) => Said::Machine,
        Outcome::Stays(Stays::LastOwner) => Said::LastOwner,
        Outcome::Full => Said::Full,
        Outcome::TooOften => Said::TooOften,
    }
}

async fn shown(
    ask: &Ask,
    member: Member,
    said: Option<Said>,
    typed: Option<(&str, Said)>,
    chosen: Role,
) -> Result<Response, Error> {
    let desk = Desk::open(ask, member).await?;
    let members = members::all(&ask.app.db).await?.into_iter().map(|it| Row {
        id: it.id,
        email: it.email,
        role: it.role,
        invited: it.created_at,
        joined: it.joined_at,
    });
    let name = team::name(&ask.app.db).await?;
    let team = Team {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        me: &desk.member.id,
        name: &name,
        members: members.collect(),
        said,
        typed,
        chosen,
    };
    let status = if typed.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(desk.page_with(status, Tab::Team, page::title(desk.lang), &page::page(&team)))
}

#[cfg(test)]
mod tests;
