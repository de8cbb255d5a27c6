//! `/campaign/{id}/participant/{p}/transaction/refund`: money given or taken back.

use axum::response::Response;
use shared::api::{self, Refunded};

use crate::{
    engine::{
        refund::{self, Asked, Effect},
        terms,
    },
    error::Error,
    json,
    routes::{ask::Ask, body::flawed},
};

/// Records a refund of an order; one that was recorded before changes nothing.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: api::Refund = ask.json()?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let campaign = &terms.campaign;
    let currency = campaign.currency;
    if let Some(other) = asked.currency.filter(|it| *it != currency) {
        let msg = format!("the campaign's currency is {}", currency.as_str());
        return Err(Error::field("currency", Some(other.as_str().into()), msg));
    }
    let numbers = asked.numbers().map_err(flawed)?;
    let (extent, name) = asked.extent().map_err(flawed)?;
    let kind = asked.amendment_type;
    let asked = Asked { p: ask.p(), kind, numbers, extent, name };
    let effect = refund::record(app, call, campaign, &asked).await?;
    let answer = Refunded {
        success: true,
        amendment_type: kind,
        matched: 1,
        adjusted: 0,
        reversed: 0,
        deleted: 0,
        matching_commission_ids: Vec::new(),
        message: "Successfully recorded the refund.",
        not_found: None,
    };
    Ok(json::answer(&match effect {
        Effect::Counted { partial, cancelled, reversed } => {
            Refunded { adjusted: u32::from(partial), reversed, deleted: cancelled, ..answer }
        }
        Effect::Repeated { matched } => Refunded {
            matched: u32::from(matched),
            message: "This refund has already been recorded.",
            not_found: (!matched).then_some(true),
            ..answer
        },
        Effect::Kept => Refunded {
            matched: 0,
            message: "The transaction is not known yet; the refund counts as soon as it is.",
            not_found: Some(true),
            ..answer
        },
    }))
}

#[cfg(test)]
pub(crate) mod tests;
