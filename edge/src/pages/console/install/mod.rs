//! The tag of a campaign for every kind of site, and the test of its installation, told in plain words.

mod snippets;
mod words;

use maud::{Markup, html};
use shared::{
    attribution::made_up,
    campaign::{Campaign, Status},
    lang::Lang,
    time::{Span, Timestamp},
};
use words::{Words, words};

use super::{
    frame::csrf,
    parts::{Field, Tone, badge, done, section},
};
use crate::store::installation_tests::Test;

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Install<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// Where the tag's script is.
    pub service: &'a str,
    /// The newest test.
    pub test: Option<&'a Test>,
    /// Whether an order was reported; none: friends count by signing up.
    pub ordered: Option<bool>,
    /// The hour.
    pub now: Timestamp,
    /// Whether the reader may test.
    pub may: bool,
    /// What was just done.
    pub told: Option<&'a str>,
    /// An address that is none, as it was typed.
    pub wrong: Option<&'a str>,
}

/// What the page is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    words(lang).title
}

/// The page.
#[must_use]
pub fn page(it: &Install<'_>) -> Markup {
    let words = words(it.lang);
    let told = it.told.and_then(|told| words.told.iter().find(|it| it.0 == told));
    html! {
        h1 { (words.title) }
        (super::settings::beside(it.lang, &it.campaign.id, "install"))
        @if let Some((_, text)) = told { (done(text)) }
        (section("tag", words.tag, &tag(it, words)))
        (section("test", words.test, &test(it, words)))
        (section("next", words.next, &html! {
            (join(it, words))
            ul {
                @for (text, path) in words.ways {
                    li { a href={ "/console/" (it.campaign.id) (path) } { (text) } }
                }
                li { a href={ "/c/" (it.campaign.id) } { (words.card) } }
            }
        }))
    }
}

/// Where people join, to be passed on.
fn join(it: &Install<'_>, words: &Words) -> Markup {
    let id = &it.campaign.id;
    let address = format!("{}/me/{id}", it.service);
    html! {
        @if it.campaign.status != Status::Draft {
            h3 { (words.join) }
            p { (words.join_how) }
            div.copyable {
                pre tabindex="0" { code { a href=(address) { (address) } } }
                button type="button" hidden data-copy=(address) data-copied=(words.copied)
                    aria-label={ (words.copy) " – " (words.join) } { (words.copy) }
            }
            p { img.qr src={ "/c/" (id) "/join.svg" } width="180" height="180" alt=(words.join_code); }
        }
    }
}

/// The tag, for each kind of site.
fn tag(it: &Install<'_>, words: &Words) -> Markup {
    let src = format!("{}/p.js", it.service);
    html! {
        p { (words.tag_how) }
        @for (place, way) in snippets::all(&src, &it.campaign.id).into_iter().enumerate() {
            @let (name, how) = words.snippets[place];
            details.way name="way" open[place == 0] {
                summary { (name) }
                p { (how) }
                div.copyable {
                    pre tabindex="0" { code { (way) } }
                    button type="button" hidden data-copy=(way) data-copied=(words.copied)
                        aria-label={ (words.copy) " – " (name) } { (words.copy) }
                }
            }
        }
        (pinned(it, &src, words))
    }
}

/// The tag of a fixed version, for whom a security policy asks for it: a script fills in what the service
/// publishes beside the loader.
fn pinned(it: &Install<'_>, src: &str, words: &Words) -> Markup {
    let [name, how] = words.pinned;
    let tag = format!("<script async src=\"{src}\" data-campaign=\"{}\"></script>", it.campaign.id);
    html! {
        details.way name="way" hidden data-pinned="/p.json" {
            summary { (name) }
            p { (how) }
            div.copyable {
                pre tabindex="0" { code { (tag) } }
                button type="button" hidden data-copy=(tag) data-copied=(words.copied)
                    aria-label={ (words.copy) " – " (name) } { (words.copy) }
            }
        }
    }
}

/// The test: how it is begun, and what it has seen.
fn test(it: &Install<'_>, words: &Words) -> Markup {
    let page = it.test.map(|test| test.page.as_str());
    let page = page.or(it.campaign.installation.share_url.as_deref()).unwrap_or_default();
    html! {
        p { (words.test_how) }
        @if it.may {
            form.stack method="post" {
                (csrf(it.csrf))
                (Field {
                    name: "page",
                    label: words.page,
                    value: it.wrong.unwrap_or(page),
                    hint: words.page_hint,
                    wrong: it.wrong.map(|_| words.page_wrong),
                    ..Field::default()
                }.markup())
                p { button.primary[!live(it)] type="submit" name="act" value="test" {
                    (if it.test.is_some() { words.again } else { words.begin })
                } }
            }
        }
        @if it.may && live(it) {
            p.open {
                a.button.primary href={ "/console/" (it.campaign.id) "/install/go" } target="_blank" rel="noopener" {
                    (words.open) span.hidden { " " (words.new_tab) }
                }
            }
        }
        div #state aria-live="polite" data-state=[live(it).then(|| format!("/console/{}/install/state", it.campaign.id))] {
            (state(it))
        }
        @if live(it) {
            p.unscripted { a.button href="?#test" { (words.look_again) } }
        }
    }
}

/// Whether a test goes on.
fn live(it: &Install<'_>) -> bool {
    it.test.is_some_and(|test| test.is_live(it.now))
}

/// The place of the sign-up among what is checked.
const SIGN_UP: usize = 2;

/// What the newest test has seen so far, and what is missing.
#[must_use]
pub fn state(it: &Install<'_>) -> Markup {
    let words = words(it.lang);
    let Some(test) = it.test else { return html! {} };
    let foreign = test.origin.as_deref().filter(|it_is| !it.campaign.allows(it_is));
    let form = test.told["form"].as_str().filter(|_| test.signed_up_at.is_none());
    let mut checks = vec![
        (
            test.called_at.is_some() && (foreign.is_none() || test.clicked_at.is_some()),
            foreign.is_some() && test.clicked_at.is_none(),
        ),
        (test.clicked_at.is_some(), false),
        (test.signed_up_at.is_some(), form.is_some()),
    ];
    checks.extend(it.ordered.map(|it| (it, false)));
    let all = checks.iter().all(|it| it.0);
    let address = live(it).then(|| made_up(&test.mark));
    let address = address.filter(|_| test.signed_up_at.is_none());
    let tone = |(good, bad): (bool, bool)| match (good, bad) {
        (true, _) => (Tone::Good, words.tones[0]),
        (_, true) => (Tone::Bad, words.tones[1]),
        _ => (Tone::Quiet, words.tones[2]),
    };
    html! {
        @if !live(it) && !all { p.note { (words.over) } }
        ol.checks {
            @for (place, (check, (name, wait))) in checks.into_iter().zip(words.checks).enumerate() {
                li data-done=[check.0.then_some("")] {
                    p { (badge(tone(check))) " " strong { (name) } }
                    @if !check.0 && !check.1 { p.soft { (wait) } }
                    @if let Some(address) = address.as_deref().filter(|_| place == SIGN_UP) {
                        div.copyable {
                            pre tabindex="0" { code { (address) } }
                            button type="button" hidden data-copy=(address) data-copied=(words.copied)
                                aria-label={ (words.copy) " – " (words.address) } { (words.copy) }
                        }
                    }
                }
            }
        }
        (mend(it, test, foreign, form, words))
        @if it.ordered == Some(false) { (order(it, words)) }
        @if all { p.told role="status" { (words.all_well) } }
    }
}

/// How an order is reported, where friends count by buying.
fn order(it: &Install<'_>, words: &Words) -> Markup {
    let base = format!("/console/{}", it.campaign.id);
    let ways = snippets::order(it.service, &it.campaign.id, it.campaign.currency.as_str());
    html! {
        div.note {
            p { (words.order_how) }
            @for (name, way) in ["curl", "JavaScript"].into_iter().zip(ways) {
                div.copyable {
                    pre tabindex="0" { code { (way) } }
                    button type="button" hidden data-copy=(way) data-copied=(words.copied)
                        aria-label={ (words.copy) " – " (name) } { (words.copy) }
                }
            }
            p { (words.order_key[0]) a href="/console/keys" { (words.order_key[1]) } "." }
            p { (words.order_hand[0]) a href={ (base) "/referrals" } { (words.order_hand[1]) } "." }
        }
    }
}

/// What is wrong, and how it is mended.
fn mend(
    it: &Install<'_>,
    test: &Test,
    foreign: Option<&str>,
    form: Option<&str>,
    words: &Words,
) -> Markup {
    let form = form.and_then(|form| words.forms.iter().find(|it| it.0 == form));
    let silent = test.called_at.is_none() && test.started_at + Span::seconds(20) < it.now;
    // The click follows the first call within a moment.
    let called = test.called_at.is_some_and(|it_was| it_was + Span::seconds(5) < it.now);
    let lost = called && test.clicked_at.is_none() && foreign.is_none();
    let told = |fact: &str| test.told[fact].as_bool();
    html! {
        @if let Some(origin) = foreign.filter(|_| test.clicked_at.is_none()) {
            div.wrong {
                p { (words.foreign) " " code { (origin) } }
                p { (words.foreign_how) }
                @if it.may {
                    form method="post" action={ "/console/" (it.campaign.id) "/install" } {
                        (csrf(it.csrf))
                        input type="hidden" name="origin" value=(origin);
                        button type="submit" name="act" value="allow" { (words.allow) " " (origin) }
                    }
                }
            }
        }
        @if silent {
            div.wrong {
                p { (words.silent) }
                ul { @for why in words.silences { li { (why) } } }
                p { (words.policy) }
                pre tabindex="0" { code { "script-src " (it.service) " 'wasm-unsafe-eval'; connect-src " (it.service) "; img-src " (it.service) } }
            }
        }
        @if lost { div.wrong { p { (words.lost) } } }
        @if let Some((_, why, how)) = form { div.wrong { p { (why) } p { (how) } } }
        @if told("cookies") == Some(false) { div.wrong { p { (words.cookies) } } }
        @if told("wasm") == Some(false) {
            div.note {
                p { (words.wasm) }
                pre tabindex="0" { code { "script-src 'wasm-unsafe-eval'" } }
            }
        }
        @if test.consent.as_deref() == Some("REQUIRED") {
            div.note {
                p { (words.consent) }
                pre tabindex="0" { code { "parrain(\"consent\", true)" } }
            }
        }
    }
}

#[cfg(test)]
mod tests;
