//! Tests of the page of the design.

use http::{StatusCode, header};
use serde_json::json;
use shared::look::Look;

use crate::{
    bench::Answer,
    routes::console::settings::tests::{Seat, goes},
    sql,
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
    // What shows the colours while they are chosen.
    assert!(page.contains("href=\"/setup.css\"") && page.contains("src=\"/setup.js\""));
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

/// A PNG of these sides, as far as nobody unpacks it, with a text in it.
fn png(width: u32, height: u32, text: &[u8]) -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    let text = [&length[..], b"tEXt", text, b"\0\0\0\0"].concat();
    let drawn = b"\0\0\0\x01IDAT\0\0\0\0\0";
    let end = b"\0\0\0\0IEND\xaeB`\x82";
    [&head[..], &sides, b"\x08\x06\0\0\0\x1f\x15\xc4\x89", &text, drawn, end].concat()
}

/// Sends a file of this name and declared type as the logo.
async fn sends(seat: &Seat, name: &str, kind: &str, file: &[u8]) -> Answer {
    let csrf = seat.bench.csrf(&seat.session);
    let mut body = Vec::new();
    let fields: [(String, &[u8]); 3] = [
        ("name=\"csrf\"".to_owned(), csrf.as_bytes()),
        (format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: {kind}"), file),
        ("name=\"act\"".to_owned(), b"logo"),
    ];
    for (head, text) in fields {
        body.extend(format!("--b7\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
        body.extend(text);
        body.extend(b"\r\n");
    }
    body.extend(b"--b7--\r\n");
    let path = format!("/console/{}/design?lang=en", seat.id);
    let mut request = seat.bench.form(&path, &seat.session, "");
    *request.body_mut() = body.into();
    let kind = header::HeaderValue::from_static("multipart/form-data; boundary=b7");
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    seat.bench.send(request).await
}

/// The address of the logo, as the API tells it.
async fn address(seat: &Seat) -> Option<String> {
    let told = seat.bench.get(&seat.campaign).await.ok();
    told["companyLogoImageUrl"].as_str().map(Into::into)
}

async fn files(seat: &Seat) -> i64 {
    seat.bench.number(sql!("-- t\n SELECT count(*) AS n FROM logo")).await
}

#[tokio::test]
async fn r_look_4_a_file_is_the_logo_from_then_on_and_is_served_as_what_it_is() {
    let seat = Seat::new("CUSTOM").await;
    let form = seat.get("/design?lang=en").await.text;
    assert!(form.contains("enctype=\"multipart/form-data\"") && !form.contains("Remove the logo"));
    let file = png(200, 80, b"");
    goes(&sends(&seat, "logo.png", "image/png", &file).await, "said=saved");
    let first = address(&seat).await.unwrap();
    let path = first.strip_prefix("https://link.example").unwrap().to_owned();
    assert!(path.starts_with(&format!("/c/{}/logo.", seat.id)), "{path}");

    let served = seat.bench.get(&path).await;
    assert_eq!(served.status, StatusCode::OK);
    for (name, value) in [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ] {
        assert_eq!(served.headers[&name], value, "{name}");
    }
    assert_eq!(served.text, String::from_utf8_lossy(&file));
    // Public pages show it, and so does the one on which it was sent.
    let shown = format!("src=\"{path}\"");
    for page in [format!("/c/{}", seat.id), format!("/me/{}", seat.id)] {
        assert!(seat.bench.get(&page).await.text.contains(&shown), "{page}");
    }
    let page = seat.get("/design?lang=en").await.text;
    assert!(page.contains(&shown) && page.contains("Remove the logo"), "{page}");
    // Other addresses of files are none.
    for other in [format!("{path}0"), "/c/nobody/logo.0".into(), path.replace("logo.", "icon.")] {
        seat.bench.get(&other).await.fails(404);
    }
    let search = Search { act: Some("CAMPAIGN_CHANGED"), ..Search::default() };
    let log = audit::page(&seat.bench.app.db, &search, 9).await.unwrap();
    let noted = log.iter().find(|it| it.by_kind == "MEMBER").unwrap();
    assert!(noted.after.contains(&first), "{}", noted.after);

    // The same once more changes nothing; another takes its place, and its address.
    let rows = seat.rows().await;
    goes(&sends(&seat, "again.png", "image/png", &file).await, "said=saved");
    assert_eq!(seat.rows().await, rows);
    goes(&sends(&seat, "b.webp", "image/webp", &png(9, 9, b"")).await, "said=saved");
    let second = address(&seat).await.unwrap();
    assert_ne!(second, first);
    seat.bench.get(&path).await.fails(404);

    // Whatever takes it away takes the file along.
    goes(&seat.post("/design", &[("act", "no-logo")]).await, "said=saved");
    assert_eq!((address(&seat).await, files(&seat).await), (None, 0));
    goes(&seat.post("/design", &[("act", "no-logo")]).await, "said=saved");
    goes(&sends(&seat, "logo.png", "image/png", &file).await, "said=saved");
    let other = json!({ "companyLogoImageUrl": "https://shop.example/logo.svg" });
    seat.bench.patch(&seat.campaign, other).await.ok();
    assert_eq!(files(&seat).await, 0);
    // An address that names a file that is gone gets it back with the file.
    let again = json!({ "companyLogoImageUrl": first });
    seat.bench.patch(&seat.campaign, again).await.ok();
    seat.bench.get(&path).await.fails(404);
    goes(&sends(&seat, "logo.png", "image/png", &file).await, "said=saved");
    assert_eq!(seat.bench.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn r_look_4_a_hostile_file_is_refused_beside_its_field_and_nothing_is_kept() {
    let seat = Seat::new("CUSTOM").await;
    let rows = seat.rows().await;
    let whole = png(9, 9, b"");
    let page = b"<html><script>alert(1)</script></html>";
    let behind = [&whole[..], page].concat();
    let large = png(9, 9, &vec![b' '; 64 * 1024]);
    let photo = png(9, 9, &vec![b' '; 2 * 1024 * 1024]);
    let refused: [(&[u8], &str); 11] = [
        (b"", "Choose a picture"),
        (page, "no PNG, JPEG or WebP"),
        (
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            "no PNG, JPEG or WebP",
        ),
        (b"GIF89a/*\x01\0*/=1;alert(1)", "no PNG, JPEG or WebP"),
        (&behind, "something else besides"),
        (&whole[..20], "is not whole"),
        (&whole[..whole.len() - 1], "is not whole"),
        (&large, "more than 64 KB"),
        (&photo, "more than 64 KB"),
        (&png(1_025, 9, b""), "1,024 pixels"),
        (&png(0, 9, b""), "1,024 pixels"),
    ];
    for (file, said) in refused {
        let answer = sends(&seat, "logo.png", "image/png", file).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{said}: {}", answer.text);
        let flaw = answer.text.split("id=\"f-file-wrong\">").nth(1).unwrap();
        assert!(flaw.split('<').next().unwrap().contains(said), "{said}: {flaw}");
        assert!(answer.text.contains("aria-invalid=\"true\""), "{}", answer.text);
    }
    // What no form takes is not even read.
    let huge = sends(&seat, "logo.png", "image/png", &vec![0; 4 * 1024 * 1024]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!((seat.rows().await, files(&seat).await, address(&seat).await), (rows, 0, None));
    // A picture that holds a page within it is served as a picture that runs nothing.
    let both = png(9, 9, page);
    goes(&sends(&seat, "page.html", "text/html", &both).await, "said=saved");
    let path = address(&seat).await.unwrap();
    let served = seat.bench.get(path.strip_prefix("https://link.example").unwrap()).await;
    assert_eq!(served.headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(served.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(served.headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
}
