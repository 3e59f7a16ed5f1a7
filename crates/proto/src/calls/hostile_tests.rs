//! What somebody writes whose program is not ours.

use super::*;
use crate::calls::view::CallView;

const MINUTE: u64 = 60_000;

/// A device of somebody who has heard these, one after the other, each at its moment; awake all the while.
struct Device {
    calls: Calls,
    writes: Vec<Write>,
    order: u64,
    now: u64,
}

impl Device {
    fn new() -> Self {
        Self {
            calls: Calls::new(member(0)),
            writes: Vec::new(),
            order: 0,
            now: NOW,
        }
    }

    fn hear(&mut self, (who, content): (u8, Content)) -> Applied {
        self.order += 1;
        let said = (place(self.order, who), who, content);
        hear(&mut self.calls, &said, self.now, &mut self.writes)
    }

    /// Lets time pass, awake; gives who was missed.
    fn pass(&mut self, until: u64) -> Vec<(MemberId, MissedStage)> {
        let mut missed = Vec::new();
        while self.now < until {
            self.now = until.min(self.now + MINUTE);
            let told = self.calls.missing(&everybody(), self.now, &mut self.writes);
            missed.extend(told.into_iter().map(|told| (told.member, told.stage)));
        }
        missed
    }

    fn view(&self) -> CallView {
        let state = self.calls.get(&id()).unwrap();
        state
            .view(id(), &everybody(), Timestamp::from_millis(self.now))
            .unwrap()
    }
}

/// A vigil of 20 minutes in an hour, to which the second member comes.
fn planned() -> Device {
    let mut device = Device::new();
    device.hear(shared(AUTHOR, 20));
    device.hear(part(3, CallPart::Time(NOW + HOUR)));
    device.hear(part(2, CallPart::Answer(1)));
    device
}

const DUE: u64 = NOW + HOUR + 50 * MINUTE;

fn backdated() -> (u8, Content) {
    // `off` is dated before the beginning.
    off(AUTHOR, "no")
}

#[test]
fn a_call_off_that_comes_after_the_beginning_leaves_nobody_out_there() {
    let mut device = planned();
    device.pass(NOW + HOUR + MINUTE);
    device.hear(backdated());
    assert!(device.view().cancelled.is_some());
    // Nor anybody of whom it is heard later that they went.
    device.hear(part(4, CallPart::Answer(1)));
    assert_eq!(device.pass(DUE - 1), []);
    let missed = [2, 4].map(|who| (member(who), MissedStage::Cell));
    assert_eq!(device.pass(DUE), missed);
    // One that came before it does, and no time makes that another.
    let mut device = planned();
    device.pass(NOW + HOUR - MINUTE);
    device.hear(backdated());
    device.hear(part(3, CallPart::Time(NOW)));
    assert_eq!(device.pass(DUE + HOUR), []);
}

#[test]
fn what_came_while_a_device_slept_counts_as_said_before() {
    let mut device = planned();
    device.now = NOW + 2 * HOUR - 20 * MINUTE;
    device.calls = restart(&device.writes);
    device.hear(backdated());
    assert_eq!(device.pass(DUE + HOUR), []);
    // Ten minutes later it has heard all there was.
    let mut device = planned();
    device.now = NOW + HOUR + MINUTE;
    device.calls = restart(&device.writes);
    device.pass(NOW + HOUR + 12 * MINUTE);
    device.hear(backdated());
    device.hear(part(3, CallPart::Time(NOW + 9 * HOUR)));
    assert_eq!(device.pass(DUE), [(member(2), MissedStage::Cell)]);
}

#[test]
fn what_is_presumed_early_counts_once_somebody_is_missed() {
    let mut device = planned();
    device.hear(presume(3, 2, 1));
    device.hear(presume(0, 2, 1));
    device.pass(DUE - 1);
    let by = |device: &Device| {
        let ours = device.calls.presumed_by_us(device.now);
        ours.into_iter().map(|(_, by)| by.len()).sum::<usize>()
    };
    assert_eq!((by(&device), device.view().presumed.len()), (0, 0));
    device.pass(DUE);
    assert_eq!((by(&device), device.view().presumed.len()), (2, 1));
    device.hear(presume(3, 2, 0));
    assert_eq!(by(&device), 1);
    device.hear(presume(0, 2, 0));
    assert_eq!(by(&device), 0);
}

#[test]
fn an_author_does_not_make_a_call_vanish_while_somebody_is_out() {
    let ended = |written_at| {
        let mut call = vigil(1).into_draft();
        call.check_in = None;
        call.retain_after_end_s = 0;
        call.expires = call.issued_on;
        let call = call.check(None).unwrap();
        let last = call.last_moment().as_millis();
        let call = Content::Call {
            nonce: NONCE,
            written_at,
            call: call.to_bytes().into(),
        };
        (last, (AUTHOR, call))
    };
    let mut device = planned();
    device.pass(NOW + HOUR + MINUTE);
    device.hear(ended(device.now).1);
    assert_eq!(
        device
            .calls
            .expire(&CELL, DUE + HOUR - 1, &mut device.writes),
        []
    );
    assert_eq!(device.pass(DUE), [(member(2), MissedStage::Cell)]);
    // An update that is over by our clock is taken, as by everybody who heard it in time, and the call stays a day.
    let mut device = Device::new();
    device.hear(shared(AUTHOR, 20));
    let (last, update) = ended(NOW);
    device.now = last + HOUR;
    assert_eq!(device.hear(update), Applied::Changed(id()));
    let (day, now) = (24 * HOUR, device.now);
    assert_eq!(
        device
            .calls
            .expire(&CELL, now + day - 1, &mut device.writes),
        []
    );
    let mut again = restart(&device.writes);
    assert_eq!(again.expire(&CELL, now + day, &mut device.writes), [id()]);
}

#[test]
fn what_nobody_may_say_leaves_nothing_and_no_member_takes_the_room_of_others() {
    let mut device = Device::new();
    let wrong = [
        CallPart::Answer(9),
        CallPart::Place(vec![0xFF].into()),
        CallPart::Tick {
            list: 9,
            item: 0,
            done: 1,
        },
        CallPart::Role {
            role: Vec::new().as_slice().into(),
            take: 1,
        },
    ];
    for wrong in wrong {
        device.hear(part(3, wrong));
    }
    assert!(device.calls.calls.is_empty() && device.writes.is_empty());
    // Whoever writes in what somebody else began takes nobody's room, also after a start.
    for who in [3, 4] {
        for number in 0..200_u8 {
            let mut content = part(who, CallPart::Time(NOW + HOUR)).1;
            if let Content::CallPart { target, .. } = &mut content {
                *target = [number; 32];
            }
            device.hear((who, content));
        }
        device.calls = restart(&device.writes);
    }
    assert_eq!(device.calls.calls.len(), 64);
    device.hear(part(2, CallPart::Answer(1)));
    assert_eq!(device.calls.calls.len(), 65);
    device.hear(shared(AUTHOR, 20));
    assert_eq!(device.view().answers.len(), 1);
}

#[test]
fn a_call_that_is_dated_ahead_is_taken_and_kept_no_longer_than_calls_last() {
    let mut call = vigil(20).into_draft();
    call.issued_on = call.issued_on.plus(3000);
    call.expires = call.expires.plus(3000);
    let call = call.check(None).unwrap();
    let mut device = Device::new();
    let call = Content::Call {
        nonce: NONCE,
        written_at: NOW,
        call: call.to_bytes().into(),
    };
    assert_eq!(device.hear((AUTHOR, call)), Applied::New(id()));
    let mut again = restart(&device.writes);
    let gone = again.expire(&CELL, NOW + 101 * 24 * HOUR, &mut device.writes);
    assert_eq!(gone, [id()]);
}
