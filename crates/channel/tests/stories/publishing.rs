//! How several people write one log.

use channel::{Charter, Content, Origin, PublishError, Publisher, Standing};

use crate::world::{DAY, Device, HOUR, World, cancel, key, name, rng, roster, text};

const ALL: [usize; 3] = [0, 1, 2];

#[test]
fn one_publisher_posts_and_a_reader_reads() {
    let mut world = World::new(1, 1);
    let mut dave = world.reader();
    world.post(0, text("the first"), &[0]);
    world.post(0, text("the second"), &[0]);
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    assert_eq!(dave.screen(), ["0 the first", "1 the second"]);
    assert_eq!(world.publishers[0].screen(), dave.screen());
}

#[test]
fn nothing_is_shown_before_enough_publishers_have_signed_what_they_read() {
    let mut world = World::new(3, 2);
    world.publishers[0]
        .write(text("on Sunday"), world.now)
        .unwrap();
    world.talk(&ALL);
    assert!(world.topic.is_empty());
    for at in [1, 2] {
        let device = &world.publishers[at];
        let pending = device.publisher.as_ref().unwrap().pending(&device.reader);
        let [one] = pending.as_slice() else {
            panic!("{pending:?}");
        };
        assert!(one.content == text("on Sunday") && one.needs == 1 && one.may_sign);
        assert!(device.screen().is_empty());
    }
    let read = world.publishers[2].countersign(world.now);
    assert!(read == [text("on Sunday")]);
    world.talk(&ALL);
    for device in &world.publishers {
        assert_eq!(device.screen(), ["0 on Sunday"]);
    }
}

#[test]
fn two_who_write_at_once_get_two_posts_and_nobody_contradicts_anybody() {
    let mut world = World::new(3, 2);
    let mut dave = world.reader();
    // Neither has heard of the other when both write.
    world.publishers[0]
        .write(text("from alice"), world.now)
        .unwrap();
    world.publishers[1]
        .write(text("from bob"), world.now)
        .unwrap();
    world.agree(&ALL);
    world.later(HOUR);
    for at in ALL {
        world.publishers[at].poll(world.now);
    }
    world.agree(&ALL);
    assert_eq!(world.topic.len(), 2);
    for post in world.topic.clone() {
        dave.take(&post, world.now).unwrap();
    }
    assert_eq!(dave.screen(), ["0 from alice", "1 from bob"]);
    assert_eq!(dave.reader.contradiction(), None);
}

#[test]
fn a_publisher_who_is_arrested_while_posting_stops_nobody() {
    let mut world = World::new(3, 2);
    world.post(0, text("before"), &ALL);
    // Alice drafts, bob countersigns, and alice is gone before she hears of it.
    world.publishers[0]
        .write(text("from alice"), world.now)
        .unwrap();
    world.talk(&ALL);
    world.publishers[1].countersign(world.now);
    world.publishers[1].messages.clear();
    world.publishers[2]
        .write(text("alice was taken"), world.now)
        .unwrap();
    let here = [1, 2];
    world.agree(&here);
    world.later(HOUR);
    for at in here {
        world.publishers[at].poll(world.now);
    }
    world.agree(&here);
    world.later(HOUR);
    for at in here {
        world.publishers[at].poll(world.now);
    }
    world.agree(&here);
    // What bob had signed might be complete on alice's device, so it stands first; nothing can stand beside it.
    let screen = ["0 before", "1 from alice", "2 alice was taken"];
    assert_eq!(world.publishers[1].screen(), screen);
    assert_eq!(world.publishers[2].screen(), screen);
}

#[test]
fn a_draft_that_nobody_signed_binds_nobody() {
    let mut world = World::new(3, 2);
    world.publishers[0]
        .write(text("from alice"), world.now)
        .unwrap();
    world.talk(&ALL);
    world.later(HOUR);
    world.publishers[1]
        .write(text("from bob"), world.now)
        .unwrap();
    world.agree(&[1, 2]);
    assert_eq!(world.publishers[2].screen(), ["0 from bob"]);
}

#[test]
fn one_seized_key_can_neither_post_nor_rename_nor_remove_and_is_removed_by_the_others() {
    let mut world = World::new(3, 2);
    world.post(0, text("before"), &ALL);
    let mut dave = world.reader();
    let charter = world.publishers[0].reader.lineage().newest().clone();
    assert!(charter.roster().survives_an_arrest());
    // Whoever has alice's device writes all they can think of; bob and carol read it and sign none of it.
    let alone = roster(&[1], 1);
    let wanted = [
        text("come to the station"),
        Content::Charter(Box::new(charter.next([1; 16], name("Other"), 0, alone))),
        cancel(1),
    ];
    for content in wanted {
        world.publishers[0].write(content, world.now).unwrap();
        world.talk(&ALL);
        world.publishers[0]
            .publisher
            .as_mut()
            .unwrap()
            .withdraw()
            .unwrap();
    }
    assert_eq!(world.topic.len(), 1);
    // The two others go on and take the key out.
    let keys: Vec<_> = charter.roster().publishers()[1..].to_vec();
    let two = channel::Roster::new(keys, 2).unwrap();
    let next = charter.next([2; 16], name("Quiet Square"), 3, two);
    world.later(2 * HOUR);
    world.post(1, Content::Charter(Box::new(next)), &[1, 2]);
    world.post(2, text("we go on"), &[1, 2]);
    for post in world.topic.clone() {
        dave.take(&post, world.now).unwrap();
    }
    assert_eq!(dave.screen(), ["0 before", "1 [charter]", "2 we go on"]);
    for post in world.topic.clone() {
        let _known = world.publishers[0].take(&post, world.now);
    }
    let refused = world.publishers[0].write(text("still here"), world.now);
    assert_eq!(refused, Err(PublishError::NotAPublisher));
}

#[test]
fn a_seized_key_that_asks_again_and_again_delays_the_others_by_an_hour() {
    let mut world = World::new(3, 2);
    world.post(0, text("before"), &ALL);
    // Alice's key has the first turn, drafts what nobody signs, and asks for every later turn there is.
    world.publishers[0]
        .write(text("nonsense"), world.now)
        .unwrap();
    world.talk(&ALL);
    world.publishers[1]
        .write(text("from bob"), world.now)
        .unwrap();
    world.talk(&ALL);
    for _ in 0..4 {
        world.later(HOUR / 4);
        for at in ALL {
            world.publishers[at].poll(world.now);
        }
        world.publishers[0]
            .publisher
            .as_mut()
            .unwrap()
            .withdraw()
            .unwrap();
        let again = text("more nonsense");
        world.publishers[0].write(again, world.now).unwrap();
        world.talk(&ALL);
        for at in [1, 2] {
            world.publishers[at].countersign_only(&text("from bob"), world.now);
        }
        world.talk(&ALL);
    }
    assert_eq!(world.publishers[2].screen(), ["0 before", "1 from bob"]);
}

#[test]
fn a_device_that_was_put_back_signs_nothing_more() {
    let mut world = World::new(3, 2);
    world.post(0, text("one"), &ALL);
    let old = world.publishers[0].disk.clone();
    world.post(0, text("two"), &ALL);
    world.post(1, text("three"), &ALL);
    let mut dave = world.reader();
    for post in world.topic.clone() {
        dave.take(&post, world.now).unwrap();
    }
    // It starts with the disk of yesterday, which it cannot know.
    let alice = &mut world.publishers[0];
    alice.restart_with(old, Origin::Store, world.now);
    alice.write(text("two, again"), world.now).unwrap();
    assert!(alice.messages.is_empty() && alice.posts.is_empty());
    assert_eq!(standing(alice), Standing::Unconfirmed);
    // A reader shows what is there: a signature that this device does not remember.
    alice.catches_up_from(&dave, world.now);
    assert_eq!(standing(alice), Standing::Retiring);
    assert_eq!(alice.screen(), dave.screen());
    assert!(alice.messages.is_empty() && alice.posts.is_empty());
    let refused = alice.write(text("four"), world.now);
    assert_eq!(refused.unwrap_err().kind(), "rolled_back");
    // The others give it a new key.
    let charter = world.publishers[1].reader.lineage().newest().clone();
    let gone = key_of(&world.publishers[0]);
    let mut keys: Vec<_> = charter.roster().publishers().to_vec();
    keys.retain(|known| *known != gone);
    keys.push(key(50).verifying_key());
    let next = charter.next(
        [3; 16],
        name("Quiet Square"),
        3,
        channel::Roster::new(keys, 2).unwrap(),
    );
    world.post(1, Content::Charter(Box::new(next)), &[1, 2]);
    let post = world.topic.last().unwrap().clone();
    world.publishers[0].take(&post, world.now).unwrap();
    world.publishers[0].publisher = Some(Publisher::fresh(key(50)));
    world.post(0, text("four"), &ALL);
    assert!(world.publishers[2].screen().contains(&"4 four".to_owned()));
}

#[test]
fn the_only_publisher_who_restores_a_backup_can_but_hand_over_to_a_new_key() {
    let mut world = World::new(1, 1);
    world.post(0, text("one"), &[0]);
    let backup = world.publishers[0].disk.clone();
    world.post(0, text("two"), &[0]);
    let mut dave = world.reader();
    for post in world.topic.clone() {
        dave.take(&post, world.now).unwrap();
    }
    let alice = &mut world.publishers[0];
    alice.restart_with(backup, Origin::Backup, world.now);
    let charter = alice.reader.lineage().newest().clone();
    let alone = channel::Roster::new(vec![key(50).verifying_key()], 1).unwrap();
    let next = charter.next([3; 16], name("Quiet Square"), 3, alone);
    let handing_over = Content::Charter(Box::new(next));
    let refused = alice.write(handing_over.clone(), world.now);
    assert_eq!(refused, Err(PublishError::RolledBack), "nobody was met yet");
    alice.catches_up_from(&dave, world.now);
    assert_eq!(
        alice.write(text("two"), world.now),
        Err(PublishError::RolledBack)
    );
    alice.write(handing_over, world.now).unwrap();
    alice.publisher = Some(Publisher::fresh(key(50)));
    alice.write(text("three"), world.now).unwrap();
    let posts = std::mem::take(&mut alice.posts);
    assert_eq!(posts.len(), 2);
    for post in posts {
        dave.take(&post, world.now).unwrap();
    }
    let screen = ["0 one", "1 two", "2 [charter]", "3 three"];
    assert_eq!(dave.screen(), screen);
}

#[test]
fn what_was_signed_before_a_crash_is_said_again_after_it() {
    let mut world = World::new(3, 2);
    world.publishers[0].write(text("one"), world.now).unwrap();
    world.talk(&ALL);
    world.publishers[1].countersign(world.now);
    // Bob's computer stops before anything is sent, and alice's after she has completed it.
    world.publishers[1].restart(world.now);
    world.publishers[1].poll(world.now);
    world.talk(&ALL);
    assert!(world.publishers[0].screen() == ["0 one"]);
    let mut alice = world.publishers[0].clone();
    alice.restart(world.now);
    assert_eq!(alice.screen(), ["0 one"]);
}

#[test]
fn whoever_starts_again_waits_for_a_reader_and_then_posts_what_waited() {
    let mut world = World::new(1, 1);
    world.post(0, text("one"), &[0]);
    let mut dave = world.reader();
    dave.take(&world.topic[0], world.now).unwrap();
    let alice = &mut world.publishers[0];
    alice.restart(world.now);
    alice.write(text("two"), world.now).unwrap();
    assert_eq!(alice.screen(), ["0 one"]);
    alice.catches_up_from(&dave, world.now);
    assert_eq!(alice.screen(), ["0 one", "1 two"]);
}

#[test]
fn a_draft_dated_long_ago_or_ahead_is_not_countersigned() {
    let mut world = World::new(3, 2);
    world.publishers[0].write(text("late"), world.now).unwrap();
    let draft = world.publishers[0].messages.remove(0);
    for days in [5, 30] {
        let mut bob = world.publishers[1].clone();
        let then = model::Timestamp::from_millis(world.now.as_millis() + days * DAY);
        assert_eq!(bob.hear(&draft, then), Err(PublishError::WrongDay));
        let then = model::Timestamp::from_millis(world.now.as_millis() - days * DAY);
        assert_eq!(bob.hear(&draft, then), Err(PublishError::WrongDay));
    }
    assert_eq!(world.publishers[1].hear(&draft, world.now), Ok(()));
}

#[test]
fn what_a_stranger_says_among_publishers_is_refused() {
    let mut world = World::new(3, 2);
    let mut stranger = world.publishers[0].clone();
    stranger.publisher = Some(Publisher::fresh(key(99)));
    let refused = stranger.write(text("hello"), world.now);
    assert_eq!(refused, Err(PublishError::NotAPublisher));
    world.publishers[0].write(text("one"), world.now).unwrap();
    let draft = world.publishers[0].messages.remove(0);
    for at in 0..draft.len().min(400) {
        let mut changed = draft.clone();
        changed[at] ^= 1;
        let refused = world.publishers[1].hear(&changed, world.now);
        assert!(refused.is_err(), "byte {at}");
    }
    let mut rng = rng(7);
    let noise: [u8; 300] = rng.array();
    let refused = world.publishers[1].hear(&noise, world.now);
    assert_eq!(refused.unwrap_err().kind(), "malformed");
}

fn standing(device: &Device) -> Standing {
    device.publisher.as_ref().unwrap().standing()
}

fn key_of(device: &Device) -> crypto::VerifyingKey {
    device.publisher.as_ref().unwrap().verifying_key()
}

#[test]
fn a_charter_must_follow_the_present_one() {
    let mut world = World::new(3, 2);
    let charter = world.publishers[0].reader.lineage().newest().clone();
    let roster = charter.roster().clone();
    let next = charter.next([2; 16], name("Other"), 3, roster.clone());
    let after = next.next([2; 16], name("Third"), 3, roster.clone());
    let refused = world.publishers[0].write(Content::Charter(Box::new(after)), world.now);
    assert_eq!(refused, Err(PublishError::StaleCharter));
    let founding = Charter::founding([4; 16], name("Other"), 3, roster);
    let refused = world.publishers[0].write(Content::Charter(Box::new(founding)), world.now);
    assert_eq!(refused, Err(PublishError::StaleCharter));
}

#[test]
fn what_no_reader_would_take_is_not_written() {
    let mut world = World::new(1, 1);
    let long = model::MessageText::parse("a".repeat(281)).unwrap();
    let wanted = Content::Cancel {
        call: crate::world::call_ref(1),
        reason: Some(long),
    };
    let refused = world.publishers[0].write(wanted, world.now);
    assert_eq!(refused, Err(PublishError::TooLong));
}

/// Publishers whose devices were copied sign two posts in the first place, and everybody comes to know.
fn parted() -> World {
    let mut world = World::new(3, 2);
    let mut other = world.clone();
    world.post(0, text("go to the bridge"), &ALL);
    other.post(0, text("go to the station"), &ALL);
    for device in &mut world.publishers {
        let _proof = device.take(&other.topic[0], world.now);
        assert_eq!(device.reader.contradiction(), Some(0));
    }
    world
}

#[test]
fn what_waited_while_the_log_parted_is_signed_by_nobody() {
    let mut world = World::new(3, 2);
    let mut other = world.clone();
    world.post(0, text("go to the bridge"), &ALL);
    other.post(0, text("go to the station"), &ALL);
    // Alice's draft waits for a signature, and what carol wrote for a reader.
    world.publishers[0].write(text("one"), world.now).unwrap();
    world.talk(&ALL);
    world.publishers[2].restart(world.now);
    world.publishers[2].write(text("two"), world.now).unwrap();
    let mut whole = world.clone();
    let second = other.topic[0].clone();
    for device in &mut world.publishers {
        let _proof = device.take(&second, world.now);
        assert_eq!(device.reader.contradiction(), Some(0));
    }
    let go_on = |world: &mut World| {
        let bob = world.publishers[1].clone();
        world.publishers[2].catches_up_from(&bob, world.now);
        for _ in 0..6 {
            world.later(HOUR);
            for at in ALL {
                world.publishers[at].poll(world.now);
            }
            world.agree(&ALL);
        }
        world.topic.len()
    };
    assert_eq!(go_on(&mut world), 1, "nothing is posted behind it");
    assert_eq!(go_on(&mut whole), 3, "without a contradiction both are");
    let more = world.publishers[0].write(text("three"), world.now);
    assert_eq!(more, Err(PublishError::Parted));
}

#[test]
fn behind_a_contradiction_another_charter_leads_on() {
    let mut world = parted();
    let charter = world.publishers[0].reader.lineage().newest().clone();
    let next = charter.next([3; 16], name("Quiet Square"), 3, roster(&[1, 2, 40], 2));
    world.post(0, Content::Charter(Box::new(next)), &ALL);
    assert_eq!(world.publishers[0].reader.contradiction(), None);
}
