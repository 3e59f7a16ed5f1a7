//! What people do about action calls.

use std::time::Duration;

use action::{Call, Day, Role, Words, presets};
use model::{CancelReason, CellId, PlanPlace};
use proto::{Answer, CallDeed, CallView, Coming, Command, MemberState};

use crate::scenario::CallAct;
use crate::world::{Who, World};

/// Somebody does something about the newest call that they see.
pub(crate) fn act(world: &mut World, cell: CellId, who: Who, act: CallAct) {
    match act {
        CallAct::Share => share(world, cell, who),
        CallAct::Update => {
            let Some(mine) = newest(world, cell, who, true) else {
                return;
            };
            if let Some(call) = vigil(world, who) {
                let told = said(&call);
                let update = CallDeed::Update(Box::new(call));
                on(world, cell, who, &mine, update, Some(&told));
            }
        }
        CallAct::Answer => {
            let Some(call) = newest(world, cell, who, false) else {
                return;
            };
            on(world, cell, who, &call, CallDeed::Answer(Coming::In), None);
            if let Some(role) = call.roles.first() {
                let take = CallDeed::TakeRole(role.role.clone());
                on(world, cell, who, &call, take, None);
            }
            let members = world.node(who).and_then(|node| node.members(cell));
            let mut others = members.into_iter().flatten();
            let buddy = others.find(|other| !other.is_self && other.state == MemberState::Member);
            let buddy = CallDeed::SetBuddy(buddy.map(|buddy| buddy.member));
            on(world, cell, who, &call, buddy, None);
        }
        CallAct::Plan(later) => plan(world, cell, who, later),
        CallAct::CheckIn => {
            if let Some(call) = newest(world, cell, who, false) {
                on(world, cell, who, &call, CallDeed::CheckIn, None);
            }
        }
        CallAct::Off => {
            let text = world.watch.fresh_text("police on the square");
            let mine = newest(world, cell, who, true);
            if let (Some(call), Ok(reason)) = (mine, CancelReason::parse(&text)) {
                world.watch.called_off(world.time(), cell, call.call);
                let off = CallDeed::Cancel(reason);
                on(world, cell, who, &call, off, Some(&text));
            }
        }
    }
}

/// A vigil for today or tomorrow, of which nothing is kept for longer than a few hours afterwards.
pub(crate) fn vigil(world: &mut World, who: Who) -> Option<Call> {
    let today = Day::of(world.now(who).timestamp);
    let title = world.watch.fresh_text("silence");
    let mut call = presets(today, Some("en")).into_iter().next()?;
    call.expires = today.plus(1);
    call.window = None;
    call.retain_after_end_s = 6 * 3600;
    call.texts.first_mut()?.title = Words::new(title);
    call.roles
        .iter_mut()
        .for_each(|role: &mut Role| role.count = 2);
    call.check(Some(today)).ok()
}

pub(crate) fn said(call: &Call) -> String {
    let first = call.texts.first();
    first.map_or_else(String::new, |text| text.title.expose().to_owned())
}

fn share(world: &mut World, cell: CellId, who: Who) {
    let Some(call) = vigil(world, who) else {
        return;
    };
    let title = said(&call);
    let share = Command::ShareCall(cell, Box::new(call));
    if let Some(Ok(Answer::CallShared(call))) = world.command(who, share) {
        world.watch.said_of_call((cell, call), &title);
    }
}

fn plan(world: &mut World, cell: CellId, who: Who, later: Duration) {
    let Some(call) = newest(world, cell, who, false) else {
        return;
    };
    let text = world.watch.fresh_text("by the second lamp");
    if let Ok(place) = PlanPlace::parse(&text) {
        let place = CallDeed::SetPlace(Some(place));
        on(world, cell, who, &call, place, Some(&text));
    }
    let begins = world.now(who).timestamp + later;
    on(
        world,
        cell,
        who,
        &call,
        CallDeed::SetTime(Some(begins)),
        None,
    );
}

/// The newest call that is on; for its author, one of theirs.
fn newest(world: &World, cell: CellId, who: Who, mine: bool) -> Option<CallView> {
    let node = world.node(who)?;
    let me = world.watch.member_bytes(who, cell)?;
    let calls = node.calls(cell)?.into_iter();
    calls
        .filter(|call| call.cancelled.is_none())
        .filter(|call| !mine || *call.author.as_bytes() == me)
        .max_by_key(|call| (call.shared_at, call.call))
}

fn on(
    world: &mut World,
    cell: CellId,
    who: Who,
    call: &CallView,
    deed: CallDeed,
    said: Option<&str>,
) {
    if let Some(said) = said {
        world.watch.said_of_call((cell, call.call), said);
    }
    world.begin(who, Command::OnCall(cell, call.call, deed));
}
