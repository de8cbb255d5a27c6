//! Whoever refuses messages gets none.

use super::*;

#[tokio::test]
async fn r_mail_6_one_click_unsubscribes_for_good_and_beyond_erasure() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.mail().await;
    let link = refusal(&bench, "ada");
    assert!(link.contains("/NOTICE/") && !link.contains('@'), "{link}");
    // Who only looks changes nothing.
    let page = bench.get(&link).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<form method=\"post\">"), "{}", page.text);
    bench.add(&campaign, "bob", Some(&ada)).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 2);

    assert_eq!(click(&bench, &link, "List-Unsubscribe=One-Click").await, 200);
    assert_eq!(click(&bench, &link, "List-Unsubscribe=One-Click").await, 200);
    bench.add(&campaign, "cid", Some(&ada)).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 2);
    let last = rows(&bench).await.into_iter().rev().find(|it| it.subject == ada).unwrap();
    assert_eq!(last.reason.as_deref(), Some("UNSUBSCRIBED"));

    bench.delete(&format!("{campaign}/participant/{ada}")).await.ok();
    bench.add(&campaign, "ada", None).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 2);
    // Another campaign is another matter.
    let other = bench.mailing("CUSTOM").await;
    bench.add(&other, "ada", None).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 3);
    // And they may think otherwise.
    assert_eq!(click(&bench, &link, "again=1").await, 200);
    let eve = bench.add(&campaign, "eve", None).await;
    bench.add(&campaign, "dot", Some(&eve)).await;
    let ada = format!("{campaign}/participant/ada@example.com");
    assert_eq!(bench.get(&ada).await.ok()["unsubscribed"], false);
}

#[tokio::test]
async fn r_mail_6_purposes_are_refused_one_by_one_and_no_link_is_guessed() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.mail().await;
    let person = format!("{campaign}/participant/{ada}");
    bench.pass(Span(1));
    let asked = json!({ "subject": "Hello {{firstName}}", "body": "x" });
    bench.post(&format!("{person}/email"), asked.clone()).await.ok();
    bench.mail().await;
    let link = refusal(&bench, "ada");
    assert!(link.contains("/PROMOTION/"), "{link}");
    assert_eq!(bench.get(&person).await.ok()["unsubscribed"], false);
    assert_eq!(click(&bench, &link, "").await, 200);
    assert_eq!(bench.get(&person).await.ok()["unsubscribed"], true);
    bench.post(&format!("{person}/email"), asked).await.ok();
    bench.add(&campaign, "bob", Some(&ada)).await;
    // The notice comes, the promotion does not.
    let subjects = to(&bench.mail().await, "ada");
    let expected = ["A friend came through your link", "Hello", "Your link for Referral programme"];
    assert_eq!(subjects, expected);

    let (path, query) = link.split_once('?').unwrap();
    for wrong in [
        path.replace("/PROMOTION/", "/NOTICE/"),
        path.replace("/PROMOTION/", "/SIGN_IN/"),
        format!("{path}A"),
        path[..path.len() - 2].to_owned(),
        format!("/u/other/PROMOTION/{}", path.split('/').skip(4).collect::<Vec<_>>().join("/")),
    ] {
        bench.get(&format!("{wrong}?{query}")).await.fails(404);
        assert_eq!(click(&bench, &wrong, "").await, 404, "{wrong}");
    }
    // All of it, from now on.
    assert_eq!(click(&bench, &link, "all=1").await, 200);
    bench.add(&campaign, "cid", Some(&ada)).await;
    assert_eq!(to(&bench.mail().await, "ada"), subjects);
}
