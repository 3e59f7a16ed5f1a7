//! What a person sees of a call in a cell.

use std::collections::{BTreeMap, BTreeSet};

use action::Call;
use channel::{CallRef, ChannelId, ChannelName};
use model::{CallId, CancelReason, MemberId, PlanPlace, Timestamp};

use super::sources::print;
use super::{Part, State};
use crate::messages::Place;

/// Whether somebody comes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Coming {
    /// They do.
    In,
    /// They do not know yet.
    Maybe,
    /// They do not.
    Out,
}

impl Coming {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::In, Self::Maybe, Self::Out];

    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Maybe => "maybe",
            Self::Out => "out",
        }
    }

    pub(super) fn of(number: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|coming| coming.number() == number)
    }

    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::In => 1,
            Self::Maybe => 2,
            Self::Out => 3,
        }
    }
}

/// Who is told that somebody has not said that they are home.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MissedStage {
    /// They themselves.
    Ourselves,
    /// Their buddy.
    Buddy,
    /// Everybody in the cell.
    Cell,
}

impl MissedStage {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ourselves => "self",
            Self::Buddy => "buddy",
            Self::Cell => "cell",
        }
    }
}

/// A call in a cell, with all that members added.
#[derive(Clone, Debug)]
pub struct CallView {
    /// Which.
    pub call: CallId,
    /// Who shared it.
    pub author: MemberId,
    /// What it says.
    pub object: Call,
    /// When it was shared, as its author says.
    pub shared_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Option<Timestamp>,
    /// From which channel it is.
    pub source: Option<SourceView>,
    /// That it was called off.
    pub cancelled: Option<Cancelled>,
    /// Where and when.
    pub plan: PlanView,
    /// When it ends, by the plan.
    pub ends_at: Option<Timestamp>,
    /// When all of it goes by itself.
    pub erased_at: Timestamp,
    /// Who comes, and who does not.
    pub answers: BTreeMap<MemberId, Coming>,
    /// Roles, in the order of the call.
    pub roles: Vec<RoleView>,
    /// Items that somebody has ticked.
    pub ticks: Vec<TickView>,
    /// Who looks after whom.
    pub buddies: BTreeMap<MemberId, MemberId>,
    /// Of everybody who is in.
    pub check_ins: Vec<CheckInView>,
    /// When check-ins are due.
    pub check_in_due_at: Option<Timestamp>,
    /// Who is presumed to be held.
    pub presumed: Vec<PresumedView>,
}

/// From which channel a call is. Whoever shared it has shown it with the signatures of the channel.
#[derive(Clone, Debug)]
pub struct SourceView {
    /// Which channel.
    pub channel: ChannelId,
    /// What it was called then.
    pub name: ChannelName,
    /// Which call there, by its first version, and which version was shared.
    pub call: CallRef,
    /// See [`Self::call`].
    pub version: CallRef,
    /// Whether it says here what it said there.
    pub same: bool,
    /// What this device sees in the channel, if it follows it.
    pub there: Option<SourceState>,
}

/// What has become of a call in its channel.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SourceState {
    /// It is as it was when it was shared.
    Same,
    /// There is another version.
    Changed,
    /// It is off, and nobody has shown that to the cell.
    Off,
}

impl SourceState {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Off => "off",
        }
    }
}

/// That a call was called off.
#[derive(Clone, Debug)]
pub struct Cancelled {
    /// Why; none if its channel called it off and gave no reason.
    pub reason: Option<CancelReason>,
    /// When, as its author says.
    pub at: Timestamp,
}

/// Where and when.
#[derive(Clone, Debug, Default)]
pub struct PlanView {
    /// Where.
    pub place: Option<PlanPlace>,
    /// When it begins.
    pub time: Option<Timestamp>,
    /// Who set one of the two last.
    pub set_by: Option<MemberId>,
}

/// A role and who has it.
#[derive(Clone, Debug)]
pub struct RoleView {
    /// Its key.
    pub role: String,
    /// How many it takes.
    pub count: u8,
    /// Who has it, in the order in which they took it.
    pub taken_by: Vec<MemberId>,
    /// Who took it when it was full already.
    pub waiting: Vec<MemberId>,
}

/// An item of a checklist that somebody has ticked.
#[derive(Clone, Debug)]
pub struct TickView {
    /// Which list, in the order of `action::Checklists::NAMES`.
    pub list: u8,
    /// Which item of it.
    pub item: u8,
    /// Who has ticked it.
    pub members: Vec<MemberId>,
}

/// How far the check-in of somebody is who is in.
#[derive(Clone, Debug)]
pub struct CheckInView {
    /// Who.
    pub member: MemberId,
    /// How far.
    pub state: CheckInState,
    /// Since when they are home.
    pub at: Option<Timestamp>,
    /// Whether it has begun for them and they are not home, whatever was said of the call afterwards.
    pub out: bool,
}

/// How far a check-in is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CheckInState {
    /// Not due yet.
    Expected,
    /// Missed; the buddy is asked.
    Asked,
    /// Missed; the cell is told.
    Missed,
    /// Home.
    Home,
}

impl CheckInState {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Asked => "asked",
            Self::Missed => "missed",
            Self::Home => "home",
        }
    }
}

/// Somebody who is presumed to be held.
#[derive(Clone, Debug)]
pub struct PresumedView {
    /// Who.
    pub member: MemberId,
    /// By whom.
    pub by: BTreeSet<MemberId>,
    /// How many full members it takes.
    pub needed: u8,
}

impl State {
    /// What is shown. `members` are those in the cell now, with the votes that removing them takes.
    pub(crate) fn view(
        &self,
        call: CallId,
        members: &BTreeMap<MemberId, u8>,
        now: Timestamp,
    ) -> Option<CallView> {
        let object = self.object.as_ref()?;
        let here: Vec<(MemberId, &Part)> = self
            .members
            .iter()
            .filter(|(member, _)| members.contains_key(member))
            .map(|(member, part)| (*member, part))
            .collect();
        let at = Timestamp::from_millis;
        let set_by = [
            self.place.as_ref().map(|(place, (by, _))| (*place, *by)),
            self.time.as_ref().map(|(place, (by, _))| (*place, *by)),
        ];
        Some(CallView {
            call,
            author: object.author,
            object: object.call.clone(),
            shared_at: at(object.shared_at),
            updated_at: (object.written_at > object.shared_at).then(|| at(object.written_at)),
            source: self.source.as_ref().map(|(_, source)| SourceView {
                channel: source.channel,
                name: source.name.clone(),
                call: source.call,
                version: source.version,
                same: print(&object.call) == source.print,
                there: None,
            }),
            cancelled: self.cancelled.as_ref().map(|(_, cancelled)| Cancelled {
                reason: cancelled.reason.clone(),
                at: at(cancelled.at),
            }),
            plan: PlanView {
                place: self
                    .place
                    .as_ref()
                    .and_then(|(_, (_, place))| place.clone()),
                time: self.start().map(at),
                set_by: set_by
                    .into_iter()
                    .flatten()
                    .max_by_key(|set| set.0)
                    .map(|set| set.1),
            },
            ends_at: self.end().map(at),
            erased_at: at(self.erased_at()),
            answers: here
                .iter()
                .filter_map(|(member, part)| Some((*member, part.answer.as_ref()?.1)))
                .collect(),
            roles: self.roles(&here),
            ticks: ticks(&here),
            buddies: here
                .iter()
                .filter_map(|(member, _)| Some((*member, self.buddy(member, members)?)))
                .collect(),
            check_ins: self.check_ins(&here, members, now.as_millis()),
            check_in_due_at: self
                .first_due(here.iter().map(|(member, _)| *member))
                .map(at),
            presumed: self.presumed_views(members, now.as_millis()),
        })
    }

    /// Who has which role: of those who took it and have not said that they are out, the first, by place.
    fn roles(&self, here: &[(MemberId, &Part)]) -> Vec<RoleView> {
        let Some(object) = &self.object else {
            return Vec::new();
        };
        let view = |role: &action::Role| {
            let mut taken: Vec<(Place, MemberId)> = here
                .iter()
                .filter(|(_, part)| !matches!(part.answer, Some((_, Coming::Out))))
                .filter_map(|(member, part)| match part.roles.get(&role.role) {
                    Some((place, true)) => Some((*place, *member)),
                    Some((_, false)) | None => None,
                })
                .collect();
            taken.sort();
            let mut members: Vec<MemberId> = taken.into_iter().map(|(_, member)| member).collect();
            let waiting = members.split_off(members.len().min(usize::from(role.count)));
            RoleView {
                role: role.role.clone(),
                count: role.count,
                taken_by: members,
                waiting,
            }
        };
        object.call.roles.iter().map(view).collect()
    }

    fn check_ins(
        &self,
        here: &[(MemberId, &Part)],
        members: &BTreeMap<MemberId, u8>,
        now: u64,
    ) -> Vec<CheckInView> {
        let is_in = |part: &Part| matches!(part.answer, Some((_, Coming::In)));
        here.iter()
            .filter(|(_, part)| is_in(part))
            .map(|(member, part)| {
                let home = self.home(member, part).map(Timestamp::from_millis);
                let state = match (home, self.missing(member, members, now)) {
                    (Some(_), _) => CheckInState::Home,
                    (None, 0) => CheckInState::Expected,
                    (None, 1) => CheckInState::Asked,
                    (None, _) => CheckInState::Missed,
                };
                CheckInView {
                    member: *member,
                    state,
                    at: home,
                    out: home.is_none() && self.is_out(member),
                }
            })
            .collect()
    }

    fn presumed_views(&self, members: &BTreeMap<MemberId, u8>, now: u64) -> Vec<PresumedView> {
        let view = |(member, needed): (&MemberId, &u8)| PresumedView {
            member: *member,
            by: self.presumed(member, now),
            needed: *needed,
        };
        let all = members.iter().map(view);
        all.filter(|presumed| !presumed.by.is_empty()).collect()
    }
}

fn ticks(here: &[(MemberId, &Part)]) -> Vec<TickView> {
    let mut ticked: BTreeMap<(u8, u8), Vec<MemberId>> = BTreeMap::new();
    for (member, part) in here {
        let done = part.ticks.iter().filter(|(_, (_, done))| *done);
        for (key, _) in done {
            ticked.entry(*key).or_default().push(*member);
        }
    }
    let ticked = ticked.into_iter();
    ticked
        .map(|((list, item), members)| TickView {
            list,
            item,
            members,
        })
        .collect()
}
