//! The thread of the core: feeds it, makes what it says durable, and only then lets it happen.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::{CellId, Instant, Timestamp};
use proto::{
    Answer, Changes, ChannelId, ChannelOutput, Command, CommandError, Event, Input, Node, Notice,
    Now, Output, Persist, RequestId,
};
use tokio::runtime;
use tokio::sync::{OwnedSemaphorePermit, broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::channel::ChannelSwarm;
use crate::handle::Handle;
use crate::host::BuildError;
use crate::swarm::CellSwarm;

/// Inputs that share one durable write. More would let a message wait for strangers' frames.
const BATCH: usize = 256;

/// The longest sleep when the core asks for none.
const LONG: Duration = Duration::from_secs(3600);

/// Both clocks of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Clock(std::time::Instant);

impl Clock {
    /// A monotonic clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// What both clocks show.
    #[must_use]
    pub fn now(&self) -> Now {
        let millis = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        Now {
            instant: Instant::from_start(self.0.elapsed()),
            timestamp: Timestamp::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)),
        }
    }
}

/// A look at the node, which answers by itself.
type Query = Box<dyn FnOnce(&Node) + Send>;

/// What reaches the core's thread.
pub(crate) enum ToCore {
    Input(Input, Permit),
    Command(Command, oneshot::Sender<Result<Answer, CommandError>>),
    Query(Query),
    Stop(oneshot::Sender<Goodbyes>),
}

/// The swarms that still say goodbye after the core has stopped.
pub(crate) type Goodbyes = Vec<JoinHandle<()>>;

/// A place in a peer's queue, given back when the core has seen the frame.
pub(crate) struct Permit {
    _held: Option<OwnedSemaphorePermit>,
}

impl Permit {
    pub(crate) const fn new(permit: OwnedSemaphorePermit) -> Self {
        Self {
            _held: Some(permit),
        }
    }
}

/// The way to the core's thread.
#[derive(Clone)]
pub(crate) struct Core(Sender<ToCore>);

impl Core {
    #[cfg(test)]
    pub(crate) const fn new(sender: Sender<ToCore>) -> Self {
        Self(sender)
    }

    pub(crate) fn input(&self, input: Input) {
        self.frame(input, Permit { _held: None });
    }

    pub(crate) fn frame(&self, input: Input, permit: Permit) {
        let _stopped = self.0.send(ToCore::Input(input, permit));
    }

    pub(crate) fn send(&self, message: ToCore) -> Result<(), crate::Stopped> {
        self.0.send(message).map_err(|_| crate::Stopped)
    }
}

/// Runs `node` on a thread of its own, its notices going to `notices`, and its network on the current tokio runtime. `node` must have been made with
/// times of `clock`.
///
/// # Panics
/// Outside a tokio runtime, and if the system gives no thread.
pub fn start(
    node: Node,
    clock: Clock,
    persist: Box<dyn Persist>,
    notices: broadcast::Sender<Notice>,
) -> Handle {
    let (sender, inbox) = channel();
    let core = Core(sender);
    let driver = Driver {
        node,
        clock,
        persist,
        core: core.clone(),
        runtime: runtime::Handle::current(),
        swarms: HashMap::new(),
        channels: HashMap::new(),
        running: HashMap::new(),
        answers: BTreeMap::new(),
        requests: 0,
        notices,
        deadline: None,
    };
    let thread = std::thread::Builder::new()
        .name("core".to_owned())
        .spawn(move || driver.run(&inbox));
    assert!(thread.is_ok(), "the system gives no thread for the core");
    Handle::new(core)
}

/// Whose swarm it is.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
enum Whose {
    Cell(CellId),
    Channel(ChannelId),
}

struct Driver {
    node: Node,
    clock: Clock,
    persist: Box<dyn Persist>,
    core: Core,
    runtime: runtime::Handle,
    swarms: HashMap<CellId, mpsc::UnboundedSender<Output>>,
    channels: HashMap<ChannelId, mpsc::UnboundedSender<ChannelOutput>>,
    /// The last swarm of each cell and channel, which may have been told to end.
    running: HashMap<Whose, JoinHandle<()>>,
    answers: BTreeMap<RequestId, oneshot::Sender<Result<Answer, CommandError>>>,
    requests: u64,
    notices: broadcast::Sender<Notice>,
    deadline: Option<Instant>,
}

/// What one round of inputs asks for.
#[derive(Default)]
struct Round {
    changes: Changes,
    after: Vec<Output>,
    queries: Vec<Query>,
    permits: Vec<Permit>,
    stop: Option<oneshot::Sender<Goodbyes>>,
}

impl Driver {
    fn run(mut self, inbox: &Receiver<ToCore>) {
        // What the node said when it was made.
        let mut round = Round::default();
        self.drain(&mut round);
        loop {
            if self.end(&mut round).is_err() {
                tracing::error!("changes could not be stored; the node stops");
                return;
            }
            if let Some(done) = round.stop {
                let goodbyes = std::mem::take(&mut self.running);
                // The store must be closed before anybody hears that we have stopped.
                drop(self);
                let _nobody_waits = done.send(goodbyes.into_values().collect());
                return;
            }
            round = Round::default();
            match inbox.recv_timeout(self.sleep()) {
                Ok(first) => {
                    self.take(first, &mut round);
                    for message in inbox.try_iter().take(BATCH - 1) {
                        self.take(message, &mut round);
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.feed(Input::Timeout, &mut round),
                // Cannot be: we hold a sender ourselves.
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self
                .deadline
                .is_some_and(|at| self.clock.now().instant >= at)
            {
                self.feed(Input::Timeout, &mut round);
            }
        }
    }

    fn sleep(&self) -> Duration {
        self.deadline
            .map_or(LONG, |at| at.since(self.clock.now().instant))
            .min(LONG)
    }

    fn take(&mut self, message: ToCore, round: &mut Round) {
        match message {
            ToCore::Input(input, permit) => {
                self.feed(input, round);
                round.permits.push(permit);
            }
            ToCore::Command(command, answer) => {
                self.requests += 1;
                let request = RequestId(self.requests);
                self.answers.insert(request, answer);
                self.feed(Input::Command(request, command), round);
            }
            ToCore::Query(query) => round.queries.push(query),
            ToCore::Stop(done) => round.stop = Some(done),
        }
    }

    fn feed(&mut self, input: Input, round: &mut Round) {
        self.node.handle_input(input, self.clock.now());
        self.drain(round);
    }

    fn drain(&mut self, round: &mut Round) {
        loop {
            let output = self.node.poll_output();
            if let Output::Persist(changes) = output {
                round.changes.merge(changes);
            } else if let Output::Timeout(at) = output {
                self.deadline = Some(at);
                return;
            } else {
                round.after.push(output);
            }
        }
    }

    /// One durable write, then everything that relied on it.
    fn end(&mut self, round: &mut Round) -> Result<(), proto::PersistError> {
        if !round.changes.is_empty() {
            self.persist.persist(&round.changes)?;
        }
        for output in round.after.drain(..) {
            self.carry_out(output);
        }
        for query in round.queries.drain(..) {
            query(&self.node);
        }
        round.permits.clear();
        Ok(())
    }

    fn carry_out(&mut self, output: Output) {
        let cell = match &output {
            Output::Event(_) => {
                if let Output::Event(event) = output {
                    self.tell(event);
                }
                return;
            }
            Output::Open { cell, peer_key } => {
                self.open(*cell, peer_key.expose());
                return;
            }
            Output::Close { cell } => {
                self.swarms.remove(cell);
                self.running.retain(|_, swarm| !swarm.is_finished());
                return;
            }
            Output::Read(key) => {
                let value = self.persist.read(key);
                self.core.input(Input::Read(key.clone(), value));
                return;
            }
            Output::Channel(..) => {
                if let Output::Channel(channel, output) = output {
                    self.carry_out_channel(channel, output);
                }
                return;
            }
            Output::Persist(_) | Output::Timeout(_) => return,
            Output::Listen { cell, .. }
            | Output::StopListen { cell, .. }
            | Output::Allow { cell, .. }
            | Output::Beacon { cell, .. }
            | Output::StopBeacon { cell } => *cell,
            Output::Connect { link, .. }
            | Output::Transmit(link, _)
            | Output::Disconnect(link, _) => link.cell,
        };
        if let Some(swarm) = self.swarms.get(&cell) {
            let _ended = swarm.send(output);
        }
    }

    fn carry_out_channel(&mut self, channel: ChannelId, output: ChannelOutput) {
        match &output {
            ChannelOutput::Open(seed) => {
                let _in_runtime = self.runtime.enter();
                let swarm = ChannelSwarm::new(channel, seed.expose(), self.core.clone());
                let (sender, outputs) = mpsc::unbounded_channel();
                // One that was not closed ends with this.
                self.channels.remove(&channel);
                let opened = swarm.map(|swarm| swarm.run(outputs));
                if self.run_swarm(Whose::Channel(channel), opened) {
                    self.channels.insert(channel, sender);
                }
            }
            ChannelOutput::Close => {
                self.channels.remove(&channel);
                self.running.retain(|_, swarm| !swarm.is_finished());
            }
            ChannelOutput::Door { .. }
            | ChannelOutput::Dial { .. }
            | ChannelOutput::Disconnect(_)
            | ChannelOutput::Refuse(_)
            | ChannelOutput::Spread { .. }
            | ChannelOutput::Send(..)
            | ChannelOutput::Verdict { .. } => {
                if let Some(swarm) = self.channels.get(&channel) {
                    let _ended = swarm.send(output);
                }
            }
        }
    }

    fn open(&mut self, cell: CellId, seed: &[u8; 32]) {
        let _in_runtime = self.runtime.enter();
        let swarm = CellSwarm::new(cell, seed, self.core.clone());
        let (sender, outputs) = mpsc::unbounded_channel();
        let opened = swarm.map(|swarm| swarm.run(outputs));
        if self.run_swarm(Whose::Cell(cell), opened) {
            self.swarms.insert(cell, sender);
        }
    }

    /// Runs a swarm once the one before it has ended: two at once would be one peer with two doors.
    fn run_swarm(
        &mut self,
        whose: Whose,
        swarm: Result<impl Future<Output = ()> + Send + 'static, BuildError>,
    ) -> bool {
        let swarm = match swarm {
            Ok(swarm) => swarm,
            Err(error) => {
                tracing::error!(%error, "a swarm could not be built");
                return false;
            }
        };
        let before = self.running.remove(&whose);
        let running = self.runtime.spawn(async move {
            if let Some(before) = before {
                let _ended = before.await;
            }
            swarm.await;
        });
        self.running.insert(whose, running);
        true
    }

    fn tell(&mut self, event: Event) {
        match event {
            Event::Answer(request, answer) => {
                if let Some(waiting) = self.answers.remove(&request) {
                    let _gave_up = waiting.send(answer);
                }
            }
            Event::Notice(notice) => {
                let _nobody_listens = self.notices.send(notice);
            }
        }
    }
}
