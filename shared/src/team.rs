//! Who runs an installation: members with their roles, keys with their scopes, and what each may do.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// The role of a member.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Everything, with the team and its keys.
    Owner,
    /// Programmes and people.
    Manager,
    /// Decides on rewards and referrals.
    Reviewer,
    /// Looks.
    Viewer,
    /// Looks up one customer, explains, invites.
    Support,
}

/// What an act on the console needs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Right {
    /// Find one participant, read their decisions, the briefing page.
    LookUp,
    /// Invite a customer by a link of their own.
    Invite,
    /// See numbers and lists.
    Look,
    /// Approve, fulfil or refuse rewards; confirm, assign or reject referrals.
    Decide,
    /// Change programmes, texts and people.
    Edit,
    /// Take lists away, with the people in them.
    Export,
    /// Members, keys, the audit log, who writes the e-mails.
    Govern,
}

impl Role {
    /// All of them, from the most to the least.
    pub const ALL: [Self; 5] =
        [Self::Owner, Self::Manager, Self::Reviewer, Self::Viewer, Self::Support];

    /// Whether a role has a right (R-TEAM-1).
    #[must_use]
    pub const fn may(self, right: Right) -> bool {
        match self {
            Self::Owner => true,
            Self::Manager => !matches!(right, Right::Govern),
            Self::Reviewer => matches!(right, Right::LookUp | Right::Look | Right::Decide),
            Self::Viewer => matches!(right, Right::LookUp | Right::Look),
            Self::Support => matches!(right, Right::LookUp | Right::Invite),
        }
    }

    /// The role as forms and tables write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "OWNER",
            Self::Manager => "MANAGER",
            Self::Reviewer => "REVIEWER",
            Self::Viewer => "VIEWER",
            Self::Support => "SUPPORT",
        }
    }

    /// The role of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Why a member keeps their seat and their role.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stays {
    /// They run the machine.
    Machine,
    /// Nobody else who came in by an address of their own would be an owner.
    LastOwner,
}

/// A change of a member's seat that somebody asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Move {
    /// The member's role now.
    pub from: Role,
    /// The role that they are to have; none: they are to go.
    pub to: Option<Role>,
    /// Whether the member is the one who runs the machine.
    pub of_machine: bool,
    /// Whether whoever runs the machine asks for it.
    pub by_machine: bool,
    /// How many other owners came in by an address of their own.
    pub other_owners: usize,
}

impl Move {
    /// Why it may not be, if so (R-TEAM-7).
    #[must_use]
    pub fn refusal(self) -> Option<Stays> {
        if self.of_machine {
            return Some(Stays::Machine);
        }
        let leaves_none = self.from == Role::Owner
            && self.to != Some(Role::Owner)
            && self.other_owners == 0
            && !self.by_machine;
        leaves_none.then_some(Stays::LastOwner)
    }
}

/// What a key may be used for, in the words of the wire.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Scope {
    /// Read the team.
    #[serde(rename = "team:read")]
    TeamRead,
    /// Change the team.
    #[serde(rename = "team:write")]
    TeamWrite,
    /// Read programmes.
    #[serde(rename = "program:read")]
    ProgramRead,
    /// Make and change programmes.
    #[serde(rename = "program:write")]
    ProgramWrite,
    /// Read participants, their rewards and decisions.
    #[serde(rename = "participant:read")]
    ParticipantRead,
    /// Add participants; report what they do.
    #[serde(rename = "participant:write")]
    ParticipantWrite,
    /// Erase participants.
    #[serde(rename = "participant:delete")]
    ParticipantDelete,
    /// Approve and remove rewards.
    #[serde(rename = "reward:write")]
    RewardWrite,
    /// Mark rewards as given.
    #[serde(rename = "reward:fulfill")]
    RewardFulfill,
    /// Read analytics.
    #[serde(rename = "analytics:read")]
    AnalyticsRead,
    /// Replace the key by a new one.
    #[serde(rename = "api_key:rotate")]
    ApiKeyRotate,
}

impl Scope {
    /// All of them, in the order in which people read them.
    pub const ALL: [Self; 11] = [
        Self::TeamRead,
        Self::TeamWrite,
        Self::ProgramRead,
        Self::ProgramWrite,
        Self::ParticipantRead,
        Self::ParticipantWrite,
        Self::ParticipantDelete,
        Self::RewardWrite,
        Self::RewardFulfill,
        Self::AnalyticsRead,
        Self::ApiKeyRotate,
    ];

    /// The scope as the wire writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TeamRead => "team:read",
            Self::TeamWrite => "team:write",
            Self::ProgramRead => "program:read",
            Self::ProgramWrite => "program:write",
            Self::ParticipantRead => "participant:read",
            Self::ParticipantWrite => "participant:write",
            Self::ParticipantDelete => "participant:delete",
            Self::RewardWrite => "reward:write",
            Self::RewardFulfill => "reward:fulfill",
            Self::AnalyticsRead => "analytics:read",
            Self::ApiKeyRotate => "api_key:rotate",
        }
    }

    /// The scope of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Scopes in one line, as a key keeps them.
#[must_use]
pub fn written(scopes: &[Scope]) -> String {
    let mut sorted: Vec<Scope> = scopes.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.iter().map(|it| it.name()).collect::<Vec<_>>().join(" ")
}

/// What stands for all scopes, those to come included: the installation's first key has it.
pub const EVERYTHING: &str = "*";

/// Scopes read from one line; names that nobody knows give nothing.
#[must_use]
pub fn read(line: &str) -> Vec<Scope> {
    if line == EVERYTHING {
        return Scope::ALL.into();
    }
    line.split(' ').filter_map(Scope::from_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_team_1_each_role_has_its_rights_and_no_other() {
        let rights = [
            Right::LookUp,
            Right::Invite,
            Right::Look,
            Right::Decide,
            Right::Edit,
            Right::Export,
            Right::Govern,
        ];
        let table = [
            (Role::Owner, [1, 1, 1, 1, 1, 1, 1]),
            (Role::Manager, [1, 1, 1, 1, 1, 1, 0]),
            (Role::Reviewer, [1, 0, 1, 1, 0, 0, 0]),
            (Role::Viewer, [1, 0, 1, 0, 0, 0, 0]),
            (Role::Support, [1, 1, 0, 0, 0, 0, 0]),
        ];
        for (role, expected) in table {
            assert_eq!(rights.map(|it| i32::from(role.may(it))), expected, "{role:?}");
        }
    }

    #[test]
    fn r_team_7_the_machines_owner_stays_and_the_last_owner_may_not_leave() {
        let leave = Move {
            from: Role::Owner,
            to: None,
            of_machine: false,
            by_machine: false,
            other_owners: 0,
        };
        let demote = Move { to: Some(Role::Manager), ..leave };
        assert_eq!(leave.refusal(), Some(Stays::LastOwner));
        assert_eq!(demote.refusal(), Some(Stays::LastOwner));
        assert_eq!(Move { to: Some(Role::Owner), ..leave }.refusal(), None);
        assert_eq!(Move { from: Role::Manager, ..leave }.refusal(), None);
        assert_eq!(Move { other_owners: 1, ..leave }.refusal(), None);
        // Whoever runs the machine is there after it.
        assert_eq!(Move { by_machine: true, ..demote }.refusal(), None);
        let machine = Move { of_machine: true, by_machine: true, other_owners: 3, ..demote };
        assert_eq!(machine.refusal(), Some(Stays::Machine));
    }

    #[test]
    fn names_are_those_that_are_stored() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
        for scope in Scope::ALL {
            assert_eq!(Scope::from_name(scope.name()), Some(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.name());
        }
        assert_eq!((Role::from_name("owner"), Scope::from_name("*")), (None, None));
    }

    #[test]
    fn a_keys_scopes_are_one_sorted_line() {
        let line = written(&[Scope::RewardWrite, Scope::TeamRead, Scope::RewardWrite]);
        assert_eq!(line, "team:read reward:write");
        assert_eq!(read(&line), [Scope::TeamRead, Scope::RewardWrite]);
        assert_eq!(read(EVERYTHING), Scope::ALL);
        assert_eq!(read("root"), []);
        assert_eq!(read(""), []);
    }
}
