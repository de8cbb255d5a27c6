//! The data folder: its database, and its secret.

use std::{
    fs,
    io::{self, Write},
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
    if !path.exists() {
        make(path)?;
    }
    let bytes = BASE64.decode(fs::read_to_string(path)?.trim()).map_err(io::Error::other)?;
    let bytes = bytes.try_into().map_err(|_| io::Error::other("the secret has not 32 bytes"))?;
    Ok(Secret::new(bytes))
}

/// Makes a secret. It stands under its name only once it is whole and on the disk, and never takes
/// the place of another: who comes second keeps the first.
fn make(path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let fresh = path.with_extension(std::process::id().to_string());
    // What a process of this number left there when it died is of no use.
    let _ = fs::remove_file(&fresh);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(BASE64.encode(seed()).as_bytes())?;
    file.sync_all()?;
    let named = fs::hard_link(&fresh, path);
    fs::remove_file(&fresh)?;
    match named {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::File::open(folder)?.sync_all(),
    }
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

    #[test]
    fn a_secret_is_made_whole_once_and_kept() {
        let data = fresh();
        fs::create_dir_all(&data).unwrap();
        let path = data.join("secret");
        // Left by a process that died while it wrote.
        let half = path.with_extension(std::process::id().to_string());
        fs::write(&half, "x".repeat(100)).unwrap();
        let made = secret(&path).unwrap();
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "nothing is left beside it");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap(), BASE64.encode(made.bytes()));
        // Another process that saw none made its own at the same time.
        make(&path).unwrap();
        assert_eq!(secret(&path).unwrap().bytes(), made.bytes());
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1);
        fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn a_secret_of_another_length_is_refused_and_kept() {
        let data = fresh();
        fs::create_dir_all(&data).unwrap();
        let path = data.join("secret");
        for wrong in ["", "AAAA", "no base64!"] {
            fs::write(&path, wrong).unwrap();
            assert!(secret(&path).is_err(), "{wrong}");
            assert_eq!(fs::read_to_string(&path).unwrap(), wrong);
        }
        fs::remove_dir_all(data).unwrap();
    }
}
