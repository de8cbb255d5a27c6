//! A participant's pages within the pages of a site: the same answers, by the bearer's token. No cookie
//! is read or set, redirects stay in here, and what did not change is told in no bytes.

use axum::{body::to_bytes, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use shared::{lang::Lang, proposal::is_own};

use crate::{
    error::Error,
    routes::{
        ask::{Ask, Endpoint},
        browser::guest,
        query::Query,
    },
};

/// Where these pages are for the pages of a site.
const HERE: &str = "/_p";

/// Whether a page of a site asks (R-DASH-1).
pub(super) fn is(ask: &Ask) -> bool {
    ask.uri.starts_with(HERE)
}

/// What a page of the campaign's site is answered; any other is refused before anything is read.
pub(super) async fn answer(inner: &Endpoint, ask: Ask) -> Result<Response, Error> {
    let site = guest::named(&ask).await?;
    let (lang, reads, known) = (ask.query.lang("lang"), ask.reads, known(&ask.headers));
    let chosen = ask.query.chosen_lang();
    let mut answer = inner.run(ask).await.unwrap_or_else(|error| error.into_page(lang));
    let headers = answer.headers_mut();
    headers.remove(header::SET_COOKIE);
    if let Some(Ok(to)) = headers.get(header::LOCATION).map(HeaderValue::to_str)
        && let Ok(to) = HeaderValue::try_from(stay(to, chosen))
    {
        headers.insert(header::LOCATION, to);
    }
    if reads && answer.status() == StatusCode::OK {
        answer = tagged(answer, known.as_deref()).await?;
    }
    Ok(site.let_read(answer, &[]))
}

/// Where a redirect leads in here, in the language that was asked for: no cookie keeps it.
fn stay(to: &str, lang: Option<Lang>) -> String {
    let Some(lang) = lang else { return format!("{HERE}{to}") };
    let (to, place) = to.split_once('#').unwrap_or((to, ""));
    let gap = if to.contains('?') { '&' } else { '?' };
    format!("{HERE}{to}{gap}lang={}#{place}", lang.tag())
}

/// The page that asks, to which a link in an e-mail may lead back: of the origin that asks, which is the
/// campaign's, with no query, and nothing in its path that looks like somebody's (R-DASH-4).
pub(super) fn page(ask: &Ask, form: &Query) -> Option<String> {
    let origin = ask.headers.get(header::ORIGIN)?.to_str().ok().filter(|_| is(ask))?;
    let path = form.get("page")?.strip_prefix(origin)?;
    let fits =
        |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'/' | b'-' | b'_' | b'.' | b'~');
    let is_plain = path.starts_with('/') && path.len() <= 200 && path.bytes().all(fits);
    let is_plain = is_plain && !path.split('/').any(is_own);
    is_plain.then(|| format!("{origin}{path}"))
}

/// The tag that the page knows already.
fn known(headers: &HeaderMap) -> Option<String> {
    headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok()).map(Into::into)
}

/// An answer with the tag of its content; nothing but that, if it is known (R-DASH-3).
async fn tagged(answer: Response, known: Option<&str>) -> Result<Response, Error> {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await;
    let bytes = bytes.map_err(|error| Error::Internal(format!("a page: {error}")))?;
    let hash = Sha256::digest(&bytes);
    let hash: String = hash.iter().take(8).map(|it| format!("{it:02x}")).collect();
    let tag = format!("\"{hash}\"");
    let is_known = known == Some(&*tag);
    if let Ok(tag) = HeaderValue::try_from(tag) {
        parts.headers.insert(header::ETAG, tag);
        let shown = HeaderValue::from_static("etag");
        parts.headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, shown);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        return Ok(Response::from_parts(parts, axum::body::Body::empty()));
    }
    Ok(Response::from_parts(parts, bytes.into()))
}
