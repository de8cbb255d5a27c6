//! The native host's command line.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    edge::platform::command(std::env::args_os().skip(1))
}

#[cfg(target_arch = "wasm32")]
fn main() {}
