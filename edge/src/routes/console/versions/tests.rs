//! Tests of versions.

use http::StatusCode;
use serde_json::json;
use shared::time::Span;

use crate::{
    routes::console::settings::tests::{Seat, goes, value},
    store::versions::{self, SETTINGS, TEXTS},
};

/// Subjects and makers of all versions, oldest first.
async fn all(seat: &Seat) -> Vec<(String, String)> {
    let mut found = versions::page(&seat.bench.app.db, &seat.id, None, 100).await.unwrap();
    found.reverse();
    let numbers: Vec<i64> = found.iter().map(|it| it.number).collect();
    assert_eq!(numbers, (1..=i64::try_from(found.len()).unwrap()).collect::<Vec<_>>());
    found.into_iter().map(|it| (it.subject, it.by_kind)).collect()
}

#[tokio::test]
async fn r_settings_5_every_version_is_kept_with_who_and_when() {
    let seat = Seat::new("CUSTOM").await;
    let (bench, campaign) = (&seat.bench, &seat.campaign);
    let made = all(&seat).await;
    // The bench made it by its key: the rule and the settings, then three changes of settings.
    let kinds: Vec<&str> = made.iter().map(|it| it.1.as_str()).collect();
    assert_eq!(kinds, ["KEY"; 5], "{made:?}");
    let rule = made.iter().find(|it| it.0.starts_with("crew_")).unwrap().0.clone();
    assert_eq!(made.iter().filter(|it| it.0 == SETTINGS).count(), 4);

    bench.pass(Span::minutes(1));
    let page = seat.get("/settings?lang=en").await.text;
    let revision = value(&page, "revision");
    let budget = [("part", "budget"), ("revision", &*revision), ("sure", "1")];
    let more = [("options.budget.rewards", "100"), ("options.budget.amount", "")];
    goes(&seat.post("/settings", &[budget.as_slice(), &more].concat()).await, "saved");
    let path = format!("{campaign}/reward-configs/{rule}");
    bench.patch(&path, json!({ "limit": 3 })).await.ok();
    let texts = [("revision", "0"), ("en.intro", "Hello"), ("sure", "1")];
    goes(&seat.post("/card", &texts).await, "saved");
    bench.delete(&path).await.ok();
    let by = |subject: &str, kind: &str| (subject.to_owned(), kind.to_owned());
    let expected =
        [by(SETTINGS, "MEMBER"), by(&rule, "KEY"), by(TEXTS, "MEMBER"), by(&rule, "KEY")];
    assert_eq!(all(&seat).await.split_off(5), expected);

    let list = seat.get("/versions").await.text;
    for part in [
        "Version 9",
        "the machine’s owner",
        "<dt>At most so many rewards in all</dt><dd><del>not set</del> → <ins class=\"kept\">100</ins>",
        "<dt>At most so often for one person</dt><dd><del>not set</del> → <ins class=\"kept\">3</ins>",
        ">retired<",
        ">made<",
        "At most 3 times in all.",
    ] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let french = seat.get("/versions?lang=fr").await.text;
    assert!(french.contains("<del>non défini</del>"), "{french}");
    let older = seat.get("/versions?before=3").await.text;
    assert!(older.contains("Version 2") && !older.contains("Version 3"), "{older}");
}

#[tokio::test]
async fn r_settings_6_a_version_is_looked_at_as_it_stood() {
    let seat = Seat::new("CUSTOM").await;
    let rules = format!("{}/reward-configs", seat.campaign);
    let rule = seat.bench.get(&rules).await.ok()["rewards"][0]["id"].clone();
    let path = format!("{rules}/{}", rule.as_str().unwrap());
    seat.bench.patch(&path, json!({ "limit": 3 })).await.ok();
    let settings =
        json!({ "budget": { "rewards": 100 }, "fraud": { "blockedEmails": ["*@x.example"] } });
    seat.bench.patch(&format!("{}/options", seat.campaign), settings).await.ok();
    seat.bench.delete(&path).await.ok();
    let at = async |number: i64| seat.get(&format!("/versions/{number}?lang=en")).await.text;
    let (old, limited, budgeted, gone) = (at(5).await, at(6).await, at(7).await, at(8).await);
    assert!(old.contains("you get: a coupon.") && !old.contains("At most 3 times"), "{old}");
    assert!(limited.contains("At most 3 times in all."), "{limited}");
    let most = "<dt>At most so many rewards in all</dt><dd class=\"kept\">";
    assert!(limited.contains(&format!("{most}not set")), "{limited}");
    assert!(budgeted.contains(&format!("{most}100")), "{budgeted}");
    assert!(budgeted.contains("1 entries (list") && !budgeted.contains("x.example"), "{budgeted}");
    assert!(gone.contains("No rule was in force."), "{gone}");
    for missing in ["9", "0", "-1", "x", "99999999999999999999", "9223372036854775807"] {
        let answer = seat.get(&format!("/versions/{missing}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
    let other = seat.bench.campaign("CUSTOM").await;
    let other = Seat { id: other.rsplit('/').next().unwrap().into(), ..seat };
    assert!(!other.get("/versions").await.text.contains("Version 6"));
}

#[tokio::test]
async fn r_settings_5_what_was_written_past_the_list_is_noted_with_the_next_change() {
    let seat = Seat::new("CUSTOM").await;
    let forget = crate::sql!("-- t\n DELETE FROM version");
    seat.bench.write([forget]).await;
    let born = seat.bench.now.get();
    seat.bench.pass(Span::days(1));
    seat.bench.patch(&seat.campaign, json!({ "name": "Friends" })).await.ok();
    let found = versions::page(&seat.bench.app.db, &seat.id, None, 9).await.unwrap();
    let said: Vec<_> = found.iter().map(|it| (it.number, it.by_kind.as_str())).collect();
    assert_eq!(said, [(2, "KEY"), (1, "NOBODY")]);
    assert_eq!(found[1].at, born);
    assert!(found[0].before.as_deref().unwrap().contains("Referral programme"));
}
