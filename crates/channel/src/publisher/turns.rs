//! Asking for a turn, giving one, and using it.

use crypto::Rng;
use model::Timestamp;

use super::choice::{Choice, choice};
use super::messages::{Ask, Message, Promise, Proposal};
use super::{Draft, PublishError, Publisher, Standing, Step, index, next_turn, proposer, seat};
use crate::config::DRAFTS_MAX;
use crate::id::{PostDay, PostId};
use crate::post::{Place, Sheet};
use crate::reader::Reader;

impl Publisher {
    /// Does what can be done for the first wish. Another turn is asked for when something has happened on our side or
    /// time has passed, never in answer to a promise: two who want a turn would answer each other for ever.
    pub(super) fn go_on(
        &mut self,
        reader: &Reader,
        may_ask: bool,
        rng: &mut Rng,
        now: Timestamp,
        step: &mut Step,
    ) {
        let Some(me) = index(reader.lineage().newest(), &self.key) else {
            return;
        };
        self.drop_stale_wishes(reader);
        let Some(wish) = self.wishes.front() else {
            return;
        };
        let reached = self.signer.promised.max(self.signer.seen);
        let mut ours = self.drafts.values().filter(|draft| draft.is_wish);
        let waits = ours.any(|draft| draft.round >= reached);
        if waits || self.may_sign_now(reader, wish).is_err() {
            return;
        }
        let seq = self.signer.seq;
        let untouched = self.signer.promised == 0 && self.signer.drafted.is_none();
        if untouched && !self.signer.is_held() && proposer(reader, seq, 0) == me {
            self.propose(reader, me, 0, Vec::new(), rng, now, step);
            return;
        }
        if let Some(round) = self.signer.asked
            && round >= self.signer.promised
            && round >= self.signer.seen
            && self.signer.drafted.is_none_or(|drafted| drafted < round)
        {
            self.use_turn(reader, me, round, rng, now, step);
            return;
        }
        if may_ask {
            let round = self.ask(reader, me, step);
            self.use_turn(reader, me, round, rng, now, step);
        }
    }

    /// A charter that does not follow the present one any more cannot be posted.
    fn drop_stale_wishes(&mut self, reader: &Reader) {
        let newest = reader.lineage().newest().id();
        self.wishes.retain(|wish| {
            let charter = wish.charter();
            charter.is_none_or(|charter| charter.previous() == newest)
        });
    }

    fn ask(&mut self, reader: &Reader, me: u8, step: &mut Step) -> u64 {
        let bound = [
            self.signer.promised,
            self.signer.seen,
            self.signer.drafted.unwrap_or(0),
            self.signer.asked.unwrap_or(0),
        ];
        let after = bound.into_iter().max().unwrap_or(0);
        let round = next_turn(reader, self.signer.seq, me, after);
        self.signer.asked = Some(round);
        self.promises.clear();
        // Said also while somebody else has the turn: then the others know that we wait.
        let ask = Ask::sign(self.turn(reader, round, me), &self.key);
        step.messages.push(Message::Ask(ask).to_bytes());
        round
    }

    /// Our own promise for our own turn, once nobody else has one.
    fn promise_ourselves(&mut self, reader: &Reader, me: u8, round: u64, now: Timestamp) {
        if self.promises.contains_key(&me)
            || !self
                .signer
                .grants(round, seat(reader, self.signer.seq, me), now)
        {
            return;
        }
        let own = Promise::sign(self.turn(reader, round, me), self.signer.signed, &self.key);
        self.promises.insert(me, own);
    }

    fn use_turn(
        &mut self,
        reader: &Reader,
        me: u8,
        round: u64,
        rng: &mut Rng,
        now: Timestamp,
        step: &mut Step,
    ) {
        self.promise_ourselves(reader, me, round, now);
        if !self.promises.contains_key(&me) {
            return;
        }
        let roster = reader.lineage().newest().roster();
        let promises: Vec<Promise> = self.promises.values().copied().collect();
        match choice(&promises, roster.size(), roster.threshold()) {
            Choice::Unknown => {}
            Choice::Free => self.propose(reader, me, round, promises, rng, now, step),
            Choice::Forced(id) => {
                let id = PostId::from_bytes(id);
                let Some(draft) = self.drafts.get(&id).cloned() else {
                    return;
                };
                self.signer.drafted = Some(round);
                let again = Draft {
                    round,
                    proposer: me,
                    certificate: promises,
                    signatures: std::collections::BTreeMap::new(),
                    withdrawn: false,
                    ..draft
                };
                step.messages.push(self.draft_message(reader, &again));
                self.drafts.insert(id, again);
                self.try_complete(reader, &id, step);
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a proposal is made of; it is called in two places"
    )]
    fn propose(
        &mut self,
        reader: &Reader,
        me: u8,
        round: u64,
        certificate: Vec<Promise>,
        rng: &mut Rng,
        now: Timestamp,
        step: &mut Step,
    ) {
        let Some(sheet) = self.sheet(reader, me, rng, now) else {
            return;
        };
        let id = sheet.id();
        let draft = Draft {
            sheet,
            round,
            proposer: me,
            certificate,
            signatures: std::collections::BTreeMap::new(),
            is_wish: true,
            withdrawn: false,
        };
        self.signer.drafted = Some(round);
        let own = seat(reader, self.signer.seq, me);
        self.signer.hold(own, true, now);
        self.drafts.insert(id, draft);
        self.try_complete(reader, &id, step);
        // A single publisher has completed it by now, and nobody needs the draft.
        if step.post.is_none()
            && let Some(draft) = self.drafts.get(&id)
        {
            step.messages.push(self.draft_message(reader, draft));
        }
    }

    fn sheet(&self, reader: &Reader, me: u8, rng: &mut Rng, now: Timestamp) -> Option<Sheet> {
        let seq = self.signer.seq;
        let (keys, index) = reader.keys_for(seq)?;
        let before = seq.checked_sub(1).and_then(|before| reader.known(before));
        let today = PostDay::of(now);
        let place = Place {
            channel: reader.channel(),
            charter: reader.lineage().newest().id(),
            epoch: keys.epoch(),
            index,
            seq,
            previous: PostId::from_bytes(self.signer.previous),
            author: me,
            day: before.map_or(today, |(day, _, _)| day.max(today)),
        };
        let key = keys.look(index).ok()?;
        Sheet::seal(&place, self.wishes.front()?, &key, rng.array())
    }

    pub(super) fn draft_message(&self, reader: &Reader, draft: &Draft) -> Vec<u8> {
        let turn = self.turn(reader, draft.round, draft.proposer);
        let proposal = Proposal::sign(turn, &draft.sheet.id(), &self.key);
        let message = Message::Draft {
            proposal,
            sheet: draft.sheet.as_bytes().into(),
            certificate: draft.certificate.clone(),
        };
        message.to_bytes()
    }

    pub(super) fn on_ask(
        &mut self,
        reader: &Reader,
        ask: &Ask,
        now: Timestamp,
        step: &mut Step,
    ) -> Result<(), PublishError> {
        let charter = reader.lineage().newest();
        let me = index(charter, &self.key).ok_or(PublishError::NotAPublisher)?;
        let (round, from) = (ask.turn.round, ask.turn.publisher);
        if ask.turn != self.turn(reader, round, from) || from == me {
            return Err(PublishError::OtherPlace);
        }
        if proposer(reader, self.signer.seq, round) != from {
            return Err(PublishError::NotTheirTurn);
        }
        if !ask.holds(charter) {
            return Err(PublishError::WrongSignature);
        }
        match self.standing {
            Standing::Confirmed => {}
            Standing::Unconfirmed => return Err(PublishError::Unconfirmed),
            Standing::RolledBack | Standing::Retiring => return Err(PublishError::RolledBack),
        }
        let again = round == self.signer.promised && round > 0;
        // A promise says what was signed before its turn; in it, there is no more to promise.
        if self
            .signer
            .signed
            .is_some_and(|signed| signed.round >= round)
        {
            return Err(PublishError::AlreadySigned);
        }
        if !again
            && !self
                .signer
                .grants(round, seat(reader, self.signer.seq, from), now)
        {
            return Err(PublishError::Busy);
        }
        let promise = Promise::sign(self.turn(reader, round, me), self.signer.signed, &self.key);
        let signed = self
            .signer
            .signed
            .map(|signed| PostId::from_bytes(signed.id));
        let draft = signed.and_then(|id| self.drafts.get(&id));
        let sheet = draft.map_or(&[][..], |draft| draft.sheet.as_bytes()).into();
        step.messages
            .push(Message::Promise { promise, sheet }.to_bytes());
        Ok(())
    }

    pub(super) fn on_promise(
        &mut self,
        reader: &Reader,
        promise: Promise,
        sheet: &[u8],
        now: Timestamp,
    ) -> Result<(), PublishError> {
        let turn = *promise.turn();
        let charter = reader.lineage().newest();
        if turn != self.turn(reader, turn.round, turn.publisher) {
            return Err(PublishError::OtherPlace);
        }
        if !promise.holds(charter) {
            return Err(PublishError::WrongSignature);
        }
        self.signer.see(turn.round);
        if self.signer.asked != Some(turn.round) {
            // For somebody else's turn; we know of it now.
            return Ok(());
        }
        if let Some(signed) = promise.signed() {
            let id = PostId::from_bytes(signed.id);
            if !self.drafts.contains_key(&id) {
                let sheet = Sheet::parse(sheet).map_err(|_| PublishError::Malformed)?;
                self.look_at_sheet(reader, &sheet, now, true)?;
                if sheet.id() != id || self.drafts.len() >= DRAFTS_MAX {
                    return Err(PublishError::Malformed);
                }
                let draft = Draft {
                    sheet,
                    round: signed.round,
                    proposer: proposer(reader, self.signer.seq, signed.round),
                    certificate: Vec::new(),
                    signatures: std::collections::BTreeMap::new(),
                    is_wish: false,
                    withdrawn: false,
                };
                self.drafts.insert(id, draft);
            }
        }
        self.promises.insert(turn.publisher, promise);
        Ok(())
    }
}
