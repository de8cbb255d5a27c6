//! `/campaign/{id}/participant/{p}/transaction`: an order.

use axum::{Json, extract::State};
use shared::{
    api::{self, Recorded},
    reward::Source,
};

use super::{attribution, auth::KeyHolder, participants::named};
use crate::{
    app::App,
    call::Call,
    engine::{
        credit::{self, Effect, Event, Transaction},
        terms,
    },
    error::{Error, Problem},
    routes::{
        body::{Body, flawed},
        path::At,
    },
    store::participants::Key,
};

/// Records an order under its numbers; one that was recorded before changes nothing.
pub async fn record(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    At((campaign, p)): At<(String, String)>,
    Body(asked): Body<api::Transaction>,
) -> Result<Json<Recorded>, Error> {
    let (terms, _) = terms::read(&app, &campaign).await?;
    let payer = named(&app, &campaign, &p).await?;
    let currency = terms.campaign.currency;
    if asked.currency != currency {
        let msg = format!("the campaign's currency is {}", currency.as_str());
        return Err(Error::field("currency", Some(asked.currency.as_str().into()), msg));
    }
    let numbers = asked.numbers().map_err(flawed)?;
    let (gross, net) = asked.amounts().map_err(flawed)?;
    let touches = attribution::touches(&app, &terms, asked.attribution.as_deref(), call.now)?;
    let event = Event::Transaction(Transaction { numbers, gross, net });
    let (payer, source) = (Key::Code(payer.id), Source::Server);
    match credit::credit(&app, &call, &terms, &payer, &event, touches, source).await? {
        Effect::Duplicate { numbers } => Ok(Json(Recorded::Duplicate {
            success: false,
            duplicate: true,
            commissions_created: 0,
            duplicate_fields: numbers,
            matching_commission_ids: Vec::new(),
            message: "This transaction has already been recorded.",
        })),
        Effect::Recorded { is_first } => Ok(Json(Recorded::New {
            success: true,
            first_sale: is_first,
            duplicate: false,
            message: "Successfully recorded the transaction.",
        })),
        _ => {
            let msg = "the payer has no referrer";
            Err(Error::Invalid(vec![Problem::new(
                "params",
                "participantIdOrEmail",
                Some(p.into()),
                msg,
            )]))
        }
    }
}
