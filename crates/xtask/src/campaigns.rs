//! Commands that start one long-running program: the demo, the benchmarks and soaking. Fuzzing is in [`crate::fuzz`].

use anyhow::{Result, bail};

use crate::setup::{self, For};
use crate::steps::{cargo, root, run};
use crate::window;

/// Three local nodes chat in this terminal, which they share with us.
pub(crate) fn demo(args: &[String]) -> Result<()> {
    setup::set_up(For::Core)?;
    let mut command = cargo(["run", "--package", "cli", "--bin", "vigil", "--", "demo"]);
    run(command.args(args))
}

/// Prints what things cost: send groups beside bare OpenMLS, posts beside bare primitives, the vault, whole nodes; or the window.
pub(crate) fn bench(args: &[String]) -> Result<()> {
    match args {
        [] => {}
        [one] if one == "--desktop" => return window::bench(),
        [..] => bail!("bench takes --desktop, or nothing"),
    }
    setup::set_up(For::Core)?;
    run(&mut cargo([
        "bench",
        "--manifest-path",
        "crates/group/Cargo.toml",
        "--bench",
        "send_group",
    ]))?;
    run(&mut cargo([
        "run",
        "--release",
        "--manifest-path",
        "tests/reference/Cargo.toml",
        "--target-dir",
        "target/reference",
    ]))?;
    run(&mut cargo([
        "bench",
        "--package",
        "channel",
        "--bench",
        "post",
    ]))?;
    run(&mut cargo([
        "bench",
        "--package",
        "store",
        "--bench",
        "vault",
    ]))?;
    let node = [
        "build",
        "--release",
        "--package",
        "cli",
        "--features",
        "testing",
    ];
    run(&mut cargo(node))?;
    let mut command = cargo(["bench", "--package", "tests", "--bench", "costs"]);
    run(command.env("VIGIL_BIN", root().join("target/release/vigil")))
}

/// Runs every test named `soak_…`, each for the given number of seconds.
pub(crate) fn soak(args: &[String]) -> Result<()> {
    let seconds = parse_seconds(args)?;
    setup::set_up(For::Core)?;
    let mut build = cargo(["build", "--release", "--workspace", "--all-targets"]);
    run(build.args(["--features", "cli/testing"]))?;
    let mut command = cargo(["test", "--release", "--workspace", "--no-fail-fast"]);
    command
        .args([
            "--features",
            "cli/testing",
            "--",
            "--ignored",
            "--nocapture",
            "soak_",
        ])
        .env("VIGIL_SOAK", seconds.to_string())
        .env("VIGIL_BIN", root().join("target/release/vigil"));
    run(&mut command)
}

/// An hour unless told otherwise.
fn parse_seconds(args: &[String]) -> Result<u64> {
    match args {
        [] => Ok(3_600),
        [seconds] => match seconds.parse() {
            Ok(seconds) if seconds > 0 => Ok(seconds),
            Ok(_) | Err(_) => bail!("`{seconds}` is not a number of seconds"),
        },
        [..] => bail!("soak takes one number of seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soaking_takes_an_hour_or_what_one_asks_for() {
        let parse = |args: &[&str]| {
            let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
            parse_seconds(&args).ok()
        };
        assert_eq!(parse(&[]), Some(3_600));
        assert_eq!(parse(&["90"]), Some(90));
        assert_eq!(parse(&["0"]), None);
        assert_eq!(parse(&["soon"]), None);
        assert_eq!(parse(&["1", "2"]), None);
    }
}
