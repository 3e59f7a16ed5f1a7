//! Peers that do not play by the rules. Each is a member with a node of its own, and a program that uses the keys on its
//! disk beside it; or somebody without keys.

mod channel;
pub(crate) mod forge;
mod thief;

use crypto::Rng;
use model::CellId;
use proto::Link;

use crate::scenario::Attack;
use crate::world::{Tap, Who, World};

pub(crate) use channel::Insider;
use forge::{Forger, Header, Id};
pub(crate) use thief::Thief;

/// What an adversary remembers from one attack to the next.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    heard: Vec<Tap>,
    puppets: u8,
}

/// Frames that a replayer keeps.
const HEARD: usize = 400;

impl Memory {
    /// Keeps what the adversary heard.
    pub(crate) fn hear(&mut self, taps: &[Tap], who: Who) {
        let heard = taps.iter().filter(|tap| tap.to == who);
        self.heard.extend(heard.cloned());
        let over = self.heard.len().saturating_sub(HEARD);
        self.heard.drain(..over);
    }
}

/// Lets a member attack once. Nothing happens while they are off.
pub(crate) fn attack(
    world: &mut World,
    cell: CellId,
    who: Who,
    attack: Attack,
    memory: &mut Memory,
    rng: &mut Rng,
) {
    let Some(forger) = Forger::of(world, who, cell) else {
        return;
    };
    let links = world.links_of(who, cell);
    if links.is_empty() {
        return;
    }
    match attack {
        Attack::Equivocator => equivocate(world, &forger, &links),
        Attack::Forger => forge_names(world, &forger, &links),
        Attack::Flooder => flood(world, &forger, &links),
        Attack::Backdater => backdate(world, &forger, &links, memory),
        Attack::Promoter => promote(world, &forger, &links, memory),
        Attack::Racer => race(world, &forger, &links, memory),
        Attack::Replayer => replay(world, who, &links, memory, rng),
        Attack::Bomber => bomb(world, who, &links),
        // What they do is done elsewhere: holding back in every frame, listening, and knocking.
        Attack::Withholder | Attack::Observer | Attack::Outsider => {}
    }
}

fn to_all(world: &mut World, forger: &Forger, links: &[Link], items: &[Vec<u8>]) {
    for link in links {
        world.inject(forger.who, *link, items.concat());
    }
}

/// Where the forger's own log stands on its own disk, as the head of one more envelope.
fn next_header(world: &World, forger: &Forger) -> Option<Header> {
    let (seq, previous, order) = forger.position(world)?;
    let heads = forger.heads(world);
    Some(Header {
        seq,
        previous,
        order: order + 1,
        seen: Vec::new(),
        heads,
        kind: 1,
    })
}

fn equivocate(world: &mut World, forger: &Forger, links: &[Link]) {
    let Some(header) = next_header(world, forger) else {
        return;
    };
    for (number, link) in links.iter().enumerate() {
        let payload = if number % 2 == 0 { b"one" } else { b"two" };
        let (_, item) = forger.envelope(&header, payload);
        world.inject(forger.who, *link, item);
    }
}

fn forge_names(world: &mut World, forger: &Forger, links: &[Link]) {
    let Some(header) = next_header(world, forger) else {
        return;
    };
    let others: Vec<([u8; 32], [u8; 16])> = forger.logs(world);
    for (member, life) in others {
        let (_, envelope) = forger.envelope_as(&member, &life, &header, b"forged");
        let operation = forger.operation_as(&member, &life, &header.heads, &[5]);
        to_all(world, forger, links, &[operation.1]);
        to_all(world, forger, links, &[envelope]);
    }
}

fn flood(world: &mut World, forger: &Forger, links: &[Link]) {
    let Some(mut header) = next_header(world, forger) else {
        return;
    };
    let payload = vec![0; 40_000];
    for _ in 0..20 {
        let (id, envelope) = forger.envelope(&header, &payload);
        to_all(world, forger, links, &[envelope]);
        header.seq += 1;
        header.order += 1;
        header.previous = id;
    }
}

/// Votes against everybody and an add, all as if nothing were known but the beginning.
fn backdate(world: &mut World, forger: &Forger, links: &[Link], memory: &mut Memory) {
    let Some(genesis) = forger.genesis(world) else {
        return;
    };
    let mut items = Vec::new();
    for member in forger.members(world) {
        let vote = [&[4], member.as_slice()].concat();
        items.push(forger.operation(&[genesis], &vote).1);
    }
    memory.puppets += 1;
    let puppet = forger.puppet(memory.puppets);
    items.push(forger.operation(&[genesis], &forge::add(&puppet, "zzz")).1);
    to_all(world, forger, links, &items);
}

fn promote(world: &mut World, forger: &Forger, links: &[Link], memory: &mut Memory) {
    let mut parents = forger.heads(world);
    let mut items = Vec::new();
    let mut push = |made: (Id, Vec<u8>)| {
        items.push(made.1);
        vec![made.0]
    };
    let vouch = [&[3], forger.id().as_slice()].concat();
    parents = push(forger.operation(&parents, &vouch));
    memory.puppets += 1;
    let puppet = forger.puppet(memory.puppets);
    let name = format!("puppet{}", memory.puppets);
    parents = push(forger.operation(&parents, &forge::add(&puppet, &name)));
    parents = push(puppet.operation(&parents, &vouch));
    for member in forger.members(world) {
        let vote = [&[4], member.as_slice()].concat();
        parents = push(puppet.operation(&parents, &vote));
    }
    to_all(world, forger, links, &items);
}

/// Votes against those who vote, on top of what was known some time ago.
fn race(world: &mut World, forger: &Forger, links: &[Link], memory: &mut Memory) {
    let mut parents = forger.heads(world);
    let mut items = Vec::new();
    for member in forger.members(world) {
        let vote = [&[4], member.as_slice()].concat();
        let (id, item) = forger.operation(&parents, &vote);
        items.push(item);
        parents = vec![id];
    }
    memory.puppets += 1;
    let puppet = forger.puppet(memory.puppets);
    let name = format!("racer{}", memory.puppets);
    items.push(forger.operation(&parents, &forge::add(&puppet, &name)).1);
    to_all(world, forger, links, &items);
}

fn replay(world: &mut World, who: Who, links: &[Link], memory: &Memory, rng: &mut Rng) {
    let pick = |rng: &mut Rng, len: usize| usize::try_from(rng.below(len as u64)).unwrap_or(0);
    for _ in 0..20 {
        let (Some(tap), Some(link)) = (
            memory.heard.get(pick(rng, memory.heard.len())),
            links.get(pick(rng, links.len())),
        ) else {
            return;
        };
        world.inject(who, *link, tap.bytes.clone());
    }
}

/// Lengths that are not there, parts of what never comes, and frames of nothing.
fn bomb(world: &mut World, who: Who, links: &[Link]) {
    let bombs: [Vec<u8>; 6] = [
        vec![2, 0xbf, 0xff, 0xff, 0xff, 0],
        [&[7, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0x40, 0x40][..], &[0; 64]].concat(),
        vec![0; proto::FRAME_LIMIT],
        vec![7; proto::FRAME_LIMIT + 1],
        [&[1, 1, 0x80, 0xff, 0xff, 0xff][..], &[0; 4000]].concat(),
        [3, 1, 0].repeat(50_000),
    ];
    for (number, bomb) in bombs.into_iter().enumerate() {
        if let Some(link) = links.get(number % links.len()) {
            world.inject(who, *link, bomb);
        }
    }
}

/// How often somebody who only watches the wires names the author of a message: they take whoever sends first after a
/// moment of silence.
pub(crate) fn observe(world: &World) -> Option<(usize, usize)> {
    let seen = world.watch.observed.as_ref()?;
    let (mut right, mut of) = (0, 0);
    for written in world.watch.messages.values() {
        let Some(sealed) = written.sealed else {
            continue;
        };
        let from = seen.partition_point(|seen| seen.at < sealed);
        let Some(first) = seen.get(from) else {
            continue;
        };
        of += 1;
        right += usize::from(first.from == written.author);
    }
    Some((right, of))
}
