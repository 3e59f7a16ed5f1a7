//! Bundles: the same envelopes in a file that somebody carries (PROTOCOL §5).

use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use super::{Cell, OwnHead, Presence};
use crate::carrier::CarrierKey;
use crate::carrier::bundle::seal;
use crate::command::ErrorKind;
use crate::config::BUNDLE_LIMIT;
use crate::event::Answer;
use crate::node::Now;
use crate::out::Out;
use crate::wire::{Bytes, decode, encode};

/// What is in a bundle: everything that some member may lack.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct BundleContent {
    operations: Vec<Bytes>,
    cards: Vec<Bytes>,
    acks: Vec<Bytes>,
    envelopes: Vec<Bytes>,
}

/// Decodes and encodes again: one content has one encoding.
#[cfg(any(test, fuzzing))]
pub(super) fn decode_only(bytes: &[u8]) {
    if let Ok(content) = decode::<BundleContent>(bytes) {
        assert!(encode(&content) == bytes);
    }
}

impl Cell {
    /// Seals everything that some member may lack. Texts that wait become envelopes first, a bundle is a way out for who has
    /// no network; but only if our head was confirmed since the start, or else only what is sealed already goes. Our ack goes
    /// in any case: it is what the others answer, and that confirms our head.
    pub(crate) fn export_bundle(&mut self, now: Now, out: &mut Out) -> Result<Answer, ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        let confirmed = self.speech.head == OwnHead::Confirmed;
        if confirmed && (self.waiting() > 0 || self.newest_carrier().is_none()) {
            self.speak(now, out);
        }
        // A key that the others have not been told of opens nothing for them.
        let carrier = self
            .newest_carrier()
            .and_then(|id| self.carriers.get(&id))
            .ok_or(ErrorKind::Unreachable)?;
        let key = carrier.key.clone();
        // Whoever imports it answers this start of ours, and hears our answer to theirs.
        self.sign_ack(now, out);
        let mut envelopes: Vec<_> = self.logs.values().flat_map(|log| log.from(0)).collect();
        envelopes.sort_by_key(|envelope| {
            (
                envelope.header().order,
                envelope.log(),
                envelope.header().seq,
            )
        });
        let count = u32::try_from(envelopes.len()).unwrap_or(u32::MAX);
        let content = BundleContent {
            operations: self
                .membership
                .operations()
                .map(|operation| operation.as_bytes().into())
                .collect(),
            cards: self
                .cards
                .values()
                .map(|card| card.as_bytes().into())
                .collect(),
            acks: self
                .acks
                .values()
                .map(|ack| ack.as_bytes().into())
                .collect(),
            envelopes: envelopes
                .into_iter()
                .map(|envelope| envelope.to_bytes().into())
                .collect(),
        };
        let bytes = Zeroizing::new(encode(&content));
        if bytes.len() > BUNDLE_LIMIT - BUNDLE_LIMIT / 8 {
            return Err(ErrorKind::TooMany);
        }
        let sealed = seal(&key, &bytes, &mut self.rng).map_err(|_| ErrorKind::TooMany)?;
        Ok(Answer::BundleExported(Zeroizing::new(sealed), count))
    }

    /// The keys under which a bundle of this cell may be sealed.
    pub(crate) fn carrier_keys(&self) -> impl Iterator<Item = &CarrierKey> {
        self.carriers.values().map(|carrier| &carrier.key)
    }

    /// Takes what an opened bundle holds. Everything in it is checked as if a member had sent it; what does not hold is
    /// left out. Gives the number of new envelopes.
    pub(crate) fn import_bundle(
        &mut self,
        content: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<u32, ErrorKind> {
        let content: BundleContent = decode(content).map_err(|_| ErrorKind::BundleDamaged)?;
        for operation in &content.operations {
            let _ = self.take_operation(None, operation.as_slice(), now, out);
        }
        self.draw_consequences(now, out);
        for card in &content.cards {
            let _ = self.take_card(None, card.as_slice(), now, out);
        }
        for ack in &content.acks {
            let _ = self.take_ack(None, ack.as_slice(), now, out);
        }
        let mut new = 0;
        for envelope in &content.envelopes {
            new += u32::from(
                self.take_envelope(None, envelope.as_slice(), now, out)
                    .unwrap_or(false),
            );
        }
        self.draw_consequences(now, out);
        self.confirm_by_answers(now);
        self.speak_if_heard(now, out);
        Ok(new)
    }
}
