//! The acceptance of a newcomer, until they show that they have it.
//!
//! The add is stored before they hear of it, and the connection can break in between, or we can. They are a member by then
//! whom nobody has ever heard, and cannot try again under their name. So the acceptance is stored with the add and is the
//! first thing they hear in each session, as it was made: its floors are where their reading begins.

use model::{MemberId, PeerId, Timestamp};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::{Cell, records};
use crate::config::{JOIN_TIME, VERDICT_STORED};
use crate::node::Now;
use crate::out::Out;
use crate::wire::{Malformed, SecretBytes, decode, encode};

/// What a newcomer whom we let in may not have heard. So it is stored too.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Verdict {
    /// When they have given up: milliseconds since the Unix epoch.
    until: u64,
    /// The message of the handshake that lets them in.
    acceptance: SecretBytes,
}

impl Cell {
    pub(super) fn keep_verdict(
        &mut self,
        member: MemberId,
        acceptance: Vec<u8>,
        now: Now,
        out: &mut Out,
    ) {
        let verdict = Verdict {
            until: (now.timestamp + JOIN_TIME).as_millis(),
            acceptance: acceptance.into(),
        };
        // One that a record cannot hold is told all the same, unless we stop before it arrives.
        let record = encode(&verdict);
        if record.len() <= VERDICT_STORED {
            out.changes
                .put(records::verdict_key(self.id, &member), record);
        }
        self.verdicts.insert(member, verdict);
    }

    /// A session begins: whoever may not know that they are in hears it before all else.
    pub(super) fn tell_verdict(&self, peer: PeerId, member: &MemberId, out: &mut Out) {
        if let Some(verdict) = self.verdicts.get(member) {
            self.send_handshake(peer, verdict.acceptance.as_slice().to_vec(), out);
        }
    }

    /// They speak as a member does: they know.
    pub(super) fn drop_verdict(&mut self, member: &MemberId, out: &mut Out) {
        if self.verdicts.remove(member).is_some() {
            out.changes.delete(records::verdict_key(self.id, member));
        }
    }

    /// Drops what nobody waits for any more.
    pub(super) fn tick_verdicts(&mut self, now: Now, out: &mut Out) {
        let over = |(member, verdict): &(&MemberId, &Verdict)| {
            now.timestamp >= Timestamp::from_millis(verdict.until) || !self.is_member(member)
        };
        let over: Vec<_> = self
            .verdicts
            .iter()
            .filter(over)
            .map(|(id, _)| *id)
            .collect();
        for member in over {
            self.drop_verdict(&member, out);
        }
    }
}

/// Reads a record.
pub(super) fn restore(name: &[u8], value: &[u8]) -> Result<(MemberId, Verdict), Malformed> {
    let member = name.try_into().map_err(|_| Malformed)?;
    Ok((MemberId::from_bytes(member), decode(value)?))
}
