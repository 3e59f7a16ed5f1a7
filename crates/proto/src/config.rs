//! Every limit and interval of the core, each with its reason. Nothing else in the crate holds a number that decides.

use std::net::IpAddr;
use std::time::Duration;

/// What the person or the shell chose before the start.
#[derive(Clone, Debug)]
pub struct Config {
    /// The interface on which doors listen unless a cell says otherwise.
    pub listen_ip: IpAddr,
}

/// The longest frame content we take, in bytes: what the driver's codec holds at once per connection.
pub const FRAME_LIMIT: usize = 256 * 1024 - 4;

/// The largest pack of a channel that is given to gossip: two of the largest posts and some charters, which is the proof of
/// a contradiction. Larger ones go to one peer at a time.
pub const GOSSIP_LIMIT: usize = 144 * 1024;

/// We pack items into frames up to this many bytes: large enough that padding to 1 KiB costs under 2 %, small enough
/// that a slow link is not blocked by one frame for long.
pub(crate) const FRAME_TARGET: usize = 60 * 1024;

/// Frames from somebody who only holds an invite: a key package (2.7 KiB hybrid), a name and a card fit many times.
pub(crate) const STRANGER_FRAME_LIMIT: usize = 16 * 1024;

/// The largest envelope in bytes. A commit with welcomes for 50 hybrid members is 210 KiB; attachments travel apart.
pub(crate) const ENVELOPE_LIMIT: usize = 1024 * 1024;

/// The largest attachment, in a cell whose members meet on a LAN: what a minute of wireless network carries (PROTOCOL §7).
pub const ATTACHMENT_LIMIT: u64 = 25 * 1024 * 1024;

/// The largest attachment that is sent in any other cell: several minutes of a slow line for each member.
pub const ATTACHMENT_LIMIT_FAR: u64 = 5 * 1024 * 1024;

/// The widest and highest picture that a message may speak of: any camera's.
pub(crate) const IMAGE_SIDE_MAX: u32 = 12_000;

/// Pictures up to this size are fetched without being asked for: one that was made smaller for sending is.
pub(crate) const FETCH_AT_ONCE: u64 = 512 * 1024;

/// Attachments of one member are fetched without being asked for while they hold no more than this here: a hundred
/// pictures. Whoever floods a cell with them does not fill anybody's disk.
pub(crate) const FETCH_AT_ONCE_BYTES: u64 = 64 * 1024 * 1024;

/// Bytes of attachments of one member, ourselves included, that one cell keeps on this device: a year of pictures.
pub(crate) const ATTACHMENT_BYTES_PER_MEMBER: u64 = 512 * 1024 * 1024;

/// Bytes of attachments that one cell keeps on this device: what a small laptop can spare.
pub(crate) const ATTACHMENT_BYTES_PER_CELL: u64 = 2 * 1024 * 1024 * 1024;

/// Attachments that are being taken in at once in one cell: each is one call of a shell.
pub(crate) const ATTACHMENTS_IN_MAKING: usize = 4;

/// Attachments that are being fetched at once in one cell, each from another member: one who is slow holds up one.
pub(crate) const FETCHES_PER_CELL: usize = 4;

/// Pieces that are asked for and have not come, per fetch. What a member says next waits behind so many in the network.
pub(crate) const PIECES_ASKED: u32 = 2;

/// Requests for pieces of one member that wait for us. Honest peers have `PIECES_ASKED`; more ends the connection.
pub(crate) const WANTS_PER_PEER: usize = 8;

/// A member is given a piece at most this often: 5 MiB a second, and nobody keeps our disk busy.
pub(crate) const PIECE_PACE: Duration = Duration::from_millis(10);

/// A piece that does not come in this time is asked of somebody else: as a pull.
pub(crate) const PIECE_TIME: Duration = Duration::from_secs(20);

/// Whoever does not have a piece, or does not send it, is asked for it again after this: they may have fetched it.
pub(crate) const FETCH_REST: Duration = Duration::from_secs(60);

/// Whoever sent a wrong piece is asked for that attachment again after this.
pub(crate) const LIAR_REST: Duration = Duration::from_secs(3600);

/// The largest thing that is sent in fragments: a join bundle of a long-lived cell.
pub(crate) const TRANSFER_LIMIT: usize = 5 * 1024 * 1024;

/// Transfers in assembly per peer. Honest peers need one; four leave room for several connections.
pub(crate) const TRANSFERS_PER_PEER: usize = 4;

/// How many bytes of envelopes answer one pull. Bounded so that a driver's queue of 4 MiB never overflows from it.
pub(crate) const PULL_BYTES: usize = 1024 * 1024;

/// How many envelopes answer one pull.
pub(crate) const PULL_ENVELOPES: usize = 2048;

/// Logs of which one answer says where they begin now: each takes one envelope.
pub(crate) const FIRSTS_PER_PULL: usize = 4;

/// Envelopes of one author that wait for a predecessor (PROTOCOL §9).
pub(crate) const PARKED_PER_LOG: usize = 1024;

/// Bytes of such envelopes.
pub(crate) const PARKED_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of envelopes of one author that we hold for others (PROTOCOL §5). Beyond it the oldest go, whoever lacks them: a
/// member who never says what they have must not stop anybody.
pub(crate) const BACKLOG_BYTES: usize = 64 * 1024 * 1024;

/// Logs in one cell, closed ones included (PROTOCOL §9).
pub(crate) const LOGS_PER_CELL: usize = 128;

/// Lives of one member of which we begin a copy of the log: the current one, and the one before, of which something may
/// still arrive.
pub(crate) const LIVES_PER_MEMBER: usize = 2;

/// Other logs' heads that one envelope names; the rest next time (PROTOCOL §2).
pub(crate) const SEEN_PER_ENVELOPE: usize = 32;

/// Membership heads that one envelope may name.
pub(crate) const HEADS_PER_ENVELOPE: usize = 64;

/// How far an author's order may run ahead of all that we know: gaps of a newcomer, never a jump to the end.
pub(crate) const ORDER_LEAP: u64 = 1 << 32;

/// Cells on one device, those left included.
pub(crate) const CELLS: usize = 64;

/// Texts, reactions, changes and deletions that wait to become envelopes, per cell: days of writing offline.
pub(crate) const WAITING_PER_CELL: usize = 8192;

/// What reactions, changes and deletions of one member may weigh whose messages are not here: 512 of them, or a few long
/// texts. A newcomer gets those of messages from before they joined, which never come.
pub(crate) const EARLY_MARK_BYTES: usize = 128 * 1024;

/// Calls of one member in a cell that are not over. Nobody takes part in more, and whoever floods fills no memory: 16 of
/// 48 KiB.
pub(crate) const CALLS_PER_MEMBER: usize = 16;

/// Calls of one member that we take. More than anybody may share: a call that is over for its author may stay here for a
/// day longer, and what one device takes the others should take too.
pub(crate) const CALLS_TAKEN_PER_MEMBER: usize = 4 * CALLS_PER_MEMBER;

/// Check-ins and call-offs that wait although `WAITING_PER_CELL` others do: one for each call that anybody follows.
pub(crate) const URGENT_WAITING: usize = 64;

/// A device that was not woken for so many milliseconds slept: awake, it is at least each 45 s (`SYNC_INTERVAL`).
pub(crate) const ASLEEP_MS: u64 = 5 * 60 * 1000;

/// So many milliseconds a device that slept takes to hear what was said meanwhile: members are met in two minutes.
pub(crate) const CATCH_UP_MS: u64 = 10 * 60 * 1000;

/// Calls of channels that one member may show to be off. Far more than a cell takes from channels in the time for which
/// that is remembered; whoever shows more fills no room but their own.
pub(crate) const CALLS_OFF_PER_MEMBER: usize = 64;

/// A forwarded post with the charters that prove it. A text of the longest kind fits, with a hundred charters.
pub(crate) const FORWARD_LIMIT: usize = 128 * 1024;

/// Calls to which a member added something while the call itself is not here. A newcomer gets that of calls from before
/// they joined, which never come; each is forgotten when its call is over.
pub(crate) const EARLY_CALLS: usize = 32;

/// Calls of which we remember that they were erased, so that what arrives late does not begin them again.
pub(crate) const ERASED_CALLS: usize = 1024;

/// How long messages last where nobody has set anything: what a seized device shows is a week.
pub(crate) const LIFETIME_DEFAULT: Duration = Duration::from_secs(7 * 24 * 3600);

/// A message may be dated so many milliseconds ahead of our clock: a day, for clocks that are set to another place.
pub(crate) const CLOCK_AHEAD_MS: u64 = 24 * 3600 * 1000;

/// A clock that stands before the year 2024 (in milliseconds since the Unix epoch) was set by nobody: a dead battery.
pub(crate) const CLOCK_FLOOR_MS: u64 = 1_704_067_200_000;

/// Invites kept per cell, used and expired ones included.
pub(crate) const INVITES_PER_CELL: usize = 64;

/// Invites open at once per cell: each holds a listening port.
pub(crate) const OPEN_INVITES_PER_CELL: usize = 8;

/// Peers connected at once in one cell, strangers with invites included.
pub(crate) const SESSIONS_PER_CELL: usize = 128;

/// The longest life of an invite that a person can ask for.
pub(crate) const INVITE_LIFE_MAX: Duration = Duration::from_secs(14 * 24 * 3600);

/// An invite without an asked life lasts this long.
pub const INVITE_LIFE: Duration = Duration::from_secs(48 * 3600);

/// How long the answer to `Invite` waits for a port to open.
pub(crate) const INVITE_LISTEN_WAIT: Duration = Duration::from_secs(10);

/// What a newcomer adds to their own join bundle, in bytes: an operation of 11 KiB, a card, a floor, and room for what
/// happens while two people compare a phrase.
pub(crate) const NEWCOMER_ROOM: usize = 64 * 1024;

/// How long a newcomer tries to reach the inviter.
pub(crate) const JOIN_DIAL_TIME: Duration = Duration::from_secs(60);

/// A stranger at an invite's door who says nothing is sent away after this.
pub(crate) const STRANGER_SILENCE: Duration = Duration::from_secs(20);

/// How long a join may wait for the two people to compare the phrase.
pub(crate) const JOIN_TIME: Duration = Duration::from_secs(15 * 60);

/// So long a newcomer whose connection broke while the inviter's person decides waits before it dials again: soon enough
/// for somebody who looks at the screen, and no storm of dials for a quarter of an hour.
pub(crate) const JOIN_RETURN: Duration = Duration::from_secs(5);

/// An acceptance of more bytes is not stored: the most that one record may hold.
pub(crate) const VERDICT_STORED: usize = 1024 * 1024;

/// So many bytes that overtook the acceptance are kept: the first answer of a session (cards, acks, a frontier).
pub(crate) const EARLY_LIMIT: usize = 256 * 1024;

/// Between frontiers sent for certainty; jittered to half as much again (PROTOCOL §5).
pub(crate) const SYNC_INTERVAL: Duration = Duration::from_secs(30);

/// After something new, our frontier goes out this much later: one for a burst.
pub(crate) const FRONTIER_DELAY: Duration = Duration::from_millis(500);

/// A pull without an answer is given up after this.
pub(crate) const PULL_TIME: Duration = Duration::from_secs(20);

/// Whoever says that they have more of our own log than we do has this long to show it. Showing takes one small frame,
/// sent as soon as they hear how far we reach.
pub(crate) const CLAIM_TIME: Duration = Duration::from_secs(30);

/// So many full members who say so and are not there to be asked are believed without: one alone may lie.
pub(crate) const CLAIMANTS: usize = 2;

/// What somebody refers to and nobody shows us for this long, while we are connected, is told. Members who were away have
/// met somebody by then, and a pull takes seconds.
pub(crate) const GAP_TIME: Duration = Duration::from_secs(600);

/// After an answer that brought nothing new, a member is not pulled from for this long; doubled each time up to
/// `SYNC_INTERVAL`.
pub(crate) const PULL_REST: Duration = Duration::from_millis(500);

/// Acks are signed at most this often (PROTOCOL §5).
pub(crate) const ACK_INTERVAL: Duration = Duration::from_secs(60);

/// The first ack after a quiet time comes this soon.
pub(crate) const ACK_DELAY: Duration = Duration::from_secs(2);

/// Starts of others that one ack answers: one of each member, as many as there can be (PROTOCOL §9).
pub(crate) const ANSWERS_PER_ACK: usize = 64;

/// A removal or a restored device is answered by a silent member's commit after this, plus jitter.
pub(crate) const SILENT_RECONCILE: Duration = Duration::from_secs(20);

/// A member who has not applied a removal after this long is told of: whoever is online does so in under a minute.
pub(crate) const REMOVAL_TIME: Duration = Duration::from_secs(3600);

/// A path commit of our own after this many messages (PROTOCOL §9).
pub(crate) const HEAL_MESSAGES: u32 = 100;

/// A path commit of our own after this time online (PROTOCOL §9).
pub(crate) const HEAL_INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// The first wait before dialling somebody again. Doubles each time.
pub(crate) const DIAL_BACKOFF: Duration = Duration::from_secs(1);

/// The longest wait before dialling somebody again.
pub(crate) const DIAL_BACKOFF_MAX: Duration = Duration::from_secs(120);

/// A dial that brings no answer from the driver is given up after this.
pub(crate) const DIAL_TIME: Duration = Duration::from_secs(30);

/// The old door stays open this long after a new one was made (PROTOCOL §1).
pub(crate) const OLD_DOOR_TIME: Duration = Duration::from_secs(7 * 24 * 3600);

/// Between LAN beacons; jittered to twice as much.
pub(crate) const BEACON_INTERVAL: Duration = Duration::from_secs(10);

/// How many hours a beacon's clock may be off: what is tolerated of clocks anywhere (PROTOCOL §9).
pub(crate) const BEACON_HOURS: u32 = 24;

/// `sent_at` is cut to this: enough for a screen that shows minutes, little for a seized log.
pub(crate) const SENT_AT_UNIT: Duration = Duration::from_secs(60);

/// One rewelcome per member in this time: each costs two commits.
pub(crate) const REWELCOME_INTERVAL: Duration = Duration::from_secs(600);

/// A log whose commit needs a healing secret that does not come is given up after this, and its owner asked to add us
/// again.
pub(crate) const SECRET_PATIENCE: Duration = Duration::from_secs(600);

/// Carrier keys kept per cell: those in use and those of bundles still on their way.
pub(crate) const CARRIER_KEYS: usize = 64;

/// The largest bundle.
pub const BUNDLE_LIMIT: usize = 64 * 1024 * 1024;

/// Addresses in one peer card.
pub(crate) const ADDRESSES_PER_CARD: usize = 8;

/// Messages that one list may ask for.
pub(crate) const LIST_LIMIT: usize = 10_000;

/// Channels on one device, each with a port of its own.
pub(crate) const CHANNELS: usize = 32;

/// Readers of one channel whose addresses are kept. Those named last stay; one that answers is enough.
pub(crate) const READERS_KNOWN: usize = 16;

/// Links to one channel that wait for the charters, the last first. The first may have been altered on its way; whoever
/// gets four that lead nowhere should ask somebody else. Each opens a port.
pub(crate) const LINKS_WAITING: usize = 4;

/// Peers of one channel that are connected at a time: enough for gossip, and few enough for a laptop.
pub(crate) const CHANNEL_PEERS: usize = 64;

/// The first wait before dialling a reader again. Doubles each time: nobody is known to be there.
pub(crate) const READER_BACKOFF: Duration = Duration::from_secs(2);

/// The longest wait before dialling a reader again. A laptop that was opened is found within minutes.
pub(crate) const READER_BACKOFF_MAX: Duration = Duration::from_secs(300);

/// After this two readers tell each other again what they have. Gossip loses packs, and this finds them.
pub(crate) const SUMMARY_INTERVAL: Duration = Duration::from_secs(300);

/// While there is nothing new, each time twice as long passes, so often: up to 80 minutes. In the simulator a reader of a
/// quiet channel received some hundred times as much of this as of posts.
pub(crate) const SUMMARY_DOUBLINGS: u32 = 4;

/// The least time between two summaries to one reader. With it two who answer each other come to rest.
pub(crate) const SUMMARY_PAUSE: Duration = Duration::from_secs(10);

/// A request that brings no answer is given up after this.
pub(crate) const CATCH_UP_TIME: Duration = Duration::from_secs(30);

/// Readers of one channel who are asked at the same time: one may be slow on purpose.
pub(crate) const CATCH_UPS: usize = 2;

/// Readers of one channel who are answered at the same time. Each answer is in memory once, 288 KiB at most.
pub(crate) const ANSWERS_UNDER_WAY: usize = 4;

/// Packs of one peer in a minute. Catching up brings a pack for 64 posts; whoever sends more wants our time.
pub(crate) const PACKS_PER_MINUTE: u32 = 240;

/// Proofs that wait for our own record of a post.
pub(crate) const PROOFS_WAITING: usize = 4;

/// How long an answer with a link waits for the port to be open. After it the link names no address.
pub(crate) const LINK_WAIT: Duration = Duration::from_secs(5);

/// Bytes of posts in a bundle of a channel: with the charters, a proof, what sealing adds and what padding may (an eighth),
/// it is no larger than a bundle may be.
pub(crate) const CARRIED_POSTS: usize = 50 * 1024 * 1024;

/// Bytes of posts in one pack of a bundle: what is left of a pack after its seal, its padding and a few bytes per post.
pub(crate) const CARRIED_PACK: usize = channel::config::PACK_LIMIT - 4 * 1024;

/// Packs in one bundle of a channel. Ours have at most 90: 32 of as many posts as one may hold, and 54 full ones.
pub(crate) const CARRIED_PACKS: usize = 128;
/// How often a publisher looks at what waits for others: two who asked for a turn at once come apart by asking again.
pub(crate) const PUBLISH_POLL: Duration = Duration::from_secs(180);

/// After how long publishers say in a cell what they have said there, at first. A cell brings it to everybody, so this is
/// for devices that have lost it.
pub(crate) const SAY_AGAIN: Duration = Duration::from_secs(3600);

/// The longest pause between saying the same again: a draft waits for days, and logs are kept by everybody.
pub(crate) const SAY_AGAIN_MAX: Duration = Duration::from_secs(24 * 3600);

/// The longest that publishers say at once: a draft with its promises, twice the largest post and room.
pub(crate) const WHISPER_LIMIT: usize = 2 * channel::config::POST_LIMIT + 1024;

/// What publishers have to say and a cell has not carried yet. What is over is said again.
pub(crate) const WHISPERS_WAITING: usize = 64;

/// What came before it could be taken: some messages of each of sixteen publishers.
pub(crate) const EARLY_MAX: usize = 64;

/// The same in bytes: some of the largest drafts.
pub(crate) const EARLY_BYTES: usize = 512 * 1024;

/// How long it is kept: as long as a draft may be old.
pub(crate) const EARLY_LIFE: Duration = Duration::from_secs(3 * 24 * 3600);

/// Keys that members said they hold, per channel: everybody in a cell, with room for a second cell.
pub(crate) const PUBLISHER_KEYS: usize = 100;

/// How long a publisher who has to be shown how far the log goes waits for a reader to speak first, half to one and a half.
pub(crate) const CONFIRM_WAIT: Duration = Duration::from_secs(10);
