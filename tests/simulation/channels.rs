//! Channels: alice publishes, bob and carol read, and nobody between them is trusted.

use std::time::Duration;

use action::{Day, presets};
use model::{MessageText, Suite};
use proto::{
    Answer, ChannelDeed, ChannelId, ChannelInput, ChannelName, ChannelState, ChannelSummary,
    Command, ErrorKind, Input, Node, Notice, PostBody, PostId, RecordKind, RequestId, Verdict,
};
use zeroize::Zeroizing;

use crate::world::{Name, World};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 3600);
const NAMES: [Name; 4] = ["alice", "bob", "carol", "dave"];

pub(crate) fn world() -> World {
    World::new(Suite::X25519, &NAMES)
}

pub(crate) fn deed(world: &mut World, name: Name, deed: ChannelDeed) -> Result<Answer, ErrorKind> {
    world.command(name, Command::Channel(deed))
}

/// Alice founds a channel.
pub(crate) fn found(world: &mut World, fresh_days: u16) -> (ChannelId, Zeroizing<String>) {
    let name = ChannelName::parse("Quiet Square").unwrap();
    let answer = deed(world, "alice", ChannelDeed::Create(name, fresh_days));
    let Ok(Answer::ChannelCreated(channel, link)) = answer else {
        panic!("alice could not found a channel: {answer:?}")
    };
    (channel, link)
}

pub(crate) fn subscribe(world: &mut World, name: Name, link: &Zeroizing<String>) -> ChannelId {
    let answer = deed(world, name, ChannelDeed::Subscribe(link.clone()));
    let Ok(Answer::Subscribed(channel)) = answer else {
        panic!("{name} could not subscribe: {answer:?}")
    };
    world.pass(MINUTE);
    channel
}

pub(crate) fn link_of(world: &mut World, name: Name, channel: ChannelId) -> Zeroizing<String> {
    let answer = deed(world, name, ChannelDeed::Link(channel));
    let Ok(Answer::LinkMade(link)) = answer else {
        panic!("{name} could not make a link: {answer:?}")
    };
    link
}

pub(crate) fn words(text: &str) -> MessageText {
    MessageText::parse(text.to_owned()).unwrap()
}

pub(crate) fn post(
    world: &mut World,
    name: Name,
    channel: ChannelId,
    text: &str,
) -> Option<PostId> {
    let answer = deed(world, name, ChannelDeed::PostText(channel, words(text)));
    let Ok(Answer::Posted(post)) = answer else {
        panic!("{name} could not post: {answer:?}")
    };
    post
}

/// What somebody reads, gaps between.
pub(crate) fn screen(world: &World, name: Name, channel: ChannelId) -> Vec<String> {
    let page = world.node(name).posts(channel, None, 1000).unwrap();
    let mut lines = Vec::new();
    for shown in page.posts {
        if shown.missing_before > 0 {
            lines.push(format!("{} missing", shown.missing_before));
        }
        let record = &world.people[name].disk[&Node::post_key(channel, shown.seq)];
        let line = match Node::read_post(record).unwrap() {
            PostBody::Text(text) => text.expose().to_owned(),
            PostBody::Call(_) | PostBody::Cancelled(..) | PostBody::Nothing => {
                format!("[{}]", shown.kind)
            }
        };
        lines.push(line + if shown.stands { "" } else { " (disputed)" });
    }
    lines
}

pub(crate) fn row(world: &World, name: Name, channel: ChannelId) -> ChannelSummary {
    let rows = world.node(name).channels();
    let found = rows.into_iter().find(|row| row.channel == channel);
    found.expect("they have the channel")
}

#[test]
fn what_alice_posts_is_read_by_whoever_has_a_link() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    for name in ["bob", "carol"] {
        assert_eq!(subscribe(&mut world, name, &link), channel);
    }
    let first = post(&mut world, "alice", channel, "we meet on Sunday").unwrap();
    post(&mut world, "alice", channel, "bring a candle").unwrap();
    for name in ["alice", "bob", "carol"] {
        let expected = ["we meet on Sunday", "bring a candle"];
        assert_eq!(screen(&world, name, channel), expected, "{name}");
    }
    let row_of = row(&world, "bob", channel);
    assert_eq!(row_of.name.unwrap().expose(), "Quiet Square");
    assert_eq!(
        (row_of.unread, row_of.gaps, row_of.publisher),
        (2, 0, false)
    );
    assert!(world.heard("bob", &Notice::PostReceived(channel, first)));
    assert!(!world.heard("alice", &Notice::PostReceived(channel, first)));
    let seen = deed(&mut world, "bob", ChannelDeed::MarkRead(channel, 2));
    assert_eq!(seen.map(|_| ()), Ok(()));
    assert_eq!(row(&world, "bob", channel).unread, 0);
    // A reader is no publisher.
    let refused = deed(
        &mut world,
        "bob",
        ChannelDeed::PostText(channel, words("me too")),
    );
    assert_eq!(refused.err(), Some(ErrorKind::NotAPublisher));
}

#[test]
fn whoever_was_away_catches_up_from_any_reader() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    for number in 0..150 {
        post(&mut world, "alice", channel, &format!("post {number}")).unwrap();
        world.pass(Duration::from_secs(20));
    }
    let from_bob = link_of(&mut world, "bob", channel);
    world.stop("alice");
    // Alice is gone: the first link leads to nobody, and bob's says where bob is.
    subscribe(&mut world, "carol", &link);
    assert_eq!(row(&world, "carol", channel).state, ChannelState::Waiting);
    subscribe(&mut world, "carol", &from_bob);
    world.pass(10 * MINUTE);
    let all: Vec<String> = (0..150).map(|number| format!("post {number}")).collect();
    assert_eq!(screen(&world, "carol", channel), all);
}

#[test]
fn a_device_that_was_killed_goes_on_where_it_was() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    subscribe(&mut world, "carol", &link);
    post(&mut world, "alice", channel, "one").unwrap();
    world.stop("bob");
    world.stop("alice");
    world.start("alice");
    world.start("bob");
    world.pass(10 * MINUTE);
    // They find each other again: ports stay.
    assert!(
        row(&world, "alice", channel).confirmed,
        "bob or carol showed how far it goes"
    );
    post(&mut world, "alice", channel, "two").unwrap();
    world.pass(MINUTE);
    for name in ["alice", "bob", "carol"] {
        assert_eq!(screen(&world, name, channel), ["one", "two"], "{name}");
    }
}

#[test]
fn after_a_start_a_publisher_signs_nothing_before_a_reader_was_met() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    post(&mut world, "alice", channel, "one").unwrap();
    world.wall("alice", "bob");
    world.stop("alice");
    world.start("alice");
    assert_eq!(post(&mut world, "alice", channel, "two"), None, "it waits");
    assert_eq!(row(&world, "alice", channel).unsigned, 1);
    assert_eq!(screen(&world, "alice", channel), ["one"]);
    world.heal_network();
    world.pass(20 * MINUTE);
    assert_eq!(row(&world, "alice", channel).unsigned, 0);
    assert_eq!(screen(&world, "bob", channel), ["one", "two"]);
}

#[test]
fn a_post_that_anybody_heard_survives_a_crash_of_whoever_wrote_it() {
    let mut heard = 0;
    for outputs in 0..6 {
        let mut world = world();
        let (channel, link) = found(&mut world, 0);
        subscribe(&mut world, "bob", &link);
        let wish = ChannelDeed::PostText(channel, words("one"));
        let request = Input::Command(RequestId(9000), Command::Channel(wish));
        world.feed("alice", request, outputs);
        world.settle();
        world.stop("alice");
        world.start("alice");
        if !screen(&world, "bob", channel).is_empty() {
            heard += 1;
            let kept = screen(&world, "alice", channel);
            assert_eq!(kept, ["one"], "{outputs} outputs");
        }
    }
    assert!(
        (1..6).contains(&heard),
        "some crashes come before it is spread, some after"
    );
}

#[test]
fn a_pack_is_passed_on_only_after_it_is_durable_genuine_and_new() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let through_bob = link_of(&mut world, "bob", channel);
    world.wall("alice", "carol");
    subscribe(&mut world, "carol", &through_bob);
    world.ether.verdicts.clear();
    post(&mut world, "alice", channel, "one").unwrap();
    assert_eq!(
        screen(&world, "carol", channel),
        ["one"],
        "bob passed it on"
    );
    let accepted = world.ether.verdicts.iter();
    let accepted = accepted.filter(|(_, verdict)| *verdict == Verdict::Accept);
    assert!(accepted.count() >= 2, "bob and carol took it");
    // The same again, and something that nobody sealed.
    let topic = world.topics_of("bob", channel)[0];
    let packs = world.ether.packs.clone();
    world.ether.verdicts.clear();
    for (_, pack) in packs.iter().filter(|(who, _)| *who == "alice") {
        world.spread_from(("alice", channel), topic, pack);
        world.settle();
    }
    let verdicts = std::mem::take(&mut world.ether.verdicts);
    assert!(!verdicts.is_empty());
    assert!(
        verdicts
            .iter()
            .all(|(_, verdict)| *verdict != Verdict::Accept)
    );
    world.spread_from(("alice", channel), topic, &[7; 1064]);
    world.settle();
    assert_eq!(world.ether.verdicts, [("bob", Verdict::Reject)]);
}

#[test]
fn a_gap_is_shown_until_it_is_filled() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    world.wall("alice", "bob");
    world.ether.packs.clear();
    for text in ["one", "two", "three"] {
        post(&mut world, "alice", channel, text).unwrap();
    }
    let (_, last) = world.ether.packs.last().cloned().unwrap();
    let heard = ChannelInput::Heard {
        peer: model::PeerId::from_bytes([9; 32]),
        topic: world.topics_of("bob", channel)[0],
        ticket: 0,
        pack: last,
    };
    world.expect_verdict(("bob", channel));
    world.feed("bob", Input::Channel(channel, heard), usize::MAX);
    world.settle();
    assert_eq!(screen(&world, "bob", channel), ["2 missing", "three"]);
    assert_eq!(row(&world, "bob", channel).gaps, 2);
    world.heal_network();
    world.pass(20 * MINUTE);
    assert_eq!(screen(&world, "bob", channel), ["one", "two", "three"]);
    assert_eq!(row(&world, "bob", channel).gaps, 0);
}

#[test]
fn a_promised_post_that_does_not_come_is_told() {
    let mut world = world();
    let (channel, link) = found(&mut world, 2);
    subscribe(&mut world, "bob", &link);
    post(&mut world, "alice", channel, "one").unwrap();
    world.pass(2 * DAY);
    assert_eq!(row(&world, "bob", channel).silent_since, None);
    world.pass(DAY + MINUTE);
    assert!(row(&world, "bob", channel).silent_since.is_some());
    post(&mut world, "alice", channel, "two").unwrap();
    assert_eq!(row(&world, "bob", channel).silent_since, None);
}

#[test]
fn two_posts_in_one_place_are_found_when_readers_meet() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    for name in ["bob", "carol"] {
        subscribe(&mut world, name, &link);
    }
    let to_carol = link_of(&mut world, "carol", channel);
    subscribe(&mut world, "bob", &to_carol);
    post(&mut world, "alice", channel, "one").unwrap();
    // Somebody took a copy of alice's disk, and both copies run, each with one of the readers.
    let copy = world.people["alice"].disk.clone();
    world.wall("bob", "carol");
    world.wall("alice", "carol");
    post(&mut world, "alice", channel, "two").unwrap();
    world.stop("alice");
    world.person("alice").disk = copy;
    world.heal_network();
    world.wall("bob", "carol");
    world.wall("alice", "bob");
    world.start("alice");
    world.pass(20 * MINUTE);
    post(&mut world, "alice", channel, "not two").unwrap();
    world.pass(MINUTE);
    assert_eq!(screen(&world, "bob", channel), ["one", "two"]);
    assert_eq!(screen(&world, "carol", channel), ["one", "not two"]);
    world.stop("alice");
    world.heal_network();
    world.pass(30 * MINUTE);
    for name in ["bob", "carol"] {
        assert_eq!(row(&world, name, channel).parted, Some(1), "{name}");
        let stands = screen(&world, name, channel);
        assert_eq!(stands[0], "one", "{name}");
        assert!(stands[1].ends_with("(disputed)"), "{name}");
        let proof = world.people[name].disk.keys();
        let proof = proof.filter(|key| key.name() == b"proof");
        assert_eq!(proof.count(), 1, "{name} keeps the proof");
    }
    // Alice hears of it, and posts nothing on such a log.
    world.start("alice");
    world.pass(20 * MINUTE);
    let refused = ChannelDeed::PostText(channel, words("three"));
    let refused = deed(&mut world, "alice", refused);
    assert_eq!(refused.err(), Some(ErrorKind::ChannelParted));
}

#[test]
fn a_publisher_who_was_put_back_gives_up_the_key_and_goes_on_with_another() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    post(&mut world, "alice", channel, "one").unwrap();
    let yesterday = world.people["alice"].disk.clone();
    post(&mut world, "alice", channel, "two").unwrap();
    world.stop("alice");
    world.person("alice").disk = yesterday;
    world.start("alice");
    world.pass(20 * MINUTE);
    post(&mut world, "alice", channel, "three").unwrap();
    let expected = ["one", "two", "[charter]", "three"];
    for name in ["alice", "bob"] {
        assert_eq!(screen(&world, name, channel), expected, "{name}");
        assert_eq!(row(&world, name, channel).parted, None, "{name}");
    }
    // And again after a start, with the new key.
    world.stop("alice");
    world.start("alice");
    world.pass(20 * MINUTE);
    post(&mut world, "alice", channel, "four").unwrap();
    assert_eq!(screen(&world, "bob", channel).last().unwrap(), "four");
}

#[test]
fn that_a_publisher_was_put_back_is_known_after_the_next_start_too() {
    let mut world = world();
    let (channel, _) = found(&mut world, 0);
    post(&mut world, "alice", channel, "one").unwrap();
    world.stop("alice");
    world.start_put_back("alice");
    assert!(row(&world, "alice", channel).restored);
    // The store says it once; locking is a start.
    world.stop("alice");
    world.start("alice");
    assert!(row(&world, "alice", channel).restored);
}

#[test]
fn whoever_sends_too_much_is_cut_off_and_the_others_are_served() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    subscribe(&mut world, "carol", &link);
    let before = row(&world, "alice", channel).peers;
    assert_eq!(before, 2);
    let bob = world.channel_peer("bob", channel);
    for _ in 0..400 {
        let pack = ChannelInput::Pack(bob, vec![1; 100]);
        world.feed("alice", Input::Channel(channel, pack), usize::MAX);
    }
    world.settle();
    assert_eq!(row(&world, "alice", channel).peers, 1);
    post(&mut world, "alice", channel, "one").unwrap();
    assert_eq!(screen(&world, "carol", channel), ["one"]);
}

#[test]
fn what_is_asked_a_hundred_times_in_one_pack_is_answered_once() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let keys = channel::Link::parse(&link, None).unwrap().keys.clone();
    let topic = channel::Topic::of(&channel, &keys);
    let request = channel::Request {
        lineage: 1,
        ..channel::Request::default()
    };
    let pack = topic.seal(&vec![channel::Item::Request(request); 100]);
    let bob = world.channel_peer("bob", channel);
    world.ether.packs.clear();
    let asked = ChannelInput::Pack(bob, pack);
    world.feed("alice", Input::Channel(channel, asked), usize::MAX);
    world.settle();
    let answers = world.ether.packs.iter().filter(|(by, _)| *by == "alice");
    assert_eq!(answers.count(), 1);
}

#[test]
fn who_claims_posts_and_does_not_give_them_stands_in_nobodys_way() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "carol", &link);
    let keys = channel::Link::parse(&link, None).unwrap().keys.clone();
    let topic = channel::Topic::of(&channel, &keys);
    let claims = topic.seal(&[channel::Item::Summary(channel::Summary {
        oldest: 0,
        end: 9,
        gaps: Vec::new(),
        probes: Vec::new(),
        charters: 1,
    })]);
    let liars = [21, 22, 23].map(|byte| model::PeerId::from_bytes([byte; 32]));
    let say = |world: &mut World| {
        for liar in liars {
            let pack = ChannelInput::Pack(liar, claims.clone());
            world.feed("carol", Input::Channel(channel, pack), usize::MAX);
        }
        world.settle();
    };
    world.wall("alice", "carol");
    for text in ["one", "two"] {
        post(&mut world, "alice", channel, text).unwrap();
    }
    for liar in liars {
        let met = ChannelInput::Connected(liar);
        world.feed("carol", Input::Channel(channel, met), usize::MAX);
    }
    say(&mut world);
    world.heal_network();
    // They claim again the moment that the time of a request is over, as often as they may.
    for _ in 0..30 {
        world.pass(30 * SECOND);
        say(&mut world);
    }
    assert_eq!(screen(&world, "carol", channel), ["one", "two"]);
}

#[test]
fn nothing_is_left_of_a_channel_that_was_unsubscribed() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    post(&mut world, "alice", channel, "one").unwrap();
    assert!(!world.people["bob"].disk.is_empty());
    let gone = deed(&mut world, "bob", ChannelDeed::Unsubscribe(channel));
    assert_eq!(gone.map(|_| ()), Ok(()));
    assert!(world.people["bob"].disk.is_empty());
    assert!(world.node("bob").channels().is_empty());
    world.pass(10 * MINUTE);
    assert_eq!(row(&world, "alice", channel).peers, 0);
    let again = deed(&mut world, "bob", ChannelDeed::Unsubscribe(channel));
    assert_eq!(again.err(), Some(ErrorKind::NoSuchChannel));
}

#[test]
fn a_call_that_is_over_leaves_no_word_on_any_disk() {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let today = Day::of(world.now().timestamp);
    let call = presets(today, Some("en"))
        .remove(0)
        .check(Some(today))
        .unwrap();
    let over = call.last_moment();
    let posted = deed(
        &mut world,
        "alice",
        ChannelDeed::PostCall(channel, Box::new(call)),
    );
    assert!(matches!(posted, Ok(Answer::Posted(Some(_)))));
    assert_eq!(screen(&world, "bob", channel), ["[call]"]);
    let until = over.since(world.now().timestamp);
    world.pass(until + 60 * DAY);
    for name in ["alice", "bob"] {
        assert_eq!(screen(&world, name, channel), ["[over]"], "{name}");
        let disk = world.people[name].disk.iter();
        let posts = disk.filter(|(key, _)| key.kind() == RecordKind::Post);
        assert!(
            posts.map(|(_, value)| value.len()).sum::<usize>() < 200,
            "{name}"
        );
    }
}

#[test]
fn a_text_that_is_no_link_is_refused_and_a_damaged_channel_harms_no_other() {
    let mut world = world();
    for text in ["", "vigil-channel:", "vigil:abc"] {
        let text = Zeroizing::new(text.to_owned());
        let refused = deed(&mut world, "bob", ChannelDeed::Subscribe(text));
        assert_eq!(refused.err(), Some(ErrorKind::LinkMalformed));
    }
    let (channel, link) = found(&mut world, 0);
    let (other, _) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    world.stop("alice");
    let state = world.people["alice"].disk.keys();
    let state = state.filter(|key| key.name() == b"state" && key.scope() == channel.as_bytes());
    let state = state.into_iter().next().cloned().unwrap();
    world.person("alice").disk.insert(state, vec![1, 2, 3]);
    world.start("alice");
    assert_eq!(row(&world, "alice", channel).state, ChannelState::Damaged);
    assert_eq!(row(&world, "alice", other).state, ChannelState::Reading);
    let refused = ChannelDeed::PostText(channel, words("one"));
    let refused = deed(&mut world, "alice", refused);
    assert_eq!(refused.err(), Some(ErrorKind::ChannelDamaged));
    let gone = deed(&mut world, "alice", ChannelDeed::Unsubscribe(channel));
    assert_eq!(gone.map(|_| ()), Ok(()));
    let left = world.people["alice"].disk.keys();
    assert!(left.into_iter().all(|key| key.scope() == other.as_bytes()));
}
