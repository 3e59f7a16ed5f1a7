//! The trial of the invariants of channels: what they must catch is done, and they catch it.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "these are tests")]

use model::MessageText;
use proto::{Answer, ChannelDeed, ChannelName, Command};

use super::*;
use crate::Options;

const MINUTE: Duration = Duration::from_secs(60);

/// Alice publishes, bob and carol read.
fn world() -> (World, ChannelId, [Who; 3]) {
    let mut world = World::new(Options::instant(5));
    let people = ["alice", "bob", "carol"].map(|name| world.add_person(name));
    people.iter().for_each(|who| world.start(*who));
    let [alice, bob, carol] = people;
    let name = ChannelName::parse("Quiet Square").unwrap();
    let create = Command::Channel(ChannelDeed::Create(name, 1));
    let Some(Ok(Answer::ChannelCreated(id, link))) = world.command(alice, create) else {
        panic!("there is no channel")
    };
    world.watch.look_at_channel(id, 1, 1_000_000);
    for reader in [bob, carol] {
        world.takes_link(alice, reader);
        let subscribe = ChannelDeed::Subscribe(link.clone());
        let answer = world.command(reader, Command::Channel(subscribe));
        assert!(matches!(answer, Some(Ok(_))));
    }
    world.pass(MINUTE);
    (world, id, people)
}

fn post(world: &mut World, who: Who, id: ChannelId, known: bool) -> Option<PostId> {
    let text = world.watch.fresh_text("we meet on Sunday");
    if known {
        world.watch.posts_text(who, &text);
    }
    let text = MessageText::parse(text).unwrap();
    let deed = ChannelDeed::PostText(id, text);
    let answer = world.command(who, Command::Channel(deed));
    let Some(Ok(Answer::Posted(post))) = answer else {
        panic!("it is not posted")
    };
    world.pass(MINUTE);
    post
}

fn broken(world: &World) -> Vec<Invariant> {
    let mut all: Vec<Invariant> = world
        .watch
        .broken()
        .iter()
        .map(|one| one.invariant)
        .collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn a_sound_channel_breaks_nothing_and_is_counted() {
    let (mut world, id, [alice, ..]) = world();
    post(&mut world, alice, id, true);
    world.check();
    world.check_quiet_channel();
    world.count_received();
    assert_eq!(broken(&world), []);
    let counts = &world.counts.channel;
    assert_eq!((counts.posts, counts.there, counts.within), (1, 2, 2));
    assert_eq!(counts.spread.count(), 2);
    assert!(counts.payload >= 1024 && counts.payload < 2048);
    // Both got it once, or from each other a second time.
    assert!(counts.gossip.most() < 300, "{}", counts.gossip.most());
    assert_eq!(counts.parts.most(), 1);
}

#[test]
fn a_post_that_nobody_wrote_is_noticed() {
    let (mut world, id, [alice, ..]) = world();
    post(&mut world, alice, id, false);
    assert_eq!(broken(&world), [Invariant::Genuine]);
}

#[test]
fn whoever_reads_too_early_or_too_long_is_noticed() {
    let (mut world, id, [alice, bob, carol]) = world();
    let reading = world.watch.channels.readers.get_mut(&bob).unwrap();
    reading.from = 5;
    world.watch.unsubscribed(Time::ZERO, carol);
    post(&mut world, alice, id, true);
    assert_eq!(
        broken(&world),
        [Invariant::PastRemoval, Invariant::FromBefore]
    );
}

#[test]
fn a_reader_without_a_post_is_noticed_after_quiet() {
    let (mut world, id, [alice, bob, carol]) = world();
    world.wall(alice, carol);
    world.wall(bob, carol);
    world.pass(MINUTE);
    post(&mut world, alice, id, true);
    world.check();
    assert_eq!(
        broken(&world),
        [],
        "nothing is promised while there is a wall"
    );
    world.check_quiet_channel();
    assert_eq!(broken(&world), [Invariant::Delivered]);
    let counts = &world.counts.channel;
    assert_eq!(
        (counts.there, counts.within),
        (2, 1),
        "and it counts as late"
    );
}

#[test]
fn a_contradiction_and_a_silence_that_are_not_shown_are_noticed() {
    let (mut world, id, [alice, ..]) = world();
    post(&mut world, alice, id, true);
    world.watch.channels.contradicted.insert(0);
    world.check_quiet_channel();
    assert_eq!(broken(&world), [Invariant::Contradicted]);
    let (mut world, id, [alice, ..]) = self::world();
    post(&mut world, alice, id, true);
    world.pass(Duration::from_secs(3 * 86_400));
    world.check();
    assert_eq!(broken(&world), [], "it is shown");
    world.watch.channels.fresh_days = 7;
    world.check();
    assert_eq!(broken(&world), [Invariant::Silent]);
}

#[test]
fn a_text_in_a_pack_and_a_nonce_of_two_packs_are_noticed() {
    let mut watch = Watch::default();
    let text = watch.fresh_text("at noon");
    watch.saw_pack(Time::ZERO, (Who(0), Who(1)), b"\0sealed");
    assert!(watch.broken().is_empty());
    watch.saw_pack(Time::ZERO, (Who(0), Who(1)), text.as_bytes());
    assert_eq!(watch.broken()[0].invariant, Invariant::Hidden);
    watch.saw_spread(Time::ZERO, Who(0), &[7; 40]);
    watch.saw_spread(Time::ZERO, Who(0), &[7; 40]);
    assert_eq!(watch.broken().len(), 1);
    watch.saw_spread(Time::ZERO, Who(0), &[7; 41]);
    assert_eq!(watch.broken()[1].invariant, Invariant::Reuse);
}

#[test]
fn a_call_that_was_called_off_and_is_shown_as_on_is_noticed() {
    let (mut world, id, [alice, ..]) = world();
    let call = crate::calls::vigil(&mut world, alice).unwrap();
    let said = crate::calls::said(&call);
    world.watch.posts_text(alice, &said);
    let deed = ChannelDeed::PostCall(id, Box::new(call));
    assert!(world.command(alice, Command::Channel(deed)).is_some());
    world.pass(MINUTE);
    world.check_quiet_channel();
    assert_eq!(broken(&world), []);
    world.watch.post_called_off(Time::ZERO, &said);
    world.check_quiet_channel();
    assert_eq!(broken(&world), [Invariant::CalledOff]);
    // Nothing of it may be left from a moment on; here it is.
    world.watch.posted_call(&said, Time::ZERO);
    world.pass(2 * LATE);
    world.check();
    assert!(broken(&world).contains(&Invariant::Erased));
}
