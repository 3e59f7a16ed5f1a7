//! Every scenario of this folder at the size that it gives for CI, with several seeds; and what holds for scenarios as such.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "these are tests, and they print what they ran"
)]

mod mistakes;
mod repeats;
mod soak;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use sim::{Outcome, Scenario};

/// The folder of scenarios.
pub(crate) fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios"))
}

/// All scenarios, by their file names.
pub(crate) fn scenarios() -> Vec<(String, Scenario)> {
    let entries = std::fs::read_dir(folder()).expect("the folder can be listed");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    paths.sort();
    let read = |path: PathBuf| {
        let name = path
            .file_stem()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        (
            name,
            Scenario::read(&path).unwrap_or_else(|error| panic!("{error}")),
        )
    };
    paths.into_iter().map(read).collect()
}

/// Runs one seed of one cell.
pub(crate) fn run(scenario: &Scenario, seed: u64, shard: u64) -> Outcome {
    let plan = sim::plan(scenario, seed, shard);
    sim::run(scenario, (seed, shard), &plan, false, &|_| {})
}

/// Runs what `jobs` lists on as many threads as there are processors. Gives what was broken, with scenario and seed.
pub(crate) fn run_all(jobs: Vec<(String, Scenario, u64, u64)>) -> Vec<String> {
    let jobs = Mutex::new(jobs.into_iter());
    let broken = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = jobs.lock().expect("nobody panics with the list").next();
                    let Some((name, scenario, seed, shard)) = next else { return };
                    let started = Instant::now();
                    let outcome = run(&scenario, seed, shard);
                    let took = started.elapsed().as_secs_f64();
                    let counts = &outcome.counts;
                    println!(
                        "{name:<28} seed {seed:<3} cell {shard:<3} {:>8} events {:>6} read {took:>6.2} s  {:016x}",
                        counts.events, counts.deliveries, outcome.hash
                    );
                    let mut broken = broken.lock().expect("nobody panics with the list");
                    broken.extend(outcome.broken.iter().map(|wrong| format!("{name} seed {seed}: {wrong}")));
                }
            });
        }
    });
    broken.into_inner().expect("nobody panics with the list")
}

#[test]
fn every_scenario_holds_with_several_seeds() {
    let only = std::env::var("VIGIL_SCENARIO").ok();
    let mut jobs = Vec::new();
    for (name, scenario) in scenarios() {
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let seeds = scenario.ci_seeds();
        let scenario = scenario.at_ci_size();
        for seed in 1..=seeds {
            jobs.extend(
                (0..scenario.cells()).map(|shard| (name.clone(), scenario.clone(), seed, shard)),
            );
        }
    }
    let broken = run_all(jobs);
    assert!(
        broken.is_empty(),
        "{} broken:\n{}",
        broken.len(),
        broken.join("\n")
    );
}
