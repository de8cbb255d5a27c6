//! Stored answers to "why (not)?": stable reason codes and the sentences that people read.

use alloc::{string::String, vec::Vec};

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
    /// A credit waits for its day.
    Delayed,
    /// A referral or its reward is held back until somebody looks.
    Held,
    /// A sign-up earned by rules that ask for no more.
    Earned,
    /// A reward was approved.
    Approved,
    /// A reward was given.
    Fulfilled,
    /// A reward was taken back before it was given.
    Cancelled,
    /// A credit or a reward was undone by a refund.
    Reversed,
    /// A place on the leaderboard won.
    Won,
    /// A referral that was held goes on: somebody looked at it.
    Accepted,
    /// An order was refunded; what it had earned stands.
    Refunded,
    /// Somebody was forgotten; their number stays.
    Erased,
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
            Self::Delayed => "DELAYED",
            Self::Held => "HELD",
            Self::Earned => "EARNED",
            Self::Approved => "APPROVED",
            Self::Fulfilled => "FULFILLED",
            Self::Cancelled => "CANCELLED",
            Self::Reversed => "REVERSED",
            Self::Won => "WON",
            Self::Accepted => "ACCEPTED",
            Self::Refunded => "REFUNDED",
            Self::Erased => "ERASED",
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
    /// The rule gave it for this friend before.
    AlreadyGiven = "This reward was earned for them before.",
        "Cette récompense a déjà été obtenue pour cette personne.";
    /// A browser said so, and nobody else yet.
    AwaitsConfirmation = "The reward waits for a confirmation.",
        "La récompense attend une confirmation.";
    /// Somebody has to approve.
    AwaitsApproval = "The reward waits for approval.",
        "La récompense attend une validation.";
    /// The link was followed.
    ByClick = "They came through a personal link.",
        "Cette personne est venue par un lien personnel.";
    /// The code was typed or named.
    ByCode = "They named a personal code.",
        "Cette personne a donné un code personnel.";
    /// Draft or ended, at the click or now.
    CampaignNotRunning = "The programme was not running at that time.",
        "Le programme n’était pas en cours à ce moment.";
    /// Click and code disagree; the click counts.
    ClickBeatsCode = "The link that was followed counts more than the code that was typed.",
        "Le lien suivi l’emporte sur le code saisi.";
    /// Click and code disagree; the code counts.
    CodeBeatsClick = "The code that was typed counts more than the link that was followed.",
        "Le code saisi l’emporte sur le lien suivi.";
    /// The site's back end vouches for the person.
    ConfirmedByServer = "It is confirmed.",
        "C’est confirmé.";
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
        "Aucune récompense n’est prévue.";
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
    ServerBeatsBrowser = "What the programme knows counts more than what a browser told.",
        "Ce que le programme sait l’emporte sur ce qu’un navigateur a dit.";
    /// What people read in place of a sign of abuse.
    TermsNotMet = "It does not meet the terms of the programme.",
        "Cela ne remplit pas les conditions du programme.";
    /// The token's life is over.
    TokenExpired = "The link was followed too long ago.",
        "Le lien a été suivi il y a trop longtemps.";
    /// The token is not one of ours.
    TokenInvalid = "The proof of the click is not valid.",
        "La preuve du clic n’est pas valable.";
    /// The friend was a customer before.
    AlreadyCustomer = "They were a customer before.",
        "Cette personne était déjà cliente.";
    /// Somebody of the team approved it.
    ApprovedByHand = "It was approved by hand.",
        "Elle a été validée à la main.";
    /// Its time to wait is over.
    ApprovedByTime = "The time to wait is over.",
        "Le délai d’attente est écoulé.";
    /// The credit waits for its day.
    AwaitsDay = "The referral counts on a later day.",
        "Le parrainage comptera à une date ultérieure.";
    /// The rule's hold runs.
    AwaitsHold = "The reward waits until its holding time is over.",
        "La récompense attend la fin de son délai de garde.";
    /// Somebody has to look at it.
    AwaitsReview = "It is looked at before it counts.",
        "C’est examiné avant d’être pris en compte.";
    /// The campaign's budget is used up.
    BudgetExhausted = "The budget of the programme is used up.",
        "Le budget du programme est épuisé.";
    /// The campaign ended.
    CampaignEnded = "The programme has ended.",
        "Le programme est terminé.";
    /// A condition of the rule does not hold.
    ConditionNotMet = "The conditions of this reward are not met.",
        "Les conditions de cette récompense ne sont pas remplies.";
    /// The back end took the delayed credit back.
    DelayCancelled = "The referral will not count: it was cancelled.",
        "Le parrainage ne comptera pas\u{a0}: il a été annulé.";
    /// The address is of a provider of throw-away mailboxes.
    DisposableEmail = "The e-mail address is of a kind that lasts only a short time.",
        "L’adresse e-mail est d’un type qui ne dure que peu de temps.";
    /// The same mailbox came before, spelt otherwise.
    DuplicateFriend = "The same mailbox takes part already.",
        "La même boîte aux lettres participe déjà.";
    /// The event never came.
    ExpiredUnused = "The time for it passed without the awaited event.",
        "Le délai est passé sans l’événement attendu.";
    /// Somebody of the team gave it.
    FulfilledByHand = "It was given.",
        "Elle a été remise.";
    /// A field that nobody sees was filled in.
    Honeypot = "The form was filled in by a machine.",
        "Le formulaire a été rempli par une machine.";
    /// A winning place when the time was over.
    LeaderboardWon = "A winning place on the leaderboard.",
        "Une place gagnante au classement.";
    /// The referrer is signed in in this browser.
    OwnBrowser = "The form came from the referrer's own browser.",
        "Le formulaire vient du navigateur du parrain lui-même.";
    /// A part of the order was refunded.
    PartlyRefunded = "A part of the order was refunded.",
        "Une partie de la commande a été remboursée.";
    /// No coupon is left in the pool.
    PoolEmpty = "A coupon follows as soon as there is one.",
        "Un code suivra dès qu’il y en aura un.";
    /// The order was refunded.
    Refunded = "The order was refunded.",
        "La commande a été remboursée.";
    /// Somebody of the team removed it.
    RemovedByHand = "It was removed by hand.",
        "Elle a été retirée à la main.";
    /// Somebody of the team named the referrer.
    NamedByHand = "The team of the programme named who referred them.",
        "L’équipe du programme a indiqué qui a parrainé cette personne.";
    /// The address that was missing is there.
    AddressGiven = "The address to send it to is there.",
        "L’adresse d’envoi a été indiquée.";
    /// Nobody knows where to send it.
    AddressMissing = "It waits for an address to send it to.",
        "Elle attend une adresse d’envoi.";
    /// The coupon that was missing is there.
    CouponCame = "The coupon that was missing has come.",
        "Le code qui manquait est arrivé.";
    /// Faster than anybody types.
    RobotSpeed = "The form was filled in faster than anybody types.",
        "Le formulaire a été rempli plus vite que quiconque ne tape.";
    /// The rule's dates have not begun or are over.
    RuleNotOpen = "This reward was not offered at that time.",
        "Cette récompense n’était pas proposée à ce moment.";
    /// Referrer and friend have one mailbox, spelt in two ways.
    SameMailbox = "Referrer and friend have the same mailbox.",
        "Parrain et filleul ont la même boîte aux lettres.";
    /// The owner keeps the address out.
    BlockedEmail = "The programme does not take this address for referrals.",
        "Le programme n’accepte pas cette adresse pour le parrainage.";
    /// Somebody of the team looked at it and refused it.
    RejectedByHand = "It was looked at and refused.",
        "Après examen, c’est refusé.";
    /// More friends than people have in so short a time.
    Velocity = "Many friends came in a very short time.",
        "Beaucoup de filleuls sont arrivés en très peu de temps.";
    /// A referral that a reward rests on counts no more; of the reason, its owner is told nothing.
    NoLongerCounts = "A referral that this reward rests on does not count any more.",
        "Un parrainage sur lequel cette récompense repose ne compte plus.";
    /// Somebody asked for it to be looked at again, and was right.
    AppealAgreed = "It was looked at again, and the objection was right.",
        "Après un nouvel examen, la réclamation était fondée.";
    /// Somebody asked for it to be looked at again.
    AppealKept = "It was looked at again, and stays as it is.",
        "Après un nouvel examen, la décision est maintenue.";
    /// The person was forgotten.
    ErasedOnRequest = "They no longer take part in the programme.",
        "Cette personne ne participe plus au programme.";
    /// Somebody typed an address, and nobody showed that it is theirs.
    NeverConfirmed = "Nobody confirmed within 30 days that the address is theirs.",
        "Personne n’a confirmé dans les 30 jours que l’adresse est la sienne.";
}

/// Who reads why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Audience {
    /// The owner: everything.
    Owner,
    /// The person whom it is about: no sign of abuse.
    Participant,
    /// Who referred that person: how it stands, and nothing else.
    Referrer,
}

impl Audience {
    /// The audience of a name on the wire.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "OWNER" => Some(Self::Owner),
            "PARTICIPANT" => Some(Self::Participant),
            "REFERRER" => Some(Self::Referrer),
            _ => None,
        }
    }
}

impl Reason {
    /// The sentence for the very person of whom it speaks.
    #[must_use]
    pub const fn to_themselves(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::AlreadyKnown, Lang::En) => "You already take part in the programme.",
            (Self::AlreadyKnown, Lang::Fr) => "Vous participez déjà au programme.",
            (Self::AlreadyGiven, Lang::En) => "This reward was earned for you before.",
            (Self::AlreadyGiven, Lang::Fr) => "Cette récompense a déjà été obtenue pour vous.",
            (Self::ByClick, Lang::En) => "You came through a personal link.",
            (Self::ByClick, Lang::Fr) => "Vous êtes venu(e) par un lien personnel.",
            (Self::ByCode, Lang::En) => "You named a personal code.",
            (Self::ByCode, Lang::Fr) => "Vous avez donné un code personnel.",
            (Self::NobodyReferred, Lang::En) => "You came without a personal link or code.",
            (Self::NobodyReferred, Lang::Fr) => "Vous êtes venu(e) sans lien ni code personnel.",
            (Self::AlreadyCustomer, Lang::En) => "You were a customer before.",
            (Self::AlreadyCustomer, Lang::Fr) => "Vous étiez déjà client(e).",
            (Self::NamedByHand, Lang::En) => "The team of the programme named who referred you.",
            (Self::NamedByHand, Lang::Fr) => {
                "L’équipe du programme a indiqué qui vous a parrainé(e)."
            }
            (Self::ErasedOnRequest, Lang::En) => "You no longer take part in the programme.",
            (Self::ErasedOnRequest, Lang::Fr) => "Vous ne participez plus au programme.",
            _ => self.sentence(lang),
        }
    }

    /// Whether it is a sign of abuse: told to the owner only (R-DECISION-5).
    #[must_use]
    pub const fn is_sign(self) -> bool {
        matches!(
            self,
            Self::DisposableEmail
                | Self::DuplicateFriend
                | Self::Honeypot
                | Self::OwnBrowser
                | Self::RobotSpeed
                | Self::SameMailbox
                | Self::Velocity
        )
    }
}

/// What the person whom a decision is about reads of it: signs of abuse become one that says
/// no more than how it stands, and a friend reads nothing of their referrer's limits and standing.
/// `own`: the decision is about the referrer's own part.
#[must_use]
pub fn text(kind: Kind, reasons: &[Reason], own: bool, lang: Lang) -> String {
    let said = |it: Reason| if own { it.sentence(lang) } else { it.to_themselves(lang) };
    let sentences: Vec<&str> = told(kind, reasons, own).into_iter().map(said).collect();
    sentences.join(" ")
}

/// The reasons behind these sentences, as others who may read no more than they do are told.
#[must_use]
pub fn told(kind: Kind, reasons: &[Reason], own: bool) -> Vec<Reason> {
    let mut told = Vec::new();
    for reason in reasons {
        let reason = match reason {
            Reason::LimitReached if !own && 1 < reasons.len() => continue,
            Reason::LimitReached | Reason::ReferrerBlocked if !own => Reason::TermsNotMet,
            it if !it.is_sign() => *it,
            _ if kind == Kind::Held => Reason::AwaitsReview,
            _ => Reason::TermsNotMet,
        };
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    told
}

/// Whether whom a decision is about may ask for it to be looked at again: whatever refuses, holds or takes
/// away, but for the answer to that (R-APPEAL-1).
#[must_use]
pub fn may_be_appealed(kind: Kind, reasons: &[Reason]) -> bool {
    let is_over = |it: &Reason| matches!(it, Reason::AppealKept | Reason::ErasedOnRequest);
    let is_bad = matches!(
        kind,
        Kind::Unbound
            | Kind::Refused
            | Kind::Expired
            | Kind::Held
            | Kind::Cancelled
            | Kind::Reversed
    );
    is_bad && !reasons.iter().any(is_over)
}

/// How a friend's referral stands, as far as the one who referred them learns it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Coarse {
    /// It may count yet.
    Waits,
    /// It counts.
    Counts,
    /// It does not, whatever the cause.
    DoesNotCount,
}

impl Coarse {
    /// The sentence for people.
    #[must_use]
    pub const fn sentence(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Waits, Lang::En) => "A friend came through your link; it does not count yet.",
            (Self::Waits, Lang::Fr) => {
                "Un filleul est venu par votre lien\u{a0}; il ne compte pas encore."
            }
            (Self::Counts, Lang::En) => "A friend came through your link, and it counts.",
            (Self::Counts, Lang::Fr) => "Un filleul est venu par votre lien, et il compte.",
            (Self::DoesNotCount, Lang::En) => {
                "A friend came through your link, but it does not count."
            }
            (Self::DoesNotCount, Lang::Fr) => {
                "Un filleul est venu par votre lien, mais il ne compte pas."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_decision_7_a_friend_reads_nothing_of_their_referrers_limits_and_standing() {
        use Reason::{LimitReached, Qualified, ReferrerBlocked, TermsNotMet};
        for (reasons, friend, own) in [
            (&[Qualified, LimitReached][..], &[Qualified][..], &[Qualified, LimitReached][..]),
            (&[LimitReached], &[TermsNotMet], &[LimitReached]),
            (&[ReferrerBlocked], &[TermsNotMet], &[ReferrerBlocked]),
        ] {
            assert_eq!(told(Kind::Credited, reasons, false), friend);
            assert_eq!(told(Kind::Credited, reasons, true), own);
        }
    }

    #[test]
    fn r_decision_5_a_sign_of_abuse_is_told_to_the_owner_only() {
        use Reason::{AwaitsReview, ByClick, TermsNotMet, Velocity};
        assert_eq!(told(Kind::Held, &[Velocity, Reason::Honeypot], false), [AwaitsReview]);
        assert_eq!(told(Kind::Refused, &[Reason::SameMailbox], true), [TermsNotMet]);
        assert_eq!(told(Kind::Bound, &[ByClick], false), [ByClick]);
        assert_eq!(told(Kind::Bound, &[], false), []);
        for lang in [Lang::En, Lang::Fr] {
            let sentences =
                [Coarse::Waits, Coarse::Counts, Coarse::DoesNotCount].map(|it| it.sentence(lang));
            assert_ne!(sentences[0], sentences[1]);
            assert_ne!(sentences[1], sentences[2]);
        }
    }

    #[test]
    fn r_appeal_1_whatever_takes_something_away_may_be_appealed_and_its_answer_not() {
        assert!(may_be_appealed(Kind::Held, &[Reason::Velocity]));
        assert!(may_be_appealed(Kind::Unbound, &[Reason::NobodyReferred]));
        assert!(!may_be_appealed(Kind::Refused, &[Reason::AppealKept]));
        assert!(!may_be_appealed(Kind::Cancelled, &[Reason::ErasedOnRequest]));
        for kind in [Kind::Bound, Kind::Credited, Kind::Approved, Kind::Delayed, Kind::Accepted] {
            assert!(!may_be_appealed(kind, &[Reason::Qualified]), "{kind:?}");
        }
    }

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

    #[test]
    fn r_decision_5_nobody_is_spoken_of_as_another_person() {
        for reason in Reason::ALL {
            let (en, fr) = (reason.to_themselves(Lang::En), reason.to_themselves(Lang::Fr));
            assert!(!fr.contains("ette personne"), "{fr}");
            assert!(!en.starts_with("They "), "{en}");
        }
        // What is said to a referrer of a friend speaks of the friend.
        let told = |own| text(Kind::Refused, &[Reason::AlreadyCustomer], own, Lang::En);
        assert_eq!(told(true), "They were a customer before.");
        assert_eq!(told(false), "You were a customer before.");
    }
}
