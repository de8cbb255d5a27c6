//! The data folder: its database, and its secret.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::secret::Secret;

use super::{Db, seed};

/// Opens the data folder: its database, and its secret, made on the first visit.
///
/// A folder that is made here is its owner's alone, with all that will lie in it; one that was there
/// keeps its mode.
pub(super) fn open(data: &Path) -> io::Result<(Db, Secret)> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(data)?;
    let db = Db::open(&data.join("parrain.db")).map_err(io::Error::other)?;
    Ok((db, secret(&data.join("secret"))?))
}

/// The installation's secret: 32 bytes in a file that only its owner reads.
fn secret(path: &Path) -> io::Result<Secret> {
    use std::io::Write;

    if !path.exists() {
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(BASE64.encode(seed()).as_bytes())?;
    }
    let bytes = BASE64.decode(fs::read_to_string(path)?.trim()).map_err(io::Error::other)?;
    let bytes = bytes.try_into().map_err(|_| io::Error::other("the secret has not 32 bytes"))?;
    Ok(Secret::new(bytes))
}

#[cfg(test)]
mod tests {
    use std::{
        os::unix::fs::PermissionsExt,
        path::PathBuf,
        sync::atomic::{AtomicU32, Ordering},
    };

    use super::*;

    /// A folder that is not there yet.
    fn fresh() -> PathBuf {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("parrain-data-{}", std::process::id());
        let number = MADE.fetch_add(1, Ordering::Relaxed).to_string();
        std::env::temp_dir().join(name).join(number)
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_data_folder_that_is_made_is_its_owners_alone() {
        let data = fresh();
        open(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
        assert_eq!(mode(&data.join("secret")), 0o600);
        fs::set_permissions(&data, fs::Permissions::from_mode(0o750)).unwrap();
        open(&data).unwrap();
        assert_eq!(mode(&data), 0o750, "what was there keeps its mode");
        fs::remove_dir_all(data).unwrap();
    }
}
