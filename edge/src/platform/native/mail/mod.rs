//! E-mails: files in a folder, for whoever runs the service to read, until a carrier is named.

mod folder;
mod smtp;

use std::path::PathBuf;

use super::Http;
use crate::{
    call::Call,
    mail::{
        Carrier, Configuration, Kept, MailError, Message,
        provider::{judge, request},
    },
};

/// Who carries the mail.
#[derive(Clone, Debug)]
pub struct Mail {
    from: Option<String>,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Folder(folder::Folder),
    Provider(Carrier, Http, Option<String>),
    Smtp(smtp::Server),
}

impl Mail {
    /// E-mails into a folder, which the first of them makes.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { from: None, way: Way::Folder(folder::Folder::new(folder)) }
    }

    /// E-mails by a carrier. An error repeats nothing of the configuration.
    pub fn carried(configuration: Configuration, http: Http) -> Result<Self, &'static str> {
        let Configuration { carrier, from } = configuration;
        let way = match carrier {
            Carrier::Smtp(url) => Way::Smtp(smtp::Server::new(&url)?),
            Carrier::Cloudflare => return Err("Cloudflare's binding is for the worker"),
            other => Way::Provider(other, http, None),
        };
        Ok(Self { from: Some(from), way })
    }

    /// E-mails into a folder that nobody else has, for tests.
    #[cfg(test)]
    pub(crate) fn scratch() -> Self {
        let name = super::seed().map(|it| format!("{it:02x}")).concat();
        Self::new(std::env::temp_dir().join(format!("parrain-mail-{name}")))
    }

    /// E-mails by a provider that listens elsewhere, for tests.
    #[cfg(test)]
    pub(crate) fn stub(carrier: Carrier, base: &str) -> Self {
        let way = Way::Provider(carrier, Http::new(true), Some(base.into()));
        Self { from: Some("hello@shop.example".into()), way }
    }

    /// E-mails that nobody carries, as where a worker was told of no carrier, for tests.
    #[cfg(test)]
    pub(crate) fn nobody() -> Self {
        Self::stub(Carrier::Cloudflare, "")
    }

    /// Whether somebody takes e-mails. The account's own service is for the worker.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        !matches!(self.way, Way::Provider(Carrier::Cloudflare, ..))
    }

    /// Whether they leave this machine.
    #[must_use]
    pub const fn is_real(&self) -> bool {
        !matches!(self.way, Way::Folder(_))
    }

    /// The address that they come from; none: it does not matter.
    #[must_use]
    pub fn from(&self) -> Option<&str> {
        self.from.as_deref()
    }

    /// Hands an e-mail over.
    pub async fn send(&self, call: &Call, message: &Message) -> Result<(), MailError> {
        match &self.way {
            Way::Folder(folder) => folder.send(call, message),
            Way::Smtp(server) => server.send(call, message).await,
            Way::Provider(carrier, http, base) => {
                let asked = request(carrier, message, base.as_deref());
                let answer = http.send(asked.ok_or(MailError::NotConfigured)??).await;
                let answer = answer.map_err(|it| MailError::Failed(it.to_string()))?;
                judge(carrier, &answer)
            }
        }
    }

    /// The newest e-mails that lie in the folder, newest first; none where they are carried away.
    #[must_use]
    pub fn kept(&self, most: usize) -> Option<Vec<Kept>> {
        match &self.way {
            Way::Folder(folder) => Some(folder.read(most)),
            Way::Provider(..) | Way::Smtp(_) => None,
        }
    }
}
