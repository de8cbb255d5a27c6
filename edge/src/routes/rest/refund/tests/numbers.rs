//! One refund under several numbers of its order.

use http::Method;
use serde_json::json;

use super::{Shop, order, part};

#[tokio::test]
async fn r_refund_8_one_refund_told_at_once_under_two_numbers_of_its_order_is_one() {
    for _ in 0..5 {
        let shop = Shop::double().await;
        let mut order = order("7");
        order["chargeId"] = "c".into();
        shop.bench.post(&shop.path("bob", ""), order).await.ok();
        let by_charge = json!({ "chargeId": "c", "refundId": "a", "refundAmount": 1_000 });
        let path = shop.path("bob", "/refund");
        let told = (0..20).map(|n| {
            let refund = if n % 2 == 0 { part("7", "a", 1_000) } else { by_charge.clone() };
            shop.bench.request(Method::POST, &path, refund.to_string())
        });
        for answer in shop.bench.at_once(told).await {
            answer.ok();
        }
        let kept = shop.number("-- t\n SELECT count(*) AS n FROM refund").await;
        assert_eq!((shop.refunded().await, kept), (1_000, 1));
    }
}
