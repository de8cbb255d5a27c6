//! The words in French.

use super::Words;
use crate::mail::Kind;

/// Subject, preheader, body.
pub(in crate::mail) const fn fr(kind: Kind) -> Words {
    match kind {
        Kind::WelcomeNonReferred => WELCOME_NON_REFERRED,
        Kind::WelcomeReferred => WELCOME_REFERRED,
        Kind::AddedByHand => ADDED_BY_HAND,
        Kind::ReferralLinkViewedFirstTime => REFERRAL_LINK_VIEWED_FIRST_TIME,
        Kind::ReferredSignup => REFERRED_SIGNUP,
        Kind::FollowUpReminder => FOLLOW_UP_REMINDER,
        Kind::ReferralLinkUsed => REFERRAL_LINK_USED,
        Kind::GoalAchieved => GOAL_ACHIEVED,
        Kind::CampaignEndedWinners => CAMPAIGN_ENDED_WINNERS,
        Kind::CampaignEndedNonWinners => CAMPAIGN_ENDED_NON_WINNERS,
        Kind::ProgressUpdateMonthly => PROGRESS_UPDATE_MONTHLY,
        Kind::LoginLink => LOGIN_LINK,
        Kind::RewardWaits => REWARD_WAITS,
        Kind::CouponsLow => COUPONS_LOW,
        Kind::MemberInvitation => MEMBER_INVITATION,
        Kind::MemberSignInLink => MEMBER_SIGN_IN_LINK,
        Kind::FreeForm => FREE_FORM,
    }
}

const WELCOME_NON_REFERRED: Words = [
    "Votre lien pour {{programName}}",
    "Partagez-le avec celles et ceux à qui il plaira.",
    "Bonjour{% if firstName %} {{firstName}}{% endif %},

bienvenue dans **{{programName}}**. Ce lien n’appartient qu’à vous\u{a0}:

{{shareUrl}}

Envoyez-le à qui il fera plaisir. Quiconque vient par lui est compté pour vous.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Partager mon lien]]({{shareUrl}})

{% if disclosure %}
En le partageant, merci de le dire\u{a0}: «\u{a0}{{disclosure}}\u{a0}»

{% endif %}
[Votre page\u{a0}: filleuls, récompenses et réglages]({{pageUrl}})

[Ce que l’on gagne, et à quelles conditions]({{cardUrl}})",
];

const WELCOME_REFERRED: Words = [
            "{% if referrerFirstName %}De la part de {{referrerFirstName}}\u{a0}: bienvenue{% else %}Bienvenue{% endif %} dans {{programName}}",
            "Ce que vous recevez, et un lien à vous.",
            "Bonjour{% if firstName %} {{firstName}}{% endif %},

{% if referrerFirstName %}{{referrerFirstName}} vous a parlé de nous\u{a0}: merci d’être là.{% else %}quelqu’un vous a parlé de nous\u{a0}: merci d’être là.{% endif %}

{% for reward in friendRewards %}
- {{reward}}
{% endfor %}

Vous pouvez en parler à votre tour. Ce lien n’appartient qu’à vous\u{a0}:

{{shareUrl}}

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Partager mon lien]]({{shareUrl}})

{% if disclosure %}
En le partageant, merci de le dire\u{a0}: «\u{a0}{{disclosure}}\u{a0}»

{% endif %}
[Votre page\u{a0}: filleuls, récompenses et réglages]({{pageUrl}})

[Ce que l’on gagne, et à quelles conditions]({{cardUrl}})",
        ];

const ADDED_BY_HAND: Words = [
            "{{companyName or programName}}\u{a0}: un lien à partager avec vos amis",
            "Vous n’avez rien à faire. Si le cœur vous en dit, voici comment cela marche.",
            "Bonjour{% if firstName %} {{firstName}}{% endif %},

nous avons ouvert **{{programName}}** pour des personnes comme vous, avec un lien qui n’appartient qu’à vous\u{a0}:

{{shareUrl}}

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Partager mon lien]]({{shareUrl}})

{% if disclosure %}
En le partageant, merci de le dire\u{a0}: «\u{a0}{{disclosure}}\u{a0}»

{% endif %}
Vous n’avez rien à faire. Si vous préférez ne plus rien recevoir à ce sujet, un clic ci-dessous suffit.

[Votre page\u{a0}: filleuls, récompenses et réglages]({{pageUrl}})

[Ce que l’on gagne, et à quelles conditions]({{cardUrl}})",
        ];

const REFERRAL_LINK_VIEWED_FIRST_TIME: Words = [
    "Quelqu’un a ouvert votre lien",
    "Il marche. Le bon moment pour l’envoyer à une personne de plus.",
    "Bonjour{% if firstName %} {{firstName}}{% endif %},

votre lien a été ouvert pour la première fois. Il marche.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Le partager encore]]({{shareUrl}})",
];

const REFERRED_SIGNUP: Words = [
            "{{friendName or 'Un filleul'}} est venu par votre lien",
            "Nous vous dirons dès que cela compte.",
            "Bonjour{% if firstName %} {{firstName}}{% endif %},

bonne nouvelle\u{a0}: **{{friendName or 'un filleul'}}** s’est inscrit par votre lien.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

Nous vous écrirons dès que cela compte. Inscrits par votre lien jusqu’ici\u{a0}: {{leadCount}}, dont {{referralCount}} qui comptent.

[[Le partager encore]]({{shareUrl}})",
        ];

const FOLLOW_UP_REMINDER: Words = [
    "{% if friendName %}Le parrainage de {{friendName}}{% else %}L’un de vos parrainages{% endif %} n’est pas encore validé",
    "Ce qu’il apporte une fois validé.",
    "Bonjour{% if firstName %} {{firstName}}{% endif %},

**{{friendName or 'Un filleul'}}** s’est inscrit par votre lien, mais ce parrainage n’est pas encore validé. Un mot de vous l’aidera peut-être.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Voir mes filleuls et récompenses]]({{pageUrl}})",
];

const REFERRAL_LINK_USED: Words = [
    "Cela compte\u{a0}: {{friendName or 'votre filleul'}}",
    "Merci d’en avoir parlé.",
    "Bonjour{% if firstName %} {{firstName}}{% endif %},

Votre filleul{% if friendName %} **{{friendName}}**{% endif %} s’est inscrit par votre lien, et cela compte désormais. Merci.

Vous en avez {{referralCount}} jusqu’ici.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Le partager encore]]({{shareUrl}})",
];

const GOAL_ACHIEVED: Words = [
            "Pour vous\u{a0}: {{reward}}",
            "{% if couponCode %}Votre code est dans ce message.{% else %}Merci.{% endif %}",
            "Bonjour{% if firstName %} {{firstName}}{% endif %},

{% if isReferrer %}on est venu par votre lien, et ceci est à vous :{% else %}vous êtes venu par le lien d’un ami, et ceci est à vous :{% endif %}

**{{reward}}**

{% if couponCode %}
Votre code\u{a0}: **{{couponCode}}**

{% endif %}
{% if needsAddress %}
Pour vous l’envoyer, il nous faut votre adresse postale\u{a0}: merci de la donner sur [votre page]({{pageUrl}}).

{% endif %}
{% if choosesCharity %}
Sur [votre page]({{pageUrl}}), vous choisissez l’association qui la reçoit.

{% endif %}
[[La voir sur ma page]]({{pageUrl}})

[Partager mon lien]({{shareUrl}})",
        ];

const CAMPAIGN_ENDED_WINNERS: Words = [
            "{{programName}} est terminé\u{a0}: merci",
            "Ce que vous avez gagné reste à vous.",
            "Bonjour{% if firstName %} {{firstName}}{% endif %},

**{{programName}}** est terminé. {{referralCount}} des personnes venues par votre lien comptent, et vous avez gagné {{rewardCount}} {{ 'récompenses' if rewardCount > 1 else 'récompense' }}\u{a0}: ce que vous avez gagné reste à vous.

Merci d’en avoir parlé.",
        ];

const CAMPAIGN_ENDED_NON_WINNERS: Words = [
    "{{programName}} est terminé",
    "Merci d’avoir participé.",
    "Bonjour{% if firstName %} {{firstName}}{% endif %},

**{{programName}}** est terminé\u{a0}: les liens ne rapportent plus rien. Merci d’avoir participé.",
];

const PROGRESS_UPDATE_MONTHLY: Words = [
            "Votre mois, {{month}}\u{a0}: {{monthlyReferralCount}} {{ 'parrainages' if monthlyReferralCount > 1 else 'parrainage' }}",
            "Ce que votre lien a apporté le mois dernier.",
            "Bonjour{% if firstName %} {{firstName}}{% endif %},

voici ce que votre lien a apporté en {{month}}\u{a0}:

- ouvert {{monthlyClickCount}} fois
- {{monthlyReferralCount}} {{ 'parrainages qui comptent' if monthlyReferralCount > 1 else 'parrainage qui compte' }}
- {{referralCount}} en tout

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Partager mon lien]]({{shareUrl}})

[Votre page\u{a0}: filleuls, récompenses et réglages]({{pageUrl}})",
        ];

const LOGIN_LINK: Words = [
    "Votre lien de connexion à {{programName}}",
    "Il marche une fois, pendant 15 minutes.",
    "Bonjour{% if firstName %} {{firstName}}{% endif %},

ce lien vous connecte à **{{programName}}**. Il marche une seule fois, pendant 15 minutes.

[[Me connecter]]({{signInUrl}})",
];

const REWARD_WAITS: Words = [
            "{{programName}}\u{a0}: {{waitingCount}} {{ 'récompenses vous attendent' if waitingCount > 1 else 'récompense vous attend' }}",
            "À valider ou à refuser dans la console.",
            "Bonjour,

{{waitingCount}} {{ 'récompenses attendent' if waitingCount > 1 else 'récompense attend' }} votre accord dans **{{programName}}**.

[[Les voir]]({{consoleUrl}})",
        ];

const COUPONS_LOW: Words = [
    "{{programName}} : il reste peu de bons",
    "Importez-en d’autres, pour que personne n’attende.",
    "Bonjour,

ces réserves de **{{programName}}** s’épuisent\u{a0}:

{% for pool in pools %}
- {{pool}}
{% endfor %}

Qui gagne un bon d’une réserve vide attend que vous en importiez d’autres.

[[Ouvrir la console]]({{consoleUrl}})",
];

const MEMBER_INVITATION: Words = [
            "Vous êtes invité sur {{host}}",
            "Votre lien pour entrer, pendant 7 jours.",
            "Bonjour,

vous êtes invité à vous occuper des programmes de parrainage de **{{host}}**. Le lien marche une seule fois, pendant 7 jours.

[[Entrer]]({{signInUrl}})",
        ];

const MEMBER_SIGN_IN_LINK: Words = [
    "Votre lien de connexion à {{host}}",
    "Il marche une fois, pendant 15 minutes.",
    "Bonjour,

ce lien vous connecte à la console de **{{host}}**. Il marche une seule fois, pendant 15 minutes.

[[Me connecter]]({{signInUrl}})",
];

const FREE_FORM: Words = ["{{programName}}", "", ""];
