//! The reference of the native host: nginx, one worker, `return 302`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::process::Server;
use super::{folder, free_port};
use crate::shell;

/// Starts nginx with a configuration of its own, and returns its port.
pub(super) fn start() -> Result<(Server, u16)> {
    let (folder, port) = (folder("nginx")?, free_port()?);
    let file = folder.join("nginx.conf");
    fs::write(&file, config(&folder, port))?;
    let elsewhere = Path::new("/usr/sbin/nginx");
    let program = shell::find(&["nginx"]).or_else(|| elsewhere.exists().then(|| elsewhere.into()));
    let mut command = shell::command(program.context("nginx is not on the PATH")?);
    let mut server = Server::start(command.arg("-p").arg(&folder).arg("-c").arg(&file))?;
    server.listens(port)?;
    Ok((server, port))
}

fn config(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 256; }}
http {{
  access_log off;
  # The connection stays, as ours does.
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{ return 302 https://shop.example/; }}
  }}
}}
"
    )
}
