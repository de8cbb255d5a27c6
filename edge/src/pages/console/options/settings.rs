//! Every setting of a campaign, in the order of the page.

use super::{Kind, Opt, Reach, around};
use crate::pages::console::setup::CONSENT_RULE;

const STATUS: Kind = Kind::Choice(&[
    ("DRAFT", ["Being set up", "En préparation"]),
    ("IN_PROGRESS", ["Running", "En cours"]),
    ("COMPLETE", ["Ended", "Terminé"]),
]);

const CONSENT: Kind = Kind::Choice(&[
    ("REQUIRED", ["Ask first", "Demander d’abord"]),
    ("NOT_REQUIRED", ["Not needed here", "Pas nécessaire ici"]),
]);

const SIGNUP: Kind = Kind::Choice(&[
    ("FORM_DETECTION", ["By the forms of my site", "Par les formulaires de mon site"]),
    ("PROGRAMMATIC", ["My back end or script tells", "Mon serveur ou script le dit"]),
]);

const TRIGGER: Kind = Kind::Choice(&[
    ("ON_SIGNUP", ["The sign-up", "L’inscription"]),
    ("CUSTOM", ["What comes after the sign-up", "Ce qui suit l’inscription"]),
]);

const MODEL: Kind = Kind::Choice(&[
    ("LAST_CLICK", ["The last link counts", "Le dernier lien compte"]),
    ("FIRST_CLICK", ["The first link counts", "Le premier lien compte"]),
]);

const PRECEDENCE: Kind = Kind::Choice(&[
    ("CODE", ["The code counts", "Le code compte"]),
    ("CLICK", ["The click counts", "Le clic compte"]),
]);

/// Every setting.
pub const SETTINGS: &[Opt] = &[
    Opt {
        path: "name",
        part: "programme",
        kind: Kind::Line,
        label: ["Name of the programme", "Nom du programme"],
        help: [
            "People read it on the card and in e-mails.",
            "Les gens le lisent sur la carte et dans les e-mails.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "companyName",
        part: "programme",
        kind: Kind::Line,
        label: ["Your company", "Votre entreprise"],
        help: [
            "Who gives the rewards, in people’s eyes.",
            "Celui qui offre les récompenses, aux yeux des gens.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "status",
        part: "programme",
        kind: STATUS,
        label: ["Where it stands", "Où il en est"],
        help: [
            "A running programme counts friends and gives rewards. One that has ended still takes people, but gives nothing; you can resume it.",
            "Un programme en cours compte les filleuls et récompense. Terminé, il accueille encore mais ne donne rien\u{a0}; vous pouvez le reprendre.",
        ],
        folded: false,
        reach: Reach::Whole,
    },
    Opt {
        path: "options.endsAt",
        part: "programme",
        kind: Kind::Instant,
        label: ["Ends on", "Se termine le"],
        help: [
            "It ends by itself then. Empty: it goes on until you end it.",
            "Il se termine alors tout seul. Vide\u{a0}: il continue jusqu’à ce que vous l’arrêtiez.",
        ],
        folded: false,
        reach: Reach::Whole,
    },
    Opt {
        path: "options.timeZone",
        part: "programme",
        kind: Kind::Line,
        label: ["Time zone", "Fuseau horaire"],
        help: [
            "By whose clocks days, months and years are counted, such as Europe/Paris or UTC.",
            "L’horloge qui compte jours, mois et années, par exemple Europe/Paris ou UTC.",
        ],
        folded: false,
        reach: Reach::Counted,
    },
    Opt {
        path: "currencyISO",
        part: "programme",
        kind: Kind::Fixed,
        label: ["Currency", "Monnaie"],
        help: [
            "Of all its amounts. It is chosen when a programme is made, and stays.",
            "De tous ses montants. Choisie à la création du programme, elle ne change plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "companyLogoImageUrl",
        part: "programme",
        kind: Kind::Line,
        label: ["Address of your logo", "Adresse de votre logo"],
        help: [
            "A picture on your site, beginning with https://. A file is sent on the page Design.",
            "Une image de votre site, qui commence par https://. Un fichier s’envoie sur la page Apparence.",
        ],
        folded: true,
        reach: Reach::Words,
    },
    Opt {
        path: "installation.shareUrl",
        part: "site",
        kind: Kind::Line,
        label: ["Your site", "Votre site"],
        help: [
            "Where links lead. The page that welcomes friends is best.",
            "Où mènent les liens\u{a0}: de préférence la page qui accueille les filleuls.",
        ],
        folded: false,
        reach: Reach::Links,
    },
    Opt {
        path: "installation.allowedUrls",
        part: "site",
        kind: Kind::Lines,
        label: ["Other addresses of yours", "Vos autres adresses"],
        help: [
            "One a line, such as https://app.shop.example: pages there may report visits and sign-ups, too.",
            "Une par ligne, par exemple https://app.boutique.example\u{a0}: leurs pages peuvent aussi signaler visites et inscriptions.",
        ],
        folded: false,
        reach: Reach::Visits,
    },
    Opt {
        path: "installation.consent",
        part: "site",
        kind: CONSENT,
        label: ["Visitors’ consent", "Consentement des visiteurs"],
        help: CONSENT_RULE,
        folded: false,
        reach: Reach::Visits,
    },
    Opt {
        path: "installation.signupEvent",
        part: "site",
        kind: SIGNUP,
        label: ["How we hear of sign-ups", "Comment nous apprenons les inscriptions"],
        help: [
            "The script on your pages can recognise your forms; or your own back end tells us.",
            "Le script de vos pages peut reconnaître vos formulaires\u{a0}; ou votre serveur nous le dit.",
        ],
        folded: false,
        reach: Reach::Visits,
    },
    Opt {
        path: "installation.forms.take",
        part: "site",
        kind: Kind::Lines,
        label: ["Forms that always count", "Formulaires qui comptent toujours"],
        help: [
            "CSS selectors, one a line, such as #newsletter: for forms that were not recognised.",
            "Sélecteurs CSS, un par ligne, par exemple #newsletter\u{a0}: pour les formulaires non reconnus.",
        ],
        folded: true,
        reach: Reach::Visits,
    },
    Opt {
        path: "installation.forms.ignore",
        part: "site",
        kind: Kind::Lines,
        label: ["Forms that never count", "Formulaires qui ne comptent jamais"],
        help: [
            "CSS selectors, one a line, such as #search.",
            "Sélecteurs CSS, un par ligne, par exemple #recherche.",
        ],
        folded: true,
        reach: Reach::Visits,
    },
    Opt {
        path: "installation.captureUnreferred",
        part: "site",
        kind: Kind::Flag,
        label: [
            "Take sign-ups of people whom nobody referred, too",
            "Prendre aussi les inscriptions de gens que personne n’a parrainés",
        ],
        help: [
            "They get a link of their own and may refer others.",
            "Ils reçoivent leur propre lien et peuvent parrainer à leur tour.",
        ],
        folded: true,
        reach: Reach::Visits,
    },
    Opt {
        path: "installation.cookieDomain",
        part: "site",
        kind: Kind::Line,
        label: ["Domain of the link cookie", "Domaine du cookie des liens"],
        help: [
            "Only where links live on a name of your own beside your shop: the common part of both, such as shop.example.",
            "Seulement si les liens vivent sur un nom à vous, à côté de la boutique\u{a0}: la partie commune, par exemple boutique.example.",
        ],
        folded: true,
        reach: Reach::Links,
    },
    Opt {
        path: "installation.useGrowSurfHostedLinks",
        part: "site",
        kind: Kind::Fixed,
        label: ["Links lead through this service", "Les liens passent par ce service"],
        help: [
            "Always: clicks are counted here, and then people are sent to your site.",
            "Toujours\u{a0}: les clics sont comptés ici, puis les gens arrivent sur votre site.",
        ],
        folded: true,
        reach: Reach::Links,
    },
    around::COUPON_FIELD,
    around::OFFER,
    around::PURCHASE_PAGES,
    around::LAUNCHER,
    around::EVERY_DAYS,
    around::CLOSED_DAYS,
    around::QUIET_PAGES,
    Opt {
        path: "installation.referralTrigger",
        part: "counting",
        kind: TRIGGER,
        label: ["What earns a reward", "Ce qui donne droit à une récompense"],
        help: [
            "The friend’s sign-up alone, or what comes after it: an order, or what your back end reports.",
            "L’inscription du filleul, ou ce qui la suit\u{a0}: une commande, ou ce que signale votre serveur.",
        ],
        folded: false,
        reach: Reach::Open,
    },
    Opt {
        path: "options.referralCookieWindowDays",
        part: "counting",
        kind: Kind::Days(&[1, 3, 7, 14, 30, 60, 90, 180, 365, 400], None),
        label: ["How long a click counts", "Combien de temps compte un clic"],
        help: [
            "From opening the link to signing up. Browsers forget after 395 days at the latest.",
            "De l’ouverture du lien à l’inscription. Les navigateurs oublient après 395 jours au plus.",
        ],
        folded: false,
        reach: Reach::Friends,
    },
    Opt {
        path: "options.referralCreditWindowDays",
        part: "counting",
        kind: Kind::Days(&[1, 3, 7, 14, 30, 60, 90, 180, 365], Some(["no limit", "sans limite"])),
        label: [
            "Time for the friend to do what counts",
            "Temps laissé au filleul pour faire ce qui compte",
        ],
        help: [
            "From signing up. Later it earns nothing.",
            "À partir de l’inscription. Après, rien n’est gagné.",
        ],
        folded: false,
        reach: Reach::Open,
    },
    Opt {
        path: "options.attributionModel",
        part: "counting",
        kind: MODEL,
        label: ["If a friend opened several links", "Si un filleul a ouvert plusieurs liens"],
        help: ["Whose friend they are.", "De qui il est le filleul."],
        folded: true,
        reach: Reach::Friends,
    },
    Opt {
        path: "options.codePrecedence",
        part: "counting",
        kind: PRECEDENCE,
        label: [
            "If a friend names another code than they clicked",
            "Si un filleul indique un autre code que son clic",
        ],
        help: [
            "Naming a code is a choice of its own; a click may be an accident.",
            "Indiquer un code est un choix\u{a0}; un clic peut être un hasard.",
        ],
        folded: true,
        reach: Reach::Friends,
    },
    Opt {
        path: "options.requireManualRewardApproval",
        part: "approval",
        kind: Kind::Flag,
        label: ["I approve each reward by hand", "Je valide chaque récompense à la main"],
        help: [
            "Otherwise rewards are approved by themselves.",
            "Sinon, les récompenses sont validées d’elles-mêmes.",
        ],
        folded: false,
        reach: Reach::Earned,
    },
    Opt {
        path: "options.autoApproveAfterDays",
        part: "approval",
        kind: Kind::Count,
        label: [
            "Approve by itself after so many days",
            "Valider d’office après ce nombre de jours",
        ],
        help: [
            "If nobody did by then; 1 to 365. Empty: it waits for you.",
            "Si personne ne l’a fait\u{a0}; de 1 à 365. Vide\u{a0}: elle attend votre décision.",
        ],
        folded: false,
        reach: Reach::Earned,
    },
    Opt {
        path: "options.autoFulfillRewards",
        part: "approval",
        kind: Kind::Flag,
        label: ["Approved rewards count as given", "Les récompenses validées sont remises"],
        help: [
            "Tick this where nothing is left for you to do, as with codes that people see at once.",
            "Cochez si vous n’avez plus rien à faire, par exemple pour des codes affichés aussitôt.",
        ],
        folded: false,
        reach: Reach::Approved,
    },
    Opt {
        path: "options.browserHoldDays",
        part: "approval",
        kind: Kind::Count,
        label: [
            "Days to wait where only a browser told of a sign-up",
            "Jours d’attente si seul un navigateur signale l’inscription",
        ],
        help: [
            "1 to 365. Empty: such rewards wait until your back end confirms them, or you do.",
            "De 1 à 365. Vide\u{a0}: ces récompenses attendent la confirmation de votre serveur, ou la vôtre.",
        ],
        folded: true,
        reach: Reach::Earned,
    },
    Opt {
        path: "options.charities",
        part: "approval",
        kind: Kind::Lines,
        label: ["Charities", "Associations"],
        help: [
            "One a line: people choose among them where a rule gives a donation.",
            "Une par ligne\u{a0}: chacun choisit parmi elles quand une règle offre un don.",
        ],
        folded: true,
        reach: Reach::Earned,
    },
    Opt {
        path: "options.budget.rewards",
        part: "budget",
        kind: Kind::Count,
        label: ["At most so many rewards in all", "Nombre de récompenses, au plus"],
        help: [
            "Of both sides together. Empty: no limit.",
            "Des deux côtés ensemble. Vide\u{a0}: sans limite.",
        ],
        folded: false,
        reach: Reach::Whole,
    },
    Opt {
        path: "options.budget.amount",
        part: "budget",
        kind: Kind::Money,
        label: ["At most this worth of rewards", "Valeur des récompenses, au plus"],
        help: [
            "Of all rewards that have an amount. Empty: no limit.",
            "De toutes les récompenses qui ont un montant. Vide\u{a0}: sans limite.",
        ],
        folded: false,
        reach: Reach::Whole,
    },
    Opt {
        path: "options.fraud.maxFriendsPerHour",
        part: "guards",
        kind: Kind::Count,
        label: ["Friends of one person in an hour", "Filleuls d’une personne en une heure"],
        help: [
            "More are held for you to look at. Empty: no limit.",
            "Au-delà, ils attendent que vous les regardiez. Vide\u{a0}: sans limite.",
        ],
        folded: false,
        reach: Reach::Friends,
    },
    Opt {
        path: "options.fraud.maxFriendsPerDay",
        part: "guards",
        kind: Kind::Count,
        label: ["Friends of one person in a day", "Filleuls d’une personne en un jour"],
        help: [
            "More are held for you to look at. Empty: no limit.",
            "Au-delà, ils attendent que vous les regardiez. Vide\u{a0}: sans limite.",
        ],
        folded: false,
        reach: Reach::Friends,
    },
    Opt {
        path: "options.fraud.blockBurnerEmails",
        part: "guards",
        kind: Kind::Flag,
        label: ["Refuse throw-away mailboxes", "Refuser les adresses jetables"],
        help: [
            "Otherwise such friends are held for you to look at.",
            "Sinon, ces filleuls attendent que vous les regardiez.",
        ],
        folded: false,
        reach: Reach::Friends,
    },
    Opt {
        path: "options.fraud.blockedEmails",
        part: "guards",
        kind: Kind::Lines,
        label: ["Addresses that are refused", "Adresses refusées"],
        help: [
            "One a line; * stands for anything, such as *@rival.example.",
            "Une par ligne\u{a0}; * remplace n’importe quoi, par exemple *@concurrent.example.",
        ],
        folded: true,
        reach: Reach::Friends,
    },
    Opt {
        path: "options.fraud.allowedEmails",
        part: "guards",
        kind: Kind::Lines,
        label: ["Addresses that are trusted", "Adresses de confiance"],
        help: [
            "One a line; nothing is ever suspected of these, such as *@yourshop.example.",
            "Une par ligne\u{a0}; rien n’y est jamais suspect, par exemple *@votreboutique.example.",
        ],
        folded: true,
        reach: Reach::Friends,
    },
];
