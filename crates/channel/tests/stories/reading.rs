//! How posts come to readers, in any order and from anybody.

use channel::{
    Checkpoint, Checks, Content, Equivocation, Forward, Item, Link, Notice, Reader, Refusal,
};

use crate::world::{DAY, Device, World, call, call_ref, cancel, text, version};

const ALL: [usize; 3] = [0, 1, 2];

fn with_posts(count: usize) -> World {
    let mut world = World::new(3, 2);
    for at in 0..count {
        world.post(at % 3, text(&format!("post {at}")), &ALL);
    }
    world
}

#[test]
fn posts_may_come_in_any_order_and_gaps_are_shown() {
    let world = with_posts(5);
    let mut dave = world.reader();
    for at in [3, 1, 4] {
        dave.take(&world.topic[at], world.now).unwrap();
    }
    let screen = [
        "0-0 missing",
        "1 post 1",
        "2-2 missing",
        "3 post 3",
        "4 post 4",
    ];
    assert_eq!(dave.screen(), screen);
    for at in [2, 0] {
        dave.take(&world.topic[at], world.now).unwrap();
    }
    assert_eq!(dave.screen(), world.publishers[0].screen());
    assert_eq!(
        dave.take(&world.topic[2], world.now),
        Err(Refusal::Replayed)
    );
}

#[test]
fn whoever_was_away_catches_up_from_any_other_reader() {
    let world = with_posts(9);
    let (mut dave, mut erin) = (world.reader(), world.reader());
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    erin.take(&world.topic[4], world.now).unwrap();
    let given = erin.catches_up_from(&dave, world.now);
    assert_eq!(given, 8, "nothing is given twice");
    assert_eq!(erin.screen(), dave.screen());
    assert_eq!(erin.catches_up_from(&dave, world.now), 0);
}

#[test]
fn where_there_is_no_room_for_all_posts_the_oldest_texts_stay_behind_first() {
    let mut world = World::new(3, 2);
    for content in [
        text("0"),
        call(1),
        text("2"),
        cancel(1),
        call(2),
        text("5"),
        Content::Fresh,
    ] {
        world.post(0, content, &ALL);
    }
    let reader = &world.publishers[0].reader;
    let lens: Vec<usize> = world.topic.iter().map(Vec::len).collect();
    let all: Vec<u64> = (0..7).collect();
    assert_eq!(reader.to_carry(usize::MAX), all);
    let mut room = lens.iter().sum::<usize>();
    assert_eq!(reader.to_carry(room), all);
    let mut left = all;
    // What is in the way of less room, one after the other: texts, then calls, then what calls something off.
    for gone in [0, 2, 5, 6, 1, 4, 3] {
        room -= 1;
        left.retain(|seq| *seq != gone);
        assert_eq!(reader.to_carry(room), left, "without {gone}");
        room = left
            .iter()
            .map(|seq| lens[usize::try_from(*seq).unwrap()])
            .sum();
        assert_eq!(reader.to_carry(room), left);
    }
}

#[test]
fn a_reader_comes_back_from_their_disk_as_they_were() {
    let world = with_posts(4);
    let mut dave = world.reader();
    for at in [0, 3, 1] {
        dave.take(&world.topic[at], world.now).unwrap();
    }
    let before = dave.screen();
    dave.restart(world.now);
    assert_eq!(dave.screen(), before);
    dave.take(&world.topic[2], world.now).unwrap();
    assert_eq!(dave.screen(), world.publishers[0].screen());
}

#[test]
fn a_link_from_today_opens_nothing_from_before() {
    let mut world = with_posts(3);
    let mut dave = world.reader();
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    let text_of = dave.reader.link(Vec::new()).unwrap().to_text();
    let link = Link::parse(&text_of, None).unwrap();
    let lineage = dave.reader.lineage().to_bytes();
    let mut erin = Device::reads(&link, &lineage, world.now);
    world.post(0, text("today"), &ALL);
    assert_eq!(erin.take(&world.topic[1], world.now), Err(Refusal::TooOld));
    erin.take(&world.topic[3], world.now).unwrap();
    assert_eq!(erin.screen(), ["3 today"]);
    assert!(erin.reader.request(&dave.reader.summary()).is_empty());
}

#[test]
fn a_cancellation_outranks_its_call_whichever_comes_first() {
    let mut world = World::new(3, 2);
    for content in [call(1), version(2, 1), cancel(2), call(3), text("words")] {
        world.post(0, content, &ALL);
    }
    for order in [
        [0, 1, 2, 3, 4],
        [2, 4, 3, 1, 0],
        [2, 0, 1, 3, 4],
        [1, 2, 3, 4, 0],
    ] {
        let mut dave = world.reader();
        for at in order {
            dave.take(&world.topic[at], world.now).unwrap();
            let off = dave.reader.is_off(&call_ref(2));
            assert_eq!(off, dave.disk.posts.contains_key(&2), "{order:?} {at}");
        }
        let calls = dave.reader.calls();
        let seen: Vec<_> = calls
            .iter()
            .map(|one| (one.call, one.newest, one.off))
            .collect();
        let expected = [
            (call_ref(1), Some((call_ref(2), 1)), Some(2)),
            (call_ref(3), Some((call_ref(3), 3)), None),
        ];
        assert_eq!(seen, expected, "{order:?}");
        assert!(dave.reader.is_off(&call_ref(1)) && !dave.reader.is_off(&call_ref(3)));
        dave.restart(world.now);
        assert!(dave.reader.is_off(&call_ref(1)));
    }
}

#[test]
fn a_call_that_was_called_off_before_it_came_is_never_on() {
    let mut world = World::new(3, 2);
    world.post(0, call(1), &ALL);
    world.post(1, cancel(1), &ALL);
    let mut dave = world.reader();
    let accepted = dave.take(&world.topic[1], world.now).unwrap();
    assert_eq!(accepted.notices, [Notice::CalledOff { call: call_ref(1) }]);
    dave.take(&world.topic[0], world.now).unwrap();
    assert!(dave.reader.calls().iter().all(|call| call.off == Some(1)));
}

#[test]
fn a_checkpoint_tells_a_newcomer_what_is_off_and_what_is_not_to_be_waited_for() {
    let mut world = World::new(3, 2);
    world.post(0, call(1), &ALL);
    world.post(0, cancel(1), &ALL);
    let point = Checkpoint {
        upto: 1,
        id: world.publishers[0].reader.head().1.unwrap(),
        floor: 1,
        cancelled: world.publishers[0].reader.called_off(),
    };
    world.post(1, Content::Checkpoint(point), &ALL);
    let mut dave = world.reader();
    dave.take(&world.topic[2], world.now).unwrap();
    assert!(dave.reader.is_off(&call_ref(1)));
    assert_eq!(dave.screen(), ["1-1 missing", "2 [checkpoint]"]);
    // What is still about is taken all the same.
    dave.take(&world.topic[0], world.now).unwrap();
    assert_eq!(dave.screen(), ["0 [call]", "1-1 missing", "2 [checkpoint]"]);
}

#[test]
fn a_call_that_is_over_leaves_nothing_but_its_place() {
    let mut world = World::new(1, 1);
    world.post(0, call(1), &[0]);
    world.post(0, text("after"), &[0]);
    let mut dave = world.reader();
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    let whole = dave.disk.posts[&0].len();
    world.later(40 * DAY);
    let changes = dave.reader.expire(world.now);
    dave.persist(changes);
    assert!(dave.disk.posts[&0].len() < 200 && whole > 2000);
    assert_eq!(dave.screen(), ["0 [over]", "1 after"]);
    assert!(dave.reader.calls().is_empty());
    // It is given to nobody any more, and does not come back.
    let mut erin = world.reader();
    erin.catches_up_from(&dave, world.now);
    assert_eq!(erin.screen(), ["0-0 missing", "1 after"]);
    assert_eq!(
        dave.take(&world.topic[0], world.now),
        Err(Refusal::Replayed)
    );
    dave.restart(world.now);
    assert_eq!(dave.screen(), ["0 [over]", "1 after"]);
    // Who gets it late keeps as little of it.
    let accepted = erin.take(&world.topic[0], world.now).unwrap();
    assert!(accepted.content.is_none() && erin.disk.posts[&0].len() < 200);
}

#[test]
fn a_sign_of_life_that_does_not_come_is_seen() {
    let mut world = World::new(3, 2);
    world.post(0, text("one"), &ALL);
    let mut dave = world.reader();
    dave.take(&world.topic[0], world.now).unwrap();
    world.later(3 * DAY);
    assert_eq!(dave.reader.silence(world.now), None);
    world.later(2 * DAY);
    let silence = dave.reader.silence(world.now).unwrap();
    assert_eq!(silence.overdue, 2);
    world.post(1, Content::Fresh, &ALL);
    dave.take(&world.topic[1], world.now).unwrap();
    assert_eq!(dave.reader.silence(world.now), None);
}

#[test]
fn a_forwarded_post_is_proven_to_who_has_no_link_and_opens_no_other() {
    let mut world = with_posts(2);
    let charter = world.publishers[0].reader.lineage().newest().clone();
    let renamed = charter.next(
        [1; 16],
        crate::world::name("Second Square"),
        3,
        charter.roster().clone(),
    );
    world.post(0, Content::Charter(Box::new(renamed)), &ALL);
    world.post(1, text("pass it on"), &ALL);
    let mut dave = world.reader();
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    let forward = dave.reader.forward(&dave.record(3)).unwrap().to_bytes();
    // Frank has nothing of the channel.
    let read = Forward::check(&forward, &mut Checks::default()).unwrap();
    assert_eq!(read.channel, world.link.channel);
    assert_eq!(read.name.expose(), "Second Square");
    assert!(read.content == text("pass it on"));
    // The key in it opens no other post.
    let key = dave.record(3).key().cloned();
    for seq in [0, 1] {
        let post = dave.record(seq).post().unwrap();
        assert!(post.sheet().open(key.as_ref()).is_err());
    }
    let has = |bytes: &[u8]| forward.windows(bytes.len()).any(|window| window == bytes);
    assert!(!has(world.link.keys.topic().expose()) && !has(world.link.keys.chain().expose()));
    // Any change is found.
    for at in 0..forward.len() {
        let mut changed = forward.to_vec();
        changed[at] ^= 1;
        assert!(
            Forward::check(&changed, &mut Checks::default()).is_err(),
            "byte {at}"
        );
    }
    // A charter is forwarded without a key.
    let forward = dave.reader.forward(&dave.record(2)).unwrap().to_bytes();
    let read = Forward::check(&forward, &mut Checks::default()).unwrap();
    assert!(matches!(read.content, Content::Charter(_)));
    assert_eq!(read.name.expose(), "Quiet Square");
}

/// Two of the publishers sign two posts in one place, and show each to some readers only.
fn collusion() -> (World, Device, Device) {
    let mut world = with_posts(3);
    // Their devices are copied, so that neither copy remembers what the other signs.
    let mut other = world.clone();
    world.post(0, text("go to the bridge"), &[0, 1]);
    world.post(0, text("at six"), &[0, 1]);
    other.post(0, text("go to the station"), &[0, 1]);
    other.post(0, text("at seven"), &[0, 1]);
    let (mut dave, mut erin) = (world.reader(), world.reader());
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    for post in &other.topic {
        erin.take(post, world.now).unwrap();
    }
    (world, dave, erin)
}

#[test]
fn publishers_who_say_two_things_are_found_when_two_readers_compare() {
    let (world, mut dave, mut erin) = collusion();
    assert_eq!(dave.reader.contradiction(), None);
    dave.catches_up_from(&erin, world.now);
    erin.catches_up_from(&dave, world.now);
    // From the first place on where they differ, nothing stands, for both of them.
    for device in [&dave, &erin] {
        assert_eq!(device.reader.contradiction(), Some(3));
        assert!(device.reader.stands(2) && !device.reader.stands(3));
    }
    assert!(dave.screen()[3].ends_with("bridge (disputed)"));
    // Anybody can check it, and see who signed both.
    let bytes = dave.disk.proof.clone().unwrap();
    let proof = Equivocation::check(world.link.channel, &bytes, &mut Checks::default()).unwrap();
    let mut both: Vec<[u8; 32]> = [0, 1]
        .map(|at: usize| {
            world.publishers[at]
                .publisher
                .as_ref()
                .unwrap()
                .verifying_key()
                .to_bytes()
        })
        .to_vec();
    both.sort_unstable();
    assert_eq!((proof.seq(), proof.culprits()), (3, both));
    // Frank, who has met neither, believes the proof and no changed one.
    let mut frank = world.reader();
    let (notice, _) = frank.reader.take_equivocation(&bytes).unwrap();
    assert_eq!(notice, Some(Notice::Equivocation { seq: 3 }));
    for at in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let read = Equivocation::check(world.link.channel, &changed, &mut Checks::default());
        assert!(read.is_err(), "byte {at}");
    }
    dave.restart(world.now);
    assert_eq!(dave.reader.contradiction(), Some(3));
}

#[test]
fn a_contradiction_counts_on_whatever_day_the_second_post_is_dated() {
    let mut world = with_posts(3);
    let mut other = world.clone();
    world.post(0, text("go to the bridge"), &[0, 1]);
    world.post(0, text("at six"), &[0, 1]);
    // Days later somebody goes on with copies of the keys.
    other.later(4 * DAY);
    other.post(0, text("go to the station"), &[0, 1]);
    other.post(0, text("at seven"), &[0, 1]);
    let (mut dave, mut erin) = (world.reader(), world.reader());
    for post in &world.topic {
        dave.take(post, other.now).unwrap();
    }
    for post in &other.topic {
        erin.take(post, other.now).unwrap();
    }
    dave.catches_up_from(&erin, other.now);
    erin.catches_up_from(&dave, other.now);
    for device in [&dave, &erin] {
        assert_eq!(device.reader.contradiction(), Some(3));
    }
}

#[test]
fn a_branch_is_noticed_before_the_second_post_is_seen() {
    let (world, mut dave, erin) = collusion();
    let behind = erin.record(4).post().unwrap().to_bytes();
    // Dave has but the first four; somebody shows him the fifth of the other branch.
    let mut frank = world.reader();
    for post in &world.topic[..4] {
        frank.take(post, world.now).unwrap();
    }
    assert_eq!(frank.take(&behind, world.now), Err(Refusal::OtherBranch));
    assert_eq!(frank.notices, [Notice::OtherBranch { seq: 3 }]);
    frank.catches_up_from(&erin, world.now);
    assert_eq!(frank.reader.contradiction(), Some(3));
    assert_eq!(dave.take(&behind, world.now), Err(Refusal::Equivocation));
}

#[test]
fn what_two_keys_of_an_earlier_charter_say_later_takes_nothing_from_the_present_publishers() {
    let (mut world, mut dave, erin) = collusion();
    let charter = world.publishers[2].reader.lineage().newest().clone();
    let next = charter.next(
        [1; 16],
        crate::world::name("Quiet Square"),
        3,
        crate::world::roster(&[1, 2, 40], 2),
    );
    for post in world.topic.clone() {
        let _known = world.publishers[2].take(&post, world.now);
    }
    world.post(2, Content::Charter(Box::new(next)), &ALL);
    let post = world.topic.last().unwrap().clone();
    dave.take(&post, world.now).unwrap();
    dave.catches_up_from(&erin, world.now);
    assert_eq!(dave.reader.contradiction(), None, "nobody is accused of it");
    assert!(dave.reader.stands(3), "and it stops nobody");
    // Nor does it hide what the present publishers do.
    let mut other = world.clone();
    world.post(0, text("to the left"), &[0, 1]);
    other.post(0, text("to the right"), &[0, 1]);
    dave.take(world.topic.last().unwrap(), world.now).unwrap();
    let second = dave.take(other.topic.last().unwrap(), world.now);
    assert_eq!(second, Err(Refusal::Equivocation));
    assert_eq!(dave.reader.contradiction(), Some(6));
    assert!(dave.reader.stands(5) && !dave.reader.stands(6));
}

#[test]
fn what_is_on_the_topic_tells_a_watcher_neither_channel_nor_kind() {
    let world = with_posts(2);
    let topics = world.publishers[0].reader.topics();
    let [topic] = topics.as_slice() else {
        panic!("one epoch has one topic");
    };
    let post = |at: usize| [Item::Post(channel::Carried::new(world.topic[at].clone()))];
    let pack = topic.seal(&post(0));
    assert_eq!(pack, topic.seal(&post(0)), "gossip can drop doubles");
    assert_eq!(pack.len(), topic.seal(&post(1)).len());
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let channel = world.link.channel;
    assert!(!has(&pack, &channel.as_bytes()[..8]) && !has(topic.id(), &channel.as_bytes()[..8]));
    assert!(topic.open(&pack).unwrap() == post(0));
    for at in 0..pack.len() {
        let mut changed = pack.clone();
        changed[at] ^= 1;
        assert!(topic.open(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn another_secret_or_epoch_is_another_topic() {
    let keys = |epoch, topic: u8| {
        let secret = |byte| crypto::Secret::from_bytes([byte; 32]);
        channel::EpochKeys::at(epoch, 0, secret(1), secret(topic))
    };
    let channel = channel::ChannelId::from_bytes([7; 32]);
    let other = channel::ChannelId::from_bytes([8; 32]);
    let of = |channel, keys: &channel::EpochKeys| *channel::Topic::of(&channel, keys).id();
    let all = [
        of(channel, &keys(0, 1)),
        of(channel, &keys(1, 1)),
        of(channel, &keys(0, 2)),
        of(other, &keys(0, 1)),
    ];
    let distinct: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn a_reader_is_bounded_in_what_it_holds_and_gives() {
    let mut world = World::new(1, 1);
    for at in 0..90 {
        world.post(0, text(&format!("{at}")), &[0]);
    }
    let mut dave = world.reader();
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    let erin = world.reader();
    let request = erin.reader.request(&dave.reader.summary());
    let given = dave.reader.answer(&request);
    assert!(given.len() <= channel::config::POSTS_PER_ANSWER && given.contains(&0));
    let greedy = channel::Request {
        ranges: vec![channel::Range { from: 0, until: 89 }; 40],
        lineage: 0,
    };
    assert!(dave.reader.answer(&greedy).is_empty());
    let summary = dave.reader.summary();
    assert!(summary.probes.len() <= channel::config::PROBES_PER_SUMMARY);
}

#[test]
fn charters_of_another_channel_or_short_of_the_link_are_refused() {
    let world = with_posts(1);
    let other = World::new(3, 3);
    let theirs = other.publishers[0].reader.lineage().to_bytes();
    assert!(Reader::subscribe(&world.link, &theirs, world.now).is_err());
    let mut pinned = world.link.clone();
    pinned.charter = channel::CharterId::from_bytes([3; 32]);
    let ours = world.publishers[0].reader.lineage().to_bytes();
    let refused = Reader::subscribe(&pinned, &ours, world.now).unwrap_err();
    assert_eq!(refused.kind(), "wrong_lineage");
}

#[test]
fn a_newcomer_who_was_given_the_charters_first_reads_the_posts_that_brought_them() {
    let mut world = with_posts(1);
    let charter = world.publishers[0].reader.lineage().newest().clone();
    let roster = charter.roster().clone();
    let next = charter.next([1; 16], crate::world::name("Second Square"), 3, roster);
    world.post(0, Content::Charter(Box::new(next)), &ALL);
    world.post(1, text("under the second"), &ALL);
    // By charters and first link, in both orders; and without the charters, by posts alone.
    let founding = World::new(3, 2).reader();
    for (mut erin, order) in [
        (world.reader(), [0, 1, 2]),
        (world.reader(), [2, 1, 0]),
        (founding, [0, 1, 2]),
    ] {
        for at in order {
            erin.take(&world.topic[at], world.now).unwrap();
        }
        assert_eq!(
            erin.screen(),
            ["0 post 0", "1 [charter]", "2 under the second"]
        );
        erin.restart(world.now);
        assert_eq!(
            erin.screen(),
            ["0 post 0", "1 [charter]", "2 under the second"]
        );
    }
}
