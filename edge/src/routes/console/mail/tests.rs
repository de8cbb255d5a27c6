//! What a member sees and does about e-mail.

use axum::body::Body;
use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use shared::{email::Email, team::Role};

use crate::{
    bench::{Answer, Bench},
    platform::Mail,
    sql,
    store::members,
};

struct Console {
    bench: Bench,
    session: String,
    campaign: String,
}

impl Console {
    async fn open(bench: Bench) -> Self {
        let campaign = bench.campaign("CUSTOM").await;
        let session = bench.seat(members::OWNER).await;
        let campaign = campaign.rsplit('/').next().unwrap().to_owned();
        Self { bench, session, campaign }
    }

    async fn get(&self, path: &str) -> Answer {
        let path = format!("/console/{}/mail{path}", self.campaign);
        let mut request = self.bench.request(Method::GET, &path, Body::empty());
        let cookie = format!("__Host-prn-console={}", self.session);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        self.bench.send(request).await
    }

    /// How often the settings were changed, as the page's form holds it.
    async fn revision(&self) -> String {
        let page = self.get("").await.text;
        let revision = page.split("name=\"revision\" value=\"").nth(1).unwrap();
        revision.split('"').next().unwrap().to_owned()
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        let revision = self.revision().await;
        self.post_at(&revision, path, form).await
    }

    async fn post_at(&self, revision: &str, path: &str, form: &str) -> Answer {
        let path = format!("/console/{}/mail{path}", self.campaign);
        let csrf = self.bench.csrf(&self.session);
        let form = format!("csrf={csrf}&revision={revision}&{form}");
        self.bench.send(self.bench.form(&path, &self.session, &form)).await
    }

    async fn wire(&self) -> Value {
        self.bench.get(&format!("/v2/campaign/{}/emails", self.campaign)).await.ok()
    }
}

#[tokio::test]
async fn the_owner_says_who_writes_and_switches_mail_on() {
    let console = Console::open(Bench::new().await).await;
    let page = console.get("?lang=en").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in
        ["Nothing is sent by itself yet", "E-mails stay on this machine", "A reward is yours"]
    {
        assert!(page.text.contains(part), "{part}");
    }
    let form = "isEnabled=1&language=fr&sender.fromName=La+Boutique&contact.city=Lyon\
                &sender.replyToEmail=us%40shop.example";
    let saved = console.post("", form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let settings = console.wire().await["settings"].clone();
    assert_eq!(settings["isEnabled"], true);
    assert_eq!(
        (&settings["language"], &settings["sender"]["fromName"]),
        (&json!("fr"), &json!("La Boutique"))
    );
    assert_eq!(settings["contact"]["city"], "Lyon");
    assert!(console.get("?lang=fr&saved=1").await.text.contains("Enregistré."));

    // It is in the log, without the address.
    let logged = sql!("-- t\n SELECT act, by_id, after FROM audit WHERE act = 'MAIL_CHANGED'");
    let logged: Vec<Value> = console.bench.app.db.all(logged).await.unwrap();
    assert_eq!((logged.len(), &logged[0]["by_id"]), (1, &json!("owner")));
    let after = logged[0]["after"].as_str().unwrap();
    assert!(after.contains("La Boutique") && !after.contains("us@"), "{after}");

    let wrong = console.post("?lang=en", "sender.replyToEmail=x&sender.fromName=Kept").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("value=\"Kept\"") && wrong.text.contains("Address for answers:"));
    assert_eq!(console.wire().await["settings"], settings);
}

#[tokio::test]
async fn of_two_who_say_who_writes_the_second_sees_what_the_first_did() {
    let console = Console::open(Bench::new().await).await;
    let old = console.revision().await;
    let first = console.post_at(&old, "", "sender.fromName=First").await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = console.post_at(&old, "?lang=en", "sender.fromName=Second").await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text.contains("Somebody changed this meanwhile."), "{}", second.text);
    assert!(second.text.contains("value=\"Second\""), "what was typed stays");
    assert_eq!(console.wire().await["settings"]["sender"]["fromName"], "First");
    console.post("", "sender.fromName=Second").await;
    assert_eq!(console.wire().await["settings"]["sender"]["fromName"], "Second");
    let none = console.post_at("", "", "sender.fromName=Third").await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn r_mail_4_it_is_said_plainly_that_nobody_can_sign_in() {
    let mail = Mail::stub(crate::mail::Carrier::Resend("k".into()), "http://127.0.0.1:9");
    let console = Console::open(Bench::with_mail("https://link.example", mail).await).await;
    let overview = async |console: &Console| {
        let path = format!("/console/{}?lang=en", console.campaign);
        let mut request = console.bench.request(Method::GET, &path, Body::empty());
        let cookie = format!("__Host-prn-console={}", console.session);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        console.bench.send(request).await.text
    };
    let said = "No participant can sign in";
    assert!(overview(&console).await.contains(said));
    assert!(console.get("?lang=en").await.text.contains(said));
    let form = "sender.fromName=Shop&contact.companyName=Shop&contact.addressLine1=1+High+Street\
                &contact.city=Lyon&contact.country=France";
    assert_eq!(console.post("", form).await.status, StatusCode::SEE_OTHER);
    assert!(!overview(&console).await.contains(said));
    let console = Console::open(Bench::new().await).await;
    assert!(!overview(&console).await.contains(said), "in the folder it can be read");
}

#[tokio::test]
async fn r_mail_5_a_member_sends_so_many_tests_in_an_hour_and_each_is_in_the_log() {
    let console = Console::open(Bench::new().await).await;
    let path = "/goalAchieved?of=en&lang=en";
    let test = async || console.post(path, "act=test&to=me%40example.com").await.status;
    for _ in 0..20 {
        assert_eq!(test().await, StatusCode::SEE_OTHER);
    }
    assert_eq!(test().await, StatusCode::TOO_MANY_REQUESTS);
    let logged = sql!("-- t\n SELECT after FROM audit WHERE act = 'MAIL_TESTED'");
    let logged: Vec<Value> = console.bench.app.db.all(logged).await.unwrap();
    assert_eq!(logged.len(), 20);
    assert!(!logged[0]["after"].as_str().unwrap().contains("me@"));
    console.bench.pass(shared::time::Span::hours(2));
    assert_eq!(test().await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nothing_real_is_switched_on_before_it_is_known_who_writes() {
    let mail = Mail::stub(crate::mail::Carrier::Resend("k".into()), "http://127.0.0.1:9");
    let console = Console::open(Bench::with_mail("https://link.example", mail).await).await;
    let refused = console.post("?lang=en", "isEnabled=1&sender.fromName=Shop").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("Company: is required"), "{}", refused.text);
    assert_eq!(console.wire().await["settings"]["isEnabled"], false);
    // Where mail is carried away there is no inbox.
    assert_eq!(console.get("/inbox").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_mail_5_a_text_is_previewed_kept_refused_tried_and_reset() {
    let console = Console::open(Bench::new().await).await;
    let path = "/goalAchieved?of=en&lang=en";
    let subject = async || console.wire().await["goalAchieved"]["subject"].clone();
    let original = subject().await;
    let page = console.get(path).await;
    assert!(page.text.contains("Yours: €10 of credit") && page.text.contains("{{couponCode}}"));

    let typed = "subject=Bravo+%7B%7BfirstName%7D%7D&preheader=&body=**Here**+it+is";
    let shown = console.post(path, &format!("act=preview&{typed}")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text.contains("Bravo Ada") && shown.text.contains("<strong>Here</strong>"));
    assert_eq!(subject().await, original);
    assert_eq!(
        console.post(path, &format!("act=save&{typed}")).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(subject().await, "Bravo {{firstName}}");

    let broken = console.post(path, "act=save&subject=Ha&body=a%0A%7B%7Btypo%7D%7D").await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert!(broken.text.contains("line 2: nothing is called “typo” here"), "{}", broken.text);
    assert!(broken.text.contains("value=\"Ha\""), "what was typed stays");
    let french =
        console.post("/goalAchieved?of=en&lang=fr", "act=save&subject=Ha&body=%7B%7Btypo%7D%7D");
    let french = french.await.text;
    assert!(french.contains("ligne 1\u{a0}: rien ne s’appelle «\u{a0}typo\u{a0}» ici"), "{french}");
    assert_eq!(subject().await, "Bravo {{firstName}}");

    let tried = console.post(path, "act=test&to=me%40example.com").await;
    assert_eq!(tried.status, StatusCode::SEE_OTHER);
    let inbox = console.get("/inbox").await;
    assert!(inbox.text.contains("[Test] Bravo Ada") && inbox.text.contains("me@example.com"));
    let nowhere = console.post(path, "act=test&to=me").await;
    assert_eq!(nowhere.status, StatusCode::BAD_REQUEST);

    console.post(path, "act=off").await;
    assert_eq!(console.wire().await["goalAchieved"]["isEnabled"], false);
    console.post(path, "act=on").await;
    assert_eq!(console.wire().await["goalAchieved"]["isEnabled"], true);
    console.post(path, "act=reset").await;
    assert_eq!(subject().await, original);
    for kind in ["nothing", "memberInvitation", "freeForm"] {
        assert_eq!(console.get(&format!("/{kind}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn r_mail_15_the_owner_switches_the_reminder_on_and_says_after_how_many_days() {
    let console = Console::open(Bench::new().await).await;
    let path = "/followUpReminder?of=en&lang=en";
    let wire = async || {
        let it = &console.wire().await["followUpReminder"];
        (it["isEnabled"].clone(), it["delayDays"].clone())
    };
    assert_eq!(wire().await, (json!(false), json!(3)));
    assert_eq!(console.post(path, "act=on").await.status, StatusCode::SEE_OTHER);
    for wrong in ["1", "31", "x", ""] {
        let page = console.post(path, &format!("act=days&days={wrong}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{wrong}");
        let shown = format!("required value=\"{wrong}\" aria-invalid=\"true\"");
        assert!(page.text.contains(&shown), "{}", page.text);
    }
    for days in ["2", "30"] {
        let kept = console.post(path, &format!("act=days&days={days}")).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{days}");
    }
    assert_eq!(wire().await, (json!(true), json!(30)));
    // Who writes is another matter; and no other message waits.
    console.post("", "language=fr").await;
    assert_eq!(wire().await, (json!(true), json!(30)));
    assert!(!console.get("/goalAchieved?lang=en").await.text.contains("name=\"days\""));
    console.post("/goalAchieved?of=en", "act=days&days=9").await;
    assert_eq!(wire().await, (json!(true), json!(30)));
    assert_eq!(console.post(path, "act=off").await.status, StatusCode::SEE_OTHER);
    assert_eq!(wire().await, (json!(false), json!(30)));
}

#[tokio::test]
async fn what_became_of_messages_is_listed_page_by_page() {
    let console = Console::open(Bench::new().await).await;
    assert!(console.get("/sent?lang=en").await.text.contains("Nothing yet."));
    console.post("", "isEnabled=1").await;
    for n in 0..51 {
        console
            .bench
            .add(&format!("/v2/campaign/{}", console.campaign), &format!("p{n}"), None)
            .await;
    }
    console.bench.mail().await;
    let page = console.get("/sent?lang=en").await.text;
    assert_eq!(page.matches("<tr role=\"row\">").count(), 51);
    assert!(page.contains("p50@example.com") && !page.contains("p0@example.com"));
    let link = page.split("/mail/sent?before=").nth(1).unwrap().split('"').next().unwrap();
    let page = console.get(&format!("/sent?before={link}")).await.text;
    assert!(page.contains("p0@example.com") && !page.contains("/mail/sent?before="));
}

#[tokio::test]
async fn who_only_looks_gets_no_form_and_no_inbox() {
    let mut console = Console::open(Bench::new().await).await;
    let email = Email::parse("v@team.example").unwrap();
    let now = console.bench.now.get();
    console.bench.write(members::insert("v", Role::Viewer, &email, members::OWNER, now)).await;
    console.session = console.bench.seat("v").await;
    let page = console.get("?lang=en").await.text;
    assert!(page.contains("The owner of this installation decides who writes."));
    assert!(!page.contains("/mail/inbox"));
    let page = console.get("/goalAchieved?lang=en").await.text;
    assert!(!page.contains("value=\"save\"") && page.contains("readonly"));
}
