//! Every limit and interval of channels, each with its reason.

use std::time::Duration;

use crypto::kdf::KdfParams;

/// Publishers of one channel. People who must agree on every post; more than this is a meeting.
pub const PUBLISHERS_MAX: usize = 16;

/// Charters in the lineage of one channel: one change a month for twenty years. Whoever subscribes checks all of them.
pub const CHARTERS_MAX: usize = 256;

/// Lengths of what is inside a post: 64 bytes more than 256 B, 1 KiB, 4 KiB, 16 KiB and 64 KiB, so that few lengths are
/// seen and a text of a whole KiB does not need the next. The last holds the largest call (48 KiB).
pub const BUCKETS: [usize; 5] = [320, 1088, 4160, 16_448, 65_600];

/// The longest post: the largest bucket, its tag, the header and sixteen signatures, with room.
pub const POST_LIMIT: usize = 66 * 1024 + 512;

/// How far beyond the first missing post one is looked at. Whoever was away longer catches up in order; a ratchet is
/// turned at most so far for one post, about a millisecond.
pub const WINDOW: u64 = 512;

/// Message keys kept for posts that are still missing, per epoch: all that a window can skip.
pub const SKIPPED_MAX: usize = WINDOW as usize;

/// Epochs whose keys are held: the present one, and those whose last posts are still on their way.
pub const EPOCHS_KEPT: usize = 4;

/// Posts of one channel that are kept; the oldest go first. Ten a day for a year.
pub const POSTS_KEPT: usize = 4096;

/// Calls known to be called off, per channel: several years of one a day. The oldest go first, their calls expired long ago.
pub const CANCELLED_MAX: usize = 1024;

/// Calls named as called off in one checkpoint: those of several months.
pub const CANCELLED_PER_CHECKPOINT: usize = 128;

/// How many versions of a call are followed back to the first. No honest one has so many.
pub const VERSIONS_MAX: usize = 64;

/// Why a call is called off: one sentence, as everywhere in a call.
pub const REASON_CHARS: usize = 280;

/// Single good signatures remembered from posts of which another did not hold, so that garbling a genuine post over and
/// over costs its readers one check each time.
pub const PARTLY_MAX: usize = 64;

/// A clock may be a day ahead of ours.
pub const DAYS_AHEAD: u32 = 1;

/// A countersigner's clock may be a day ahead of the author's, and people sleep before they countersign.
pub const DAYS_BEHIND: u32 = 3;

/// The longest that a channel may promise to be silent. Beyond a quarter nobody watches for the sign.
pub const FRESH_DAYS_MAX: u16 = 92;

/// Addresses in a link: enough to find one reader, and the link still fits a code to scan.
pub const HINTS_MAX: usize = 3;

/// The longest text that is looked at as a link: three addresses of full length, sealed, make 900 bytes.
pub const LINK_TEXT_LIMIT: usize = 2048;

/// What opening a link with a passphrase may cost at most. A link comes from anywhere and names its own cost.
pub const LINK_KDF_CEILING: KdfParams = KdfParams::DEFAULT;

/// Gaps named in one summary. More are told the next time.
pub const GAPS_PER_SUMMARY: usize = 16;

/// Heads named in one summary, each twice as far back as the one before: they find where two logs part.
pub const PROBES_PER_SUMMARY: usize = 14;

/// Ranges asked for at a time.
pub const RANGES_PER_REQUEST: usize = 16;

/// Posts that answer one request.
pub const POSTS_PER_ANSWER: usize = 64;

/// Bytes that answer one request: four of the largest posts, and few enough for any queue.
pub const BYTES_PER_ANSWER: usize = 288 * 1024;

/// The largest pack of items: a lineage of full length, or an answer, with room.
pub const PACK_LIMIT: usize = 1024 * 1024;

/// Items in one pack: an answer of posts, a lineage, and what one says of oneself.
pub const ITEMS_PER_PACK: usize = 128;

/// What waits to be posted on one device. Whoever writes more should wait for the others to countersign.
pub const WISHES_MAX: usize = 8;

/// Drafts that wait for a person on one device: one per publisher and some that were given up.
pub const DRAFTS_MAX: usize = 32;

/// How long a promise keeps a place in the log for the publisher to whom it was given. Long enough for people to read
/// and countersign; whoever has a seized key delays the others by so much at most, every second time.
pub const HOLD: Duration = Duration::from_secs(3600);

/// How far beyond the last turn that is known of one is asked for. Far enough for devices that were apart, and so little
/// that nobody comes to the last number there is.
pub const TURNS_AHEAD: u64 = 65_536;
