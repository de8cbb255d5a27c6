//! What became of messages, and the inbox of those that stay on this machine.

use maud::{Markup, html};
use shared::{
    lang::Lang,
    written::{machine, minute},
};

use super::{
    super::parts::{Tone, badge},
    name,
    words::{self, words},
};
use crate::{
    mail::Kept,
    store::messages::{Listed, State},
};

/// The newest messages; `older`: the number before which the next page begins.
#[must_use]
pub fn outbox(lang: Lang, campaign: &str, listed: &[Listed], older: Option<i64>) -> Markup {
    let words = words(lang);
    let base = format!("/console/{campaign}/mail");
    html! {
        p { a href=(base) { "← " (words.title) } }
        h1 { (words.outbox) }
        @if listed.is_empty() {
            p.empty { (words.nothing_sent) }
        } @else {
            table.cards role="table" {
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in words.sent_columns {
                            th scope="col" role="columnheader" { (column) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for it in listed {
                        @let cells = cells(lang, it);
                        tr role="row" {
                            @for (cell, column) in cells.into_iter().zip(words.sent_columns) {
                                td role="cell" data-column=(column) { span { (cell) } }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(before) = older {
            p { a href={ (base) "/sent?before=" (before) } { (words.older) } }
        }
    }
}

/// Where a message stands, and why it was not sent.
#[must_use]
pub fn fate(lang: Lang, it: &Listed) -> String {
    let state = words::state(lang, it.state);
    match it.reason.as_deref().and_then(|it| words::reason(lang, it)) {
        Some(reason) => format!("{state}, {reason}"),
        None => state.into(),
    }
}

fn cells(lang: Lang, it: &Listed) -> [Markup; 4] {
    let at = it.settled_at.unwrap_or(it.created_at);
    let tone = match it.state {
        State::Sent => Tone::Good,
        State::Queued => Tone::Open,
        State::Suppressed => Tone::Quiet,
        State::Bounced | State::Complained | State::Failed => Tone::Bad,
    };
    let reason = it.reason.as_deref().and_then(|it| words::reason(lang, it));
    [
        html! { time datetime=(machine(at)) { (minute(lang, at)) } },
        html! { (name(it.kind, lang).0) },
        html! { (it.email.as_deref().unwrap_or(&it.subject)) },
        html! {
            (badge((tone, words::state(lang, it.state))))
            @if let Some(reason) = reason { " " span.soft { (reason) } }
        },
    ]
}

/// The messages that stay on this machine, newest first.
#[must_use]
pub fn inbox(lang: Lang, campaign: &str, kept: &[Kept]) -> Markup {
    let words = words(lang);
    html! {
        p { a href={ "/console/" (campaign) "/mail" } { "← " (words.title) } }
        h1 { (words.inbox) }
        p.lead { (words.inbox_note) }
        @if kept.is_empty() { p.empty { (words.nothing_sent) } }
        @for (place, it) in kept.iter().enumerate() {
            details.panel.message open[place == 0] {
                summary { strong { (it.subject) } " " span.soft { (it.to) } }
                pre.letter { (it.text) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::time::Timestamp;

    use super::*;
    use crate::mail::Kind;

    #[test]
    fn what_people_are_called_and_told_is_escaped() {
        let evil = "<script>".to_owned();
        let listed = Listed {
            seq: 1,
            kind: Kind::GoalAchieved,
            subject: evil.clone(),
            email: None,
            state: State::Suppressed,
            reason: Some("TOO_MANY".into()),
            created_at: Timestamp(0),
            settled_at: None,
        };
        let kept = Kept { id: "1".into(), to: evil.clone(), subject: evil.clone(), text: evil };
        for lang in [Lang::En, Lang::Fr] {
            let shown = outbox(lang, "shop", std::slice::from_ref(&listed), Some(1)).into_string();
            assert!(!shown.contains("<script>") && shown.contains("before=1"), "{shown}");
            assert!(
                !inbox(lang, "shop", std::slice::from_ref(&kept))
                    .into_string()
                    .contains("<script>")
            );
            assert!(outbox(lang, "shop", &[], None).into_string().contains("class=\"empty\""));
        }
    }
}
