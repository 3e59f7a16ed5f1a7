//! One stream: a task that reads frames for the core and a task that writes what the core says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::io::{ReadHalf, WriteHalf};
use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::swarm::{ConnectionId, Stream};
use proto::Input;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::codec;
use crate::driver::{Core, Permit};

/// A quiet stream says so this often, so that a dead path is noticed.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Silence for this long means the path is dead.
const SILENCE_MAX: Duration = Duration::from_secs(90);

/// How long closing waits for what is queued, and any single write for the peer.
const FLUSH_TIME: Duration = Duration::from_secs(5);
const WRITE_TIME: Duration = Duration::from_secs(60);

/// What is gathered before a flush.
const GATHER: usize = 256 * 1024;

/// What a link reports to its swarm.
pub(crate) enum LinkEvent {
    /// The stream cannot be written to any more: it failed, or was flushed and closed.
    Ended(ConnectionId),
    /// Everything that the peer had sent on the stream is with the core.
    Drained(ConnectionId),
}

/// What one stream may hold.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    /// The longest content of a frame.
    pub(crate) frame: usize,
    /// Frames of the peer that may wait for the core. Beyond it the peer's own TCP window fills.
    pub(crate) waiting: usize,
    /// Bytes that may wait for the peer. More means it is too slow: its connections close, and sync repairs what was lost.
    pub(crate) queue: usize,
}

enum Out {
    Frame(Vec<u8>),
    Close,
}

/// A stream in use. Dropping it drops the stream.
pub(crate) struct FrameStream {
    out: mpsc::UnboundedSender<Out>,
    queued: Arc<AtomicUsize>,
    room: Room,
    tasks: [JoinHandle<()>; 2],
}

/// The peer does not take what we send.
pub(crate) struct TooSlow;

impl FrameStream {
    /// Serves `stream`. Each frame that comes goes to the core as what `take` makes of it.
    pub(crate) fn start(
        take: impl Fn(Vec<u8>) -> Input + Send + 'static,
        room: Room,
        stream: (ConnectionId, Stream),
        core: Core,
        events: mpsc::UnboundedSender<LinkEvent>,
    ) -> Self {
        let (id, stream) = stream;
        let (reader, writer) = stream.split();
        let (out, queue) = mpsc::unbounded_channel();
        let queued = Arc::new(AtomicUsize::new(0));
        let end = End { id, events };
        let tasks = [
            tokio::spawn(read(take, room, reader, core, end.clone())),
            tokio::spawn(write(writer, room.frame, queue, Arc::clone(&queued), end)),
        ];
        Self {
            out,
            queued,
            room,
            tasks,
        }
    }

    pub(crate) fn send(&self, frame: Vec<u8>) -> Result<(), TooSlow> {
        let queued = self.queued.fetch_add(frame.len(), Ordering::Relaxed);
        if queued + frame.len() > self.room.queue {
            return Err(TooSlow);
        }
        // A stream that has ended has told the swarm so.
        let _ended = self.out.send(Out::Frame(frame));
        Ok(())
    }

    /// Ends the stream after what is queued.
    pub(crate) fn close(&self) {
        let _ended = self.out.send(Out::Close);
        self.tasks[0].abort();
    }
}

impl Drop for FrameStream {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

#[derive(Clone)]
struct End {
    id: ConnectionId,
    events: mpsc::UnboundedSender<LinkEvent>,
}

impl End {
    fn report(&self, event: fn(ConnectionId) -> LinkEvent) {
        let _swarm_is_gone = self.events.send(event(self.id));
    }
}

async fn read(
    take: impl Fn(Vec<u8>) -> Input,
    room: Room,
    mut stream: ReadHalf<Stream>,
    core: Core,
    end: End,
) {
    let places = Arc::new(Semaphore::new(room.waiting));
    while let Ok(Ok(frame)) = timeout(SILENCE_MAX, codec::read(&mut stream, room.frame)).await {
        let Some(frame) = frame else { continue };
        let Ok(permit) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        core.frame(take(frame), Permit::new(permit));
    }
    end.report(LinkEvent::Drained);
}

async fn write(
    mut stream: WriteHalf<Stream>,
    limit: usize,
    mut queue: mpsc::UnboundedReceiver<Out>,
    queued: Arc<AtomicUsize>,
    end: End,
) {
    let mut bytes = Vec::new();
    let mut closing = false;
    while !closing {
        bytes.clear();
        let mut content = 0;
        match timeout(KEEPALIVE, queue.recv()).await {
            Err(_quiet) => bytes.extend_from_slice(&codec::keepalive()),
            Ok(first) => {
                let mut next = first;
                loop {
                    match next {
                        Some(Out::Frame(frame)) => {
                            content += frame.len();
                            codec::encode(&frame, limit, &mut bytes);
                        }
                        Some(Out::Close) | None => closing = true,
                    }
                    if closing || bytes.len() >= GATHER {
                        break;
                    }
                    let Ok(more) = queue.try_recv() else { break };
                    next = Some(more);
                }
            }
        }
        let time = if closing { FLUSH_TIME } else { WRITE_TIME };
        if !matches!(
            timeout(time, codec::write(&mut stream, &bytes)).await,
            Ok(Ok(()))
        ) {
            break;
        }
        queued.fetch_sub(content, Ordering::Relaxed);
    }
    let _closed = timeout(FLUSH_TIME, stream.close()).await;
    end.report(LinkEvent::Ended);
}
