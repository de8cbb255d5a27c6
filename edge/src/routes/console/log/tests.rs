//! The log's page and file, over the real router.

use http::{Method, StatusCode, header};
use serde_json::json;
use shared::time::Span;

use crate::{
    bench::{Answer, Bench},
    call::By,
    store::{audit, members::OWNER},
};

async fn get(bench: &Bench, session: &str, path: &str) -> Answer {
    let mut request = bench.form(path, session, "");
    *request.method_mut() = Method::GET;
    bench.send(request).await
}

#[tokio::test]
async fn r_audit_2_the_log_is_searched_paged_and_names_who_did_it() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let id = campaign.rsplit('/').next().unwrap();
    let owner = bench.seat(OWNER).await;
    let page = get(&bench, &owner, "/console/log?lang=en").await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["Programme made", "Installation changed", "the machine’s owner", ">test<"] {
        assert!(page.text.contains(text), "{text}");
    }
    let count = |it: &Answer| it.text.matches("<time").count();
    let of = async |query: &str| {
        let found = get(&bench, &owner, &format!("/console/log?lang=en&{query}")).await;
        assert_eq!(found.status, StatusCode::OK);
        count(&found)
    };
    assert_eq!(of("act=CAMPAIGN_MADE").await, 1);
    assert_eq!(of(&format!("campaign={id}&act=INSTALLATION_CHANGED")).await, 1);
    assert_eq!(of("campaign=elsewhere").await, 0);
    assert_eq!(of("who=owner").await, 1);
    assert_eq!(of("subject=owner&act=SIGNED_IN").await, 1);
    // The bench lives on 2026-09-21.
    let all = count(&page);
    assert_eq!(of("since=2026-09-21&until=2026-09-21").await, all);
    assert_eq!(of("since=2026-09-22").await, 0);
    assert_eq!(of("until=2026-09-20").await, 0);
    assert_eq!(of("since=yesterday").await, all);

    for n in 0..60 {
        let mut call = bench.call();
        call.by = By::Member(OWNER.into());
        let (was, is) = (json!({}), json!({}));
        bench.write([audit::insert(&call, "LOOKED_UP", None, &format!("p{n}"), &was, &is)]).await;
        bench.pass(Span(1));
    }
    let first = get(&bench, &owner, "/console/log?act=LOOKED_UP&lang=en").await;
    assert_eq!(count(&first), 50);
    let next = first.text.split("/console/log?act=LOOKED_UP&amp;before=").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let rest = get(&bench, &owner, &format!("/console/log?act=LOOKED_UP&before={next}")).await;
    assert_eq!(count(&rest), 10);
    assert!(!rest.text.contains("/console/log?act=LOOKED_UP&amp;before="));
}

#[tokio::test]
async fn r_audit_4_the_file_holds_what_was_searched_and_no_formula() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    let mut call = bench.call();
    call.by = By::Member(OWNER.into());
    let after = json!({ "name": "=HYPERLINK(\"http://evil.example\")" });
    let changed =
        audit::insert(&call, "CAMPAIGN_CHANGED", Some("shop"), "=1+1", &json!({}), &after);
    bench.write([changed]).await;
    let file = get(&bench, &owner, "/console/log.csv?campaign=shop").await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("attachment"));
    let lines: Vec<&str> = file.text.split("\r\n").collect();
    assert_eq!(lines.len(), 3, "{}", file.text);
    assert!(lines[0].ends_with("id,at,byKind,byId,by,act,campaign,subject,before,after"));
    assert!(lines[1].contains(",2026-09-21T"), "{}", lines[1]);
    assert!(lines[1].contains(",the machine’s owner,CAMPAIGN_CHANGED,shop,\"'=1+1\","));
    let all = get(&bench, &owner, "/console/log.csv").await;
    assert!(3 < all.text.split("\r\n").count());
}
