//! What the two commands of the README call: set-up, run, test and the longer campaigns.
//!
//! It names no crate of ours and no outside crate but `anyhow`, so that it builds in seconds on a fresh machine and can
//! then say what that machine lacks. It changes nothing outside the repository except for installing the system
//! packages listed in [`setup`], and it prints every command before running it.

#![expect(
    clippy::print_stdout,
    reason = "talking to the person at the terminal is what this program is for"
)]

mod campaigns;
mod setup;
mod steps;
mod tally;
mod test;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask run            set up, build, and let three local nodes chat in this terminal
cargo xtask test           set up, then everything that CI checks
cargo xtask check          format, lints and unit tests only: quick, while you work
cargo xtask bench [args]   the table of costs, release build
cargo xtask soak [seconds] long campaigns, an hour unless told otherwise
cargo xtask fuzz [target]  fuzz one decoder, or list them
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let Some((command, rest)) = args.split_first() else {
        print!("{USAGE}");
        return Ok(());
    };
    match command.as_str() {
        "run" => campaigns::run_demo(rest),
        "test" => test::test(),
        "check" => test::check(),
        "bench" => campaigns::bench(rest),
        "soak" => campaigns::soak(rest),
        "fuzz" => campaigns::fuzz(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}
