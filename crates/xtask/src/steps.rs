//! Runs commands one after the other, shows each with the time it took, and keeps the outcome for the summary.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The outcome of one step.
enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// The steps so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(String, Outcome, Duration)>,
}

impl Steps {
    /// Carries out one step and keeps its outcome. Says whether it passed.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        println!("\n── {name}");
        let start = Instant::now();
        let outcome = match work() {
            Ok(()) => Outcome::Passed,
            Err(error) => Outcome::Failed(format!("{error:#}")),
        };
        let passed = matches!(outcome, Outcome::Passed);
        println!(
            "── {name}: {} in {}",
            if passed { "passed" } else { "FAILED" },
            seconds(start.elapsed())
        );
        self.done.push((name.to_owned(), outcome, start.elapsed()));
        passed
    }

    /// Notes a step that was not carried out, and why.
    pub(crate) fn skip(&mut self, name: &str, reason: &str) {
        let outcome = Outcome::Skipped(reason.to_owned());
        self.done.push((name.to_owned(), outcome, Duration::ZERO));
    }

    /// Prints all steps.
    pub(crate) fn print_summary(&self) {
        let total: Duration = self.done.iter().map(|(_, _, time)| *time).sum();
        println!("\n── summary, {} in all", seconds(total));
        for (name, outcome, time) in &self.done {
            match outcome {
                Outcome::Passed => println!("passed   {:>8}  {name}", seconds(*time)),
                Outcome::Failed(reason) => {
                    println!("FAILED   {:>8}  {name}: {reason}", seconds(*time))
                }
                Outcome::Skipped(reason) => println!("skipped  {:>8}  {name}: {reason}", ""),
            }
        }
    }

    /// Fails if a step did.
    pub(crate) fn result(&self) -> Result<()> {
        let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
        match self
            .done
            .iter()
            .filter(|(_, outcome, _)| failed(outcome))
            .count()
        {
            0 => Ok(()),
            1 => bail!("1 step failed"),
            n => bail!("{n} steps failed"),
        }
    }
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    // crates/xtask is two levels down.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// The cargo that started us, with `args`, in the repository.
pub(crate) fn cargo<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(args);
    command
}

/// Shows a command, then runs it with our own input and output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    show(command);
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("starting {program}"))?;
    if !status.success() {
        bail!("{status}");
    }
    Ok(())
}

/// What a command says, without the spaces around it.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let said = command
        .output()
        .with_context(|| format!("starting {program}"))?;
    if !said.status.success() {
        bail!("{program}: {}", said.status);
    }
    Ok(String::from_utf8(said.stdout)?.trim().to_owned())
}

/// Prints a command as a person would type it.
pub(crate) fn show(command: &Command) {
    let program = Path::new(command.get_program());
    let mut line = program
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    println!("$ {line}");
}

/// A duration as people read it.
fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_whole() {
        let mut steps = Steps::default();
        assert!(steps.step("good", || Ok(())));
        steps.skip("absent", "not installed");
        assert!(steps.result().is_ok());
        assert!(!steps.step("bad", || bail!("broken")));
        assert!(steps.step("good again", || Ok(())));
        assert_eq!(steps.result().unwrap_err().to_string(), "1 step failed");
    }

    #[test]
    fn a_command_that_fails_is_an_error() {
        assert!(run(&mut cargo(["--version"])).is_ok());
        assert!(run(&mut cargo(["no-such-subcommand"])).is_err());
    }
}
