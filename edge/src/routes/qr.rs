//! `GET /q/{code}.svg`: the QR code of a link.

use std::fmt::Write as _;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::header;
use qrcodegen::{QrCode, QrCodeEcc};
use shared::code::Code;

use crate::{app::App, call::Call, click::resolve, error::Error};

/// Draws the code of a link that exists; its clicks come by the channel `qrcode`.
pub async fn show(
    State(app): State<App>,
    call: Call,
    Path(file): Path<String>,
) -> Result<Response, Error> {
    let code = file.strip_suffix(".svg").and_then(|it| Code::parse(it).ok());
    let code = code.ok_or(Error::Missing)?;
    resolve::resolve(&app, &call, &code).await?.ok_or(Error::Missing)?;
    let url = format!("{}/r/{code}?c=qrcode", app.settings.public_url);
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, svg(&url)?).into_response())
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
