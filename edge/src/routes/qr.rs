//! `GET /q/{code}.svg`: the QR code of a link; `GET /c/{campaign}/join.svg`: of the page where people join.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::header;
use qrcodegen::{QrCode, QrCodeEcc};
use shared::{campaign::Status, code::Code};

use super::ask::Ask;
use crate::{click::resolve, engine::terms, error::Error};

/// Draws the code of a link that exists; its clicks come by the channel `qrcode`.
pub async fn show(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let code = ask.at("file").and_then(|it| it.strip_suffix(".svg"));
    let code = code.and_then(|it| Code::parse(it).ok());
    let code = code.ok_or(Error::Missing)?;
    resolve::resolve(app, call, &code).await?.ok_or(Error::Missing)?;
    drawn(&format!("{}/r/{code}?c=qrcode", app.settings.public_url))
}

/// Draws the address at which people join a programme; a draft has none yet.
pub async fn join(ask: Ask) -> Result<Response, Error> {
    let (terms, _) = terms::read(&ask.app, ask.campaign()).await?;
    if terms.campaign.status == Status::Draft {
        return Err(Error::Missing);
    }
    drawn(&format!("{}/me/{}", ask.app.settings.public_url, terms.campaign.id))
}

fn drawn(url: &str) -> Result<Response, Error> {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, svg(url)?).into_response())
}

/// Dark squares on light ground with the quiet zone of four modules that ISO/IEC 18004 asks for.
fn svg(text: &str) -> Result<String, Error> {
    let qr = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|it| Error::Internal(it.to_string()))?;
    let size = qr.size();
    let side = size + 8;
    let mut path = String::new();
    for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))) {
        if qr.get_module(x, y) {
            let _ = write!(path, "M{},{}h1v1h-1z", x + 4, y + 4);
        }
    }
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img"><rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use http::header;
    use qrcodegen::{QrCode, QrCodeEcc};

    use crate::bench::Bench;

    #[tokio::test]
    async fn r_click_16_the_qr_code_of_a_link_is_an_svg_that_names_the_channel() {
        let bench = Bench::new().await;
        let path = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&path, "ada", None).await;

        let answer = bench.get(&format!("/q/{ada}.svg")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "image/svg+xml");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "public, max-age=86400");

        let link = format!("https://link.example/r/{ada}?c=qrcode");
        let expected = QrCode::encode_text(&link, QrCodeEcc::Medium).unwrap();
        let (size, svg) = (expected.size(), answer.text);
        assert!(svg.contains(&format!(r#"viewBox="0 0 {0} {0}""#, size + 8)), "{svg}");
        let cells = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
        for (x, y) in cells {
            let drawn = svg.contains(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
            assert_eq!(drawn, expected.get_module(x, y), "at {x}, {y}");
        }
    }

    #[tokio::test]
    async fn r_click_16_what_names_no_link_has_no_qr_code() {
        let bench = Bench::new().await;
        let path = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&path, "ada", None).await;
        let long = format!("{}.svg", "a".repeat(21));
        for file in ["nobody.svg", "%ff.svg", "%00.svg", ".svg", &ada, &format!("{ada}.png"), &long]
        {
            bench.get(&format!("/q/{file}")).await.fails(404);
        }
    }
}
