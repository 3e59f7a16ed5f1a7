//! Long campaigns: `cargo xtask soak SECONDS`. Each story comes from one number, which a failure names.

#![allow(clippy::print_stdout, reason = "a campaign says where it is")]

use std::time::{Duration, Instant};

use crypto::{Rng, Secret};
use model::{CellId, DisplayName, MessageText, Suite};
use proto::{Answer, Command, ErrorKind, Input, MemberState, Notice, RequestId};

use crate::fuzzed::node;
use crate::world::{Name, World};

const FOUNDERS: [Name; 3] = ["alice", "bob", "carol"];
const ALL: [Name; 5] = ["alice", "bob", "carol", "dave", "erin"];
const STEPS: u64 = 120;

/// How long a campaign lasts: what `cargo xtask soak` was asked for.
pub(crate) fn time() -> Duration {
    let seconds = std::env::var("VIGIL_SOAK")
        .ok()
        .and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(60))
}

fn rng(number: u64) -> Rng {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    Rng::from_seed(&Secret::from_bytes(seed))
}

#[test]
#[ignore = "a campaign: cargo xtask soak"]
fn soak_random_stories_end_in_one_history() {
    let (start, time) = (Instant::now(), time());
    let mut number = 0;
    while start.elapsed() < time {
        number += 1;
        println!("story {number}");
        Story::run(number);
    }
}

#[test]
#[ignore = "a campaign: cargo xtask soak"]
fn soak_stories_that_somebody_changes_keep_the_contract() {
    let (start, time) = (Instant::now(), time());
    let mut number = 0;
    while start.elapsed() < time {
        number += 1;
        let mut rng = rng(number);
        let mut program = vec![0; 40 + rng.below(300) as usize];
        let honest = rng.below(100);
        for byte in &mut program {
            let [chance] = rng.array();
            *byte = if rng.below(100) < honest {
                chance / 2
            } else {
                chance
            };
        }
        println!("program {number}");
        node::run(&program);
        node::restore(&program[..8 + rng.below(24) as usize]);
    }
}

#[test]
fn a_random_story_ends_in_one_history() {
    for number in 1..=3 {
        Story::run(number);
    }
}

/// One story of people who write, meet, part, crash, let in and vote out.
struct Story {
    world: World,
    rng: Rng,
    cell: CellId,
    running: Vec<Name>,
    /// What was acknowledged: who, what.
    said: Vec<(Name, String)>,
}

impl Story {
    fn run(number: u64) {
        let mut world = World::new(Suite::X25519, &ALL);
        let cell = world.cell_of(&FOUNDERS);
        let (rng, running) = (rng(number), ALL.to_vec());
        let mut story = Self {
            world,
            rng,
            cell,
            running,
            said: Vec::new(),
        };
        for step in 0..STEPS {
            story.step(step);
        }
        story.end(number);
    }

    fn step(&mut self, step: u64) {
        let name = self.anybody();
        match self.rng.below(16) {
            0..5 => self.say(name, step, usize::MAX),
            5 => {
                let other = self.anybody();
                if other != name {
                    self.world.wall(name, other);
                }
            }
            6 | 7 => self.world.heal_network(),
            8 if self.running.len() > 1 => {
                self.world.stop(name);
                self.running.retain(|other| *other != name);
            }
            9 | 10 => self.start_all(),
            11 => {
                let limit = usize::try_from(self.rng.below(6)).unwrap_or(0);
                self.say(name, step, limit);
            }
            12 if self.rng.below(4) == 0 => self.vote(name),
            13 => self.let_in(name),
            14 if self.is_in(name) => {
                let _not_now = self.world.command(name, Command::Heal(self.cell));
            }
            _ => {
                let seconds = 1 + self.rng.below(400);
                self.world.pass(Duration::from_secs(seconds));
            }
        }
    }

    fn anybody(&mut self) -> Name {
        let at = self.rng.below(self.running.len() as u64);
        self.running[usize::try_from(at).unwrap_or(0)]
    }

    fn is_in(&self, name: Name) -> bool {
        let cells = self.world.node(name).cells();
        let mut ours = cells.iter().filter(|summary| summary.cell == self.cell);
        ours.any(|summary| summary.state == MemberState::Member)
    }

    /// Carries out at most `limit` of what follows: fewer is a crash.
    fn say(&mut self, name: Name, step: u64, limit: usize) {
        if !self.is_in(name) {
            return;
        }
        let text = format!("{name} {step}");
        self.world.requests += 1;
        let request = RequestId(self.world.requests);
        let command = Command::SendMessage {
            cell: self.cell,
            text: MessageText::parse(text.clone()).unwrap(),
            reply_to: None,
        };
        self.world
            .feed(name, Input::Command(request, command), limit);
        self.world.settle();
        if let Some(Ok(Answer::MessageAccepted(_))) =
            self.world.person(name).answers.remove(&request)
        {
            self.said.push((name, text));
        }
        if limit < usize::MAX {
            self.world.stop(name);
            self.world.start(name);
        }
    }

    fn vote(&mut self, name: Name) {
        let whom = self.anybody();
        if !self.is_in(name) || whom == name {
            return;
        }
        let members = self.world.node(name).members(self.cell).unwrap();
        if let Some(target) = members.iter().find(|member| member.name.expose() == whom) {
            let _may_be_refused = self
                .world
                .command(name, Command::Remove(self.cell, target.member));
        }
    }

    fn let_in(&mut self, inviter: Name) {
        let outside = ["dave", "erin"]
            .into_iter()
            .find(|name| self.running.contains(name) && self.world.node(name).cells().is_empty());
        let Some(newcomer) = outside.filter(|newcomer| *newcomer != inviter && self.is_in(inviter))
        else {
            return;
        };
        self.world.heal_network();
        let expires_in = proto::INVITE_LIFE;
        let invite = Command::Invite {
            cell: self.cell,
            expires_in,
        };
        let Ok(Answer::InviteMade(_, link)) = self.world.command(inviter, invite) else {
            return;
        };
        let display_name = DisplayName::parse(newcomer).unwrap();
        if self
            .world
            .command(newcomer, Command::Join { link, display_name })
            .is_err()
        {
            return;
        }
        let notices = self.world.people[inviter].notices.iter().rev();
        let join = notices.into_iter().find_map(|notice| match notice {
            Notice::JoinRequested { join, .. } => Some(*join),
            _ => None,
        });
        let Some(join) = join else { return };
        let confirm = Command::ConfirmJoin {
            cell: self.cell,
            join,
            accept: true,
        };
        match self.world.command(inviter, confirm) {
            Ok(_)
            | Err(
                ErrorKind::NoSuchJoin
                | ErrorKind::NotAMember
                | ErrorKind::NotAFullMember
                | ErrorKind::TooMany,
            ) => {}
            Err(other) => panic!("{newcomer} is not let in: {other}"),
        }
        self.world.pass(Duration::from_secs(2));
    }

    fn start_all(&mut self) {
        for name in ALL {
            if !self.running.contains(&name) {
                self.world.start(name);
                self.running.push(name);
            }
        }
    }

    /// Everybody meets. Whoever is in sees the same as the others, and nothing that was acknowledged is lost.
    fn end(mut self, number: u64) {
        self.world.heal_network();
        self.start_all();
        self.world.pass(Duration::from_secs(3600));
        let founders: Vec<Name> = FOUNDERS
            .into_iter()
            .filter(|name| self.is_in(name))
            .collect();
        let histories: Vec<Vec<String>> = founders
            .iter()
            .map(|name| self.world.conversation(name, self.cell))
            .collect();
        for (name, history) in founders.iter().zip(&histories) {
            assert!(
                history == &histories[0],
                "story {number}: {name} and {} differ",
                founders[0]
            );
            for (author, text) in self
                .said
                .iter()
                .filter(|(author, _)| founders.contains(author))
            {
                let line = format!("{author}: {text}");
                assert!(
                    history.contains(&line),
                    "story {number}: {name} lacks {line}"
                );
            }
        }
        for name in ALL {
            let damaged = |state| state == MemberState::Damaged;
            assert!(
                !self
                    .world
                    .node(name)
                    .cells()
                    .iter()
                    .any(|cell| damaged(cell.state)),
                "story {number}"
            );
        }
    }
}
