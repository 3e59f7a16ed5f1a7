//! What is stored of calls. A call is several records, so that a tick does not rewrite all of it.
//!
//! ```text
//! o call            the object            c call            that it was called off
//! p call            plan, and what we told   m call member  what a member added
//! e call            erased: until when    w number          what we said and nobody has
//! s call            which post it is from f channel call    that a channel has called it off
//! ```

use std::fmt;

use action::Call;
use channel::{CallRef, ChannelId, ChannelName};
use model::{CallId, CancelReason, MemberId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::apply::parse_place;
use super::due::Due;
use super::sources::{Off, Source};
use super::view::Coming;
use super::{Calls, Cancelled, Object, Part, State, Write};
use crate::content::Content;
use crate::messages::StoredPlace;
use crate::wire::{Bytes, Malformed, SecretBytes, decode, encode};

const OBJECT: u8 = b'o';
const CANCELLED: u8 = b'c';
const PLAN: u8 = b'p';
const MEMBER: u8 = b'm';
const ERASED: u8 = b'e';
const OUTGOING: u8 = b'w';
const SOURCE: u8 = b's';
const OFF: u8 = b'f';

const VERSION: u8 = 2;

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct ObjectRecord {
    version: u8,
    place: StoredPlace,
    author: [u8; 32],
    nonce: [u8; 16],
    shared_at: u64,
    written_at: u64,
    shortened_at: u64,
    until: u64,
    call: SecretBytes,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct CancelledRecord {
    version: u8,
    until: u64,
    place: StoredPlace,
    at: u64,
    early: u8,
    reason: SecretBytes,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct SourceRecord {
    version: u8,
    until: u64,
    place: StoredPlace,
    channel: [u8; 32],
    name: Bytes,
    call: [u8; 16],
    shared: [u8; 16],
    print: [u8; 32],
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct OffRecord {
    version: u8,
    place: StoredPlace,
    by: [u8; 32],
    at: u64,
    until: u64,
    reason: SecretBytes,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct PlanRecord {
    version: u8,
    until: u64,
    settled_at: u64,
    place: Option<PlaceRegister>,
    time: Option<TimeRegister>,
    told: Vec<Told>,
    due: Vec<DueRecord>,
    begun_by: Option<[u8; 32]>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct PlaceRegister {
    place: StoredPlace,
    by: [u8; 32],
    /// Empty once it was taken back.
    text: SecretBytes,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct TimeRegister {
    place: StoredPlace,
    by: [u8; 32],
    /// 0 once it was taken back.
    time: u64,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct Told {
    member: [u8; 32],
    stage: u8,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct DueRecord {
    member: [u8; 32],
    start: u64,
    at: u64,
    grace: u64,
    cell: u8,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct MemberRecord {
    version: u8,
    answer: Option<SmallRegister>,
    home: Option<SmallRegister>,
    buddy: Option<BuddyRegister>,
    roles: Vec<RoleRegister>,
    ticks: Vec<TickRegister>,
    presumes: Vec<PresumeRegister>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct SmallRegister {
    place: StoredPlace,
    value: u64,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct BuddyRegister {
    place: StoredPlace,
    member: Option<[u8; 32]>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct PresumeRegister {
    place: StoredPlace,
    member: [u8; 32],
    held: u8,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct RoleRegister {
    place: StoredPlace,
    role: Bytes,
    take: u8,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct TickRegister {
    place: StoredPlace,
    list: u8,
    item: u8,
    done: u8,
}

/// A vector asks of what is in it that it can be printed. These say what they are and nothing of what they hold.
macro_rules! silent {
    ($($record:ident),*) => {
        $(impl fmt::Debug for $record {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($record))
            }
        })*
    };
}

silent!(
    Told,
    DueRecord,
    BuddyRegister,
    PresumeRegister,
    RoleRegister,
    TickRegister
);

pub(super) fn outgoing_name(number: u64) -> Vec<u8> {
    [&[OUTGOING], &number.to_be_bytes()[..]].concat()
}

pub(super) fn erased_name(call: &CallId) -> Vec<u8> {
    name(ERASED, call)
}

fn name(what: u8, call: &CallId) -> Vec<u8> {
    [&[what], &call.as_bytes()[..]].concat()
}

fn member_name(call: &CallId, member: &MemberId) -> Vec<u8> {
    [&[MEMBER], &call.as_bytes()[..], member.as_bytes()].concat()
}

/// Under which names something of a call may lie.
pub(super) fn names(call: &CallId, state: &State) -> Vec<Vec<u8>> {
    let whole = [OBJECT, CANCELLED, PLAN, SOURCE].map(|what| name(what, call));
    let members = state.members.keys().map(|member| member_name(call, member));
    whole.into_iter().chain(members).collect()
}

pub(super) fn object(call: &CallId, state: &State) -> Option<Write> {
    let object = state.object.as_ref()?;
    let record = ObjectRecord {
        version: VERSION,
        place: object.place.into(),
        author: *object.author.as_bytes(),
        nonce: object.nonce,
        shared_at: object.shared_at,
        written_at: object.written_at,
        shortened_at: object.shortened_at,
        until: state.until,
        call: object.call.to_bytes().into(),
    };
    Some((name(OBJECT, call), Some(encode(&record))))
}

pub(super) fn cancelled(call: &CallId, state: &State) -> Option<Write> {
    let (place, cancelled) = state.cancelled.as_ref()?;
    let record = CancelledRecord {
        version: VERSION,
        until: state.until,
        place: (*place).into(),
        at: cancelled.at,
        early: u8::from(cancelled.early),
        reason: reason_bytes(cancelled.reason.as_ref()),
    };
    Some((name(CANCELLED, call), Some(encode(&record))))
}

/// Empty if none was given.
fn reason_bytes(reason: Option<&CancelReason>) -> SecretBytes {
    reason
        .map_or("", |reason| reason.expose())
        .as_bytes()
        .into()
}

fn read_reason(bytes: &SecretBytes) -> Result<Option<CancelReason>, Malformed> {
    match std::str::from_utf8(bytes.as_slice()).map_err(|_| Malformed)? {
        "" => Ok(None),
        text => CancelReason::parse(text).map(Some).map_err(|_| Malformed),
    }
}

pub(super) fn source(call: &CallId, state: &State) -> Option<Write> {
    let (place, source) = state.source.as_ref()?;
    let record = SourceRecord {
        version: VERSION,
        until: state.until,
        place: (*place).into(),
        channel: *source.channel.as_bytes(),
        name: source.name.expose().as_bytes().into(),
        call: *source.call.as_bytes(),
        shared: *source.version.as_bytes(),
        print: source.print,
    };
    Some((name(SOURCE, call), Some(encode(&record))))
}

pub(super) fn off_name((channel, call): &(ChannelId, CallRef)) -> Vec<u8> {
    [&[OFF], &channel.as_bytes()[..], call.as_bytes()].concat()
}

pub(super) fn off(key: &(ChannelId, CallRef), off: &Off) -> Write {
    let record = OffRecord {
        version: VERSION,
        place: off.place.into(),
        by: *off.by.as_bytes(),
        at: off.at,
        until: off.until,
        reason: reason_bytes(off.reason.as_ref()),
    };
    (off_name(key), Some(encode(&record)))
}

pub(super) fn plan(call: &CallId, state: &State) -> Write {
    let record = PlanRecord {
        version: VERSION,
        until: state.until,
        settled_at: state.settled_at,
        place: state
            .place
            .as_ref()
            .map(|(place, (by, chosen))| PlaceRegister {
                place: (*place).into(),
                by: *by.as_bytes(),
                text: chosen
                    .as_ref()
                    .map_or("", |chosen| chosen.expose())
                    .as_bytes()
                    .into(),
            }),
        time: state.time.as_ref().map(|(place, (by, time))| TimeRegister {
            place: (*place).into(),
            by: *by.as_bytes(),
            time: time.unwrap_or(0),
        }),
        told: state
            .told
            .iter()
            .map(|(member, stage)| Told {
                member: *member.as_bytes(),
                stage: *stage,
            })
            .collect(),
        due: state.due.iter().map(DueRecord::of).collect(),
        begun_by: state.begun_by.map(|member| *member.as_bytes()),
    };
    (name(PLAN, call), Some(encode(&record)))
}

pub(super) fn member(call: &CallId, state: &State, member: &MemberId) -> Option<Write> {
    let part = state.members.get(member)?;
    let record = MemberRecord {
        version: VERSION,
        answer: part.answer.as_ref().map(|(place, coming)| SmallRegister {
            place: (*place).into(),
            value: u64::from(coming.number()),
        }),
        home: part.home.as_ref().map(|(place, at)| SmallRegister {
            place: (*place).into(),
            value: *at,
        }),
        buddy: part.buddy.as_ref().map(|(place, buddy)| BuddyRegister {
            place: (*place).into(),
            member: buddy.map(|buddy| *buddy.as_bytes()),
        }),
        roles: part
            .roles
            .iter()
            .map(|(role, (place, take))| RoleRegister {
                place: (*place).into(),
                role: role.as_bytes().into(),
                take: u8::from(*take),
            })
            .collect(),
        ticks: part
            .ticks
            .iter()
            .map(|((list, item), (place, done))| TickRegister {
                place: (*place).into(),
                list: *list,
                item: *item,
                done: u8::from(*done),
            })
            .collect(),
        presumes: part
            .presumes
            .iter()
            .map(|(member, (place, held))| PresumeRegister {
                place: (*place).into(),
                member: *member.as_bytes(),
                held: u8::from(*held),
            })
            .collect(),
    };
    Some((member_name(call, member), Some(encode(&record))))
}

impl Calls {
    /// Puts back one record.
    pub(crate) fn restore(&mut self, name: &[u8], value: &[u8]) -> Result<(), Malformed> {
        let (what, rest) = name.split_first().ok_or(Malformed)?;
        if *what == OUTGOING {
            let number = u64::from_be_bytes(rest.try_into().map_err(|_| Malformed)?);
            let content: Content = decode(value)?;
            self.next = self.next.max(number + 1);
            self.outgoing.insert(number, content);
            return Ok(());
        }
        let (call, rest) = rest.split_first_chunk::<32>().ok_or(Malformed)?;
        let call = CallId::from_bytes(*call);
        if *what == ERASED {
            let until = u64::from_be_bytes(value.try_into().map_err(|_| Malformed)?);
            self.erased.insert(call, until);
            return Ok(());
        }
        if *what == OFF {
            let channel = ChannelId::from_bytes(*call.as_bytes());
            let call = CallRef::from_bytes(rest.try_into().map_err(|_| Malformed)?);
            let off = decode::<OffRecord>(value)?.off()?;
            self.offs.insert((channel, call), off);
            return Ok(());
        }
        let state = self.calls.entry(call).or_default();
        match *what {
            OBJECT => {
                let record: ObjectRecord = decode(value)?;
                state.until = state.until.max(record.until);
                state.object = Some(record.object()?);
            }
            CANCELLED => {
                let record: CancelledRecord = decode(value)?;
                versioned(record.version)?;
                let cancelled = Cancelled {
                    at: record.at,
                    early: record.early == 1,
                    reason: read_reason(&record.reason)?,
                };
                state.until = state.until.max(record.until);
                state.cancelled = Some((record.place.place()?, cancelled));
            }
            SOURCE => {
                let record: SourceRecord = decode(value)?;
                state.until = state.until.max(record.until);
                state.source = Some((record.place.place()?, record.source()?));
            }
            PLAN => decode::<PlanRecord>(value)?.put(state)?,
            MEMBER => {
                let member = rest.try_into().map_err(|_| Malformed)?;
                let part = decode::<MemberRecord>(value)?.part()?;
                state.members.insert(MemberId::from_bytes(member), part);
            }
            _ => return Err(Malformed),
        }
        Ok(())
    }
}

fn versioned(version: u8) -> Result<(), Malformed> {
    (version == VERSION).then_some(()).ok_or(Malformed)
}

impl ObjectRecord {
    fn object(self) -> Result<Object, Malformed> {
        versioned(self.version)?;
        Ok(Object {
            place: self.place.place()?,
            author: MemberId::from_bytes(self.author),
            nonce: self.nonce,
            shared_at: self.shared_at,
            written_at: self.written_at,
            shortened_at: self.shortened_at,
            call: Call::from_bytes(self.call.as_slice()).map_err(|_| Malformed)?,
        })
    }
}

impl SourceRecord {
    fn source(&self) -> Result<Source, Malformed> {
        versioned(self.version)?;
        let name = std::str::from_utf8(self.name.as_slice()).map_err(|_| Malformed)?;
        Ok(Source {
            channel: ChannelId::from_bytes(self.channel),
            name: ChannelName::parse(name).map_err(|_| Malformed)?,
            call: CallRef::from_bytes(self.call),
            version: CallRef::from_bytes(self.shared),
            print: self.print,
        })
    }
}

impl OffRecord {
    fn off(&self) -> Result<Off, Malformed> {
        versioned(self.version)?;
        Ok(Off {
            place: self.place.place()?,
            by: MemberId::from_bytes(self.by),
            at: self.at,
            reason: read_reason(&self.reason)?,
            until: self.until,
        })
    }
}

impl PlanRecord {
    fn put(self, state: &mut State) -> Result<(), Malformed> {
        versioned(self.version)?;
        state.until = state.until.max(self.until);
        state.settled_at = self.settled_at;
        let chosen = |register: PlaceRegister| {
            let place = register.place.place()?;
            let text = parse_place(&register.text).ok_or(Malformed)?;
            Ok((place, (MemberId::from_bytes(register.by), text)))
        };
        state.place = self.place.map(chosen).transpose()?;
        let begins = |register: TimeRegister| {
            let time = Some(register.time).filter(|time| *time > 0);
            Ok((
                register.place.place()?,
                (MemberId::from_bytes(register.by), time),
            ))
        };
        state.time = self.time.map(begins).transpose()?;
        let told = self.told.into_iter();
        state.told = told
            .map(|told| (MemberId::from_bytes(told.member), told.stage))
            .collect();
        state.due = self.due.into_iter().map(DueRecord::due).collect();
        state.begun_by = self.begun_by.map(MemberId::from_bytes);
        Ok(())
    }
}

impl DueRecord {
    fn of((member, due): (&MemberId, &Due)) -> Self {
        Self {
            member: *member.as_bytes(),
            start: due.start,
            at: due.at,
            grace: due.grace,
            cell: u8::from(due.cell),
        }
    }

    fn due(self) -> (MemberId, Due) {
        let due = Due {
            start: self.start,
            at: self.at,
            grace: self.grace,
            cell: self.cell == 1,
        };
        (MemberId::from_bytes(self.member), due)
    }
}

impl MemberRecord {
    fn part(self) -> Result<Part, Malformed> {
        versioned(self.version)?;
        let mut part = Part::default();
        if let Some(answer) = self.answer {
            let coming = u8::try_from(answer.value).ok().and_then(Coming::of);
            part.answer = Some((answer.place.place()?, coming.ok_or(Malformed)?));
        }
        if let Some(home) = self.home {
            part.home = Some((home.place.place()?, home.value));
        }
        if let Some(buddy) = self.buddy {
            let member = buddy.member.map(MemberId::from_bytes);
            part.buddy = Some((buddy.place.place()?, member));
        }
        for role in self.roles {
            let key = std::str::from_utf8(role.role.as_slice()).map_err(|_| Malformed)?;
            let take = (role.place.place()?, role.take == 1);
            part.roles.insert(key.to_owned(), take);
        }
        for tick in self.ticks {
            let done = (tick.place.place()?, tick.done == 1);
            part.ticks.insert((tick.list, tick.item), done);
        }
        for presumed in self.presumes {
            let held = (presumed.place.place()?, presumed.held == 1);
            let member = MemberId::from_bytes(presumed.member);
            part.presumes.insert(member, held);
        }
        Ok(part)
    }
}
