//! Channels in files: what alice posts reaches bob and carol on a stick, and a stick is believed no more than a stranger.

use std::time::Duration;

use action::{Day, presets};
use model::Suite;
use proto::{Answer, ChannelDeed, ChannelId, ChannelState, Command, ErrorKind, Notice};

use crate::channels::{deed, found, link_of, post, row, screen, subscribe, words, world};
use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn offline(world: &mut World, name: Name) {
    assert!(matches!(
        world.command(name, Command::Offline),
        Ok(Answer::Done)
    ));
}

fn export(world: &mut World, name: Name, channel: ChannelId) -> (Vec<u8>, u32) {
    match deed(world, name, ChannelDeed::Export(channel)) {
        Ok(Answer::BundleExported(bytes, posts)) => (bytes.to_vec(), posts),
        other => panic!("{name} exports no bundle: {other:?}"),
    }
}

fn import(world: &mut World, name: Name, file: &[u8]) -> Result<(u32, ChannelId), ErrorKind> {
    match world.command(name, Command::ImportBundle(file.to_vec()))? {
        Answer::ChannelImported(new, channel) => Ok((new, channel)),
        other => panic!("{name} imports something else: {other:?}"),
    }
}

#[test]
fn a_file_brings_a_channel_to_somebody_without_a_network_who_gives_it_on() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    for name in ["bob", "carol"] {
        offline(&mut world, name);
        subscribe(&mut world, name, &link);
        assert_eq!(row(&world, name, channel).state, ChannelState::Waiting);
    }
    let first = post(&mut world, "alice", channel, "we meet on Sunday").unwrap();
    post(&mut world, "alice", channel, "bring a candle").unwrap();
    // Who waits for the charters has nothing to give.
    let refused = deed(&mut world, "bob", ChannelDeed::Export(channel));
    assert_eq!(refused.err(), Some(ErrorKind::Unreachable));

    let (file, posts) = export(&mut world, "alice", channel);
    assert_eq!(posts, 2);
    assert_eq!(import(&mut world, "bob", &file), Ok((2, channel)));
    let (again, _) = export(&mut world, "bob", channel);
    assert_eq!(import(&mut world, "carol", &again), Ok((2, channel)));
    for name in ["bob", "carol"] {
        let expected = ["we meet on Sunday", "bring a candle"];
        assert_eq!(screen(&world, name, channel), expected, "{name}");
        let row = row(&world, name, channel);
        assert_eq!(row.name.unwrap().expose(), "Quiet Square");
        assert_eq!((row.unread, row.gaps, row.peers), (2, 0, 0));
        assert!(world.heard(name, &Notice::PostReceived(channel, first)));
    }
    assert_eq!(import(&mut world, "bob", &file), Ok((0, channel)));
    // It is all on the disk.
    world.stop("bob");
    world.start("bob");
    assert_eq!(screen(&world, "bob", channel).len(), 2);
}

#[test]
fn more_posts_than_one_looks_ahead_come_in_one_file() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    offline(&mut world, "bob");
    subscribe(&mut world, "bob", &link);
    for number in 0..700 {
        post(&mut world, "alice", channel, &format!("post {number}")).unwrap();
    }
    let (file, _) = export(&mut world, "alice", channel);
    assert_eq!(import(&mut world, "bob", &file), Ok((700, channel)));
    assert_eq!(row(&world, "bob", channel).gaps, 0);
}

#[test]
fn what_came_in_a_file_is_passed_on_over_the_network() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let from_bob = link_of(&mut world, "bob", channel);
    subscribe(&mut world, "carol", &from_bob);
    for name in ["bob", "carol"] {
        world.wall("alice", name);
    }
    post(&mut world, "alice", channel, "we meet on Sunday").unwrap();
    let (file, _) = export(&mut world, "alice", channel);
    assert_eq!(import(&mut world, "bob", &file), Ok((1, channel)));
    world.pass(MINUTE);
    assert_eq!(screen(&world, "carol", channel), ["we meet on Sunday"]);
}

#[test]
fn a_file_of_another_channel_or_a_damaged_one_changes_nothing() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    offline(&mut world, "bob");
    subscribe(&mut world, "bob", &link);
    // Carol has a channel of her own, and one that was founded under the same name.
    let (others, _) = found(&mut world, 0);
    assert_ne!(others, channel);
    for text in ["one", "two"] {
        post(&mut world, "alice", channel, text).unwrap();
        post(&mut world, "alice", others, text).unwrap();
    }
    let before = world.people["bob"].disk.clone();
    let (of_others, _) = export(&mut world, "alice", others);
    assert_eq!(
        import(&mut world, "bob", &of_others),
        Err(ErrorKind::BundleForeign)
    );
    let (file, _) = export(&mut world, "alice", channel);
    assert_eq!(
        import(&mut world, "dave", &file),
        Err(ErrorKind::BundleForeign)
    );
    let mut kinds = Vec::new();
    for at in (0..file.len()).step_by(file.len() / 40) {
        let mut broken = file.clone();
        broken[at] ^= 1;
        kinds.push(import(&mut world, "bob", &broken).unwrap_err());
        kinds.push(import(&mut world, "bob", &file[..at]).unwrap_err());
    }
    let said = [ErrorKind::BundleForeign, ErrorKind::BundleDamaged];
    assert!(kinds.iter().all(|kind| said.contains(kind)), "{kinds:?}");
    assert!(kinds.contains(&ErrorKind::BundleDamaged));
    assert_eq!(world.people["bob"].disk, before);
    assert!(world.people["dave"].disk.is_empty());
    assert_eq!(import(&mut world, "bob", &file), Ok((2, channel)));
}

#[test]
fn a_file_lets_no_publisher_sign_and_shows_one_that_was_put_back() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    post(&mut world, "alice", channel, "one").unwrap();
    let yesterday = world.people["alice"].disk.clone();
    let (old, _) = export(&mut world, "bob", channel);
    post(&mut world, "alice", channel, "two").unwrap();
    let (new, _) = export(&mut world, "bob", channel);

    world.stop("alice");
    offline(&mut world, "bob");
    world.person("alice").disk = yesterday;
    world.start("alice");
    // A file from when the disk was copied ends where the disk does, and says nothing about today.
    assert_eq!(import(&mut world, "alice", &old), Ok((0, channel)));
    assert!(!row(&world, "alice", channel).confirmed);
    assert_eq!(post(&mut world, "alice", channel, "not two"), None);
    assert_eq!(screen(&world, "alice", channel), ["one"]);
    // A later one shows what this device has signed and forgotten.
    assert_eq!(import(&mut world, "alice", &new), Ok((1, channel)));
    assert!(row(&world, "alice", channel).restored);
    assert_eq!(screen(&world, "alice", channel), ["one", "two"]);
    let refused = ChannelDeed::PostText(channel, words("three"));
    let refused = deed(&mut world, "alice", refused);
    assert_eq!(refused.err(), Some(ErrorKind::PublisherRestored));
}

#[test]
fn a_proof_that_publishers_contradicted_themselves_travels_in_a_file() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    for name in ["bob", "carol", "dave"] {
        subscribe(&mut world, name, &link);
    }
    let to_carol = link_of(&mut world, "carol", channel);
    subscribe(&mut world, "bob", &to_carol);
    post(&mut world, "alice", channel, "one").unwrap();
    for name in ["bob", "dave"] {
        world.wall(name, "carol");
    }
    // Two copies of alice's disk run, each with some of the readers.
    let copy = world.people["alice"].disk.clone();
    world.wall("alice", "carol");
    post(&mut world, "alice", channel, "two").unwrap();
    offline(&mut world, "dave");
    world.stop("alice");
    world.person("alice").disk = copy;
    world.heal_network();
    world.wall("bob", "carol");
    world.wall("alice", "bob");
    world.start("alice");
    world.pass(20 * MINUTE);
    post(&mut world, "alice", channel, "not two").unwrap();
    world.pass(MINUTE);
    world.stop("alice");
    world.heal_network();
    world.pass(30 * MINUTE);
    assert_eq!(row(&world, "bob", channel).parted, Some(1));
    assert_eq!(row(&world, "dave", channel).parted, None);

    let (file, _) = export(&mut world, "bob", channel);
    import(&mut world, "dave", &file).unwrap();
    assert_eq!(row(&world, "dave", channel).parted, Some(1));
    assert!(screen(&world, "dave", channel)[1].ends_with("(disputed)"));
}

#[test]
fn a_call_that_is_over_is_in_no_file() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let (channel, link) = found(&mut world, 0);
    offline(&mut world, "bob");
    subscribe(&mut world, "bob", &link);
    let today = Day::of(world.now().timestamp);
    let call = presets(today, Some("en"))
        .remove(0)
        .check(Some(today))
        .unwrap();
    let posted = ChannelDeed::PostCall(channel, Box::new(call));
    deed(&mut world, "alice", posted).unwrap();
    post(&mut world, "alice", channel, "see you").unwrap();
    let (before, posts) = export(&mut world, "alice", channel);
    assert_eq!(posts, 2);
    world.pass(60 * DAY);
    let (after, posts) = export(&mut world, "alice", channel);
    assert_eq!(posts, 1);
    assert_eq!(import(&mut world, "bob", &after), Ok((1, channel)));
    assert_eq!(screen(&world, "bob", channel), ["1 missing", "see you"]);
    // Who kept an old file gets nothing of it onto a screen or a disk.
    assert_eq!(import(&mut world, "bob", &before), Ok((1, channel)));
    assert_eq!(screen(&world, "bob", channel), ["[over]", "see you"]);
}
