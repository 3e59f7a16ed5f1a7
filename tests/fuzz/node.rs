//! What fuzzing does to a whole node: a real story, in which the bytes decide what comes when, and what is changed in it.
//!
//! Alice's device starts from her disk in a cell with bob and carol. What happens to it then was recorded once. A byte
//! below 128 feeds the next recorded input; another one does something else: repeats an old one, changes a frame, sends a
//! made-up one, cuts a link, lets time pass, crashes. Whatever comes, the node keeps its contract.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::Duration;

use model::{Address, CellId, MessageText, Suite};
use proto::{
    Answer, At, Command, Entrance, Event, FRAME_LIMIT, Input, Link, MemberState, Node, Now, Output,
    RequestId,
};

use crate::world::{Disk, World, apply};

/// Steps of one run: what a run needs that replays the whole story and then does as much again.
const STEPS: usize = 400;

/// One answer of a node never takes more outputs: some are to be sent to each of 50 peers in many frames.
const OUTPUTS: usize = 10_000;

/// The recorded story.
pub struct Story {
    pub cell: CellId,
    disk: Disk,
    seed: [u8; 32],
    start: Now,
    pub inputs: Vec<(Now, Input)>,
    links: Vec<Link>,
    pub beacons: Vec<Vec<u8>>,
    /// A link of an invite and a bundle.
    pub link: String,
    pub bundle: Vec<u8>,
}

/// Bob and carol write while alice is away; she comes back, writes, hears beacons, and lets dave in.
pub fn story() -> &'static Story {
    static STORY: OnceLock<Story> = OnceLock::new();
    STORY.get_or_init(|| {
        let mut world = World::new(Suite::X25519, &["alice", "bob", "carol", "dave"]);
        let cell = world.cell_of(&["alice", "bob", "carol"]);
        for name in ["alice", "bob", "carol"] {
            world
                .command(name, Command::SetLan(cell, true))
                .expect("it is switched on");
            world.say(name, cell, "good morning");
        }
        world.pass(Duration::from_secs(60));
        world.stop("alice");
        world.say("bob", cell, "where is she?");
        world.say("carol", cell, "on her way");
        world.pass(Duration::from_secs(60));
        let Ok(Answer::BundleExported(bundle, _)) =
            world.command("bob", Command::ExportBundle(cell))
        else {
            panic!("bob exports what alice lacks")
        };
        let (disk, seed, start) = (
            world.people["alice"].disk.clone(),
            world.next_seed(),
            world.now(),
        );
        world.recording = Some("alice");
        world.start("alice");
        world.pass(Duration::from_secs(20));
        world.say("alice", cell, "here I am");
        world.say("bob", cell, "at last");
        let link = world.invite("alice", cell);
        world.join("dave", cell, "alice");
        world.say("dave", cell, "hello");
        world
            .command("carol", Command::Leave(cell))
            .expect("carol leaves");
        world.pass(Duration::from_secs(30));
        world.say("bob", cell, "so it is");
        world.pass(Duration::from_secs(30));
        let links = ["bob", "carol", "dave"]
            .iter()
            .filter_map(|name| world.end(name, cell))
            .collect();
        Story {
            cell,
            disk,
            seed,
            start,
            inputs: std::mem::take(&mut world.recorded),
            links,
            beacons: world
                .beacons
                .iter()
                .map(|(_, bytes)| bytes.clone())
                .collect(),
            link,
            bundle: bundle.to_vec(),
        }
    })
}

/// One run: the node keeps its contract, and what it stored can be read back.
pub fn run(bytes: &[u8]) {
    let mut device = Device::start(story());
    let mut program = Program(bytes);
    for _ in 0..STEPS {
        let Some(step) = program.byte() else { break };
        device.step(step, &mut program);
    }
    device.restart(false);
    let cell = device.story.cell;
    let summaries = device.node.cells();
    assert!(
        summaries
            .iter()
            .any(|summary| summary.cell == cell && summary.state != MemberState::Damaged),
        "a peer cannot damage what we store"
    );
    assert!(device.node.messages(cell, At::Newest, 100).is_some());
}

/// Records that somebody changed on the disk: the cell is read or found damaged, and nothing stops.
pub fn restore(bytes: &[u8]) {
    let story = story();
    let mut program = Program(bytes);
    let mut disk = story.disk.clone();
    let names: Vec<_> = disk.keys().cloned().collect();
    while let Some(which) = program.byte() {
        let key = &names[usize::from(which) % names.len()];
        let Some(value) = disk.get_mut(key) else {
            continue;
        };
        let mode = program.byte().unwrap_or(0);
        if mode < 200 {
            program.change(value);
        } else {
            *value = program.take(usize::from(mode));
        }
    }
    let mut device = Device::start(story);
    device.disk = disk;
    device.restart(mode_rolled_back(bytes));
    device.feed(Input::Timeout);
    let _views = (device.node.cells(), device.node.members(story.cell));
}

fn mode_rolled_back(bytes: &[u8]) -> bool {
    bytes.last().is_some_and(|last| last % 2 == 1)
}

struct Device {
    story: &'static Story,
    node: Node,
    disk: Disk,
    now: Now,
    next: usize,
    asked: BTreeSet<RequestId>,
    requests: u64,
}

impl Device {
    fn start(story: &'static Story) -> Self {
        let disk = story.disk.clone();
        let node = Node::restore(
            World::config(),
            story.seed,
            records(&disk),
            false,
            story.start,
        );
        let mut device = Self {
            story,
            node,
            disk,
            now: story.start,
            next: 0,
            asked: BTreeSet::new(),
            requests: 1 << 32,
        };
        device.drain();
        device
    }

    fn step(&mut self, step: u8, program: &mut Program<'_>) {
        let inputs = &self.story.inputs;
        if step < 128 {
            if let Some((at, input)) = inputs.get(self.next) {
                self.pass_until(*at);
                self.next += 1;
                self.feed(input.clone());
            }
            return;
        }
        let link =
            self.story.links[usize::from(program.byte().unwrap_or(0)) % self.story.links.len()];
        match step % 14 {
            0 => self.next += 1,
            1 => {
                let at = usize::from(program.byte().unwrap_or(0)) % inputs.len();
                self.feed(inputs[at].1.clone());
            }
            2 | 3 => self.feed_changed(link, program),
            4 | 5 => {
                let length = usize::from(program.byte().unwrap_or(0));
                self.feed(Input::Frame(link, program.take(length)));
            }
            6 => self.feed(Input::PeerConnected(link, Entrance::Door)),
            7 => self.feed(Input::PeerDisconnected(link)),
            8 => self.feed(Input::ConnectFailed(link)),
            9 => {
                self.pass(Duration::from_secs(
                    u64::from(program.byte().unwrap_or(0)).pow(2),
                ));
                self.feed(Input::Timeout);
            }
            10 => self.feed_beacon(program),
            11 => self.say(),
            12 => self.restart(false),
            _ => self.feed(Input::Frame(link, program.take(FRAME_LIMIT))),
        }
    }

    /// The next recorded frame with something changed, from whom the story says or from somebody else.
    fn feed_changed(&mut self, other: Link, program: &mut Program<'_>) {
        let frames = self.story.inputs.iter().skip(self.next);
        let frame = frames.into_iter().find_map(|(_, input)| match input {
            Input::Frame(link, bytes) => Some((*link, bytes.clone())),
            Input::Command(..)
            | Input::PeerConnected(..)
            | Input::PeerDisconnected(_)
            | Input::ConnectFailed(_)
            | Input::Listening { .. }
            | Input::Beacon { .. }
            | Input::Read(..)
            | Input::Channel(..)
            | Input::Timeout => None,
        });
        let Some((link, mut bytes)) = frame else {
            return;
        };
        let from = if program.byte().unwrap_or(0).is_multiple_of(4) {
            other
        } else {
            link
        };
        program.change(&mut bytes);
        self.feed(Input::Frame(from, bytes));
    }

    fn feed_beacon(&mut self, program: &mut Program<'_>) {
        let Ok(from) = Address::parse("/ip4/10.0.0.7") else {
            return;
        };
        let known = &self.story.beacons;
        let which = usize::from(program.byte().unwrap_or(0));
        let mut bytes = known
            .get(which % known.len().max(1))
            .cloned()
            .unwrap_or_default();
        if which > 127 {
            program.change(&mut bytes);
        }
        self.feed(Input::Beacon {
            cell: self.story.cell,
            from,
            bytes,
        });
    }

    fn say(&mut self) {
        self.requests += 1;
        let Ok(text) = MessageText::parse(format!("text {}", self.requests)) else {
            return;
        };
        let command = Command::SendMessage {
            cell: self.story.cell,
            text,
            reply_to: None,
        };
        self.feed(Input::Command(RequestId(self.requests), command));
    }

    fn restart(&mut self, rolled_back: bool) {
        self.requests += 1;
        let mut seed = [0xee; 32];
        seed[..8].copy_from_slice(&self.requests.to_be_bytes());
        self.node = Node::restore(
            World::config(),
            seed,
            records(&self.disk),
            rolled_back,
            self.now,
        );
        self.asked.clear();
        self.drain();
    }

    fn pass_until(&mut self, at: Now) {
        if at.instant > self.now.instant {
            self.now = at;
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now = Now {
            instant: self.now.instant + time,
            timestamp: self.now.timestamp + time,
        };
    }

    fn feed(&mut self, input: Input) {
        if let Input::Command(request, command) = &input {
            // The answer to an invite waits for its door, of which the story may tell nothing now.
            if !matches!(command, Command::Invite { .. }) {
                self.asked.insert(*request);
            }
        }
        self.node.handle_input(input, self.now);
        self.drain();
        assert!(self.asked.is_empty(), "every command is answered");
    }

    fn drain(&mut self) {
        for _ in 0..OUTPUTS {
            match self.node.poll_output() {
                Output::Timeout(_) => return,
                Output::Persist(changes) => apply(&mut self.disk, &changes),
                Output::Read(key) => {
                    let record = self.disk.get(&key).cloned().map(Into::into);
                    self.node.handle_input(Input::Read(key, record), self.now);
                }
                Output::Transmit(_, bytes) => {
                    assert!(
                        !bytes.is_empty() && bytes.len() <= FRAME_LIMIT,
                        "a frame is within the limit"
                    );
                }
                Output::Event(Event::Answer(request, _)) => {
                    self.asked.remove(&request);
                }
                Output::Event(Event::Notice(_))
                | Output::Open { .. }
                | Output::Close { .. }
                | Output::Listen { .. }
                | Output::StopListen { .. }
                | Output::Allow { .. }
                | Output::Connect { .. }
                | Output::Disconnect(..)
                | Output::Beacon { .. }
                | Output::StopBeacon { .. }
                | Output::Channel(..) => {}
            }
        }
        panic!("a node comes to rest after each input");
    }
}

fn records(disk: &Disk) -> Vec<(proto::Key, Vec<u8>)> {
    disk.iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The bytes, read from the front.
struct Program<'a>(&'a [u8]);

impl Program<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken.to_vec()
    }

    /// Changes one byte, shortens, or lengthens.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        let place =
            usize::from(self.byte().unwrap_or(0)) << 8 | usize::from(self.byte().unwrap_or(0));
        let at = place % (bytes.len() + 1);
        match self.byte().unwrap_or(0) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, self.byte().unwrap_or(0)),
            flip => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= flip;
                }
            }
        }
    }
}
