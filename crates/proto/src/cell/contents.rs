//! What members say, once it was opened: texts, attachments, marks, calls and carrier keys into their places.

use super::forwards::ForwardedIn;
use super::{Carrier, Cell};
use crate::attachment::Attachment;
use crate::carrier::CarrierKey;
use crate::content::{Content, message_id};
use crate::envelope::Envelope;
use crate::messages::{Place, Written};
use crate::node::Now;
use crate::out::{Out, Whisper};
use crate::wire::SecretBytes;

/// What somebody wrote, as far as it is the same with and without an attachment.
pub(super) struct Said {
    pub(super) nonce: [u8; 16],
    pub(super) written_at: u64,
    pub(super) text: SecretBytes,
    pub(super) reply_to: Option<[u8; 32]>,
    pub(super) attachment: Option<Attachment>,
    pub(super) proof: SecretBytes,
}

impl Cell {
    /// Takes one content. What is none that anybody may say is left out.
    pub(super) fn take_content(
        &mut self,
        envelope: &Envelope,
        content: Content,
        now: Now,
        out: &mut Out,
    ) {
        match content {
            Content::Text {
                nonce,
                written_at,
                text,
                reply_to,
            } => {
                if crate::view::parse_text(text.as_slice()).is_none() {
                    return;
                }
                let said = Said {
                    nonce,
                    written_at,
                    text,
                    reply_to,
                    attachment: None,
                    proof: SecretBytes::from(Vec::new()),
                };
                self.take_said(envelope, said, now, out);
            }
            Content::Attachment {
                nonce,
                written_at,
                text,
                reply_to,
                attachment,
            } => {
                let silent = text.as_slice().is_empty();
                if !silent && crate::view::parse_text(text.as_slice()).is_none() {
                    return;
                }
                let Ok(attachment) = attachment.check() else {
                    return;
                };
                let said = Said {
                    nonce,
                    written_at,
                    text,
                    reply_to,
                    attachment: Some(attachment),
                    proof: SecretBytes::from(Vec::new()),
                };
                self.take_said(envelope, said, now, out);
            }
            mark @ (Content::Reaction { .. } | Content::Edit { .. } | Content::Delete { .. }) => {
                self.take_mark(envelope, &mark, out);
            }
            call @ (Content::Call { .. } | Content::CallOff { .. } | Content::CallPart { .. }) => {
                self.take_call(envelope, &call, now, out);
            }
            Content::Forward {
                nonce,
                written_at,
                about,
                proof,
            } => {
                let forwarded = ForwardedIn {
                    nonce,
                    written_at,
                    about,
                    proof,
                };
                self.take_forward(envelope, forwarded, now, out);
            }
            Content::Whisper { channel, said } => self.hear(envelope, channel, said, out),
            Content::Carrier { key } => self.take_carrier(envelope, key, out),
        }
    }

    fn take_carrier(&mut self, envelope: &Envelope, key: [u8; 32], out: &mut Out) {
        let carrier = Carrier {
            key: CarrierKey::from_secret(crypto::Secret::from_bytes(key)),
            heads: envelope.header().heads(),
        };
        self.keep_carrier(carrier, out);
    }

    /// What publishers of a channel say to each other is for that channel.
    fn hear(&self, envelope: &Envelope, channel: [u8; 32], said: SecretBytes, out: &mut Out) {
        let whisper = Whisper {
            cell: self.id,
            channel,
            said,
        };
        out.heard.push((envelope.log().member, whisper));
    }

    pub(super) fn take_said(&mut self, envelope: &Envelope, said: Said, now: Now, out: &mut Out) {
        let (id, header) = (envelope.log(), envelope.header());
        let roster = self.groups.roster(&id).unwrap_or_default();
        let audience = self.audience_of(&roster, id.member, out);
        let written = Written {
            message: message_id(&self.id, &id.member, &said.nonce),
            author: id.member,
            nonce: said.nonce,
            written_at: said.written_at,
            ends_at: self.end_of(said.written_at, header.lifetime, now),
            text: said.text,
            reply_to: said.reply_to,
            attachment: said.attachment,
            proof: said.proof,
        };
        self.take_text(&written, Place::of(envelope), audience, out);
    }
}
