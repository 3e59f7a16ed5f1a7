//! What whoever has a link, or a publisher, can do to readers of a channel, and what stays of it.

use channel::{Carried, Content, Item, Link, Origin, Publisher, Reader, Topic};
use crypto::{Rng, Secret};
use proto::{ChannelId, ChannelInput, Input, RecordKind};
use zeroize::Zeroizing;

use crate::channels::{MINUTE, found, link_of, post, row, screen, subscribe, world};
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
