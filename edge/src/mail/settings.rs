//! How a campaign writes: whom its mail comes from, who stands behind it, and what it says at the end.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shared::{email::Email, lang::Lang};

use super::Kind;

/// A campaign's settings, as they are on the wire.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Whether anything is sent by itself.
    #[serde(default)]
    pub is_enabled: bool,
    /// The language of people whose own is not known, and of the texts outside `translations`.
    #[serde(default)]
    pub language: Lang,
    /// Whom mail comes from.
    #[serde(default)]
    pub sender: Sender,
    /// Who stands behind it.
    #[serde(default)]
    pub contact: Contact,
    /// What stands around each text.
    #[serde(default)]
    pub design: Design,
    /// What is not sent by itself.
    #[serde(default)]
    pub disabled: BTreeSet<Kind>,
    /// Whether referrers are reminded of friends who do not count yet: not unless it is asked for.
    #[serde(default)]
    pub reminds: bool,
    /// After how many days, where that is set; 0: after three.
    #[serde(default)]
    pub reminder_days: u32,
}

/// After how many days somebody may be reminded.
pub const REMINDER_DAYS: std::ops::RangeInclusive<u32> = 2..=30;

/// Whom mail comes from.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sender {
    /// The name.
    pub from_name: Option<String>,
    /// Where answers go.
    pub reply_to_email: Option<Email>,
}

/// Who stands behind it, as the law asks.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contact {
    /// The company.
    pub company_name: Option<String>,
    /// Street and number.
    pub address_line1: Option<String>,
    /// More of it.
    pub address_line2: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// The state or region.
    pub state: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The country.
    pub country: Option<String>,
}

/// What stands around each text.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Design {
    /// A last line of the owner's, in their own words.
    pub footer: Option<String>,
}

/// A setting that is wrong or missing: its name on the wire, and what is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// Its name.
    pub field: &'static str,
    /// What is wrong.
    pub problem: &'static str,
}

fn given(text: Option<&String>) -> bool {
    text.is_some_and(|it| !it.trim().is_empty())
}

impl Settings {
    /// What is missing before a real message may go out: who writes, and from where.
    #[must_use]
    pub fn missing(&self) -> Option<Flaw> {
        let Contact { company_name, address_line1, city, country, .. } = &self.contact;
        let needed = [
            ("settings.sender.fromName", self.sender.from_name.as_ref()),
            ("settings.contact.companyName", company_name.as_ref()),
            ("settings.contact.addressLine1", address_line1.as_ref()),
            ("settings.contact.city", city.as_ref()),
            ("settings.contact.country", country.as_ref()),
        ];
        let missing = needed.into_iter().find(|it| !given(it.1));
        let problem = "is required before e-mail is sent";
        missing.map(|(field, _)| Flaw { field, problem })
    }

    /// A text that is too long, or more than one line where it stands in a header.
    #[must_use]
    pub fn flaw(&self) -> Option<Flaw> {
        let Contact {
            company_name,
            address_line1,
            address_line2,
            city,
            state,
            postal_code,
            country,
        } = &self.contact;
        let lines = [
            ("settings.sender.fromName", &self.sender.from_name),
            ("settings.contact.companyName", company_name),
            ("settings.contact.addressLine1", address_line1),
            ("settings.contact.addressLine2", address_line2),
            ("settings.contact.city", city),
            ("settings.contact.state", state),
            ("settings.contact.postalCode", postal_code),
            ("settings.contact.country", country),
            ("settings.design.footer", &self.design.footer),
        ];
        lines.into_iter().find_map(|(field, text)| {
            let text = text.as_deref().unwrap_or_default();
            if 200 < text.chars().count() {
                return Some(Flaw { field, problem: "has more than 200 characters" });
            }
            let is_bad = text.contains(char::is_control);
            is_bad.then_some(Flaw { field, problem: "is more than one line" })
        })
    }

    /// Whether messages of a kind are sent by themselves.
    #[must_use]
    pub fn sends(&self, kind: Kind) -> bool {
        self.is_enabled && kind.automatic() && self.is_on(kind)
    }

    /// Whether a kind is switched on, be mail as a whole switched on or not.
    #[must_use]
    pub fn is_on(&self, kind: Kind) -> bool {
        match kind {
            Kind::FollowUpReminder => self.reminds,
            _ => !self.disabled.contains(&kind),
        }
    }

    /// After how many days referrers are reminded.
    #[must_use]
    pub const fn delay_days(&self) -> u32 {
        if self.reminder_days == 0 { 3 } else { self.reminder_days }
    }

    /// Switches a kind on or off.
    pub fn switch(&mut self, kind: Kind, on: bool) {
        if kind == Kind::FollowUpReminder {
            self.reminds = on;
        } else if on {
            self.disabled.remove(&kind);
        } else {
            self.disabled.insert(kind);
        }
    }
}

impl Contact {
    /// The company and its address in one line, as far as they are known.
    #[must_use]
    pub fn line(&self) -> String {
        let town = [&self.postal_code, &self.city].map(|it| it.as_deref().unwrap_or_default());
        let town = town.join(" ").trim().to_owned();
        let parts = [
            self.company_name.as_deref(),
            self.address_line1.as_deref(),
            self.address_line2.as_deref(),
            Some(town.as_str()),
            self.state.as_deref(),
            self.country.as_deref(),
        ];
        let parts: Vec<&str> =
            parts.into_iter().flatten().map(str::trim).filter(|it| !it.is_empty()).collect();
        parts.join(", ")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Settings with which real mail may go out.
    pub(crate) fn complete() -> Settings {
        let some = |it: &str| Some(it.to_owned());
        Settings {
            is_enabled: true,
            sender: Sender { from_name: some("The Shop"), reply_to_email: None },
            contact: Contact {
                company_name: some("The Shop Ltd"),
                address_line1: some("1 High Street"),
                city: some("Lyon"),
                postal_code: some("69001"),
                country: some("France"),
                ..Contact::default()
            },
            ..Settings::default()
        }
    }

    #[test]
    fn r_mail_4_sender_and_address_are_required() {
        assert_eq!(complete().missing(), None);
        assert_eq!(complete().contact.line(), "The Shop Ltd, 1 High Street, 69001 Lyon, France");
        let blank = Some(" ".to_owned());
        let mut settings = complete();
        settings.sender.from_name.clone_from(&blank);
        assert_eq!(settings.missing().unwrap().field, "settings.sender.fromName");
        let mut settings = complete();
        settings.contact.city = None;
        assert_eq!(settings.missing().unwrap().field, "settings.contact.city");
    }

    #[test]
    fn a_line_is_one_line_and_not_too_long() {
        assert_eq!(complete().flaw(), None);
        let mut settings = complete();
        settings.sender.from_name = Some("a\nb".into());
        assert_eq!(settings.flaw().unwrap().field, "settings.sender.fromName");
        settings = complete();
        settings.design.footer = Some("x".repeat(201));
        assert_eq!(settings.flaw().unwrap().field, "settings.design.footer");
        settings.design.footer = Some("é".repeat(200));
        assert_eq!(settings.flaw(), None);
    }
}
