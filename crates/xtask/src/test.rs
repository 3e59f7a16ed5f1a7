//! What CI runs, and the quick part of it.
//!
//! Everything that compiles code names the same packages, features and targets, so that no dependency is built twice:
//! once with code for tests, once without for lints and documentation.

use anyhow::Result;

use crate::setup::{self, For, node};
use crate::steps::{Steps, cargo, root, run};
use crate::tally::Tally;
use crate::{package, window};

/// The whole workspace, with the node that tests start as a process. The feature makes its passphrases cheap.
const SAME: &[&str] = &[
    "--workspace",
    "--locked",
    "--features",
    "cli/testing,desktop/testing,devbridge/testing",
];

/// Everything that must hold before a change goes in.
pub(crate) fn test() -> Result<()> {
    let mut steps = Steps::default();
    let mut tally = Tally::default();
    if steps.step("set-up", || setup::set_up(For::Tests)) {
        steps.step("format", || run(&mut cargo(["fmt", "--all", "--check"])));
        let page = steps.step("page", page);
        steps.step("lints", lints);
        let release = page && steps.step("release", release);
        if release && steps.step("build", build) {
            steps.step("tests", || tally.watch(&mut tests(&["--no-fail-fast"])));
            steps.step("mutants", || tally.watch(&mut mutants()));
            steps.step("page in a browser", in_a_browser);
        } else {
            steps.skip("tests", "nothing was built");
            steps.skip("page in a browser", "nothing was built");
        }
        steps.step("documentation", documentation);
        if setup::answers("cargo-deny") {
            steps.step("advisories", || run(&mut cargo(["deny", "check"])));
        } else {
            let rest = "licences, sources and bans are tested; advisories need cargo-deny";
            steps.skip("advisories", rest);
        }
    }
    steps.print_summary();
    tally.print();
    steps.result()
}

/// Format, lints and the tests inside the crates: no processes, no network.
pub(crate) fn check() -> Result<()> {
    let mut steps = Steps::default();
    let mut tally = Tally::default();
    if steps.step("set-up", || setup::set_up(For::Tests)) {
        steps.step("format", || run(&mut cargo(["fmt", "--all", "--check"])));
        steps.step("lints", lints);
        steps.step("unit tests", || {
            tally.watch(&mut tests(&["--lib", "--bins"]))
        });
    }
    steps.print_summary();
    tally.print();
    steps.result()
}

/// The page: its types, lints and unit tests, then the page itself, for the window and for the bridge.
fn page() -> Result<()> {
    for script in ["check", "lint", "test", "build", "build:bridge"] {
        node::script(script)?;
    }
    Ok(())
}

/// The program as people get it, and the package that brings it to them.
fn release() -> Result<()> {
    package::pack(&window::build_release()?)?;
    Ok(())
}

/// The page on the real commands; what only a browser can show; every screen in every look, each with a check of how
/// accessible it is.
fn in_a_browser() -> Result<()> {
    for script in ["bridge", "behaviour", "looks"] {
        node::script(script)?;
    }
    Ok(())
}

fn lints() -> Result<()> {
    let mut command = cargo(["clippy", "--all-targets"]);
    run(command.args(SAME).args(["--", "-D", "warnings"]))
}

/// Builds programs and tests in one go: what `cargo test` then needs is already there.
fn build() -> Result<()> {
    run(cargo(["build", "--all-targets"]).args(SAME))
}

fn tests(which: &[&str]) -> std::process::Command {
    let mut command = cargo(["test"]);
    command
        .args(SAME)
        .args(which)
        .args(["--", "--show-output"])
        // The node was built a moment ago; tests that start it need not ask cargo again.
        .env("VIGIL_BIN", root().join("target/debug/vigil"))
        .env("NOTEBOOK_BIN", root().join("target/debug/notebook"))
        .env("NOTEBOOK_RELEASE", root().join("target/release/notebook"))
        .env("NOTEBOOK_PACKAGES", root().join("target/package"));
    command
}

/// Plants mistakes in the core, each of which a test has to find. Apart from the rest, so that no program has them; of the
/// whole workspace, so that no dependency is built once more for other features.
fn mutants() -> std::process::Command {
    let mut command = cargo(["test"]);
    command
        .args(SAME)
        .args(["--features", "tests/mutants"])
        .args(["--lib", "--test", "simulation", "--", "mutants::"]);
    command
}

fn documentation() -> Result<()> {
    let mut command = cargo(["doc", "--no-deps"]);
    run(command.args(SAME).env("RUSTDOCFLAGS", "-D warnings"))
}
