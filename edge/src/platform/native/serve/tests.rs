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
