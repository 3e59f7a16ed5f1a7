//! The world itself: it repeats, it keeps what disks keep, and it notices what is broken.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "these are tests")]

use std::time::Duration;

use model::CellId;

use crate::{CrashAt, Options, Quality, Who, World};

const MINUTE: Duration = Duration::from_secs(60);

fn cell_of_three(options: Options) -> (World, CellId, [Who; 3]) {
    let mut world = World::new(options);
    let people = ["alice", "bob", "carol"].map(|name| world.add_person(name));
    people.iter().for_each(|who| world.start(*who));
    let cell = world.cell_of(&people, None).expect("all get in");
    (world, cell, people)
}

fn three_talk(options: Options) -> World {
    let (mut world, cell, people) = cell_of_three(options);
    let mut last = Vec::new();
    for round in 0..4 {
        for who in people {
            let text = world.watch.fresh_text(&format!("round {round}"));
            let message = world.say(who, cell, &text).expect("it is taken");
            if round == 3 {
                last.push((who, message));
            }
        }
        world.pass(MINUTE);
    }
    world.pass(5 * MINUTE);
    let seen = world.conversation(people[0], cell).expect("alice is in");
    assert_eq!(seen.len(), 12);
    for who in people {
        assert_eq!(world.conversation(who, cell).expect("all are in"), seen);
    }
    world.check();
    world.check_quiet(cell, &last);
    assert_eq!(world.watch.broken(), []);
    world
}

#[test]
fn three_people_talk_over_every_kind_of_way() {
    for preset in ["instant", "lan", "home", "mobile", "tor"] {
        let quality = Quality::preset(preset).expect("there is one");
        three_talk(Options::real(5, quality));
    }
    three_talk(Options::instant(5));
}

#[test]
fn one_seed_is_one_run_and_another_is_another() {
    let run = |seed| {
        three_talk(Options::real(seed, Quality::mobile()))
            .trace
            .hash()
    };
    let first = run(7);
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
}

#[test]
fn a_crash_anywhere_forgets_nothing() {
    let points = [
        CrashAt::BeforePersist,
        CrashAt::AfterPersist,
        CrashAt::AfterOutputs(1),
        CrashAt::AfterOutputs(2),
    ];
    for point in points {
        let (mut world, cell, [alice, bob, _]) = cell_of_three(Options::real(3, Quality::home()));
        let text = world.watch.fresh_text("one");
        world.say(alice, cell, &text).expect("it is taken");
        world.pass(MINUTE);
        world.crash_at(alice, point);
        let text = world.watch.fresh_text("two");
        world.say(alice, cell, &text);
        world.pass(MINUTE);
        assert!(world.node(alice).is_none(), "{point:?}");
        world.start(alice);
        world.pass(5 * MINUTE);
        world.check();
        assert_eq!(
            world.conversation(alice, cell),
            world.conversation(bob, cell)
        );
        assert_eq!(world.watch.broken(), [], "{point:?}");
    }
}

#[test]
fn sleep_and_power_loss_are_noticed_and_survived() {
    let (mut world, cell, [alice, bob, carol]) = cell_of_three(Options::real(4, Quality::home()));
    world.sleep(carol);
    world.power_loss(bob);
    world.pass(5 * MINUTE);
    let text = world.watch.fresh_text("anybody?");
    world.say(alice, cell, &text).expect("it waits");
    world.pass(60 * MINUTE);
    world.wake(carol);
    world.start(bob);
    world.pass(10 * MINUTE);
    world.check();
    for who in [alice, bob, carol] {
        assert_eq!(world.conversation(who, cell).expect("all are in").len(), 1);
    }
    assert_eq!(world.watch.broken(), []);
}

#[test]
fn a_crash_that_waited_happens_before_the_next_start_and_not_after_it() {
    let (mut world, _, [alice, ..]) = cell_of_three(Options::instant(8));
    world.pass(5 * MINUTE);
    world.crash_at(alice, CrashAt::BeforePersist);
    world.pass(MINUTE);
    assert!(world.node(alice).is_some(), "she writes nothing");
    world.crash_now(alice);
    assert!(world.node(alice).is_none());
    world.crash_at(alice, CrashAt::BeforePersist);
    world.start(alice);
    world.pass(MINUTE);
    assert!(world.node(alice).is_some(), "what was off did not crash");
}
