//! From a scenario and a seed to a list of what happens when. Shrinking is leaving things out of this list.

use std::fmt;
use std::time::Duration;

use crypto::{Rng, Secret};
use serde::Deserialize;

use super::Scenario;
use super::parts::{Deed, Point, RhythmKind};
use crate::clock::micros;
use crate::link::MILLION;
use crate::world::{CrashAt, Who};

const DAY: Duration = Duration::from_secs(86_400);

/// How an adversary acts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "snake_case")]
pub enum Attack {
    /// Is being removed and races it: adds puppets and votes from before.
    Racer,
    /// Signs two envelopes in one place and shows each to somebody else.
    Equivocator,
    /// Passes nothing on that others wrote.
    Withholder,
    /// Sends again what it sent and heard before.
    Replayer,
    /// Sends large envelopes that say nothing, and many.
    Flooder,
    /// Signs in the names of others.
    Forger,
    /// Signs decisions as if it knew nothing of what came since.
    Backdater,
    /// Vouches for itself and votes without being full.
    Promoter,
    /// Sends frames that claim to be far larger than they are.
    Bomber,
    /// Has no keys and a stolen invite.
    Outsider,
    /// Writes down who sends how much when.
    Observer,
}

/// What somebody does about the newest action call of their cell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CallAct {
    /// Shares a new one.
    Share,
    /// Says something else in one of theirs.
    Update,
    /// Is in, with a role and somebody who looks after them.
    Answer,
    /// Settles a place, and that it begins so long from now.
    Plan(Duration),
    /// Is home.
    CheckIn,
    /// Calls one of theirs off.
    Off,
}

/// What somebody does about the channel.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChannelAct {
    /// Posts words.
    Post,
    /// Posts a call.
    Call,
    /// Says something else in the newest call.
    UpdateCall,
    /// Calls the newest call off.
    CallOff,
    /// Reads no longer.
    Unsubscribe,
    /// Goes on with the copy of somebody's disk that was kept last, or with the disk as it is.
    UseCopy(Who),
    /// Adds a fresh link that another reader made.
    AddLink(Who),
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Somebody writes.
    Say(Who),
    /// Somebody reacts to the newest message.
    React(Who),
    /// Somebody changes a message of theirs.
    Edit(Who),
    /// Somebody deletes a message of theirs for everybody.
    Delete(Who),
    /// Somebody removes a message from their own device.
    Hide(Who),
    /// A lid closes.
    Sleep(Who),
    /// A lid opens, or a device that was off starts.
    Wake(Who),
    /// A program ends in good order.
    Stop(Who),
    /// A device starts.
    Start(Who),
    /// A program crashes in its next round that writes.
    Crash(Who, CrashAt),
    /// The power is gone.
    PowerLoss(Who),
    /// Somebody keeps a copy of their disk.
    CopyDisk(Who),
    /// That copy is put back, and the device starts from it.
    PutBack(Who),
    /// There is no room on a disk, or there is again.
    FillDisk(Who, bool),
    /// Walls: those with the same number reach each other.
    Part(Vec<(Who, u8)>),
    /// No walls any more.
    HealNetwork,
    /// A bundle is carried from one to the other.
    Carry(Who, Who),
    /// A vote.
    Remove(Who, Who),
    /// A vouch.
    Vouch(Who, Who),
    /// Somebody leaves.
    Leave(Who),
    /// Somebody renews their keys.
    Heal(Who),
    /// Somebody comes in, invited by the other.
    Join(Who, Who),
    /// A device is taken: its disk is copied for a thief, and it never comes back.
    Arrest(Who),
    /// A thief copies a disk, unnoticed.
    StealDisk(Who),
    /// From here on thieves read nothing.
    LockedOut,
    /// A wall clock is off by so many milliseconds.
    Skew(Who, i64),
    /// An adversary acts.
    Attack(Who, Attack),
    /// Somebody does something about a call.
    OnCall(Who, CallAct),
    /// Somebody does something about the channel.
    OnChannel(Who, ChannelAct),
}

/// What happens when, counted from the moment at which all are in.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// When.
    pub at: Duration,
    /// What.
    pub act: Act,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>10.3} s  {:?}", self.at.as_secs_f64(), self.act)
    }
}

/// Everything that happens in one cell of a scenario.
pub fn plan(scenario: &Scenario, seed: u64, shard: u64) -> Vec<Planned> {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    bytes[8..16].copy_from_slice(&shard.to_be_bytes());
    let mut maker = Maker {
        rng: Rng::from_seed(&Secret::from_bytes(bytes)),
        duration: scenario.duration(),
        planned: Vec::new(),
        scenario,
    };
    let names = scenario.names();
    for (number, name) in (0..).zip(&names) {
        maker.person(Who(number), name);
    }
    maker.channel(&names);
    maker.partitions(names.len());
    maker.attacks(&names);
    maker.events(&names);
    maker.planned.sort_by_key(|planned| planned.at);
    maker.planned
}

struct Maker<'a> {
    rng: Rng,
    duration: Duration,
    planned: Vec<Planned>,
    scenario: &'a Scenario,
}

impl Maker<'_> {
    /// Posts over the whole time, and readers who go and come back.
    fn channel(&mut self, names: &[String]) {
        let Some(channel) = self.scenario.channel() else {
            return;
        };
        let publisher = Who(0);
        for _ in 0..self.often(channel.posts_per_day) {
            let at = self.below(self.duration);
            self.push(at, Act::OnChannel(publisher, ChannelAct::Post));
        }
        let share = u32::try_from(channel.churn.0).unwrap_or(0);
        let away = channel.away();
        if share == 0 || away.is_zero() {
            return;
        }
        let million = u32::try_from(MILLION).unwrap_or(u32::MAX);
        let there = away * (million - share) / share;
        let named: Vec<&String> = self
            .scenario
            .peer
            .iter()
            .map(|peer| peer.name.get_ref())
            .collect();
        let readers = (0..).map(Who).zip(names).skip(1);
        for (who, _) in readers.filter(|(_, name)| !named.contains(name)) {
            // Some begin away; half are asleep then, the others off.
            let begins = self.rng.below(MILLION) < channel.churn.0;
            let mut at = if begins {
                Duration::ZERO
            } else {
                self.below(there * 2)
            };
            while at < self.duration {
                let off = self.rng.below(2) == 0;
                let gone = if off { Act::Stop(who) } else { Act::Sleep(who) };
                self.push(at, gone);
                at += away / 2 + self.below(away);
                self.push(at, Act::Wake(who));
                at += there / 2 + self.below(there);
            }
        }
    }

    fn push(&mut self, at: Duration, act: Act) {
        if at <= self.duration {
            self.planned.push(Planned { at, act });
        }
    }

    fn below(&mut self, most: Duration) -> Duration {
        Duration::from_micros(self.rng.below(micros(most)))
    }

    /// How often something happens that happens so often a day.
    fn often(&mut self, per_day: f64) -> u64 {
        let expected = (per_day * self.duration.as_secs_f64() / DAY.as_secs_f64()).clamp(0.0, 1e6);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it was brought between nothing and a million"
        )]
        let (whole, rest) = (expected as u64, ((expected.fract()) * 1e6) as u64);
        whole + u64::from(self.rng.below(MILLION) < rest)
    }

    /// When somebody is there: from, until.
    fn rhythm(&mut self) -> Vec<(Duration, Duration)> {
        let rhythm = &self.scenario.rhythm;
        let mut there = Vec::new();
        let duration = self.duration;
        match rhythm.kind {
            RhythmKind::Always => there.push((Duration::ZERO, duration)),
            RhythmKind::Daily => {
                let online = rhythm.online.map_or(DAY / 6, |span| span.0);
                let from = rhythm.from.0;
                let mut day = Duration::ZERO;
                while day < duration {
                    // People are late, and stay as long as they like.
                    let begins = day + from + self.below(online / 4);
                    let stays = online * 3 / 4 + self.below(online / 2);
                    there.push((begins.min(duration), (begins + stays).min(duration)));
                    day += DAY;
                }
            }
            RhythmKind::Lids => {
                let awake = rhythm
                    .awake
                    .map_or(Duration::from_secs(1200), |span| span.0);
                let asleep = rhythm
                    .asleep
                    .map_or(Duration::from_secs(2400), |span| span.0);
                let mut at = self.below(asleep);
                while at < duration {
                    let until = at + awake / 4 + self.below(awake * 3 / 2);
                    there.push((at, until.min(duration)));
                    at = until + asleep / 4 + self.below(asleep * 3 / 2);
                }
            }
        }
        there
    }

    fn person(&mut self, who: Who, name: &str) {
        let there = self.rhythm();
        let always = there == [(Duration::ZERO, self.duration)];
        if !always {
            let off = self.scenario.rhythm.off;
            let away = |who| if off { Act::Stop(who) } else { Act::Sleep(who) };
            self.push(Duration::ZERO, away(who));
            for (from, until) in &there {
                self.push(*from, Act::Wake(who));
                self.push(*until, away(who));
            }
        }
        if self.scenario.is_in(name) {
            self.talk(who, &there);
        }
        self.faults(who);
        self.clock(who, name);
    }

    /// Messages come in bursts at moments when their author is there.
    fn talk(&mut self, who: Who, there: &[(Duration, Duration)]) {
        let talk = self.scenario.talk;
        let total: Duration = there
            .iter()
            .map(|(from, until)| until.saturating_sub(*from))
            .sum();
        let burst = u64::from(talk.burst.max(1));
        let mut left = self.often(talk.per_day);
        while left > 0 && !total.is_zero() {
            let mut at = self.below(total);
            for (from, until) in there {
                let length = until.saturating_sub(*from);
                if at < length {
                    at += *from;
                    break;
                }
                at -= length;
            }
            for _ in 0..left.min(burst) {
                self.push(at, Act::Say(who));
                for (share, act) in [
                    (talk.reactions, Act::React(who)),
                    (talk.edits, Act::Edit(who)),
                    (talk.deletions, Act::Delete(who)),
                ] {
                    if self.rng.below(MILLION) < share.0 {
                        let later =
                            at + Duration::from_secs(5) + self.below(Duration::from_secs(600));
                        self.push(later, act);
                    }
                }
                at += Duration::from_secs(3) + self.below(Duration::from_secs(20));
            }
            left = left.saturating_sub(burst);
        }
    }

    fn faults(&mut self, who: Who) {
        let faults = self.scenario.faults;
        for _ in 0..self.often(faults.crashes) {
            let at = self.below(self.duration);
            let point = match self.rng.below(4) {
                0 => CrashAt::BeforePersist,
                1 => CrashAt::AfterPersist,
                number => CrashAt::AfterOutputs(usize::try_from(number).unwrap_or(1) - 1),
            };
            self.push(at, Act::Crash(who, point));
            let later = self.below(Duration::from_secs(1800));
            self.push(at + Duration::from_secs(30) + later, Act::Start(who));
        }
        for _ in 0..self.often(faults.power_losses) {
            let at = self.below(self.duration);
            self.push(at, Act::PowerLoss(who));
            let later = self.below(Duration::from_secs(3600));
            self.push(at + later, Act::Start(who));
        }
        for _ in 0..self.often(faults.restores) {
            let at = self.below(self.duration);
            self.push(at, Act::CopyDisk(who));
            let later = self.below(self.duration.saturating_sub(at));
            self.push(at + later, Act::PutBack(who));
        }
        for _ in 0..self.often(faults.full_disks) {
            let at = self.below(self.duration);
            self.push(at, Act::FillDisk(who, true));
            let free = at + self.below(Duration::from_secs(3600));
            self.push(free, Act::FillDisk(who, false));
            self.push(free, Act::Start(who));
        }
    }

    fn clock(&mut self, who: Who, name: &str) {
        let peer = self
            .scenario
            .peer
            .iter()
            .find(|peer| peer.name.get_ref() == name);
        let millis = |span: super::Span| i64::try_from(span.0.as_millis()).unwrap_or(0);
        if let Some(span) = self.scenario.faults.skew {
            let width = self.rng.below(2 * micros(span.0) / 1000);
            let off = i64::try_from(width).unwrap_or(0) - millis(span);
            self.push(Duration::ZERO, Act::Skew(who, off));
        }
        let ahead = peer.and_then(|peer| peer.ahead).map(millis);
        let behind = peer.and_then(|peer| peer.behind).map(|span| -millis(span));
        if let Some(off) = ahead.or(behind) {
            self.push(Duration::ZERO, Act::Skew(who, off));
        }
    }

    fn partitions(&mut self, people: usize) {
        let lasts = self
            .scenario
            .faults
            .partition_lasts
            .map_or(Duration::from_secs(3600), |span| span.0);
        for _ in 0..self.often(self.scenario.faults.partitions) {
            let at = self.below(self.duration);
            let sides = (0..u32::try_from(people).unwrap_or(0)).map(|who| {
                let side = self.rng.below(2);
                (Who(who), u8::try_from(side).unwrap_or(0))
            });
            let sides = sides.collect();
            self.push(at, Act::Part(sides));
            let until = at + lasts / 2 + self.below(lasts);
            self.push(until, Act::HealNetwork);
        }
    }

    fn attacks(&mut self, names: &[String]) {
        for peer in &self.scenario.peer {
            let Some(attack) = peer.adversary else {
                continue;
            };
            let Some(who) = number(names, peer.name.get_ref()) else {
                continue;
            };
            let until = peer.until.map_or(self.duration, |moment| moment.0);
            let mut at = peer.from.map_or(Duration::ZERO, |moment| moment.0);
            let every = peer
                .every
                .map_or(self.duration / 8, |span| span.0)
                .max(Duration::from_secs(1));
            while at < until.min(self.duration) {
                let at_once = self.below(every / 4);
                self.push(at + at_once, Act::Attack(who, attack));
                at += every;
            }
        }
    }

    fn events(&mut self, names: &[String]) {
        for event in &self.scenario.event {
            let who = event
                .who
                .as_ref()
                .and_then(|name| number(names, name.get_ref()));
            let whom = event
                .whom
                .as_ref()
                .and_then(|name| number(names, name.get_ref()));
            let sides =
                event.sides.iter().zip(0..).flat_map(|(side, number)| {
                    side.iter().map(move |name| (name.get_ref(), number))
                });
            let sides = sides
                .filter_map(|(name, side)| Some((number(names, name)?, side)))
                .collect();
            let nobody = Who(u32::MAX);
            let (who, whom) = (who.unwrap_or(nobody), whom.unwrap_or(nobody));
            let attack = self
                .scenario
                .peer
                .iter()
                .find(|peer| number(names, peer.name.get_ref()) == Some(who));
            let by = event.by.map_or(Duration::ZERO, |span| span.0);
            let Some(act) = act(
                *event.r#do.get_ref(),
                who,
                whom,
                sides,
                (event.point, by),
                attack.and_then(|peer| peer.adversary),
            ) else {
                continue;
            };
            for time in 0..event.times.unwrap_or(1) {
                let later = Duration::from_secs(u64::from(time) * 5);
                self.push(event.at.get_ref().0 + later, act.clone());
            }
        }
    }
}

fn act(
    deed: Deed,
    who: Who,
    whom: Who,
    sides: Vec<(Who, u8)>,
    (point, by): (Option<Point>, Duration),
    attack: Option<Attack>,
) -> Option<Act> {
    let point = match point.unwrap_or_default() {
        Point::BeforePersist => CrashAt::BeforePersist,
        Point::AfterPersist => CrashAt::AfterPersist,
        Point::AfterOutputs => CrashAt::AfterOutputs(1),
    };
    Some(match deed {
        Deed::Say => Act::Say(who),
        Deed::React => Act::React(who),
        Deed::Edit => Act::Edit(who),
        Deed::Delete => Act::Delete(who),
        Deed::Hide => Act::Hide(who),
        Deed::Sleep => Act::Sleep(who),
        Deed::Wake => Act::Wake(who),
        Deed::Stop => Act::Stop(who),
        Deed::Start => Act::Start(who),
        Deed::Crash => Act::Crash(who, point),
        Deed::PowerLoss => Act::PowerLoss(who),
        Deed::CopyDisk => Act::CopyDisk(who),
        Deed::PutBack => Act::PutBack(who),
        Deed::FillDisk => Act::FillDisk(who, true),
        Deed::FreeDisk => Act::FillDisk(who, false),
        Deed::Part => Act::Part(sides),
        Deed::HealNetwork => Act::HealNetwork,
        Deed::Carry => Act::Carry(who, whom),
        Deed::Remove => Act::Remove(who, whom),
        Deed::Vouch => Act::Vouch(who, whom),
        Deed::Leave => Act::Leave(who),
        Deed::Heal => Act::Heal(who),
        Deed::Join => Act::Join(who, whom),
        Deed::Arrest => Act::Arrest(who),
        Deed::StealDisk => Act::StealDisk(who),
        Deed::LockedOut => Act::LockedOut,
        Deed::Skew => Act::Skew(who, i64::try_from(by.as_millis()).unwrap_or(0)),
        Deed::Attack => Act::Attack(who, attack?),
        Deed::ShareCall => Act::OnCall(who, CallAct::Share),
        Deed::UpdateCall => Act::OnCall(who, CallAct::Update),
        Deed::AnswerCall => Act::OnCall(who, CallAct::Answer),
        Deed::PlanCall => Act::OnCall(who, CallAct::Plan(by)),
        Deed::CheckIn => Act::OnCall(who, CallAct::CheckIn),
        Deed::CallOff => Act::OnCall(who, CallAct::Off),
        Deed::Post => Act::OnChannel(who, ChannelAct::Post),
        Deed::PostCall => Act::OnChannel(who, ChannelAct::Call),
        Deed::ChangePosted => Act::OnChannel(who, ChannelAct::UpdateCall),
        Deed::CancelPosted => Act::OnChannel(who, ChannelAct::CallOff),
        Deed::Unsubscribe => Act::OnChannel(who, ChannelAct::Unsubscribe),
        Deed::UseCopy => Act::OnChannel(who, ChannelAct::UseCopy(whom)),
        Deed::AddLink => Act::OnChannel(who, ChannelAct::AddLink(whom)),
    })
}

fn number(names: &[String], name: &str) -> Option<Who> {
    let place = names.iter().position(|known| known == name)?;
    Some(Who(u32::try_from(place).ok()?))
}
