//! What conditions look at, and whether a friend was a customer before: that is read only where a
//! rule asks for it.

use std::collections::BTreeMap;

use shared::{
    code::Code,
    customer::{self, Past},
    email::Email,
    reward::{Fact, Known, Rule},
    time::Timestamp,
};

use crate::{
    app::App,
    error::Error,
    store::{conversions, customers},
};

/// Whether a rule in force asks for it.
fn is_asked(rules: &[Rule]) -> bool {
    rules.iter().any(|it| it.is_visible && it.conditions.looks_at(Fact::NewCustomer))
}

/// Somebody whose sign-up, event or order is looked at.
pub(super) struct Whose<'a> {
    /// Who; nobody yet, if they are new.
    pub(super) id: Option<&'a Code>,
    /// Their address, if it is at hand.
    pub(super) email: Option<&'a Email>,
    /// The owner's own fields.
    pub(super) metadata: &'a BTreeMap<String, String>,
}

/// What conditions look at: the only place that says so, for a sign-up, an event and an order, at
/// once or later. `order` is what an order says, and nothing else; only orders `before` an event that
/// is looked at again speak of their past.
pub(super) async fn known(
    app: &App,
    campaign: &str,
    rules: &[Rule],
    whose: &Whose<'_>,
    order: Known,
    before: Option<Timestamp>,
) -> Result<Known, Error> {
    let orders_now = order.amount.is_some();
    let new_customer = if is_asked(rules) {
        let found = match (whose.email, whose.id) {
            (None, Some(id)) => customers::email(&app.db, id).await?,
            _ => None,
        };
        let listed = match whose.email.or(found.as_ref()) {
            Some(email) => listed(app, campaign, email).await?,
            None => None,
        };
        let ordered = match whose.id {
            Some(id) => conversions::has_transaction(&app.db, id, before).await?,
            None => false,
        };
        Past { listed, ordered, orders_now }.is_new()
    } else {
        None
    };
    Ok(Known { metadata: whose.metadata.clone(), new_customer, ..order })
}

/// Whether the owner's list of customers names somebody; none: there is no list.
pub(super) async fn listed(
    app: &App,
    campaign: &str,
    email: &Email,
) -> Result<Option<bool>, Error> {
    let secret = &app.settings.secret;
    let kept: Vec<String> =
        customer::hashes(email).iter().map(|it| customer::kept(secret, campaign, it)).collect();
    Ok(customers::listed(&app.db, campaign, &kept).await?)
}

#[cfg(test)]
mod tests;
