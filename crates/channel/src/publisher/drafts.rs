//! Drafts of others: checked before a person sees them, and completed when enough have signed.

use std::collections::{BTreeMap, BTreeSet};

use model::Timestamp;

use super::choice::{Choice, choice};
use super::messages::{Promise, Proposal};
use super::{Draft, PublishError, Publisher, Step, completed, index, proposer, said, seat};
use crate::charter::Charter;
use crate::config::{DAYS_AHEAD, DAYS_BEHIND, DRAFTS_MAX};
use crate::content::Content;
use crate::id::{PostDay, PostId};
use crate::post::{Countersignature, Sheet};
use crate::reader::Reader;

impl Publisher {
    pub(super) fn on_draft(
        &mut self,
        reader: &Reader,
        proposal: &Proposal,
        sheet: &[u8],
        certificate: Vec<Promise>,
        now: Timestamp,
    ) -> Result<(), PublishError> {
        let turn = *proposal.turn();
        let charter = reader.lineage().newest();
        if turn != self.turn(reader, turn.round, turn.publisher) {
            return Err(PublishError::OtherPlace);
        }
        if proposer(reader, self.signer.seq, turn.round) != turn.publisher {
            return Err(PublishError::NotTheirTurn);
        }
        if turn.round < self.signer.promised {
            return Err(PublishError::Busy);
        }
        let sheet = Sheet::parse(sheet).map_err(|_| PublishError::Malformed)?;
        let id = sheet.id();
        if id != proposal.id() {
            return Err(PublishError::Malformed);
        }
        if self
            .drafts
            .get(&id)
            .is_some_and(|draft| draft.round >= turn.round && draft.proposer == turn.publisher)
        {
            // Here already: it is not checked again.
            return Ok(());
        }
        if !proposal.holds(charter) {
            return Err(PublishError::WrongSignature);
        }
        let forced = self.forced(charter, &turn, &certificate)?;
        if forced.is_some_and(|forced| forced != id) {
            return Err(PublishError::WrongCertificate);
        }
        self.look_at_sheet(reader, &sheet, now, forced.is_some())?;
        if forced.is_none() && sheet.place().author != turn.publisher {
            return Err(PublishError::NotTheirTurn);
        }
        let first = !self.drafts.values().any(|draft| draft.round == turn.round);
        if self.drafts.len() >= DRAFTS_MAX && !self.drafts.contains_key(&id) {
            return Err(PublishError::TooMany);
        }
        if first {
            let theirs = seat(reader, self.signer.seq, turn.publisher);
            self.signer.hold(theirs, true, now);
        }
        let is_wish = self.drafts.get(&id).is_some_and(|draft| draft.is_wish);
        let draft = Draft {
            sheet,
            round: turn.round,
            proposer: turn.publisher,
            certificate,
            signatures: BTreeMap::new(),
            is_wish,
            withdrawn: false,
        };
        self.drafts.insert(id, draft);
        Ok(())
    }

    /// What the promises that came with a draft force it to be.
    fn forced(
        &self,
        charter: &Charter,
        turn: &super::Turn,
        certificate: &[Promise],
    ) -> Result<Option<PostId>, PublishError> {
        if turn.round == 0 {
            let none = certificate.is_empty();
            return if none {
                Ok(None)
            } else {
                Err(PublishError::WrongCertificate)
            };
        }
        let mut publishers = BTreeSet::new();
        for promise in certificate {
            let theirs = promise.turn();
            let wanted = super::Turn {
                publisher: theirs.publisher,
                ..*turn
            };
            let earlier = promise
                .signed()
                .is_none_or(|signed| signed.round < turn.round);
            if *theirs != wanted
                || !earlier
                || !publishers.insert(theirs.publisher)
                || !promise.holds(charter)
            {
                return Err(PublishError::WrongCertificate);
            }
        }
        let roster = charter.roster();
        match choice(certificate, roster.size(), roster.threshold()) {
            Choice::Free => Ok(None),
            Choice::Forced(id) => Ok(Some(PostId::from_bytes(id))),
            Choice::Unknown => Err(PublishError::WrongCertificate),
        }
    }

    /// Whether a sheet fits the next place of the log, is dated near today unless it may be complete already, and can be
    /// read.
    pub(super) fn look_at_sheet(
        &self,
        reader: &Reader,
        sheet: &Sheet,
        now: Timestamp,
        may_be_old: bool,
    ) -> Result<(), PublishError> {
        let place = sheet.place();
        let charter = reader.lineage().newest();
        let (keys, index) = reader
            .keys_for(self.signer.seq)
            .ok_or(PublishError::NoKeys)?;
        let fits = place.channel == reader.channel()
            && place.charter == charter.id()
            && place.seq == self.signer.seq
            && *place.previous.as_bytes() == self.signer.previous
            && place.epoch == keys.epoch()
            && place.index == index
            && place.author < charter.roster().size();
        if !fits {
            return Err(PublishError::OtherPlace);
        }
        let today = PostDay::of(now);
        let before = self
            .signer
            .seq
            .checked_sub(1)
            .and_then(|seq| reader.known(seq));
        let behind = before.is_some_and(|(day, _, _)| place.day < day);
        let near = place.day <= today.plus(DAYS_AHEAD)
            && (may_be_old || today.since(place.day) <= DAYS_BEHIND);
        if behind || !near {
            return Err(PublishError::WrongDay);
        }
        let content = self.opened(reader, sheet).ok_or(PublishError::Unreadable)?;
        if let Content::Charter(next) = &content
            && (next.previous() != charter.id() || next.number() != charter.number() + 1)
        {
            return Err(PublishError::StaleCharter);
        }
        Ok(())
    }

    pub(super) fn on_countersigned(
        &mut self,
        reader: &Reader,
        id: &PostId,
        round: u64,
        one: Countersignature,
        step: &mut Step,
    ) -> Result<(), PublishError> {
        let charter = reader.lineage().newest();
        let draft = self.drafts.get_mut(id).filter(|draft| draft.round == round);
        let draft = draft.ok_or(PublishError::UnknownDraft)?;
        if draft.signatures.contains_key(&one.publisher) {
            return Ok(());
        }
        if !one.holds(charter, id, round) {
            return Err(PublishError::WrongSignature);
        }
        draft.signatures.insert(one.publisher, one.signature);
        self.try_complete(reader, id, step);
        Ok(())
    }

    /// Completes a post if enough have signed; as its proposer, signs last.
    pub(super) fn try_complete(&mut self, reader: &Reader, id: &PostId, step: &mut Step) {
        let charter = reader.lineage().newest();
        let Some(me) = index(charter, &self.key) else {
            return;
        };
        let needed = usize::from(charter.roster().threshold());
        let content = self
            .drafts
            .get(id)
            .and_then(|draft| self.opened(reader, &draft.sheet));
        let may = content.is_some_and(|content| self.may_sign_now(reader, &content).is_ok());
        let Some(draft) = self.drafts.get_mut(id) else {
            return;
        };
        let last = draft.signatures.len() + 1 == needed
            && draft.proposer == me
            && !draft.withdrawn
            && !draft.signatures.contains_key(&me);
        if last && may && self.signer.may_sign(draft.round, id) {
            self.signer.sign(draft.round, id);
            let one = Countersignature::sign(&self.key, me, id, draft.round);
            draft.signatures.insert(me, one.signature);
        }
        if draft.signatures.len() >= needed
            && let Some(post) = completed(draft, charter)
        {
            step.post = Some(post.to_bytes());
        }
    }

    /// What we have signed is said again to whoever shows the draft again: our word may have been lost.
    pub(super) fn sign_again(&self, id: &PostId, step: &mut Step) {
        let signed = self
            .drafts
            .get(id)
            .filter(|draft| self.signer.has_signed(draft.round, id));
        if let Some(draft) = signed {
            let ours = draft.signatures.iter();
            for (publisher, signature) in ours {
                let one = Countersignature {
                    publisher: *publisher,
                    signature: *signature,
                };
                step.messages.push(said(id, draft.round, &one));
            }
        }
    }

    /// Our draft, or our question, once more.
    pub(super) fn send_again(&self, reader: &Reader, step: &mut Step) {
        let Some(me) = index(reader.lineage().newest(), &self.key) else {
            return;
        };
        let current = |draft: &&Draft| draft.proposer == me && draft.round >= self.signer.promised;
        for draft in self
            .drafts
            .values()
            .filter(current)
            .filter(|draft| !draft.withdrawn)
        {
            step.messages.push(self.draft_message(reader, draft));
        }
        if let Some(round) = self.signer.asked
            && round >= self.signer.promised
            && round >= self.signer.seen
            && self.signer.drafted.is_none_or(|drafted| drafted < round)
        {
            let ask = super::messages::Ask::sign(self.turn(reader, round, me), &self.key);
            step.messages.push(super::Message::Ask(ask).to_bytes());
        }
        for id in self.drafts.keys() {
            self.sign_again(id, step);
        }
    }
}
