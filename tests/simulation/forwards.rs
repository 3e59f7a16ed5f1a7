//! Posts of a channel in a cell: with the signatures of the channel, and what the channel calls off is off in the cell.

use std::time::Duration;

use channel::PostId;
use model::{CallId, CellId, MessageId};
use proto::{
    Answer, CallView, ChannelDeed, ChannelId, Command, ErrorKind, MessageBody, Node, Notice,
    SourceState,
};

use crate::calls::{act, off, seen};
use crate::channels::{deed, found, post, subscribe, world};
use crate::posted_calls::{cancel, post_call, vigil};
use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);

/// Alice publishes, bob follows; bob and carol are in a cell of which alice knows nothing.
fn begun() -> (World, ChannelId, CellId) {
    let mut world = world();
    let (channel, link) = found(&mut world, 0);
    subscribe(&mut world, "bob", &link);
    let cell = world.cell_of(&["bob", "carol", "dave"]);
    (world, channel, cell)
}

fn forward(
    world: &mut World,
    name: Name,
    (channel, post): (ChannelId, PostId),
    cell: CellId,
) -> Result<Answer, ErrorKind> {
    let answer = deed(world, name, ChannelDeed::Forward(channel, post, cell));
    world.pass(MINUTE);
    answer
}

fn share(world: &mut World, name: Name, from: (ChannelId, PostId), cell: CellId) -> CallId {
    match forward(world, name, from, cell) {
        Ok(Answer::CallShared(call)) => call,
        other => panic!("{name} could not share: {other:?}"),
    }
}

fn body(world: &World, name: Name, cell: CellId, message: MessageId) -> MessageBody {
    let record = &world.people[name].disk[&Node::message_key(cell, message)];
    Node::read_message(record).unwrap().unwrap()
}

fn there(view: &CallView) -> Option<SourceState> {
    view.source.as_ref().and_then(|source| source.there)
}

#[test]
fn a_forwarded_text_says_from_which_channel_it_is_to_whoever_does_not_follow_it() {
    let (mut world, channel, cell) = begun();
    let posted = post(&mut world, "alice", channel, "we meet on Sunday").unwrap();
    let Ok(Answer::MessageAccepted(message)) = forward(&mut world, "bob", (channel, posted), cell)
    else {
        panic!("it was not forwarded")
    };
    for name in ["bob", "carol", "dave"] {
        let body = body(&world, name, cell, message);
        assert_eq!(body.text.unwrap().expose(), "we meet on Sunday");
        let origin = body.forwarded.unwrap();
        assert_eq!(origin.name.expose(), "Quiet Square", "{name}");
        assert_eq!((origin.channel, origin.post), (channel, posted), "{name}");
    }
    // Whoever changes it says it themselves.
    let text = model::MessageText::parse("we meet on Monday".to_owned()).unwrap();
    let edited = Command::EditMessage(cell, message, text);
    if world.command("bob", edited).is_ok() {
        world.pass(MINUTE);
        for name in ["bob", "carol"] {
            assert!(
                body(&world, name, cell, message).forwarded.is_none(),
                "{name}"
            );
        }
    }
}

#[test]
fn a_call_of_a_channel_that_is_called_off_is_off_in_every_cell_that_took_it() {
    let (mut world, channel, cell) = begun();
    let first = post_call(&mut world, channel, "by the bridge");
    let call = share(&mut world, "bob", (channel, first), cell);
    let at = (cell, call);
    for name in ["bob", "carol", "dave"] {
        let view = seen(&world, name, at);
        let source = view.source.clone().unwrap();
        assert_eq!(source.name.expose(), "Quiet Square", "{name}");
        assert!(source.same, "{name}");
        let follows = (name == "bob").then_some(SourceState::Same);
        assert_eq!(there(&view), follows, "{name}");
    }
    cancel(&mut world, channel, first);
    world.pass(MINUTE);
    for name in ["bob", "carol", "dave"] {
        let cancelled = seen(&world, name, at).cancelled.unwrap();
        assert_eq!(
            cancelled.reason.unwrap().expose(),
            "police are there",
            "{name}"
        );
        assert!(
            world.heard(name, &Notice::CallChanged(cell, call)),
            "{name}"
        );
    }
    let again = forward(&mut world, "bob", (channel, first), cell);
    assert_eq!(again.err(), Some(ErrorKind::CallCancelled));
}

#[test]
fn whoever_follows_the_channel_can_tell_the_cell_while_the_one_who_shared_is_away() {
    let (mut world, channel, cell) = begun();
    let link = crate::channels::link_of(&mut world, "alice", channel);
    let first = post_call(&mut world, channel, "by the bridge");
    subscribe(&mut world, "carol", &link);
    let at = (cell, share(&mut world, "bob", (channel, first), cell));
    world.stop("bob");
    let off = cancel(&mut world, channel, first);
    world.pass(5 * MINUTE);
    // It would tell the cell who follows the channel, so nobody but carol does it for her.
    assert_eq!(there(&seen(&world, "carol", at)), Some(SourceState::Off));
    assert!(seen(&world, "dave", at).cancelled.is_none());
    assert_eq!(
        world.node("carol").call_off_of(channel, source(&world, at)),
        Some(off)
    );
    let told = forward(&mut world, "carol", (channel, off), cell);
    assert_eq!(told.map(|_| ()), Ok(()));
    for name in ["carol", "dave"] {
        assert!(seen(&world, name, at).cancelled.is_some(), "{name}");
    }
    world.start("bob");
    world.pass(10 * MINUTE);
    assert!(seen(&world, "bob", at).cancelled.is_some());
}

fn source(world: &World, at: (CellId, CallId)) -> channel::CallRef {
    seen(world, "carol", at).source.unwrap().call
}

#[test]
fn a_device_that_was_off_while_its_channel_called_off_tells_the_cell_when_it_is_back() {
    let (mut world, channel, cell) = begun();
    let first = post_call(&mut world, channel, "by the bridge");
    let at = (cell, share(&mut world, "bob", (channel, first), cell));
    world.stop("bob");
    cancel(&mut world, channel, first);
    world.pass(60 * MINUTE);
    assert!(seen(&world, "carol", at).cancelled.is_none());
    world.start("bob");
    world.pass(15 * MINUTE);
    for name in ["bob", "carol", "dave"] {
        assert!(seen(&world, name, at).cancelled.is_some(), "{name}");
    }
}

#[test]
fn a_call_that_is_changed_here_or_there_says_so() {
    let (mut world, channel, cell) = begun();
    let first = post_call(&mut world, channel, "by the bridge");
    let at = (cell, share(&mut world, "bob", (channel, first), cell));
    let elsewhere = Box::new(vigil(&world, "by the station"));
    act(&mut world, "bob", at, proto::CallDeed::Update(elsewhere));
    world.pass(MINUTE);
    let view = seen(&world, "carol", at);
    assert!(!view.source.unwrap().same);
    let changed = Box::new(vigil(&world, "by the theatre"));
    let update = deed(
        &mut world,
        "alice",
        ChannelDeed::UpdateCall(channel, first, changed),
    );
    assert_eq!(update.map(|_| ()), Ok(()));
    world.pass(MINUTE);
    assert_eq!(there(&seen(&world, "bob", at)), Some(SourceState::Changed));
    // It is still one call there, whatever it says here.
    cancel(&mut world, channel, first);
    world.pass(MINUTE);
    assert!(seen(&world, "dave", at).cancelled.is_some());
}

#[test]
fn nothing_about_a_channel_is_said_in_a_cell_unless_somebody_forwards_it() {
    let (mut world, channel, cell) = begun();
    let first = post_call(&mut world, channel, "by the bridge");
    let own = vigil(&world, "our own");
    let at = (cell, crate::calls::share(&mut world, "carol", cell, own));
    cancel(&mut world, channel, first);
    world.pass(MINUTE);
    assert!(seen(&world, "dave", at).cancelled.is_none());
    assert!(seen(&world, "dave", at).source.is_none());
    let wrong = post(&mut world, "alice", channel, "one").unwrap();
    let nobody = CellId::from_bytes([7; 32]);
    let refused = forward(&mut world, "bob", (channel, wrong), nobody);
    assert_eq!(refused.err(), Some(ErrorKind::NoSuchCell));
    let refused = forward(&mut world, "bob", (channel, first), cell);
    assert_eq!(refused.err(), Some(ErrorKind::CallCancelled));
    let gone = forward(
        &mut world,
        "bob",
        (channel, PostId::from_bytes([9; 32])),
        cell,
    );
    assert_eq!(gone.err(), Some(ErrorKind::NoSuchPost));
    act(&mut world, "carol", at, off("rain"));
}
