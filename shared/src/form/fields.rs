//! Which field holds what.
//!
//! A type or an `autocomplete` decides; without one the label counts more than name and id, since
//! people read the label; placeholders help. What nobody can see is never chosen.

use alloc::vec::Vec;

use super::{Field, Form, words::Words};

/// The chosen fields of a form, by their place.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Found {
    pub(super) email: Option<usize>,
    pub(super) first_name: Option<usize>,
    pub(super) last_name: Option<usize>,
    pub(super) full_name: Option<usize>,
}

/// Points from which a field may be chosen.
const ENOUGH: i32 = 40;

const EMAIL: &str = "*email*|e mail*|*mail|*mailad*|mail ad*|courriel*|mel|electronique|correo*|\
    posta elettronica|e posta|eposta|e post|メール|邮箱|邮件|郵件|почт|بريد|ايميل|이메일";
const FIRST: &str = "first|firstname|fname|given*|forename|prenom*|vorname*|nombre|nome|voornaam*|\
    imie|名|ファースト|الاسم الاول|имя";
const LAST: &str = "last|lastname|lname|surname|famil*|second name|nachname*|zuname|apellido*|\
    cognome*|sobrenome*|apelido|achternaam*|nazwisko|姓|ラスト|العائلة|الاسم الاخير|اللقب|фамилия";
const FULL: &str = "name|fullname|yourname|realname|nom|naam|nominativo|氏名|名前|姓名|الاسم|اسمك";
/// Both names in one field.
const BOTH: &str = "first and last|first last|first name and|first name last|prenom et nom|\
    nom et prenom*|prenom nom|nom prenom*|vor und nachname|vorname und|vorname nachname|\
    vor und zuname|nombre y apellido*|nome e cognome|nome e sobrenome|voor en achternaam|\
    *completo|nom complet";
/// A name, but not that of a person, or not how others call them.
const THING: &str = "user*|login|screen name|display name|nick*|handle|pseudo*|compan*|business|\
    organi*|firm*|entreprise|societe|empresa|azienda|bedrijf*|shop|store|domain|host*|file|street|\
    city|town|card*|holder|titula*|*inhaber*|intestatario|carte|tarjeta|cartao|carta|kaart*|\
    account name|iban|product|event|project|team|*site|bank|school|middle|maiden|benutzer*|\
    utilisateur|identifiant|usuario|utente|gebruiker*|birth*|geburts*|jeune fille|naissance|\
    strasse*|rue|ville|subject|カナ|かな|ガナ|がな|kana|カード|会社|名義|ユーザー|ニック|المستخدم|شرك|بطاق";
/// Somebody to whom a message goes.
const FRIEND: &str = "friend*|recipient*|referee*|referr*|colleague*|coworker*|invitee*|to email|\
    to name|ami|amie|amis|amies|destinat*|beneficia*|filleul*|freund*|empfanger*|beschenkt*|amig*|amico|amica|\
    vriend*|ontvanger*|友達|友人|お届け先|受取人|صديق|المستلم";
/// Others whose name or address is asked for.
const SOMEBODY_ELSE: &str =
    "spouse|emergency|manager*|supervisor*|boss|teammate*|signer*|child*|kid|enfant*";
/// A field that people leave empty and robots fill.
const HONEYPOT: &str = "*honeypot*|honey pot|hp|bot|robot*|spam*|leave blank|leave empty|\
    leave this*|leave it*|be empty|you are human|you re human|do not fill*|dont fill*|don t fill*|\
    do not enter|unchanged|vide|ne pas remplir|leer lassen|nicht ausfullen|vacio|no rellenar|\
    en blanco|em branco|nao preench*|non compilare|vuoto|niet invullen|leeg|入力しない|空欄|فارغ|\
    validation purposes|fake*|dummy*|a g9u zxlwb3q|confirm url";
/// The same again.
const REPEAT: &str = "confirm*|conf|repe*|again|verif*|retype|re enter|reenter|check|second|\
    secondary|alternat*|backup|recovery|wiederhol*|bestatig*|ripeti|encore|conferm*|herhaal*|\
    bevestig*|確認|تاكيد";
/// A field in which one looks something up.
const LOOK_UP: &str = "search*|contains|filt*|find|query|recherche*|suche*|buscar|cerca|zoek*|subject|\
    sujet|betreff|asunto|otp|code|title|tab|order number|captcha|answer|antwort|reponse|検索|بحث";
/// The password of an account that exists.
const OLD: &str = "current|old|existing|actuel*|ancien*|aktuell*|altes|actual|antig*|attuale|\
    vecchia|atual|huidig*|oud|現在|الحالي";
/// What somebody is known by.
const IDENTIFIER: &str = "username|user name|user id|userid|login|signin|sign in|identif*|webauthn";
/// The password of an account to be.
const NEW: &str = "new|choose|create|minimum|at least|character*|nouveau|choisi*|caracter*|neues|\
    wahle*|zeichen|nueva|elige|crea|nova|crie|nuova|scegli|nieuw*|kies|文字|新しい|جديد";
/// A code that was sent.
const SENT: &str = "otp|one time*|digit code|6 digit*";
/// Being written to.
const NEWS: &str = "newsletter*|subscri*|news|updates|offers|marketing*|mailing*|opt in|optin*|\
    keep me*|inform*|emails|e mails|offres|lettre*|nouvelles|nouveautes|actualites|angebote|\
    werbung|*neuigkeit*|ofertas|noved*|novid*|novita|offerte|comunicazioni|nieuws*|aanbied*|メルマガ|お知らせ|عروض|نشر";
/// What one agrees to.
pub(super) const TERMS: &str = "terms*|tos|privacy|policy|conditions|consent*|gdpr|rgpd|cgu|cgv|\
    agb|datenschutz*|nutzungs*|confidential*|politica*|terminos|termos|privacidad*|termini|\
    voorwaarden|規約|プライバシー|同意|الشروط|الخصوصي";

/// A field, and the words of all that names it.
pub(super) struct Worded<'a> {
    pub(super) field: &'a Field,
    words: Words,
}

/// The fields of a form, read once.
pub(super) fn read(form: &Form) -> Vec<Worded<'_>> {
    form.fields.iter().map(|field| Worded { field, words: of(field) }).collect()
}

/// Chooses the best field for each part; of equals the first.
pub(super) fn find(fields: &[Worded<'_>]) -> Found {
    let seen: Vec<(usize, Read<'_>)> =
        fields.iter().enumerate().filter_map(|(at, it)| Some((at, Read::of(it)?))).collect();
    let email = best(&seen, Read::email, &[]);
    let first_name = best(&seen, Read::first_name, &[email]);
    let last_name = best(&seen, Read::last_name, &[email, first_name]);
    let name = best(&seen, Read::full_name, &[email, first_name, last_name]);
    // "Name" beside "first name" is the last name, as French and German forms have it.
    let (last_name, full_name) = match (first_name, last_name) {
        (None, None) => (None, name),
        (Some(_), None) => (name, None),
        _ => (last_name, None),
    };
    Found { email, first_name, last_name, full_name }
}

/// The place with the most points, at least [`ENOUGH`], that is not spoken for.
fn best<'a>(
    seen: &[(usize, Read<'a>)],
    points: fn(&Read<'a>) -> i32,
    spoken_for: &[Option<usize>],
) -> Option<usize> {
    let mut chosen = None;
    let mut most = ENOUGH - 1;
    for (at, read) in seen {
        let points = points(read);
        if most < points && !spoken_for.contains(&Some(*at)) {
            (chosen, most) = (Some(*at), points);
        }
    }
    chosen
}

/// The box by which somebody agrees to be written to; without one, that for the terms.
pub(super) fn consent(fields: &[Worded<'_>]) -> Option<usize> {
    let says = |phrases| {
        let mut all = fields.iter();
        all.position(|it| it.field.kind == "checkbox" && it.field.visible && it.says(phrases))
    };
    says(NEWS).or_else(|| says(TERMS))
}

/// Whether something was written into a trap: a field that nobody sees, and that says it is to be left
/// empty. Scripts of the page write into other hidden fields as well, and a box has a value unticked.
pub(super) fn is_trapped(form: &Form) -> bool {
    let mut fields = form.fields.iter();
    fields.any(|it| {
        let written = it.typed && !it.prefilled && !it.kind.starts_with("select");
        written && !it.visible && !is_box(it) && of(it).say(HONEYPOT)
    })
}

impl Worded<'_> {
    /// Whether anything that names the field says one of `phrases`.
    pub(super) fn says(&self, phrases: &str) -> bool {
        self.words.say(phrases)
    }

    /// Whether it wants a password that exists already, or a code sent by message.
    pub(super) fn is_secret(&self) -> bool {
        let token = token(self.field);
        let said = if self.field.kind == "password" { OLD } else { SENT };
        matches!(token, "current-password" | "one-time-code")
            || token != "new-password" && !is_box(self.field) && self.says(said)
    }

    /// Whether it wants a password that is new.
    pub(super) fn is_new(&self) -> bool {
        token(self.field) == "new-password" || self.field.kind == "password" && self.says(NEW)
    }

    /// Whether it asks for the address of somebody to whom a message goes.
    pub(super) fn is_friends(&self) -> bool {
        let address = self.field.kind == "email" || self.says(EMAIL);
        self.field.visible && address && self.says(FRIEND)
    }

    /// Whether the page's code takes it for how somebody is known.
    pub(super) fn is_identifier(&self) -> bool {
        let Field { autocomplete, id, name, .. } = self.field;
        token(self.field) != "email" && Words::of(&[name, id, autocomplete]).say(IDENTIFIER)
    }
}

/// Whether a field is ticked and not written into.
fn is_box(field: &Field) -> bool {
    matches!(field.kind.as_str(), "checkbox" | "radio")
}

/// All that names a field.
fn of(field: &Field) -> Words {
    let Field { aria_label, id, label, name, placeholder, title, .. } = field;
    Words::of(&[name, id, label, aria_label, title, placeholder])
}

/// A visible text field, read.
struct Read<'a> {
    /// What the owner said.
    named: &'a str,
    token: &'a str,
    kind: &'a str,
    label: Words,
    identifier: Words,
    placeholder: Words,
    all: &'a Words,
}

impl<'a> Read<'a> {
    /// Nothing for what cannot hold a name or an address, cannot be seen, or traps robots.
    fn of(worded: &'a Worded<'_>) -> Option<Self> {
        let Worded { field, words } = worded;
        let textual = matches!(field.kind.as_str(), "" | "text" | "email");
        if !field.visible || !textual {
            return None;
        }
        let Field { aria_label, id, label, name, named, placeholder, title, .. } = *field;
        let is_others = || [HONEYPOT, FRIEND, SOMEBODY_ELSE].iter().any(|it| words.say(it));
        if worded.is_secret() || named.is_empty() && is_others() {
            return None;
        }
        Some(Self {
            named,
            token: token(field),
            kind: &field.kind,
            label: Words::of(&[label, aria_label, title]),
            identifier: Words::of(&[name, id]),
            placeholder: Words::of(&[placeholder]),
            all: words,
        })
    }

    /// The owner's word is the last: for the part it names, and against all others.
    fn said(&self, part: &str, points: i32) -> i32 {
        match self.named {
            "" => points,
            named if named == part => 1_000,
            _ => 0,
        }
    }

    fn email(&self) -> i32 {
        self.said("email", self.like_email())
    }

    fn like_email(&self) -> i32 {
        let mut points = match self.token {
            "email" => 100,
            "username" | "new-password" => 0,
            // Another part of the person, which the page knows better than its words do.
            _ if self.kind != "email" && is_known(self.token) => return 0,
            _ => 0,
        };
        points += if self.kind == "email" { 60 } else { 0 };
        points += self.words(EMAIL);
        // A type outweighs what the code calls a field.
        let shown = self.label.say(LOOK_UP) || self.placeholder.say(LOOK_UP);
        if shown || self.kind != "email" && self.identifier.say(LOOK_UP) {
            points -= 100;
        }
        if self.all.say(REPEAT) {
            points -= 50;
        }
        points
    }

    fn first_name(&self) -> i32 {
        self.said("first-name", self.name("given-name", FIRST, BOTH))
    }

    fn last_name(&self) -> i32 {
        self.said("last-name", self.name("family-name", LAST, BOTH))
    }

    fn full_name(&self) -> i32 {
        let both = if self.all.say(BOTH) { ENOUGH } else { 0 };
        self.said("name", self.name("name", FULL, "").max(both))
    }

    fn name(&self, token: &str, words: &str, unless: &str) -> i32 {
        if self.token == token {
            return 100;
        }
        // People read the label; only where it is silent do name and id say what the field is.
        let shown = self.label.say(words) || self.placeholder.say(words);
        let address = if shown { &self.label } else { self.all };
        if self.kind == "email" || is_known(self.token) || address.say(EMAIL) {
            return 0;
        }
        let thing = self.label.say(THING) || self.placeholder.say(THING);
        if thing || !shown && self.identifier.say(THING) {
            return 0;
        }
        if self.all.say(unless) || self.all.say(LOOK_UP) {
            return 0;
        }
        self.words(words)
    }

    /// The more places say so, the surer it is.
    fn words(&self, phrases: &str) -> i32 {
        let points = |words: &Words, points| if words.say(phrases) { points } else { 0 };
        points(&self.label, 45) + points(&self.identifier, 40) + points(&self.placeholder, 40)
    }
}

/// The word of `autocomplete` that says what the field is; `email username` is an e-mail.
fn token(field: &Field) -> &str {
    let mut words = field.autocomplete.split_ascii_whitespace();
    if words.clone().any(|it| it == "email") {
        return "email";
    }
    words.next_back().unwrap_or_default()
}

/// Whether `autocomplete` names a part of a person, and not just whether to help.
fn is_known(token: &str) -> bool {
    let unknown = ["", "on", "off", "nope", "none", "false", "true"];
    !unknown.iter().any(|it| it.eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_can_match() {
        let lists = [
            EMAIL,
            FIRST,
            LAST,
            FULL,
            BOTH,
            THING,
            FRIEND,
            SOMEBODY_ELSE,
            HONEYPOT,
            REPEAT,
            LOOK_UP,
            OLD,
            NEW,
            SENT,
            IDENTIFIER,
            NEWS,
            TERMS,
        ];
        for phrase in lists.iter().flat_map(|it| it.split('|')) {
            let stem = phrase.trim_start_matches('*').trim_end_matches('*');
            assert!(!stem.is_empty() && Words::of(&[stem]).say(phrase), "{phrase}");
        }
    }
}
