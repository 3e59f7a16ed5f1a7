//! Who is in the cell, as a set of operations says (PROTOCOL §4).
//!
//! What it is: a snapshot that no longer knows the graph. Two equal sets of operations give equal states, whatever their
//! order of arrival.

use std::collections::{BTreeMap, BTreeSet};

use model::{DisplayName, Incarnation, MemberId, OpId, Suite};

use super::chains::Chain;
use super::dag::{Bits, Dag, Deed, Node, Person, View};
use super::judge::{Judgement, judge};
use super::limits::{QUORUM_LARGE, QUORUM_SMALL, REMOVABLE_SIZE, SMALL_CELL};
use super::operation::Action;
use super::refusal::Refusal;

/// Who is in the cell and under which rules.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct State {
    /// The suite of every send group.
    pub(crate) suite: Suite,
    /// The most members that may be added.
    pub(crate) cap: usize,
    /// How long messages last, in seconds; 0 if for ever.
    pub(crate) lifetime_s: u32,
    /// Everybody who is or was in it.
    pub(crate) members: BTreeMap<MemberId, Member>,
    /// Those who are out because two sides removed each other. They are among the removed.
    pub(crate) conflicts: BTreeSet<MemberId>,
    removal_quorum: Option<u8>,
}

/// Somebody who is or was in the cell.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Member {
    /// What they are called.
    pub(crate) name: DisplayName,
    /// How they stand.
    pub(crate) standing: Standing,
    /// Whether they may vote, add and vouch.
    pub(crate) full: bool,
    /// Who added them; nobody added the founder.
    pub(crate) introduced_by: Option<MemberId>,
    /// Whether the inviter compared the phrase.
    pub(crate) compared: Option<bool>,
    /// The life that others add to their send groups. None while a reset waits to be confirmed.
    pub(crate) incarnation: Option<Incarnation>,
    /// A reset that waits to be confirmed.
    pub(crate) pending: Option<Incarnation>,
    /// The key package of the newest life that was ever current.
    pub(crate) key_package: Vec<u8>,
    /// The operation that made them a member.
    pub(crate) added_by: OpId,
    /// Who voted for their removal, as far as it counts.
    pub(crate) votes_against: BTreeSet<MemberId>,
    /// How many votes it takes.
    pub(crate) needed: u8,
    /// The votes that put them out; empty unless they are.
    pub(crate) removed_by: BTreeSet<OpId>,
    lives: Vec<Incarnation>,
}

/// How somebody stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    /// In the cell.
    Member,
    /// Proven to have signed two things in one place: in no send group, and of no say.
    Suspended,
    /// Out by vote, for ever.
    Removed,
    /// Out by their own will, for ever.
    Left,
}

impl Member {
    /// Every life that is or was current, oldest first.
    pub(crate) fn incarnations(&self) -> impl Iterator<Item = Incarnation> {
        self.lives.iter().copied()
    }

    fn is_current(&self) -> bool {
        matches!(self.standing, Standing::Member | Standing::Suspended)
    }
}

impl State {
    /// What the operations in `set` amount to, and what of it others may rely on later.
    pub(super) fn of(dag: &Dag, set: &Bits) -> (Self, View) {
        let forked = dag.forked_in(set);
        let set = &dag.anchored(set, &forked);
        let judgement = judge(dag, set);
        let mut state = Self {
            suite: Suite::default(),
            cap: 0,
            lifetime_s: 0,
            members: BTreeMap::new(),
            conflicts: BTreeSet::new(),
            removal_quorum: None,
        };
        let reading = Reading {
            dag,
            set,
            judgement: &judgement,
            forked: &forked,
        };
        state.apply_genesis(dag);
        for (person, member) in dag.people().iter().enumerate() {
            if let Some(info) = reading.member(person) {
                state.members.insert(*member, info);
            }
        }
        let needed = state.quorum();
        for info in state
            .members
            .values_mut()
            .filter(|info| info.votes_against.is_empty())
        {
            info.needed = needed;
        }
        state.lifetime_s = reading.lifetime();
        state.conflicts = reading
            .conflicts()
            .map(|person| dag.people()[person])
            .collect();
        (state, reading.view())
    }

    fn apply_genesis(&mut self, dag: &Dag) {
        if let Some(Action::Genesis {
            suite,
            removal_quorum,
            cap,
            ..
        }) = dag.nodes().first().map(|node| node.operation.action())
        {
            self.suite = *suite;
            self.cap = usize::from(*cap);
            self.removal_quorum = *removal_quorum;
        }
    }

    /// Members and suspended ones: everybody who is neither removed nor left.
    pub(crate) fn size(&self) -> usize {
        self.members
            .values()
            .filter(|info| info.is_current())
            .count()
    }

    /// Votes that a removal takes at this size (PROTOCOL §4).
    pub(crate) fn quorum(&self) -> u8 {
        let by_size = if self.size() <= SMALL_CELL {
            QUORUM_SMALL
        } else {
            QUORUM_LARGE
        };
        self.removal_quorum.unwrap_or(by_size)
    }

    /// Whether `author` may act at all.
    pub(super) fn check_member(&self, author: &MemberId) -> Result<&Member, Refusal> {
        let info = self.members.get(author).ok_or(Refusal::NotAMember)?;
        if info.standing == Standing::Member {
            Ok(info)
        } else {
            Err(Refusal::NotAMember)
        }
    }

    /// Whether `author` may vote, add and vouch at all.
    pub(super) fn check_full(&self, author: &MemberId) -> Result<(), Refusal> {
        if self.check_member(author)?.full {
            Ok(())
        } else {
            Err(Refusal::NotAFullMember)
        }
    }

    /// Whether `author` may vote for the removal of `target`.
    pub(super) fn check_vote(&self, author: &MemberId, target: &MemberId) -> Result<(), Refusal> {
        if !mutant!(ReadersVote) {
            self.check_full(author)?;
        }
        let info = self
            .members
            .get(target)
            .filter(|info| info.is_current())
            .ok_or(Refusal::NotAMember)?;
        if author == target {
            return Err(Refusal::Oneself);
        }
        if self.size() < REMOVABLE_SIZE {
            return Err(Refusal::TooSmallToRemove);
        }
        if info.votes_against.contains(author) && !mutant!(CountVoteTwice) {
            Err(Refusal::AlreadyVoted)
        } else {
            Ok(())
        }
    }

    /// Whether `author` may vouch for `target`.
    pub(super) fn check_vouch(&self, author: &MemberId, target: &MemberId) -> Result<(), Refusal> {
        self.check_full(author)?;
        let info = self.check_member(target)?;
        if author == target {
            return Err(Refusal::Oneself);
        }
        if info.introduced_by == Some(*author) && !mutant!(InviterVouches) {
            return Err(Refusal::Inviter);
        }
        if info.full {
            Err(Refusal::AlreadyFull)
        } else {
            Ok(())
        }
    }

    /// Whether `author` may add anybody, as far as room and standing go.
    pub(super) fn check_add(&self, author: &MemberId) -> Result<(), Refusal> {
        self.check_full(author)?;
        if self.size() >= self.cap {
            Err(Refusal::CellFull)
        } else {
            Ok(())
        }
    }
}

/// Pairs of members, suspended ones included, of whom one could pass for the other on screen (PROTOCOL §1).
pub(crate) fn confusable_pairs(state: &State) -> Vec<(MemberId, MemberId)> {
    let current: Vec<(&MemberId, &Member)> = state
        .members
        .iter()
        .filter(|(_, info)| info.is_current())
        .collect();
    let mut pairs = Vec::new();
    for (position, (member, info)) in current.iter().enumerate() {
        let later = current[position + 1..].iter();
        let alike = later.filter(|(_, other)| info.name.is_confusable_with(&other.name));
        pairs.extend(alike.map(|(other, _)| (**member, **other)));
    }
    pairs
}

/// Reads the people out of a judged set.
struct Reading<'a> {
    dag: &'a Dag,
    set: &'a Bits,
    judgement: &'a Judgement,
    forked: &'a BTreeSet<Chain>,
}

impl<'a> Reading<'a> {
    fn nodes(&self, set: &'a Bits) -> impl Iterator<Item = (usize, &'a Node)> {
        let nodes = self.dag.nodes();
        set.iter().map(move |index| (index, &nodes[index]))
    }

    /// Everybody with a seat, and everybody removed: "it is never added again".
    fn member(&self, person: Person) -> Option<Member> {
        let removed = self.judgement.removed.contains(&person);
        if !self.judgement.seated.contains(person) && !removed {
            return None;
        }
        let standing = if removed {
            Standing::Removed
        } else if self.judgement.left.contains(person) {
            Standing::Left
        } else if self.judgement.suspended.contains(person) {
            Standing::Suspended
        } else {
            Standing::Member
        };
        let mut info = self.entry(person)?;
        info.standing = standing;
        info.full = self.judgement.full.contains(person) && self.judgement.seated.contains(person);
        let votes: Vec<&Node> = self.votes(person).collect();
        info.votes_against = votes.iter().map(|vote| vote.operation.author()).collect();
        info.needed = votes
            .iter()
            .filter_map(|vote| vote.deed.quorum())
            .min()
            .unwrap_or_default();
        if removed {
            info.removed_by = votes.iter().map(|vote| vote.operation.id()).collect();
        }
        self.apply_resets(person, &mut info);
        // A forked life is over, as one that was lost is: the way on is a reset that a full member confirms.
        info.incarnation = info
            .incarnation
            .filter(|life| !self.forked.contains(&(person, Some(*life))));
        Some(info)
    }

    fn votes(&self, person: Person) -> impl Iterator<Item = &'a Node> {
        let votes = self.nodes(&self.judgement.contested).map(|(_, node)| node);
        votes.filter(move |node| node.deed.vote_on() == Some(person))
    }

    /// How they came in. If several added the same key beside each other, the inviter with the smallest key is shown: it
    /// was chosen before the newcomer's was known, and nothing but the line on screen hangs on it.
    fn entry(&self, person: Person) -> Option<Member> {
        let added = |(_, node): &(usize, &'a Node)| {
            node.deed.add_of() == Some(person)
                || node.deed == Deed::Genesis && node.author == person
        };
        let seated = self.judgement.seated.contains(person);
        let set = if seated {
            &self.judgement.settled
        } else {
            self.set
        };
        let (_, node) = self
            .nodes(set)
            .filter(added)
            .min_by_key(|(_, node)| (node.operation.author(), node.operation.id()))?;
        let (name, incarnation, key_package, inviter, compared) = match node.operation.action() {
            Action::Genesis {
                name, key_package, ..
            } => (name, node.operation.incarnation(), key_package, None, None),
            Action::Add {
                name,
                incarnation,
                key_package,
                compared,
                ..
            } => (
                name,
                *incarnation,
                key_package,
                Some(node.operation.author()),
                Some(*compared),
            ),
            Action::Vouch { .. }
            | Action::RemoveVote { .. }
            | Action::Leave
            | Action::Reset { .. }
            | Action::ConfirmReset { .. }
            | Action::Policy { .. }
            | Action::Evidence { .. }
            | Action::Seen => return None,
        };
        Some(Member {
            name: name.clone(),
            standing: Standing::Member,
            full: false,
            introduced_by: inviter,
            compared,
            incarnation: Some(incarnation),
            pending: None,
            key_package: key_package.clone(),
            added_by: node.operation.id(),
            votes_against: BTreeSet::new(),
            needed: 0,
            removed_by: BTreeSet::new(),
            lives: vec![incarnation],
        })
    }

    /// PROTOCOL §1: a reset is welcome once one full member has confirmed it. Of two beside each other neither is, even
    /// if both are confirmed, until a further one comes after both.
    fn apply_resets(&self, person: Person, info: &mut Member) {
        let resets: Vec<(usize, &Node, Incarnation)> = self
            .nodes(&self.judgement.settled)
            .filter(|(_, node)| node.author == person)
            .filter_map(|(index, node)| Some((index, node, node.deed.reset_to()?)))
            .collect();
        if resets.is_empty() {
            return;
        }
        let confirmed: BTreeSet<Incarnation> = self
            .nodes(&self.judgement.settled)
            .filter_map(|(_, node)| node.deed.confirms(person))
            .collect();
        let beside = |a: &(usize, &Node, Incarnation), b: &(usize, &Node, Incarnation)| {
            a.0 != b.0 && !a.1.past.contains(b.0) && !b.1.past.contains(a.0)
        };
        let is_confirmed = |reset: &(usize, &Node, Incarnation)| {
            confirmed.contains(&reset.2) || mutant!(ResetUnconfirmed)
        };
        let mut effective: Vec<&(usize, &Node, Incarnation)> = resets
            .iter()
            .filter(|reset| is_confirmed(reset))
            .filter(|reset| {
                !resets
                    .iter()
                    .any(|other| is_confirmed(other) && beside(reset, other))
            })
            .collect();
        // They lie on one line, so the size of their pasts orders them.
        effective.sort_by_key(|reset| reset.1.past.len());
        for (_, node, life) in &effective {
            info.lives.push(*life);
            info.incarnation = Some(*life);
            if let Action::Reset { key_package, .. } = node.operation.action() {
                info.key_package.clone_from(key_package);
            }
        }
        let last = effective.last().map(|reset| reset.0);
        let open = resets.iter().filter(|reset| {
            !effective.iter().any(|other| other.0 == reset.0)
                && !resets.iter().any(|other| other.1.past.contains(reset.0))
        });
        for (_, node, life) in open {
            info.pending = Some(info.pending.map_or(*life, |other| other.min(*life)));
            if last.is_none_or(|last| node.past.contains(last)) {
                info.incarnation = None;
            }
        }
    }

    /// PROTOCOL §4: of the newest policies beside each other the shortest.
    fn lifetime(&self) -> u32 {
        let policies: Vec<(usize, &Node, u32)> = self
            .nodes(&self.judgement.settled)
            .filter_map(|(index, node)| Some((index, node, node.deed.policy()?)))
            .collect();
        let newest = policies.iter().filter(|(index, ..)| {
            !policies
                .iter()
                .any(|(_, later, _)| later.past.contains(*index))
        });
        newest
            .map(|(_, _, lifetime_s)| *lifetime_s)
            .min()
            .unwrap_or_default()
    }

    /// Those who are out only because nobody can tell who was first, and removed members who, over however many others,
    /// removed each other.
    fn conflicts(&self) -> impl Iterator<Item = Person> {
        let removed = &self.judgement.removed;
        let mut reaches: BTreeMap<Person, Bits> = BTreeMap::new();
        for target in removed {
            let voters = self.votes(*target).map(|vote| vote.author);
            for voter in voters.filter(|voter| removed.contains(voter)) {
                reaches.entry(voter).or_default().insert(*target);
            }
        }
        for middle in removed {
            let beyond = reaches.get(middle).cloned().unwrap_or_default();
            for reached in reaches
                .values_mut()
                .filter(|reached| reached.contains(*middle))
            {
                reached.union_with(&beyond);
            }
        }
        removed.iter().copied().filter(move |person| {
            !self.judgement.settled_removals.contains(person)
                || reaches
                    .get(person)
                    .is_some_and(|reached| reached.contains(*person))
        })
    }

    fn view(&self) -> View {
        let judgement = self.judgement;
        let well = |person: &usize| {
            judgement.seated.contains(*person)
                && !judgement.removed.contains(person)
                && !judgement.left.contains(*person)
                && !judgement.suspended.contains(*person)
        };
        let by = |target: &Person| {
            let votes = self.nodes(&judgement.settled);
            votes
                .filter(|(_, node)| node.deed.vote_on() == Some(*target))
                .map(|(index, _)| index)
                .collect()
        };
        View {
            full: judgement.full.iter().filter(well).collect(),
            removed: judgement
                .settled_removals
                .iter()
                .map(|target| (*target, by(target)))
                .collect(),
        }
    }
}
