//! The data folder: its database, and its secret.

use std::{fs, io, path::Path};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::secret::Secret;

use super::{Db, seed};

/// Opens the data folder: its database, and its secret, made on the first visit.
pub(super) fn open(data: &Path) -> io::Result<(Db, Secret)> {
    fs::create_dir_all(data)?;
    let db = Db::open(&data.join("parrain.db")).map_err(io::Error::other)?;
    Ok((db, secret(&data.join("secret"))?))
}

/// The installation's secret: 32 bytes in a file that only its owner reads.
fn secret(path: &Path) -> io::Result<Secret> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};

    if !path.exists() {
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(BASE64.encode(seed()).as_bytes())?;
    }
    let bytes = BASE64.decode(fs::read_to_string(path)?.trim()).map_err(io::Error::other)?;
    let bytes = bytes.try_into().map_err(|_| io::Error::other("the secret has not 32 bytes"))?;
    Ok(Secret::new(bytes))
}
