//! `/me/{campaign}/cards`: cards to print and give away.

use axum::response::Response;
use http::StatusCode;
use shared::card;

use super::{Seat, home, page, seat};
use crate::{
    error::Error,
    mail::fact,
    pages::me::handout::{self, Handout},
    routes::{ask::Ask, html},
    store::rules,
};

/// The page; whoever is not signed in goes to the door.
pub async fn show(mut ask: Ask) -> Result<Response, Error> {
    let seat: Seat = match seat(&mut ask).await? {
        Ok(seat) => seat,
        Err(terms) => return Ok(html::see(&format!("/me/{}", terms.campaign.id))),
    };
    let (campaign, lang) = (seat.campaign(), seat.lang);
    let rules = rules::of_campaign(&ask.app.db, &campaign.id).await?;
    let card = card::card(campaign, &rules, ask.call.now);
    let offer = home::offer(campaign, &rules, &card);
    let name = fact::first_name(seat.view.first_name.as_deref());
    let markup = handout::page(&Handout {
        lang,
        campaign,
        base: &ask.app.settings.public_url,
        code: seat.view.vanity.last().unwrap_or(&seat.view.id).as_str(),
        name: Some(&*name).filter(|it| !it.is_empty()),
        offer: offer.as_ref().map(|it| it.in_lang(lang)),
        disclosure: card.disclosure.as_ref().map(|it| it.in_lang(lang)),
    });
    Ok(page(StatusCode::OK, &markup))
}
