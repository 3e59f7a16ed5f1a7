//! Brings a fresh machine to the point where everything builds: on Debian and Ubuntu by itself, elsewhere by saying
//! plainly what is missing.

pub(crate) mod node;

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::steps::run;

/// Something that is needed, and the Debian package that brings it.
struct Need {
    package: &'static str,
    purpose: &'static str,
    there: There,
}

/// How to see whether it is there.
enum There {
    /// This program answers `--version`.
    Program(&'static str),
    /// pkg-config knows this library.
    Library(&'static str),
    /// This file exists.
    File(&'static str),
}

/// Rust links with cc, and one crate of the Noise handshake has C and assembler in it. The window is drawn by WebKitGTK,
/// whose drawing process is put into namespaces by the last two.
const TO_RUN: &[Need] = &[
    need(
        "build-essential",
        "a C compiler and linker",
        There::Program("cc"),
    ),
    need(
        "pkg-config",
        "finds system libraries",
        There::Program("pkg-config"),
    ),
    need(
        "libwebkit2gtk-4.1-dev",
        "draws the window",
        There::Library("webkit2gtk-4.1"),
    ),
    need(
        "bubblewrap",
        "keeps the drawing process in",
        There::Program("bwrap"),
    ),
    need(
        "xdg-dbus-proxy",
        "keeps the drawing process in",
        There::Program("xdg-dbus-proxy"),
    ),
];

/// Tests drive the real window and the page in a browser, on a screen of their own.
const TO_TEST: &[Need] = &[
    need(
        "webkit2gtk-driver",
        "drives the real window",
        There::File("/usr/bin/WebKitWebDriver"),
    ),
    need(
        "xvfb",
        "a screen without a monitor",
        There::File("/usr/bin/Xvfb"),
    ),
    need(
        "openbox",
        "gives windows their focus",
        There::Program("openbox"),
    ),
    need(
        "dbus",
        "a private message bus",
        There::Program("dbus-run-session"),
    ),
    need(
        "at-spi2-core",
        "what screen readers see",
        There::File("/usr/libexec/at-spi2-registryd"),
    ),
    need(
        "libglib2.0-bin",
        "asks for what screen readers see",
        There::File("/usr/bin/gdbus"),
    ),
    need(
        "x11-utils",
        "asks what the frame of a window says",
        There::File("/usr/bin/xprop"),
    ),
    need(
        "strace",
        "records whom a program connects to",
        There::File("/usr/bin/strace"),
    ),
    need("chromium", "shows the page", There::Program("chromium")),
    need(
        "fonts-noto-core",
        "letters of every language we speak",
        There::File("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    ),
];

const fn need(package: &'static str, purpose: &'static str, there: There) -> Need {
    Need {
        package,
        purpose,
        there,
    }
}

const PREREQUISITES: &str = "\
What a system needs before anything builds:
  Debian, Ubuntu   nothing: it is installed for you
  Fedora   sudo dnf install gcc make pkgconf webkit2gtk4.1-devel bubblewrap xdg-dbus-proxy
  Arch     sudo pacman -S base-devel webkit2gtk-4.1 bubblewrap xdg-dbus-proxy
  macOS    the command line tools (xcode-select --install); the window is made for Linux, so there is
           only the demonstration: cargo xtask demo
  Windows  Visual Studio Build Tools with \"Desktop development with C++\"; as on macOS
  all      rustup (https://rustup.rs), which fetches the right Rust by itself, and Node.js 20.19 or newer";

/// What is to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum For {
    /// Only the core, in a terminal.
    Core,
    /// The window.
    Window,
    /// All tests.
    Tests,
}

/// Installs what is missing where it can.
///
/// # Errors
///
/// Fails if something is missing that cannot be installed from here.
pub(crate) fn set_up(what: For) -> Result<()> {
    if cfg!(not(target_os = "linux")) {
        // Compilers are found there in other ways than by name, so there is nothing to ask.
        println!("{PREREQUISITES}");
        return match what {
            For::Core => Ok(()),
            For::Window | For::Tests => bail!("the window is made for Linux"),
        };
    }
    let missing = missing(what, is_there);
    if !missing.is_empty() {
        install(&missing)?;
    }
    match what {
        For::Core => Ok(()),
        For::Window | For::Tests => node::set_up(),
    }
}

fn install(missing: &[&Need]) -> Result<()> {
    for need in missing {
        println!("missing: {} ({})", need.package, need.purpose);
    }
    if !answers("apt-get") {
        bail!("install what is missing, then try again\n\n{PREREQUISITES}");
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    // Another installation may be under way.
    let wait = ["-o", "DPkg::Lock::Timeout=600"];
    apt(&[&["update", "-q"], wait.as_slice()].concat())?;
    apt(&[
        &["install", "-y", "-q", "--no-install-recommends"],
        wait.as_slice(),
        packages.as_slice(),
    ]
    .concat())
}

fn missing(what: For, there: impl Fn(&There) -> bool) -> Vec<&'static Need> {
    let needs = match what {
        For::Core => [&TO_RUN[..1], &[]],
        For::Window => [TO_RUN, &[]],
        For::Tests => [TO_RUN, TO_TEST],
    };
    let needs = needs.into_iter().flatten();
    needs.filter(|need| !there(&need.there)).collect()
}

fn is_there(there: &There) -> bool {
    match there {
        There::Program(name) => answers(name),
        There::Library(name) => Command::new("pkg-config")
            .args(["--exists", name])
            .status()
            .is_ok_and(|status| status.success()),
        There::File(path) => std::path::Path::new(path).exists(),
    }
}

/// Whether `program --version` runs.
pub(crate) fn answers(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs apt-get, through sudo unless we are root already.
fn apt(args: &[&str]) -> Result<()> {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else if answers("sudo") {
        let mut command = Command::new("sudo");
        command.arg("apt-get");
        command
    } else {
        bail!(
            "run this as root or install sudo: apt-get {}",
            args.join(" ")
        );
    };
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut command)
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_installed() {
        assert!(missing(For::Tests, |_| true).is_empty());
        let packages = |what| -> Vec<&str> {
            let found = missing(what, |there| {
                !matches!(there, There::Program("cc" | "openbox"))
            });
            found.iter().map(|need| need.package).collect()
        };
        assert_eq!(packages(For::Core), ["build-essential"]);
        assert_eq!(packages(For::Window), ["build-essential"]);
        assert_eq!(packages(For::Tests), ["build-essential", "openbox"]);
    }

    #[test]
    fn a_program_that_is_not_there_does_not_answer() {
        assert!(answers("cargo"));
        assert!(!answers("no-such-program-anywhere"));
    }
}
