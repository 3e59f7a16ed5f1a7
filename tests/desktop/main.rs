//! The real window: built as for people, started as by people, driven through WebDriver on a screen of its own.
//!
//! Where the programs that this needs are missing (`cargo xtask test` installs them), every test here fails and says so.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests, their helpers included"
)]

mod channels;
mod keeping_in;
mod keys;
mod outside;
mod people;
mod release;
mod screen;
mod spoken;
mod talking;
mod traces;
mod window;
