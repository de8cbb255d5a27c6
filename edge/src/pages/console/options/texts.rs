//! The owner's own texts of the card, in each language; and how public pages look.

use super::{Kind, Opt, Reach};

/// Every text.
pub const TEXTS: &[Opt] = &[
    Opt {
        path: "en.headline",
        part: "en",
        kind: Kind::Text(1),
        label: ["Headline", "Titre"],
        help: [
            "In the largest letters. Empty: the programme’s name. At most 120 characters.",
            "En grandes lettres. Vide\u{a0}: le nom du programme. 120 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "en.intro",
        part: "en",
        kind: Kind::Text(4),
        label: ["Introduction", "Introduction"],
        help: [
            "What your programme is about, above the rewards. At most 600 characters.",
            "Ce qu’est votre programme, au-dessus des récompenses. 600 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "en.eligibility",
        part: "en",
        kind: Kind::Text(4),
        label: ["Who may take part", "Qui peut participer"],
        help: [
            "Beyond what your settings say, such as a least age. At most 2,000 characters.",
            "Au-delà de vos réglages, par exemple un âge minimal. 2 000 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "en.terms",
        part: "en",
        kind: Kind::Text(10),
        label: ["Further terms", "Autres conditions"],
        help: [
            "An empty line begins a new paragraph. At most 12,000 characters.",
            "Une ligne vide commence un paragraphe. 12 000 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "en.contact",
        part: "en",
        kind: Kind::Text(3),
        label: ["Whom to ask", "À qui s’adresser"],
        help: [
            "Such as your address or that of your support. At most 400 characters.",
            "Par exemple votre adresse ou celle de votre service client. 400 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "fr.headline",
        part: "fr",
        kind: Kind::Text(1),
        label: ["Headline", "Titre"],
        help: [
            "In the largest letters. Empty: the programme’s name. At most 120 characters.",
            "En grandes lettres. Vide\u{a0}: le nom du programme. 120 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "fr.intro",
        part: "fr",
        kind: Kind::Text(4),
        label: ["Introduction", "Introduction"],
        help: [
            "What your programme is about, above the rewards. At most 600 characters.",
            "Ce qu’est votre programme, au-dessus des récompenses. 600 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "fr.eligibility",
        part: "fr",
        kind: Kind::Text(4),
        label: ["Who may take part", "Qui peut participer"],
        help: [
            "Beyond what your settings say, such as a least age. At most 2,000 characters.",
            "Au-delà de vos réglages, par exemple un âge minimal. 2 000 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "fr.terms",
        part: "fr",
        kind: Kind::Text(10),
        label: ["Further terms", "Autres conditions"],
        help: [
            "An empty line begins a new paragraph. At most 12,000 characters.",
            "Une ligne vide commence un paragraphe. 12 000 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "fr.contact",
        part: "fr",
        kind: Kind::Text(3),
        label: ["Whom to ask", "À qui s’adresser"],
        help: [
            "Such as your address or that of your support. At most 400 characters.",
            "Par exemple votre adresse ou celle de votre service client. 400 caractères au plus.",
        ],
        folded: false,
        reach: Reach::Words,
    },
];

/// How public pages look, for the list of versions.
pub const LOOK: &[Opt] = &[
    Opt {
        path: "primary",
        part: "look",
        kind: Kind::Line,
        label: ["Colour of buttons", "Couleur des boutons"],
        help: ["Such as #0b6b56.", "Par exemple #0b6b56."],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "accent",
        part: "look",
        kind: Kind::Line,
        label: ["Colour of links", "Couleur des liens"],
        help: ["Such as #0b6b56.", "Par exemple #0b6b56."],
        folded: false,
        reach: Reach::Words,
    },
    Opt {
        path: "scheme",
        part: "look",
        kind: Kind::Choice(&[
            ("AUTO", ["As each device", "Comme l’appareil"]),
            ("LIGHT", ["Light", "Clair"]),
            ("DARK", ["Dark", "Sombre"]),
        ]),
        label: ["Light or dark", "Clair ou sombre"],
        help: ["As it is best read.", "Selon ce qui se lit le mieux."],
        folded: false,
        reach: Reach::Words,
    },
];
