//! A screen without a monitor, shared by all tests of this binary, and processes that end with them.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};

/// The X display that tests share, such as `:3`.
pub(crate) fn display() -> &'static str {
    static DISPLAY: OnceLock<String> = OnceLock::new();
    DISPLAY.get_or_init(|| another_display(framebuffer().parent()))
}

/// One more display, which keeps its screen in a folder if it is given one.
pub(crate) fn another_display(folder: Option<&'static Path>) -> String {
    let (say, said) = mpsc::channel();
    // The server ends with the thread that started it, which lives until then.
    std::thread::spawn(move || {
        // It chooses a number that nobody uses.
        let mut server = with_us(["Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24"]);
        server.args(["-nolisten", "tcp"]).stdout(Stdio::piped());
        if let Some(folder) = folder {
            server.arg("-fbdir").arg(folder);
        }
        let mut server = server.spawn().expect("Xvfb and setpriv are installed");
        let out = server.stdout.take().expect("it was piped");
        let mut line = String::new();
        let read = BufReader::new(out).read_line(&mut line);
        read.expect("Xvfb says which display it serves");
        let display = format!(":{}", line.trim());
        let manager = with_us(["openbox"]).env("DISPLAY", &display).spawn();
        let mut manager = manager.expect("openbox is installed");
        say.send(display).expect("somebody waits");
        server.wait().expect("it was started");
        manager.wait().expect("it was started");
    });
    said.recv().expect("there is a screen")
}

/// The file in which the screen is, pixel by pixel.
pub(crate) fn framebuffer() -> &'static Path {
    static FRAMEBUFFER: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, file) = FRAMEBUFFER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("Xvfb_screen0");
        (folder, file)
    });
    file
}

/// A program that ends with the thread that starts it.
fn with_us<'a>(program: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "TERM"])
        .args(program)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A process with all that it started. They end when this is dropped.
pub(crate) struct Group(Child);

impl Group {
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command.process_group(0).stdin(Stdio::null()).spawn();
        Self(child.unwrap_or_else(|error| panic!("starting {command:?}: {error}")))
    }

    /// What it says, if that was piped.
    pub(crate) fn stdout(&mut self) -> std::process::ChildStdout {
        self.0.stdout.take().expect("it was piped")
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
