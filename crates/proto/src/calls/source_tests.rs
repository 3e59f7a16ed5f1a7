//! Calls out of channels: what members show of the channel, in whatever order.

use channel::{CharterId, PostDay, PostId};

use super::*;

const CHANNEL: ChannelId = ChannelId::from_bytes([5; 32]);
const OTHER: ChannelId = ChannelId::from_bytes([6; 32]);
const FIRST: CallRef = CallRef::from_bytes([1; 16]);

fn posted(channel: ChannelId, content: channel::Content) -> channel::Forwarded {
    channel::Forwarded {
        channel,
        name: channel::ChannelName::parse("Quiet Square").unwrap(),
        place: channel::Place {
            channel,
            charter: CharterId::from_bytes([0; 32]),
            epoch: 0,
            index: 0,
            seq: 0,
            previous: PostId::NONE,
            author: 0,
            day: PostDay::from_number(0),
        },
        id: PostId::from_bytes([3; 32]),
        content,
    }
}

fn call_of(channel: ChannelId) -> channel::Forwarded {
    let call = Box::new(vigil(20));
    posted(channel, channel::Content::Call { id: FIRST, call })
}

fn off_of(channel: ChannelId) -> channel::Forwarded {
    let reason = None;
    posted(
        channel,
        channel::Content::Cancel {
            call: FIRST,
            reason,
        },
    )
}

/// A device that hears what members show, one after the other.
struct Device {
    calls: Calls,
    disk: BTreeMap<Vec<u8>, Vec<u8>>,
    order: u64,
}

impl Device {
    fn new() -> Self {
        Self {
            calls: Calls::new(member(0)),
            disk: BTreeMap::new(),
            order: 0,
        }
    }

    fn keep(&mut self, writes: Vec<Write>) {
        for (name, value) in writes {
            match value {
                Some(value) => drop(self.disk.insert(name, value)),
                None => drop(self.disk.remove(&name)),
            }
        }
    }

    fn share(&mut self) {
        self.order += 1;
        let (who, content) = shared(AUTHOR, 20);
        let said = (place(self.order, who), who, content);
        let mut writes = Vec::new();
        hear(&mut self.calls, &said, NOW, &mut writes);
        self.keep(writes);
    }

    fn show(&mut self, who: u8, about: Option<[u8; 16]>, post: &channel::Forwarded) {
        self.order += 1;
        let shown = Shown {
            author: member(who),
            about,
            written_at: NOW,
            post,
        };
        let at = (place(self.order, who), None);
        let mut writes = Vec::new();
        self.calls
            .apply_forward(&CELL, &shown, at, NOW, &mut writes);
        self.keep(writes);
    }

    fn start_again(&mut self) {
        self.calls = Calls::new(member(0));
        for (name, value) in &self.disk {
            self.calls.restore(name, value).unwrap();
        }
    }

    fn is_off(&self) -> bool {
        self.calls.get(&id()).unwrap().cancelled.is_some()
    }

    fn has_source(&self) -> bool {
        self.calls.get(&id()).unwrap().source.is_some()
    }
}

#[test]
fn a_call_is_off_whichever_comes_first_and_also_after_a_start() {
    for early in [false, true] {
        for restarts in [false, true] {
            let mut device = Device::new();
            device.share();
            if early {
                device.show(3, None, &off_of(CHANNEL));
                assert!(!device.is_off());
            }
            if restarts {
                device.start_again();
            }
            device.show(AUTHOR, Some(NONCE), &call_of(CHANNEL));
            if !early {
                assert!(!device.is_off());
                device.show(3, None, &off_of(CHANNEL));
            }
            assert!(device.is_off(), "{early} {restarts}");
            assert_eq!(device.calls.take_touched(), [id()]);
            device.start_again();
            assert!(device.is_off() && device.has_source(), "{early} {restarts}");
        }
    }
}

#[test]
fn another_channel_calls_nothing_off() {
    let mut device = Device::new();
    device.share();
    device.show(AUTHOR, Some(NONCE), &call_of(CHANNEL));
    device.show(3, None, &off_of(OTHER));
    assert!(!device.is_off());
}

#[test]
fn nobody_but_its_author_says_where_a_call_is_from() {
    let mut device = Device::new();
    device.share();
    // The nonce of somebody else makes the id of a call that is not there.
    device.show(3, Some(NONCE), &call_of(OTHER));
    assert!(!device.has_source());
    device.show(3, None, &off_of(OTHER));
    assert!(!device.is_off());
}

#[test]
fn whoever_shows_call_offs_without_end_fills_no_room_but_their_own() {
    let mut device = Device::new();
    device.share();
    for number in 0..1000_u32 {
        let mut bytes = [7; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        device.show(3, None, &off_of(ChannelId::from_bytes(bytes)));
    }
    assert_eq!(device.calls.offs.len(), crate::config::CALLS_OFF_PER_MEMBER);
    device.show(2, None, &off_of(CHANNEL));
    device.show(AUTHOR, Some(NONCE), &call_of(CHANNEL));
    assert!(device.is_off());
}

#[test]
fn nothing_of_it_is_left_when_the_time_is_over() {
    let mut device = Device::new();
    device.share();
    device.show(AUTHOR, Some(NONCE), &call_of(CHANNEL));
    device.show(3, None, &off_of(CHANNEL));
    let mut writes = Vec::new();
    let late = NOW + 200 * 24 * HOUR;
    device.calls.expire(&CELL, late, &mut writes);
    device.keep(writes);
    let mut writes = Vec::new();
    device.calls.expire(&CELL, late + 1, &mut writes);
    device.keep(writes);
    assert_eq!(device.disk.len(), 0);
}
