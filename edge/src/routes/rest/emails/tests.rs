//! What a back end reads, changes and asks of e-mail.

use serde_json::{Value, json};

use crate::{bench::Bench, sql};

#[tokio::test]
async fn texts_are_shown_changed_and_reset_in_both_languages() {
    let bench = Bench::new().await;
    let path = format!("{}/emails", bench.campaign("CUSTOM").await);
    let shown = bench.get(&path).await.ok();
    for kind in [
        "welcomeNonReferred",
        "welcomeReferred",
        "referralLinkViewedFirstTime",
        "referredSignup",
        "referralLinkUsed",
        "goalAchieved",
        "campaignEndedWinners",
        "campaignEndedNonWinners",
        "progressUpdateMonthly",
    ] {
        let text = &shown[kind];
        assert!(text["subject"].is_string() && text["preheader"].is_string(), "{kind}");
        assert_eq!(text["isEnabled"], true);
        assert_ne!(text["body"], text["translations"]["fr"]["body"]);
    }
    assert!(shown["loginLink"]["isEnabled"].is_null());
    assert!(shown["memberSignInLink"].is_null() && shown["invite"].is_null());
    assert_eq!(shown["settings"]["isEnabled"], false);
    assert_eq!(shown["settings"]["sender"]["fromEmail"], Value::Null);

    let patch = json!({
        "goalAchieved": {
            "subject": "Bravo {{firstName}}", "isEnabled": false,
            "translations": { "fr": { "preheader": "Merci" } },
        },
        "settings": { "sender": { "fromName": "The Shop" }, "design": { "footer": "Bye" } },
    });
    let changed = bench.patch(&path, patch).await.ok();
    let mut expected = shown.clone();
    expected["goalAchieved"]["subject"] = "Bravo {{firstName}}".into();
    expected["goalAchieved"]["isEnabled"] = false.into();
    expected["goalAchieved"]["translations"]["fr"]["preheader"] = "Merci".into();
    expected["settings"]["sender"]["fromName"] = "The Shop".into();
    expected["settings"]["design"]["footer"] = "Bye".into();
    assert_eq!(changed, expected);
    assert_eq!(bench.get(&path).await.ok(), expected);

    // In the other language the two change places.
    let french = bench.patch(&path, json!({ "settings": { "language": "fr" } })).await.ok();
    assert_eq!(french["goalAchieved"]["preheader"], "Merci");
    assert_eq!(french["goalAchieved"]["translations"]["en"]["subject"], "Bravo {{firstName}}");
    bench.patch(&path, json!({ "settings": { "language": "en" } })).await.ok();

    let reset = bench.patch(&path, json!({ "goalAchieved": null })).await.ok();
    expected["goalAchieved"]["subject"] = shown["goalAchieved"]["subject"].clone();
    expected["goalAchieved"]["translations"] = shown["goalAchieved"]["translations"].clone();
    assert_eq!(reset, expected);
}

#[tokio::test]
async fn r_mail_5_a_broken_text_is_refused_by_line_and_name_and_the_last_good_one_stays() {
    let bench = Bench::new().await;
    let path = format!("{}/emails", bench.campaign("CUSTOM").await);
    let good = json!({ "goalAchieved": { "body": "Good: {{reward}}" } });
    let kept = bench.patch(&path, good).await.ok();
    let body = |text: &str| json!({ "goalAchieved": { "body": text } });
    for (patch, field, message) in [
        (body("a\n\n{{rewrad}}"), "goalAchieved.body", "line 3: nothing is called “rewrad” here"),
        (body("{{month}}"), "goalAchieved.body", "“month”"),
        (body("a\n{% if reward %}"), "goalAchieved.body", "line"),
        (body("[x](javascript:alert(1))"), "goalAchieved.body", "line 1"),
        (json!({ "goalAchieved": { "subject": "" } }), "goalAchieved.subject", "empty"),
        (
            json!({ "goalAchieved": { "translations": { "fr": { "subject": "{{x}}" } } } }),
            "goalAchieved.translations.fr.subject",
            "“x”",
        ),
    ] {
        let said = bench.patch(&path, patch).await.refuses(field);
        assert!(said.contains(message), "{said}");
    }
    assert_eq!(bench.get(&path).await.ok(), kept);
}

#[tokio::test]
async fn what_is_no_field_is_named() {
    let bench = Bench::new().await;
    let path = format!("{}/emails", bench.campaign("CUSTOM").await);
    for (patch, field) in [
        (json!({ "invite": {} }), "invite"),
        (json!({ "memberInvitation": {} }), "memberInvitation"),
        (json!({ "goalAchieved": 1 }), "goalAchieved"),
        (json!({ "goalAchieved": { "isEnabled": "yes" } }), "goalAchieved.isEnabled"),
        (json!({ "loginLink": { "isEnabled": false } }), "loginLink.isEnabled"),
        (json!({ "goalAchieved": { "delayDays": 3 } }), "goalAchieved.delayDays"),
        (json!({ "goalAchieved": { "variables": [] } }), "goalAchieved.variables"),
        (json!({ "goalAchieved": { "subject": 1 } }), "goalAchieved.subject"),
        (
            json!({ "goalAchieved": { "translations": { "en": {} } } }),
            "goalAchieved.translations.en",
        ),
        (
            json!({ "goalAchieved": { "translations": { "de": {} } } }),
            "goalAchieved.translations.de",
        ),
        (json!({ "settings": 1 }), "settings"),
        (json!({ "settings": { "disabled": [] } }), "settings.disabled"),
        (json!({ "settings": { "reminds": true } }), "settings.reminds"),
        (json!({ "settings": { "reminderDays": 5 } }), "settings.reminderDays"),
        (json!({ "followUpReminder": { "delayDays": 1 } }), "followUpReminder.delayDays"),
        (json!({ "followUpReminder": { "delayDays": 31 } }), "followUpReminder.delayDays"),
        (json!({ "followUpReminder": { "delayDays": "3" } }), "followUpReminder.delayDays"),
        (json!({ "followUpReminder": { "isEnabled": 1 } }), "followUpReminder.isEnabled"),
        (
            json!({ "settings": { "sender": { "fromEmail": "a@b.co" } } }),
            "settings.sender.fromEmail",
        ),
        (
            json!({ "settings": { "sender": { "replyToEmail": "x" } } }),
            "settings.sender.replyToEmail",
        ),
        (json!({ "settings": { "sender": { "fromName": "a\nb" } } }), "settings.sender.fromName"),
        (json!({ "settings": { "language": "de" } }), "settings.language"),
    ] {
        bench.patch(&path, patch).await.refuses(field);
    }
    let written = sql!(
        "-- t
         SELECT (SELECT count(*) FROM email_template) + (SELECT count(*) FROM mail_setting) AS n"
    );
    assert_eq!(bench.number(written).await, 0);
    bench.get("/v2/campaign/nobody/emails").await.fails(404);
    bench.patch("/v2/campaign/nobody/emails", json!({})).await.fails(404);
}

#[tokio::test]
async fn changes_at_once_are_made_one_after_the_other_or_refused() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let path = format!("{campaign}/emails");
    let footer = json!({ "settings": { "design": { "footer": "Bye" } } });
    let answers = bench.twenty(http::Method::PATCH, &path, footer).await;
    let made = answers.iter().filter(|it| it.status == 200).count();
    let late = answers.iter().filter(|it| it.status == 409).count();
    assert!(0 < made && made + late == 20, "{made} {late}");
    let revision = sql!("-- t\n SELECT revision AS n FROM mail_setting");
    assert_eq!(bench.number(revision).await, i64::try_from(made).unwrap());
}

#[tokio::test]
async fn a_back_end_asks_for_a_message_of_a_kind_or_in_its_own_words() {
    let bench = Bench::new().await;
    // Asked for, it is sent although nothing is sent by itself.
    let campaign = bench.campaign("CUSTOM").await;
    let ada = json!({ "email": "ada@example.com", "firstName": "Ada" });
    bench.post(&format!("{campaign}/participant"), ada).await.ok();
    let path = format!("{campaign}/participant/ada@example.com/email");
    let queued = json!({ "success": true, "status": "queued" });
    let asked = json!({ "emailType": "welcomeNonReferred" });
    assert_eq!(bench.post(&path, asked).await.ok(), queued);
    let asked = json!({
        "subject": "News for {{firstName}}", "preheader": "p",
        "body": "<p>Hi {{firstName}}, see <a href=\"{{shareUrl}}\">this</a></p>\
                 <script>alert(1)</script>",
    });
    assert_eq!(bench.post(&path, asked).await.ok(), queued);
    let mail = bench.mail().await;
    let mut subjects: Vec<&str> = mail.iter().map(|it| it[1].as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["News for Ada", "Your link for Referral programme"]);
    let mut kept = bench.app.mail.kept(2).unwrap();
    kept.retain(|it| it.subject == "News for Ada");
    assert!(kept[0].text.starts_with("Hi Ada, see this (https://link.example/r/"), "{kept:?}");

    for (body, field) in [
        (json!({}), "emailType"),
        (json!({ "emailType": "loginLink" }), "emailType"),
        (json!({ "emailType": "invite" }), "emailType"),
        (json!({ "emailType": "rewardWaits" }), "emailType"),
        (json!({ "emailType": "freeForm" }), "emailType"),
        (json!({ "emailType": "goalAchieved", "subject": "x" }), "emailType"),
        (json!({ "emailType": "goalAchieved" }), "emailType"),
        (json!({ "emailType": "referredSignup" }), "emailType"),
        (json!({ "subject": "x" }), "body"),
        (json!({ "body": "x" }), "subject"),
        (json!({ "subject": "x", "body": "{{typo}}" }), "body"),
        (json!({ "subject": "{{typo}}", "body": "x" }), "subject"),
        (json!({ "subject": 1, "body": "x" }), "subject"),
        (json!({ "subject": "x", "body": "x", "to": "eve@example.com" }), "to"),
    ] {
        bench.post(&path, body).await.refuses(field);
    }
    let nobody = format!("{campaign}/participant/nobody/email");
    bench.post(&nobody, json!({ "emailType": "welcomeNonReferred" })).await.fails(404);
    assert_eq!(bench.mail().await.len(), 2);
}

#[tokio::test]
async fn r_repeat_3_one_idempotency_key_asks_for_one_message() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    bench.add(&campaign, "ada", None).await;
    let path = format!("{campaign}/participant/ada@example.com/email");
    let body = json!({ "emailType": "welcomeNonReferred" }).to_string();
    let requests = (0..20).map(|_| {
        let mut request = bench.request(http::Method::POST, &path, body.clone());
        request.headers_mut().insert("idempotency-key", "one".parse().unwrap());
        request
    });
    for answer in bench.at_once(requests).await {
        answer.ok();
    }
    assert_eq!(bench.mail().await.len(), 1);
}
