//! How outcomes, decisions and rewards are called on the console's pages, in both languages.

use shared::{
    decision::Kind,
    fraud::Signal,
    lang::Lang,
    referral::Outcome,
    reward::{Source, Status},
};

use super::parts::Tone;

pub(super) const fn outcome(outcome: Outcome, lang: Lang) -> (Tone, &'static str) {
    match (outcome, lang) {
        (Outcome::Pending, Lang::En) => (Tone::Open, "pending"),
        (Outcome::Pending, Lang::Fr) => (Tone::Open, "en attente"),
        (Outcome::Awarded, Lang::En) => (Tone::Good, "counts"),
        (Outcome::Awarded, Lang::Fr) => (Tone::Good, "compte"),
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

/// How a reward stands.
pub(super) const fn reward(status: Status, approved: bool, lang: Lang) -> (Tone, &'static str) {
    match (status, approved, lang) {
        (Status::Pending, false, Lang::En) => (Tone::Open, "waiting"),
        (Status::Pending, false, Lang::Fr) => (Tone::Open, "en attente"),
        (Status::Pending, true, Lang::En) => (Tone::Good, "approved"),
        (Status::Pending, true, Lang::Fr) => (Tone::Good, "approuvée"),
        (Status::Fulfilled, _, Lang::En) => (Tone::Good, "given"),
        (Status::Fulfilled, _, Lang::Fr) => (Tone::Good, "remise"),
        (Status::Cancelled, _, Lang::En) => (Tone::Quiet, "cancelled"),
        (Status::Cancelled, _, Lang::Fr) => (Tone::Quiet, "annulée"),
        (Status::Reversed, _, Lang::En) => (Tone::Bad, "undone"),
        (Status::Reversed, _, Lang::Fr) => (Tone::Bad, "reprise"),
    }
}

/// Who says so.
pub(super) const fn source(source: Source, lang: Lang) -> &'static str {
    match (source, lang) {
        (Source::Browser, Lang::En) => "a browser only",
        (Source::Browser, Lang::Fr) => "un navigateur seulement",
        (Source::Signed | Source::Server, Lang::En) => "your site",
        (Source::Signed | Source::Server, Lang::Fr) => "votre site",
    }
}

/// A sign of abuse.
pub(super) const fn signal(signal: Signal, lang: Lang) -> &'static str {
    signal.explanation(lang)
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
