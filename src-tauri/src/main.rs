//! The program with the window. Its name on the system is neutral.

use std::process::ExitCode;

fn main() -> ExitCode {
    desktop::main()
}
