//! Whoever refuses messages gets none.

use super::*;

#[tokio::test]
async fn r_mail_6_one_click_unsubscribes_for_good_and_beyond_erasure() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.mail().await;
    let link = refusal(&bench, "ada", "/FRIEND/");
    assert!(!link.contains('@'), "{link}");
    // Who only looks changes nothing.
    let page = bench.get(&link).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<form method=\"post\">"), "{}", page.text);
    bench.add(&campaign, "cid", Some(&ada)).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 3);

    assert_eq!(click(&bench, &link, "List-Unsubscribe=One-Click").await, 200);
    assert_eq!(click(&bench, &link, "List-Unsubscribe=One-Click").await, 200);
    bench.add(&campaign, "dot", Some(&ada)).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 3);
    let last = rows(&bench).await.into_iter().rev().find(|it| it.subject == ada).unwrap();
    assert_eq!(last.reason.as_deref(), Some("UNSUBSCRIBED"));
    let told = "-- t\n SELECT count(*) AS n FROM suppression";
    assert_eq!(bench.number(sql!(told)).await, 1);

    bench.delete(&format!("{campaign}/participant/{ada}")).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "eve", Some(&ada)).await;
    // The welcome, as they said nothing of that.
    assert_eq!(to(&bench.mail().await, "ada").len(), 4);
    // Another campaign is another matter.
    let other = bench.mailing("CUSTOM").await;
    let there = bench.add(&other, "ada", None).await;
    bench.add(&other, "bob", Some(&there)).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 6);
    // And they may think otherwise.
    assert_eq!(click(&bench, &link, "choose=1&FRIEND=1").await, 200);
    bench.add(&campaign, "fay", Some(&ada)).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 7);
}

#[tokio::test]
async fn r_mail_6_each_topic_is_refused_by_itself_and_no_link_is_guessed() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.mail().await;
    let person = format!("{campaign}/participant/{ada}");
    bench.pass(Span(1));
    let asked = json!({ "subject": "Hello {{firstName}}", "body": "x" });
    bench.post(&format!("{person}/email"), asked.clone()).await.ok();
    bench.mail().await;
    let link = refusal(&bench, "ada", "/OWN/");
    assert_eq!(bench.get(&person).await.ok()["unsubscribed"], false);
    assert_eq!(click(&bench, &link, "").await, 200);
    assert_eq!(bench.get(&person).await.ok()["unsubscribed"], true);
    bench.post(&format!("{person}/email"), asked).await.ok();
    bench.add(&campaign, "bob", Some(&ada)).await;
    // What happens is told, news are not.
    let subjects = to(&bench.mail().await, "ada");
    let expected = ["A friend came through your link", "Hello", "Your link for Referral programme"];
    assert_eq!(subjects, expected);

    let (path, query) = link.split_once('?').unwrap();
    for wrong in [
        path.replace("/OWN/", "/FRIEND/"),
        path.replace("/OWN/", "/ALL/"),
        path.replace("/OWN/", "/SIGN_IN/"),
        format!("{path}A"),
        path[..path.len() - 2].to_owned(),
        format!("/u/other/OWN/{}", path.split('/').skip(4).collect::<Vec<_>>().join("/")),
    ] {
        bench.get(&format!("{wrong}?{query}")).await.fails(404);
        assert_eq!(click(&bench, &wrong, "").await, 404, "{wrong}");
    }
    // All of it, from now on.
    assert_eq!(click(&bench, &link, "all=1").await, 200);
    bench.add(&campaign, "cid", Some(&ada)).await;
    assert_eq!(to(&bench.mail().await, "ada"), subjects);
}

#[tokio::test]
async fn r_mail_6_the_page_shows_what_is_refused_and_takes_other_choices() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.mail().await;
    let link = refusal(&bench, "ada", "/FRIEND/");
    let page = async |form: Option<&str>| match form {
        None => bench.get(&link).await.text,
        Some(form) => bench.send(posted(&bench, &link, form)).await.text,
    };
    let ticked =
        |page: &str, name: &str| page.contains(&format!("name=\"{name}\" value=\"1\" checked"));
    let before = page(None).await;
    assert!(ticked(&before, "FRIEND") && ticked(&before, "MONTH"), "{before}");
    assert!(before.contains("The link to sign in"), "{before}");
    let refused = page(Some("List-Unsubscribe=One-Click")).await;
    assert!(!ticked(&refused, "FRIEND") && ticked(&refused, "MONTH"), "{refused}");
    assert!(refused.contains("<strong>A friend who came by my link</strong>"), "{refused}");
    let again = page(None).await;
    assert!(again.contains("You get no more messages about") && !ticked(&again, "FRIEND"));
    // Others, too; and what brought them here again.
    let chosen = page(Some("choose=1&FRIEND=1&END=1")).await;
    assert!(ticked(&chosen, "FRIEND") && ticked(&chosen, "END") && !ticked(&chosen, "MONTH"));
    let none = page(Some("choose=1&FRIEND=1&all=1")).await;
    assert!(!none.contains("value=\"1\" checked"), "{none}");
    let french = bench.get(&link.replace("lang=en", "lang=fr")).await.text;
    assert!(french.contains("Un filleul venu par mon lien"), "{french}");
}

#[tokio::test]
async fn r_mail_6_who_was_added_by_hand_refuses_everything_by_one_click() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let id = campaign.rsplit('/').next().unwrap();
    let owner = bench.seat(members::OWNER).await;
    let form = format!("csrf={}&email=ada%40example.com&consent=1", bench.csrf(&owner));
    let path = format!("/console/{id}/participants/add");
    assert_eq!(bench.send(bench.form(&path, &owner, &form)).await.status, 303);
    bench.mail().await;
    let link = refusal(&bench, "ada", "/ALL/");
    assert_eq!(click(&bench, &link, "List-Unsubscribe=One-Click").await, 200);
    bench.add(&campaign, "bob", Some("ada@example.com")).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 1);
}
