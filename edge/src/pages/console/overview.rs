//! The numbers of a period, with those of the one before, and what waits for the owner.

use maud::{Markup, html};
use shared::{
    lang::Lang,
    money::Currency,
    period::{self, Period},
    time::{Span, Timestamp},
    written::date,
};

use super::{
    chart,
    mail::{Silence, silence},
    overview_words::{Words, words},
    parts::{Field, money, number, person, section, wrong},
};
use crate::store::{
    champions::Champion,
    figures::{COUNTED, Figures, Waiting},
};

/// Which period is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Choice {
    /// So many days up to today.
    Days(i64),
    /// This month, up to today.
    Month,
    /// From one day to another.
    Between,
}

impl Choice {
    /// Those that are a click away.
    pub const ALL: [Self; 4] = [Self::Days(7), Self::Days(30), Self::Days(90), Self::Month];

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Days(7) => "7",
            Self::Days(90) => "90",
            Self::Days(_) => "30",
            Self::Month => "month",
            Self::Between => "",
        }
    }
}

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Overview<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The campaign's id.
    pub campaign: &'a str,
    /// What the owner calls it.
    pub name: &'a str,
    /// Its currency.
    pub currency: Currency,
    /// Which period.
    pub choice: Choice,
    /// The period.
    pub period: Period,
    /// What stood before it.
    pub before: Period,
    /// What was typed as the first and the last day, and what is wrong with it.
    pub typed: (&'a str, &'a str),
    /// What is wrong with that.
    pub wrong: bool,
    /// Both periods day by day.
    pub days: &'a [Figures],
    /// The period by channel.
    pub channels: &'a [Figures],
    /// The same of the period before.
    pub channels_before: &'a [Figures],
    /// Who brought the most friends in it.
    pub best: &'a [Champion],
    /// Who brought friends before, and none in it.
    pub fading: &'a [Champion],
    /// What waits.
    pub waiting: Waiting,
    /// Whether nobody takes part yet.
    pub is_empty: bool,
    /// Whether the reader may add people, and take lists away.
    pub may: [bool; 2],
    /// Why no mail reaches anybody.
    pub silence: Option<Silence>,
}

/// The overview of a campaign.
#[must_use]
pub fn page(it: &Overview<'_>) -> Markup {
    let words = words(it.lang);
    html! {
        div.titled { h1 { (it.name) } }
        @if let Some(why) = it.silence {
            p.warn { (silence(it.lang, why)) " " a href={ "/console/" (it.campaign) "/mail" } { "E-mails" } }
        }
        (waits(it, words))
        (periods(it, words))
        @if it.is_empty {
            div.empty {
                p { (words.nobody) }
                @if it.may[0] {
                    p { a.button.primary href={ "/console/" (it.campaign) "/participants/add" } { (words.add) } }
                }
                p { a href={ "/console/" (it.campaign) "/install#next" } { (words.join) } }
            }
        } @else {
            (numbers(it, words))
        }
    }
}

fn numbers(it: &Overview<'_>, words: &Words) -> Markup {
    let lang = it.lang;
    let (now, before) = (sum(it.days, it.period), sum(it.days, it.before));
    let plain = |value: i64| number(lang, value);
    let worth = |value: i64| money(lang, value, it.currency);
    let tile = |name: &str, part: fn(&Figures) -> i64, shown: &dyn Fn(i64) -> String| {
        html! {
            div {
                dt { (name) }
                dd { (shown(part(&now))) }
                dd.beside { (words.before) " " (shown(part(&before))) (change(lang, part(&now), part(&before))) }
            }
        }
    };
    html! {
        dl.tiles {
            (tile(words.impressions, |it| it.impressions, &plain))
            (tile(words.uniques, |it| it.uniques, &plain))
            (tile(words.participants, |it| it.participants, &plain))
            (tile(words.referrals, |it| it.referrals, &plain))
            (tile(words.credited, |it| it.credited, &plain))
            (tile(words.conversions, |it| it.conversions, &plain))
            (tile(words.revenue, |it| it.revenue, &worth))
            div {
                dt { (words.rewards) }
                dd { (plain(now.rewards)) }
                dd.beside {
                    (words.before) " " (plain(before.rewards)) " · "
                    (words.waiting) " " (counted(lang, it.waiting.rewards))
                }
            }
        }
        (section("days", words.by_day, &by_day(it, words)))
        (section("channels", words.by_channel, &by_channel(it, words)))
        div.pair {
            (section("best", words.best, &champions(it, it.best, words.best_none, words)))
            (section("fading", words.fading, &champions(it, it.fading, words.fading_none, words)))
        }
        p.soft {
            (words.note)
            @if it.may[1] {
                " " a href={ "/console/" (it.campaign) "/export/decisions" } { (words.decisions) }
            }
        }
    }
}

/// What happened in a period.
fn sum(days: &[Figures], period: Period) -> Figures {
    let inside = |it: &&Figures| period.first <= it.day && it.day <= period.last;
    days.iter().filter(inside).fold(Figures::default(), |sum, it| sum.plus(it))
}

/// How much more or less it is, where there is something to compare with.
fn change(lang: Lang, now: i64, before: i64) -> Markup {
    if before <= 0 || now == before {
        return html! {};
    }
    let percent = (i128::from(now) - i128::from(before)) * 100 / i128::from(before);
    let percent = i64::try_from(percent).unwrap_or(i64::MAX);
    let sign = if 0 < percent { "+" } else { "" };
    let gap = if lang == Lang::Fr { "\u{a0}" } else { "" };
    html! { " (" (sign) (number(lang, percent)) (gap) "%)" }
}

fn waits(it: &Overview<'_>, words: &Words) -> Markup {
    let base = format!("/console/{}", it.campaign);
    let Waiting { rewards, to_give, held, pools, appeals } = it.waiting;
    let each = [
        (rewards, "/rewards", words.wait_rewards),
        (to_give, "/rewards?show=to-give", words.wait_to_give),
        (held, "/referrals?status=held", words.wait_held),
        (appeals, "/appeals", words.wait_appeals),
        (pools, "/coupons", words.wait_pools),
    ];
    let each: Vec<_> = each.into_iter().filter(|it| 0 < it.0).collect();
    html! {
        @if !each.is_empty() {
            section.panel.waits aria-labelledby="waits" {
                h2 id="waits" { (words.waits) }
                ul {
                    @for (count, path, [one, several]) in each {
                        li {
                            a href={ (base) (path) } {
                                strong { (counted(it.lang, count)) } " "
                                (if count == 1 { one } else { several })
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A number that is counted only so far.
fn counted(lang: Lang, count: u64) -> String {
    let text = shared::written::number(lang, count);
    if COUNTED <= count { format!("{text}+") } else { text }
}

fn periods(it: &Overview<'_>, words: &Words) -> Markup {
    let field = |name, label, value| Field { name, label, value, kind: "date", ..Field::default() };
    let name = |choice: Choice| match choice {
        Choice::Days(7) => words.periods[0],
        Choice::Days(90) => words.periods[2],
        Choice::Days(_) => words.periods[1],
        Choice::Month | Choice::Between => words.periods[3],
    };
    html! {
        nav.choice aria-label=(words.period) {
            @for choice in Choice::ALL {
                a href={ "?period=" (choice.name()) }
                    aria-current=[(choice == it.choice).then_some("true")] { (name(choice)) }
            }
        }
        details.filters open[it.choice == Choice::Between || it.wrong] {
            summary { (words.other_period) }
            form method="get" {
                @if it.wrong { (wrong(words.wrong_period)) }
                div.fields {
                    (field("from", words.from, it.typed.0).markup())
                    (field("to", words.to, it.typed.1).markup())
                    p.field.act { button type="submit" { (words.show) } }
                }
            }
        }
        p.soft {
            (span(it.lang, it.period)) " · " (words.compared) " " (span(it.lang, it.before))
        }
    }
}

fn span(lang: Lang, period: Period) -> String {
    format!("{} – {}", written(lang, period.first), written(lang, period.last))
}

fn written(lang: Lang, day: i64) -> String {
    date(lang, Timestamp(0) + Span::days(day))
}

fn by_day(it: &Overview<'_>, words: &Words) -> Markup {
    let lang = it.lang;
    let of = |day: i64| it.days.iter().find(|it| it.day == day).cloned().unwrap_or_default();
    let days: Vec<(i64, Figures)> =
        (it.period.first..=it.period.last).map(|day| (day, of(day))).collect();
    let values =
        |part: fn(&Figures) -> i64| days.iter().map(|it| part(&it.1)).collect::<Vec<i64>>();
    let ends = html! {
        p.ends.soft aria-hidden="true" {
            span { (written(lang, it.period.first)) } span { (written(lang, it.period.last)) }
        }
    };
    let columns = [
        words.day,
        words.uniques,
        words.participants,
        words.referrals,
        words.credited,
        words.revenue,
    ];
    html! {
        div.beside {
            div { h3 { (words.uniques) } (chart::columns(lang, words.uniques, &values(|it| it.uniques))) (ends) }
            div { h3 { (words.referrals) } (chart::columns(lang, words.referrals, &values(|it| it.referrals))) (ends) }
        }
        details.data {
            summary { (words.as_table) }
            div.scroll tabindex="0" role="region" aria-label=(words.by_day) {
                table {
                    caption.hidden { (words.by_day) }
                    thead { tr {
                        @for (place, column) in columns.iter().enumerate() {
                            th scope="col" class=[(0 < place).then_some("number")] { (column) }
                        }
                    } }
                    tbody {
                        @for (day, figures) in days.iter().rev() {
                            tr {
                                th scope="row" { time datetime=(period::written(*day)) { (written(lang, *day)) } }
                                td.number { (number(lang, figures.uniques)) }
                                td.number { (number(lang, figures.participants)) }
                                td.number { (number(lang, figures.referrals)) }
                                td.number { (number(lang, figures.credited)) }
                                td.number { (money(lang, figures.revenue, it.currency)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn by_channel(it: &Overview<'_>, words: &Words) -> Markup {
    let lang = it.lang;
    if it.channels.is_empty() {
        return super::parts::empty(words.no_channel);
    }
    let before = |channel: &str| {
        let found = it.channels_before.iter().find(|it| it.channel == channel);
        found.cloned().unwrap_or_default()
    };
    let rows: Vec<Vec<Markup>> = it
        .channels
        .iter()
        .map(|now| {
            let before = before(&now.channel);
            let both = |part: fn(&Figures) -> i64| {
                html! { (number(lang, part(now))) " " span.soft { "(" (number(lang, part(&before))) ")" } }
            };
            vec![
                html! { (channel(&now.channel, words)) },
                both(|it| it.impressions),
                both(|it| it.shares),
                both(|it| it.referrals),
                both(|it| it.credited),
                html! { (money(lang, now.revenue, it.currency)) },
            ]
        })
        .collect();
    html! {
        p.soft { (words.channel_note) }
        (super::parts::table(words.by_channel, &words.channel_columns, &rows))
    }
}

/// What people call a channel.
fn channel(key: &str, words: &Words) -> String {
    if key.is_empty() {
        return words.direct.into();
    }
    shared::channel::Channel::from_key(key).map_or_else(|| key.into(), |it| it.label().into())
}

fn champions(it: &Overview<'_>, found: &[Champion], none: &str, words: &Words) -> Markup {
    html! {
        @if found.is_empty() {
            (super::parts::empty(none))
        } @else {
            ol.ranks {
                @for one in found {
                    li {
                        span { (person(it.campaign, one.id.as_str(), one.name.as_deref(), Some(&one.email))) }
                        strong { (shared::written::number(it.lang, one.friends)) " "
                            (if one.friends == 1 { words.friend } else { words.friends }) }
                    }
                }
            }
        }
    }
}
