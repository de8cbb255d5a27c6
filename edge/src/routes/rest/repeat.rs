//! `Idempotency-Key`: a creation that is repeated under the same key creates once.

use http::HeaderMap;

use crate::{app::App, call::Call};

/// The caller's own name for a creation, if it sent one.
#[derive(Clone, Debug)]
pub struct Repeat(Option<Vec<u8>>);

impl Repeat {
    /// What a key says that was used for something else (R-REPEAT-9).
    pub const TAKEN: &str = "This Idempotency-Key was used with another body.";

    /// The name that a request's headers hold.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let key = headers.get("idempotency-key").map(|it| it.as_bytes().to_vec());
        Self(key.filter(|it| !it.is_empty()))
    }

    /// Whether a taken id means that this very call was made before.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.0.is_some()
    }

    /// What the new id is made of: the same bytes for the same key, so that the schema's own
    /// uniqueness finds the repetition.
    #[must_use]
    pub fn entropy(&self, app: &App, call: &Call, subject: &str) -> [u8; 16] {
        let Some(key) = &self.0 else { return call.draw() };
        let tag = app.settings.mac("idempotency", &[subject.as_bytes(), &[0], key]);
        let mut entropy = [0; 16];
        entropy.iter_mut().zip(tag).for_each(|(to, from)| *to = from);
        entropy
    }
}
