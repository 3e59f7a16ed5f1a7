//! Alice and bob of one cell on 127.0.0.1, each a swarm whose core is the test.

#![allow(
    clippy::expect_used,
    reason = "a test fails by panicking, its helpers included"
)]

use std::net::Ipv4Addr;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crypto::Secret;
use libp2p::identity;
use model::{Address, CellId, DoorId, PeerId};
use proto::{Entrance, FRAME_LIMIT, Input, Link, ListenOn, Output};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::CellSwarm;
use crate::address::from_libp2p;
use crate::driver::{Core, ToCore};

const CELL: CellId = CellId::from_bytes([1; 32]);
const KEY: [u8; 32] = [4; 32];

/// Long enough for a loaded machine; nobody waits so long for what comes.
const PATIENCE: Duration = Duration::from_secs(30);

struct Person {
    outputs: Option<mpsc::UnboundedSender<Output>>,
    inbox: Receiver<ToCore>,
    peer: PeerId,
    at: Vec<Address>,
    task: JoinHandle<()>,
}

fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build();
    runtime.expect("a runtime")
}

fn peer_of(seed: u8) -> PeerId {
    let keypair = identity::Keypair::ed25519_from_bytes([seed; 32]).expect("a key");
    from_libp2p(&keypair.public().to_peer_id()).expect("an Ed25519 peer")
}

const fn link(peer: PeerId) -> Link {
    Link { cell: CELL, peer }
}

impl Person {
    /// Starts with an open door for another one.
    fn start(runtime: &Runtime, seed: u8, other: u8) -> Self {
        let _inside = runtime.enter();
        let (core, inbox) = channel();
        let swarm = CellSwarm::new(CELL, &[seed; 32], Core::new(core)).expect("a swarm");
        let (outputs, carried) = mpsc::unbounded_channel();
        let mut person = Self {
            outputs: Some(outputs),
            inbox,
            peer: peer_of(seed),
            at: Vec::new(),
            task: runtime.spawn(swarm.run(carried)),
        };
        person.tell(Output::Allow {
            cell: CELL,
            peers: [peer_of(other)].into(),
        });
        person.tell(Output::Listen {
            cell: CELL,
            door: DoorId::from_bytes([seed; DoorId::LEN]),
            key: Secret::from_bytes(KEY),
            entrance: Entrance::Door,
            on: ListenOn {
                ip: Ipv4Addr::LOCALHOST.into(),
                port: 0,
            },
        });
        person.at = person
            .wait(|input| {
                if let Input::Listening { addresses, .. } = input {
                    Some(addresses)
                } else {
                    None
                }
            })
            .expect("a port opens");
        person
    }

    fn tell(&self, output: Output) {
        let outputs = self.outputs.as_ref().expect("it runs");
        outputs.send(output).expect("the swarm runs");
    }

    fn meet(&self, other: &Self) {
        self.tell(Output::Connect {
            link: link(other.peer),
            addresses: other.at.clone(),
            key: Secret::from_bytes(KEY),
            entrance: Entrance::Door,
        });
        for one in [self, other] {
            one.wait(|input| matches!(input, Input::PeerConnected(..)).then_some(()))
                .expect("they meet");
        }
    }

    fn wait<T>(&self, mut find: impl FnMut(Input) -> Option<T>) -> Option<T> {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.checked_duration_since(Instant::now())?;
            let ToCore::Input(input, _seen) = self.inbox.recv_timeout(left).ok()? else {
                continue;
            };
            if let Some(found) = find(input) {
                return Some(found);
            }
        }
    }

    fn parts_from(&self, other: &Self) -> Duration {
        let since = Instant::now();
        let gone = |input| {
            matches!(input, Input::PeerDisconnected(gone) if gone == link(other.peer)).then_some(())
        };
        self.wait(gone).expect("they part");
        since.elapsed()
    }
}

#[test]
fn a_member_who_takes_nothing_is_cut_off_and_told_gone_at_once() {
    let runtime = runtime();
    let alice = Person::start(&runtime, 11, 12);
    let bob = Person::start(&runtime, 12, 11);
    alice.meet(&bob);
    // Bob's core takes nothing: what waits is sixteen frames with it, what TCP holds, and what may be queued.
    for _ in 0..(40 << 20) / FRAME_LIMIT {
        alice.tell(Output::Transmit(link(bob.peer), vec![7; FRAME_LIMIT]));
    }
    let waited = alice.parts_from(&bob);
    assert!(waited < Duration::from_secs(20), "{waited:?}");
}

#[test]
fn the_last_words_of_who_closes_a_cell_are_heard_before_they_are_gone() {
    let runtime = runtime();
    let mut alice = Person::start(&runtime, 21, 22);
    let bob = Person::start(&runtime, 22, 21);
    alice.meet(&bob);
    let words: Vec<Vec<u8>> = (0..8).map(|word| vec![word; 60_000]).collect();
    for word in &words {
        alice.tell(Output::Transmit(link(bob.peer), word.clone()));
    }
    alice.outputs = None;
    runtime.block_on(&mut alice.task).expect("the swarm ends");
    let mut heard = Vec::new();
    bob.wait(|input| {
        let is_over = matches!(input, Input::PeerDisconnected(_));
        if let Input::Frame(_, frame) = input {
            heard.push(frame);
        }
        is_over.then_some(())
    })
    .expect("she is gone");
    assert!(heard == words, "{} of {} came", heard.len(), words.len());
}
