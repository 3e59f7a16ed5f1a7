//! Operations that are not in the record yet: those that wait for their parents, and strays, of which we hold plenty and
//! which enter only when somebody else builds upon them (see `chains`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::{MemberId, OpId};

use super::chains::chain_life;
use super::limits::PARKED_LIMIT;
use super::operation::Operation;

/// The oldest makes room for the newest.
#[derive(Default)]
pub(super) struct Parked {
    operations: BTreeMap<OpId, Operation>,
    arrivals: VecDeque<OpId>,
    /// Those that were found to be strays.
    aside: BTreeSet<OpId>,
}

impl Parked {
    pub(super) fn park(&mut self, operation: Operation) {
        let id = operation.id();
        if self.operations.insert(id, operation).is_some() {
            return;
        }
        self.arrivals.push_back(id);
        if self.arrivals.len() > PARKED_LIMIT
            && let Some(oldest) = self.arrivals.pop_front()
        {
            self.operations.remove(&oldest);
            self.aside.remove(&oldest);
        }
    }

    /// Keeps a stray: it does not enter by itself.
    pub(super) fn lay_aside(&mut self, operation: Operation) {
        let id = operation.id();
        self.park(operation);
        if self.operations.contains_key(&id) {
            self.aside.insert(id);
        }
    }

    pub(super) fn is_aside(&self, id: &OpId) -> bool {
        self.aside.contains(id)
    }

    /// What of `operation` is parked and comes before it, parents first; nothing if something is missing altogether.
    pub(super) fn ancestors(
        &self,
        operation: &Operation,
        is_here: &impl Fn(&OpId) -> bool,
    ) -> Option<Vec<Operation>> {
        let mut found: BTreeMap<OpId, &Operation> = BTreeMap::new();
        let mut waiting: Vec<OpId> = operation.parents().to_vec();
        while let Some(id) = waiting.pop() {
            if is_here(&id) || found.contains_key(&id) {
                continue;
            }
            let parked = self.operations.get(&id)?;
            found.insert(id, parked);
            waiting.extend(parked.parents());
        }
        let mut sorted: Vec<Operation> = Vec::new();
        let mut placed: BTreeSet<OpId> = BTreeSet::new();
        while sorted.len() < found.len() {
            let ready = found.iter().find(|(id, operation)| {
                !placed.contains(*id)
                    && operation
                        .parents()
                        .iter()
                        .all(|parent| placed.contains(parent) || is_here(parent))
            });
            let (id, operation) = ready?;
            placed.insert(*id);
            sorted.push((*operation).clone());
        }
        Some(sorted)
    }

    /// A chain of resets may have become one again: its strays are looked at anew.
    pub(super) fn reconsider(&mut self, author: MemberId) {
        let operations = &self.operations;
        self.aside.retain(|id| {
            operations
                .get(id)
                .is_some_and(|stray| stray.author() != author)
        });
    }

    /// An operation that may enter now, with what is parked before it: all of that is by others, or nothing is before it.
    pub(super) fn ready(&self, is_here: &impl Fn(&OpId) -> bool) -> Option<Operation> {
        let ready = |operation: &&Operation| {
            !self.aside.contains(&operation.id())
                && self
                    .ancestors(operation, is_here)
                    .is_some_and(|before| before.is_empty() || !self.continues(operation))
        };
        self.operations.values().find(ready).cloned()
    }

    /// Whether all that is parked right before `operation` is of the same chain: it goes on with strays.
    pub(super) fn continues(&self, operation: &Operation) -> bool {
        let parked = operation
            .parents()
            .iter()
            .filter_map(|parent| self.operations.get(parent));
        let mut parked = parked.peekable();
        let same = |parent: &Operation| {
            parent.author() == operation.author() && chain_life(parent) == chain_life(operation)
        };
        parked.peek().is_some() && parked.all(same)
    }

    pub(super) fn remove(&mut self, id: &OpId) {
        if self.operations.remove(id).is_some() {
            self.arrivals.retain(|arrival| arrival != id);
            self.aside.remove(id);
        }
    }

    /// What rests upon a refused operation can never enter.
    pub(super) fn drop_descendants(&mut self, refused: OpId) {
        let mut refused = vec![refused];
        while let Some(parent) = refused.pop() {
            let rests = |operation: &&Operation| operation.parents().contains(&parent);
            let children: Vec<OpId> = self
                .operations
                .values()
                .filter(rests)
                .map(Operation::id)
                .collect();
            for child in children {
                self.remove(&child);
                refused.push(child);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn missing(&self, is_here: impl Fn(&OpId) -> bool) -> Vec<OpId> {
        let parents = self
            .operations
            .values()
            .flat_map(|operation| operation.parents());
        let missing =
            parents.filter(|parent| !is_here(parent) && !self.operations.contains_key(parent));
        missing
            .copied()
            .collect::<BTreeSet<OpId>>()
            .into_iter()
            .collect()
    }
}
