//! One participant: who they are, all that happened, and what can be done.

use maud::{Markup, html};
use shared::{
    code::Code,
    decision::{Kind, Reason},
    lang::Lang,
    money::Currency,
    referral::Outcome,
    reward::Status,
    time::Timestamp,
};

use super::{
    frame::csrf,
    mail,
    participant_words::{Words, words},
    participants::name,
    parts::{
        Clock, Field, Tone, badge, copyable, day, done, empty, instant, money, number, person,
        section, table, wrong,
    },
    words,
};
use crate::store::{
    bonds,
    decisions::Decision,
    dossiers::{Event, Extra},
    messages::Listed,
    notes::Note,
    views::View,
};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Dossier<'a> {
    /// The language and the time zone.
    pub clock: Clock,
    /// The campaign's id.
    pub campaign: &'a str,
    /// Its currency.
    pub currency: Currency,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Who, as the wire shows them.
    pub view: &'a View,
    /// What else is known of them.
    pub extra: &'a Extra,
    /// The address of their link.
    pub link: &'a str,
    /// Their own referral and their friends', newest first.
    pub bonds: &'a [bonds::Row],
    /// What was decided, newest first.
    pub decisions: &'a [Decision],
    /// What happened, newest first.
    pub events: &'a [Event],
    /// What was written to them, newest first.
    pub mail: &'a [Listed],
    /// What each of their rewards is, in the owner's words.
    pub what: &'a [String],
    /// What members wrote.
    pub notes: &'a [Note],
    /// Whether their address took no mail.
    pub bounced: bool,
    /// What was just done.
    pub told: Option<&'a str>,
    /// The field that is wrong, and what was typed.
    pub wrong: Option<(&'a str, &'a str)>,
    /// What the reader may do: decide, edit, take away.
    pub may: [bool; 3],
}

/// The page.
#[must_use]
pub fn page(it: &Dossier<'_>) -> Markup {
    let words = words(it.clock.lang);
    let told = it.told.and_then(|code| words.told.iter().find(|it| it.0 == code));
    let refused = it.told.and_then(|code| words.refused.iter().find(|it| it.0 == code));
    let title = name(it.view.first_name.as_deref(), it.view.last_name.as_deref());
    html! {
        p { a href={ "/console/" (it.campaign) "/participants" } { "← " (words.all) } }
        div.titled {
            h1 { (title.as_deref().unwrap_or(&it.view.email)) }
            p {
                @if it.extra.blocked_at.is_some() { (badge((Tone::Bad, words.blocked))) " " }
                @if let Some(outcome) = it.view.outcome { (badge(words::outcome(outcome, it.clock.lang))) }
            }
        }
        @if let Some((_, text)) = told { (done(text)) }
        @if let Some((_, text)) = refused { (wrong(text)) }
        div.pair {
            (section("who", words.who, &who(it, words)))
            (section("acts", words.link, &acts(it, words)))
        }
        (section("rewards", words.rewards, &rewards(it, words)))
        (section("friends", words.friends, &friends(it, words)))
        (section("notes", words.notes, &notes(it, words)))
        (section("timeline", words.timeline, &timeline(it, words)))
        @if it.may[1] || it.may[2] { (section("data", words.data, &data(it, words))) }
    }
}

/// Where the forms of the page go.
fn path(it: &Dossier<'_>, act: &str) -> String {
    format!("/console/{}/participants/{}/{act}", it.campaign, it.view.id)
}

fn who(it: &Dossier<'_>, words: &Words) -> Markup {
    let lang = it.clock.lang;
    let own = it.bonds.iter().find(|bond| bond.friend == it.view.id);
    html! {
        dl.facts {
            div { dt { (words.email) } dd { (it.view.email) } }
            div { dt { (words.number) } dd { code { (it.view.id) } } }
            div { dt { (words.since) } dd { (day(it.clock, it.view.created_at)) } }
            div { dt { (words.told_by) } dd {
                (words::source(it.extra.source, lang))
                @if it.view.origin == "MANUAL" { " · " (words.by_hand) }
                @if it.view.origin == "IMPORT" { " · " (words.imported) }
            } }
            @if let Some(own) = own {
                div { dt { (words.referrer) } dd {
                    (person(it.campaign, own.referrer.as_str(), own.referrer_name.as_deref(), own.referrer_email.as_deref()))
                } }
            }
            div { dt { (words.referrals) } dd { (number(lang, i64::from(it.view.credited))) " (" (number(lang, i64::from(it.view.leads))) " " (words.open) ")" } }
            div { dt { (words.clicks) } dd { (count(lang, it.view.impressions)) " (" (count(lang, it.view.uniques)) " " (words.unique) ")" } }
            div { dt { (words.paid) } dd { (money(lang, it.extra.revenue, it.currency)) } }
            @if let (Some(version), Some(at)) = (&it.extra.agreed, it.extra.agreed_at) {
                div { dt { (words.agreed) } dd {
                    (day(it.clock, at)) " (version "
                    a href={ "/c/" (it.campaign) "?version=" (version) "&lang=" (lang.tag()) } { code { (version) } } ")"
                } }
            }
            @if let Some(language) = &it.view.language { div { dt { (words.language) } dd { (spoken(language)) } } }
            @for (key, value) in &it.view.metadata { div { dt { (key) } dd { (value) } } }
            @if let Some(address) = it.extra.address.as_deref().filter(|_| it.may[0]) {
                div { dt { (words.address) } dd { (written_address(address)) } }
            }
        }
        @if it.bounced {
            p.warn { (words.bounced) }
            @if it.may[1] {
                form method="post" action=(path(it, "mail")) {
                    (csrf(it.csrf))
                    button type="submit" { (words.lift) }
                }
            }
        }
        @if !it.view.signals.is_empty() {
            h3 { (words.signs) }
            ul { @for signal in &it.view.signals { li { (words::signal(*signal, lang)) } } }
        }
    }
}

/// A language by its name, where it is one of ours; else its tag.
fn spoken(tag: &str) -> &str {
    if let Some(lang) = Lang::from_tag(tag) { lang.name() } else { tag }
}

fn count(lang: Lang, count: u64) -> String {
    shared::written::number(lang, count)
}

/// An address as it is written on a parcel.
#[must_use]
pub fn written_address(json: &str) -> Markup {
    let parts: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_str(json).unwrap_or_default();
    let part = |name: &str| parts.get(name).and_then(serde_json::Value::as_str);
    let order = ["name", "line1", "line2", "postalCode", "city", "region", "country"];
    let lines: Vec<&str> = order.into_iter().filter_map(part).collect();
    html! { (lines.join(", ")) }
}

fn acts(it: &Dossier<'_>, words: &Words) -> Markup {
    let typed = it.wrong.filter(|it| it.0 == "code");
    let vanity = it.view.vanity.last().map(Code::as_str).unwrap_or_default();
    let field = Field {
        name: "code",
        label: words.code,
        value: typed.map_or(vanity, |it| it.1),
        hint: words.code_hint,
        wrong: typed.map(|_| words.code_wrong),
        ..Field::default()
    };
    html! {
        (copyable(it.clock.lang, None, it.link))
        @if it.may[1] {
            form.stack method="post" action=(path(it, "code")) {
                (csrf(it.csrf))
                (field.markup())
                button type="submit" { (words.keep_code) }
            }
            @for code in it.view.vanity.iter().rev().skip(1) {
                p.soft { (words.also) " " code { (code) } }
            }
            form.stack.apart method="post" action=(path(it, "block")) {
                (csrf(it.csrf))
                @if it.extra.blocked_at.is_some() {
                    p { (words.blocked_note) }
                    button type="submit" name="block" value="0" { (words.unblock) }
                } @else {
                    p.hint { (words.block_note) }
                    button type="submit" name="block" value="1" { (words.block) }
                }
            }
        }
        @if it.may[0] && it.view.outcome.is_none() {
            @let typed = it.wrong.filter(|it| it.0 == "referrer");
            form.stack.apart method="post" action={ "/console/" (it.campaign) "/referrals" } {
                (csrf(it.csrf))
                input type="hidden" name="friend" value=(it.view.id);
                (Field { name: "referrer", label: words.assign, value: typed.map_or("", |it| it.1),
                    hint: words.assign_hint, wrong: typed.map(|_| words.assign_wrong), ..Field::default() }.markup())
                button type="submit" name="act" value="assign" { (words.assign_now) }
            }
        }
        @if it.may[0] && matches!(it.view.outcome, Some(Outcome::Pending | Outcome::Held)) {
            form.stack.apart method="post" action={ "/console/" (it.campaign) "/referrals" } {
                (csrf(it.csrf))
                input type="hidden" name="friend" value=(it.view.id);
                input type="hidden" name="back" value="participant";
                @if it.view.outcome == Some(Outcome::Held) {
                    p { (words.held_note) }
                    p.acts {
                        button.primary type="submit" name="act" value="accept" { (words.accept) }
                        button type="submit" name="act" value="reject" { (words.reject) }
                    }
                } @else {
                    p.hint { (words.trigger_note) }
                    button type="submit" name="act" value="trigger" { (words.trigger) }
                }
            }
        }
    }
}

fn rewards(it: &Dossier<'_>, words: &Words) -> Markup {
    let lang = it.clock.lang;
    if it.view.rewards.is_empty() {
        return empty(words.no_reward);
    }
    let rows: Vec<Vec<Markup>> = it
        .view
        .rewards
        .iter()
        .zip(it.what)
        .map(|(reward, what)| {
            let approved = reward.approved_at.is_some();
            let open = reward.status == Status::Pending;
            vec![
                html! {
                    (what)
                    @if let Some(code) = &reward.coupon_code { br; code { (code) } }
                    @if let Some(charity) = reward.charity.as_deref().filter(|_| it.may[0]) { br; (charity) }
                },
                badge(words::reward(reward.status, approved, lang)),
                day(it.clock, reward.created_at),
                html! {
                    @if it.may[0] && open {
                        form.acts method="post" action={ "/console/" (it.campaign) "/rewards" } {
                            (csrf(it.csrf))
                            input type="hidden" name="reward" value=(reward.id);
                            input type="hidden" name="back" value=(it.view.id);
                            @if approved {
                                button type="submit" name="act" value="fulfill" { (words.fulfill) }
                            } @else {
                                button type="submit" name="act" value="approve" { (words.approve) }
                                button type="submit" name="act" value="refuse" { (words.refuse) }
                            }
                        }
                    }
                },
            ]
        })
        .collect();
    table(words.rewards, &words.reward_columns, &rows)
}

fn friends(it: &Dossier<'_>, words: &Words) -> Markup {
    let friends: Vec<&bonds::Row> =
        it.bonds.iter().filter(|bond| bond.friend != it.view.id).collect();
    if friends.is_empty() {
        return empty(words.no_friend);
    }
    let rows: Vec<Vec<Markup>> = friends
        .iter()
        .map(|bond| {
            vec![
                person(
                    it.campaign,
                    bond.friend.as_str(),
                    bond.friend_name.as_deref(),
                    bond.friend_email.as_deref(),
                ),
                badge(words::outcome(bond.outcome, it.clock.lang)),
                day(it.clock, bond.bound_at),
            ]
        })
        .collect();
    html! {
        (table(words.friends, &words.friend_columns, &rows))
        p { a href={ "/console/" (it.campaign) "/referrals?q=" (it.view.id) } { (words.all_friends) } }
    }
}

fn notes(it: &Dossier<'_>, words: &Words) -> Markup {
    let typed = it.wrong.filter(|it| it.0 == "note");
    html! {
        @for note in it.notes {
            div.note {
                p { (note.text) }
                p.soft { (note.by.as_deref().unwrap_or(&note.member)) " · " (instant(it.clock, note.at)) }
                @if it.may[0] {
                    form method="post" action=(path(it, "note")) {
                        (csrf(it.csrf))
                        button.plain type="submit" name="remove" value=(note.id) { (words.remove_note) }
                    }
                }
            }
        }
        @if it.notes.is_empty() { p.soft { (words.no_note) } }
        @if it.may[0] {
            form.stack method="post" action=(path(it, "note")) {
                (csrf(it.csrf))
                p.field {
                    label for="f-note" { (words.note) }
                    textarea id="f-note" name="note" rows="3" maxlength="2000"
                        aria-invalid=[typed.map(|_| "true")]
                        aria-describedby=[typed.map(|_| "f-note-wrong")] { (typed.map_or("", |it| it.1)) }
                    @if typed.is_some() { span.flaw id="f-note-wrong" { (words.note_wrong) } }
                }
                button type="submit" { (words.keep_note) }
            }
        }
    }
}

/// A line of the timeline.
struct Line {
    at: Timestamp,
    badge: Markup,
    text: Markup,
    is_day: bool,
}

/// The most lines of the timeline.
const LINES: usize = 150;

fn timeline(it: &Dossier<'_>, words: &Words) -> Markup {
    let mut lines: Vec<Line> = it.decisions.iter().map(|one| decided(it.clock.lang, one)).collect();
    lines.extend(it.events.iter().map(|one| happened(it, one, words)));
    lines.extend(it.mail.iter().map(|one| written(it.clock.lang, one)));
    lines.sort_by_key(|it| std::cmp::Reverse(it.at));
    lines.truncate(LINES);
    html! {
        ol.decisions {
            @for line in &lines {
                li {
                    p { (line.badge) " " span.soft {
                        @if line.is_day { (day(it.clock, line.at)) } @else { (instant(it.clock, line.at)) }
                    } }
                    p { (line.text) }
                }
            }
        }
        @if lines.is_empty() { (empty(words.nothing)) }
    }
}

/// A message, and what became of it.
fn written(lang: Lang, it: &Listed) -> Line {
    let (name, _) = mail::name(it.kind, lang);
    Line {
        at: it.settled_at.unwrap_or(it.created_at),
        badge: badge((Tone::Quiet, "e-mail")),
        text: html! { (name) ": " (mail::fate(lang, it)) },
        is_day: false,
    }
}

fn decided(lang: Lang, it: &Decision) -> Line {
    let sentences: Vec<&str> = it.reasons.iter().map(|it: &Reason| it.sentence(lang)).collect();
    let kind: Kind = it.kind;
    Line {
        at: it.at,
        badge: badge(words::kind(kind, lang)),
        text: html! { (sentences.join(" ")) },
        is_day: false,
    }
}

fn happened(it: &Dossier<'_>, event: &Event, words: &Words) -> Line {
    let lang = it.clock.lang;
    let amount = |amount: i64| money(lang, amount, it.currency);
    let (name, text) = match event.kind.as_str() {
        "CLICKS" => (words.event_clicks, number(lang, event.number.unwrap_or_default())),
        "SHARE" => {
            let key = event.what.as_deref().unwrap_or_default();
            let label = shared::channel::Channel::from_key(key).map_or(key, |it| it.label());
            (words.event_share, label.to_owned())
        }
        "REFUND" => (words.event_refund, event.number.map(amount).unwrap_or_default()),
        "REWARD" => (words.event_reward, event.number.map(amount).unwrap_or_default()),
        _ => {
            let name = match event.what.as_deref() {
                Some("TRANSACTION") => words.event_order,
                Some("SIGNUP") => words.event_signup,
                _ => words.event_qualifying,
            };
            (name, event.number.map(amount).unwrap_or_default())
        }
    };
    let is_day = event.kind == "CLICKS";
    // A day of clicks is one in UTC: it is told as that day.
    let at = if is_day { event.at + shared::time::Span::hours(12) } else { event.at };
    Line { at, badge: badge((Tone::Quiet, name)), text: html! { (text) }, is_day }
}

fn data(it: &Dossier<'_>, words: &Words) -> Markup {
    html! {
        p.acts {
            @if it.may[2] { a.button href=(path(it, "export")) { (words.export) } }
            @if it.may[1] { a.button href=(path(it, "erase")) { (words.erase) } }
        }
        p.hint { (words.data_note) }
    }
}

/// The page that asks whether somebody is really to be erased.
#[must_use]
pub fn erasing(lang: Lang, campaign: &str, token: &str, view: &View) -> Markup {
    let words = words(lang);
    let back = format!("/console/{campaign}/participants/{}", view.id);
    html! {
        h1 { (words.erase_title) }
        div.panel.narrow {
            p { strong { (view.email) } " · " code { (view.id) } }
            p { (words.erase_goes) }
            ul { @for line in words.erase_list { li { (line) } } }
            p { (words.erase_stays) }
            form.acts method="post" {
                (csrf(token))
                button.danger type="submit" name="sure" value=(view.id) { (words.erase_now) }
                a.button href=(back) { (words.keep_person) }
            }
        }
    }
}
