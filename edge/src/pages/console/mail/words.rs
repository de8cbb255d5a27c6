//! The words of the pages about e-mail.

use shared::lang::Lang;

use crate::{mail::Broken, store::messages::State};

pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) saved: &'static str,
    pub(super) nobody: &'static str,
    pub(super) folder: &'static str,
    pub(super) on: &'static str,
    pub(super) on_note: &'static str,
    pub(super) off: &'static str,
    pub(super) off_note: &'static str,
    pub(super) asked: &'static str,
    pub(super) own: &'static str,
    pub(super) messages: &'static str,
    pub(super) columns: [&'static str; 3],
    pub(super) sender: &'static str,
    pub(super) sender_note: &'static str,
    pub(super) owner_only: &'static str,
    pub(super) enable: &'static str,
    pub(super) language: &'static str,
    pub(super) language_hint: &'static str,
    pub(super) from: &'static str,
    pub(super) needed: &'static str,
    pub(super) from_name: &'static str,
    pub(super) reply_to: &'static str,
    pub(super) company: &'static str,
    pub(super) street: &'static str,
    pub(super) street_more: &'static str,
    pub(super) postal_code: &'static str,
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) country: &'static str,
    pub(super) footer: &'static str,
    pub(super) save: &'static str,
    pub(super) stale: &'static str,
    pub(super) show: &'static str,
    pub(super) text_language: &'static str,
    pub(super) text: &'static str,
    pub(super) subject: &'static str,
    pub(super) preheader: &'static str,
    pub(super) body: &'static str,
    pub(super) markup: &'static str,
    pub(super) broken: &'static str,
    pub(super) kept: &'static str,
    pub(super) preview: &'static str,
    pub(super) no_preview: &'static str,
    pub(super) as_text: &'static str,
    pub(super) variables: &'static str,
    pub(super) choices: &'static str,
    pub(super) test: &'static str,
    pub(super) test_note: &'static str,
    pub(super) test_to: &'static str,
    pub(super) test_send: &'static str,
    pub(super) not_sent: &'static str,
    pub(super) switch_off: &'static str,
    pub(super) switch_on: &'static str,
    pub(super) reset: &'static str,
    pub(super) days: &'static str,
    pub(super) days_wrong: &'static str,
    pub(super) outbox: &'static str,
    pub(super) inbox: &'static str,
    pub(super) inbox_note: &'static str,
    pub(super) nothing_sent: &'static str,
    pub(super) sent_columns: [&'static str; 4],
    pub(super) older: &'static str,
    pub(super) returned: &'static str,
    pub(super) returned_note: &'static str,
    pub(super) returned_change: &'static str,
    pub(super) returned_sure: &'static str,
    pub(super) returned_now: &'static str,
}

pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "E-mails",
    lead: "What people are told, in your words or ours.",
    saved: "Saved.",
    nobody: "Nobody carries e-mail for this installation yet. Whoever runs it names a provider: see “E-mail” in the operations guide.",
    folder: "E-mails stay on this machine: nobody receives them. Read them in the inbox below.",
    on: "on",
    on_note: "Messages are sent as things happen.",
    off: "off",
    off_note: "Nothing is sent by itself yet. Fill in who writes, and switch it on.",
    asked: "when asked for",
    own: "your words",
    messages: "Messages",
    columns: ["Message", "Subject", "Sent"],
    sender: "Who writes",
    sender_note: "The law asks for a name and a postal address in messages like these. They stand at the end of each.",
    owner_only: "The owner of this installation decides who writes.",
    enable: "Send messages as things happen",
    language: "Language, where somebody’s own is not known",
    language_hint: "Every message is kept in both languages. People get the one they use.",
    from: "Messages come from",
    needed: "(required)",
    from_name: "Sender’s name",
    reply_to: "Address for answers",
    company: "Company",
    street: "Street and number",
    street_more: "More of the address",
    postal_code: "Postal code",
    city: "Town",
    state: "State or region",
    country: "Country",
    footer: "A last line of your own",
    save: "Save",
    stale: "Somebody changed this meanwhile. What you typed is below: look at it and save it again.",
    show: "Preview",
    text_language: "Language of the message",
    text: "Words",
    subject: "Subject",
    preheader: "Line beside it in the list of messages",
    body: "Message",
    markup: "An empty line begins a paragraph. # heading, - list, **bold**, [link](https://…), and on a line of its own [[button]](https://…).",
    broken: "This cannot be used:",
    kept: "The last good text stays in use.",
    preview: "Preview",
    no_preview: "There is no preview until the text is mended.",
    as_text: "As plain text",
    variables: "What you can merge",
    choices: "To say something only if it is known:",
    test: "Try it",
    test_note: "Sends what is saved, with example names, to one address.",
    test_to: "Send a test to",
    test_send: "Send a test",
    not_sent: "The test was not sent:",
    switch_off: "Do not send this message",
    switch_on: "Send this message",
    reset: "Back to the original words",
    days: "Days after the friend came",
    days_wrong: "Between 2 and 30 days.",
    outbox: "Sent messages",
    inbox: "Inbox",
    inbox_note: "Everything that would have been sent, newest first.",
    nothing_sent: "Nothing yet.",
    sent_columns: ["When", "Message", "To", "What became of it"],
    older: "Older messages",
    returned: "What comes back",
    returned_note: "Give your provider its address as a webhook for bounces and complaints: whoever’s mailbox is gone, or who calls a message unwanted, is then written to no more. The address is a secret.",
    returned_change: "Change these addresses",
    returned_sure: "The old addresses stop working at once, for every programme here. Give your provider the new one.",
    returned_now: "Change them now",
};

const FR: Words = Words {
    title: "E-mails",
    lead: "Ce que l’on dit aux gens, avec vos mots ou les nôtres.",
    saved: "Enregistré.",
    nobody: "L’envoi d’e-mails n’est pas encore configuré sur ce serveur. La personne qui l’exploite nomme un prestataire\u{a0}: voir «\u{a0}E-mail\u{a0}» dans le guide d’exploitation.",
    folder: "Les e-mails restent sur cette machine\u{a0}: personne ne les reçoit. Lisez-les dans la boîte ci-dessous.",
    on: "activé",
    on_note: "Les messages partent au fil des événements.",
    off: "désactivé",
    off_note: "Rien ne part encore de soi-même. Dites qui écrit, puis activez l’envoi.",
    asked: "à la demande",
    own: "vos mots",
    messages: "Messages",
    columns: ["Message", "Objet", "Envoi"],
    sender: "Qui écrit",
    sender_note: "La loi demande un nom et une adresse postale dans ces messages. Ils figurent à la fin de chacun.",
    owner_only: "Le propriétaire de cette installation décide qui écrit.",
    enable: "Envoyer les messages au fil des événements",
    language: "Langue, quand celle de la personne n’est pas connue",
    language_hint: "Chaque message existe dans les deux langues. Chacun reçoit la sienne.",
    from: "Les messages viennent de",
    needed: "(obligatoire)",
    from_name: "Nom de l’expéditeur",
    reply_to: "Adresse pour les réponses",
    company: "Entreprise",
    street: "Rue et numéro",
    street_more: "Complément d’adresse",
    postal_code: "Code postal",
    city: "Ville",
    state: "État ou région",
    country: "Pays",
    footer: "Une dernière ligne à vous",
    save: "Enregistrer",
    stale: "Quelqu’un l’a modifié entre-temps. Ce que vous avez saisi est ci-dessous\u{a0}: vérifiez et enregistrez à nouveau.",
    show: "Aperçu",
    text_language: "Langue du message",
    text: "Texte",
    subject: "Objet",
    preheader: "Ligne à côté, dans la liste des messages",
    body: "Message",
    markup: "Une ligne vide commence un paragraphe. # titre, - liste, **gras**, [lien](https://…), et seul sur sa ligne [[bouton]](https://…).",
    broken: "Ceci ne peut pas servir :",
    kept: "Le dernier texte correct reste en service.",
    preview: "Aperçu",
    no_preview: "Il n’y a pas d’aperçu tant que le texte n’est pas réparé.",
    as_text: "En texte simple",
    variables: "Ce que vous pouvez insérer",
    choices: "Pour ne dire quelque chose que si on le sait\u{a0}:",
    test: "Essayer",
    test_note: "Envoie ce qui est enregistré, avec des noms d’exemple, à une adresse.",
    test_to: "Envoyer un essai à",
    test_send: "Envoyer un essai",
    not_sent: "L’essai n’est pas parti\u{a0}:",
    switch_off: "Ne plus envoyer ce message",
    switch_on: "Envoyer ce message",
    reset: "Revenir au texte d’origine",
    days: "Jours après la venue du filleul",
    days_wrong: "Entre 2 et 30 jours.",
    outbox: "Messages envoyés",
    inbox: "Boîte de réception",
    inbox_note: "Tout ce qui serait parti, du plus récent au plus ancien.",
    nothing_sent: "Rien pour le moment.",
    sent_columns: ["Quand", "Message", "À", "Ce qu’il est devenu"],
    older: "Messages plus anciens",
    returned: "Ce qui revient",
    returned_note: "Donnez à votre prestataire son adresse comme webhook pour les rebonds et les plaintes\u{a0}: une boîte qui n’existe plus, ou une personne qui juge un message indésirable, ne reçoit alors plus rien. L’adresse est secrète.",
    returned_change: "Changer ces adresses",
    returned_sure: "Les anciennes adresses ne marchent plus aussitôt, pour tous les programmes d’ici. Donnez la nouvelle à votre prestataire.",
    returned_now: "Les changer maintenant",
};

/// What a name in braces stands for.
pub(super) fn variable(name: &str, lang: Lang) -> &'static str {
    let [en, fr] = match name {
        "firstName" => ["first name, if known", "prénom, s’il est connu"],
        "lastName" => ["last name, if known", "nom, s’il est connu"],
        "programName" => ["name of the programme", "nom du programme"],
        "companyName" => ["your company", "votre entreprise"],
        "shareUrl" => ["their own link", "leur propre lien"],
        "pageUrl" => ["their page: friends, rewards", "leur page\u{a0}: filleuls, récompenses"],
        "cardUrl" => ["page with the terms", "page des conditions"],
        "consoleUrl" => ["this console", "cette console"],
        "signInUrl" => ["the link to sign in", "le lien de connexion"],
        "rewards" => ["sentences: what they can earn", "phrases\u{a0}: ce qu’ils peuvent gagner"],
        "friendRewards" => {
            ["sentences: what a friend gets", "phrases\u{a0}: ce que reçoit un filleul"]
        }
        "disclosure" => ["what to say when sharing", "ce qu’il faut dire en partageant"],
        "leadCount" => ["friends who came", "filleuls venus"],
        "referralCount" => ["friends who count", "filleuls qui comptent"],
        "rewardCount" => ["rewards that are theirs", "récompenses qui sont à eux"],
        "waitingCount" => ["rewards that wait", "récompenses en attente"],
        "monthlyReferralCount" => {
            ["friends who count, that month", "filleuls du mois qui comptent"]
        }
        "monthlyClickCount" => ["clicks of that month", "clics du mois"],
        "month" => ["the month in words", "le mois en lettres"],
        "referrerFirstName" => {
            ["who referred them, if they agreed", "qui les a parrainés, avec son accord"]
        }
        "friendName" => [
            "the friend: an initial, or a name with consent",
            "le filleul\u{a0}: initiale, ou nom avec accord",
        ],
        "reward" => ["what the reward is", "ce qu’est la récompense"],
        "couponCode" => ["the code, if there is one", "le code, s’il y en a un"],
        "isReferrer" => [
            "whether they referred (else: are the friend)",
            "s’ils parrainent (sinon\u{a0}: filleul)",
        ],
        "needsAddress" => ["whether an address is missing", "s’il manque une adresse"],
        "choosesCharity" => ["whether they choose a charity", "s’ils choisissent une association"],
        "pools" => ["list of the pools", "liste des réserves"],
        _ => ["", ""],
    };
    if lang == Lang::En { en } else { fr }
}

/// Where a message stands.
pub(super) const fn state(lang: Lang, state: State) -> &'static str {
    let [en, fr] = match state {
        State::Bounced => [
            "came back: nobody takes mail there",
            "revenu\u{a0}: cette adresse ne reçoit pas de courrier",
        ],
        State::Complained => ["sent, and called unwanted", "envoyé, et jugé indésirable"],
        State::Failed => ["given up", "abandonné"],
        State::Queued => ["waits", "en attente"],
        State::Sent => ["sent", "envoyé"],
        State::Suppressed => ["not sent", "non envoyé"],
    };
    match lang {
        Lang::En => en,
        Lang::Fr => fr,
    }
}

/// Why a message was not sent.
pub(super) fn reason(lang: Lang, reason: &str) -> Option<&'static str> {
    let [en, fr] = match reason {
        "BLOCKED" => ["the person is blocked", "la personne est bloquée"],
        "BOUNCED" => ["nobody takes mail at that address", "personne ne reçoit à cette adresse"],
        "GONE" => ["the person was erased", "la personne a été effacée"],
        "NOT_TAKEN" => ["the provider did not take it", "le prestataire ne l’a pas pris"],
        "SENDER_MISSING" => ["it is not known who writes", "on ne sait pas qui écrit"],
        "STALE" => ["it waited too long", "il a trop attendu"],
        "SWITCHED_OFF" => ["this message is switched off", "ce message est désactivé"],
        "TEMPLATE" => ["the text could not be used", "le texte n’a pas pu servir"],
        "TOLD_OTHERWISE" => ["another message says it", "un autre message le dit"],
        "TOO_MANY" => ["three such messages that week", "trois de ces messages cette semaine-là"],
        "UNDONE" => ["it was not so any more", "ce n’était plus le cas"],
        "UNSUBSCRIBED" => ["they unsubscribed", "la personne s’est désabonnée"],
        _ => return None,
    };
    Some(if lang == Lang::En { en } else { fr })
}

/// What is said after something was done.
pub(super) fn note(lang: Lang, note: &str) -> Option<&'static str> {
    let [en, fr] = match note {
        "save" | "days" => ["Saved.", "Enregistré."],
        "test" => ["The test is on its way.", "L’essai est parti."],
        "reset" => ["The original words are back.", "Le texte d’origine est de retour."],
        "off" => ["This message is not sent any more.", "Ce message ne part plus."],
        "on" => ["This message is sent.", "Ce message part."],
        _ => return None,
    };
    Some(if lang == Lang::En { en } else { fr })
}

/// A field of a text.
pub(super) fn field(lang: Lang, field: &str) -> &'static str {
    let words = words(lang);
    match field {
        "subject" => words.subject,
        "preheader" => words.preheader,
        _ => words.body,
    }
}

/// What is wrong with a text, and in which line.
pub(super) fn line(lang: Lang, broken: &Broken) -> String {
    let (line, problem) = (broken.line, broken.problem.say(lang));
    match lang {
        Lang::En => format!("line {line}: {problem}"),
        Lang::Fr => format!("ligne {line}\u{a0}: {problem}"),
    }
}

/// Why a test did not go.
pub(super) fn untried(lang: Lang, why: &str) -> &str {
    match lang {
        Lang::En => why,
        Lang::Fr if why.contains("name@") => "une adresse e-mail ressemble à nom@exemple.fr",
        Lang::Fr if why.contains("refuses") => "le prestataire refuse cette adresse",
        Lang::Fr if why.contains("required") => "il faut d’abord dire qui écrit",
        Lang::Fr => "le prestataire n’a pas pris le message",
    }
}

/// What is wrong with the settings.
pub(super) fn problem(lang: Lang, field: &str, why: &str) -> String {
    let words = words(lang);
    let name = match field.trim_start_matches("settings.") {
        "sender.fromName" => words.from_name,
        "sender.replyToEmail" => words.reply_to,
        "contact.companyName" => words.company,
        "contact.addressLine1" => words.street,
        "contact.city" => words.city,
        "contact.country" => words.country,
        "design.footer" => words.footer,
        "isEnabled" => return words.nobody.into(),
        _ => words.sender,
    };
    let why = match (lang, why) {
        (Lang::En, why) => why,
        (Lang::Fr, why) if why.contains("required") => "est nécessaire avant tout envoi",
        (Lang::Fr, why) if why.contains("200") => "dépasse 200 caractères",
        (Lang::Fr, why) if why.contains("line") => "tient en une ligne",
        (Lang::Fr, _) => "ne convient pas",
    };
    let colon = if lang == Lang::En { ":" } else { " :" };
    format!("{name}{colon} {why}.")
}

#[cfg(test)]
mod tests {
    use super::{super::name, *};
    use crate::mail::kind::ALL;

    #[test]
    fn everything_that_is_shown_has_words_in_both_languages() {
        for lang in [Lang::En, Lang::Fr] {
            for kind in ALL.into_iter().filter(|it| it.editable()) {
                assert!(!name(kind, lang).1.is_empty(), "{kind:?}");
                for name in kind.variables() {
                    assert!(!variable(name, lang).is_empty(), "{name}");
                }
            }
        }
        let sources = concat!(
            include_str!("../../../engine/mail/mod.rs"),
            include_str!("../../../engine/mail/facts.rs"),
            "Suppressed(\"GONE\")",
        );
        for part in sources.split("Suppressed(\"").skip(1).chain(sources.split("Untrue(\"").skip(1))
        {
            let told = part.split('"').next().unwrap();
            assert!(reason(Lang::Fr, told).is_some(), "{told}");
        }
    }
}
