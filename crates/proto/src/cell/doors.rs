//! How members reach each other: our door and card, dialling with back-off, the LAN beacon (PROTOCOL §1, §8).

use std::net::IpAddr;
use std::time::Duration;

use crypto::{Context, PrfKey, Rng, Secret, aead};
use model::{Address, DoorId, Instant, InviteId, MemberId, PeerId, Timestamp};

use super::{Cell, Presence, seed};
use crate::config::{
    ADDRESSES_PER_CARD, BEACON_HOURS, BEACON_INTERVAL, DIAL_BACKOFF, DIAL_BACKOFF_MAX, DIAL_TIME,
    OLD_DOOR_TIME,
};
use crate::input::{Entrance, Link};
use crate::node::Now;
use crate::objects::{CardDraft, PeerCard};
use crate::out::Out;
use crate::output::{DisconnectReason, ListenOn, Output};

const BEACON_KEY: Context = Context::new("vigil lan beacon key v1");
const BEACON: &[u8] = b"vigil/beacon/v1";

/// One listening port and its key.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) id: DoorId,
    pub(super) key: Secret<32>,
    pub(super) port: u16,
    pub(super) addresses: Vec<Address>,
}

impl Door {
    /// A door with a fresh key and no port yet.
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self {
            id: DoorId::from_bytes(rng.array()),
            key: rng.secret(),
            port: 0,
            addresses: Vec::new(),
        }
    }

    /// Takes the addresses that the driver reports, and remembers the port for the next start.
    pub(super) fn note(&mut self, addresses: Vec<Address>) {
        let port = addresses
            .iter()
            .find_map(|address| address.expose().rsplit("/tcp/").next()?.parse().ok());
        self.port = port.unwrap_or(self.port);
        self.addresses = advertised(addresses);
    }
}

/// When to dial a member.
pub(super) struct Dial {
    backoff: Duration,
    state: DialState,
    /// When a beacon of theirs last made us dial: whoever recorded one can send it again as often as they like.
    called: Option<Instant>,
}

enum DialState {
    /// At this moment.
    Due(Instant),
    /// A dial is under way; given up at this moment.
    Dialling(Instant),
    /// There is a connection.
    Connected,
}

impl Cell {
    /// Opens the swarm, the door and the doors of open invites, and plans to dial everybody.
    pub(crate) fn open_network(&mut self, now: Now, out: &mut Out) {
        let told = matches!(self.presence, Presence::Left { told: true });
        if self.online || told || self.presence == Presence::Removed {
            return;
        }
        self.online = true;
        out.push(Output::Open {
            cell: self.id,
            peer_key: seed(&self.peer_key),
        });
        self.listen(&self.door.clone(), Entrance::Door, out);
        if let Some((door, _)) = self.old_door.clone() {
            self.listen(&door, Entrance::Door, out);
        }
        self.open_invite_doors(now, out);
        self.allow(out);
        self.plan_dials(now);
    }

    /// Closes every port and connection.
    pub(crate) fn close_network(&mut self, reason: DisconnectReason, out: &mut Out) {
        let peers: Vec<PeerId> = self.sessions.keys().copied().collect();
        for peer in peers {
            let link = self.link(peer);
            if let Some(session) = self.sessions.get_mut(&peer) {
                for frame in std::mem::take(&mut session.packer).finish() {
                    out.push(Output::Transmit(link, frame));
                }
            }
            out.push(Output::Disconnect(link, reason));
            self.drop_session(peer, out);
        }
        self.strangers.clear();
        self.dials.clear();
        if std::mem::take(&mut self.online) {
            out.push(Output::Close { cell: self.id });
        }
    }

    pub(super) fn listen(&self, door: &Door, entrance: Entrance, out: &mut Out) {
        let on = ListenOn {
            ip: self.settings.listen.ip,
            port: door.port,
        };
        out.push(Output::Listen {
            cell: self.id,
            door: door.id,
            key: door.key.clone(),
            entrance,
            on,
        });
    }

    /// Tells the driver who may pass.
    pub(super) fn allow(&self, out: &mut Out) {
        if self.online {
            let peers = self
                .others()
                .filter_map(|member| Some(self.cards.get(&member)?.peer))
                .collect();
            out.push(Output::Allow {
                cell: self.id,
                peers,
            });
        }
    }

    /// A door of ours is open.
    pub(crate) fn on_listening(
        &mut self,
        door: DoorId,
        addresses: Vec<Address>,
        now: Now,
        out: &mut Out,
    ) {
        if door == self.door.id {
            self.door.note(addresses);
            self.sign_card(now, out);
            self.store_settings(out);
        } else if let Some((old, _)) = self.old_door.as_mut().filter(|(old, _)| old.id == door) {
            old.note(addresses);
        } else {
            self.on_invite_listening(door, addresses, out);
        }
    }

    /// Our card names our door. A new one only when something changed.
    pub(super) fn sign_card(&mut self, now: Now, out: &mut Out) {
        let known = self.cards.get(&self.me);
        let same = known.is_some_and(|card| {
            card.addresses == self.door.addresses && card.door == self.door.key
        });
        if same || self.presence != Presence::In {
            return;
        }
        let version = now
            .timestamp
            .as_millis()
            .max(known.map_or(0, |card| card.version) + 1);
        let card = self.draft_card(version);
        out.changes.put(
            super::records::card_key(self.id, &self.me),
            card.as_bytes().to_vec(),
        );
        self.cards.insert(self.me, card);
        self.forward_objects(None);
    }

    fn draft_card(&self, version: u64) -> PeerCard {
        let draft = CardDraft {
            cell: self.id,
            version,
            door: &self.door.key,
            addresses: &self.door.addresses,
        };
        PeerCard::sign(&draft, &self.identity, &self.peer_key)
    }

    /// After a removal: a new door key and port. The old door admits remaining members for a while, so that those who
    /// were away still find us.
    pub(super) fn renew_door(&mut self, now: Now, out: &mut Out) {
        let new = Door::new(&mut self.rng);
        let old = std::mem::replace(&mut self.door, new);
        if let Some((older, _)) = self.old_door.replace((old, now.timestamp + OLD_DOOR_TIME)) {
            out.push(Output::StopListen {
                cell: self.id,
                door: older.id,
            });
        }
        if self.online {
            self.listen(&self.door.clone(), Entrance::Door, out);
        }
        self.store_settings(out);
    }

    /// Changes where the door listens.
    pub(crate) fn set_listen(&mut self, ip: Option<IpAddr>, port: Option<u16>, out: &mut Out) {
        self.settings.listen.ip = ip.unwrap_or(self.settings.listen.ip);
        self.door.port = port.unwrap_or(self.door.port);
        if self.online {
            out.push(Output::StopListen {
                cell: self.id,
                door: self.door.id,
            });
            self.door.id = DoorId::from_bytes(self.rng.array());
            self.listen(&self.door.clone(), Entrance::Door, out);
        }
        self.store_settings(out);
    }

    /// Everybody with a card and without a connection is to be dialled.
    pub(super) fn plan_dials(&mut self, now: Now) {
        let members: Vec<MemberId> = self
            .others()
            .filter(|member| self.cards.contains_key(member))
            .collect();
        for member in members {
            if !self.dials.contains_key(&member) {
                self.renew_dial(member, now);
            }
        }
    }

    /// Dials a member soon: there is something new about them.
    pub(super) fn renew_dial(&mut self, member: MemberId, now: Now) {
        if !self.online || self.session_of(&member).is_some() || !self.is_member(&member) {
            return;
        }
        let at = now.instant + self.jitter(DIAL_BACKOFF / 4);
        self.dials.insert(
            member,
            Dial {
                backoff: DIAL_BACKOFF,
                state: DialState::Due(at),
                called: None,
            },
        );
    }

    pub(super) fn settle_dial(&mut self, member: MemberId, _now: Now) {
        self.dials.insert(
            member,
            Dial {
                backoff: DIAL_BACKOFF,
                state: DialState::Connected,
                called: None,
            },
        );
    }

    /// A connection closed or a dial failed: again later, each time twice as late.
    pub(super) fn back_off(&mut self, member: MemberId, now: Now) {
        let Some(dial) = self.dials.get_mut(&member) else {
            return;
        };
        let wait = dial.backoff;
        dial.backoff = (dial.backoff * 2).min(DIAL_BACKOFF_MAX);
        let half = wait / 2;
        let jitter = self.jitter(wait);
        if let Some(dial) = self.dials.get_mut(&member) {
            dial.state = DialState::Due(now.instant + half + jitter);
        }
    }

    pub(super) fn dials_due(&self) -> impl Iterator<Item = Instant> {
        self.dials.values().filter_map(|dial| match dial.state {
            DialState::Due(at) | DialState::Dialling(at) => Some(at),
            DialState::Connected => None,
        })
    }

    pub(super) fn tick_doors(&mut self, now: Now, out: &mut Out) {
        if self
            .old_door
            .as_ref()
            .is_some_and(|(_, until)| now.timestamp >= *until)
            && let Some((door, _)) = self.old_door.take()
        {
            out.push(Output::StopListen {
                cell: self.id,
                door: door.id,
            });
            self.store_settings(out);
        }
        let mut due = Vec::new();
        let mut given_up = Vec::new();
        for (member, dial) in &self.dials {
            match dial.state {
                DialState::Due(at) if now.instant >= at => due.push(*member),
                DialState::Dialling(until) if now.instant >= until => given_up.push(*member),
                DialState::Due(_) | DialState::Dialling(_) | DialState::Connected => {}
            }
        }
        for member in given_up {
            self.back_off(member, now);
        }
        for member in due {
            self.dial(member, None, now, out);
        }
        self.tick_beacon(now, out);
    }

    /// Dials where their card says they are, and where they called from. Never there alone: a beacon that somebody else
    /// sends again from another place must not keep us from finding them.
    fn dial(&mut self, member: MemberId, called_from: Option<Address>, now: Now, out: &mut Out) {
        let Some(card) = self.cards.get(&member) else {
            self.dials.remove(&member);
            return;
        };
        let (link, key) = (self.link(card.peer), card.door.clone());
        let addresses = called_from
            .into_iter()
            .chain(card.addresses.iter().cloned())
            .collect();
        if let Some(dial) = self.dials.get_mut(&member) {
            dial.state = DialState::Dialling(now.instant + DIAL_TIME);
        }
        out.push(Output::Connect {
            link,
            addresses,
            key,
            entrance: Entrance::Door,
        });
    }

    /// A connection is ready.
    pub(crate) fn on_connected(&mut self, link: Link, entrance: Entrance, now: Now, out: &mut Out) {
        if let Some(member) = self.member_of(&link.peer) {
            self.open_session(link.peer, member, now, out);
            self.speak_if_heard(now, out);
            return;
        }
        match entrance {
            Entrance::Invite(invite) => self.on_stranger(link.peer, invite, now, out),
            Entrance::Door => out.push(Output::Disconnect(link, DisconnectReason::NotAMember)),
        }
    }

    /// The last connection to a peer closed.
    pub(crate) fn on_disconnected(&mut self, link: Link, now: Now, out: &mut Out) {
        self.on_stranger_gone(link.peer);
        // Not of the session: if we ended it ourselves, it is gone already.
        let member = self.member_of(&link.peer);
        self.drop_session(link.peer, out);
        if let Some(member) = member.filter(|member| self.is_member(member)) {
            self.back_off(member, now);
        }
        if matches!(self.presence, Presence::Left { told: true }) && self.sessions.is_empty() {
            self.close_network(DisconnectReason::Closing, out);
        }
    }

    /// A dial reached nobody.
    pub(crate) fn on_connect_failed(&mut self, link: Link, now: Now) {
        if let Some(member) = self.member_of(&link.peer)
            && self.session_of(&member).is_none()
        {
            self.back_off(member, now);
        }
    }

    /// A frame arrived.
    pub(crate) fn on_frame(&mut self, link: Link, frame: &[u8], now: Now, out: &mut Out) {
        if self.sessions.contains_key(&link.peer) {
            self.take_frame(link, frame, now, out);
        } else if self.strangers.contains_key(&link.peer) {
            self.on_stranger_frame(link.peer, frame, now, out);
        } else {
            out.push(Output::Disconnect(link, DisconnectReason::NotAMember));
        }
    }

    /// Switches the LAN beacon.
    pub(crate) fn set_lan(&mut self, on: bool, now: Now, out: &mut Out) {
        self.settings.lan = on;
        self.timers.beacon = now.instant;
        self.store_settings(out);
        if !on && self.online {
            out.push(Output::StopBeacon { cell: self.id });
        }
        self.tick_beacon(now, out);
    }

    pub(super) fn beacon_due(&self) -> Option<Instant> {
        (self.settings.lan && self.online && self.presence == Presence::In)
            .then_some(self.timers.beacon)
    }

    fn tick_beacon(&mut self, now: Now, out: &mut Out) {
        if self.beacon_due().is_none_or(|at| now.instant < at) {
            return;
        }
        self.timers.beacon = now.instant + BEACON_INTERVAL + self.jitter(BEACON_INTERVAL);
        let Some(key) = self.newest_carrier().and_then(|id| self.beacon_key(&id)) else {
            return;
        };
        let nonce: [u8; aead::NONCE_LEN] = self.rng.array();
        let plaintext = [
            self.peer().as_bytes().as_slice(),
            &self.door.port.to_be_bytes(),
            &beacon_hour(now).to_be_bytes(),
        ]
        .concat();
        let bytes = [
            nonce.as_slice(),
            &aead::seal(&key, &nonce, BEACON, &plaintext),
        ]
        .concat();
        out.push(Output::Beacon {
            cell: self.id,
            bytes,
        });
    }

    /// A beacon arrived. Only members can make one that opens; it says where on the LAN one of them is.
    pub(crate) fn on_beacon(&mut self, from: &Address, bytes: &[u8], now: Now, out: &mut Out) {
        if self.beacon_due().is_none() {
            return;
        }
        let Some((nonce, sealed)) = bytes.split_first_chunk::<{ aead::NONCE_LEN }>() else {
            return;
        };
        let keys = self.carriers.keys().filter_map(|id| self.beacon_key(id));
        let opened = keys
            .into_iter()
            .find_map(|key| aead::open(&key, nonce, BEACON, sealed).ok());
        let Some((peer, port)) = opened
            .as_ref()
            .and_then(|plaintext| plaintext.split_first_chunk::<32>())
        else {
            return;
        };
        let peer = PeerId::from_bytes(*peer);
        let Some((port, hour)) = port.split_first_chunk::<2>() else {
            return;
        };
        let Ok(hour) = <[u8; 4]>::try_from(hour) else {
            return;
        };
        // A recorded one says nothing any more after a day.
        if beacon_hour(now).abs_diff(u32::from_be_bytes(hour)) > BEACON_HOURS {
            return;
        }
        let Some(member) = self
            .member_of(&peer)
            .filter(|member| self.session_of(member).is_none())
        else {
            return;
        };
        let Ok(address) = Address::parse(&format!(
            "{}/tcp/{}",
            from.expose(),
            u16::from_be_bytes(*port)
        )) else {
            return;
        };
        let Some(dial) = self.dials.get_mut(&member) else {
            return;
        };
        let recently = |at: Instant| now.instant < at + BEACON_INTERVAL;
        if !matches!(dial.state, DialState::Due(_)) || dial.called.is_some_and(recently) {
            return;
        }
        dial.called = Some(now.instant);
        self.dial(member, Some(address), now, out);
    }

    fn beacon_key(&self, carrier: &[u8; 16]) -> Option<Secret<32>> {
        let carrier = self.carriers.get(carrier)?;
        Some(PrfKey::derive(carrier.key.secret(), BEACON_KEY).secret(&[self.id.as_bytes()]))
    }

    /// Which door of an invite this is.
    pub(super) fn invite_of_door(&self, door: DoorId) -> Option<InviteId> {
        self.invites
            .values()
            .find(|invite| invite.door.id == door)
            .map(|invite| invite.id)
    }

    /// The old door with its end, to be stored.
    pub(super) fn old_door(&self) -> Option<(&Door, Timestamp)> {
        self.old_door.as_ref().map(|(door, until)| (door, *until))
    }
}

/// The hour in which a beacon is sent: coarse, for clocks that are wrong.
fn beacon_hour(now: Now) -> u32 {
    u32::try_from(now.timestamp.as_millis() / (3600 * 1000)).unwrap_or(u32::MAX)
}

/// The addresses that are worth telling: those of the loopback interface only if there is no other.
pub(crate) fn advertised(addresses: Vec<Address>) -> Vec<Address> {
    let loopback = |address: &Address| {
        ["/ip4/127.", "/ip6/::1/"]
            .iter()
            .any(|prefix| address.expose().starts_with(prefix))
    };
    let (near, far): (Vec<_>, Vec<_>) = addresses.into_iter().partition(loopback);
    let mut addresses = if far.is_empty() { near } else { far };
    addresses.truncate(ADDRESSES_PER_CARD);
    addresses
}
