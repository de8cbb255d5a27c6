//! How the server starts, and what it does with those who take their time.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    time::{Instant, advance, timeout},
};

use super::*;
use crate::bench::Bench;

/// A folder that is not there.
fn nowhere() -> PathBuf {
    let name = seed().map(|it| format!("{it:02x}")).concat();
    std::env::temp_dir().join(format!("parrain-data-{name}"))
}

#[tokio::test]
async fn a_binary_without_the_script_of_sites_does_not_start() {
    let data = nowhere();
    let listen = Listen {
        data: data.clone(),
        address: SocketAddr::from(([127, 0, 0, 1], 0)),
        public_url: None,
        trusted: vec![],
        demo: false,
    };
    let refused = run(&listen, None).await.unwrap_err().to_string();
    assert_eq!(
        refused,
        "this binary was built without the script that sites embed: \
         build it by `cargo xtask build --release`"
    );
    assert!(!data.exists(), "nothing is begun");
}

#[test]
fn a_failed_accept_is_followed_by_a_pause_unless_only_its_client_has_gone() {
    let paused = |code| pause_after(&io::Error::from_raw_os_error(code));
    let [too_many_here, too_many_anywhere, no_memory] = [24, 23, 12];
    for code in [too_many_here, too_many_anywhere, no_memory] {
        assert_eq!(paused(code), PAUSE, "{}", io::Error::from_raw_os_error(code));
    }
    let [aborted, reset] = [103, 104];
    for code in [aborted, reset] {
        assert_eq!(paused(code), Duration::ZERO, "{}", io::Error::from_raw_os_error(code));
    }
}

/// A call that makes a campaign: its head, and its body in two halves.
fn call_in_parts(key: &str) -> [String; 3] {
    let body = r#"{"type":"REFERRAL","name":"Shop","currencyISO":"EUR","rewards":[]}"#;
    let head = format!(
        "POST /v2/campaigns HTTP/1.1\r\nhost: link.example\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (first, second) = body.split_at(body.len() / 2);
    [head, first.into(), second.into()]
}

/// A connection to a service that runs until `end` is dropped, and the call that is sent on it.
async fn connected(end: &GracefulShutdown) -> (DuplexStream, [String; 3]) {
    let bench = Bench::new().await;
    let parts = call_in_parts(&bench.key);
    let router = router::router(Arc::clone(&bench.app));
    let service = Arc::new(Service { app: bench.app, router, trusted: vec![] });
    let (client, server) = tokio::io::duplex(64 * 1024);
    connect(end, service, server, IpAddr::from([127, 0, 0, 1]));
    (client, parts)
}

/// What the service says until it hangs up. Paused clocks jump to where something happens next.
async fn heard(mut client: DuplexStream) -> (String, Duration) {
    let start = Instant::now();
    let mut answer = String::new();
    let read = client.read_to_string(&mut answer);
    timeout(2 * ARRIVAL, read).await.expect("it hangs up").unwrap();
    (answer, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_answered_408_in_the_end() {
    let end = GracefulShutdown::new();
    let (mut client, [head, first, _]) = connected(&end).await;
    client.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
    let (answer, took) = heard(client).await;
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(ARRIVAL <= took && took < ARRIVAL + PAUSE, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_arrives_in_time_is_read_to_its_end() {
    let end = GracefulShutdown::new();
    let (mut client, [head, first, second]) = connected(&end).await;
    client.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
    // The service has begun to wait when the time passes.
    tokio::task::yield_now().await;
    advance(ARRIVAL * 9 / 10).await;
    client.write_all(second.as_bytes()).await.unwrap();
    let (answer, _) = heard(client).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_hung_up_on() {
    let end = GracefulShutdown::new();
    let (mut client, [head, ..]) = connected(&end).await;
    client.write_all(head.trim_end().as_bytes()).await.unwrap();
    let (answer, took) = heard(client).await;
    assert_eq!(answer, "");
    assert!(ARRIVAL <= took && took < ARRIVAL + PAUSE, "{took:?}");
}

#[track_caller]
fn check(lines: &[&'static str], peer: &str, expected: &str) {
    let trusted = ["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
    }
    let found = client(&trusted, &headers, peer.parse().unwrap());
    assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{lines:?}");
}

#[test]
fn the_caller_is_the_last_address_that_is_no_trusted_proxy() {
    check(&[], "192.0.2.1", "192.0.2.1");
    check(&["198.51.100.1"], "192.0.2.1", "192.0.2.1");
    check(&[], "10.0.0.1", "10.0.0.1");
    check(&["198.51.100.1, 192.0.2.7, 10.0.0.2"], "10.0.0.1", "192.0.2.7");
    check(&["192.0.2.7,2001:db8::2"], "2001:db8::1", "192.0.2.7");
    check(&["10.0.0.3"], "10.0.0.1", "10.0.0.1");
    check(&["192.0.2.7, unknown"], "10.0.0.1", "10.0.0.1");
}

#[test]
fn several_lines_of_forwarded_addresses_are_one_list() {
    check(&["198.51.100.1", "192.0.2.7"], "10.0.0.1", "192.0.2.7");
    check(&["192.0.2.7, 10.0.0.3", "10.0.0.2"], "10.0.0.1", "192.0.2.7");
    check(&["192.0.2.7", "é"], "10.0.0.1", "10.0.0.1");
}
