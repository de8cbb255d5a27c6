//! `/console/{campaign}/export/{list}`: lists as files, sent page by page as they are read.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, HttpBody},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderValue, header};
use http_body::Frame;
use serde_json::json;
use shared::{
    campaign::Campaign, card, import::What, lang::Lang, time::Timestamp, written::machine,
};

use super::{desk::Desk, participants, referrals, rewards};
use crate::{
    app::App,
    csv,
    error::Error,
    pages::console::import_words,
    routes::{ask::Ask, member::Member},
    sql::{DbError, LAST, name},
    store::{
        audit, bonds,
        bonds::Bonds,
        browse::{self, List, Place},
        coupons, directory,
        directory::Directory,
        exports, import_rows,
        imports::Import,
        queue,
        queue::Queue,
    },
};

/// How many rows are read at a time.
const ROWS: u32 = 500;

/// What is taken away.
enum Source {
    Participants(Directory),
    Referrals(Bonds),
    Rewards { list: Queue, campaign: Box<Campaign>, lang: Lang },
    Coupons { campaign: String, pool: String },
    Decisions { campaign: String, lang: Lang },
    Mistakes { import: Box<Import>, lang: Lang },
}

/// Where the next part begins.
#[derive(Clone)]
enum From {
    Start,
    Place(Place),
    Text(String),
}

/// A file.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?.id.clone();
    let what = ask.at("list").unwrap_or_default();
    let query = &ask.query;
    let source = match what {
        "participants" => Source::Participants(participants::asked(&campaign, query)),
        "referrals" => {
            let list = referrals::asked(&ask, &campaign, query).await?;
            Source::Referrals(list.ok_or(Error::Missing)?)
        }
        "rewards" => {
            let list = rewards::asked(&ask, &campaign, query).await?;
            let campaign = Box::new(desk.campaign()?.clone());
            Source::Rewards { list: list.ok_or(Error::Missing)?, campaign, lang: desk.lang }
        }
        "coupons" => {
            let pool = query.get("pool").unwrap_or_default();
            let pool = coupons::pool(&ask.app.db, &campaign, pool).await?.ok_or(Error::Missing)?;
            Source::Coupons { campaign: campaign.clone(), pool: pool.name }
        }
        "decisions" => Source::Decisions { campaign: campaign.clone(), lang: desk.lang },
        _ => return Err(Error::Missing),
    };
    let after = json!({ "list": what });
    let taken =
        audit::insert(&ask.call, "LIST_EXPORTED", Some(&campaign), &campaign, &json!({}), &after);
    ask.app.db.batch(vec![taken]).await?;
    Ok(sent(&ask, source, &format!("{campaign}-{what}")))
}

/// The rows of an import that are wrong: with what they say, as long as that is kept.
pub(super) fn mistakes(ask: &Ask, import: Import, lang: Lang) -> Response {
    let name = format!("{}-import", import.campaign);
    sent(ask, Source::Mistakes { import: Box::new(import), lang }, &name)
}

/// A file of this name.
fn sent(ask: &Ask, source: Source, name: &str) -> Response {
    let mut response = Response::new(Body::new(File::new(ask.app.clone(), source)));
    let headers = response.headers_mut();
    let name = format!("attachment; filename=\"{name}.csv\"");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

type Part = Pin<Box<dyn Future<Output = (Result<(String, Option<From>), DbError>, Source)> + Send>>;

/// A file that is written while it is sent: no more than one part of it is ever held.
struct File {
    app: App,
    /// The part that is being read; none: it is all sent.
    part: Option<Part>,
}

impl File {
    fn new(app: App, source: Source) -> Self {
        let part = Some(Self::read(app.clone(), source, From::Start));
        Self { app, part }
    }

    fn read(app: App, source: Source, from: From) -> Part {
        Box::pin(async move { (source.part(&app, from).await, source) })
    }
}

impl HttpBody for File {
    type Data = Bytes;
    type Error = DbError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DbError>>> {
        let this = self.get_mut();
        let Some(part) = this.part.as_mut() else { return Poll::Ready(None) };
        let Poll::Ready((read, source)) = part.as_mut().poll(context) else { return Poll::Pending };
        match read {
            Ok((text, next)) => {
                this.part = next.map(|it| Self::read(this.app.clone(), source, it));
                Poll::Ready(Some(Ok(Frame::data(Bytes::from(text)))))
            }
            Err(error) => {
                this.part = None;
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}

impl Source {
    /// A part of the file, and where the next one begins.
    async fn part(&self, app: &App, from: From) -> Result<(String, Option<From>), DbError> {
        let mut text = String::new();
        if let From::Start = from {
            text.push_str(csv::MARK);
            match self {
                Self::Mistakes { import, lang } => csv::line(&mut text, &heads(import, *lang)),
                _ => csv::line(&mut text, self.columns()),
            }
        }
        let next = match self {
            Self::Participants(list) => rows(app, list, from, &mut text, participant).await?,
            Self::Referrals(list) => rows(app, list, from, &mut text, referral).await?,
            Self::Rewards { list, campaign, lang } => {
                let line = |it: &queue::Row| reward(it, campaign, *lang);
                rows(app, list, from, &mut text, line).await?
            }
            Self::Coupons { campaign, pool } => {
                let after = if let From::Text(it) = from { it } else { String::new() };
                let found = exports::coupons(&app.db, campaign, pool, &after, ROWS).await?;
                for it in &found {
                    csv::line(&mut text, &coupon(it));
                }
                whole(found.len())
                    .then(|| found.into_iter().last().map(|it| it.code))
                    .flatten()
                    .map(From::Text)
            }
            Self::Decisions { campaign, lang } => {
                let before = if let From::Text(it) = from { it } else { LAST.into() };
                let found = exports::decisions(&app.db, campaign, &before, ROWS).await?;
                for it in &found {
                    csv::line(&mut text, &decision(it, *lang));
                }
                whole(found.len())
                    .then(|| found.into_iter().last().map(|it| it.id))
                    .flatten()
                    .map(From::Text)
            }
            Self::Mistakes { import, lang } => {
                let after = if let From::Text(it) = from { it.parse().unwrap_or(0) } else { 0 };
                let flaws = import_rows::flaws(&app.db, &import.id, after, ROWS).await?;
                let rows = if has_cells(import) {
                    import_rows::bad(&app.db, &import.id, after, ROWS).await?
                } else {
                    Vec::new()
                };
                let mut cells: BTreeMap<u32, Vec<String>> =
                    rows.into_iter().map(|it| (it.row, it.cells)).collect();
                for it in &flaws {
                    let mut line = vec![
                        it.row.to_string(),
                        import_words::column(*lang, &import.heads, it.place),
                        import_words::reason(*lang, it),
                    ];
                    line.extend(cells.remove(&it.row).unwrap_or_default());
                    csv::line(&mut text, &line);
                }
                flaws.last().filter(|_| whole(flaws.len())).map(|it| From::Text(it.row.to_string()))
            }
        };
        Ok((text, next))
    }

    const fn columns(&self) -> &'static [&'static str] {
        match self {
            Self::Participants(_) => &[
                "id",
                "email",
                "firstName",
                "lastName",
                "joinedAt",
                "referrals",
                "leads",
                "referralStatus",
                "blockedAt",
                "source",
                "origin",
            ],
            Self::Referrals(_) => &[
                "friend",
                "friendEmail",
                "referrer",
                "referrerEmail",
                "status",
                "channel",
                "source",
                "boundAt",
                "settledAt",
                "expiresAt",
                "signals",
            ],
            Self::Rewards { .. } => &[
                "id",
                "participant",
                "email",
                "side",
                "rule",
                "what",
                "kind",
                "amount",
                "currency",
                "couponCode",
                "charity",
                "address",
                "status",
                "approved",
                "source",
                "earnedAt",
                "approvedAt",
                "givenAt",
            ],
            Self::Coupons { .. } => &["code", "givenAt", "reward", "participant", "email"],
            Self::Decisions { .. } => &["at", "participant", "email", "decision", "reasons", "why"],
            Self::Mistakes { .. } => &[],
        }
    }
}

/// Whether it is still known what the rows of an import say.
const fn has_cells(import: &Import) -> bool {
    !import.state.is_over() && matches!(import.what, What::Participants)
}

/// How the columns of an import's mistakes are called.
fn heads(import: &Import, lang: Lang) -> Vec<String> {
    let own = import_words::words(lang).bad_columns.iter().map(ToString::to_string);
    let columns = (0..import.heads.len()).filter(|_| has_cells(import));
    own.chain(columns.map(|it| import_words::column(lang, &import.heads, it))).collect()
}

fn whole(rows: usize) -> bool {
    ROWS as usize <= rows
}

/// The next rows of a list as lines.
async fn rows<L: List>(
    app: &App,
    list: &L,
    from: From,
    text: &mut String,
    cells: impl Fn(&L::Row) -> Vec<String>,
) -> Result<Option<From>, DbError> {
    let after = if let From::Place(it) = from { Some(it) } else { None };
    let page = browse::page(&app.db, list, after, ROWS).await?;
    for it in &page.rows {
        csv::line(text, &cells(it));
    }
    Ok(page.next.map(From::Place))
}

/// An instant as spreadsheets sort it.
fn at(at: Option<Timestamp>) -> String {
    at.map(machine).unwrap_or_default()
}

fn participant(it: &directory::Row) -> Vec<String> {
    vec![
        it.id.to_string(),
        it.email.clone(),
        it.first_name.clone().unwrap_or_default(),
        it.last_name.clone().unwrap_or_default(),
        at(Some(it.created_at)),
        it.credited.to_string(),
        it.leads.to_string(),
        it.outcome.map(|it| it.as_str().into()).unwrap_or_default(),
        at(it.blocked_at),
        name(&it.source),
        it.origin.clone(),
    ]
}

fn referral(it: &bonds::Row) -> Vec<String> {
    vec![
        it.friend.to_string(),
        it.friend_email.clone().unwrap_or_default(),
        it.referrer.to_string(),
        it.referrer_email.clone().unwrap_or_default(),
        it.outcome.as_str().into(),
        it.channel.clone().unwrap_or_default(),
        name(&it.source),
        at(Some(it.bound_at)),
        at(it.settled_at),
        at(it.expires_at),
        it.signals.replace(['[', ']', '"'], "").replace(',', " "),
    ]
}

fn reward(it: &queue::Row, campaign: &Campaign, lang: Lang) -> Vec<String> {
    let what = card::reward(campaign, &it.texts, it.side, it.kind, it.amount);
    vec![
        it.id.clone(),
        it.participant.to_string(),
        it.email.clone().unwrap_or_default(),
        name(&it.side),
        it.rule.clone(),
        what.in_lang(lang).to_owned(),
        name(&it.kind),
        it.amount.map(|it| it.to_string()).unwrap_or_default(),
        it.currency.map(|it| it.as_str().to_owned()).unwrap_or_default(),
        it.coupon_code.clone().unwrap_or_default(),
        it.charity.clone().unwrap_or_default(),
        it.address.clone().unwrap_or_default(),
        name(&it.status),
        it.approved_at.is_some().to_string(),
        name(&it.source),
        at(Some(it.created_at)),
        at(it.approved_at),
        at(it.fulfilled_at),
    ]
}

fn coupon(it: &exports::Coupon) -> Vec<String> {
    vec![
        it.code.clone(),
        at(it.given_at),
        it.reward.clone().unwrap_or_default(),
        it.participant.as_ref().map(ToString::to_string).unwrap_or_default(),
        it.email.clone().unwrap_or_default(),
    ]
}

fn decision(it: &exports::Decision, lang: Lang) -> Vec<String> {
    let reasons: Vec<String> = it.reasons.iter().map(name).collect();
    let why: Vec<&str> = it.reasons.iter().map(|it| it.sentence(lang)).collect();
    vec![
        at(Some(it.at)),
        it.participant.clone(),
        it.email.clone().unwrap_or_default(),
        it.kind.as_str().into(),
        reasons.join(" "),
        why.join(" "),
    ]
}
