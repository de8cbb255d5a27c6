//! The page of somebody who is signed in: their link, what came of it, and what they have by it.

use maud::{Markup, html};
use shared::{campaign::Status, lang::Lang, reward::Progress};

use super::{
    board::{self, Spot},
    decisions::{self, Line},
    frame::{self, Frame, Tab, ask_us, frame},
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
    /// What each rule promises, and how far it is.
    pub goals: &'a [(String, Progress)],
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
    pub decisions: &'a [Line],
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
        h1 { (words.hello) @if let Some(name) = it.first_name { " " (name) } }
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
                (decisions::markup(it.rewards.clock, it.decisions))
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

struct Words {
    hello: &'static str,
    ended: &'static str,
    blocked: [&'static str; 2],
    done: [(&'static str, &'static str); 1],
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            hello: "Hello",
            ended: "This programme has ended: your link still works, and earns nothing more.",
            blocked: [
                "Your link still leads to the site and brings you nothing at present. ",
                " why.",
            ],
            done: [("chosen", "Kept. Thank you.")],
        },
        Lang::Fr => Words {
            hello: "Bonjour",
            ended: "Ce programme est terminé\u{a0}: votre lien marche encore, mais ne rapporte plus rien.",
            blocked: [
                "Votre lien mène toujours au site et ne vous apporte rien actuellement. ",
                " pourquoi.",
            ],
            done: [("chosen", "C’est noté. Merci.")],
        },
    }
}
