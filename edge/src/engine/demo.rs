//! The demo: two campaigns, one for the shop on our own host and one for it as a foreign site, each
//! with one customer, Ada.

use shared::{
    attribution::Key,
    campaign::{Campaign, Installation, Options, Status, Trigger},
    code::Code,
    email::Email,
    money::Currency,
    reward::{Condition, Event, Gift, GiftKind, Kind, Period, Rule, Source, Texts},
    time::Span,
};

use crate::{
    app::App,
    call::Call,
    click::resolve,
    engine::{
        enrol::{Newcomer, enrol},
        mail,
    },
    error::Error,
    mail::settings::{Contact, Sender, Settings},
    sql::DbError,
    store::{campaigns, codes, links, mail_settings, names::AGREED, rules},
};

/// What the shop gives to each side.
const TEN_EUROS: Gift =
    Gift { kind: GiftKind::Coupon, amount: Some(1_000), currency: None, pool: None };

/// The campaign of the shop on our own host.
pub const HOME: &str = "lumina";

/// The campaign of the shop as a foreign site.
pub const AWAY: &str = "faraway";

/// The vanity key of Ada's link at home.
pub const ADA: &str = "ada";

/// The vanity key of Ada's link to the foreign site.
pub const ADA_AWAY: &str = "ada-away";

/// Seeds the demo, once. `away` is the origin of the foreign site, where there is one.
pub async fn seed(app: &App, call: &Call, away: Option<&str>) -> Result<(), Error> {
    plant(app, call, HOME, "Café Lumière", &app.settings.public_url, ADA).await?;
    if let Some(away) = away {
        // A moment later, so that the console shows the other one first.
        let later = call.at(call.now + Span(1));
        plant(app, &later, AWAY, "Café Lumière (foreign site)", away, ADA_AWAY).await?;
    }
    Ok(())
}

async fn plant(
    app: &App,
    call: &Call,
    id: &str,
    name: &str,
    origin: &str,
    vanity: &str,
) -> Result<(), Error> {
    let vanity = Code::parse(vanity).map_err(|it| Error::Internal(it.to_string()))?;
    if links::find(&app.db, &vanity).await?.is_some() {
        return Ok(());
    }
    let campaign = Campaign {
        id: id.into(),
        name: name.into(),
        status: Status::InProgress,
        currency: Currency::EUR,
        company_name: Some("Café Lumière".into()),
        company_logo_image_url: None,
        started_at: Some(call.now),
        ended_at: None,
        installation: Installation {
            referral_trigger: Trigger::Custom,
            share_url: Some(format!("{origin}/demo/shop")),
            ..Installation::default()
        },
        options: Options { auto_fulfill_rewards: true, ..Options::default() },
        keys: vec![Key { generation: 1, retired_at: None }],
    };
    let rule = Rule {
        id: format!("crew_{id}"),
        version: 1,
        kind: Kind::DoubleSided,
        event: Event::Conversion,
        conversions_required: 1,
        limit: None,
        period: Period::InTotal,
        number_of_winners: 1,
        is_visible: true,
        upfront: false,
        gives: TEN_EUROS,
        referral_gives: TEN_EUROS,
        conditions: Condition::default(),
        starts_at: None,
        ends_at: None,
        hold_days: 0,
        order: None,
        texts: Texts {
            title: Some("10 € · 10 €".into()),
            referral_description: Some("10 €".into()),
            coupon_code: Some("MERCI10".into()),
            referral_coupon_code: Some("BIENVENUE10".into()),
            ..Texts::default()
        },
    };
    let mut batch = campaigns::insert(&campaign, None, call.now);
    batch.extend(rules::insert(id, &rule, call.now));
    // What would be sent lies in a folder, to be read on the console; none of it goes anywhere.
    if app.mail.is_ready() && !app.mail.is_real() {
        let month_end = mail::month_end(campaign.options.time_zone, call.now);
        batch.extend(mail_settings::save(id, &letters(), 0, Some(month_end), None, false));
    }
    match app.db.batch(batch).await {
        // Another call plants it at this moment, or died of it: each step may be done twice.
        Err(DbError::Constraint) => {}
        planted => planted?,
    }
    let terms = resolve::terms(app, call, id).await?.ok_or(Error::Missing)?;
    let email = Email::parse("ada@example.com").map_err(|it| Error::Internal(it.to_string()))?;
    let ada = Newcomer {
        first_name: Some("Ada".into()),
        // Ada agreed that friends read her first name.
        metadata: [(AGREED.into(), "true".into())].into(),
        ..Newcomer::new(email, Source::Server)
    };
    let ada = enrol(app, call, &terms, &ada).await?;
    let code = codes::insert(&vanity, id, &ada.participant, call.now);
    match app.db.batch(vec![code]).await {
        Err(DbError::Constraint) => Ok(()),
        planted => Ok(planted?),
    }
}

/// How the shop writes.
fn letters() -> Settings {
    let some = |text: &str| Some(text.to_owned());
    Settings {
        is_enabled: true,
        sender: Sender { from_name: some("Café Lumière"), reply_to_email: None },
        contact: Contact {
            company_name: some("Café Lumière"),
            address_line1: some("1, rue de la Paix"),
            postal_code: some("69001"),
            city: some("Lyon"),
            country: some("France"),
            ..Contact::default()
        },
        ..Settings::default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::task::JoinSet;

    use super::*;
    use crate::{bench::Bench, sql};

    #[tokio::test]
    async fn many_calls_at_once_plant_the_demo_once() {
        let bench = Bench::new().await;
        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            let (app, call) = (Arc::clone(&bench.app), bench.call());
            tasks.spawn(async move { seed(&app, &call, Some("http://localhost:2")).await });
        }
        assert!(tasks.join_all().await.iter().all(Result::is_ok));
        for (statement, expected) in [
            (sql!("-- t\n SELECT count(*) AS n FROM campaign"), 2),
            (sql!("-- t\n SELECT count(*) AS n FROM participant"), 2),
            (sql!("-- t\n SELECT count(*) AS n FROM code"), 4),
        ] {
            assert_eq!(bench.number(statement).await, expected);
        }
    }

    #[tokio::test]
    async fn a_demo_that_was_begun_is_finished() {
        let bench = Bench::new().await;
        seed(&bench.app, &bench.call(), None).await.unwrap();
        bench.write([sql!("-- t\n DELETE FROM code WHERE code = 'ada'")]).await;
        seed(&bench.app, &bench.call(), None).await.unwrap();
        let ada = sql!("-- t\n SELECT count(*) AS n FROM code WHERE code = 'ada'");
        assert_eq!(bench.number(ada).await, 1);
    }
}
