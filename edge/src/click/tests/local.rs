//! The click on one machine, over plain `http`.

use super::*;

/// What a link of an installation sets on a host of its site.
async fn set(public_url: &str, site: &str, host: &str, cookie: &str) -> Option<String> {
    let installation = Installation { share_url: Some(site.into()), ..free() };
    let mut scene = Scene::at(public_url, installation).await;
    scene.follow(Request { host, cookie, ..navigation() }).await.1
}

#[tokio::test]
async fn r_click_4_on_this_machine_cookies_need_no_https() {
    for host in ["127.0.0.1:8787", "localhost:8787", "[::1]:8787"] {
        let here = format!("http://{host}");
        let cookie = set(&here, &here, host, "").await.unwrap();
        let age = Span::days(30).0 / 1_000;
        let tail = format!("; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax");
        assert!(cookie.starts_with("prn-shop=") && cookie.ends_with(&tail), "{cookie}");
        // It is found again.
        let again = set(&here, &here, host, cookie.split(';').next().unwrap()).await.unwrap();
        assert!(again.contains('~'), "{again}");
    }
}

#[tokio::test]
async fn r_click_4_everywhere_else_they_need_it() {
    let here = "http://127.0.0.1:8787";
    for (public_url, site, host) in [
        ("https://links.example", here, "127.0.0.1:8787"),
        (here, "https://shop.example", "shop.example"),
        ("http://links.example", "https://shop.example", "shop.example"),
    ] {
        let cookie = set(public_url, site, host, "").await.unwrap();
        assert!(cookie.starts_with("__Host-prn-shop=") && cookie.contains("; Secure;"), "{cookie}");
    }
}
