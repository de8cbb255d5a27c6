//! Members of the team: inviting them, changing what they may do, letting them go.

use serde_json::json;
use shared::{
    email::Email,
    lang::Lang,
    team::{Move, Role, Stays},
};

use super::{
    entry::{self, INVITATION},
    tries::{self, Tries},
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::{DbError, Statement},
    store::{
        audit,
        members::{self, Member, OWNER},
        passkeys, sessions, team,
    },
};

/// The most members of a team.
const MOST: usize = 100;

/// How often an hour somebody is written to who was invited.
const AGAIN: u32 = 5;

/// What came of a change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It is done, or was so already.
    Done,
    /// Somebody with this address is on the team.
    Known,
    /// They came in by an earlier letter.
    Joined,
    /// Somebody else changed it meanwhile.
    Stale,
    /// They stay as they are.
    Stays(Stays),
    /// The team is full.
    Full,
    /// They were written to often enough for this hour.
    TooOften,
}

/// Invites somebody by e-mail, in the language of `by`, the member who does.
pub async fn invite(
    app: &App,
    call: &Call,
    by: &str,
    email: &Email,
    role: Role,
    lang: Lang,
) -> Result<Outcome, Error> {
    if members::find(&app.db, email).await?.is_some() {
        return Ok(Outcome::Known);
    }
    if MOST <= members::all(&app.db).await?.len() {
        return Ok(Outcome::Full);
    }
    let id = format!("mem_{}", call.id());
    let (job, promised) = entry::promise(call, INVITATION, Some(id.clone()), lang);
    let mut batch = members::insert(&id, role, email, by, call.now);
    batch.push(promised);
    batch.push(noted(call, "MEMBER_INVITED", &id, None, Some(role)));
    match app.db.batch(batch).await {
        Ok(()) => {}
        Err(DbError::Constraint) => return Ok(Outcome::Known),
        Err(error) => return Err(error.into()),
    }
    super::jobs::soon(app, call, job);
    Ok(Outcome::Done)
}

/// Writes once more to somebody who has not come in yet.
pub async fn invite_again(app: &App, call: &Call, id: &str, lang: Lang) -> Result<Outcome, Error> {
    let member = one(app, id).await?;
    if member.joined_at.is_some() || member.email.is_none() {
        return Ok(Outcome::Joined);
    }
    let tries = Tries::new(app, "invitation", id.as_bytes(), AGAIN);
    if tries.are_over(app, call).await? {
        return Ok(Outcome::TooOften);
    }
    let (job, promised) = entry::promise(call, INVITATION, Some(id.into()), lang);
    let noted = audit::insert(call, "INVITATION_SENT", None, id, &json!({}), &json!({}));
    if !tries::write(app, vec![promised, tries.add(call), noted]).await? {
        return Ok(Outcome::TooOften);
    }
    super::jobs::soon(app, call, job);
    Ok(Outcome::Done)
}

/// Gives a member another role.
pub async fn change(
    app: &App,
    call: &Call,
    by: &str,
    id: &str,
    to: Role,
) -> Result<Outcome, Error> {
    let member = one(app, id).await?;
    if member.role == to {
        return Ok(Outcome::Done);
    }
    let change = vec![
        members::change(id, member.role, to),
        noted(call, "MEMBER_CHANGED", id, Some(member.role), Some(to)),
    ];
    moved(app, by, &member, Some(to), change).await
}

/// Removes a member; their sessions, links and passkeys end with it.
pub async fn remove(app: &App, call: &Call, by: &str, id: &str) -> Result<Outcome, Error> {
    let member = one(app, id).await?;
    let mut leave = members::remove(id, call.now);
    leave.extend(sessions::revoke(id));
    leave.push(passkeys::remove_all(id));
    leave.push(noted(call, "MEMBER_REMOVED", id, Some(member.role), None));
    moved(app, by, &member, None, leave).await
}

/// Writes a change of a member's seat, unless they stay.
async fn moved(
    app: &App,
    by: &str,
    member: &Member,
    to: Option<Role>,
    mut batch: Vec<Statement>,
) -> Result<Outcome, Error> {
    let owns = |it: &&Member| {
        it.role == Role::Owner && it.joined_at.is_some() && it.id != OWNER && it.id != member.id
    };
    let others = members::all(&app.db).await?;
    let asked = Move {
        from: member.role,
        to,
        of_machine: member.id == OWNER,
        by_machine: by == OWNER,
        other_owners: others.iter().filter(owns).count(),
    };
    if let Some(stays) = asked.refusal() {
        return Ok(Outcome::Stays(stays));
    }
    if member.role == Role::Owner && by != OWNER {
        // Two owners who let each other go at once are one too many.
        batch.push(members::keep_an_owner());
    }
    match app.db.batch(batch).await {
        Ok(()) => Ok(Outcome::Done),
        Err(DbError::Constraint) => Ok(Outcome::Stale),
        Err(error) => Err(error.into()),
    }
}

/// Gives the team another name.
pub async fn rename(app: &App, call: &Call, name: &str) -> Result<(), Error> {
    let before = team::name(&app.db).await?;
    if before == name {
        return Ok(());
    }
    let (was, is) = (json!({ "name": before }), json!({ "name": name }));
    let noted = audit::insert(call, "TEAM_RENAMED", None, "team", &was, &is);
    match app.db.batch(vec![team::rename(&before, name), noted]).await {
        Ok(()) => Ok(()),
        Err(DbError::Constraint) => {
            Err(Error::Conflict("The team was renamed meanwhile. Read it again."))
        }
        Err(error) => Err(error.into()),
    }
}

async fn one(app: &App, id: &str) -> Result<Member, Error> {
    let all = members::all(&app.db).await?;
    all.into_iter().find(|it| it.id == id).ok_or(Error::Missing)
}

/// A change of a role for the audit log.
fn noted(call: &Call, act: &str, id: &str, from: Option<Role>, to: Option<Role>) -> Statement {
    let told = |role: Option<Role>| role.map_or_else(|| json!({}), |it| json!({ "role": it }));
    audit::insert(call, act, None, id, &told(from), &told(to))
}
