//! What is wrong with a setting, in plain words: what the engine says, for people.

use shared::lang::Lang;

/// What the engine says, in words and in both languages; the longest match is the first.
const KNOWN: &[(&str, [&str; 2])] = &[
    (
        "is less than what was given already",
        ["This is less than what was given already.", "C’est moins que ce qui a déjà été donné."],
    ),
    (
        "is not in the future",
        ["Choose a time that is still to come.", "Choisissez un moment à venir."],
    ),
    (
        "option endsAt is past",
        [
            "The end that you set is past: change it first.",
            "La fin prévue est passée\u{a0}: changez-la d’abord.",
        ],
    ),
    (
        "a draft is published before it ends",
        [
            "A programme runs before it ends.",
            "Un programme doit être en cours avant de se terminer.",
        ],
    ),
    (
        "must be an http",
        [
            "Type a whole address, beginning with https://.",
            "Tapez une adresse entière, qui commence par https://.",
        ],
    ),
    ("holds at most 50 addresses", ["At most 50 addresses.", "50 adresses au plus."]),
    (
        "holds at most 50 selectors",
        ["At most 50 selectors of 200 characters.", "50 sélecteurs de 200 caractères au plus."],
    ),
    (
        "a CSS selector of 200",
        [
            "A CSS selector of 200 characters at most.",
            "Un sélecteur CSS de 200 caractères au plus.",
        ],
    ),
    (
        "holds at most 50 paths",
        [
            "At most 50 paths, each beginning with / or *.",
            "50 chemins au plus, qui commencent par / ou *.",
        ],
    ),
    (
        "must be a domain",
        ["Type a domain such as shop.example.", "Tapez un domaine, par exemple boutique.example."],
    ),
    (
        "from 1 to 365",
        [
            "Type a whole number from 1 to 365, or nothing.",
            "Tapez un nombre entier de 1 à 365, ou rien.",
        ],
    ),
    ("from 0 to 365", ["Type a whole number from 0 to 365.", "Tapez un nombre entier de 0 à 365."]),
    (
        "from 1 to 100000",
        ["Type a whole number from 1 to 100,000.", "Tapez un nombre entier de 1 à 100 000."],
    ),
    ("from 1 to 100", ["Type a whole number from 1 to 100.", "Tapez un nombre entier de 1 à 100."]),
    (
        "holds whole numbers from 0",
        ["This number is too large or below nought.", "Ce nombre est trop grand ou négatif."],
    ),
    ("must be null or one of", ["Choose one of the list.", "Choisissez dans la liste."]),
    ("must be one of", ["Choose one of the list.", "Choisissez dans la liste."]),
    (
        "before the year 10000",
        ["Choose a day before the year 10000.", "Choisissez un jour avant l’an 10000."],
    ),
    (
        "holds at most 100 names",
        ["At most 100 names of 1 to 255 characters.", "100 noms de 1 à 255 caractères au plus."],
    ),
    ("holds at most 200 addresses", ["At most 200 addresses.", "200 adresses au plus."]),
    (
        "holds addresses such as",
        [
            "Each line is an address such as ann@example.com or *@example.com.",
            "Chaque ligne est une adresse, par exemple ann@example.com ou *@example.com.",
        ],
    ),
    (
        "a time zone is a name",
        [
            "Type the name of a time zone, such as Europe/Paris or UTC.",
            "Tapez le nom d’un fuseau horaire, par exemple Europe/Paris ou UTC.",
        ],
    ),
    (
        "needs charities",
        [
            "A donation needs charities: list them in the settings first.",
            "Un don demande des associations\u{a0}: indiquez-les d’abord dans les réglages.",
        ],
    ),
    (
        "needs the installation's referralTrigger",
        [
            "In this programme the sign-up is what counts already.",
            "Dans ce programme, l’inscription est déjà ce qui compte.",
        ],
    ),
    (
        "asks for an order",
        [
            "It asks for an order, and a sign-up has none.",
            "Elle demande une commande, et une inscription n’en a pas.",
        ],
    ),
    (
        "before the campaign began",
        ["This is before the programme began.", "C’est avant le début du programme."],
    ),
    (
        "after the campaign's end",
        ["This is after the programme ends.", "C’est après la fin du programme."],
    ),
    (
        "a leaderboard counts every referral",
        [
            "A leaderboard counts every friend: type 1.",
            "Un classement compte chaque filleul : tapez 1.",
        ],
    ),
    (
        "has numberOfWinners instead",
        ["A leaderboard has places that win instead.", "Un classement a des places gagnantes."],
    ),
    (
        "a leaderboard counts credited",
        [
            "A leaderboard counts what your programme waits for.",
            "Un classement compte ce que votre programme attend.",
        ],
    ),
    (
        "a leaderboard has none",
        [
            "A leaderboard has no conditions: it is one ranking for all.",
            "Un classement n’a pas de conditions\u{a0}: il est le même pour tous.",
        ],
    ),
    (
        "is for leaderboards",
        [
            "Only a leaderboard has places: leave it empty.",
            "Seul un classement a des places\u{a0}: laissez vide.",
        ],
    ),
    (
        "a month counts conversions",
        [
            "A month counts what your programme waits for only.",
            "Un mois ne compte que ce que votre programme attend.",
        ],
    ),
    (
        "counts by month or in total",
        [
            "This kind of rule counts by month or all the time.",
            "Ce genre de règle compte par mois ou sur toute la durée.",
        ],
    ),
    (
        "rules that reward the friend",
        [
            "Only a rule that rewards both sides has this.",
            "Seule une règle qui récompense les deux a cela.",
        ],
    ),
    (
        "a code of one's own comes",
        [
            "Who has it from the start cannot get a coupon of their own.",
            "Qui l’a dès le départ ne peut pas recevoir de code personnel.",
        ],
    ),
    (
        "is not after startsAt",
        ["The end is not after the beginning.", "La fin n’est pas après le début."],
    ),
    (
        "needs a limit that it counts",
        [
            "Type a limit first: this is what is counted.",
            "Indiquez d’abord une limite\u{a0}: c’est elle que l’on compte.",
        ],
    ),
    (
        "somebody has been given already",
        ["Somebody has been given more than that already.", "Quelqu’un a déjà reçu plus que cela."],
    ),
    (
        "needs the name of its pool",
        [
            "A coupon of their own needs the name of a pool.",
            "Un code personnel demande le nom d’une réserve.",
        ],
    ),
    (
        "only unique coupons come",
        [
            "Only a coupon of their own comes from a pool: leave it empty.",
            "Seul un code personnel vient d’une réserve\u{a0}: laissez vide.",
        ],
    ),
    ("names no pool", ["There is no pool of this name.", "Aucune réserve ne porte ce nom."]),
    ("needs an amount", ["Type what it is worth.", "Indiquez sa valeur."]),
    (
        "amount must be a whole",
        ["Type an amount above nought.", "Tapez un montant supérieur à zéro."],
    ),
    (
        "can never hold together",
        [
            "These conditions can never be true together.",
            "Ces conditions ne peuvent jamais être vraies ensemble.",
        ],
    ),
    (
        "cannot be held against",
        [
            "This condition does not fit what was typed beside it.",
            "Cette condition ne va pas avec ce qui est tapé à côté.",
        ],
    ),
    ("key names a field", ["Name the field of the friend.", "Nommez le champ du filleul."]),
    ("holds at most 50 conditions", ["At most 50 conditions.", "50 conditions au plus."]),
    (
        "is nested deeper",
        ["Conditions lie in at most 5 levels.", "Les conditions ont 5 niveaux au plus."],
    ),
    ("cannot be changed", ["This cannot be changed.", "Cela ne peut pas être changé."]),
    (
        "values are",
        ["Values have at most 500 characters.", "Les valeurs ont 500 caractères au plus."],
    ),
    (
        "holds characters of no text",
        ["This holds characters that are no text.", "Ce texte contient des caractères interdits."],
    ),
    ("at most 120 characters", ["At most 120 characters.", "120 caractères au plus."]),
    ("at most 600 characters", ["At most 600 characters.", "600 caractères au plus."]),
    ("at most 2000 characters", ["At most 2,000 characters.", "2 000 caractères au plus."]),
    ("at most 12000 characters", ["At most 12,000 characters.", "12 000 caractères au plus."]),
    ("at most 400 characters", ["At most 400 characters.", "400 caractères au plus."]),
    ("at most 255 characters", ["At most 255 characters.", "255 caractères au plus."]),
    ("at most 2048 characters", ["At most 2,048 characters.", "2 048 caractères au plus."]),
];

/// What the engine says of a field, for somebody who reads this language.
#[must_use]
pub fn problem(lang: Lang, said: &str) -> String {
    // What a rule would not fit any more names the rule: that stays.
    let of_rule = said.find(" of the rule crew_").map(|_| match lang {
        Lang::En => "A rule in force would not fit any more. ",
        Lang::Fr => "Une règle en vigueur ne conviendrait plus. ",
    });
    let known = KNOWN.iter().find(|it| said.contains(it.0)).map(|it| match lang {
        Lang::En => it.1[0],
        Lang::Fr => it.1[1],
    });
    let words = known.unwrap_or(match lang {
        Lang::En => "This cannot be taken as it is.",
        Lang::Fr => "Cela ne convient pas.",
    });
    format!("{}{words}", of_rule.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of the engine's own refusals, read from its sources.
    const SOURCES: &str = concat!(
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/..", "/shared/src/campaign.rs")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/..", "/shared/src/fraud/options.rs")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/..", "/shared/src/reward/rule.rs")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/..", "/shared/src/reward/gift.rs")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/..", "/shared/src/reward/fits.rs")),
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/..", "/shared/src/card/own.rs")),
    );

    #[test]
    fn r_settings_2_every_refusal_of_the_engine_has_words_for_people() {
        let mut seen = 0;
        let mut missing = Vec::new();
        for marker in ["problem: \"", "flaw(\"", "flaw(\n"] {
            for part in SOURCES.split(marker).skip(1) {
                let part = part.split("\n    }\n").next().unwrap_or_default();
                let texts: Vec<&str> = part.split('"').collect();
                // A flaw names its field first.
                let said = match marker {
                    "problem: \"" => texts.first(),
                    "flaw(\"" => texts.get(2),
                    _ => texts.get(3),
                };
                let Some(said) = said.filter(|it| it.contains(' ') && !it.contains('\n')) else {
                    continue;
                };
                seen += 1;
                if !KNOWN.iter().any(|it| said.contains(it.0)) {
                    missing.push(*said);
                }
            }
        }
        // What is about a setting that cannot be typed.
        missing.retain(|it| {
            !["is not available in this installation", "currencyISO"]
                .iter()
                .any(|no| it.contains(no))
        });
        assert!(30 < seen, "{seen}");
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn what_nobody_foresaw_is_refused_in_words_too() {
        assert_eq!(problem(Lang::Fr, "xyz"), "Cela ne convient pas.");
        let of_rule = problem(Lang::En, "gives of the rule crew_1: a donation needs charities in");
        assert!(of_rule.starts_with("A rule in force would not fit any more. A donation needs"));
    }
}
