//! Node.js and the packages of the page.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::steps::{root, run};

/// The oldest version that builds the page.
const OLDEST: (u32, u32) = (20, 19);

/// Where the page is.
pub(crate) fn folder() -> PathBuf {
    root().join("ui")
}

/// Installs the packages of the page if those in `package-lock.json` are not there yet.
///
/// # Errors
///
/// Fails if Node.js is missing or too old, or the packages cannot be fetched.
pub(crate) fn set_up() -> Result<()> {
    let found = Command::new("node").arg("--version").output();
    let version = found.map(|found| String::from_utf8_lossy(&found.stdout).into_owned());
    let version = version.unwrap_or_default();
    match parse(&version) {
        Some(found) if found >= OLDEST => {}
        Some(_) => bail!(
            "Node.js {} is too old: 20.19 or newer is needed (https://nodejs.org)",
            version.trim()
        ),
        None => bail!(
            "Node.js 20.19 or newer is needed to build the window's page (https://nodejs.org)"
        ),
    }
    let lock = folder().join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("reading {}", lock.display()))?;
    // A copy of the lock file that was installed last: what it says is there, completely.
    let installed = folder().join("node_modules/.installed-lock");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(npm().args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    fs::write(&installed, wanted).context("noting which packages were installed")
}

/// `npm` in the page's folder.
pub(crate) fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder());
    command
}

/// Runs one of the scripts in `ui/package.json`.
pub(crate) fn script(name: &str) -> Result<()> {
    run(npm().args(["run", "--silent", name]))
}

/// Major and minor number of `v20.19.1`.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(parse("v20.20.2\n").is_some_and(|found| found >= OLDEST));
        assert!(parse("v100.0.0").is_some_and(|found| found >= OLDEST));
        assert!(parse("v20.9.0").is_some_and(|found| found < OLDEST));
        assert!(parse("v18.20.4").is_some_and(|found| found < OLDEST));
        assert_eq!(parse(""), None);
        assert_eq!(parse("node"), None);
    }
}
