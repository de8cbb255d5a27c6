//! Joining on our page: nobody is bound by it before they show that the address is theirs, so that it
//! tells nobody who takes part, and binds nobody to whoever typed their address. Whoever never shows it is
//! forgotten.

use serde::{Deserialize, Serialize};
use shared::{
    attribution::{Claims, TokenError, Touches},
    code::Code,
    fraud::Submission,
    reward::{self, Source},
};

use super::{
    bond::{Bonding, Brought, Evidence},
    enrol::{Newcomer, welcome},
    guard::{self, Suspect},
    mail as mails,
    plan::{Plan, Turns},
    terms,
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::{read, to_json},
    store::{
        joinings, messages,
        participants::{self, Key, Known},
        rules,
    },
};

/// What goes with joining.
#[derive(Clone, Debug)]
pub struct Joins {
    /// The job that brings who joins, after which the message with the link is numbered.
    pub job: String,
    /// The version of the card that they agreed to.
    pub agreed: String,
    /// The page of the site to which the link leads, else ours.
    pub page: Option<String>,
}

/// What a browser brought: claims and ids, no token and nobody's address.
#[derive(Deserialize, Serialize)]
struct Kept {
    first: Option<Claims>,
    last: Option<Claims>,
    refused: Option<TokenError>,
    submission: Submission,
    signed_in: Option<Code>,
}

impl Kept {
    fn of(newcomer: &Newcomer) -> Self {
        let (first, last, refused) = match &newcomer.brought {
            Brought::Nothing => (None, None, None),
            Brought::Refused(error) => (None, None, Some(*error)),
            Brought::Touches(it) => (it.first.clone(), Some(it.last.clone()), None),
        };
        let (submission, signed_in) = (newcomer.submission, newcomer.signed_in.clone());
        Self { first, last, refused, submission, signed_in }
    }

    fn read(text: &str) -> Result<Self, Error> {
        read(text).map_err(|it| Error::Internal(format!("what somebody brought: {it}")))
    }

    fn brought(&self) -> Brought {
        match (self.last.clone(), self.refused) {
            (Some(last), _) => Brought::Touches(Touches { first: self.first.clone(), last }),
            (None, Some(error)) => Brought::Refused(error),
            (None, None) => Brought::Nothing,
        }
    }
}

/// Sends the link to whoever joins, and keeps what their browser brought; of who is known, if it names
/// anybody.
pub(super) fn keep(plan: &mut Plan<'_>, newcomer: &Newcomer, friend: &Code, is_new: bool) {
    let Some(Joins { job, agreed, page }) = &newcomer.joins else { return };
    let brought = to_json(&Kept::of(newcomer));
    if is_new {
        plan.add(joinings::insert(friend, plan.campaign(), &brought, plan.now()));
    } else {
        let brought = (newcomer.brought != Brought::Nothing).then_some(&*brought);
        plan.add(joinings::update(friend, brought, plan.now()));
    }
    // Of the version before nobody knows to what they agreed.
    if !agreed.is_empty() {
        plan.add(participants::agree(friend, agreed, plan.now()));
    }
    let message = mails::login_link(plan.campaign(), friend.as_str(), job, page.as_deref());
    plan.add(messages::insert(&message, plan.now()));
}

/// A sign-up of somebody who joined and has not shown yet that the address is theirs, with what their
/// browser brought then unless it brings something itself; none of anybody else's.
pub(super) async fn told(
    app: &App,
    newcomer: &Newcomer,
    known: &Known,
) -> Result<Option<Newcomer>, Error> {
    if !known.joined || newcomer.joins.is_some() {
        return Ok(None);
    }
    let Some(open) = joinings::find(&app.db, &known.id).await? else { return Ok(None) };
    let mut newcomer = newcomer.clone();
    if newcomer.brought == Brought::Nothing && newcomer.typed.is_none() {
        let kept = Kept::read(&open.brought)?;
        newcomer.brought = kept.brought();
        newcomer.submission = kept.submission;
        newcomer.signed_in = kept.signed_in;
    }
    Ok(Some(newcomer))
}

/// The address is theirs, as their sign-up tells; they are welcome, unless they come in a file.
pub(super) fn close(plan: &mut Plan<'_>, newcomer: &Newcomer, friend: &Code, bonding: &Bonding) {
    plan.add(joinings::close(friend));
    if newcomer.imported.is_none() {
        plan.tell(newcomer.welcome(bonding), friend, "");
    }
}

/// Binds whoever joined, once they came in by the link in their mail: the address is theirs. Of anybody
/// else it changes nothing.
pub(super) async fn confirm(app: &App, call: &Call, participant: &Code) -> Result<(), Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        match once(app, call, participant).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// The same; `false` if something else was first.
async fn once(app: &App, call: &Call, participant: &Code) -> Result<bool, Error> {
    // Facts.
    let Some(open) = joinings::find(&app.db, participant).await? else { return Ok(true) };
    let (terms, _) = terms::read(app, &open.campaign).await?;
    let campaign = &terms.campaign;
    let key = Key::Code(participant.clone());
    let Some(known) = participants::find(&app.db, &campaign.id, &key).await? else {
        return Ok(true);
    };
    let mut plan = Plan::new(call, &campaign.id);
    plan.add(joinings::close(participant));
    if known.bond.is_some() {
        return plan.commit(&app.db).await;
    }
    let kept = Kept::read(&open.brought)?;
    let brought = kept.brought();
    let counted = reward::counts(&rules::of_campaign(&app.db, &campaign.id).await?);
    let evidence = Evidence::read(app, call, campaign, &brought, None, counted).await?;

    // Decision.
    let mut bonding = evidence.bind(call, participant);
    let suspect = Suspect {
        friend: participant,
        email: &open.email,
        submission: kept.submission,
        signed_in: kept.signed_in.as_ref(),
        source: Source::Browser,
        since: None,
        is_imported: false,
    };
    guard::look(app, call, campaign, &mut bonding, &suspect).await?;

    // Consequences.
    evidence.record(&mut plan, call, participant, &bonding, Source::Browser);
    if bonding.bond.referrer.is_some() {
        plan.add(participants::brought(participant));
    }
    plan.tell(welcome(&bonding), participant, "");
    plan.commit(&app.db).await
}

/// Forgets whoever did not show for too long that the address is theirs.
pub(super) async fn forget(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let mut due = joinings::due(&app.db, call.now, most).await?;
    for it in &mut due {
        it.id = call.id();
    }
    if !due.is_empty() {
        app.db.batch(joinings::forget(&due, call.now)).await?;
        for it in &due {
            // What is kept of their link is no link any more: the database is asked.
            app.cache.links.forget(it.participant.as_str());
            app.store.keep(&format!("code:{}", it.participant), "").await;
        }
    }
    Ok(due.len())
}
