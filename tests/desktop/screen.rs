//! A screen without a monitor, shared by all tests of this binary, and processes that end with them.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The X display, such as `:3`.
pub(crate) fn display() -> &'static str {
    static DISPLAY: OnceLock<String> = OnceLock::new();
    DISPLAY.get_or_init(|| {
        // It chooses a number that nobody uses. Its end is that of this process: see `prctl` in `start`.
        let mut server = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "Xvfb", "-displayfd", "1"])
            .args(["-screen", "0", "1400x1000x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb and setpriv are installed");
        let out = server.stdout.take().expect("it was piped");
        let mut line = String::new();
        BufReader::new(out)
            .read_line(&mut line)
            .expect("Xvfb says which display it serves");
        let display = format!(":{}", line.trim());
        let manager = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "openbox"])
            .env("DISPLAY", &display)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        manager.expect("openbox is installed");
        display
    })
}

/// A process with all that it started. They end when this is dropped.
pub(crate) struct Group(Child);

impl Group {
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command.process_group(0).stdin(Stdio::null()).spawn();
        Self(child.unwrap_or_else(|error| panic!("starting {command:?}: {error}")))
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Ends all of it as a power cut would.
    pub(crate) fn kill(&mut self) {
        let group = format!("-{}", self.0.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status();
        killed.expect("kill is there");
        // It may have ended by itself.
        let _ = self.0.wait();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}
