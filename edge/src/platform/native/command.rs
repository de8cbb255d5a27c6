//! `parrain serve` and `parrain key create`.

use std::{ffi::OsString, io, net::IpAddr, net::SocketAddr, path::PathBuf, process::ExitCode};

use lexopt::prelude::*;
use shared::team::EVERYTHING;

use super::{Background, Listen, data, now, seed, serve};
use crate::{
    call::{Call, Network},
    engine::keys,
};

const HELP: &str = "\
parrain: a referral programme that you host

  parrain serve [--data DIR] [--port N] [--bind ADDR] [--public-url URL]
                [--trust-proxy CIDR]… [--demo]
      Serves until SIGTERM. Defaults: --data data --port 8787 --bind 127.0.0.1.
      --public-url   where links and the script live, if not at the address itself
      --trust-proxy  networks of proxies whose X-Forwarded-For is believed
      --demo         a seeded campaign and a small shop to try it with

  parrain key create [--data DIR]
      Prints a new API key, once, and nothing else.
";

/// Runs a command line without its first word.
pub fn command(arguments: impl Iterator<Item = OsString> + 'static) -> ExitCode {
    match run(lexopt::Parser::from_args(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parrain: {error}\n\n{HELP}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut parser: lexopt::Parser) -> Result<(), lexopt::Error> {
    let mut words = Vec::new();
    let (mut port, mut bind) = (8787_u16, IpAddr::from([127, 0, 0, 1]));
    let mut listen = Listen {
        data: PathBuf::from("data"),
        address: SocketAddr::new(bind, port),
        public_url: None,
        trusted: Vec::new(),
        demo: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("data") => listen.data = parser.value()?.into(),
            Long("port") => port = parser.value()?.parse()?,
            Long("bind") => bind = parser.value()?.parse()?,
            Long("public-url") => listen.public_url = Some(public_url(parser.value()?.string()?)?),
            Long("trust-proxy") => listen.trusted.push(parser.value()?.parse()?),
            Long("demo") => listen.demo = true,
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    listen.address = SocketAddr::new(bind, port);
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve(&listen).map_err(failed),
        ["key", "create"] => create_key(&listen).map_err(failed),
        _ => Err("say `serve` or `key create`".into()),
    }
}

fn public_url(url: String) -> Result<String, lexopt::Error> {
    match shared::link::SiteUrl::parse(&url) {
        Ok(_) => Ok(url),
        Err(error) => Err(format!("--public-url {url}: {error}").into()),
    }
}

fn failed(error: io::Error) -> lexopt::Error {
    lexopt::Error::Custom(Box::new(error))
}

fn create_key(listen: &Listen) -> io::Result<()> {
    let (db, _) = data::open(&listen.data)?;
    let call = Call::new(now(), seed(), Network::default(), Background);
    let (key, statements) = keys::create(&call, "created on the command line", EVERYTHING, None);
    db.commit(&statements).map_err(io::Error::other)?;
    println!("{key}");
    Ok(())
}
