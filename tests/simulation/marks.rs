//! What people do to messages: reactions, changes of a text, deletions.

use std::time::Duration;

use model::{CellId, Emoji, MessageId, MessageText, Suite};
use proto::{Command, ErrorKind, Input, Node, Notice, RequestId};

use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);

fn text(text: &str) -> MessageText {
    MessageText::parse(text.to_owned()).unwrap()
}

fn react(cell: CellId, message: MessageId, emoji: Option<&str>) -> Command {
    Command::React(
        cell,
        message,
        emoji.map(|emoji| Emoji::parse(emoji).unwrap()),
    )
}

fn edit(cell: CellId, message: MessageId, to: &str) -> Command {
    Command::EditMessage(cell, message, text(to))
}

fn delete(cell: CellId, message: MessageId, everywhere: bool) -> Command {
    Command::DeleteMessage {
        cell,
        message,
        everywhere,
    }
}

/// Whether these words stand in any record of somebody.
fn keeps(world: &World, name: Name, words: &str) -> bool {
    let mut records = world.people[name].disk.values();
    records.any(|value| {
        value
            .windows(words.len())
            .any(|part| part == words.as_bytes())
    })
}

#[test]
fn what_is_done_to_messages_is_the_same_for_who_was_there_and_who_was_not() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let plan = world.say("alice", cell, "at noon");
    let slip = world.say("alice", cell, "by the old bridge");
    world.pass(MINUTE);
    world.stop("carol");
    world.command("bob", react(cell, plan, Some("👍"))).unwrap();
    world
        .command("alice", react(cell, plan, Some("👍")))
        .unwrap();
    world.command("bob", react(cell, plan, Some("❤"))).unwrap();
    world.command("alice", edit(cell, plan, "at one")).unwrap();
    world.command("alice", edit(cell, plan, "at two")).unwrap();
    world.command("alice", delete(cell, slip, true)).unwrap();
    let late = world.say("bob", cell, "I come");
    world.command("bob", react(cell, late, Some("🎈"))).unwrap();
    world.command("bob", react(cell, late, None)).unwrap();
    world.pass(3 * MINUTE);
    world.stop("alice");
    world.start("carol");
    world.pass(3 * MINUTE);
    let expected = [
        "alice: at two (changed) 👍1 ❤1",
        "alice: (deleted)",
        "bob: I come",
    ];
    assert_eq!(world.conversation("carol", cell), expected);
    assert_eq!(world.conversation("bob", cell), expected);
    world.start("alice");
    world.pass(3 * MINUTE);
    for name in names {
        assert_eq!(world.conversation(name, cell), expected, "{name}");
        assert!(world.heard(name, &Notice::MessageChanged(cell, plan)));
        assert!(world.heard(name, &Notice::MessageChanged(cell, slip)));
        for gone in ["at noon", "at one", "by the old bridge"] {
            assert!(!keeps(&world, name, gone), "{name} keeps {gone}");
        }
        assert!(
            keeps(&world, name, "at two"),
            "the search can find something"
        );
    }
}

#[test]
fn only_its_author_changes_or_deletes_a_message() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let message = world.say("alice", cell, "mine");
    let refused = world.command("bob", edit(cell, message, "yours"));
    assert_eq!(refused.err(), Some(ErrorKind::NotTheAuthor));
    let refused = world.command("bob", delete(cell, message, true));
    assert_eq!(refused.err(), Some(ErrorKind::NotTheAuthor));
    world.command("alice", delete(cell, message, true)).unwrap();
    let refused = world.command("alice", edit(cell, message, "after all"));
    assert_eq!(refused.err(), Some(ErrorKind::NoSuchMessage));
    let refused = world.command("bob", react(cell, message, Some("👍")));
    assert_eq!(refused.err(), Some(ErrorKind::NoSuchMessage));
    assert_eq!(world.conversation("bob", cell), ["alice: (deleted)"]);
}

#[test]
fn what_nobody_has_yet_is_changed_and_taken_back_without_a_trace() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let sent = world.say("alice", cell, "sent");
    world.pass(MINUTE);
    world.stop("bob");
    let kept = world.say("alice", cell, "first thought");
    let dropped = world.say("alice", cell, "never mind");
    world
        .command("alice", edit(cell, kept, "second thought"))
        .unwrap();
    world.command("alice", delete(cell, dropped, true)).unwrap();
    world
        .command("alice", edit(cell, sent, "one more"))
        .unwrap();
    world
        .command("alice", edit(cell, sent, "sent and changed"))
        .unwrap();
    world
        .command("alice", react(cell, kept, Some("👍")))
        .unwrap();
    for gone in ["first thought", "never mind", "one more"] {
        assert!(!keeps(&world, "alice", gone), "{gone}");
    }
    assert!(world.node("alice").message(cell, dropped).is_none());
    world.stop("alice");
    world.start("alice");
    world.start("bob");
    world.pass(3 * MINUTE);
    let expected = [
        "alice: sent and changed (changed)",
        "alice: second thought 👍1",
    ];
    assert_eq!(world.conversation("bob", cell), expected);
    assert_eq!(world.conversation("alice", cell), expected);
    assert!(!keeps(&world, "bob", "first thought"));
}

#[test]
fn a_message_removed_from_one_device_stays_with_the_others_and_does_not_come_back() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let message = world.say("alice", cell, "burn after reading");
    world.pass(MINUTE);
    world.command("bob", delete(cell, message, false)).unwrap();
    assert!(!keeps(&world, "bob", "burn after reading"));
    world
        .command("carol", react(cell, message, Some("🔥")))
        .unwrap();
    world.stop("bob");
    world.start("bob");
    world.pass(3 * MINUTE);
    assert!(world.conversation("bob", cell).is_empty());
    assert!(world.node("bob").message(cell, message).is_none());
    assert_eq!(
        world.conversation("carol", cell),
        ["alice: burn after reading 🔥1"]
    );
    // Also who left may tidy up.
    world.command("carol", Command::Leave(cell)).unwrap();
    let refused = world.command("carol", react(cell, message, None));
    assert_eq!(refused.err(), Some(ErrorKind::NotAMember));
    world
        .command("carol", delete(cell, message, false))
        .unwrap();
    assert!(world.conversation("carol", cell).is_empty());
}

#[test]
fn a_crash_after_any_output_of_a_mark_leaves_all_devices_alike() {
    type Act = fn(CellId, MessageId) -> Command;
    let acts: [(Act, &str); 3] = [
        (
            |cell, message| edit(cell, message, "two"),
            "alice: two (changed)",
        ),
        (
            |cell, message| delete(cell, message, true),
            "alice: (deleted)",
        ),
        (
            |cell, message| react(cell, message, Some("👍")),
            "alice: one 👍1",
        ),
    ];
    for (act, outcome) in acts {
        for limit in 1..8 {
            let mut world = World::new(Suite::X25519, &["alice", "bob"]);
            let cell = world.cell_of(&["alice", "bob"]);
            let message = world.say("alice", cell, "one");
            world.pass(MINUTE);
            let command = act(cell, message);
            world.feed("alice", Input::Command(RequestId(9999), command), limit);
            world.settle();
            world.stop("alice");
            world.start("alice");
            world.pass(3 * MINUTE);
            assert_eq!(
                world.conversation("alice", cell),
                [outcome],
                "crash after {limit} outputs"
            );
            assert_eq!(
                world.conversation("bob", cell),
                [outcome],
                "crash after {limit} outputs"
            );
        }
    }
}

#[test]
fn a_newcomer_is_not_troubled_by_marks_of_what_they_never_had() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let message = world.say("alice", cell, "before");
    world.join("carol", cell, "bob");
    world
        .command("alice", edit(cell, message, "before, changed"))
        .unwrap();
    world
        .command("bob", react(cell, message, Some("👍")))
        .unwrap();
    world.say("alice", cell, "after");
    world.pass(MINUTE);
    world.stop("carol");
    world.start("carol");
    world.pass(MINUTE);
    assert_eq!(world.conversation("carol", cell), ["alice: after"]);
    assert_eq!(world.node("carol").cells()[0].unread, 1);
}

#[test]
fn who_deletes_what_others_have_not_read_makes_it_read() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let message = world.say("alice", cell, "a slip");
    world.say("alice", cell, "hello");
    assert_eq!(world.node("bob").cells()[0].unread, 2);
    world.command("alice", delete(cell, message, true)).unwrap();
    let shown = &world.node("bob").cells()[0];
    assert_eq!((shown.unread, shown.reachable), (1, 1));
    assert_eq!(shown.display_name.expose(), "bob");
    let readers = world.node("alice").readers(cell, message).unwrap();
    assert_eq!(readers.len(), 1);
    assert!(readers[0].member == world.member("alice", cell, "bob"));
}

#[test]
fn a_draft_is_kept_until_it_is_sent_or_the_cell_is_left() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let draft = Command::SetDraft(cell, Some(text("dear all")));
    world.command("alice", draft).unwrap();
    world.stop("alice");
    world.start("alice");
    let key = Node::draft_key(cell);
    assert_eq!(world.people["alice"].disk[&key], b"dear all");
    world.command("alice", Command::Leave(cell)).unwrap();
    assert!(!world.people["alice"].disk.contains_key(&key));
    let again = world.command("alice", Command::SetDraft(cell, Some(text("no"))));
    assert_eq!(again.err(), Some(ErrorKind::NotAMember));
}
