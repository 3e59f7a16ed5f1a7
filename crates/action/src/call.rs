//! The object, before and after it was checked.

use std::fmt;
use std::ops::Deref;

use model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::check::{Problem, Severity, problems};
use crate::{Day, NoCall, VERSION, Words};

/// The longest call in bytes: a preset in two languages is a third of it.
pub const CALL_LIMIT: usize = 48 * 1024;

/// What a call is about.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Standing in silence.
    Vigil,
    /// Handing out or posting paper.
    Leafleting,
    /// Remembering the dead.
    Memorial,
    /// Words on things that pass from hand to hand.
    Slogan,
    /// Money for those who need it.
    Fund,
    /// Telling others what they can do.
    Information,
    /// Anything else.
    Custom,
}

/// What taking part costs.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// Nothing.
    #[default]
    None,
    /// What one has in the pocket.
    Small,
    /// What one has to think about.
    Some,
    /// What several have to put together.
    Much,
}

/// What may be photographed.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoRule {
    /// Nothing.
    #[default]
    None,
    /// Objects, no people.
    ObjectsOnly,
    /// To be shown some hours later, without metadata.
    Later,
}

/// Who is asked first when a check-in is missed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// The buddy; the cell a grace time later.
    Buddy,
    /// The cell at once.
    Cell,
}

/// A range of days.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first.
    pub from: Day,
    /// The last.
    pub until: Day,
}

/// How dangerous it is, and who says so.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// 1 (little) to 5 (prison is likely).
    pub level: u8,
    /// Who reviewed the notes; empty if nobody did.
    #[serde(default)]
    pub reviewed_by: Words,
    /// When.
    #[serde(default)]
    pub reviewed_on: Option<Day>,
}

/// A role with a number of places.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its key, the same in every language.
    pub role: String,
    /// How many it takes.
    pub count: u8,
    /// 1 to 5.
    pub risk: u8,
}

/// What a role is called, and what whoever takes it should know.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RoleText {
    /// The key of the role.
    pub role: String,
    /// What it is called.
    pub name: Words,
    /// What to know.
    pub know: Words,
}

/// Saying "I am home".
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckIn {
    /// How long after the end.
    pub grace_min: u32,
    /// Who is asked first.
    pub asks: Asks,
}

/// What is counted together.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// What is counted.
    pub unit: Words,
    /// How many it should become.
    pub goal: u32,
    /// How coarse a region may be named: 1 (country) to 3 (town).
    pub region_level: u8,
    /// How many cells a region needs before it is shown.
    pub min_group: u8,
}

/// Something to print, by the hash of what is in it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// What it is.
    pub name: Words,
    /// 64 hexadecimal digits.
    pub hash: String,
}

/// Whom to call for legal aid.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LegalAid {
    /// Who answers.
    pub name: Words,
    /// Their number.
    pub number: Words,
    /// When they answer.
    #[serde(default)]
    pub hours: Words,
    /// When somebody last called it.
    pub checked_on: Day,
}

/// What the law of a country says about it. Not legal advice.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LegalNote {
    /// Two capital letters (ISO 3166-1).
    pub country: String,
    /// What it says.
    pub text: Words,
    /// As of when.
    pub checked_on: Day,
}

/// What to tick, by when.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Checklists {
    /// Before it.
    #[serde(default)]
    pub before: Vec<Words>,
    /// While it goes on.
    #[serde(default)]
    pub during: Vec<Words>,
    /// After it.
    #[serde(default)]
    pub after: Vec<Words>,
    /// If somebody is held.
    #[serde(default)]
    pub if_held: Vec<Words>,
}

impl Checklists {
    /// The names of the lists, in their order.
    pub const NAMES: [&'static str; 4] = ["before", "during", "after", "if_held"];

    /// The lists, in the order of [`Self::NAMES`].
    pub fn lists(&self) -> [&[Words]; 4] {
        [&self.before, &self.during, &self.after, &self.if_held]
    }
}

/// Every text of a call in one language.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Which: `en`, `ru`.
    pub language: String,
    /// What.
    pub title: Words,
    /// Why, in one sentence that can be quoted.
    pub why: Words,
    /// What kind of place. Never which.
    #[serde(default)]
    pub place_criteria: Words,
    /// What to bring.
    #[serde(default)]
    pub bring: Vec<Words>,
    /// What to leave at home.
    #[serde(default)]
    pub leave_at_home: Vec<Words>,
    /// What happens, in order.
    #[serde(default)]
    pub steps: Vec<Words>,
    /// The roles.
    #[serde(default)]
    pub roles: Vec<RoleText>,
    /// What to tick.
    #[serde(default)]
    pub checklists: Checklists,
    /// When to stop and go.
    #[serde(default)]
    pub abort_signals: Vec<Words>,
    /// One sentence to say if stopped, and the right to say no more.
    #[serde(default)]
    pub if_stopped: Words,
    /// What the law says.
    #[serde(default)]
    pub legal_notes: Vec<LegalNote>,
}

/// A call as somebody gives it. Nothing in it is to be believed before [`Self::check`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CallIn {
    /// See [`VERSION`].
    pub version: u16,
    /// Of which preset it was made; empty if of none.
    #[serde(default)]
    pub preset: String,
    /// What it is about.
    pub kind: Kind,
    /// When it was written.
    pub issued_on: Day,
    /// Its last day.
    pub expires: Day,
    /// On which days; any until `expires` if absent.
    #[serde(default)]
    pub window: Option<Window>,
    /// How long it takes, in minutes.
    pub duration_min: u32,
    /// How many it takes at least.
    pub group_min: u16,
    /// How many at most.
    pub group_max: u16,
    /// Whether one alone can do it.
    #[serde(default)]
    pub solo_ok: bool,
    /// How dangerous it is.
    pub risk: Risk,
    /// Minutes of preparation.
    #[serde(default)]
    pub preparation_min: u32,
    /// What it costs.
    #[serde(default)]
    pub cost: Cost,
    /// Roles to take.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// The check-in, if there is one.
    #[serde(default)]
    pub check_in: Option<CheckIn>,
    /// What may be photographed.
    #[serde(default)]
    pub photo_rule: PhotoRule,
    /// After how many hours, with [`PhotoRule::Later`].
    #[serde(default)]
    pub photo_after_h: u16,
    /// What is counted, if anything.
    #[serde(default)]
    pub tally: Option<Tally>,
    /// What to print.
    #[serde(default)]
    pub materials: Vec<Material>,
    /// Whom to call.
    #[serde(default)]
    pub legal_aid: Vec<LegalAid>,
    /// How long it is kept after the end, in seconds.
    #[serde(default = "two_hours")]
    pub retain_after_end_s: u32,
    /// The id of an earlier call that this one replaces: 32 hexadecimal digits.
    #[serde(default)]
    pub supersedes: Option<String>,
    /// The texts, one set per language.
    pub texts: Vec<Texts>,
}

const fn two_hours() -> u32 {
    7200
}

impl CallIn {
    /// Reads a call from what somebody sent.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are too long, not a call, or a call of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoCall> {
        if bytes.len() > CALL_LIMIT {
            return Err(NoCall);
        }
        let read: Self = serde_json::from_slice(bytes).map_err(|_| NoCall)?;
        (read.version == VERSION).then_some(read).ok_or(NoCall)
    }

    /// Everything that is wrong with it, or could be better. `today` is for what depends on the day.
    pub fn problems(&self, today: Option<Day>) -> Vec<Problem> {
        problems(self, today)
    }

    /// Makes a call of it, if nothing is wrong.
    ///
    /// # Errors
    ///
    /// Fails with every problem, if one of them is an error.
    pub fn check(self, today: Option<Day>) -> Result<Call, Vec<Problem>> {
        let found = self.problems(today);
        if found
            .iter()
            .any(|problem| problem.severity() == Severity::Error)
        {
            return Err(found);
        }
        Ok(Call(self))
    }

    /// The same with other values in some fields, by their names in JSON.
    ///
    /// # Errors
    ///
    /// Fails if a field or value is none that a call has.
    pub fn changed(
        &self,
        changes: serde_json::Map<String, serde_json::Value>,
    ) -> Result<Self, NoCall> {
        let mut value = serde_json::to_value(self).map_err(|_| NoCall)?;
        let fields = value.as_object_mut().ok_or(NoCall)?;
        fields.extend(changes);
        serde_json::from_value(value).map_err(|_| NoCall)
    }

    /// The JSON of it, in one form.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // A struct of strings and numbers is always JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// A call that has passed every check.
#[derive(Clone, Eq, PartialEq)]
pub struct Call(CallIn);

impl Call {
    /// Reads what somebody sent, and checks all that does not depend on the day.
    ///
    /// # Errors
    ///
    /// As [`CallIn::from_bytes`], and if anything is wrong with it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoCall> {
        CallIn::from_bytes(bytes)?.check(None).map_err(|_| NoCall)
    }

    /// As it is sent and stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The same as it was before it was checked, to be changed.
    pub fn into_draft(self) -> CallIn {
        self.0
    }

    /// The same as a version that replaces the call of this name; none if it replaces nothing.
    #[must_use]
    pub fn superseding(mut self, id: Option<[u8; 16]>) -> Self {
        self.0.supersedes = id.map(|id| id.iter().map(|byte| format!("{byte:02x}")).collect());
        self
    }

    /// When nothing of it can still be under way, and it is kept no longer.
    pub fn last_moment(&self) -> Timestamp {
        self.expires.end() + self.retain()
    }

    /// How long it is kept after the end.
    pub fn retain(&self) -> std::time::Duration {
        std::time::Duration::from_secs(u64::from(self.retain_after_end_s))
    }

    /// How long it takes.
    pub fn duration(&self) -> std::time::Duration {
        std::time::Duration::from_secs(u64::from(self.duration_min) * 60)
    }

    /// The grace time of the check-in, if there is one.
    pub fn grace(&self) -> Option<std::time::Duration> {
        let check_in = self.check_in?;
        Some(std::time::Duration::from_secs(
            u64::from(check_in.grace_min) * 60,
        ))
    }

    /// The texts in a language, or in the first one.
    pub fn texts_in(&self, language: &str) -> Option<&Texts> {
        let wanted = self.texts.iter().find(|texts| texts.language == language);
        wanted.or_else(|| self.texts.first())
    }

    /// How many items each checklist has, in the order of [`Checklists::NAMES`].
    pub fn items(&self) -> [usize; 4] {
        self.texts
            .first()
            .map_or([0; 4], |texts| texts.checklists.lists().map(<[Words]>::len))
    }
}

impl Deref for Call {
    type Target = CallIn;

    fn deref(&self) -> &CallIn {
        &self.0
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({:?})", self.0.kind)
    }
}

impl Serialize for Call {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
