//! The list of participants, as members see it.

use http::StatusCode;
use serde_json::json;
use shared::{team::Role, time::Span};

use super::seat::{HOSTILE, Seat, console, encoded, escapes};
use crate::{bench::Bench, sql};

/// The addresses before the `@` on a page, in their order.
fn names(page: &str) -> Vec<String> {
    let links = page.split("/participants/").skip(1);
    let texts = links.filter_map(|it| it.split_once("\">")?.1.split_once("</a>"));
    texts.filter(|it| it.0.contains('@')).map(|it| it.0.split('@').next().unwrap().into()).collect()
}

#[tokio::test]
async fn participants_are_searched_filtered_and_sorted() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/participants", console(&campaign));
    assert!(seat.page(&format!("{path}?lang=en")).await.contains("Nobody takes part yet"));
    let ada = bench.add(&campaign, "ada", None).await;
    bench.pass(Span::days(1));
    bench.add(&campaign, "amy", None).await;
    bench.pass(Span::days(1));
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.pass(Span::days(2));
    let cid = bench.add(&campaign, "cid", None).await;
    let add = json!({ "email": "dot@example.com", "firstName": "Dorothée", "lastName": "Du Bois" });
    bench.post(&format!("{campaign}/participant"), add).await.ok();
    bench.post(&format!("{campaign}/participant/bob@example.com/ref"), json!({})).await.ok();
    bench.write([sql!("-- t\n UPDATE participant SET blocked_at = 1 WHERE id = ?1", &cid)]).await;
    let seat = Seat::owner(&bench).await;
    let found = async |query: &str| names(&seat.page(&format!("{path}?{query}")).await).join(" ");
    let mut all: Vec<String> = found("").await.split(' ').map(Into::into).collect();
    all.sort();
    // Who has a name is shown by it.
    assert_eq!(all, ["ada", "amy", "bob", "cid"]);
    for (query, expected) in [
        ("q=ada", "ada"),
        ("q=ADA%40ex", "ada"),
        ("q=zzz", ""),
        ("show=referrers", "ada"),
        ("show=friends", "bob"),
        ("show=blocked", "cid"),
        ("show=review", ""),
        ("show=waiting", ""),
        ("show=nonsense&sort=nonsense&after=nonsense&q=bob", "bob"),
        ("from=hand", ""),
        ("from=site&q=ada", "ada"),
        ("q=%27%3B--", ""),
        ("q=%25", ""),
    ] {
        assert_eq!(found(query).await, expected, "{query}");
    }
    assert_eq!(found(&format!("q={ada}")).await, "ada");
    for query in ["q=doroth", "q=du+bois", "q=DU", "q=doroth%C3%A9e+du+b"] {
        let page = seat.page(&format!("{path}?{query}")).await;
        assert!(page.contains("Dorothée Du Bois"), "{query}");
    }
    assert_eq!(found("sort=referrals").await.split(' ').next(), Some("ada"));
    // Ada brought a friend after Amy joined.
    let last = found("sort=activity").await;
    assert_eq!(last.rsplit(' ').next(), Some("amy"), "{last}");
    let other = bench.campaign("CUSTOM").await;
    assert!(names(&seat.page(&format!("{}/participants?q=ada", console(&other))).await).is_empty());
    assert_eq!(seat.get("/console/nobody/participants").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_go_on_where_they_ended_in_every_order() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    for n in 0..60 {
        if n % 7 == 0 {
            bench.pass(Span::hours(5));
        }
        bench.add(&campaign, &format!("p{n}"), (n < 3).then_some(ada.as_str())).await;
    }
    bench.write([sql!("-- t\n UPDATE participant SET blocked_at = 1")]).await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/participants", console(&campaign));
    for query in ["", "sort=referrals", "sort=activity", "show=blocked&sort=activity", "q=p"] {
        let (mut found, mut after, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = seat.page(&format!("{path}?{query}{after}")).await;
            found.extend(names(&page));
            pages += 1;
            let main = page.split("<main").nth(1).unwrap();
            let next = main.split("after=").nth(1).and_then(|it| it.split('"').next());
            let Some(next) = next else { break };
            after = format!("&after={next}");
        }
        let expected = if query == "q=p" { 60 } else { 61 };
        found.sort();
        found.dedup();
        assert_eq!((found.len(), pages), (expected, 3), "{query}");
    }
}

#[tokio::test]
async fn what_people_typed_is_shown_as_text() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let person = json!({
        "email": "a@example.com", "firstName": HOSTILE, "metadata": { "plan": HOSTILE },
    });
    let added = bench.post(&format!("{campaign}/participant"), person).await.ok();
    let id = added["id"].as_str().unwrap();
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/participants", console(&campaign));
    escapes(&seat.page(&path).await);
    let hostile = encoded(HOSTILE);
    escapes(&seat.page(&format!("{path}?q={hostile}")).await);
    escapes(&seat.page(&format!("{path}/{id}")).await);
    for form in [
        format!("name={hostile}{}&query=q%3D{hostile}", "x".repeat(60)),
        format!("name={hostile}&query=q%3D{}", encoded(&hostile)),
    ] {
        let answer = seat.post(&format!("{path}/views"), &form).await;
        assert!(!answer.text.contains("<script>alert"));
    }
    escapes(&seat.page(&path).await);
    let form = format!("email={hostile}&firstName={hostile}&referrer={hostile}");
    let again = seat.post(&format!("{path}/add"), &form).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    escapes(&again.text);
    for act in ["note", "code"] {
        let form = format!("note={hostile}&code={hostile}");
        let answer = seat.post(&format!("{path}/{id}/{act}"), &form).await;
        assert!(!answer.text.contains("<script>alert"));
    }
    escapes(&seat.page(&format!("{path}/{id}")).await);
}

#[tokio::test]
async fn r_team_13_nobody_is_added_by_hand_who_was_not_asked() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let seat = Seat::of(&bench, Role::Manager).await;
    let base = console(&campaign);
    let form = "email=bob%40example.com&firstName=Bob&language=fr";
    for path in ["participants/add", "invite"] {
        let again = seat.post(&format!("{base}/{path}"), form).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(again.text.contains("id=\"consent-about\""), "{path}: {}", again.text);
        assert!(again.text.contains("value=\"Bob\""), "{path}: {}", again.text);
    }
    bench.get(&format!("{campaign}/participant/bob@example.com")).await.fails(404);
    seat.sends(&format!("{base}/participants/add"), &format!("{form}&consent=1")).await;
    bench.get(&format!("{campaign}/participant/bob@example.com")).await.ok();
}

#[tokio::test]
async fn a_member_adds_somebody_once_and_keeps_what_was_typed() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.pass(Span(1));
    let seat = Seat::of(&bench, Role::Manager).await;
    let path = format!("{}/participants/add", console(&campaign));
    assert!(seat.page(&format!("{path}?lang=en")).await.contains("Add a participant"));
    for (form, field) in [
        ("email=nonsense&firstName=Bo", "f-email"),
        ("email=bob%40example.com&firstName=Bo&referrer=nobody", "f-referrer"),
        (&format!("email=bob%40example.com&lastName=Bo{}", "x".repeat(255)), "f-lastName"),
    ] {
        let again = seat.post(&path, form).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{form}");
        assert!(again.text.contains(&format!("id=\"{field}-wrong\"")), "{form} {}", again.text);
        assert!(again.text.contains("value=\"Bo"), "{form}");
    }
    let form =
        "email=bob%40example.com&firstName=Bob&referrer=ada%40example.com&language=fr&consent=1";
    let there = seat.sends(&path, form).await;
    let id = there.rsplit('/').next().unwrap().split('?').next().unwrap();
    let bob = bench.get(&format!("{campaign}/participant/{id}")).await.ok();
    assert_eq!(
        (&bob["referralSource"], &bob["referredBy"], &bob["language"], &bob["referralStatus"]),
        (&json!("MANUAL"), &json!(ada), &json!("fr"), &json!("CREDIT_AWARDED"))
    );
    assert!(seat.page(&there).await.contains("bob@example.com"));
    // Sent twice: nothing is changed, and the page says who it is.
    let again = seat.post(&path, form).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.text.contains(&format!("/participants/{id}\"")));
    // Somebody who was here before does not become added by hand.
    seat.post(&path, "email=ada%40example.com&consent=1").await;
    let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!(shown["referralSource"], "DIRECT");
    let told = sql!(
        "-- t\n SELECT count(*) AS n FROM audit WHERE by_id = 'MANAGER'
        AND act = 'PARTICIPANT_ADDED'"
    );
    assert_eq!(bench.number(told).await, 1);
}

#[tokio::test]
async fn a_view_is_kept_by_its_member_replaced_and_forgotten() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/participants", console(&campaign));
    let views = format!("{path}/views");
    let form = "name=Busy+ones&query=q%3Dada%26show%3Dreferrers%26sort%3Dreferrals%26evil%3D1";
    for _ in 0..2 {
        let there = seat.sends(&views, form).await;
        assert_eq!(there, format!("{path}?show=referrers&sort=referrals&done=kept"));
    }
    // It is said that what was searched for is not kept.
    let note = "What you searched for is not";
    assert!(seat.page(&format!("{path}?q=ada&lang=en")).await.contains(note));
    assert!(!seat.page(&format!("{path}?show=friends&lang=en")).await.contains(note));
    let page = seat.page(&path).await;
    assert_eq!(page.matches(">Busy ones</a>").count(), 1);
    assert!(page.contains("href=\"?show=referrers&amp;sort=referrals\""));
    seat.sends(&views, "name=Busy+ones&query=").await;
    assert!(!seat.page(&path).await.contains("href=\"?show=referrers&amp;sort=referrals\""));
    for name in ["", "+", &"x".repeat(61)] {
        let again = seat.post(&views, &format!("name={name}&query=")).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{name}");
    }
    let viewer = Seat::of(&bench, Role::Viewer).await;
    assert!(!viewer.page(&path).await.contains("Busy ones"));
    viewer.sends(&views, "remove=Busy+ones").await;
    assert!(seat.page(&path).await.contains("Busy ones"), "it is another member's");
    for _ in 0..2 {
        seat.sends(&views, "remove=Busy+ones").await;
    }
    assert!(!seat.page(&path).await.contains("Busy ones"));
}
