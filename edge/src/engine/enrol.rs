//! How a person becomes a participant.

use std::collections::BTreeMap;

use shared::{
    attribution::{TokenError, Touches},
    code::Code,
    email::Email,
    reward::Source,
};

use crate::{app::App, call::Call, click::cache::Terms, error::Error, sql::Statement};

/// What came as proof of a click.
#[derive(Clone, Debug)]
pub enum Brought {
    /// Nothing.
    Nothing,
    /// A token that does not count.
    Refused(TokenError),
    /// Touches.
    Touches(Touches),
}

/// Somebody new, perhaps.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Who.
    pub email: Email,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Fields.
    pub metadata: BTreeMap<String, String>,
    /// Who says so.
    pub source: Source,
    /// Proof.
    pub brought: Brought,
    /// Same batch.
    pub also: Vec<Statement>,
}

impl Newcomer {
    /// Somebody.
    #[must_use]
    pub fn new(email: Email, source: Source) -> Self {
        Self {
            email,
            first_name: None,
            last_name: None,
            metadata: BTreeMap::new(),
            source,
            brought: Brought::Nothing,
            also: vec![],
        }
    }
}

/// Done.
#[derive(Debug)]
pub struct Enrolled {
    /// Who.
    pub participant: Code,
}

/// Enrols.
pub async fn enrol(_: &App, _: &Call, _: &Terms, _: Newcomer) -> Result<Enrolled, Error> {
    Err(Error::NotBuilt)
}
