//! The guards: what is suspicious about a bond that is about to be made, and what is written of it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::{
    campaign::Campaign,
    code::Code,
    decision::Kind as Ruling,
    email::Email,
    fraud::{self, Signal, Submission, Verdict},
    referral::Outcome,
    reward::{Known, Source},
    secret::mac,
    time::Timestamp,
};

use super::{bond::Bonding, past, plan::Plan};
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::{name, to_json},
    store::{
        conversions::Kind,
        holds, referrals,
        signals::{self, Pair},
    },
};

/// Somebody for whom a referrer was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suspect<'a> {
    /// Who.
    pub(super) friend: &'a Code,
    /// Their address.
    pub(super) email: &'a Email,
    /// How their form was filled in.
    pub(super) submission: Submission,
    /// The participant who is signed in in the browser that sent it.
    pub(super) signed_in: Option<&'a Code>,
    /// Who says that they came.
    pub(super) source: Source,
    /// When their sign-up was told first, if that was before: orders since are no past.
    pub(super) since: Option<Timestamp>,
    /// Whether they come in a file of many, who did not come in this hour.
    pub(super) is_imported: bool,
}

/// What the guards saw.
#[derive(Clone, Debug, Default)]
pub(super) struct Guarded {
    pub(super) verdict: Verdict,
    signals: Vec<Signal>,
    mailbox: String,
    trusted: bool,
    vouched: bool,
    /// However many come with them, none is too many.
    unlimited: bool,
}

impl Guarded {
    /// Where a bond stands that is made in spite of what was seen.
    pub(super) const fn outcome(&self) -> Outcome {
        match self.verdict {
            Verdict::Accept => Outcome::Pending,
            Verdict::Hold => Outcome::Held,
            Verdict::Reject | Verdict::Refuse => Outcome::Rejected,
        }
    }
}

/// The keyed hash of a mailbox: to compare within a campaign, and never to read back.
pub(super) fn mailbox(app: &App, campaign: &str, email: &Email) -> String {
    let key = app.settings.secret.derive("mailbox", campaign);
    BASE64.encode(&mac(key.bytes(), &[email.mailbox().as_bytes()])[..16])
}

/// Looks at a bond that is about to be made; one that is refused becomes none, with the reason.
pub(super) async fn look(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    bonding: &mut Bonding,
    suspect: &Suspect<'_>,
) -> Result<(), Error> {
    let Some(referrer) = &bonding.bond.referrer else { return Ok(()) };
    let options = &campaign.options.fraud;
    let Suspect { friend, email, submission, signed_in, source, since, is_imported } = *suspect;
    let unlimited = is_imported;
    let vouched = source != Source::Browser;
    let mailbox = mailbox(app, &campaign.id, email);
    let pair = Pair {
        campaign: &campaign.id,
        friend,
        mailbox: &mailbox,
        referrer,
        options,
        vouched,
        now: call.now,
        since,
    };
    let found = signals::facts(&app.db, &pair).await?;
    let found = found.ok_or_else(|| Error::Internal("no facts of a friend".into()))?;
    // What the back end tells is for the rules that ask: the list would leave them nothing to decide.
    let is_customer = match source {
        Source::Browser => past::listed(app, &campaign.id, email).await?,
        Source::Signed | Source::Server => None,
    };
    let signals = fraud::look(&fraud::Facts {
        options,
        friend,
        email,
        referrer,
        signed_in,
        same_mailbox: found.same_mailbox,
        duplicate: found.duplicate,
        ordered: found.ordered,
        is_customer,
        within_hour: if unlimited { 0 } else { found.within_hour },
        within_day: if unlimited { 0 } else { found.within_day },
        submission,
    });
    let verdict = fraud::verdict(&signals, options);
    if verdict == Verdict::Refuse {
        bonding.bond.referrer = None;
        bonding.bond.by_click = false;
        bonding.bond.reasons = fraud::reasons(&signals, options);
        bonding.referrer = None;
    }
    let trusted = options.allows(email);
    bonding.guarded = Guarded { verdict, signals, mailbox, trusted, vouched, unlimited };
    Ok(())
}

/// Writes what was seen: the signals, where the bond stands because of them, and the decision. A
/// bond that is not refused fails the batch if something came since that speaks against it.
pub(super) fn record(
    plan: &mut Plan<'_>,
    call: &Call,
    campaign: &Campaign,
    friend: &Code,
    bonding: &Bonding,
) {
    let Guarded { verdict, signals, mailbox, trusted, vouched, unlimited } = &bonding.guarded;
    for signal in signals {
        plan.add(signals::insert(&call.id(), &campaign.id, friend, *signal, call.now));
    }
    let Some(referrer) = &bonding.bond.referrer else { return };
    let options = &campaign.options.fraud;
    // Nobody looked: of somebody who was erased there is no address.
    let was_looked_at = !mailbox.is_empty();
    if matches!(verdict, Verdict::Accept | Verdict::Hold) && was_looked_at {
        let (now, vouched, since) = (call.now, *vouched, None);
        let campaign = &campaign.id;
        let pair = Pair { campaign, friend, mailbox, referrer, options, vouched, now, since };
        // Who is held may be let in: that there is another of the same mailbox has to be seen then.
        let limited = *verdict == Verdict::Accept && !unlimited;
        plan.add(signals::guard(&pair, !trusted, limited));
    }
    let ruling = match verdict {
        Verdict::Accept => return,
        Verdict::Hold => Ruling::Held,
        Verdict::Reject | Verdict::Refuse => Ruling::Refused,
    };
    plan.add(referrals::withhold(&campaign.id, friend, bonding.guarded.outcome()));
    if *verdict == Verdict::Hold {
        plan.add(holds::insert(&campaign.id, friend, call.now));
    }
    let names: Vec<&str> = signals.iter().map(|it| it.as_str()).collect();
    let facts = json!({
        "referrer": referrer,
        "signals": names,
        "maxFriendsPerHour": options.max_friends_per_hour,
        "maxFriendsPerDay": options.max_friends_per_day,
    });
    plan.decide(friend, ruling, fraud::reasons(signals, options), facts);
}

/// An event that came while a referral was held: no personal data, and forgotten with the review.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Kept {
    kind: String,
    /// The order, which is recorded already.
    pub(super) transaction: Option<String>,
    pub(super) source: Source,
    pub(super) at: Timestamp,
    products: Vec<String>,
    country: Option<String>,
}

impl Kept {
    pub(super) fn new(
        call: &Call,
        kind: Kind,
        transaction: Option<&str>,
        known: &Known,
        source: Source,
    ) -> Self {
        Self {
            kind: kind.as_str().into(),
            transaction: transaction.map(Into::into),
            source,
            at: call.now,
            products: known.products.clone(),
            country: known.country.clone(),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self.kind.as_str() {
            "TRANSACTION" => Kind::Transaction,
            "QUALIFYING" => Kind::Qualifying,
            _ => Kind::Signup,
        }
    }

    /// What its order said, of which this much is left.
    pub(super) fn order(&self, amount: Option<i64>) -> Known {
        let (products, country) = (self.products.clone(), self.country.clone());
        Known { amount, products, country, ..Known::default() }
    }
}

/// Keeps the event of a held referral, so that it counts if the owner lets it go on.
pub(super) fn keep(plan: &mut Plan<'_>, friend: &Code, kept: &Kept) {
    plan.add(holds::keep(friend, &to_json(kept)));
    let facts = json!({
        "event": kept.kind,
        "transaction": kept.transaction,
        "source": name(&kept.source),
    });
    plan.decide(friend, Ruling::Held, vec![shared::decision::Reason::AwaitsReview], facts);
}

#[cfg(test)]
pub(crate) mod tests;
