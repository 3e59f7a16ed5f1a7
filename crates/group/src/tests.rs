//! Tests. Here are the members that they play with: each keeps what [`Groups`] gives on a disk that is a map.

mod model;
#[cfg(feature = "mutants")]
mod mutants;
mod nversion;
mod reload;
mod rules;
mod sealing;
mod thief;
mod vectors;

use std::collections::{BTreeMap, BTreeSet};

use ::model::{CellId, Incarnation, LogId, MemberId, Suite};
use crypto::{Rng, Secret, SigningKey};

use crate::{Commit, Groups, JoinError, KeyPackage, OpenError, RestoreError};

/// What every envelope is bound to here, unless a test is about that.
const AAD: &[u8] = b"envelope";

type Disk = BTreeMap<Vec<u8>, Vec<u8>>;

fn cell() -> CellId {
    CellId::from_bytes([0xce; 32])
}

fn secret(number: u8) -> Secret<32> {
    Secret::from_bytes([number; 32])
}

fn set(logs: &[LogId]) -> BTreeSet<LogId> {
    logs.iter().copied().collect()
}

/// Where whoever answers to a number begins: the randomness of one start of the program.
fn rng(number: u8, start: u8) -> Rng {
    let mut seed = [number; 32];
    seed[0] = start;
    Rng::from_seed(&Secret::from_bytes(seed))
}

/// Somebody with groups, a disk and a key package that everybody has.
struct Player {
    number: u8,
    suite: Suite,
    starts: u8,
    log: LogId,
    package: Vec<u8>,
    disk: Disk,
    groups: Groups,
}

impl Player {
    fn new(suite: Suite, number: u8) -> Self {
        let identity = SigningKey::from_seed(&secret(number));
        let mut player = Self {
            number,
            suite,
            starts: 1,
            log: LogId {
                member: MemberId::from_bytes(identity.verifying_key().to_bytes()),
                incarnation: Incarnation::from_bytes([0; 16]),
            },
            package: Vec::new(),
            disk: Disk::new(),
            groups: Groups::new(cell(), suite, identity, rng(number, 0)),
        };
        player.begin_life(0);
        player
    }

    fn identity(&self) -> SigningKey {
        SigningKey::from_seed(&secret(self.number))
    }

    /// A new log, with a package and a group for it.
    fn begin_life(&mut self, life: u8) {
        self.log.incarnation = Incarnation::from_bytes([life; 16]);
        self.package = self.groups.create_key_package(self.log);
        self.groups.create_own(self.log).unwrap();
    }

    /// Writes what changed.
    fn persist(&mut self) {
        for (key, value) in self.groups.take_changes() {
            match value {
                Some(value) => self.disk.insert(key, value.to_vec()),
                None => self.disk.remove(&key),
            };
        }
    }

    /// Stops and starts again.
    fn reload(&mut self) {
        self.persist();
        self.groups = self.started(self.starts, self.disk.clone()).unwrap();
        self.starts = self.starts.wrapping_add(1);
    }

    /// Groups of the same person from some disk.
    fn started(&self, start: u8, disk: Disk) -> Result<Groups, RestoreError> {
        let rng = rng(self.number, start);
        Groups::restore(cell(), self.suite, self.identity(), rng, disk)
    }

    /// What somebody has who copied the disk now.
    fn copy(&mut self) -> Self {
        self.persist();
        Self {
            number: self.number,
            suite: self.suite,
            starts: 201,
            log: self.log,
            package: self.package.clone(),
            disk: self.disk.clone(),
            groups: self.started(200, self.disk.clone()).unwrap(),
        }
    }

    fn parsed_package(&self) -> KeyPackage {
        KeyPackage::parse(self.suite, &self.package).unwrap()
    }

    fn add(&mut self, others: &[&Self]) -> Commit {
        let packages = others
            .iter()
            .map(|other| (other.log, other.parsed_package()))
            .collect();
        self.groups.add(&packages, AAD).unwrap()
    }

    fn remove(&mut self, others: &[LogId]) -> Commit {
        self.groups.remove(&set(others), AAD).unwrap()
    }

    fn heal(&mut self) -> Commit {
        self.groups.heal(AAD).unwrap()
    }

    /// Injects all that can be.
    fn inject(&mut self) -> Commit {
        let secrets = self.groups.injectable(&|_| true);
        self.groups.inject(&secrets, AAD).unwrap()
    }

    fn say(&mut self, text: &str) -> Vec<u8> {
        self.groups.seal(text.as_bytes(), AAD).unwrap()
    }

    fn hear(&mut self, owner: LogId, message: &[u8]) -> Result<String, OpenError> {
        let text = self.groups.open(&owner, message, AAD)?;
        Ok(String::from_utf8(text.to_vec()).unwrap())
    }

    /// Goes along with a commit: as one who is in the group, or as one whom it adds.
    fn go_along(&mut self, owner: LogId, commit: &Commit) -> Result<(), OpenError> {
        if self.groups.follows(&owner) {
            let staged = self.groups.stage(&owner, &commit.commit, AAD)?;
            assert_eq!(*staged.roster_after(), commit.roster);
            if staged.removes_us() {
                assert!(!commit.roster.contains(&self.log));
                self.groups.forget(&owner);
                return Ok(());
            }
            self.groups.merge(staged)?;
            assert_eq!(self.groups.roster(&owner).as_ref(), Some(&commit.roster));
        } else if let Some(welcome) = &commit.welcome
            && commit.roster.contains(&self.log)
        {
            assert_eq!(self.join(owner, welcome).unwrap(), commit.roster);
        }
        Ok(())
    }

    fn join(&mut self, owner: LogId, welcome: &[u8]) -> Result<BTreeSet<LogId>, JoinError> {
        self.groups.join(owner, welcome)
    }
}

/// Three who have each other's packages.
struct World {
    alice: Player,
    bob: Player,
    carol: Player,
}

impl World {
    /// Nobody is in anybody's group.
    fn apart(suite: Suite) -> Self {
        Self {
            alice: Player::new(suite, 1),
            bob: Player::new(suite, 2),
            carol: Player::new(suite, 3),
        }
    }

    /// Everybody is in everybody's group.
    fn together(suite: Suite) -> Self {
        let mut world = Self::apart(suite);
        world.add_everybody();
        world
    }

    fn add_everybody(&mut self) {
        let Self { alice, bob, carol } = self;
        let commit = alice.add(&[bob, carol]);
        tell(alice.log, &commit, &mut [bob, carol]);
        let commit = bob.add(&[alice, carol]);
        tell(bob.log, &commit, &mut [alice, carol]);
        let commit = carol.add(&[alice, bob]);
        tell(carol.log, &commit, &mut [alice, bob]);
    }

    fn players(&mut self) -> [&mut Player; 3] {
        [&mut self.alice, &mut self.bob, &mut self.carol]
    }
}

/// Everybody named goes along with a commit.
fn tell(owner: LogId, commit: &Commit, to: &mut [&mut Player]) {
    for player in to {
        player.go_along(owner, commit).unwrap();
    }
}
