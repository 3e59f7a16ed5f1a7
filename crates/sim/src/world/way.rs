//! Ways between devices: dialling, connections that are in order while they last, and walls.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use crypto::Secret;
use model::{Address, CellId, DoorId, PeerId};
use proto::{Entrance, Input, Link};

use super::{Happening, PowerState, Tap, Who, World};
use crate::clock::{Time, micros};
use crate::link::{MILLION, Quality};

/// Frames are padded to whole multiples of this, as in `net`.
const CELL: usize = 1024;

/// Bytes that one connection may have waiting, as in `net`: then the peer is too slow and is cut off.
const QUEUE_BYTES: u64 = 8 << 20;

/// The swarm of one cell on one device.
pub(crate) struct Swarm {
    pub(crate) peer: PeerId,
    pub(crate) doors: BTreeMap<DoorId, Address>,
    pub(crate) allowed: BTreeSet<PeerId>,
}

impl Swarm {
    pub(super) const fn new(peer: PeerId) -> Self {
        Self {
            peer,
            doors: BTreeMap::new(),
            allowed: BTreeSet::new(),
        }
    }
}

/// An open port.
pub(crate) struct Doorway {
    pub(crate) who: Who,
    pub(crate) cell: CellId,
    pub(crate) key: [u8; 32],
    pub(crate) entrance: Entrance,
}

/// A dial on its way.
pub(crate) struct Dial {
    from: Who,
    life: u64,
    link: Link,
    address: Option<Address>,
    key: [u8; 32],
    entrance: Entrance,
}

/// One connection.
pub(crate) struct Connection {
    pub(crate) ends: [End; 2],
    pub(super) stalled: Option<Time>,
}

/// One end of a connection, and what is on its way to it.
pub(crate) struct End {
    pub(crate) who: Who,
    pub(super) life: u64,
    /// The other end, as this one sees it.
    pub(crate) link: Link,
    entrance: Entrance,
    pub(super) open: bool,
    pub(super) held: VecDeque<Vec<u8>>,
    /// When the last byte of what was sent to this end has left.
    free: Time,
    /// When the last of it arrives.
    pub(super) last: Time,
}

impl World {
    /// The way between two devices.
    pub(super) fn quality(&self, a: Who, b: Who) -> &Quality {
        self.qualities
            .get(&pair(a, b))
            .unwrap_or(&self.options.quality)
    }

    /// Sets the way between two devices.
    pub fn set_quality(&mut self, a: Who, b: Who, quality: Quality) {
        self.qualities.insert(pair(a, b), quality);
    }

    pub(super) fn dial(
        &mut self,
        who: Who,
        link: Link,
        addresses: &[Address],
        key: &Secret<32>,
        entrance: Entrance,
    ) {
        self.counts.dials += 1;
        let answers = |address: &&Address| {
            self.doors.get(*address).is_some_and(|door| {
                let person = &self.people[door.who.index()];
                let there = person
                    .swarms
                    .get(&link.cell)
                    .is_some_and(|swarm| swarm.peer == link.peer);
                there
                    && door.who != who
                    && person.power == PowerState::On
                    && self.reaches(who, door.who)
            })
        };
        let address = addresses.iter().find(answers).cloned();
        let dial = Dial {
            from: who,
            life: self.people.get(who.index()).map_or(0, |person| person.life),
            link,
            address,
            key: *key.expose(),
            entrance,
        };
        let there = dial
            .address
            .as_ref()
            .and_then(|address| self.doors.get(address));
        let after = match there.map(|door| door.who) {
            Some(there) => {
                let quality = self.quality(who, there).clone();
                quality.handshake(&mut self.rng)
            }
            None => micros(self.options.dial),
        };
        self.plan(after, Happening::Dialled(Box::new(dial)));
    }

    pub(super) fn on_dialled(&mut self, dial: Dial) {
        let from = dial.from;
        let lives =
            |person: &super::Person| person.life == dial.life && person.power != PowerState::Off;
        if !self.people.get(from.index()).is_some_and(lives) {
            return;
        }
        let Some((there, theirs)) = self.admitted(&dial) else {
            self.take(from, Input::ConnectFailed(dial.link));
            return;
        };
        let Some(here) = self.end(from, dial.link.cell) else {
            return;
        };
        let quality = self.quality(from, there);
        let doubled =
            quality.doubled > 0 && self.rng.below(MILLION) < self.quality(from, there).doubled;
        for _ in 0..=usize::from(doubled) {
            self.connect((from, dial.link, dial.entrance), (there, here, theirs));
        }
    }

    /// Whether the door opens, and what kind of door it is.
    fn admitted(&self, dial: &Dial) -> Option<(Who, Entrance)> {
        let door = self.doors.get(dial.address.as_ref()?)?;
        let person = self.people.get(door.who.index())?;
        let swarm = person.swarms.get(&dial.link.cell)?;
        let here = self.end(dial.from, dial.link.cell)?;
        let awake = person.power == PowerState::On && self.power(dial.from) == PowerState::On;
        let same =
            door.cell == dial.link.cell && swarm.peer == dial.link.peer && door.key == dial.key;
        let may = match door.entrance {
            Entrance::Door => swarm.allowed.contains(&here.peer),
            Entrance::Invite(_) => true,
        };
        let may = may && self.has_place(door.who, door.cell, here.peer);
        let passes = awake && same && may && self.reaches(dial.from, door.who);
        passes.then_some((door.who, door.entrance))
    }

    fn connect(&mut self, one: (Who, Link, Entrance), two: (Who, Link, Entrance)) {
        self.counts.connections += 1;
        self.numbers += 1;
        let number = self.numbers;
        let ends = [one, two].map(|(who, link, entrance)| End {
            who,
            life: self.people.get(who.index()).map_or(0, |person| person.life),
            link,
            entrance,
            open: true,
            held: VecDeque::new(),
            free: self.time,
            last: self.time,
        });
        self.connections.insert(
            number,
            Connection {
                ends,
                stalled: None,
            },
        );
        let quality = self.quality(one.0, two.0).clone();
        if let Some(life) = quality.life(&mut self.rng) {
            self.plan(micros(life), Happening::Break(number));
        }
        self.trace
            .line(self.time, one.0.0, Some(two.0.0), || "connects".to_owned());
        self.came(two.0, two.1);
        for (who, link, entrance) in [one, two] {
            if let Some(person) = self.person(who) {
                person.links.entry(link).or_default().push(number);
                person.touches.insert(number);
            }
            self.take(who, Input::PeerConnected(link, entrance));
        }
    }

    pub(super) fn transmit(&mut self, who: Who, link: Link, bytes: Vec<u8>) {
        let Some(person) = self.people.get(who.index()) else {
            return;
        };
        let Some(numbers) = person.links.get(&link) else {
            return;
        };
        // As `net` does: on one connection as long as it lasts, so that frames do not overtake each other.
        let Some(number) = numbers.first().copied() else {
            return;
        };
        let Some(connection) = self.connections.get(&number) else {
            return;
        };
        let far = usize::from(connection.ends[0].who == who && connection.ends[0].link == link);
        let to = connection.ends[far].who;
        let bytes = if self.filtered.contains(&who) {
            let Some(kept) =
                crate::wire::without_others(&bytes, self.watch.member_bytes(who, link.cell))
            else {
                return;
            };
            kept
        } else {
            bytes
        };
        let from = connection.ends[far].link;
        self.watch.saw_frame(self.time, who, to, &bytes);
        self.trace.number(u64::from(who.0) << 32 | u64::from(to.0));
        self.trace.bytes(&bytes);
        self.trace.line(self.time, who.0, Some(to.0), || {
            crate::wire::describe(&bytes)
        });
        if self.tapped.contains(&to) {
            self.taps.push(Tap {
                from: who,
                to,
                link: from,
                bytes: bytes.clone(),
            });
        }
        self.send(number, far, bytes);
    }

    /// Peers that somebody is connected to in a cell.
    pub fn links_of(&self, who: Who, cell: CellId) -> Vec<Link> {
        let links = self
            .people
            .get(who.index())
            .map(|person| person.links.keys());
        links
            .into_iter()
            .flatten()
            .filter(|link| link.cell == cell)
            .copied()
            .collect()
    }

    /// Sends a frame that no node made, over a connection that there is.
    pub fn inject(&mut self, who: Who, link: Link, bytes: Vec<u8>) {
        let person = self.people.get(who.index());
        let Some(number) = person.and_then(|person| person.links.get(&link)?.first().copied())
        else {
            return;
        };
        let Some(connection) = self.connections.get(&number) else {
            return;
        };
        let far = usize::from(connection.ends[0].who == who && connection.ends[0].link == link);
        self.trace.bytes(&bytes);
        if bytes.len() > proto::FRAME_LIMIT {
            // The codec of the other end reads the length and hangs up.
            self.cut(number);
            return;
        }
        self.send(number, far, bytes);
    }

    /// Puts a frame on a connection, towards its end `far`.
    pub(crate) fn send(&mut self, number: u64, far: usize, bytes: Vec<u8>) {
        let Some(connection) = self.connections.get(&number) else {
            return;
        };
        let wire = if self.is_room(connection.ends[far].link.cell) {
            super::ether::wire_len(&bytes)
        } else {
            (bytes.len() + 4).div_ceil(CELL) * CELL
        };
        let (from, to) = (connection.ends[1 - far].who, connection.ends[far].who);
        self.counts.frames += 1;
        self.counts.bytes += wire as u64;
        let quality = self.quality(from, to).clone();
        let drawn = quality.travel(&mut self.rng);
        let twice = quality.duplicate > 0 && self.rng.below(MILLION) < quality.duplicate;
        let overtakes = quality.reorder > 0 && self.rng.below(MILLION) < quality.reorder;
        let now = self.time;
        if let Some(person) = self.person(from) {
            person.sent_bytes += wire as u64;
        }
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        let end = &mut connection.ends[far];
        let (true, Some(travel)) = (end.open, drawn) else {
            // The other end has forgotten the connection, or too much was lost in a row.
            self.plan(
                2 * quality.latency.median(),
                Happening::Ended(number, 1 - far),
            );
            return;
        };
        end.free = end.free.max(now) + Duration::from_micros(quality.sending(wire));
        let waits = micros(end.free.since(now));
        let at = end.free + Duration::from_micros(travel);
        let at = if overtakes { at } else { at.max(end.last) };
        end.last = end.last.max(at);
        if quality.bandwidth > 0 && waits * quality.bandwidth / MILLION > QUEUE_BYTES {
            self.cut(number);
            return;
        }
        if twice {
            self.queue
                .push(at, Happening::Arrive(number, far, bytes.clone()));
        }
        self.queue.push(at, Happening::Arrive(number, far, bytes));
    }

    pub(super) fn on_arrival(&mut self, number: u64, far: usize, bytes: Vec<u8>) {
        let blocked = self.is_blocked(number);
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        let end = &mut connection.ends[far];
        if blocked {
            end.held.push_back(bytes);
            return;
        }
        if end.open {
            let (who, link) = (end.who, end.link);
            self.take(who, Input::Frame(link, bytes));
        }
    }

    pub(super) fn disconnect(&mut self, who: Who, link: Link) {
        let person = self.people.get(who.index());
        let numbers = person.and_then(|person| person.links.get(&link)).cloned();
        for number in numbers.unwrap_or_default() {
            let Some(connection) = self.connections.get(&number) else {
                continue;
            };
            let far = usize::from(connection.ends[0].who == who && connection.ends[0].link == link);
            let arrives = connection.ends[far].last;
            self.close_end(number, 1 - far);
            self.tell_end(number, far, arrives);
        }
    }

    /// The goodbye comes after all that was sent before it.
    fn tell_end(&mut self, number: u64, far: usize, after: Time) {
        let Some(connection) = self.connections.get(&number) else {
            return;
        };
        let (one, two) = (connection.ends[0].who, connection.ends[1].who);
        if self.is_blocked(number) {
            self.stall(number);
            return;
        }
        let latency = self.quality(one, two).latency.median();
        let at = (self.time + Duration::from_micros(latency)).max(after);
        self.queue.push(at, Happening::Ended(number, far));
    }

    /// Both ends learn at once.
    pub(super) fn cut(&mut self, number: u64) {
        self.close_end(number, 0);
        self.close_end(number, 1);
    }

    pub(super) fn on_break(&mut self, number: u64) {
        if self.connections.contains_key(&number) {
            self.cut(number);
        }
    }

    /// One end of a connection is closed; its node is told when it was the last one to that peer.
    pub(super) fn close_end(&mut self, number: u64, end: usize) {
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        let both = !connection.ends[1 - end].open;
        let end = &mut connection.ends[end];
        let was_open = std::mem::replace(&mut end.open, false);
        let (who, life, link) = (end.who, end.life, end.link);
        if both && let Some(gone) = self.connections.remove(&number) {
            for end in gone.ends {
                if let Some(person) = self.person(end.who) {
                    person.touches.remove(&number);
                }
            }
        }
        let Some(person) = self.person(who) else {
            return;
        };
        if !was_open || person.life != life {
            return;
        }
        if let Some(numbers) = person.links.get_mut(&link) {
            numbers.retain(|held| *held != number);
            if numbers.is_empty() {
                person.links.remove(&link);
                self.plan_input(who, 0, Input::PeerDisconnected(link));
            }
        }
    }

    pub(super) fn leave_connections(&mut self, who: Who, told: bool) {
        if let Some(person) = self.person(who) {
            person.links.clear();
        }
        let ours: Vec<(u64, usize)> = self
            .of(who)
            .into_iter()
            .filter_map(|number| {
                let mut ends = self.connections.get(&number)?.ends.iter();
                let end = ends.position(|end| end.who == who && end.open);
                end.map(|end| (number, end))
            })
            .collect();
        for (number, end) in ours {
            let Some(connection) = self.connections.get(&number) else {
                continue;
            };
            let arrives = connection.ends[1 - end].last;
            self.close_end(number, end);
            if told {
                self.tell_end(number, 1 - end, arrives);
            } else {
                self.stall(number);
            }
        }
    }

    pub(super) fn close_strangers(&mut self, who: Who, cell: CellId) {
        let Some(person) = self.people.get(who.index()) else {
            return;
        };
        let Some(swarm) = person.swarms.get(&cell) else {
            return;
        };
        let through_door = |number: &u64| {
            self.connections.get(number).is_some_and(|connection| {
                let end = connection.ends.iter().find(|end| end.who == who);
                end.is_some_and(|end| matches!(end.entrance, Entrance::Door))
            })
        };
        let strangers: Vec<Link> = person
            .links
            .iter()
            .filter(|(link, _)| link.cell == cell && !swarm.allowed.contains(&link.peer))
            .filter(|(_, numbers)| numbers.iter().any(through_door))
            .map(|(link, _)| *link)
            .collect();
        for link in strangers {
            self.disconnect(who, link);
        }
    }
}

pub(super) fn pair(a: Who, b: Who) -> (Who, Who) {
    if a < b { (a, b) } else { (b, a) }
}
