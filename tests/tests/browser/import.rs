//! A member imports a file: its columns, a dry run, the import, the rows with mistakes.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::View;
use tests::host::{Kind, Options, fresh_folder};
use tests::{Browser, Host, output};

/// How long an import may take on a machine that builds at the same time.
const LONG: Duration = Duration::from_mins(8);

/// How many rows, of which this many are bad.
const ROWS: usize = 10_000;
const BAD: usize = 37;

#[test]
fn ten_thousand_rows_are_imported_on_the_native_host_and_a_kill_stops_nothing() {
    let data = fresh_folder("import");
    let host = Host::start_native(data.clone(), Options::default());
    let browser = Browser::open();
    let path = until_it_runs(&host, &browser, "en");
    let done = json!([path.rsplit('/').next()]);
    let some = |host: &Host| {
        let rows =
            host.sql("SELECT done FROM import WHERE id = ?1", done.as_array().expect("a list"));
        rows[0]["done"].as_u64().unwrap_or_default()
    };
    let begun = tests::wait::within(LONG, || Some(some(&host)).filter(|it| 500 < *it));
    assert!(begun.is_some(), "nothing is imported");
    host.kill();
    let _ = host.exit_code();
    drop(host);
    let host = Host::start_native(data, Options::default());
    let kept = some(&host);
    assert!((500..ROWS as u64 - 100).contains(&kept), "it was killed after {kept} rows");
    browser.enter_console(&host.owner_link());
    // The page of the process that is gone asked it in vain.
    let _ = browser.complaints();
    finish(&host, &browser, &path, "en");
}

#[test]
fn ten_thousand_rows_are_imported_on_the_worker_and_the_page_may_be_left() {
    let host = Host::start(Kind::Worker, Options::default());
    let browser = Browser::open();
    let path = until_it_runs(&host, &browser, "fr");
    browser.visit(&format!("{}/console/lumina?lang=fr", host.url()));
    finish(&host, &browser, &path, "fr");
}

/// A file as Excel writes it in French, with bad rows of all kinds in it.
fn file() -> PathBuf {
    let row = |n: usize| {
        let referrer =
            if n % 10 == 3 { format!("p{}@import.example", n + 1) } else { String::new() };
        let email = if n % 270 == 100 && n / 270 < BAD {
            ["", "nobody", "p0@import.example"][n / 270 % 3].into()
        } else {
            format!("p{n}@import.example")
        };
        format!("{email};Zoé;\"N°;{n}\";{referrer};=1+1\r\n")
    };
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    let text = format!("Adresse e-mail;Prénom;Nom;Parrain;Formule\r\n{}", rows.concat());
    let folder = output("stories");
    let path = folder.join("import.csv");
    // Windows-1252: every sign of the file is below U+0100.
    let bytes: Vec<u8> = text.chars().map(|it| u8::try_from(it).expect("Latin-1")).collect();
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(&path, bytes).expect("a file");
    path
}

/// Uploads the file, chooses columns, looks at the dry run and starts; the path of the import.
fn until_it_runs(host: &Host, browser: &Browser, lang: &str) -> String {
    browser.enter_console(&host.owner_link());
    browser.visit(&format!("{}/console/lumina/import?lang={lang}", host.url()));
    look(host, browser, &format!("import-list-{lang}"));
    browser.enter("#f-file", &file().display().to_string());
    browser.click("form[data-import] button");
    browser.until("document.querySelector('.mapping')");
    let chosen =
        browser.value("[...document.querySelectorAll('.columns select')].map(it => it.value)");
    assert_eq!(chosen, json!(["email", "firstName", "lastName", "referredBy", "own"]));
    look(host, browser, &format!("import-columns-{lang}"));
    // Somebody changes their mind.
    browser.run("document.querySelector('#f-column4').value = ''", json!([]));
    browser.click(".mapping .buttons button");
    browser.until("document.querySelector('.tiles')");
    let counts = browser.value("[...document.querySelectorAll('.tiles dd')].map(it => Number(it.textContent.replace(/\\D/g, '')))");
    assert_eq!(counts, json!([ROWS - BAD, 0, 0, BAD]));
    let people = "SELECT count(*) AS n FROM person WHERE email LIKE '%@import.example'";
    assert_eq!(host.sql(people, &[])[0]["n"], 0, "a dry run writes nothing");
    look(host, browser, &format!("import-checked-{lang}"));
    let bad = browser
        .value("fetch(document.querySelector('a[href$=\"bad.csv\"]').href).then(it => it.text())");
    let bad = bad.as_str().unwrap_or_default().trim_start_matches('\u{feff}').to_owned();
    assert_eq!(bad.lines().count(), BAD + 1, "{bad}");
    assert!(bad.contains("\"'=1+1\"") && !bad.contains(";=1+1") && !bad.contains(",=1+1"), "{bad}");
    let path = browser.value("location.pathname").as_str().unwrap_or_default().to_owned();
    browser.click("input[value=start] ~ button");
    browser.until("document.querySelector('[data-steps]')");
    look(host, browser, &format!("import-running-{lang}"));
    path
}

/// Comes back to the import and waits for its end.
fn finish(host: &Host, browser: &Browser, path: &str, lang: &str) {
    browser.visit(&format!("{}{path}?lang={lang}", host.url()));
    let ended = tests::wait::within(LONG, || {
        let rows = host.sql("SELECT state FROM import ORDER BY created_at DESC LIMIT 1", &[]);
        (rows[0]["state"] == "DONE").then_some(())
    });
    assert!(ended.is_some(), "the import does not end: {}", browser.text("main"));
    browser.until("document.querySelector('.told')");
    look(host, browser, &format!("import-done-{lang}"));
    let one = |sql: &str| -> Value { host.sql(sql, &[])[0]["n"].clone() };
    let people = "SELECT count(*) AS n FROM person WHERE email LIKE '%@import.example'";
    assert_eq!(one(people), json!(ROWS - BAD));
    let referred =
        "SELECT count(*) AS n FROM referral AS r JOIN person AS p ON p.subject = r.friend
                     WHERE p.email LIKE '%@import.example'";
    assert_eq!(one(referred), json!(ROWS / 10));
    assert_eq!(one("SELECT count(*) AS n FROM import_row"), 0, "nothing of the file is left");
    assert_eq!(
        one("SELECT added AS n FROM import ORDER BY created_at DESC LIMIT 1"),
        json!(ROWS - BAD)
    );
    assert!(!host.logs().contains("import.example"), "the log names somebody");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// The page is for everybody, narrow and wide.
fn look(host: &Host, browser: &Browser, name: &str) {
    for width in [360, 1280] {
        browser.look(View { width, dark: false });
        browser.picture(&format!("{name}-{width}-{:?}", host.kind).to_lowercase());
        assert!(browser.overflow() <= 0, "{name} is {} px too wide", browser.overflow());
        assert_eq!(browser.violations(), Vec::<String>::new(), "{name} at {width}");
    }
}
