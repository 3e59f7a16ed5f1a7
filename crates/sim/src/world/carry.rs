//! What a node asks for, done.

use crypto::{Secret, SigningKey};
use model::{Address, CellId, DoorId, PeerId};
use proto::{ChannelId, Entrance, Event, Input, ListenOn, Notice, Output, PostId};

use super::{Doorway, Happening, Swarm, Who, World};

impl World {
    pub(super) fn carry_out(&mut self, who: Who, output: Output) {
        match output {
            // Both were taken out of the round.
            Output::Persist(_) | Output::Timeout(_) => {}
            Output::Read(key) => {
                let value = self.disk(who).and_then(|disk| disk.get(&key)).cloned();
                self.plan_input(who, 0, Input::Read(key, value.map(Into::into)));
            }
            Output::Open { cell, peer_key } => self.open(who, cell, &peer_key),
            Output::Close { cell } => self.close(who, cell),
            Output::Listen {
                cell,
                door,
                key,
                entrance,
                on,
            } => {
                self.listen(who, cell, door, (key, entrance, on));
            }
            Output::StopListen { cell, door } => self.stop_listening(who, cell, door),
            Output::Allow { cell, peers } => {
                if let Some(swarm) = self
                    .person(who)
                    .and_then(|person| person.swarms.get_mut(&cell))
                {
                    swarm.allowed = peers;
                }
                self.close_strangers(who, cell);
            }
            Output::Connect {
                link,
                addresses,
                key,
                entrance,
            } => {
                self.dial(who, link, &addresses, &key, entrance);
            }
            Output::Transmit(link, bytes) => self.transmit(who, link, bytes),
            Output::Disconnect(link, _) => self.disconnect(who, link),
            Output::Beacon { cell, bytes } => self.beacon(who, cell, &bytes),
            Output::StopBeacon { .. } => {}
            Output::Channel(id, output) => self.carry_out_channel(who, id, output),
            Output::Event(event) => self.tell(who, event),
        }
    }

    pub(super) fn open(&mut self, who: Who, cell: CellId, key: &Secret<32>) {
        let peer = SigningKey::from_seed(key).verifying_key().to_bytes();
        let peer = PeerId::from_bytes(peer);
        self.close(who, cell);
        self.watch.saw_peer_key(self.time, who, cell, peer);
        if let Some(person) = self.person(who) {
            person.swarms.insert(cell, Swarm::new(peer));
        }
    }

    pub(super) fn close(&mut self, who: Who, cell: CellId) {
        let Some(person) = self.person(who) else {
            return;
        };
        let links: Vec<_> = person
            .links
            .keys()
            .filter(|link| link.cell == cell)
            .copied()
            .collect();
        for link in links {
            self.disconnect(who, link);
        }
        let Some(person) = self.person(who) else {
            return;
        };
        let swarm = person.swarms.remove(&cell);
        for address in swarm
            .into_iter()
            .flat_map(|swarm| swarm.doors.into_values())
        {
            self.doors.remove(&address);
        }
    }

    fn listen(
        &mut self,
        who: Who,
        cell: CellId,
        door: DoorId,
        (key, entrance, on): (Secret<32>, Entrance, ListenOn),
    ) {
        self.watch
            .saw_door_key(self.time, who, cell, door, key.expose());
        self.open_port(who, cell, door, (key, entrance, on));
    }

    pub(super) fn open_port(
        &mut self,
        who: Who,
        cell: CellId,
        door: DoorId,
        (key, entrance, on): (Secret<32>, Entrance, ListenOn),
    ) {
        let Some(person) = self.person(who) else {
            return;
        };
        let Some(swarm) = person.swarms.get_mut(&cell) else {
            return;
        };
        person.ports = person.ports.wrapping_add(1).max(1000);
        let port = if on.port == 0 { person.ports } else { on.port };
        let Ok(address) = Address::parse(&format!("{}/tcp/{port}", ip(who))) else {
            return;
        };
        if let Some(old) = swarm.doors.insert(door, address.clone()) {
            self.doors.remove(&old);
        }
        let doorway = Doorway {
            who,
            cell,
            key: *key.expose(),
            entrance,
        };
        self.doors.insert(address.clone(), doorway);
        let addresses = vec![address];
        self.plan_input(
            who,
            0,
            Input::Listening {
                cell,
                door,
                addresses,
            },
        );
    }

    fn stop_listening(&mut self, who: Who, cell: CellId, door: DoorId) {
        let swarm = self
            .person(who)
            .and_then(|person| person.swarms.get_mut(&cell));
        if let Some(address) = swarm.and_then(|swarm| swarm.doors.remove(&door)) {
            self.doors.remove(&address);
        }
    }

    pub(super) fn forget_doors(&mut self, who: Who) {
        self.doors.retain(|_, doorway| doorway.who != who);
    }

    fn beacon(&mut self, who: Who, cell: CellId, bytes: &[u8]) {
        self.watch.saw_beacon(self.time, who, bytes);
        let Ok(from) = Address::parse(&ip(who)) else {
            return;
        };
        let near: Vec<Who> = self
            .lan
            .iter()
            .copied()
            .filter(|other| *other != who)
            .collect();
        if !self.lan.contains(&who) {
            return;
        }
        for other in near {
            if self.reaches(who, other) {
                let (from, bytes) = (from.clone(), bytes.to_vec());
                self.plan_input(other, 300, Input::Beacon { cell, from, bytes });
            }
        }
    }

    fn tell(&mut self, who: Who, event: Event) {
        let time = self.time;
        match event {
            Event::Answer(request, answer) => {
                self.trace.number(request.0);
                let answer = answer.map_err(|error| error.kind);
                let Some(person) = self.people.get_mut(who.index()) else {
                    return;
                };
                let node = person.node.as_ref();
                self.watch.saw_answer(time, who, request, &answer, node);
                self.trace.line(time, who.0, None, || match &answer {
                    Ok(answer) => format!("done: {answer:?}"),
                    Err(kind) => format!("refused: {}", kind.name()),
                });
                person.answers.insert(request, answer);
            }
            Event::Notice(notice) => {
                let Some(person) = self.people.get_mut(who.index()) else {
                    return;
                };
                let node = person.node.as_ref();
                self.watch
                    .saw_notice(time, who, &notice, node, &mut self.counts);
                self.trace
                    .line(time, who.0, None, || crate::people::say_notice(&notice));
                let post = posted(&notice);
                person.notices.push(notice);
                if let Some((channel, post)) = post {
                    self.saw_post(who, channel, post, false);
                }
            }
        }
    }

    /// An input from a device's own system.
    pub(super) fn plan_input(&mut self, who: Who, after: u64, input: Input) {
        let life = self.people.get(who.index()).map_or(0, |person| person.life);
        self.plan(after, Happening::Input(who, life, input));
    }

    pub(super) fn look_after_round(&mut self, who: Who) {
        if let Some(node) = self
            .people
            .get(who.index())
            .and_then(|person| person.node.as_ref())
        {
            self.watch.look_for_sealed(self.time, who, node);
        }
    }

    pub(super) fn look_after_start(&mut self, who: Who) {
        if let Some(node) = self
            .people
            .get(who.index())
            .and_then(|person| person.node.as_ref())
        {
            self.watch.look_after_start(self.time, who, node);
        }
    }
}

const fn posted(notice: &Notice) -> Option<(ChannelId, PostId)> {
    if let Notice::PostReceived(channel, post) = notice {
        return Some((*channel, *post));
    }
    None
}

/// Where somebody lives.
fn ip(who: Who) -> String {
    let [_, high, middle, low] = who.0.to_be_bytes();
    format!("/ip4/10.{high}.{middle}.{low}")
}
