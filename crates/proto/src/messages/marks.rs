//! Marks: what members do to messages that are there already. Reactions, changes of a text, deletions for everybody.
//!
//! Each stands in an envelope of its own, so it has a place in the one display order. Of several the last place wins, and
//! a deletion over everything: the outcome is the same whatever order the logs arrive in. A mark may be known before its
//! message is; such an **early** mark is kept, bounded per member, until the message comes.
//!
//! Invariants: only the author of a message changes or deletes it · one reaction per member and message · a deleted
//! message keeps no text and no reaction · whatever changes here is in the writes that a call gives.

mod taken_back;

use std::collections::BTreeMap;

use model::{Emoji, MemberId, MessageId, TextPrint};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::record::{Edited, MessageRecord, StoredPlace};
use super::{Entry, Messages, Place};
use crate::config::EARLY_MARK_BYTES;
use crate::content::Content;
use crate::view::{Reaction, parse_text};
use crate::wire::{Bytes, Malformed, SecretBytes, decode, encode};

const VERSION: u8 = 1;
const EARLY_VERSION: u8 = 2;

/// What an early mark weighs besides its text: its record, and our index of it.
const EARLY_WEIGHT: usize = 256;

/// What a member does to a message.
#[derive(Clone, PartialEq)]
pub(crate) enum Mark {
    /// Reacts, or takes the reaction back.
    React(Option<Emoji>),
    /// Changes the text.
    Edit {
        /// When its author says they did, in milliseconds.
        at: u64,
        /// The text from here on.
        text: SecretBytes,
    },
    /// Deletes it for everybody.
    Delete,
}

/// A record to be written (or deleted, if there is no value).
pub(crate) enum Write {
    /// A message.
    Message(MessageId, Option<Vec<u8>>),
    /// The reaction of a member to a message.
    Reaction(MessageId, MemberId, Option<Vec<u8>>),
    /// What a member did to a message that is not here.
    Early(MessageId, MemberId, Option<Vec<u8>>),
    /// A mark of ours that waits to become an envelope.
    Outgoing(u64, Option<Vec<u8>>),
    /// The attachment of a message goes, if it has one.
    NoAttachment(MessageId),
}

/// Everything about marks but what stands in the messages' own records.
#[derive(Default)]
pub(super) struct Marks {
    reactions: BTreeMap<MessageId, BTreeMap<MemberId, (Place, Option<Emoji>)>>,
    /// Of changed texts, where the change stands.
    edits: BTreeMap<MessageId, Place>,
    pub(super) early: BTreeMap<(MemberId, MessageId), Early>,
    /// What the early marks of each member weigh.
    early_weight: BTreeMap<MemberId, usize>,
    outgoing: BTreeMap<u64, (MessageId, Mark)>,
}

/// What one member did to one message that is not here.
#[derive(Default)]
pub(super) struct Early {
    newest: Option<Place>,
    /// Since when it waits, by our own clock; 0 before that was looked at.
    pub(super) since: u64,
    reaction: Option<(Place, Option<Emoji>)>,
    pub(super) edit: Option<(Place, u64, SecretBytes)>,
    deleted: Option<Place>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct ReactionRecord {
    version: u8,
    place: StoredPlace,
    /// Empty once it was taken back.
    emoji: Bytes,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct EarlyRecord {
    version: u8,
    since: u64,
    reaction: Option<ReactionRecord>,
    edit: Option<EarlyEdit>,
    deleted: Option<StoredPlace>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct EarlyEdit {
    place: StoredPlace,
    at: u64,
    text: SecretBytes,
}

impl Mark {
    /// The mark as it is said to the cell.
    pub(crate) fn content(&self, target: MessageId) -> Content {
        let target = *target.as_bytes();
        match self {
            Self::React(emoji) => Content::Reaction {
                target,
                emoji: emoji_bytes(emoji.as_ref()),
            },
            Self::Edit { at, text } => Content::Edit {
                target,
                written_at: *at,
                text: text.clone(),
            },
            Self::Delete => Content::Delete { target },
        }
    }

    /// Reads a mark from what somebody said: nothing if it is none, or one that nobody may make.
    pub(crate) fn of(content: &Content) -> Option<(MessageId, Self)> {
        let (target, mark) = match content {
            Content::Reaction { target, emoji } => (target, Self::React(parse_emoji(emoji).ok()?)),
            Content::Edit {
                target,
                written_at,
                text,
            } => {
                parse_text(text.as_slice())?;
                let mark = Self::Edit {
                    at: *written_at,
                    text: text.clone(),
                };
                (target, mark)
            }
            Content::Delete { target } => (target, Self::Delete),
            Content::Text { .. }
            | Content::Attachment { .. }
            | Content::Carrier { .. }
            | Content::Forward { .. }
            | Content::Call { .. }
            | Content::CallOff { .. }
            | Content::CallPart { .. }
            | Content::Whisper { .. } => return None,
        };
        Some((MessageId::from_bytes(*target), mark))
    }
}

impl Messages {
    /// Takes a mark. Says whether what is shown has changed.
    pub(crate) fn mark(
        &mut self,
        target: MessageId,
        author: MemberId,
        place: Place,
        mark: Mark,
        writes: &mut Vec<Write>,
    ) -> bool {
        if self.hidden.contains(&target) {
            return false;
        }
        let Some((stands, mut entry)) = self.get(&target) else {
            self.keep_early(target, author, place, mark, writes);
            return false;
        };
        if entry.deleted {
            return false;
        }
        match mark {
            Mark::React(emoji) => self.set_reaction(target, author, place, emoji, writes),
            Mark::Edit { .. } | Mark::Delete
                if entry.author != author && !mutant!(AnybodyDeletes) =>
            {
                false
            }
            Mark::Edit { at, text } => {
                let before = self.marks.edits.get(&target);
                if !before.is_none_or(|before| replaces(place, *before)) {
                    return false;
                }
                self.marks.edits.insert(target, place);
                self.reprint(stands, &mut entry, &text);
                let edited = Edited {
                    at,
                    place: place.into(),
                };
                let record = self.changed_record(stands, entry, text, Some(edited));
                writes.push(Write::Message(target, Some(record.to_bytes())));
                true
            }
            Mark::Delete => {
                self.bury(stands, entry, writes);
                true
            }
        }
    }

    fn changed_record(
        &self,
        stands: Place,
        entry: Entry,
        text: SecretBytes,
        edited: Option<Edited>,
    ) -> MessageRecord {
        let reply_to = self.replies.get(&entry.message);
        MessageRecord {
            place: stands.into(),
            message: *entry.message.as_bytes(),
            author: *entry.author.as_bytes(),
            audience: entry.audience,
            arrival: entry.arrival,
            nonce: [0; 16],
            written_at: entry.written_at,
            text,
            reply_to: reply_to.map(|message| *message.as_bytes()),
            edited,
            deleted: u8::from(entry.deleted),
            ends_at: entry.ends_at,
            // Whoever changes a text says it themselves.
            proof: SecretBytes::from(Vec::new()),
        }
    }

    /// Leaves a tombstone where a message was.
    fn bury(&mut self, stands: Place, mut entry: Entry, writes: &mut Vec<Write>) {
        entry.deleted = true;
        entry.print = TextPrint::default();
        self.replies.remove(&entry.message);
        self.entries.insert(stands, entry);
        self.unread.remove(&stands);
        self.forget_marks(entry.message, writes);
        self.drop_outgoing(entry.message, writes, |waiting| *waiting != Mark::Delete);
        let record = self.changed_record(stands, entry, SecretBytes::from(Vec::new()), None);
        writes.push(Write::Message(entry.message, Some(record.to_bytes())));
        writes.push(Write::NoAttachment(entry.message));
    }

    /// Forgets what was done to a message.
    pub(super) fn forget_marks(&mut self, message: MessageId, writes: &mut Vec<Write>) {
        self.marks.edits.remove(&message);
        let reactions = self.marks.reactions.remove(&message).unwrap_or_default();
        let members = reactions.into_keys();
        writes.extend(members.map(|member| Write::Reaction(message, member, None)));
    }

    fn set_reaction(
        &mut self,
        target: MessageId,
        author: MemberId,
        place: Place,
        emoji: Option<Emoji>,
        writes: &mut Vec<Write>,
    ) -> bool {
        let reactions = self.marks.reactions.entry(target).or_default();
        let before = reactions.get(&author);
        if !before.is_none_or(|(before, _)| replaces(place, *before)) {
            return false;
        }
        let differs = before.and_then(|(_, emoji)| emoji.as_ref()) != emoji.as_ref();
        let record = encode(&ReactionRecord {
            version: VERSION,
            place: place.into(),
            emoji: emoji_bytes(emoji.as_ref()),
        });
        writes.push(Write::Reaction(target, author, Some(record)));
        reactions.insert(author, (place, emoji));
        differs
    }

    /// Keeps a mark for a message that may still come. The oldest ones of a member with too many go.
    fn keep_early(
        &mut self,
        target: MessageId,
        author: MemberId,
        place: Place,
        mark: Mark,
        writes: &mut Vec<Write>,
    ) {
        let early = self.marks.early.entry((author, target)).or_default();
        let before = early.weight();
        early.take(place, mark);
        let (now, record) = (early.weight(), early.to_bytes());
        writes.push(Write::Early(target, author, Some(record)));
        let weight = self.marks.early_weight.entry(author).or_default();
        *weight = *weight + now - before;
        while self.marks.early_weight.get(&author).copied() > Some(EARLY_MARK_BYTES) {
            let first = (author, MessageId::from_bytes([0; 32]));
            let ours = self.marks.early.range(first..);
            let oldest = ours
                .take_while(|((member, _), _)| *member == author)
                .min_by_key(|(_, early)| early.newest)
                .map(|((_, message), _)| *message);
            let Some(oldest) = oldest else { return };
            self.take_early(oldest, author, writes);
        }
    }

    pub(super) fn take_early(
        &mut self,
        target: MessageId,
        author: MemberId,
        writes: &mut Vec<Write>,
    ) -> Option<Early> {
        let early = self.marks.early.remove(&(author, target))?;
        if let Some(weight) = self.marks.early_weight.get_mut(&author) {
            *weight -= early.weight();
            if *weight == 0 {
                self.marks.early_weight.remove(&author);
            }
        }
        writes.push(Write::Early(target, author, None));
        Some(early)
    }

    /// Applies what came before the message did.
    pub(super) fn apply_early(&mut self, message: MessageId, writes: &mut Vec<Write>) {
        let authors: Vec<MemberId> = self.marks.early_weight.keys().copied().collect();
        for author in authors {
            let Some(early) = self.take_early(message, author, writes) else {
                continue;
            };
            let marks = [
                early.reaction.map(|(at, emoji)| (at, Mark::React(emoji))),
                early
                    .edit
                    .map(|(place, at, text)| (place, Mark::Edit { at, text })),
                early.deleted.map(|at| (at, Mark::Delete)),
            ];
            for (place, mark) in marks.into_iter().flatten() {
                self.mark(message, author, place, mark, writes);
            }
        }
    }

    /// Puts a mark of ours in the queue, in place of what it makes needless, and shows it.
    pub(crate) fn queue(&mut self, target: MessageId, mark: Mark, writes: &mut Vec<Write>) {
        let number = self.next_waiting;
        self.next_waiting += 1;
        let needless = |waiting: &Mark| match (&mark, waiting) {
            (Mark::Delete, _)
            | (Mark::React(_), Mark::React(_))
            | (Mark::Edit { .. }, Mark::Edit { .. }) => true,
            (Mark::React(_) | Mark::Edit { .. }, _) => false,
        };
        self.drop_outgoing(target, writes, needless);
        let record = encode(&mark.content(target));
        writes.push(Write::Outgoing(number, Some(record)));
        self.marks.outgoing.insert(number, (target, mark.clone()));
        self.mark(target, self.me, Place::Waiting(number), mark, writes);
    }

    pub(super) fn drop_outgoing(
        &mut self,
        target: MessageId,
        writes: &mut Vec<Write>,
        needless: impl Fn(&Mark) -> bool,
    ) {
        let drops = |number: &u64, (of, mark): &mut (MessageId, Mark)| {
            let dropped = *of == target && needless(mark);
            if dropped {
                writes.push(Write::Outgoing(*number, None));
            }
            dropped
        };
        self.marks.outgoing.extract_if(.., drops).for_each(drop);
    }

    /// Marks of ours that wait.
    pub(super) fn outgoing(&self) -> usize {
        self.marks.outgoing.len()
    }

    /// The oldest mark of ours that waits.
    pub(crate) fn next_outgoing(&self) -> Option<(u64, MessageId, Mark)> {
        let (number, (target, mark)) = self.marks.outgoing.first_key_value()?;
        Some((*number, *target, mark.clone()))
    }

    /// A mark of ours that waited stands in an envelope now.
    pub(crate) fn sent(&mut self, number: u64, place: Place, writes: &mut Vec<Write>) {
        if let Some((target, mark)) = self.marks.outgoing.remove(&number) {
            writes.push(Write::Outgoing(number, None));
            self.mark(target, self.me, place, mark, writes);
        }
    }

    /// How members reacted to a message, in the order of their reactions.
    pub(crate) fn reactions(&self, message: &MessageId) -> Vec<Reaction> {
        let reactions = self.marks.reactions.get(message).into_iter().flatten();
        let mut said: Vec<_> = reactions
            .filter_map(|(member, (place, emoji))| Some((*place, *member, emoji.as_ref()?)))
            .collect();
        said.sort();
        let mut shown: Vec<Reaction> = Vec::new();
        for (_, member, emoji) in said {
            match shown.iter_mut().find(|known| known.emoji == *emoji) {
                Some(known) => known.members.push(member),
                None => shown.push(Reaction {
                    emoji: emoji.clone(),
                    members: vec![member],
                }),
            }
        }
        shown
    }

    /// The emoji of one member under a message.
    pub(crate) fn reaction_of(&self, message: &MessageId, member: &MemberId) -> Option<&Emoji> {
        let (_, emoji) = self.marks.reactions.get(message)?.get(member)?;
        emoji.as_ref()
    }

    /// Puts back a stored reaction.
    pub(crate) fn restore_reaction(
        &mut self,
        message: MessageId,
        member: MemberId,
        value: &[u8],
    ) -> Result<(), Malformed> {
        let said = decode::<ReactionRecord>(value)?.said()?;
        let reactions = self.marks.reactions.entry(message).or_default();
        reactions.insert(member, said);
        Ok(())
    }

    /// Puts back what a member did to a message that was not here.
    pub(crate) fn restore_early(
        &mut self,
        message: MessageId,
        member: MemberId,
        value: &[u8],
    ) -> Result<(), Malformed> {
        let early = Early::from_bytes(value)?;
        *self.marks.early_weight.entry(member).or_default() += early.weight();
        self.marks.early.insert((member, message), early);
        Ok(())
    }

    /// Puts back a mark of ours that waits.
    pub(crate) fn restore_outgoing(&mut self, number: u64, value: &[u8]) -> Result<(), Malformed> {
        let waiting = Mark::of(&decode(value)?).ok_or(Malformed)?;
        self.marks.outgoing.insert(number, waiting);
        self.next_waiting = self.next_waiting.max(number + 1);
        Ok(())
    }

    /// Puts back where the change of a text stands.
    pub(super) fn restore_edit(&mut self, message: MessageId, place: Place) {
        self.marks.edits.insert(message, place);
    }
}

/// Whether what stands at `new` wins over what stands at `old`. Only a mark of our own waits, and what replaces it is
/// the next one or its own envelope.
fn replaces(new: Place, old: Place) -> bool {
    new > old || matches!(old, Place::Waiting(_))
}

fn emoji_bytes(emoji: Option<&Emoji>) -> Bytes {
    emoji
        .map_or(&[][..], |emoji| emoji.expose().as_bytes())
        .into()
}

fn parse_emoji(bytes: &Bytes) -> Result<Option<Emoji>, Malformed> {
    if bytes.as_slice().is_empty() {
        return Ok(None);
    }
    let text = std::str::from_utf8(bytes.as_slice()).map_err(|_| Malformed)?;
    Ok(Some(Emoji::parse(text).map_err(|_| Malformed)?))
}

impl ReactionRecord {
    fn said(&self) -> Result<(Place, Option<Emoji>), Malformed> {
        if self.version != VERSION {
            return Err(Malformed);
        }
        Ok((self.place.place()?, parse_emoji(&self.emoji)?))
    }
}

impl Early {
    fn take(&mut self, place: Place, mark: Mark) {
        self.newest = self.newest.max(Some(place));
        match mark {
            Mark::React(emoji) => {
                if self.reaction.as_ref().is_none_or(|(at, _)| place > *at) {
                    self.reaction = Some((place, emoji));
                }
            }
            Mark::Edit { at, text } => {
                let later = self.edit.as_ref().is_none_or(|(known, ..)| place > *known);
                if later && self.deleted.is_none() {
                    self.edit = Some((place, at, text));
                }
            }
            Mark::Delete => {
                self.edit = None;
                self.deleted = self.deleted.max(Some(place));
            }
        }
    }

    fn weight(&self) -> usize {
        if self.newest.is_none() {
            return 0;
        }
        let text = self.edit.as_ref();
        EARLY_WEIGHT + text.map_or(0, |(_, _, text)| text.as_slice().len())
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        encode(&EarlyRecord {
            version: EARLY_VERSION,
            since: self.since,
            reaction: self.reaction.as_ref().map(|(place, emoji)| ReactionRecord {
                version: VERSION,
                place: (*place).into(),
                emoji: emoji_bytes(emoji.as_ref()),
            }),
            edit: self.edit.as_ref().map(|(place, at, text)| EarlyEdit {
                place: (*place).into(),
                at: *at,
                text: text.clone(),
            }),
            deleted: self.deleted.map(StoredPlace::from),
        })
    }

    fn from_bytes(value: &[u8]) -> Result<Self, Malformed> {
        let record: EarlyRecord = decode(value)?;
        if record.version != EARLY_VERSION {
            return Err(Malformed);
        }
        let reaction = record.reaction.as_ref().map(ReactionRecord::said);
        let reaction = reaction.transpose()?;
        let edit = record
            .edit
            .map(|edit| Ok((edit.place.place()?, edit.at, edit.text)));
        let edit = edit.transpose()?;
        let deleted = record.deleted.as_ref().map(StoredPlace::place);
        let deleted = deleted.transpose()?;
        let places = [
            reaction.as_ref().map(|(place, _)| *place),
            edit.as_ref().map(|(place, ..)| *place),
            deleted,
        ];
        Ok(Self {
            newest: places.into_iter().flatten().max(),
            since: record.since,
            reaction,
            edit,
            deleted,
        })
    }
}

#[cfg(test)]
#[path = "marks_tests.rs"]
mod tests;
