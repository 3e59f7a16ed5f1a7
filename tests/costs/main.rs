//! What whole nodes cost, as real processes on 127.0.0.1: `cargo xtask bench`. Figures, no limits.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark with the helpers of the loopback stories, of which it needs some"
)]

#[path = "../loopback/binary.rs"]
mod binary;
#[path = "../loopback/cell.rs"]
mod cell;
#[path = "../loopback/vigil.rs"]
mod vigil;

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use cell::{World, gather};
use vigil::Vigil;

const SENT: usize = 300;
const BACKLOG: usize = 10_000;
const HISTORY: usize = 100_000;
const IDLE: Duration = Duration::from_secs(20);

fn main() {
    let world = World::new();
    long_history(&world);
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);
    latency(&mut alice, &mut bob, &cell);
    idle(&alice);
    catch_up(&mut alice, &mut bob, &cell);
}

/// From the request on one node's stdin to its answer, and to the event on the other's stdout.
fn latency(alice: &mut Vigil, bob: &mut Vigil, cell: &str) {
    let (mut durable, mut received) = (Vec::new(), Vec::new());
    for number in 0..SENT {
        let started = Instant::now();
        let message = alice.say(cell, &format!("{number}{}", "x".repeat(250)));
        durable.push(started.elapsed());
        bob.event("message.received", |event| {
            event["message"] == message.as_str()
        });
        received.push(started.elapsed());
    }
    let fsync = fsync();
    row("reference: one append and fsync, p50", fsync);
    row("message.send answered (durable), p50", median(durable));
    let received = median(received);
    row("send to received by another node, p50", received);
    let aim = Duration::from_millis(3) + 2 * fsync;
    verdict(
        &format!(
            "  aim: at most 3 ms and two fsyncs, {:.2} ms",
            aim.as_secs_f64() * 1e3
        ),
        received <= aim,
    );
}

/// What the disk below the profiles takes for a small durable write.
fn fsync() -> Duration {
    use std::io::Write as _;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut file = fs::File::create(folder.path().join("file")).expect("a file can be made");
    let times = (0..200).map(|_| {
        let started = Instant::now();
        file.write_all(&[7; 512]).expect("it is written");
        file.sync_all().expect("it is durable");
        started.elapsed()
    });
    median(times.collect())
}

fn verdict(aim: &str, met: bool) {
    println!("{aim:<44}{:>10}", if met { "met" } else { "missed" });
}

/// Bytes that came in over the loopback interface, of every process: nothing else may talk meanwhile.
fn loopback_bytes() -> u64 {
    let table = fs::read_to_string("/proc/net/dev").expect("Linux tells");
    let line = table
        .lines()
        .find_map(|line| line.trim().strip_prefix("lo:"));
    let first = line.and_then(|fields| fields.split_whitespace().next()?.parse().ok());
    first.unwrap_or(0)
}

fn idle(node: &Vigil) {
    let before = ticks(node.pid());
    std::thread::sleep(IDLE);
    let used = ticks(node.pid()) - before;
    // The kernel counts a hundred ticks in a second.
    let share = used as f64 / 100.0 / IDLE.as_secs_f64() * 100.0;
    println!(
        "{:<44}{:>10.1} MB",
        "idle node, resident",
        resident(node.pid())
    );
    println!("{:<44}{share:>10.2} % of a core", "idle node");
    verdict("  aim: at most 60 MB", resident(node.pid()) <= 60.0);
    verdict("  aim: under 1 % of a core", share < 1.0);
}

/// Bob is away while Alice writes to Carol; then he catches up.
fn catch_up(alice: &mut Vigil, bob: &mut Vigil, cell: &str) {
    bob.ask("net.offline", json!({}));
    let here = bob.texts(cell).len();
    let started = Instant::now();
    for first in (0..BACKLOG).step_by(100) {
        let sent: Vec<u64> = (first..first + 100)
            .map(|number| {
                let text = format!("{number}{}", "x".repeat(250));
                alice.begin("message.send", json!({ "cell": cell, "text": text }))
            })
            .collect();
        for id in sent {
            alice.finish(id).expect("it is accepted");
        }
    }
    rate("written and sealed, a hundred at a time", started.elapsed());
    let (started, before) = (Instant::now(), loopback_bytes());
    bob.ask("net.online", json!({}));
    let mut received = 0;
    while received < BACKLOG {
        bob.event("message.received", |_| true);
        received += 1;
    }
    let (took, wire) = (started.elapsed(), loopback_bytes() - before);
    rate("caught up with: sent, opened, stored", took);
    verdict(
        "  aim: at least 2,500 messages/s",
        BACKLOG as f64 / took.as_secs_f64() >= 2500.0,
    );
    // To the bytes of the envelopes alone: `catching_up_costs_little_more_than_what_is_missing`, which counts them.
    let per_message = wire as f64 / BACKLOG as f64;
    println!(
        "{:<44}{per_message:>10.0} bytes",
        "on the wire, a message caught up with"
    );
    assert_eq!(bob.texts(cell).len(), here + BACKLOG);
}

/// What a cell of very many messages costs: to open the profile, to show the end of it, to find a word.
fn long_history(world: &World) {
    let mut alice = world.person("Historian");
    let cell = alice.found("Archive");
    let started = Instant::now();
    for first in (0..HISTORY).step_by(500) {
        let sent: Vec<u64> = (first..first + 500)
            .map(|number| {
                let rare = if number == HISTORY / 10 { "Ёжик" } else { "птица" };
                let text = format!("{number} {rare} сидит на старой крыше и смотрит на ряды окон в доме через улицу");
                alice.begin("message.send", json!({ "cell": cell, "text": text }))
            })
            .collect();
        for id in sent {
            alice.finish(id).expect("it is accepted");
        }
    }
    let rate = HISTORY as f64 / started.elapsed().as_secs_f64();
    println!(
        "{:<44}{rate:>10.0} messages/s",
        format!("{HISTORY} written, nobody else there")
    );
    timed(
        &mut alice,
        "message.search, a rare word",
        "message.search",
        json!({ "text": "ежик" }),
    );
    timed(
        &mut alice,
        "message.search, a word of all",
        "message.search",
        json!({ "text": "птица" }),
    );
    timed(
        &mut alice,
        "message.search, no such word",
        "message.search",
        json!({ "text": "xyz" }),
    );
    timed(
        &mut alice,
        "message.list, newest 50",
        "message.list",
        json!({ "cell": cell, "limit": 50 }),
    );
    timed(&mut alice, "cell.list", "cell.list", json!({}));
    println!("{:<44}{:>10.1} MB", "resident", resident(alice.pid()));
    alice.stop();
    let started = Instant::now();
    alice.restart();
    row(
        "start and profile.unlock (cheap passphrase)",
        started.elapsed(),
    );
    let params = json!({ "cell": cell, "limit": 50 });
    let started = Instant::now();
    alice.ask("message.list", params.clone());
    row("message.list, newest 50, first after it", started.elapsed());
    let started = Instant::now();
    alice.ask("message.search", json!({ "text": "ежик" }));
    row(
        "message.search, a rare word, first after it",
        started.elapsed(),
    );
    println!("{:<44}{:>10.1} MB", "resident", resident(alice.pid()));
}

fn timed(person: &mut Vigil, what: &str, method: &str, params: serde_json::Value) {
    let times = (0..5).map(|_| {
        let started = Instant::now();
        person.ask(method, params.clone());
        started.elapsed()
    });
    let times = times.collect();
    row(what, median(times));
}

fn rate(what: &str, took: Duration) {
    let rate = BACKLOG as f64 / took.as_secs_f64();
    println!("{:<44}{rate:>10.0} messages/s", format!("{BACKLOG} {what}"));
}

fn row(what: &str, took: Duration) {
    println!("{what:<44}{:>10.2} ms", took.as_secs_f64() * 1e3);
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Time on the processor, user and system.
fn ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("Linux tells");
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    [11, 12]
        .iter()
        .map(|at| fields[*at].parse::<u64>().unwrap_or(0))
        .sum()
}

fn resident(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("Linux tells");
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
