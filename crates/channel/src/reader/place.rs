//! What can be said of a post before any signature is checked: where it stands, and whether that can be.

use super::Reader;
use crate::config::DAYS_AHEAD;
use crate::error::Refusal;
use crate::id::{PostDay, PostId};
use crate::post::{Place, PostIn};

impl Reader {
    pub(super) fn look(&self, post: &PostIn, today: PostDay) -> Result<(), Refusal> {
        let sheet = post.sheet();
        let place = sheet.place();
        if place.channel != self.channel() {
            return Err(Refusal::OtherChannel);
        }
        if self
            .kept
            .get(&place.seq)
            .is_some_and(|kept| kept.id == sheet.id())
        {
            return Err(Refusal::Replayed);
        }
        if place.seq < self.low {
            return Err(Refusal::TooOld);
        }
        if place.seq >= self.horizon() {
            return Err(Refusal::TooFar);
        }
        // A second post in one place is a contradiction, on whatever day its signers say that they wrote it.
        if !self.kept.contains_key(&place.seq) {
            self.look_at_day(place, today)?;
        }
        let reign = self.lineage.reign_of(&place.charter);
        let (from, until) = reign.ok_or(Refusal::UnknownCharter)?;
        if place.seq < from || until.is_some_and(|until| place.seq > until) {
            return Err(Refusal::WrongCharter);
        }
        self.look_at_epoch(place)
    }

    fn look_at_day(&self, place: &Place, today: PostDay) -> Result<(), Refusal> {
        if place.day > today.plus(DAYS_AHEAD) {
            return Err(Refusal::DatedAhead);
        }
        let before = self.kept.range(..place.seq).next_back();
        if before.is_some_and(|(_, kept)| kept.day > place.day) {
            return Err(Refusal::Backdated);
        }
        let behind = self.kept.range(place.seq.saturating_add(1)..).next();
        if behind.is_some_and(|(_, kept)| kept.day < place.day) {
            return Err(Refusal::DatedAhead);
        }
        Ok(())
    }

    fn look_at_epoch(&self, place: &Place) -> Result<(), Refusal> {
        let epoch = self.epochs.get(&place.epoch).ok_or(Refusal::UnknownEpoch)?;
        let fits = epoch.start.checked_add(u64::from(place.index)) == Some(place.seq)
            && epoch.end.is_none_or(|end| place.seq <= end)
            && (place.seq == 0) == (place.previous == PostId::NONE);
        if fits {
            Ok(())
        } else {
            Err(Refusal::WrongPlace)
        }
    }
}
