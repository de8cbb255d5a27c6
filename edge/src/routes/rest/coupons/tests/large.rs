//! Tests of imports of many rows.

use serde_json::json;

use crate::{bench::Bench, sql};

#[tokio::test]
async fn r_coupon_9_an_import_holds_ten_thousand_codes_and_no_more() {
    let bench = Bench::new().await;
    let pools = format!("{}/coupon-pools", bench.campaign("ON_SIGNUP").await);
    bench.post(&pools, json!({ "name": "s" })).await.ok();
    let path = format!("{pools}/s/coupons");
    let count = async || bench.number(sql!("-- t\n SELECT count(*) AS n FROM coupon")).await;
    // As long as codes get, so that the list is asked and written in pieces.
    let codes = |most: usize| (0..most).map(|n| format!("{n:0100}")).collect::<Vec<_>>();
    let said = bench.post(&path, json!({ "codes": codes(10_001) })).await.refuses("codes");
    assert_eq!(said, "holds 10001 rows: at most 10000 go in one call");
    let mut wrong = codes(10_000);
    wrong[9_999] = " ".into();
    bench.post(&path, json!({ "codes": wrong })).await.refuses("codes[9999]");
    assert_eq!(count().await, 0, "nothing half-written");
    let made = bench.post(&path, json!({ "codes": codes(10_000) })).await.ok();
    assert_eq!((&made["imported"], &made["free"]), (&json!(10_000), &json!(10_000)));
    let again = json!({ "codes": ["new", format!("{:0100}", 9_999)] });
    bench.post(&path, again).await.refuses("codes[1]");
    let mut late: Vec<String> = (0..5_000).map(|n| format!("{n:0>99}x")).collect();
    late.push(format!("{:0100}", 1));
    bench.post(&path, json!({ "codes": late })).await.refuses("codes[5000]");
    assert_eq!(count().await, 10_000);
}

#[tokio::test]
async fn r_coupon_9_ten_megabytes_are_refused_by_the_list_that_makes_them() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    bench.post(&format!("{campaign}/coupon-pools"), json!({ "name": "s" })).await.ok();
    let rows = vec!["x".repeat(100); 100_000];
    for (path, field, most) in
        [("coupon-pools/s/coupons", "codes", "10000"), ("customers", "hashes", "25000")]
    {
        let answer = bench.post(&format!("{campaign}/{path}"), json!({ field: rows })).await;
        let body = answer.fails(413);
        assert_eq!(body["errors"][0]["param"], field);
        assert!(body["message"].as_str().unwrap().contains(most), "{body}");
    }
    let rows =
        sql!("-- t\n SELECT (SELECT count(*) FROM coupon) + (SELECT count(*) FROM customer) AS n");
    assert_eq!(bench.number(rows).await, 0);
    // Elsewhere the limit is the ordinary one.
    let large = json!({ "name": "x".repeat(65 * 1024) });
    bench.post(&format!("{campaign}/coupon-pools"), large).await.fails(413);
}

#[tokio::test]
async fn r_customer_1_a_list_of_25000_customers_goes_in_one_call() {
    let bench = Bench::new().await;
    let path = format!("{}/customers", bench.campaign("CUSTOM").await);
    let hashes = |most: usize| (0..most).map(|n| format!("{n:064x}")).collect::<Vec<_>>();
    let said = bench.post(&path, json!({ "hashes": hashes(25_001) })).await.refuses("hashes");
    assert_eq!(said, "holds 25001 rows: at most 25000 go in one call");
    for _ in 0..2 {
        let made = bench.post(&path, json!({ "hashes": hashes(25_000) })).await.ok();
        assert_eq!(made["count"], 25_000);
    }
}
