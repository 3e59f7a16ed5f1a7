//! Catching up: who is asked for what we lack, and what is answered to whoever asks.
//!
//! Invariants: few are asked at a time, and who claims and does not give comes last · few are answered at a time, for each
//! post one read of the disk.

use std::collections::VecDeque;

use channel::{Carried, Item, PostRecord, Request, Summary};
use model::PeerId;

use crate::channels::held::{Held, State};
use crate::channels::record::post_key;
use crate::config::{ANSWERS_UNDER_WAY, CATCH_UP_TIME, CATCH_UPS};
use crate::node::Now;
use crate::out::Out;
use crate::output::Output;

/// An answer that is being put together.
pub(super) struct Giving {
    left: VecDeque<u64>,
    items: Vec<Item>,
}

impl Held {
    pub(super) fn on_summary(&mut self, peer: PeerId, theirs: Summary, now: Now, out: &mut Out) {
        if let Some(met) = self.meeting.peers.get_mut(&peer)
            && met.shown.is_none_or(|end| theirs.end > end)
        {
            met.claim = Some(theirs.clone());
        }
        self.confirm(now, out);
        let ours = self.reader().map(channel::Reader::summary);
        let Some(met) = self.meeting.peers.get_mut(&peer) else {
            return;
        };
        if let Some(ours) = ours {
            let lacks =
                ours.end > theirs.end || ours.charters > theirs.charters || !theirs.gaps.is_empty();
            let answer = (theirs.clone(), ours.end);
            if lacks && met.answered.as_ref() != Some(&answer) {
                met.answered = Some(answer);
                met.plan(now.instant);
            }
        }
        met.theirs = Some(theirs);
        if met.silent {
            self.ask_next(now, out);
        } else {
            self.ask(peer, now, out);
        }
    }

    /// Looks whether somebody has shown, without having it from us, that the log ends where ours does.
    pub(super) fn confirm(&mut self, now: Now, out: &mut Out) {
        if !self.is_unconfirmed() {
            return;
        }
        let claims = self.meeting.peers.values();
        let claims: Vec<Summary> = claims.filter_map(|met| met.claim.clone()).collect();
        for claim in claims {
            let (State::Reading(reader), Some(publisher)) = (&self.state, &mut self.publisher)
            else {
                return;
            };
            let step = publisher.on_summary(reader, &claim, &mut self.rng, now.timestamp);
            self.carry_out(step, now, out);
            self.hand_over(now, out);
        }
    }

    /// They learn how far our log goes.
    pub(super) fn show(&mut self, peer: &PeerId) {
        let end = self.reader().map(|reader| reader.summary().end);
        if let Some(met) = self.meeting.peers.get_mut(peer) {
            met.shown = met.shown.max(end);
        }
    }

    /// Whether we wait to be shown how far the log goes, and this peer has nothing to show but what it has from us.
    pub(super) fn shows_nothing(&self, peer: &PeerId) -> bool {
        let met = self.meeting.peers.get(peer);
        let end = self.reader().map_or(0, |reader| reader.summary().end);
        self.is_unconfirmed()
            && met.is_some_and(|met| {
                met.shown.is_some() && met.claim.as_ref().is_none_or(|claim| claim.end < end)
            })
    }

    /// Asks whoever may have what we lack, as many as may be asked: those who gave something first, those who owe an
    /// answer last. Who claims and does not give cannot stand in the way of others.
    fn ask_next(&mut self, now: Now, out: &mut Out) {
        let free = self.meeting.peers.iter();
        let free = free.filter(|(_, met)| met.asked.is_none());
        let mut order: Vec<_> = free
            .map(|(peer, met)| (met.silent, !met.gave, met.last, *peer))
            .collect();
        order.sort_unstable();
        for (.., peer) in order {
            self.ask(peer, now, out);
        }
    }

    /// Requests whose time is over are none any more.
    pub(super) fn give_up(&mut self, now: Now, out: &mut Out) {
        let mut any = false;
        for met in self.meeting.peers.values_mut() {
            if met
                .asked
                .is_some_and(|at| now.instant >= at + CATCH_UP_TIME)
            {
                (met.asked, met.silent, any) = (None, true, true);
            }
        }
        if any {
            self.ask_next(now, out);
        }
    }

    /// Asks a peer for what we lack and they have.
    pub(super) fn ask(&mut self, peer: PeerId, now: Now, out: &mut Out) {
        let peers = self.meeting.peers.values();
        let open = peers.filter(|met| met.asked.is_some()).count();
        let Some(met) = self.meeting.peers.get(&peer) else {
            return;
        };
        if met.asked.is_some() || open >= CATCH_UPS {
            return;
        }
        let request = match (&self.state, &met.theirs) {
            (State::Waiting(_), _) => Request {
                lineage: 1,
                ..Request::default()
            },
            (State::Reading(reader), Some(theirs)) => reader.request(theirs),
            (State::Reading(_), None) => return,
        };
        if request.is_empty() {
            return;
        }
        self.show(&peer);
        if let Some(met) = self.meeting.peers.get_mut(&peer) {
            (met.asked, met.last) = (Some(now.instant), Some(now.instant));
        }
        self.say(peer, vec![Item::Request(request)], out);
    }

    /// Begins an answer. Posts are read from the disk one after the other.
    pub(super) fn on_request(&mut self, peer: PeerId, request: &Request, out: &mut Out) {
        let State::Reading(reader) = &self.state else {
            return;
        };
        let under_way = self.meeting.peers.values();
        let under_way = under_way.filter(|met| met.giving.is_some()).count();
        let is_busy = self
            .meeting
            .peers
            .get(&peer)
            .is_none_or(|met| met.giving.is_some());
        if is_busy || under_way >= ANSWERS_UNDER_WAY {
            // They ask again.
            return;
        }
        let left: VecDeque<u64> = reader.answer(request).into();
        if request.lineage == 1 {
            // In a pack of its own: with posts it might not fit.
            let lineage = Item::Lineage(Carried::new(reader.lineage().to_bytes()));
            let summary = Item::Summary(reader.summary());
            self.say(peer, vec![lineage, summary], out);
            self.show(&peer);
        }
        if let Some(first) = left.front() {
            out.push(Output::Read(post_key(&self.id, *first)));
            let giving = Giving {
                left,
                items: Vec::new(),
            };
            if let Some(met) = self.meeting.peers.get_mut(&peer) {
                met.giving = Some(giving);
            }
        }
    }

    /// A post came from the disk: it goes into the answers that wait for it.
    pub(in crate::channels) fn give(
        &mut self,
        seq: u64,
        record: Option<&PostRecord>,
        out: &mut Out,
    ) {
        let post = record.and_then(PostRecord::post);
        let mut done = Vec::new();
        for (peer, met) in &mut self.meeting.peers {
            let Some(giving) = &mut met.giving else {
                continue;
            };
            if giving.left.front() != Some(&seq) {
                continue;
            }
            giving.left.pop_front();
            if let Some(post) = &post {
                giving.items.push(Item::Post(Carried::new(post.to_bytes())));
            }
            match giving.left.front() {
                Some(next) => out.push(Output::Read(post_key(&self.id, *next))),
                None => done.push((*peer, std::mem::take(&mut giving.items))),
            }
        }
        for (peer, items) in done {
            if let Some(met) = self.meeting.peers.get_mut(&peer) {
                met.giving = None;
            }
            if !items.is_empty() {
                self.say(peer, items, out);
            }
        }
    }
}
