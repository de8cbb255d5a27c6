//! Whether a form of a page is a lead, and which of its fields say whose.
//!
//! Everything is one sum: each [`Signal`] that a form gives adds its points, a veto takes more away
//! than all the others can give. The signals stay with the answer, so that it can be explained.
//! The browser describes the form; the same function judges it there and in the service.
//!
//! `description` is what the browser says, `fields` chooses fields, `judge` weighs the form by the
//! lists of `rules`, `words` finds words, `signal` says why.

mod description;
mod fields;
mod judge;
mod rules;
mod signal;
mod words;

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use fields::{Found, Worded};

pub use description::{Field, Form};
pub use signal::{Code, Signal};

/// What a form is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Somebody orders.
    Checkout,
    /// Somebody writes to the owner.
    Contact,
    /// A known person comes back.
    Login,
    /// Somebody leaves an address.
    Newsletter,
    /// None of these.
    Other,
    /// Somebody opens an account.
    SignUp,
}

/// What is known of a form, and why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detection {
    /// What the form is for.
    pub kind: Kind,
    /// The form is a lead, and may be sent without asking anybody.
    pub taken: bool,
    /// The form looks like a lead, but the owner has to confirm it first.
    pub proposed: bool,
    /// The sum of the signals.
    pub score: i32,
    /// The place of the field with the person's own e-mail.
    pub email: Option<usize>,
    /// The place of the field with the first name.
    pub first_name: Option<usize>,
    /// The place of the field with the last name.
    pub last_name: Option<usize>,
    /// The place of the field with the whole name, where there is no first one.
    pub full_name: Option<usize>,
    /// The place of the box by which somebody agrees to be written to, or else to the terms.
    pub consent: Option<usize>,
    /// What spoke for the form, and what against.
    pub signals: Vec<Signal>,
}

/// Who left their address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lead {
    /// As typed, without the spaces around it.
    pub email: String,
    /// First name, if the form asks for one.
    pub first_name: Option<String>,
    /// Last name, if the form asks for one.
    pub last_name: Option<String>,
    /// A robot's trap was filled in.
    pub honeypot: bool,
}

/// The sum from which a form is a lead.
pub const THRESHOLD: i32 = 10;

/// Judges a form.
///
/// A form that the owner chose is taken whatever it looks like, except one with a current password
/// or a one-time code; one that the owner ruled out never is. A contact form is proposed, and taken
/// only if chosen; so is one that asks for more than who somebody is and does not say what for.
#[must_use]
pub fn detect(form: &Form) -> Detection {
    let fields = fields::read(form);
    let found = fields::find(&fields);
    Detection { consent: fields::consent(&fields), ..judged(form, &fields, &found) }
}

/// The same but for the box of consent, which is not looked for.
fn judged(form: &Form, fields: &[Worded<'_>], found: &Found) -> Detection {
    let signals = judge::signals(form, fields, found);
    let score = signals.iter().fold(0, |sum: i32, it| sum.saturating_add(it.points));
    let kind = judge::kind(&signals, score);
    let lead = found.email.is_some() && THRESHOLD <= score;
    let unsure = kind == Kind::Contact || judge::is_unsaid(form, found, &signals);
    let proposed = lead && unsure && !form.chosen;
    Detection {
        kind,
        taken: lead && !proposed,
        proposed,
        score,
        email: found.email,
        first_name: found.first_name,
        last_name: found.last_name,
        full_name: found.full_name,
        consent: None,
        signals,
    }
}

/// The person who submitted `form`, if it is taken and says who.
#[must_use]
pub fn lead(form: &Form) -> Option<Lead> {
    let fields = fields::read(form);
    let found = fields::find(&fields);
    // Most forms ask for no address, and nothing more has to be known of them.
    found.email?;
    if !judged(form, &fields, &found).taken {
        return None;
    }
    let value = |place: Option<usize>| {
        let value = form.fields.get(place?)?.value.as_deref()?.trim();
        (!value.is_empty()).then_some(value)
    };
    let email = value(found.email).filter(|it| is_address(it))?;
    let (first, last) = match value(found.full_name) {
        Some(name) => match name.split_once([' ', '\u{3000}']) {
            // Where names are written so, the family's comes first.
            Some((last, first)) if name.starts_with(|it| '\u{2e80}' <= it) => {
                (Some(first.trim()), Some(last))
            }
            Some((first, last)) => (Some(first), Some(last.trim())),
            None => (Some(name), None),
        },
        None => (value(found.first_name), value(found.last_name)),
    };
    Some(Lead {
        email: email.into(),
        first_name: first.map(String::from),
        last_name: last.map(String::from),
        honeypot: fields::is_trapped(form),
    })
}

/// Whether a typed text can be an address at all; the service parses it properly.
fn is_address(text: &str) -> bool {
    let inside = |(name, domain): (&str, &str)| !name.is_empty() && domain.contains('.');
    !text.contains(char::is_whitespace) && text.split_once('@').is_some_and(inside)
}

#[cfg(test)]
mod tests;
