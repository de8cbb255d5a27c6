//! The numbers of a period.

use http::StatusCode;
use serde_json::json;
use shared::{lang::Lang, time::Span, zone::Zone};

use super::seat::{HOSTILE, Seat, console, encoded};
use crate::{
    bench::Bench,
    engine::cron,
    sql,
    store::figures::{self, Figures},
};

async fn sum(bench: &Bench, campaign: &str) -> Figures {
    let id = campaign.rsplit('/').next().unwrap();
    let days = figures::by_day(&bench.app.db, id, 0, 100_000).await.unwrap();
    days.iter().fold(Figures::default(), |sum, it| sum.plus(it))
}

#[tokio::test]
async fn r_figure_1_what_happens_is_counted_once_and_what_is_undone_not_at_all() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    bench.patch(&format!("{campaign}/options"), json!({ "autoFulfillRewards": true })).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let token = bench.token(&campaign, &ada);
    let bob = json!({ "email": "bob@example.com", "attribution": token });
    bench.post(&format!("{campaign}/participant"), bob).await.ok();
    let order = json!({ "grossAmount": 5_000, "currency": "EUR", "orderId": "1" });
    let path = format!("{campaign}/participant/bob@example.com/transaction");
    for _ in 0..2 {
        bench.post(&path, order.clone()).await.ok();
    }
    let counted = sum(&bench, &campaign).await;
    let expected = Figures {
        impressions: 1,
        participants: 2,
        referrals: 1,
        credited: 1,
        conversions: 1,
        revenue: 5_000,
        rewards: 2,
        ..Figures::default()
    };
    assert_eq!(counted, Figures { uniques: counted.uniques, ..expected.clone() });
    let id = campaign.rsplit('/').next().unwrap();
    let channels = figures::by_channel(&bench.app.db, id, 0, 100_000).await.unwrap();
    let shares = channels.iter().find(|it| it.channel == "whatsapp").unwrap();
    assert_eq!((shares.referrals, shares.credited, shares.revenue), (1, 1, 5_000));
    let refund = json!({ "amount": 5_000, "currency": "EUR", "orderId": "1" });
    bench
        .post(&format!("{campaign}/participant/bob@example.com/transaction/refund"), refund)
        .await
        .ok();
    let after = sum(&bench, &campaign).await;
    assert_eq!((after.revenue, after.credited), (0, 0));
    assert_eq!((after.referrals, after.conversions), (1, 1), "they came and ordered");
    // The roll-up counts the click, and it is no more than one.
    bench.pass(Span::minutes(5));
    cron::run(&bench.app, &bench.call()).await;
    assert_eq!(sum(&bench, &campaign).await.impressions, 1);
}

#[tokio::test]
async fn r_figure_2_days_are_the_campaigns_own() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let id = campaign.rsplit('/').next().unwrap();
    let zone = Zone::parse("Pacific/Kiritimati").unwrap();
    let there = json!({ "timeZone": zone.name() });
    bench.patch(&format!("{campaign}/options"), there).await.ok();
    cron::run(&bench.app, &bench.call()).await;
    // Half an hour before midnight over there, and half an hour after.
    let day = shared::period::day(zone, bench.now.get());
    let midnight = shared::period::begins(zone, day + 1);
    for (name, at) in [("ada", midnight - Span::minutes(30)), ("bob", midnight + Span::minutes(30))]
    {
        bench.now.set(at);
        bench.add(&campaign, name, None).await;
    }
    let days = figures::by_day(&bench.app.db, id, 0, 100_000).await.unwrap();
    let days: Vec<_> = days.iter().map(|it| (it.day, it.participants)).collect();
    assert_eq!(days, [(day, 1), (day + 1, 1)]);
}

#[tokio::test]
async fn a_period_stands_beside_the_one_before() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let seat = Seat::owner(&bench).await;
    let path = console(&campaign);
    let page = seat.page(&format!("{path}?lang=en")).await;
    assert!(page.contains("Nobody takes part yet") && page.contains("/participants/add\""));
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "f0", Some(&ada)).await;
    bench.pass(Span::days(10));
    let seat = Seat::owner(&bench).await;
    let bob = bench.add(&campaign, "bob", None).await;
    for n in 1..4 {
        bench.add(&campaign, &format!("f{n}"), Some(&bob)).await;
    }
    let page = seat.page(&format!("{path}?lang=en&period=7")).await;
    let tile = |page: &str, name: &str| {
        let tile = page.split(&format!("<dt>{name}</dt>")).nth(1).unwrap().to_owned();
        tile.split("</div>")
            .next()
            .unwrap()
            .replace("<dd class=\"beside\">", " ")
            .replace("<dd>", "")
            .replace("</dd>", "")
    };
    assert_eq!(tile(&page, "Friends who came"), "3 before: 1 (+200%)");
    assert_eq!(tile(&page, "New participants"), "4 before: 2 (+100%)");
    let (best, fading) = page.split_once("id=\"fading\"").unwrap();
    assert!(best.contains("bob@example.com") && fading.contains("ada@example.com"));
    assert!(!fading.contains("bob@example.com"));
    let page = seat.page(&format!("{path}?lang=en&period=90")).await;
    assert_eq!(tile(&page, "Friends who came"), "4 before: 0");
    let page = seat.page(&format!("{path}?lang=en&from=2026-09-21&to=2026-09-21")).await;
    assert_eq!(tile(&page, "Friends who came"), "1 before: 0");
    assert!(page.contains("value=\"2026-09-21\""));
    for wrong in ["from=2026-09-22&to=2026-09-21", "from=&to=", "from=x&to=2026-09-21"] {
        let again = seat.get(&format!("{path}?{wrong}")).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(again.text.contains("role=\"alert\""));
    }
    let hostile = encoded(HOSTILE);
    let again = seat.get(&format!("{path}?from={hostile}&to={hostile}&period={hostile}")).await;
    assert!(!again.text.contains("<script>alert"));
    let french = seat.page(&format!("{path}?lang={}", Lang::Fr.tag())).await;
    assert!(french.contains("Filleuls venus"));
}

#[tokio::test]
async fn what_waits_stands_on_top_and_leads_there() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let manual = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), manual).await.ok();
    let seat = Seat::owner(&bench).await;
    let path = console(&campaign);
    assert!(!seat.page(&format!("{path}?lang=en")).await.contains("Waiting for you"));
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    bench
        .write([
            sql!("-- t\n UPDATE referral SET outcome = 'HELD' WHERE friend = ?1", &bob),
            sql!(
                "-- t\n INSERT INTO coupon_pool (campaign, name, low_stock, created_at)
                  SELECT campaign, 'p', 5, 1 FROM participant LIMIT 1"
            ),
        ])
        .await;
    let page = seat.page(&format!("{path}?lang=en")).await;
    for (link, count, text) in [
        ("/rewards", 2, "rewards to approve"),
        ("/referrals?status=held", 1, "referral to look at"),
        ("/coupons", 1, "coupon pool is nearly empty"),
    ] {
        let expected = format!("<a href=\"{path}{link}\"><strong>{count}</strong> {text}</a>");
        assert!(page.contains(&expected), "{expected} {page}");
    }
}
