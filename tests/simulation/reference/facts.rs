//! The facts, and what a set of them amounts to.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::world::Name;

pub(crate) type Known = BTreeSet<usize>;
type People = BTreeSet<Name>;

/// What somebody did.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum What {
    /// Founded the cell.
    Found,
    /// Let somebody in.
    Add(Name),
    /// Made somebody full.
    Vouch(Name),
    /// Voted for a removal.
    Vote(Name),
    /// Left.
    Leave,
    /// Recorded a removal.
    Record,
    /// Said something; who has to and who may read it.
    Say {
        text: String,
        must: People,
        may: People,
    },
}

/// Something that somebody did, and what they knew.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) by: Name,
    pub(crate) what: What,
    pub(crate) knew: Known,
}

/// How somebody stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    In,
    Removed,
    Left,
}

/// What a set of facts amounts to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) standing: BTreeMap<Name, Standing>,
    pub(crate) full: People,
    /// Out for certain.
    settled: People,
}

impl Outcome {
    pub(crate) fn is_in(&self, name: Name) -> bool {
        self.standing.get(name) == Some(&Standing::In)
    }

    pub(crate) fn members(&self) -> People {
        let all = self.standing.keys().copied();
        all.filter(|name| self.is_in(name)).collect()
    }
}

/// What follows if certain people are removed.
#[derive(Default)]
struct Counted {
    facts: Known,
    seated: People,
    full: People,
}

/// Everything that happened.
#[derive(Default)]
pub(crate) struct Reference {
    pub(crate) facts: Vec<Fact>,
    /// Somebody's removal rests on what counts only without it, so that nothing explains itself. The core puts them out;
    /// the model says no more of such a cell.
    pub(crate) ring: Cell<bool>,
    outcomes: RefCell<BTreeMap<Known, Rc<Outcome>>>,
}

/// Votes that remove: cells here have at most nine members.
const QUORUM: usize = 2;

impl Reference {
    pub(crate) fn add(&mut self, by: Name, what: What, knew: &Known) -> usize {
        let knew = knew.clone();
        self.facts.push(Fact { by, what, knew });
        self.facts.len() - 1
    }

    fn votes(&self, known: &Known, on: Name) -> Vec<usize> {
        let votes = known.iter().copied();
        votes
            .filter(|id| self.facts[*id].what == What::Vote(on))
            .collect()
    }

    /// Who voted against somebody.
    pub(crate) fn voters(&self, known: &Known, on: Name) -> People {
        let votes = self.votes(known, on).into_iter();
        votes.map(|id| self.facts[id].by).collect()
    }

    fn adders(&self, known: &Known, of: Name) -> People {
        let adds = known.iter().map(|id| &self.facts[*id]);
        adds.filter(|fact| fact.what == What::Add(of))
            .map(|fact| fact.by)
            .collect()
    }

    /// Whether somebody who knows this may do it.
    pub(crate) fn may(&self, known: &Known, by: Name, what: &What) -> bool {
        let outcome = self.outcome(known);
        let (inside, full) = (outcome.is_in(by), outcome.full.contains(by));
        match what {
            What::Vote(on) => {
                let again = self.voters(known, on).contains(by);
                let large = outcome.members().len() > 2;
                inside && full && outcome.is_in(on) && !again && *on != by && large
            }
            What::Vouch(on) => {
                let second = !self.adders(known, on).contains(by);
                let needed = outcome.is_in(on) && !outcome.full.contains(on);
                inside && full && needed && second && *on != by
            }
            What::Add(_) => inside && full,
            What::Leave | What::Say { .. } | What::Record => inside,
            What::Found => false,
        }
    }

    /// Whether somebody was let in, and is not in any more in the eyes of who knows this.
    pub(crate) fn is_out(&self, known: &Known, name: Name) -> bool {
        let founded = self.facts[0].by == name;
        let outcome = self.outcome(known);
        let added = founded || !self.adders(known, name).is_empty();
        added && !outcome.is_in(name)
    }

    /// Who can read what somebody seals who knows this.
    pub(crate) fn readers(&self, known: &Known, by: Name) -> People {
        let accused = |name: &Name| self.voters(known, name).contains(by);
        let members = self.outcome(known).members().into_iter();
        members
            .filter(|name| *name != by && !accused(name))
            .collect()
    }

    /// Whether somebody who knows this has to record a removal: nobody did who did not vote for it.
    pub(crate) fn has_to_record(&self, known: &Known, by: Name) -> bool {
        let outcome = self.outcome(known);
        let mut settled = outcome.settled.iter();
        outcome.is_in(by)
            && settled.any(|gone| {
                let accusers = self.voters(known, gone);
                let recorded = known.iter().map(|id| &self.facts[*id]).any(|fact| {
                    let aside = !matches!(fact.what, What::Say { .. });
                    let then = |fact: &Fact| self.outcome(&fact.knew).settled.contains(gone);
                    aside && !accusers.contains(fact.by) && then(fact)
                });
                !accusers.contains(by) && !recorded
            })
    }

    /// What a set of facts amounts to.
    pub(crate) fn outcome(&self, known: &Known) -> Rc<Outcome> {
        let said = |id: &usize| matches!(self.facts[*id].what, What::Say { .. });
        let known: Known = known.iter().copied().filter(|id| !said(id)).collect();
        if let Some(outcome) = self.outcomes.borrow().get(&known) {
            return outcome.clone();
        }
        let outcome = Rc::new(self.judge(&known));
        self.outcomes.borrow_mut().insert(known, outcome.clone());
        outcome
    }

    /// Tries everybody who has the votes against them as removed or not. What explains itself is a way to see it; who is
    /// out in one of them is out, and what counts in all of them counts.
    fn judge(&self, known: &Known) -> Outcome {
        let people: People = known
            .iter()
            .filter_map(|id| match &self.facts[*id].what {
                What::Vote(on) => Some(*on),
                _ => None,
            })
            .collect();
        let accused: Vec<Name> = people
            .into_iter()
            .filter(|name| self.voters(known, name).len() >= QUORUM)
            .collect();
        let (mut out, mut settled) = (People::new(), None::<People>);
        let mut counted = None::<Counted>;
        for choice in 0..1_u32 << accused.len() {
            let chosen = accused.iter().enumerate();
            let removed: People = chosen
                .filter(|(at, _)| choice >> at & 1 == 1)
                .map(|(_, name)| *name)
                .collect();
            let count = self.count(known, &removed);
            let follows = accused.iter().copied();
            let follows: People = follows
                .filter(|name| self.voters(&count.facts, name).len() >= QUORUM)
                .collect();
            if follows != removed {
                continue;
            }
            out.extend(&removed);
            settled = Some(match settled {
                Some(settled) => settled.intersection(&removed).copied().collect(),
                None => removed,
            });
            counted = Some(match counted {
                Some(before) => before.both(&count),
                None => count,
            });
        }
        let Some(counted) = counted else {
            self.ring.set(true);
            return Outcome::default();
        };
        let mut standing = BTreeMap::new();
        for name in &counted.seated {
            let left = |id: &usize| {
                let fact = &self.facts[*id];
                fact.by == *name && fact.what == What::Leave
            };
            let left = known.iter().any(left);
            standing.insert(*name, if left { Standing::Left } else { Standing::In });
        }
        for name in &out {
            standing.insert(*name, Standing::Removed);
        }
        Outcome {
            standing,
            full: counted.full,
            settled: settled.unwrap_or_default(),
        }
    }

    /// What counts if these are removed: grows until no rule adds anything.
    fn count(&self, known: &Known, removed: &People) -> Counted {
        let mut count = Counted::default();
        loop {
            let before = count.facts.len();
            for id in known {
                if !count.facts.contains(id) && self.counts(*id, known, removed, &count) {
                    self.take(*id, known, &mut count);
                }
            }
            if count.facts.len() == before {
                return count;
            }
        }
    }

    fn take(&self, id: usize, known: &Known, count: &mut Counted) {
        let fact = &self.facts[id];
        count.facts.insert(id);
        match &fact.what {
            What::Found => {
                count.seated.insert(fact.by);
                count.full.insert(fact.by);
            }
            What::Add(name) => {
                count.seated.insert(name);
                let founder = self.facts[0].by == fact.by;
                let earlier = fact.knew.iter().map(|id| &self.facts[*id]);
                let earlier = earlier.filter(|earlier| {
                    earlier.by == fact.by && matches!(earlier.what, What::Add(_))
                });
                if founder && earlier.count() < 2 {
                    count.full.insert(name);
                }
            }
            What::Vouch(name) if !self.adders(known, name).contains(fact.by) => {
                count.full.insert(name);
            }
            What::Vouch(_) | What::Vote(_) | What::Leave | What::Record | What::Say { .. } => {}
        }
    }

    fn counts(&self, id: usize, known: &Known, removed: &People, count: &Counted) -> bool {
        let fact = &self.facts[id];
        if fact.what == What::Found {
            return true;
        }
        let decides = matches!(fact.what, What::Add(_) | What::Vouch(_) | What::Vote(_));
        let entitled = count.seated.contains(fact.by) && (!decides || count.full.contains(fact.by));
        // "Except what lies in the past of at least k votes", and never what an accused decides.
        let accused = !self.votes(&fact.knew, fact.by).is_empty();
        let seen_by = |vote: &&usize| self.facts[**vote].knew.contains(&id);
        let votes = self.votes(known, fact.by);
        let knowing: People = votes
            .iter()
            .filter(seen_by)
            .map(|vote| self.facts[*vote].by)
            .collect();
        let free = !removed.contains(fact.by) || knowing.len() >= QUORUM && !(decides && accused);
        let witnessed = || match &fact.what {
            What::Vote(on) => self.is_witnessed(id, on, known, count),
            _ => false,
        };
        entitled && free || witnessed()
    }

    /// Whether somebody on neither side knew a vote, before its author was out in their eyes or when it had done its work.
    fn is_witnessed(&self, vote: usize, on: Name, known: &Known, count: &Counted) -> bool {
        let voter = self.facts[vote].by;
        let accusers = self.voters(known, on);
        let accused = !self.votes(&self.facts[vote].knew, voter).is_empty();
        known.iter().copied().any(|id| {
            let witness = &self.facts[id];
            let aside = witness.by != on && !accusers.contains(witness.by);
            if !aside || !count.facts.contains(&id) || !witness.knew.contains(&vote) {
                return false;
            }
            let then = self.outcome(&witness.knew);
            let against = self.voters(&witness.knew, voter).contains(witness.by)
                || witness.what == What::Vote(voter);
            let in_passing = then.is_in(voter) && then.full.contains(voter) && !against && !accused;
            then.settled.contains(on) || in_passing
        })
    }
}

impl Counted {
    fn both(self, other: &Self) -> Self {
        let people = |a: People, b: &People| a.intersection(b).copied().collect();
        Self {
            facts: self.facts.intersection(&other.facts).copied().collect(),
            seated: people(self.seated, &other.seated),
            full: people(self.full, &other.full),
        }
    }
}
