//! The project's tasks: `cargo xtask <task>`.

mod artefacts;
mod bench;
mod bindgen;
#[cfg(test)]
mod contract;
mod dashboard;
mod deploy;
mod digest;
mod e2e;
#[cfg(test)]
mod french;
mod kept;
mod paths;
mod serve;
mod shell;
mod site;
mod size;
mod test;
#[cfg(test)]
mod tidy;
mod tools;

use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "\
usage: cargo xtask <task>

  serve [options of `parrain serve`]   build and run the service on this machine, with the demo
  serve --worker                       the same on Cloudflare's runtime, still on this machine
  test [--quick] [--histories N]       everything that must hold; --quick needs no Node and no browser;
                                       N generated histories of some 46 operations each (460)
  e2e [options of `cargo test`]        the end-to-end tests alone
  build [--release]                    widget, static files, native binary and worker
  size                                 what a browser and the edge download, against the budgets
  bench [engine] [native] [worker] [widget] [--check]
                                       what the engine costs, a click on both hosts, and our tag in a
                                       page; --check fails below the floors
  keep URL                             take over the versions of the script that a running service has, so
                                       that what is built next serves them too; deploy does it by itself
  deploy --public-url URL              put the service on the owner's Cloudflare account
  deploy --public-url URL --from URL   the same where it moves from another address; --keep-nothing goes on
                                       without the versions that are there
  deploy --dry-run                     the same with nothing sent
  deploy --owner-link --public-url URL another one-time link for the owner

What a task needs it installs into target/tools/.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> anyhow::Result<()> {
    if bindgen::is_wanted() {
        return bindgen::as_program(arguments);
    }
    let Some((task, options)) = arguments.split_first() else { bail!("no task\n\n{USAGE}") };
    match task.as_str() {
        "bench" => bench::run(options),
        "build" => artefacts::run(options),
        "deploy" => deploy::run(options),
        "e2e" => e2e::run(options),
        "help" | "--help" => {
            println!("{USAGE}");
            Ok(())
        }
        "keep" => kept::run(options),
        "serve" => serve::run(options),
        "size" => size::run(options),
        "test" => test::run(options),
        other => bail!("no task is called {other}\n\n{USAGE}"),
    }
}
