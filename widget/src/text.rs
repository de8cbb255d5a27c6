//! What the elements say, in each language.

use web_sys::Element;

/// The texts of a language. `{}` stands for the offer or the person.
pub(crate) struct Texts {
    /// The language's own tag.
    pub(crate) lang: &'static str,
    pub(crate) share: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) select: &'static str,
    pub(crate) native: &'static str,
    pub(crate) message: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) offer: &'static str,
    pub(crate) a_friend: &'static str,
    pub(crate) gives: &'static str,
    pub(crate) recommends: &'static str,
    pub(crate) claim: &'static str,
    pub(crate) accept: &'static str,
    pub(crate) claimed: &'static str,
    pub(crate) thanks: &'static str,
}

const EN: Texts = Texts {
    lang: "en",
    share: "Share your link",
    copy: "Copy the link",
    copied: "Link copied",
    select: "Link selected: press Ctrl+C to copy it",
    native: "Share…",
    message: "I like this, and you might too.",
    subject: "A recommendation",
    offer: "An offer for you",
    a_friend: "A friend",
    gives: " gives you ",
    recommends: " recommends us to you",
    claim: "Claim it",
    accept: "Accept the invitation",
    claimed: "Claimed",
    thanks: "Thank you! It is noted, and counts when you sign up or order.",
};

const FR: Texts = Texts {
    lang: "fr",
    share: "Partagez votre lien",
    copy: "Copier le lien",
    copied: "Lien copié",
    select: "Lien sélectionné\u{a0}: Ctrl+C pour le copier",
    native: "Partager…",
    message: "J’aime bien, et cela pourrait te plaire.",
    subject: "Une recommandation",
    offer: "Une offre pour vous",
    a_friend: "Un proche",
    gives: " vous offre ",
    recommends: " vous recommande notre site",
    claim: "J’en profite",
    accept: "J’accepte l’invitation",
    claimed: "C’est noté",
    thanks: "Merci\u{a0}! C’est noté, et compte dès votre inscription ou votre commande.",
};

/// The texts for an element: by the nearest `lang`, else by the browser's language.
pub(crate) fn of(host: &Element) -> &'static Texts {
    let named = host.closest("[lang]").ok().flatten().and_then(|it| it.get_attribute("lang"));
    let lang = named
        .or_else(|| host.owner_document()?.default_view()?.navigator().language())
        .unwrap_or_default();
    match lang.as_bytes() {
        [b'f' | b'F', b'r' | b'R', ..] => &FR,
        _ => &EN,
    }
}
