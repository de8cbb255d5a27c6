//! A Cloudflare Worker that redirects and does nothing else: what a click is measured against.
#![cfg(target_arch = "wasm32")]

use worker::{Context, Env, Request, Response, Result, event};

/// Redirects, as a Worker in Rust does when it was written by the book.
#[event(fetch)]
async fn fetch(_request: Request, _env: Env, _context: Context) -> Result<Response> {
    let headers = worker::Headers::new();
    headers.set("location", "https://shop.example/")?;
    Ok(Response::empty()?.with_status(302).with_headers(headers))
}
