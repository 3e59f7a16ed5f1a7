//! Random lives of a cell, and all short ones of three people.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::play::{FOUNDERS, NEWCOMERS, Play, Step};
use crate::world::Name;

/// A step of a random life; what cannot happen then is left out.
fn step(members: usize) -> impl Strategy<Value = Step> {
    let pick = move |index: Index| -> Name {
        let names = [&FOUNDERS[..members], &NEWCOMERS].concat();
        *index.get(&names)
    };
    let one = move || any::<Index>().prop_map(pick);
    let two = move || (one(), one());
    // Votes are on few, so that removals come about, and on both sides of a wall.
    let accused = || (0..3_usize).prop_map(|at| FOUNDERS[at + 1]);
    prop_oneof![
        7 => one().prop_map(Step::Say),
        7 => (one(), accused()).prop_map(|(a, b)| Step::Vote(a, b)),
        1 => two().prop_map(|(a, b)| Step::Vote(a, b)),
        2 => two().prop_map(|(a, b)| Step::Vouch(a, b)),
        2 => Just(Step::Vouch("bob", "dave")),
        1 => one().prop_map(Step::Leave),
        1 => one().prop_map(Step::Heal),
        2 => (0..NEWCOMERS.len(), one()).prop_map(|(at, b)| Step::Join(NEWCOMERS[at], b)),
        4 => (0..128_u8).prop_map(Step::Part),
        1 => Just(Step::Apart),
        2 => Just(Step::Part(0)),
        2 => one().prop_map(Step::Stop),
        3 => one().prop_map(Step::Start),
        1 => two().prop_map(|(a, b)| Step::Carry(a, b)),
    ]
}

fn live(members: usize, steps: &[Step]) {
    let mut play = Play::new(members);
    for step in steps {
        if play.can(*step) {
            play.step(*step);
        }
    }
    play.finish();
}

/// Whether a mistake is planted: then that there is a failure is enough.
fn mistaken() -> bool {
    #[cfg(feature = "mutants")]
    return group::Mutant::ALL.iter().any(|mutant| mutant.is_made());
    #[cfg(not(feature = "mutants"))]
    false
}

/// As many random lives as asked for, from one seed. A failure is shrunk to the fewest steps.
fn campaign(cases: u32, seed: u8) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: if mistaken() { 0 } else { 200 },
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let lives = (4..=5_usize).prop_flat_map(|members| {
        (
            Just(members),
            proptest::collection::vec(step(members), 6..36),
        )
    });
    let result = runner.run(&lives, |(members, steps)| {
        live(members, &steps);
        Ok(())
    });
    if let Err(error) = result {
        panic!("seed {seed}: {error}");
    }
}

/// Lives in which the nodes once did something else than the model said.
#[test]
fn lives_that_once_differed_do_so_no_more() {
    // Whoever leaves has told it as soon as one member heard it. Here that is a newcomer whom nobody else knows.
    let leaves_with_a_newcomer = [
        Step::Vouch("bob", "dave"),
        Step::Apart,
        Step::Join("frank", "dave"),
        Step::Leave("dave"),
        Step::Vote("alice", "bob"),
    ];
    live(4, &leaves_with_a_newcomer);
    // The add of somebody who was accused does not count once they are out; the newcomer had spoken.
    let a_newcomer_of_the_accused = [
        Step::Vote("alice", "carol"),
        Step::Join("frank", "carol"),
        Step::Say("frank"),
        Step::Vouch("bob", "dave"),
        Step::Vote("dave", "carol"),
    ];
    live(4, &a_newcomer_of_the_accused);
    // dave is full by the word of somebody whom his own vote puts out.
    let a_ring = [
        Step::Vote("carol", "bob"),
        Step::Vouch("bob", "dave"),
        Step::Vote("dave", "bob"),
        Step::Vote("alice", "carol"),
    ];
    live(4, &a_ring);
}

#[test]
pub(crate) fn real_nodes_do_what_the_model_says() {
    campaign(16, 1);
}

#[test]
#[ignore = "as long as it is given"]
fn soak_real_nodes_do_what_the_model_says() {
    let seconds = std::env::var("VIGIL_SOAK")
        .ok()
        .and_then(|text| text.parse().ok());
    let end = std::time::Instant::now() + std::time::Duration::from_secs(seconds.unwrap_or(60));
    for seed in 2..=u8::MAX {
        if std::time::Instant::now() > end {
            return;
        }
        campaign(32, seed);
    }
}

/// What one of three may do while they meet nobody.
fn menu(name: Name) -> Vec<Vec<Step>> {
    let others: Vec<Name> = FOUNDERS[..3]
        .iter()
        .copied()
        .filter(|other| *other != name)
        .collect();
    vec![
        vec![],
        vec![Step::Say(name)],
        vec![Step::Vote(name, others[0])],
        vec![Step::Vote(name, others[1])],
        vec![Step::Leave(name)],
        vec![Step::Heal(name), Step::Say(name)],
        vec![Step::Stop(name), Step::Start(name), Step::Say(name)],
        vec![Step::Join(NEWCOMERS[0], name)],
    ]
}

/// Who meets whom, one pair after the other.
const MEETINGS: [[Step; 3]; 6] = {
    // The bit is that of who is not there.
    let (ab, ac, bc) = (Step::Part(4), Step::Part(2), Step::Part(1));
    [
        [ab, ac, bc],
        [ab, bc, ac],
        [ac, ab, bc],
        [ac, bc, ab],
        [bc, ab, ac],
        [bc, ac, ab],
    ]
};

/// What up to so many of three do apart, then their meetings in some order. What they do apart commutes, so its order does
/// not matter. bob and carol came in alike: of two lives in which they are exchanged one is enough.
fn short_lives(acting: usize) -> Vec<Vec<Step>> {
    let [a, b, c] = [0, 1, 2].map(|at| menu(FOUNDERS[at]));
    let mut lives = Vec::new();
    for alice in &a {
        for bob in &b {
            for carol in &c {
                let idle = [alice, bob, carol]
                    .iter()
                    .filter(|steps| steps.is_empty())
                    .count();
                if 3 - idle > acting {
                    continue;
                }
                for meetings in &MEETINGS {
                    let life = [&[Step::Apart][..], alice, bob, carol, meetings].concat();
                    let twin = [
                        &[Step::Apart][..],
                        &exchanged(alice),
                        &exchanged(carol),
                        &exchanged(bob),
                    ];
                    let twin = [&twin.concat()[..], &exchanged(meetings)].concat();
                    if format!("{life:?}") <= format!("{twin:?}") {
                        lives.push(life);
                    }
                }
            }
        }
    }
    lives
}

/// The same with bob for carol and carol for bob.
fn exchanged(steps: &[Step]) -> Vec<Step> {
    let other = |name: Name| match name {
        "bob" => "carol",
        "carol" => "bob",
        _ => name,
    };
    let exchange = |step: &Step| match *step {
        Step::Say(a) => Step::Say(other(a)),
        Step::Vote(a, b) => Step::Vote(other(a), other(b)),
        Step::Vouch(a, b) => Step::Vouch(other(a), other(b)),
        Step::Leave(a) => Step::Leave(other(a)),
        Step::Heal(a) => Step::Heal(other(a)),
        Step::Join(a, b) => Step::Join(other(a), other(b)),
        Step::Part(bits) => Step::Part(bits & 1 | (bits & 2) << 1 | (bits & 4) >> 1),
        Step::Apart => Step::Apart,
        Step::Stop(a) => Step::Stop(other(a)),
        Step::Start(a) => Step::Start(other(a)),
        Step::Carry(a, b) => Step::Carry(other(a), other(b)),
    };
    steps.iter().map(exchange).collect()
}

fn live_all(lives: impl Iterator<Item = Vec<Step>>) {
    for life in lives {
        live(3, &life);
    }
}

#[test]
fn two_of_three_who_act_apart_and_meet_in_any_order_agree() {
    live_all(short_lives(2).into_iter().step_by(2));
}

#[test]
fn two_of_three_who_act_apart_and_meet_in_any_other_order_agree() {
    live_all(short_lives(2).into_iter().skip(1).step_by(2));
}

#[test]
pub(crate) fn whoever_is_removed_lets_nobody_in_meanwhile() {
    let steps = [
        Step::Apart,
        Step::Vote("alice", "carol"),
        Step::Vote("bob", "carol"),
        Step::Join("frank", "carol"),
    ];
    live_all(
        MEETINGS
            .iter()
            .map(|meetings| [&steps[..], meetings].concat()),
    );
}

#[test]
fn some_of_all_lives_of_three_who_act_apart_agree() {
    live_all(short_lives(3).into_iter().step_by(29));
}

#[test]
#[ignore = "an hour"]
fn soak_three_who_act_apart_and_meet_in_any_order_agree() {
    live_all(short_lives(3).into_iter());
}
