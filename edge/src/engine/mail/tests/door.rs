//! Messages at a provider's door: what it is told, and what its answers change.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::{engine::cron, platform::Mail};

/// A provider that answers by turns; its address, and the bodies that it was sent.
async fn provider(answers: &'static [(u16, &'static str)]) -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let bodies = Arc::clone(&heard);
    tokio::spawn(async move {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            let sent = loop {
                let mut part = [0; 4096];
                let size = stream.read(&mut part).await.unwrap();
                asked.extend_from_slice(&part[..size]);
                let text = String::from_utf8_lossy(&asked).into_owned();
                let body = text.split_once("\r\n\r\n").map(|it| it.1.to_owned());
                let json = body.and_then(|it| serde_json::from_str(&it).ok());
                if let Some(json) = json {
                    break json;
                }
            };
            bodies.lock().unwrap().push(sent);
            let answer = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}",
                Bytes::from_static(body.as_bytes()).len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, heard)
}

/// An installation with a provider, and a campaign whose mail is on.
async fn real(answers: &'static [(u16, &'static str)]) -> (Bench, String, Arc<Mutex<Vec<Value>>>) {
    let (url, heard) = provider(answers).await;
    let mail = Mail::stub(crate::mail::Carrier::Postmark("t".into()), &url);
    let bench = Bench::with_mail("https://link.example", mail).await;
    let campaign = bench.campaign("CUSTOM").await;
    let emails = format!("{campaign}/emails");
    let settings = json!({
        "isEnabled": true, "sender": { "fromName": "The Shop", "replyToEmail": "us@shop.example" },
        "contact": {
            "companyName": "The Shop Ltd", "addressLine1": "1 High Street", "city": "Lyon",
            "country": "France",
        },
    });
    // Nothing is switched on before it is known who writes.
    let on = json!({ "settings": { "isEnabled": true } });
    bench.patch(&emails, on).await.refuses("settings.sender.fromName");
    let mut half = settings.clone();
    half["contact"]["city"] = " ".into();
    bench.patch(&emails, json!({ "settings": half })).await.refuses("settings.contact.city");
    bench.patch(&emails, json!({ "settings": settings })).await.ok();
    (bench, campaign, heard)
}

#[tokio::test]
async fn r_mail_4_a_real_message_says_who_writes_and_none_goes_out_before_that_is_known() {
    let (bench, campaign, heard) = real(&[(200, "{}")]).await;
    bench.add(&campaign, "ada", None).await;
    cron::run(&bench.app, &bench.call()).await;
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 1);
    let message = &heard[0];
    assert_eq!(message["From"], "\"The Shop\" <hello@shop.example>");
    assert_eq!(message["To"], "ada@example.com");
    assert_eq!(message["ReplyTo"], "us@shop.example");
    let text = message["TextBody"].as_str().unwrap();
    assert!(text.contains("The Shop Ltd, 1 High Street, Lyon, France"), "{text}");
    let names: Vec<&str> = message["Headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["Name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["List-Unsubscribe", "List-Unsubscribe-Post"]);

    // Somebody empties the settings past us.
    let emptied = sql!("-- t\n UPDATE mail_setting SET body = '{\"isEnabled\":true}'");
    bench.write([emptied]).await;
    bench.add(&campaign, "bob", None).await;
    cron::run(&bench.app, &bench.call()).await;
    let last = rows(&bench).await.pop().unwrap();
    assert_eq!(last.reason.as_deref(), Some("SENDER_MISSING"));
}

#[tokio::test]
async fn r_mail_9_what_was_not_taken_is_tried_again_later_and_what_is_refused_for_good_never() {
    const ANSWERS: [(u16, &str); 3] = [
        (503, ""),
        (200, "{}"),
        (422, r#"{"ErrorCode":406,"Message":"ada@example.com is inactive"}"#),
    ];
    let (bench, campaign, heard) = real(&ANSWERS).await;
    let state = async || {
        cron::run(&bench.app, &bench.call()).await;
        let last = rows(&bench).await.pop().unwrap();
        (last.state, heard.lock().unwrap().len())
    };
    let ada = bench.add(&campaign, "ada", None).await;
    assert_eq!(state().await, ("QUEUED".into(), 1));
    bench.pass(Span::seconds(59));
    assert_eq!(state().await, ("QUEUED".into(), 1));
    bench.pass(Span::seconds(1));
    assert_eq!(state().await, ("SENT".into(), 2));

    bench.add(&campaign, "bob", None).await;
    assert_eq!(state().await, ("BOUNCED".into(), 3));
    let bob = "bob@example.com";
    let asked = json!({ "emailType": "welcomeNonReferred" });
    bench.post(&format!("{campaign}/participant/{bob}/email"), asked).await.ok();
    bench.pass(Span::days(1));
    assert_eq!(state().await, ("SUPPRESSED".into(), 3));
    let bob = bench.get(&format!("{campaign}/participant/{bob}")).await.ok();
    assert_eq!(bob["unsubscribed"], true);
    let ada = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!(ada["unsubscribed"], false);
}

#[tokio::test]
async fn r_mail_9_after_eight_attempts_a_message_is_given_up() {
    let answers: &[(u16, &str)] = &[(500, ""); 9];
    let (bench, campaign, heard) = real(answers).await;
    bench.add(&campaign, "ada", None).await;
    for _ in 0..20 {
        cron::run(&bench.app, &bench.call()).await;
        bench.pass(Span::hours(8));
    }
    assert_eq!(heard.lock().unwrap().len(), 8);
    assert_eq!(rows(&bench).await[0].state, "FAILED");
}
