//! Who carries the mail, as the installation was told: `brevo:KEY`, `smtp://…`; kept from every log.

use std::fmt;

use shared::email::Email;

/// Who carries the mail.
#[derive(Clone, Eq, PartialEq)]
pub enum Carrier {
    /// Brevo, by its key.
    Brevo(String),
    /// The worker's own binding.
    Cloudflare,
    /// Postmark, by its server token.
    Postmark(String),
    /// Resend, by its key.
    Resend(String),
    /// A server, by its URL: `smtp://user:password@host:587`, or `smtps://…:465`.
    Smtp(String),
}

/// Who carries the mail, and from which address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Configuration {
    /// Who carries it.
    pub carrier: Carrier,
    /// The address that the carrier knows as ours.
    pub from: String,
}

impl fmt::Debug for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Carrier {
    /// What it is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Brevo(_) => "Brevo",
            Self::Cloudflare => "Cloudflare",
            Self::Postmark(_) => "Postmark",
            Self::Resend(_) => "Resend",
            Self::Smtp(_) => "SMTP",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if text.starts_with("smtp://") || text.starts_with("smtps://") {
            return Some(Self::Smtp(text.into()));
        }
        if text == "cloudflare" {
            return Some(Self::Cloudflare);
        }
        let (name, key) = text.split_once(':')?;
        // It stands in a header.
        let is_key = !key.is_empty() && key.bytes().all(|it| it.is_ascii_graphic());
        match name {
            "brevo" if is_key => Some(Self::Brevo(key.into())),
            "postmark" if is_key => Some(Self::Postmark(key.into())),
            "resend" if is_key => Some(Self::Resend(key.into())),
            _ => None,
        }
    }
}

impl Configuration {
    /// Reads both settings; none where the first is empty. An error names the setting and repeats
    /// nothing of it.
    pub fn parse(carrier: &str, from: &str) -> Result<Option<Self>, &'static str> {
        let (carrier, from) = (carrier.trim(), from.trim());
        if carrier.is_empty() {
            return Ok(None);
        }
        let carrier = Carrier::parse(carrier).ok_or(
            "PARRAIN_MAIL is none of smtp://…, smtps://…, brevo:KEY, postmark:TOKEN, resend:KEY, \
             cloudflare",
        )?;
        let from = Email::parse(from).map_err(|_| "PARRAIN_MAIL_FROM is no e-mail address")?;
        Ok(Some(Self { carrier, from: from.as_str().into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_carries_the_mail_is_said_in_one_line() {
        let read =
            |text| Configuration::parse(text, "hello@shop.example").unwrap().map(|it| it.carrier);
        assert_eq!(read(""), None);
        assert_eq!(read("brevo:xkeysib-1"), Some(Carrier::Brevo("xkeysib-1".into())));
        assert_eq!(read(" postmark:t\n"), Some(Carrier::Postmark("t".into())));
        assert_eq!(read("resend:re_1"), Some(Carrier::Resend("re_1".into())));
        assert_eq!(read("cloudflare"), Some(Carrier::Cloudflare));
        let smtp = "smtp://u:p@mail.example:587";
        assert_eq!(read(smtp), Some(Carrier::Smtp(smtp.into())));
    }

    #[test]
    fn what_is_wrong_is_named_and_no_secret_repeated() {
        for wrong in ["brevo", "brevo:", "brevo:a b", "pigeon:secret", "secret"] {
            let error = Configuration::parse(wrong, "hello@shop.example").unwrap_err();
            assert!(error.starts_with("PARRAIN_MAIL is") && !error.contains("secret"), "{error}");
        }
        let error = Configuration::parse("brevo:k", "nobody").unwrap_err();
        assert!(error.starts_with("PARRAIN_MAIL_FROM"));
        let read = Configuration::parse("smtp://u:word@h", "hello@shop.example").unwrap();
        assert!(!format!("{read:?}").contains("word"));
    }
}
