//! Alice, bob and carol on 127.0.0.1, each a swarm whose core is the test.

#![allow(
    clippy::expect_used,
    reason = "a test fails by panicking, its helpers included"
)]

use std::net::Ipv4Addr;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crypto::Secret;
use libp2p::identity;
use model::{Address, PeerId};
use proto::{ChannelId, ChannelInput, ChannelOutput, ChannelTopic, Input, TopicDoor, Verdict};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::ChannelSwarm;
use crate::address::{from_libp2p, to_socket};
use crate::driver::{Core, ToCore};

const CHANNEL: ChannelId = ChannelId::from_bytes([1; 32]);
const TOPIC: [u8; 32] = [2; 32];
const NEXT_TOPIC: [u8; 32] = [3; 32];
const KEY: [u8; 32] = [4; 32];

/// Long enough for a loaded machine; nobody waits so long for what comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What has not come by then does not come: everything here takes milliseconds.
const QUIET: Duration = Duration::from_millis(1500);

struct Person {
    outputs: Option<mpsc::UnboundedSender<ChannelOutput>>,
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

fn topic(id: [u8; 32], key: [u8; 32], port: u16) -> ChannelTopic {
    let key = Secret::from_bytes(key);
    ChannelTopic { id, key, port }
}

/// Where the door of a topic is, if it is open.
fn door_of(topic: [u8; 32], input: &ChannelInput) -> Option<Vec<Address>> {
    let ChannelInput::Listening(doors) = input else {
        return None;
    };
    let mut doors = doors.iter().filter(|door| door.topic == topic);
    let TopicDoor { addresses, .. } = doors.next()?;
    (!addresses.is_empty()).then(|| addresses.clone())
}

impl Person {
    fn start(runtime: &Runtime, seed: u8) -> Self {
        Self::on(runtime, seed, vec![topic(TOPIC, KEY, 0)])
    }

    /// Starts on these topics.
    fn on(runtime: &Runtime, seed: u8, topics: Vec<ChannelTopic>) -> Self {
        let _inside = runtime.enter();
        let (core, inbox) = channel();
        let swarm = ChannelSwarm::new(CHANNEL, &[seed; 32], Core::new(core)).expect("a swarm");
        let (outputs, carried) = mpsc::unbounded_channel();
        let keypair = identity::Keypair::ed25519_from_bytes([seed; 32]).expect("a key");
        let mut person = Self {
            outputs: Some(outputs),
            inbox,
            peer: from_libp2p(&keypair.public().to_peer_id()).expect("an Ed25519 peer"),
            at: Vec::new(),
            task: runtime.spawn(swarm.run(carried)),
        };
        person.listen(topics);
        person
    }

    /// Opens the doors of topics.
    fn listen(&mut self, topics: Vec<ChannelTopic>) {
        let ip = Ipv4Addr::LOCALHOST.into();
        let ids: Vec<[u8; 32]> = topics.iter().map(|topic| topic.id).collect();
        self.tell(ChannelOutput::Door { ip, topics });
        let open = |input| {
            let mut doors = ids.iter().map(|id| door_of(*id, &input));
            let newest = doors.next()?;
            doors.all(|door| door.is_some()).then_some(newest?)
        };
        self.at = self.wait(open).expect("the ports open");
    }

    fn port(&self) -> u16 {
        to_socket(&self.at[0]).expect("a socket").port()
    }

    fn tell(&self, output: ChannelOutput) {
        let outputs = self.outputs.as_ref().expect("it runs");
        outputs.send(output).expect("the swarm runs");
    }

    fn dial(&self, other: &Self, key: [u8; 32]) {
        self.tell(ChannelOutput::Dial {
            peer: other.peer,
            addresses: other.at.clone(),
            key: Secret::from_bytes(key),
        });
    }

    /// Connects to another one, and waits until both know and what one spreads reaches the other.
    fn meet(&self, other: &Self) {
        self.dial(other, KEY);
        for (one, two) in [(self, other), (other, self)] {
            let met = |input| {
                matches!(input, ChannelInput::Connected(peer) if peer == two.peer).then_some(())
            };
            one.wait(met).expect("they meet");
        }
        let (mut number, end) = (0_u32, Instant::now() + PATIENCE);
        loop {
            assert!(Instant::now() < end, "gossip begins");
            number += 1;
            let pack = [&b"hello"[..], self.peer.as_bytes(), &number.to_be_bytes()].concat();
            self.spread(TOPIC, &pack);
            let hello = |input| {
                if let ChannelInput::Heard { pack, .. } = input {
                    pack.starts_with(b"hello").then_some(())
                } else {
                    None
                }
            };
            if other.within(Duration::from_millis(200), hello).is_some() {
                return;
            }
        }
    }

    fn spread(&self, topic: [u8; 32], pack: &[u8]) {
        let pack = pack.to_vec();
        self.tell(ChannelOutput::Spread { topic, pack });
    }

    fn judge(&self, ticket: u64, verdict: Verdict) {
        self.tell(ChannelOutput::Verdict { ticket, verdict });
    }

    fn wait<T>(&self, find: impl FnMut(ChannelInput) -> Option<T>) -> Option<T> {
        self.within(PATIENCE, find)
    }

    /// What the core is told, until something is found in it or time is up.
    fn within<T>(
        &self,
        time: Duration,
        mut find: impl FnMut(ChannelInput) -> Option<T>,
    ) -> Option<T> {
        let end = Instant::now() + time;
        loop {
            let left = end.checked_duration_since(Instant::now())?;
            let ToCore::Input(Input::Channel(channel, input), _seen) =
                self.inbox.recv_timeout(left).ok()?
            else {
                continue;
            };
            assert_eq!(channel, CHANNEL);
            if let Some(found) = find(input) {
                return Some(found);
            }
        }
    }

    /// The ticket of this pack, once it is heard.
    fn hears(&self, wanted: &[u8]) -> u64 {
        self.wait(|input| heard(input, wanted))
            .expect("it is heard")
    }

    fn does_not_hear(&self, unwanted: &[u8]) {
        let heard = self.within(QUIET, |input| heard(input, unwanted));
        assert_eq!(heard, None);
    }

    fn parts_from(&self, other: &Self) {
        let gone = |input| {
            matches!(input, ChannelInput::Disconnected(peer) if peer == other.peer).then_some(())
        };
        self.wait(gone).expect("they part");
    }

    fn is_not_met_by(&self, other: &Self) {
        let met = |input| matches!(input, ChannelInput::Connected(_)).then_some(());
        assert_eq!(self.within(QUIET, met), None);
        assert_eq!(other.within(Duration::from_millis(50), met), None);
    }

    fn stop(mut self, runtime: &Runtime) {
        self.outputs = None;
        runtime.block_on(self.task).expect("the swarm ends");
    }
}

fn heard(input: ChannelInput, wanted: &[u8]) -> Option<u64> {
    let ChannelInput::Heard { pack, ticket, .. } = input else {
        return None;
    };
    (pack == wanted).then_some(ticket)
}

#[test]
fn what_alice_spreads_reaches_carol_through_bob_once_he_has_judged_it() {
    let runtime = runtime();
    let [alice, bob, carol] = [11, 12, 13].map(|seed| Person::start(&runtime, seed));
    alice.meet(&bob);
    bob.meet(&carol);
    for (verdict, pack) in [
        (Verdict::Ignore, b"again".as_slice()),
        (Verdict::Reject, b"forged"),
    ] {
        alice.spread(TOPIC, pack);
        bob.judge(bob.hears(pack), verdict);
        carol.does_not_hear(pack);
    }
    alice.spread(TOPIC, b"post");
    let ticket = bob.hears(b"post");
    carol.does_not_hear(b"post");
    bob.judge(ticket, Verdict::Accept);
    carol.hears(b"post");
}

#[test]
fn one_pack_from_two_neighbours_is_heard_once_and_every_pack_is_heard() {
    let runtime = runtime();
    let [alice, bob, carol] = [21, 22, 23].map(|seed| Person::start(&runtime, seed));
    alice.meet(&bob);
    alice.meet(&carol);
    bob.meet(&carol);
    for number in 0..3_u8 {
        let pack = [b'p', number];
        alice.spread(TOPIC, &pack);
        bob.judge(bob.hears(&pack), Verdict::Accept);
        carol.judge(carol.hears(&pack), Verdict::Accept);
        bob.does_not_hear(&pack);
    }
}

#[test]
fn a_pack_for_one_peer_reaches_that_peer_whole_and_nobody_else() {
    let runtime = runtime();
    let [alice, bob, carol] = [31, 32, 33].map(|seed| Person::start(&runtime, seed));
    alice.meet(&bob);
    alice.meet(&carol);
    let packs = [vec![5; proto::PACK_LIMIT], vec![6; 10]];
    for pack in &packs {
        alice.tell(ChannelOutput::Send(bob.peer, pack.clone()));
    }
    let taken = |input| {
        if let ChannelInput::Pack(peer, pack) = input {
            Some((peer, pack))
        } else {
            None
        }
    };
    for pack in packs {
        assert!(bob.wait(taken) == Some((alice.peer, pack)));
    }
    assert!(carol.within(QUIET, taken).is_none());
}

#[test]
fn who_lacks_the_key_of_the_door_meets_nobody() {
    let runtime = runtime();
    let [alice, mallory] = [41, 42].map(|seed| Person::start(&runtime, seed));
    mallory.dial(&alice, [9; 32]);
    alice.is_not_met_by(&mallory);
    // The dial that got no answer ends after ten seconds.
    let met = |input| matches!(input, ChannelInput::Connected(_)).then_some(());
    let meets = (0..30).any(|_| {
        mallory.dial(&alice, KEY);
        alice.within(Duration::from_secs(1), met).is_some()
    });
    assert!(meets, "with the key they meet");
}

#[test]
fn who_is_late_or_was_alone_is_told_nothing_by_gossip_and_hears_what_comes_next() {
    let runtime = runtime();
    let [alice, bob] = [51, 52].map(|seed| Person::start(&runtime, seed));
    alice.spread(TOPIC, b"before");
    alice.meet(&bob);
    bob.does_not_hear(b"before");
    // A pack that reached nobody can be spread again.
    alice.spread(TOPIC, b"before");
    bob.hears(b"before");
}

#[test]
fn a_neighbour_who_floods_is_heard_so_far_then_cut_and_not_admitted_again() {
    let runtime = runtime();
    let [bob, mallory] = [61, 62].map(|seed| Person::start(&runtime, seed));
    mallory.meet(&bob);
    let (mut taken, end) = (0, Instant::now() + PATIENCE);
    'flood: for number in 0_u32.. {
        assert!(Instant::now() < end, "the flood ends");
        mallory.spread(TOPIC, &number.to_be_bytes());
        if !number.is_multiple_of(8) {
            continue;
        }
        let ends = |input| match input {
            ChannelInput::Heard { ticket, .. } => {
                taken += 1;
                bob.judge(ticket, Verdict::Ignore);
                None
            }
            ChannelInput::Disconnected(_) => Some(()),
            ChannelInput::Listening(_) | ChannelInput::Connected(_) | ChannelInput::Pack(..) => {
                None
            }
        };
        if bob.within(Duration::from_millis(5), ends).is_some() {
            break 'flood;
        }
    }
    // What may come at once, and what may come while it does.
    assert!((200..420).contains(&taken), "{taken}");
    mallory.parts_from(&bob);
    mallory.dial(&bob, KEY);
    bob.is_not_met_by(&mallory);
}

#[test]
fn who_passes_on_what_no_honest_reader_does_is_cut_after_three() {
    let runtime = runtime();
    let [bob, mallory] = [71, 72].map(|seed| Person::start(&runtime, seed));
    mallory.meet(&bob);
    for pack in [b"one".as_slice(), b"two", b"three"] {
        mallory.spread(TOPIC, pack);
        bob.judge(bob.hears(pack), Verdict::Reject);
    }
    bob.parts_from(&mallory);
    mallory.parts_from(&bob);
    mallory.dial(&bob, KEY);
    bob.is_not_met_by(&mallory);
}

#[test]
fn whom_the_core_refuses_is_cut_and_not_admitted_again() {
    let runtime = runtime();
    let [bob, mallory] = [73, 74].map(|seed| Person::start(&runtime, seed));
    mallory.meet(&bob);
    bob.tell(ChannelOutput::Refuse(mallory.peer));
    bob.parts_from(&mallory);
    mallory.parts_from(&bob);
    mallory.dial(&bob, KEY);
    bob.is_not_met_by(&mallory);
}

#[test]
fn a_core_that_is_busy_is_not_buried_in_packs() {
    let runtime = runtime();
    let [bob, mallory] = [81, 82].map(|seed| Person::start(&runtime, seed));
    mallory.meet(&bob);
    for number in 0..200_u32 {
        mallory.spread(TOPIC, &number.to_be_bytes());
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(QUIET);
    let waiting: Vec<ToCore> = bob.inbox.try_iter().collect();
    let heard = waiting.iter().filter(|message| {
        matches!(
            message,
            ToCore::Input(Input::Channel(_, ChannelInput::Heard { .. }), _)
        )
    });
    let heard = heard.count();
    assert!((32..=64).contains(&heard), "{heard}");
}

#[test]
fn who_takes_nothing_is_cut_off_and_told_gone_at_once() {
    let runtime = runtime();
    let [alice, bob] = [96, 97].map(|seed| Person::start(&runtime, seed));
    alice.meet(&bob);
    // Bob's core takes nothing: what waits is one pack with it, what TCP holds, and what may be queued.
    for _ in 0..30 {
        alice.tell(ChannelOutput::Send(bob.peer, vec![7; proto::PACK_LIMIT]));
    }
    let since = Instant::now();
    alice.parts_from(&bob);
    assert!(since.elapsed() < Duration::from_secs(10));
    let waiting: Vec<ToCore> = bob.inbox.try_iter().collect();
    let packs = waiting.iter().filter(|message| {
        matches!(
            message,
            ToCore::Input(Input::Channel(_, ChannelInput::Pack(..)), _)
        )
    });
    assert!(packs.count() <= 1);
}

#[test]
fn a_port_is_the_same_after_a_restart_and_each_epoch_has_its_own() {
    let runtime = runtime();
    let bob = Person::start(&runtime, 92);
    let mut alice = Person::start(&runtime, 91);
    let first = alice.port();
    bob.meet(&alice);

    // A new epoch: its door is another one, the old one and who came through it stay.
    let at = alice.at.clone();
    alice.tell(ChannelOutput::Door {
        ip: Ipv4Addr::LOCALHOST.into(),
        topics: vec![topic(NEXT_TOPIC, [8; 32], 0), topic(TOPIC, KEY, first)],
    });
    let opened = |input| match &input {
        ChannelInput::Listening(_) => door_of(NEXT_TOPIC, &input),
        ChannelInput::Disconnected(_) => panic!("nobody is sent away"),
        ChannelInput::Connected(_) | ChannelInput::Heard { .. } | ChannelInput::Pack(..) => None,
    };
    alice.at = alice.wait(opened).expect("a second door");
    assert_ne!(alice.port(), first);
    alice.spread(TOPIC, b"still here");
    bob.hears(b"still here");
    let carol = Person::start(&runtime, 93);
    carol.dial(&alice, [8; 32]);
    let met = |input| matches!(input, ChannelInput::Connected(_)).then_some(());
    carol.wait(met).expect("the new key opens the new door");

    let port = alice.port();
    alice.stop(&runtime);
    let both = vec![topic(NEXT_TOPIC, [8; 32], port), topic(TOPIC, KEY, first)];
    let mut alice = Person::on(&runtime, 91, both);
    assert_eq!(alice.port(), port);
    bob.parts_from(&alice);
    // A link to the epoch before leads to her too.
    alice.at = at;
    bob.meet(&alice);
}

#[test]
fn whoever_closes_a_channel_is_gone_and_their_last_pack_is_heard() {
    let runtime = runtime();
    let [alice, bob] = [94, 95].map(|seed| Person::start(&runtime, seed));
    alice.meet(&bob);
    alice.tell(ChannelOutput::Send(bob.peer, b"last".to_vec()));
    let (peer, at) = (alice.peer, alice.at.clone());
    alice.stop(&runtime);
    let taken = |input| match input {
        ChannelInput::Pack(from, pack) => Some((from, pack)),
        ChannelInput::Disconnected(_) => panic!("the pack comes first"),
        ChannelInput::Listening(_) | ChannelInput::Connected(_) | ChannelInput::Heard { .. } => {
            None
        }
    };
    assert_eq!(bob.wait(taken), Some((peer, b"last".to_vec())));
    let gone = |input| matches!(input, ChannelInput::Disconnected(_)).then_some(());
    bob.wait(gone).expect("she is gone");
    let socket = to_socket(&at[0]).expect("a socket");
    assert!(
        std::net::TcpStream::connect(socket).is_err(),
        "no port is open"
    );
}
