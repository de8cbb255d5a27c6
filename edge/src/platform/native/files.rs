//! Static files, embedded in the binary.

/// What `cargo xtask build` assembled.
#[derive(rust_embed::Embed)]
#[folder = "../target/www"]
#[allow_missing = true]
struct Files;

/// A static file by its path without the leading slash.
#[must_use]
pub fn file(path: &str) -> Option<Vec<u8>> {
    Files::get(path).map(|it| it.data.into_owned())
}
