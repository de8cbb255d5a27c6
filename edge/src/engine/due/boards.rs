//! Closing a leaderboard: rule by rule, its winners get what they won.

use serde_json::json;
use shared::{
    campaign::Campaign,
    code::Code,
    decision::{Kind, Reason},
    reward::{self, Approval, Board, GRACE, Period, Rule, Won},
    time::{Span, Timestamp},
    zone::Month,
};

use super::super::{
    plan::{Plan, Turns},
    terms,
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    store::{
        boards::{self, Due, END},
        budgets,
        rewards::{self, Occasion},
    },
};

/// Takes one step: the board gives by its next rule, or is closed if there is none.
pub(super) async fn close(app: &App, call: &Call, due: &Due) -> Result<(), Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, due).await {
            Ok(true) => return Ok(()),
            // Another run gave, or the budget was taken from meanwhile.
            Ok(false) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
        if boards::due(&app.db, call.now, 1).await?.first() != Some(due) {
            return Ok(());
        }
    }
    Err(Error::Busy)
}

/// One attempt; `false` if something else was first.
async fn attempt(app: &App, call: &Call, due: &Due) -> Result<bool, Error> {
    // Facts.
    let (terms, _) = terms::read(app, &due.campaign).await?;
    let campaign = &terms.campaign;
    let month = (due.month != END).then_some(due.month);
    let (last, over) = times(campaign, due);
    if call.now < over + GRACE {
        app.db.batch(vec![boards::put_off(due, over + GRACE)]).await?;
        return Ok(true);
    }
    let period = if month.is_some() { Period::PerMonth } else { Period::InTotal };
    let Some(rule) = boards::next_rule(&app.db, due, period, last).await? else {
        app.db.batch(vec![boards::close(due, call.now)]).await?;
        return Ok(true);
    };
    let most = rule.number_of_winners;
    let places = boards::places(&app.db, &campaign.id, due.month, call.now, most).await?;
    let budget = budgets::left(&app.db, &campaign.id).await?;

    // Decision.
    let board = Board { options: &campaign.options, month, last, now: call.now };
    let won = reward::win(&rule, &board, &places, budget);

    // Consequences.
    let mut plan = Plan::new(call, &campaign.id);
    plan.add(boards::given(due, &rule.id));
    let earned_month = month.unwrap_or_else(|| campaign.options.time_zone.month(last));
    for it in &won {
        give(&mut plan, call, campaign, &rule, month, earned_month, it);
    }
    plan.commit(&app.db).await
}

/// The last instant that belongs to a board, and from when on it is over: a campaign runs until its
/// end, a month until before the next.
fn times(campaign: &Campaign, due: &Due) -> (Timestamp, Timestamp) {
    let next = campaign.options.time_zone.begins(due.month.next());
    due.last.map_or((next - Span(1), next), |it| (it, it))
}

/// Plans a winner's reward, and says why they get it or not.
fn give(
    plan: &mut Plan<'_>,
    call: &Call,
    campaign: &Campaign,
    rule: &Rule,
    month: Option<Month>,
    earned_month: Month,
    won: &Won,
) {
    let winner: &Code = &won.winner.participant;
    let mut facts = json!({
        "rule": rule.id,
        "version": rule.version,
        "month": month.map(|it| it.to_string()),
        "place": won.place,
        "referrals": won.winner.referrals,
    });
    let Some(earned) = &won.earned else {
        return plan.decide(winner, Kind::Refused, vec![Reason::BudgetExhausted], facts);
    };
    let id = format!("prew_{}", call.id());
    let occasion = Occasion {
        campaign: &campaign.id,
        referrer: winner,
        friend: None,
        month: earned_month,
        now: call.now,
    };
    plan.add(rewards::insert(&id, &occasion, earned));
    facts["reward"] = id.into();
    let mut reasons = vec![Reason::LeaderboardWon];
    match earned.approval {
        Approval::Now { .. } => {}
        Approval::At(_) => reasons.push(Reason::AwaitsHold),
        Approval::ByHand => reasons.push(Reason::AwaitsApproval),
    }
    plan.decide(winner, Kind::Won, reasons, facts);
}
