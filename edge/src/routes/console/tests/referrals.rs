//! The list of referrals, and what is decided there.

use http::StatusCode;
use serde_json::json;
use shared::{team::Role, time::Span};

use super::seat::{HOSTILE, Seat, console, encoded, escapes};
use crate::{bench::Bench, sql};

/// The addresses of friends on a page, in their order.
fn friends(page: &str) -> String {
    let cells = page.split("data-column=\"Friend\"").skip(1);
    let names = cells.filter_map(|it| {
        let name = it.split("\">").nth(1)?.split("</a>").next()?;
        Some(name.split('@').next().unwrap_or_default().trim().to_owned())
    });
    names.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn referrals_are_listed_by_status_and_by_person() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/referrals", console(&campaign));
    assert!(seat.page(&format!("{path}?lang=en")).await.contains("No friend has come yet"));
    let ada = bench.add(&campaign, "ada", None).await;
    let mut ids = Vec::new();
    for name in ["bob", "cid", "dot", "eve", "fay"] {
        bench.pass(Span(1));
        ids.push(bench.add(&campaign, name, Some(&ada)).await);
    }
    bench.post(&format!("{campaign}/participant/{}/ref", ids[0]), json!({})).await.ok();
    for (id, outcome) in ids[1..4].iter().zip(["EXPIRED", "REJECTED", "HELD"]) {
        let set = sql!("-- t\n UPDATE referral SET outcome = ?2 WHERE friend = ?1", id, outcome);
        bench.write([set]).await;
    }
    let found = async |query: &str| friends(&seat.page(&format!("{path}?lang=en&{query}")).await);
    for (query, expected) in [
        ("", "fay eve dot cid bob"),
        ("status=pending", "fay"),
        ("status=counts", "bob"),
        ("status=expired", "cid"),
        ("status=rejected", "dot"),
        ("status=held", "eve"),
        ("status=reversed", ""),
        ("status=nonsense", "fay eve dot cid bob"),
        ("q=ada%40example.com", "fay eve dot cid bob"),
        ("q=ada%40example.com&status=held", "eve"),
        ("q=cid%40example.com", "cid"),
        ("q=nobody%40example.com", ""),
        ("q=%27", ""),
        ("by=browser", ""),
    ] {
        assert_eq!(found(query).await, expected, "{query}");
    }
    let other = bench.campaign("CUSTOM").await;
    let other = format!("{}/referrals?q={ada}", console(&other));
    assert_eq!(friends(&seat.page(&other).await), "");
}

#[tokio::test]
async fn a_referrer_is_noted_by_hand_once_and_the_form_is_mended() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", None).await;
    let other = bench.campaign("CUSTOM").await;
    let eve = bench.add(&other, "eve", None).await;
    let seat = Seat::of(&bench, Role::Reviewer).await;
    let path = format!("{}/referrals", console(&campaign));
    let hostile = encoded(HOSTILE);
    for (friend, referrer) in
        [(&bob, &bob), (&bob, &eve), (&bob, &hostile), (&hostile, &ada), (&eve, &ada)]
    {
        let form = format!("act=assign&friend={friend}&referrer={referrer}");
        let again = seat.post(&path, &form).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{form}");
        assert!(again.text.contains("id=\"f-friend-wrong\""));
        if form.contains(&hostile) {
            escapes(&again.text);
        }
    }
    let form = format!("act=assign&friend={bob}&referrer=ada%40example.com");
    assert!(seat.sends(&path, &form).await.ends_with("done=assigned"));
    assert!(seat.sends(&path, &form).await.ends_with("done=already"));
    let shown = bench.get(&format!("{campaign}/participant/{bob}")).await.ok();
    assert_eq!(shown["referredBy"], json!(ada));
    let told = sql!(
        "-- t\n SELECT count(*) AS n FROM audit WHERE by_id = 'REVIEWER'
        AND act = 'REFERRAL_ASSIGNED' AND subject = ?1",
        &bob
    );
    assert_eq!(bench.number(told).await, 1);
}

#[tokio::test]
async fn referrals_are_counted_accepted_and_rejected_by_hand() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    let path = format!("{}/referrals", console(&campaign));
    let seat = Seat::of(&bench, Role::Reviewer).await;
    let does = async |act: &str, who: &str| {
        let there = seat.sends(&path, &format!("act={act}&friend={who}&query=status%3Dheld")).await;
        there.rsplit("done=").next().unwrap().to_owned()
    };
    assert_eq!(does("accept", &bob).await, "not-held");
    assert_eq!(does("trigger", &bob).await, "awarded");
    assert_eq!(does("trigger", &bob).await, "already");
    assert_eq!(does("trigger", &ada).await, "not-referred");
    assert_eq!(does("trigger", "nobody").await, "unknown");
    // The third friend in an hour is looked at.
    let fraud = json!({ "fraud": { "maxFriendsPerHour": 1 } });
    bench.patch(&format!("{campaign}/options"), fraud).await.ok();
    let cid = bench.add(&campaign, "cid", Some(&ada)).await;
    let dot = bench.add(&campaign, "dot", Some(&ada)).await;
    let page = seat.page(&format!("{path}?status=held&lang=en")).await;
    assert_eq!(friends(&page).split(' ').count(), 2, "{page}");
    assert_eq!(does("accept", &cid).await, "accepted");
    assert_eq!(does("accept", &cid).await, "not-held");
    assert_eq!(does("reject", &dot).await, "rejected");
    assert_eq!(does("reject", &dot).await, "not-held");
    assert_eq!(friends(&seat.page(&format!("{path}?status=rejected&lang=en")).await), "dot");
    assert!(seat.get(&format!("{path}?done=rejected&lang=en")).await.text.contains("is rejected."));
    let wrong = seat.post(&path, &format!("act=nonsense&friend={bob}")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn after_a_decision_the_list_stands_as_it_was() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    let path = format!("{}/referrals", console(&campaign));
    let seat = Seat::of(&bench, Role::Reviewer).await;
    let asked = format!("q={ada}&status=pending&by=browser&after=9000000000000.0.zz");
    // The page's own forms hold it.
    let page = seat.page(&format!("{path}?{asked}")).await;
    let kept = page.split("name=\"query\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(kept.replace("&amp;", "&"), asked);
    for (act, friend, done) in [
        ("trigger", &*bob, "awarded"),
        ("accept", &bob, "not-held"),
        ("reject", "nobody", "unknown"),
    ] {
        let query = encoded(&format!("{asked}&evil=1"));
        let there = seat.sends(&path, &format!("act={act}&friend={friend}&query={query}")).await;
        assert_eq!(there, format!("{path}?{asked}&done={done}"));
    }
    let hostile = encoded("q=//evil.example&status=x&by=x&after=x");
    let there = seat.sends(&path, &format!("act=trigger&friend={bob}&query={hostile}")).await;
    assert_eq!(there, format!("{path}?q=%2F%2Fevil.example&done=already"));
}

#[tokio::test]
async fn many_held_referrals_are_decided_at_once() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "first", Some(&ada)).await;
    // Whoever comes after the first in an hour is looked at.
    let fraud = json!({ "fraud": { "maxFriendsPerHour": 1 } });
    bench.patch(&format!("{campaign}/options"), fraud).await.ok();
    let mut ids = Vec::new();
    for name in ["bob", "cid", "dot", "eve"] {
        ids.push(bench.add(&campaign, name, Some(&ada)).await);
    }
    let other = bench.campaign("CUSTOM").await;
    let seat = Seat::of(&bench, Role::Reviewer).await;
    let path = format!("{}/referrals", console(&campaign));
    let page = seat.page(&format!("{path}?status=held&lang=en")).await;
    assert_eq!(page.matches("type=\"checkbox\" name=\"friend\"").count(), 4, "{page}");
    let form = |act: &str, ids: &[String]| {
        let each: Vec<String> = ids.iter().map(|it| format!("&friend={it}")).collect();
        format!("many=1&act={act}&query=status%3Dheld{}", each.concat())
    };
    let foreign = format!("{}/referrals", console(&other));
    assert!(seat.sends(&foreign, &form("accept", &ids)).await.ends_with("done=accepted&count=0-4"));
    let there = seat.sends(&path, &form("accept", &ids[..2])).await;
    assert_eq!(there, format!("{path}?status=held&done=accepted&count=2-2"));
    assert!(seat.page(&format!("{there}&lang=en")).await.contains("2 / 2 accepted."));
    // Two are decided already.
    let there = seat.sends(&path, &form("reject", &ids)).await;
    assert!(there.ends_with("done=rejected&count=2-4"), "{there}");
    let told = seat.page(&format!("{there}&lang=en")).await;
    assert!(told.contains("2 / 4 rejected. The others are not in review any more."), "{told}");
    assert!(seat.sends(&path, &form("reject", &[])).await.ends_with("done=nothing"));
    let viewer = Seat::of(&bench, Role::Viewer).await;
    assert!(!viewer.page(&format!("{path}?status=held")).await.contains("name=\"friend\""));
    let rejected = sql!("-- t\n SELECT count(*) AS n FROM referral WHERE outcome = 'REJECTED'");
    assert_eq!(bench.number(rejected).await, 2);
}
