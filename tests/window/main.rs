//! What the window costs, on a screen without a monitor: `cargo xtask bench --desktop`. Figures beside their aims.
//!
//! `NOTEBOOK_RELEASE` is the program as people get it: start, memory, idling, size. `NOTEBOOK_BIN` is a release build
//! with the feature `testing`, which WebDriver can drive and whose passphrases are cheap: what unlocking costs besides
//! stretching the passphrase.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark with the helpers of the desktop stories, of which it needs some"
)]

#[path = "../desktop/people.rs"]
mod people;
#[path = "../desktop/screen.rs"]
mod screen;
#[path = "../desktop/window.rs"]
mod window;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use thirtyfour::prelude::*;

use people::Person;
use screen::{Group, display, framebuffer};
use window::{Computer, below};

const STARTS: usize = 5;
const UNLOCKS: usize = 5;
const IDLE: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    let release = PathBuf::from(std::env::var_os("NOTEBOOK_RELEASE").expect("a release build"));
    println!(
        "\n{:<52}{:>14}{:>14}",
        "the window, release build", "", "aim"
    );
    let size = release.metadata().expect("it was built").len();
    row("program, stripped", mb(size), "40 MB");
    let mut starts: Vec<_> = (0..STARTS).map(|_| first_paint(&release)).collect();
    starts.sort();
    let painted = format!("{:.0} ms", millis(starts[STARTS / 2]));
    row("start to first paint, median of 5", painted, "1000 ms");
    at_the_door(&release);
    let runtime = tokio::runtime::Runtime::new().expect("there are threads");
    runtime.block_on(unlocking());
}

fn row(what: &str, value: String, aim: &str) {
    println!("{what:<52}{value:>14}{aim:>14}");
}

fn mb(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn start(release: &Path, computer: &Computer) -> Group {
    let mut command = computer.command(release.to_str().expect("it is text"));
    command.args(["--listen", "127.0.0.1", "--profile"]);
    Group::start(command.arg(computer.profile()))
}

/// From the start of the process until the page stands on the screen: a surface of one colour is not one.
fn first_paint(release: &Path) -> Duration {
    let computer = Computer::new();
    let blank = blank();
    // The window before this one is killed, and is taken off the screen a little later.
    let before = Instant::now();
    while colours() > blank + 8 {
        assert!(before.elapsed() < PATIENCE, "the screen is not empty");
        std::thread::sleep(Duration::from_millis(20));
    }
    let started = Instant::now();
    let _group = start(release, &computer);
    while colours() <= blank + 8 {
        assert!(started.elapsed() < PATIENCE, "nothing was painted");
        std::thread::sleep(Duration::from_millis(4));
    }
    started.elapsed()
}

/// Different pixels of a screen on which nothing is.
fn blank() -> usize {
    static BLANK: OnceLock<usize> = OnceLock::new();
    // Only when it is there is its screen empty.
    let _there = display();
    *BLANK.get_or_init(colours)
}

/// Different pixels in a band above the middle of the screen, where the cursor stands with colours of its own.
fn colours() -> usize {
    let screen = std::fs::read(framebuffer()).expect("Xvfb keeps its screen in a file");
    let band = &screen[screen.len() / 80 * 20..screen.len() / 80 * 32];
    let mut pixels: Vec<_> = band.as_chunks::<4>().0.to_vec();
    pixels.sort_unstable();
    pixels.dedup();
    pixels.len()
}

/// All processes together, before anybody has unlocked anything.
fn at_the_door(release: &Path) {
    let computer = Computer::new();
    let group = start(release, &computer);
    std::thread::sleep(Duration::from_secs(5));
    let processes = below(group.id());
    let pss: u64 = processes.iter().map(|process| pss(*process)).sum();
    row("all processes at the door, PSS", mb(pss), "260 MB");
    let before: u64 = processes.iter().map(|process| ticks(*process)).sum();
    std::thread::sleep(IDLE);
    let used: u64 = processes.iter().map(|process| ticks(*process)).sum();
    // The kernel counts a hundred ticks in a second.
    let share = (used - before) as f64 / IDLE.as_secs_f64();
    row("idle, of a core", format!("{share:.2} %"), "1 %");
}

/// From the last key of the passphrase to the conversation.
async fn unlocking() {
    let mut person = Person::begin().await;
    person.found("Sunday vigil", "Alice").await;
    for number in 0..50 {
        person.say(&format!("message {number}")).await;
    }
    person.window.read("message 49").await;
    let mut times = Vec::new();
    for _ in 0..UNLOCKS {
        person.leave().await;
        person.window = person.computer.start().await;
        let field = person.window.find(By::Css("input"), "the passphrase").await;
        field.send_keys(person.passphrase.as_str()).await.unwrap();
        let started = Instant::now();
        // The page is gone before the key press is answered.
        let _ = field.send_keys(Key::Enter + "").await;
        person.window.enter("message 49").await;
        times.push(started.elapsed());
    }
    times.sort();
    let median = format!("{:.0} ms", millis(times[UNLOCKS / 2]));
    row(
        "unlock to conversation, besides the passphrase",
        median,
        "300 ms",
    );
    let processes = person.window.processes();
    let pss: u64 = processes.iter().map(|process| pss(*process)).sum();
    row("all processes in a conversation, PSS", mb(pss), "260 MB");
}

/// The share of memory that falls to a process.
fn pss(process: u32) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"));
    let rollup = rollup.unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kb = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kb.and_then(|kb| kb.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Processor time that a process has used.
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<&str> = after.split_whitespace().collect();
    let field = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok());
    field(11).unwrap_or(0) + field(12).unwrap_or(0)
}
