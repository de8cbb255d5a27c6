//! `/campaign/{id}/participant/{p}/transaction`: an order.

use axum::response::Response;
use shared::{
    api::{self, Recorded},
    reward::Source,
};

use super::{attribution, participants::named};
use crate::{
    engine::{
        credit::{self, Effect, Event, Transaction},
        terms,
    },
    error::{Error, Problem},
    json,
    routes::{ask::Ask, body::flawed},
    store::participants::Key,
};

/// Records an order under its numbers; one that was recorded before changes nothing.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: api::Transaction = ask.json()?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let payer = named(app, ask.campaign(), ask.p()).await?;
    let currency = terms.campaign.currency;
    if asked.currency != currency {
        let msg = format!("the campaign's currency is {}", currency.as_str());
        return Err(Error::field("currency", Some(asked.currency.as_str().into()), msg));
    }
    let numbers = asked.numbers().map_err(flawed)?;
    let (gross, net) = asked.amounts().map_err(flawed)?;
    let touches = attribution::touches(app, &terms, asked.attribution.as_deref(), call.now)?;
    let country = asked.country.map(|it| it.to_ascii_uppercase());
    let products = asked.products;
    let event = Event::Transaction(Transaction { numbers, gross, net, products, country });
    let (payer, source) = (Key::Code(payer.id), Source::Server);
    match credit::credit(app, call, &terms, &payer, &event, touches, source).await? {
        Effect::Duplicate { numbers } => Ok(json::answer(&Recorded::Duplicate {
            success: false,
            duplicate: true,
            commissions_created: 0,
            duplicate_fields: numbers,
            matching_commission_ids: Vec::new(),
            message: "This transaction has already been recorded.",
        })),
        Effect::Recorded { is_first } => Ok(json::answer(&Recorded::New {
            success: true,
            first_sale: is_first,
            duplicate: false,
            message: "Successfully recorded the transaction.",
        })),
        _ => {
            let msg = "the payer has no referrer";
            Err(Error::Invalid(vec![Problem::new(
                "params",
                "participantIdOrEmail",
                Some(ask.p().into()),
                msg,
            )]))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::{Value, json};

    use crate::{bench::Bench, sql};

    fn order(number: &str) -> Value {
        json!({ "currency": "EUR", "grossAmount": 12_000, "taxAmount": 2_000, "orderId": number })
    }

    async fn pair(bench: &Bench, trigger: &str) -> (String, String, String) {
        let campaign = bench.campaign(trigger).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let path = format!("{campaign}/participant/{bob}/transaction");
        (campaign, ada, path)
    }

    #[tokio::test]
    async fn r_order_1_an_order_is_recorded_once_under_each_of_its_numbers() {
        let bench = Bench::new().await;
        let (campaign, ada, path) = pair(&bench, "CUSTOM").await;
        let recorded = |first: bool| {
            json!({
                "success": true, "firstSale": first, "duplicate": false,
                "message": "Successfully recorded the transaction.",
            })
        };
        let duplicate = |fields: Value| {
            json!({
                "success": false, "duplicate": true, "commissionsCreated": 0,
                "duplicateFields": fields, "matchingCommissionIds": [],
                "message": "This transaction has already been recorded.",
            })
        };
        assert_eq!(bench.post(&path, order("7")).await.ok(), recorded(true));
        assert_eq!(bench.post(&path, order("7")).await.ok(), duplicate(json!(["orderId"])));
        let mut both = order("7");
        both["chargeId"] = "c".into();
        assert_eq!(bench.post(&path, both.clone()).await.ok(), duplicate(json!(["orderId"])));
        both["orderId"] = "8".into();
        assert_eq!(bench.post(&path, both.clone()).await.ok(), recorded(false));
        let both = bench.post(&path, both).await.ok();
        assert_eq!(both, duplicate(json!(["chargeId", "orderId"])));

        // The first order was the qualifying event.
        let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
        assert_eq!(
            (&shown["referralCount"], &shown["rewards"][0]["approved"]),
            (&json!(1), &json!(true))
        );
        let net = sql!("-- t\n SELECT sum(amount) AS n FROM conversion");
        assert_eq!(bench.number(net).await, 20_000);
    }

    #[tokio::test]
    async fn r_order_1_two_campaigns_have_orders_of_one_number_by_one_address() {
        let bench = Bench::new().await;
        for _ in 0..2 {
            let (campaign, ada, _) = pair(&bench, "CUSTOM").await;
            let path = format!("{campaign}/participant/bob@example.com/transaction");
            let told = bench.post(&path, order("7")).await.ok();
            assert_eq!((&told["success"], &told["firstSale"]), (&json!(true), &json!(true)));
            let hers = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
            assert_eq!(hers["referralCount"], 1);
        }
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM conversion")).await, 2);
    }

    #[tokio::test]
    async fn r_repeat_6_the_same_order_twenty_times_at_once_is_one_order() {
        let bench = Bench::new().await;
        let (_, _, path) = pair(&bench, "CUSTOM").await;
        let answers = bench.twenty(Method::POST, &path, order("7")).await;
        let fresh = answers.into_iter().filter(|it| it.body["success"] == true).count();
        assert_eq!(fresh, 1);
        for (statement, expected) in [
            (sql!("-- t\n SELECT count(*) AS n FROM conversion"), 1),
            (sql!("-- t\n SELECT count(*) AS n FROM reward"), 2),
            (sql!("-- t\n SELECT max(credited) AS n FROM tally"), 1),
        ] {
            assert_eq!(bench.number(statement).await, expected);
        }
    }

    #[tokio::test]
    async fn r_order_4_where_the_sign_up_pays_an_order_is_only_recorded() {
        let bench = Bench::new().await;
        let (_, _, path) = pair(&bench, "ON_SIGNUP").await;
        bench.post(&path, order("7")).await.ok();
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM reward")).await, 2);
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM conversion")).await, 2);
    }

    #[tokio::test]
    async fn r_bond_7_an_order_with_a_claim_binds_its_payer() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let eve = bench.add(&campaign, "eve", None).await;
        let path = format!("{campaign}/participant/{eve}/transaction");
        let mut bound = order("7");
        bound["attribution"] = bench.token(&campaign, &ada).into();
        assert_eq!(bench.post(&path, bound).await.ok()["firstSale"], true);
        let shown = bench.get(&format!("{campaign}/participant/{eve}")).await.ok();
        assert_eq!(shown["referredBy"], *ada);
        assert_eq!(shown["referralStatus"], "CREDIT_AWARDED");
        let mut own = order("8");
        own["attribution"] = bench.token(&campaign, &ada).into();
        let path = format!("{campaign}/participant/{ada}/transaction");
        bench.post(&path, own).await.refuses("participantIdOrEmail");
    }

    #[tokio::test]
    async fn r_order_5_an_order_of_somebody_whom_nobody_referred_is_recorded_for_their_past() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "eve", None).await;
        let path = format!("{campaign}/participant/eve@example.com/transaction");
        for _ in 0..2 {
            bench.post(&path, order("1")).await.refuses("participantIdOrEmail");
        }
        for answer in bench.twenty(Method::POST, &path, order("2")).await {
            answer.refuses("participantIdOrEmail");
        }
        let orders = sql!("-- t\n SELECT count(*) AS n FROM conversion");
        assert_eq!(bench.number(orders).await, 2);
        bench.pass(shared::time::Span::days(1));
        let mut claimed = order("3");
        claimed["attribution"] = bench.token(&campaign, &ada).into();
        assert_eq!(bench.post(&path, claimed.clone()).await.ok()["firstSale"], false);
        assert_eq!(bench.post(&path, claimed).await.ok()["duplicate"], true);
        let eve = bench.get(&format!("{campaign}/participant/eve@example.com")).await.ok();
        assert_eq!(eve["referralStatus"], "CREDIT_EXPIRED");
        let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
        assert_eq!((&shown["referralCount"], &shown["rewards"]), (&json!(0), &json!([])));
        // A refund finds it.
        let refund = bench.post(&format!("{path}/refund"), json!({ "orderId": "1" })).await.ok();
        assert_eq!(refund["success"], true, "{refund}");
    }

    #[tokio::test]
    async fn what_is_wrong_with_an_order_is_named() {
        let bench = Bench::new().await;
        let (campaign, _, path) = pair(&bench, "CUSTOM").await;
        for (field, value) in [
            ("currency", json!("USD")),
            ("currency", json!("EURO")),
            ("currency", json!(null)),
            ("grossAmount", json!(-1)),
            ("grossAmount", json!(1.5)),
            ("grossAmount", json!("12")),
            ("grossAmount", json!(9_007_199_254_740_992_i64)),
            ("netAmount", json!(-1)),
            ("taxAmount", json!(12_001)),
            ("orderId", json!("")),
            ("orderId", json!("x".repeat(256))),
            ("orderId", json!(7)),
            ("description", json!("x".repeat(501))),
            ("paymentProvider", json!("stripe")),
            ("testMode", json!(true)),
            ("attribution", json!("x")),
            ("commission", json!(5)),
        ] {
            let mut wrong = order("7");
            wrong[field] = value;
            bench.post(&path, wrong).await.refuses(field);
        }
        let numberless = json!({ "currency": "EUR", "grossAmount": 1 });
        bench.post(&path, numberless).await.refuses("externalId");
        bench
            .post(&path, json!({ "currency": "EUR", "orderId": "7" }))
            .await
            .refuses("grossAmount");
        let nobody = format!("{campaign}/participant/nobody/transaction");
        bench.post(&nobody, order("7")).await.fails(404);
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM conversion")).await, 0);
        let mut limits = order("7");
        limits["grossAmount"] = 9_007_199_254_740_991_i64.into();
        limits["taxAmount"] = 0.into();
        bench.post(&path, limits).await.ok();
        let amount = sql!("-- t\n SELECT max(amount) AS n FROM conversion");
        assert_eq!(bench.number(amount).await, 9_007_199_254_740_991);
        let mut free = order("8");
        free["grossAmount"] = 0.into();
        free["taxAmount"] = 0.into();
        bench.post(&path, free).await.ok();
    }

    #[tokio::test]
    async fn r_order_1_an_order_that_failed_leaves_no_number_behind() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let path = format!("{campaign}/participant/bob@example.com/transaction");
        bench.post(&path, order("7")).await.fails(404);
        bench.add(&campaign, "bob", Some(&ada)).await;
        let recorded = bench.post(&path, order("7")).await.ok();
        assert_eq!(recorded["success"], true, "{recorded}");
        let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
        assert_eq!(shown["referralCount"], 1);
    }

    #[tokio::test]
    async fn r_budget_1_a_sign_up_and_an_order_in_one_call_share_the_budget() {
        let bench = Bench::new().await;
        let rule = |event: &str| {
            let gives = json!({ "kind": "CREDIT", "amount": 500 });
            json!({ "type": "SINGLE_SIDED", "event": event, "gives": gives })
        };
        let campaign = bench.campaign_with("CUSTOM", &[rule("CONVERSION")]).await;
        bench.post(&format!("{campaign}/reward-configs"), rule("LEAD")).await.ok();
        let budget = json!({ "budget": { "amount": 500 } });
        bench.patch(&format!("{campaign}/options"), budget).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", None).await;
        let order = json!({
            "currency": "EUR", "grossAmount": 5_000, "orderId": "1",
            "attribution": bench.token(&campaign, &ada),
        });
        bench.post(&format!("{campaign}/participant/{bob}/transaction"), order).await.ok();
        let rewards = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
        assert_eq!(rewards["rewards"].as_array().unwrap().len(), 1, "{rewards}");
    }
}
