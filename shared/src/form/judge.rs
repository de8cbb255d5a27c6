//! What a form is for: its facts and its words, as signals.

use alloc::{string::String, vec::Vec};

use super::{
    Field, Form, Kind, Signal, THRESHOLD,
    fields::{Found, is_secret},
    rules::{CHOSEN, EITHER, Place, REMEMBER, RULES, SECRET, TERMS, VETO},
    words::Words,
};

/// Everything that speaks for or against `form`; a signal of no points says only what it is for.
pub(super) fn signals(form: &Form, found: &Found) -> Vec<Signal> {
    let fields = || form.fields.iter();
    let passwords = fields().filter(|it| it.kind == "password").count();
    let password = 1 <= passwords;
    let new_password = fields().any(|it| hints(it, &["new-password"]));
    let email = found.email.and_then(|at| form.fields.get(at));
    let untouchable = email.is_some_and(|it| it.read_only || it.prefilled);
    let identifier_first = email.is_some_and(|it| it.autocomplete.ends_with("username"));
    let named = found.first_name.or(found.last_name).or(found.full_name).is_some();
    let personal = fields().filter(|it| is_personal(it)).count();
    let ticked = |phrases| {
        let mut boxes = fields().filter(|it| it.kind == "checkbox");
        boxes.any(|it| Words::of(&[&it.name, &it.id, &it.label]).say(phrases))
    };
    let places = Places::of(form);

    let facts = [
        ("secret", fields().any(is_secret), SECRET),
        ("chosen", form.chosen, CHOSEN),
        ("search-role", form.role == "search" || fields().any(|it| it.kind == "search"), VETO),
        ("remember-me", ticked(REMEMBER), VETO),
        ("known-address", untouchable && password, VETO),
        ("password", password, 0),
        ("email-alone", email.is_some() && !password, 12),
        ("name", named, 8),
        ("personal-data", 2 <= personal, 8),
        ("terms", ticked(TERMS), 6),
        ("new-password", new_password, 15),
        ("password-twice", 2 <= passwords, 15),
        // "Anmelden" is to log in, or to put one's name down: the password tells.
        ("password-login", password && places.at(Place::Button).say(EITHER), -40),
        ("user-name", identifier_first && !new_password, -15),
        ("payment", fields().any(|it| hints(it, &["cc-", "address-line"])), 0),
        ("message", fields().any(|it| it.tag == "textarea" && it.visible), 0),
    ];
    let mut signals = Vec::new();
    for (name, speaks, points) in facts {
        if speaks {
            signals.push(Signal { name, points });
        }
    }
    for rule in RULES {
        if rule.places.iter().any(|it| places.at(*it).say(rule.phrases)) {
            signals.push(Signal { name: rule.name, points: rule.points });
        }
    }
    signals
}

/// What a form is for, given its signals and their sum.
pub(super) fn kind(signals: &[Signal], score: i32) -> Kind {
    let has = |name: &str| signals.iter().any(|it| it.name == name);
    if has("login") || has("password") && score < THRESHOLD {
        Kind::Login
    } else if score < THRESHOLD {
        Kind::Other
    } else if has("button-order") || has("payment") {
        Kind::Checkout
    } else if has("password") {
        Kind::SignUp
    } else if has("message") {
        Kind::Contact
    } else if has("button-subscribe") {
        Kind::Newsletter
    } else if has("button-sign-up") {
        Kind::SignUp
    } else if has("contact") {
        Kind::Contact
    } else {
        Kind::Newsletter
    }
}

/// Whether a field asks for a telephone, an address or a company.
fn is_personal(field: &Field) -> bool {
    let starts = ["tel", "address", "postal", "country", "organization", "street", "bday"];
    field.kind == "tel" || hints(field, &starts)
}

/// Whether a word of `autocomplete` begins with one of `starts`.
fn hints(field: &Field, starts: &[&str]) -> bool {
    let mut words = field.autocomplete.split_ascii_whitespace();
    words.any(|word| starts.iter().any(|it| word.starts_with(it)))
}

/// The words of a form, place by place.
struct Places {
    action: Words,
    button: Words,
    heading: Words,
    names: Words,
    page: Words,
    text: Words,
}

impl Places {
    fn of(form: &Form) -> Self {
        let buttons: Vec<&str> = form.buttons.iter().map(String::as_str).collect();
        Self {
            action: Words::of(&[path(&form.action)]),
            button: Words::of(&buttons),
            heading: Words::of(&[&form.heading]),
            names: Words::of(&[&form.id, &form.name, &form.class]),
            page: Words::of(&[&form.page.title, &form.page.path]),
            text: Words::of(&[&form.text]),
        }
    }

    fn at(&self, place: Place) -> &Words {
        match place {
            Place::Action => &self.action,
            Place::Button => &self.button,
            Place::Heading => &self.heading,
            Place::Names => &self.names,
            Place::Page => &self.page,
            Place::Text => &self.text,
        }
    }
}

/// An address without scheme and host: who runs the service says nothing about the form.
fn path(address: &str) -> &str {
    let Some((scheme, rest)) = address.split_once(':') else {
        return address;
    };
    match scheme {
        "http" | "https" => rest.splitn(4, '/').nth(3).unwrap_or_default(),
        _ => "",
    }
}
