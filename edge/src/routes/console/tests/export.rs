//! Lists as files.

use http::StatusCode;
use serde_json::json;
use shared::team::Role;

use super::seat::{Seat, console};
use crate::{bench::Bench, sql};

#[tokio::test]
async fn r_export_1_every_list_is_a_file_without_formulas() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let person = json!({ "email": "ada@example.com", "firstName": "=1+1", "lastName": "a,\"b" });
    let ada = bench.post(&format!("{campaign}/participant"), person).await.ok()["id"].clone();
    let ada = ada.as_str().unwrap();
    let bob = bench.add(&campaign, "bob", Some(ada)).await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/export", console(&campaign));
    seat.sends(&format!("{}/coupons", console(&campaign)), "act=pool&name=p&low=0").await;
    let upload = "act=upload&pool=p&once=1&codes=%3DB%0AA1";
    seat.sends(&format!("{}/coupons", console(&campaign)), upload).await;
    let file = async |list: &str| {
        let answer = seat.get(&format!("{path}/{list}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{list}: {}", answer.text);
        assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
        let text = answer.text.strip_prefix('\u{feff}').unwrap().to_owned();
        text.lines().map(Into::into).collect::<Vec<String>>()
    };
    let found = file("participants").await;
    assert_eq!(found.len(), 3);
    assert!(found[0].starts_with("id,email,firstName,lastName,joinedAt,"));
    let row = found.iter().find(|it| it.starts_with(ada)).unwrap();
    assert!(row.contains(",ada@example.com,\"'=1+1\",\"a,\"\"b\","), "{row}");
    assert_eq!(file("participants?q=bob").await.len(), 2);
    let found = file("referrals").await;
    assert!(found[1].starts_with(&format!("{bob},bob@example.com,{ada},ada@example.com,AWARDED,")));
    assert_eq!(file("referrals?status=held").await.len(), 1);
    assert_eq!(file("rewards?show=all").await.len(), 3);
    assert_eq!(file("rewards").await.len(), 1, "none waits");
    let found = file("coupons?pool=p").await;
    assert_eq!(found[1..], ["\"'=B\",,,,", "A1,,,,"]);
    assert!(file("decisions").await.iter().any(|it| it.contains(",CREDITED,QUALIFIED,")));
    for list in ["nonsense", "coupons", "coupons?pool=other", "referrals?q=nobody%40x.com"] {
        let answer = seat.get(&format!("{path}/{list}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{list}");
    }
    let reviewer = Seat::of(&bench, Role::Reviewer).await;
    assert_eq!(reviewer.get(&format!("{path}/rewards")).await.status, StatusCode::FORBIDDEN);
    let told = sql!("-- t\n SELECT count(*) AS n FROM audit WHERE act = 'LIST_EXPORTED'");
    assert_eq!(bench.number(told).await, 8, "whoever takes a list away is noted");
}

#[tokio::test]
async fn a_file_holds_every_row_once_however_many_there_are() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let id = campaign.rsplit('/').next().unwrap();
    bench
        .write([
            sql!(
                "-- t\n INSERT INTO participant (id, campaign, origin, source, created_at)
                 WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1233)
                 SELECT 'p-' || i, ?1, 'DIRECT', 'SERVER', i / 100 FROM n",
                id
            ),
            sql!(
                "-- t\n INSERT INTO person (subject, campaign, kind, email, identity, metadata,
                                        created_at)
                 SELECT id, campaign, 'PARTICIPANT', id || '@x.com', id || '@x.com', '{}', 0
                   FROM participant"
            ),
            sql!(
                "-- t\n INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
                 SELECT id, campaign, id, 'UNBOUND', '[]', '{}', 0 FROM participant"
            ),
        ])
        .await;
    let seat = Seat::owner(&bench).await;
    for list in
        ["participants", "participants?sort=referrals", "participants?sort=activity", "decisions"]
    {
        let text = seat.page(&format!("{}/export/{list}", console(&campaign))).await;
        let mut rows: Vec<&str> = text.lines().skip(1).collect();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!((rows.len(), text.lines().count()), (1_234, 1_235), "{list}");
    }
}
