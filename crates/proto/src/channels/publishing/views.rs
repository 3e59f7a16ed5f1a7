//! What there is to see of publishing with others.

use channel::{Content, Pending, PostId, Publisher, Roster};
use crypto::VerifyingKey;

use crate::channels::held::{Held, State};
use crate::channels::view::{CharterChange, DraftSummary, PublisherSummary, PublishersView};

impl Held {
    pub(super) fn pending(&self) -> Vec<Pending> {
        match (&self.state, &self.publisher) {
            (State::Reading(reader), Some(publisher)) => publisher.pending(reader),
            (State::Reading(_), None) | (State::Waiting(_), _) => Vec::new(),
        }
    }

    /// Whoever closes an epoch to old links has to have the keys of the next.
    pub(super) fn has_keys_for(&self, content: &Content) -> bool {
        let Content::Closed {
            commitment,
            keys: None,
        } = content
        else {
            return true;
        };
        let mut epochs = self.publishing.epochs.values();
        epochs.any(|keys| keys.commitment(&self.id) == *commitment)
    }

    /// How many drafts wait for this person.
    pub(in crate::channels) fn to_sign(&self) -> usize {
        let pending = self.pending();
        pending.iter().filter(|one| one.may_sign).count()
    }

    /// Our draft and how many others have to sign it, if it is drafted; else how many there will have to be.
    pub(in crate::channels) fn needed(&self) -> (Option<PostId>, u8) {
        let ours = self.pending().into_iter().find(|one| one.is_ours);
        let threshold = self
            .reader()
            .map_or(1, |reader| reader.lineage().newest().roster().threshold());
        ours.map_or((None, threshold.saturating_sub(1)), |one| {
            (Some(one.id), one.needs)
        })
    }

    pub(in crate::channels) fn drafts(&self) -> Vec<DraftSummary> {
        let State::Reading(reader) = &self.state else {
            return Vec::new();
        };
        let newest = reader.lineage().newest();
        let summary = |one: Pending| {
            let next = one.content.charter();
            let change = next.map(|next| self.charter_change(newest.roster(), next.roster()));
            Some(DraftSummary {
                post: one.id,
                author: self.publisher_summary(newest.roster().key(one.author)?),
                needs: one.needs,
                signed: one.signed,
                may_sign: one.may_sign && self.has_keys_for(&one.content),
                ours: one.is_ours,
                change,
                content: one.content,
            })
        };
        self.pending().into_iter().filter_map(summary).collect()
    }

    fn charter_change(&self, before: &Roster, after: &Roster) -> CharterChange {
        let of = |keys: &[VerifyingKey], not: &Roster| {
            let keys = keys.iter().filter(|key| not.index_of(key).is_none());
            keys.map(|key| self.publisher_summary(key)).collect()
        };
        CharterChange {
            added: of(after.publishers(), before),
            removed: of(before.publishers(), after),
            publishers: after.size(),
            threshold: after.threshold(),
        }
    }

    fn publisher_summary(&self, key: &VerifyingKey) -> PublisherSummary {
        let is = |one: &Option<Publisher>| {
            one.as_ref()
                .is_some_and(|publisher| publisher.verifying_key() == *key)
        };
        let ours = is(&self.publisher) || is(&self.publishing.offered);
        let me = self.publishing.cell.filter(|_| ours).map(|(_, me)| me);
        PublisherSummary {
            publisher: key.to_bytes(),
            member: me.or_else(|| self.publishing.member_with(key)),
            ours,
        }
    }

    pub(in crate::channels) fn publishers(&self) -> PublishersView {
        let mut view = PublishersView {
            cell: self.publishing.cell.map(|(cell, _)| cell),
            ..PublishersView::default()
        };
        let Some(reader) = self.reader() else {
            return view;
        };
        let roster = reader.lineage().newest().roster();
        view.threshold = roster.threshold();
        let keys = roster.publishers().iter();
        view.publishers = keys.map(|key| self.publisher_summary(key)).collect();
        let offers = self.publishing.keys.iter();
        view.offers = offers
            .filter(|(_, key)| roster.index_of(key).is_none())
            .map(|((cell, member), key)| {
                let summary = PublisherSummary {
                    member: Some(*member),
                    ..self.publisher_summary(key)
                };
                (*cell, summary)
            })
            .collect();
        view
    }
}
