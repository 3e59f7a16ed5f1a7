//! Looks at action calls: whether what was called off is shown as on, and whether anything is left of what is over.

use std::collections::{BTreeMap, BTreeSet};

use model::{CallId, CellId};
use proto::{CallView, Node};

use super::{Invariant, Watch, contains};
use crate::clock::Time;
use crate::world::{Who, World};

type Which = (CellId, CallId);

/// What really became of calls, and what devices showed.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// What stands in a call, its plans and reasons, and nowhere else.
    tokens: BTreeMap<Which, Vec<String>>,
    /// What was called off, and when its author said so.
    off: BTreeMap<Which, Time>,
    /// Who has shown that a call was called off.
    shown_off: BTreeSet<(Who, Which)>,
    /// Who has said that nothing of a call is left.
    erased: BTreeSet<(Who, Which)>,
}

impl Calls {
    pub(super) fn erased(&mut self, who: Who, which: Which) {
        self.erased.insert((who, which));
    }

    /// What a disk that was put back has shown once is not known to it.
    pub(super) fn forget(&mut self, who: Who) {
        self.shown_off.retain(|(by, _)| *by != who);
        self.erased.retain(|(by, _)| *by != who);
    }

    /// A device shows a call. True if it shows as on what it has shown as called off.
    fn shows(&mut self, who: Who, which: Which, cancelled: bool) -> bool {
        if cancelled {
            self.shown_off.insert((who, which));
        }
        !cancelled && self.shown_off.contains(&(who, which))
    }

    /// Tokens that must not be on a disk any more.
    fn gone(&self, who: Who) -> impl Iterator<Item = &String> {
        let erased = self.erased.iter().filter(move |(by, _)| *by == who);
        erased.flat_map(|(_, which)| self.tokens.get(which).into_iter().flatten())
    }
}

impl Watch {
    pub(crate) fn said_of_call(&mut self, which: (CellId, CallId), text: &str) {
        let token = text.split_inclusive(": ").next().unwrap_or_default();
        let tokens = self.calls.tokens.entry(which).or_default();
        tokens.push(token.to_owned());
    }

    pub(crate) fn called_off(&mut self, at: Time, cell: CellId, call: CallId) {
        self.calls.off.entry((cell, call)).or_insert(at);
    }
}

impl World {
    pub(super) fn check_calls(&mut self, who: Who) {
        if self.watch.calls.tokens.is_empty() || !self.watch.honest(who) {
            return;
        }
        let cells = self.cells();
        let Some(node) = self.node(who) else { return };
        let mut shown = Vec::new();
        for cell in cells {
            let calls = node.calls(cell).into_iter().flatten();
            shown.extend(calls.map(|call| ((cell, call.call), call.cancelled.is_some())));
        }
        for (which, cancelled) in shown {
            if self.watch.calls.shows(who, which, cancelled) {
                let what = format!("{} shows as on what was called off", self.name(who));
                self.watch.report(Invariant::CalledOff, self.time, what);
            }
        }
        let Some(disk) = self.disk(who) else { return };
        let gone: Vec<&[u8]> = self
            .watch
            .calls
            .gone(who)
            .map(|token| token.as_bytes())
            .collect();
        let left = !gone.is_empty()
            && disk
                .records()
                .any(|(_, value)| gone.iter().any(|token| contains(value, token)));
        if left {
            let what = format!(
                "the disk of {} still holds words of a call that is over",
                self.name(who)
            );
            self.watch.report(Invariant::Erased, self.time, what);
        }
    }

    /// Everybody who has a call knows that it was called off, and sees the same of it.
    pub(super) fn quiet_calls(
        &self,
        cell: CellId,
        everybody: &[Who],
        wrong: &mut Vec<(Invariant, String)>,
    ) {
        let seen: Vec<(Who, Vec<CallView>)> = everybody
            .iter()
            .filter_map(|who| {
                Some((
                    *who,
                    self.node(*who).and_then(|node: &Node| node.calls(cell))?,
                ))
            })
            .collect();
        let mut first: BTreeMap<CallId, (Who, String)> = BTreeMap::new();
        for (who, calls) in &seen {
            for call in calls {
                let off = self.watch.calls.off.contains_key(&(cell, call.call));
                if off && call.cancelled.is_none() {
                    let what = format!("{} never heard of a call-off", self.name(*who));
                    wrong.push((Invariant::CalledOff, what));
                }
                let same = told(call);
                let (other, before) = first
                    .entry(call.call)
                    .or_insert_with(|| (*who, same.clone()));
                if *before != same {
                    let what = format!(
                        "{} and {} see different things of one call",
                        self.name(*other),
                        self.name(*who)
                    );
                    wrong.push((Invariant::SameHistory, what));
                }
            }
        }
    }
}

/// What is the same on every device, whatever its clock shows.
fn told(call: &CallView) -> String {
    let plan = &call.plan;
    let place = plan.place.as_ref().map(|place| place.expose().to_owned());
    let reason = call
        .cancelled
        .as_ref()
        .map(|off| off.reason.as_ref().map(|reason| reason.expose().to_owned()));
    let title = call
        .object
        .texts
        .first()
        .map(|text| text.title.expose().to_owned());
    let roles: Vec<_> = call
        .roles
        .iter()
        .map(|role| (&role.role, &role.taken_by))
        .collect();
    format!(
        "{title:?} {:?} {reason:?} {place:?} {:?} {:?} {:?} {roles:?} {:?}",
        call.author, plan.time, plan.set_by, call.answers, call.buddies
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Which = (CellId::from_bytes([1; 32]), CallId::from_bytes([2; 32]));

    #[test]
    fn a_call_that_comes_back_after_its_call_off_is_noticed() {
        let mut calls = Calls::default();
        assert!(!calls.shows(Who(0), CALL, false));
        assert!(!calls.shows(Who(0), CALL, true));
        assert!(!calls.shows(Who(1), CALL, false), "who has not heard yet");
        assert!(calls.shows(Who(0), CALL, false));
        calls.forget(Who(0));
        assert!(!calls.shows(Who(0), CALL, false), "an old disk may");
    }

    #[test]
    fn words_are_looked_for_once_the_device_has_said_that_they_are_gone() {
        let mut watch = Watch::default();
        watch.said_of_call(CALL, "simtext:7: silence");
        assert_eq!(watch.calls.gone(Who(0)).count(), 0);
        watch.calls.erased(Who(0), CALL);
        let gone: Vec<&String> = watch.calls.gone(Who(0)).collect();
        assert_eq!(gone, ["simtext:7: "]);
    }
}
