//! Stories about the membership record, and a plain model to compare it with.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a story names what it is about and nothing else"
)]

mod chains;
mod codec;
mod conflicts;
mod interleavings;
mod model;
#[cfg(feature = "mutants")]
mod mutants;
mod properties;
mod stories;

use std::cell::RefCell;
use std::collections::BTreeMap;

use ::model::{CellId, DisplayName, Incarnation, LogId, MemberId, OpId, Suite};
use crypto::{Secret, SigningKey};

use super::{Action, Inserted, Member, Membership, Operation, Refusal, Standing, State};

/// A cell as its people see it: each has a key and a record of their own, and hears of others only when told.
struct Story {
    people: BTreeMap<&'static str, Person>,
    founder: &'static str,
}

struct Person {
    key: SigningKey,
    life: Incarnation,
    record: Membership,
}

thread_local! {
    /// Keys by name: deriving one takes longer than most tests.
    static KEYS: RefCell<BTreeMap<String, (SigningKey, MemberId)>> = RefCell::default();
}

fn key_and_id(name: &str) -> (SigningKey, MemberId) {
    KEYS.with_borrow_mut(|keys| {
        let derive = || {
            let mut seed = [0; 32];
            seed[..name.len()].copy_from_slice(name.as_bytes());
            let key = SigningKey::from_seed(&Secret::from_bytes(seed));
            let id = MemberId::from_bytes(key.verifying_key().to_bytes());
            (key, id)
        };
        keys.entry(name.to_owned()).or_insert_with(derive).clone()
    })
}

fn key(name: &str) -> SigningKey {
    key_and_id(name).0
}

fn id(name: &str) -> MemberId {
    key_and_id(name).1
}

fn life(number: u8) -> Incarnation {
    Incarnation::from_bytes([number; 16])
}

fn vouch(name: &str) -> Action {
    Action::Vouch { member: id(name) }
}

fn remove(name: &str) -> Action {
    Action::RemoveVote { member: id(name) }
}

fn add(name: &str) -> Action {
    Action::Add {
        member: id(name),
        incarnation: life(0),
        name: DisplayName::parse(name).unwrap(),
        key_package: name.as_bytes().to_vec(),
        compared: true,
    }
}

fn policy(lifetime_s: u32) -> Action {
    Action::Policy { lifetime_s }
}

fn reset(number: u8) -> Action {
    Action::Reset {
        incarnation: life(number),
        key_package: vec![number],
    }
}

/// Two "headers" of our own kind: the author's name, and anything that differs.
fn evidence(name: &str) -> Action {
    Action::Evidence {
        first: [name.as_bytes(), b"/1"].concat(),
        second: [name.as_bytes(), b"/2"].concat(),
    }
}

fn check_evidence(_cell: &CellId, first: &[u8], second: &[u8]) -> Option<LogId> {
    let name = std::str::from_utf8(first.strip_suffix(b"/1")?).ok()?;
    let forked = second == [name.as_bytes(), b"/2"].concat();
    forked.then(|| LogId {
        member: id(name),
        incarnation: life(0),
    })
}

impl Story {
    /// `founder` is alone.
    fn found(founder: &'static str) -> Self {
        Self::found_with(founder, Suite::XWing, None)
    }

    fn found_with(founder: &'static str, suite: Suite, quorum: Option<u8>) -> Self {
        let name = DisplayName::parse(founder).unwrap();
        let (mut record, _) = Membership::found(
            &key(founder),
            life(0),
            name,
            suite,
            quorum,
            [7; 16],
            vec![1],
        );
        record.accept_evidence(check_evidence);
        let person = Person {
            key: key(founder),
            life: life(0),
            record,
        };
        Self {
            people: BTreeMap::from([(founder, person)]),
            founder,
        }
    }

    /// The first adds everybody else, the second vouches for all who need it: everybody is full and knows everything.
    fn cell(names: &[&'static str]) -> Self {
        Self::cell_with(names, Suite::XWing, None)
    }

    fn cell_with(names: &[&'static str], suite: Suite, quorum: Option<u8>) -> Self {
        let mut story = Self::found_with(names[0], suite, quorum);
        for name in &names[1..] {
            story.act(names[0], add(name));
            story.join(name, names[0]);
        }
        story.tell_all(names[0]);
        for name in names.iter().skip(3) {
            story.act(names[1], vouch(name));
        }
        story.tell_all(names[1]);
        story
    }

    fn person(&self, name: &str) -> &Person {
        &self.people[name]
    }

    fn record(&mut self, name: &str) -> &mut Membership {
        &mut self.people.get_mut(name).unwrap().record
    }

    fn state(&self, name: &str) -> std::sync::Arc<State> {
        self.person(name).record.state()
    }

    /// How `name` stands in the eyes of `viewer`.
    fn seen(&self, viewer: &str, name: &str) -> Option<Member> {
        self.state(viewer).members.get(&id(name)).cloned()
    }

    fn standing(&self, viewer: &str, name: &str) -> Option<Standing> {
        self.seen(viewer, name).map(|info| info.standing)
    }

    fn is_full(&self, viewer: &str, name: &str) -> bool {
        self.seen(viewer, name).unwrap().full
    }

    /// Who is in the cell in the eyes of `viewer`, by name.
    fn members(&self, viewer: &str) -> Vec<&'static str> {
        let names = self.people.keys().copied();
        names
            .filter(|name| self.standing(viewer, name) == Some(Standing::Member))
            .collect()
    }

    /// Signs after everything that `author` knows.
    fn sign(&self, author: &str, action: Action) -> Operation {
        let person = self.person(author);
        let life = if let Action::Reset { incarnation, .. } = &action {
            *incarnation
        } else {
            person.life
        };
        person.record.make(&person.key, life, action)
    }

    /// Signs after `parents` only: what somebody does who hides what they know.
    fn sign_after(&self, author: &str, parents: &[OpId], action: Action) -> Operation {
        let mut parents = parents.to_vec();
        parents.sort_unstable();
        let person = self.person(author);
        Operation::sign(
            &person.record.cell(),
            &person.key,
            person.life,
            parents,
            action,
        )
    }

    /// Signs, and keeps it to themselves for now.
    fn act(&mut self, author: &'static str, action: Action) -> OpId {
        let operation = self.sign(author, action);
        let inserted = self.record(author).insert(operation.clone());
        assert_eq!(
            inserted,
            Inserted::New(vec![operation.id()]),
            "{author} does {operation:?}"
        );
        operation.id()
    }

    /// Signs, and finds that it does not go.
    fn fail(&mut self, author: &'static str, action: Action) -> Refusal {
        let operation = self.sign(author, action);
        match self.record(author).insert(operation) {
            Inserted::Refused(refusal) => refusal,
            other => panic!("{author} was allowed to: {other:?}"),
        }
    }

    /// A newcomer takes over what the inviter knows.
    fn join(&mut self, name: &'static str, inviter: &str) {
        let operations: Vec<Operation> =
            self.person(inviter).record.operations().cloned().collect();
        let record = Membership::replay(operations, Some(check_evidence)).unwrap();
        self.people.insert(
            name,
            Person {
                key: key(name),
                life: life(0),
                record,
            },
        );
    }

    /// `from` gives `to` what they lack.
    fn tell(&mut self, from: &str, to: &str) {
        let heads = self.person(to).record.heads();
        let operations: Vec<Operation> = self
            .person(from)
            .record
            .after(&heads)
            .into_iter()
            .cloned()
            .collect();
        for operation in operations {
            let inserted = self.record(to).insert(operation);
            assert!(
                matches!(inserted, Inserted::New(_) | Inserted::Known),
                "{from} tells {to}: {inserted:?}"
            );
        }
    }

    fn tell_all(&mut self, from: &str) {
        let names: Vec<&str> = self.people.keys().copied().collect();
        for name in names {
            self.tell(from, name);
        }
    }

    /// Everybody tells everybody, and all see the same.
    fn meet(&mut self) {
        let founder = self.founder;
        let names: Vec<&str> = self.people.keys().copied().collect();
        for name in &names {
            self.tell(name, founder);
        }
        self.tell_all(founder);
        for name in names {
            assert_eq!(
                self.state(name),
                self.state(founder),
                "{name} and {founder} see different cells"
            );
            assert_eq!(
                self.person(name).record.heads(),
                self.person(founder).record.heads()
            );
        }
    }
}
