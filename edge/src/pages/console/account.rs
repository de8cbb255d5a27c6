//! A member's own page: what they are written, where they are signed in, and their passkeys.

use maud::{Markup, html};
use shared::{lang::Lang, time::Timestamp};

use super::{
    frame::csrf,
    mail,
    parts::{done, utc},
};
use crate::mail::Kind;

/// A session that is open.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// What it is called by.
    pub id: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Whether the page is seen by it.
    pub here: bool,
}

/// A passkey.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Passkey {
    /// Its id.
    pub id: String,
    /// What its owner calls it; perhaps nothing.
    pub name: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it last signed somebody in.
    pub used: Option<Timestamp>,
}

/// What the page holds.
#[derive(Clone, Debug, Default)]
pub struct Account<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The reader's address, if they have one.
    pub email: Option<&'a str>,
    /// Which messages of the team's work they may get, and whether they do; none: they have no address, or
    /// no such work.
    pub messages: Vec<(Kind, bool)>,
    /// Their sessions, newest first.
    pub sessions: Vec<Session>,
    /// Their passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// Whether browsers make passkeys for this installation.
    pub passkeys_work: bool,
    /// What was done.
    pub said: Option<Said>,
}

/// What the page answers to a form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Said {
    /// What they are written was chosen.
    Chosen,
    /// A session has ended.
    Ended,
    /// A passkey was added.
    Added,
    /// A passkey was removed.
    Removed,
}

impl Said {
    /// What a word of an address stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "chosen" => Some(Self::Chosen),
            "ended" => Some(Self::Ended),
            "added" => Some(Self::Added),
            "removed" => Some(Self::Removed),
            _ => None,
        }
    }
}

/// The page.
#[must_use]
pub fn page(it: &Account<'_>) -> Markup {
    let words = words(it.lang);
    let said = it.said.map(|it| match it {
        Said::Chosen => words.chosen,
        Said::Ended => words.ended,
        Said::Added => words.added,
        Said::Removed => words.removed,
    });
    html! {
        div.titled { h1 { (words.title) } @if let Some(email) = it.email { p.soft { (email) } } }
        @if let Some(text) = said { (done(text)) }
        section.panel aria-labelledby="passkeys" {
            h2 #passkeys { (words.passkeys) }
            p.soft { (words.passkeys_lead) }
            @if it.passkeys.is_empty() { p.empty { (words.no_passkeys) } }
            ul.people { @for key in &it.passkeys { li { (passkey(it, key, words)) } } }
            @if it.passkeys_work {
                form.line #new-passkey hidden data-csrf=(it.csrf)
                    data-failed=(words.failed) {
                    div.field {
                        label for="passkey-name" { (words.name) }
                        input #passkey-name name="name" type="text" maxlength="60"
                            placeholder=(words.name_example);
                    }
                    button.primary type="submit" { (words.add) }
                }
                p #passkey-told role="status" {}
                noscript { p.soft { (words.script) } }
            } @else {
                p.soft { (words.by_name) }
            }
        }
        @if !it.messages.is_empty() { (messages(it, words)) }
        section.panel aria-labelledby="sessions" {
            h2 #sessions { (words.sessions) }
            ul.people { @for session in &it.sessions { li { (row(it, session, words)) } } }
        }
    }
}

fn messages(it: &Account<'_>, words: &Words) -> Markup {
    html! {
        section.panel aria-labelledby="messages" {
            h2 #messages { (words.messages) }
            p.soft { (words.messages_lead) }
            form.stack method="post" action="/console/me/messages" {
                (csrf(it.csrf))
                fieldset.choices {
                    legend { (words.choose) }
                    @for (kind, gets) in &it.messages {
                        label.check {
                            input type="checkbox" name=(kind.as_str()) value="1" checked[*gets];
                            span { (mail::name(*kind, it.lang).1) }
                        }
                    }
                }
                button type="submit" { (words.keep) }
            }
        }
    }
}

fn passkey(it: &Account<'_>, key: &Passkey, words: &Words) -> Markup {
    html! {
        div.who {
            strong { @if key.name.is_empty() { (words.nameless) } @else { (key.name) } }
            p.soft {
                (words.made) " " (utc(it.lang, key.made)) " · "
                @match key.used {
                    Some(at) => { (words.used) " " (utc(it.lang, at)) }
                    None => { (words.never) }
                }
            }
        }
        div.acts {
            form.inline method="post" action="/console/me/passkeys/remove" {
                (csrf(it.csrf))
                input type="hidden" name="passkey" value=(key.id);
                button type="submit" { (words.remove) }
            }
        }
    }
}

fn row(it: &Account<'_>, session: &Session, words: &Words) -> Markup {
    html! {
        div.who {
            strong { (words.since) " " (utc(it.lang, session.since)) }
            @if session.here { " " span.badge.good { (words.here) } }
            p.soft { (words.until) " " (utc(it.lang, session.until)) }
        }
        @if !session.here {
            div.acts {
                form.inline method="post" action="/console/me/sessions/end" {
                    (csrf(it.csrf))
                    input type="hidden" name="session" value=(session.id);
                    button type="submit" { (words.end) }
                }
            }
        }
    }
}

struct Words {
    title: &'static str,
    chosen: &'static str,
    messages: &'static str,
    messages_lead: &'static str,
    choose: &'static str,
    keep: &'static str,
    ended: &'static str,
    added: &'static str,
    removed: &'static str,
    passkeys: &'static str,
    passkeys_lead: &'static str,
    no_passkeys: &'static str,
    name: &'static str,
    name_example: &'static str,
    add: &'static str,
    failed: &'static str,
    script: &'static str,
    by_name: &'static str,
    nameless: &'static str,
    made: &'static str,
    used: &'static str,
    never: &'static str,
    remove: &'static str,
    sessions: &'static str,
    since: &'static str,
    here: &'static str,
    until: &'static str,
    end: &'static str,
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
    title: "My account",
    chosen: "Kept. You get what is ticked.",
    messages: "E-mails to you",
    messages_lead: "Of every programme whose e-mails are on. Links to sign in always come.",
    choose: "Write to me when",
    keep: "Keep my choice",
    ended: "That session has ended.",
    added: "The passkey is added: the next sign-in takes one touch.",
    removed: "The passkey is removed. Remove it from your device, too.",
    passkeys: "Passkeys",
    passkeys_lead: "Sign in with your fingerprint, your face or the code of your device, without an e-mail.",
    no_passkeys: "You have no passkey yet.",
    name: "What to call it",
    name_example: "My laptop",
    add: "Add a passkey",
    failed: "No passkey was made. Try again, or use another device.",
    script: "Adding a passkey needs JavaScript.",
    by_name: "Passkeys need an installation that is reached by a name, not by a bare address.",
    nameless: "Passkey",
    made: "Made on",
    used: "last used",
    never: "never used",
    remove: "Remove",
    sessions: "Where you are signed in",
    since: "Since",
    here: "this browser",
    until: "Ends by itself:",
    end: "Sign out there",
};

const FR: Words = Words {
    title: "Mon compte",
    chosen: "C’est noté. Vous recevez ce qui est coché.",
    messages: "Les e-mails que vous recevez",
    messages_lead: "De chaque programme dont les e-mails sont activés. Les liens de connexion viennent toujours.",
    choose: "M’écrire dans ces cas",
    keep: "Garder mon choix",
    ended: "Cette session est fermée.",
    added: "La clé d’accès est ajoutée\u{a0}: la prochaine connexion tient en un geste.",
    removed: "La clé d’accès est retirée. Retirez-la aussi de votre appareil.",
    passkeys: "Clés d’accès",
    passkeys_lead: "Connectez-vous par empreinte, visage ou code de votre appareil, sans e-mail.",
    no_passkeys: "Vous n’avez pas encore de clé d’accès.",
    name: "Comment l’appeler",
    name_example: "Mon ordinateur",
    add: "Ajouter une clé d’accès",
    failed: "Aucune clé d’accès n’a été créée. Réessayez, ou prenez un autre appareil.",
    script: "L’ajout d’une clé d’accès demande JavaScript.",
    by_name: "Les clés d’accès demandent une installation jointe par un nom, pas par une simple adresse.",
    nameless: "Clé d’accès",
    made: "Créée le",
    used: "dernier usage",
    never: "jamais utilisée",
    remove: "Retirer",
    sessions: "Où vous êtes connecté",
    since: "Depuis le",
    here: "ce navigateur",
    until: "Se ferme seule :",
    end: "Déconnecter",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_session_is_not_ended_here_and_names_are_escaped() {
        let session = |id: &str, here| Session {
            id: id.into(),
            since: Timestamp(0),
            until: Timestamp(1),
            here,
        };
        let account = Account {
            sessions: vec![session("a", true), session("b", false)],
            passkeys: vec![Passkey {
                id: "p".into(),
                name: "<b>".into(),
                made: Timestamp(0),
                used: None,
            }],
            ..Account::default()
        };
        let markup = page(&account).into_string();
        assert!(markup.contains("value=\"b\"") && !markup.contains("value=\"a\""));
        assert!(markup.contains("&lt;b&gt;") && !markup.contains("new-passkey"));
        let works = Account { passkeys_work: true, lang: Lang::Fr, ..account };
        assert!(page(&works).into_string().contains("id=\"new-passkey\""));
    }
}
