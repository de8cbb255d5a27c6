//! The server: one thread, one runtime, connections kept alive, a drain on SIGTERM.

use std::{
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{Either, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use ipnet::IpNet;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    signal::unix::{Signal, SignalKind, signal},
};
use tower::ServiceExt;

use super::{Background, Clicks, Http, Limiter, LinkStore, Mail, data, file, now, seed};
use crate::{
    app::{App, Settings, State},
    call::{Call, Network},
    click::{self, cache::Cache},
    engine::{cron, demo, entry},
    mail::Configuration,
    router,
};

/// How the server is started.
#[derive(Clone, Debug)]
pub struct Listen {
    /// Folder of the database and the secret.
    pub data: PathBuf,
    /// Where to listen.
    pub address: SocketAddr,
    /// `--public-url`, if it is not the address.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted: Vec<IpNet>,
    /// Whether to seed and serve the demo.
    pub demo: bool,
}

/// How long open requests may take after SIGTERM.
const DRAIN: Duration = Duration::from_secs(10);

/// How often due work is done.
const CRON_EVERY: Duration = Duration::from_secs(10);

/// The script that sites embed, and the one file without which nothing works.
const LOADER: &str = "p.js";

/// How long to wait when no connection can be taken.
const PAUSE: Duration = Duration::from_millis(100);

/// How long the headers of a request may take to arrive, and then its body with the answer.
const ARRIVAL: Duration = Duration::from_secs(30);

type Answer = Response<Either<Full<Bytes>, Body>>;

/// Serves until SIGTERM or Ctrl-C.
pub fn serve(listen: &Listen) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(listen, file(LOADER).as_deref()))
}

async fn run(listen: &Listen, loader: Option<&[u8]>) -> io::Result<()> {
    if loader.is_none() {
        return Err(io::Error::other(
            "this binary was built without the script that sites embed: \
             build it by `cargo xtask build --release`",
        ));
    }
    let (db, secret) = data::open(&listen.data)?;
    let listener = TcpListener::bind(listen.address).await?;
    let address = listener.local_addr()?;
    // The demo's second address is the same service under another host name: a foreign site.
    let foreign = if listen.demo { Some(beside(address).await?) } else { None };
    let public_url = listen.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let settings = Settings::new(&public_url, secret, listen.demo);
    if settings.is_plain() {
        super::log("warning: the public URL is plain http; browsers will not keep our cookies");
    }
    let http = Http::new(settings.is_local());
    let app: App = Arc::new(State {
        mail: mail(listen, http.clone())?,
        http,
        settings,
        clicks: Clicks::start(db.clone()),
        db,
        store: LinkStore,
        cache: Cache::default(),
        misses: Limiter::new(30),
        leads: Limiter::new(600),
    });
    let service = Arc::new(Service {
        router: router::router(Arc::clone(&app)),
        trusted: listen.trusted.clone(),
        app,
    });
    let started = call(IpAddr::from([127, 0, 0, 1]));
    if listen.demo {
        let away = foreign.as_ref().and_then(|it| it.local_addr().ok());
        let away = away.map(|it| format!("http://localhost:{}", it.port()));
        demo::seed(&service.app, &started, away.as_deref()).await.map_err(|it| other(&it))?;
    }
    let link = entry::owner_link(&service.app, &started).await.map_err(|it| other(&it))?;
    tokio::spawn(tick(Arc::clone(&service)));
    // Whoever reads that we listen may end us from then on.
    let terminated = signal(SignalKind::terminate())?;
    println!("parrain: listening on http://{address}");
    if let Some(foreign) = &foreign {
        println!(
            "parrain: foreign site on http://localhost:{}/demo/shop",
            foreign.local_addr()?.port()
        );
    }
    println!("parrain: owner link {link}");
    accept(&service, listener, foreign, terminated).await
}

/// Who carries the mail: whom the environment names, or a folder beside the database.
fn mail(listen: &Listen, http: Http) -> io::Result<Mail> {
    let text = |name| std::env::var(name).unwrap_or_default();
    let configuration = Configuration::parse(&text("PARRAIN_MAIL"), &text("PARRAIN_MAIL_FROM"));
    match configuration.map_err(io::Error::other)? {
        Some(it) => Mail::carried(it, http).map_err(io::Error::other),
        None => Ok(Mail::new(listen.data.join("mail"))),
    }
}

fn other(error: &crate::error::Error) -> io::Error {
    io::Error::other(format!("{error:?}"))
}

/// The port after this one, or any if that is taken.
async fn beside(address: SocketAddr) -> io::Result<TcpListener> {
    let next = SocketAddr::new(address.ip(), address.port().saturating_add(1));
    match TcpListener::bind(next).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(SocketAddr::new(address.ip(), 0)).await,
    }
}

/// Does due work, for as long as the process lives.
async fn tick(service: Arc<Service>) {
    let mut interval = tokio::time::interval(CRON_EVERY);
    loop {
        interval.tick().await;
        cron::run(&service.app, &call(IpAddr::from([127, 0, 0, 1]))).await;
    }
}

async fn accept(
    service: &Arc<Service>,
    listener: TcpListener,
    foreign: Option<TcpListener>,
    mut terminated: Signal,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            it = listener.accept() => it,
            it = also(foreign.as_ref()) => it,
            _ = terminated.recv() => break,
            _ = tokio::signal::ctrl_c() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let _ = stream.set_nodelay(true);
                connect(&graceful, Arc::clone(service), stream, peer.ip());
            }
            Err(error) => tokio::time::sleep(pause_after(&error)).await,
        }
    }
    drop((listener, foreign));
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(DRAIN) => super::log("some requests were cut off"),
    }
    Ok(())
}

/// How long to wait after a failed accept.
fn pause_after(error: &io::Error) -> Duration {
    match error.kind() {
        // The client has gone already: the next one waits for nothing.
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset => Duration::ZERO,
        // Most likely there are no more file descriptors: some come back as answers are sent.
        _ => PAUSE,
    }
}

async fn also(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

fn connect<S>(graceful: &GracefulShutdown, service: Arc<Service>, stream: S, peer: IpAddr)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(service.answer(request, peer).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(ARRIVAL)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), answer);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // A client that hangs up is no error of ours.
        let _ = connection.await;
    });
}

struct Service {
    app: App,
    router: Router,
    trusted: Vec<IpNet>,
}

impl Service {
    async fn answer(&self, request: Request<Incoming>, peer: IpAddr) -> Answer {
        let call = call(client(&self.trusted, request.headers(), peer));
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        match request.uri().path().strip_prefix("/r/") {
            Some(code) if is_read => {
                let reply = click::answer(&self.app, &call, hit(&request, code)).await;
                router::click_response(reply).map(|it| match it {
                    Ok(bytes) => Either::Left(Full::new(bytes)),
                    Err(body) => Either::Right(body),
                })
            }
            _ => {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(call);
                // Only a body that trickles in takes long: whoever sends it must not hold us.
                let answered = self.router.clone().oneshot(request);
                match tokio::time::timeout(ARRIVAL, answered).await {
                    Ok(answered) => answered.unwrap_or_else(|it| match it {}).map(Either::Right),
                    Err(_) => too_slow(),
                }
            }
        }
    }
}

/// The caller's address: the peer's, or behind trusted proxies the last that is none of them.
fn client(trusted: &[IpNet], headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let trusted = |it: IpAddr| trusted.iter().any(|net| net.contains(&it));
    if !trusted(peer) {
        return peer;
    }
    // A proxy may add a line of its own: several are one list.
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let addresses = lines.flat_map(|it| it.to_str().unwrap_or_default().rsplit(','));
    let known = addresses.map_while(|it| it.trim().parse::<IpAddr>().ok());
    known.take(16).find(|it| !trusted(*it)).unwrap_or(peer)
}

/// What is said to a client whose body did not arrive in time; its connection is of no more use.
fn too_slow() -> Answer {
    let mut answer = Response::new(Either::Left(Full::default()));
    *answer.status_mut() = StatusCode::REQUEST_TIMEOUT;
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// A call that begins now.
fn call(address: IpAddr) -> Call {
    Call::new(now(), seed(), Network::of(address), Background)
}

// Names that `http` has no constant for, parsed once.
static SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
static PURPOSE: HeaderName = HeaderName::from_static("purpose");
static X_MOZ: HeaderName = HeaderName::from_static("x-moz");
static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
static SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
static SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");

/// The parts of a request that a click looks at.
fn hit<'r>(request: &'r Request<Incoming>, code: &'r str) -> click::Request<'r> {
    let text = |name: &HeaderName| {
        request.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    };
    let purpose = [&SEC_PURPOSE, &PURPOSE, &X_MOZ];
    click::Request {
        hit: shared::click::Hit {
            is_head: request.method() == Method::HEAD,
            purpose: purpose.into_iter().map(text).find(|it| !it.is_empty()).unwrap_or_default(),
            fetch_dest: text(&SEC_FETCH_DEST),
            fetch_mode: text(&SEC_FETCH_MODE),
            agent: text(&header::USER_AGENT),
        },
        code,
        query: request.uri().query().unwrap_or_default(),
        host: text(&header::HOST),
        cookie: text(&header::COOKIE),
        language: text(&header::ACCEPT_LANGUAGE),
        refused_globally: text(&SEC_GPC) == "1",
    }
}

#[cfg(test)]
mod tests;
