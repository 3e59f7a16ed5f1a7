//! The window: shown to a person, several at once for testers, or its page alone in a browser.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, Command};

use anyhow::{Context, Result, bail};

use crate::setup::{self, For, node};
use crate::steps::{cargo, root, run, show};

/// Windows that fit on a screen and a machine.
const NODES_MAX: u8 = 8;

/// Opens the window; with `--nodes N`, that many, each with a profile of its own that is thrown away at the end.
pub(crate) fn open(args: &[String]) -> Result<()> {
    let (release, args) = flag(args, "--release");
    if let [name, count] = args.as_slice()
        && name == "--nodes"
    {
        let count = count
            .parse()
            .ok()
            .filter(|count| (1..=NODES_MAX).contains(count));
        let count =
            count.with_context(|| format!("--nodes takes a number from 1 to {NODES_MAX}"))?;
        return several(count, release);
    }
    let program = build(release)?;
    need_screen()?;
    run(Command::new(program).args(args))
}

/// The page in a browser, on the same commands, with hot reload.
pub(crate) fn develop(args: &[String]) -> Result<()> {
    setup::set_up(For::Window)?;
    run(&mut cargo([
        "build",
        "--package",
        "devbridge",
        "--features",
        "testing",
    ]))?;
    let profile = match args {
        [] => root().join("target/dev-profile"),
        [folder] => folder.into(),
        [..] => bail!("dev takes one folder, for the profile"),
    };
    let mut bridge = Command::new(root().join("target/debug/devbridge"));
    bridge.args(["--port", "7890", "--profile"]).arg(profile);
    show(&bridge);
    let mut bridge = bridge.spawn().context("starting the bridge")?;
    println!("open http://127.0.0.1:5173 in a browser; Ctrl-C ends it");
    let page = run(node::npm().args([
        "run",
        "--silent",
        "dev",
        "--",
        "--mode",
        "bridge",
        "--host",
        "127.0.0.1",
    ]));
    // It may have ended with us already.
    let _ = bridge.kill();
    let _ = bridge.wait();
    page
}

/// Writes the page's side of the commands anew.
pub(crate) fn bindings() -> Result<()> {
    setup::set_up(For::Window)?;
    let mut command = cargo([
        "test",
        "--quiet",
        "--package",
        "desktop",
        "--lib",
        "bindings",
    ]);
    run(command.env("VIGIL_WRITE_BINDINGS", "1"))
}

/// Builds page and program; gives where the program is.
fn build(release: bool) -> Result<PathBuf> {
    setup::set_up(For::Window)?;
    node::script("build")?;
    if release {
        return build_release();
    }
    run(&mut cargo(BUILD))?;
    Ok(root().join("target/debug/notebook"))
}

const BUILD: [&str; 5] = ["build", "--package", "desktop", "--bin", "notebook"];

/// Builds the program as people get it, on a page that was built before; gives where it is.
pub(crate) fn build_release() -> Result<PathBuf> {
    let mut command = cargo(BUILD);
    command
        .args(["--release", "--locked"])
        .env("CARGO_ENCODED_RUSTFLAGS", without_our_paths())
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    run(&mut command)?;
    Ok(root().join("target/release/notebook"))
}

/// Prints what the window costs. Two builds: one as people get it, and one that can be driven.
pub(crate) fn bench() -> Result<()> {
    setup::set_up(For::Tests)?;
    node::script("build")?;
    let shipped = root().join("target/release/notebook-as-shipped");
    std::fs::copy(build_release()?, &shipped).context("keeping the program as people get it")?;
    let mut driven = cargo(BUILD);
    run(driven.args(["--release", "--features", "testing"]))?;
    let mut command = cargo(["bench", "--package", "tests", "--bench", "window"]);
    command
        .env("NOTEBOOK_RELEASE", shipped)
        .env("NOTEBOOK_BIN", root().join("target/release/notebook"));
    run(&mut command)
}

/// Flags under which a program does not say in whose home it was built.
fn without_our_paths() -> OsString {
    let mut flags = OsString::new();
    let home = std::env::home_dir().unwrap_or_default();
    for (from, to) in [(home.as_path(), "=/h"), (root(), "=/src")] {
        if !flags.is_empty() {
            // What cargo takes between two flags, so that a path may have spaces.
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(from);
        flags.push(to);
    }
    flags
}

fn several(count: u8, release: bool) -> Result<()> {
    let program = build(release)?;
    need_screen()?;
    let profiles = root().join("target/nodes");
    let start = |number: u8| -> Result<Child> {
        let profile = profiles.join(number.to_string());
        let mut command = Command::new(&program);
        command
            .args(["--listen", "127.0.0.1", "--title"])
            .arg(format!("Notebook {number}"))
            .arg("--profile")
            .arg(profile);
        show(&command);
        command.spawn().context("starting a window")
    };
    println!(
        "{count} windows, each with a profile of its own below target/nodes, which is removed at the end"
    );
    let mut windows = (1..=count).map(start).collect::<Result<Vec<_>>>()?;
    for window in &mut windows {
        window.wait().context("waiting for a window to be closed")?;
    }
    match std::fs::remove_dir_all(&profiles) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn need_screen() -> Result<()> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("DISPLAY") || set("WAYLAND_DISPLAY") {
        return Ok(());
    }
    bail!("there is no screen here to open a window on; `cargo xtask demo` needs none")
}

/// Takes a flag out of the arguments.
fn flag(args: &[String], name: &str) -> (bool, Vec<String>) {
    let rest: Vec<String> = args.iter().filter(|arg| *arg != name).cloned().collect();
    (rest.len() < args.len(), rest)
}
