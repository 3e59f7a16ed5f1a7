//! Attachments: who gives them to whom, who does not, and what is left of them.

use std::time::Duration;

use model::{CellId, FileName, MessageId, MessageText, Suite};
use proto::{
    About, Answer, Attach, AttachmentState, Command, ErrorKind, Input, Media, Node, Notice,
    PIECE_LEN, RecordKind, RequestId,
};
use zeroize::Zeroizing;

use crate::mallory::{Mallory, piece, want};
use crate::world::{Name, World};

/// Enough for ten pieces.
const LARGE: usize = 10 * PIECE_LEN - 3000;

fn noise(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 31 % 251) as u8).collect()
}

fn about(len: usize) -> About {
    About {
        name: FileName::sanitise("river plan.pdf"),
        media: Media::File,
        size: len as u64,
    }
}

fn picture(len: usize) -> About {
    About {
        media: Media::Image {
            width: 640,
            height: 480,
        },
        ..about(len)
    }
}

impl World {
    fn begin(&mut self, name: Name, cell: CellId, about: About) -> Result<MessageId, ErrorKind> {
        let begin = Attach::Begin {
            about,
            text: None,
            reply_to: None,
        };
        match self.command(name, Command::Attach(cell, begin))? {
            Answer::AttachmentBegun(message) => Ok(message),
            other => panic!("not begun: {other:?}"),
        }
    }

    fn hand_over(&mut self, name: Name, cell: CellId, message: MessageId, bytes: &[u8]) -> Answer {
        let bytes = Zeroizing::new(bytes.to_vec());
        self.command(name, Command::Attach(cell, Attach::Piece(message, bytes)))
            .expect("a piece is taken")
    }

    fn attach_as(&mut self, name: Name, cell: CellId, about: About, file: &[u8]) -> MessageId {
        let message = self.begin(name, cell, about).expect("it is begun");
        let mut last = None;
        for bytes in file.chunks(PIECE_LEN) {
            last = Some(self.hand_over(name, cell, message, bytes));
        }
        assert!(matches!(last, Some(Answer::MessageAccepted(id)) if id == message));
        message
    }

    fn attach(&mut self, name: Name, cell: CellId, file: &[u8]) -> MessageId {
        self.attach_as(name, cell, about(file.len()), file)
    }

    fn fetch(&mut self, name: Name, cell: CellId, message: MessageId) {
        self.command(name, Command::Attach(cell, Attach::Fetch(message)))
            .expect("it can be fetched");
    }

    /// State, and pieces here.
    fn state(&self, name: Name, cell: CellId, message: MessageId) -> (AttachmentState, u32) {
        let message = self.node(name).message(cell, message);
        let summary = message.expect("a message").attachment;
        let summary = summary.expect("an attachment");
        (summary.state, summary.have)
    }

    /// The file as it is on somebody's disk, if all of it opens.
    fn file(&self, name: Name, cell: CellId, message: MessageId) -> Option<Vec<u8>> {
        let disk = &self.people[name].disk;
        let record = disk.get(&Node::attachment_key(cell, message))?;
        let body = Node::read_attachment(record).expect("a record");
        let mut file = Vec::new();
        for index in 0..body.pieces() {
            let piece = disk.get(&Node::piece_key(cell, message, index))?;
            file.extend_from_slice(&body.open(&message, index, piece)?);
        }
        Some(file)
    }

    fn records_of_attachments(&self, name: Name) -> usize {
        let keys = self.people[name].disk.keys();
        let kinds = [RecordKind::Attachment, RecordKind::Piece];
        keys.filter(|key| kinds.contains(&key.kind())).count()
    }
}

fn three() -> (World, CellId) {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    let cell = world.cell_of(&["alice", "bob", "carol"]);
    (world, cell)
}

#[test]
fn a_file_is_fetched_when_it_is_asked_for_and_a_small_picture_at_once() {
    let (mut world, cell) = three();
    let (file, small) = (noise(LARGE), noise(100_000));
    let plan = world.attach("alice", cell, &file);
    let photo = world.attach_as("alice", cell, picture(small.len()), &small);
    world.pass(Duration::from_secs(10));
    assert_eq!(
        world.state("bob", cell, plan),
        (AttachmentState::Offered, 0)
    );
    assert_eq!(world.file("bob", cell, photo), Some(small.clone()));
    world.fetch("bob", cell, plan);
    world.pass(Duration::from_secs(10));
    assert_eq!(world.file("bob", cell, plan), Some(file));
    let of = world.state("bob", cell, plan).1;
    assert_eq!(world.state("bob", cell, plan).0, AttachmentState::Here);
    let last = Notice::AttachmentProgress {
        cell,
        message: plan,
        have: of,
        of,
    };
    assert!(world.heard("bob", &last));
    assert!(world.heard("bob", &Notice::MessageChanged(cell, plan)));
}

#[test]
fn a_third_member_gives_what_its_author_cannot() {
    let (mut world, cell) = three();
    let file = noise(LARGE);
    let message = world.attach("alice", cell, &file);
    world.fetch("bob", cell, message);
    world.pass(Duration::from_secs(10));
    world.stop("alice");
    world.fetch("carol", cell, message);
    world.pass(Duration::from_secs(10));
    assert_eq!(world.file("carol", cell, message), Some(file));
}

#[test]
fn who_asks_while_nobody_has_it_gets_it_when_somebody_comes() {
    let (mut world, cell) = three();
    let file = noise(LARGE);
    let message = world.attach("alice", cell, &file);
    world.pass(Duration::from_secs(5));
    world.stop("alice");
    world.fetch("carol", cell, message);
    world.pass(Duration::from_secs(300));
    let (state, have) = world.state("carol", cell, message);
    assert!(state != AttachmentState::Here && have == 0, "{state:?}");
    // The wish outlives a restart of hers.
    world.stop("carol");
    world.start("carol");
    world.start("alice");
    world.pass(Duration::from_secs(200));
    assert_eq!(world.file("carol", cell, message), Some(file));
}

#[test]
fn a_crash_in_the_middle_loses_nothing_that_had_come() {
    let (mut world, cell) = three();
    let file = noise(LARGE);
    let message = world.attach("alice", cell, &file);
    world.pass(Duration::from_secs(5));
    world.part(&["bob"], &["carol"]);
    world.fetch("bob", cell, message);
    let mut seen = Vec::new();
    for moment in 1..200_u64 {
        // A piece comes each ten milliseconds.
        world.pass(Duration::from_millis(12 + moment % 7));
        let (_, have) = world.state("bob", cell, message);
        assert!(Some(&have) >= seen.last(), "{have} pieces after {seen:?}");
        seen.push(have);
        if world.file("bob", cell, message).is_some() {
            assert_eq!(world.file("bob", cell, message), Some(file));
            assert!(seen.len() > 3, "no crash was in the middle: {seen:?}");
            return;
        }
        world.stop("bob");
        world.start("bob");
    }
    panic!("it never came: {seen:?}");
}

#[test]
fn who_gives_a_wrong_piece_is_cut_off_and_somebody_else_is_asked() {
    let (mut world, cell) = three();
    let file = noise(LARGE);
    let message = world.attach("alice", cell, &file);
    world.fetch("bob", cell, message);
    world.pass(Duration::from_secs(10));
    // Alice, who is asked first, gives another piece than she had said.
    let wrong = Node::piece_key(cell, message, 4);
    let honest = world.people["alice"].disk[&wrong].clone();
    world.person("alice").disk.get_mut(&wrong).unwrap()[100] ^= 1;
    world.fetch("carol", cell, message);
    world.pass(Duration::from_secs(120));
    assert_eq!(world.file("carol", cell, message), Some(file));
    assert_eq!(world.people["carol"].disk[&wrong], honest);
    let us = world.member("carol", cell, "alice");
    let cut = Notice::MemberDisconnected(cell, us);
    assert!(world.heard("carol", &cut), "the liar was not cut off");
}

#[test]
fn pieces_that_nobody_asked_for_are_not_kept() {
    let (mut world, cell) = three();
    let message = world.attach("alice", cell, &noise(LARGE));
    world.pass(Duration::from_secs(5));
    let alice = Mallory::of(&world, "alice", cell);
    let before = world.records_of_attachments("bob");
    let real = world.people["alice"].disk[&Node::piece_key(cell, message, 0)].clone();
    let unasked = piece(message.as_bytes(), 0, &real);
    let of_nothing = piece(&[9; 32], 0, &real);
    alice.send(&mut world, "bob", &[unasked, of_nothing]);
    assert_eq!(world.records_of_attachments("bob"), before);
    assert_eq!(world.state("bob", cell, message).1, 0);
}

#[test]
fn a_flood_of_wishes_ends_the_connection() {
    let (mut world, cell) = three();
    let message = world.attach("alice", cell, &noise(LARGE));
    world.pass(Duration::from_secs(5));
    let bob = Mallory::of(&world, "bob", cell);
    let us = world.member("alice", cell, "bob");
    let cut = Notice::MemberDisconnected(cell, us);
    // As many as an honest program may have are answered, for things that do not exist as well.
    let few: Vec<_> = (0..4).map(|index| want(&[7; 32], index)).collect();
    bob.send(&mut world, "alice", &few);
    world.pass(Duration::from_secs(1));
    assert!(!world.heard("alice", &cut));
    let sent = world.traffic.len();
    let flood: Vec<_> = (0..1000)
        .map(|index| want(message.as_bytes(), index % 10))
        .collect();
    bob.send(&mut world, "alice", &flood);
    assert!(world.heard("alice", &cut));
    let answered = world.traffic[sent..].iter();
    let to_bob =
        answered.filter(|(from, to, len)| (*from, *to) == ("alice", "bob") && *len > PIECE_LEN);
    assert!(to_bob.count() <= 1, "the flood was answered");
}

#[test]
fn who_could_not_read_the_message_gets_no_piece() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    let cell = world.cell_of(&["alice", "bob"]);
    let message = world.attach("alice", cell, &noise(LARGE));
    world.pass(Duration::from_secs(5));
    world.join("carol", cell, "alice");
    world.pass(Duration::from_secs(60));
    let carol = Mallory::of(&world, "carol", cell);
    let sent = world.traffic.len();
    carol.send(&mut world, "alice", &[want(message.as_bytes(), 0)]);
    world.pass(Duration::from_secs(2));
    let largest = world.traffic[sent..]
        .iter()
        .filter(|(from, to, _)| (*from, *to) == ("alice", "carol"))
        .map(|(_, _, len)| *len)
        .max();
    assert!(largest < Some(PIECE_LEN), "a newcomer was given a piece");
    // The same wish of somebody who could read it is answered.
    let bob = Mallory::of(&world, "bob", cell);
    let sent = world.traffic.len();
    bob.send(&mut world, "alice", &[want(message.as_bytes(), 0)]);
    world.pass(Duration::from_secs(2));
    assert!(
        world.traffic[sent..]
            .iter()
            .any(|(_, _, len)| *len > PIECE_LEN)
    );
}

#[test]
fn a_removed_member_gets_no_more_pieces() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol", "dave"]);
    let cell = world.cell_of(&["alice", "bob", "carol", "dave"]);
    let message = world.attach("alice", cell, &noise(LARGE));
    world.pass(Duration::from_secs(5));
    let dave = Mallory::of(&world, "dave", cell);
    let target = world.member("alice", cell, "dave");
    for voter in ["alice", "bob"] {
        world
            .command(voter, Command::Remove(cell, target))
            .expect("a vote counts");
    }
    world.pass(Duration::from_secs(30));
    let sent = world.traffic.len();
    dave.send(&mut world, "alice", &[want(message.as_bytes(), 0)]);
    world.pass(Duration::from_secs(5));
    let given = world.traffic[sent..].iter();
    assert_eq!(given.filter(|(_, to, _)| *to == "dave").count(), 0);
    // Nor does their own program go on with what it wanted.
    let fetch = world.command("dave", Command::Attach(cell, Attach::Fetch(message)));
    assert_eq!(fetch.err(), Some(ErrorKind::NotAMember));
}

#[test]
fn an_attachment_goes_when_its_message_is_too_old_whoever_holds_how_much_of_it() {
    let (mut world, cell) = three();
    let lifetime = Command::SetLifetime(cell, 7200);
    world.command("alice", lifetime).expect("it is agreed");
    let file = noise(LARGE);
    let message = world.attach("alice", cell, &file);
    let photo = world.attach_as("alice", cell, picture(100_000), &noise(100_000));
    world.pass(Duration::from_secs(10));
    world.fetch("bob", cell, message);
    world.pass(Duration::from_secs(10));
    world.stop("carol");
    for name in ["alice", "bob"] {
        assert_eq!(world.file(name, cell, message), Some(file.clone()));
    }
    assert!(world.file("carol", cell, photo).is_some());
    world.pass(Duration::from_secs(7200));
    assert!(world.records_of_attachments("carol") > 0, "she was away");
    world.start("carol");
    world.pass(Duration::from_secs(10));
    for name in ["alice", "bob", "carol"] {
        assert_eq!(world.records_of_attachments(name), 0, "{name}");
        let gone = world.node(name).message(cell, message);
        assert!(gone.is_none(), "{name}");
    }
}

#[test]
fn an_attachment_goes_with_its_message() {
    let (mut world, cell) = three();
    let before = world.records_of_attachments("bob");
    let delete = |message, everywhere| Command::DeleteMessage {
        cell,
        message,
        everywhere,
    };
    let plan = world.attach("alice", cell, &noise(LARGE));
    world.pass(Duration::from_secs(5));
    world.fetch("bob", cell, plan);
    world.fetch("carol", cell, plan);
    world.pass(Duration::from_secs(10));
    world.command("bob", delete(plan, false)).expect("it goes");
    assert_eq!(world.records_of_attachments("bob"), before);
    assert!(world.records_of_attachments("carol") > before);
    world.command("alice", delete(plan, true)).expect("it goes");
    world.pass(Duration::from_secs(10));
    for name in ["alice", "bob", "carol"] {
        assert_eq!(world.records_of_attachments(name), before, "{name}");
    }
    // Also in the middle of being fetched, and while nobody has it yet.
    let plan = world.attach("alice", cell, &noise(LARGE));
    world.pass(Duration::from_secs(5));
    world.fetch("bob", cell, plan);
    world.pass(Duration::from_millis(35));
    world.command("alice", delete(plan, true)).expect("it goes");
    world.pass(Duration::from_secs(10));
    world.part(&["alice"], &["bob", "carol"]);
    let unheard = world.attach("alice", cell, &noise(100));
    world
        .command("alice", delete(unheard, true))
        .expect("it goes");
    for name in ["alice", "bob", "carol"] {
        assert_eq!(world.records_of_attachments(name), before, "{name}");
    }
}

#[test]
fn what_was_begun_and_not_ended_leaves_nothing() {
    let (mut world, cell) = three();
    let begin = |world: &mut World| {
        let message = world.begin("alice", cell, about(LARGE)).expect("begun");
        for bytes in noise(3 * PIECE_LEN).chunks(PIECE_LEN) {
            world.hand_over("alice", cell, message, bytes);
        }
        message
    };
    let message = begin(&mut world);
    assert!(world.records_of_attachments("alice") > 3);
    world
        .command("alice", Command::Attach(cell, Attach::Abandon(message)))
        .expect("it is forgotten");
    assert_eq!(world.records_of_attachments("alice"), 0);
    begin(&mut world);
    world.stop("alice");
    world.start("alice");
    assert_eq!(world.records_of_attachments("alice"), 0);
    assert!(world.conversation("alice", cell).is_empty());
}

#[test]
fn a_crash_at_any_output_of_sending_leaves_all_or_nothing() {
    let file = noise(PIECE_LEN + 100);
    for limit in 0..12 {
        let (mut world, cell) = three();
        let message = world
            .begin("alice", cell, about(file.len()))
            .expect("begun");
        world.hand_over("alice", cell, message, &file[..PIECE_LEN]);
        let rest = Zeroizing::new(file[PIECE_LEN..].to_vec());
        let last = Command::Attach(cell, Attach::Piece(message, rest));
        world.feed("alice", Input::Command(RequestId(9999), last), limit);
        world.settle();
        world.stop("alice");
        world.start("alice");
        world.pass(Duration::from_secs(30));
        if world.conversation("alice", cell).is_empty() {
            assert_eq!(limit, 0, "it was durable with the first output");
            assert_eq!(world.records_of_attachments("alice"), 0);
        } else {
            world.fetch("bob", cell, message);
            world.pass(Duration::from_secs(30));
            assert_eq!(
                world.file("bob", cell, message),
                Some(file.clone()),
                "{limit}"
            );
        }
    }
}

#[test]
fn fetching_can_be_stopped_and_begun_again() {
    let (mut world, cell) = three();
    let file = noise(LARGE);
    let message = world.attach("alice", cell, &file);
    world.pass(Duration::from_secs(5));
    world.fetch("bob", cell, message);
    world.pass(Duration::from_millis(35));
    let (state, have) = world.state("bob", cell, message);
    assert!(
        state == AttachmentState::Coming && have > 0,
        "{state:?} {have}"
    );
    world
        .command("bob", Command::Attach(cell, Attach::Cancel(message)))
        .expect("it stops");
    world.pass(Duration::from_secs(5));
    assert_eq!(
        world.state("bob", cell, message),
        (AttachmentState::Offered, 0)
    );
    world.fetch("bob", cell, message);
    world.pass(Duration::from_secs(10));
    assert_eq!(world.file("bob", cell, message), Some(file));
}

#[test]
fn what_is_too_large_or_wrongly_handed_over_is_refused() {
    let (mut world, cell) = three();
    let mut begin = |size: u64| {
        let about = About { size, ..about(1) };
        world.begin("alice", cell, about)
    };
    assert_eq!(begin(0).err(), Some(ErrorKind::InvalidParams));
    assert_eq!(
        begin(proto::ATTACHMENT_LIMIT_FAR + 1).err(),
        Some(ErrorKind::AttachmentTooLarge)
    );
    world
        .command("alice", Command::SetLan(cell, true))
        .expect("the LAN is used");
    let large = About {
        size: proto::ATTACHMENT_LIMIT,
        ..about(1)
    };
    let message = world.begin("alice", cell, large.clone()).expect("begun");
    let wrong = Command::Attach(cell, Attach::Piece(message, Zeroizing::new(vec![1; 5])));
    let refused = world.command("alice", wrong);
    assert_eq!(refused.err(), Some(ErrorKind::InvalidParams));
    for _ in 0..3 {
        world.begin("alice", cell, large.clone()).expect("begun");
    }
    let fifth = world.begin("alice", cell, large);
    assert_eq!(fifth.err(), Some(ErrorKind::TooMany));
}

#[test]
fn a_message_is_not_held_up_by_an_attachment() {
    let (mut world, cell) = three();
    let message = world.attach("alice", cell, &noise(4_000_000));
    world.pass(Duration::from_secs(5));
    world.fetch("bob", cell, message);
    world.pass(Duration::from_millis(100));
    let text = MessageText::parse("come down".to_owned()).expect("a text");
    let send = Command::SendMessage {
        cell,
        text,
        reply_to: None,
    };
    world.requests += 1;
    let request = RequestId(world.requests);
    let sent = world.traffic.len();
    world.feed("alice", Input::Command(request, send), usize::MAX);
    // What is sent to bob from here on until the text: two pieces at most that he had asked for.
    let before: usize = world.traffic[sent..]
        .iter()
        .filter(|(from, to, len)| (*from, *to) == ("alice", "bob") && *len > PIECE_LEN)
        .count();
    assert!(before <= 2, "{before} pieces went first");
    world.settle();
    let last = world.conversation("bob", cell).pop();
    assert_eq!(last.as_deref(), Some("alice: come down"));
    assert_eq!(world.state("bob", cell, message).0, AttachmentState::Coming);
}

#[test]
fn what_is_being_sent_can_be_stopped_and_nobody_gets_any_of_it() {
    let (mut world, cell) = three();
    let file = noise(LARGE);
    let begun = world.begin("alice", cell, about(LARGE)).expect("begun");
    for bytes in file.chunks(PIECE_LEN).take(4) {
        world.hand_over("alice", cell, begun, bytes);
    }
    assert_eq!(world.node("alice").cell_of_attachment(begun), Some(cell));
    let cancel = Command::Attach(cell, Attach::Cancel(begun));
    world.command("alice", cancel.clone()).expect("it stops");
    assert_eq!(world.records_of_attachments("alice"), 0);
    let next = Zeroizing::new(file[..PIECE_LEN].to_vec());
    let late = world.command("alice", Command::Attach(cell, Attach::Piece(begun, next)));
    assert_eq!(late.err(), Some(ErrorKind::NoSuchMessage));
    let again = world.command("alice", cancel);
    assert_eq!(again.err(), Some(ErrorKind::NoSuchMessage));
    world.pass(Duration::from_secs(60));
    for name in ["alice", "bob", "carol"] {
        assert!(world.conversation(name, cell).is_empty(), "{name}");
    }
    // What was taken in as a whole is sent, and stopping it comes too late.
    let sent = world.attach("alice", cell, &file);
    let cancel = Command::Attach(cell, Attach::Cancel(sent));
    world.command("alice", cancel).expect("nothing happens");
    assert_eq!(world.file("alice", cell, sent), Some(file));
}

#[test]
fn a_piece_that_the_disk_has_not_kept_is_fetched_again() {
    let (mut world, cell) = three();
    let file = noise(LARGE);
    let message = world.attach("alice", cell, &file);
    world.fetch("bob", cell, message);
    world.pass(Duration::from_secs(10));
    let lost = |index| Command::Attach(cell, Attach::Lost(message, index));
    // Bob's copy, from alice; then alice's own file, from bob.
    for (name, index) in [("bob", 4), ("alice", 7)] {
        let piece = Node::piece_key(cell, message, index);
        world.person(name).disk.get_mut(&piece).unwrap()[100] ^= 1;
        assert_ne!(world.file(name, cell, message), Some(file.clone()));
        world.command(name, lost(index)).expect("it is noted");
        world.pass(Duration::from_secs(10));
        assert_eq!(
            world.file(name, cell, message),
            Some(file.clone()),
            "{name}"
        );
        assert_eq!(world.state(name, cell, message).0, AttachmentState::Here);
    }
    // With nobody there it waits, over a restart too.
    world.part(&["bob"], &["alice", "carol"]);
    world.command("bob", lost(2)).expect("it is noted");
    world.command("bob", lost(9)).expect("it is not there");
    world.pass(Duration::from_secs(60));
    assert_eq!(
        world.state("bob", cell, message),
        (AttachmentState::Waiting, 2)
    );
    world.stop("bob");
    world.start("bob");
    world.heal_network();
    world.pass(Duration::from_secs(200));
    assert_eq!(world.file("bob", cell, message), Some(file));
}
