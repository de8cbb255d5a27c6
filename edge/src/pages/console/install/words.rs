//! The words of the installation's page.

use shared::lang::Lang;

pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) told: [(&'static str, &'static str); 3],
    pub(super) tag: &'static str,
    pub(super) tag_how: &'static str,
    pub(super) snippets: [(&'static str, &'static str); 5],
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    pub(super) test: &'static str,
    pub(super) test_how: &'static str,
    pub(super) page: &'static str,
    pub(super) page_hint: &'static str,
    pub(super) page_wrong: &'static str,
    pub(super) begin: &'static str,
    pub(super) again: &'static str,
    pub(super) open: &'static str,
    pub(super) new_tab: &'static str,
    pub(super) look_again: &'static str,
    pub(super) over: &'static str,
    pub(super) tones: [&'static str; 3],
    pub(super) checks: [(&'static str, &'static str); 3],
    pub(super) all_well: &'static str,
    pub(super) foreign: &'static str,
    pub(super) foreign_how: &'static str,
    pub(super) allow: &'static str,
    pub(super) silent: &'static str,
    pub(super) silences: [&'static str; 4],
    pub(super) policy: &'static str,
    pub(super) lost: &'static str,
    pub(super) forms: [(&'static str, &'static str, &'static str); 4],
    pub(super) cookies: &'static str,
    pub(super) wasm: &'static str,
    pub(super) consent: &'static str,
    pub(super) next: &'static str,
    pub(super) ways: [(&'static str, &'static str); 3],
    pub(super) card: &'static str,
}

pub(super) const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Installation",
    told: [
        ("made", "Your programme runs. Put the tag on your site, then test it here."),
        ("test", "The test has begun. Open your site by the button below."),
        ("allowed", "The address is allowed. Open your site again by the button below."),
    ],
    tag: "1. Put the tag on your site",
    tag_how: "One line, on every page. Choose how your site is made.",
    snippets: [
        ("Any site", "Put it into the <head> of every page, or into the template that they share."),
        (
            "Google Tag Manager",
            "Make a tag of the kind “Custom HTML” with this text, and let it fire on “All Pages”.",
        ),
        (
            "WordPress",
            "Put it at the end of functions.php of your (child) theme, or its line of HTML into the header by a plug-in for that.",
        ),
        (
            "Shopify",
            "Online Store, Themes, Edit code: put it into layout/theme.liquid, right before </head>.",
        ),
        (
            "React",
            "Put <Parrain /> once into the component that all pages share, such as App or the root layout.",
        ),
    ],
    copy: "Copy",
    copied: "Copied",
    test: "2. Test it",
    test_how: "You open your site as a friend would, and sign up with a made-up address. None of it is counted, kept or rewarded here; what your own site does with the sign-up is its own.",
    page: "Page to open",
    page_hint: "Where friends arrive, or the page of the form.",
    page_wrong: "An address looks like shop.example/welcome.",
    begin: "Begin the test",
    again: "Begin again",
    open: "Open my site by a test link",
    new_tab: "(new tab)",
    look_again: "Look again",
    over: "A test lasts an hour; this one is over. Begin again.",
    tones: ["Works", "To mend", "Waiting"],
    checks: [
        ("The tag answers", "We wait for the first call of the tag."),
        ("A friend’s click is recognised", "We wait for the test link to arrive on your site."),
        (
            "A sign-up is recognised",
            "Now send your sign-up form with a made-up address. If it is sent by a script of yours, that has to call parrain(\"lead\", { email }).",
        ),
    ],
    all_well: "All is well. The test counted for nothing: your numbers are as they were.",
    foreign: "The tag called from an address that is not among those of your site:",
    foreign_how: "If it is yours, allow it. If not, somebody else uses your tag, and is refused.",
    allow: "Allow",
    silent: "Nothing was heard of the tag yet. The usual reasons:",
    silences: [
        "The tag is not on this page, or the change is not published yet.",
        "A blocker in your own browser stops it. Try a window without extensions.",
        "The page leads on to another and drops what stands after the ? of its address. Test the page where people end up.",
        "The security policy (CSP) of your site blocks it; the browser’s own console says so.",
    ],
    policy: "If your site sends such a policy, it has to allow this:",
    lost: "The tag answers, but the test link did not come with it: the page, or a tool for consent, drops what stands after the ? of the address before the tag runs. Put the tag before that, or test the page where people end up.",
    forms: [
        (
            "NO_ADDRESS",
            "A form was sent, but it has no field for an e-mail address that we can read.",
            "Give its field the type email, or call parrain(\"lead\", { email: … }) when it is sent.",
        ),
        (
            "LOGIN",
            "The form that was sent looks like a login, which is never read.",
            "Send the form for new customers. If it is that one, give its password the attribute autocomplete=\"new-password\".",
        ),
        (
            "IGNORED",
            "The form that was sent carries data-parrain-ignore, so that it is left alone.",
            "Take the attribute away if it is the sign-up form.",
        ),
        (
            "UNKNOWN",
            "A form was sent, but nothing tells that it is a sign-up.",
            "Add the attribute data-parrain-form to its <form> tag. Where you cannot, call parrain(\"lead\", { email: … }) when it is sent.",
        ),
    ],
    cookies: "Your browser refuses cookies on this page. Then a link is only remembered while the page is open: the friend has to sign up on the page where they arrive. Other browsers may keep them; if none does, look at what your site or a consent tool forbids.",
    wasm: "Your site’s security policy forbids WebAssembly. Links and forms work, but the elements for sharing are plain. To change that, add to the policy:",
    consent: "Nothing is remembered in the browser before the visitor agrees. Your cookie banner should call this when they do:",
    next: "3. Go on",
    ways: [
        ("Invite a first customer", "/invite"),
        ("Switch the e-mails on", "/mail"),
        ("See the numbers", ""),
    ],
    card: "Read what everybody may read of the programme",
};

const FR: Words = Words {
    title: "Installation",
    told: [
        ("made", "Votre programme tourne. Posez la balise sur votre site, puis testez-la ici."),
        ("test", "Le test a commencé. Ouvrez votre site par le bouton ci-dessous."),
        ("allowed", "L’adresse est autorisée. Rouvrez votre site par le bouton ci-dessous."),
    ],
    tag: "1. Poser la balise sur votre site",
    tag_how: "Une ligne, sur chaque page. Choisissez comment votre site est fait.",
    snippets: [
        (
            "Tout site",
            "À mettre dans le <head> de chaque page, ou dans le modèle qu’elles partagent.",
        ),
        (
            "Google Tag Manager",
            "Créez une balise «\u{a0}HTML personnalisé\u{a0}» avec ce texte, déclenchée sur «\u{a0}All Pages\u{a0}».",
        ),
        (
            "WordPress",
            "À mettre à la fin de functions.php de votre thème (enfant), ou sa ligne HTML dans l’en-tête par une extension prévue pour cela.",
        ),
        (
            "Shopify",
            "Boutique en ligne, Thèmes, Modifier le code\u{a0}: dans layout/theme.liquid, juste avant </head>.",
        ),
        (
            "React",
            "Mettez <Parrain /> une fois dans le composant commun à toutes les pages, comme App ou la mise en page racine.",
        ),
    ],
    copy: "Copier",
    copied: "Copié",
    test: "2. Tester",
    test_how: "Vous ouvrez votre site comme un filleul, et vous inscrivez avec une adresse inventée. Ici, rien n’est compté, gardé ni récompensé\u{a0}; ce que votre site fait de l’inscription lui appartient.",
    page: "Page à ouvrir",
    page_hint: "Là où arrivent les filleuls, ou la page du formulaire.",
    page_wrong: "Une adresse ressemble à boutique.example/bienvenue.",
    begin: "Commencer le test",
    again: "Recommencer",
    open: "Ouvrir mon site par un lien de test",
    new_tab: "(nouvel onglet)",
    look_again: "Regarder encore",
    over: "Un test dure une heure\u{a0}; celui-ci est fini. Recommencez.",
    tones: ["Marche", "À corriger", "En attente"],
    checks: [
        ("La balise répond", "Nous attendons le premier appel de la balise."),
        (
            "Le clic d’un filleul est reconnu",
            "Nous attendons l’arrivée du lien de test sur votre site.",
        ),
        (
            "Une inscription est reconnue",
            "Envoyez maintenant votre formulaire d’inscription avec une adresse inventée. S’il est envoyé par un script à vous, celui-ci doit appeler parrain(\"lead\", { email }).",
        ),
    ],
    all_well: "Tout va bien. Le test n’a rien compté\u{a0}: vos chiffres sont inchangés.",
    foreign: "La balise a appelé depuis une adresse qui n’est pas de votre site\u{a0}:",
    foreign_how: "Si elle est à vous, autorisez-la. Sinon, quelqu’un d’autre utilise votre balise, et il est refusé.",
    allow: "Autoriser",
    silent: "Rien n’est encore venu de la balise. Les raisons habituelles\u{a0}:",
    silences: [
        "La balise n’est pas sur cette page, ou la modification n’est pas encore publiée.",
        "Un bloqueur de votre propre navigateur l’arrête. Essayez une fenêtre sans extensions.",
        "La page mène à une autre et perd ce qui suit le\u{a0}? de son adresse. Testez la page où l’on arrive à la fin.",
        "La politique de sécurité (CSP) de votre site la bloque\u{a0}; la console du navigateur le dit.",
    ],
    policy: "Si votre site envoie une telle politique, elle doit autoriser ceci\u{a0}:",
    lost: "La balise répond, mais sans le lien de test\u{a0}: la page, ou un outil de consentement, perd ce qui suit le\u{a0}? de l’adresse avant que la balise tourne. Placez la balise avant, ou testez la page où l’on arrive à la fin.",
    forms: [
        (
            "NO_ADDRESS",
            "Un formulaire a été envoyé, mais il n’a pas de champ d’adresse e-mail que nous puissions lire.",
            "Donnez à ce champ le type email, ou appelez parrain(\"lead\", { email: … }) à l’envoi.",
        ),
        (
            "LOGIN",
            "Le formulaire envoyé ressemble à une connexion, qui n’est jamais lue.",
            "Envoyez le formulaire des nouveaux clients. Si c’est lui, donnez à son mot de passe l’attribut autocomplete=\"new-password\".",
        ),
        (
            "IGNORED",
            "Le formulaire envoyé porte data-parrain-ignore\u{a0}: il est laissé de côté.",
            "Retirez cet attribut si c’est le formulaire d’inscription.",
        ),
        (
            "UNKNOWN",
            "Un formulaire a été envoyé, mais rien ne dit que c’est une inscription.",
            "Ajoutez l’attribut data-parrain-form à sa balise <form>. Si vous ne pouvez pas, appelez parrain(\"lead\", { email: … }) à l’envoi.",
        ),
    ],
    cookies: "Votre navigateur refuse les cookies sur cette page. Un lien n’est alors retenu que tant que la page est ouverte\u{a0}: le filleul doit s’inscrire sur la page où il arrive. D’autres navigateurs les gardent peut-être\u{a0}; si aucun ne le fait, voyez ce que votre site ou un outil de consentement interdit.",
    wasm: "La politique de sécurité de votre site interdit WebAssembly. Liens et formulaires marchent, mais les éléments de partage restent simples. Pour changer cela, ajoutez à la politique\u{a0}:",
    consent: "Rien n’est retenu dans le navigateur avant l’accord du visiteur. Votre bandeau cookies devrait appeler ceci quand il le donne\u{a0}:",
    next: "3. Continuer",
    ways: [
        ("Inviter un premier client", "/invite"),
        ("Activer les e-mails", "/mail"),
        ("Voir les chiffres", ""),
    ],
    card: "Lire ce que tout le monde peut lire du programme",
};
