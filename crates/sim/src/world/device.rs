//! One device: its rounds, its clock, its power.

use proto::{Input, Node, Output};

use super::{BATCH, CrashAt, Happening, PowerState, Round, Who, World};
use crate::clock::{Time, micros};
use crate::disk::Disk;

impl World {
    /// Switches a device on. It starts from its disk.
    pub fn start(&mut self, who: Who) {
        self.start_with(who, false);
    }

    /// The same; `rolled_back` says that the store has noticed that newer changes are missing.
    pub fn start_with(&mut self, who: Who, rolled_back: bool) {
        let seed = self.fresh_seed();
        let time = self.time;
        let Some(person) = self.person(who) else {
            return;
        };
        if person.power != PowerState::Off {
            return;
        }
        person.booted = time;
        person.life += 1;
        person.power = PowerState::On;
        person.planned = Time::NEVER;
        let records: Vec<_> = person
            .disk
            .records()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let now = self.now(who);
        let node = if records.is_empty() {
            Node::new(Self::config(), seed, now)
        } else {
            Node::restore(Self::config(), seed, records, rolled_back, now)
        };
        if let Some(person) = self.person(who) {
            person.node = Some(node);
        }
        self.trace.line(time, who.0, None, || "starts".to_owned());
        let mut round = Round::default();
        self.drain(who, &mut round);
        self.write(who, round);
        self.resume_of(who);
        self.look_after_start(who);
    }

    /// Ends the process of a device in good order: connections are closed.
    pub fn stop(&mut self, who: Who) {
        self.trace
            .line(self.time, who.0, None, || "stops".to_owned());
        self.end_process(who, true);
    }

    /// Kills the process. The system closes its connections; what was not written is gone.
    pub fn kill(&mut self, who: Who) {
        self.trace
            .line(self.time, who.0, None, || "crashes".to_owned());
        self.end_process(who, true);
    }

    /// Takes the power away: nobody is told, and what was not written is gone.
    pub fn power_loss(&mut self, who: Who) {
        self.trace
            .line(self.time, who.0, None, || "loses power".to_owned());
        self.end_process(who, false);
    }

    /// Lets the process crash at this point of its next round that writes something. A device that is off does not.
    pub fn crash_at(&mut self, who: Who, at: CrashAt) {
        if let Some(person) = self.person(who)
            && person.power != PowerState::Off
        {
            person.crash = Some(at);
        }
    }

    /// Lets a crash that has waited for a round that writes happen between two rounds.
    pub(crate) fn crash_now(&mut self, who: Who) {
        if self
            .person(who)
            .is_some_and(|person| person.crash.is_some())
        {
            self.kill(who);
        }
    }

    fn end_process(&mut self, who: Who, told: bool) {
        let Some(person) = self.person(who) else {
            return;
        };
        if person.power == PowerState::Off {
            return;
        }
        person.power = PowerState::Off;
        person.node = None;
        person.life += 1;
        person.inbox.clear();
        person.writing = None;
        person.crash = None;
        person.swarms.clear();
        self.forget_swarms(who);
        self.counts.stops += 1;
        self.forget_doors(who);
        self.leave_connections(who, told);
    }

    /// Closes the lid. Connections live on as long as the other end waits.
    pub fn sleep(&mut self, who: Who) {
        let time = self.time;
        let Some(person) = self.person(who) else {
            return;
        };
        if person.power != PowerState::On {
            return;
        }
        person.power = PowerState::Asleep;
        person.asleep_since = time;
        self.trace.line(time, who.0, None, || "sleeps".to_owned());
        self.stall_of(who);
    }

    /// Opens the lid.
    pub fn wake(&mut self, who: Who) {
        let time = self.time;
        let Some(person) = self.person(who) else {
            return;
        };
        if person.power != PowerState::Asleep {
            return;
        }
        person.power = PowerState::On;
        // The monotonic clock of the system stands still while it is suspended.
        person.booted = person.booted + time.since(person.asleep_since);
        person.planned = Time::NEVER;
        let life = person.life;
        let written = person.writing.is_some();
        self.watch.here.insert(who, time);
        self.trace.line(time, who.0, None, || "wakes".to_owned());
        if written {
            self.plan(0, Happening::Written(who, life));
        }
        self.plan_wake(who);
        self.resume_of(who);
        self.next_round(who);
    }

    /// A copy of the disk as it is.
    pub fn copy_disk(&self, who: Who) -> Disk {
        self.people
            .get(who.index())
            .map(|person| person.disk.clone())
            .unwrap_or_default()
    }

    /// Puts a disk into a device that is off.
    pub fn put_disk(&mut self, who: Who, disk: Disk) {
        if let Some(person) = self.person(who) {
            debug_assert!(
                person.power == PowerState::Off,
                "disks are changed while a device is off"
            );
            person.disk = disk;
        }
    }

    /// Puts a disk back to how it was at `then`, on a device that is off.
    pub fn put_back(&mut self, who: Who, disk: Disk, then: Time) {
        self.put_disk(who, disk);
        self.watch.rolled_back(who, then, self.time);
    }

    /// Whether the disk has room.
    pub fn fill_disk(&mut self, who: Who, full: bool) {
        if let Some(person) = self.person(who) {
            person.disk.full = full;
        }
    }

    /// How far the wall clock of a device is off, in milliseconds.
    pub fn set_skew(&mut self, who: Who, skew: i64) {
        if let Some(person) = self.person(who) {
            person.skew = skew;
        }
    }

    /// Gives a device one input and carries out at most `limit` outputs, counting the durable write as one: fewer is a
    /// crash in between.
    pub fn feed(&mut self, who: Who, input: Input, limit: usize) {
        if limit < usize::MAX {
            let at = match limit {
                0 => CrashAt::BeforePersist,
                1 => CrashAt::AfterPersist,
                more => CrashAt::AfterOutputs(more - 1),
            };
            self.crash_at(who, at);
        }
        self.take(who, input);
    }

    /// An input comes to a device.
    pub(super) fn take(&mut self, who: Who, input: Input) {
        let Some(person) = self.person(who) else {
            return;
        };
        if person.power == PowerState::Off {
            return;
        }
        let Some(input) = self.of_channel(who, input) else {
            return;
        };
        if let Some(person) = self.person(who) {
            person.inbox.push_back(input);
        }
        self.next_round(who);
    }

    /// Takes what waits, unless the disk is busy.
    fn next_round(&mut self, who: Who) {
        loop {
            let Some(person) = self.person(who) else {
                return;
            };
            let ready = person.power == PowerState::On && person.writing.is_none();
            if !ready || person.inbox.is_empty() {
                return;
            }
            let count = person.inbox.len().min(BATCH);
            let inputs: Vec<Input> = person.inbox.drain(..count).collect();
            let mut round = Round::default();
            for input in inputs {
                self.handle(who, input, &mut round);
            }
            self.write(who, round);
        }
    }

    fn handle(&mut self, who: Who, input: Input, round: &mut Round) {
        self.counts.inputs += 1;
        let now = self.now(who);
        let Some(node) = self.person(who).and_then(|person| person.node.as_mut()) else {
            return;
        };
        node.handle_input(input, now);
        self.drain(who, round);
    }

    fn drain(&mut self, who: Who, round: &mut Round) {
        let Some(person) = self.person(who) else {
            return;
        };
        let Some(node) = person.node.as_mut() else {
            return;
        };
        loop {
            let output = node.poll_output();
            if let Output::Persist(changes) = output {
                round.changes.merge(changes);
            } else if let Output::Timeout(at) = output {
                person.deadline = at;
                break;
            } else {
                round.after.push(output);
            }
        }
        self.plan_wake(who);
    }

    fn plan_wake(&mut self, who: Who) {
        let now = self.time;
        let Some(person) = self.person(who) else {
            return;
        };
        let due = (person.booted + person.deadline.since_start()).max(now);
        if due < person.planned {
            person.planned = due;
            self.queue.push(due, Happening::Wake(who));
        }
    }

    pub(super) fn on_wake(&mut self, who: Who) {
        let now = self.time;
        let Some(person) = self.person(who) else {
            return;
        };
        if person.planned > now || person.power != PowerState::On {
            return;
        }
        person.planned = Time::NEVER;
        if person.booted + person.deadline.since_start() > now || person.writing.is_some() {
            // A device whose disk is busy is woken when it is not.
            if person.writing.is_none() {
                self.plan_wake(who);
            }
            return;
        }
        self.take(who, Input::Timeout);
    }

    /// Begins the durable write of a round.
    fn write(&mut self, who: Who, round: Round) {
        let pause = micros(self.options.write);
        if round.changes.is_empty() || pause == 0 {
            self.finish(who, round);
            return;
        }
        let Some(person) = self.person(who) else {
            return;
        };
        person.writing = Some(round);
        let life = person.life;
        self.plan(pause, Happening::Written(who, life));
    }

    pub(super) fn on_written(&mut self, who: Who, life: u64) {
        let Some(person) = self.person(who) else {
            return;
        };
        if person.life != life || person.power != PowerState::On {
            return;
        }
        let Some(round) = person.writing.take() else {
            return;
        };
        self.finish(who, round);
        self.plan_wake(who);
        self.next_round(who);
    }

    /// One durable write, then everything that relied on it.
    fn finish(&mut self, who: Who, round: Round) {
        let mut outputs = usize::MAX;
        if !round.changes.is_empty() {
            let Some(person) = self.person(who) else {
                return;
            };
            let crash = person.crash.take();
            if crash == Some(CrashAt::BeforePersist) {
                self.kill(who);
                return;
            }
            if !person.disk.persist(&round.changes) {
                person.ran_out = true;
                self.trace
                    .line(self.time, who.0, None, || "has no room left".to_owned());
                self.end_process(who, true);
                return;
            }
            self.counts.persists += 1;
            for (key, value) in round.changes.iter() {
                self.trace.number(key.kind() as u64);
                self.trace.bytes(value.unwrap_or_default());
            }
            outputs = match crash {
                Some(CrashAt::AfterPersist) => 0,
                Some(CrashAt::AfterOutputs(outputs)) => outputs,
                Some(CrashAt::BeforePersist) | None => usize::MAX,
            };
        }
        let crashes = outputs < usize::MAX;
        for output in round.after.into_iter().take(outputs) {
            self.carry_out(who, output);
        }
        if crashes {
            self.kill(who);
        } else {
            self.look_after_round(who);
        }
    }
}
