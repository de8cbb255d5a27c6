//! The parts of the page of settings.

use super::Both;

/// A part of the page.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its name in addresses and forms.
    pub name: &'static str,
    /// Its heading.
    pub title: Both,
    /// What it is about.
    pub lead: Both,
}

/// The parts of the page, in order.
pub const PARTS: [Section; 7] = [
    Section {
        name: "programme",
        title: ["Programme", "Programme"],
        lead: ["What it is called, and how long it runs.", "Son nom et sa durée."],
    },
    Section {
        name: "site",
        title: ["Site and visitors", "Site et visiteurs"],
        lead: [
            "Where links lead, and what your pages may do.",
            "Où mènent les liens, et ce que vos pages peuvent faire.",
        ],
    },
    Section {
        name: "around",
        title: ["Around the purchase", "Autour de l’achat"],
        lead: [
            "What friends find at your checkout, and when customers are asked to share.",
            "Ce que les filleuls trouvent au paiement, et quand proposer aux clients de partager.",
        ],
    },
    Section {
        name: "counting",
        title: ["What counts, and how long", "Ce qui compte, et combien de temps"],
        lead: [
            "When a friend belongs to somebody, and when that earns.",
            "Quand un filleul revient à quelqu’un, et quand cela rapporte.",
        ],
    },
    Section {
        name: "approval",
        title: ["Approving and giving", "Valider et remettre"],
        lead: [
            "What happens between earning a reward and having it.",
            "Ce qui se passe entre une récompense gagnée et remise.",
        ],
    },
    Section {
        name: "budget",
        title: ["Budget", "Budget"],
        lead: [
            "What the programme may cost at most. Once it is used up, nothing more is given.",
            "Ce que le programme peut coûter au plus. Ensuite, plus rien n’est donné.",
        ],
    },
    Section {
        name: "guards",
        title: ["Against cheating", "Contre la triche"],
        lead: [
            "Nobody can refer themselves, and forms filled in by robots are held, whatever you set here.",
            "Nul ne se parraine soi-même et les formulaires remplis par des robots sont retenus, quoi que vous choisissiez ici.",
        ],
    },
];
