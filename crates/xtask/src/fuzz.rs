//! Fuzzing with libFuzzer on the pinned stable toolchain.
//!
//! The instrumentation is a pass of LLVM that stable `rustc` can be asked for; nothing of it needs a nightly compiler or
//! another tool. All targets are in one program, which is built once.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::setup::{self, For};
use crate::steps::{cargo, root, run};

/// What `cargo fuzz` passes, without a sanitizer: there is no `unsafe` of ours for one to look at.
const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// The longest input in bytes that is tried: a few items of a frame.
const LENGTH: u32 = 8192;

/// The targets without a corpus are not listed: each has one.
pub(crate) fn fuzz(args: &[String]) -> Result<()> {
    let (target, seconds) = match args {
        [] => return list(),
        [word] if word == "seeds" => return seeds(),
        [target] => (target, 60),
        [target, seconds] => (target, parse(seconds)?),
        [..] => bail!("fuzz takes a target and a number of seconds"),
    };
    if target == "all" {
        for target in targets()? {
            campaign(&target, seconds)?;
        }
        return Ok(());
    }
    if !targets()?.contains(target) {
        bail!("there is no fuzz target `{target}`; `cargo xtask fuzz` lists them");
    }
    campaign(target, seconds)
}

fn parse(seconds: &str) -> Result<u32> {
    match seconds.parse() {
        Ok(seconds) if seconds > 0 => Ok(seconds),
        Ok(_) | Err(_) => bail!("`{seconds}` is not a number of seconds"),
    }
}

fn list() -> Result<()> {
    println!("cargo xtask fuzz TARGET|all [seconds]     one minute unless told otherwise");
    println!("cargo xtask fuzz seeds                    writes the corpus anew");
    for target in targets()? {
        println!("  {target}");
    }
    Ok(())
}

/// Every target has a folder of seeds. Lines of the scripting interface are tried in the tests of `cli` alone.
fn targets() -> Result<Vec<String>> {
    let corpus = root().join("tests/fuzz/corpus");
    let entries = fs::read_dir(&corpus).context("reading tests/fuzz/corpus")?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| name != "line");
    names.sort();
    Ok(names)
}

fn seeds() -> Result<()> {
    build()?;
    run(Command::new(program()?)
        .env("VIGIL_FUZZ", "seeds")
        .arg("-runs=0"))
}

/// What is found new stays in `target/fuzz`; what goes wrong is written there too.
fn campaign(target: &str, seconds: u32) -> Result<()> {
    build()?;
    let found = root().join("target/fuzz/found").join(target);
    let wrong = root().join("target/fuzz/wrong").join(target);
    fs::create_dir_all(&found).context("making a folder for what is found")?;
    fs::create_dir_all(&wrong).context("making a folder for what goes wrong")?;
    let mut command = Command::new(program()?);
    command
        .env("VIGIL_FUZZ", target)
        .arg(found)
        .arg(root().join("tests/fuzz/corpus").join(target))
        .arg(format!("-artifact_prefix={}/", wrong.display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={LENGTH}"))
        .args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    run(&mut command)
}

/// The shipped versions of everything: the lock file is the one of the repository, to which cargo adds libFuzzer.
fn build() -> Result<()> {
    setup::set_up(For::Core)?;
    let folder = root().join("tests/fuzz");
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).context("copying Cargo.lock")?;
    let triple = host()?;
    let mut command = cargo(["build", "--release", "--target", &triple]);
    command
        .env("RUSTFLAGS", FLAGS.join(" "))
        .env("CARGO_TARGET_DIR", root().join("target/fuzz"))
        .current_dir(folder);
    run(&mut command)
}

fn program() -> Result<PathBuf> {
    Ok(root()
        .join("target/fuzz")
        .join(host()?)
        .join("release/fuzz"))
}

/// The machine we are on. Named, so that build scripts are not instrumented.
fn host() -> Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("asking rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("rustc does not say for which machine it is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_a_folder_of_seeds() {
        let targets = targets().unwrap();
        assert!(targets.contains(&"node".to_owned()) && targets.contains(&"frame".to_owned()));
        assert!(!targets.contains(&"line".to_owned()));
    }

    #[test]
    fn a_campaign_lasts_a_number_of_seconds() {
        assert_eq!(parse("90").ok(), Some(90));
        assert!(parse("0").is_err() && parse("soon").is_err());
    }
}
