//! The page of a participant, and what is done there.

use http::StatusCode;
use serde_json::json;
use shared::{team::Role, time::Span};

use super::seat::{Seat, console};
use crate::{bench::Bench, sql};

#[tokio::test]
async fn what_is_to_be_taken_along_has_a_button_that_copies_it() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let seat = Seat::owner(&bench).await;
    let console = console(&campaign);
    let key = "form=a&name=Back+end&scopes[team:read]=1&days=30";
    let invited = "email=eve%40example.com&language=en&consent=1";
    for (name, page) in [
        ("dossier", seat.get(&format!("{console}/participants/{ada}")).await),
        ("secret", seat.get(&format!("{console}/customer-sign-in")).await),
        ("key", seat.post("/console/keys", key).await),
        ("invitation", seat.post(&format!("{console}/invite"), invited).await),
    ] {
        assert_eq!(page.status, StatusCode::OK, "{name}: {}", page.text);
        assert!(page.text.contains("src=\"/copy.js\""), "{name}");
        let button = "<button type=\"button\" hidden data-copy=\"";
        let copied = page.text.split(button).nth(1).and_then(|it| it.split('"').next());
        let shown = page.text.split("class=\"copyable\">").nth(1).unwrap();
        assert!(
            copied.is_some_and(|it| shown.contains(&format!(">{it}</code>"))),
            "{name} {shown}"
        );
    }
}

#[tokio::test]
async fn a_person_is_said_to_speak_a_language_by_its_name() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let person = json!({ "email": "ada@example.com", "language": "fr" });
    bench.post(&format!("{campaign}/participant"), person).await.ok();
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/participants/ada@example.com?lang=en", console(&campaign));
    let page = seat.page(&path).await;
    assert!(page.contains("<dd>Français</dd>") && !page.contains("<dd>fr</dd>"), "{page}");
}

#[tokio::test]
async fn a_page_tells_all_that_happened() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let manual = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), manual).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    bench.post(&format!("{campaign}/participant/{bob}/ref"), json!({})).await.ok();
    bench
        .write([
            sql!("-- t\n INSERT INTO share VALUES ('1', 'x', ?1, 'whatsapp', 5)", &ada),
            sql!(
                "-- t\n INSERT INTO click_day (campaign, participant, day, impressions, uniques)
                 SELECT campaign, id, 20000, 31, 7 FROM participant WHERE id = ?1",
                &ada
            ),
        ])
        .await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/participants", console(&campaign));
    let page = seat.page(&format!("{path}/{ada}?lang=en")).await;
    for text in ["ada@example.com", "bob@example.com", "WhatsApp", ">31<", "Approve", &bob] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let page = seat.page(&format!("{path}/bob@example.com?lang=fr")).await;
    for text in ["Toutes les conditions du programme", "Cette personne a donné un code personnel."]
    {
        assert!(page.contains(text), "{text}");
    }
    assert!(page.contains("ada@example.com"), "who referred them");
    let other = bench.campaign("CUSTOM").await;
    for path in [
        format!("{}/participants/{ada}", console(&other)),
        format!("{path}/nobody"),
        format!("{path}/%FF"),
        format!("{}/participants/{ada}/erase", console(&other)),
        format!("{}/participants/{ada}/export", console(&other)),
    ] {
        assert_eq!(seat.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for act in ["note", "block", "code", "erase"] {
        let path = format!("{}/participants/{ada}/{act}", console(&other));
        let answer = seat.post(&path, "note=x&code=x&block=1&sure=x").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
    }
}

#[tokio::test]
async fn who_may_only_look_sees_no_form_of_what_they_may_not() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let path = format!("{}/participants/{ada}", console(&campaign));
    let viewer = Seat::of(&bench, Role::Viewer).await.page(&path).await;
    for act in ["/note\"", "/block\"", "/code\"", "/erase\"", "/export\"", "/referrals\" "] {
        assert!(!viewer.contains(&format!("{ada}{act}")), "{act}");
    }
    let reviewer = Seat::of(&bench, Role::Reviewer).await.page(&path).await;
    assert!(reviewer.contains("/note\"") && !reviewer.contains("/block\""));
}

#[tokio::test]
async fn notes_are_kept_once_and_erased_with_the_person() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let seat = Seat::of(&bench, Role::Reviewer).await;
    let page = format!("{}/participants/{ada}", console(&campaign));
    let path = format!("{page}/note");
    for _ in 0..2 {
        seat.sends(&path, "note=Rang+up+on+Monday").await;
    }
    let shown = seat.page(&page).await;
    assert_eq!(shown.matches("Rang up on Monday").count(), 1);
    assert!(shown.contains("REVIEWER@team.example"));
    for note in ["", "+++", &"x".repeat(2_001)] {
        let again = seat.post(&path, &format!("note={note}")).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST);
        assert!(again.text.contains(note.trim_matches('+')));
    }
    let id = shown.split("name=\"remove\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for _ in 0..2 {
        seat.sends(&path, &format!("remove={id}")).await;
    }
    assert!(!seat.page(&page).await.contains("Rang up"));
    seat.sends(&path, "note=Again").await;
    bench.delete(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM note")).await, 0);
    let told = sql!("-- t\n SELECT count(*) AS n FROM audit WHERE after LIKE '%Again%'");
    assert_eq!(bench.number(told).await, 0, "the log holds no note");
}

#[tokio::test]
async fn a_blocked_link_brings_nothing_until_it_is_unblocked() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let seat = Seat::of(&bench, Role::Manager).await;
    let page = format!("{}/participants/{ada}", console(&campaign));
    let path = format!("{page}/block");
    let referred = async |name: &str| {
        let bob = bench.add(&campaign, name, Some(&ada)).await;
        bench.get(&format!("{campaign}/participant/{bob}")).await.ok()["referredBy"].clone()
    };
    for _ in 0..2 {
        assert!(seat.sends(&path, "block=1").await.ends_with("?done=blocked"));
    }
    assert!(seat.page(&format!("{page}?lang=en")).await.contains(">blocked<"));
    assert_eq!(referred("bob").await, json!(null));
    bench.pass(Span(1));
    for _ in 0..2 {
        assert!(seat.sends(&path, "block=0").await.ends_with("?done=unblocked"));
    }
    assert_eq!(referred("cid").await, json!(ada));
    let told = sql!("-- t\n SELECT count(*) AS n FROM audit WHERE act LIKE 'PARTICIPANT_%BLOCKED'");
    assert_eq!(bench.number(told).await, 2, "what changed nothing is not told");
}

#[tokio::test]
async fn a_code_of_their_own_is_free_and_no_number() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", None).await;
    let seat = Seat::owner(&bench).await;
    let page = format!("{}/participants/{ada}", console(&campaign));
    let path = format!("{page}/code");
    for _ in 0..2 {
        seat.sends(&path, "code=Ada-Shop").await;
    }
    assert!(seat.page(&page).await.contains("https://link.example/r/ada-shop"));
    seat.sends(&path, "code=ada2").await;
    let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!(shown["vanityKeys"], json!(["ada-shop", "ada2"]));
    bench.get(&format!("{campaign}/participant/ada-shop")).await.ok();
    let other = format!("{}/participants/{bob}/code", console(&campaign));
    for taken in ["ada-shop", &ada, "a b", "", &"x".repeat(21), "é"] {
        let again = seat.post(&other, &format!("code={taken}")).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{taken}");
        assert!(again.text.contains("id=\"f-code-wrong\""), "{taken}");
    }
}

#[tokio::test]
async fn somebody_is_erased_only_for_sure_and_twice_is_once() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/participants/{ada}/erase", console(&campaign));
    assert!(seat.page(&path).await.contains("ada@example.com"));
    for form in ["", "sure=yes"] {
        assert_eq!(seat.post(&path, form).await.status, StatusCode::BAD_REQUEST);
    }
    bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    for _ in 0..2 {
        let there = seat.sends(&path, &format!("sure={ada}")).await;
        assert!(there.ends_with("/participants?done=erased"));
    }
    bench.get(&format!("{campaign}/participant/{ada}")).await.fails(404);
    assert_eq!(seat.get(&path).await.status, StatusCode::NOT_FOUND);
    let list = seat.page(&format!("{}/participants", console(&campaign))).await;
    assert!(!list.contains("ada@example.com"));
}

#[tokio::test]
async fn a_persons_data_are_a_file_without_other_peoples() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/participants/{ada}/export", console(&campaign));
    let file = seat.get(&path).await;
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let data = file.ok();
    assert_eq!(data["email"], "ada@example.com");
    assert_eq!(data["referrals"][0]["friend"], json!(bob));
    assert_eq!(data["rewards"].as_array().unwrap().len(), 1);
    assert!(!data.to_string().contains("bob@example.com"));
    let reviewer = Seat::of(&bench, Role::Reviewer).await;
    assert_eq!(reviewer.get(&path).await.status, StatusCode::FORBIDDEN);
}
