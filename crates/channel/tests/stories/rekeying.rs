//! Epochs: for hygiene, and to close the channel to whoever has an old link.

use channel::{Content, EpochKeys, LinkError, Notice, Publisher, Refusal, Topic};

use crate::world::{World, rng, text};

const ALL: [usize; 3] = [0, 1, 2];

#[test]
fn after_a_hard_rekey_an_old_link_reads_nothing() {
    let mut world = World::new(3, 2);
    world.post(0, text("one"), &ALL);
    let (mut dave, mut mallory) = (world.reader(), world.reader());
    let (closing, keys) =
        Publisher::rekey(&world.publishers[0].reader, true, &mut rng(77)).unwrap();
    world.post(0, closing, &ALL);
    let reader = &world.publishers[0].reader;
    assert!(
        reader.link(Vec::new()).is_none(),
        "the old epoch has no next post"
    );
    let link = reader.fresh_link(&keys, Vec::new()).unwrap();
    // Publishers and dave get the fresh link through their cells; mallory does not.
    for at in ALL {
        world.publishers[at].reader.add_link(&link).unwrap();
    }
    for device in [&mut dave, &mut mallory] {
        for post in &world.topic {
            device.take(post, world.now).unwrap();
        }
        let closed = Notice::EpochClosed {
            epoch: 0,
            needs_link: true,
        };
        assert_eq!(device.notices, [closed]);
    }
    let changes = dave.reader.add_link(&link).unwrap();
    dave.persist(changes);
    world.post(1, text("among us"), &ALL);
    let post = world.topic[2].clone();
    dave.take(&post, world.now).unwrap();
    assert_eq!(dave.screen(), ["0 one", "1 [closed]", "2 among us"]);
    assert_eq!(mallory.take(&post, world.now), Err(Refusal::UnknownEpoch));
    // Not on the old topic, and not with the old keys either.
    let old = Topic::of(&world.link.channel, &world.link.keys);
    let fresh = Topic::of(&world.link.channel, &link.keys);
    assert_ne!(old.id(), fresh.id());
    let post = dave.record(2).post().unwrap();
    let mut keys = world.link.keys.clone();
    for index in 0..20 {
        let key = keys.take(index).unwrap();
        assert!(post.sheet().open(Some(&key)).is_err());
    }
}

#[test]
fn a_link_that_the_publishers_did_not_announce_is_found_out_also_when_it_came_first() {
    let mut world = World::new(3, 2);
    world.post(0, text("one"), &ALL);
    let (closing, keys) =
        Publisher::rekey(&world.publishers[0].reader, true, &mut rng(77)).unwrap();
    world.post(0, closing, &ALL);
    let genuine = world.publishers[0]
        .reader
        .fresh_link(&keys, Vec::new())
        .unwrap();
    let mut false_link = genuine.clone();
    false_link.keys = EpochKeys::begin(1, &mut rng(78));
    let mut dave = world.reader();
    dave.take(&world.topic[0], world.now).unwrap();
    // Somebody gives dave a false link before he has seen the announcement.
    dave.reader.add_link(&false_link).unwrap();
    let accepted = dave.take(&world.topic[1], world.now).unwrap();
    assert_eq!(accepted.notices[0], Notice::FalseLink { epoch: 1 });
    // And again behind it.
    let refused = dave.reader.add_link(&false_link);
    assert_eq!(refused, Err(LinkError::Malformed));
    assert!(dave.reader.add_link(&genuine).is_ok());
}

#[test]
fn after_a_soft_rekey_everybody_reads_on_and_old_keys_open_nothing() {
    let mut world = World::new(3, 2);
    world.post(0, text("one"), &ALL);
    let (closing, keys) =
        Publisher::rekey(&world.publishers[0].reader, false, &mut rng(77)).unwrap();
    world.post(0, closing, &ALL);
    world.post(1, text("two"), &ALL);
    let mut dave = world.reader();
    for at in [1, 2, 0] {
        dave.take(&world.topic[at], world.now).unwrap();
    }
    assert_eq!(dave.screen(), ["0 one", "1 [closed]", "2 two"]);
    assert!(dave.notices.contains(&Notice::EpochClosed {
        epoch: 0,
        needs_link: false
    }));
    assert_eq!(dave.reader.topics().len(), 2);
    dave.restart(world.now);
    world.post(2, text("three"), &ALL);
    dave.take(&world.topic[3], world.now).unwrap();
    assert_eq!(dave.screen()[3], "3 three");
    // The old chain is gone from the disk, and nothing of it leads to the new one.
    let state = dave.disk.state.clone();
    let has = |bytes: &[u8]| state.windows(32).any(|window| window == bytes);
    assert!(!has(world.link.keys.chain().expose()) && !has(keys.chain().expose()));
}

#[test]
fn nothing_is_posted_in_a_closed_epoch() {
    let mut world = World::new(1, 1);
    world.post(0, text("one"), &[0]);
    let (closing, _) = Publisher::rekey(&world.publishers[0].reader, true, &mut rng(77)).unwrap();
    world.post(0, closing, &[0]);
    world.publishers[0].write(text("two"), world.now).unwrap();
    assert_eq!(world.publishers[0].screen(), ["0 one", "1 [closed]"]);
    let kinds: Vec<&str> = world.publishers[0]
        .publisher
        .as_ref()
        .unwrap()
        .waiting()
        .map(Content::kind)
        .collect();
    assert_eq!(kinds, ["text"], "it waits for the link");
}

#[test]
fn of_two_who_end_an_epoch_at_once_one_does_and_the_other_is_not_asked_again() {
    let mut world = World::new(3, 2);
    world.post(0, text("one"), &ALL);
    let mut seeds = 77;
    let mut close = |world: &World, at: usize| {
        seeds += 1;
        let reader = &world.publishers[at].reader;
        Publisher::rekey(reader, false, &mut rng(seeds)).unwrap().0
    };
    let (first, second) = (close(&world, 0), close(&world, 1));
    world.publishers[1].write(second, world.now).unwrap();
    world.post(0, first, &ALL);
    for _ in 0..4 {
        world.later(crate::world::HOUR);
        for at in ALL {
            world.publishers[at].poll(world.now);
        }
        world.agree(&ALL);
    }
    let mut closed = world.publishers[2].screen();
    closed.retain(|line| line.ends_with("[closed]"));
    assert_eq!(closed.len(), 1);
    let waits = world.publishers[1].publisher.as_ref().unwrap();
    assert_eq!(waits.waiting().count(), 0);
}
