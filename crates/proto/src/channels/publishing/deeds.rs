//! What a person does about publishing with others, and what members said: to the channel that it is about.

use channel::{ChannelId, PostId};
use model::{CellId, MemberId};

use crate::channels::Channels;
use crate::channels::held::Held;
use crate::channels::view::{DraftSummary, PublishersView};
use crate::command::{ErrorKind, PublishersChange, RequestId};
use crate::event::Answer;
use crate::node::Now;
use crate::out::{Out, Whisper};

impl Channels {
    pub(in crate::channels) fn offer(
        &mut self,
        channel: ChannelId,
        at: Option<(CellId, MemberId)>,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        let at = at.ok_or(ErrorKind::NotAMember)?;
        self.get(channel)?.offer(at, now, out)?;
        Ok(Answer::Done)
    }

    pub(in crate::channels) fn set_publishers(
        &mut self,
        (channel, change): (ChannelId, &PublishersChange),
        at: Option<(CellId, MemberId)>,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        self.get(channel)?.set_publishers(change, at, now, out)
    }

    pub(in crate::channels) fn countersign(
        &mut self,
        channel: ChannelId,
        post: &PostId,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        self.get(channel)?.countersign(post, now, out)?;
        Ok(Answer::Done)
    }

    pub(in crate::channels) fn withdraw(
        &mut self,
        channel: ChannelId,
        post: Option<PostId>,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        self.get(channel)?.withdraw(post, now, out)?;
        Ok(Answer::Done)
    }

    /// Ends an epoch. Once that is posted, the answer is the link into the next.
    pub(in crate::channels) fn rekey(
        &mut self,
        (channel, is_hard): (ChannelId, bool),
        request: RequestId,
        now: Now,
        out: &mut Out,
    ) -> Option<Result<Answer, ErrorKind>> {
        let held = self.get(channel);
        match held.and_then(|held| held.rekey(is_hard, now, out)) {
            Ok(Answer::Posted(Some(_))) => self.link(Ok(channel), (request, false), now, out),
            answer => Some(answer),
        }
    }

    /// Members said something about channels in a cell.
    pub(crate) fn on_whispers(&mut self, heard: Vec<(MemberId, Whisper)>, now: Now, out: &mut Out) {
        for (from, whisper) in heard {
            let channel = ChannelId::from_bytes(whisper.channel);
            if let Some(held) = self.held.get_mut(&channel) {
                held.on_whisper(whisper.cell, from, whisper.said.as_slice(), now, out);
            }
        }
    }

    /// Drafts that wait in a channel.
    pub(crate) fn drafts(&self, channel: ChannelId) -> Result<Vec<DraftSummary>, ErrorKind> {
        self.look(channel).map(Held::drafts)
    }

    /// Who publishes in a channel.
    pub(crate) fn publishers(&self, channel: ChannelId) -> Result<PublishersView, ErrorKind> {
        self.look(channel).map(Held::publishers)
    }
}
