//! The settings of what the widget does around a purchase.

use shared::around::DAYS;

use super::{Kind, Opt, Reach};

/// Where a friend’s coupon is typed.
pub(super) const COUPON_FIELD: Opt = Opt {
    path: "installation.couponField",
    part: "around",
    kind: Kind::Line,
    label: ["Field for the friend’s coupon", "Champ du bon du filleul"],
    help: [
        "A CSS selector, such as #coupon: a friend who claimed the offer finds their code there, unless they typed one. It needs a rule whose friend has a coupon from the start.",
        "Un sélecteur CSS, par exemple #coupon\u{a0}: le filleul qui a accepté l’offre y trouve son code, sauf s’il en a tapé un. Il faut une règle dont le filleul a un bon dès le départ.",
    ],
    folded: false,
    reach: Reach::Visits,
};

/// The friend’s offer in a window.
pub(super) const OFFER: Opt = Opt {
    path: "installation.offerWindow",
    part: "around",
    kind: Kind::Flag,
    label: ["Show friends the offer in a window", "Montrer l’offre aux filleuls dans une fenêtre"],
    help: [
        "When they arrive by a link. Otherwise only where your page has the banner.",
        "Quand ils arrivent par un lien. Sinon, seulement où votre page a le bandeau.",
    ],
    folded: false,
    reach: Reach::Visits,
};

/// Where customers are asked.
pub(super) const PURCHASE_PAGES: Opt = Opt {
    path: "installation.purchasePages",
    part: "around",
    kind: Kind::Lines,
    label: ["Pages after a purchase", "Pages après un achat"],
    help: [
        "Their paths, one a line, such as /thanks*: customers are asked to share there. * stands for anything.",
        "Leurs chemins, un par ligne, par exemple /merci*\u{a0}: on y propose aux clients de partager. * remplace n’importe quoi.",
    ],
    folded: false,
    reach: Reach::Visits,
};

/// The button in the corner.
pub(super) const LAUNCHER: Opt = Opt {
    path: "installation.launcher",
    part: "around",
    kind: Kind::Flag,
    label: ["A button in the corner of my pages", "Un bouton dans le coin de mes pages"],
    help: [
        "It opens the same: what sharing brings, and the link. Never at the checkout.",
        "Il ouvre la même chose\u{a0}: ce que le partage rapporte, et le lien. Jamais au paiement.",
    ],
    folded: false,
    reach: Reach::Visits,
};

/// How often somebody is asked.
pub(super) const EVERY_DAYS: Opt = Opt {
    path: "installation.promptEveryDays",
    part: "around",
    kind: Kind::Days(DAYS, None),
    label: ["Ask the same person once in", "Demander à la même personne une fois par"],
    help: [
        "Counted in their browser, where something may be kept there.",
        "Compté dans son navigateur, où quelque chose peut y être gardé.",
    ],
    folded: true,
    reach: Reach::Visits,
};

/// How long somebody is left alone.
pub(super) const CLOSED_DAYS: Opt = Opt {
    path: "installation.promptClosedDays",
    part: "around",
    kind: Kind::Days(DAYS, None),
    label: ["Who closed it is left alone for", "Laisser tranquille qui l’a fermé pendant"],
    help: ["Their wish is kept in their browser.", "Son souhait est gardé dans son navigateur."],
    folded: true,
    reach: Reach::Visits,
};

/// Where nothing opens.
pub(super) const QUIET_PAGES: Opt = Opt {
    path: "installation.quietPages",
    part: "around",
    kind: Kind::Lines,
    label: ["Pages where nothing opens", "Pages où rien ne s’ouvre"],
    help: [
        "Paths, one a line, such as /support*. Checkouts are recognised without it.",
        "Des chemins, un par ligne, par exemple /aide*. Les pages de paiement sont reconnues sans cela.",
    ],
    folded: true,
    reach: Reach::Visits,
};
