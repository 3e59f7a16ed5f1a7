//! Posts of channels in the cell: whoever forwards one shows the signatures of its channel, and each device checks them.
//!
//! What it tells the cell about whoever forwards: that they follow the channel.

use action::Call;
use channel::{CallRef, ChannelId, Checks, Content as Posted, Forward, Forwarded};

use super::Cell;
use super::contents::Said;
use crate::calls::Shown;
use crate::command::ErrorKind;
use crate::config::{FORWARD_LIMIT, SENT_AT_UNIT, WAITING_PER_CELL};
use crate::content::Content;
use crate::envelope::Envelope;
use crate::event::Answer;
use crate::messages::Place;
use crate::node::Now;
use crate::out::Out;
use crate::wire::SecretBytes;

/// A forwarded post as it stands in an envelope.
pub(super) struct ForwardedIn {
    pub(super) nonce: [u8; 16],
    pub(super) written_at: u64,
    pub(super) about: Option<[u8; 16]>,
    pub(super) proof: SecretBytes,
}

impl ForwardedIn {
    /// The post, if its signatures and its key hold.
    fn check(&self) -> Option<Forwarded> {
        if self.proof.as_slice().len() > FORWARD_LIMIT {
            return None;
        }
        Forward::check(self.proof.as_slice(), &mut Checks::default()).ok()
    }
}

impl Cell {
    /// Forwards a post to everybody in the cell: a text as a message, a call as a call of ours that names where it is from,
    /// and that a call is off to whoever has it.
    pub(crate) fn forward(
        &mut self,
        proof: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        if proof.len() > FORWARD_LIMIT {
            return Err(ErrorKind::PostTooLong);
        }
        let post = Forward::check(proof, &mut Checks::default());
        let post = post.map_err(|_| ErrorKind::Internal)?;
        match &post.content {
            Posted::Text(text) => {
                self.is_in()?;
                let message = self.write_text(text, None, proof.into(), now, out)?;
                Ok(Answer::MessageAccepted(message))
            }
            Posted::Call { call, .. } | Posted::Version { call, .. } => {
                self.share_from_channel(call, proof, now, out)
            }
            Posted::Cancel { call, .. } => {
                self.is_in()?;
                let from = (post.channel, *call);
                if !self.has_call_from(&from) {
                    return Err(ErrorKind::NoSuchCall);
                }
                let content = self.forward_content(None, proof, now);
                self.say_about_call(content, now, out)?;
                Ok(Answer::Done)
            }
            Posted::Fresh | Posted::Charter(_) | Posted::Closed { .. } | Posted::Checkpoint(_) => {
                Err(ErrorKind::NoSuchPost)
            }
        }
    }

    fn is_in(&self) -> Result<(), ErrorKind> {
        let is_in = self.presence == super::Presence::In;
        is_in.then_some(()).ok_or(ErrorKind::NotAMember)
    }

    fn share_from_channel(
        &mut self,
        call: &Call,
        proof: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        if self.waiting() + 2 > WAITING_PER_CELL {
            return Err(ErrorKind::TooMany);
        }
        let nonce = self.rng.array();
        let call = call.clone().superseding(None);
        let shared = self.share_call_as(nonce, &call, now, out)?;
        let content = self.forward_content(Some(nonce), proof, now);
        self.say_about_call(content, now, out)?;
        Ok(shared)
    }

    fn forward_content(&mut self, about: Option<[u8; 16]>, proof: &[u8], now: Now) -> Content {
        Content::Forward {
            nonce: self.rng.array(),
            written_at: now.timestamp.rounded_down(SENT_AT_UNIT).as_millis(),
            about,
            proof: proof.into(),
        }
    }

    fn has_call_from(&self, from: &(ChannelId, CallRef)) -> bool {
        let mut sources = self.calls.sources();
        sources.any(|(source, _)| (source.channel, source.call) == *from)
    }

    /// Calls from channels that are on here, and whether we shared them.
    pub(crate) fn calls_from_channels(&self) -> impl Iterator<Item = ((ChannelId, CallRef), bool)> {
        let sources = self.calls.sources();
        sources.map(|(source, ours)| ((source.channel, source.call), ours))
    }

    /// Takes what somebody forwarded. What does not prove itself is left out.
    pub(super) fn take_forward(
        &mut self,
        envelope: &Envelope,
        forwarded: ForwardedIn,
        now: Now,
        out: &mut Out,
    ) {
        let Some(post) = forwarded.check() else {
            return;
        };
        if let Posted::Text(text) = &post.content {
            let said = Said {
                nonce: forwarded.nonce,
                written_at: forwarded.written_at,
                text: text.expose().as_bytes().into(),
                reply_to: None,
                attachment: None,
                proof: forwarded.proof,
            };
            self.take_said(envelope, said, now, out);
            return;
        }
        let (log, place) = (envelope.log(), Place::of(envelope));
        let shown = Shown {
            author: log.member,
            about: forwarded.about,
            written_at: forwarded.written_at,
            post: &post,
        };
        let mut writes = Vec::new();
        let (id, wall) = (self.id, now.timestamp.as_millis());
        let applied = self
            .calls
            .apply_forward(&id, &shown, (place, None), wall, &mut writes);
        self.store_calls(writes, out);
        self.tell(applied, false, out);
        self.speech.presumptions = true;
    }
}
