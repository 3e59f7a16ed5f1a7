//! What people do in a cell, in the words of a story.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::vigil::{Start, Vigil, text};

/// The folder of one story. It stays behind if the story fails.
pub(crate) struct World {
    folder: TempDir,
}

impl World {
    /// An empty world.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
        Self { folder }
    }

    /// Somebody with a new profile, open.
    pub(crate) fn person(&self, name: &str) -> Vigil {
        let mut person = self.stranger(name, Start::default());
        person.create_profile();
        person
    }

    /// Somebody without a profile yet.
    pub(crate) fn stranger(&self, name: &str, start: Start) -> Vigil {
        let [folder, log] =
            ["", ".log"].map(|end| self.path(&format!("{}{end}", name.to_lowercase())));
        Vigil::launch(name, folder, log, start)
    }

    /// A path that no node uses by itself.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if thread::panicking() {
            self.folder.disable_cleanup(true);
        }
    }
}

/// One line of a conversation, as everybody must see it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Line {
    pub(crate) message: String,
    pub(crate) author: String,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) sent_at: String,
}

impl Vigil {
    /// Founds a cell and returns its id.
    pub(crate) fn found(&mut self, name: &str) -> String {
        let params = json!({ "name": name, "display_name": self.name() });
        text(&self.ask("cell.create", params)["cell"])
    }

    /// Sends a text and returns the id of the message.
    pub(crate) fn say(&mut self, cell: &str, words: &str) -> String {
        text(&self.ask("message.send", json!({ "cell": cell, "text": words }))["message"])
    }

    /// Sends `count` texts, one after the other.
    pub(crate) fn say_many(&mut self, cell: &str, about: &str, count: usize) {
        for number in 0..count {
            let words = format!("{} on {about}, {number}", self.name());
            self.say(cell, &words);
        }
    }

    /// The whole conversation, oldest first, fetched page by page.
    pub(crate) fn history(&mut self, cell: &str) -> Vec<Line> {
        let mut pages: Vec<Vec<Line>> = Vec::new();
        let mut before = Value::Null;
        loop {
            let mut params = json!({ "cell": cell, "limit": 200 });
            if !before.is_null() {
                params["before"] = before.clone();
            }
            let listed = self.ask("message.list", params);
            let Some(messages) = listed["messages"].as_array() else {
                self.fail(&format!("message.list answered {listed}"));
            };
            let Some(first) = messages.first() else {
                break;
            };
            before = first["message"].clone();
            pages.push(messages.iter().map(line).collect());
        }
        pages.into_iter().rev().flatten().collect()
    }

    /// The texts of the whole conversation, in order.
    pub(crate) fn texts(&mut self, cell: &str) -> Vec<String> {
        self.history(cell)
            .into_iter()
            .map(|line| line.text)
            .collect()
    }

    /// Member id → how they stand.
    pub(crate) fn standing(&mut self, cell: &str) -> BTreeMap<String, String> {
        let members = self.members(cell);
        let pairs = members
            .iter()
            .map(|one| (text(&one["member"]), text(&one["state"])));
        pairs.collect()
    }

    /// What `cell.members` answers.
    pub(crate) fn members(&mut self, cell: &str) -> Vec<Value> {
        let members = self.ask("cell.members", json!({ "cell": cell }));
        match members.as_array() {
            Some(members) => members.clone(),
            None => self.fail(&format!("cell.members answered {members}")),
        }
    }

    /// Our own member id.
    pub(crate) fn id(&mut self, cell: &str) -> String {
        let members = self.members(cell);
        match members.iter().find(|one| one["self"] == true) {
            Some(own) => text(&own["member"]),
            None => self.fail("we are not among the members"),
        }
    }

    /// The cell as `cell.list` has it.
    pub(crate) fn summary(&mut self, cell: &str) -> Value {
        let cells = self.ask("cell.list", json!({}));
        let found = cells
            .as_array()
            .and_then(|all| all.iter().find(|one| one["cell"] == cell));
        match found {
            Some(found) => found.clone(),
            None => self.fail(&format!("the cell is not in {cells}")),
        }
    }

    /// Waits until we can read all these texts.
    pub(crate) fn reads(&mut self, cell: &str, wanted: &[&str]) {
        self.until("we read everything", |we| {
            let texts: BTreeSet<String> = we.texts(cell).into_iter().collect();
            let missing: Vec<&&str> = wanted.iter().filter(|one| !texts.contains(**one)).collect();
            none(&missing)
        });
    }

    /// Waits until the conversation has this many messages.
    pub(crate) fn reads_count(&mut self, cell: &str, count: usize) {
        self.until("all messages are here", |we| {
            let here = we.history(cell).len();
            if here == count {
                return Ok(());
            }
            Err(format!("{here} of {count} are"))
        });
    }

    /// Waits until this many people are members.
    pub(crate) fn counts_members(&mut self, cell: &str, count: usize) {
        self.until("all members are known", |we| {
            let standing = we.standing(cell);
            let here = standing.values().filter(|state| *state == "member").count();
            if here == count {
                return Ok(());
            }
            Err(format!("{here} of {count} are"))
        });
    }
}

/// One person lets another in. Both see the same phrase.
pub(crate) fn join(inviter: &mut Vigil, newcomer: &mut Vigil, cell: &str) {
    let invite = inviter.ask("cell.invite", json!({ "cell": cell }));
    knock(newcomer, &invite["link"]);
    let shown = newcomer.event("join.phrase", |_| true);
    let name = newcomer.name().to_owned();
    let asked = inviter.event("join.requested", |event| {
        event["cell"] == cell && event["name"] == name.as_str()
    });
    let phrase = text(&shown["phrase"]);
    assert!(!phrase.trim().is_empty(), "there is nothing to compare");
    assert_eq!(
        phrase,
        text(&asked["phrase"]),
        "both sides see the same phrase"
    );
    answer(inviter, cell, &asked["request"], true);
    newcomer.event("cell.joined", |event| event["cell"] == cell);
}

/// Begins to join.
pub(crate) fn knock(newcomer: &mut Vigil, link: &Value) -> String {
    let params = json!({ "link": link, "display_name": newcomer.name() });
    text(&newcomer.ask("cell.join", params)["request"])
}

/// Lets somebody in, or not.
pub(crate) fn answer(inviter: &mut Vigil, cell: &str, request: &Value, accept: bool) {
    let params = json!({ "cell": cell, "request": request, "accept": accept });
    inviter.ask("cell.confirm_join", params);
}

/// The first founds a cell and lets the others in. Everybody knows everybody and can be heard by everybody.
pub(crate) fn gather(people: &mut [&mut Vigil]) -> String {
    let count = people.len();
    let (founder, others) = people.split_first_mut().expect("a cell has a founder");
    let cell = founder.found("the night kitchen");
    for newcomer in others {
        join(founder, newcomer, &cell);
    }
    for person in people.iter_mut() {
        person.counts_members(&cell, count);
    }
    // Everybody speaks once: from here on every send group has every member in it.
    for person in people.iter_mut() {
        let words = format!("{} is here", person.name());
        person.say(&cell, &words);
    }
    for person in people.iter_mut() {
        let name = person.name().to_owned();
        person.until(
            &format!("{name} hears everybody who spoke after they came"),
            |we| {
                let heard = we.texts(&cell);
                if heard.len() == count {
                    return Ok(());
                }
                Err(format!("{heard:?}"))
            },
        );
    }
    cell
}

/// Everybody at once.
pub(crate) fn together(people: &mut [&mut Vigil], work: impl Fn(&mut Vigil) + Sync) {
    let work = &work;
    thread::scope(|scope| {
        for person in people {
            scope.spawn(move || work(person));
        }
    });
}

/// Waits until all have the same conversation of this length, and compares it whole.
pub(crate) fn agree(people: &mut [&mut Vigil], cell: &str, count: usize) -> Vec<Line> {
    for person in people.iter_mut() {
        person.reads_count(cell, count);
    }
    let mut histories = people.iter_mut().map(|person| person.history(cell));
    let first = histories.next().expect("somebody is there");
    for other in histories {
        assert_same(&first, &other);
    }
    let ids: BTreeSet<&String> = first.iter().map(|line| &line.message).collect();
    assert_eq!(ids.len(), first.len(), "no message is there twice");
    first
}

/// Compares two conversations and shows where they part.
pub(crate) fn assert_same(left: &[Line], right: &[Line]) {
    let parting = left
        .iter()
        .zip(right)
        .position(|(left, right)| left != right);
    if let Some(at) = parting {
        panic!(
            "two conversations part at line {at}:\n{:#?}\n{:#?}",
            left[at], right[at]
        );
    }
    assert_eq!(left.len(), right.len(), "one conversation is longer");
}

/// Everything a person can look at in all cells, as one text.
pub(crate) fn all_that_is_shown(person: &mut Vigil) -> String {
    let cells = person.ask("cell.list", json!({}));
    let mut shown = format!("{cells}\n");
    for cell in cells.as_array().into_iter().flatten() {
        let cell = text(&cell["cell"]);
        for line in person.history(&cell) {
            shown.push_str(&format!("{line:?}\n"));
        }
        for member in person.members(&cell) {
            // Who is connected at this moment, and how far acks have come, changes by itself.
            let kept = [
                "member",
                "name",
                "self",
                "full",
                "verified",
                "state",
                "introduced_by",
                "compared",
            ];
            let kept: Vec<&Value> = kept.iter().map(|field| &member[field]).collect();
            shown.push_str(&format!("{kept:?}\n"));
        }
        let invites = person.ask("cell.invites", json!({ "cell": cell }));
        shown.push_str(&format!("{invites}\n"));
    }
    shown
}

fn line(message: &Value) -> Line {
    let delivery = &message["delivery"];
    assert!(
        delivery["have"].is_u64() && delivery["of"].is_u64(),
        "delivery is missing in {message}"
    );
    assert!(
        message["audience"].is_u64(),
        "audience is missing in {message}"
    );
    Line {
        message: text(&message["message"]),
        author: text(&message["author"]),
        name: text(&message["name"]),
        text: text(&message["text"]),
        sent_at: text(&message["sent_at"]),
    }
}

fn none<T: std::fmt::Debug>(missing: &[T]) -> Result<(), String> {
    if missing.is_empty() {
        return Ok(());
    }
    let first: Vec<&T> = missing.iter().take(5).collect();
    Err(format!("{} are missing, {first:?}", missing.len()))
}
