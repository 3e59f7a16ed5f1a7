//! Lets the same happen to real nodes and to the model, and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{CellId, Suite};
use proto::{Answer, Command, ErrorKind};

use super::facts::Known;
use super::{Reference, Standing, What};
use crate::world::{Name, World};

const MINUTE: Duration = Duration::from_secs(60);

pub(crate) const FOUNDERS: [Name; 5] = ["alice", "bob", "carol", "dave", "erin"];
pub(crate) const NEWCOMERS: [Name; 2] = ["frank", "grace"];

/// One thing that happens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Say(Name),
    Vote(Name, Name),
    Vouch(Name, Name),
    Leave(Name),
    Heal(Name),
    Join(Name, Name),
    /// Those whose bit is set, in the order of the names, are on the other side of a wall.
    Part(u8),
    /// Everybody is alone.
    Apart,
    Stop(Name),
    Start(Name),
    /// The second gets a bundle of the first.
    Carry(Name, Name),
}

/// A person in the eyes of the model.
struct Person {
    knows: Known,
    side: usize,
    running: bool,
    /// Somebody who knows that they are out has met them, or they left and were heard: the model says no more of them.
    dropped: bool,
    /// Texts that wait: what they would be sealed to if at once, by all that was known since.
    waiting: Vec<(String, BTreeSet<Name>, BTreeSet<Name>)>,
}

/// Both worlds.
pub(crate) struct Play {
    world: World,
    cell: CellId,
    model: Reference,
    people: BTreeMap<Name, Person>,
    texts: usize,
    steps: Vec<Step>,
}

impl Play {
    /// A cell of the first so many, founded by the first, in which everybody knows everything.
    pub(crate) fn new(members: usize) -> Self {
        let names = [&FOUNDERS[..members], &NEWCOMERS].concat();
        let mut world = World::new(Suite::X25519, &names);
        let cell = world.cell_of(&FOUNDERS[..members]);
        world.pass(4 * MINUTE);
        let mut model = Reference::default();
        let mut knows = Known::new();
        knows.insert(model.add(FOUNDERS[0], What::Found, &knows));
        for name in &FOUNDERS[1..members] {
            let add = model.add(FOUNDERS[0], What::Add(name), &knows);
            knows.insert(add);
        }
        let person = |_| Person {
            knows: knows.clone(),
            side: 0,
            running: true,
            dropped: false,
            waiting: Vec::new(),
        };
        let people = FOUNDERS[..members].iter().map(|name| (*name, person(())));
        Self {
            people: people.collect(),
            world,
            cell,
            model,
            texts: 0,
            steps: Vec::new(),
        }
    }

    fn knows(&self, name: Name) -> &Known {
        &self.people[name].knows
    }

    /// Whether the model speaks of what somebody does now.
    fn acts(&self, name: Name) -> bool {
        let person = self.people.get(name);
        person.is_some_and(|person| person.running && !person.dropped)
    }

    /// Whether something can happen at all.
    pub(crate) fn can(&self, step: Step) -> bool {
        if self.model.ring.get() {
            return false;
        }
        let inside =
            |name: Name| self.acts(name) && self.model.outcome(self.knows_of(name)).is_in(name);
        match step {
            Step::Say(name) | Step::Leave(name) | Step::Heal(name) => inside(name),
            Step::Stop(name) => self.acts(name),
            Step::Vote(name, other) | Step::Vouch(name, other) => {
                let standing = &self.model.outcome(self.knows_of(name)).standing;
                self.acts(name) && standing.contains_key(other)
            }
            Step::Carry(from, to) => from != to && inside(from) && inside(to),
            Step::Join(newcomer, inviter) => {
                let may = || {
                    let knows = self.knows(inviter);
                    self.model.may(knows, inviter, &What::Add(newcomer))
                };
                !self.people.contains_key(newcomer) && self.acts(inviter) && may()
            }
            Step::Part(_) | Step::Apart => true,
            Step::Start(name) => self.people.get(name).is_some_and(|person| !person.running),
        }
    }

    fn knows_of(&self, name: Name) -> &Known {
        static NOTHING: Known = Known::new();
        self.people
            .get(name)
            .map_or(&NOTHING, |person| &person.knows)
    }

    /// Lets it happen, and waits until nothing moves.
    pub(crate) fn step(&mut self, step: Step) {
        self.steps.push(step);
        match step {
            Step::Say(name) => self.say(name),
            Step::Vote(name, on) => {
                let target = self.world.member(name, self.cell, on);
                self.decide(name, What::Vote(on), Command::Remove(self.cell, target));
            }
            Step::Vouch(name, on) => {
                let target = self.world.member(name, self.cell, on);
                self.decide(name, What::Vouch(on), Command::Vouch(self.cell, target));
            }
            Step::Leave(name) => {
                self.decide(name, What::Leave, Command::Leave(self.cell));
            }
            Step::Heal(name) => {
                let healed = self.world.command(name, Command::Heal(self.cell));
                assert!(healed.is_ok(), "{:?}: {healed:?}", self.steps);
            }
            Step::Join(newcomer, inviter) => self.join(newcomer, inviter),
            Step::Part(bits) => self.part(|at| usize::from(bits >> at & 1)),
            Step::Apart => self.part(|at| at),
            Step::Stop(name) => {
                self.world.stop(name);
                self.person(name).running = false;
            }
            Step::Start(name) => {
                self.person(name).running = true;
                self.world.start(name);
            }
            Step::Carry(from, to) => self.carry(from, to),
        }
        self.settle();
        self.world.pass(4 * MINUTE);
    }

    fn person(&mut self, name: Name) -> &mut Person {
        self.people.get_mut(name).expect("a person of the story")
    }

    /// Something that needs a right. The real node has to allow it exactly if the model does.
    fn decide(&mut self, name: Name, what: What, command: Command) {
        let may = self.model.may(self.knows(name), name, &what);
        let done = self.world.command(name, command);
        assert_eq!(
            done.is_ok(),
            may,
            "{name} {what:?} after {:?}: {done:?}",
            self.steps
        );
        if may {
            self.note(name, what);
        }
    }

    fn note(&mut self, name: Name, what: What) {
        let knows = self.knows(name).clone();
        let fact = self.model.add(name, what, &knows);
        self.person(name).knows.insert(fact);
    }

    fn say(&mut self, name: Name) {
        self.texts += 1;
        let text = format!("text {}", self.texts);
        self.world.say(name, self.cell, &text);
        let readers = self.model.readers(self.knows(name), name);
        let waiting = (text, readers.clone(), readers);
        self.person(name).waiting.push(waiting);
        if self.has_company(name) {
            self.seal(name);
        }
    }

    /// Whether there is somebody with whom they take each other for members.
    fn has_company(&self, name: Name) -> bool {
        self.people.keys().any(|other| self.meet(name, other))
    }

    fn meet(&self, a: Name, b: Name) -> bool {
        let (one, other) = (&self.people[a], &self.people[b]);
        a != b
            && self.acts(a)
            && self.acts(b)
            && one.side == other.side
            && self.model.outcome(&one.knows).is_in(b)
            && self.model.outcome(&other.knows).is_in(a)
    }

    /// What waited is in an envelope now.
    fn seal(&mut self, name: Name) {
        for (text, must, may) in std::mem::take(&mut self.person(name).waiting) {
            self.note(name, What::Say { text, must, may });
        }
    }

    fn weigh_waiting(&mut self, name: Name) {
        let readers = self.model.readers(self.knows(name), name);
        for (_, must, may) in &mut self.person(name).waiting {
            must.retain(|reader| readers.contains(reader));
            may.extend(&readers);
        }
    }

    fn join(&mut self, newcomer: Name, inviter: Name) {
        let side = self.people[inviter].side;
        self.world.join(newcomer, self.cell, inviter);
        self.note(inviter, What::Add(newcomer));
        // What waits may be sealed before or after.
        self.weigh_waiting(inviter);
        let person = Person {
            knows: self.knows(inviter).clone(),
            side,
            running: true,
            dropped: false,
            waiting: Vec::new(),
        };
        self.people.insert(newcomer, person);
        self.wall();
    }

    fn part(&mut self, side: impl Fn(usize) -> usize) {
        for (at, person) in self.people.values_mut().enumerate() {
            person.side = side(at);
        }
        self.wall();
    }

    fn wall(&mut self) {
        self.world.heal_network();
        let sides: Vec<(Name, usize)> = self
            .people
            .iter()
            .map(|(name, person)| (*name, person.side))
            .collect();
        for (a, side) in &sides {
            for (b, other) in sides.iter().filter(|(b, _)| a < b) {
                if side != other {
                    self.world.wall(a, b);
                }
            }
        }
    }

    fn carry(&mut self, from: Name, to: Name) {
        let exported = self.world.command(from, Command::ExportBundle(self.cell));
        let bytes = match exported {
            Ok(Answer::BundleExported(bytes, _)) => bytes.to_vec(),
            // Somebody is out and no carrier key was made since (PROTOCOL §8).
            Err(ErrorKind::Unreachable) => return,
            other => panic!("{from} exports after {:?}: {other:?}", self.steps),
        };
        self.weigh_waiting(from);
        // Whether what waits went along depends on whether their head is confirmed.
        let imported = self.world.command(to, Command::ImportBundle(bytes));
        match imported {
            Ok(Answer::BundleImported(..)) => {
                let more = self.knows(from).clone();
                self.person(to).knows.extend(more);
            }
            Err(ErrorKind::BundleForeign) => {}
            other => panic!("{to} imports after {:?}: {other:?}", self.steps),
        }
    }

    /// People who meet know the same, until nothing is new.
    fn settle(&mut self) {
        let names: Vec<Name> = self.people.keys().copied().collect();
        loop {
            let before = self.state();
            for a in &names {
                for b in &names {
                    self.exchange(a, b);
                }
            }
            for name in &names {
                self.weigh_waiting(name);
                if self.acts(name) && self.model.has_to_record(self.knows(name), name) {
                    self.note(name, What::Record);
                }
            }
            let company: Vec<Name> = names
                .iter()
                .copied()
                .filter(|name| self.has_company(name))
                .collect();
            for name in company {
                self.seal(name);
            }
            if self.state() == before {
                return;
            }
        }
    }

    fn state(&self) -> Vec<(usize, bool, usize)> {
        let people = self.people.values();
        people
            .map(|person| (person.knows.len(), person.dropped, person.waiting.len()))
            .collect()
    }

    fn exchange(&mut self, a: Name, b: Name) {
        if self.meet(a, b) {
            let all: Known = self.knows(a).union(self.knows(b)).copied().collect();
            self.person(a).knows.clone_from(&all);
            self.person(b).knows = all;
        }
        let here =
            a != b && self.acts(a) && self.acts(b) && self.people[a].side == self.people[b].side;
        if here && self.model.is_out(self.knows(a), b) {
            self.person(b).dropped = true;
        }
        let outcome = self.model.outcome(self.knows(a));
        let left = outcome.standing.get(a) == Some(&Standing::Left);
        if self.acts(a) && !left && self.model.is_out(self.knows(a), a) {
            self.person(a).dropped = true;
        }
    }

    /// Nothing stands between people any more, and all devices run: everybody has to see what the model says.
    pub(crate) fn finish(mut self) {
        let stopped: Vec<Name> = self
            .people
            .keys()
            .copied()
            .filter(|name| !self.people[name].running)
            .collect();
        for name in stopped {
            self.step(Step::Start(name));
        }
        self.step(Step::Part(0));
        self.world.pass(40 * MINUTE);
        if self.model.ring.get() {
            return;
        }
        let inside: Vec<Name> = self
            .people
            .keys()
            .copied()
            .filter(|name| self.acts(name) && self.model.outcome(self.knows(name)).is_in(name))
            .collect();
        for name in &inside {
            let outcome = self.model.outcome(self.knows(name));
            let members = self.world.node(name).members(self.cell).expect("a cell");
            let states: BTreeMap<String, &str> = members
                .iter()
                .map(|member| (member.name.expose().to_owned(), member.state.name()))
                .collect();
            let expected = outcome.standing.iter().map(|(name, standing)| {
                let standing = match standing {
                    Standing::In => "member",
                    Standing::Removed => "removed",
                    Standing::Left => "left",
                };
                ((*name).to_owned(), standing)
            });
            let expected: BTreeMap<String, &str> = expected.collect();
            assert!(
                states == expected,
                "{name} sees {states:?} and not {expected:?} after {:?}",
                self.steps
            );
        }
        self.compare_texts(&inside);
    }

    fn compare_texts(&self, inside: &[Name]) {
        let mut shown: BTreeMap<Name, Vec<String>> = BTreeMap::new();
        for name in self.people.keys() {
            shown.insert(name, self.world.conversation(name, self.cell));
        }
        for (id, fact) in self.model.facts.iter().enumerate() {
            let What::Say { text, must, may } = &fact.what else {
                continue;
            };
            let line = format!("{}: {text}", fact.by);
            for (name, lines) in shown.iter().filter(|(name, _)| **name != fact.by) {
                let times = lines.iter().filter(|known| **known == line).count();
                let heard = inside.contains(name) && self.knows(name).contains(&id);
                let has_to = must.contains(name)
                    && heard
                    && self.model.outcome(self.knows(name)).is_in(fact.by);
                assert!(
                    times >= usize::from(has_to),
                    "{name} lacks {line:?} after {:?}: {lines:?}",
                    self.steps
                );
                let most = usize::from(may.contains(name));
                assert!(
                    times <= most,
                    "{name} reads {line:?} after {:?}",
                    self.steps
                );
            }
        }
        for a in inside {
            for b in inside {
                let common = |of: Name, with: Name| -> Vec<&String> {
                    shown[of]
                        .iter()
                        .filter(|line| shown[with].contains(line))
                        .collect()
                };
                assert_eq!(
                    common(a, b),
                    common(b, a),
                    "{a} and {b} after {:?}",
                    self.steps
                );
            }
        }
    }
}
