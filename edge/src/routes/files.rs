//! Static files, on the host that serves them itself; elsewhere they never come here.

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, header};

use crate::{error::Error, platform};

/// A file by its path, or 404.
pub async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    // `_headers` is for the other host, and what is packed goes by the name of what it holds.
    let is_hidden = path.starts_with(['_', '.']) || path.ends_with(PACKED);
    let Some(bytes) = platform::file(path).filter(|_| !is_hidden) else {
        return Error::Missing.into_response();
    };
    let packed = platform::file(&format!("{path}{PACKED}"));
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let takes = accepted.is_some_and(|it| it.to_str().is_ok_and(takes_brotli));
    let varies = packed.is_some();
    let packed = packed.filter(|_| takes);
    let coding = packed.is_some();
    let mut response = answer(request.method(), path, packed.unwrap_or(bytes));
    let headers = response.headers_mut();
    if varies {
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// What the name of a file that is packed by brotli ends in.
const PACKED: &str = ".br";

/// Whether a browser takes what is packed by brotli.
fn takes_brotli(accepted: &str) -> bool {
    accepted.split(',').any(|it| {
        let (name, weight) = it.split_once(';').unwrap_or((it, ""));
        let weight = weight.trim().trim_start_matches("q=");
        name.trim() == "br" && weight.parse::<f32>() != Ok(0.0)
    })
}

fn answer(method: &Method, path: &str, bytes: Vec<u8>) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Error::WrongMethod("GET, HEAD").into_response();
    }
    let cache = if path.starts_with("p/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Anybody's page may load the widget.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    // The site's own measurements see what it costs.
    headers.insert("timing-allow-origin", HeaderValue::from_static("*"));
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        // Only declarations for tools are served.
        Some("ts") => "application/typescript; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::bench::Bench;

    #[test]
    fn versioned_files_are_kept_for_good_and_others_for_minutes() {
        let kept = |path: &str| {
            let response = answer(&Method::GET, path, b"x".to_vec());
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
            let texts = [header::CONTENT_TYPE, header::CACHE_CONTROL];
            texts.map(|it| response.headers()[it].to_str().unwrap().to_owned())
        };
        let (long, short) = ("public, max-age=31536000, immutable", "public, max-age=300");
        assert_eq!(kept("p/1a2b/widget.wasm"), ["application/wasm", long]);
        assert_eq!(kept("p/1a2b/widget.js"), ["text/javascript; charset=utf-8", long]);
        assert_eq!(kept("p.js"), ["text/javascript; charset=utf-8", short]);
        assert_eq!(kept("parrain.d.ts"), ["application/typescript; charset=utf-8", short]);
        assert_eq!(kept("styles/page.css"), ["text/css; charset=utf-8", short]);
        assert_eq!(kept("LICENSE"), ["application/octet-stream", short]);
    }

    #[test]
    fn files_are_only_read() {
        assert_eq!(answer(&Method::HEAD, "p.js", Vec::new()).status(), StatusCode::OK);
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let response = answer(&method, "p.js", b"x".to_vec());
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(response.headers()[header::ALLOW], "GET, HEAD");
        }
    }

    #[test]
    fn a_browser_says_whether_it_takes_brotli() {
        for (accepted, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("gzip;q=1.0, br; q=0", false),
            ("gzip, brotli", false),
            ("", false),
        ] {
            assert_eq!(takes_brotli(accepted), takes, "{accepted}");
        }
    }

    #[tokio::test]
    async fn what_is_no_file_is_the_wires_404() {
        let bench = Bench::new().await;
        for path in [
            "/nothing",
            "/_headers",
            "/.assetsignore",
            "/p.js.br",
            "/p/",
            "/%ff",
            "/..%2fCargo.toml",
        ] {
            bench.get(path).await.fails(404);
        }
    }
}
