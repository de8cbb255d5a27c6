//! How the native binary begins and ends.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use tests::host::{Options, fresh_folder};
use tests::process::Process;
use tests::wait::eventually;
use tests::{Campaign, Host, Setup, tool};

#[test]
fn a_call_whose_body_is_on_its_way_at_sigterm_is_answered() {
    let options = Options { demo: false, deliveries: 1, named: false };
    let host: &'static Host =
        Box::leak(Box::new(Host::start_native(fresh_folder("ending"), options)));
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/landing"));
    let body = json!({ "email": "ann@example.com" }).to_string();
    let address = host.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a connection");
    // The service says `100` once it waits for the body: then the call is under way.
    let head = format!(
        "POST /v2{} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        campaign.path("/participant"),
        host.key(),
        body.len(),
    );
    stream.write_all(head.as_bytes()).expect("a head");
    let mut said = [0; 25];
    stream.read_exact(&mut said).expect("an interim answer");
    assert_eq!(&said, b"HTTP/1.1 100 Continue\r\n\r\n");

    let (first, second) = body.split_at(body.len() / 2);
    stream.write_all(first.as_bytes()).expect("half a body");
    host.terminate();
    eventually("a closed door", || TcpStream::connect(address).is_err().then_some(()));
    stream.write_all(second.as_bytes()).expect("the other half");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("ann@example.com"), "{answer}");
    assert_eq!(host.exit_code(), "0");
    assert!(!host.logs().contains("cut off"), "{}", host.logs());
}

/// Whether the binary warns when it is started so: standard error is read beside the other stream.
#[track_caller]
fn check_warning(bind: &str, public_url: &str, expected: bool) {
    const WARNING: &str = "warning: the public URL is plain http";
    let data = fresh_folder("plain");
    let arguments = ["serve", "--port", "0", "--bind", bind, "--public-url", public_url, "--data"];
    let arguments: Vec<&OsStr> =
        arguments.map(OsStr::new).into_iter().chain([data.as_os_str()]).collect();
    let program = tool("PARRAIN_BIN", "parrain");
    let process = Process::start("native", program.as_os_str(), &arguments, &[]);
    process.line("parrain: listening on ");
    if expected {
        process.line(WARNING);
    }
    process.terminate();
    assert_eq!(process.exit_code(), "0");
    let printed = process.printed();
    assert_eq!(printed.contains(WARNING), expected, "{printed}");
}

#[test]
fn plain_http_for_the_public_is_warned_of() {
    check_warning("0.0.0.0", "http://links.example", true);
    check_warning("0.0.0.0", "https://links.example", false);
    check_warning("127.0.0.1", "http://links.example", true);
    check_warning("0.0.0.0", "http://localhost:8787", false);
}

/// An error at the start goes the same way whatever it is; here the port is taken.
#[test]
fn a_service_that_cannot_start_says_why_and_fails() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("a bound socket").port().to_string();
    let ended = Command::new(tool("PARRAIN_BIN", "parrain"))
        .args(["serve", "--port", &port, "--data"])
        .arg(fresh_folder("refused"))
        .output()
        .expect("the binary");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.starts_with("parrain: Address already in use"), "{said}");
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "");
}

/// A service may run out of file descriptors: whoever comes then waits, and is answered when there are some again.
#[test]
fn whoever_finds_no_descriptor_left_is_answered_later() {
    const MOST: usize = 64;
    let data = fresh_folder("descriptors");
    let limited = format!("ulimit -n {MOST}; exec \"$0\" \"$@\"");
    let program = tool("PARRAIN_BIN", "parrain");
    let mut arguments = ["-c", &limited].map(OsStr::new).to_vec();
    arguments.push(program.as_os_str());
    arguments.extend(["serve", "--port", "0", "--data"].map(OsStr::new));
    arguments.push(data.as_os_str());
    let process = Process::start("native", OsStr::new("sh"), &arguments, &[]);
    let url = process.line("parrain: listening on ");
    let address = url.trim_start_matches("http://");

    let connect = || TcpStream::connect(address).expect("a connection");
    let idle: Vec<TcpStream> = (0..MOST).map(|_| connect()).collect();
    let mut waiting = connect();
    waiting.write_all(b"GET /p.js HTTP/1.0\r\n\r\n").expect("a request");
    let pid = process.line("pid ");
    let open = || std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count);
    eventually("the last descriptor", || (MOST <= open()).then_some(()));
    let mut answer = String::new();
    waiting.set_read_timeout(Some(Duration::from_millis(200))).expect("a socket");
    assert!(waiting.read_to_string(&mut answer).is_err(), "{answer}");

    drop(idle);
    waiting.set_read_timeout(None).expect("a socket");
    waiting.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.0 200 OK\r\n"), "{answer}");
    process.terminate();
    assert_eq!(process.exit_code(), "0");
}
