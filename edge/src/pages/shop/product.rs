//! What the demo shop sells.

use shared::{
    lang::Lang,
    money::{Currency, Money},
};

/// One thing on the shelf; its picture is `/shop/{id}.svg`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Product {
    /// What addresses and order forms call it.
    pub id: &'static str,
    /// Its name, the same in both languages.
    pub name: &'static str,
    /// Its price in euro cents, tax included.
    pub cents: i64,
    en: [&'static str; 2],
    fr: [&'static str; 2],
}

impl Product {
    /// What it costs, tax included.
    #[must_use]
    pub const fn price(&self) -> Money {
        Money { minor: self.cents, currency: Currency::EUR }
    }

    /// Kind and size, in a few words.
    #[must_use]
    pub const fn kind(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en[0],
            Lang::Fr => self.fr[0],
        }
    }

    /// What it is like, in a sentence.
    #[must_use]
    pub const fn taste(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en[1],
            Lang::Fr => self.fr[1],
        }
    }
}

/// The shelf.
pub const PRODUCTS: [Product; 4] = [
    Product {
        id: "aube",
        name: "Aube",
        cents: 1_290,
        en: ["Light roast, 250\u{a0}g", "Ethiopia, washed: bergamot, apricot, a first ray of sun."],
        fr: [
            "Torréfaction claire, 250\u{a0}g",
            "Éthiopie lavé\u{a0}: bergamote, abricot, premier rayon.",
        ],
    },
    Product {
        id: "midi",
        name: "Midi",
        cents: 1_190,
        en: ["Medium roast, 250\u{a0}g", "Guatemala: hazelnut, cane sugar, the whole afternoon."],
        fr: [
            "Torréfaction moyenne, 250\u{a0}g",
            "Guatemala\u{a0}: noisette, sucre de canne, tout l’après-midi.",
        ],
    },
    Product {
        id: "minuit",
        name: "Minuit",
        cents: 1_250,
        en: ["Dark roast, 250\u{a0}g", "Sumatra and Brazil: dark chocolate, smoke, long nights."],
        fr: [
            "Torréfaction foncée, 250\u{a0}g",
            "Sumatra et Brésil\u{a0}: chocolat noir, fumée, longues nuits.",
        ],
    },
    Product {
        id: "tasse",
        name: "Horizon",
        cents: 1_800,
        en: ["Stoneware cup, 180\u{a0}ml", "Thrown and glazed by hand; no two are quite alike."],
        fr: [
            "Tasse en grès, 180\u{a0}ml",
            "Tournée et émaillée à la main, jamais deux fois la même.",
        ],
    },
];

/// The product of that id.
#[must_use]
pub fn product(id: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|it| it.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_found_by_their_id_alone() {
        assert_eq!(product("midi").map(|it| it.name), Some("Midi"));
        assert_eq!(product("Midi"), None);
        assert_eq!(product(""), None);
    }
}
