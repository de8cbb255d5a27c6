//! What follows from an event that a back end reports: the qualifying event, or an order.

use serde_json::json;
use shared::{
    attribution::Touches,
    campaign::{Campaign, Trigger},
    code::Code,
    decision,
    decision::Reason,
    fraud::Submission,
    money::Money,
    referral::{Credit, Outcome},
    reward::{self, Source},
    time::Timestamp,
};

use super::{
    award,
    bond::{Brought, Evidence},
    confirm::{self, Confirmed},
    guard::{self, Kept, Suspect},
    past::{self, Whose},
    plan::{Plan, Turns},
    refund,
};
use crate::{
    app::App,
    call::{By, Call},
    click::cache::Terms,
    error::Error,
    sql::name,
    store::{
        conversions::{self, Kind, Numbers},
        counted,
        participants::{self, Bond, Key, Known},
        referrers::{self, Referrer},
        rewards, rules, signals,
    },
};

/// What happened to a friend.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// What the campaign waits for.
    Qualifying,
    /// The same; the referral is credited after so many days.
    Delayed(u16),
    /// An order.
    Transaction(Transaction),
}

/// An order in the campaign's currency.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Transaction {
    /// The site's numbers for it, at least one.
    pub numbers: Numbers,
    /// What was paid.
    pub gross: Money,
    /// What of it rewards are reckoned on.
    pub net: Money,
    /// What was bought.
    pub products: Vec<String>,
    /// Where to: two capital letters.
    pub country: Option<String>,
}

impl Transaction {
    /// Plans that it is recorded, with refunds of it that came before; its id.
    fn record(
        &self,
        plan: &mut Plan<'_>,
        call: &Call,
        payer: &Code,
        source: Source,
        (early, facts): (&refund::Early, &reward::Known),
    ) -> String {
        let id = call.id();
        let new = conversions::New {
            id: &id,
            campaign: plan.campaign(),
            participant: payer,
            kind: Kind::Transaction,
            paid: Some((self.gross, self.net)),
            known: Some(facts),
            source,
            now: call.now,
        };
        plan.extend(conversions::insert(&new, &self.numbers));
        early.count(plan, payer, &id, self);
        id
    }
}

/// What came of an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Effect {
    /// The referral was credited before.
    AlreadyAwarded,
    /// The referral is credited.
    Awarded,
    /// The referral will be credited on its day.
    Delayed,
    /// One of the order's numbers was recorded before; nothing changed.
    Duplicate {
        /// Which kinds of number.
        numbers: Vec<String>,
    },
    /// The event came after the credit window.
    Expired,
    /// Nobody referred this person.
    NotReferred,
    /// The order is recorded; whether the referral is credited, its decision says.
    Recorded {
        /// Whether it is the payer's first.
        is_first: bool,
    },
    /// The referral was not credited.
    Refused(Reason),
}

/// Records an event of a friend and credits who referred them.
///
/// `touches` bind a friend who is bound to nobody yet, or by a browser's word alone to another. Under [`Trigger::Custom`] an order is the
/// qualifying event; under [`Trigger::OnSignup`] it is only recorded.
pub async fn credit(
    app: &App,
    call: &Call,
    terms: &Terms,
    friend: &Key,
    event: &Event,
    touches: Option<Touches>,
    source: Source,
) -> Result<Effect, Error> {
    let brought = touches.map_or(Brought::Nothing, Brought::Touches);
    let reported = Reported { campaign: &terms.campaign, friend, event, brought, source };
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, &reported, turns.again()).await {
            Ok(Some(effect)) => return Ok(effect),
            Ok(None) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

struct Reported<'a> {
    campaign: &'a Campaign,
    friend: &'a Key,
    event: &'a Event,
    brought: Brought,
    source: Source,
}

/// A bond, old or fresh.
struct Bound {
    referrer: Referrer,
    outcome: Outcome,
    since: Timestamp,
    /// When its delayed credit is due.
    credit_at: Option<Timestamp>,
    /// The sign-up was credited to somebody else, whom a browser alone had named.
    signed_up: bool,
    /// What was given for the friend before.
    taken: Vec<reward::Taken>,
}

/// One attempt; `None` if something else was first.
async fn attempt(
    app: &App,
    call: &Call,
    it: &Reported<'_>,
    again: bool,
) -> Result<Option<Effect>, Error> {
    // Facts.
    let (campaign, source) = (it.campaign, it.source);
    let known = participants::find(&app.db, &campaign.id, it.friend).await?;
    let known = known.ok_or(Error::Missing)?;
    let friend = &known.id;
    if let Event::Transaction(order) = it.event {
        let taken = conversions::taken(&app.db, &campaign.id, &order.numbers).await?;
        if !taken.is_empty() {
            return Ok(Some(match known.bond {
                // Told again, it is answered again.
                None if it.brought == Brought::Nothing => Effect::NotReferred,
                _ => Effect::Duplicate { numbers: taken },
            }));
        }
    }
    let is_order = matches!(it.event, Event::Transaction(_));
    let is_first = is_order && !conversions::has_transaction(&app.db, friend, None).await?;
    let rules = rules::of_campaign(&app.db, &campaign.id).await?;
    let counted = reward::counts(&rules);

    // Decisions and their consequences, in the order in which they rest on each other.
    let mut plan = Plan::new(call, &campaign.id);
    let fresh = bind(app, call, it, &known, counted, &mut plan).await?;
    let is_fresh = fresh.is_some();
    let mut bound = match &known.bond {
        Some(bond) if fresh.is_none() => {
            standing(app, call, it, &known, bond, &rules, &mut plan).await?
        }
        _ => fresh,
    };
    if let Some(bound) = bound.as_mut().filter(|_| again && !is_fresh) {
        bound.taken = rewards::taken(&app.db, friend).await?;
    }
    let early = refund::Early::read(app, campaign, friend, it.event).await?;
    let whose = Whose { id: Some(friend), email: None, metadata: &known.metadata };
    let facts = past::known(app, &campaign.id, &rules, &whose, said(it.event), None).await?;
    let facts = early.known(facts);
    let earns = |it: &&Bound| is_fresh && it.outcome == Outcome::Pending;
    let left = bound
        .as_ref()
        .filter(earns)
        .map(|bound| award::lead(&mut plan, call, &due(it, &rules, friend, bound, None, &facts)));
    if let Some((bound, left)) = bound.as_mut().zip(left) {
        bound.referrer.budget = left;
    }
    let effect = match (bound, it.event) {
        (None, event) => {
            if let Event::Transaction(order) = event {
                // Nobody's friend now; but whoever comes by a link later was a customer.
                order.record(&mut plan, call, friend, source, (&early, &facts));
            } else if it.brought == Brought::Nothing {
                refuse_unreferred(&mut plan, friend, source);
            }
            Effect::NotReferred
        }
        (Some(bound), Event::Qualifying | Event::Delayed(_)) => match bound.outcome {
            Outcome::Awarded | Outcome::Reversed => Effect::AlreadyAwarded,
            Outcome::Expired | Outcome::Rejected => Effect::Expired,
            Outcome::Held => {
                let kept = Kept::new(call, Kind::Qualifying, None, &facts, source);
                guard::keep(&mut plan, friend, &kept);
                Effect::Refused(Reason::AwaitsReview)
            }
            Outcome::Pending => {
                let due = due(it, &rules, friend, &bound, None, &facts);
                let budget = bound.referrer.budget;
                let credit = match it.event {
                    // The first day stands.
                    Event::Delayed(_) if bound.credit_at.is_some() => None,
                    Event::Delayed(days) => award::delay(&mut plan, call, &due, budget, *days),
                    _ => Some(award::settle(&mut plan, call, &due, budget)),
                };
                credit.map_or(Effect::Delayed, effect_of)
            }
        },
        (Some(bound), Event::Transaction(order)) => {
            let id = order.record(&mut plan, call, friend, source, (&early, &facts));
            let qualifies = campaign.installation.referral_trigger == Trigger::Custom;
            if bound.outcome == Outcome::Held && (qualifies || bound.signed_up) {
                let order = qualifies.then_some(id.as_str());
                let kind = if qualifies { Kind::Transaction } else { Kind::Signup };
                guard::keep(&mut plan, friend, &Kept::new(call, kind, order, &facts, source));
            } else if qualifies && bound.outcome == Outcome::Pending {
                let due = due(it, &rules, friend, &bound, Some(&id), &facts);
                if early.is_all() {
                    refund::settle(&mut plan, call, &due, bound.referrer.budget);
                } else {
                    award::settle(&mut plan, call, &due, bound.referrer.budget);
                }
            } else if bound.signed_up && bound.outcome == Outcome::Pending {
                let due = due(it, &rules, friend, &bound, None, &facts);
                let due = award::Due { kind: Kind::Signup, ..due };
                award::settle(&mut plan, call, &due, bound.referrer.budget);
            }
            Effect::Recorded { is_first }
        }
    };
    note(&mut plan, call, friend, is_order);
    Ok(plan.commit(&app.db).await?.then_some(effect))
}

/// Notes an event that a member reports. A site's back end reports them by the thousand: those are no
/// changes of anybody's mind.
fn note(plan: &mut Plan<'_>, call: &Call, friend: &Code, is_order: bool) {
    if matches!(call.by, By::Member(_)) {
        let event = if is_order { Kind::Transaction } else { Kind::Qualifying };
        let about = json!({ "event": event.as_str() });
        plan.audit("REFERRAL_TRIGGERED", friend.as_str(), json!({}), about);
    }
}

/// Says that nobody referred a friend whose event was reported without a claim.
fn refuse_unreferred(plan: &mut Plan<'_>, friend: &Code, source: Source) {
    let facts = json!({ "event": Kind::Qualifying.as_str(), "source": name(&source) });
    let reasons = vec![Reason::NobodyReferred];
    plan.decide(friend, decision::Kind::Refused, reasons, facts);
}

/// The bond that a friend has, confirmed if a browser alone had told of it.
async fn standing(
    app: &App,
    call: &Call,
    it: &Reported<'_>,
    known: &Known,
    bond: &Bond,
    rules: &[reward::Rule],
    plan: &mut Plan<'_>,
) -> Result<Option<Bound>, Error> {
    let Reported { campaign, source, .. } = *it;
    let zone = campaign.options.time_zone;
    let month = bond.month.unwrap_or_else(|| zone.month(call.now));
    let confirms = known.source == Source::Browser && source != Source::Browser;
    let counted = confirms || reward::counts(rules);
    let referrer = referrers::bound(&app.db, &campaign.id, &bond.referrer, month, counted).await?;
    let (mut waiting, mut counted) = (Vec::new(), Vec::new());
    if confirms {
        waiting = rewards::waiting(&app.db, &known.id).await?;
        counted = counted::of_friend(&app.db, &known.id).await?;
    }
    let (referrer_of, waiting, counted) = (referrer.as_ref(), &waiting, &counted);
    let confirmed = Confirmed { campaign, known, referrer: referrer_of, waiting, counted, source };
    let budget = confirm::plan(plan, call, &confirmed);
    let (outcome, since, credit_at) = (bond.outcome, bond.bound_at, bond.credit_at);
    Ok(referrer.map(|it| {
        let referrer = Referrer { budget, ..it };
        Bound { referrer, outcome, since, credit_at, signed_up: false, taken: Vec::new() }
    }))
}

/// Binds a friend by what was brought, if that holds and nobody better than a browser has bound them
/// before. Whom nobody had bound is confirmed with it.
async fn bind(
    app: &App,
    call: &Call,
    it: &Reported<'_>,
    known: &Known,
    counted: bool,
    plan: &mut Plan<'_>,
) -> Result<Option<Bound>, Error> {
    let Reported { campaign, source, .. } = *it;
    let is_bound = known.bond.is_some();
    if !is_bound {
        let (waiting, counted) = (&[], &[]);
        let confirmed = Confirmed { campaign, known, referrer: None, waiting, counted, source };
        confirm::plan(plan, call, &confirmed);
    }
    if it.brought == Brought::Nothing || is_bound && known.source != Source::Browser {
        return Ok(None);
    }
    let evidence = Evidence::read(app, call, campaign, &it.brought, None, counted).await?;
    let mut bonding = evidence.bind(call, &known.id);
    let mut signed_up = false;
    if bonding.bond.referrer.is_some()
        && (!is_bound || bonding.would_replace(known, source))
        && let Some(email) = signals::address(&app.db, &known.id).await?
    {
        let submission = Submission::default();
        let (friend, email) = (&known.id, &email);
        let suspect = Suspect {
            friend,
            email,
            submission,
            signed_in: None,
            source,
            since: None,
            is_imported: false,
        };
        guard::look(app, call, campaign, &mut bonding, &suspect).await?;
    }
    if bonding.replaces(known, source) {
        // A sign-up that is held is one, too: it is kept with the hold.
        let told = [Outcome::Awarded, Outcome::Held];
        signed_up = known.bond.as_ref().is_some_and(|it| told.contains(&it.outcome));
        confirm::retract(plan, campaign, known, source);
    } else if is_bound {
        return Ok(None);
    }
    evidence.record(plan, call, &known.id, &bonding, source);
    let (outcome, since, credit_at) = (bonding.guarded.outcome(), call.now, None);
    let taken = Vec::new();
    let referrer = bonding.referrer;
    Ok(referrer.map(|referrer| Bound { referrer, outcome, since, credit_at, signed_up, taken }))
}

/// What a trigger answers of a credit.
fn effect_of(credit: Credit) -> Effect {
    match credit.outcome {
        Some(Outcome::Awarded) => Effect::Awarded,
        Some(_) => Effect::Expired,
        None => {
            let reason = credit.reasons.into_iter().next();
            Effect::Refused(reason.unwrap_or(Reason::NoRuleApplies))
        }
    }
}

fn due<'a>(
    it: &'a Reported<'_>,
    rules: &'a [reward::Rule],
    friend: &'a Code,
    bound: &'a Bound,
    transaction: Option<&'a str>,
    known: &'a reward::Known,
) -> award::Due<'a> {
    award::Due {
        campaign: it.campaign,
        rules,
        friend,
        referrer: &bound.referrer,
        taken: &bound.taken,
        bound_at: bound.since,
        came: false,
        delayed: bound.credit_at.is_some(),
        kind: if transaction.is_some() { Kind::Transaction } else { Kind::Qualifying },
        transaction,
        known,
        source: it.source,
    }
}

/// What conditions look at of an order; of another event, nothing.
fn said(event: &Event) -> reward::Known {
    match event {
        Event::Qualifying | Event::Delayed(_) => reward::Known::default(),
        Event::Transaction(order) => reward::Known {
            amount: Some(order.net.minor),
            products: order.products.clone(),
            country: order.country.clone(),
            ..reward::Known::default()
        },
    }
}
