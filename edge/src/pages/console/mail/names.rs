//! What messages are called, and when they are sent.

use shared::lang::Lang;

use crate::mail::Kind;

/// What a message is called, and when it is sent.
#[must_use]
pub const fn name(kind: Kind, lang: Lang) -> (&'static str, &'static str) {
    let [en, fr, when, quand] = match kind {
        Kind::WelcomeNonReferred => [
            "Welcome",
            "Bienvenue",
            "Somebody joins on their own.",
            "Quelqu’un s’inscrit de soi-même.",
        ],
        Kind::WelcomeReferred => [
            "Welcome by a friend",
            "Bienvenue d’un filleul",
            "Somebody joins by a friend’s link.",
            "Quelqu’un s’inscrit par le lien d’un parrain.",
        ],
        Kind::AddedByHand => [
            "You were added",
            "Vous avez été ajouté",
            "You add or import somebody.",
            "Vous ajoutez ou importez quelqu’un.",
        ],
        Kind::ReferralLinkViewedFirstTime => [
            "Your link was opened",
            "Votre lien a été ouvert",
            "A link is opened for the first time.",
            "Un lien est ouvert pour la première fois.",
        ],
        Kind::ReferredSignup => [
            "A friend signed up",
            "Un filleul s’est inscrit",
            "A friend comes by the link, and does not count yet.",
            "Un filleul vient par le lien, et ne compte pas encore.",
        ],
        Kind::FollowUpReminder => [
            "A friend does not count yet",
            "Un filleul ne compte pas encore",
            "A friend came a while ago and does not count yet: once, to whoever referred them.",
            "Un filleul est venu il y a un certain temps et ne compte pas encore\u{a0}: une fois, à son parrain.",
        ],
        Kind::ReferralLinkUsed => [
            "A friend counts",
            "Un filleul compte",
            "A referral counts, and brings no reward by itself.",
            "Un parrainage compte, sans récompense à lui seul.",
        ],
        Kind::GoalAchieved => [
            "A reward is yours",
            "Une récompense est à vous",
            "A reward is approved, for either side.",
            "Une récompense est validée, d’un côté ou de l’autre.",
        ],
        Kind::CampaignEndedWinners => [
            "The end, with rewards",
            "La fin, avec récompenses",
            "The programme ends: to those who earned something.",
            "Le programme se termine\u{a0}: à qui a gagné quelque chose.",
        ],
        Kind::CampaignEndedNonWinners => [
            "The end",
            "La fin",
            "The programme ends: to everybody else.",
            "Le programme se termine\u{a0}: à tous les autres.",
        ],
        Kind::ProgressUpdateMonthly => [
            "The month",
            "Le mois",
            "A month is over that brought something.",
            "Un mois s’achève, qui a apporté quelque chose.",
        ],
        Kind::LoginLink => [
            "Link to sign in",
            "Lien de connexion",
            "Somebody asks for it.",
            "Quelqu’un le demande.",
        ],
        Kind::RewardWaits => [
            "Rewards wait (to your team)",
            "Des récompenses attendent (à votre équipe)",
            "Rewards wait for your approval; once a day.",
            "Des récompenses attendent votre accord\u{a0}; une fois par jour.",
        ],
        Kind::CouponsLow => [
            "Few coupons left (to your team)",
            "Peu de bons (à votre équipe)",
            "A pool runs low; once a day.",
            "Une réserve s’épuise\u{a0}; une fois par jour.",
        ],
        Kind::MemberInvitation => ["Invitation", "Invitation", "", ""],
        Kind::MemberSignInLink => ["Link to the console", "Lien vers la console", "", ""],
        Kind::FreeForm => [
            "A message of your own",
            "Un message à vous",
            "Your system asks for it.",
            "Votre système le demande.",
        ],
    };
    match lang {
        Lang::En => (en, when),
        Lang::Fr => (fr, quand),
    }
}
