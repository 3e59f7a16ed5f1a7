//! A channel, its readers, and what people do about it.

use std::collections::BTreeMap;
use std::time::Duration;

use model::MessageText;
use proto::{Answer, ChannelDeed, ChannelId, ChannelName, Command};
use zeroize::Zeroizing;

use super::{Progress, Run};
use crate::adversary::Insider;
use crate::clock::micros;
use crate::scenario::{Attack, ChannelAct, ChannelPart, Planned};
use crate::watch::Invariant;
use crate::world::{PowerState, Tap, Who};

/// Between those who come in: they find each other and get the charters.
const WAVE: Duration = Duration::from_secs(60);

/// A text that a person posts.
const WORDS: [&str; 4] = [
    "we meet on Sunday at six",
    "bring a candle; if it rains we stand under the arcades on the north side, where there is room for all of us",
    "silence is enough",
    "who cannot come may put a light into their window",
];

/// What is kept of a channel while it runs.
pub(super) struct ChannelRun {
    id: ChannelId,
    insiders: BTreeMap<Who, Insider>,
    /// What stands in the newest call and its versions.
    call: Vec<String>,
}

impl Run<'_> {
    pub(super) fn live_channel(
        &mut self,
        part: &ChannelPart,
        plan: &[Planned],
        progress: &dyn Fn(Progress),
    ) {
        self.world.options.quality = self.scenario.quality();
        self.set_ways();
        let Some(publisher) = self.people.first().copied() else {
            return;
        };
        self.world.start(publisher);
        let Some(id) = self.found_channel(publisher, part.fresh_days) else {
            return;
        };
        self.channel = Some(ChannelRun {
            id,
            insiders: BTreeMap::new(),
            call: Vec::new(),
        });
        let way = self.scenario.quality();
        let hop = way.latency.p90() + micros(way.jitter) + micros(self.world.options.write);
        self.world
            .watch
            .look_at_channel(id, part.fresh_days, 6 * hop);
        self.readers_come(publisher, *part.links.get_ref());
        self.start = self.world.time();
        self.begin_attacks();
        let of = self.follow(plan, progress);
        self.end_channel(of, progress);
    }

    fn found_channel(&mut self, publisher: Who, fresh_days: u16) -> Option<ChannelId> {
        let name = ChannelName::parse("Quiet Square").ok()?;
        let deed = ChannelDeed::Create(name, fresh_days);
        match self.world.command(publisher, Command::Channel(deed))? {
            Ok(Answer::ChannelCreated(id, _)) => Some(id),
            Ok(_) | Err(_) => None,
        }
    }

    /// Readers come in waves, each with links of some who are there already.
    fn readers_come(&mut self, publisher: Who, links: usize) {
        let names = self.scenario.names();
        let newcomers = self.people.iter().zip(&names).skip(1);
        let newcomers = newcomers.filter(|(_, name)| self.scenario.is_in(name));
        let mut newcomers: Vec<Who> = newcomers.map(|(who, _)| *who).collect();
        newcomers.reverse();
        let mut there = vec![publisher];
        while !newcomers.is_empty() {
            let rest = newcomers.len().saturating_sub(there.len());
            let wave = newcomers.split_off(rest);
            for newcomer in &wave {
                self.world.start(*newcomer);
                let mut makers = there.clone();
                for _ in 0..links.min(there.len()) {
                    let at = self.rng.below(makers.len() as u64);
                    let maker = makers.swap_remove(usize::try_from(at).unwrap_or(0));
                    self.give_link(maker, *newcomer);
                }
            }
            self.world.pass(WAVE);
            there.extend(wave);
        }
        self.world.pass(3 * WAVE);
    }

    /// One makes a link, and the other subscribes with it.
    fn give_link(&mut self, maker: Who, reader: Who) {
        let Some(channel) = &self.channel else { return };
        let id = channel.id;
        let link = Command::Channel(ChannelDeed::Link(id));
        let Some(Ok(Answer::LinkMade(text))) = self.world.command(maker, link) else {
            return;
        };
        self.world.takes_link(maker, reader);
        if !self.world.watch.honest(reader)
            && let Some(channel) = &mut self.channel
            && let Some(insider) = Insider::new(&text)
        {
            channel.insiders.entry(reader).or_insert(insider);
            self.world.tapped.insert(reader);
        }
        let deed = ChannelDeed::Subscribe(Zeroizing::new(text.to_string()));
        self.world.begin(reader, Command::Channel(deed));
    }

    pub(super) fn on_channel(&mut self, who: Who, act: ChannelAct) {
        let Some(id) = self.channel.as_ref().map(|channel| channel.id) else {
            return;
        };
        if let ChannelAct::UseCopy(whose) = act {
            self.use_copy(who, whose);
            return;
        }
        if !self.is_on(who) {
            return;
        }
        match act {
            ChannelAct::Post => {
                let number = self.rng.below(WORDS.len() as u64);
                let words = usize::try_from(number).ok().and_then(|at| WORDS.get(at));
                let text = self
                    .world
                    .watch
                    .fresh_text(words.copied().unwrap_or_default());
                self.world.watch.posts_text(who, &text);
                if let Ok(text) = MessageText::parse(text) {
                    self.post(who, ChannelDeed::PostText(id, text));
                }
            }
            ChannelAct::Call | ChannelAct::UpdateCall | ChannelAct::CallOff => {
                self.on_posted_call((id, who), act);
            }
            ChannelAct::Unsubscribe => {
                let deed = Command::Channel(ChannelDeed::Unsubscribe(id));
                if let Some(Ok(_)) = self.world.command(who, deed) {
                    let at = self.world.time();
                    self.world.watch.unsubscribed(at, who);
                }
            }
            ChannelAct::AddLink(maker) => {
                if self.is_on(maker) {
                    self.give_link(maker, who);
                }
            }
            ChannelAct::UseCopy(_) => {}
        }
    }

    fn on_posted_call(&mut self, (id, who): (ChannelId, Who), act: ChannelAct) {
        let newest = self.world.newest_posted_call(who);
        if act == ChannelAct::CallOff {
            let reason = self.world.watch.fresh_text("police on the square");
            let (Some(call), Ok(text)) = (newest, MessageText::parse(reason.clone())) else {
                return;
            };
            let at = self.world.time();
            for said in self.channel.iter().flat_map(|channel| &channel.call) {
                self.world.watch.post_called_off(at, said);
            }
            self.world.watch.posts_text(who, &reason);
            self.post(who, ChannelDeed::CancelCall(id, call, Some(text)));
            return;
        }
        let Some(call) = crate::calls::vigil(&mut self.world, who) else {
            return;
        };
        let said = crate::calls::said(&call);
        self.world.watch.posts_text(who, &said);
        let until = self.world.when(call.last_moment());
        self.world.watch.posted_call(&said, until);
        let Some(channel) = &mut self.channel else {
            return;
        };
        let deed = match (act, newest) {
            (ChannelAct::UpdateCall, Some(post)) => {
                channel.call.push(said);
                ChannelDeed::UpdateCall(id, post, Box::new(call))
            }
            (_, _) => {
                channel.call = vec![said];
                ChannelDeed::PostCall(id, Box::new(call))
            }
        };
        self.post(who, deed);
    }

    fn post(&mut self, who: Who, deed: ChannelDeed) {
        let Some(channel) = self.channel.as_ref().map(|channel| channel.id) else {
            return;
        };
        self.world.counts.accepted += 1;
        let answer = self.world.command(who, Command::Channel(deed));
        if let Some(Ok(Answer::Posted(Some(post)))) = answer {
            self.world.saw_post(who, channel, post, true);
        }
    }

    /// A thief goes on with a disk of somebody: with the copy that was kept of it, or as it is now.
    fn use_copy(&mut self, thief: Who, whose: Who) {
        let disk = match self.copies.remove(&whose) {
            Some((_, disk)) => disk,
            None => self.world.copy_disk(whose),
        };
        self.world.watch.distrust(thief);
        self.world.stop(thief);
        self.world.put_disk(thief, disk);
        self.world.start(thief);
    }

    /// What adversaries hear.
    pub(super) fn hear_packs(&mut self, taps: &[Tap]) {
        let insiders = self.channel.iter_mut();
        for (who, insider) in insiders.flat_map(|channel| &mut channel.insiders) {
            insider.hear(taps, *who);
        }
    }

    pub(super) fn attack_channel(&mut self, who: Who, attack: Attack) {
        let taps = std::mem::take(&mut self.world.taps);
        self.hear_packs(&taps);
        let Some(channel) = &mut self.channel else {
            return;
        };
        if let Some(insider) = channel.insiders.get_mut(&who)
            && self.world.power(who) == PowerState::On
        {
            insider.attack(&mut self.world, (channel.id, who), attack, &mut self.rng);
        }
    }

    fn end_channel(&mut self, of: Duration, progress: &dyn Fn(Progress)) {
        self.all_come_back();
        self.pass_to(of, of, progress);
        self.world.check();
        self.world.check_quiet_channel();
        self.world.count_received();
        let silent = self.world.counts.channel.posts == 0;
        if silent {
            let at = self.world.time();
            let what = "nobody posted anything".to_owned();
            self.world.watch.report(Invariant::Delivered, at, what);
        }
    }
}
