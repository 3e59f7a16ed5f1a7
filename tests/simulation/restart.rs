//! Crashes, restarts, and disks that are put back.

use std::time::Duration;

use model::{MessageText, Suite};
use proto::{Answer, Command, ErrorKind, Input, RecordKind, RequestId, WarningKind};

use crate::mallory::{Mallory, position};
use crate::world::World;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
pub(crate) fn a_crash_after_any_output_loses_nothing_that_was_acknowledged() {
    for limit in 1..12 {
        let mut world = World::new(Suite::X25519, &["alice", "bob"]);
        let cell = world.cell_of(&["alice", "bob"]);
        let first = world.say("alice", cell, "one");
        world.pass(MINUTE);
        let text = MessageText::parse("two".to_owned()).unwrap();
        let command = Command::SendMessage {
            cell,
            text,
            reply_to: None,
        };
        world.feed("alice", Input::Command(RequestId(9999), command), limit);
        world.settle();
        if world.people["alice"].disk.is_empty() {
            continue;
        }
        world.stop("alice");
        world.start("alice");
        world.pass(3 * MINUTE);
        world.say("alice", cell, "three");
        world.pass(3 * MINUTE);
        assert!(world.node("alice").message(cell, first).is_some());
        assert_eq!(
            world.conversation("alice", cell),
            world.conversation("bob", cell),
            "crash after {limit} outputs"
        );
        assert_eq!(
            world.conversation("bob", cell).last().unwrap(),
            "alice: three"
        );
        assert!(!world.warned("bob", cell, WarningKind::Equivocation));
        assert!(!world.warned("bob", cell, WarningKind::DeviceRestored));
    }
}

#[test]
pub(crate) fn a_disk_put_back_speaks_only_as_a_new_incarnation() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    let yesterday = world.people["alice"].disk.clone();
    world.say("alice", cell, "tuesday");
    world.pass(2 * MINUTE);
    world.stop("alice");
    world.person("alice").disk = yesterday;
    world.start("alice");
    world.say("alice", cell, "who am I?");
    world.pass(5 * MINUTE);
    assert!(world.warned("bob", cell, WarningKind::DeviceRestored));
    assert!(!world.warned("bob", cell, WarningKind::Equivocation));
    assert_eq!(
        world.conversation("bob", cell),
        ["alice: monday", "alice: tuesday"]
    );
    let alice = world.member("bob", cell, "alice");
    world
        .command("bob", Command::ConfirmRestored(cell, alice))
        .unwrap();
    world.pass(5 * MINUTE);
    world.say("bob", cell, "welcome back");
    world.say("carol", cell, "yes");
    world.say("alice", cell, "thank you");
    world.pass(5 * MINUTE);
    let seen = world.conversation("bob", cell);
    assert_eq!(seen.last().unwrap(), "alice: thank you");
    assert!(seen.contains(&"alice: who am I?".to_owned()), "{seen:?}");
    assert_eq!(world.conversation("carol", cell), seen);
    let restored = world.conversation("alice", cell);
    for text in [
        "alice: monday",
        "bob: welcome back",
        "carol: yes",
        "alice: thank you",
    ] {
        assert!(restored.contains(&text.to_owned()), "{restored:?}");
    }
}

#[test]
fn a_disk_put_back_is_noticed_even_if_only_a_third_member_is_there() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    let yesterday = world.people["alice"].disk.clone();
    world.say("alice", cell, "tuesday");
    world.pass(2 * MINUTE);
    world.stop("alice");
    world.stop("bob");
    world.person("alice").disk = yesterday;
    world.start("alice");
    world.say("alice", cell, "again");
    world.pass(5 * MINUTE);
    world.start("bob");
    world.pass(5 * MINUTE);
    for name in ["bob", "carol"] {
        assert!(!world.warned(name, cell, WarningKind::Equivocation));
    }
    assert!(world.warned("bob", cell, WarningKind::DeviceRestored));
}

#[test]
fn everything_is_there_after_a_restart_of_everybody() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::XWing, &names);
    let cell = world.cell_of(&names);
    for name in names {
        world.say(name, cell, "before");
    }
    world.pass(MINUTE);
    let seen = world.conversation("alice", cell);
    for name in names {
        world.stop(name);
    }
    for name in names {
        world.start(name);
    }
    world.pass(5 * MINUTE);
    for name in names {
        world.say(name, cell, "after");
    }
    world.pass(MINUTE);
    for name in names {
        assert_eq!(world.conversation(name, cell).len(), 6);
        assert_eq!(world.conversation(name, cell)[..3], seen[..]);
        assert_eq!(
            world.conversation(name, cell),
            world.conversation("alice", cell)
        );
    }
}

#[test]
fn a_disk_put_back_that_decided_something_is_noticed_and_the_way_back_is_open() {
    let names = ["alice", "bob", "carol", "dave"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.pass(2 * MINUTE);
    let yesterday = world.people["bob"].disk.clone();
    let dave = world.member("bob", cell, "dave");
    world.command("bob", Command::Vouch(cell, dave)).unwrap();
    world.pass(2 * MINUTE);
    world.stop("bob");
    world.person("bob").disk = yesterday;
    world.part(&["bob"], &["alice", "carol", "dave"]);
    world.start("bob");
    // He decides something else, where nobody can tell him what he has decided since.
    let carol = world.member("bob", cell, "carol");
    world.command("bob", Command::Remove(cell, carol)).unwrap();
    world.heal_network();
    world.pass(5 * MINUTE);
    assert!(world.warned("bob", cell, WarningKind::DeviceRestored));
    let bob = world.member("alice", cell, "bob");
    world
        .command("alice", Command::ConfirmRestored(cell, bob))
        .unwrap();
    world.pass(5 * MINUTE);
    world.say("bob", cell, "back again");
    world.pass(5 * MINUTE);
    // Not to carol: his vote against her stands.
    for name in ["alice", "bob", "dave"] {
        assert_eq!(world.conversation(name, cell), ["bob: back again"]);
        let members = world.node(name).members(cell).unwrap();
        assert!(members.iter().all(|member| member.full), "{name}");
    }
}

#[test]
fn a_story_may_start_a_device_more_often_than_a_byte_counts() {
    let mut world = World::new(Suite::X25519, &["alice"]);
    let cell = world.found("alice");
    for _ in 0..300 {
        world.stop("alice");
        world.start("alice");
    }
    assert_eq!(world.node("alice").cells()[0].cell, cell);
}

#[test]
fn a_disk_put_back_is_noticed_long_after_everybody_had_everything() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    let yesterday = world.people["alice"].disk.clone();
    world.say("alice", cell, "tuesday");
    // All have it and have said so: nobody keeps it for anybody any more.
    world.pass(60 * MINUTE);
    world.stop("alice");
    world.stop("bob");
    world.person("alice").disk = yesterday;
    world.start("alice");
    world.say("alice", cell, "again");
    world.pass(5 * MINUTE);
    assert!(world.warned("carol", cell, WarningKind::DeviceRestored));
    world.start("bob");
    world.pass(5 * MINUTE);
    for name in ["bob", "carol"] {
        assert!(!world.warned(name, cell, WarningKind::Equivocation));
    }
}

#[test]
fn who_cannot_follow_a_log_asks_until_its_owner_has_heard_it() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    let old = world.people["bob"].disk.clone();
    world.command("alice", Command::Heal(cell)).unwrap();
    world.pass(2 * MINUTE);
    world.stop("bob");
    world.say("alice", cell, "tuesday");
    world.pass(2 * MINUTE);
    world.stop("alice");
    // The records of bob's send groups are older than the rest.
    let disk = &mut world.person("bob").disk;
    disk.retain(|key, _| key.kind() != RecordKind::Group);
    let group = |key: &proto::Key| key.kind() == RecordKind::Group;
    disk.extend(old.into_iter().filter(|(key, _)| group(key)));
    world.start("bob");
    world.pass(5 * MINUTE);
    assert_eq!(world.conversation("bob", cell), ["alice: monday"]);
    world.stop("bob");
    world.start("bob");
    world.pass(MINUTE);
    world.start("alice");
    world.pass(5 * MINUTE);
    world.say("alice", cell, "wednesday");
    world.pass(MINUTE);
    assert_eq!(
        world.conversation("bob", cell),
        ["alice: monday", "alice: wednesday"]
    );
}

#[test]
fn who_lacks_what_nobody_keeps_any_more_goes_on_from_there() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    let old = world.people["bob"].disk.clone();
    for text in ["tuesday", "wednesday", "thursday"] {
        world.say("alice", cell, text);
        world.command("alice", Command::Heal(cell)).unwrap();
    }
    // Bob has them and says so, and nobody keeps them for him.
    world.pass(60 * MINUTE);
    world.stop("bob");
    world.person("bob").disk = old;
    world.start("bob");
    world.pass(5 * MINUTE);
    assert!(!world.warned("bob", cell, WarningKind::Withheld));
    world.pass(40 * MINUTE);
    assert!(world.warned("bob", cell, WarningKind::Withheld));
    world.say("alice", cell, "friday");
    world.pass(2 * MINUTE);
    let seen = world.conversation("bob", cell);
    assert_eq!(seen.first().unwrap(), "alice: monday");
    assert_eq!(seen.last().unwrap(), "alice: friday");
    assert!(!world.warned("bob", cell, WarningKind::Equivocation));
}

#[test]
pub(crate) fn whoever_is_alone_after_a_start_seals_nothing_before_somebody_comes() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let cell = world.found("alice");
    world.say("alice", cell, "to nobody");
    world.stop("alice");
    world.start("alice");
    let log = Mallory::of(&world, "alice", cell);
    let before = position(&world, "alice", &log);
    let note = world.say("alice", cell, "a note to myself");
    world.pass(5 * MINUTE);
    let waits = world.node("alice").message(cell, note).unwrap();
    assert_eq!(waits.audience, 0);
    assert_eq!(position(&world, "alice", &log), before);
    // It is not kept for a newcomer either.
    world.join("bob", cell, "alice");
    world.say("alice", cell, "welcome");
    world.pass(MINUTE);
    assert_eq!(world.conversation("bob", cell), ["alice: welcome"]);
    assert_eq!(world.conversation("alice", cell).len(), 3);
}

#[test]
fn a_bundle_of_a_disk_put_back_holds_nothing_that_was_not_sealed_before() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "monday");
    world.pass(2 * MINUTE);
    let yesterday = world.people["alice"].disk.clone();
    world.say("alice", cell, "tuesday");
    world.pass(2 * MINUTE);
    world.stop("alice");
    world.person("alice").disk = yesterday;
    world.part(&["alice"], &["bob", "carol"]);
    world.start("alice");
    world.say("alice", cell, "where am I?");
    let exported = world.command("alice", Command::ExportBundle(cell));
    let Ok(Answer::BundleExported(bytes, _)) = exported else {
        panic!("what is sealed can be exported");
    };
    let import = Command::ImportBundle(bytes.to_vec());
    assert!(matches!(
        world.command("bob", import),
        Ok(Answer::BundleImported(0, _)) | Err(ErrorKind::BundleForeign)
    ));
    world.heal_network();
    world.pass(10 * MINUTE);
    for name in ["bob", "carol"] {
        assert!(!world.warned(name, cell, WarningKind::Equivocation));
        assert!(world.warned(name, cell, WarningKind::DeviceRestored));
    }
}

#[test]
fn a_damaged_cell_is_shown_as_damaged_and_the_others_go_on() {
    let mut world = World::new(Suite::X25519, &["alice", "bob"]);
    let broken = world.cell_of(&["alice", "bob"]);
    let whole = world.cell_of(&["alice", "bob"]);
    for cell in [broken, whole] {
        world.say("alice", cell, "before");
    }
    world.pass(2 * MINUTE);
    world.stop("alice");
    let of_broken = |key: &proto::Key| key.scope() == broken.as_bytes();
    let kinds = [
        RecordKind::Cell,
        RecordKind::Membership,
        RecordKind::Log,
        RecordKind::Envelope,
        RecordKind::Object,
    ];
    let intact = world.people["alice"].disk.clone();
    for kind in kinds {
        for cut in [true, false] {
            let mut disk = world.people["alice"].disk.clone();
            disk.retain(|key, _| !of_broken(key));
            let parts = intact.iter().filter(|(key, _)| of_broken(key));
            disk.extend(parts.map(|(key, value)| (key.clone(), value.clone())));
            let mut records = disk
                .iter_mut()
                .filter(|(key, _)| of_broken(key) && key.kind() == kind);
            let (key, value) = records.next().unwrap();
            let key = key.clone();
            value.truncate(value.len() / 2);
            if !cut && kind != RecordKind::Cell && kind != RecordKind::Membership {
                continue;
            }
            if !cut {
                disk.remove(&key);
            }
            world.person("alice").disk = disk.clone();
            world.person("alice").notices.clear();
            world.start("alice");
            assert!(world.warned("alice", broken, WarningKind::Damaged));
            assert!(!world.warned("alice", whole, WarningKind::Damaged));
            let cells = world.node("alice").cells();
            let states: Vec<_> = cells
                .iter()
                .map(|cell| (cell.cell, cell.state.name()))
                .collect();
            assert_eq!(states, [(whole, "member"), (broken, "damaged")]);
            let refused = world.command("alice", Command::Heal(broken));
            assert!(matches!(refused, Err(ErrorKind::CellDamaged)));
            world.pass(2 * MINUTE);
            world.say("alice", whole, "still here");
            world.pass(MINUTE);
            let seen = world.conversation("bob", whole);
            assert_eq!(seen.last().unwrap(), "alice: still here");
            // What is left of it stays as it is.
            let left = |disk: &crate::world::Disk| -> Vec<_> {
                let records = disk.iter().filter(|(key, _)| of_broken(key));
                records
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect()
            };
            assert_eq!(left(&world.people["alice"].disk), left(&disk));
            world.stop("alice");
        }
    }
}

#[test]
fn a_warning_stays_on_the_list_over_restarts_until_it_is_dismissed() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let yesterday = world.people["alice"].disk.clone();
    world.say("alice", cell, "lost on this disk");
    world.pass(2 * MINUTE);
    world.stop("alice");
    world.person("alice").disk = yesterday;
    world.start("alice");
    world.pass(2 * MINUTE);
    let unconfirmed = |world: &World, whom| {
        let member = world.member("bob", cell, whom);
        let members = world.node("bob").members(cell).unwrap();
        let info = members.iter().find(|info| info.member == member);
        info.unwrap().unconfirmed
    };
    assert!(unconfirmed(&world, "alice"));
    assert!(!unconfirmed(&world, "carol"));

    world.stop("bob");
    world.start("bob");
    let kinds = |world: &World| -> Vec<WarningKind> {
        let warnings = world.node("bob").warnings(cell).unwrap();
        warnings.iter().map(|warning| warning.kind).collect()
    };
    assert_eq!(kinds(&world), [WarningKind::DeviceRestored]);
    let alice = world.member("bob", cell, "alice");
    world
        .command("bob", Command::ConfirmRestored(cell, alice))
        .unwrap();
    assert!(!unconfirmed(&world, "alice"));
    let dismiss = Command::DismissWarning(cell, WarningKind::DeviceRestored);
    world.command("bob", dismiss.clone()).unwrap();
    assert!(world.command("bob", dismiss).is_err(), "it is not there");
    world.stop("bob");
    world.start("bob");
    assert_eq!(kinds(&world), []);
}
