//! What the team is told.

use super::*;

async fn member(bench: &Bench, id: &str, role: Role) -> String {
    let email = Email::parse(&format!("{id}@example.com")).unwrap();
    bench.write(members::insert(id, role, &email, members::OWNER, bench.now.get())).await;
    bench.seat(id).await
}

async fn page(bench: &Bench, session: &str) -> String {
    let mut request = bench.request(Method::GET, "/console/me?lang=en", axum::body::Body::empty());
    let cookie = format!("__Host-prn-console={session}");
    request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
    bench.send(request).await.text
}

#[tokio::test]
async fn r_mail_14_a_member_gets_the_messages_of_their_work_that_they_did_not_refuse() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("ON_SIGNUP").await;
    let manual = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), manual).await.ok();
    let ann = member(&bench, "ann", Role::Manager).await;
    let bea = member(&bench, "bea", Role::Reviewer).await;
    let viewer = member(&bench, "vic", Role::Viewer).await;
    let say = async |session: &str, form: &str| {
        let form = format!("csrf={}&{form}", bench.csrf(session));
        let answer = bench.send(bench.form("/console/me/messages", session, &form)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    };
    let ticked = async |session: &str, name: &str| {
        let box_of = format!("name=\"{name}\" value=\"1\"");
        let page = page(&bench, session).await;
        page.contains(&box_of).then(|| page.contains(&format!("{box_of} checked")))
    };
    // Each by their role; whoever runs the machine has no address here.
    assert_eq!(ticked(&ann, "rewardWaits").await, Some(true));
    assert_eq!(ticked(&ann, "couponsLow").await, Some(true));
    assert_eq!(ticked(&bea, "couponsLow").await, None);
    assert_eq!(ticked(&viewer, "rewardWaits").await, None);
    let owner = bench.seat(members::OWNER).await;
    assert_eq!(ticked(&owner, "rewardWaits").await, None);

    say(&ann, "couponsLow=1").await;
    assert_eq!(ticked(&ann, "rewardWaits").await, Some(false));
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    // Refused after it was written, it is not sent, either.
    say(&bea, "").await;
    bench.pass(Span::minutes(15));
    let mail = bench.mail().await;
    assert!(to(&mail, "ann").is_empty() && to(&mail, "bea").is_empty(), "{mail:?}");
    let told: Vec<Row> = rows(&bench).await;
    let told: Vec<_> = told.iter().filter(|it| it.kind == "rewardWaits").collect();
    assert_eq!((told.len(), told[0].subject.as_str()), (1, "bea"));
    assert_eq!(told[0].reason.as_deref(), Some("UNSUBSCRIBED"));
    // Taken back, for the next day; the second time changes nothing.
    for _ in 0..2 {
        say(&ann, "couponsLow=1&rewardWaits=1&memberSignInLink=1").await;
    }
    let acts = "-- t\n SELECT count(*) AS n FROM audit WHERE act = 'OWN_MESSAGES_CHOSEN'";
    assert_eq!(bench.number(sql!(acts)).await, 3);
    bench.pass(Span::days(1));
    bench.add(&campaign, "cid", Some(&ada)).await;
    bench.pass(Span::minutes(15));
    assert_eq!(to(&bench.mail().await, "ann").len(), 1);
}
