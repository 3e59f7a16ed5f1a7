//! The desktop shell: exposes `client` to a page in a webview, and holds the page to what it may do.
//!
//! What it is: typed commands of one line, two windows (the *door*, where a passphrase is typed, and the *main* window),
//! and the hardening of both. What it is not: it has no protocol, keeps no state but the running client, and decides
//! nothing about cells. Invariants: the process that saw a passphrase typed draws no message · locking and erasing
//! replace the process · the page reaches nothing but the commands named for its window · a notification says nothing.

mod bindings;
mod clipboard;
mod commands;
mod desk;
mod dto;
mod error;
mod files;
mod folder;
mod harden;
mod idle;
mod logs;
mod notices;
mod notify;
mod offers;
mod options;
mod picture;
mod sleep;
mod window;
mod words;

use std::process::ExitCode;

pub use bindings::{builder, write_typescript};
pub use desk::{Desk, Hardening, Role, Shell};
pub use error::CommandError;
pub use files::Wanted;
pub use notices::{forward, locked};
pub use offers::Offers;

/// Runs the program until its last window is closed.
#[must_use]
pub fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is known of the person yet that could be in this sentence.
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> anyhow::Result<()> {
    let hardening = harden::enter()?;
    logs::start();
    let chosen = options::parse(std::env::args_os().skip(1))?;
    if let Some(title) = chosen.title {
        words::call_it(title);
    }
    window::run(chosen.client, hardening)
}
