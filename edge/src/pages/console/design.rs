//! How a programme's public pages look: its colours, its logo, light or dark.

use maud::{Markup, html};
use shared::{
    lang::Lang,
    look::Look,
    picture::{self, PictureError},
};

use super::{
    frame::csrf,
    parts::{Field, choice, done, wrong},
    settings::beside,
    setup,
};

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Where the service is.
    pub service: &'a str,
    /// The campaign's id.
    pub campaign: &'a str,
    /// Whether anybody can see it: not before the programme runs.
    pub is_public: bool,
    /// The address of the logo, whether our pages show it or not.
    pub logo: Option<&'a str>,
    /// What is wrong with the file that was sent as one.
    pub logo_flaw: Option<&'a str>,
    /// The look as it stands, as JSON: the form holds what it was made from.
    pub from: &'a str,
    /// The look that is shown.
    pub look: Look,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// What stands in the fields of the two colours and of the scheme.
    pub typed: [&'a str; 3],
    /// Which of these is wrong.
    pub wrong: [bool; 3],
    /// Whether somebody else changed it meanwhile.
    pub met: bool,
    /// What was just done.
    pub said: Option<&'a str>,
}

/// The page.
#[must_use]
pub fn page(it: &Page<'_>) -> Markup {
    let words = words(it.lang);
    let base = format!("/console/{}", it.campaign);
    html! {
        div.titled {
            h1 { (words.title) }
            @if it.is_public { p { a.button href={ "/c/" (it.campaign) } { (words.public) } } }
        }
        (beside(it.lang, it.campaign, "design"))
        @match it.said {
            Some("saved") => { (done(words.saved)) }
            Some("same") => { (done(words.same)) }
            _ => {}
        }
        @if it.met { (wrong(words.met)) }
        @if it.wrong.contains(&true) || it.logo_flaw.is_some() { (wrong(words.mend)) }
        p.lead { (words.lead) }
        div.setup {
            section.panel aria-labelledby="look" {
                h2 #look { (words.colours) }
                @if it.may_edit { (form(it, &base, words)) }
                p { a href={ (base) "/card#texts" } { (words.texts_where) } }
            }
            aside.panel aria-labelledby="read" {
                h2 #read { (words.preview) }
                div #preview aria-live="polite" { (setup::design(it.lang, it.look)) }
            }
        }
        (logo(it, &base, words))
    }
}

fn logo(it: &Page<'_>, base: &str, words: &Words) -> Markup {
    let action = format!("{base}/design#logo");
    html! {
        section.panel aria-labelledby="logo" {
            h2 #logo { (words.logo) }
            @if let Some(logo) = picture::logo(it.service, it.campaign, it.logo) {
                p { img.logo src=(logo) alt=(words.logo) height="48" referrerpolicy="no-referrer"; }
            }
            @if it.may_edit {
                form.stack method="post" enctype="multipart/form-data" action=(action) {
                    (csrf(it.csrf))
                    p.field {
                        label for="f-file" { (words.file) }
                        input id="f-file" name="file" type="file" required
                            accept="image/png,image/jpeg,image/webp"
                            aria-describedby="f-file-hint f-file-wrong"
                            aria-invalid=[it.logo_flaw.map(|_| "true")];
                        span.hint id="f-file-hint" { (words.file_hint) }
                        span.flaw id="f-file-wrong" { (it.logo_flaw.unwrap_or_default()) }
                    }
                    div.actions { button type="submit" name="act" value="logo" { (words.send) } }
                }
                p { a href={ (base) "/settings#programme" } { (words.logo_where) } }
                @if it.logo.is_some() {
                    form method="post" action=(action) {
                        (csrf(it.csrf))
                        button type="submit" name="act" value="no-logo" { (words.remove) }
                    }
                }
            }
        }
    }
}

/// What is wrong with a file that was sent as a logo; `None`: there was none.
#[must_use]
pub const fn logo_flaw(lang: Lang, error: Option<PictureError>) -> &'static str {
    let flaws = &words(lang).flaws;
    match error {
        None => flaws[0],
        Some(PictureError::Format) => flaws[1],
        Some(PictureError::Large) => flaws[2],
        Some(PictureError::Sides) => flaws[3],
        Some(PictureError::Broken) => flaws[4],
    }
}

fn form(it: &Page<'_>, base: &str, words: &Words) -> Markup {
    let field = |at: usize, name, label| {
        let wrong = it.wrong[at].then_some(words.no_colour);
        Field { name, label, value: it.typed[at], kind: "color", wrong, ..Field::default() }
            .markup()
    };
    let schemes = ["AUTO", "LIGHT", "DARK"];
    let schemes: Vec<(&str, &str)> = schemes.into_iter().zip(words.schemes).collect();
    html! {
        form.stack method="post" action={ (base) "/design" } data-preview={ (base) "/design/preview" } {
            (csrf(it.csrf))
            input type="hidden" name="from" value=(it.from);
            (field(0, "primary", words.primary))
            (field(1, "accent", words.accent))
            (choice("scheme", words.scheme, &schemes, it.typed[2]))
            div.actions {
                button.primary type="submit" name="act" value="save" { (words.save) }
                button.unscripted type="submit" name="act" value="look" { (words.look) }
            }
        }
    }
}

struct Words {
    title: &'static str,
    public: &'static str,
    saved: &'static str,
    same: &'static str,
    met: &'static str,
    mend: &'static str,
    lead: &'static str,
    colours: &'static str,
    primary: &'static str,
    accent: &'static str,
    scheme: &'static str,
    schemes: [&'static str; 3],
    no_colour: &'static str,
    save: &'static str,
    look: &'static str,
    preview: &'static str,
    logo: &'static str,
    logo_where: &'static str,
    file: &'static str,
    file_hint: &'static str,
    send: &'static str,
    remove: &'static str,
    flaws: [&'static str; 5],
    texts_where: &'static str,
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
    words(lang).title
}

const EN: Words = Words {
    title: "Design",
    public: "Open the public page",
    saved: "Saved. The public pages look so within a minute.",
    same: "Nothing changed: it looks so already.",
    met: "Somebody else changed the design meanwhile, and nothing was saved. What you chose stands below: save it once more if it is to stand.",
    mend: "Something has to be mended: it is marked below, and nothing was saved.",
    lead: "How the pages look that your customers and their friends see.",
    colours: "Colours",
    primary: "Colour of buttons",
    accent: "Colour of links",
    scheme: "Light or dark",
    schemes: ["As each device", "Light", "Dark"],
    no_colour: "A colour looks like #0b6b56.",
    save: "Save",
    look: "Show how it looks",
    preview: "Preview",
    logo: "Your logo",
    logo_where: "Or name its address on your site",
    file: "Picture",
    file_hint: "PNG, JPEG or WebP, at most 64 KB and 1,024 pixels a side.",
    send: "Use this picture",
    remove: "Remove the logo",
    flaws: [
        "Choose a picture.",
        "This is no PNG, JPEG or WebP, whatever its name says.",
        "This picture has more than 64 KB.",
        "A side has 1,024 pixels at most.",
        "This picture is not whole, or holds something else besides.",
    ],
    texts_where: "Headline and introduction are with the card’s texts",
};

const FR: Words = Words {
    title: "Apparence",
    public: "Ouvrir la page publique",
    saved: "Enregistré. Les pages publiques changent d’ici une minute.",
    same: "Rien n’a changé\u{a0}: c’est déjà ainsi.",
    met: "Quelqu’un d’autre a modifié l’apparence entre-temps, et rien n’a été enregistré. Vos choix sont ci-dessous\u{a0}: enregistrez-les encore une fois s’ils doivent valoir.",
    mend: "Quelque chose est à corriger\u{a0}: voyez ci-dessous. Rien n’a été enregistré.",
    lead: "L’apparence des pages que voient vos clients et leurs amis.",
    colours: "Couleurs",
    primary: "Couleur des boutons",
    accent: "Couleur des liens",
    scheme: "Clair ou sombre",
    schemes: ["Comme l’appareil", "Clair", "Sombre"],
    no_colour: "Une couleur ressemble à #0b6b56.",
    save: "Enregistrer",
    look: "Voir ce que cela donne",
    preview: "Aperçu",
    logo: "Votre logo",
    logo_where: "Ou indiquez son adresse sur votre site",
    file: "Image",
    file_hint: "PNG, JPEG ou WebP, 64\u{a0}Ko et 1\u{202f}024 pixels de côté au plus.",
    send: "Utiliser cette image",
    remove: "Retirer le logo",
    flaws: [
        "Choisissez une image.",
        "Ce n’est ni du PNG, ni du JPEG, ni du WebP, quel que soit le nom du fichier.",
        "Cette image dépasse 64\u{a0}Ko.",
        "Un côté a 1\u{202f}024 pixels au plus.",
        "Cette image n’est pas entière, ou contient autre chose.",
    ],
    texts_where: "Titre et introduction sont avec les textes de la carte",
};
