//! Stored answers to "why (not)?": stable reason codes and the sentences that people read.

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// What was decided.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A friend was bound to a referrer.
    Bound,
    /// Somebody came without a referrer, or the claim did not hold.
    Unbound,
    /// A referral was credited.
    Credited,
    /// A referral was not credited.
    Refused,
    /// A referral came too late.
    Expired,
    /// The back end confirmed what a browser had said.
    Confirmed,
}

impl Kind {
    /// The name in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bound => "BOUND",
            Self::Unbound => "UNBOUND",
            Self::Credited => "CREDITED",
            Self::Refused => "REFUSED",
            Self::Expired => "EXPIRED",
            Self::Confirmed => "CONFIRMED",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $en:literal, $fr:literal;)+) => {
        /// Why. The names are stable: they stand in tables and on the wire.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum Reason {
            $($(#[$doc])* $name,)+
        }

        impl Reason {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The sentence for people.
            #[must_use]
            pub const fn sentence(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::En) => $en, (Self::$name, Lang::Fr) => $fr,)+
                }
            }
        }
    };
}

reasons! {
    /// The person was here before.
    AlreadyKnown = "They already take part in the programme.",
        "Cette personne participe déjà au programme.";
    /// A browser said so, and nobody else yet.
    AwaitsConfirmation = "The reward waits until the shop confirms it.",
        "La récompense attend la confirmation du site.";
    /// Somebody has to approve.
    AwaitsApproval = "The reward waits for approval.",
        "La récompense attend une validation.";
    /// The link was followed.
    ByClick = "They came by a personal link.",
        "Cette personne est venue par un lien personnel.";
    /// The code was typed or named.
    ByCode = "They named a personal code.",
        "Cette personne a donné un code personnel.";
    /// Draft or ended, at the click or now.
    CampaignNotRunning = "The programme was not running at that time.",
        "Le programme n'était pas en cours à ce moment.";
    /// Click and code disagree; the click counts.
    ClickBeatsCode = "The link that was followed counts more than the code that was typed.",
        "Le lien suivi l'emporte sur le code saisi.";
    /// Click and code disagree; the code counts.
    CodeBeatsClick = "The code that was typed counts more than the link that was followed.",
        "Le code saisi l'emporte sur le lien suivi.";
    /// The site's back end vouches for the person.
    ConfirmedByServer = "The shop confirmed it.",
        "Le site l'a confirmé.";
    /// The event came after the window.
    CreditWindowPassed = "It came after the time that the programme allows.",
        "Le délai prévu par le programme est dépassé.";
    /// The rule's limit is reached.
    LimitReached = "The limit of this reward is reached.",
        "Le plafond de cette récompense est atteint.";
    /// Nobody referred this person.
    NobodyReferred = "They came without a personal link or code.",
        "Cette personne est venue sans lien ni code personnel.";
    /// No rule gives anything for it.
    NoRuleApplies = "No reward is foreseen for it.",
        "Aucune récompense n'est prévue.";
    /// Somebody followed their own link.
    OwnLink = "Nobody can refer themselves.",
        "On ne peut pas se parrainer soi-même.";
    /// All that the programme asks for happened.
    Qualified = "All that the programme asks for has happened.",
        "Toutes les conditions du programme sont remplies.";
    /// The referrer is not in good standing.
    ReferrerBlocked = "The referrer does not take part in the programme at present.",
        "Le parrain ne participe pas au programme actuellement.";
    /// The referrer does not exist any more.
    ReferrerUnknown = "The referrer no longer takes part in the programme.",
        "Le parrain ne participe plus au programme.";
    /// A browser told of another referrer; the back end's word counts.
    ServerBeatsBrowser = "What the shop knows counts more than what a browser told.",
        "Ce que le site sait l'emporte sur ce qu'un navigateur a dit.";
    /// The token's life is over.
    TokenExpired = "The link was followed too long ago.",
        "Le lien a été suivi il y a trop longtemps.";
    /// The token is not one of ours.
    TokenInvalid = "The proof of the click is not valid.",
        "La preuve du clic n'est pas valable.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_decision_1_every_reason_has_a_sentence_in_both_languages() {
        for reason in Reason::ALL {
            for lang in [Lang::En, Lang::Fr] {
                let sentence = reason.sentence(lang);
                assert!(sentence.ends_with('.') && 10 < sentence.len(), "{reason:?}");
            }
            assert_ne!(reason.sentence(Lang::En), reason.sentence(Lang::Fr));
        }
    }
}
