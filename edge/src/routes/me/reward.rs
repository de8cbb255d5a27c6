//! What somebody says about a reward of theirs: a charity, an address.

use axum::response::Response;
use serde_json::{Map, Value, json};
use shared::api::RewardChoice;

use super::{
    home::{self, Flaws},
    sender,
};
use crate::{
    engine::choices,
    error::Error,
    pages::me::rewards::{LINES, Wrong},
    routes::{ask::Ask, body, html, query::Query},
};

/// Keeps a choice, or shows the form with what is wrong.
pub async fn choose(mut ask: Ask) -> Result<Response, Error> {
    let seat = match sender(&mut ask).await? {
        Ok(seat) => seat,
        Err(response) => return Ok(response),
    };
    let form = ask.form()?;
    let reward = form.get("reward").unwrap_or_default();
    let said = match body::parse::<RewardChoice>(&choice(&form)) {
        Ok(choice) => {
            let (campaign, id) = (seat.campaign(), &seat.view.id);
            choices::choose(&ask.app, &ask.call, campaign, id, reward, &choice).await
        }
        Err(error) => Err(error),
    };
    let fields = match said {
        Ok(()) => return Ok(html::see(&seat.path(&format!("?done=chosen#r-{reward}")))),
        Err(Error::Invalid(problems)) => problems.into_iter().map(|it| it.param).collect(),
        // It was given or taken back meanwhile.
        Err(Error::RewardState(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let typed = LINES.iter().filter_map(|it| Some((it.0.into(), form.given(it.0)?.into())));
    let wrong = Wrong { reward: reward.into(), fields, typed: typed.collect() };
    home::shown(&ask, &seat, Flaws { reward: Some(&wrong), ..Flaws::default() }).await
}

/// What the form says, as the wire would.
fn choice(form: &Query) -> Value {
    if let Some(charity) = form.get("charity") {
        return json!({ "charity": charity });
    }
    let lines = LINES.iter().map(|it| (it.0.to_owned(), json!(form.get(it.0))));
    json!({ "address": lines.collect::<Map<_, _>>() })
}
