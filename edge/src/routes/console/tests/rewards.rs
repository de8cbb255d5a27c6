//! The queue of rewards and the pools of coupons, as members work on them.

use http::StatusCode;
use serde_json::{Value, json};
use shared::team::Role;

use super::seat::{HOSTILE, Seat, console, encoded, escapes};
use crate::{bench::Bench, sql};

/// The ids of the rewards that a page lets choose.
fn picks(page: &str) -> Vec<String> {
    let boxes = page.split("name=\"reward\" value=\"").skip(1);
    boxes.filter_map(|it| it.split('"').next()).map(Into::into).collect()
}

/// A campaign whose rewards wait for somebody, with so many friends of Ada.
async fn waiting(bench: &Bench, friends: u32) -> String {
    let campaign = bench.campaign("ON_SIGNUP").await;
    let manual = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), manual).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    for n in 0..friends {
        bench.add(&campaign, &format!("f{n}"), Some(&ada)).await;
    }
    campaign
}

async fn statuses(bench: &Bench, campaign: &str) -> Vec<Value> {
    let found = bench.get(&format!("{campaign}/participant/ada@example.com/rewards")).await.ok();
    found["rewards"].as_array().unwrap().iter().map(|it| it["status"].clone()).collect()
}

#[tokio::test]
async fn many_rewards_are_approved_given_and_refused_at_once_and_each_is_told() {
    let bench = Bench::new().await;
    let campaign = waiting(&bench, 3).await;
    let seat = Seat::of(&bench, Role::Reviewer).await;
    let path = format!("{}/rewards", console(&campaign));
    let ids = picks(&seat.page(&path).await);
    assert_eq!(ids.len(), 6, "both sides of three referrals");
    let form = |ids: &[String], act: &str| {
        let each: Vec<String> = ids.iter().map(|it| format!("reward={it}")).collect();
        format!("act={act}&{}", each.join("&"))
    };
    let approved = seat.post(&format!("{path}?lang=en"), &form(&ids[..4], "approve")).await;
    assert_eq!(approved.status, StatusCode::OK);
    assert!(approved.text.contains("<strong>4 / 4</strong>"), "{}", approved.text);
    assert_eq!(picks(&approved.text), ids[4..]);
    // The same form again changes nothing, and says so of each.
    let again = seat.post(&format!("{path}?lang=en"), &form(&ids[..4], "approve")).await;
    assert!(again.text.contains("<strong>0 / 4</strong>"));
    assert_eq!(again.text.matches("stands otherwise by now").count(), 4);
    let to_give = seat.page(&format!("{path}?show=to-give")).await;
    assert_eq!(picks(&to_give), ids[..4]);
    let given = seat.post(&format!("{path}?lang=en"), &form(&ids[..1], "fulfill")).await;
    assert!(given.text.contains("<strong>1 / 1</strong>"));
    let refused =
        seat.post(&path, &format!("{}&reason=ALREADY_CUSTOMER", form(&ids[4..], "refuse"))).await;
    assert!(refused.text.contains("<strong>2 / 2</strong>"));
    let why = sql!(
        "-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'CANCELLED'
        AND reasons = '[\"ALREADY_CUSTOMER\",\"REMOVED_BY_HAND\"]'"
    );
    assert_eq!(bench.number(why).await, 2);
    assert_eq!(picks(&seat.page(&path).await), Vec::<String>::new());
    let all = seat.page(&format!("{path}?show=cancelled&lang=en")).await;
    assert_eq!(all.matches(">cancelled<").count(), 2);
    let told = sql!(
        "-- t\n SELECT count(*) AS n FROM audit WHERE by_id = 'REVIEWER' AND act LIKE 'REWARD_%'"
    );
    assert_eq!(bench.number(told).await, 4 + 1 + 2);
    assert!(statuses(&bench, &campaign).await.contains(&json!("PENDING")));
}

#[tokio::test]
async fn a_form_without_choice_or_of_another_campaign_changes_nothing() {
    let bench = Bench::new().await;
    let campaign = waiting(&bench, 1).await;
    let other = waiting(&bench, 0).await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/rewards", console(&campaign));
    let ids = picks(&seat.page(&path).await);
    for form in ["act=approve", &format!("reward={}", ids[0]), &format!("act=x&reward={}", ids[0])]
    {
        let again = seat.post(&path, form).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{form}");
        assert!(again.text.contains("role=\"alert\""));
    }
    let form = format!("act=approve&reward={}&reward={}", ids[0], encoded(HOSTILE));
    let foreign = seat.post(&format!("{}/rewards", console(&other)), &form).await;
    assert!(foreign.text.contains("<strong>0 / 2</strong>"));
    assert!(!foreign.text.contains("<script>alert"));
    assert_eq!(picks(&seat.page(&path).await), ids);
    let viewer = Seat::of(&bench, Role::Viewer).await;
    assert!(picks(&viewer.page(&path).await).is_empty());
}

#[tokio::test]
async fn a_reward_without_the_owners_words_is_named_by_what_is_given() {
    let bench = Bench::new().await;
    let gives = json!({ "kind": "CREDIT", "amount": 1_000 });
    let rules = [
        json!({ "type": "SINGLE_SIDED", "gives": gives }),
        json!({ "type": "SINGLE_SIDED", "title": "Second", "gives": gives }),
    ];
    let campaign = bench.campaign_with("ON_SIGNUP", &rules).await;
    let manual = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), manual).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let seat = Seat::owner(&bench).await;
    let console = console(&campaign);
    let queue = seat.page(&format!("{console}/rewards?lang=en")).await;
    assert!(queue.contains("<span>€10.00 of credit <span"), "{queue}");
    let filter = queue.split("name=\"rule\"").nth(1).unwrap().split("</select>").next().unwrap();
    assert!(filter.contains(">€10.00 of credit</option>"), "{filter}");
    assert!(filter.contains(">Second – €10.00 of credit</option>"), "{filter}");
    assert!(!filter.contains(">crew_"), "{filter}");
    let person = seat.page(&format!("{console}/participants/{ada}?lang=fr")).await;
    assert_eq!(person.matches("<span>10,00\u{a0}€ d’avoir</span>").count(), 2, "{person}");
    let file = seat.page(&format!("{console}/export/rewards?lang=en")).await;
    assert_eq!(file.matches(",€10.00 of credit,CREDIT,").count(), 2, "{file}");
    // What was earned keeps its name when the rule is gone.
    bench.write([sql!("-- t\n UPDATE rule SET removed_at = 1")]).await;
    let support = Seat::of(&bench, Role::Support).await;
    let seen = support.post(&format!("{console}/look-up?lang=en"), "whom=ada%40example.com").await;
    assert_eq!(seen.text.matches("<strong>€10.00 of credit</strong>").count(), 2, "{}", seen.text);
}

#[tokio::test]
async fn rewards_are_found_by_their_person() {
    let bench = Bench::new().await;
    let campaign = waiting(&bench, 2).await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/rewards", console(&campaign));
    let page = seat.page(&format!("{path}?q=+f1%40example.com&lang=en")).await;
    assert!(page.contains("name=\"q\" type=\"search\" value=\"f1@example.com\""), "{page}");
    assert_eq!(picks(&page).len(), 1);
    // The form of the list leads back to it, and the other lists are that person's, too.
    assert!(page.contains("name=\"query\" value=\"q=f1%40example.com\""), "{page}");
    assert!(page.contains("href=\"?show=given&amp;q=f1%40example.com\""), "{page}");
    let nobody = seat.page(&format!("{path}?q=nobody%40x.com&show=all&lang=en")).await;
    assert!(nobody.contains("No reward fits.") && nobody.contains("name=\"show\" value=\"all\""));
    let hostile = seat.page(&format!("{path}?q={}", encoded(HOSTILE))).await;
    escapes(&hostile);
}

#[tokio::test]
async fn a_reward_is_approved_from_its_persons_page() {
    let bench = Bench::new().await;
    let campaign = waiting(&bench, 1).await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/rewards", console(&campaign));
    let found = bench.get(&format!("{campaign}/participant/ada@example.com")).await.ok();
    let (ada, reward) = (found["id"].as_str().unwrap(), found["rewards"][0]["id"].clone());
    let form = format!("act=approve&reward={}&back={ada}", reward.as_str().unwrap());
    let page = format!("{}/participants/{ada}", console(&campaign));
    assert_eq!(seat.sends(&path, &form).await, format!("{page}?done=approved"));
    assert_eq!(seat.sends(&path, &form).await, format!("{page}?done=state"));
    let shown = seat.page(&format!("{page}?lang=en")).await;
    assert!(shown.contains("Mark as given") && !shown.contains(">Approve<"));
    let away = format!("act=approve&reward={}&back=%2F%2Fevil.example", reward.as_str().unwrap());
    assert_eq!(seat.post(&path, &away).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn gifts_addresses_are_shown_to_who_decides_only() {
    let bench = Bench::new().await;
    let campaign = waiting(&bench, 1).await;
    let address = r#"{"name":"Ada","line1":"1 rue X","city":"Lyon","country":"FR"}"#;
    bench
        .write([
            sql!("-- t\n UPDATE reward SET kind = 'GIFT', charity = NULL"),
            sql!("-- t\n UPDATE person SET address = ?1", address),
        ])
        .await;
    let path = format!("{}/rewards", console(&campaign));
    let reviewer = Seat::of(&bench, Role::Reviewer).await;
    assert!(reviewer.page(&path).await.contains("Ada, 1 rue X, Lyon, FR"));
    let viewer = Seat::of(&bench, Role::Viewer).await;
    assert!(!viewer.page(&path).await.contains("rue X"));
    let found = bench.get(&format!("{campaign}/participant/ada@example.com")).await.ok();
    let page = format!("{}/participants/{}", console(&campaign), found["id"].as_str().unwrap());
    assert!(reviewer.page(&page).await.contains("rue X"));
    assert!(!viewer.page(&page).await.contains("rue X"));
}

#[tokio::test]
async fn pools_are_made_filled_and_emptied_by_one_code() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::of(&bench, Role::Manager).await;
    let path = format!("{}/coupons", console(&campaign));
    assert!(seat.page(&format!("{path}?lang=en")).await.contains("There is no pool yet"));
    for form in ["act=pool&name=a+b&low=1", "act=pool&name=&low=1", "act=pool&name=ok&low=x"] {
        let again = seat.post(&path, form).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{form}");
    }
    for _ in 0..2 {
        assert!(seat.sends(&path, "act=pool&name=spring&low=2").await.ends_with("done=made"));
    }
    let once = "act=upload&pool=spring&once=1&codes=A1%0D%0AB2%0D%0A%0D%0A+C3+";
    for _ in 0..2 {
        assert!(seat.sends(&path, once).await.ends_with("done=uploaded&count=3"));
    }
    let page = seat.page(&format!("{path}?lang=en")).await;
    assert!(page.contains("<strong>3</strong> free of 3"), "{page}");
    let hostile = encoded(HOSTILE);
    for (codes, line) in [("D4%0AA1", "A1"), ("D4%0AE5%0AD4", "D4"), ("D4%0A%00x", "x")] {
        let form = format!("act=upload&pool=spring&once=2&codes={codes}%0A{hostile}");
        let again = seat.post(&path, &form).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{codes}");
        assert!(again.text.contains(line));
        escapes(&again.text);
    }
    assert!(seat.sends(&path, "act=withdraw&pool=spring&value=B2").await.ends_with("withdrawn"));
    for code in ["B2", "zzz", ""] {
        let again = seat.post(&path, &format!("act=withdraw&pool=spring&value={code}")).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{code}");
    }
    let page = seat.page(&format!("{path}?lang=en")).await;
    assert!(page.contains("<strong>2</strong> free of 2") && page.contains("nearly empty"));
    assert!(seat.sends(&path, "act=low&pool=spring&value=1").await.ends_with("done=low"));
    assert!(!seat.page(&format!("{path}?lang=en")).await.contains("nearly empty"));
    let again = seat.post(&path, "act=low&pool=spring&value=-1").await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert_eq!(seat.post(&path, "act=low&pool=other&value=1").await.status, StatusCode::NOT_FOUND);
    let other = bench.campaign("CUSTOM").await;
    let foreign = seat.post(&format!("{}/coupons", console(&other)), once).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let told = sql!(
        "-- t\n SELECT count(*) AS n FROM audit WHERE after LIKE '%A1%'
        OR before LIKE '%B2%'"
    );
    assert_eq!(bench.number(told).await, 0, "the log holds no code");
}
