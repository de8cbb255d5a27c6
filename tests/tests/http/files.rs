//! What sites load of us: kinds, ages and who may read it, the same on both hosts.

use serde_json::Value;
use tests::{Host, http, on_both_hosts};

/// On the worker Cloudflare packs what it sends.
#[test]
fn the_native_host_sends_what_pages_load_packed_to_whoever_takes_it() {
    let host = Host::native();
    let ask = |path: &str| http::get(&format!("{}{path}", host.url()));
    let published: Value = ask("/p.json").send().json();
    let files = published["files"].as_object().expect("files");
    for path in files.keys().map(String::as_str).chain(["/p.js"]) {
        let plain = ask(path).send().expect(200);
        let packed = ask(path).header("accept-encoding", "gzip, br").send().expect(200);
        assert_eq!(packed.header("content-encoding"), Some("br"), "{path}");
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        for answer in [&plain, &packed] {
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{path}");
            assert_eq!(answer.header("content-type"), plain.header("content-type"), "{path}");
        }
        assert!(packed.bytes.len() < plain.bytes.len(), "{path}");
        let _ = ask(&format!("{path}.br")).send().expect(404);
    }
}

on_both_hosts!(what_is_published_says_its_kind_and_for_how_long_it_is_kept);

const FOR_GOOD: &str = "public, max-age=31536000, immutable";
const FOR_MINUTES: &str = "public, max-age=300";

fn what_is_published_says_its_kind_and_for_how_long_it_is_kept(host: &'static Host) {
    let script = "text/javascript";
    check(host, "/p.js", script, FOR_MINUTES);
    check(host, "/p.json", "application/json", FOR_MINUTES);
    check(host, "/custom-elements.json", "application/json", FOR_MINUTES);
    check(host, "/parrain.d.ts", "application/typescript", FOR_MINUTES);

    let published: Value = http::get(&format!("{}/p.json", host.url())).send().json();
    let files = published["files"].as_object().expect("files");
    for (file, kind) in [
        ("p.js", script),
        ("widget.js", script),
        ("widget.wasm", "application/wasm"),
        ("dashboard.js", script),
        ("dashboard.css", "text/css"),
        ("test.js", script),
    ] {
        let path = files.keys().find(|it| it.ends_with(&format!("/{file}"))).expect(file);
        check(host, path, kind, FOR_GOOD);
    }
    // The two addresses of the loader hold the same.
    let read = |path: &str| http::get(&format!("{}{path}", host.url())).send().expect(200).bytes;
    assert_eq!(read("/p.js"), read(published["src"].as_str().expect("an address")));
    for gone in ["/p/000000000000/widget.js", "/_headers"] {
        let _ = http::get(&format!("{}{gone}", host.url())).send().expect(404);
    }
}

#[track_caller]
fn check(host: &Host, path: &str, kind: &str, age: &str) {
    let answer = http::get(&format!("{}{path}", host.url())).send().expect(200);
    let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
    let found = header("content-type");
    assert_eq!(found.split(';').next(), Some(kind), "{path}");
    assert_eq!(header("cache-control"), age, "{path}");
    assert_eq!(header("access-control-allow-origin"), "*", "{path}");
    assert_eq!(header("cross-origin-resource-policy"), "cross-origin", "{path}");
    // The site's own measurements see what we cost.
    assert_eq!(header("timing-allow-origin"), "*", "{path}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
}
