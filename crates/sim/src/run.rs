//! One scenario, one seed, one cell: lets a plan happen in a world, and looks.

mod attacks;
mod channels;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crypto::{Rng, Secret};
use model::{CellId, Emoji, MessageId, MessageText};
use proto::{Answer, At, Command, MemberState, Notice, WarningKind};

use crate::adversary::{self, Memory, Thief};
use crate::calls;
use crate::clock::Time;
use crate::disk::Disk;
use crate::link::Quality;
use crate::scenario::{Act, Attack, Planned, Scenario};
use crate::stats::Counts;
use crate::trace::TraceLine;
use crate::watch::{Broken, Invariant, Lines};
use crate::world::{Options, PowerState, Who, World};
use channels::ChannelRun;

/// People look at their screens this often.
const LOOK: Duration = Duration::from_secs(180);

/// A healed network is watched for so long.
const CONVERGENCE: Duration = Duration::from_secs(1800);

/// Answers that nobody waits for are forgotten beyond so many.
const ANSWERS: usize = 4096;

/// Names that are looked for in log lines; those of ten thousand readers differ in their numbers only.
const NAMED: usize = 64;

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Virtual time that has passed.
    pub done: Duration,
    /// Virtual time in all.
    pub of: Duration,
    /// Things that happened.
    pub events: u64,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Which cell.
    pub shard: u64,
    /// What did not hold.
    pub broken: Vec<Broken>,
    /// What was counted.
    pub counts: Counts,
    /// The hash over all that happened.
    pub hash: u64,
    /// The chart, if it was wanted.
    pub lines: Vec<TraceLine>,
    /// Who took part.
    pub names: Vec<String>,
    /// Virtual time.
    pub lasted: Duration,
    /// When a message was sealed, how many could read it, how many its author knew as members.
    pub audiences: Vec<(Duration, usize, usize)>,
    /// Messages that thieves read.
    pub stolen: usize,
    /// How many authors an observer named rightly, of how many.
    pub observed: Option<(usize, usize)>,
}

/// Lets one cell of a scenario live through a plan.
pub fn run(
    scenario: &Scenario,
    (seed, shard): (u64, u64),
    plan: &[Planned],
    keep_trace: bool,
    progress: &dyn Fn(Progress),
) -> Outcome {
    let mut names = scenario.names();
    names.truncate(NAMED);
    let lines = Lines::new(names);
    let subscriber = lines.clone();
    let mut outcome = tracing::subscriber::with_default(subscriber, || {
        let mut run = Run::new(scenario, seed, shard, keep_trace);
        run.live(plan, progress);
        run.outcome(seed, shard)
    });
    for place in lines.found() {
        let what = format!("a log line of {place} says too much");
        outcome.broken.push(Broken {
            invariant: Invariant::Hidden,
            at: Time::ZERO,
            what,
        });
    }
    outcome
}

struct Run<'a> {
    scenario: &'a Scenario,
    world: World,
    rng: Rng,
    cell: CellId,
    people: Vec<Who>,
    /// Devices that never come back.
    gone: BTreeSet<Who>,
    copies: BTreeMap<Who, (Time, Disk)>,
    thieves: Vec<Thief>,
    memories: BTreeMap<Who, Memory>,
    attackers: BTreeMap<Who, Attack>,
    /// Notices that people have already seen.
    seen: Vec<usize>,
    start: Time,
    channel: Option<ChannelRun>,
}

impl<'a> Run<'a> {
    fn new(scenario: &'a Scenario, seed: u64, shard: u64, keep_trace: bool) -> Self {
        // They come in where they all are, in one room.
        let mut options = Options::real(seed, Quality::lan());
        options.shard = shard;
        options.suite = scenario.suite();
        let mut world = World::new(options);
        world.trace.keep = keep_trace;
        let names = scenario.names();
        let people: Vec<Who> = names.iter().map(|name| world.add_person(name)).collect();
        let who = |name: &str| {
            names
                .iter()
                .position(|known| known == name)
                .map(|place| people[place])
        };
        let mut attackers = BTreeMap::new();
        for (name, attack) in scenario.attackers() {
            if let Some(who) = who(name) {
                attackers.insert(who, attack);
                world.watch.distrust(who);
            }
        }
        let mut seed_bytes = [11; 32];
        seed_bytes[..8].copy_from_slice(&seed.to_be_bytes());
        seed_bytes[8..16].copy_from_slice(&shard.to_be_bytes());
        Self {
            scenario,
            world,
            rng: Rng::from_seed(&Secret::from_bytes(seed_bytes)),
            cell: CellId::from_bytes([0; 32]),
            seen: vec![0; people.len()],
            people,
            gone: BTreeSet::new(),
            copies: BTreeMap::new(),
            thieves: Vec::new(),
            memories: BTreeMap::new(),
            attackers,
            start: Time::ZERO,
            channel: None,
        }
    }

    fn live(&mut self, plan: &[Planned], progress: &dyn Fn(Progress)) {
        if let Some(part) = self.scenario.channel() {
            self.live_channel(part, plan, progress);
            return;
        }
        for who in self.people.clone() {
            self.world.start(who);
        }
        let names = self.scenario.names();
        let members = self
            .people
            .iter()
            .zip(&names)
            .filter(|(_, name)| self.scenario.is_in(name));
        let members: Vec<Who> = members.map(|(who, _)| *who).collect();
        let Some(cell) = self.world.cell_of(&members, self.scenario.quorum()) else {
            let at = self.world.time();
            self.world.watch.report(
                Invariant::Delivered,
                at,
                "not everybody could join".to_owned(),
            );
            return;
        };
        self.cell = cell;
        self.start = self.world.time();
        self.set_ways();
        self.begin_attacks();
        let of = self.follow(plan, progress);
        self.end(of, progress);
    }

    /// Lets the plan happen. Says how long all of it takes, with the quiet at the end.
    fn follow(&mut self, plan: &[Planned], progress: &dyn Fn(Progress)) -> Duration {
        let of = self.scenario.duration() + self.scenario.quiet();
        let check = self.scenario.duration() / 12;
        let mut checked = Duration::ZERO;
        for planned in plan {
            self.pass_to(planned.at, of, progress);
            if planned.at > checked + check {
                checked = planned.at;
                self.world.check();
            }
            self.perform(&planned.act);
        }
        self.pass_to(self.scenario.duration(), of, progress);
        self.world.check();
        of
    }

    /// Everybody goes home: from here on the ways are those of the scenario.
    fn set_ways(&mut self) {
        self.world.options.quality = self.scenario.quality();
        for (name, quality) in self.scenario.singles() {
            let Some(one) = self.who(name) else { continue };
            for other in self.people.clone() {
                self.world.set_quality(one, other, quality.clone());
            }
        }
        for (a, b, quality) in self.scenario.pairs() {
            if let (Some(a), Some(b)) = (self.who(a), self.who(b)) {
                self.world.set_quality(a, b, quality);
            }
        }
    }

    fn who(&self, name: &str) -> Option<Who> {
        self.people
            .iter()
            .copied()
            .find(|who| self.world.name(*who) == name)
    }

    /// Lets time pass up to a moment of the scenario. People look at their screens in between.
    fn pass_to(&mut self, at: Duration, of: Duration, progress: &dyn Fn(Progress)) {
        let until = self.start + at;
        while self.world.time() < until {
            let next = (self.world.time() + LOOK).min(until);
            self.world.run_until(next);
            self.look();
            let done = self.world.time().since(self.start);
            progress(Progress {
                done,
                of,
                events: self.world.counts.events,
            });
        }
    }

    /// What people do when they see something, and what thieves hear meanwhile.
    fn look(&mut self) {
        let taps = std::mem::take(&mut self.world.taps);
        self.hear_packs(&taps);
        for thief in &mut self.thieves {
            thief.hear(&mut self.world, &taps);
        }
        for (who, attack) in &self.attackers {
            if *attack == Attack::Replayer {
                self.memories.entry(*who).or_default().hear(&taps, *who);
            }
        }
        for who in self.people.clone() {
            let notices = self.world.notices(who);
            let restored = Notice::Warning(self.cell, WarningKind::DeviceRestored);
            let warned = notices[self.seen[who.index()]..].contains(&restored);
            self.seen[who.index()] = notices.len();
            if warned && self.world.power(who) == PowerState::On && self.world.watch.honest(who) {
                self.confirm_all(who);
            }
            if let Some(person) = self.world.person(who)
                && person.answers.len() > ANSWERS
            {
                person.answers.clear();
            }
        }
    }

    /// Whoever came back has called, and says who they are.
    fn confirm_all(&mut self, who: Who) {
        let members = self
            .world
            .node(who)
            .and_then(|node| node.members(self.cell))
            .unwrap_or_default();
        for member in members
            .iter()
            .filter(|member| !member.is_self && member.state == MemberState::Member)
        {
            self.world
                .begin(who, Command::ConfirmRestored(self.cell, member.member));
        }
    }

    fn is_on(&self, who: Who) -> bool {
        self.world.power(who) == PowerState::On && self.world.node(who).is_some()
    }

    fn perform(&mut self, act: &Act) {
        match act {
            Act::Say(who) => self.say(*who),
            Act::React(who) => self.react(*who),
            Act::Edit(who) => self.edit(*who),
            Act::Delete(who) => self.delete(*who, true),
            Act::Hide(who) => self.delete(*who, false),
            Act::Sleep(who) => self.world.sleep(*who),
            Act::Wake(who) => {
                self.world.wake(*who);
                self.start(*who);
            }
            Act::Stop(who) => self.world.stop(*who),
            Act::Start(who) => {
                self.world.crash_now(*who);
                self.start(*who);
            }
            Act::Crash(who, at) => self.world.crash_at(*who, *at),
            Act::PowerLoss(who) => self.world.power_loss(*who),
            Act::CopyDisk(who) => {
                let copy = (self.world.time(), self.world.copy_disk(*who));
                self.copies.insert(*who, copy);
            }
            Act::PutBack(who) => self.put_back(*who),
            Act::FillDisk(who, full) => self.world.fill_disk(*who, *full),
            Act::Part(sides) => self.world.part(sides),
            Act::HealNetwork => self.heal_network(),
            Act::Carry(from, to) => self.carry(*from, *to),
            Act::Remove(by, whom) => self.on_member(*by, *whom, Command::Remove),
            Act::Vouch(by, whom) => self.on_member(*by, *whom, Command::Vouch),
            Act::Leave(who) => self.begin(*who, Command::Leave(self.cell)),
            Act::Heal(who) => self.begin(*who, Command::Heal(self.cell)),
            Act::Join(newcomer, inviter) => self.join(*newcomer, *inviter),
            Act::Arrest(who) => {
                self.world.power_loss(*who);
                self.world.watch.distrust(*who);
                self.gone.insert(*who);
            }
            Act::StealDisk(who) => {
                let thief = Thief::new(&mut self.world, *who);
                self.thieves.extend(thief);
            }
            Act::LockedOut => {
                let now = self.world.time();
                self.thieves
                    .iter_mut()
                    .for_each(|thief| thief.locked = Some(now));
            }
            Act::Skew(who, millis) => self.world.set_skew(*who, *millis),
            Act::Attack(who, attack) => self.attack(*who, *attack),
            Act::OnCall(who, act) => {
                if self.is_on(*who) {
                    calls::act(&mut self.world, self.cell, *who, *act);
                }
            }
            Act::OnChannel(who, act) => self.on_channel(*who, *act),
        }
    }

    fn start(&mut self, who: Who) {
        if self.world.power(who) == PowerState::Off {
            self.world.start(who);
        }
    }

    fn begin(&mut self, who: Who, command: Command) {
        if self.is_on(who) {
            self.world.begin(who, command);
        }
    }

    fn say(&mut self, who: Who) {
        const WORDS: [&str; 6] = [
            "are we still on for tomorrow?",
            "yes",
            "the room is free from six; bring the big kettle and somebody who can fix the lamp by the stairs",
            "who has the key?",
            "I was delayed at the bridge, start without me, I will read it all later tonight",
            "good",
        ];
        if !self.is_on(who) {
            return;
        }
        let number = usize::try_from(self.rng.below(WORDS.len() as u64)).unwrap_or(0);
        let text = self
            .world
            .watch
            .fresh_text(WORDS.get(number).copied().unwrap_or_default());
        if let Ok(text) = MessageText::parse(text) {
            self.begin(
                who,
                Command::SendMessage {
                    cell: self.cell,
                    text,
                    reply_to: None,
                },
            );
        }
    }

    /// The newest message that fits.
    fn newest(&self, who: Who, own: bool) -> Option<MessageId> {
        let node = self.world.node(who)?;
        let members = node.members(self.cell)?;
        let me = members.iter().find(|member| member.is_self)?.member;
        let page = node.messages(self.cell, At::Newest, 20)?;
        page.messages
            .iter()
            .rev()
            .find(|message| (message.author == me) == own)
            .map(|message| message.message)
    }

    fn react(&mut self, who: Who) {
        if let (Some(message), Ok(emoji)) = (self.newest(who, false), Emoji::parse("👍")) {
            self.begin(who, Command::React(self.cell, message, Some(emoji)));
        }
    }

    fn edit(&mut self, who: Who) {
        let text = self.world.watch.fresh_text("what I meant to say");
        if let (Some(message), Ok(text)) = (self.newest(who, true), MessageText::parse(text)) {
            self.begin(who, Command::EditMessage(self.cell, message, text));
        }
    }

    fn delete(&mut self, who: Who, everywhere: bool) {
        if let Some(message) = self.newest(who, everywhere) {
            self.begin(
                who,
                Command::DeleteMessage {
                    cell: self.cell,
                    message,
                    everywhere,
                },
            );
        }
    }

    fn put_back(&mut self, who: Who) {
        let Some((then, disk)) = self.copies.remove(&who) else {
            return;
        };
        self.world.stop(who);
        self.world.put_back(who, disk, then);
        self.world.start(who);
    }

    fn heal_network(&mut self) {
        self.world.heal_network();
        let healed = self.world.time();
        while self.world.time() < healed + CONVERGENCE {
            if self.world.is_same(self.cell) {
                let took = self.world.time().since(healed);
                self.world
                    .counts
                    .convergence
                    .add(crate::clock::micros(took));
                return;
            }
            self.world.pass(Duration::from_secs(5));
            self.look();
        }
    }

    fn carry(&mut self, from: Who, to: Who) {
        if !self.is_on(from) || !self.is_on(to) {
            return;
        }
        if let Some(Ok(Answer::BundleExported(bytes, _))) =
            self.world.command(from, Command::ExportBundle(self.cell))
        {
            self.world
                .command(to, Command::ImportBundle(bytes.to_vec()));
        }
    }

    fn on_member(&mut self, by: Who, whom: Who, command: fn(CellId, model::MemberId) -> Command) {
        if let Some(member) = self.world.member(by, self.cell, whom) {
            self.begin(by, command(self.cell, member));
        }
    }

    fn join(&mut self, newcomer: Who, inviter: Who) {
        self.start(newcomer);
        (0..3).any(|_| self.world.join(newcomer, self.cell, inviter));
    }

    fn all_come_back(&mut self) {
        self.world.heal_network();
        for who in self.people.clone() {
            self.world.fill_disk(who, false);
            if !self.gone.contains(&who) {
                self.world.wake(who);
                self.start(who);
            }
        }
    }

    /// All comes to rest: no walls, no faults, all lids open. Then everybody says a last word.
    fn end(&mut self, of: Duration, progress: &dyn Fn(Progress)) {
        let quiet = self.scenario.quiet();
        self.all_come_back();
        self.pass_to(self.scenario.duration() + quiet / 2, of, progress);
        let mut last = Vec::new();
        for who in self.people.clone() {
            let member = self
                .world
                .node(who)
                .and_then(|node| node.members(self.cell));
            let member = member.is_some_and(|members| {
                members
                    .iter()
                    .any(|member| member.is_self && member.state == MemberState::Member)
            });
            if !member || self.gone.contains(&who) || !self.world.watch.honest(who) {
                continue;
            }
            let text = self.world.watch.fresh_text("good night");
            last.extend(
                self.world
                    .say(who, self.cell, &text)
                    .map(|message| (who, message)),
            );
        }
        self.pass_to(self.scenario.duration() + quiet, of, progress);
        self.world.check();
        self.world.check_quiet(self.cell, &last);
    }

    fn outcome(mut self, seed: u64, shard: u64) -> Outcome {
        for person in &self.world.people {
            self.world.counts.sent.add(person.sent_bytes);
            self.world.counts.held.add(person.disk.bytes() as u64);
        }
        let start = self.start;
        let audiences = self.world.watch.audiences.iter();
        Outcome {
            seed,
            shard,
            broken: self.world.watch.broken().to_vec(),
            hash: self.world.trace.hash(),
            lines: self.world.trace.lines().to_vec(),
            names: self.scenario.names(),
            lasted: self.world.time().since_start(),
            audiences: audiences
                .map(|(at, _, readers, members)| (at.since(start), *readers, *members))
                .collect(),
            stolen: self.thieves.iter().map(|thief| thief.read).sum(),
            observed: adversary::observe(&self.world),
            counts: self.world.counts,
        }
    }
}
