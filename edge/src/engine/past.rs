//! Whether a friend was a customer before: read only where a rule asks for it.

use shared::{
    code::Code,
    customer::{self, Past},
    email::Email,
    reward::{Fact, Rule},
};

use crate::{
    app::App,
    error::Error,
    store::{conversions, customers},
};

/// Whether a rule in force asks for it.
pub(super) fn is_asked(rules: &[Rule]) -> bool {
    rules.iter().any(|it| it.is_visible && it.conditions.looks_at(Fact::NewCustomer))
}

/// Whether somebody who signs up is new; `known`, if they take part already.
pub(super) async fn at_sign_up(
    app: &App,
    campaign: &str,
    rules: &[Rule],
    email: &Email,
    known: Option<&Code>,
) -> Result<Option<bool>, Error> {
    if !is_asked(rules) {
        return Ok(None);
    }
    let listed = listed(app, campaign, email).await?;
    let ordered = match known {
        Some(id) => conversions::has_transaction(&app.db, id).await?,
        None => false,
    };
    Ok(Past { listed, ordered, orders_now: false }.is_new())
}

/// Whether a friend is new at an event; `is_first`, if it is an order: whether it is their first.
pub(super) async fn at_event(
    app: &App,
    campaign: &str,
    rules: &[Rule],
    friend: &Code,
    is_first: Option<bool>,
) -> Result<Option<bool>, Error> {
    if !is_asked(rules) {
        return Ok(None);
    }
    let listed = match customers::email(&app.db, friend).await? {
        Some(email) => listed(app, campaign, &email).await?,
        None => None,
    };
    let ordered = match is_first {
        Some(is_first) => !is_first,
        None => conversions::has_transaction(&app.db, friend).await?,
    };
    Ok(Past { listed, ordered, orders_now: is_first.is_some() }.is_new())
}

async fn listed(app: &App, campaign: &str, email: &Email) -> Result<Option<bool>, Error> {
    let secret = &app.settings.secret;
    let kept: Vec<String> =
        customer::hashes(email).iter().map(|it| customer::kept(secret, campaign, it)).collect();
    Ok(customers::listed(&app.db, campaign, &kept).await?)
}
