//! The one way by which a person becomes a participant: REST, leads and the demo go through here.

use std::collections::BTreeMap;

use serde_json::json;
use shared::{
    campaign::Campaign,
    code::Code,
    decision::{Kind as Ruling, Reason},
    email::Email,
    fraud::{Submission, Verdict},
    referral::Outcome,
    reward::{self, Source},
    time::{Span, Timestamp},
};

mod sign_up;

use self::sign_up::{Bound, SignUp};
pub use super::bond::{Brought, NamedStatus};
use super::{
    award,
    bond::{Bonding, Evidence},
    confirm::{self, Confirmed},
    guard::{self, Kept, Suspect},
    joining,
    past::{self, Whose},
    plan::{Plan, Turns},
};
use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    error::Error,
    mail,
    sql::{Statement, name},
    store::{
        conversions::Kind,
        counted, decisions, import_people, import_rows, leads,
        participants::{self, Key, Known, New, Origin},
        referrers::{self, Referrer},
        rewards, rules, signals,
    },
};

/// Somebody who may be new.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Who they are.
    pub email: Email,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The owner's own fields.
    pub metadata: BTreeMap<String, String>,
    /// Their language tag.
    pub language: Option<String>,
    /// Who says so.
    pub source: Source,
    /// By which way they came.
    pub brought: Brought,
    /// The referrer whom somebody named: id, vanity key or address.
    pub typed: Option<String>,
    /// The status that the back end asks for; none: what the campaign's trigger says.
    pub named_status: Option<NamedStatus>,
    /// Whether somebody of the team adds them, who did not ask for it themselves.
    pub by_hand: bool,
    /// The row of a file in which they come.
    pub imported: Option<Imported>,
    /// How the form was filled in, if it was one.
    pub submission: Submission,
    /// The participant who is signed in in the browser that sent it.
    pub signed_in: Option<Code>,
    /// The job by which somebody joined on the page for participants, and not the owner's product: that
    /// earns nobody anything, and a link to sign in goes to them, which may lead to a page of the site.
    pub joins: Option<joining::Joins>,
    /// Further writes of the same batch, such as the end of the job that brought them.
    pub also: Vec<Statement>,
}

/// The row of a file in which somebody comes.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The import.
    pub import: String,
    /// Its row.
    pub row: u32,
    /// When they joined, as the file has it.
    pub joined_at: Option<Timestamp>,
    /// Whether nobody is written to because of the row.
    pub quiet: bool,
    /// Further writes of the batch that adds them: none, if they take part already.
    pub first: Vec<Statement>,
}

impl Newcomer {
    /// Somebody of whom no more is known than their address.
    #[must_use]
    pub fn new(email: Email, source: Source) -> Self {
        Self {
            email,
            first_name: None,
            last_name: None,
            metadata: BTreeMap::new(),
            language: None,
            source,
            brought: Brought::Nothing,
            typed: None,
            named_status: None,
            by_hand: false,
            imported: None,
            submission: Submission::default(),
            signed_in: None,
            joins: None,
            also: Vec::new(),
        }
    }

    /// What they are told first.
    pub(super) fn welcome(&self, bonding: &Bonding) -> mail::Kind {
        if self.by_hand { mail::Kind::AddedByHand } else { welcome(bonding) }
    }

    fn suspect<'a>(&'a self, friend: &'a Code, since: Option<Timestamp>) -> Suspect<'a> {
        Suspect {
            friend,
            email: &self.email,
            submission: self.submission,
            signed_in: self.signed_in.as_ref(),
            source: self.source,
            since,
            is_imported: self.imported.is_some(),
        }
    }

    /// What conditions look at; `known`, if they take part already, and `since` when.
    async fn facts(
        &self,
        app: &App,
        campaign: &Campaign,
        rules: &[reward::Rule],
        known: Option<&Code>,
        since: Option<Timestamp>,
    ) -> Result<reward::Known, Error> {
        let whose = Whose { id: known, email: Some(&self.email), metadata: &self.metadata };
        past::known(app, &campaign.id, rules, &whose, reward::Known::default(), since).await
    }
}

/// What somebody is told first. Of a bond that is held or rejected nothing is said.
pub(super) fn welcome(bonding: &Bonding) -> mail::Kind {
    let is_bound = bonding.bond.referrer.is_some();
    if is_bound && bonding.guarded.outcome() == Outcome::Pending {
        mail::Kind::WelcomeReferred
    } else {
        mail::Kind::WelcomeNonReferred
    }
}

/// A participant, new or known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Enrolled {
    /// Who.
    pub participant: Code,
    /// Whether this call added them.
    pub is_new: bool,
    /// Who referred them.
    pub referrer: Option<Code>,
}

/// Adds a person, or finds them and changes nothing.
///
/// A new person is bound to who referred them and, where the sign-up is what the campaign pays for,
/// credited in the same batch. Of a known person, only what a browser alone had said is confirmed
/// or contradicted by a better source, and a sign-up that is told twice is bound by either.
pub async fn enrol(
    app: &App,
    call: &Call,
    terms: &Terms,
    newcomer: &Newcomer,
) -> Result<Enrolled, Error> {
    enrol_of(app, call, terms, newcomer, None).await
}

/// The same of whom a lead or a row told, whose end is in [`Newcomer::also`]; [`Error::Missing`] if it
/// was read or forgotten meanwhile.
pub(super) async fn enrol_of(
    app: &App,
    call: &Call,
    terms: &Terms,
    newcomer: &Newcomer,
    lead: Option<&str>,
) -> Result<Enrolled, Error> {
    let campaign = &terms.campaign;
    let identity = Key::Identity(newcomer.email.identity());
    let mut turns = Turns::default();
    while turns.next().await {
        let done = match participants::find(&app.db, &campaign.id, &identity).await {
            Ok(Some(known)) => again(app, call, campaign, newcomer, &known).await,
            Ok(None) => first(app, call, campaign, newcomer).await,
            Err(error) => Err(error.into()),
        };
        match done {
            Ok(Some(enrolled)) => return Ok(enrolled),
            Ok(None) => {
                if let Some(lead) = lead
                    && leads::find(&app.db, lead).await?.is_none()
                {
                    return Err(Error::Missing);
                }
                if let Some(it) = &newcomer.imported
                    && !import_rows::waits(&app.db, &it.import, it.row).await?
                {
                    return Err(Error::Missing);
                }
            }
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// Adds somebody new; `None` if something else was first.
async fn first(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    newcomer: &Newcomer,
) -> Result<Option<Enrolled>, Error> {
    // Facts.
    let rules = rules::of_campaign(&app.db, &campaign.id).await?;
    let (counted, joins) = (reward::counts(&rules), newcomer.joins.is_some());
    // What joins is bound once the address is known to be theirs.
    let brought = if joins { &Brought::Nothing } else { &newcomer.brought };
    let typed = newcomer.typed.as_deref();
    let evidence = Evidence::read(app, call, campaign, brought, typed, counted).await?;
    let facts = newcomer.facts(app, campaign, &rules, None, None).await?;

    // Decision.
    let friend = Code::from_entropy(call.draw());
    let mut bonding = evidence.bind(call, &friend);
    guard::look(app, call, campaign, &mut bonding, &newcomer.suspect(&friend, None)).await?;

    // Consequences.
    let mut plan = Plan::new(call, &campaign.id);
    let bound = bonding.bond.referrer.is_some();
    plan.extend(participants::insert(&New {
        id: &friend,
        campaign: &campaign.id,
        origin: match (&newcomer.imported, newcomer.by_hand, bound) {
            (Some(_), ..) => Origin::Import,
            (None, true, _) => Origin::Manual,
            (None, false, true) => Origin::Participant,
            (None, false, false) => Origin::Direct,
        },
        source: newcomer.source,
        language: newcomer.language.as_deref(),
        email: &newcomer.email,
        first_name: newcomer.first_name.as_deref(),
        last_name: newcomer.last_name.as_deref(),
        metadata: &newcomer.metadata,
        joins,
        now: newcomer.imported.as_ref().and_then(|it| it.joined_at).unwrap_or(call.now),
    }));
    let mailbox = guard::mailbox(app, &campaign.id, &newcomer.email);
    plan.add(signals::insert_mailbox(&campaign.id, &friend, &mailbox));
    hush(&mut plan, newcomer, &friend, bound);
    let signup = SignUp { campaign, newcomer, rules: &rules, facts: &facts };
    if !joins {
        evidence.record(&mut plan, call, &friend, &bonding, newcomer.source);
        sign_up::credit(&mut plan, call, &signup, &friend, Bound::by(&bonding, newcomer, call.now));
    }
    match &newcomer.imported {
        Some(it) => {
            plan.extend(it.first.iter().cloned());
            plan.add(import_rows::added(&it.import));
        }
        None if joins => joining::keep(&mut plan, newcomer, &friend, true),
        None => plan.tell(newcomer.welcome(&bonding), &friend, ""),
    }
    plan.extend(newcomer.also.iter().cloned());
    let referrer = bonding.bond.referrer;
    let about = json!({ "referrer": referrer, "source": name(&newcomer.source) });
    plan.audit("PARTICIPANT_ADDED", friend.as_str(), json!({}), about);
    let enrolled = Enrolled { participant: friend, is_new: true, referrer };
    Ok(plan.commit(&app.db).await?.then_some(enrolled))
}

/// Of what a row brings, where nobody asked for it, neither they nor their referrer are told.
fn hush(plan: &mut Plan<'_>, newcomer: &Newcomer, friend: &Code, binds: bool) {
    if binds && newcomer.imported.as_ref().is_some_and(|it| it.quiet) {
        plan.add(import_people::hush(friend, plan.now()));
    }
}

/// How long after the back end's word a browser's lead is still of the same sign-up: a form is sent
/// to the site before its lead is, and both may be tried again.
const SAME_SIGN_UP: Span = Span::minutes(15);

/// When the back end told the sign-up, without claim or name, that a browser's lead tells too: if it
/// was less than [`SAME_SIGN_UP`] before the lead was sent, or after.
async fn told_alone(
    app: &App,
    call: &Call,
    newcomer: &Newcomer,
    known: &Known,
) -> Result<Option<Timestamp>, Error> {
    let is_lead = newcomer.source == Source::Browser && newcomer.brought != Brought::Nothing;
    if !is_lead
        || newcomer.joins.is_some()
        || known.source == Source::Browser
        || known.bond.is_some()
    {
        return Ok(None);
    }
    let told = decisions::came_alone(&app.db, &known.id).await?;
    Ok(told.filter(|it| call.now < *it + SAME_SIGN_UP))
}

/// Leaves somebody known as they are, but for a confirmation; `None` if something else was first.
///
/// A sign-up that a browser told without a referrer or with another one, and that the back end tells
/// with one, is the same sign-up: it is bound now, as the back end says. So is one that the back end
/// told first, without a referrer: it is bound now, as the browser says.
async fn again(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    newcomer: &Newcomer,
    known: &Known,
) -> Result<Option<Enrolled>, Error> {
    // Facts.
    let open = joining::told(app, newcomer, known).await?;
    let newcomer = open.as_ref().unwrap_or(newcomer);
    let confirms = known.source == Source::Browser && newcomer.source != Source::Browser;
    let told = told_alone(app, call, newcomer, known).await?;
    let signs_up = known.joined && newcomer.joins.is_none();
    let rules = if confirms || signs_up || told.is_some() {
        rules::of_campaign(&app.db, &campaign.id).await?
    } else {
        Vec::new()
    };
    let counted = reward::counts(&rules);
    let (brought, typed) = (&newcomer.brought, newcomer.typed.as_deref());
    let evidence = Evidence::read(app, call, campaign, brought, typed, counted).await?;
    let facts = newcomer.facts(app, campaign, &rules, Some(&known.id), told).await?;
    let (confirmed, waiting, counted) = match &known.bond {
        Some(bond) if confirms || signs_up => {
            let zone = campaign.options.time_zone;
            let month = bond.month.unwrap_or_else(|| zone.month(call.now));
            let referrer =
                referrers::bound(&app.db, &campaign.id, &bond.referrer, month, true).await?;
            let waiting = rewards::waiting(&app.db, &known.id).await?;
            (referrer, waiting, counted::of_friend(&app.db, &known.id).await?)
        }
        _ => (None, Vec::new(), Vec::new()),
    };

    // Decision.
    let mut bonding = evidence.bind(call, &known.id);
    // Nobody is bound before they are added: a lead may be read long after it was sent.
    let call = &call.at(told.map_or(call.now, |it| call.now.max(it)));
    let may_bind = (confirms || told.is_some() || open.is_some()) && known.bond.is_none();
    if may_bind || bonding.would_replace(known, newcomer.source) {
        guard::look(app, call, campaign, &mut bonding, &newcomer.suspect(&known.id, told)).await?;
    }
    let refused = bonding.guarded.verdict == Verdict::Refuse;
    let replaces = bonding.replaces(known, newcomer.source);
    let binds = replaces || may_bind && bonding.referrer.is_some();
    let referrer = known.bond.as_ref().map(|it| &it.referrer);

    // Consequences.
    let mut plan = Plan::new(call, &campaign.id);
    if replaces {
        confirm::retract(&mut plan, campaign, known, newcomer.source);
    } else {
        let (referrer, source) = (confirmed.as_ref(), newcomer.source);
        let (waiting, counted) = (&waiting, &counted);
        let confirmed = Confirmed { campaign, known, referrer, waiting, counted, source };
        confirm::plan(&mut plan, call, &confirmed);
        if let Some((bond, referrer)) = known.bond.as_ref().zip(referrer).filter(|_| signs_up) {
            if confirms {
                // What follows from their word goes first; the sign-up is decided on what it changes.
                plan.commit(&app.db).await?;
                return Ok(None);
            }
            let signup = SignUp { campaign, newcomer, rules: &rules, facts: &facts };
            let bound = Bound::known(bond, referrer, known.source.max(newcomer.source));
            sign_up::credit(&mut plan, call, &signup, &known.id, bound);
        }
    }
    let friend = &known.id;
    if signs_up {
        plan.add(participants::signed_up(friend));
    }
    if open.is_some() {
        joining::close(&mut plan, newcomer, friend, &bonding);
    }
    joining::keep(&mut plan, newcomer, friend, false);
    if binds {
        hush(&mut plan, newcomer, friend, binds);
        evidence.record(&mut plan, call, friend, &bonding, newcomer.source);
        let signup = SignUp { campaign, newcomer, rules: &rules, facts: &facts };
        sign_up::credit(&mut plan, call, &signup, friend, Bound::by(&bonding, newcomer, call.now));
        match (told, &open) {
            (Some(_), _) => plan.add(participants::doubt(friend)),
            (None, Some(_)) => plan.add(participants::brought(friend)),
            (None, None) => {}
        }
    } else if refused || open.is_some() && known.bond.is_none() {
        evidence.record(&mut plan, call, friend, &bonding, newcomer.source);
    } else if let Some(claimed) = evidence.claimed()
        && referrer != Some(claimed)
        && !(known.joined && newcomer.joins.is_some())
    {
        // Somebody else's link brought a person who is here already.
        let reason = if claimed == friend { Reason::OwnLink } else { Reason::AlreadyKnown };
        let facts = json!({
            "referrer": referrer,
            "clickedReferrer": claimed,
            "source": name(&newcomer.source),
        });
        plan.decide(friend, Ruling::Unbound, vec![reason], facts);
    }
    plan.extend(newcomer.also.iter().cloned());
    let referrer = if binds { bonding.bond.referrer } else { referrer.cloned() };
    let enrolled = Enrolled { participant: known.id.clone(), is_new: false, referrer };
    Ok(plan.commit(&app.db).await?.then_some(enrolled))
}

#[cfg(test)]
mod tests;
