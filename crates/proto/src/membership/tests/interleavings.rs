//! Every way in which a few operations can stand beside and after each other, in every order of arrival.
//!
//! What matters of a delivery is what somebody knew when they signed: two runs in which everybody knew the same make the
//! same operations, byte for byte. So a run is named by its set of operation ids, each is looked at once, and a branch is
//! one more operation by somebody who knows a causally closed part of the set. Of each set, every order of arrival is
//! tried.
//!
//! Covered: adds of one newcomer, votes on everybody, leaves, vouches, resets and their confirmations, records (`Seen`),
//! with every choice of what the authors knew, and optionally without their own earlier operations, as from a disk that
//! was put back. Not covered: more operations than the depth says, several newcomers, evidence and policies (those have
//! stories and random cells). Clocks, send groups and connections are not part of membership.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::{Model, Plain};
use super::*;

type Set = BTreeSet<OpId>;

/// What the author of an operation may know of what others do at the same time.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Knowledge {
    /// Nothing but what they did themselves: all are concurrent.
    Own,
    /// Any part that holds all before it.
    Part,
    /// Any part, even without what they did themselves.
    Forgetful,
}

struct Search {
    names: &'static [&'static str],
    knowledge: Knowledge,
    records: bool,
    base: Vec<Operation>,
    heads: Vec<OpId>,
    model: Model,
    known: BTreeMap<OpId, Operation>,
    states: BTreeMap<Set, Arc<State>>,
    possible: BTreeMap<(Set, &'static str), Vec<OpId>>,
    orders: usize,
}

/// How much was looked at.
#[derive(Debug, Eq, PartialEq)]
struct Tally {
    sets: usize,
    orders: usize,
}

const NEWCOMER: &str = "dora";

impl Search {
    fn new(names: &'static [&'static str], knowledge: Knowledge, records: bool) -> Self {
        let story = Story::cell(names);
        let record = &story.person(names[0]).record;
        let base: Vec<Operation> = record.operations().cloned().collect();
        Self {
            names,
            knowledge,
            records,
            heads: record.heads(),
            model: Model::new(&base),
            base,
            known: BTreeMap::new(),
            states: BTreeMap::new(),
            possible: BTreeMap::new(),
            orders: 0,
        }
    }

    /// Looks at everything that up to `depth` operations can make.
    fn run(mut self, depth: usize) -> Tally {
        let mut level = BTreeSet::from([Set::new()]);
        self.check(&Set::new());
        for _ in 0..depth {
            let mut next = BTreeSet::new();
            for set in &level {
                self.branch(set, &mut next);
            }
            for set in &next {
                self.check(set);
            }
            level = next;
        }
        Tally {
            sets: self.states.len(),
            orders: self.orders,
        }
    }

    fn actions(&self, author: &str) -> Vec<Action> {
        let number = self.names.iter().position(|name| *name == author);
        let number = u8::try_from(number.map_or(99, |number| number + 1)).unwrap();
        let others = self.names.iter().filter(|name| **name != author);
        let mut actions: Vec<Action> = others.clone().map(|name| remove(name)).collect();
        if author != NEWCOMER {
            actions.extend([add(NEWCOMER), vouch(NEWCOMER), remove(NEWCOMER)]);
        }
        actions.extend([Action::Leave, reset(number)]);
        for (other, name) in (1..).zip(self.names) {
            if *name != author {
                actions.push(Action::ConfirmReset {
                    member: id(name),
                    incarnation: life(other),
                });
            }
        }
        if self.records {
            actions.push(Action::Seen);
        }
        actions
    }

    fn past(&self, id: &OpId) -> Set {
        let mut past = Set::new();
        let mut waiting = vec![*id];
        while let Some(next) = waiting.pop() {
            let Some(operation) = self.known.get(&next) else {
                continue;
            };
            for parent in operation
                .parents()
                .iter()
                .filter(|id| self.known.contains_key(id))
            {
                if past.insert(*parent) {
                    waiting.push(*parent);
                }
            }
        }
        past
    }

    /// The causally closed parts of a set that `author` may know.
    fn parts(&self, set: &Set, author: &MemberId) -> Vec<Set> {
        let ids: Vec<OpId> = set.iter().copied().collect();
        let own: Set = ids
            .iter()
            .filter(|id| self.known[id].author() == *author)
            .flat_map(|id| self.past(id).into_iter().chain([*id]))
            .collect();
        let parts = (0..1_u32 << ids.len()).map(|bits| -> Set {
            let chosen = ids.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
            chosen.map(|(_, id)| *id).collect()
        });
        let closed = |part: &Set| part.iter().all(|id| self.past(id).is_subset(part));
        let may = |part: &Set| match self.knowledge {
            Knowledge::Own => *part == own,
            Knowledge::Part => part.is_superset(&own),
            Knowledge::Forgetful => true,
        };
        parts.filter(closed).filter(may).collect()
    }

    /// Everything that one more operation makes of a set.
    fn branch(&mut self, set: &Set, next: &mut BTreeSet<Set>) {
        for author in self.names.iter().copied().chain([NEWCOMER]) {
            for part in self.parts(set, &id(author)) {
                for operation in self.possible(&part, author) {
                    let mut more = set.clone();
                    if more.insert(operation) {
                        next.insert(more);
                    }
                }
            }
        }
    }

    /// What `author` may do who knows this much. The record and the model have to agree on that.
    fn possible(&mut self, part: &Set, author: &'static str) -> Vec<OpId> {
        if let Some(possible) = self.possible.get(&(part.clone(), author)) {
            return possible.clone();
        }
        let state = self.states[part].clone();
        let mut possible = Vec::new();
        let info = state.members.get(&id(author));
        if let Some(info) = info.filter(|info| info.standing == Standing::Member) {
            for action in self.actions(author) {
                let life = info.incarnation.unwrap_or(life(0));
                possible.extend(self.sign(part, author, life, action));
            }
        }
        self.possible
            .insert((part.clone(), author), possible.clone());
        possible
    }

    fn sign(
        &mut self,
        part: &Set,
        author: &'static str,
        life: Incarnation,
        action: Action,
    ) -> Option<OpId> {
        let mut parents = self.newest(part);
        if parents.is_empty() {
            parents.clone_from(&self.heads);
        }
        parents.sort_unstable();
        let life = match &action {
            Action::Reset { incarnation, .. } => *incarnation,
            _ => life,
        };
        let cell = CellId::from_bytes(*self.base[0].id().as_bytes());
        let operation = Operation::sign(&cell, &key(author), life, parents, action);
        let allowed = self.model.allows(&operation);
        let mut record = self.record(part);
        let inserted = record.insert(operation.clone());
        let id = operation.id();
        let taken = inserted == Inserted::New(vec![id]);
        assert_eq!(taken, allowed, "{author} does {operation:?}: {inserted:?}");
        taken.then(|| {
            self.model.learn(&operation);
            self.known.insert(id, operation);
            id
        })
    }

    fn record(&self, set: &Set) -> Membership {
        let operations = set.iter().map(|id| self.known[id].clone());
        let operations = self.base.iter().cloned().chain(operations);
        Membership::replay(operations, Some(check_evidence)).unwrap()
    }

    /// What has to hold of every set.
    fn check(&mut self, set: &Set) {
        let whole = self.record(set);
        let state = whole.state();
        let ids: Vec<OpId> = set.iter().copied().collect();
        permutations(&ids, &mut |order| {
            self.orders += 1;
            let mut record = Membership::replay(self.base.clone(), Some(check_evidence)).unwrap();
            for id in order {
                let inserted = record.insert(self.known[id].clone());
                assert!(
                    !matches!(inserted, Inserted::Refused(_)),
                    "{:?}",
                    self.told(set)
                );
            }
            assert_eq!(record.state(), state, "{:?}", self.told(set));
            assert_eq!(record.heads(), whole.heads(), "{:?}", self.told(set));
        });
        let all = self
            .base
            .iter()
            .map(Operation::id)
            .chain(ids.iter().copied());
        let plain = self.model.state(&all.collect());
        assert_eq!(Plain::of(&state), plain.shown(), "{:?}", self.told(set));
        self.states.insert(set.clone(), state);
        self.check_closed(set);
        for last in self.newest(set) {
            let mut before = set.clone();
            before.remove(&last);
            // A part that nobody can know, because its author forgot what is in it, was not looked at.
            if let Some(before) = self.states.get(&before).cloned() {
                self.check_step(set, &before);
            }
        }
    }

    fn newest(&self, set: &Set) -> Vec<OpId> {
        let covered: Set = set.iter().flat_map(|id| self.past(id)).collect();
        set.difference(&covered).copied().collect()
    }

    /// Whoever is out stays out, unless a vote against them lost its author; and nobody comes in but by an add.
    fn check_step(&self, set: &Set, before: &State) {
        let after = &self.states[set];
        let is_member = |state: &State, member: &MemberId| {
            state
                .members
                .get(member)
                .is_some_and(|info| info.standing == Standing::Member)
        };
        for (member, info) in &before.members {
            let lost = || {
                let mut voters = info.votes_against.iter();
                voters.any(|voter| {
                    !is_member(after, voter) || after.members[voter].incarnation.is_none()
                })
            };
            match info.standing {
                Standing::Removed => assert!(
                    !is_member(after, member) || lost(),
                    "somebody came back: {:?}",
                    self.told(set)
                ),
                // A reset may fork the life that left; then it did not leave for certain.
                Standing::Left if self.knowledge != Knowledge::Forgetful => {
                    assert!(!is_member(after, member), "{:?}", self.told(set));
                }
                Standing::Left | Standing::Suspended | Standing::Member => {}
            }
        }
        for member in after.members.keys() {
            let known = before.members.contains_key(member);
            assert!(
                known || set.iter().any(|id| adds(&self.known[id], member)),
                "{:?}",
                self.told(set)
            );
        }
    }

    /// Conflicts fail closed. Where all is concurrent and two who have the votes against them voted on each other, none of
    /// the two is in; and whoever has the votes of members in good standing against them is out.
    fn check_closed(&self, set: &Set) {
        if self.knowledge == Knowledge::Forgetful {
            return;
        }
        let state = &self.states[set];
        let mut voters: BTreeMap<MemberId, BTreeSet<MemberId>> = BTreeMap::new();
        for id in set {
            let operation = &self.known[id];
            if let Action::RemoveVote { member } = operation.action() {
                voters
                    .entry(*member)
                    .or_default()
                    .insert(operation.author());
            }
        }
        let concurrent = set.iter().all(|id| {
            let author = self.known[id].author();
            self.past(id)
                .iter()
                .all(|before| self.known[before].author() == author)
        });
        let standing = |member: &MemberId| state.members.get(member).map(|info| info.standing);
        let has_votes =
            |member: &MemberId| voters.get(member).is_some_and(|voters| voters.len() >= 2);
        for (target, against) in voters.iter().filter(|(target, _)| has_votes(target)) {
            let good = against
                .iter()
                .filter(|voter| standing(voter) == Some(Standing::Member));
            if good.count() >= 2 {
                assert_eq!(
                    standing(target),
                    Some(Standing::Removed),
                    "{:?}",
                    self.told(set)
                );
            }
            for rival in against
                .iter()
                .filter(|rival| concurrent && has_votes(rival))
            {
                if voters[rival].contains(target) && standing(target) != Some(Standing::Left) {
                    assert_ne!(
                        standing(rival),
                        Some(Standing::Member),
                        "{:?}",
                        self.told(set)
                    );
                }
            }
        }
    }

    /// What happens in a set, for whoever reads why it is wrong.
    fn told(&self, set: &Set) -> Vec<String> {
        let name = |member: &MemberId| {
            let names = self.names.iter().copied().chain([NEWCOMER]);
            names.filter(|name| id(name) == *member).collect::<String>()
        };
        let mut ids: Vec<&OpId> = set.iter().collect();
        ids.sort_by_key(|id| self.past(id).len());
        let number = |of: &OpId| ids.iter().position(|id| *id == of);
        let tell = |id: &&OpId| {
            let operation = &self.known[*id];
            let what = match operation.action() {
                Action::Add { member, .. } => format!("adds {}", name(member)),
                Action::Vouch { member } => format!("vouches for {}", name(member)),
                Action::RemoveVote { member } => format!("votes against {}", name(member)),
                Action::ConfirmReset { member, .. } => format!("confirms {}", name(member)),
                Action::Leave => "leaves".to_owned(),
                Action::Reset { .. } => "resets".to_owned(),
                _ => "records".to_owned(),
            };
            let after: Vec<_> = self.past(id).iter().filter_map(number).collect();
            format!("{} {what} after {after:?}", name(&operation.author()))
        };
        ids.iter().map(tell).collect()
    }
}

fn adds(operation: &Operation, who: &MemberId) -> bool {
    matches!(operation.action(), Action::Add { member, .. } if member == who)
}

/// Calls `visit` with every order of `items`.
fn permutations(items: &[OpId], visit: &mut impl FnMut(&[OpId])) {
    fn from(at: usize, items: &mut Vec<OpId>, visit: &mut impl FnMut(&[OpId])) {
        if at == items.len() {
            return visit(items);
        }
        for other in at..items.len() {
            items.swap(at, other);
            from(at + 1, items, visit);
            items.swap(at, other);
        }
    }
    from(0, &mut items.to_vec(), visit);
}

const THREE: &[&str] = &["alice", "bob", "carol"];
const FOUR: &[&str] = &["alice", "bob", "carol", "dave"];
const FIVE: &[&str] = &["alice", "bob", "carol", "dave", "erin"];

#[test]
pub(super) fn three_operations_of_three_members_in_every_order() {
    let tally = Search::new(THREE, Knowledge::Part, false).run(3);
    assert!(tally.sets > 1_000 && tally.orders > 5_000, "{tally:?}");
}

#[test]
pub(super) fn two_concurrent_operations_and_a_record_of_five_members_in_every_order() {
    let tally = Search::new(FIVE, Knowledge::Part, true).run(2);
    assert!(tally.sets > 500, "{tally:?}");
}

#[test]
pub(super) fn two_operations_of_three_members_whose_disks_are_put_back_in_every_order() {
    let tally = Search::new(THREE, Knowledge::Forgetful, true).run(2);
    assert!(tally.sets > 300, "{tally:?}");
}

#[test]
#[ignore = "minutes"]
fn soak_four_operations_of_three_members_in_every_order() {
    let tally = Search::new(THREE, Knowledge::Part, true).run(4);
    assert!(tally.sets > 100_000, "{tally:?}");
}

#[test]
#[ignore = "minutes"]
fn soak_three_operations_of_four_members_whose_disks_are_put_back_in_every_order() {
    let tally = Search::new(FOUR, Knowledge::Forgetful, true).run(3);
    assert!(tally.sets > 50_000, "{tally:?}");
}

#[test]
#[ignore = "minutes"]
fn soak_four_concurrent_operations_of_four_members_in_every_order() {
    let tally = Search::new(FOUR, Knowledge::Own, false).run(4);
    assert!(tally.sets > 10_000, "{tally:?}");
}

#[test]
#[ignore = "minutes"]
fn soak_four_concurrent_operations_of_five_members_in_every_order() {
    let tally = Search::new(FIVE, Knowledge::Own, false).run(4);
    assert!(tally.sets > 50_000, "{tally:?}");
}
