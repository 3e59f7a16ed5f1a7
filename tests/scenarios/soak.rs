//! Many seeds of every scenario: `cargo xtask soak`.

use std::time::{Duration, Instant};

use crate::{run_all, scenarios};

/// So many seeds are enough; the time that `VIGIL_SOAK` gives may end before.
const SEEDS: u64 = 10_000;

#[test]
#[ignore = "takes as long as one asks for"]
fn soak_every_scenario_holds_with_ten_thousand_seeds() {
    let seconds = std::env::var("VIGIL_SOAK")
        .ok()
        .and_then(|seconds| seconds.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(3_600));
    // What CI tries stands at the beginning of all seeds.
    let mut seed = 100;
    while seed < 100 + SEEDS && Instant::now() < end {
        let all = scenarios().into_iter();
        let jobs = all
            .map(|(name, scenario)| (name, scenario.at_ci_size(), seed, seed % 2))
            .collect();
        let broken = run_all(jobs);
        assert!(
            broken.is_empty(),
            "{} broken:\n{}",
            broken.len(),
            broken.join("\n")
        );
        seed += 1;
    }
    println!("{} seeds", seed - 100);
}
