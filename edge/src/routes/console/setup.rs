//! The guided set-up: its steps, its preview, its end.

use axum::response::Response;
use http::StatusCode;
use shared::{
    id,
    setup::{self, Answers, Flaw, Step},
    written::{machine, minute},
};

use super::desk::Desk;
use crate::{
    engine,
    error::Error,
    pages::console::{
        frame::Tab,
        setup::{self as page, Asked, preview},
    },
    routes::{ask::Ask, html, member::Member, query::Query},
    store::setups,
};

/// The first step of a new programme, and those that were begun.
pub async fn begin(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let fresh = id::short(ask.call.draw(), 12);
    let answers = Answers { lang: desk.lang, ..Answers::default() };
    let it = Shown { id: &fresh, begun: false, step: Step::Goal, answers: &answers, flaws: &[] };
    shown(&ask, &desk, &it).await
}

/// Where a set-up goes on: the first step whose answers are wanting.
pub async fn take_up(ask: Ask, _: Member) -> Result<Response, Error> {
    let it = found(&ask).await?;
    if let Some(made) = &it.campaign {
        return Ok(installed(made, ""));
    }
    let (_, flaws) = setup::read(&it.answers(), "", "", ask.call.now);
    let first = Step::ALL.into_iter().find(|step| {
        let answered = |field: &&str| it.answers().typed.contains_key(*field);
        let wanting = flaws.iter().any(|flaw| flaw.step() == *step);
        wanting || !step.fields().iter().any(answered) && *step != Step::Check
    });
    Ok(to(&it.id, first.unwrap_or(Step::Check)))
}

/// A step.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (it, step) = (found(&ask).await?, step(&ask)?);
    if let Some(made) = &it.campaign {
        return Ok(installed(made, ""));
    }
    let answers = it.answers();
    if answers.goal().is_none() && step != Step::Goal {
        return Ok(to(&it.id, Step::Goal));
    }
    let it = Shown { id: &it.id, begun: true, step, answers: &answers, flaws: &[] };
    shown(&ask, &desk, &it).await
}

/// Takes the first step's form, which begins the set-up.
pub async fn start(ask: Ask, member: Member) -> Result<Response, Error> {
    let form = ask.form()?;
    let asked = form.get("setup").unwrap_or_default().to_owned();
    let sound = asked.len() == 12 && asked.bytes().all(|it| it.is_ascii_alphanumeric());
    if !sound {
        return Err(Error::field("setup", None, "is none of this page"));
    }
    taken(ask, member, &asked, Step::Goal, &form).await
}

/// Takes a step's form.
pub async fn take(ask: Ask, member: Member) -> Result<Response, Error> {
    let (it, step, form) = (found(&ask).await?, step(&ask)?, ask.form()?);
    taken(ask, member, &it.id, step, &form).await
}

async fn taken(
    ask: Ask,
    member: Member,
    asked: &str,
    step: Step,
    form: &Query,
) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let first = Answers { lang: desk.lang, ..Answers::default() };
    let chosen = (step, |field: &str| form.given(field));
    if step == Step::Goal {
        // Nothing is begun without a goal.
        let mut next = first.clone();
        next.take(step, |field| form.given(field));
        if next.goal().is_none() {
            let kept = setups::find(&ask.app.db, asked).await?;
            let answers = kept.as_ref().map_or(next, setups::Setup::answers);
            let flaws = [Flaw { field: "goal", problem: setup::Problem::Choice }];
            let it =
                Shown { id: asked, begun: kept.is_some(), step, answers: &answers, flaws: &flaws };
            return shown(&ask, &desk, &it).await;
        }
    }
    let member = &desk.member.id;
    let it = engine::setup::keep(&ask.app, &ask.call, member, asked, first, chosen).await?;
    if let Some(made) = &it.campaign {
        return Ok(installed(made, ""));
    }
    let answers = it.answers();
    match form.get("go") {
        Some("back") => return Ok(to(&it.id, step.previous())),
        Some("look") => return Ok(to(&it.id, step)),
        Some("make") if step == Step::Check => {
            let flaws = match engine::setup::make(&ask.app, &ask.call, &it.id).await? {
                Ok(made) => return Ok(installed(&made, "?done=made")),
                Err(flaws) => flaws,
            };
            let it = Shown { id: &it.id, begun: true, step, answers: &answers, flaws: &flaws };
            return shown(&ask, &desk, &it).await;
        }
        _ => {}
    }
    let (_, mut flaws) = setup::read(&answers, "", "", ask.call.now);
    flaws.retain(|it| it.step() == step);
    if flaws.is_empty() {
        return Ok(to(&it.id, step.next()));
    }
    let it = Shown { id: &it.id, begun: true, step, answers: &answers, flaws: &flaws };
    shown(&ask, &desk, &it).await
}

/// What people will read, with what stands in the form at this moment: for the script. It keeps nothing.
pub async fn look(ask: Ask, _: Member) -> Result<Response, Error> {
    let step = ask.query.get("step").and_then(Step::from_path).ok_or(Error::Missing)?;
    let mut answers = found(&ask).await?.answers();
    answers.take(step, |field| ask.query.given(field));
    let (plan, _) = setup::read(&answers, "preview", "crew_preview", ask.call.now);
    let markup = preview(ask.query.lang("lang"), step, &plan, ask.call.now);
    Ok(html::page(StatusCode::OK, "", &markup))
}

/// Throws a set-up away.
pub async fn discard(ask: Ask, _: Member) -> Result<Response, Error> {
    let it = found(&ask).await?;
    ask.app.db.batch(vec![setups::remove(&it.id)]).await?;
    Ok(html::see("/console/new?done=thrown-away"))
}

/// A step as it is shown.
struct Shown<'a> {
    id: &'a str,
    begun: bool,
    step: Step,
    answers: &'a Answers,
    flaws: &'a [Flaw],
}

async fn shown(ask: &Ask, desk: &Desk, it: &Shown<'_>) -> Result<Response, Error> {
    let now = ask.call.now;
    let mut open = Vec::new();
    if it.step == Step::Goal {
        for other in setups::open(&ask.app.db).await? {
            if other.id == it.id {
                continue;
            }
            let answers = other.answers();
            let name = [answers.get("company"), answers.get("name")]
                .into_iter()
                .find(|it| !it.is_empty())
                .unwrap_or(&other.id)
                .to_owned();
            let at = other.changed_at;
            let when =
                maud::html! { time datetime=(machine(at)) { (minute(desk.lang, at)) " (UTC)" } };
            open.push((other.id, name, when));
        }
    }
    let (plan, _) = setup::read(it.answers, "preview", "crew_preview", now);
    let main = page::page(&Asked {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        id: it.id,
        begun: it.begun,
        step: it.step,
        answers: it.answers,
        flaws: it.flaws,
        preview: preview(desk.lang, it.step, &plan, now),
        lacks_code: plan.lacks_code(),
        open: &open,
        told: ask.query.get("done"),
    });
    let status = if it.flaws.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok(desk.page_with(status, Tab::New, page::title(desk.lang), &main))
}

async fn found(ask: &Ask) -> Result<setups::Setup, Error> {
    let id = ask.at("setup").unwrap_or_default();
    setups::find(&ask.app.db, id).await?.ok_or(Error::Missing)
}

fn step(ask: &Ask) -> Result<Step, Error> {
    ask.at("step").and_then(Step::from_path).ok_or(Error::Missing)
}

fn to(setup: &str, step: Step) -> Response {
    html::see(&format!("/console/new/{setup}/{}", step.path()))
}

fn installed(campaign: &str, query: &str) -> Response {
    html::see(&format!("/console/{campaign}/install{query}"))
}
