//! A cell without cryptography: who has what, who asks whom, and what the cryptography would have cost.
//!
//! It is for size and speed: a hundred thousand devices fit, and what they say to each other takes the time and bytes of
//! the real thing. It knows no keys and shows nothing about secrets; scenarios about those are refused. It shares no code
//! with the core: pushing to whoever is there, frontiers every half minute while somebody lacks something, acks once a
//! minute.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crypto::{Rng, Secret};

use crate::batch::{Batch, Ticker};
use crate::clock::{Queue, Time, micros};
use crate::link::{MILLION, Quality};
use crate::report::{Report, WorldReport};
use crate::scenario::Scenario;
use crate::trace::Trace;

/// What one delivery costs: opening and one signature. Measured with bare primitives.
const DELIVERY: Duration = Duration::from_micros(134);

/// What sealing and signing costs.
const SEALING: Duration = Duration::from_micros(90);

/// What one ack costs each reader.
const ACK: Duration = Duration::from_micros(45);

/// Between frontiers.
const SYNC: u64 = 37_000_000;

/// A frame with a short text, padding included.
const FRAME: u64 = 2_048;

/// Devices of one shard: what fits into a processor's cache.
const SHARD: u64 = 4_096;

/// A device: which cell, whether it is there, how far it has each member's log.
#[derive(Clone)]
struct Small {
    there: bool,
    has: Vec<u32>,
}

#[derive(Clone, Copy)]
enum Step {
    /// Comes or goes.
    Turn(u32),
    /// Writes.
    Write(u32),
    /// A message of a member of the cell arrives: to whom, whose, which, when written.
    Arrive(u32, u16, u32, u64),
    /// Tells whoever is there what it has.
    Sync(u32),
}

/// Runs every seed of a scenario without cryptography.
pub(crate) fn run(scenario: &Scenario, batch: Batch, ticker: &Ticker) -> Report {
    let mut report = Report::new(scenario, batch);
    let per_cell = scenario.members() as u64;
    let cells_per_shard = (SHARD / per_cell.max(1)).max(1);
    let shards = scenario.cells().div_ceil(cells_per_shard);
    ticker
        .worlds
        .store(shards * (batch.last - batch.first + 1), Ordering::Relaxed);
    ticker.each.store(
        u64::try_from(scenario.duration().as_millis()).unwrap_or(0),
        Ordering::Relaxed,
    );
    for seed in batch.first..=batch.last {
        // All shards exist at once, so that the memory of a node is what is measured.
        let mut worlds: Vec<Shard> = (0..shards)
            .map(|number| {
                let cells = cells_per_shard.min(scenario.cells() - number * cells_per_shard);
                Shard::new(scenario, (seed, number), cells, per_cell)
            })
            .collect();
        let jobs = batch.jobs.max(1);
        let chunk = worlds.len().div_ceil(jobs).max(1);
        std::thread::scope(|scope| {
            for worlds in worlds.chunks_mut(chunk) {
                scope.spawn(move || {
                    for world in worlds {
                        world.live();
                        ticker
                            .events
                            .fetch_add(world.counts.events, Ordering::Relaxed);
                        ticker.ended.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        for (number, world) in (0..).zip(worlds) {
            report.counts.merge(&world.counts);
            report.virtual_seconds += world.end.since_start().as_secs_f64();
            report.modelled_seconds += world.cost.as_secs_f64();
            let broken = world.lacking().map(|what| ("delivered".to_owned(), what));
            let trace = format!("{:016x}", world.trace.hash());
            report.worlds.push(WorldReport {
                seed,
                cell: number,
                trace,
                broken: broken.into_iter().collect(),
            });
        }
    }
    report
}

struct Shard {
    quality: Quality,
    rng: Rng,
    queue: Queue<Step>,
    small: Vec<Small>,
    members: usize,
    online: f64,
    /// Mean time between two messages of one member, in microseconds; 0 if nobody writes.
    pause: u64,
    end: Time,
    quiet: Time,
    now: Time,
    trace: Trace,
    cost: Duration,
    counts: crate::Counts,
}

impl Shard {
    fn new(scenario: &Scenario, (seed, number): (u64, u64), cells: u64, members: u64) -> Self {
        let mut bytes = [23; 32];
        bytes[..8].copy_from_slice(&seed.to_be_bytes());
        bytes[8..16].copy_from_slice(&number.to_be_bytes());
        let count = usize::try_from(cells * members).unwrap_or(0);
        let members = usize::try_from(members).unwrap_or(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it was brought between 0 and a day"
        )]
        let pause = match scenario.messages_per_day() {
            none if none <= 0.0 => 0,
            some => (86_400e6 / some).clamp(1.0, 86_400e9) as u64,
        };
        let quiet = Time::ZERO + scenario.duration();
        let mut shard = Self {
            quality: scenario.quality(),
            rng: Rng::from_seed(&Secret::from_bytes(bytes)),
            queue: Queue::new(),
            small: vec![
                Small {
                    there: true,
                    has: vec![0; members]
                };
                count
            ],
            members,
            online: scenario.online_share(),
            pause,
            end: quiet + Duration::from_secs(1200),
            quiet,
            now: Time::ZERO,
            trace: Trace::default(),
            cost: Duration::ZERO,
            counts: crate::Counts::default(),
        };
        for who in 0..u32::try_from(count).unwrap_or(u32::MAX) {
            let turn = shard.rng.below(3_600_000_000);
            shard.push(turn, Step::Turn(who));
            let sync = shard.rng.below(SYNC);
            shard.push(sync, Step::Sync(who));
            if pause > 0 {
                let write = shard.rng.below(2 * pause);
                shard.push(write, Step::Write(who));
            }
        }
        shard
    }

    fn push(&mut self, after: u64, step: Step) {
        self.queue
            .push(self.now + Duration::from_micros(after), step);
    }

    fn live(&mut self) {
        while let Some((at, step)) = self.queue.pop() {
            if at > self.end {
                break;
            }
            self.now = at;
            self.counts.events += 1;
            self.trace.number(at.as_micros());
            match step {
                Step::Turn(who) => self.turn(who),
                Step::Write(who) => self.write(who),
                Step::Arrive(who, author, number, written) => {
                    self.arrive(who, author, number, written)
                }
                Step::Sync(who) => self.sync(who),
            }
        }
        for small in &self.small {
            let bytes = small.has.capacity() * 4 + std::mem::size_of::<Small>();
            self.counts.held.add(bytes as u64);
        }
    }

    fn small(&mut self, who: u32) -> Option<&mut Small> {
        self.small.get_mut(usize::try_from(who).ok()?)
    }

    /// Others of the same cell.
    fn others(&self, who: u32) -> impl Iterator<Item = u32> + use<> {
        let members = u32::try_from(self.members).unwrap_or(1).max(1);
        let first = who - who % members;
        (first..first + members).filter(move |other| *other != who)
    }

    fn turn(&mut self, who: u32) {
        let quiet = self.now >= self.quiet;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share between 0 and 1"
        )]
        let share = (self.online * 1e6) as u64;
        let there = quiet || self.rng.below(MILLION) < share;
        if let Some(small) = self.small(who) {
            small.there = there;
        }
        let again = 600_000_000 + self.rng.below(6_000_000_000);
        let until = micros(self.quiet.since(self.now));
        self.push(
            if quiet { again } else { again.min(until) },
            Step::Turn(who),
        );
    }

    fn write(&mut self, who: u32) {
        if self.now >= self.quiet {
            return;
        }
        let author = usize::try_from(who).unwrap_or(0) % self.members.max(1);
        let Some(small) = self.small(who) else { return };
        let there = small.there;
        if there {
            small.has[author] += 1;
            let number = small.has[author];
            self.counts.accepted += 1;
            self.cost += SEALING;
            let written = self.now.as_micros();
            for other in self.others(who) {
                self.send(other, author, number, written);
            }
        }
        let next = self.rng.below(2 * self.pause);
        self.push(next, Step::Write(who));
    }

    fn send(&mut self, to: u32, author: usize, number: u32, written: u64) {
        let there = usize::try_from(to)
            .ok()
            .and_then(|to| self.small.get(to))
            .is_some_and(|small| small.there);
        self.counts.frames += u64::from(there);
        self.counts.bytes += FRAME * u64::from(there);
        if there && let Some(travel) = self.quality.travel(&mut self.rng) {
            let author = u16::try_from(author).unwrap_or(u16::MAX);
            self.push(travel, Step::Arrive(to, author, number, written));
        }
    }

    fn arrive(&mut self, who: u32, author: u16, number: u32, written: u64) {
        let took = self.now.as_micros() - written;
        let others = u32::try_from(self.members).unwrap_or(1);
        let Some(small) = self.small(who) else { return };
        let has = &mut small.has[usize::from(author)];
        // In order and once, as a log is.
        if *has + 1 != number || !small.there {
            return;
        }
        *has = number;
        self.counts.deliveries += 1;
        self.cost += DELIVERY + ACK * others / 8;
        if took < 60_000_000 {
            self.counts.latency.add(took);
        } else {
            self.counts.late.add(took);
        }
    }

    /// Asks whoever is there for the next of each log that it lacks.
    fn sync(&mut self, who: u32) {
        let jitter = self.rng.below(SYNC / 4);
        self.push(SYNC + jitter, Step::Sync(who));
        let Some(mine) = self
            .small(who)
            .filter(|small| small.there)
            .map(|small| small.has.clone())
        else {
            return;
        };
        for other in self.others(who) {
            let Some(theirs) = self
                .small(other)
                .filter(|small| small.there)
                .map(|small| small.has.clone())
            else {
                continue;
            };
            self.counts.frames += 1;
            self.counts.bytes += 1_024;
            for (author, (mine, theirs)) in mine.iter().zip(&theirs).enumerate() {
                // A pull brings a batch; here each of it arrives on its own, one after the other.
                let written = self.now.as_micros().saturating_sub(60_000_000);
                for (place, number) in (*mine + 1..=*theirs).take(64).enumerate() {
                    let after = 1_000 * (place as u64 + 1) + self.quality.latency.median();
                    let author = u16::try_from(author).unwrap_or(u16::MAX);
                    self.push(after, Step::Arrive(who, author, number, written));
                }
            }
        }
    }

    /// After quiet everybody has everything.
    fn lacking(&self) -> Option<String> {
        let cells = self.small.chunks(self.members.max(1));
        let differing = cells
            .filter(|cell| cell.iter().any(|small| small.has != cell[0].has))
            .count();
        (differing > 0).then(|| format!("{differing} cells do not have the same after quiet"))
    }
}
