//! Whether an operation was allowed in its own causal past (PROTOCOL §4).
//!
//! The answer depends on nothing but the operation and its ancestors, so every device gives the same one, whenever it
//! asks: what one refuses, nobody honest ever builds upon.

use std::sync::Arc;

use model::{CellId, Incarnation, LogId, MemberId};

use super::dag::{Bits, Dag, Deed};
use super::limits::{ADDS_PER_MEMBER, FOUNDING_ADDS};
use super::operation::{Action, Operation};
use super::refusal::Refusal;
use super::state::State;

/// Whose log two signed headers prove to be forked, if they prove it. Must depend on its arguments alone.
pub(crate) type EvidenceCheck = fn(&CellId, first: &[u8], second: &[u8]) -> Option<LogId>;

/// An operation with its ancestors and what they amount to.
pub(super) struct Candidate<'a> {
    pub(super) dag: &'a mut Dag,
    pub(super) operation: &'a Operation,
    pub(super) past: &'a Bits,
    pub(super) state: &'a Arc<State>,
    pub(super) evidence: Option<(CellId, EvidenceCheck)>,
}

impl Candidate<'_> {
    /// What the operation does, if its author was allowed to do it.
    pub(super) fn admit(&mut self) -> Result<Deed, Refusal> {
        let author = self.operation.author();
        self.check_author(&author)?;
        let full = self.state.check_full(&author).is_ok();
        self.dag.check_count(self.operation, self.past, full)?;
        self.dag.check_parents(self.operation, self.past)?;
        let state = self.state.clone();
        match self.operation.action() {
            Action::Genesis { .. } => Err(Refusal::Genesis),
            Action::Add { member, .. } => self.admit_add(&author, member),
            Action::Vouch { member } => {
                state.check_vouch(&author, member)?;
                Ok(Deed::Vouch(self.dag.person(member)))
            }
            Action::RemoveVote { member } => {
                state.check_vote(&author, member)?;
                Ok(Deed::Vote {
                    target: self.dag.person(member),
                    quorum: state.quorum(),
                })
            }
            Action::Leave => Ok(Deed::Leave),
            Action::Reset { incarnation, .. } => {
                if self.is_used(&author, *incarnation) {
                    Err(Refusal::Incarnation)
                } else {
                    Ok(Deed::Reset(*incarnation))
                }
            }
            Action::ConfirmReset {
                member,
                incarnation,
            } => {
                state.check_full(&author)?;
                let info = state.check_member(member)?;
                if *member == author {
                    return Err(Refusal::Oneself);
                }
                if info.pending != Some(*incarnation) {
                    return Err(Refusal::Incarnation);
                }
                Ok(Deed::ConfirmReset(self.dag.person(member), *incarnation))
            }
            Action::Policy { lifetime_s } => {
                state.check_full(&author)?;
                Ok(Deed::Policy(*lifetime_s))
            }
            Action::Evidence { first, second } => self.admit_evidence(first, second),
            Action::Seen => Ok(Deed::Seen),
        }
    }

    /// "An operation counts if its author was a member in its own causal past", in the life that signs it.
    fn check_author(&self, author: &MemberId) -> Result<(), Refusal> {
        let info = self.state.check_member(author)?;
        let life = self.operation.incarnation();
        let fits = match self.operation.action() {
            // Whoever lost a life cannot use it to say so.
            Action::Reset { .. } => true,
            Action::Leave => info.incarnation == Some(life) || info.pending == Some(life),
            Action::Genesis { .. }
            | Action::Add { .. }
            | Action::Vouch { .. }
            | Action::RemoveVote { .. }
            | Action::ConfirmReset { .. }
            | Action::Policy { .. }
            | Action::Evidence { .. }
            | Action::Seen => info.incarnation == Some(life),
        };
        if fits {
            Ok(())
        } else {
            Err(Refusal::Incarnation)
        }
    }

    /// At most 16 adds per member, none at the cap, never a key that was a member. The first two people whom the founder
    /// adds are full at once, and there are only ever two such adds: see [`Refusal::FounderForked`].
    fn admit_add(&mut self, author: &MemberId, member: &MemberId) -> Result<Deed, Refusal> {
        self.state.check_add(author)?;
        if self.state.members.contains_key(member) {
            return Err(Refusal::KnownKey);
        }
        let adds = self.dag.count(self.past, author, is_add);
        if adds >= ADDS_PER_MEMBER {
            return Err(Refusal::TooManyAdds);
        }
        let founder = self
            .dag
            .nodes()
            .first()
            .map(|genesis| genesis.operation.author());
        let founding = founder == Some(*author) && adds < FOUNDING_ADDS;
        if founding && self.has_rival(adds) {
            return Err(Refusal::FounderForked);
        }
        Ok(Deed::Add {
            target: self.dag.person(member),
            founding,
        })
    }

    /// Whether the record holds another first (or second) add by the founder. The one rule that looks beside an
    /// operation's past, because the graph cannot answer it: whoever seizes the founder's key could date back a whole
    /// second founding, and a cell with two of them has twice the people who are full at once. All who have the first
    /// one refuse the second. A founder who forks in the first minutes splits the cell; nobody else is able to.
    fn has_rival(&self, adds: usize) -> bool {
        self.dag.nodes().iter().any(|node| {
            let founding = matches!(node.deed, Deed::Add { founding: true, .. });
            founding && self.dag.count(&node.past, &node.operation.author(), is_add) == adds
        })
    }

    fn admit_evidence(&mut self, first: &[u8], second: &[u8]) -> Result<Deed, Refusal> {
        let (cell, check) = self.evidence.ok_or(Refusal::NoProof)?;
        let log = check(&cell, first, second).ok_or(Refusal::NoProof)?;
        if !self.state.members.contains_key(&log.member) {
            return Err(Refusal::NotAMember);
        }
        let person = self.dag.person(&log.member);
        let deed = Deed::Evidence(person, log.incarnation);
        if self
            .past
            .iter()
            .any(|index| self.dag.nodes()[index].deed == deed)
        {
            return Err(Refusal::NoProof);
        }
        Ok(deed)
    }

    /// Whether this life was begun before.
    fn is_used(&self, author: &MemberId, life: Incarnation) -> bool {
        let begun = self.past.iter().any(|index| {
            let node = &self.dag.nodes()[index];
            node.operation.author() == *author && node.deed.reset_to() == Some(life)
        });
        begun
            || self
                .state
                .members
                .get(author)
                .is_some_and(|info| info.incarnations().any(|used| used == life))
    }
}

pub(super) fn is_add(action: &Action) -> bool {
    matches!(action, Action::Add { .. })
}
