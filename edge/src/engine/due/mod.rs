//! What is due, by kinds that take turns: each takes a bite that it finds by an index on its time, so
//! that a run ends however much there is, and no kind waits for another's backlog.

mod boards;
mod doubts;
#[cfg(test)]
mod tests;

use futures_util::future::join_all;
use shared::{campaign::Campaign, reward::MOST_WINNERS, time::Span};

use super::{configure, delay, import, jobs, joining, mail};
use crate::{
    app::App,
    call::Call,
    error::Error,
    platform::{ROUNDS, STATEMENTS, log, pause},
    store::{boards as leaderboards, delays, ends, expiries, waits},
};

/// What may be due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// Jobs of the outbox.
    Jobs,
    /// Credits whose day has come.
    Delays,
    /// Referrals whose time is over.
    Expiries,
    /// Rewards whose hold is over.
    Holds,
    /// Those of them that rest on a browser's word alone.
    Doubts,
    /// Campaigns whose end is past.
    Ends,
    /// Leaderboards whose time is over.
    Boards,
    /// Months that people are told of.
    Months,
    /// What everybody of a campaign is told.
    Mailings,
    /// Friends of whom their referrers are reminded.
    Reminders,
    /// Messages to people.
    Messages,
    /// Addresses of which nobody showed that they are theirs.
    Joinings,
}

const KINDS: [Kind; 12] = [
    Kind::Jobs,
    Kind::Delays,
    Kind::Expiries,
    Kind::Holds,
    Kind::Doubts,
    Kind::Ends,
    Kind::Boards,
    Kind::Months,
    Kind::Mailings,
    Kind::Reminders,
    Kind::Messages,
    Kind::Joinings,
];

/// How long what failed waits until it is looked at again.
const LATER: Span = Span::minutes(10);

impl Kind {
    /// The most that one turn takes.
    const fn bite(self) -> u32 {
        match self {
            Self::Jobs => 13,
            Self::Delays | Self::Doubts => 8,
            Self::Expiries | Self::Holds | Self::Joinings => 200,
            Self::Ends => 5,
            Self::Boards | Self::Months | Self::Mailings => 1,
            Self::Reminders => 3,
            Self::Messages => 9,
        }
    }

    /// The most statements that one turn asks of the database: to find what is due, and for that.
    const fn cost(self) -> u32 {
        self.spent(self.bite())
    }

    /// The statements for so many of them. A credit takes 22 under two rules, a reward that a browser
    /// told 8, a campaign's end 5, a leaderboard 7 and 2 for each winner, a month 3, a step of a mailing 4,
    /// a campaign's reminders 2, a message 9.
    const fn spent(self, found: u32) -> u32 {
        1 + match self {
            Self::Jobs | Self::Delays => found * 22,
            Self::Expiries => 2,
            Self::Holds => 3,
            Self::Doubts => found * 8,
            Self::Ends => found * 5,
            Self::Boards => found * (7 + 2 * MOST_WINNERS),
            Self::Months => found * 3,
            Self::Mailings => found * 4,
            Self::Reminders => found * 2,
            Self::Messages => found * 9,
            Self::Joinings => 10,
        }
    }

    /// Takes a turn, and says how many it found.
    async fn turn(self, app: &App, call: &Call) -> Result<usize, Error> {
        let most = self.bite();
        match self {
            Self::Jobs => jobs::run_due(app, call, most).await,
            Self::Delays => credit(app, call, most).await,
            Self::Expiries => expire(app, call, most).await,
            Self::Holds => approve(app, call, most).await,
            Self::Doubts => settle(app, call, most).await,
            Self::Ends => end(app, call, most).await,
            Self::Boards => close(app, call, most).await,
            Self::Months => mail::begin_months(app, call, most).await,
            Self::Mailings => mail::spread(app, call, most).await,
            Self::Reminders => mail::remind(app, call, most).await,
            Self::Messages => mail::run_due(app, call, most).await,
            Self::Joinings => joining::forget(app, call, most).await,
        }
    }
}

/// What one turn of every kind costs: a run comes to each of them.
const ROUND: u32 = {
    let mut sum = 0;
    let mut at = 0;
    while at < KINDS.len() {
        sum += KINDS[at].cost();
        at += 1;
    }
    sum
};

const _: () = assert!(ROUND <= STATEMENTS, "a run has to come to every kind");

/// Does what is due, in turns, until nothing is or the run has done enough.
pub(super) async fn run(app: &App, call: &Call) {
    let mut left = STATEMENTS;
    let mut open = KINDS.to_vec();
    for _ in 0..ROUNDS {
        for kind in open.clone() {
            if left < kind.cost() {
                continue;
            }
            let found = match kind.turn(app, call).await {
                Ok(found) => u32::try_from(found).unwrap_or(kind.bite()),
                Err(error) => {
                    log(&format!("due {kind:?} failed: {error:?}"));
                    0
                }
            };
            left -= kind.spent(found).min(left);
            if found < kind.bite() {
                open.retain(|it| *it != kind);
            }
            pause().await;
        }
        if open.is_empty() {
            break;
        }
    }
    // What nobody waits for gets what the rest leaves.
    if let Err(error) = import::run_due(app, call, left).await {
        log(&format!("imports failed: {error:?}"));
    }
}

/// Labels referrals expired whose event never came.
async fn expire(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let mut due = expiries::due(&app.db, call.now, most).await?;
    if !due.is_empty() {
        for it in &mut due {
            it.id = call.id();
        }
        app.db.batch(expiries::expire(&due, call.now)).await?;
    }
    Ok(due.len())
}

/// Approves rewards whose hold is over.
async fn approve(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let mut due = waits::due(&app.db, call.now, most).await?;
    for it in &mut due {
        it.id = call.id();
    }
    if !due.is_empty() {
        app.db.batch(waits::approve(&due, call.now)).await?;
    }
    Ok(due.len())
}

/// Approves or cancels rewards that rest on a browser's word alone.
async fn settle(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let due = waits::doubted(&app.db, call.now, most).await?;
    for it in &due {
        if let Err(error) = doubts::settle(app, call, it).await {
            log(&format!("a reward of {} was not approved: {error:?}", it.campaign));
            app.db.batch(vec![waits::put_off(it, call.now + LATER)]).await?;
        }
    }
    Ok(due.len())
}

/// Credits referrals whose day has come.
async fn credit(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let due = delays::due(&app.db, call.now, most).await?;
    // At once, so that natively they share transactions.
    let done = join_all(due.iter().map(|it| delay::credit(app, call, it))).await;
    for (it, done) in due.iter().zip(done) {
        if let Err(error) = done {
            log(&format!("a delayed credit of {} failed: {error:?}", it.friend));
            app.db.batch(vec![delays::put_off(it, call.now + LATER)]).await?;
        }
    }
    Ok(due.len())
}

/// Ends campaigns at the time that was set for them, on the way of the owner's own call.
async fn end(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let due = ends::due(&app.db, call.now, most).await?;
    for id in &due {
        let over = |campaign: &Campaign| {
            let ended = campaign.ended(call.now).filter(|_| campaign.is_over(call.now));
            Ok(ended.unwrap_or_else(|| campaign.clone()))
        };
        if let Err(error) = configure::change(app, call, id, over).await {
            log(&format!("the end of {id} failed: {error:?}"));
        }
    }
    Ok(due.len())
}

/// Closes leaderboards.
async fn close(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let due = leaderboards::due(&app.db, call.now, most).await?;
    for it in &due {
        if let Err(error) = boards::close(app, call, it).await {
            log(&format!("the leaderboard of {} failed: {error:?}", it.campaign));
            app.db.batch(vec![leaderboards::put_off(it, call.now + LATER)]).await?;
        }
    }
    Ok(due.len())
}
