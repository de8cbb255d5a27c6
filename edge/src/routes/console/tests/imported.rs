//! What imports bring and leave, as members and participants see it.

use serde_json::json;

use super::{
    import::{counts, import, rows, steps, upload},
    seat::{Seat, console},
};
use crate::{bench::Bench, sql, sql::Statement};
use shared::time::Span;

const COLUMNS: &str = "column0=email&column1=referredBy&column2=status";

/// A file of friends of ada's, each with a status.
fn friends(rows: &[(&str, &str)]) -> String {
    let each = rows.iter().map(|(who, status)| format!("{who},ada@example.com,{status}\n"));
    format!("email,parrain,referralStatus\n{}", each.collect::<String>())
}

async fn held(bench: &Bench) -> i64 {
    rows(bench, "referral WHERE outcome = 'HELD'").await
}

#[tokio::test]
async fn r_import_5_friends_of_a_file_are_no_crowd_and_leave_room_for_those_who_come() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let fraud = json!({ "maxFriendsPerHour": 5, "maxFriendsPerDay": 20 });
    bench.patch(&format!("{campaign}/options"), json!({ "fraud": fraud })).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let seat = Seat::owner(&bench).await;
    let names: Vec<String> = (0..30).map(|n| format!("p{n}@example.com")).collect();
    let file = friends(&names.iter().map(|it| (it.as_str(), "AWARDED")).collect::<Vec<_>>());
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    import(&seat, &path, COLUMNS).await;
    let found = counts(&bench).await;
    assert_eq!((&found["added"], &found["failed"]), (&json!(30), &json!(0)));
    assert_eq!((rows(&bench, "referral").await, held(&bench).await), (30, 0));
    for n in 0..5 {
        bench.add(&campaign, &format!("true{n}"), Some(&ada)).await;
    }
    assert_eq!(held(&bench).await, 0);
    bench.add(&campaign, "sixth", Some(&ada)).await;
    assert_eq!(held(&bench).await, 1);
}

#[tokio::test]
async fn r_import_6_a_row_that_others_are_always_first_to_keeps_no_other_back() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let file =
        "email,parrain\nstuck@example.com,\nann@example.com,\nbob@example.com,ann@example.com\n";
    let older = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    seat.sends(&older, "act=check&column0=email&column1=referredBy").await;
    assert_eq!(steps(&seat, &older).await, "CHECKED");
    seat.sends(&older, "act=start").await;
    let younger = upload(&seat, &campaign, "participants", b"email\ncid@example.com\n").await;
    seat.sends(&younger, "act=check&column0=email").await;
    let first = Statement {
        sql: "-- t
              CREATE TRIGGER first AFTER INSERT ON person WHEN NEW.identity LIKE 'stuck@%'
              BEGIN SELECT raise(ABORT, 'constraint failed: others'); END",
        args: vec![],
    };
    bench.write([first]).await;
    // The cron comes to the younger one all the same.
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    assert_eq!(counts(&bench).await["state"], "CHECKED");
    assert_eq!(steps(&seat, &older).await, "DONE");
    let all = sql!("-- t\n SELECT done * 10 + failed AS n FROM import ORDER BY created_at LIMIT 1");
    assert_eq!(bench.number(all).await, 21);
    let bob = bench.get(&format!("{campaign}/participant/bob@example.com")).await.ok();
    assert!(bob["referredBy"].is_string(), "{bob}");
}

#[tokio::test]
async fn r_import_5_only_what_a_file_calls_awarded_is_credited() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    bench.add(&campaign, "ada", None).await;
    let seat = Seat::owner(&bench).await;
    let file = friends(&[
        ("bob@example.com", "AWARDED"),
        ("cid@example.com", ""),
        ("dot@example.com", "PENDING"),
        ("eve@example.com", "EXPIRED"),
        ("ada@example.com", "PENDING"),
    ]);
    let file = file.replace("ada@example.com,ada@example.com", "ada@example.com,");
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    seat.sends(&path, &format!("act=check&{COLUMNS}")).await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    let credits = sql!("-- t\n SELECT credits AS n FROM import");
    assert_eq!(bench.number(credits.clone()).await, 1);
    let page = seat.page(&format!("{path}?lang=en")).await;
    assert!(page.contains("<dt>of them, referrals credited at once</dt><dd>1</dd>"), "{page}");
    // Without that column none is.
    seat.sends(&path, "act=check&column0=email&column1=referredBy").await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    assert_eq!(bench.number(credits).await, 0);
    import(&seat, &path, COLUMNS).await;
    let status = async |who: &str| {
        let found = bench.get(&format!("{campaign}/participant/{who}@example.com")).await.ok();
        found["referralStatus"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(status("bob").await, "CREDIT_AWARDED");
    assert_eq!(status("cid").await, "CREDIT_PENDING");
    assert_eq!(status("dot").await, "CREDIT_PENDING");
    assert_eq!(status("eve").await, "CREDIT_EXPIRED");
    assert_eq!((rows(&bench, "conversion").await, rows(&bench, "reward").await), (1, 2));
}

#[tokio::test]
async fn r_import_10_a_review_pays_for_nothing_that_was_before_the_file() {
    for trigger in ["CUSTOM", "ON_SIGNUP"] {
        let bench = Bench::new().await;
        let lead = json!({ "type": "SINGLE_SIDED", "event": "LEAD" });
        let rules = if trigger == "CUSTOM" {
            vec![lead, json!({ "type": "DOUBLE_SIDED" })]
        } else {
            vec![json!({ "type": "DOUBLE_SIDED" })]
        };
        let campaign = bench.campaign_with(trigger, &rules).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let seat = Seat::owner(&bench).await;
        let statuses = ["AWARDED", "", "PENDING", "EXPIRED"];
        // Each twice: once as anybody, and once held.
        let names = statuses.map(|it| {
            let name = if it.is_empty() { "none".into() } else { it.to_lowercase() };
            [format!("{name}@example.com"), format!("{name}@mailinator.com")]
        });
        let each = names.iter().zip(statuses);
        let each = each.flat_map(|(it, status)| [(&*it[0], status), (&*it[1], status)]);
        let file = friends(&each.collect::<Vec<_>>());
        let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
        import(&seat, &path, COLUMNS).await;
        // What the file calls expired is, held or not.
        assert_eq!(held(&bench).await, 3, "{trigger}");
        let earned = async |who: &str| {
            let all = "-- t
                SELECT count(*) AS n FROM reward AS w JOIN person AS p ON p.subject = w.friend
                 WHERE p.identity = ?1";
            bench.number(sql!(all, who)).await
        };
        let status = async |who: &str| {
            let found = bench.get(&format!("{campaign}/participant/{who}")).await.ok();
            found["referralStatus"].as_str().unwrap().to_owned()
        };
        for it in &names {
            assert_eq!(earned(&it[1]).await, 0, "{it:?}");
        }
        let accept = json!({ "review": "ACCEPT" });
        for it in &names {
            for _ in 0..2 {
                bench.pass(Span(1));
                bench.post(&format!("{campaign}/participant/{}/ref", it[1]), accept.clone()).await;
            }
        }
        // Whoever was held stands as whoever was not: of those only one was awarded.
        let expected = [i64::try_from(rules.len()).unwrap() + 1, 0, 0, 0];
        for (it, expected) in names.iter().zip(expected) {
            assert_eq!(earned(&it[0]).await, expected, "{trigger} {it:?}");
            assert_eq!(earned(&it[1]).await, expected, "{trigger} {it:?}");
            assert_eq!(status(&it[0]).await, status(&it[1]).await, "{trigger} {it:?}");
        }
        // What they do after the import counts, once, for either; but not that they came.
        for (it, more) in names.iter().zip([0, 2, 2, 0]) {
            for who in it {
                let before = earned(who).await;
                for _ in 0..2 {
                    bench.pass(Span(1));
                    bench.post(&format!("{campaign}/participant/{who}/ref"), json!({})).await;
                }
                assert_eq!(earned(who).await - before, more, "{trigger} {who}");
            }
        }
        // Who comes now is paid for as ever, held or not.
        for who in ["now@example.com", "now@mailinator.com"] {
            let person = json!({ "email": who, "referredBy": ada });
            bench.post(&format!("{campaign}/participant"), person).await.ok();
        }
        bench.pass(Span(1));
        let path = format!("{campaign}/participant/now@mailinator.com/ref");
        bench.post(&path, accept).await.ok();
        let expected = if trigger == "CUSTOM" { 1 } else { 2 };
        assert_eq!(earned("now@example.com").await, expected);
        assert_eq!(earned("now@mailinator.com").await, expected);
    }
}

#[tokio::test]
async fn r_import_10_a_lead_of_somebody_a_file_just_brought_is_no_sign_up_told_twice() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let seat = Seat::owner(&bench).await;
    let path = upload(&seat, &campaign, "participants", b"email\nold@example.com\n").await;
    import(&seat, &path, "column0=email").await;
    let body = json!({
        "campaign": campaign.rsplit('/').next().unwrap(), "token": bench.token(&campaign, &ada),
        "lead": { "email": "old@example.com", "elapsed": 9_000 },
    });
    let mut request = bench.request(http::Method::POST, "/_p/lead", body.to_string());
    let origin = "https://shop.example".parse().unwrap();
    request.headers_mut().insert(http::header::ORIGIN, origin);
    bench.send(request).await;
    crate::engine::jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
    let old = bench.get(&format!("{campaign}/participant/old@example.com")).await.ok();
    assert_eq!(old["referredBy"], serde_json::Value::Null);
    assert_eq!(rows(&bench, "reward").await, 0);
}

#[tokio::test]
async fn r_import_9_what_a_file_earned_is_not_told_when_a_hold_or_a_review_is_over() {
    for (welcome, told) in [("", false), ("&welcome=1", true)] {
        let bench = Bench::new().await;
        let rule = json!({ "type": "DOUBLE_SIDED", "holdDays": 1 });
        let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
        let on = json!({
            "settings": { "isEnabled": true }, "welcomeNonReferred": { "isEnabled": false },
            "welcomeReferred": { "isEnabled": false }, "addedByHand": { "isEnabled": false },
        });
        bench.patch(&format!("{campaign}/emails"), on).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        let seat = Seat::owner(&bench).await;
        let file = friends(&[("bob@example.com", "AWARDED"), ("cid@mailinator.com", "AWARDED")]);
        let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
        import(&seat, &path, &format!("{COLUMNS}{welcome}")).await;
        assert_eq!(held(&bench).await, 1);
        let told_of = async || {
            let mail = bench.mail().await;
            mail.iter().filter(|it| it[0] == "ada@example.com").count()
        };
        assert_eq!(told_of().await != 0, told);
        bench.pass(Span(1));
        let path = format!("{campaign}/participant/cid@mailinator.com/ref");
        let accepted = bench.post(&path, json!({ "review": "ACCEPT" })).await.ok();
        assert_eq!(accepted["success"], true, "{accepted}");
        told_of().await;
        bench.pass(Span::days(2));
        let before = told_of().await;
        assert_eq!(before != 0, told);
        assert_eq!(rows(&bench, "reward WHERE approved_at IS NOT NULL").await, 4);
        // What comes after the file is told as of everybody.
        bench.add(&campaign, "eve", Some(&ada)).await;
        assert!(before < told_of().await);
    }
}

#[tokio::test]
async fn r_import_9_who_asked_for_no_mail_elsewhere_gets_none_whoever_was_first() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    bench.add(&campaign, "known", None).await;
    let seat = Seat::owner(&bench).await;
    let file = "email,unsubscribed\nknown@example.com,yes\nlate@example.com,oui\n";
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    seat.sends(&path, "act=check&column0=email&column1=unsubscribed&known=leave").await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    bench.add(&campaign, "late", None).await;
    seat.sends(&path, "act=start").await;
    assert_eq!(steps(&seat, &path).await, "DONE");
    for who in ["known", "late"] {
        let found = bench.get(&format!("{campaign}/participant/{who}@example.com")).await.ok();
        assert_eq!(found["unsubscribed"], true, "{who}");
    }
}

#[tokio::test]
async fn r_import_7_what_stands_for_names_of_columns_goes_with_the_rows() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let named = async |text: &str| {
        let like = crate::bench::kept(format!("import WHERE heads LIKE '%{text}%'"));
        rows(&bench, like).await
    };
    let file = b"email,Ann Martin\nann@example.com,x\n";
    for (act, state) in [("cancel", "CANCELLED"), ("start", "DONE")] {
        let path = upload(&seat, &campaign, "participants", file).await;
        assert_eq!(named("Ann Martin").await, 1);
        seat.sends(&path, "act=check&column0=email").await;
        assert_eq!(steps(&seat, &path).await, "CHECKED");
        seat.sends(&path, &format!("act={act}")).await;
        steps(&seat, &path).await;
        assert_eq!(counts(&bench).await["state"], state);
        assert_eq!(named("Ann Martin").await, 0);
    }
    assert_eq!(named("email").await, 2);
    upload(&seat, &campaign, "participants", file).await;
    bench.pass(crate::store::imports::KEPT);
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    assert_eq!(named("Ann Martin").await, 0);
    // The session ended with the day.
    let seat = Seat::owner(&bench).await;
    upload(&seat, &campaign, "customers", file).await;
    assert_eq!(named("Ann Martin").await, 0);
    let ann = json!({ "email": "ann2@example.com", "firstName": "ANN martin" });
    bench.post(&format!("{campaign}/participant"), ann).await.ok();
    upload(&seat, &campaign, "participants", file).await;
    bench.delete(&format!("{campaign}/participant/ann2@example.com")).await.ok();
    assert_eq!(named("Ann Martin").await, 0);
}

#[tokio::test]
async fn r_import_7_erasure_finds_an_address_however_it_is_spelt() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ann = json!({ "email": "élodie@bücher.example" });
    bench.post(&format!("{campaign}/participant"), ann.clone()).await.ok();
    let seat = Seat::owner(&bench).await;
    let file =
        "email,parrain\nÉLODIE@xn--bcher-kva.example,\nbob@example.com,Élodie@Bücher.example\n";
    upload(&seat, &campaign, "participants", file.as_bytes()).await;
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    seat.sends(&path, "act=check&column0=email&column1=referredBy").await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    bench.delete(&format!("{campaign}/participant/élodie@bücher.example")).await.ok();
    let left = "import_row WHERE cells LIKE '%cher%' OR spelt LIKE '%cher%'";
    assert_eq!(rows(&bench, left).await, 0);
    assert_eq!(rows(&bench, "import_row WHERE cells LIKE '%bob%'").await, 1);
}

#[tokio::test]
async fn r_import_3_the_file_of_mistakes_has_all_of_them() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let bad = (0..1_100).map(|n| format!("wrong{n}\n")).collect::<String>();
    let path = upload(&seat, &campaign, "participants", format!("email\n{bad}").as_bytes()).await;
    assert!(path.starts_with(&console(&campaign)));
    seat.sends(&path, "act=check&column0=email").await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    let file = seat.page(&format!("{path}/bad.csv?lang=en")).await;
    assert_eq!(file.lines().count(), 1_101);
    assert!(file.trim_end().ends_with(",wrong1099"), "{}", &file[file.len() - 200..]);
}
