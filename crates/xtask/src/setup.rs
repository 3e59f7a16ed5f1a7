//! Brings a fresh machine to the point where everything builds: on Debian and Ubuntu by itself, elsewhere by saying
//! plainly what is missing.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::steps::run;

/// A program that the build needs, and the Debian package that brings it.
struct Tool {
    program: &'static str,
    package: &'static str,
    purpose: &'static str,
}

/// What the core needs beyond Rust: one crate of the Noise handshake has C and assembler in it, and Rust links with cc.
const TOOLS: &[Tool] = &[Tool {
    program: "cc",
    package: "build-essential",
    purpose: "a C compiler and linker",
}];

const PREREQUISITES: &str = "\
What this system needs before anything builds:
  macOS    the command line tools: xcode-select --install
  Windows  Visual Studio Build Tools with \"Desktop development with C++\"
  Fedora   sudo dnf install gcc make
  Arch     sudo pacman -S base-devel
  all      rustup (https://rustup.rs); it fetches the right Rust by itself";

/// Installs what is missing where it can.
///
/// # Errors
///
/// Fails if something is missing that cannot be installed from here.
pub(crate) fn set_up() -> Result<()> {
    if cfg!(windows) {
        // The compiler of Visual Studio is found through the registry, not through PATH, so there is nothing to ask.
        println!("{PREREQUISITES}");
        return Ok(());
    }
    let missing = missing(answers);
    if missing.is_empty() {
        return Ok(());
    }
    for tool in &missing {
        println!("missing: {} ({})", tool.program, tool.purpose);
    }
    if !answers("apt-get") {
        bail!("install what is missing, then try again\n\n{PREREQUISITES}");
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    apt(&["update", "-q"])?;
    apt(&[
        &["install", "-y", "-q", "--no-install-recommends"],
        packages.as_slice(),
    ]
    .concat())
}

fn missing(present: impl Fn(&str) -> bool) -> Vec<&'static Tool> {
    TOOLS.iter().filter(|tool| !present(tool.program)).collect()
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
        assert!(missing(|_| true).is_empty());
        let packages: Vec<&str> = missing(|program| program != "cc")
            .iter()
            .map(|tool| tool.package)
            .collect();
        assert_eq!(packages, ["build-essential"]);
    }

    #[test]
    fn a_program_that_is_not_there_does_not_answer() {
        assert!(answers("cargo"));
        assert!(!answers("no-such-program-anywhere"));
    }
}
