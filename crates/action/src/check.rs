//! What a call may hold. Everything wrong is found at once, by field, so that a form can show it.

use std::collections::BTreeSet;

use crate::call::{CALL_LIMIT, CallIn, Texts};
use crate::places::{Found, found};
use crate::{Checklists, Day, PhotoRule, VERSION, Words};

/// How long a call may live: a season. What lasts longer is called for again.
pub const LIFE_DAYS: u32 = 92;

/// Legal notes older than this are said to be old.
const NOTE_DAYS: u32 = 180;

/// Characters of a title: one line on a small screen.
const TITLE: usize = 80;
/// Characters of a sentence: what can be quoted in one message anywhere.
const SENTENCE: usize = 280;
/// Characters of a legal note.
const NOTE: usize = 900;
/// Characters of a name.
const NAME: usize = 48;
/// Items of a list: what somebody reads who is in a hurry.
const LIST: usize = 16;
/// Roles, and legal notes.
const ROLES: usize = 12;
/// Languages.
const LANGUAGES: usize = 4;
/// The longest action: a day.
const DURATION_MIN: u32 = 24 * 60;
/// The longest grace time: whoever is not home half a day later is missed.
const GRACE_MIN: u32 = 12 * 60;
/// The longest time that a call is kept after its end: a week, as messages.
const RETAIN_S: u32 = 7 * 24 * 3600;
/// People of one cell, and of a group.
const PEOPLE: u16 = 64;

/// Something wrong with a call, or something that could be better.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// Where: `texts.0.title`.
    pub field: String,
    /// What.
    pub kind: ProblemKind,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Severity {
    /// It cannot be sent so.
    Error,
    /// Somebody should look at it.
    Advice,
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProblemKind {
    /// There is nothing in it.
    Empty,
    /// It is too long.
    TooLong,
    /// There are too many.
    TooMany,
    /// A number outside what is allowed.
    OutOfRange,
    /// No such thing is known.
    Unknown,
    /// It is there twice.
    Duplicate,
    /// It is not there, and something else needs it.
    Missing,
    /// Something like coordinates.
    Coordinates,
    /// Something like a link.
    Link,
    /// Something like a street with a number.
    Address,
    /// Something like a telephone number.
    Phone,
    /// It is over.
    Past,
    /// It is of a later version.
    LaterVersion,
    /// One language has what another has not.
    LanguagesDiffer,
    /// It holds characters that do not show.
    Invisible,
    /// There is nobody to call.
    NoLegalAid,
    /// Nobody has looked at it for long.
    LegalNoteOld,
}

impl ProblemKind {
    /// The stable name in the scripting interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::TooMany => "too_many",
            Self::OutOfRange => "out_of_range",
            Self::Unknown => "unknown",
            Self::Duplicate => "duplicate",
            Self::Missing => "missing",
            Self::Coordinates => "coordinates",
            Self::Link => "link",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Past => "past",
            Self::LaterVersion => "later_version",
            Self::LanguagesDiffer => "languages_differ",
            Self::Invisible => "invisible",
            Self::NoLegalAid => "no_legal_aid",
            Self::LegalNoteOld => "legal_note_old",
        }
    }
}

impl Problem {
    /// How bad it is. What only looks like a place is for a person to judge.
    pub const fn severity(&self) -> Severity {
        match self.kind {
            ProblemKind::Address
            | ProblemKind::Phone
            | ProblemKind::NoLegalAid
            | ProblemKind::LegalNoteOld => Severity::Advice,
            ProblemKind::Empty
            | ProblemKind::TooLong
            | ProblemKind::TooMany
            | ProblemKind::OutOfRange
            | ProblemKind::Unknown
            | ProblemKind::Duplicate
            | ProblemKind::Missing
            | ProblemKind::Coordinates
            | ProblemKind::Link
            | ProblemKind::Past
            | ProblemKind::LaterVersion
            | ProblemKind::LanguagesDiffer
            | ProblemKind::Invisible => Severity::Error,
        }
    }
}

/// Collects problems.
#[derive(Default)]
struct Look {
    found: Vec<Problem>,
}

pub(crate) fn problems(call: &CallIn, today: Option<Day>) -> Vec<Problem> {
    let mut look = Look::default();
    if call.version != VERSION {
        look.say("version", ProblemKind::LaterVersion);
        return look.found;
    }
    look.days(call, today);
    look.numbers(call);
    look.roles(call);
    look.things(call);
    look.languages(call, today);
    if call.to_bytes().len() > CALL_LIMIT {
        look.say("texts", ProblemKind::TooLong);
    }
    look.found
}

impl Look {
    fn say(&mut self, field: impl Into<String>, kind: ProblemKind) {
        let field = field.into();
        self.found.push(Problem { field, kind });
    }

    fn unless(&mut self, good: bool, field: &str, kind: ProblemKind) {
        if !good {
            self.say(field, kind);
        }
    }

    fn days(&mut self, call: &CallIn, today: Option<Day>) {
        let lives = call.expires.since(call.issued_on);
        let right = call.expires >= call.issued_on && lives <= LIFE_DAYS;
        self.unless(right, "expires", ProblemKind::OutOfRange);
        if let Some(window) = call.window {
            let inside = window.from <= window.until && window.until <= call.expires;
            self.unless(inside, "window", ProblemKind::OutOfRange);
        }
        if let Some(today) = today {
            self.unless(call.expires >= today, "expires", ProblemKind::Past);
            // A clock may be a day ahead of ours.
            let issued = call.issued_on <= today.plus(1);
            self.unless(issued, "issued_on", ProblemKind::OutOfRange);
        }
    }

    fn numbers(&mut self, call: &CallIn) {
        let group = (1..=PEOPLE).contains(&call.group_min)
            && (call.group_min..=PEOPLE).contains(&call.group_max)
            && (!call.solo_ok || call.group_min == 1);
        self.unless(group, "group_min", ProblemKind::OutOfRange);
        let checks = [
            (
                "duration_min",
                (1..=DURATION_MIN).contains(&call.duration_min),
            ),
            ("preparation_min", call.preparation_min <= 60 * 24 * 14),
            ("risk.level", (1..=5).contains(&call.risk.level)),
            ("retain_after_end_s", call.retain_after_end_s <= RETAIN_S),
            (
                "photo_after_h",
                (call.photo_rule == PhotoRule::Later) == (call.photo_after_h > 0)
                    && call.photo_after_h <= 720,
            ),
        ];
        for (field, good) in checks {
            self.unless(good, field, ProblemKind::OutOfRange);
        }
        if let Some(check_in) = call.check_in {
            let good = (5..=GRACE_MIN).contains(&check_in.grace_min);
            self.unless(good, "check_in.grace_min", ProblemKind::OutOfRange);
            // The cell must still have the call when it is told that somebody is missing, and a grace time to act.
            let kept = call.retain_after_end_s >= check_in.grace_min.saturating_mul(3 * 60);
            self.unless(kept, "retain_after_end_s", ProblemKind::OutOfRange);
        }
        if let Some(tally) = &call.tally {
            self.words("tally.unit", &tally.unit, 1, 24);
            let good = tally.goal > 0
                && (1..=3).contains(&tally.region_level)
                && (5..=100).contains(&tally.min_group);
            self.unless(good, "tally", ProblemKind::OutOfRange);
        }
    }

    fn roles(&mut self, call: &CallIn) {
        self.unless(call.roles.len() <= ROLES, "roles", ProblemKind::TooMany);
        let mut known = BTreeSet::new();
        for (index, role) in call.roles.iter().take(ROLES).enumerate() {
            let field = format!("roles.{index}");
            let key = (1..=24).contains(&role.role.len())
                && role
                    .role
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            self.unless(key, &field, ProblemKind::Unknown);
            self.unless(known.insert(&role.role), &field, ProblemKind::Duplicate);
            let numbers = (1..=64).contains(&role.count) && (1..=5).contains(&role.risk);
            self.unless(numbers, &field, ProblemKind::OutOfRange);
        }
    }

    fn things(&mut self, call: &CallIn) {
        self.words("risk.reviewed_by", &call.risk.reviewed_by, 0, NAME);
        let reviewed = call.risk.reviewed_by.expose().is_empty() == call.risk.reviewed_on.is_none();
        self.unless(reviewed, "risk.reviewed_on", ProblemKind::Missing);
        let plain = call.preset.len() <= 24
            && call
                .preset
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        self.unless(plain, "preset", ProblemKind::Unknown);
        if let Some(id) = &call.supersedes {
            let good = is_hex(id, 32);
            self.unless(good, "supersedes", ProblemKind::Unknown);
        }
        self.unless(call.materials.len() <= 8, "materials", ProblemKind::TooMany);
        for (index, material) in call.materials.iter().take(8).enumerate() {
            let field = format!("materials.{index}");
            self.words(&field, &material.name, 1, NAME);
            let good = is_hex(&material.hash, 64);
            self.unless(good, &field, ProblemKind::Unknown);
        }
        self.unless(call.legal_aid.len() <= 8, "legal_aid", ProblemKind::TooMany);
        for (index, aid) in call.legal_aid.iter().take(8).enumerate() {
            let field = format!("legal_aid.{index}");
            self.words(&field, &aid.name, 1, NAME);
            self.words(&field, &aid.hours, 0, NAME);
            // A telephone number is what belongs here.
            self.length(&field, &aid.number, 1, NAME);
        }
        if call.legal_aid.is_empty() {
            self.say("legal_aid", ProblemKind::NoLegalAid);
        }
    }

    fn languages(&mut self, call: &CallIn, today: Option<Day>) {
        self.unless(!call.texts.is_empty(), "texts", ProblemKind::Missing);
        let few = call.texts.len() <= LANGUAGES;
        self.unless(few, "texts", ProblemKind::TooMany);
        let mut known = BTreeSet::new();
        let first = call.texts.first().map(|texts| &texts.checklists);
        for (index, texts) in call.texts.iter().take(LANGUAGES).enumerate() {
            let at = format!("texts.{index}");
            let named = (2..=8).contains(&texts.language.len())
                && texts
                    .language
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            self.unless(named, &format!("{at}.language"), ProblemKind::Unknown);
            let once = known.insert(&texts.language);
            self.unless(once, &format!("{at}.language"), ProblemKind::Duplicate);
            self.texts(&at, texts, call, today);
            let lengths = |lists: &Checklists| lists.lists().map(<[Words]>::len);
            let same = first.is_none_or(|first| lengths(first) == lengths(&texts.checklists));
            let differ = format!("{at}.checklists");
            self.unless(same, &differ, ProblemKind::LanguagesDiffer);
        }
    }

    fn texts(&mut self, at: &str, texts: &Texts, call: &CallIn, today: Option<Day>) {
        self.words(&format!("{at}.title"), &texts.title, 1, TITLE);
        self.words(&format!("{at}.why"), &texts.why, 1, SENTENCE);
        self.words(
            &format!("{at}.place_criteria"),
            &texts.place_criteria,
            0,
            SENTENCE,
        );
        self.words(&format!("{at}.if_stopped"), &texts.if_stopped, 0, SENTENCE);
        let [before, during, after, if_held] = texts.checklists.lists();
        let lists: [(&str, &[Words]); 8] = [
            ("bring", &texts.bring),
            ("leave_at_home", &texts.leave_at_home),
            ("steps", &texts.steps),
            ("abort_signals", &texts.abort_signals),
            ("checklists.before", before),
            ("checklists.during", during),
            ("checklists.after", after),
            ("checklists.if_held", if_held),
        ];
        for (name, list) in lists {
            let field = format!("{at}.{name}");
            self.unless(list.len() <= LIST, &field, ProblemKind::TooMany);
            for (index, line) in list.iter().take(LIST).enumerate() {
                self.words(&format!("{field}.{index}"), line, 1, SENTENCE);
            }
        }
        let keys: BTreeSet<&str> = call.roles.iter().map(|role| role.role.as_str()).collect();
        let told: BTreeSet<&str> = texts.roles.iter().map(|role| role.role.as_str()).collect();
        let alike = keys == told && texts.roles.len() == told.len();
        self.unless(alike, &format!("{at}.roles"), ProblemKind::LanguagesDiffer);
        for (index, role) in texts.roles.iter().take(ROLES).enumerate() {
            self.words(&format!("{at}.roles.{index}.name"), &role.name, 1, NAME);
            self.words(&format!("{at}.roles.{index}.know"), &role.know, 1, SENTENCE);
        }
        self.legal_notes(at, texts, today);
    }

    fn legal_notes(&mut self, at: &str, texts: &Texts, today: Option<Day>) {
        let few = texts.legal_notes.len() <= ROLES;
        self.unless(few, &format!("{at}.legal_notes"), ProblemKind::TooMany);
        for (index, note) in texts.legal_notes.iter().take(ROLES).enumerate() {
            let field = format!("{at}.legal_notes.{index}");
            let country = note.country.len() == 2
                && note.country.bytes().all(|byte| byte.is_ascii_uppercase());
            self.unless(country, &format!("{field}.country"), ProblemKind::Unknown);
            self.words(&format!("{field}.text"), &note.text, 1, NOTE);
            if today.is_some_and(|today| today.since(note.checked_on) > NOTE_DAYS) {
                self.say(format!("{field}.checked_on"), ProblemKind::LegalNoteOld);
            }
        }
    }

    /// One line of text: its length in characters, that all of it shows, and that it gives no place away.
    fn words(&mut self, field: &str, words: &Words, least: usize, most: usize) {
        self.length(field, words, least, most);
        for found in found(words.expose()) {
            let kind = match found {
                Found::Coordinates => ProblemKind::Coordinates,
                Found::Link => ProblemKind::Link,
                Found::Address => ProblemKind::Address,
                Found::Phone => ProblemKind::Phone,
            };
            self.say(field, kind);
        }
    }

    fn length(&mut self, field: &str, words: &Words, least: usize, most: usize) {
        let text = words.expose();
        let count = text.trim().chars().count();
        self.unless(count >= least, field, ProblemKind::Empty);
        // Marks that are put upon a letter do not count as one, and no letter has more than three.
        let long = text.chars().count() > most || text.len() > 4 * most;
        self.unless(!long, field, ProblemKind::TooLong);
        let shows = text.chars().all(|c| !model::is_invisible(c));
        self.unless(shows, field, ProblemKind::Invisible);
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
