//! Requests to other servers: one connection each, to an address that was looked at first.

use std::{error::Error, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::addresses::is_public;
use crate::outgoing::{HttpError, MOST, PATIENCE, Reach, Target, target};

/// Asks other servers.
#[derive(Clone, Debug)]
pub struct Http {
    local: bool,
    tls: Arc<ClientConfig>,
}

impl Http {
    /// A client; if `local`, servers of this machine may be asked, too.
    #[must_use]
    pub fn new(local: bool) -> Self {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect::<RootCertStore>();
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { local, tls: Arc::new(tls) }
    }

    /// What a server answers, be it a redirect: nobody follows it.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let target = target(request.uri(), self.local)?;
        let exchange = async {
            let stream = connect(&target).await?;
            match target.reach {
                Reach::Loopback => exchange(stream, request).await,
                Reach::Public => {
                    exchange(secure(&self.tls, &target.host, stream).await?, request).await
                }
            }
        };
        timeout(PATIENCE, exchange).await.unwrap_or(Err(HttpError::TooSlow))
    }
}

/// Connects to an address within the target's reach. The name is resolved once: what was looked at
/// is what is connected to.
async fn connect(target: &Target) -> Result<TcpStream, HttpError> {
    let found = lookup_host((target.host.as_str(), target.port)).await.map_err(failed)?;
    let may_be_asked = |it: &SocketAddr| match target.reach {
        Reach::Loopback => it.ip().is_loopback(),
        Reach::Public => is_public(it.ip()),
    };
    let addresses: Vec<SocketAddr> = found.filter(may_be_asked).collect();
    if addresses.is_empty() {
        return Err(HttpError::Refused("leads into a private network"));
    }
    TcpStream::connect(&*addresses).await.map_err(failed)
}

/// Shakes hands with the server that the name belongs to.
async fn secure(
    tls: &Arc<ClientConfig>,
    host: &str,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, HttpError> {
    let name = ServerName::try_from(host.to_owned()).map_err(failed)?;
    TlsConnector::from(Arc::clone(tls)).connect(name, stream).await.map_err(failed)
}

/// Asks once, and reads the answer.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, HttpError> {
    let request = in_origin_form(request)?;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MOST)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(failed)?;
    // It ends with this call, also if nobody waits any more.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let (parts, body) = sender.send_request(request).await.map_err(failed)?.into_parts();
    let body = Limited::new(body, MOST)
        .collect()
        .await
        .map_err(|it| if it.is::<LengthLimitError>() { HttpError::TooLarge } else { failed(it) })?;
    Ok(Response::from_parts(parts, body.to_bytes()))
}

/// The request as it goes over the wire: the path alone, and the host as a header.
fn in_origin_form(request: Request<Bytes>) -> Result<Request<Full<Bytes>>, HttpError> {
    let (mut parts, body) = request.into_parts();
    let authority = parts.uri.authority().map_or("", |it| it.as_str());
    parts.headers.insert(header::HOST, HeaderValue::from_str(authority).map_err(failed)?);
    parts.uri = parts.uri.path_and_query().cloned().map_or_else(Uri::default, Uri::from);
    Ok(Request::from_parts(parts, Full::new(body)))
}

fn failed(error: impl Into<Box<dyn Error + Send + Sync>>) -> HttpError {
    let error = error.into();
    let source = error.source().map(|it| format!(": {it}")).unwrap_or_default();
    HttpError::Failed(format!("{error}{source}"))
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        task::JoinHandle,
    };

    use super::*;

    /// A server that answers one request; its address, and what it was asked.
    async fn server(answer: String) -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?x=1", listener.local_addr().unwrap());
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 1024];
            let size = stream.read(&mut asked).await.unwrap();
            // Who has read enough hangs up.
            let _ = stream.write_all(answer.as_bytes()).await;
            String::from_utf8_lossy(&asked[..size]).into()
        });
        (url, asked)
    }

    async fn ask(answer: &str) -> Result<Response<Bytes>, HttpError> {
        let (url, _asked) = server(answer.into()).await;
        Http::new(true).send(Request::get(url).body(Bytes::new()).unwrap()).await
    }

    #[tokio::test]
    async fn what_is_asked_and_answered_arrives_as_it_is() {
        let (url, asked) =
            server("HTTP/1.1 201 Created\r\nx-note: b\r\ncontent-length: 2\r\n\r\nok".into()).await;
        let host = url.split('/').nth(2).unwrap().to_owned();
        let request = Request::post(url).header("host", "other.example").header("x-note", "a");
        let answer = Http::new(true).send(request.body("hello".into()).unwrap()).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["x-note"]),
            (201, &"b".parse().unwrap())
        );
        assert_eq!(answer.body(), "ok");
        let expected = format!(
            "POST /hook?x=1 HTTP/1.1\r\nhost: {host}\r\nx-note: a\r\ncontent-length: 5\r\n\r\nhello"
        );
        assert_eq!(asked.await.unwrap(), expected);
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer() {
        let answer = ask("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n").await;
        assert_eq!(answer.unwrap().status(), 302);
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_its_most_and_no_further() {
        let full = "x".repeat(MOST);
        let answer = ask(&format!("HTTP/1.1 200 OK\r\n\r\n{full}")).await.unwrap();
        assert_eq!(answer.body().len(), MOST);
        let answer = ask(&format!("HTTP/1.1 200 OK\r\n\r\n{full}x")).await;
        assert_eq!(answer.unwrap_err(), HttpError::TooLarge);
    }

    #[tokio::test]
    async fn what_is_no_answer_is_an_error() {
        for answer in ["", "220 ready\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"] {
            assert!(matches!(ask(answer).await, Err(HttpError::Failed(_))), "{answer}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_server_is_left() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = Http::new(true).send(Request::get(url).body(Bytes::new()).unwrap()).await;
        assert_eq!(answer.unwrap_err(), HttpError::TooSlow);
    }

    #[tokio::test]
    async fn a_name_is_refused_if_it_leads_elsewhere_than_it_may() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let to = async |host: &str, reach| {
            connect(&Target { host: host.into(), port, reach }).await.err()
        };
        let refused = Some(HttpError::Refused("leads into a private network"));
        assert_eq!(to("localhost", Reach::Public).await, refused);
        assert_eq!(to("192.0.2.1", Reach::Loopback).await, refused);
        assert_eq!(to("localhost", Reach::Loopback).await, None);
    }

    #[tokio::test]
    async fn this_machine_is_not_asked_for_the_public() {
        let (url, _asked) = server(String::new()).await;
        let answer = Http::new(false).send(Request::get(url).body(Bytes::new()).unwrap()).await;
        assert!(matches!(answer, Err(HttpError::Refused(_))));
    }
}
