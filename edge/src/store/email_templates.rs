//! The owner's own words for messages.

use serde::Deserialize;
use shared::lang::Lang;

use crate::{
    mail::{Kind, Text},
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The owner's words for one kind in one language.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Own {
    /// The kind.
    pub kind: Kind,
    /// The language.
    pub lang: Lang,
    /// The words.
    #[serde(flatten)]
    pub text: Text,
}

/// All of a campaign's own words: two languages of each kind at most.
pub async fn of_campaign(db: &Db, campaign: &str) -> Result<Vec<Own>, DbError> {
    db.all(sql!(
        "-- email_templates::of_campaign
         SELECT kind, lang, subject, preheader, body FROM email_template WHERE campaign = ?1",
        campaign,
    ))
    .await
}

/// Keeps words in place of those before.
pub fn save(campaign: &str, kind: Kind, lang: Lang, text: &Text) -> Statement {
    sql!(
        "-- email_templates::save
         INSERT INTO email_template (campaign, kind, lang, subject, preheader, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET subject = ?4, preheader = ?5, body = ?6",
        campaign,
        kind.as_str(),
        lang.tag(),
        &text.subject,
        &text.preheader,
        &text.body,
    )
}

/// Goes back to the words that the product comes with.
pub fn reset(campaign: &str, kind: Kind, lang: Lang) -> Statement {
    sql!(
        "-- email_templates::reset
         DELETE FROM email_template WHERE campaign = ?1 AND kind = ?2 AND lang = ?3",
        campaign,
        kind.as_str(),
        lang.tag(),
    )
}
