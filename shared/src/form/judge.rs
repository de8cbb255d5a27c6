//! What a form is for: its facts and its words, as signals.

use alloc::{string::String, vec::Vec};

use super::{
    Code, Field, Form, Kind, Signal, THRESHOLD,
    fields::{Found, TERMS, Worded},
    rules::{
        ACTION, APPLY, BUTTON, CHOSEN, COMMENT, COUPON, EITHER, HEADING, NAMES, ORDER,
        ORDER_NUMBER, OTHERS, PAGE, PASSWORD, PROMISE, Places, REMEMBER, REVIEW, RULES, SECRET,
        SIGN_UP, SOFT, TEXT, VETO, WORK,
    },
    words::Words,
};

/// Everything that speaks for or against `form`; a signal of no points says only what it is for.
pub(super) fn signals<'a>(form: &Form, fields: &[Worded<'a>], found: &Found) -> Vec<Signal> {
    let read = Read::of(form);
    let mut signals = Vec::new();
    let mut note = |code, points, speaks| {
        if speaks {
            signals.push(Signal { code, points });
        }
    };
    // Some forms hide one until they know that there is an account.
    let passwords = form.fields.iter().filter(|it| it.visible && it.kind == "password").count();
    let password = 1 <= passwords;
    let any = |is: fn(&Worded<'a>) -> bool| fields.iter().any(is);
    let has = |is: fn(&Field) -> bool| form.fields.iter().any(is);
    let asks = |phrases| fields.iter().any(|it| it.field.visible && it.says(phrases));
    let ticked = |phrases| fields.iter().any(|it| it.field.kind == "checkbox" && it.says(phrases));
    let email = found.email.and_then(|at| form.fields.get(at));
    let identifier = found.email.and_then(|at| fields.get(at)).is_some_and(Worded::is_identifier);
    let new = any(Worded::is_new);
    let read_only = email.is_some_and(|it| it.read_only);
    let known = read_only || email.is_some_and(|it| it.prefilled);
    let message = has(|it| it.kind == "textarea" && it.visible);
    let orders = read.say(BUTTON, ORDER);

    note(Code::Secret, SECRET, any(Worded::is_secret));
    note(Code::Ignored, SECRET, form.ignored);
    note(Code::Chosen, CHOSEN, form.chosen);
    let searches = form.role == "search" || !password && has(|it| it.kind == "search");
    note(Code::SearchField, VETO, searches);
    note(Code::RememberMe, -20, ticked(REMEMBER));
    // What came back with an error has what was typed before, and says still what it is for.
    let joins = read.say(BUTTON | HEADING | ACTION, SIGN_UP);
    note(Code::KnownPerson, VETO, known && password && !joins);
    note(Code::ReadOnly, -20, read_only && !password);
    note(Code::Password, 0, password);
    note(Code::PasswordChange, -40, 3 <= passwords);
    note(Code::PasswordTwice, 15, passwords == 2);
    note(Code::NewPassword, 15, new);
    // "Anmelden" is to log in, or to put one's name down: the password tells.
    note(Code::PasswordLogin, -40, password && !new && passwords < 2 && read.say(BUTTON, EITHER));
    let spoken = read.say(BUTTON | HEADING | ACTION | NAMES, PASSWORD);
    note(Code::PasswordWords, VETO, !password && spoken);
    note(Code::EmailAlone, 12, email.is_some() && !password);
    note(Code::LoginIdentifier, -15, identifier && !new);
    note(Code::Name, 8, found.first_name.or(found.last_name).or(found.full_name).is_some());
    note(Code::PersonalData, 8, 2 <= form.fields.iter().filter(|it| is_personal(it)).count());
    note(Code::Terms, 6, ticked(TERMS));
    note(Code::Payment, 0, has(|it| hints(it, &["cc-", "address-line"])));
    note(Code::Message, 0, message);
    // An order may go to somebody else.
    note(Code::Invite, -40, any(Worded::is_friends) && !orders);
    // Letters to the owner name orders too.
    let looks_up = !message && !password && !orders;
    note(Code::OrderNumber, VETO, looks_up && asks(ORDER_NUMBER));
    let applies = read.say(BUTTON, APPLY);
    note(Code::Coupon, VETO, !orders && !password && applies && asks(COUPON));
    let published = read.say(TEXT, PROMISE) || asks(PROMISE);
    note(Code::Comment, SOFT, message && (published || read.say(HEADING, COMMENT)));
    note(Code::Review, SOFT, any(|it| is_long(it.field) && it.says(REVIEW)));
    note(Code::Application, VETO, any(|it| it.field.kind == "file" && it.says(WORK)));
    for rule in RULES {
        note(rule.code, rule.points, read.say(rule.places, rule.phrases));
    }
    signals
}

/// Whether a form asks for more than who somebody is, and nothing says what for.
pub(super) fn is_unsaid(form: &Form, found: &Found, signals: &[Signal]) -> bool {
    let said = |it: &Signal| 0 < it.points && !matches!(it.code, Code::EmailAlone | Code::Name);
    let placed = [found.email, found.first_name, found.last_name, found.full_name];
    let asks_more = form.fields.iter().enumerate().any(|(at, it)| {
        let asks = it.visible && (it.kind == "text" || it.kind == "radio" || is_long(it));
        asks && !placed.contains(&Some(at))
    });
    asks_more && !signals.iter().any(said)
}

/// What a form is for, given its signals and their sum.
pub(super) fn kind(signals: &[Signal], score: i32) -> Kind {
    let has = |code: Code| signals.iter().any(|it| it.code == code);
    if has(Code::Login) || has(Code::Password) && score < THRESHOLD {
        Kind::Login
    } else if score < THRESHOLD {
        Kind::Other
    } else if has(Code::ButtonOrder) || has(Code::HeadingOrder) || has(Code::Payment) {
        Kind::Checkout
    } else if has(Code::Password) {
        Kind::SignUp
    } else if has(Code::Message) {
        Kind::Contact
    } else if has(Code::ButtonSubscribe) || has(Code::HeadingSubscribe) || has(Code::NamesSubscribe)
    {
        Kind::Newsletter
    } else if has(Code::ButtonSignUp) {
        Kind::SignUp
    } else if has(Code::Contact) {
        Kind::Contact
    } else {
        Kind::Newsletter
    }
}

/// Whether a field takes a text of several lines, or a choice.
fn is_long(field: &Field) -> bool {
    field.kind == "textarea" || field.kind.starts_with("select")
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

/// The words of a form, each with its place.
struct Read([(Places, Words); 7]);

impl Read {
    fn of(form: &Form) -> Self {
        let (used, others) = form
            .buttons
            .split_first()
            .map_or(("", [].as_slice()), |(used, others)| (used.as_str(), others));
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        Self([
            (ACTION, Words::of(&[path(&form.action)])),
            (BUTTON, Words::of(&[used])),
            (HEADING, Words::of(&[&form.heading])),
            (NAMES, Words::of(&[&form.id, &form.name, &form.class])),
            (OTHERS, Words::of(&others)),
            (PAGE, Words::of(&[&form.title, &form.path])),
            (TEXT, Words::of(&[&form.text])),
        ])
    }

    /// Whether one of `places` says one of `phrases`.
    fn say(&self, places: Places, phrases: &str) -> bool {
        self.0.iter().any(|(place, words)| places & place != 0 && words.say(phrases))
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
