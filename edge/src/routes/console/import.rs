//! `/console/{campaign}/import`: a file of people or customers, from its upload to its end.

use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::import::{Choices, Field, What, check, guess};

use super::{desk::Desk, export};
use crate::{
    engine::import::{self as engine, Trouble},
    error::Error,
    json,
    pages::console::{
        frame::Tab,
        import::{self as page, Listing, Shown},
        import_words,
        parts::Clock,
    },
    platform::IMPORT,
    routes::{ask::Ask, html, member::Member, query::Query},
    store::{
        audit, import_rows,
        imports::{self, Import, State},
    },
};

/// How many imports the list shows, rows the mapping, and mistakes the page.
const LISTED: u32 = 20;
const SAMPLES: u32 = 3;
const FLAWS: u32 = 100;

/// The imports so far, and the form that begins one.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    listed(&ask, &desk, None).await
}

async fn listed(ask: &Ask, desk: &Desk, wrong: Option<&str>) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let listing = Listing {
        clock: Clock { lang: desk.lang, zone: campaign.options.time_zone },
        campaign: &campaign.id,
        csrf: &desk.member.csrf,
        imports: &imports::of_campaign(&ask.app.db, &campaign.id, LISTED).await?,
        wrong,
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let title = import_words::words(desk.lang).title;
    Ok(desk.page_with(status, Tab::Participants, title, &page::list(&listing)))
}

/// Begins an import: with the whole file, or for pieces that follow.
pub async fn begin(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?.id.as_str();
    let form = ask.form()?;
    let words = import_words::words(desk.lang);
    let what = match form.get("what") {
        Some("participants") => What::Participants,
        Some("customers") => What::Customers,
        _ => return listed(&ask, &desk, Some(words.what_wrong)).await,
    };
    let (app, call) = (&ask.app, &ask.call);
    if form.get("pieces").is_some() {
        let id = engine::begin(app, call, campaign, what).await?;
        return Ok(json::answer(&json!({ "id": id })));
    }
    let Some(file) = ask.file() else {
        return listed(&ask, &desk, Some(words.file_wrong)).await;
    };
    let id = engine::begin(app, call, campaign, what).await?;
    let begun = imports::find(&app.db, campaign, &id).await?.ok_or(Error::Missing)?;
    match engine::take(app, call, &begun, 0, file, true).await? {
        Ok(_) => Ok(there(campaign, &id, "")),
        Err(trouble) => listed(&ask, &desk, Some(&import_words::trouble(desk.lang, trouble))).await,
    }
}

fn there(campaign: &str, id: &str, end: &str) -> Response {
    html::see(&format!("/console/{campaign}/import/{id}{end}"))
}

/// The import that the path names.
async fn named(ask: &Ask, desk: &Desk) -> Result<Import, Error> {
    let id = ask.at("import").unwrap_or_default();
    imports::find(&ask.app.db, &desk.campaign()?.id, id).await?.ok_or(Error::Missing)
}

/// Takes a piece of the file.
pub async fn piece(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let it = named(&ask, &desk).await?;
    let from = ask.query.get("from").and_then(|it| it.parse().ok());
    let from = from.ok_or_else(|| Error::query("from", "", "must be a number of bytes"))?;
    let is_last = ask.query.flag("last", false)?;
    let taken = engine::take(&ask.app, &ask.call, &it, from, &ask.body, is_last).await?;
    Ok(match taken {
        Ok(next) => json::answer(&json!({ "from": next })),
        Err(trouble) => refused(desk.lang, trouble),
    })
}

/// A file that is no good, for the page's script to show.
fn refused(lang: shared::lang::Lang, trouble: Trouble) -> Response {
    let mut response = json::answer(&json!({ "wrong": import_words::trouble(lang, trouble) }));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// Where an import stands.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let it = named(&ask, &desk).await?;
    shown(&ask, &desk, &it, None).await
}

async fn shown(
    ask: &Ask,
    desk: &Desk,
    it: &Import,
    wrong: Option<(&Choices, Option<usize>)>,
) -> Result<Response, Error> {
    let db = &ask.app.db;
    let samples = if matches!(it.state, State::Uploaded | State::Checked) {
        import_rows::after(db, &it.id, 0, SAMPLES).await?
    } else {
        Vec::new()
    };
    let samples: Vec<Vec<String>> = samples.into_iter().map(|it| it.cells).collect();
    let choices = match wrong {
        Some((choices, _)) => choices.clone(),
        None => it.chosen().unwrap_or_else(|| Choices {
            fields: guess(it.what, &it.heads, &samples),
            month_first: false,
            ..Choices::default()
        }),
    };
    let shows = matches!(it.state, State::Checked) || it.state.is_over();
    let flaws = if shows { import_rows::flaws(db, &it.id, 0, FLAWS).await? } else { Vec::new() };
    let campaign = desk.campaign()?;
    let shown = Shown {
        clock: Clock { lang: desk.lang, zone: campaign.options.time_zone },
        csrf: &desk.member.csrf,
        import: it,
        samples: &samples,
        choices: &choices,
        flaws: &flaws,
        wrong: wrong.map(|it| it.1),
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let title = import_words::words(desk.lang).title;
    Ok(desk.page_with(status, Tab::Participants, title, &page::show(&shown)))
}

/// Says what the columns mean, imports, goes on, or ends it.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let it = named(&ask, &desk).await?;
    let form = ask.form()?;
    let (app, call) = (&ask.app, &ask.call);
    match form.get("act") {
        Some("check") => {
            let choices = chosen(&it, &form);
            if let Err(place) = check(&choices.fields) {
                return shown(&ask, &desk, &it, Some((&choices, place))).await;
            }
            // Sent twice, it looks again; once it runs, it does not.
            engine::check(app, call, &it, &choices).await?;
        }
        Some("start") => drop(engine::start(app, call, &it).await?),
        Some("cancel") => drop(engine::cancel(app, call, &it).await?),
        Some("step") => {
            engine::go_on(app, call, &it, IMPORT).await?;
            if form.get("script").is_some() {
                let now = named(&ask, &desk).await?;
                return Ok(json::answer(&json!({
                    "state": now.state,
                    "done": page::done(&now),
                    "total": page::total(&now),
                    "text": page::progress_text(desk.lang, &now),
                })));
            }
        }
        _ => return Err(Error::field("act", None, "is none of this page")),
    }
    Ok(there(&it.campaign, &it.id, ""))
}

/// What a form says of the columns.
fn chosen(it: &Import, form: &Query) -> Choices {
    let field = |place: usize| {
        let name = form.get(&format!("column{place}")).unwrap_or_default();
        Field::ALL.into_iter().find(|it| it.name() == name).unwrap_or_default()
    };
    Choices {
        fields: (0..it.heads.len()).map(field).collect(),
        month_first: form.get("dates") == Some("month"),
        update: form.get("known") == Some("update"),
        welcome: form.get("welcome").is_some(),
    }
}

/// The rows that cannot be imported, as a file: with what they say, as long as that is kept.
pub async fn bad(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let it = named(&ask, &desk).await?;
    let db = &ask.app.db;
    let after = json!({ "list": "import", "import": it.id });
    let act = "LIST_EXPORTED";
    let noted = audit::insert(&ask.call, act, Some(&it.campaign), &it.campaign, &json!({}), &after);
    db.batch(vec![noted]).await?;
    Ok(export::mistakes(&ask, it, desk.lang))
}
