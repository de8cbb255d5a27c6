//! The rules that look for words: where, which, and what they say.
//!
//! English, French, German and Spanish throughout; the commonest words of some neighbours.

/// Takes more away than all other rules can give.
pub(super) const VETO: i32 = -1_000;
/// What the owner's choice gives: more than one veto takes.
pub(super) const CHOSEN: i32 = 5_000;
/// Not even the owner's choice outweighs a secret.
pub(super) const SECRET: i32 = -100_000;

/// A place to look for words in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// Path and query of `action`.
    Action,
    /// The texts of the buttons.
    Button,
    /// The heading.
    Heading,
    /// Id, name and class of the form.
    Names,
    /// Title and path of the page.
    Page,
    /// Legends, links and paragraphs.
    Text,
}

use Place::{Action, Button, Heading, Names, Page, Text};

/// Words at a place, and what they say.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) places: &'static [Place],
    pub(super) phrases: &'static str,
    pub(super) points: i32,
}

const fn rule(
    name: &'static str,
    places: &'static [Place],
    phrases: &'static str,
    points: i32,
) -> Rule {
    Rule { name, places, phrases, points }
}

const SIGN_UP: &str = "sign up|signup|sign me up|register|registration|create account|create an account|\
    create your account|create my account|create a free account|create new account|create free account|\
    new account|open an account|create*|join|join us|join now|get started|start*|try*|inscription|\
    s inscrire|inscrivez*|je m inscris|m inscrire|creer*|rejoindre|commencer|essayer|enregistrer|\
    registrieren|registrierung|konto erstellen|konto anlegen|account erstellen|erstellen|loslegen|\
    jetzt starten|kostenlos testen|beitreten|registrarse|registrate|registro|registrar|crear*|unirse|\
    unete|empezar|comenzar|iscriviti|iscrizione|registrati|cadastr*|inscrev*|criar conta|aanmelden|\
    registreren";
const SUBSCRIBE: &str = "subscribe|subscription|newsletter*|keep me*|keep in touch|stay in touch|notify me|\
    updates|waitlist|waiting list|wait list|early access|request access|request a demo|book a demo|\
    get a demo|request an invite|get my*|get your*|send me*|download*|claim*|save my*|reserve my*|\
    s abonner|abonnez*|je m abonne|recevoir*|recevez*|telecharger|infolettre|lettre d information|\
    abonnieren|eintragen|herunterladen|anmelden|warteliste|suscrib*|suscripcion|recibir|boletin|\
    descargar|lista de espera|iscriviti|assinar|inschrijven";
const LOGIN: &str = "log in|login|log on|logon|sign in|signin|log me in|connexion|se connecter|\
    connectez*|je me connecte|s identifier|identifiez*|einloggen|log dich ein|iniciar sesion|inicia sesion|\
    inicio de sesion|acceder|ingresar|entrar|accedi|inloggen|log masuk|ログイン|登录|войти";
const RESET: &str = "reset password|password reset|reset your password|reset my password|\
    forgot*|lost password|recover*|passwort vergessen|kennwort vergessen|passwort zurucksetzen|\
    mot de passe oublie|mot de passe perdu|reinitialis*|recuperar|restablecer|olvid*|wachtwoord vergeten";

pub(super) const RULES: &[Rule] = &[
    rule("button-sign-up", &[Button], SIGN_UP, 20),
    rule("button-subscribe", &[Button], SUBSCRIBE, 20),
    rule("button-order", &[Button], ORDER, 15),
    rule("heading-sign-up", &[Heading], SIGN_UP, 15),
    rule("heading-subscribe", &[Heading], SUBSCRIBE, 10),
    rule("heading-login", &[Heading], LOGIN, -25),
    rule(
        "action-sign-up",
        &[Action],
        "sign up|signup|register|registration|create*|join|users new",
        12,
    ),
    rule("action-subscribe", &[Action], "subscribe|subscription|newsletter*|waitlist|lead*", 12),
    rule(
        "action-login",
        &[Action],
        "log in|login*|sign in|signin|session*|wp login|connexion|auth",
        -15,
    ),
    rule("names-sign-up", &[Names], "sign up|signup|register|registration|create account", 8),
    rule("names-subscribe", &[Names], "subscribe|newsletter*|waitlist|lead|leads", 8),
    rule("names-login", &[Names], "log in|login|sign in|signin", -8),
    rule("page-sign-up", &[Page], "sign up|signup|register|registration|inscription|registro", 4),
    rule("page-login", &[Page], "log in|login|sign in|signin|connexion|anmelden", -6),
    rule("text-has-account", &[Text], HAS_ACCOUNT, 8),
    rule("text-forgot", &[Text], RESET, -15),
    rule("login", &[Button], LOGIN, VETO),
    rule(
        "hybrid",
        &[Button],
        "continue with e mail|continue with email|*avec mon e mail|*mit e mail",
        VETO,
    ),
    rule(
        "search",
        &[Button, Action, Names],
        "search*|filter*|rechercher|recherche|filtrer|suchen|suche|\
        filtern|buscar|busqueda|filtrar|cerca|zoeken",
        VETO,
    ),
    rule(
        "unsubscribe",
        &[Button, Action, Names, Heading],
        "unsubscribe*|opt out|optout|desabonn*|\
        desinscri*|abbestellen|abmelden|abmeldung|darse de baja|cancelar suscripcion|disiscri*|afmelden|\
        uitschrijven",
        VETO,
    ),
    rule(
        "comment",
        &[Button, Action, Names],
        "post comment|leave a comment|commentform|comment form|\
        comments post|comment*|kommentar*|kommentieren|comentar*|commenter|commentaire*",
        VETO,
    ),
    rule(
        "track",
        &[Button, Heading, Names],
        "track|track order|track your order|track my order|tracking|\
        order status|suivre*|suivi|sendungsverfolgung|verfolgen|rastrear|seguimiento",
        VETO,
    ),
    rule(
        "coupon",
        &[Button, Action, Names],
        "apply coupon|apply code|apply discount|coupon code|\
        coupon form|redeem*|einlosen|appliquer|canjear|promo code|discount code",
        VETO,
    ),
    rule(
        "invite",
        &[Button, Heading, Action],
        "invite a*|invite your*|invite friend*|send invit*|\
        refer a*|refer your*|refer friend*|tell a*|tell your*|send to a friend|share with*|email a friend|\
        inviter*|parrainer*|envoyer l invitation|einladen|freunde einladen|\
        freunde werben|weiterempfehlen|invitar*|invita a*|recomendar|recomienda",
        VETO,
    ),
    rule(
        "change",
        &[Button, Heading],
        "update|change|update e mail|update email|change e mail|change email|\
        save changes|save settings|account settings|profile settings|email settings|edit profile|\
        update profile|your profile|modifier*|mettre a jour|enregistrer les modifications|andern|\
        aktualisieren|speichern|kontoeinstellungen|cambiar*|actualizar|guardar",
        VETO,
    ),
    rule("reset", &[Button, Heading, Action, Names], RESET, VETO),
    rule("contact", &[Button, Action, Heading, Names], CONTACT, 0),
];

const ORDER: &str = "place order|order now|complete order|buy*|pay|pay now|checkout|check out|purchase|\
    commander|passer la commande|valider la commande|payer|acheter|bestellen|zahlungspflichtig*|kaufen|\
    jetzt kaufen|comprar|pagar|realizar pedido|finalizar compra|acquista|afrekenen";
const HAS_ACCOUNT: &str = "already have*|already registered|already a member|have an account|deja un compte|\
    deja inscrit*|deja client*|bereits registriert|bereits ein konto|schon registriert|ya tienes*|\
    ya tengo*|hai gia*";
const CONTACT: &str = "contact*|get in touch|write to us|inquiry|enquiry|inquire|contactez*|nous ecrire|\
    kontakt*|anfrage*|contacto|escribenos|contatt*|support|feedback";
/// Words for logging in that also stand on newsletters.
pub(super) const EITHER: &str = "anmelden|entrar|continue with e mail|continue with email";
pub(super) const REMEMBER: &str = "remember*|rememberme|keep me signed*|keep me logged*|stay signed*|stay logged*|\
    se souvenir*|rester connecte*|angemeldet bleiben|eingeloggt bleiben|recordar*|recuerdame|\
    ricordami";
pub(super) const TERMS: &str = "terms*|privacy|policy|conditions|cgu|cgv|agb|datenschutz*|nutzungsbedingungen|\
    confidentialite|politica*|terminos|privacidad";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::words::Words;

    #[test]
    fn every_phrase_can_match() {
        let lists = RULES.iter().map(|it| it.phrases).chain([REMEMBER, TERMS, EITHER]);
        for phrase in lists.flat_map(|it| it.split('|')) {
            let stem = phrase.trim_start_matches('*').trim_end_matches('*');
            let words = Words::of(&[stem]);
            assert!(!stem.is_empty() && words.say(phrase), "{phrase}");
        }
    }
}
