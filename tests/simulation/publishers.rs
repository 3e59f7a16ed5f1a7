//! Channels with several publishers: who they are is agreed in a cell, and an arrest takes nothing from the others.

use std::time::Duration;

use model::{CellId, MessageText, Suite};
use proto::{
    Answer, ChannelDeed, ChannelId, ChannelInput, ChannelName, ChannelSummary, Command,
    DraftSummary, ErrorKind, Input, Node, Notice, PostBody, PostContent, PostId, PublishersChange,
    RecordKind,
};
use zeroize::Zeroizing;

use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const THREE: [Name; 3] = ["alice", "bob", "carol"];

fn deed(world: &mut World, name: Name, deed: ChannelDeed) -> Result<Answer, ErrorKind> {
    world.command(name, Command::Channel(deed))
}

fn words(text: &str) -> MessageText {
    MessageText::parse(text.to_owned()).unwrap()
}

/// Writes something: the draft, and how many others have to sign it.
fn write(
    world: &mut World,
    name: Name,
    channel: ChannelId,
    text: &str,
) -> Result<(Option<PostId>, u8), ErrorKind> {
    match deed(world, name, ChannelDeed::PostText(channel, words(text)))? {
        Answer::Posted(post) => Ok((post, 0)),
        Answer::Drafted(post, needs) => Ok((post, needs)),
        other => panic!("{name} wrote and heard {other:?}"),
    }
}

fn drafts(world: &World, name: Name, channel: ChannelId) -> Vec<DraftSummary> {
    world.node(name).drafts(channel).unwrap()
}

/// Signs whatever may be signed, and gives its kinds.
fn sign_all(world: &mut World, name: Name, channel: ChannelId) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for draft in drafts(world, name, channel) {
        if draft.may_sign {
            kinds.push(draft.content.kind());
            let signed = deed(world, name, ChannelDeed::Countersign(channel, draft.post));
            assert_eq!(signed.map(|_| ()), Ok(()), "{name}");
        }
    }
    kinds
}

fn screen(world: &World, name: Name, channel: ChannelId) -> Vec<String> {
    let page = world.node(name).posts(channel, None, 1000).unwrap();
    let line = |shown: &proto::PostSummary| {
        let record = &world.people[name].disk[&Node::post_key(channel, shown.seq)];
        match Node::read_post(record).unwrap() {
            PostBody::Text(text) => text.expose().to_owned(),
            PostBody::Call(_) | PostBody::Cancelled(..) | PostBody::Nothing => {
                format!("[{}]", shown.kind)
            }
        }
    };
    page.posts.iter().map(line).collect()
}

fn row(world: &World, name: Name, channel: ChannelId) -> ChannelSummary {
    let rows = world.node(name).channels();
    let found = rows.into_iter().find(|row| row.channel == channel);
    found.expect("they have the channel")
}

fn key_of(world: &World, name: Name, channel: ChannelId) -> [u8; 32] {
    let view = world.node(name).publishers(channel).unwrap();
    let ours = view.publishers.iter().find(|one| one.ours);
    ours.expect("they publish").publisher
}

fn found(world: &mut World) -> (ChannelId, Zeroizing<String>) {
    let name = ChannelName::parse("Quiet Square").unwrap();
    let answer = deed(world, "alice", ChannelDeed::Create(name, 0));
    let Ok(Answer::ChannelCreated(channel, link)) = answer else {
        panic!("alice could not found a channel: {answer:?}")
    };
    (channel, link)
}

fn subscribe(world: &mut World, name: Name, link: &Zeroizing<String>) {
    let answer = deed(world, name, ChannelDeed::Subscribe(link.clone()));
    assert!(matches!(answer, Ok(Answer::Subscribed(_))), "{name}");
    world.pass(MINUTE);
}

/// Alice, bob and carol publish and two of them must sign; dave is in their cell and reads.
fn three() -> (World, CellId, ChannelId) {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol", "dave"]);
    let cell = world.cell_of(&["alice", "bob", "carol", "dave"]);
    let (channel, link) = found(&mut world);
    for name in ["bob", "carol", "dave"] {
        subscribe(&mut world, name, &link);
    }
    for name in ["bob", "carol"] {
        let offered = deed(&mut world, name, ChannelDeed::Offer(channel, cell));
        assert_eq!(offered.map(|_| ()), Ok(()), "{name}");
    }
    world.pass(MINUTE);
    let add = ["bob", "carol"].map(|name| world.member("alice", cell, name));
    let change = PublishersChange {
        cell: Some(cell),
        add: add.to_vec(),
        ..PublishersChange::default()
    };
    let answer = deed(
        &mut world,
        "alice",
        ChannelDeed::SetPublishers(channel, change),
    );
    assert!(matches!(answer, Ok(Answer::Posted(Some(_)))), "{answer:?}");
    world.pass(10 * MINUTE);
    for name in THREE {
        let row = row(&world, name, channel);
        assert!(row.publisher && row.confirmed, "{name}");
        assert_eq!((row.publishers, row.threshold), (3, 2), "{name}");
    }
    assert!(!row(&world, "dave", channel).publisher);
    // Alice's link names nobody but alice.
    let answer = deed(&mut world, "bob", ChannelDeed::Link(channel));
    let Ok(Answer::LinkMade(from_bob)) = answer else {
        panic!("bob could not make a link: {answer:?}")
    };
    subscribe(&mut world, "dave", &from_bob);
    (world, cell, channel)
}

#[test]
fn a_post_is_read_by_readers_once_a_second_publisher_has_signed_it() {
    let (mut world, _, channel) = three();
    let (draft, needs) = write(&mut world, "alice", channel, "we meet on Sunday").unwrap();
    let draft = draft.expect("it is drafted at once");
    assert_eq!(needs, 1);
    world.pass(MINUTE);
    assert_eq!(screen(&world, "dave", channel), ["[charter]"]);
    for name in ["bob", "carol"] {
        assert!(
            world.heard(name, &Notice::DraftReceived(channel, draft)),
            "{name}"
        );
        assert_eq!(row(&world, name, channel).to_sign, 1);
        let seen = drafts(&world, name, channel);
        assert!(
            matches!(&seen[0].content, PostContent::Text(text) if text.expose() == "we meet on Sunday")
        );
        assert_eq!(
            (seen[0].post, seen[0].needs, seen[0].ours),
            (draft, 1, false)
        );
    }
    assert!(!world.heard("dave", &Notice::DraftReceived(channel, draft)));
    assert_eq!(sign_all(&mut world, "bob", channel), ["text"]);
    world.pass(MINUTE);
    for name in ["alice", "bob", "carol", "dave"] {
        assert_eq!(
            screen(&world, name, channel),
            ["[charter]", "we meet on Sunday"],
            "{name}"
        );
    }
    // And the next one by somebody else, who has to get the turn.
    write(&mut world, "carol", channel, "bring a candle").unwrap();
    world.pass(2 * MINUTE);
    assert_eq!(sign_all(&mut world, "alice", channel), ["text"]);
    world.pass(MINUTE);
    assert_eq!(screen(&world, "dave", channel)[2], "bring a candle");
}

#[test]
fn members_who_do_not_publish_keep_nothing_of_a_draft_and_publishers_nothing_of_one_that_is_past() {
    let (mut world, _, channel) = three();
    let secret = "the north gate is open";
    let on_disk = |world: &World, name: Name| {
        let mut values = world.people[name].disk.values();
        values.any(|value| {
            value
                .windows(secret.len())
                .any(|part| part == secret.as_bytes())
        })
    };
    write(&mut world, "alice", channel, secret).unwrap();
    world.pass(MINUTE);
    assert!(on_disk(&world, "alice"), "a search that can find it");
    assert!(!on_disk(&world, "dave"));
    let kept = world.people["dave"].disk.keys();
    let kept = kept.filter(|key| key.kind() == RecordKind::Channel);
    assert!(kept.into_iter().all(|key| key.name() != b"publishing"));
    // Taken back, and the place of the log is another one.
    let gone = deed(&mut world, "alice", ChannelDeed::Withdraw(channel, None));
    assert_eq!(gone.map(|_| ()), Ok(()));
    world.pass(2 * HOUR);
    write(&mut world, "bob", channel, "something else").unwrap();
    world.pass(HOUR);
    assert_eq!(sign_all(&mut world, "carol", channel), ["text"]);
    world.pass(MINUTE);
    assert_eq!(
        screen(&world, "dave", channel),
        ["[charter]", "something else"]
    );
    for name in ["alice", "bob", "carol", "dave"] {
        assert!(!on_disk(&world, name), "{name}");
    }
}

/// Alice's device goes dark in the middle of her next post; bob and carol post that she is held.
fn arrest(world: &mut World, channel: ChannelId) {
    write(world, "alice", channel, "one").unwrap();
    world.pass(MINUTE);
    sign_all(world, "bob", channel);
    world.pass(MINUTE);
    write(world, "alice", channel, "two").unwrap();
    world.pass(MINUTE);
    world.stop("alice");
    let (_, needs) = write(world, "bob", channel, "alice is held").unwrap();
    assert_eq!(needs, 1);
    world.pass(2 * HOUR);
    let is_bobs = |one: &DraftSummary| matches!(&one.content, PostContent::Text(text) if text.expose() == "alice is held");
    let mut waits = drafts(world, "carol", channel).into_iter();
    let bobs = waits.find(is_bobs).expect("bob has the turn");
    assert!(bobs.may_sign);
    let signed = deed(world, "carol", ChannelDeed::Countersign(channel, bobs.post));
    assert_eq!(signed.map(|_| ()), Ok(()));
    world.pass(MINUTE);
}

/// Whoever has alice's device has her key, and is in the cell still: they post, put the others out, and end the epoch.
fn try_everything(world: &mut World, channel: ChannelId) {
    let (_, needs) = write(world, "alice", channel, "come to the station").unwrap();
    assert_eq!(needs, 1);
    let others = ["bob", "carol"].map(|name| key_of(world, name, channel));
    let alone = PublishersChange {
        remove: others.to_vec(),
        threshold: Some(1),
        ..PublishersChange::default()
    };
    for wish in [
        ChannelDeed::SetPublishers(channel, alone),
        ChannelDeed::Rekey(channel, true),
    ] {
        let answer = deed(world, "alice", wish);
        assert!(matches!(answer, Ok(Answer::Drafted(_, 1))), "{answer:?}");
    }
}

/// Bob proposes a charter without a key, and carol signs that and nothing else, while the other device asks for every turn.
fn put_out(world: &mut World, channel: ChannelId, gone: [u8; 32]) {
    let without = PublishersChange {
        remove: vec![gone],
        ..PublishersChange::default()
    };
    let answer = deed(world, "bob", ChannelDeed::SetPublishers(channel, without));
    assert!(matches!(answer, Ok(Answer::Drafted(..))), "{answer:?}");
    for _ in 0..12 {
        world.pass(20 * MINUTE);
        for draft in drafts(world, "carol", channel) {
            let removes = draft.change.as_ref().is_some_and(|change| {
                change.removed.len() == 1 && change.removed[0].publisher == gone
            });
            if draft.may_sign && removes {
                let sign = ChannelDeed::Countersign(channel, draft.post);
                assert_eq!(deed(world, "carol", sign).map(|_| ()), Ok(()));
            }
        }
    }
}

#[test]
fn with_one_of_three_publishers_arrested_the_others_go_on_and_whoever_has_her_device_does_nothing()
{
    let (mut world, _, channel) = three();
    arrest(&mut world, channel);
    let so_far = ["[charter]", "one", "alice is held"];
    assert_eq!(screen(&world, "dave", channel), so_far);
    world.start("alice");
    world.pass(20 * MINUTE);
    let hers = key_of(&world, "alice", channel);
    try_everything(&mut world, channel);
    world.pass(6 * HOUR);
    assert_eq!(screen(&world, "dave", channel), so_far, "one key alone");
    assert_eq!(row(&world, "dave", channel).publishers, 3);
    put_out(&mut world, channel, hers);
    assert_eq!(row(&world, "dave", channel).publishers, 2);
    let refused = write(&mut world, "alice", channel, "come to the station");
    assert_eq!(refused.err(), Some(ErrorKind::NotAPublisher));
    write(&mut world, "carol", channel, "we go on").unwrap();
    world.pass(20 * MINUTE);
    assert_eq!(sign_all(&mut world, "bob", channel), ["text"]);
    world.pass(MINUTE);
    let seen = screen(&world, "dave", channel);
    assert_eq!(seen.last().unwrap(), "we go on");
    let theirs = ["come to the station", "two", "[closed]"];
    assert!(!seen.iter().any(|line| theirs.contains(&line.as_str())));
    assert_eq!(row(&world, "dave", channel).parted, None);
}

#[test]
fn control_of_a_channel_with_one_publisher_whoever_has_the_device_posts() {
    let mut world = World::new(Suite::X25519, &["alice", "dave"]);
    let (channel, link) = found(&mut world);
    subscribe(&mut world, "dave", &link);
    world.stop("alice");
    world.start("alice");
    world.pass(20 * MINUTE);
    let posted = write(&mut world, "alice", channel, "come to the station").unwrap();
    assert_eq!(posted.1, 0);
    assert_eq!(screen(&world, "dave", channel), ["come to the station"]);
}

#[test]
fn nobody_becomes_a_publisher_who_has_not_offered_and_half_is_not_enough() {
    let (mut world, cell, channel) = three();
    let dave = world.member("alice", cell, "dave");
    let change = |add: Vec<model::MemberId>, threshold| {
        let change = PublishersChange {
            add,
            threshold,
            ..PublishersChange::default()
        };
        ChannelDeed::SetPublishers(channel, change)
    };
    let refused = deed(&mut world, "alice", change(vec![dave], None));
    assert_eq!(refused.err(), Some(ErrorKind::NoOffer));
    let refused = deed(&mut world, "alice", change(Vec::new(), Some(1)));
    assert_eq!(refused.err(), Some(ErrorKind::Threshold));
    let refused = deed(&mut world, "dave", change(Vec::new(), Some(3)));
    assert_eq!(refused.err(), Some(ErrorKind::NotAPublisher));
    let elsewhere = world.found("dave");
    let refused = deed(&mut world, "alice", ChannelDeed::Offer(channel, elsewhere));
    assert_eq!(refused.err(), Some(ErrorKind::NoSuchCell));
}

#[test]
fn what_waits_survives_a_start_of_everybody() {
    let (mut world, _, channel) = three();
    write(&mut world, "alice", channel, "one").unwrap();
    world.pass(MINUTE);
    for name in THREE {
        world.stop(name);
    }
    for name in THREE {
        world.start(name);
    }
    world.pass(30 * MINUTE);
    for name in THREE {
        assert!(row(&world, name, channel).confirmed, "{name}");
    }
    assert_eq!(sign_all(&mut world, "carol", channel), ["text"]);
    world.pass(10 * MINUTE);
    assert_eq!(screen(&world, "dave", channel), ["[charter]", "one"]);
}

#[test]
fn after_a_hard_rekey_publishers_have_the_keys_and_an_old_link_reads_nothing_new() {
    let (mut world, _, channel) = three();
    let answer = deed(&mut world, "alice", ChannelDeed::Rekey(channel, true));
    assert!(
        matches!(answer, Ok(Answer::Drafted(Some(_), 1))),
        "{answer:?}"
    );
    world.pass(MINUTE);
    assert_eq!(sign_all(&mut world, "bob", channel), ["closed"]);
    world.pass(10 * MINUTE);
    let answer = deed(&mut world, "bob", ChannelDeed::Link(channel));
    let Ok(Answer::LinkMade(fresh)) = answer else {
        panic!("bob has the keys: {answer:?}")
    };
    write(&mut world, "carol", channel, "among us").unwrap();
    world.pass(10 * MINUTE);
    assert_eq!(sign_all(&mut world, "bob", channel), ["text"]);
    world.pass(10 * MINUTE);
    for name in THREE {
        assert_eq!(
            screen(&world, name, channel).last().unwrap(),
            "among us",
            "{name}"
        );
    }
    assert_eq!(screen(&world, "dave", channel), ["[charter]", "[closed]"]);
    subscribe(&mut world, "dave", &fresh);
    world.pass(10 * MINUTE);
    assert_eq!(screen(&world, "dave", channel).last().unwrap(), "among us");
    // Nothing is left of keys that were handed around.
    for name in THREE {
        let disk = world.people[name].disk.iter();
        let mut record = disk.filter(|(key, _)| key.name() == b"publishing");
        assert!(record.all(|(_, value)| value.len() < 600), "{name}");
    }
}

#[test]
fn whoever_lacks_the_keys_of_the_next_epoch_is_not_asked_to_close_this_one() {
    let (mut world, _, channel) = three();
    deed(&mut world, "alice", ChannelDeed::Rekey(channel, true)).unwrap();
    world.pass(MINUTE);
    // Bob's device has forgotten what alice handed it.
    world.stop("bob");
    let key = world.people["bob"].disk.keys();
    let key = key.into_iter().find(|key| key.name() == b"publishing");
    let key = key.cloned().unwrap();
    world.person("bob").disk.remove(&key);
    world.start("bob");
    world.pass(20 * MINUTE);
    let waits = drafts(&world, "bob", channel);
    assert!(waits.iter().all(|one| !one.may_sign));
    let sign = ChannelDeed::Countersign(channel, waits[0].post);
    assert_eq!(
        deed(&mut world, "bob", sign).err(),
        Some(ErrorKind::EpochKeysMissing)
    );
}

/// Alice's disk is put back to before her second post, which bob has.
fn put_back() -> (World, ChannelId) {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let (channel, link) = found(&mut world);
    subscribe(&mut world, "bob", &link);
    write(&mut world, "alice", channel, "one").unwrap();
    let yesterday = world.people["alice"].disk.clone();
    write(&mut world, "alice", channel, "two").unwrap();
    world.stop("alice");
    world.person("alice").disk = yesterday;
    (world, channel)
}

#[test]
fn who_hands_over_to_a_new_key_has_it_after_a_crash_at_any_moment() {
    let (mut charters, mut crashes) = (0, 0);
    for outputs in 0..60 {
        let (mut world, channel) = put_back();
        world.start("alice");
        world.ether.crash = Some(("alice", outputs));
        world.pass(3 * MINUTE);
        if world.ether.crash.take().is_none() {
            crashes += 1;
            charters += usize::from(screen(&world, "bob", channel).len() == 3);
            world.start("alice");
        }
        world.pass(20 * MINUTE);
        write(&mut world, "alice", channel, "three").unwrap();
        world.pass(MINUTE);
        let seen = screen(&world, "bob", channel);
        assert_eq!(
            seen,
            ["one", "two", "[charter]", "three"],
            "{outputs} outputs"
        );
    }
    assert!(
        crashes > 10 && (1..crashes).contains(&charters),
        "{charters} of {crashes}"
    );
}

#[test]
fn an_echo_confirms_no_old_disk() {
    // Whoever is met repeats to alice what alice said, pack by pack, and has nothing else.
    let echo = model::PeerId::from_bytes([21; 32]);
    let meet = |world: &mut World, channel| {
        let met = ChannelInput::Connected(echo);
        world.feed("alice", Input::Channel(channel, met), usize::MAX);
        for _ in 0..20 {
            world.pass(MINUTE);
            for pack in world.ether.to_strangers.split_off(0) {
                let again = ChannelInput::Pack(echo, pack);
                world.feed("alice", Input::Channel(channel, again), usize::MAX);
                world.settle();
            }
        }
    };
    let (mut world, channel) = put_back();
    world.wall("alice", "bob");
    world.start("alice");
    meet(&mut world, channel);
    assert!(!row(&world, "alice", channel).confirmed);
    // A control: bob, who has it from nobody else, does.
    world.heal_network();
    world.pass(20 * MINUTE);
    assert!(row(&world, "alice", channel).confirmed);
}
