//! E-mails: by a provider, or by the account's own service. There is no folder on the edge.

use serde_json::json;
use wasm_bindgen::JsValue;
use worker::send::SendFuture;

use super::{Http, host};
use crate::{
    call::Call,
    mail::{
        Carrier, Configuration, Kept, MailError, Message,
        provider::{judge, request},
    },
};

/// The code by which the account's service says that nobody takes mail at an address.
const REFUSED: &str = "E_RECIPIENT_SUPPRESSED";

/// Who carries the mail, if anybody does.
#[derive(Clone, Debug)]
pub struct Mail {
    configuration: Option<Configuration>,
    http: Http,
    binding: Option<JsValue>,
}

impl Mail {
    /// E-mails as configured; the binding is asked where its name was said.
    #[must_use]
    pub const fn new(
        configuration: Option<Configuration>,
        http: Http,
        binding: Option<JsValue>,
    ) -> Self {
        Self { configuration, http, binding }
    }

    /// Whether somebody takes e-mails.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        match self.configuration.as_ref().map(|it| &it.carrier) {
            None | Some(Carrier::Smtp(_)) => false,
            Some(Carrier::Cloudflare) => self.binding.is_some(),
            Some(_) => true,
        }
    }

    /// Whether they leave: always.
    #[must_use]
    pub const fn is_real(&self) -> bool {
        true
    }

    /// The address that they come from.
    #[must_use]
    pub fn from(&self) -> Option<&str> {
        self.configuration.as_ref().map(|it| it.from.as_str())
    }

    /// Hands an e-mail over.
    pub async fn send(&self, _call: &Call, message: &Message) -> Result<(), MailError> {
        let it = self.configuration.as_ref().ok_or(MailError::NotConfigured)?;
        if it.carrier == Carrier::Cloudflare {
            let binding = self.binding.as_ref().ok_or(MailError::NotConfigured)?;
            return SendFuture::new(by_binding(binding, message)).await;
        }
        let asked = request(&it.carrier, message, None).ok_or(MailError::NotConfigured)??;
        let answer = self.http.send(asked).await.map_err(|it| MailError::Failed(it.to_string()))?;
        judge(&it.carrier, &answer)
    }

    /// The e-mails that lie in a folder: there is none.
    #[must_use]
    pub const fn kept(&self, _most: usize) -> Option<Vec<Kept>> {
        None
    }
}

async fn by_binding(binding: &JsValue, message: &Message) -> Result<(), MailError> {
    message.headers()?;
    let headers: serde_json::Map<_, _> =
        message.further().into_iter().map(|it| (it.0.to_owned(), it.1.into())).collect();
    let mut body = json!({
        "to": message.to,
        "from": { "email": message.from.address, "name": message.from.name },
        "subject": message.subject, "text": message.text, "headers": headers,
    });
    if let Some(html) = &message.html {
        body["html"] = html.clone().into();
    }
    if let Some(address) = &message.reply_to {
        body["replyTo"] = address.clone().into();
    }
    let code = host::mail(binding, &body.to_string()).await;
    let code = code.ok().and_then(|it| it.as_string()).unwrap_or_else(|| "E_UNKNOWN".into());
    let said = format!("Cloudflare answered {code}");
    match code.as_str() {
        "" => Ok(()),
        REFUSED => Err(MailError::Refused(said)),
        _ => Err(MailError::Failed(said)),
    }
}
