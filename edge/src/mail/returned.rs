//! What providers tell later of a message: that nobody takes mail at an address, or that somebody
//! complained. Of what they send, only the address and the kind of event are looked at.

use serde_json::Value;
use shared::email::Email;

/// Who tells it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Provider {
    /// Brevo.
    Brevo,
    /// Postmark.
    Postmark,
    /// Resend.
    Resend,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// Nobody takes mail there, for good.
    Bounced,
    /// Nobody took it this time.
    Soft,
    /// Somebody said that it was not wanted.
    Complained,
}

/// What is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Returned {
    /// To whom it was sent.
    pub email: Email,
    /// What became of it.
    pub fate: Fate,
    /// The provider's own number of the message: what is told twice is counted once.
    pub number: String,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Brevo, Self::Postmark, Self::Resend];

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brevo => "brevo",
            Self::Postmark => "postmark",
            Self::Resend => "resend",
        }
    }
}

impl Fate {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bounced => "BOUNCED",
            Self::Soft => "SOFT",
            Self::Complained => "COMPLAINED",
        }
    }
}

/// Reads what a provider tells; nothing, where it is about something else.
#[must_use]
pub fn read(provider: Provider, told: &Value) -> Vec<Returned> {
    let (fate, to, number) = match provider {
        Provider::Brevo => (brevo(told), &told["email"], &told["message-id"]),
        Provider::Postmark => (postmark(told), &told["Email"], &told["MessageID"]),
        Provider::Resend => (resend(told), &told["data"]["to"], &told["data"]["email_id"]),
    };
    let Some(fate) = fate else { return Vec::new() };
    let number: String = number.as_str().unwrap_or_default().chars().take(200).collect();
    let list = to.as_array().map_or(std::slice::from_ref(to), Vec::as_slice);
    let emails = list.iter().take(50).filter_map(|it| Email::parse(it.as_str()?).ok());
    emails.map(|email| Returned { email, fate, number: number.clone() }).collect()
}

fn brevo(told: &Value) -> Option<Fate> {
    match told["event"].as_str()? {
        "hard_bounce" | "invalid_email" => Some(Fate::Bounced),
        "soft_bounce" => Some(Fate::Soft),
        "spam" | "complaint" => Some(Fate::Complained),
        _ => None,
    }
}

fn postmark(told: &Value) -> Option<Fate> {
    match (told["RecordType"].as_str()?, told["Type"].as_str().unwrap_or_default()) {
        ("SpamComplaint", _) | ("Bounce", "SpamComplaint") => Some(Fate::Complained),
        ("Bounce", "HardBounce" | "BadEmailAddress") => Some(Fate::Bounced),
        ("Bounce", "SoftBounce" | "Transient" | "DnsError") => Some(Fate::Soft),
        _ => None,
    }
}

fn resend(told: &Value) -> Option<Fate> {
    match told["type"].as_str()? {
        "email.complained" => Some(Fate::Complained),
        "email.bounced" if told["data"]["bounce"]["type"] == "Permanent" => Some(Fate::Bounced),
        "email.bounced" => Some(Fate::Soft),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(provider: Provider, told: &Value, expected: Option<Fate>) {
        let found = read(provider, told);
        assert_eq!(found.first().map(|it| it.fate), expected, "{told}");
        if let Some(it) = found.first() {
            assert_eq!((it.email.as_str(), it.number.as_str()), ("ann@example.com", "<1>"));
        }
    }

    #[test]
    fn r_mail_13_what_each_provider_tells_is_understood() {
        let brevo = |event: &str| json!({ "event": event, "email": "ann@example.com", "message-id": "<1>" });
        check(Provider::Brevo, &brevo("hard_bounce"), Some(Fate::Bounced));
        check(Provider::Brevo, &brevo("soft_bounce"), Some(Fate::Soft));
        check(Provider::Brevo, &brevo("spam"), Some(Fate::Complained));
        check(Provider::Brevo, &brevo("delivered"), None);
        let postmark = |record: &str, kind: &str| json!({ "RecordType": record, "Type": kind, "Email": "ann@example.com", "MessageID": "<1>" });
        check(Provider::Postmark, &postmark("Bounce", "HardBounce"), Some(Fate::Bounced));
        check(Provider::Postmark, &postmark("Bounce", "Transient"), Some(Fate::Soft));
        check(Provider::Postmark, &postmark("Bounce", "AutoResponder"), None);
        check(Provider::Postmark, &postmark("SpamComplaint", ""), Some(Fate::Complained));
        check(Provider::Postmark, &postmark("Delivery", ""), None);
        let resend = |kind: &str, bounce: &str| {
            json!({ "type": kind, "data": { "email_id": "<1>", "to": ["ann@example.com"],
                                            "bounce": { "type": bounce } } })
        };
        check(Provider::Resend, &resend("email.bounced", "Permanent"), Some(Fate::Bounced));
        check(Provider::Resend, &resend("email.bounced", "Transient"), Some(Fate::Soft));
        check(Provider::Resend, &resend("email.complained", ""), Some(Fate::Complained));
        check(Provider::Resend, &resend("email.opened", ""), None);
    }

    #[test]
    fn what_names_nobody_is_nothing() {
        for told in [
            json!(null),
            json!([]),
            json!({ "event": "spam" }),
            json!({ "event": 1 }),
            json!({ "event": "spam", "email": "no" }),
            json!({ "event": "spam", "email": {} }),
        ] {
            for provider in Provider::ALL {
                assert_eq!(read(provider, &told), []);
            }
        }
    }
}
