//! The call object as the page drafts, reads and shares it: that of `action`, with its fields named as a page names
//! things. What it may hold is said there, and checked there.

use action::CallIn;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use crate::error::CommandError;

/// What a call is about.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallKind {
    Vigil,
    Leafleting,
    Memorial,
    Slogan,
    Fund,
    Information,
    Custom,
}

/// What taking part costs.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallCost {
    None,
    Small,
    Some,
    Much,
}

/// What may be photographed.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallPhotoRule {
    None,
    ObjectsOnly,
    Later,
}

/// Who is asked first when a check-in is missed.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallAsks {
    Buddy,
    Cell,
}

/// A range of days.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallWindow {
    from: String,
    until: String,
}

/// How dangerous it is, and who says so.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallRisk {
    level: u8,
    reviewed_by: String,
    reviewed_on: Option<String>,
}

/// A role with a number of places.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallRole {
    role: String,
    count: u8,
    risk: u8,
}

/// What a role is called, and what whoever takes it should know.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallRoleText {
    role: String,
    name: String,
    know: String,
}

/// Saying "I am home".
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallGrace {
    grace_min: u32,
    asks: CallAsks,
}

/// What is counted together.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallTally {
    unit: String,
    goal: u32,
    region_level: u8,
    min_group: u8,
}

/// Something to print.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallMaterial {
    name: String,
    hash: String,
}

/// Whom to call for legal aid.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallLegalAid {
    name: String,
    number: String,
    hours: String,
    checked_on: String,
}

/// What the law of a country says about it.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallLegalNote {
    country: String,
    text: String,
    checked_on: String,
}

/// What to tick, by when.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallChecklists {
    before: Vec<String>,
    during: Vec<String>,
    after: Vec<String>,
    if_held: Vec<String>,
}

/// A call in one language.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallText {
    language: String,
    title: String,
    why: String,
    place_criteria: String,
    bring: Vec<String>,
    leave_at_home: Vec<String>,
    steps: Vec<String>,
    roles: Vec<CallRoleText>,
    checklists: CallChecklists,
    abort_signals: Vec<String>,
    if_stopped: String,
    legal_notes: Vec<CallLegalNote>,
}

/// What is drafted, read and shared. Days are dates without a time.
#[derive(Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    version: u16,
    /// Of which preset it was made; empty if of none.
    preset: String,
    kind: CallKind,
    issued_on: String,
    expires: String,
    /// Null: any day until it expires.
    window: Option<CallWindow>,
    duration_min: u32,
    group_min: u16,
    group_max: u16,
    solo_ok: bool,
    risk: CallRisk,
    preparation_min: u32,
    cost: CallCost,
    roles: Vec<CallRole>,
    check_in: Option<CallGrace>,
    photo_rule: CallPhotoRule,
    photo_after_h: u16,
    tally: Option<CallTally>,
    materials: Vec<CallMaterial>,
    legal_aid: Vec<CallLegalAid>,
    retain_after_end_s: u32,
    supersedes: Option<String>,
    texts: Vec<CallText>,
}

impl Call {
    /// The object for the page.
    pub(crate) fn of(call: &CallIn) -> Result<Self, CommandError> {
        let value = serde_json::to_value(call).map_err(CommandError::internal)?;
        serde_json::from_value(renamed(value, camel)).map_err(CommandError::internal)
    }

    /// The object that the page made.
    pub(crate) fn read(&self) -> Result<CallIn, CommandError> {
        let value = serde_json::to_value(self).map_err(CommandError::internal)?;
        serde_json::from_value(renamed(value, snake))
            .map_err(|error| CommandError::new("invalid_params", error))
    }
}

/// The same with every field called something else. Keys are fields everywhere in a call, never what people wrote.
fn renamed(value: Value, name: fn(&str) -> String) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(field, value)| (name(&field), renamed(value, name)))
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| renamed(item, name)).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

fn camel(name: &str) -> String {
    let mut camel = String::new();
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '_' => camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase())),
            letter => camel.push(letter),
        }
    }
    camel
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_comes_back_from_the_page_as_it_was() {
        let presets = client::Client::call_presets(None);
        assert_eq!(presets.len(), 6);
        for preset in presets {
            let page = Call::of(&preset).unwrap();
            let said = serde_json::to_string(&page).unwrap();
            let again: Call = serde_json::from_str(&said).unwrap();
            assert!(again.read().unwrap() == preset, "{}", preset.preset);
            for field in ["\"retainAfterEndS\":", "\"ifHeld\":", "\"photoAfterH\":"] {
                assert!(said.contains(field), "{field} is not there");
            }
        }
    }

    #[test]
    fn every_field_that_may_be_missing_comes_back_too() {
        let mut call = client::Client::call_presets(None).remove(0);
        let all = serde_json::json!({
            "window": { "from": "2026-11-24", "until": "2026-11-25" },
            "risk": { "level": 4, "reviewed_by": "a lawyer", "reviewed_on": "2026-11-20" },
            "tally": { "unit": "crosses", "goal": 5000, "region_level": 1, "min_group": 5 },
            "materials": [{ "name": "a leaflet", "hash": "00".repeat(32) }],
            "legal_aid": [{ "name": "aid", "number": "+0", "hours": "", "checked_on": "2026-11-24" }],
            "supersedes": "00".repeat(16),
            "cost": "much", "photo_rule": "objects_only", "check_in": null,
        });
        let serde_json::Value::Object(all) = all else {
            panic!("it is an object")
        };
        call = call.changed(all).unwrap();
        assert!(Call::of(&call).unwrap().read().unwrap() == call);
    }

    #[test]
    fn what_is_no_call_is_refused_as_what_the_page_gave() {
        let mut page = Call::of(&client::Client::call_presets(None).remove(0)).unwrap();
        page.expires = "tomorrow".to_owned();
        let refused = page.read().unwrap_err();
        assert!(format!("{refused:?}").contains("invalid_params"));
    }
}
