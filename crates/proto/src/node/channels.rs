//! Channels: what is done about them, and what there is to see.

use channel::{CallRef, ChannelId, PostId};

use super::{Node, Now};
use crate::changes::Key;
use crate::channels::view::{
    self, ChannelSummary, DraftSummary, PostBody, PostPage, PublishersView,
};
use crate::channels::{Channels, Forwarding, post_key};
use crate::command::{ChannelDeed, ErrorKind, RequestId};
use crate::out::Out;
use crate::view::DamagedRecord;

impl Node {
    pub(super) fn restore_channels(
        &mut self,
        records: Vec<(Key, Vec<u8>)>,
        is_old: bool,
        now: Now,
        out: &mut Out,
    ) {
        self.channels = Channels::restore(records, is_old, &mut self.rng, now, out);
        self.channels.open_network(self.config.listen_ip, now, out);
    }

    pub(super) fn on_channel_command(
        &mut self,
        request: RequestId,
        deed: ChannelDeed,
        now: Now,
        out: &mut Out,
    ) {
        let ip = self.online.then_some(self.config.listen_ip);
        let cell = match &deed {
            ChannelDeed::Offer(_, cell) => Some(*cell),
            ChannelDeed::SetPublishers(_, change) => change.cell,
            ChannelDeed::Create(..)
            | ChannelDeed::Link(_)
            | ChannelDeed::Subscribe(_)
            | ChannelDeed::Unsubscribe(_)
            | ChannelDeed::PostText(..)
            | ChannelDeed::PostCall(..)
            | ChannelDeed::UpdateCall(..)
            | ChannelDeed::CancelCall(..)
            | ChannelDeed::Export(_)
            | ChannelDeed::Forward(..)
            | ChannelDeed::MarkRead(..)
            | ChannelDeed::Countersign(..)
            | ChannelDeed::Withdraw(..)
            | ChannelDeed::Rekey(..) => None,
        };
        let at = cell.map(|cell| Ok((cell, self.cell_mut(cell)?.present()?)));
        let at = match at.transpose() {
            Ok(at) => at,
            Err(kind) => {
                out.answer(request, Err(kind));
                return;
            }
        };
        let command = (request, deed);
        let answer = self
            .channels
            .command(command, at, ip, &mut self.rng, now, out);
        if let Some(answer) = answer {
            out.answer(request, answer);
        }
    }

    /// Posts came from the disk that are to be shown to cells.
    pub(super) fn on_forwards(&mut self, forwards: Vec<Forwarding>, now: Now, out: &mut Out) {
        for forwarding in forwards {
            let shown = match (&forwarding.proof, self.cell_mut(forwarding.cell)) {
                (Some(proof), Ok(cell)) => cell.forward(proof, now, out),
                (None, Ok(_)) => Err(ErrorKind::NoSuchPost),
                (_, Err(kind)) => Err(kind),
            };
            if let Some(request) = forwarding.request {
                out.answer(request, shown);
            }
        }
    }

    /// Of calls that we took from a channel into a cell: once the channel calls one off, the cell is shown that. Of calls that
    /// somebody else took it is theirs to do, or a person's: it tells the cell who follows the channel.
    pub(super) fn pass_on_call_offs(&mut self, out: &mut Out) {
        if !self.channels.take_news() {
            return;
        }
        for (id, cell) in &self.cells {
            for (from, ours) in cell.calls_from_channels() {
                if ours {
                    self.channels.want_call_off(from, *id, out);
                }
            }
        }
    }

    /// Carries what publishers of channels say to each other between channels and cells.
    pub(super) fn carry_whispers(&mut self, now: Now, out: &mut Out) {
        while !(out.heard.is_empty() && out.said.is_empty()) {
            let heard = std::mem::take(&mut out.heard);
            self.channels.on_whispers(heard, now, out);
            for whisper in std::mem::take(&mut out.said) {
                if let Some(cell) = self.cells.get_mut(&whisper.cell) {
                    cell.whisper(whisper, now, out);
                }
            }
        }
    }

    /// Drafts that wait for signatures in a channel, ours among them.
    ///
    /// # Errors
    ///
    /// As [`Self::posts`].
    pub fn drafts(&self, channel: ChannelId) -> Result<Vec<DraftSummary>, ErrorKind> {
        self.channels.drafts(channel)
    }

    /// Who publishes in a channel, and who offers to.
    ///
    /// # Errors
    ///
    /// As [`Self::posts`].
    pub fn publishers(&self, channel: ChannelId) -> Result<PublishersView, ErrorKind> {
        self.channels.publishers(channel)
    }

    /// Every channel on this device, damaged ones last.
    pub fn channels(&self) -> Vec<ChannelSummary> {
        self.channels.summaries(self.seen)
    }

    /// At most `limit` posts of a channel, oldest first: those before a place, or the newest.
    ///
    /// # Errors
    ///
    /// Says whether there is no such channel, or it cannot be read.
    pub fn posts(
        &self,
        channel: ChannelId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<PostPage, ErrorKind> {
        self.channels.posts(channel, before, limit)
    }

    /// Where a post stands; none if it is not here.
    ///
    /// # Errors
    ///
    /// As [`Self::posts`].
    pub fn place_of(&self, channel: ChannelId, post: PostId) -> Result<Option<u64>, ErrorKind> {
        self.channels.place(channel, post)
    }

    /// Where the newest version of a call stands that one of its posts names.
    ///
    /// # Errors
    ///
    /// As [`Self::posts`]; says whether there is no such post, it is no call, or the call is over.
    pub fn newest_of_call(&self, channel: ChannelId, post: PostId) -> Result<u64, ErrorKind> {
        self.channels.newest_of_call(channel, post)
    }

    /// The post that called a call off, by the name of its first version; none if it is not off, as far as is known here.
    pub fn call_off_of(&self, channel: ChannelId, call: CallRef) -> Option<PostId> {
        self.channels.call_off_of(channel, call)
    }

    /// Under which key a post is stored.
    pub fn post_key(channel: ChannelId, seq: u64) -> Key {
        post_key(&channel, seq)
    }

    /// Reads what is stored under [`Self::post_key`].
    ///
    /// # Errors
    ///
    /// Fails if the record cannot have been written by us.
    pub fn read_post(record: &[u8]) -> Result<PostBody, DamagedRecord> {
        view::body(record)
    }
}
