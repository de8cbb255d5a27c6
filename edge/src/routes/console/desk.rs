//! What every page of the console stands in: who reads it, which campaigns there are, which is meant.

use axum::response::Response;
use http::StatusCode;
use maud::Markup;
use shared::{campaign::Campaign, lang::Lang};

use crate::{
    app::App,
    error::Error,
    pages::console::{
        frame::{self, Frame, Tab},
        parts,
    },
    routes::{ask::Ask, html, member::Member},
    store::campaigns,
};

/// A member at a page.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The language of the page.
    pub lang: Lang,
    /// Who reads it.
    pub member: Member,
    /// Ids and names of all campaigns, oldest first.
    pub campaigns: Vec<(String, String)>,
    /// The one that the path names.
    pub campaign: Option<Campaign>,
    /// What was asked for, without the language.
    query: String,
}

impl Desk {
    /// The desk of a request. A path that names an unknown campaign leads nowhere.
    pub async fn open(ask: &Ask, member: Member) -> Result<Self, Error> {
        let all: Vec<Campaign> = all(&ask.app).await?;
        let campaigns = all.iter().map(|it| (it.id.clone(), it.name.clone())).collect();
        let campaign = match ask.at("campaign") {
            None => None,
            Some(id) => Some(all.into_iter().find(|it| it.id == id).ok_or(Error::Missing)?),
        };
        let query = parts::query(&ask.query.besides_lang());
        Ok(Self { lang: ask.query.lang("lang"), member, campaigns, campaign, query })
    }

    /// The campaign that the path names, of a route that has one.
    pub fn campaign(&self) -> Result<&Campaign, Error> {
        self.campaign.as_ref().ok_or(Error::Missing)
    }

    /// A page of the console, framed.
    #[must_use]
    pub fn page(&self, here: Tab, title: &str, main: &Markup) -> Response {
        self.page_with(StatusCode::OK, here, title, main)
    }

    /// A page of the console with another status: 400 where a form is to be mended.
    #[must_use]
    pub fn page_with(&self, status: StatusCode, here: Tab, title: &str, main: &Markup) -> Response {
        let frame = Frame {
            lang: self.lang,
            role: self.member.role,
            csrf: &self.member.csrf,
            campaigns: &self.campaigns,
            campaign: self.campaign.as_ref().map(|it| it.id.as_str()),
            query: &self.query,
            here,
            title,
        };
        html::page(status, "", &frame::page(&frame, main))
    }
}

/// All campaigns.
pub(super) async fn all(app: &App) -> Result<Vec<Campaign>, Error> {
    Ok(campaigns::all(&app.db).await?.into_iter().map(Campaign::from).collect())
}
