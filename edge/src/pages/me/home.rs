//! The page of somebody who is signed in: their link, what came of it, and what they have by it.

use maud::{Markup, html};
use shared::{campaign::Status, card::Both, lang::Lang, reward::Progress, time::Timestamp};

use super::{
    board::{self, Spot},
    decisions,
    frame::{self, Frame, Tab, ask_us, csrf, frame, theirs},
    friends::{self, Friend},
    link::{self, Link},
    progress, rewards,
};

/// What a participant sees of themselves.
#[derive(Debug)]
pub struct Home<'a> {
    /// The campaign.
    pub campaign: &'a shared::campaign::Campaign,
    /// Their first name.
    pub first_name: Option<&'a str>,
    /// Their link.
    pub link: Link<'a>,
    /// How often people opened it.
    pub clicks: u64,
    /// How many friends count, and how many may yet.
    pub counts: [u32; 2],
    /// What each rule promises, whether in the owner's words, and how far it is.
    pub goals: &'a [(Both, bool, Progress)],
    /// Their rewards.
    pub rewards: rewards::Told<'a>,
    /// Their friends.
    pub friends: &'a [Friend],
    /// The query of the next page of friends.
    pub next: Option<&'a str>,
    /// The leaderboard.
    pub board: &'a [Spot],
    /// Their own rank.
    pub rank: Option<u32>,
    /// What was decided about them.
    pub decisions: decisions::Told<'a>,
    /// Whether their link brings nothing.
    pub blocked: bool,
    /// What was just done.
    pub done: Option<&'a str>,
}

/// The page.
#[must_use]
pub fn home(it: &Home<'_>) -> Markup {
    let lang = it.link.lang;
    let words = words(lang);
    let told = it.done.and_then(|code| words.done.iter().find(|it| it.0 == code));
    let (clicks, [counted, waiting], goals) = (it.clicks, it.counts, it.goals);
    let ended = it.campaign.status == Status::Complete;
    let main = html! {
        h1 { (words.hello) @if let Some(name) = it.first_name { " " (theirs(name)) } }
        (news(it, &words))
        @if ended { p.told { (words.ended) } }
        @if it.blocked { p.told.bad { (words.blocked[0]) (ask_us(lang, it.campaign)) (words.blocked[1]) } }
        div.columns {
            div {
                (link::markup(&it.link))
                (progress::markup(&progress::Told { lang, clicks, counted, waiting, goals }))
            }
            div {
                (rewards::markup(&it.rewards))
                (friends::markup(lang, it.friends, it.next))
                (board::markup(lang, it.board, it.rank, counted))
                (decisions::markup(&it.decisions))
            }
        }
    };
    frame(&Frame {
        lang,
        service: it.link.base,
        campaign: it.campaign,
        query: Some(""),
        tab: Some(Tab::Home),
        told: told.map(|it| frame::Told::Done(it.1)),
        main,
    })
}

/// How much is new since they last said that they read it, and the button by which they say so.
fn news(it: &Home<'_>, words: &Words) -> Markup {
    let lines = it.decisions.lines.iter().filter(|it| it.is_new).map(|it| it.at);
    let rewards = it.rewards.rewards.iter().filter(|it| it.is_new).map(|it| it.last);
    let new: Vec<Timestamp> = lines.chain(rewards).collect();
    html! {
        div data-unread=(new.len()) {
            @if let Some(last) = new.iter().max() {
                form.news method="post" action={ "/me/" (it.campaign.id) "/seen" } {
                    (csrf(it.rewards.csrf))
                    input type="hidden" name="until" value=(last.0);
                    span { (words.new) " " span.badge.open { (new.len()) } }
                    button #seen type="submit" { (words.seen) }
                }
            }
        }
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    new: &'static str,
    seen: &'static str,
    hello: &'static str,
    ended: &'static str,
    blocked: [&'static str; 2],
    done: [(&'static str, &'static str); 4],
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            new: "New since you last looked:",
            seen: "Mark as read",
            hello: "Hello",
            ended: "This programme has ended: your link still works, and earns nothing more.",
            blocked: [
                "Your link still leads to the site and brings you nothing at present. ",
                " why.",
            ],
            done: [
                ("chosen", "Kept. Thank you."),
                ("code", "Your link has its new code. The old one goes on working."),
                ("asked", "It is noted. You find the answer here."),
                ("seen", "Marked as read."),
            ],
        },
        Lang::Fr => Words {
            new: "Nouveau depuis votre dernière visite\u{a0}:",
            seen: "Marquer comme lu",
            hello: "Bonjour",
            ended: "Ce programme est terminé\u{a0}: votre lien marche encore, mais ne rapporte plus rien.",
            blocked: [
                "Votre lien mène toujours au site et ne vous apporte rien actuellement. ",
                " pourquoi.",
            ],
            done: [
                ("chosen", "C’est noté. Merci."),
                ("code", "Votre lien a son nouveau code. L’ancien marche toujours."),
                ("asked", "C’est noté. Vous trouverez la réponse ici."),
                ("seen", "C’est marqué comme lu."),
            ],
        },
    }
}

/// The English texts, as a test reads them.
#[cfg(test)]
pub(super) fn said() -> String {
    format!("{:?}", words(Lang::En))
}
