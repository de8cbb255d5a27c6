//! A page for staff, from the live rules: what is offered, to whom, what to say and what not.

use maud::{Markup, html};
use shared::{
    campaign::{Campaign, Status, Trigger},
    card::{Both, Card},
    lang::Lang,
    written::date,
};

/// The page. It prints on two sheets.
#[must_use]
pub fn page(lang: Lang, campaign: &Campaign, card: &Card) -> Markup {
    let words = words(lang);
    html! {
        div.titled {
            h1 { (words.title) " " (card.name) }
            p.screen { button #print type="button" hidden { (words.print) } }
        }
        p.soft { (words.generated) }
        @match card.status {
            Status::Draft => { p.wrong { (words.draft) } }
            Status::Complete => { p.wrong { (words.over) } }
            Status::InProgress => {
                @if let Some(at) = card.ends_at {
                    p.told { (words.ends) " " (date(lang, at)) " (UTC)." }
                }
            }
        }
        section.panel aria-labelledby="offer" {
            h2 #offer { (words.offer) }
            @if card.rewards.is_empty() { p { (words.nothing) } }
            @for promise in &card.rewards {
                div.promise {
                    p { strong { (words.referrer) } " " (promise.referrer.in_lang(lang)) }
                    @if let Some(friend) = &promise.friend {
                        p { strong { (words.friend) } " " (friend.in_lang(lang)) }
                    }
                    (list(lang, &promise.limits))
                }
            }
        }
        section.panel aria-labelledby="say" {
            h2 #say { (words.say) }
            ul {
                @for sentence in words.sayings { li { (sentence) } }
                @if let Some(disclosure) = &card.disclosure {
                    li { (words.disclosure) " " (words.quotes[0]) (disclosure.in_lang(lang)) (words.quotes[1]) }
                }
            }
        }
        section.panel aria-labelledby="never" {
            h2 #never { (words.never) }
            ul { @for sentence in nevers(lang, campaign) { li { (sentence) } } }
        }
        section.panel aria-labelledby="terms" {
            h2 #terms { (words.terms) }
            (list(lang, &card.terms))
        }
        section.panel aria-labelledby="faq" {
            h2 #faq { (words.faq) }
            dl.faq { @for (question, answer) in faq(lang, campaign) {
                dt { (question) }
                dd { (answer) }
            } }
        }
    }
}

fn list(lang: Lang, sentences: &[Both]) -> Markup {
    html! { @if !sentences.is_empty() { ul { @for it in sentences { li { (it.in_lang(lang)) } } } } }
}

/// What nobody may promise under these rules.
fn nevers(lang: Lang, campaign: &Campaign) -> Vec<String> {
    let options = &campaign.options;
    let two = |en: &str, fr: &str| match lang {
        Lang::En => en.to_owned(),
        Lang::Fr => fr.to_owned(),
    };
    let mut nevers = vec![
        two(
            "A reward for somebody whom the page “Look a customer up” does not show.",
            "Une récompense pour quelqu’un que la page «\u{a0}Retrouver un client\u{a0}» n’affiche pas.",
        ),
        two(
            "Who a friend is, or what they bought: the referrer only learns whether they count.",
            "Qui est un filleul, ou ce qu’il a acheté\u{a0}: le parrain sait seulement s’il compte.",
        ),
    ];
    if options.require_manual_reward_approval {
        nevers.push(two(
            "When a reward is approved: each one is looked at by hand.",
            "La date de validation d’une récompense\u{a0}: chacune est examinée à la main.",
        ));
    }
    if campaign.installation.referral_trigger == Trigger::Custom {
        nevers.push(two(
            "A reward for a sign-up alone, where the rule asks for more.",
            "Une récompense pour une simple inscription, si la règle demande plus.",
        ));
    }
    if options.budget.rewards.is_some() || options.budget.amount.is_some() {
        nevers.push(two(
            "That there will be a reward for everybody: the budget has an end.",
            "Qu’il y aura une récompense pour tous\u{a0}: le budget a une fin.",
        ));
    }
    nevers.push(two(
        "To change a decision: pass the case on to a reviewer.",
        "De changer une décision\u{a0}: transmettez le cas à un validateur.",
    ));
    nevers
}

/// What customers ask, answered by the rules.
fn faq(lang: Lang, campaign: &Campaign) -> Vec<(String, String)> {
    let options = &campaign.options;
    let link_days = options.referral_cookie_window_days.min(395);
    let pair = |en: [String; 2], fr: [String; 2]| {
        let [question, answer] = match lang {
            Lang::En => en,
            Lang::Fr => fr,
        };
        (question, answer)
    };
    let own = |en: [&str; 2], fr: [&str; 2]| pair(en.map(Into::into), fr.map(Into::into));
    let mut faq = vec![
        own(
            [
                "My friend did not count. Why?",
                "Look the customer up: each decision stands there with its reason, and with what you may say.",
            ],
            [
                "Mon filleul n’a pas compté. Pourquoi\u{a0}?",
                "Retrouvez le client\u{a0}: chaque décision y est, avec sa raison et ce que vous pouvez dire.",
            ],
        ),
        pair(
            [
                "How long does my link count after my friend opened it?".into(),
                format!("{link_days} days, in the same browser, if your friend allowed it."),
            ],
            [
                "Combien de temps mon lien compte-t-il après son ouverture\u{a0}?".into(),
                format!("{link_days} jours, dans le même navigateur, si votre filleul l’a permis."),
            ],
        ),
    ];
    if let Some(days) = options.referral_credit_window_days {
        faq.push(pair(
            [
                "By when does my friend have to act?".into(),
                format!("Within {days} days after signing up."),
            ],
            [
                "Jusqu’à quand mon filleul peut-il agir\u{a0}?".into(),
                format!("Dans les {days} jours après son inscription."),
            ],
        ));
    }
    faq.push(own(
        [
            "I forgot to use the link. Can you add it afterwards?",
            "Not here. Take down both e-mail addresses and pass the case on to a manager.",
        ],
        [
            "J’ai oublié d’utiliser le lien. Pouvez-vous l’ajouter après coup\u{a0}?",
            "Pas ici. Notez les deux adresses e-mail et transmettez le cas à un responsable.",
        ],
    ));
    faq.push(own(
        [
            "What do you know about me, and can you delete it?",
            "Your address, your name if you gave it, and who came through your link. A manager can erase it for good.",
        ],
        [
            "Que savez-vous de moi, et pouvez-vous l’effacer\u{a0}?",
            "Votre adresse, votre nom si vous l’avez donné, et qui est venu par votre lien. Un responsable peut l’effacer pour de bon.",
        ],
    ));
    faq
}

struct Words {
    title: &'static str,
    print: &'static str,
    generated: &'static str,
    draft: &'static str,
    over: &'static str,
    ends: &'static str,
    offer: &'static str,
    nothing: &'static str,
    referrer: &'static str,
    friend: &'static str,
    say: &'static str,
    sayings: [&'static str; 3],
    disclosure: &'static str,
    quotes: [&'static str; 2],
    never: &'static str,
    terms: &'static str,
    faq: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// What the page is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Briefing",
        Lang::Fr => "Fiche",
    }
}

const EN: Words = Words {
    title: "Briefing:",
    print: "Print",
    generated: "Written from the rules as they are now. Read it again after a change.",
    draft: "This programme has not started: nothing is promised yet.",
    over: "This programme has ended: nothing more is earned.",
    ends: "It ends on",
    offer: "What we offer, and to whom",
    nothing: "Nothing is promised at present.",
    referrer: "To the customer who recommends us:",
    friend: "To their friend:",
    say: "What to say",
    sayings: [
        "“You have a link of your own. Whoever comes by it and does what counts brings you a reward.”",
        "“Your friend has to open the link first, and sign up in the same browser.”",
        "“You see on your page how your friends stand.”",
    ],
    disclosure: "Who shares a link says that they get something for it:",
    quotes: ["“", "”"],
    never: "What not to promise",
    terms: "The terms",
    faq: "Questions and answers",
};

const FR: Words = Words {
    title: "Fiche :",
    print: "Imprimer",
    generated: "Rédigée d’après les règles actuelles. À relire après un changement.",
    draft: "Ce programme n’a pas commencé\u{a0}: rien n’est encore promis.",
    over: "Ce programme est terminé\u{a0}: plus rien n’est gagné.",
    ends: "Il se termine le",
    offer: "Ce que nous offrons, et à qui",
    nothing: "Rien n’est promis pour le moment.",
    referrer: "Au client qui nous recommande\u{a0}:",
    friend: "À son filleul\u{a0}:",
    say: "Ce qu’il faut dire",
    sayings: [
        "«\u{a0}Vous avez votre propre lien. Qui vient par lui et fait ce qui compte vous apporte une récompense.\u{a0}»",
        "«\u{a0}Votre filleul doit d’abord ouvrir le lien, puis s’inscrire dans le même navigateur.\u{a0}»",
        "«\u{a0}Vous voyez sur votre page où en sont vos filleuls.\u{a0}»",
    ],
    disclosure: "Qui partage un lien dit qu’il y gagne quelque chose\u{a0}:",
    quotes: ["«\u{a0}", "\u{a0}»"],
    never: "Ce qu’il ne faut pas promettre",
    terms: "Les conditions",
    faq: "Questions et réponses",
};

#[cfg(test)]
mod tests {
    use shared::{
        attribution::Key,
        campaign::{Installation, Options},
        card,
        money::Currency,
        reward::Budget,
        time::Timestamp,
    };

    use super::*;

    fn campaign() -> Campaign {
        Campaign {
            id: "shop".into(),
            name: "<b>Shop".into(),
            status: Status::Draft,
            currency: Currency::EUR,
            company_name: None,
            company_logo_image_url: None,
            started_at: None,
            ended_at: None,
            installation: Installation::default(),
            options: Options::default(),
            keys: vec![Key { generation: 1, retired_at: None }],
        }
    }

    #[test]
    fn r_team_9_the_briefing_follows_the_live_rules() {
        let plain = campaign();
        let said =
            |it: &Campaign| page(Lang::En, it, &card::card(it, &[], Timestamp(1))).into_string();
        let page = said(&plain);
        assert!(page.contains("has not started") && page.contains("&lt;b&gt;Shop"));
        assert!(!page.contains("looked at by hand") && !page.contains("budget has an end"));
        let mut strict = plain.clone();
        strict.status = Status::InProgress;
        strict.options.require_manual_reward_approval = true;
        strict.options.referral_credit_window_days = Some(14);
        strict.options.budget = Budget { rewards: Some(9), amount: None };
        let page = said(&strict);
        assert!(page.contains("looked at by hand") && page.contains("budget has an end"));
        assert!(page.contains("Within 14 days") && !page.contains("has not started"));
    }

    #[test]
    fn it_speaks_french() {
        let it = campaign();
        let page = page(Lang::Fr, &it, &card::card(&it, &[], Timestamp(1))).into_string();
        assert!(page.contains("Ce qu’il ne faut pas promettre") && !page.contains("What to say"));
    }
}
