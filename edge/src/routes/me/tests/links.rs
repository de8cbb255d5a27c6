//! Joining where no link can be sent, or where it is not said what was agreed to.

use super::*;

#[tokio::test]
async fn r_mail_4_where_it_is_not_known_who_writes_the_door_promises_no_message() {
    let carrier = crate::mail::Carrier::Postmark("t".into());
    let mail = crate::platform::Mail::stub(carrier, "http://127.0.0.1:1");
    let bench = Bench::with_mail("https://link.example", mail).await;
    let it = Scene::on(bench, "ON_SIGNUP", &[json!({ "type": "DOUBLE_SIDED" })]).await;
    let door = it.page("?lang=en", "").await;
    assert!(door.text.contains("Ask us when that will be"), "{}", door.text);
    assert!(!door.text.contains("name=\"email\""));
    for path in ["/sign-in?lang=en", "/join?lang=en"] {
        let answer = it.form(path, "", "email=ada%40example.com&agreed=1").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    let settings = json!({ "settings": {
        "sender": { "fromName": "The Shop" },
        "contact": { "companyName": "The Shop Ltd", "addressLine1": "1 High Street",
                     "city": "Lyon", "country": "France" },
    } });
    it.bench.patch(&format!("{}/emails", it.campaign), settings).await.ok();
    assert!(it.page("?lang=en", "").await.text.contains("name=\"email\""));
}

#[tokio::test]
async fn r_me_12_whom_no_link_was_sent_is_not_forgotten() {
    let it = Scene::new().await;
    it.join("bob@example.com", "").await;
    it.run().await;
    it.wire("bob@example.com").await.ok();
    let unsent = "-- t
        UPDATE message SET state = 'SUPPRESSED', reason = 'SENDER_MISSING'
         WHERE kind = 'loginLink'";
    it.bench.write([sql!(unsent)]).await;
    it.bench.pass(Span::days(31));
    for _ in 0..2 {
        crate::engine::cron::run(&it.bench.app, &it.bench.call()).await;
        it.wire("bob@example.com").await.ok();
    }
}

#[tokio::test]
async fn r_me_11_a_form_that_does_not_say_which_terms_it_showed_is_asked_again() {
    let it = Scene::new().await;
    for terms in ["", "&terms=", "&terms=0"] {
        let form = format!("email=bob%40example.com&agreed=1{terms}");
        let asked = it.form("/join?lang=en", "", &form).await;
        assert_eq!(asked.status, StatusCode::BAD_REQUEST, "{terms}");
        assert!(asked.text.contains("The terms changed"), "{}", asked.text);
        it.run().await;
        it.wire("bob@example.com").await.fails(404);
    }
}
