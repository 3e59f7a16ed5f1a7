//! What whoever has a link, or a publisher, can do to readers of a channel, and what stays of it.

use channel::{
    Carried, CharterId, Content, EpochKeys, Item, Lineage, Link, Origin, PostIn, Publisher, Reader,
    Topic,
};
use crypto::{Rng, Secret};
use proto::{ChannelId, ChannelInput, ChannelState, Input, RecordKind, Verdict};
use zeroize::Zeroizing;

use crate::channels::{MINUTE, found, link_of, post, row, screen, subscribe, words, world};
use crate::world::{Name, World};

/// What is on a publisher's disk, in hands that need no node.
struct Pen {
    reader: Reader,
    publisher: Publisher,
    rng: Rng,
}

impl Pen {
    fn of(world: &World, name: Name, channel: ChannelId) -> Self {
        let disk = world.people[name].disk.iter();
        let theirs = disk.filter(|(key, _)| key.scope() == channel.as_bytes());
        let (posts, named): (Vec<_>, Vec<_>) =
            theirs.partition(|(key, _)| key.kind() == RecordKind::Post);
        let record = |name: &[u8]| {
            let found = named.iter().find(|(key, _)| key.name() == name);
            found.expect("it is on the disk").1
        };
        let now = world.now().timestamp;
        let posts = posts.into_iter().map(|(_, post)| post.as_slice());
        let (reader, _) = Reader::restore(channel, record(b"state"), posts, now).unwrap();
        let mut publisher = Publisher::restore(record(b"publisher"), Origin::Store).unwrap();
        let mut rng = Rng::from_seed(&Secret::from_bytes([17; 32]));
        publisher.on_summary(&reader, &reader.summary(), &mut rng, now);
        Self {
            reader,
            publisher,
            rng,
        }
    }

    /// Signs the next post of the channel.
    fn sign(&mut self, content: Content, world: &World) -> Vec<u8> {
        let now = world.now().timestamp;
        let step = self
            .publisher
            .write(&self.reader, content, &mut self.rng, now);
        let post = step.unwrap().post.expect("one signature is enough");
        let taken = self.reader.take(&post, now).unwrap();
        let (reader, rng) = (&self.reader, &mut self.rng);
        self.publisher.on_accepted(reader, &taken, rng, now);
        post
    }
}

fn topic_of(link: &Zeroizing<String>) -> Topic {
    let link = Link::parse(link, None).unwrap();
    Topic::of(&link.channel, &link.keys)
}

/// Gives somebody a pack, as if a reader whom they know had sent it.
fn give(world: &mut World, name: Name, from: Name, channel: ChannelId, pack: Vec<u8>) {
    let from = world.channel_peer(from, channel);
    let pack = ChannelInput::Pack(from, pack);
    world.feed(name, Input::Channel(channel, pack), usize::MAX);
    world.settle();
}

fn item(post: Vec<u8>) -> Item {
    Item::Post(Carried::new(post))
}

#[test]
fn a_link_to_the_epoch_before_leads_to_whoever_made_it_after_a_restart() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    post(&mut world, "alice", channel, "one").unwrap();
    let before = link_of(&mut world, "bob", channel);
    let mut pen = Pen::of(&world, "alice", channel);
    world.stop("carol");
    let (closed, _) = Publisher::rekey(&pen.reader, false, &mut pen.rng).unwrap();
    let pack = topic_of(&link).seal(&[item(pen.sign(closed, &world))]);
    give(&mut world, "bob", "alice", channel, pack);
    assert_eq!(world.topics_of("bob", channel).len(), 2);
    world.stop("alice");
    world.stop("bob");
    world.start("bob");
    world.start("carol");
    subscribe(&mut world, "carol", &before);
    world.pass(20 * MINUTE);
    assert_eq!(row(&world, "carol", channel).peers, 1);
    assert_eq!(screen(&world, "carol", channel), ["[closed]"]);
}

#[test]
fn whoever_sends_too_much_does_not_come_back_at_once() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    assert_eq!(row(&world, "alice", channel).peers, 1);
    for _ in 0..241 {
        give(&mut world, "alice", "bob", channel, vec![1; 100]);
    }
    assert_eq!(row(&world, "alice", channel).peers, 0);
    world.pass(9 * MINUTE);
    assert_eq!(
        row(&world, "alice", channel).peers,
        0,
        "bob dials and is not admitted"
    );
    world.pass(10 * MINUTE);
    assert_eq!(row(&world, "alice", channel).peers, 1);
}

/// Two posts of alice in one place, of which bob has the first.
fn contradiction(world: &mut World) -> (ChannelId, Topic, [Vec<u8>; 2], Lineage) {
    let (channel, link) = found(world, 0);
    subscribe(world, "bob", &link);
    let say = |world: &World, text: &str| {
        let mut pen = Pen::of(world, "alice", channel);
        pen.sign(Content::Text(words(text)), world)
    };
    let posts = ["at noon", "at night"].map(|text| say(world, text));
    let lineage = Pen::of(world, "alice", channel).reader.lineage().clone();
    let topic = topic_of(&link);
    // Alice's own device would hand over to another key: whoever has the old one comes when it is off, as a reader.
    let from_bob = link_of(world, "bob", channel);
    subscribe(world, "carol", &from_bob);
    world.stop("alice");
    let first = topic.seal(&[item(posts[0].clone())]);
    give(world, "bob", "carol", channel, first);
    assert_eq!(screen(world, "bob", channel), ["at noon"]);
    (channel, topic, posts, lineage)
}

#[test]
fn a_contradiction_that_is_proven_costs_nothing_when_it_comes_again() {
    let mut world = world();
    let (channel, topic, posts, _) = contradiction(&mut world);
    let second = topic.seal(&[item(posts[1].clone())]);
    give(&mut world, "bob", "carol", channel, second.clone());
    assert_eq!(row(&world, "bob", channel).parted, Some(0));
    let said = world.ether.packs.len();
    assert!(world.ether.packs.iter().any(|(by, _)| *by == "bob"));
    for _ in 0..20 {
        give(&mut world, "bob", "carol", channel, second.clone());
    }
    assert_eq!(world.ether.packs.len(), said, "nothing is proven anew");
}

/// Bytes with their length before them (RFC 9420 §2.1.2).
fn vector(bytes: &[u8]) -> Vec<u8> {
    let len = bytes.len() as u32;
    let head = match len {
        0..64 => vec![len as u8],
        64..16_384 => (0x4000 | len as u16).to_be_bytes().to_vec(),
        _ => (0x8000_0000 | len).to_be_bytes().to_vec(),
    };
    [&head, bytes].concat()
}

#[test]
fn a_proof_is_passed_on_as_we_write_it_and_not_as_it_came() {
    let mut world = world();
    let (channel, topic, posts, lineage) = contradiction(&mut world);
    let mut posts = posts;
    posts.sort_by_key(|post| PostIn::parse(post).unwrap().sheet().id());
    let proof =
        |lineage: Vec<u8>| [vector(&lineage), vector(&posts[0]), vector(&posts[1])].concat();
    let honest = proof(lineage.to_bytes());
    let padded = proof(vec![7; 9000]);
    let shown = Item::Equivocation(Carried::new(padded));
    world.ether.packs.clear();
    world.ether.verdicts.clear();
    let topic_id = *topic.id();
    world.spread_from(("carol", channel), topic_id, &topic.seal(&[shown]));
    world.settle();
    assert_eq!(
        row(&world, "bob", channel).parted,
        Some(0),
        "it proves something"
    );
    assert_eq!(world.ether.verdicts[0], ("bob", Verdict::Ignore));
    let said: Vec<Item> = world
        .ether
        .packs
        .iter()
        .flat_map(|(_, pack)| topic.open(pack).unwrap())
        .collect();
    let proofs: Vec<&Item> = said
        .iter()
        .filter(|item| matches!(item, Item::Equivocation(_)))
        .collect();
    assert!(!proofs.is_empty());
    let ours = Item::Equivocation(Carried::new(honest.clone()));
    assert!(proofs.iter().all(|proof| **proof == ours));
    let disk = world.people["bob"].disk.iter();
    let kept = disk
        .filter(|(key, _)| key.name() == b"proof")
        .map(|(_, value)| value);
    assert_eq!(kept.collect::<Vec<_>>(), [&honest]);
}

#[test]
fn a_link_that_was_altered_on_its_way_does_not_keep_a_good_one_from_being_read() {
    for altered in ["topic", "charter"] {
        let mut world = world();
        let (channel, link) = found(&mut world, 0);
        let mut bad = Link::parse(&link, None).unwrap();
        match altered {
            "topic" => {
                let (keys, other) = (&bad.keys, Secret::from_bytes([9; 32]));
                let chain = keys.chain().clone();
                bad.keys = EpochKeys::at(keys.epoch(), keys.next(), chain, other);
            }
            _ => bad.charter = CharterId::from_bytes([9; 32]),
        }
        subscribe(&mut world, "bob", &bad.to_text());
        world.pass(10 * MINUTE);
        assert_eq!(row(&world, "bob", channel).state, ChannelState::Waiting);
        // What was tried is known after a start too.
        subscribe(&mut world, "bob", &link);
        world.wall("alice", "bob");
        world.stop("bob");
        world.start("bob");
        world.heal_network();
        world.pass(20 * MINUTE);
        let state = row(&world, "bob", channel).state;
        assert_eq!(state, ChannelState::Reading, "{altered}");
        post(&mut world, "alice", channel, "one").unwrap();
        assert_eq!(screen(&world, "bob", channel), ["one"], "{altered}");
    }
}
