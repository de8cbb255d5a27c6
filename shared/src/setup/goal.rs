//! What a programme is for, and what suits that: the presets of the guided set-up.

use crate::{api, lang::Lang};

/// What a programme is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Goal {
    /// A shop on the web.
    Shop,
    /// Software by subscription.
    Saas,
    /// Readers of a newsletter.
    Newsletter,
    /// People who wait for a product.
    WaitingList,
    /// A craft, a practice, an agency.
    Service,
    /// A cause.
    NonProfit,
}

impl Goal {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Shop,
        Self::Saas,
        Self::Newsletter,
        Self::WaitingList,
        Self::Service,
        Self::NonProfit,
    ];

    /// The goal as forms write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Saas => "saas",
            Self::Newsletter => "newsletter",
            Self::WaitingList => "waiting-list",
            Self::Service => "service",
            Self::NonProfit => "non-profit",
        }
    }

    /// The goal of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The goal as the wire has it.
    #[must_use]
    pub const fn on_the_wire(self) -> api::Goal {
        match self {
            Self::Shop | Self::Service | Self::NonProfit => api::Goal::Customers,
            Self::Saas => api::Goal::B2bSaasSelfService,
            Self::Newsletter => api::Goal::Subscribers,
            Self::WaitingList => api::Goal::Waitlist,
        }
    }

    /// What the preset answers to a question of the set-up; nothing, where it has no opinion.
    #[must_use]
    pub fn answer(self, field: &str, lang: Lang) -> &'static str {
        let own = self.table().iter().find(|it| it.0 == field);
        let own = own.or_else(|| ALIKE.iter().find(|it| it.0 == field));
        own.map_or("", |it| match lang {
            Lang::En => it.1,
            Lang::Fr => it.2,
        })
    }

    const fn table(self) -> &'static [(&'static str, &'static str, &'static str)] {
        match self {
            Self::Shop => SHOP,
            Self::Saas => SAAS,
            Self::Newsletter => NEWSLETTER,
            Self::WaitingList => WAITING_LIST,
            Self::Service => SERVICE,
            Self::NonProfit => NON_PROFIT,
        }
    }
}

/// A question's field, and the answer in English and French.
type Row = (&'static str, &'static str, &'static str);

/// The same for every goal that has no answer of its own.
const ALIKE: &[Row] = &[
    ("who", "both", "both"),
    ("currency", "EUR", "EUR"),
    ("every", "1", "1"),
    ("event", "order", "order"),
    ("window", "30", "30"),
    ("wait", "90", "90"),
    ("hold", "14", "14"),
    ("approval", "hand", "hand"),
    ("trust", "confirm", "confirm"),
    ("join", "all", "all"),
    ("per", "year", "year"),
    ("consent", "ask", "ask"),
    ("zone", "UTC", "Europe/Paris"),
    ("name", "Bring a friend", "Parrainez vos amis"),
    ("primary", "#0b6b56", "#0b6b56"),
    ("accent", "#0b6b56", "#0b6b56"),
    ("scheme", "auto", "auto"),
    ("titleEn", "Bring a friend", "Bring a friend"),
    ("titleFr", "Parrainez vos amis", "Parrainez vos amis"),
    (
        "textEn",
        "Share your own link. It is good for both of you.",
        "Share your own link. It is good for both of you.",
    ),
    (
        "textFr",
        "Partagez votre lien personnel. Vous y gagnez tous les deux.",
        "Partagez votre lien personnel. Vous y gagnez tous les deux.",
    ),
];

/// Both get a voucher, given by itself once the goods can no longer be sent back.
const SHOP: &[Row] = &[
    ("gift", "coupon", "coupon"),
    ("amount", "10", "10"),
    ("friendGift", "coupon", "coupon"),
    ("friendAmount", "10", "10"),
    ("approval", "auto", "auto"),
    ("limit", "10", "10"),
];

/// Both get credit; people try for long before they pay.
const SAAS: &[Row] = &[
    ("gift", "credit", "credit"),
    ("amount", "20", "20"),
    ("friendGift", "credit", "credit"),
    ("friendAmount", "20", "20"),
    ("window", "90", "90"),
    ("wait", "180", "180"),
    ("hold", "30", "30"),
    ("approval", "auto", "auto"),
];

/// Readers bring readers: something nice to read for every three, which needs no postal address.
const NEWSLETTER: &[Row] = &[
    ("who", "referrer", "referrer"),
    ("gift", "access", "access"),
    ("words", "our reader’s guide", "notre guide des lecteurs"),
    ("every", "3", "3"),
    ("event", "signup", "signup"),
    ("hold", "7", "7"),
    ("approval", "auto", "auto"),
    (
        "textEn",
        "Share your own link with friends who like to read.",
        "Share your own link with friends who like to read.",
    ),
    (
        "textFr",
        "Partagez votre lien avec des amis qui aiment lire.",
        "Partagez votre lien avec des amis qui aiment lire.",
    ),
];

/// Each friend brings one nearer to the front.
const WAITING_LIST: &[Row] = &[
    ("who", "referrer", "referrer"),
    ("gift", "access", "access"),
    ("words", "a place further up the list", "une place gagnée dans la file"),
    ("event", "signup", "signup"),
    ("hold", "3", "3"),
    ("approval", "auto", "auto"),
    (
        "textEn",
        "Share your own link and move up the list.",
        "Share your own link and move up the list.",
    ),
    (
        "textFr",
        "Partagez votre lien et avancez dans la file.",
        "Partagez votre lien et avancez dans la file.",
    ),
];

/// Fewer and dearer customers: they are invited one by one, and each reward is looked at.
const SERVICE: &[Row] = &[
    ("join", "friends", "friends"),
    ("gift", "gift", "gift"),
    ("amount", "50", "50"),
    ("friendGift", "coupon", "coupon"),
    ("friendAmount", "30", "30"),
    ("window", "90", "90"),
    ("wait", "180", "180"),
    ("limit", "5", "5"),
];

/// An honour in place of money.
const NON_PROFIT: &[Row] = &[
    ("who", "referrer", "referrer"),
    ("gift", "badge", "badge"),
    (
        "words",
        "our thanks and the badge of our ambassadors",
        "nos remerciements et le badge de nos ambassadeurs",
    ),
    ("every", "3", "3"),
    ("event", "signup", "signup"),
    ("hold", "3", "3"),
    ("approval", "auto", "auto"),
    (
        "textEn",
        "Share your own link: each friend makes our cause stronger.",
        "Share your own link: each friend makes our cause stronger.",
    ),
    (
        "textFr",
        "Partagez votre lien\u{a0}: chaque ami renforce notre cause.",
        "Partagez votre lien\u{a0}: chaque ami renforce notre cause.",
    ),
];
