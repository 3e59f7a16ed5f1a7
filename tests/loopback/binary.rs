//! Finds the program under test, and builds it once where nobody has.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The `vigil` program, built with the feature `testing`.
///
/// `VIGIL_BIN` names one that is there already; `cargo xtask test` sets it after its build. Without it cargo is asked,
/// so that a test run by hand never meets a program older than the sources.
pub(crate) fn path() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("VIGIL_BIN").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let status = Command::new(env!("CARGO"))
        .current_dir(&root)
        .args([
            "build",
            "--quiet",
            "--package",
            "cli",
            "--bin",
            "vigil",
            "--features",
            "testing",
        ])
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the node under test could not be built");
    // This test is target/<profile>/deps/loopback-…, the program is target/debug/vigil.
    let test = std::env::current_exe().expect("a test knows where it is");
    let target = test
        .ancestors()
        .nth(3)
        .expect("a test is three levels below target");
    target.join("debug/vigil")
}
