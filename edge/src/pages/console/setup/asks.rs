//! The questions of the set-up in both languages: what is asked, what helps, what may be chosen.

/// A text in English and French.
pub(super) type Two = [&'static str; 2];

/// How a question is answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// By a line of text; what kind of input.
    Line(&'static str),
    /// By several lines.
    Lines,
    /// By one of a few choices that are all shown: value, name, more about it.
    Cards(&'static [(&'static str, Two, Two)]),
    /// By one of a list: value and name.
    List(&'static [(&'static str, Two)]),
}

/// A question.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) field: &'static str,
    pub(super) how: How,
    pub(super) label: Two,
    pub(super) hint: Two,
}

const fn ask(field: &'static str, how: How, label: Two, hint: Two) -> Ask {
    Ask { field, how, label, hint }
}

/// The question of a field.
pub(super) fn of(field: &str) -> Option<&'static Ask> {
    ASKS.iter().find(|it| it.field == field)
}

const NONE: Two = ["", ""];

const GIFTS: How = How::List(&[
    ("coupon", ["A coupon", "Un bon"]),
    ("credit", ["Credit on their account", "Un avoir sur leur compte"]),
    ("gift", ["A gift", "Un cadeau"]),
    ("access", ["Access to something", "Un accès"]),
    ("badge", ["A badge of honour", "Un badge d’honneur"]),
    ("money", ["Money that you pay out", "De l’argent que vous versez"]),
    ("donation", ["A donation to your charity", "Un don à votre association"]),
]);

const DAYS: How = How::List(&[
    ("1", ["1 day", "1 jour"]),
    ("3", ["3 days", "3 jours"]),
    ("7", ["7 days", "7 jours"]),
    ("14", ["14 days", "14 jours"]),
    ("30", ["30 days", "30 jours"]),
    ("60", ["60 days", "60 jours"]),
    ("90", ["90 days", "90 jours"]),
    ("180", ["180 days", "180 jours"]),
    ("365", ["365 days", "365 jours"]),
]);

const AMOUNT: Two = ["Worth", "Valeur"];
const AMOUNT_HINT: Two = [
    "A number such as 10 or 9.50. Left empty, no amount is named.",
    "Un nombre, comme 10 ou 9,50. Vide, aucun montant n’est annoncé.",
];
const WORDS: Two = ["In your own words", "Avec vos mots"];
const WORDS_HINT: Two = [
    "If you like, such as “a bag of coffee”. It takes the place of the words above.",
    "Si vous voulez, comme «\u{a0}un paquet de café\u{a0}». Remplace les mots ci-dessus.",
];
const CODE: Two = ["Coupon code", "Code du bon"];
const CODE_HINT: Two = [
    "The code that your shop knows. Shown once the reward is approved. It can be added later.",
    "Le code connu de votre boutique. Affiché une fois la récompense validée. Il peut être ajouté plus tard.",
];

/// What the law asks for, in a sentence: the same at the set-up and in the settings.
pub const CONSENT_RULE: Two = [
    "In the EU and in France, remembering a link needs the visitor’s yes; without it the link still counts if the friend signs up on the page where they arrive.",
    "Dans l’UE et en France, retenir un lien demande le oui du visiteur\u{a0}; sans lui, le lien compte encore si l’ami s’inscrit sur la page où il arrive.",
];

/// Where that is written.
pub(super) const CONSENT_SOURCES: Two = [
    "EU: ePrivacy directive, article 5: keeping something in a browser needs a yes, unless the visitor expressly asked for the service. France: Conseil d’État, 8 April 2022: cookies that serve to pay referrals need a yes; those of a reward that the visitor asked for do not.",
    "UE\u{a0}: directive ePrivacy, article 5\u{a0}: garder quelque chose dans un navigateur demande un oui, sauf pour un service expressément demandé. France\u{a0}: Conseil d’État, 8 avril 2022\u{a0}: les cookies qui servent à payer des apports demandent un oui\u{a0}; ceux d’une récompense demandée par le visiteur, non.",
];

const ASKS: &[Ask] = &[
    ask(
        "goal",
        How::Cards(&[
            (
                "shop",
                ["A shop", "Une boutique"],
                [
                    "More orders from friends of your customers.",
                    "Plus de commandes grâce aux filleuls de vos clients.",
                ],
            ),
            (
                "saas",
                ["Software by subscription", "Un logiciel par abonnement"],
                [
                    "More teams that pay, by users who are happy.",
                    "Plus d’abonnés, grâce aux utilisateurs contents.",
                ],
            ),
            (
                "newsletter",
                ["A newsletter", "Une newsletter"],
                ["Readers who bring readers.", "Des lecteurs qui amènent des lecteurs."],
            ),
            (
                "waiting-list",
                ["A waiting list", "Une liste d’attente"],
                [
                    "People who wait bring more before you open.",
                    "Ceux qui attendent en amènent d’autres avant l’ouverture.",
                ],
            ),
            (
                "service",
                ["A service", "Un service"],
                [
                    "A craft, a practice, an agency: few and dear customers.",
                    "Un artisan, un cabinet, une agence\u{a0}: peu de clients, mais fidèles.",
                ],
            ),
            (
                "non-profit",
                ["A non-profit", "Une association"],
                [
                    "Supporters who win supporters, with thanks in place of money.",
                    "Des soutiens qui en gagnent d’autres, avec un merci plutôt que de l’argent.",
                ],
            ),
        ]),
        ["What is your programme for?", "À quoi sert votre programme\u{a0}?"],
        [
            "Each choice fills in the rest with what usually works. You can change all of it.",
            "Chaque choix remplit la suite avec ce qui marche d’habitude. Vous pourrez tout changer.",
        ],
    ),
    ask(
        "who",
        How::Cards(&[
            (
                "both",
                ["Both", "Les deux"],
                [
                    "Your customer and the friend they bring.",
                    "Votre client et le filleul qu’il amène.",
                ],
            ),
            (
                "referrer",
                ["Your customer only", "Votre client seulement"],
                ["The friend gets nothing.", "Le filleul ne reçoit rien."],
            ),
        ]),
        ["Who gets something?", "Qui reçoit quelque chose\u{a0}?"],
        NONE,
    ),
    ask(
        "currency",
        How::List(&[
            ("EUR", ["Euro (EUR)", "Euro (EUR)"]),
            ("USD", ["US dollar (USD)", "Dollar américain (USD)"]),
            ("GBP", ["Pound (GBP)", "Livre sterling (GBP)"]),
            ("CHF", ["Swiss franc (CHF)", "Franc suisse (CHF)"]),
            ("CAD", ["Canadian dollar (CAD)", "Dollar canadien (CAD)"]),
            ("AUD", ["Australian dollar (AUD)", "Dollar australien (AUD)"]),
            ("SEK", ["Swedish krona (SEK)", "Couronne suédoise (SEK)"]),
            ("DKK", ["Danish krone (DKK)", "Couronne danoise (DKK)"]),
            ("NOK", ["Norwegian krone (NOK)", "Couronne norvégienne (NOK)"]),
            ("PLN", ["Zloty (PLN)", "Zloty (PLN)"]),
            ("CZK", ["Czech koruna (CZK)", "Couronne tchèque (CZK)"]),
            ("JPY", ["Yen (JPY)", "Yen (JPY)"]),
            ("BRL", ["Real (BRL)", "Réal (BRL)"]),
            ("INR", ["Rupee (INR)", "Roupie (INR)"]),
        ]),
        ["Currency", "Monnaie"],
        [
            "Of all amounts. It cannot be changed later.",
            "De tous les montants. Elle ne se change plus ensuite.",
        ],
    ),
    ask("gift", GIFTS, ["What your customer gets", "Ce que reçoit votre client"], NONE),
    ask("amount", How::Line("text"), AMOUNT, AMOUNT_HINT),
    ask("words", How::Line("text"), WORDS, WORDS_HINT),
    ask("code", How::Line("text"), CODE, CODE_HINT),
    ask("friendGift", GIFTS, ["What the friend gets", "Ce que reçoit le filleul"], NONE),
    ask("friendAmount", How::Line("text"), AMOUNT, AMOUNT_HINT),
    ask("friendWords", How::Line("text"), WORDS, WORDS_HINT),
    ask("friendCode", How::Line("text"), CODE, CODE_HINT),
    ask(
        "every",
        How::Line("number"),
        ["For how many friends?", "Pour combien de filleuls\u{a0}?"],
        [
            "1: for each friend. 3: once three friends came.",
            "1\u{a0}: pour chaque filleul. 3\u{a0}: dès que trois filleuls sont venus.",
        ],
    ),
    ask(
        "event",
        How::Cards(&[
            (
                "order",
                ["When they buy", "Quand il achète"],
                [
                    "Your shop tells us of the order, or you confirm it here.",
                    "Votre boutique nous signale la commande, ou vous la confirmez ici.",
                ],
            ),
            (
                "signup",
                ["When they sign up", "Quand il s’inscrit"],
                ["The form on your site is enough.", "Le formulaire de votre site suffit."],
            ),
        ]),
        ["When does a friend count?", "Quand un filleul compte-t-il\u{a0}?"],
        NONE,
    ),
    ask(
        "window",
        DAYS,
        ["How long does a link count?", "Combien de temps un lien compte-t-il\u{a0}?"],
        ["From the click until the friend signs up.", "Du clic jusqu’à l’inscription du filleul."],
    ),
    ask(
        "wait",
        DAYS,
        ["How long may the first order take?", "Combien de temps pour la première commande\u{a0}?"],
        ["From signing up until the friend buys.", "De l’inscription jusqu’à l’achat du filleul."],
    ),
    ask(
        "limit",
        How::Line("number"),
        ["At most how often for one customer?", "Combien de fois au plus par client\u{a0}?"],
        ["Left empty: no limit.", "Vide\u{a0}: sans limite."],
    ),
    ask(
        "per",
        How::List(&[
            ("month", ["a month", "par mois"]),
            ("year", ["a year", "par an"]),
            ("total", ["in all", "en tout"]),
        ]),
        ["Counted", "Période"],
        NONE,
    ),
    ask(
        "hold",
        How::Line("number"),
        ["Days before a reward is given", "Jours avant de donner une récompense"],
        [
            "As long as goods can be sent back: a refund then costs you nothing.",
            "Le temps d’un retour possible\u{a0}: un remboursement ne vous coûte alors rien.",
        ],
    ),
    ask(
        "approval",
        How::Cards(&[
            (
                "auto",
                ["By themselves", "Toutes seules"],
                [
                    "After these days. What looks odd still waits for you.",
                    "Après ces jours. Ce qui semble suspect vous attend quand même.",
                ],
            ),
            (
                "hand",
                ["By hand", "À la main"],
                ["You look at each one first.", "Vous regardez chacune d’abord."],
            ),
        ]),
        ["How are rewards approved?", "Comment les récompenses sont-elles validées\u{a0}?"],
        NONE,
    ),
    ask(
        "trust",
        How::Cards(&[
            (
                "confirm",
                ["Until it is confirmed", "Jusqu’à confirmation"],
                [
                    "Your own server confirms the sign-up, or you approve the reward by hand.",
                    "Votre serveur confirme l’inscription, ou vous validez la récompense à la main.",
                ],
            ),
            (
                "form",
                ["The form is enough", "Le formulaire suffit"],
                [
                    "Mind the risk: whoever sends made-up sign-ups through it gets rewards, unless you look in these days.",
                    "Attention au risque\u{a0}: qui y envoie de fausses inscriptions obtient des récompenses, sauf si vous regardez pendant ces jours.",
                ],
            ),
        ]),
        [
            "Only a form told of the sign-up: how long does the reward wait?",
            "Seul un formulaire signale l’inscription\u{a0}: jusqu’où attend la récompense\u{a0}?",
        ],
        NONE,
    ),
    ask(
        "budget",
        How::Line("number"),
        ["At most how many rewards in all?", "Combien de récompenses en tout, au plus\u{a0}?"],
        ["Left empty: no end.", "Vide\u{a0}: sans fin."],
    ),
    ask(
        "company",
        How::Line("text"),
        ["Your name", "Votre nom"],
        [
            "Of your shop, company or association, as people know it.",
            "De votre boutique, entreprise ou association, tel qu’on le connaît.",
        ],
    ),
    ask("name", How::Line("text"), ["Name of the programme", "Nom du programme"], NONE),
    ask(
        "address",
        How::Line("text"),
        ["Where links lead", "Où mènent les liens"],
        [
            "The page of your site on which friends arrive, such as shop.example/welcome.",
            "La page de votre site où arrivent les filleuls, comme boutique.example/bienvenue.",
        ],
    ),
    ask(
        "join",
        How::Cards(&[
            (
                "all",
                ["Everybody who signs up", "Tous ceux qui s’inscrivent"],
                [
                    "Whoever sends the sign-up form of your site gets a link of their own.",
                    "Qui envoie le formulaire d’inscription de votre site reçoit son propre lien.",
                ],
            ),
            (
                "friends",
                ["Only friends who came by a link", "Seulement les amis venus par un lien"],
                [
                    "You invite or import the first ones, or they join on the programme’s own page.",
                    "Vous invitez ou importez les premiers, ou ils entrent par la page du programme.",
                ],
            ),
        ]),
        ["Who may get a link?", "Qui peut avoir un lien\u{a0}?"],
        NONE,
    ),
    ask(
        "more",
        How::Lines,
        ["Other addresses of your site", "Autres adresses de votre site"],
        [
            "One a line, such as www.shop.example, if forms or orders are on them.",
            "Une par ligne, comme www.boutique.example, si des formulaires ou commandes s’y trouvent.",
        ],
    ),
    ask(
        "consent",
        How::Cards(&[
            (
                "ask",
                ["Ask visitors first", "Demander d’abord aux visiteurs"],
                [
                    "Nothing is kept in a browser until your cookie banner, or the friend’s click on the offer, says yes.",
                    "Rien n’est gardé dans un navigateur avant le oui de votre bandeau cookies, ou le clic du filleul sur l’offre.",
                ],
            ),
            (
                "other",
                ["I have another legal ground", "J’ai une autre base légale"],
                [
                    "For instance outside the EU. A link is remembered at once.",
                    "Par exemple hors de l’UE. Un lien est retenu aussitôt.",
                ],
            ),
        ]),
        [
            "May a link be remembered in the browser?",
            "Un lien peut-il être retenu dans le navigateur\u{a0}?",
        ],
        CONSENT_RULE,
    ),
    ask(
        "zone",
        How::Line("text"),
        ["Time zone", "Fuseau horaire"],
        ["By its name, such as Europe/Paris.", "Par son nom, comme Europe/Paris."],
    ),
    ask("primary", How::Line("color"), ["Colour of buttons", "Couleur des boutons"], NONE),
    ask("accent", How::Line("color"), ["Colour of links", "Couleur des liens"], NONE),
    ask(
        "scheme",
        How::Cards(&[
            ("auto", ["As each device", "Comme l’appareil"], NONE),
            ("light", ["Light", "Clair"], NONE),
            ("dark", ["Dark", "Sombre"], NONE),
        ]),
        ["Light or dark", "Clair ou sombre"],
        NONE,
    ),
    ask(
        "logo",
        How::Line("text"),
        ["Address of your logo", "Adresse de votre logo"],
        [
            "Of a picture on your site, with https. May be left out: a file can be sent under “Design” afterwards.",
            "D’une image de votre site, en https. Facultatif\u{a0}: un fichier s’envoie ensuite sous «\u{a0}Apparence\u{a0}».",
        ],
    ),
    ask("titleEn", How::Line("text"), ["Headline in English", "Titre en anglais"], NONE),
    ask(
        "titleFr",
        How::Line("text"),
        ["Headline in French", "Titre en français"],
        [
            "If one language is left empty, the other stands for it.",
            "Si une langue est vide, l’autre la remplace.",
        ],
    ),
    ask("textEn", How::Lines, ["Invitation in English", "Invitation en anglais"], NONE),
    ask("textFr", How::Lines, ["Invitation in French", "Invitation en français"], NONE),
];

#[cfg(test)]
mod tests {
    use shared::{
        lang::Lang,
        setup::{Answers, Goal, Step, read},
        time::Timestamp,
    };

    use super::*;

    #[test]
    fn every_field_of_every_step_is_asked_once_in_both_languages() {
        let fields: Vec<&str> = Step::ALL.iter().flat_map(|it| it.fields()).copied().collect();
        assert_eq!(ASKS.len(), fields.len());
        for field in fields {
            let ask = of(field).unwrap_or_else(|| panic!("{field} is not asked"));
            assert!(ask.label.iter().all(|it| !it.is_empty()), "{field}");
            assert_eq!(ask.hint[0].is_empty(), ask.hint[1].is_empty(), "{field}");
        }
    }

    #[test]
    fn every_choice_is_understood_and_every_preset_is_among_the_choices() {
        for ask in ASKS {
            let values: Vec<&str> = match ask.how {
                How::Cards(of) => of.iter().map(|it| it.0).collect(),
                How::List(of) => of.iter().map(|it| it.0).collect(),
                How::Line(_) | How::Lines => continue,
            };
            for value in &values {
                let own = [
                    ("goal", "shop"),
                    (ask.field, value),
                    ("amount", "1"),
                    ("friendAmount", "1"),
                    ("company", "C"),
                    ("address", "c.example"),
                ];
                let typed = own.iter().map(|it| (it.0.into(), it.1.into())).collect();
                let answers = Answers { typed, lang: Lang::En };
                let (_, flaws) = read(&answers, "shop01", "crew_1", Timestamp(0));
                assert_eq!(flaws, [], "{} {value}", ask.field);
            }
            for goal in Goal::ALL {
                let preset = goal.answer(ask.field, Lang::En);
                assert!(preset.is_empty() || values.contains(&preset), "{} {preset}", ask.field);
            }
        }
    }
}
