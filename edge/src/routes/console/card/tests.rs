//! Tests of the card on the console.

use http::StatusCode;

use crate::routes::console::settings::tests::{Seat, goes, value};

#[tokio::test]
async fn r_settings_8_the_owners_texts_are_previewed_confirmed_and_read_by_anybody() {
    let seat = Seat::new("CUSTOM").await;
    let public = format!("/c/{}", seat.id);
    let version = async || {
        let card = seat.bench.get(&format!("{public}/card.json")).await.ok();
        card["version"].as_str().unwrap().to_owned()
    };
    let first = version().await;
    let page = seat.get("/card?lang=en").await;
    assert!(page.text.contains("For each friend who becomes a customer"), "{}", page.text);
    assert!(page.text.contains("Pour chaque filleul qui devient client"));
    let revision = value(&page.text, "revision");
    let texts = [
        ("revision", revision.as_str()),
        ("en.intro", "Bring <b>friends</b>.\r\n\r\nThey like it."),
        ("fr.terms", "Une condition."),
        ("en.contact", "help@shop.example"),
    ];
    let before = seat.rows().await;
    let asked = seat.post("/card", &texts).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text.contains("<ins>Bring &lt;b&gt;friends&lt;/b&gt;."), "{}", asked.text);
    assert_eq!((seat.rows().await, version().await), (before, first.clone()));
    let sure: Vec<_> = texts.into_iter().chain([("sure", "1")]).collect();
    goes(&seat.post("/card", &sure).await, "said=saved");
    assert_ne!(version().await, first);
    let english = seat.bench.get(&format!("{public}?lang=en")).await.text;
    for part in [
        "<p>Bring &lt;b&gt;friends&lt;/b&gt;.</p><p>They like it.</p>",
        "<p>Une condition.</p>",
        "Whom to ask</h2><p>help@shop.example</p>",
    ] {
        assert!(english.contains(part), "{part}: {english}");
    }
    assert!(!english.contains("Who may take part</h2>"));
    // The same once more is nothing; on top of a newer one it is refused, and both are shown.
    goes(&seat.post("/card", &sure).await, "said=same");
    let mine: Vec<_> =
        sure.iter().map(|it| if it.0 == "en.intro" { ("en.intro", "Mine") } else { *it }).collect();
    let met = seat.post("/card", &mine).await;
    assert_eq!(met.status, StatusCode::CONFLICT);
    assert!(met.text.contains(">Mine<") && met.text.contains("They like it."), "{}", met.text);
    assert_eq!(value(&met.text, "revision"), "1");
    let on_top: Vec<_> =
        mine.iter().map(|it| if it.0 == "revision" { ("revision", "1") } else { *it }).collect();
    goes(&seat.post("/card", &on_top).await, "said=saved");
    assert!(seat.bench.get(&format!("{public}?lang=en")).await.text.contains("<p>Mine</p>"));
}

#[tokio::test]
async fn r_settings_8_a_text_that_is_too_long_is_refused_beside_its_field() {
    let seat = Seat::new("CUSTOM").await;
    let long = "x".repeat(601);
    let before = seat.rows().await;
    let texts = [("revision", "0"), ("fr.intro", long.as_str()), ("sure", "1")];
    let answer = seat.post("/card?lang=fr", &texts).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let flaw = answer.text.split("id=\"f-fr.intro-wrong\"").nth(1).unwrap();
    assert!(flaw.starts_with(">600 caractères au plus."), "{flaw}");
    assert!(answer.text.contains(&long));
    assert_eq!(seat.rows().await, before);
    assert_eq!(seat.post("/card", &[("en.intro", "x")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn r_settings_4_of_twenty_texts_at_once_one_is_kept() {
    let seat = Seat::new("CUSTOM").await;
    let mut requests = Vec::new();
    for n in 0..20 {
        let name = format!("Text {n}");
        let pairs = [("revision", "0"), ("en.intro", name.as_str()), ("sure", "1")];
        let form = crate::routes::console::settings::tests::encoded(&pairs);
        let form = format!("csrf={}{form}", seat.bench.csrf(&seat.session));
        let path = format!("/console/{}/card", seat.id);
        requests.push(seat.bench.form(&path, &seat.session, &form));
    }
    let answers = seat.bench.at_once(requests).await;
    let made = answers.iter().filter(|it| it.status == StatusCode::SEE_OTHER).count();
    assert_eq!(made, 1);
    assert!(answers.iter().all(|it| [303, 409].contains(&it.status.as_u16())));
}
