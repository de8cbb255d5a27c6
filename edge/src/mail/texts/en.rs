//! The words in English.

use super::Words;
use crate::mail::Kind;

/// Subject, preheader, body.
pub(in crate::mail) const fn en(kind: Kind) -> Words {
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
    "Your link for {{programName}}",
    "Share it with people who would like it, too.",
    "Hello{% if firstName %} {{firstName}}{% endif %},

welcome to **{{programName}}**. This link is yours alone:

{{shareUrl}}

Send it to people who would be glad of it. Whoever comes by it is counted for you.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Share my link]]({{shareUrl}})

{% if disclosure %}
When you share it, please say so: “{{disclosure}}”

{% endif %}
[Your page: friends, rewards and settings]({{pageUrl}})

[What is earned, and on which terms]({{cardUrl}})",
];

const WELCOME_REFERRED: Words = [
            "{% if referrerFirstName %}{{referrerFirstName}} brought you: welcome{% else %}Welcome{% endif %} to {{programName}}",
            "What you get, and a link of your own.",
            "Hello{% if firstName %} {{firstName}}{% endif %},

{% if referrerFirstName %}{{referrerFirstName}} told you about us: thank you for coming.{% else %}somebody told you about us: thank you for coming.{% endif %}

{% for reward in friendRewards %}
- {{reward}}
{% endfor %}

You can pass it on, too. This link is yours alone:

{{shareUrl}}

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Share my link]]({{shareUrl}})

{% if disclosure %}
When you share it, please say so: “{{disclosure}}”

{% endif %}
[Your page: friends, rewards and settings]({{pageUrl}})

[What is earned, and on which terms]({{cardUrl}})",
        ];

const ADDED_BY_HAND: Words = [
    "{{companyName or programName}}: a link to share with your friends",
    "You need not do anything. If you like, here is how it works.",
    "Hello{% if firstName %} {{firstName}}{% endif %},

we have opened **{{programName}}** for people like you, and made a link that is yours alone:

{{shareUrl}}

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Share my link]]({{shareUrl}})

{% if disclosure %}
When you share it, please say so: “{{disclosure}}”

{% endif %}
You need not do anything. If you would rather not hear from us about it, one click below is enough.

[Your page: friends, rewards and settings]({{pageUrl}})

[What is earned, and on which terms]({{cardUrl}})",
];

const REFERRAL_LINK_VIEWED_FIRST_TIME: Words = [
    "Somebody opened your link",
    "It works. A good moment to send it to one more person.",
    "Hello{% if firstName %} {{firstName}}{% endif %},

your link was opened for the first time. It works.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Share it once more]]({{shareUrl}})",
];

const REFERRED_SIGNUP: Words = [
            "{{friendName or 'A friend'}} came through your link",
            "We tell you as soon as it counts.",
            "Hello{% if firstName %} {{firstName}}{% endif %},

good news: **{{friendName or 'a friend'}}** signed up through your link.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

We write to you again as soon as it counts. So far {{leadCount}} signed up through your link, and {{referralCount}} of them count.

[[Share it once more]]({{shareUrl}})",
        ];

const FOLLOW_UP_REMINDER: Words = [
    "{% if friendName %}Your referral of {{friendName}}{% else %}A referral of yours{% endif %} is still open",
    "What it brings once it counts.",
    "Hello{% if firstName %} {{firstName}}{% endif %},

**{{friendName or 'A friend'}}** signed up through your link, and does not count yet. Perhaps a word from you helps.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[See my friends and rewards]]({{pageUrl}})",
];

const REFERRAL_LINK_USED: Words = [
    "It counts: {{friendName or 'your friend'}}",
    "Thank you for passing it on.",
    "Hello{% if firstName %} {{firstName}}{% endif %},

Your friend{% if friendName %} **{{friendName}}**{% endif %} signed up through your link, and it now counts. Thank you.

You have {{referralCount}} so far.

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Share it once more]]({{shareUrl}})",
];

const GOAL_ACHIEVED: Words = [
            "Yours: {{reward}}",
            "{% if couponCode %}Your code is in this message.{% else %}Thank you.{% endif %}",
            "Hello{% if firstName %} {{firstName}}{% endif %},

{% if isReferrer %}people came through your link, and this is yours for it:{% else %}you came through a friend’s link, and this is yours for it:{% endif %}

**{{reward}}**

{% if couponCode %}
Your code: **{{couponCode}}**

{% endif %}
{% if needsAddress %}
To send it to you we need your postal address: please give it on [your page]({{pageUrl}}).

{% endif %}
{% if choosesCharity %}
On [your page]({{pageUrl}}) you choose which charity it goes to.

{% endif %}
[[See it on my page]]({{pageUrl}})

[Share my link]({{shareUrl}})",
        ];

const CAMPAIGN_ENDED_WINNERS: Words = [
            "{{programName}} has ended: thank you",
            "What you earned stays yours.",
            "Hello{% if firstName %} {{firstName}}{% endif %},

**{{programName}}** has ended. {{referralCount}} of those who came through your link count, and you earned {{rewardCount}} {{ 'reward' if rewardCount == 1 else 'rewards' }}: what you earned stays yours.

Thank you for passing it on.",
        ];

const CAMPAIGN_ENDED_NON_WINNERS: Words = [
    "{{programName}} has ended",
    "Thank you for taking part.",
    "Hello{% if firstName %} {{firstName}}{% endif %},

**{{programName}}** has ended: links bring nothing any more. Thank you for taking part.",
];

const PROGRESS_UPDATE_MONTHLY: Words = [
            "Your {{month}}: {{monthlyReferralCount}} {{ 'referral' if monthlyReferralCount == 1 else 'referrals' }}",
            "What your link brought last month.",
            "Hello{% if firstName %} {{firstName}}{% endif %},

this is what your link brought in {{month}}:

- opened {{monthlyClickCount}} {{ 'time' if monthlyClickCount == 1 else 'times' }}
- {{monthlyReferralCount}} {{ 'referral that counts' if monthlyReferralCount == 1 else 'referrals that count' }}
- {{referralCount}} in all

{% for reward in rewards %}
- {{reward}}
{% endfor %}

[[Share my link]]({{shareUrl}})

[Your page: friends, rewards and settings]({{pageUrl}})",
        ];

const LOGIN_LINK: Words = [
    "Your link to sign in to {{programName}}",
    "It works once, for 15 minutes.",
    "Hello{% if firstName %} {{firstName}}{% endif %},

by this link you sign in to **{{programName}}**. It works once, within 15 minutes.

[[Sign in]]({{signInUrl}})",
];

const REWARD_WAITS: Words = [
            "{{programName}}: {{waitingCount}} {{ 'reward waits' if waitingCount == 1 else 'rewards wait' }} for you",
            "Approve or refuse on the console.",
            "Hello,

{{waitingCount}} {{ 'reward waits' if waitingCount == 1 else 'rewards wait' }} for your approval in **{{programName}}**.

[[Look at them]]({{consoleUrl}})",
        ];

const COUPONS_LOW: Words = [
    "{{programName}}: coupons are running out",
    "Import more, so that nobody has to wait.",
    "Hello,

these pools of **{{programName}}** run low:

{% for pool in pools %}
- {{pool}}
{% endfor %}

Whoever earns a coupon from an empty pool waits until you import more.

[[Open the console]]({{consoleUrl}})",
];

const MEMBER_INVITATION: Words = [
            "You are invited to {{host}}",
            "Your link to enter, for 7 days.",
            "Hello,

you are invited to look after the referral programmes on **{{host}}**. The link works once, for 7 days.

[[Enter]]({{signInUrl}})",
        ];

const MEMBER_SIGN_IN_LINK: Words = [
    "Your link to sign in to {{host}}",
    "It works once, for 15 minutes.",
    "Hello,

by this link you sign in to the console of **{{host}}**. It works once, within 15 minutes.

[[Sign in]]({{signInUrl}})",
];

const FREE_FORM: Words = ["{{programName}}", "", ""];
