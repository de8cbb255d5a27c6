//! What the console says, in both languages.

use shared::{decision::Kind, lang::Lang, referral::Outcome};

use super::{RewardState, Tone};

pub(super) struct Words {
    pub(super) refresh: &'static str,
    pub(super) utc: &'static str,
    pub(super) clicks: &'static str,
    pub(super) clicks_note: &'static str,
    pub(super) clicks_empty: &'static str,
    pub(super) class: &'static str,
    pub(super) classes: [(&'static str, &'static str); 4],
    pub(super) total: &'static str,
    pub(super) participants: &'static str,
    pub(super) participants_empty: &'static str,
    pub(super) participant_columns: [&'static str; 5],
    pub(super) referrals: &'static str,
    pub(super) referrals_empty: &'static str,
    pub(super) referral_columns: [&'static str; 4],
    pub(super) rewards: &'static str,
    pub(super) rewards_empty: &'static str,
    pub(super) reward_columns: [&'static str; 5],
    pub(super) available: &'static str,
    pub(super) unavailable: &'static str,
    pub(super) waiting: &'static str,
    pub(super) waiting_empty: &'static str,
    pub(super) waiting_columns: [&'static str; 4],
    pub(super) waiting_count: [&'static str; 2],
    pub(super) decisions: &'static str,
    pub(super) decisions_empty: &'static str,
    pub(super) tiles: [&'static str; 4],
}

pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

pub(super) const fn outcome(outcome: Outcome, lang: Lang) -> (Tone, &'static str) {
    match (outcome, lang) {
        (Outcome::Pending, Lang::En) => (Tone::Open, "pending"),
        (Outcome::Pending, Lang::Fr) => (Tone::Open, "en attente"),
        (Outcome::Awarded, Lang::En) => (Tone::Good, "awarded"),
        (Outcome::Awarded, Lang::Fr) => (Tone::Good, "récompensé"),
        (Outcome::Expired, Lang::En) => (Tone::Quiet, "expired"),
        (Outcome::Expired, Lang::Fr) => (Tone::Quiet, "expiré"),
        (Outcome::Held, Lang::En) => (Tone::Open, "in review"),
        (Outcome::Held, Lang::Fr) => (Tone::Open, "à examiner"),
        (Outcome::Rejected, Lang::En) => (Tone::Bad, "rejected"),
        (Outcome::Rejected, Lang::Fr) => (Tone::Bad, "rejeté"),
        (Outcome::Reversed, Lang::En) => (Tone::Quiet, "reversed"),
        (Outcome::Reversed, Lang::Fr) => (Tone::Quiet, "annulé"),
    }
}

impl RewardState {
    pub(super) const fn words(self, lang: Lang) -> (Tone, &'static str) {
        match (self, lang) {
            (Self::Waiting, Lang::En) => (Tone::Open, "waiting"),
            (Self::Waiting, Lang::Fr) => (Tone::Open, "en attente"),
            (Self::Approved, Lang::En) => (Tone::Good, "approved"),
            (Self::Approved, Lang::Fr) => (Tone::Good, "approuvée"),
            (Self::Fulfilled, Lang::En) => (Tone::Good, "fulfilled"),
            (Self::Fulfilled, Lang::Fr) => (Tone::Good, "remise"),
            (Self::Cancelled, Lang::En) => (Tone::Quiet, "cancelled"),
            (Self::Cancelled, Lang::Fr) => (Tone::Quiet, "annulée"),
        }
    }
}

pub(super) const fn kind(kind: Kind, lang: Lang) -> (Tone, &'static str) {
    match (kind, lang) {
        (Kind::Bound, Lang::En) => (Tone::Good, "referred"),
        (Kind::Bound, Lang::Fr) => (Tone::Good, "parrainé"),
        (Kind::Confirmed, Lang::En) => (Tone::Good, "confirmed"),
        (Kind::Confirmed, Lang::Fr) => (Tone::Good, "confirmé"),
        (Kind::Credited, Lang::En) => (Tone::Good, "credited"),
        (Kind::Credited, Lang::Fr) => (Tone::Good, "accordé"),
        (Kind::Expired, Lang::En) => (Tone::Quiet, "expired"),
        (Kind::Expired, Lang::Fr) => (Tone::Quiet, "expiré"),
        (Kind::Accepted, Lang::En) => (Tone::Good, "accepted"),
        (Kind::Accepted, Lang::Fr) => (Tone::Good, "accepté"),
        (Kind::Approved, Lang::En) => (Tone::Good, "approved"),
        (Kind::Approved, Lang::Fr) => (Tone::Good, "approuvé"),
        (Kind::Cancelled, Lang::En) => (Tone::Quiet, "cancelled"),
        (Kind::Cancelled, Lang::Fr) => (Tone::Quiet, "annulé"),
        (Kind::Delayed, Lang::En) => (Tone::Open, "delayed"),
        (Kind::Delayed, Lang::Fr) => (Tone::Open, "différé"),
        (Kind::Earned, Lang::En) => (Tone::Good, "earned"),
        (Kind::Earned, Lang::Fr) => (Tone::Good, "gagné"),
        (Kind::Fulfilled, Lang::En) => (Tone::Good, "given"),
        (Kind::Fulfilled, Lang::Fr) => (Tone::Good, "remis"),
        (Kind::Held, Lang::En) => (Tone::Open, "held"),
        (Kind::Held, Lang::Fr) => (Tone::Open, "retenu"),
        (Kind::Reversed, Lang::En) => (Tone::Bad, "reversed"),
        (Kind::Reversed, Lang::Fr) => (Tone::Bad, "annulé après coup"),
        (Kind::Refunded, Lang::En) => (Tone::Quiet, "refunded"),
        (Kind::Refunded, Lang::Fr) => (Tone::Quiet, "remboursé"),
        (Kind::Erased, Lang::En) => (Tone::Quiet, "erased"),
        (Kind::Erased, Lang::Fr) => (Tone::Quiet, "effacé"),
        (Kind::Won, Lang::En) => (Tone::Good, "won"),
        (Kind::Won, Lang::Fr) => (Tone::Good, "gagné au classement"),
        (Kind::Refused, Lang::En) => (Tone::Bad, "refused"),
        (Kind::Refused, Lang::Fr) => (Tone::Bad, "refusé"),
        (Kind::Unbound, Lang::En) => (Tone::Quiet, "not referred"),
        (Kind::Unbound, Lang::Fr) => (Tone::Quiet, "sans parrain"),
    }
}

const EN: Words = Words {
    refresh: "Refresh",
    utc: "Times are in UTC.",
    clicks: "Clicks",
    clicks_note: "Every hit on a link is kept and told apart; only people count.",
    clicks_empty: "Nobody has opened a link yet. Share one and look again.",
    class: "Who",
    classes: [
        ("People", "somebody followed the link"),
        ("Prefetches", "a browser looked ahead"),
        ("Previews", "a messenger drew its card"),
        ("Robots", "a crawler came by"),
    ],
    total: "All",
    participants: "Participants",
    participants_empty: "Nobody takes part yet. Customers join with their first link.",
    participant_columns: ["Name", "E-mail", "Code", "Since", "Referrals"],
    referrals: "Referrals",
    referrals_empty: "No friend has signed up, subscribed or ordered yet.",
    referral_columns: ["Friend", "Sent by", "Outcome", "Since"],
    rewards: "Rewards",
    rewards_empty: "Nothing has been earned yet. The first referral that counts shows here.",
    reward_columns: ["Who", "What", "Status", "Available", "Since"],
    available: "yes",
    unavailable: "not yet",
    waiting: "Waiting for you",
    waiting_empty: "No reward waits for your approval.",
    waiting_columns: ["Who", "What", "Reward", "Since"],
    waiting_count: ["reward waits for your approval.", "rewards wait for your approval."],
    decisions: "Decisions",
    decisions_empty: "Nothing has been decided yet. Each credit, hold and refusal will give its \
        reasons here.",
    tiles: ["people came", "participants", "referrals awarded", "rewards available"],
};

const FR: Words = Words {
    refresh: "Actualiser",
    utc: "Les heures sont en UTC.",
    clicks: "Clics",
    clicks_note: "Chaque passage par un lien est gardé et reconnu\u{a0}; seules les personnes comptent.",
    clicks_empty: "Personne n’a encore ouvert de lien. Partagez-en un et revenez voir.",
    class: "Qui",
    classes: [
        ("Personnes", "quelqu’un a suivi le lien"),
        ("Préchargements", "un navigateur a pris de l’avance"),
        ("Aperçus", "une messagerie a dessiné sa vignette"),
        ("Robots", "un robot est passé"),
    ],
    total: "Tous",
    participants: "Participants",
    participants_empty: "Personne ne participe encore. Un client entre avec son premier lien.",
    participant_columns: ["Nom", "E-mail", "Code", "Depuis", "Parrainages"],
    referrals: "Parrainages",
    referrals_empty: "Aucun ami ne s’est encore inscrit, abonné ou n’a commandé.",
    referral_columns: ["Filleul", "Parrain", "Résultat", "Depuis"],
    rewards: "Récompenses",
    rewards_empty: "Rien n’est encore gagné. Le premier parrainage qui compte apparaîtra ici.",
    reward_columns: ["Qui", "Quoi", "État", "Disponible", "Depuis"],
    available: "oui",
    unavailable: "pas encore",
    waiting: "En attente de vous",
    waiting_empty: "Aucune récompense n’attend votre validation.",
    waiting_columns: ["Qui", "Quoi", "Récompense", "Depuis"],
    waiting_count: [
        "récompense attend votre validation.",
        "récompenses attendent votre validation.",
    ],
    decisions: "Décisions",
    decisions_empty: "Rien n’est encore décidé. Chaque crédit, suspension ou refus donnera ici ses \
        raisons.",
    tiles: [
        "personnes venues",
        "participants",
        "parrainages récompensés",
        "récompenses disponibles",
    ],
};
