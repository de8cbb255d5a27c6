//! Who is on the team, what they may do, and how others are invited.

use maud::{Markup, html};
use shared::{lang::Lang, team::Role, time::Timestamp, written::date};

use super::{
    frame::csrf,
    parts::{Field, done, wrong},
};
use crate::pages::sign_in::role as role_name;

/// A member as the page shows them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// Their id.
    pub id: String,
    /// Their address; whoever runs the machine has none.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
    /// When they were invited.
    pub invited: Timestamp,
    /// When they first came in.
    pub joined: Option<Timestamp>,
}

/// What the page holds.
#[derive(Clone, Debug)]
pub struct Team<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The reader's id.
    pub me: &'a str,
    /// What the team calls itself.
    pub name: &'a str,
    /// The members, longest first.
    pub members: Vec<Row>,
    /// What was done.
    pub said: Option<Said>,
    /// The address that was typed, and what is wrong with it.
    pub typed: Option<(&'a str, Said)>,
    /// The role that was chosen with it.
    pub chosen: Role,
}

/// What the page answers to a form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Said {
    /// Somebody was invited.
    Invited,
    /// They were written to again.
    Again,
    /// A role was changed.
    Changed,
    /// Somebody was removed.
    Removed,
    /// The team has another name.
    Renamed,
    /// Not an address.
    NoAddress,
    /// They are on the team.
    Known,
    /// They came in already.
    Joined,
    /// Somebody else was first.
    Stale,
    /// Whoever runs the machine stays.
    Machine,
    /// The last owner stays.
    LastOwner,
    /// The team is full.
    Full,
    /// Too many letters.
    TooOften,
    /// Not a name.
    NoName,
}

impl Said {
    const ALL: [Self; 14] = [
        Self::Invited,
        Self::Again,
        Self::Changed,
        Self::Removed,
        Self::Renamed,
        Self::NoAddress,
        Self::Known,
        Self::Joined,
        Self::Stale,
        Self::Machine,
        Self::LastOwner,
        Self::Full,
        Self::TooOften,
        Self::NoName,
    ];

    /// The word of an address by which a page is told what to say.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Again => "again",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::NoAddress => "no-address",
            Self::Known => "known",
            Self::Joined => "joined",
            Self::Stale => "stale",
            Self::Machine => "machine",
            Self::LastOwner => "last-owner",
            Self::Full => "full",
            Self::TooOften => "too-often",
            Self::NoName => "no-name",
        }
    }

    /// What a word stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// Whether it was done.
    const fn is_done(self) -> bool {
        use Said::{Again, Changed, Invited, Removed, Renamed};
        matches!(self, Again | Changed | Invited | Removed | Renamed)
    }

    const fn text(self, lang: Lang) -> &'static str {
        let [en, fr] = match self {
            Self::Invited => [
                "Invited. The link in the e-mail works for 7 days.",
                "Invitation envoyée. Le lien de l’e-mail sert pendant 7 jours.",
            ],
            Self::Again => {
                ["Another invitation is on its way.", "Une nouvelle invitation est en route."]
            }
            Self::Changed => [
                "The role is changed. It holds from the next click.",
                "Le rôle est changé. Il vaut dès le prochain clic.",
            ],
            Self::Removed => [
                "Removed. Their sessions have ended. Keys they made still work: see “API keys”.",
                "Membre retiré. Ses sessions sont fermées. Les clés créées par ce membre servent encore\u{a0}: voyez «\u{a0}Clés d’API\u{a0}».",
            ],
            Self::Renamed => ["The team has its new name.", "L’équipe a son nouveau nom."],
            Self::NoAddress => [
                "This is not an e-mail address. It looks like name@example.com.",
                "Ce n’est pas une adresse e-mail. Elle s’écrit comme nom@example.com.",
            ],
            Self::Known => [
                "Somebody with this address is on the team.",
                "Quelqu’un de l’équipe a cette adresse.",
            ],
            Self::Joined => [
                "They came in already: they can ask for a link on the sign-in page.",
                "Cette personne est déjà entrée\u{a0}: elle peut demander un lien sur la page de connexion.",
            ],
            Self::Stale => [
                "Somebody else changed this at the same moment. Look again.",
                "Quelqu’un d’autre l’a changé au même moment. Vérifiez.",
            ],
            Self::Machine => [
                "Whoever runs the machine always stays an owner.",
                "Qui gère la machine reste toujours propriétaire.",
            ],
            Self::LastOwner => [
                "The team needs an owner: make somebody else one first.",
                "Il faut un propriétaire\u{a0}: nommez d’abord quelqu’un d’autre.",
            ],
            Self::Full => {
                ["A team has 100 members at most.", "Une équipe compte 100 membres au plus."]
            }
            Self::TooOften => [
                "They were written to often enough for this hour.",
                "Assez d’e-mails pour cette heure.",
            ],
            Self::NoName => {
                ["A name has 1 to 100 characters.", "Un nom compte de 1 à 100 caractères."]
            }
        };
        match lang {
            Lang::En => en,
            Lang::Fr => fr,
        }
    }
}

/// What a role may do, in one sentence.
const fn may(role: Role, lang: Lang) -> &'static str {
    match (role, lang) {
        (Role::Owner, Lang::En) => "Everything, with the team, its keys and the log.",
        (Role::Owner, Lang::Fr) => "Tout, avec l’équipe, ses clés et le journal.",
        (Role::Manager, Lang::En) => "Programmes, rewards and people; not the team.",
        (Role::Manager, Lang::Fr) => "Programmes, récompenses et personnes\u{a0}; pas l’équipe.",
        (Role::Reviewer, Lang::En) => "Sees all, approves and refuses rewards and referrals.",
        (Role::Reviewer, Lang::Fr) => "Voit tout, valide ou refuse récompenses et parrainages.",
        (Role::Viewer, Lang::En) => "Sees numbers and lists, changes nothing.",
        (Role::Viewer, Lang::Fr) => "Voit chiffres et listes, ne change rien.",
        (Role::Support, Lang::En) => "Looks one customer up, explains, invites. No lists.",
        (Role::Support, Lang::Fr) => "Retrouve un client, explique, invite. Pas de listes.",
    }
}

/// The page.
#[must_use]
pub fn page(team: &Team<'_>) -> Markup {
    let words = words(team.lang);
    let lang = team.lang;
    let said = team.said.map(|it| (it.is_done(), it.text(lang)));
    let (typed, problem) = team.typed.unzip();
    html! {
        div.titled { h1 { (words.title) } }
        @if let Some((is_done, text)) = said {
            @if is_done { (done(text)) } @else { (wrong(text)) }
        }
        section.panel aria-labelledby="members" {
            h2 #members { (words.members) }
            ul.people {
                @for member in &team.members { li { (row(team, member, words)) } }
            }
        }
        section.panel aria-labelledby="invite" {
            h2 #invite { (words.invite) }
            p.soft { (words.invite_lead) }
            form.stack method="post" action="/console/team" {
                (csrf(team.csrf))
                (Field {
                    name: "email",
                    label: words.email,
                    kind: "email",
                    value: typed.unwrap_or_default(),
                    wrong: problem.map(|it| it.text(lang)),
                    required: true,
                    ..Field::default()
                }.markup())
                fieldset.choices {
                    legend { (words.role) }
                    @for role in Role::ALL.into_iter().rev() {
                        label {
                            input type="radio" name="role" value=(role.name())
                                checked[role == team.chosen];
                            span { strong { (role_name(role, lang)) } " " span.soft { (may(role, lang)) } }
                        }
                    }
                }
                button.primary type="submit" { (words.send) }
            }
        }
        section.panel aria-labelledby="name" {
            h2 #name { (words.name) }
            form.line method="post" action="/console/team/name" {
                (csrf(team.csrf))
                (Field {
                    name: "team",
                    label: words.name_label,
                    value: team.name,
                    required: true,
                    ..Field::default()
                }.markup())
                button type="submit" { (words.keep) }
            }
        }
    }
}

/// One member, with what can be done.
fn row(team: &Team<'_>, it: &Row, words: &Words) -> Markup {
    let lang = team.lang;
    let machine = it.email.is_none();
    let path = |act: &str| format!("/console/team/{}/{act}", it.id);
    let field = format!("role-{}", it.id);
    html! {
        div.who {
            strong { (it.email.as_deref().unwrap_or(words.machine)) }
            @if it.id == team.me { " " span.badge.quiet { (words.you) } }
            @if !machine {
                p.soft {
                    @match it.joined {
                        Some(at) => { (words.joined) " " (date(lang, at)) }
                        None => { (words.invited) " " (date(lang, it.invited)) }
                    }
                }
            } @else {
                p.soft { (words.machine_lead) }
            }
        }
        div.acts {
            @if machine {
                span { (role_name(it.role, lang)) }
            } @else {
                form.inline method="post" action=(path("role")) {
                    (csrf(team.csrf))
                    label.unseen for=(field) { (words.role_of) " " (it.email.as_deref().unwrap_or_default()) }
                    select id=(field) name="role" {
                        @for role in Role::ALL {
                            option value=(role.name()) selected[role == it.role] { (role_name(role, lang)) }
                        }
                    }
                    button type="submit" { (words.change) }
                }
                @if it.joined.is_none() {
                    form.inline method="post" action=(path("invitation")) {
                        (csrf(team.csrf))
                        button type="submit" { (words.again) }
                    }
                }
                details.sure {
                    summary { (words.remove) }
                    form.inline method="post" action=(path("remove")) {
                        (csrf(team.csrf))
                        p { (words.sure) }
                        button.danger type="submit" { (words.remove_now) }
                    }
                }
            }
        }
    }
}

struct Words {
    title: &'static str,
    members: &'static str,
    machine: &'static str,
    machine_lead: &'static str,
    you: &'static str,
    joined: &'static str,
    invited: &'static str,
    role: &'static str,
    role_of: &'static str,
    change: &'static str,
    again: &'static str,
    remove: &'static str,
    sure: &'static str,
    remove_now: &'static str,
    invite: &'static str,
    invite_lead: &'static str,
    email: &'static str,
    send: &'static str,
    name: &'static str,
    name_label: &'static str,
    keep: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// What the page is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    words(lang).title
}

const EN: Words = Words {
    title: "Team",
    members: "Members",
    machine: "The machine’s owner",
    machine_lead: "Enters by the link that Parrain prints when it starts.",
    you: "you",
    joined: "On the team since",
    invited: "Invited, not here yet:",
    role: "What they may do",
    role_of: "Role of",
    change: "Change",
    again: "Invite again",
    remove: "Remove",
    sure: "They are signed out at once and cannot come back without an invitation.",
    remove_now: "Remove from the team",
    invite: "Invite somebody",
    invite_lead: "They get an e-mail with a link that works once, for 7 days.",
    email: "Their e-mail address",
    send: "Send the invitation",
    name: "Name of the team",
    name_label: "Name",
    keep: "Rename",
};

const FR: Words = Words {
    title: "Équipe",
    members: "Membres",
    machine: "Propriétaire de la machine",
    machine_lead: "Entre par le lien que Parrain affiche au démarrage.",
    you: "vous",
    joined: "Dans l’équipe depuis le",
    invited: "Invitation envoyée, pas encore entré\u{a0}:",
    role: "Ce que la personne peut faire",
    role_of: "Rôle de",
    change: "Changer",
    again: "Inviter à nouveau",
    remove: "Retirer",
    sure: "La personne est déconnectée aussitôt et ne revient que sur invitation.",
    remove_now: "Retirer de l’équipe",
    invite: "Inviter quelqu’un",
    invite_lead: "La personne reçoit un e-mail avec un lien qui sert une fois, pendant 7 jours.",
    email: "Son adresse e-mail",
    send: "Envoyer l’invitation",
    name: "Nom de l’équipe",
    name_label: "Nom",
    keep: "Renommer",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn team(lang: Lang) -> Team<'static> {
        let row = |id: &str, email: Option<&str>, joined| Row {
            id: id.into(),
            email: email.map(Into::into),
            role: Role::Owner,
            invited: Timestamp(0),
            joined,
        };
        Team {
            lang,
            csrf: "t",
            me: "m1",
            name: "<b>Team",
            members: vec![
                row("owner", None, None),
                row("m1", Some("<i>@team.example"), Some(Timestamp(0))),
                row("m2", Some("bob@team.example"), None),
            ],
            said: None,
            typed: None,
            chosen: Role::Viewer,
        }
    }

    #[test]
    fn the_machines_owner_cannot_be_changed_and_who_waits_is_invited_again() {
        for lang in [Lang::En, Lang::Fr] {
            let page = page(&team(lang)).into_string();
            assert!(!page.contains("/console/team/owner/"));
            assert!(page.contains("/console/team/m1/role") && page.contains("/m2/invitation"));
            assert!(!page.contains("/m1/invitation"));
            assert!(!page.contains("<b>") && !page.contains("<i>"));
        }
    }

    #[test]
    fn what_was_said_is_read_back_by_its_word() {
        for said in Said::ALL {
            assert_eq!(Said::of(said.word()), Some(said));
            assert_ne!(said.text(Lang::En), said.text(Lang::Fr));
            let page = page(&Team { said: Some(said), ..team(Lang::En) }).into_string();
            assert!(page.contains(if said.is_done() {
                "role=\"status\""
            } else {
                "role=\"alert\""
            }));
        }
        assert_eq!(Said::of("<script>"), None);
    }

    #[test]
    fn what_is_wrong_stands_beside_the_address_that_was_typed() {
        let typed = Some(("nonsense", Said::NoAddress));
        let page = page(&Team { typed, ..team(Lang::En) }).into_string();
        assert!(page.contains("value=\"nonsense\"") && page.contains("aria-invalid=\"true\""));
    }
}
