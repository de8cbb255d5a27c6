//! Imports, as members see them.

use http::{StatusCode, header};
use serde_json::{Value, json};
use shared::{team::Role, time::Span};

use super::seat::{HOSTILE, Seat, console, escapes};
use crate::{
    bench::Bench,
    engine::import as engine,
    sql,
    sql::DbError,
    store::{
        import_rows,
        imports::{self, KEPT},
    },
};

/// An import of a file, at its page, once its columns are to be chosen.
pub(super) async fn upload(seat: &Seat<'_>, campaign: &str, what: &str, file: &[u8]) -> String {
    let answer = seat.file(&format!("{}/import", console(campaign)), what, file).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

/// Goes on until the page is another; where it stands then.
pub(super) async fn steps(seat: &Seat<'_>, path: &str) -> String {
    for _ in 0..1_000 {
        let now = seat.post(path, "act=step&script=1").await.ok();
        let state = now["state"].as_str().unwrap();
        if !["CHECKING", "RUNNING"].contains(&state) {
            return state.into();
        }
    }
    panic!("{path} does not end");
}

pub(super) async fn import(seat: &Seat<'_>, path: &str, columns: &str) {
    seat.sends(path, &format!("act=check&{columns}")).await;
    assert_eq!(steps(seat, path).await, "CHECKED");
    seat.sends(path, "act=start").await;
    assert_eq!(steps(seat, path).await, "DONE");
}

/// The counts of an import.
pub(super) async fn counts(bench: &Bench) -> Value {
    let all = sql!(
        "-- t
         SELECT state, total, fresh, known, bad, done, added, failed FROM import
          ORDER BY created_at DESC, id DESC LIMIT 1"
    );
    let rows: Vec<Value> = bench.app.db.all(all).await.unwrap();
    rows[0].clone()
}

pub(super) async fn rows(bench: &Bench, table: &'static str) -> i64 {
    let all = crate::bench::kept(format!("-- t\n SELECT count(*) AS n FROM {table}"));
    bench.number(sql::Statement { sql: all, args: vec![] }).await
}

const FILE: &str = "E-mail;Prénom;Parrain;Formule\r\n\
                    friend@example.com;Zoé;ada@example.com;pro\r\n\
                    ada@example.com;Ada;;\r\n\
                    \r\n\
                    nobody;X;;\r\n\
                    known@example.com;Known;;basic\r\n\
                    FRIEND@example.com;Again;;\r\n\
                    lost@example.com;Lost;missing@example.com;\r\n";

#[tokio::test]
async fn r_import_4_a_dry_run_says_what_would_happen_and_changes_nothing() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    bench.add(&campaign, "known", None).await;
    let seat = Seat::owner(&bench).await;
    let path = upload(&seat, &campaign, "participants", FILE.as_bytes()).await;
    let page = seat.page(&format!("{path}?lang=en")).await;
    assert!(page.contains("for example friend@example.com"), "{page}");
    for (column, field) in [(0, "email"), (1, "firstName"), (2, "referredBy"), (3, "own")] {
        let select = page.split(&format!("name=\"column{column}\"")).nth(1).unwrap();
        let chosen = select.split(" selected").next().unwrap().rsplit("<option").next().unwrap();
        assert!(chosen.contains(&format!("value=\"{field}\"")), "{column}: {chosen}");
    }
    let (people, decisions, messages) = (
        rows(&bench, "participant").await,
        rows(&bench, "decision").await,
        rows(&bench, "message").await,
    );
    let columns = "column0=email&column1=firstName&column2=referredBy&column3=own";
    seat.sends(&path, &format!("act=check&{columns}")).await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    let found = counts(&bench).await;
    assert_eq!(
        found,
        json!({ "state": "CHECKED", "total": 6, "fresh": 2, "known": 1, "bad": 3, "done": 0,
                "added": 0, "failed": 0 })
    );
    assert_eq!(rows(&bench, "participant").await, people);
    assert_eq!(rows(&bench, "decision").await, decisions);
    assert_eq!(rows(&bench, "message").await, messages);

    // By row, column and reason, in both languages.
    let page = seat.page(&format!("{path}?lang=en")).await;
    for said in [
        "This is no e-mail address; one looks like name@example.com.",
        "The same address stands in row 2.",
        "Neither the programme nor a good row of this file has this referrer.",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let file = seat.page(&format!("{path}/bad.csv?lang=en")).await;
    let lines: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "Row,Column,What is wrong,E-mail,Prénom,Parrain,Formule");
    assert_eq!(lines.len(), 4);
    assert!(lines[1].starts_with("5,E-mail,") && lines[1].ends_with(",nobody,X,,"), "{file}");
    assert!(lines[2].starts_with("7,E-mail,") && lines[3].starts_with("8,Parrain,"), "{file}");
    let page = seat.page(&format!("{path}?lang=fr")).await;
    assert!(page.contains("La même adresse figure à la ligne 2."));

    // Other choices are looked at anew.
    seat.sends(&path, "act=check&column0=email").await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    let found = counts(&bench).await;
    assert_eq!((&found["fresh"], &found["bad"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn r_import_5_everybody_is_added_once_with_what_the_file_says() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let known = bench.add(&campaign, "known", None).await;
    let before = rows(&bench, "message").await;
    let seat = Seat::owner(&bench).await;
    let file = "id,email,firstName,lastName,referredBy,referralStatus,createdAt,language,plan,unsubscribed\n\
                ann,ann@example.com,Ann,A,bob@example.com,CREDIT_AWARDED,2025-01-31,fr,pro,\n\
                bob1,bob@example.com,Bob,B,,,,en-GB,,yes\n\
                cid,cid@example.com,,,ANN,CREDIT_EXPIRED,,,,\n\
                own-code,known@example.com,Other,,ann,,,fr,basic,\n";
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    let columns = "column0=code&column1=email&column2=firstName&column3=lastName&column4=referredBy\
                   &column5=status&column6=joinedAt&column7=language&column8=own&column9=unsubscribed";
    import(&seat, &path, &format!("{columns}&known=leave")).await;
    let get = async |who: &str| bench.get(&format!("{campaign}/participant/{who}")).await.ok();
    let [ann, bob, cid] = [get("ann").await, get("bob1").await, get("cid").await];
    assert_eq!((&ann["firstName"], &ann["metadata"]), (&json!("Ann"), &json!({ "plan": "pro" })));
    assert_eq!((&ann["language"], &ann["vanityKeys"]), (&json!("fr"), &json!(["ann"])));
    assert_eq!((&ann["referralSource"], &ann["referredBy"]), (&json!("IMPORT"), &bob["id"]));
    assert_eq!(ann["referralStatus"], "CREDIT_AWARDED");
    assert_eq!(ann["createdAt"].as_i64().map(|it| it / 86_400_000), Some(20_119));
    assert_eq!((&bob["language"], &bob["unsubscribed"]), (&json!("en"), &json!(true)));
    assert_eq!(
        (&cid["referredBy"], &cid["referralStatus"]),
        (&ann["id"], &json!("CREDIT_EXPIRED"))
    );
    // Who takes part already is left alone.
    let other = get(&known).await;
    assert_eq!((&other["firstName"], &other["vanityKeys"]), (&json!(null), &json!([])));
    let found = counts(&bench).await;
    assert_eq!((&found["done"], &found["added"]), (&json!(4), &json!(3)));
    // Nobody is written to, and nothing of the file is left.
    assert_eq!(rows(&bench, "message").await, before);
    assert_eq!(rows(&bench, "import_row").await, 0);

    // The same file again changes those who are known, if it is to.
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    import(&seat, &path, &format!("{columns}&known=update")).await;
    let other = get(&known).await;
    assert_eq!((&other["firstName"], &other["lastName"]), (&json!("Other"), &json!(null)));
    assert_eq!(
        (&other["language"], &other["metadata"]),
        (&json!("fr"), &json!({ "plan": "basic" }))
    );
    assert_eq!((&other["vanityKeys"], &other["referredBy"]), (&json!(["own-code"]), &json!(null)));
    assert_eq!(get("ann").await, ann);
    let found = counts(&bench).await;
    assert_eq!((&found["known"], &found["added"]), (&json!(4), &json!(0)));
}

#[tokio::test]
async fn r_import_6_a_second_press_a_race_and_a_kill_do_no_row_twice() {
    let mut bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let row = |n: usize| {
        let referrer = if n.is_multiple_of(3) { "" } else { "p0@example.com" };
        format!("p{n}@example.com,{referrer},awarded\n")
    };
    let file =
        format!("email,parrain,referralStatus\n{}", (0..60).map(row).collect::<Vec<_>>().concat());
    let seat = Seat::owner(&bench).await;
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    seat.sends(&path, "act=check&column0=email&column1=referredBy&column2=status").await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    for _ in 0..2 {
        seat.sends(&path, "act=start").await;
    }
    let session = bench.seat(crate::store::members::OWNER).await;
    let step = || {
        let form = format!("csrf={}&act=step&script=1", bench.csrf(&session));
        bench.form(&path, &session, &form)
    };
    // Those who hold no lease do nothing.
    let answers = bench.at_once((0..20).map(|_| step())).await;
    assert!(answers.iter().all(|it| it.status == StatusCode::OK));
    assert_eq!(steps(&seat, &path).await, "DONE");
    assert_eq!(rows(&bench, "participant").await, 60);
    // The process ends in the middle of it: of the second import, a part is done.
    let file = file.replace('p', "q");
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    seat.sends(&path, "act=check&column0=email&column1=referredBy&column2=status").await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    seat.sends(&path, "act=start").await;
    let id = path.rsplit('/').next().unwrap();
    let campaign_id = campaign.rsplit('/').next().unwrap();
    let it = imports::find(&bench.app.db, campaign_id, id).await.unwrap().unwrap();
    assert!(engine::go_on(&bench.app, &bench.call(), &it, 25).await.unwrap());
    assert_eq!(counts(&bench).await["done"], 25);
    // What is done is not done again, whoever holds the lease.
    let done = sql!("-- t\n SELECT min(row) AS n FROM import_row WHERE state = 'DONE'");
    let done = u32::try_from(bench.number(done).await).unwrap();
    let again = bench.app.db.batch(import_rows::done(id, done)).await;
    assert_eq!(again, Err(DbError::Constraint));
    bench.write([imports::lease(id, bench.now.get())]).await;
    bench.restart();
    let seat = Seat::owner(&bench).await;
    let now = seat.post(&path, "act=step&script=1").await.ok();
    assert_eq!((&now["state"], &now["done"]), (&json!("RUNNING"), &json!(25)));
    bench.pass(Span::seconds(15));
    assert_eq!(steps(&seat, &path).await, "DONE");
    assert_eq!(rows(&bench, "participant").await, 120);
    assert_eq!(rows(&bench, "referral").await, 80);
    assert_eq!(rows(&bench, "conversion").await, 80);
    let found = counts(&bench).await;
    assert_eq!(
        (&found["done"], &found["added"], &found["failed"]),
        (&json!(60), &json!(60), &json!(0))
    );
    // Once it is over, nothing of the page does anything.
    for act in ["start", "step", "cancel", "check&column0=email"] {
        seat.sends(&path, &format!("act={act}")).await;
    }
    assert_eq!(counts(&bench).await, found);
}

#[tokio::test]
async fn r_import_6_the_cron_goes_on_with_what_nobody_looks_at() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let file = (0..500).map(|n| format!("p{n}@example.com\n")).collect::<Vec<_>>().concat();
    let seat = Seat::owner(&bench).await;
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    seat.sends(&path, "act=check&column0=email").await;
    assert!(seat.page(&path).await.contains("data-state=\"CHECKING\""));
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    assert_eq!(counts(&bench).await["state"], "CHECKED");
    seat.sends(&path, "act=start").await;
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    let found = counts(&bench).await;
    assert_eq!((&found["state"], &found["added"]), (&json!("DONE"), &json!(500)));
}

#[tokio::test]
async fn r_import_7_what_was_uploaded_is_gone_with_the_end_and_after_a_day() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let path = upload(&seat, &campaign, "participants", FILE.as_bytes()).await;
    assert_eq!(rows(&bench, "import_row").await, 6);
    seat.sends(&path, "act=cancel").await;
    assert_eq!(rows(&bench, "import_row").await, 0);
    assert_eq!(counts(&bench).await["state"], "CANCELLED");
    upload(&seat, &campaign, "participants", FILE.as_bytes()).await;
    bench.pass(Span(KEPT.0 - 1));
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    assert_eq!(rows(&bench, "import_row").await, 6);
    bench.pass(Span(1));
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    assert_eq!(
        (rows(&bench, "import_row").await, &counts(&bench).await["state"]),
        (0, &json!("EXPIRED"))
    );
    assert_eq!(rows(&bench, "import").await, 2);
    bench.pass(Span::days(402));
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    assert_eq!((rows(&bench, "import").await, rows(&bench, "import_flaw").await), (0, 0));
}

#[tokio::test]
async fn r_import_7_erasure_reaches_the_rows_of_files() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    for name in ["ann", "bob"] {
        bench.add(&campaign, name, None).await;
    }
    let seat = Seat::owner(&bench).await;
    let file = "email,parrain\nANN@example.com,\nfriend@example.com,bob@example.com\n";
    upload(&seat, &campaign, "participants", file.as_bytes()).await;
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    seat.sends(&path, "act=check&column0=email&column1=referredBy").await;
    assert_eq!(steps(&seat, &path).await, "CHECKED");
    bench.delete(&format!("{campaign}/participant/ann@example.com")).await.ok();
    assert_eq!(rows(&bench, "import_row").await, 2);
    bench.delete(&format!("{campaign}/participant/bob@example.com")).await.ok();
    // Where the columns are known, the friend is still imported, without them.
    assert_eq!(rows(&bench, "import_row WHERE cells LIKE '%bob%'").await, 0);
    assert_eq!(rows(&bench, "import_row").await, 1);
    seat.sends(&path, "act=start").await;
    assert_eq!(steps(&seat, &path).await, "DONE");
    let friend = bench.get(&format!("{campaign}/participant/friend@example.com")).await.ok();
    assert_eq!(friend["referredBy"], Value::Null);
}

#[tokio::test]
async fn r_import_8_customers_are_hashed_before_anything_is_written() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let sha = "5d5a6d9c7b07a1bb3b0e9b6b3c1fd4e0a2cf5ed4f8a8c7de18c8dbe1c9e9f4a1";
    let file =
        format!("nom,courriel\nAnn,ann@example.com\nX,{sha}\nY,none\nZ,Ann@Example.com\n,\n");
    let path = upload(&seat, &campaign, "customers", file.as_bytes()).await;
    for secret in ["ann", "Ann", sha, "none"] {
        let found = crate::bench::kept(format!("import_row WHERE cells LIKE '%{secret}%'"));
        assert_eq!(rows(&bench, found).await, 0, "{secret}");
    }
    let page = seat.page(&format!("{path}?lang=en")).await;
    assert!(
        page.contains("an address (made unreadable)") && !page.contains("First name"),
        "{page}"
    );
    import(&seat, &path, "column1=email").await;
    let found = counts(&bench).await;
    assert_eq!(
        (&found["fresh"], &found["known"], &found["bad"]),
        (&json!(2), &json!(1), &json!(1))
    );
    let known = bench.get(&format!("{campaign}/customers")).await.ok();
    assert_eq!(known["count"], 2);
    // The same list over REST finds them known.
    bench.post(&format!("{campaign}/customers"), json!({ "hashes": [sha] })).await.ok();
    assert_eq!(bench.get(&format!("{campaign}/customers")).await.ok()["count"], 2);
}

#[tokio::test]
async fn r_import_9_an_import_writes_to_nobody_unless_it_is_asked_to_and_then_slowly() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("ON_SIGNUP").await;
    let on = json!({ "settings": { "emails": { "addedByHand": true } } });
    let _ = bench.patch(&format!("{campaign}/emails"), on).await;
    bench
        .write([sql!(
            "-- t\n INSERT OR IGNORE INTO mail_kind VALUES (?1, 'addedByHand')",
            campaign.rsplit('/').next().unwrap()
        )])
        .await;
    let seat = Seat::owner(&bench).await;
    let file = "email,parrain\nada@example.com,\nbob@example.com,ada@example.com\n";
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    import(&seat, &path, "column0=email&column1=referredBy").await;
    assert_eq!(rows(&bench, "referral").await, 1);
    assert_eq!(rows(&bench, "message").await, 0);
    let file = "email\ncid@example.com\ndan@example.com\neve@example.com\nada@example.com\n";
    let path = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    import(&seat, &path, "column0=email&welcome=1").await;
    assert_eq!(rows(&bench, "message WHERE kind = 'addedByHand'").await, 3);
    let span = sql!("-- t\n SELECT max(due_at) - min(due_at) AS n FROM message");
    assert_eq!(bench.number(span).await, 6_000);
}

#[tokio::test]
async fn r_import_1_a_file_comes_in_pieces_that_may_be_sent_twice() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/import", console(&campaign));
    let begun = seat.post(&path, "what=participants&pieces=1").await.ok();
    let path = format!("{path}/{}", begun["id"].as_str().unwrap());
    assert!(seat.page(&path).await.contains("data-from=\"0\""));
    let file = "\u{feff}email\nann@example.com\nbob@example.com".as_bytes();
    let piece = async |from: usize, end: usize| {
        let last = end == file.len();
        let path = format!("{path}/piece?from={from}&last={last}");
        let answer = seat.piece(&path, &file[from..end]);
        usize::try_from(answer.await.ok()["from"].as_u64().unwrap()).unwrap()
    };
    let next = piece(0, 20).await;
    assert_eq!(next, 9);
    assert_eq!(piece(0, 30).await, next);
    assert_eq!(piece(20, 30).await, next);
    let next = piece(next, 30).await;
    assert_eq!(next, 25);
    assert_eq!(piece(next, file.len()).await, file.len());
    assert_eq!(piece(next, file.len()).await, file.len());
    let found = counts(&bench).await;
    assert_eq!((&found["state"], &found["total"]), (&json!("UPLOADED"), &json!(2)));
    let answer = seat.piece(&format!("{path}/piece?from=x"), b"a").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let large = vec![b'a'; 300 * 1024 + 1];
    assert_eq!(
        seat.piece(&format!("{path}/piece?from=0"), &large).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn r_import_2_what_is_wrong_with_a_file_or_its_columns_is_said_beside_them() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/import?lang=en", console(&campaign));
    assert!(seat.page(&path).await.contains("Nothing was imported yet."));
    for (what, file, said) in [
        ("participants", &b""[..], "Choose a file that is not empty."),
        ("people", b"email\n", "Choose what is in the file."),
        ("participants", b"email\n", "The file has no rows."),
        ("participants", b"email\n\"ann", "Row 2 has no end"),
        ("customers", b"\xff\xfee\0", "This is no CSV file."),
    ] {
        let answer = seat.file(&path, what, file).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{said}");
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
    let head = HOSTILE.replace('"', "\"\"");
    let file = format!("\"{head}\",email,\nx,ann@example.com,=1+1\n,bad,=1+1\n");
    let there = upload(&seat, &campaign, "participants", file.as_bytes()).await;
    escapes(&seat.page(&there).await);
    for (columns, said) in [
        ("column0=own", "One column has to hold the e-mail addresses."),
        ("column0=email&column1=email", "Two columns cannot mean the same. email"),
    ] {
        let answer = seat.post(&format!("{there}?lang=en"), &format!("act=check&{columns}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text.contains(said), "{said}");
    }
    seat.sends(&there, "act=check&column1=email&column2=own").await;
    assert_eq!(steps(&seat, &there).await, "CHECKED");
    let file = seat.page(&format!("{there}/bad.csv")).await;
    assert!(file.contains("\"'=1+1\"") && !file.contains(",=1+1"), "{file}");
    assert_eq!(seat.post(&there, "act=nonsense").await.status, StatusCode::BAD_REQUEST);
    // Other campaigns, other numbers, other roles.
    let other = bench.campaign("CUSTOM").await;
    let id = there.rsplit('/').next().unwrap();
    for missing in
        [format!("{}/import/{id}", console(&other)), format!("{}/import/none", console(&campaign))]
    {
        assert_eq!(seat.get(&missing).await.status, StatusCode::NOT_FOUND);
    }
    let viewer = Seat::of(&bench, Role::Viewer).await;
    assert_eq!(viewer.get(&there).await.status, StatusCode::FORBIDDEN);
    let page = viewer.page(&format!("{}/participants", console(&campaign))).await;
    assert!(!page.contains("/import\""), "{page}");
}
