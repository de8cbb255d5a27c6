//! Tests of the page of the design.

use http::StatusCode;
use shared::look::Look;

use crate::{
    routes::console::settings::tests::{Seat, goes},
    sql::to_json,
    store::{
        audit::{self, Search},
        looks, versions,
    },
};

#[tokio::test]
async fn r_look_3_the_design_of_any_programme_is_changed_noted_and_seen() {
    // It was made by the API, and never had a look of its own.
    let seat = Seat::new("CUSTOM").await;
    let page = seat.get("/design?lang=en").await.text;
    assert!(page.contains("value=\"#0b6b56\"") && page.contains("<svg"), "{page}");
    assert!(seat.get("/settings").await.text.contains("/design\""));
    let from = to_json(&Look::default());
    let form = |primary: &'static str, scheme: &'static str| {
        [("from", from.clone()), ("primary", primary.into()), ("accent", "#112233".into())]
            .into_iter()
            .chain([("scheme", scheme.to_owned())])
            .collect::<Vec<(&str, String)>>()
    };
    let send = async |form: &[(&str, String)]| {
        let form: Vec<(&str, &str)> = form.iter().map(|it| (it.0, it.1.as_str())).collect();
        seat.post("/design", &form).await
    };
    let rows = seat.rows().await;
    for (primary, scheme) in [("red", "AUTO"), ("", "AUTO"), ("#123456", "SEPIA")] {
        let answer = send(&form(primary, scheme)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{primary} {scheme}");
    }
    // To look only changes nothing, and neither does what is so already.
    let mut look = form("#ffcc00", "DARK");
    look.push(("act", "look".into()));
    let shown = send(&look).await;
    assert!(shown.status == StatusCode::OK && shown.text.contains("fill=\"#ffcc00\""));
    assert_eq!(seat.rows().await, rows);

    goes(&send(&form("#ffcc00", "DARK")).await, "saved");
    goes(&send(&form("#ffcc00", "DARK")).await, "same");
    let sheet = seat.bench.get(&format!("/c/{}/look.css", seat.id)).await.text;
    assert!(sheet.contains("--accent:#ffcc00") && sheet.contains("color-scheme:dark"), "{sheet}");
    // What was made from an older page changes nothing, and is asked about.
    let met = send(&form("#00ff00", "AUTO")).await;
    assert_eq!(met.status, StatusCode::CONFLICT);
    assert!(met.text.contains("Somebody else changed") && met.text.contains("#00ff00"));
    assert_eq!(looks::of(&seat.bench.app.db, &seat.id).await.unwrap().primary.hex(), "#ffcc00");

    let search = Search { act: Some("DESIGN_CHANGED"), ..Search::default() };
    let log = audit::page(&seat.bench.app.db, &search, 10).await.unwrap();
    assert_eq!(log.len(), 1);
    assert!(log[0].before.contains("#0b6b56") && log[0].after.contains("#ffcc00"));
    let kept = versions::page(&seat.bench.app.db, &seat.id, None, 2).await.unwrap();
    assert!(kept.iter().all(|it| it.subject == versions::LOOK), "{kept:?}");
    assert_eq!(kept.iter().map(|it| it.by_kind.as_str()).collect::<Vec<_>>(), ["MEMBER", "NOBODY"]);
    let list = seat.get("/versions?lang=en").await.text;
    assert!(list.contains("<del>#0b6b56</del> → <ins class=\"kept\">#ffcc00</ins>"), "{list}");
    let stood = seat.get(&format!("/versions/{}?lang=en", kept[0].number)).await.text;
    assert!(stood.contains("#ffcc00") && stood.contains("Design"), "{stood}");
    let preview = seat.get("/design/preview?primary=%23ffffff&accent=%23ffff00&lang=en").await.text;
    assert!(preview.contains("too pale") && !preview.contains("<html"), "{preview}");
}

#[tokio::test]
async fn r_look_3_of_four_changes_at_once_one_is_made() {
    let seat = Seat::new("CUSTOM").await;
    let from = to_json(&Look::default());
    let change = async |colour: &str| {
        let form = [("from", &*from), ("primary", colour), ("accent", colour), ("scheme", "AUTO")];
        seat.post("/design", &form).await.status
    };
    let all = ["#000001", "#000002", "#000003", "#000004"];
    let sent = tokio::join!(change(all[0]), change(all[1]), change(all[2]), change(all[3]));
    let sent = [sent.0, sent.1, sent.2, sent.3];
    assert_eq!(sent.iter().filter(|it| **it == StatusCode::SEE_OTHER).count(), 1, "{sent:?}");
    assert_eq!(sent.iter().filter(|it| **it == StatusCode::CONFLICT).count(), 3, "{sent:?}");
    // One version of what it was, and one of what it is.
    let kept = versions::page(&seat.bench.app.db, &seat.id, None, 50).await.unwrap();
    assert_eq!(kept.iter().filter(|it| it.subject == versions::LOOK).count(), 2);
}
