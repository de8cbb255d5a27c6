//! A child process that never outlives the test binary, however that ends.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use crate::wait::{PATIENCE, now, within};

/// Starts a command, says its number, ends it when standard input closes, and says how it ended.
///
/// The kernel closes our end of that pipe on a panic, an exit and even a SIGKILL of the test binary, so nothing is
/// left behind. A static is never dropped, and needs this too.
const GUARD: &str = r#"exec 3<&0; "$@" <&3 & pid=$!; echo "pid $pid"; trap "" TERM; (cat <&3 > /dev/null; kill 0) &
    wait $pid; echo "ended with $?"; wait"#;

/// A running child and what it has printed.
pub struct Process {
    name: String,
    guard: Child,
    input: Option<ChildStdin>,
    output: Arc<Output>,
}

#[derive(Default)]
struct Output {
    text: Mutex<Text>,
    grown: Condvar,
}

#[derive(Default)]
struct Text {
    all: String,
    ended: bool,
}

impl Output {
    fn text(&self) -> MutexGuard<'_, Text> {
        self.text.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn follow(self: Arc<Self>, source: impl Read + Send + 'static, last: bool) {
        thread::spawn(move || {
            for line in BufReader::new(source).split(b'\n').map_while(Result::ok) {
                let mut text = self.text();
                text.all.push_str(&String::from_utf8_lossy(&line));
                text.all.push('\n');
                drop(text);
                self.grown.notify_all();
            }
            self.text().ended |= last;
            self.grown.notify_all();
        });
    }
}

impl Process {
    /// Starts `program` in the given environment.
    pub fn start(
        name: &str,
        program: &OsStr,
        arguments: &[&OsStr],
        environment: &[(&str, &OsStr)],
    ) -> Self {
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, name])
            .arg(program)
            .args(arguments)
            .envs(environment.iter().copied())
            // A group of its own: its end is the end of whatever the command has started, browsers too.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell");
        let output = Arc::new(Output::default());
        let input = guard.stdin.take();
        Arc::clone(&output).follow(guard.stdout.take().expect("piped"), true);
        Arc::clone(&output).follow(guard.stderr.take().expect("piped"), false);
        Self { name: name.into(), guard, input, output }
    }

    /// Waits for a line that contains `mark`, and returns what follows the mark in it.
    #[track_caller]
    pub fn line(&self, mark: &str) -> String {
        let start = now();
        let mut text = self.output.text();
        loop {
            let found = text.all.lines().find_map(|line| line.split_once(mark));
            if let Some((_, rest)) = found {
                return rest.trim().into();
            }
            let late = start.elapsed() > 3 * PATIENCE;
            assert!(!late && !text.ended, "{} never said {mark:?}:\n{}", self.name, text.all);
            let waited = self.output.grown.wait_timeout(text, Duration::from_millis(200));
            text = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    /// All it has printed so far, both streams.
    pub fn printed(&self) -> String {
        self.output.text().all.clone()
    }

    /// Ends it by SIGKILL.
    pub fn kill(&self) {
        self.signal("-KILL");
    }

    /// Asks it to end, by SIGTERM.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Waits until it has ended and returns its exit code.
    #[track_caller]
    pub fn exit_code(&self) -> String {
        self.line("ended with ")
    }

    #[track_caller]
    fn signal(&self, signal: &str) {
        let pid = self.line("pid ");
        let sent = Command::new("kill").args([signal, &pid]).status().expect("kill");
        assert!(sent.success(), "{} had gone before it got {signal}", self.name);
    }

    fn end(&mut self) {
        drop(self.input.take());
        let ended = within(PATIENCE, || self.guard.try_wait().ok().flatten());
        if ended.is_none() {
            let pid = self.line("pid ");
            Command::new("kill").args(["-9", &pid]).status().ok();
            self.guard.kill().ok();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.input.is_some() {
            self.end();
        }
    }
}
