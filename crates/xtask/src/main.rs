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
mod fuzz;
mod package;
mod setup;
mod steps;
mod tally;
mod test;
mod window;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask run [--release] [--nodes N]  set up, build, and open the window; or N of them, to try it alone
cargo xtask test                         set up, then everything that CI checks
cargo xtask check                        format, lints and unit tests only: quick, while you work
cargo xtask package                      the release, as a .deb for Debian and Ubuntu
cargo xtask demo                         three local nodes chat in this terminal
cargo xtask dev [profile]                the page in a browser, with hot reload
cargo xtask bindings                     write the page's side of the commands anew
cargo xtask bench [--desktop]            the table of costs, release build; or that of the window
cargo xtask soak [seconds]               long campaigns, an hour unless told otherwise
cargo xtask fuzz [target [seconds]]      fuzz one target, or list them
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
        "run" => window::open(rest),
        "demo" => campaigns::demo(rest),
        "dev" => window::develop(rest),
        "bindings" => window::bindings(),
        "package" => package::build(rest),
        "test" => test::test(),
        "check" => test::check(),
        "bench" => campaigns::bench(rest),
        "soak" => campaigns::soak(rest),
        "fuzz" => fuzz::fuzz(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}
