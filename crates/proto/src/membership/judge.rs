//! Which operations count, given the graph and nothing else (PROTOCOL §4).
//!
//! Every operation in the record was allowed in its own causal past (see `admit`). What is decided here is what becomes
//! of it when its author turns out to be removed, left or suspended *beside* it. The word for that is **free**: an
//! operation is free of its author's end if honest people can be shown to have known it before.
//!
//! ```text
//!  removed    free if known to k voters: the operation is in the past of k votes against its author, and either these
//!             count without it, or those who did not know it could not have removed the author alone. (The second
//!             case is the founder's: whoever votes them out came in by their add.) An add, vouch or vote of somebody
//!             already accused, a vote against them in its own past, is never free by this.
//!  left       free if before the leave, or recorded by another member who did not have the leave.
//!  suspended  free if before the evidence.
//!
//!  A vote is free also if witnessed, by a counted operation of somebody who is not an accuser of the same target
//!    in passing     the author a full member in the witness's view, the voter not accused, the witness on neither side;
//!    as completed   the target removed in the witness's view, by this vote among others.
//! ```
//!
//! The second kind of witness is what makes removal grow-only: once somebody other than the accusers has recorded a
//! removal, nothing found of a voter later undoes it. An unrecorded one can still lose its votes, or a removed member
//! could date votes back. `Action::Seen` exists to record.
//!
//! The rules refer to each other: a vote counts unless its author is removed, who is removed if votes count. Where that
//! is circular (two sides remove each other and nobody saw either first) there is no order to find, and nothing to grind
//! one from. So the rules are applied twice over, as in the well-founded semantics of logic programs: `count` gives the
//! operations that count if exactly some votes do. It shrinks as more of them do, so from "no votes" it alternates
//! between too many and too few until both stand still. What counts either way is settled. What is between is a conflict
//! and fails closed: its votes put people out, and nothing else of it counts.

use std::collections::{BTreeMap, BTreeSet};

use model::Incarnation;

use super::dag::{Bits, Dag, Deed, Node, Person};
use super::limits::OVERSHOOT_LIMIT;

/// What counts in a causally closed set of operations.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Operations that count for certain.
    pub(super) settled: Bits,
    /// Operations that count or are in conflict. Of these only votes have an effect.
    pub(super) contested: Bits,
    /// Everybody who is out by vote.
    pub(super) removed: BTreeSet<Person>,
    /// Those of them who are out by settled votes.
    pub(super) settled_removals: BTreeSet<Person>,
    /// Those who hold a seat: the founder, and everybody whose add counts.
    pub(super) seated: Bits,
    /// Those who may vote, add and vouch as long as they stand well.
    pub(super) full: Bits,
    /// Those who are proven to have signed two things, or left.
    pub(super) suspended: Bits,
    pub(super) left: Bits,
}

/// Judges the operations in `set`, which holds the ancestors of each of its members.
pub(super) fn judge(dag: &Dag, set: &Bits) -> Judgement {
    let mut judge = Judge::new(dag, set);
    let judgement = judge.decide();
    let current =
        |person: &usize| !judgement.removed.contains(person) && !judgement.left.contains(*person);
    if judgement.seated.iter().filter(current).count() <= OVERSHOOT_LIMIT {
        return judgement;
    }
    // PROTOCOL §4, §9: beyond the overshoot that honest people can cause together, somebody has added from two places at
    // once. Those adds do not count; nobody honest has any.
    judge.ban_forked_adds();
    judge.decide()
}

/// What counts if certain people are removed.
#[derive(Default, PartialEq)]
struct Count {
    operations: Bits,
    seated: Bits,
    full: Bits,
}

struct Judge<'a> {
    dag: &'a Dag,
    /// The set, parents first.
    operations: Vec<usize>,
    adds: BTreeMap<Person, Vec<usize>>,
    votes: BTreeMap<Person, Vec<usize>>,
    leaves: BTreeMap<Person, Vec<usize>>,
    evidence: BTreeMap<(Person, Incarnation), Vec<usize>>,
    banned: Bits,
}

impl<'a> Judge<'a> {
    fn new(dag: &'a Dag, set: &Bits) -> Self {
        let operations: Vec<usize> = set.iter().collect();
        let mut judge = Self {
            dag,
            operations: Vec::new(),
            adds: BTreeMap::new(),
            votes: BTreeMap::new(),
            leaves: BTreeMap::new(),
            evidence: BTreeMap::new(),
            banned: Bits::default(),
        };
        for index in &operations {
            let node = &dag.nodes()[*index];
            match node.deed {
                Deed::Add { target, .. } => judge.adds.entry(target).or_default().push(*index),
                Deed::Vote { target, .. } => judge.votes.entry(target).or_default().push(*index),
                Deed::Leave => judge.leaves.entry(node.author).or_default().push(*index),
                Deed::Evidence(person, life) => judge
                    .evidence
                    .entry((person, life))
                    .or_default()
                    .push(*index),
                Deed::Genesis
                | Deed::Vouch(_)
                | Deed::Reset(_)
                | Deed::ConfirmReset(..)
                | Deed::Policy(_)
                | Deed::Seen => {}
            }
        }
        judge.operations = operations;
        judge
    }

    fn node(&self, index: usize) -> &'a Node {
        &self.dag.nodes()[index]
    }

    /// Alternates between too many and too few until neither changes.
    fn decide(&self) -> Judgement {
        let mut most = self.count(&Bits::default());
        loop {
            let least = self.count(&most.operations);
            let fewer = self.count(&least.operations);
            if fewer == most {
                return Judgement {
                    removed: self.removed(if mutant!(ConflictFailsOpen) {
                        &least.operations
                    } else {
                        &most.operations
                    }),
                    contested: most.operations,
                    settled_removals: self.removed(&least.operations),
                    seated: least.seated,
                    full: least.full,
                    settled: least.operations,
                    suspended: self.evidence.keys().map(|(person, _)| *person).collect(),
                    left: self.leaves.keys().copied().collect(),
                };
            }
            most = fewer;
        }
    }

    /// Who is out if these operations count: "k votes of full members […], the smallest resulting k applies".
    fn removed(&self, counted: &Bits) -> BTreeSet<Person> {
        let reached = |votes: &[usize]| {
            self.is_quorum(votes.iter().copied().filter(|vote| counted.contains(*vote)))
        };
        self.votes
            .iter()
            .filter(|(_, votes)| reached(votes))
            .map(|(target, _)| *target)
            .collect()
    }

    /// Whether at least as many people cast these votes as the smallest quorum among them.
    fn is_quorum(&self, votes: impl Iterator<Item = usize>) -> bool {
        let mut voters = Bits::default();
        let mut smallest = u8::MAX;
        for vote in votes {
            let node = self.node(vote);
            if mutant!(CountVoteTwice) {
                voters.insert(vote + self.dag.people().len());
                smallest = smallest.min(node.deed.quorum().unwrap_or(smallest));
                continue;
            }
            voters.insert(node.author);
            smallest = smallest.min(node.deed.quorum().unwrap_or(smallest));
        }
        voters.len() >= usize::from(smallest)
    }

    /// The operations that count if exactly the votes in `assumed` do. Grows from nothing until no rule adds more, so
    /// that two operations never count only because of each other.
    fn count(&self, assumed: &Bits) -> Count {
        let removed = self.removed(assumed);
        let mut count = Count::default();
        let mut waiting = self.operations.clone();
        loop {
            let before = waiting.len();
            waiting.retain(|index| {
                let free = !removed.contains(&self.node(*index).author)
                    || self.is_free_of_removal(*index, assumed, &count.operations);
                let counts = self.counts(*index, free, &count);
                if counts {
                    self.take(*index, &mut count);
                }
                !counts
            });
            if waiting.is_empty() || waiting.len() == before {
                return count;
            }
        }
    }

    fn take(&self, index: usize, count: &mut Count) {
        let node = self.node(index);
        count.operations.insert(index);
        match node.deed {
            Deed::Genesis => {
                count.seated.insert(node.author);
                count.full.insert(node.author);
            }
            Deed::Add { target, founding } => {
                count.seated.insert(target);
                if founding {
                    count.full.insert(target);
                }
            }
            // "A vouch by a second full member who is not the inviter": whoever added them, also elsewhere, is one.
            Deed::Vouch(target)
                if mutant!(InviterVouches)
                    || !self.authors(self.adds.get(&target)).contains(node.author) =>
            {
                count.full.insert(target);
            }
            Deed::Vouch(_)
            | Deed::Vote { .. }
            | Deed::Leave
            | Deed::Reset(_)
            | Deed::ConfirmReset(..)
            | Deed::Policy(_)
            | Deed::Evidence(..)
            | Deed::Seen => {}
        }
    }

    fn authors(&self, operations: Option<&Vec<usize>>) -> Bits {
        operations
            .into_iter()
            .flatten()
            .map(|index| self.node(*index).author)
            .collect()
    }

    fn counts(&self, index: usize, free_of_removal: bool, count: &Count) -> bool {
        let node = self.node(index);
        // A proof is true whoever shows it. The genesis is what the cell is.
        if matches!(node.deed, Deed::Genesis | Deed::Evidence(..)) {
            return true;
        }
        let seated = count.seated.contains(node.author);
        let full = count.full.contains(node.author) || mutant!(ReadersVote);
        let entitled = seated && (!node.deed.needs_full() || full);
        let lawful = entitled
            && !self.banned.contains(index)
            && self.is_free_of_leave(index, count)
            && self.is_free_of_evidence(index)
            && free_of_removal;
        let witnessed = || {
            node.deed
                .vote_on()
                .is_some_and(|target| self.is_witnessed(index, target, count))
        };
        lawful || witnessed()
    }

    /// Whether a vote against the author is in the operation's own past.
    fn is_accused(&self, node: &Node) -> bool {
        self.votes
            .get(&node.author)
            .is_some_and(|votes| votes.iter().any(|vote| node.past.contains(*vote)))
    }

    /// PROTOCOL §4, "removal is sticky": "except those in the causal past of at least k votes by distinct voters; adds,
    /// vouches and votes that have a vote against their author in their own past never count".
    fn is_free_of_removal(&self, index: usize, assumed: &Bits, counted: &Bits) -> bool {
        let node = self.node(index);
        let barred = matches!(
            node.deed,
            Deed::Add { .. } | Deed::Vouch(_) | Deed::Vote { .. }
        );
        let Some(votes) = self.votes.get(&node.author) else {
            return true;
        };
        if mutant!(RemovedStillCount) {
            return true;
        }
        if barred && self.is_accused(node) {
            return false;
        }
        let knows = |vote: &usize| self.node(*vote).past.contains(index);
        let knowing = || votes.iter().copied().filter(knows);
        let ignorant = votes
            .iter()
            .copied()
            .filter(|vote| !knows(vote) && assumed.contains(*vote));
        self.is_quorum(knowing().filter(|vote| counted.contains(*vote)))
            || self.is_quorum(knowing()) && !self.is_quorum(ignorant)
    }

    /// Nobody honest acts beside their own leave. What somebody who has the key makes afterwards, dated back, counts for
    /// nothing: "the founder has no power that an arrest would take with them".
    fn is_free_of_leave(&self, index: usize, count: &Count) -> bool {
        let node = self.node(index);
        let Some(leaves) = self.leaves.get(&node.author) else {
            return true;
        };
        mutant!(LeaverStillCounts)
            || leaves
                .iter()
                .any(|leave| *leave == index || self.node(*leave).past.contains(index))
            || self.operations.iter().any(|other| {
                let witness = self.node(*other);
                witness.past.contains(index)
                    && witness.author != node.author
                    && count.operations.contains(*other)
                    && !leaves.iter().any(|leave| witness.past.contains(*leave))
            })
    }

    /// PROTOCOL §2: "later membership operations of that incarnation count for nothing".
    fn is_free_of_evidence(&self, index: usize) -> bool {
        let node = self.node(index);
        let Some(evidence) = self
            .evidence
            .get(&(node.author, node.operation.incarnation()))
        else {
            return true;
        };
        evidence.iter().any(|proof| {
            let proof = self.node(*proof);
            proof.author != node.author && proof.past.contains(index)
        })
    }

    /// PROTOCOL §4: "a vote by a removed member counts only if an object of a member on neither side has it in its past
    /// without having the removal of its author", and "once k votes exist, that identity key stays out".
    fn is_witnessed(&self, vote: usize, target: Person, count: &Count) -> bool {
        let node = self.node(vote);
        let accusers = self.authors(self.votes.get(&target));
        let accused = self.is_accused(node);
        !mutant!(WitnessIgnored)
            && self.operations.iter().any(|other| {
                let witness = self.node(*other);
                if !witness.past.contains(vote)
                    || !count.operations.contains(*other)
                    || witness.author == target
                    || accusers.contains(witness.author)
                {
                    return false;
                }
                let completed = witness
                    .view
                    .removed
                    .get(&target)
                    .is_some_and(|votes| votes.contains(vote));
                let in_passing = !accused
                    && witness.view.full.contains(node.author)
                    && !self.has_accused(*other, node.author);
                completed || in_passing
            })
    }

    /// Whether the author of `operation` had voted against `person` by then, or does so in it.
    fn has_accused(&self, operation: usize, person: Person) -> bool {
        let node = self.node(operation);
        self.votes.get(&person).is_some_and(|votes| {
            let own = |vote: &&usize| self.node(**vote).author == node.author;
            votes
                .iter()
                .filter(own)
                .any(|vote| *vote == operation || node.past.contains(*vote))
        })
    }

    /// Adds of one author beside each other.
    fn ban_forked_adds(&mut self) {
        let adds: Vec<usize> = self.adds.values().flatten().copied().collect();
        let forked = adds.iter().copied().filter(|add| {
            let node = self.node(*add);
            adds.iter().any(|other| {
                let twin = self.node(*other);
                other != add
                    && twin.author == node.author
                    && !twin.past.contains(*add)
                    && !node.past.contains(*other)
            })
        });
        self.banned = forked.collect();
    }
}
