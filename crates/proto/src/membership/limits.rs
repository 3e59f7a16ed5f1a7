//! Every number of the membership record, each with its reason (PROTOCOL §9).

/// Bytes of one signed operation. The largest honest one is an `add` with 64 parents and a full key package, 10.6 KiB.
pub(crate) const OPERATION_LIMIT: usize = 11 * 1024;

/// Bytes of a key package. A hybrid one is 2.7 KiB; the rest is room for extensions.
pub(crate) const KEY_PACKAGE_LIMIT: usize = 8 * 1024;

/// Bytes of one signed envelope header in an `evidence`: 32 `seen` entries and 64 heads are 3.6 KiB.
pub(crate) const EVIDENCE_HEADER_LIMIT: usize = 4 * 1024;

/// Parents of one operation, and heads that we name. As many as a cell can have members (PROTOCOL §9): even if all act
/// at the same moment, one operation joins what they did.
pub(crate) const PARENTS_LIMIT: usize = 64;

/// Operations in one cell. Years of a busy cell are some hundreds; 16,384 are 30 MiB of ancestor sets at most. Beyond it
/// only votes, leaves and what witnesses them are taken: nobody fills the record so that a removal becomes impossible.
pub(crate) const OPERATIONS_LIMIT: usize = 16_384;

/// Operations of one author but votes and resets, counted in the past of the next one, where the author's chain lies
/// (see `chains`). A full member who adds, vouches and confirms for everybody in a cell of fifty stays below it.
pub(crate) const OPERATIONS_PER_AUTHOR: usize = 128;

/// The same for somebody who may not decide anything: who adds puppets gets little room in the record by them.
pub(crate) const OPERATIONS_OF_READER: usize = 64;

/// Votes of one author: one for each person whom any cell has ever held, and room. Not part of the others' number, so
/// that whoever has used up that one can still vote.
pub(crate) const VOTES_PER_AUTHOR: usize = 512;

/// Resets of one author. Each is a restore that somebody has to confirm.
pub(crate) const RESETS_PER_AUTHOR: usize = 16;

/// How many operations of a forked chain we keep though nobody built upon them, in times what one chain may hold: a whole
/// branch that only one of us was given fits, and nobody has to wait for those who speak upon it.
pub(crate) const STRAY_CHAINS: usize = 2;

/// How many operations of one forked chain somebody else's operation names: two show the fork.
pub(crate) const FORKED_PARENTS: usize = 2;

/// Operations that wait for their parents. Sync sends parents first, so more than a handful is not honest; the oldest
/// makes room.
pub(crate) const PARKED_LIMIT: usize = 1_024;

/// Adds by one member (PROTOCOL §4). Twice the introductions that anybody in a cell of 25 has made in real life.
pub(crate) const ADDS_PER_MEMBER: usize = 16;

/// Members, if adds at the cap were concurrent (PROTOCOL §9). What fits the frontier and the 64 heads.
pub(crate) const OVERSHOOT_LIMIT: usize = 64;

/// How many of those whom the founder adds are full at once (PROTOCOL §4): with the founder, the first quorum of three.
pub(crate) const FOUNDING_ADDS: usize = 2;

/// The smallest cell that can remove somebody (PROTOCOL §4): in a cell of two, either would be first.
pub(crate) const REMOVABLE_SIZE: usize = 3;

/// Up to this size two votes remove, above it three (PROTOCOL §4).
pub(crate) const SMALL_CELL: usize = 9;

/// Votes that remove in a small cell. The smallest number that is not one person's decision.
pub(crate) const QUORUM_SMALL: u8 = 2;

/// Votes that remove in a larger cell.
pub(crate) const QUORUM_LARGE: u8 = 3;

/// The shortest message lifetime in seconds (PROTOCOL §4): shorter ones would expire before people meet.
pub(crate) const LIFETIME_MIN_S: u32 = 3_600;

/// States kept for heads that envelopes name. Logs of one moment name the same few.
pub(crate) const STATES_CACHED: usize = 16;
