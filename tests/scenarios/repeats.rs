//! One seed is one run, on this machine and on any other.

use std::process::Command;

use sim::Scenario;

use crate::{run, scenarios};

/// Set in the process that runs the same again.
const AGAIN: &str = "VIGIL_REPEATS_AGAIN";

fn short() -> Vec<(String, Scenario)> {
    let mut all = scenarios();
    all.retain(|(name, _)| {
        ["first_cell", "lids", "false_names", "channel_ten_thousand"].contains(&name.as_str())
    });
    all.into_iter()
        .map(|(name, scenario)| (name, scenario.at_ci_size()))
        .collect()
}

fn hashes() -> Vec<String> {
    short()
        .iter()
        .map(|(name, scenario)| format!("{name} {:016x}", run(scenario, 1, 0).hash))
        .collect()
}

#[test]
fn one_seed_gives_one_trace_in_two_runs_and_in_two_processes() {
    let first = hashes();
    if std::env::var_os(AGAIN).is_some() {
        // Another process has other hash seeds and addresses, and says what it found.
        println!("trace: {}", first.join(", "));
        return;
    }
    assert_eq!(first, hashes());
    let program = std::env::current_exe().expect("a test is a program");
    let output = Command::new(program)
        .args([
            "--exact",
            "repeats::one_seed_gives_one_trace_in_two_runs_and_in_two_processes",
            "--nocapture",
        ])
        .env(AGAIN, "1")
        .output()
        .expect("the test starts again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains(&format!("trace: {}", first.join(", "))),
        "{first:?}\n{said}"
    );
}

#[test]
fn another_seed_gives_another_trace() {
    for (name, scenario) in short() {
        assert_ne!(
            run(&scenario, 1, 0).hash,
            run(&scenario, 2, 0).hash,
            "{name}"
        );
    }
}
