//! Reads what `cargo test` prints while it passes by, and adds up the results of all test binaries.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::steps::show;

/// The results of all test binaries together.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    passed: u64,
    failed: u64,
    /// Names of the tests marked `ignored`, and what tests said about parts they could not do.
    skipped: Vec<String>,
    /// Between a `successes:` line and the end of that part: names that were printed already.
    in_successes: bool,
}

impl Tally {
    /// Runs `cargo test`, shows what it prints, and adds up.
    ///
    /// # Errors
    ///
    /// Fails if the command does.
    pub(crate) fn watch(&mut self, command: &mut Command) -> Result<()> {
        show(command);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("starting cargo test")?;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let line = line.context("reading what cargo test prints")?;
                let line = String::from_utf8_lossy(&line);
                if self.read_line(&line) {
                    println!("{line}");
                }
            }
        }
        let status = child.wait().context("waiting for cargo test")?;
        if !status.success() {
            bail!("{status}");
        }
        Ok(())
    }

    /// Takes one line. Says whether to show it.
    fn read_line(&mut self, line: &str) -> bool {
        if line == "successes:" {
            self.in_successes = true;
        }
        if let Some(results) = line.strip_prefix("test result: ") {
            self.in_successes = false;
            self.passed += number_before(results, "passed");
            self.failed += number_before(results, "failed");
        } else if line == "failures:" {
            self.in_successes = false;
        } else if let Some(reason) = line.strip_prefix("skipped: ") {
            self.skipped.push(reason.to_owned());
            return true;
        } else if let Some((name, _)) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.split_once(" ... ignored"))
        {
            self.skipped
                .push(format!("{name} (only in `cargo xtask soak`)"));
        }
        !self.in_successes
    }

    /// Prints what was skipped, and the closing line.
    pub(crate) fn print(&self) {
        for skipped in &self.skipped {
            println!("skipped: {skipped}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
    }
}

/// The number in front of `word` in `ok. 3 passed; 0 failed; …`.
fn number_before(results: &str, word: &str) -> u64 {
    let words: Vec<&str> = results.split([' ', ';']).collect();
    let at = words.iter().position(|found| *found == word);
    at.and_then(|at| words.get(at.checked_sub(1)?)?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> (Tally, Vec<String>) {
        let mut tally = Tally::default();
        let shown = lines.iter().filter(|line| tally.read_line(line));
        let shown = shown.map(|line| (*line).to_owned()).collect();
        (tally, shown)
    }

    #[test]
    fn results_of_several_binaries_are_summed() {
        let (tally, _) = read(&[
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        ]);
        assert_eq!((tally.passed, tally.failed), (15, 2));
    }

    #[test]
    fn what_was_skipped_is_named() {
        let (tally, shown) = read(&[
            "test soak_a_week ... ignored",
            "test ok ... ok",
            "",
            "successes:",
            "",
            "---- vectors stdout ----",
            "skipped: the RFC 9420 vectors are not here",
            "",
            "successes:",
            "    ok",
            "    vectors",
            "",
            "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        ]);
        assert_eq!(
            tally.skipped,
            [
                "soak_a_week (only in `cargo xtask soak`)",
                "the RFC 9420 vectors are not here"
            ]
        );
        assert!(!shown.iter().any(|line| line == "    vectors"), "{shown:?}");
        assert!(shown.iter().any(|line| line.starts_with("test result")));
    }
}
