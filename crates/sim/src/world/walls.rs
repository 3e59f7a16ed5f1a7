//! What stands in the way: walls, closed lids, and devices that are gone without a word.

use std::time::Duration;

use super::way::{End, pair};
use super::{Happening, PowerState, Who, World};
use crate::clock::micros;

/// Between keepalives, as in `net`: how long it takes to notice that the other end has forgotten us.
const KEEPALIVE: Duration = Duration::from_secs(30);

impl World {
    /// Whether nothing stands between two devices.
    pub fn reaches(&self, a: Who, b: Who) -> bool {
        self.sides.get(a.index()) == self.sides.get(b.index()) && !self.walls.contains(&pair(a, b))
    }

    /// Builds a wall between two people.
    pub fn wall(&mut self, a: Who, b: Who) {
        self.walls.insert(pair(a, b));
        self.watch.parted = true;
        self.stall_blocked();
    }

    /// Puts people behind walls: those with the same number reach each other.
    pub fn part(&mut self, sides: &[(Who, u8)]) {
        for (who, side) in sides {
            if let Some(entry) = self.sides.get_mut(who.index()) {
                *entry = *side;
            }
        }
        self.watch.parted = true;
        self.stall_blocked();
    }

    /// No walls any more.
    pub fn heal_network(&mut self) {
        self.walls.clear();
        self.sides.fill(0);
        self.watch.parted = false;
        for here in self.watch.here.values_mut() {
            *here = self.time;
        }
        for number in self.stalled() {
            self.resume(number);
        }
    }

    pub(super) fn is_blocked(&self, number: u64) -> bool {
        let Some(connection) = self.connections.get(&number) else {
            return true;
        };
        let [one, two] = &connection.ends;
        let dead = |end: &End| {
            let person = &self.people[end.who.index()];
            person.power == PowerState::Asleep
                || (person.power == PowerState::Off && person.life != end.life)
        };
        !self.reaches(one.who, two.who) || dead(one) || dead(two)
    }

    pub(super) fn stall(&mut self, number: u64) {
        let (time, silence) = (self.time, micros(self.options.silence));
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        if connection.stalled.is_none() {
            connection.stalled = Some(time);
        }
        if silence == 0 {
            self.cut(number);
        } else {
            self.plan(silence, Happening::Silence(number));
        }
    }

    fn stall_blocked(&mut self) {
        let numbers: Vec<u64> = self.connections.keys().copied().collect();
        for number in numbers {
            if self.is_blocked(number) {
                self.stall(number);
            }
        }
    }

    pub(super) fn stall_of(&mut self, who: Who) {
        for number in self.of(who) {
            self.stall(number);
        }
    }

    pub(super) fn resume_of(&mut self, who: Who) {
        for number in self.of(who) {
            self.resume(number);
        }
    }

    pub(super) fn of(&self, who: Who) -> Vec<u64> {
        let touches = self.people.get(who.index()).map(|person| &person.touches);
        touches.into_iter().flatten().copied().collect()
    }

    fn stalled(&self) -> Vec<u64> {
        let all = self.connections.iter();
        all.filter(|(_, connection)| connection.stalled.is_some())
            .map(|(number, _)| *number)
            .collect()
    }

    /// What was held on the way goes on, if the way is free.
    fn resume(&mut self, number: u64) {
        if self.is_blocked(number) {
            return;
        }
        let time = self.time;
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        connection.stalled = None;
        let gone = connection.ends.iter().position(|end| !end.open);
        let (one, two) = (connection.ends[0].who, connection.ends[1].who);
        let held = [0, 1].map(|end| std::mem::take(&mut connection.ends[end].held));
        let latency = self.quality(one, two).latency.median();
        for (far, frames) in held.into_iter().enumerate() {
            for bytes in frames {
                let at = time + Duration::from_micros(latency);
                if let Some(connection) = self.connections.get_mut(&number) {
                    connection.ends[far].last = connection.ends[far].last.max(at);
                }
                self.queue.push(at, Happening::Arrive(number, far, bytes));
            }
        }
        if let Some(gone) = gone {
            let notice = self.rng.below(micros(KEEPALIVE));
            self.plan(2 * latency + notice, Happening::Ended(number, 1 - gone));
        }
    }

    pub(super) fn on_silence(&mut self, number: u64) {
        let silence = self.options.silence;
        let Some(connection) = self.connections.get(&number) else {
            return;
        };
        let long = connection
            .stalled
            .is_some_and(|since| self.time.since(since) >= silence);
        if !long || !self.is_blocked(number) {
            return;
        }
        for end in [0, 1] {
            let Some(connection) = self.connections.get(&number) else {
                return;
            };
            let who = connection.ends[end].who;
            if self.power(who) != PowerState::Asleep {
                self.close_end(number, end);
            }
        }
    }
}
