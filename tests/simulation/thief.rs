//! What can be read with a copy of somebody's keys and everything that was ever sealed. The reader here obeys nobody: it
//! knows no membership and tries each key on each envelope, as somebody would who was removed, came late, or stole a disk.

use std::time::Duration;

use crypto::{Context, Rng, Secret, SigningKey, hash};
use group::Groups;
use model::{CellId, Incarnation, LogId, MemberId, Suite};
use proto::{Command, RecordKind};

use crate::mallory::length;
use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);
const ASSOCIATED: Context = Context::new("vigil envelope associated data v1");

/// Somebody with the records of a member.
struct Thief(Groups);

/// An envelope taken apart (PROTOCOL §2).
struct Taken {
    log: LogId,
    commit: bool,
    associated: [u8; 32],
    payload: Vec<u8>,
}

impl Thief {
    /// Copies somebody's disk as it is now.
    fn of(world: &World, name: Name, cell: CellId) -> Self {
        let disk = &world.people[name].disk;
        let of_cell = |kind: RecordKind| {
            let records = disk.iter();
            records.filter(move |(key, _)| key.kind() == kind && key.scope() == cell.as_bytes())
        };
        let (_, record) = of_cell(RecordKind::Cell).next().expect("a member");
        let seed: [u8; 32] = record[1..33].try_into().unwrap();
        let groups = of_cell(RecordKind::Group);
        let records: Vec<_> = groups
            .map(|(key, value)| (key.name().to_vec(), value.clone()))
            .collect();
        let identity = SigningKey::from_seed(&Secret::from_bytes(seed));
        let rng = Rng::from_seed(&Secret::from_bytes([0xee; 32]));
        Self(Groups::restore(cell, world.suite, identity, rng, records).expect("groups"))
    }

    /// Everything that opens, one after the other.
    fn read(&mut self, sealed: &[Vec<u8>]) -> String {
        let envelopes: Vec<Taken> = sealed.iter().map(|bytes| Taken::of(bytes)).collect();
        let mut read = Vec::new();
        // What one brings may be what another needs.
        loop {
            let before = read.len();
            let mut merged = false;
            for envelope in &envelopes {
                if envelope.commit {
                    merged |= self.go_along(envelope);
                } else if let Ok(text) =
                    self.0
                        .open(&envelope.log, &envelope.payload, &envelope.associated)
                {
                    read.extend_from_slice(&text);
                }
            }
            if read.len() == before && !merged {
                return String::from_utf8_lossy(&read).into_owned();
            }
        }
    }

    fn go_along(&mut self, envelope: &Taken) -> bool {
        let (len, from) = length(&envelope.payload);
        let (commit, welcome) = envelope.payload[from..].split_at(len);
        if !self.0.follows(&envelope.log) {
            let (len, from) = length(welcome);
            return len > 0 && self.0.join(envelope.log, &welcome[from..]).is_ok();
        }
        match self.0.stage(&envelope.log, commit, &envelope.associated) {
            Ok(staged) => !staged.removes_us() && self.0.merge(staged).is_ok(),
            Err(_) => false,
        }
    }
}

impl Taken {
    fn of(bytes: &[u8]) -> Self {
        let (len, from) = length(bytes);
        let (header, rest) = bytes[from..].split_at(len);
        let (len, from) = length(&rest[64..]);
        let mut bound = header.to_vec();
        bound[header.len() - 32..].fill(0);
        Self {
            log: LogId {
                member: MemberId::from_bytes(header[33..65].try_into().unwrap()),
                incarnation: Incarnation::from_bytes(header[65..81].try_into().unwrap()),
            },
            commit: header[header.len() - 45] == 2,
            associated: hash(ASSOCIATED, &[&bound]),
            payload: rest[64 + from..64 + from + len].to_vec(),
        }
    }
}

#[test]
pub(crate) fn who_was_removed_reads_nothing_with_all_their_keys_and_all_that_was_sent() {
    let names = ["alice", "bob", "carol", "mallory"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    let mut mallory = Thief::of(&world, "mallory", cell);
    world.say("alice", cell, "all of us");
    let target = world.member("alice", cell, "mallory");
    for voter in ["alice", "bob"] {
        world.command(voter, Command::Remove(cell, target)).unwrap();
    }
    for name in ["alice", "bob", "carol"] {
        world.say(name, cell, &format!("{name} without mallory"));
    }
    world.pass(5 * MINUTE);
    for name in ["alice", "bob", "carol"] {
        world.say(name, cell, &format!("{name} long without mallory"));
    }
    world.pass(MINUTE);
    assert_eq!(world.conversation("carol", cell).len(), 7);
    let read = mallory.read(&world.sealed);
    assert!(read.contains("all of us"));
    assert!(!read.contains("without mallory"));
}

#[test]
fn a_newcomer_reads_nothing_from_before_with_all_that_was_sent() {
    let mut world = World::new(Suite::X25519, &["alice", "bob", "carol"]);
    let cell = world.cell_of(&["alice", "bob"]);
    for name in ["alice", "bob"] {
        world.say(name, cell, "from before");
    }
    world.pass(MINUTE);
    world.join("carol", cell, "bob");
    // Before she follows anybody's group, so that nothing is used up.
    let mut carol = Thief::of(&world, "carol", cell);
    for name in ["alice", "bob"] {
        world.say(name, cell, &format!("{name} afterwards"));
    }
    world.pass(MINUTE);
    let read = carol.read(&world.sealed);
    assert!(read.contains("alice afterwards") && read.contains("bob afterwards"));
    assert!(!read.contains("from before"));
}

#[test]
pub(crate) fn a_thief_of_a_disk_falls_behind_once_its_owner_renews_keys() {
    let names = ["alice", "bob", "carol"];
    let mut world = World::new(Suite::X25519, &names);
    let cell = world.cell_of(&names);
    world.say("alice", cell, "earlier");
    world.pass(MINUTE);
    let mut thief = Thief::of(&world, "bob", cell);
    world.say("alice", cell, "stolen");
    world.pass(MINUTE);
    world.command("bob", Command::Heal(cell)).unwrap();
    world.pass(MINUTE);
    for name in ["alice", "carol"] {
        world.say(name, cell, &format!("{name} healed"));
    }
    world.pass(MINUTE);
    assert_eq!(world.conversation("bob", cell).len(), 4);
    let read = thief.read(&world.sealed);
    assert!(read.contains("stolen"));
    assert!(!read.contains("healed"));
    assert!(!read.contains("earlier"));
}
