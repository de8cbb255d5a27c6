//! A support agent at work, over the real router.

use http::{Method, StatusCode};
use serde_json::json;
use shared::{email::Email, team::Role};

use crate::{
    bench::{Answer, Bench},
    sql,
    store::members::{self, OWNER},
};

/// A bench with a campaign and a support agent: the campaign's path on the wire, its id, a session.
async fn scene(trigger: &str) -> (Bench, String, String, String) {
    let bench = Bench::new().await;
    let campaign = bench.campaign(trigger).await;
    let id = campaign.rsplit('/').next().unwrap().to_owned();
    let email = Email::parse("eva@team.example").unwrap();
    bench.write(members::insert("eva", Role::Support, &email, OWNER, bench.now.get())).await;
    let session = bench.seat("eva").await;
    (bench, campaign, id, session)
}

async fn form(bench: &Bench, session: &str, path: &str, form: &str) -> Answer {
    let form = format!("csrf={}&{form}", bench.csrf(session));
    bench.send(bench.form(&format!("{path}?lang=en"), session, &form)).await
}

async fn get(bench: &Bench, session: &str, path: &str) -> Answer {
    let mut request = bench.form(path, session, "");
    *request.method_mut() = Method::GET;
    bench.send(request).await
}

#[tokio::test]
async fn r_team_10_one_customer_is_found_by_the_exact_address_or_code() {
    let (bench, campaign, id, eva) = scene("ON_SIGNUP").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let home = get(&bench, &eva, "/console").await;
    assert_eq!(home.headers["location"], format!("/console/{id}/look-up"));
    let path = format!("/console/{id}/look-up");
    for whom in ["ada%40example.com", "+ADA%40Example.com+", &ada] {
        let found = form(&bench, &eva, &path, &format!("whom={whom}")).await;
        assert_eq!(found.status, StatusCode::OK, "{whom}");
        assert!(found.text.contains("ada@example.com") && found.text.contains(&ada));
        // The friend is an initial.
        assert!(found.text.contains("counts") && !found.text.contains("bob@example.com"));
    }
    let friend = form(&bench, &eva, &path, "whom=bob%40example.com").await;
    assert!(
        friend.text.contains("All that the programme asks for has happened."),
        "{}",
        friend.text
    );
    let other = bench.campaign("CUSTOM").await;
    let elsewhere = format!("/console/{}/look-up", other.rsplit('/').next().unwrap());
    for (path, whom) in [
        (&path, "ada%40example.co"),
        (&path, "ada"),
        (&path, "%25"),
        (&path, ""),
        (&elsewhere, "ada%40example.com"),
    ] {
        let none = form(&bench, &eva, path, &format!("whom={whom}")).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{whom}");
        assert!(none.text.contains("Nobody with exactly"));
    }
    // Lists are not for them.
    let overview = get(&bench, &eva, &format!("/console/{id}")).await;
    assert_eq!(overview.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn r_team_10_look_ups_are_noted_and_sixty_an_hour() {
    let (bench, campaign, id, eva) = scene("CUSTOM").await;
    bench.add(&campaign, "ada", None).await;
    let path = format!("/console/{id}/look-up");
    for _ in 0..60 {
        form(&bench, &eva, &path, "whom=nobody%40example.com").await;
    }
    let over = form(&bench, &eva, &path, "whom=ada%40example.com").await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!over.text.contains("/r/"));
    let noted = "-- t\n SELECT count(*) AS n FROM audit WHERE act = 'LOOKED_UP' AND by_id = 'eva'";
    assert_eq!(bench.number(sql!(noted)).await, 60);
    // Another member has hours of their own, and so has the next hour.
    let owner = bench.seat(OWNER).await;
    let found = form(&bench, &owner, &path, "whom=ada%40example.com").await;
    assert_eq!(found.status, StatusCode::OK);
    bench.pass(shared::time::Span::hours(1));
    let found = form(&bench, &eva, &path, "whom=ada%40example.com").await;
    assert_eq!(found.status, StatusCode::OK);
}

#[tokio::test]
async fn a_sign_of_abuse_is_told_to_staff_with_what_they_may_say() {
    let (bench, campaign, id, eva) = scene("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let held = json!({ "email": "bob@yopmail.com", "referredBy": ada });
    bench.post(&format!("{campaign}/participant"), held).await.ok();
    let path = format!("/console/{id}/look-up");
    let found = form(&bench, &eva, &path, "whom=bob%40yopmail.com").await;
    assert!(found.text.contains("What you may say:"), "{}", found.text);
    let plain = form(&bench, &eva, &path, &format!("whom={ada}")).await;
    assert!(!plain.text.contains("What you may say:"));
}

#[tokio::test]
async fn r_team_10_a_customer_is_invited_with_their_yes_and_written_to_once() {
    let (bench, campaign, id, eva) = scene("CUSTOM").await;
    let path = format!("/console/{id}/invite");
    let people = || bench.number(sql!("-- t\n SELECT count(*) AS n FROM participant"));
    for (asked, expected) in [
        ("email=ada%40example.com", "Ask the customer first"),
        ("email=nonsense&consent=1", "name@example.com"),
        ("consent=1", "name@example.com"),
    ] {
        let answer = form(&bench, &eva, &path, asked).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{asked}");
        assert!(answer.text.contains(expected), "{asked}");
    }
    assert_eq!(people().await, 0);
    let kinds = "-- t\n INSERT INTO mail_kind (campaign, kind) SELECT ?1, value
                 FROM json_each('[\"addedByHand\",\"welcomeNonReferred\"]')";
    bench.write([sql!(kinds, &id)]).await;
    let asked = "email=Ada%40example.com&firstName=+Ada+&language=fr&consent=1";
    for expected in ["They take part now", "takes part already"] {
        let answer = form(&bench, &eva, &path, asked).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text.contains(expected), "{}", answer.text);
        assert!(answer.text.contains("https://link.example/r/"));
        assert!(answer.text.contains(".svg\""));
    }
    assert_eq!(people().await, 1);
    let ada = bench.get(&format!("{campaign}/participant/ada@example.com")).await.ok();
    assert_eq!((&ada["firstName"], &ada["language"]), (&json!("Ada"), &json!("fr")));
    let consent = "-- t\n SELECT count(*) AS n FROM audit WHERE act = 'CUSTOMER_INVITED'
                   AND after = '{\"consent\":\"TOLD_TO_STAFF\"}'";
    assert_eq!(bench.number(sql!(consent)).await, 1);
    assert_eq!(ada["referralSource"], "MANUAL");
    // One message, that of whom the team adds.
    let told = "-- t\n SELECT sum(iif(kind = 'addedByHand', 1, 100)) AS n FROM message";
    assert_eq!(bench.number(sql!(told)).await, 1);
}

#[tokio::test]
async fn r_team_10_to_learn_by_an_invitation_who_takes_part_is_a_look_up() {
    let (bench, campaign, id, eva) = scene("CUSTOM").await;
    bench.add(&campaign, "ada", None).await;
    let path = format!("/console/{id}/invite");
    let asked = "email=ada%40example.com&consent=1";
    let form = format!("csrf={}&{asked}", bench.csrf(&eva));
    // Forty one after the other, and then twenty-one at once: one too many.
    for _ in 0..40 {
        let known = bench.send(bench.form(&format!("{path}?lang=en"), &eva, &form)).await;
        assert!(known.text.contains("takes part already"), "{}", known.text);
    }
    let at_once = (0..21).map(|_| bench.form(&format!("{path}?lang=en"), &eva, &form));
    let answers = bench.at_once(at_once).await;
    let told = answers.iter().filter(|it| it.text.contains("takes part already")).count();
    let over = answers.iter().filter(|it| it.status == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!((told, over), (20, 1));
    let noted = "-- t\n SELECT count(*) AS n FROM audit WHERE act = 'LOOKED_UP' AND by_id = 'eva'
                 AND subject <> ''";
    assert_eq!(bench.number(sql!(noted)).await, 60);
}

#[tokio::test]
async fn r_team_10_where_emails_are_off_the_link_is_handed_over() {
    let (bench, campaign, id, eva) = scene("CUSTOM").await;
    let path = format!("/console/{id}/invite");
    let off = form(&bench, &eva, &path, "email=ada%40example.com&consent=1").await.text;
    assert!(off.contains("E-mails are off: give them this link."), "{off}");
    let settings = json!({
        "isEnabled": true,
        "sender": { "fromName": "Shop" },
        "contact": {
            "companyName": "Shop", "addressLine1": "1 Road", "city": "Paris", "country": "France",
        },
    });
    let emails = format!("{campaign}/emails");
    bench.patch(&emails, json!({ "settings": settings })).await.ok();
    let on = form(&bench, &eva, &path, "email=bob%40example.com&consent=1").await.text;
    assert!(on.contains("The e-mail with their link is on its way."), "{on}");
}

#[tokio::test]
async fn r_team_9_the_briefing_is_the_live_rules() {
    let (bench, campaign, id, eva) = scene("CUSTOM").await;
    let brief = async |lang: &str| {
        let page = get(&bench, &eva, &format!("/console/{id}/briefing?lang={lang}")).await;
        assert_eq!(page.status, StatusCode::OK);
        page.text
    };
    assert!(!brief("en").await.contains("looked at by hand"));
    let manual = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), manual).await.ok();
    assert!(brief("en").await.contains("looked at by hand"));
    assert!(brief("fr").await.contains("examinée à la main"));
}
