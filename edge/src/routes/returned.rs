//! `/_m/{provider}/{secret}`: what a provider tells of messages that came back.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::Value;

use super::ask::Ask;
use crate::{
    engine::mail::returned::{provider, take},
    error::Error,
    mail::returned::read,
};

/// Takes it. Whoever knows the secret is answered alike, whatever they tell.
pub async fn tell(ask: Ask) -> Result<Response, Error> {
    let text = |name| ask.at(name).unwrap_or_default();
    let provider = provider(&ask.app, text("provider"), text("secret")).await?;
    let provider = provider.ok_or(Error::Missing)?;
    let told: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
    take(&ask.app, &ask.call, &read(provider, &told)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[cfg(test)]
mod tests {
    use http::{Method, StatusCode};
    use serde_json::{Value, json};

    use crate::{
        bench::Bench,
        engine::mail::{
            refusal,
            returned::{address, take},
        },
        mail::returned::{Fate, Provider, Returned},
        sql,
        store::{returns, suppressions},
    };

    fn path(bench: &Bench, provider: Provider) -> String {
        address(&bench.app, 1, provider).replace(&bench.app.settings.public_url, "")
    }

    fn soft(email: &str, number: &str) -> Value {
        json!({ "event": "soft_bounce", "email": email, "message-id": number })
    }

    #[tokio::test]
    async fn r_mail_13_who_takes_no_mail_or_complains_gets_none() {
        let bench = Bench::new().await;
        let (campaign, other) = (bench.campaign("CUSTOM").await, bench.campaign("CUSTOM").await);
        for (campaign, name) in [(&campaign, "ann"), (&campaign, "bob"), (&other, "ann")] {
            bench.add(campaign, name, None).await;
        }
        let id = |campaign: &str| campaign.rsplit('/').next().unwrap().to_owned();
        let found = async |campaign: &str, email: &str| {
            let hash = refusal::hash(&bench.app, &id(campaign), email);
            let all = suppressions::among(&bench.app.db, &id(campaign), &[hash]).await.unwrap();
            all.into_iter().map(|it| (it.topic, it.reason)).collect::<Vec<_>>()
        };
        let bounced = json!({ "type": "email.bounced", "data": {
            "email_id": "1", "to": ["Ann@Example.com"], "bounce": { "type": "Permanent" } } });
        let resend = path(&bench, Provider::Resend);
        // The second call does nothing, and one about nobody is answered alike.
        let nobody = bounced.to_string().replace("Ann@", "nobody@");
        for body in [bounced.to_string(), bounced.to_string(), nobody, "{}".into(), "x".into()] {
            let answer = bench.send(bench.request(Method::POST, &resend, body)).await;
            assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""));
        }
        let bounced = [("ALL".to_owned(), "BOUNCED".to_owned())];
        assert_eq!(found(&campaign, "ann@example.com").await, bounced);
        assert_eq!(found(&other, "ann@example.com").await, bounced);
        assert_eq!(found(&campaign, "bob@example.com").await, []);
        let told = json!({ "RecordType": "SpamComplaint", "Email": "bob@example.com" });
        bench.post(&path(&bench, Provider::Postmark), told).await;
        let asked = [("ALL".to_owned(), "ASKED".to_owned())];
        assert_eq!(found(&campaign, "bob@example.com").await, asked);
        let all = sql!("-- t\n SELECT count(*) AS n FROM mail_return");
        assert_eq!(bench.number(all).await, 3);
    }

    #[tokio::test]
    async fn r_mail_13_the_newest_message_stands_as_returned_once() {
        let bench = Bench::new().await;
        let (campaign, other) = (bench.mailing("CUSTOM").await, bench.mailing("CUSTOM").await);
        let ann = bench.add(&campaign, "ann", None).await;
        bench.mail().await;
        bench.add(&campaign, "bob", Some(&ann)).await;
        bench.mail().await;
        bench.add(&other, "ann", None).await;
        bench.mail().await;
        let states = async || {
            let all = sql!(
                "-- t
                 SELECT m.state FROM message AS m JOIN person AS p ON p.subject = m.subject
                  WHERE p.identity = 'ann@example.com' ORDER BY m.seq"
            );
            let rows: Vec<Value> = bench.app.db.all(all).await.unwrap();
            rows.iter().map(|it| it["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let brevo = path(&bench, Provider::Brevo);
        let told = |event: &str, number: &str| json!({ "event": event, "email": "ann@example.com", "message-id": number });
        bench.post(&brevo, told("soft_bounce", "1")).await;
        assert_eq!(states().await, ["SENT", "SENT", "SENT"]);
        for _ in 0..2 {
            bench.post(&brevo, told("hard_bounce", "1")).await;
            assert_eq!(states().await, ["SENT", "SENT", "BOUNCED"]);
        }
        for _ in 0..2 {
            bench.post(&brevo, told("spam", "2")).await;
            assert_eq!(states().await, ["SENT", "COMPLAINED", "BOUNCED"]);
        }
        // The console says so: in the list of messages, and beside the person.
        let owner = bench.seat(crate::store::members::OWNER).await;
        let id = campaign.rsplit('/').next().unwrap();
        for page in ["mail/sent".to_owned(), format!("participants/{ann}")] {
            let path = format!("/console/{id}/{page}?lang=en");
            let mut request = bench.request(Method::GET, &path, "");
            let cookie = format!("__Host-prn-console={owner}");
            request.headers_mut().insert(http::header::COOKIE, cookie.parse().unwrap());
            let shown = bench.send(request).await.text;
            assert!(shown.contains("called unwanted"), "{shown}");
        }
        // Nobody else's messages.
        let sent = sql!("-- t\n SELECT count(*) AS n FROM message WHERE state = 'SENT'");
        assert_eq!(bench.number(sent).await, 2);
    }

    #[tokio::test]
    async fn r_mail_13_a_message_to_the_team_comes_back_once_too() {
        let bench = Bench::new().await;
        let campaign = bench.mailing("ON_SIGNUP").await;
        let manual = json!({ "requireManualRewardApproval": true });
        bench.patch(&format!("{campaign}/options"), manual).await.ok();
        let ann = shared::email::Email::parse("ann@team.example").unwrap();
        let (role, owner) = (shared::team::Role::Manager, crate::store::members::OWNER);
        bench.write(crate::store::members::insert("ann", role, &ann, owner, bench.now.get())).await;
        bench.seat("ann").await;
        let ada = bench.add(&campaign, "ada", None).await;
        for friend in ["bob", "cid"] {
            bench.add(&campaign, friend, Some(&ada)).await;
            bench.pass(shared::time::Span::minutes(15));
            bench.mail().await;
            bench.pass(shared::time::Span::days(1));
        }
        let told = json!({
            "event": "hard_bounce", "email": "ann@team.example", "message-id": "1",
        });
        let count =
            "-- t\n SELECT count(*) AS n FROM message WHERE subject = 'ann' AND state = 'BOUNCED'";
        for _ in 0..2 {
            bench.post(&path(&bench, Provider::Brevo), told.clone()).await;
            assert_eq!(bench.number(sql!(count)).await, 1);
        }
    }

    #[tokio::test]
    async fn r_mail_13_who_of_the_team_takes_no_mail_or_complains_gets_none_of_any_programme() {
        let bench = Bench::new().await;
        let campaigns = [bench.mailing("ON_SIGNUP").await, bench.mailing("ON_SIGNUP").await];
        let (role, owner) = (shared::team::Role::Manager, crate::store::members::OWNER);
        for name in ["ann", "bea"] {
            let email = format!("{name}@team.example");
            let email = shared::email::Email::parse(&email).unwrap();
            let now = bench.now.get();
            bench.write(crate::store::members::insert(name, role, &email, owner, now)).await;
            bench.seat(name).await;
        }
        let mut adas = Vec::new();
        for campaign in &campaigns {
            let manual = json!({ "requireManualRewardApproval": true });
            bench.patch(&format!("{campaign}/options"), manual).await.ok();
            adas.push(bench.add(campaign, "ada", None).await);
        }
        let work = async |friend: &str| {
            for (campaign, ada) in campaigns.iter().zip(&adas) {
                bench.add(campaign, friend, Some(ada)).await;
            }
            bench.pass(shared::time::Span::minutes(15));
            bench.mail().await;
        };
        let count = async |name: &str, state: &str| {
            let sql = "-- t
                SELECT count(*) AS n FROM message
                 WHERE subject = ?1 AND ?2 IN (state, coalesce(reason, ''))";
            bench.number(sql!(sql, name, state)).await
        };
        work("bob").await;
        // Told twice, it is told once, in whichever programme.
        for _ in 0..2 {
            for (event, name) in [("hard_bounce", "ann"), ("spam", "bea")] {
                let email = format!("{name}@team.example");
                let told = json!({ "event": event, "email": email, "message-id": "1" });
                bench.post(&path(&bench, Provider::Brevo), told).await;
            }
        }
        assert_eq!((count("ann", "BOUNCED").await, count("ann", "SENT").await), (1, 1));
        assert_eq!((count("bea", "COMPLAINED").await, count("bea", "SENT").await), (1, 1));
        bench.pass(shared::time::Span::days(1));
        work("cid").await;
        assert_eq!((count("ann", "BOUNCED").await, count("ann", "SENT").await), (3, 1));
        assert_eq!((count("bea", "UNSUBSCRIBED").await, count("bea", "SENT").await), (2, 1));
    }

    #[tokio::test]
    async fn r_mail_13_each_bounce_is_one_message_of_the_last_days() {
        let bench = Bench::new().await;
        let campaign = bench.mailing("CUSTOM").await;
        let ann = bench.add(&campaign, "ann", None).await;
        for friend in ["bob", "cid", "dot", "eve"] {
            bench.add(&campaign, friend, Some(&ann)).await;
        }
        bench.mail().await;
        let count = async |state: &str| {
            let sql = "-- t\n SELECT count(*) AS n FROM message WHERE subject = ?1 AND state = ?2";
            bench.number(sql!(sql, &ann, state)).await
        };
        assert_eq!(count("SENT").await, 5);
        // Two of one call; and two of which no number is told.
        let email = shared::email::Email::parse("ann@example.com").unwrap();
        let told = ["1", "2"].map(|number| Returned {
            email: email.clone(),
            fate: Fate::Bounced,
            number: number.into(),
        });
        take(&bench.app, &bench.call(), &told).await.unwrap();
        assert_eq!((count("BOUNCED").await, count("SENT").await), (2, 3));
        let spam = |more: Value| json!({ "event": "spam", "email": "ann@example.com", "message-id": more });
        let brevo = path(&bench, Provider::Brevo);
        for _ in 0..2 {
            bench.post(&brevo, spam(Value::Null)).await;
        }
        assert_eq!((count("COMPLAINED").await, count("SENT").await), (2, 1));
        // What comes back later is no message that is known.
        bench.pass(shared::time::Span::days(4));
        bench.post(&brevo, spam("9".into())).await;
        assert_eq!((count("COMPLAINED").await, count("SENT").await), (2, 1));
    }

    #[tokio::test]
    async fn r_mail_13_what_comes_back_for_the_moment_is_counted_once() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        bench.add(&campaign, "ann", None).await;
        let brevo = path(&bench, Provider::Brevo);
        for number in ["1", "1", "2"] {
            bench.post(&brevo, soft("ann@example.com", number)).await;
        }
        let id = campaign.rsplit('/').next().unwrap();
        let hash = refusal::hash(&bench.app, id, "ann@example.com");
        assert_eq!(returns::soft(&bench.app.db, id, &hash).await.unwrap(), 2);
        assert_eq!(suppressions::among(&bench.app.db, id, &[hash]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn r_mail_13_an_owner_changes_the_secret_and_tries_an_address_again() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ann = bench.add(&campaign, "ann", None).await;
        let id = campaign.rsplit('/').next().unwrap();
        let owner = bench.seat(crate::store::members::OWNER).await;
        let send = async |path: &str, form: &str| {
            let form = format!("csrf={}&{form}", bench.csrf(&owner));
            let answer = bench.send(bench.form(path, &owner, &form)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        };
        let hash = refusal::hash(&bench.app, id, "ann@example.com");
        let reasons = async || {
            let hashes = std::slice::from_ref(&hash);
            let all = suppressions::among(&bench.app.db, id, hashes).await.unwrap();
            all.into_iter().map(|it| it.reason).collect::<Vec<_>>()
        };
        let bounced =
            json!({ "event": "hard_bounce", "email": "ann@example.com", "message-id": "1" });
        let complained = json!({ "event": "spam", "email": "ann@example.com", "message-id": "2" });
        let old = path(&bench, Provider::Brevo);
        for told in [&complained, &bounced] {
            bench.post(&old, told.clone()).await;
        }
        assert_eq!(reasons().await, ["ASKED", "BOUNCED"]);
        // What she said stays, and twice is once.
        for _ in 0..2 {
            send(&format!("/console/{id}/participants/{ann}/mail"), "").await;
            assert_eq!(reasons().await, ["ASKED"]);
        }
        // Of two who saw the same secret, one changes it.
        let page = format!("/console/{id}/mail/returned");
        for _ in 0..2 {
            send(&page, "generation=1").await;
        }
        assert_eq!(returns::generation(&bench.app.db).await.unwrap(), 2);
        bench.post(&old, bounced.clone()).await.fails(404);
        assert_eq!(reasons().await, ["ASKED"]);
        let new = address(&bench.app, 2, Provider::Brevo);
        assert!(!new.ends_with(&old));
        let new = new.replace(&bench.app.settings.public_url, "");
        bench.post(&new, bounced).await;
        assert_eq!(reasons().await, ["ASKED", "BOUNCED"]);
    }

    #[tokio::test]
    async fn r_mail_13_nobody_else_is_heard() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        bench.add(&campaign, "ann", None).await;
        let good = path(&bench, Provider::Brevo);
        let token = good.rsplit('/').next().unwrap();
        for path in [
            format!("/_m/resend/{token}"),
            format!("/_m/pigeon/{token}"),
            format!("{good}x"),
            "/_m/brevo/x".into(),
        ] {
            bench.post(&path, soft("ann@example.com", "1")).await.fails(404);
        }
        let all = sql!("-- t\n SELECT count(*) AS n FROM mail_return");
        assert_eq!(bench.number(all).await, 0);
    }
}
