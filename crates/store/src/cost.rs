//! What one guess at a passphrase costs, and what it may cost here.

use std::time::{Duration, Instant};

use crypto::kdf::{KdfParams, argon2id};

/// What a person waits for at unlock, and somebody who guesses for each guess.
const TARGET: Duration = Duration::from_secs(1);

/// Parameters that take this machine about a second: never below the floor, up to 256 MiB, then more passes.
pub fn calibrate() -> KdfParams {
    let started = Instant::now();
    // The outcome does not matter: the floor is within the bounds, and only the time counts.
    let _ = argon2id(b"", &[0; 32], KdfParams::FLOOR);
    fit(started.elapsed())
}

/// Time is about proportional to memory times passes.
fn fit(floor_time: Duration) -> KdfParams {
    let floor = KdfParams::FLOOR;
    let work = TARGET.as_micros() / floor_time.as_micros().max(1);
    let work = u32::try_from(work).unwrap_or(u32::MAX).max(1);
    let memory = work.min(KdfParams::DEFAULT.memory_kib / floor.memory_kib);
    let passes =
        (floor.passes.saturating_mul(work) / memory).clamp(floor.passes, KdfParams::CEILING.passes);
    KdfParams {
        memory_kib: floor.memory_kib * memory,
        passes,
        lanes: floor.lanes,
    }
}

/// Real profiles cost at least the floor; builds with the `testing` feature may be cheap.
pub(crate) const fn is_allowed(params: KdfParams) -> bool {
    params.is_bounded() && (is_dear(params) || cfg!(any(test, feature = "testing")))
}

const fn is_dear(params: KdfParams) -> bool {
    let floor = KdfParams::FLOOR;
    params.memory_kib >= floor.memory_kib
        && params.passes >= floor.passes
        && params.lanes >= floor.lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_machines_get_the_floor_and_fast_ones_more_up_to_the_ceiling() {
        assert_eq!(fit(Duration::from_secs(5)), KdfParams::FLOOR);
        assert_eq!(fit(Duration::from_millis(250)), KdfParams::DEFAULT);
        assert_eq!(
            fit(Duration::from_millis(125)),
            KdfParams {
                passes: 6,
                ..KdfParams::DEFAULT
            }
        );
        assert_eq!(
            fit(Duration::ZERO),
            KdfParams {
                passes: 16,
                ..KdfParams::DEFAULT
            }
        );
        for millis in 0..2_000 {
            let params = fit(Duration::from_millis(millis));
            assert!(params.is_bounded() && is_dear(params));
        }
    }

    #[test]
    fn cheap_parameters_are_for_tests_only() {
        assert!(!is_dear(KdfParams::TEST));
        assert!(is_allowed(KdfParams::DEFAULT) && is_allowed(KdfParams::FLOOR));
    }
}
