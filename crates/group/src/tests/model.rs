//! Send groups against the plainest model there is: who should hear something is a set.

use proptest::prelude::*;

use super::*;
use crate::reconcile;

const MEMBERS: usize = 4;

#[derive(Clone, Debug)]
enum Act {
    /// From now on these should hear this owner.
    Want(usize, [bool; MEMBERS]),
    /// The owner brings the group to what is wanted, and speaks.
    Say(usize),
    Heal(usize),
    /// A reader gets the next few entries of an owner's log.
    Deliver(usize, usize, usize),
    Restart(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let member = 0..MEMBERS;
    prop_oneof![
        3 => (member.clone(), any::<[bool; MEMBERS]>()).prop_map(|(owner, who)| Act::Want(owner, who)),
        4 => member.clone().prop_map(Act::Say),
        2 => member.clone().prop_map(Act::Heal),
        8 => (member.clone(), member.clone(), 1..6usize).prop_map(|(o, r, n)| Act::Deliver(o, r, n)),
        1 => member.prop_map(Act::Restart),
    ]
}

/// One entry of an owner's log.
enum Entry {
    Commit(Commit),
    Said {
        message: Vec<u8>,
        audience: BTreeSet<usize>,
        heard: BTreeSet<usize>,
    },
}

/// What a reader had of an owner's group when they were removed from it.
struct Removed {
    reader: usize,
    owner: usize,
    /// Where in the owner's log.
    at: usize,
    disk: Disk,
}

struct Cell {
    players: Vec<Player>,
    wanted: [BTreeSet<usize>; MEMBERS],
    logs: [Vec<Entry>; MEMBERS],
    /// How far each reader, second, is in each owner's log, first.
    read: [[usize; MEMBERS]; MEMBERS],
    removed: Vec<Removed>,
}

impl Cell {
    fn new() -> Self {
        let numbers = 1..=u8::try_from(MEMBERS).unwrap();
        let players = numbers.map(|number| Player::new(Suite::X25519, number));
        Self {
            players: players.collect(),
            wanted: Default::default(),
            logs: Default::default(),
            read: Default::default(),
            removed: Vec::new(),
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Want(owner, who) => {
                let others = (0..MEMBERS).filter(|other| *other != owner && who[*other]);
                self.wanted[owner] = others.collect();
            }
            Act::Say(owner) => self.say(owner),
            Act::Heal(owner) => {
                let commit = self.players[owner].heal();
                self.logs[owner].push(Entry::Commit(commit));
            }
            Act::Deliver(owner, reader, count) => {
                for _ in 0..count {
                    self.deliver(owner, reader);
                }
            }
            Act::Restart(player) => self.players[player].reload(),
        }
    }

    fn logs_of(&self, who: &BTreeSet<usize>) -> BTreeSet<LogId> {
        who.iter().map(|number| self.players[*number].log).collect()
    }

    fn say(&mut self, owner: usize) {
        let desired = self.logs_of(&self.wanted[owner]);
        let plan = reconcile(&desired, &self.players[owner].groups.own_roster());
        let packages: BTreeMap<_, _> = self
            .players
            .iter()
            .filter(|player| plan.additions.contains(&player.log))
            .map(|player| (player.log, player.parsed_package()))
            .collect();
        let groups = &mut self.players[owner].groups;
        let mut commits = Vec::new();
        if !plan.removals.is_empty() {
            commits.push(groups.remove(&plan.removals, AAD).unwrap());
        }
        if !packages.is_empty() {
            commits.push(groups.add(&packages, AAD).unwrap());
        }
        let secrets = groups.injectable(&|_| true);
        if !secrets.is_empty() {
            commits.push(groups.inject(&secrets, AAD).unwrap());
        }
        assert_eq!(groups.own_roster(), desired);
        let log = &mut self.logs[owner];
        log.extend(commits.into_iter().map(Entry::Commit));
        let text = format!("{owner} {}", log.len());
        log.push(Entry::Said {
            message: self.players[owner].say(&text),
            audience: self.wanted[owner].clone(),
            heard: BTreeSet::new(),
        });
    }

    /// Gives a reader the next entry. Says whether they got further.
    fn deliver(&mut self, owner: usize, reader: usize) -> bool {
        let at = self.read[owner][reader];
        if owner == reader || at >= self.logs[owner].len() {
            return false;
        }
        let log = self.players[owner].log;
        let player = &mut self.players[reader];
        match &mut self.logs[owner][at] {
            Entry::Commit(commit) => {
                let followed = player.groups.follows(&log);
                player.persist();
                let disk = player.disk.clone();
                match player.go_along(log, commit) {
                    Ok(()) => {}
                    Err(OpenError::MissingPsk(_)) => {
                        assert_eq!(player.groups.take_changes(), []);
                        return false;
                    }
                    Err(error) => panic!("{reader} cannot follow {owner} at {at}: {error}"),
                }
                if followed && !player.groups.follows(&log) {
                    self.removed.push(Removed {
                        reader,
                        owner,
                        at,
                        disk,
                    });
                }
            }
            Entry::Said { message, heard, .. } => {
                if let Ok(text) = player.hear(log, message) {
                    assert_eq!(text, format!("{owner} {at}"));
                    heard.insert(reader);
                }
            }
        }
        self.read[owner][reader] += 1;
        true
    }

    /// Delivers everything that is under way.
    fn settle(&mut self) {
        let mut further = true;
        while further {
            further = false;
            for owner in 0..MEMBERS {
                for reader in 0..MEMBERS {
                    while self.deliver(owner, reader) {
                        further = true;
                    }
                }
            }
        }
        for owner in 0..MEMBERS {
            for reader in (0..MEMBERS).filter(|reader| *reader != owner) {
                let (read, len) = (self.read[owner][reader], self.logs[owner].len());
                assert_eq!(read, len, "{reader} waits in the log of {owner}");
            }
        }
    }

    fn assert_everybody_heard_what_the_model_says(&self) {
        for log in &self.logs {
            for entry in log {
                if let Entry::Said {
                    audience, heard, ..
                } = entry
                {
                    assert_eq!(audience, heard);
                }
            }
        }
    }

    /// Those who were removed take the state they had, and everything that they got to know since, and try again.
    fn assert_the_removed_hear_nothing(&mut self) {
        for removed in std::mem::take(&mut self.removed) {
            let owner = self.players[removed.owner].log;
            let reader = &mut self.players[removed.reader];
            let mut outsider = reader.copy();
            let mut disk = reader.disk.clone();
            disk.extend(removed.disk);
            outsider.groups = outsider.started(100, disk).unwrap();
            assert!(outsider.groups.follows(&owner));
            for (at, entry) in self.logs[removed.owner].iter().enumerate().skip(removed.at) {
                match entry {
                    Entry::Commit(commit) => {
                        let staged = outsider.groups.stage(&owner, &commit.commit, AAD);
                        let further = staged.is_ok_and(|staged| {
                            !staged.removes_us() && outsider.groups.merge(staged).is_ok()
                        });
                        assert!(!further, "at {at}");
                    }
                    Entry::Said {
                        message, audience, ..
                    } => {
                        let opened = outsider.hear(owner, message);
                        assert!(opened.is_err(), "at {at}, for {audience:?}");
                    }
                }
            }
        }
    }

    /// Those who are not meant try with all that they have at last.
    fn assert_outsiders_hear_nothing(&mut self) {
        for owner in 0..MEMBERS {
            let log = self.players[owner].log;
            for entry in &self.logs[owner] {
                let Entry::Said {
                    message, audience, ..
                } = entry
                else {
                    continue;
                };
                for reader in (0..MEMBERS).filter(|reader| !audience.contains(reader)) {
                    assert!(self.players[reader].hear(log, message).is_err());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn exactly_those_who_are_meant_hear_what_is_said(acts in proptest::collection::vec(act(), 20..90)) {
        let mut cell = Cell::new();
        for owner in 0..MEMBERS {
            cell.act(Act::Want(owner, [true; MEMBERS]));
            cell.act(Act::Say(owner));
        }
        for act in acts {
            cell.act(act);
        }
        for owner in 0..MEMBERS {
            cell.act(Act::Say(owner));
        }
        cell.settle();
        cell.assert_everybody_heard_what_the_model_says();
        cell.assert_the_removed_hear_nothing();
        cell.assert_outsiders_hear_nothing();
    }
}

fn roster() -> impl Strategy<Value = BTreeSet<LogId>> {
    let log = (0..6u8, 0..3u8).prop_map(|(member, life)| LogId {
        member: MemberId::from_bytes([member; 32]),
        incarnation: Incarnation::from_bytes([life; 16]),
    });
    proptest::collection::btree_set(log, 0..10)
}

proptest! {
    #[test]
    fn a_plan_leads_from_one_roster_to_the_other_and_does_nothing_more(
        desired in roster(),
        current in roster(),
    ) {
        let plan = reconcile(&desired, &current);
        prop_assert!(plan.removals.is_subset(&current));
        prop_assert!(plan.additions.is_disjoint(&current));
        let left: BTreeSet<_> = current.difference(&plan.removals).copied().collect();
        let after: BTreeSet<_> = left.union(&plan.additions).copied().collect();
        prop_assert_eq!(&after, &desired);
        prop_assert!(plan.removals.is_disjoint(&desired));
        prop_assert_eq!(reconcile(&desired, &after), Default::default());
    }
}
