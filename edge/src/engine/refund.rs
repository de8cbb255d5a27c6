//! Refunds of orders: each is recorded once, whether it or its order comes first, and undoes what
//! the order had earned.

use serde_json::{Value, json};
use shared::{
    campaign::Campaign,
    code::Code,
    decision::{Kind, Reason},
    referral::{self, Outcome},
    refund::{self, Amendment, Becomes, Extent, Left},
    reward::{self, Budget, Known},
};

use super::{
    award::{self, Due},
    credit::{Event, Transaction},
    plan::{Plan, Turns},
};
use crate::{
    app::App,
    call::Call,
    error::{Error, Problem},
    sql::name,
    store::{
        conversions::Numbers,
        counted::{self, Counted},
        participants::{self, Key},
        referrals::{self, Settlement},
        referrers,
        refunds::{self, New, Sale, Sold, Told},
        reversals,
    },
};

/// A refund as the site tells it.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Whose order it is of, as the path names them.
    pub p: &'a str,
    /// What kind of amendment.
    pub kind: Amendment,
    /// The numbers of the order.
    pub numbers: Numbers,
    /// How much of it.
    pub extent: Extent,
    /// What the refund is called.
    pub name: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// It was told before; nothing changed.
    Repeated {
        /// Whether its order is known.
        matched: bool,
    },
    /// It is kept until its order comes.
    Kept,
    /// It is counted.
    Counted {
        /// Whether something of the order is left.
        partial: bool,
        /// How many rewards that were not given are cancelled.
        cancelled: u32,
        /// How many that were given are undone.
        reversed: u32,
    },
}

/// Records a refund of an order, and undoes what the order had earned.
pub async fn record(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    asked: &Asked<'_>,
) -> Result<Effect, Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, campaign, asked).await {
            Ok(Some(effect)) => return Ok(effect),
            Ok(None) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// The order that a refund is of, and whose it is. One of somebody who was forgotten is found by its
/// numbers, whomever the path names.
async fn find(
    app: &App,
    campaign: &Campaign,
    asked: &Asked<'_>,
) -> Result<(Code, Option<Sale>), Error> {
    let known = match Key::parse(asked.p) {
        Some(key) => participants::find(&app.db, &campaign.id, &key).await?,
        None => None,
    };
    let mut sales = refunds::sales(&app.db, &campaign.id, &asked.numbers).await?;
    if 1 < sales.len() {
        return Err(Error::Conflict("The numbers are of different orders."));
    }
    match (known, sales.pop()) {
        (_, Some(sale)) if sale.erased => Ok((sale.participant.clone(), Some(sale))),
        (None, _) => Err(Error::Missing),
        (Some(known), Some(sale)) if known.id != sale.participant => {
            let (p, msg) = (Some(asked.p.into()), "the order is another participant's");
            Err(Error::Invalid(vec![Problem::new("params", "participantIdOrEmail", p, msg)]))
        }
        (Some(known), sale) => Ok((known.id, sale)),
    }
}

/// One attempt; `None` if something else was first.
async fn attempt(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    asked: &Asked<'_>,
) -> Result<Option<Effect>, Error> {
    // Facts.
    let (friend, sale) = find(app, campaign, asked).await?;
    let (numbers, name) = (&asked.numbers, asked.name.as_str());
    let order = sale.as_ref().map(|it| it.id.as_str());
    let told = refunds::told(&app.db, &campaign.id, numbers, order, name).await?;
    if let Some(told) = told {
        if told.extent != asked.extent {
            return Err(Error::Conflict(
                "The refund history conflicts: this refund was recorded with another amount.",
            ));
        }
        return Ok(Some(Effect::Repeated { matched: told.conversion.is_some() }));
    }
    let id = call.id();
    let new = New {
        id: &id,
        campaign: &campaign.id,
        participant: &friend,
        name,
        kind: asked.kind,
        extent: asked.extent,
        now: call.now,
    };
    let mut plan = Plan::new(call, &campaign.id);
    let about = json!({ "refund": id, "order": order, "amendmentType": asked.kind });
    plan.audit("REFUND_RECORDED", friend.as_str(), json!({}), about);
    let Some(sale) = sale else {
        plan.extend(refunds::keep(&new, numbers));
        return Ok(plan.commit(&app.db).await?.then_some(Effect::Kept));
    };

    // Decision.
    let taken = refund::taken(asked.extent, sale.gross, sale.refunded).ok_or(Error::Conflict(
        "The refund history conflicts: the refunds are more than the order.",
    ))?;
    let refunded = sale.refunded + taken;
    let partial = refunded < sale.gross;
    let rest = rest(&sale, refunded);
    let left = if partial { Left::Part(&rest) } else { Left::Nothing };
    let changes = 0 < taken || sale.gross == 0;
    let credited = sale.referrer.as_ref().filter(|_| changes);
    let affected = match credited {
        Some(_) => reversals::affected(&app.db, &campaign.id, &friend).await?,
        None => Vec::new(),
    };
    let undone: Vec<_> = affected
        .into_iter()
        .filter_map(|it| it.becomes(left).map(|becomes| Undone { it, becomes }))
        .collect();

    // Consequences.
    plan.extend(refunds::insert(&new, numbers, &sale.id, taken));
    plan.add(refunds::take(&sale.id, sale.refunded, refunded));
    plan.add(refunds::unsettled(&campaign.id, &sale));
    // A part less may no longer meet what it was counted by.
    let lost = match credited {
        Some(_) if partial => lost(app, &friend, &rest).await?,
        _ => Vec::new(),
    };
    let loses = !partial || !lost.is_empty();
    if let Some(referrer) = credited.filter(|_| loses) {
        let month = campaign.options.time_zone.month(call.now);
        let found = referrers::bound(&app.db, &campaign.id, referrer, month, false).await?;
        // Rounds rest on the counts as they were read.
        if let Some(found) = &found {
            plan.count(found, true);
        }
        if !partial {
            plan.add(referrals::reverse(&campaign.id, &friend, &sale.id, call.now));
        }
        plan.extend(lost.iter().map(|it| counted::remove(&friend, &it.rule)));
    }
    for it in &undone {
        it.follow(&mut plan, &id, call.now);
    }
    if let Some(referrer) = credited.filter(|_| loses) {
        plan.add(reversals::free_rounds(referrer));
    }
    if changes {
        let facts = json!({
            "order": sale.id,
            "refund": id,
            "amendmentType": asked.kind,
            "amount": taken,
            "refunded": refunded,
            "gross": sale.gross,
            "referrer": credited,
            "uncounted": lost.iter().map(|it| &it.rule).collect::<Vec<_>>(),
            "rewards": undone.iter().map(Undone::told).collect::<Vec<_>>(),
        });
        let undoes = credited.is_some() && (!partial || !undone.is_empty());
        let kind = if undoes { Kind::Reversed } else { Kind::Refunded };
        plan.decide(&friend, kind, vec![reason(partial)], facts);
        tell_others(&mut plan, &friend, &undone);
    }
    let count = |becomes| {
        let count = undone.iter().filter(|it| it.becomes == becomes).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let (cancelled, reversed) = (count(Becomes::Cancelled), count(Becomes::Reversed));
    let effect = Effect::Counted { partial, cancelled, reversed };
    Ok(plan.commit(&app.db).await?.then_some(effect))
}

/// What conditions look at when this much of an order is refunded.
fn rest(sale: &Sale, refunded: i64) -> Known {
    Known {
        amount: Some(refund::left(sale.net, sale.gross, refunded)),
        products: sale.products.clone(),
        country: sale.country.clone(),
        new_customer: sale.new_customer,
        ..Known::default()
    }
}

/// The rules that counted a friend's order, and whose conditions the rest of it does not meet.
async fn lost(app: &App, friend: &Code, rest: &Known) -> Result<Vec<Counted>, Error> {
    let mut all = counted::of_friend(&app.db, friend).await?;
    all.retain(|it| it.event == reward::Event::Conversion && !it.conditions.holds_of_rest(rest));
    Ok(all)
}

const fn reason(partial: bool) -> Reason {
    if partial { Reason::PartlyRefunded } else { Reason::Refunded }
}

/// A reward and what becomes of it.
struct Undone {
    it: refund::Affected,
    becomes: Becomes,
}

impl Undone {
    /// What becomes of the reward, by the refund of this id.
    fn follow(&self, plan: &mut Plan<'_>, refund: &str, now: shared::time::Timestamp) {
        match self.becomes {
            Becomes::Cancelled => plan.add(reversals::cancel(&self.it.id)),
            Becomes::Reversed => plan.extend(reversals::reverse(&self.it.id, refund, now)),
            Becomes::Waiting => plan.add(reversals::doubt(&self.it.id)),
        }
    }

    fn told(&self) -> Value {
        let it = &self.it;
        json!({
            "reward": it.id, "rule": it.rule, "version": it.version, "side": name(&it.side),
            "becomes": self.becomes,
        })
    }
}

/// Decisions about whoever else loses by it: of the refund, they say nothing.
fn tell_others(plan: &mut Plan<'_>, friend: &Code, undone: &[Undone]) {
    for it in undone.iter().filter(|it| it.it.participant != *friend) {
        let (kind, reason) = match it.becomes {
            Becomes::Cancelled => (Kind::Cancelled, Reason::NoLongerCounts),
            Becomes::Reversed => (Kind::Reversed, Reason::NoLongerCounts),
            Becomes::Waiting => (Kind::Held, Reason::AwaitsConfirmation),
        };
        plan.decide(&it.it.participant, kind, vec![reason], it.told());
    }
}

/// Refunds that came before their order.
#[derive(Debug, Default)]
pub(super) struct Early {
    told: Vec<Told>,
    taken: Vec<i64>,
    gross: i64,
}

impl Early {
    /// Reads those that wait for an order.
    pub(super) async fn read(
        app: &App,
        campaign: &Campaign,
        friend: &Code,
        event: &Event,
    ) -> Result<Self, Error> {
        let Event::Transaction(order) = event else { return Ok(Self::default()) };
        let told = refunds::waiting(&app.db, &campaign.id, friend, &order.numbers).await?;
        let extents: Vec<Extent> = told.iter().map(|it| it.extent).collect();
        let gross = order.gross.minor;
        let taken = refund::taken_at_once(&extents, gross);
        Ok(Self { told, taken, gross })
    }

    fn refunded(&self) -> i64 {
        self.taken.iter().fold(0, |sum, it| sum.saturating_add(*it))
    }

    /// Whether they leave nothing of the order.
    pub(super) fn is_all(&self) -> bool {
        !self.told.is_empty() && self.refunded() == self.gross
    }

    /// What conditions look at: what is left.
    pub(super) fn known(&self, known: Known) -> Known {
        let amount = known.amount.map(|net| refund::left(net, self.gross, self.refunded()));
        Known { amount, ..known }
    }

    /// Plans that they count, once the order is recorded; fails the batch if another came meanwhile.
    pub(super) fn count(
        &self,
        plan: &mut Plan<'_>,
        friend: &Code,
        conversion: &str,
        order: &Transaction,
    ) {
        for (told, taken) in self.told.iter().zip(&self.taken) {
            plan.add(refunds::count(&told.id, conversion, *taken));
            let facts = json!({
                "order": conversion, "refund": told.id, "amount": taken, "gross": self.gross,
            });
            plan.decide(friend, Kind::Refunded, vec![reason(!self.is_all())], facts);
        }
        let campaign = plan.campaign();
        let sold = Sold { conversion, campaign, participant: friend };
        plan.add(refunds::settle(&sold, &order.numbers, self.refunded()));
    }
}

/// Settles a referral whose event is an order of which nothing is left: as if it had been credited
/// and refunded then (R-REFUND-3).
pub(super) fn settle(plan: &mut Plan<'_>, call: &Call, due: &Due<'_>, budget: Budget) {
    let credit = referral::credit(&due.facts(call, budget));
    if credit.outcome != Some(Outcome::Awarded) {
        award::settle(plan, call, due, budget);
        return;
    }
    let settlement = Settlement {
        outcome: Outcome::Reversed,
        month: None,
        conversion: due.transaction,
        source: due.source,
        now: call.now,
    };
    plan.add(referrals::settle(&due.campaign.id, due.friend, &settlement));
    let facts = json!({
        "referrer": due.referrer.standing.participant,
        "order": due.transaction,
        "source": name(&due.source),
        "rewards": [],
    });
    plan.decide(due.friend, Kind::Reversed, vec![Reason::Refunded], facts);
}
