//! Coupon pools: their stock, more codes, one code less.

use maud::{Markup, html};
use shared::{api::CouponPool, lang::Lang};

use super::{
    frame::csrf,
    parts::{Field, Tone, badge, done, empty, wrong},
};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Pools<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// A number by which an upload that is sent twice is known.
    pub once: &'a str,
    /// The pools by name.
    pub pools: &'a [CouponPool],
    /// What was just done, and how many codes came.
    pub told: Option<(&'a str, u64)>,
    /// What is wrong: the form, the pool, what was typed, and where.
    pub wrong: Option<Wrong<'a>>,
    /// Whether the reader may change pools, and take lists away.
    pub may: [bool; 2],
}

/// A form that is to be mended.
#[derive(Clone, Debug)]
pub struct Wrong<'a> {
    /// Which form: `pool`, `codes`, `low` or `withdraw`.
    pub form: &'a str,
    /// The pool that it is about.
    pub pool: &'a str,
    /// What was typed.
    pub typed: &'a str,
    /// The codes that are wrong: their places from 1, and which they are.
    pub lines: Vec<(usize, String)>,
}

/// The page.
#[must_use]
pub fn page(it: &Pools<'_>) -> Markup {
    let words = words(it.lang);
    let told = it.told.and_then(|told| words.told.iter().find(|it| it.0 == told.0));
    html! {
        p { a href={ "/console/" (it.campaign) "/rewards" } { "← " (words.rewards) } }
        div.titled { h1 { (words.title) } }
        @if let Some((code, text)) = told {
            @let count = it.told.map_or(0, |it| it.1);
            @if *code == "uploaded" { (done(&format!("{count} {text}"))) } @else { (done(text)) }
        }
        @if it.pools.is_empty() { (empty(words.none)) }
        @for pool in it.pools { (one(it, pool, words)) }
        @if it.may[0] { (new(it, words)) }
    }
}

fn one(it: &Pools<'_>, pool: &CouponPool, words: &Words) -> Markup {
    let id = format!("pool-{}", pool.name);
    let number = |count: u64| shared::written::number(it.lang, count);
    let low = pool.free <= u64::from(pool.low_stock);
    let wrong_in = |form: &str| {
        it.wrong.as_ref().filter(|wrong| wrong.form == form && wrong.pool == pool.name)
    };
    html! {
        section.panel aria-labelledby=(id) {
            div.titled {
                h2 id=(id) { (pool.name) }
                p {
                    @if pool.free == 0 { (badge((Tone::Bad, words.nothing_left))) }
                    @else if low { (badge((Tone::Open, words.low))) }
                }
            }
            p {
                strong { (number(pool.free)) } " " (words.free) " " (number(pool.total)) " · "
                (words.told_at) " " (number(pool.low_stock.into()))
            }
            @if it.may[1] {
                p { a href={ "/console/" (it.campaign) "/export/coupons?pool=" (pool.name) } { (words.export) } }
            }
            @if it.may[0] {
                (upload(it, pool, wrong_in("codes"), words))
                details.filters open[wrong_in("withdraw").is_some() || wrong_in("low").is_some()] {
                    summary { (words.more) }
                    (small(it, pool, "withdraw", words.withdraw, words.withdraw_now, words.withdraw_wrong,
                        wrong_in("withdraw"), ""))
                    (small(it, pool, "low", words.low_line, words.low_now, words.low_wrong,
                        wrong_in("low"), &pool.low_stock.to_string()))
                }
            }
        }
    }
}

/// A form with one field.
#[expect(clippy::too_many_arguments, reason = "each is a word or a value of one small form")]
fn small(
    it: &Pools<'_>,
    pool: &CouponPool,
    act: &'static str,
    label: &str,
    button: &str,
    flaw: &str,
    wrong: Option<&Wrong<'_>>,
    value: &str,
) -> Markup {
    let name = format!("{act}-{}", pool.name);
    html! {
        form method="post" {
            (csrf(it.csrf))
            input type="hidden" name="pool" value=(pool.name);
            div.fields {
                p.field {
                    label for=(name) { (label) }
                    input id=(name) name="value" value=(wrong.map_or(value, |it| it.typed))
                        aria-invalid=[wrong.map(|_| "true")] autocomplete="off"
                        aria-describedby=[wrong.map(|_| format!("{name}-wrong"))];
                    @if wrong.is_some() { span.flaw id={ (name) "-wrong" } { (flaw) } }
                }
                p.field.act { button type="submit" name="act" value=(act) { (button) } }
            }
        }
    }
}

fn upload(it: &Pools<'_>, pool: &CouponPool, flaw: Option<&Wrong<'_>>, words: &Words) -> Markup {
    let id = format!("codes-{}", pool.name);
    html! {
        form.stack.narrow method="post" data-codes {
            (csrf(it.csrf))
            input type="hidden" name="pool" value=(pool.name);
            input type="hidden" name="once" value=(it.once);
            p.field {
                label for=(id) { (words.codes) }
                textarea id=(id) name="codes" rows="4" maxlength="40000" spellcheck="false"
                    aria-describedby={ (id) "-hint" } aria-invalid=[flaw.map(|_| "true")] {
                    (flaw.map_or("", |it| it.typed))
                }
                span.hint id={ (id) "-hint" } { (words.codes_hint) }
            }
            p.field hidden data-file {
                label for={ (id) "-file" } { (words.file) }
                input id={ (id) "-file" } type="file" accept=".csv,.txt,text/plain,text/csv";
                span.flaw hidden role="alert" { (words.file_wrong) }
            }
            @if let Some(flaw) = flaw {
                (wrong(words.codes_wrong))
                ul { @for (place, line) in &flaw.lines { li { (place) ": " code { (line) } } } }
            }
            button type="submit" name="act" value="upload" { (words.upload) }
        }
    }
}

fn new(it: &Pools<'_>, words: &Words) -> Markup {
    let wrong = it.wrong.as_ref().filter(|it| it.form == "pool");
    let field = Field {
        name: "name",
        label: words.name,
        value: wrong.map_or("", |it| it.typed),
        hint: words.name_hint,
        wrong: wrong.map(|_| words.name_wrong),
        ..Field::default()
    };
    let low = Field {
        name: "low",
        label: words.low_line,
        value: "20",
        kind: "number",
        ..Field::default()
    };
    html! {
        section.panel aria-labelledby="new" {
            h2 id="new" { (words.new) }
            form method="post" {
                (csrf(it.csrf))
                div.fields {
                    (field.markup())
                    (low.markup())
                    p.field.act { button type="submit" name="act" value="pool" { (words.new_now) } }
                }
            }
        }
    }
}

struct Words {
    title: &'static str,
    rewards: &'static str,
    told: [(&'static str, &'static str); 4],
    none: &'static str,
    nothing_left: &'static str,
    low: &'static str,
    free: &'static str,
    told_at: &'static str,
    export: &'static str,
    codes: &'static str,
    codes_hint: &'static str,
    codes_wrong: &'static str,
    file: &'static str,
    file_wrong: &'static str,
    upload: &'static str,
    more: &'static str,
    withdraw: &'static str,
    withdraw_now: &'static str,
    withdraw_wrong: &'static str,
    low_line: &'static str,
    low_now: &'static str,
    low_wrong: &'static str,
    new: &'static str,
    name: &'static str,
    name_hint: &'static str,
    name_wrong: &'static str,
    new_now: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Coupons",
    rewards: "Rewards",
    told: [
        ("uploaded", "codes were added."),
        ("withdrawn", "The code is gone."),
        ("low", "The line is changed."),
        ("made", "The pool is there: add codes to it."),
    ],
    none: "There is no pool yet. A pool holds codes of your shop, each of which is given once.",
    nothing_left: "nothing left",
    low: "nearly empty",
    free: "free of",
    told_at: "you are told at",
    export: "Download who was given which (CSV)",
    codes: "More codes",
    codes_hint: "One in each line.",
    codes_wrong: "No code was added. Mend these lines; each code may stand in the pool once:",
    file: "Or a file with one code in each line",
    file_wrong: "The file is too large. Split it into parts of 40,000 characters.",
    upload: "Add the codes",
    more: "Withdraw a code, change the line",
    withdraw: "Code that nobody may be given",
    withdraw_now: "Withdraw",
    withdraw_wrong: "There is no such code, or somebody was given it.",
    low_line: "Tell me when no more are left than",
    low_now: "Change",
    low_wrong: "A whole number from 0 to 1,000,000.",
    new: "New pool",
    name: "Name",
    name_hint: "1 to 40 letters, digits, - or _.",
    name_wrong: "No name for a pool, taken already, or there are 100 pools.",
    new_now: "Make the pool",
};

const FR: Words = Words {
    title: "Bons",
    rewards: "Récompenses",
    told: [
        ("uploaded", "codes ont été ajoutés."),
        ("withdrawn", "Le code est retiré."),
        ("low", "Le seuil est changé."),
        ("made", "La réserve est là\u{a0}: ajoutez-y des codes."),
    ],
    none: "Il n’y a pas encore de réserve. Une réserve contient des codes de votre boutique, \
        remis une fois chacun.",
    nothing_left: "vide",
    low: "presque vide",
    free: "libres sur",
    told_at: "vous êtes averti à",
    export: "Télécharger qui a reçu quoi (CSV)",
    codes: "Ajouter des codes",
    codes_hint: "Un par ligne.",
    codes_wrong: "Aucun code n’a été ajouté. Corrigez ces lignes\u{a0}; un code n’entre qu’une fois\u{a0}:",
    file: "Ou un fichier avec un code par ligne",
    file_wrong: "Le fichier est trop grand. Coupez-le en parts de 40\u{a0}000 caractères.",
    upload: "Ajouter les codes",
    more: "Retirer un code, changer le seuil",
    withdraw: "Code à ne plus remettre",
    withdraw_now: "Retirer",
    withdraw_wrong: "Ce code n’existe pas, ou quelqu’un l’a reçu.",
    low_line: "M’avertir quand il n’en reste plus que",
    low_now: "Changer",
    low_wrong: "Un nombre entier de 0 à 1\u{a0}000\u{a0}000.",
    new: "Nouvelle réserve",
    name: "Nom",
    name_hint: "De 1 à 40 lettres, chiffres, - ou _.",
    name_wrong: "Ce n’est pas un nom de réserve, il est pris, ou il y a 100 réserves.",
    new_now: "Créer la réserve",
};
