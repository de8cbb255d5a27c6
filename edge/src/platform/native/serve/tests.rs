//! How the server starts.

use super::*;

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
