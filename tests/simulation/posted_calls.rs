//! Calls in channels: another version takes the place of the one before, and what is off is on nowhere.

use std::time::Duration;

use action::{Call, CallIn, Day, Words, presets};
use channel::PostId;
use proto::{Answer, ChannelDeed, ChannelId, ErrorKind, Node, PostBody, PostSummary};

use crate::channels::{deed, found, post, subscribe, words, world};
use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) fn vigil(world: &World, title: &str) -> Call {
    let today = Day::of(world.now().timestamp);
    let mut call: CallIn = presets(today, Some("en")).remove(0);
    call.texts[0].title = Words::new(title.to_owned());
    call.check(Some(today)).unwrap()
}

fn posted(answer: Result<Answer, ErrorKind>) -> PostId {
    let Ok(Answer::Posted(Some(post))) = answer else {
        panic!("it was not posted: {answer:?}")
    };
    post
}

pub(crate) fn post_call(world: &mut World, channel: ChannelId, title: &str) -> PostId {
    let call = Box::new(vigil(world, title));
    posted(deed(world, "alice", ChannelDeed::PostCall(channel, call)))
}

fn update(world: &mut World, channel: ChannelId, of: PostId, title: &str) -> PostId {
    let call = Box::new(vigil(world, title));
    posted(deed(
        world,
        "alice",
        ChannelDeed::UpdateCall(channel, of, call),
    ))
}

pub(crate) fn cancel(world: &mut World, channel: ChannelId, of: PostId) -> PostId {
    let why = Some(words("police are there"));
    posted(deed(
        world,
        "alice",
        ChannelDeed::CancelCall(channel, of, why),
    ))
}

fn posts(world: &World, name: Name, channel: ChannelId) -> Vec<PostSummary> {
    world.node(name).posts(channel, None, 1000).unwrap().posts
}

fn title(world: &World, name: Name, channel: ChannelId, seq: u64) -> String {
    let record = &world.people[name].disk[&Node::post_key(channel, seq)];
    match Node::read_post(record).unwrap() {
        PostBody::Call(call) => call.texts[0].title.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// What is on, on the screen of somebody: the titles of calls that are neither replaced nor off.
fn on(world: &World, name: Name, channel: ChannelId) -> Vec<String> {
    let posts = posts(world, name, channel).into_iter();
    let on =
        posts.filter(|post| !post.replaced && post.stands && matches!(post.call, Some((_, None))));
    on.map(|post| title(world, name, channel, post.seq))
        .collect()
}

#[test]
fn another_version_takes_the_place_of_the_one_before_whichever_post_names_the_call() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let first = post_call(&mut world, channel, "by the bridge");
    let second = update(&mut world, channel, first, "by the station");
    update(&mut world, channel, second, "by the theatre");
    for name in ["alice", "bob"] {
        assert_eq!(on(&world, name, channel), ["by the theatre"], "{name}");
        let replaced: Vec<bool> = posts(&world, name, channel)
            .iter()
            .map(|post| post.replaced)
            .collect();
        assert_eq!(replaced, [true, true, false], "{name}");
        assert_eq!(world.node(name).newest_of_call(channel, first), Ok(2));
    }
}

#[test]
fn a_call_that_is_off_is_on_nowhere_and_cannot_be_changed() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let first = post_call(&mut world, channel, "by the bridge");
    let other = post_call(&mut world, channel, "another");
    let second = update(&mut world, channel, first, "by the station");
    // Carol comes later, and has the newest first.
    subscribe(&mut world, "carol", &link);
    cancel(&mut world, channel, second);
    world.pass(5 * MINUTE);
    for name in ["alice", "bob", "carol"] {
        assert_eq!(on(&world, name, channel), ["another"], "{name}");
    }
    let call = Box::new(vigil(&world, "by the theatre"));
    let again = deed(
        &mut world,
        "alice",
        ChannelDeed::UpdateCall(channel, first, call),
    );
    assert_eq!(again.err(), Some(ErrorKind::CallCancelled));
    let twice = deed(
        &mut world,
        "alice",
        ChannelDeed::CancelCall(channel, first, None),
    );
    assert_eq!(twice.err(), Some(ErrorKind::CallCancelled));
    cancel(&mut world, channel, other);
    assert_eq!(on(&world, "bob", channel), [""; 0]);
}

#[test]
fn nobody_but_a_publisher_changes_a_call_and_what_is_none_is_refused() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let call = post_call(&mut world, channel, "by the bridge");
    let text = post(&mut world, "alice", channel, "one").unwrap();
    let refusals = [
        ("bob", call, ErrorKind::NotAPublisher),
        ("alice", text, ErrorKind::NoSuchCall),
        ("alice", PostId::from_bytes([9; 32]), ErrorKind::NoSuchPost),
    ];
    for (name, post, why) in refusals {
        let cancel = ChannelDeed::CancelCall(channel, post, None);
        assert_eq!(deed(&mut world, name, cancel).err(), Some(why));
        let changed = Box::new(vigil(&world, "elsewhere"));
        let update = ChannelDeed::UpdateCall(channel, post, changed);
        assert_eq!(deed(&mut world, name, update).err(), Some(why));
    }
    assert_eq!(on(&world, "bob", channel), ["by the bridge"]);
    let until = vigil(&world, "x")
        .last_moment()
        .since(world.now().timestamp);
    world.pass(until + 2 * DAY);
    let late = deed(
        &mut world,
        "alice",
        ChannelDeed::CancelCall(channel, call, None),
    );
    assert_eq!(late.err(), Some(ErrorKind::CallExpired));
}

#[test]
fn a_call_off_that_waits_to_be_signed_is_said_once() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let call = post_call(&mut world, channel, "by the bridge");
    world.stop("bob");
    world.stop("alice");
    world.start("alice");
    // Nobody has shown since the start how far the channel goes.
    let waits = deed(
        &mut world,
        "alice",
        ChannelDeed::CancelCall(channel, call, None),
    );
    assert!(matches!(waits, Ok(Answer::Posted(None))));
    let twice = deed(
        &mut world,
        "alice",
        ChannelDeed::CancelCall(channel, call, None),
    );
    assert_eq!(twice.err(), Some(ErrorKind::CallCancelled));
    world.start("bob");
    world.pass(10 * MINUTE);
    for name in ["alice", "bob"] {
        assert_eq!(on(&world, name, channel), [""; 0], "{name}");
    }
}
