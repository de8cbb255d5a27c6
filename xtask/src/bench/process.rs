//! A server that is measured: started, waited for, its CPU time read, ended.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::shell;

/// How long a server may take to start, or to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// Linux counts CPU time in hundredths of a second for whoever reads procfs (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// A running server with all the processes that it started.
pub(super) struct Server {
    child: Child,
    lines: Receiver<String>,
}

impl Server {
    /// Starts it. It may end when its standard input does.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {}", command.get_program().display()))?;
        let output = child.stdout.take().context("there is a pipe")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Whoever waited for lines may have heard enough; the pipe is emptied all the same.
                let _ = sender.send(line);
            }
        });
        Ok(Self { child, lines })
    }

    /// Waits for a line that begins so, and returns the rest of it.
    pub(super) fn says(&self, start: &str) -> Result<String> {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.with_context(|| format!("a server did not say {start:?}"))?;
            if let Some(rest) = line.strip_prefix(start) {
                return Ok(rest.trim().into());
            }
        }
    }

    /// Ends it at once, as SIGKILL does, and returns what it had said that nobody waited for.
    pub(super) fn kill(&mut self) -> Result<Vec<String>> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(self.lines.iter().collect())
    }

    /// Waits until something listens on the port.
    pub(super) fn listens(&mut self, port: u16) -> Result<()> {
        let until = shell::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if self.child.try_wait()?.is_some() || until < shell::now() {
                bail!("nothing listens on port {port}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// User and system time of its processes so far.
    pub(super) fn cpu(&self) -> Result<Duration> {
        let mut processes: HashMap<u32, Vec<Process>> = HashMap::new();
        let mut own = None;
        for entry in fs::read_dir("/proc").context("CPU time is read from Linux's procfs")? {
            // Processes come and go meanwhile.
            let Ok(text) = fs::read_to_string(entry?.path().join("stat")) else { continue };
            let Some(process) = Process::read(&text) else { continue };
            if process.id == self.child.id() {
                own = Some(process);
            } else {
                processes.entry(process.parent).or_default().push(process);
            }
        }
        let mut open = vec![own.context("a server has ended")?];
        let mut ticks = 0;
        while let Some(process) = open.pop() {
            ticks += process.ticks;
            open.extend(processes.remove(&process.id).unwrap_or_default());
        }
        Ok(TICK * ticks)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let mut terminate = Command::new("sh");
        terminate.args(["-c", &format!("kill {} 2>/dev/null", self.child.id())]);
        let _ = terminate.status();
        let until = shell::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) {
            if until < shell::now() {
                let _ = self.child.kill();
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A line of `/proc/…/stat`.
#[derive(Debug, Eq, PartialEq)]
struct Process {
    id: u32,
    parent: u32,
    ticks: u32,
}

impl Process {
    fn read(text: &str) -> Option<Self> {
        // The name stands in parentheses and may hold anything.
        let (start, rest) = text.rsplit_once(')')?;
        let id = start.split(' ').next()?.parse().ok()?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let number = |place: usize| fields.get(place)?.parse::<u32>().ok();
        Some(Self { id, parent: number(1)?, ticks: number(11)? + number(12)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_name() {
        let text = "42 (a) b (c)) S 7 42 42 0 -1 4194560 1 0 0 0 30 12 0 0 20 0 1 0 9 9 9\n";
        assert_eq!(Process::read(text), Some(Process { id: 42, parent: 7, ticks: 42 }));
    }

    #[test]
    fn what_a_server_said_before_it_was_killed_is_heard() {
        let mut command = Command::new("sh");
        command.args(["-c", "printf 'ready\\n1\\n2\\n'; exec cat"]);
        let mut server = Server::start(&mut command).unwrap();
        server.says("ready").unwrap();
        assert_eq!(server.kill().unwrap(), ["1", "2"]);
    }

    #[test]
    fn a_server_is_known_by_what_it_says_and_ends_with_its_guard() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo 'x: on 1'; cat"]);
        let server = Server::start(&mut command).unwrap();
        assert_eq!(server.says("x: on").unwrap(), "1");
        assert!(server.cpu().unwrap() < PATIENCE);
    }
}
