//! What people propose to do together: a call, who comes, who is home, and that nothing of it is left.

use std::time::Duration;

use action::{Call, Day, presets};
use model::{CallId, CancelReason, CellId, PlanPlace, Suite, Timestamp};
use proto::{
    Answer, CallDeed, CallView, CheckInState, Coming, Command, ErrorKind, MissedStage, Notice,
};

use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const NAMES: [Name; 4] = ["alice", "bob", "carol", "dave"];
const PLACE: &str = "the steps by the old bridge";

pub(crate) fn vigil(world: &World) -> Call {
    let today = Day::of(world.now().timestamp);
    let call = presets(today, None).remove(0);
    call.check(Some(today)).unwrap()
}

pub(crate) fn share(world: &mut World, name: Name, cell: CellId, call: Call) -> CallId {
    let answer = world.command(name, Command::ShareCall(cell, Box::new(call)));
    let Ok(Answer::CallShared(call)) = answer else {
        panic!("{name} could not share: {answer:?}")
    };
    call
}

pub(crate) fn act(world: &mut World, name: Name, at: (CellId, CallId), deed: CallDeed) {
    refused(world, name, at, deed, None);
}

pub(crate) fn refused(
    world: &mut World,
    name: Name,
    (cell, call): (CellId, CallId),
    deed: CallDeed,
    why: Option<ErrorKind>,
) {
    let answer = world.command(name, Command::OnCall(cell, call, deed));
    assert_eq!(answer.err(), why, "{name}");
}

pub(crate) fn seen(world: &World, name: Name, (cell, call): (CellId, CallId)) -> CallView {
    world.node(name).call(cell, call).unwrap()
}

fn place(text: &str) -> CallDeed {
    CallDeed::SetPlace(Some(PlanPlace::parse(text).unwrap()))
}

pub(crate) fn off(reason: &str) -> CallDeed {
    CallDeed::Cancel(CancelReason::parse(reason).unwrap())
}

/// All that people see of a call, but when.
fn told(world: &World, name: Name, at: (CellId, CallId)) -> String {
    let CallView {
        object,
        cancelled,
        plan,
        answers,
        roles,
        ticks,
        buddies,
        check_ins,
        presumed,
        ends_at,
        ..
    } = seen(world, name, at);
    let place = plan.place.as_ref().map(|place| place.expose().to_owned());
    format!(
        "{} {:?} {place:?} {:?} {answers:?} {roles:?} {ticks:?} {buddies:?} {check_ins:?} {presumed:?} {ends_at:?}",
        object.duration_min,
        cancelled.and_then(|cancelled| Some(cancelled.reason?.expose().to_owned())),
        plan.time,
    )
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

pub(crate) fn missed(world: &World, name: Name) -> Vec<MissedStage> {
    let notices = world.people[name].notices.iter();
    notices
        .filter_map(|notice| match notice {
            Notice::MissedCheckIn { stage, .. } => Some(*stage),
            _ => None,
        })
        .collect()
}

/// A cell of four, and a vigil that alice shared in it, an hour from now. Dave is away.
pub(crate) fn gathered() -> (World, (CellId, CallId), Timestamp) {
    let mut world = World::new(Suite::X25519, &NAMES);
    world.frames = Some(Vec::new());
    let cell = world.cell_of(&NAMES);
    world.stop("dave");
    let call = vigil(&world);
    let at = (cell, share(&mut world, "alice", cell, call));
    let begins = (world.now().timestamp + HOUR).rounded_down(MINUTE);
    act(&mut world, "alice", at, CallDeed::SetTime(Some(begins)));
    act(&mut world, "alice", at, place(PLACE));
    for name in ["alice", "bob", "carol"] {
        act(&mut world, name, at, CallDeed::Answer(Coming::In));
    }
    (world, at, begins)
}

#[test]
fn a_vigil_is_planned_lived_through_and_forgotten() {
    let (mut world, at, begins) = gathered();
    let carol = world.member("alice", at.0, "carol");
    let bob = world.member("alice", at.0, "bob");
    for (name, role) in [
        ("bob", "speaker"),
        ("carol", "stander"),
        ("alice", "observer"),
    ] {
        act(&mut world, name, at, CallDeed::TakeRole(role.to_owned()));
    }
    let taken = CallDeed::TakeRole("speaker".to_owned());
    refused(&mut world, "carol", at, taken, Some(ErrorKind::RoleFull));
    act(&mut world, "carol", at, CallDeed::SetBuddy(Some(bob)));
    let tick = CallDeed::Tick {
        list: 0,
        item: 1,
        done: true,
    };
    act(&mut world, "bob", at, tick);
    world.pass(MINUTE);
    assert!(world.heard("bob", &Notice::CallReceived(at.0, at.1)));
    assert_eq!(told(&world, "bob", at), told(&world, "alice", at));
    assert_eq!(told(&world, "carol", at), told(&world, "alice", at));
    // Dave comes back, and has all of it.
    world.start("dave");
    world.pass(2 * MINUTE);
    assert_eq!(told(&world, "dave", at), told(&world, "alice", at));
    // The vigil is over; alice and bob are home, carol is not.
    world.pass(HOUR + 20 * MINUTE);
    act(&mut world, "alice", at, CallDeed::CheckIn);
    act(&mut world, "bob", at, CallDeed::CheckIn);
    world.pass(31 * MINUTE);
    assert_eq!(missed(&world, "carol"), [MissedStage::Ourselves]);
    assert_eq!(missed(&world, "bob"), [MissedStage::Buddy]);
    assert_eq!(missed(&world, "alice"), []);
    assert_eq!(state_of(&world, "dave", at, carol), CheckInState::Asked);
    world.pass(31 * MINUTE);
    for name in ["alice", "dave"] {
        assert_eq!(missed(&world, name), [MissedStage::Cell], "{name}");
    }
    // She is late, and home.
    act(&mut world, "carol", at, CallDeed::CheckIn);
    world.pass(MINUTE);
    assert_eq!(state_of(&world, "alice", at, carol), CheckInState::Home);
    forgotten(&mut world, at, begins);
}

/// Two hours after the end nothing of it is left anywhere.
fn forgotten(world: &mut World, at: (CellId, CallId), begins: Timestamp) {
    let (cell, call) = at;
    assert!(
        NAMES.iter().all(|name| keeps(world, name, PLACE)),
        "the search can find something"
    );
    let over = seen(world, "alice", at).erased_at;
    assert_eq!(over, begins + 20 * MINUTE + 2 * HOUR);
    // Dave is away when that happens: his device does it first thing.
    world.stop("dave");
    world.pass(HOUR);
    world.start("dave");
    for name in NAMES {
        assert!(world.heard(name, &Notice::CallErased(cell, call)), "{name}");
        assert!(world.node(name).calls(cell).unwrap().is_empty());
        for gone in [PLACE, "in silence", "stander"] {
            assert!(!keeps(world, name, gone), "{name} keeps {gone}");
        }
    }
    refused(
        world,
        "bob",
        at,
        CallDeed::CheckIn,
        Some(ErrorKind::CallExpired),
    );
    // Nor does it come back after a start.
    world.stop("bob");
    world.start("bob");
    world.pass(2 * MINUTE);
    assert_eq!(
        world.node("bob").call(cell, call).err(),
        Some(ErrorKind::CallExpired)
    );
}

pub(crate) fn state_of(
    world: &World,
    name: Name,
    at: (CellId, CallId),
    member: model::MemberId,
) -> CheckInState {
    let view = seen(world, name, at);
    let check_in = view
        .check_ins
        .iter()
        .find(|check_in| check_in.member == member);
    check_in.unwrap().state
}

#[test]
fn a_cancellation_outranks_what_is_said_beside_it_and_stands_first() {
    let (mut world, at, _) = gathered();
    let (cell, call) = at;
    let other = vigil(&world);
    let second = share(&mut world, "bob", cell, other);
    world.pass(MINUTE);
    world.start("dave");
    world.pass(2 * MINUTE);
    world.part(&["alice"], &["bob", "carol", "dave"]);
    world.part(&["bob"], &["carol", "dave"]);
    act(&mut world, "alice", at, off("somebody was followed"));
    act(&mut world, "bob", at, place("somewhere else"));
    act(&mut world, "carol", at, CallDeed::Answer(Coming::Out));
    world.heal_network();
    world.pass(5 * MINUTE);
    for name in NAMES {
        let views = world.node(name).calls(cell).unwrap();
        assert_eq!(views.len(), 2, "{name}");
        assert!(views[0].call == call && views[1].call == second, "{name}");
        let cancelled = views[0].cancelled.as_ref().unwrap();
        assert_eq!(
            cancelled.reason.as_ref().unwrap().expose(),
            "somebody was followed"
        );
        assert_eq!(told(&world, name, at), told(&world, "alice", at), "{name}");
    }
    let again = CallDeed::Answer(Coming::In);
    refused(&mut world, "bob", at, again, Some(ErrorKind::CallCancelled));
    // Not even its author brings it back.
    let today = Day::of(world.now().timestamp);
    let update = vigil(&world).into_draft().check(Some(today)).unwrap();
    let update = CallDeed::Update(Box::new(update));
    refused(
        &mut world,
        "alice",
        at,
        update,
        Some(ErrorKind::CallCancelled),
    );
    // Nobody waits for people who did not go.
    world.pass(4 * HOUR);
    assert!(NAMES.iter().all(|name| missed(&world, name).is_empty()));
    assert!(
        NAMES
            .iter()
            .all(|name| !keeps(&world, name, "was followed"))
    );
}

#[test]
fn only_its_author_changes_a_call_and_an_update_racing_a_cancellation_loses() {
    let (mut world, at, _) = gathered();
    world.start("dave");
    world.pass(2 * MINUTE);
    let longer = || {
        let mut call = vigil(&World::new(Suite::X25519, &[])).into_draft();
        call.duration_min = 30;
        CallDeed::Update(Box::new(call.check(None).unwrap()))
    };
    refused(
        &mut world,
        "bob",
        at,
        longer(),
        Some(ErrorKind::NotTheAuthor),
    );
    refused(
        &mut world,
        "bob",
        at,
        off("no"),
        Some(ErrorKind::NotTheAuthor),
    );
    act(&mut world, "alice", at, longer());
    world.pass(MINUTE);
    assert_eq!(seen(&world, "dave", at).object.duration_min, 30);
    // Said while nobody hears, the cancellation after the update: both go out together.
    world.part(&["alice"], &["bob", "carol", "dave"]);
    act(&mut world, "alice", at, longer());
    act(&mut world, "alice", at, off("no"));
    world.stop("alice");
    world.start("alice");
    world.heal_network();
    world.pass(5 * MINUTE);
    for name in NAMES {
        assert!(seen(&world, name, at).cancelled.is_some(), "{name}");
    }
}

#[test]
fn the_last_place_of_a_role_goes_to_the_same_person_everywhere() {
    let (mut world, at, _) = gathered();
    world.start("dave");
    world.pass(2 * MINUTE);
    world.part(&["bob"], &["alice", "carol", "dave"]);
    world.part(&["carol"], &["alice", "dave"]);
    for name in ["bob", "carol"] {
        act(
            &mut world,
            name,
            at,
            CallDeed::TakeRole("speaker".to_owned()),
        );
    }
    world.heal_network();
    world.pass(5 * MINUTE);
    let speaker = |name| {
        let view = seen(&world, name, at);
        let role = view
            .roles
            .iter()
            .find(|role| role.role == "speaker")
            .unwrap()
            .clone();
        (role.taken_by, role.waiting)
    };
    let (taken, waiting) = speaker("alice");
    assert_eq!((taken.len(), waiting.len()), (1, 1));
    for name in NAMES {
        assert_eq!(speaker(name), (taken.clone(), waiting.clone()), "{name}");
    }
    // Whoever is out gives the place to who waits.
    let bob = world.member("alice", at.0, "bob");
    let first = if taken == [bob] { "bob" } else { "carol" };
    act(&mut world, first, at, CallDeed::Answer(Coming::Out));
    world.pass(MINUTE);
    let view = seen(&world, "dave", at);
    let role = view
        .roles
        .iter()
        .find(|role| role.role == "speaker")
        .unwrap();
    assert_eq!(role.taken_by, waiting);
}

pub(crate) fn presume(
    world: &mut World,
    name: Name,
    (cell, call): (CellId, CallId),
    whom: Name,
) -> (u8, u8) {
    let member = world.member(name, cell, whom);
    match world.command(name, Command::PresumeArrest(cell, call, member)) {
        Ok(Answer::ArrestPresumed { presumed, needed }) => (presumed, needed),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_late_check_in_undoes_what_one_presumed_and_a_quorum_removes() {
    let (mut world, at, _) = gathered();
    let (cell, _) = at;
    world.start("dave");
    world.pass(3 * HOUR - 50 * MINUTE);
    let carol = world.member("alice", cell, "carol");
    assert_eq!(presume(&mut world, "alice", at, "carol"), (1, 2));
    world.pass(MINUTE);
    assert_eq!(seen(&world, "bob", at).presumed.len(), 1);
    // One alone removes nobody, and she comes home before the second.
    act(&mut world, "carol", at, CallDeed::CheckIn);
    world.pass(MINUTE);
    assert!(seen(&world, "bob", at).presumed.is_empty());
    let refused = world.command("bob", Command::PresumeArrest(cell, at.1, carol));
    assert_eq!(refused.err(), Some(ErrorKind::NotExpected));
    // Bob does not come home, and two who may vote say so.
    assert_eq!(presume(&mut world, "alice", at, "bob"), (1, 2));
    world.pass(MINUTE);
    assert_eq!(presume(&mut world, "carol", at, "bob"), (2, 2));
    world.pass(2 * MINUTE);
    assert!(world.heard("bob", &Notice::RemovedFromCell(cell)));
    let bob = world.member("alice", cell, "bob");
    assert!(world.heard("alice", &Notice::MemberRemoved(cell, bob)));
    assert!(world.heard("carol", &Notice::MemberRemoved(cell, bob)));
}

#[test]
fn who_joins_later_sees_nothing_of_a_call_from_before() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&["alice", "bob"]);
    let call = vigil(&world);
    let at = (cell, share(&mut world, "alice", cell, call));
    act(&mut world, "alice", at, place(PLACE));
    world.pass(MINUTE);
    world.join("carol", cell, "bob");
    act(&mut world, "bob", at, CallDeed::Answer(Coming::In));
    world.pass(MINUTE);
    assert!(world.node("carol").calls(cell).unwrap().is_empty());
    assert!(!keeps(&world, "carol", PLACE));
    let answer = CallDeed::Answer(Coming::In);
    refused(&mut world, "carol", at, answer, Some(ErrorKind::NoSuchCall));
    // What its author says to everybody who is there now, she reads.
    let again = CallDeed::Update(Box::new(vigil(&world)));
    act(&mut world, "alice", at, again);
    world.pass(MINUTE);
    assert_eq!(seen(&world, "carol", at).answers.len(), 1);
    assert!(seen(&world, "carol", at).plan.place.is_none());
}

#[test]
fn no_place_or_answer_is_in_a_frame_or_bundle_and_a_check_in_looks_like_any_message() {
    let (mut world, at, _) = gathered();
    let (cell, _) = at;
    // Whoever says before it begins that they are home would be waited for by nobody.
    let early = Some(ErrorKind::NotExpected);
    refused(&mut world, "bob", at, CallDeed::CheckIn, early);
    let bundle = world.command("alice", Command::ExportBundle(cell));
    let Ok(Answer::BundleExported(bytes, _)) = bundle else {
        panic!("no bundle: {bundle:?}")
    };
    let has = |bytes: &[u8], words: &str| {
        bytes
            .windows(words.len())
            .any(|part| part == words.as_bytes())
    };
    for secret in [PLACE, "stander", "observer", "in silence"] {
        assert!(!has(&bytes, secret), "a bundle has {secret}");
        let frames = world.frames.as_ref().unwrap();
        assert!(frames.len() > 50);
        assert!(
            frames.iter().all(|frame| !has(frame, secret)),
            "a frame has {secret}"
        );
        assert!(
            keeps(&world, "bob", secret),
            "the search can find something"
        );
    }
    world.pass(HOUR);
    let lengths = |world: &mut World, deed: &mut dyn FnMut(&mut World)| {
        world.pass(5 * MINUTE);
        let before = world.traffic.len();
        deed(world);
        let sent = world.traffic[before..].iter();
        let of_bob = sent.filter(|(from, _, _)| *from == "bob");
        of_bob
            .map(|(_, to, length)| (*to, *length))
            .collect::<Vec<_>>()
    };
    world.say("bob", cell, "so that nothing is left to be renewed");
    let said = lengths(&mut world, &mut |world| {
        world.say("bob", cell, "on my way, see you soon");
    });
    let home = lengths(&mut world, &mut |world| {
        act(world, "bob", at, CallDeed::CheckIn)
    });
    let chosen = lengths(&mut world, &mut |world| {
        act(world, "bob", at, place(&"ж".repeat(90)))
    });
    assert!(!said.is_empty());
    assert_eq!(said, home);
    assert_eq!(said, chosen);
}

#[test]
fn messages_go_after_the_time_on_which_the_members_agreed() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    assert_eq!(world.node("bob").cells()[0].lifetime_s, 7 * 24 * 3600);
    world.say("alice", cell, "said before");
    world.pass(MINUTE);
    world.stop("carol");
    let short = world.command("alice", Command::SetLifetime(cell, 3599));
    assert_eq!(short.err(), Some(ErrorKind::InvalidParams));
    world
        .command("alice", Command::SetLifetime(cell, 7200))
        .unwrap();
    world.pass(HOUR);
    assert_eq!(world.node("bob").cells()[0].lifetime_s, 7200);
    world.say("bob", cell, "burn after reading");
    world.pass(MINUTE);
    world.start("carol");
    world.pass(2 * MINUTE);
    for name in names {
        assert!(keeps(&world, name, "burn after"), "{name}");
    }
    world.pass(2 * HOUR);
    // What was said before anybody agreed stays as long as it was to stay: nobody can wipe out what others have.
    for name in names {
        assert!(!keeps(&world, name, "burn after"), "{name}");
        assert_eq!(world.conversation(name, cell), ["alice: said before"]);
    }
    // Nor does it stay longer when a longer time is agreed upon afterwards.
    world
        .command("bob", Command::SetLifetime(cell, 30 * 24 * 3600))
        .unwrap();
    for _ in 0..7 {
        world.pass(24 * HOUR);
    }
    for name in names {
        assert!(world.conversation(name, cell).is_empty(), "{name}");
        assert!(!keeps(&world, name, "said before"), "{name}");
        assert_eq!(world.node(name).cells()[0].unread, 0);
    }
}
