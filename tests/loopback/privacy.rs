//! Nothing readable: not in the profile folder, not in its file names, not in a log at any level.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cell::{World, agree, gather, join};
use crate::vigil::{Start, Vigil, text};

/// A word that must not be found, and what it is.
struct Needle {
    what: String,
    bytes: Vec<u8>,
}

#[test]
fn nothing_readable_in_folders_file_names_or_logs() {
    let world = World::new();
    let everything = Start {
        log: "trace".to_owned(),
        ..Start::default()
    };
    let names = ["Rosalind", "Kropotkin", "Durruti"];
    let [mut rosalind, mut kropotkin, mut durruti] = names.map(|name| {
        let mut person = world.stranger(name, everything.clone());
        person.create_profile();
        person
    });
    let mut people = [&mut rosalind, &mut kropotkin, &mut durruti];
    let cell = gather(&mut people);
    for person in &mut people {
        person.say_many(&cell, "the assembly at the lighthouse", 20);
    }
    let history = agree(&mut people, &cell, 63);

    let mut needles = Vec::new();
    for line in history.iter().filter(|line| line.text.ends_with('7')) {
        needles.extend(spellings("a message", line.text.as_bytes()));
        needles.extend(identifiers("a message id", &line.message));
    }
    needles.extend(spellings("a word of the messages", b"lighthouse"));
    needles.extend(spellings("the cell name", b"the night kitchen"));
    needles.extend(identifiers("the cell id", &cell));
    for person in &mut people {
        needles.extend(spellings("a passphrase", person.passphrase().as_bytes()));
        needles.extend(spellings("a display name", person.name().as_bytes()));
        needles.extend(identifiers("a member id", &person.id(&cell)));
        needles.extend(spellings(
            "where the folder is",
            person.folder().to_string_lossy().as_bytes(),
        ));
        needles.extend(own_peers(person));
    }
    exercise_the_rest(people[0], &cell, &mut needles);

    let [rosalind, kropotkin, durruti] = people;
    // One folder as it is while open, one after an orderly end, one after a sudden one.
    kropotkin.stop();
    durruti.kill();
    let mut found = Vec::new();
    for person in [rosalind, kropotkin, durruti] {
        search(person.folder(), &needles, &mut found);
        let log = person.log().to_owned();
        assert!(
            fs::metadata(&log).unwrap().len() > 0,
            "at trace a node says something"
        );
        look_into(&log, &needles, &mut found);
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Refusals, joins that fail, offline and online: what is logged seldom is logged carelessly.
fn exercise_the_rest(person: &mut Vigil, cell: &str, needles: &mut Vec<Needle>) {
    let invite = person.ask("cell.invite", json!({ "cell": cell }));
    let link = text(&invite["link"]);
    needles.extend(spellings("an invite", link.as_bytes()));
    let end = &link[link.len().saturating_sub(24)..];
    needles.extend(spellings("the end of an invite", end.as_bytes()));
    person.ask(
        "cell.rename",
        json!({ "cell": cell, "name": "the other kitchen" }),
    );
    needles.extend(spellings("the new cell name", b"the other kitchen"));
    let long = "lighthouse ".repeat(2_000);
    person
        .call("message.send", json!({ "cell": cell, "text": long }))
        .ok();
    person
        .call(
            "cell.join",
            json!({ "link": link, "display_name": "Rosalind" }),
        )
        .ok();
    person
        .call(
            "cell.join",
            json!({ "link": "vigil:lighthouse", "display_name": "Rosalind" }),
        )
        .ok();
    person
        .call(
            "profile.unlock",
            json!({ "passphrase": "lighthouse lighthouse" }),
        )
        .ok();
    person.answer_to_raw("{\"method\": \"lighthouse\"");
    person.ask("net.offline", json!({}));
    person.ask("net.online", json!({}));
    person.event("peer.connected", |_| true);
    needles.extend(own_peers(person));
}

#[test]
fn a_trial_on_the_search_itself() {
    let world = World::new();
    let folder = world.path("folder");
    fs::create_dir_all(folder.join("deep")).unwrap();
    fs::write(folder.join("deep/file"), b"....6c69676874686f757365....").unwrap();
    fs::write(folder.join("lighthouse"), b"").unwrap();
    let mut found = Vec::new();
    search(&folder, &spellings("a word", b"lighthouse"), &mut found);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(base58(&[0, 0, 1, 2, 3]), "11Ldp");
    assert_eq!(from_hex("00ff10"), Some(vec![0, 255, 16]));
}

/// The ways in which a text could stand somewhere.
fn spellings(what: &str, bytes: &[u8]) -> Vec<Needle> {
    let wide: Vec<u8> = bytes.iter().flat_map(|byte| [*byte, 0]).collect();
    let forms = [
        bytes.to_vec(),
        hex(bytes).into_bytes(),
        base58(bytes).into_bytes(),
        wide,
    ];
    let needle = |bytes| Needle {
        what: what.to_owned(),
        bytes,
    };
    forms.into_iter().map(needle).collect()
}

/// The same for an identifier that we are shown in hex or base58.
fn identifiers(what: &str, shown: &str) -> Vec<Needle> {
    let mut needles = spellings(what, shown.as_bytes());
    if let Some(bytes) = from_hex(shown) {
        needles.extend(spellings(what, &bytes));
    }
    needles
}

fn own_peers(person: &mut Vigil) -> Vec<Needle> {
    let status = person.ask("net.status", json!({}));
    let cells = status["cells"].as_array().expect("a list of cells");
    let peers = cells.iter().map(|cell: &Value| text(&cell["peer"]));
    peers
        .flat_map(|peer| identifiers("a peer id", &peer))
        .collect()
}

/// Looks at every file below a folder, and at the names of files and folders.
fn search(folder: &Path, needles: &[Needle], found: &mut Vec<String>) {
    let mut names = Vec::new();
    for path in entries(folder) {
        let name = path
            .strip_prefix(folder)
            .expect("an entry is in its folder");
        names.push(name.to_string_lossy().into_owned());
        if path.is_file() {
            look_into(&path, needles, found);
        }
    }
    for needle in found_in(names.join("\n").as_bytes(), needles) {
        found.push(format!(
            "{} names a file: {}",
            needle.what,
            names.join(", ")
        ));
    }
}

fn look_into(path: &Path, needles: &[Needle], found: &mut Vec<String>) {
    let bytes = fs::read(path).expect("a file can be read");
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    for needle in found_in(&bytes, needles) {
        found.push(format!("{} stands in {file}", needle.what));
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let entry = entry.expect("an entry can be read");
        if entry.file_type().expect("an entry has a type").is_dir() {
            all.extend(entries(&entry.path()));
        }
        all.push(entry.path());
    }
    all
}

/// The needles that occur, whatever the case of letters: hex may be written large or small. One pass over the hay.
fn found_in<'a>(hay: &[u8], needles: &'a [Needle]) -> Vec<&'a Needle> {
    let hay = hay.to_ascii_lowercase();
    let needles: Vec<(Vec<u8>, &Needle)> = needles
        .iter()
        .map(|needle| (needle.bytes.to_ascii_lowercase(), needle))
        .collect();
    let mut by_beginning = vec![Vec::new(); 1 << 16];
    for (index, (bytes, needle)) in needles.iter().enumerate() {
        assert!(bytes.len() >= 4, "{} is too short to look for", needle.what);
        by_beginning[beginning(bytes)].push(index);
    }
    let mut found = vec![false; needles.len()];
    for at in 0..hay.len().saturating_sub(1) {
        for index in &by_beginning[beginning(&hay[at..])] {
            found[*index] |= hay[at..].starts_with(&needles[*index].0);
        }
    }
    let pairs = needles.iter().zip(found);
    pairs
        .filter(|(_, found)| *found)
        .map(|((_, needle), _)| *needle)
        .collect()
}

fn beginning(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).map(|digit| digit as u8))
        .collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0 && !digits.is_empty())?;
    Some(
        digits
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect(),
    )
}

/// The alphabet in which libp2p prints peer ids.
fn base58(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let mut digits: Vec<u32> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += *digit << 8;
            *digit = carry % 58;
            carry /= 58;
        }
        while carry > 0 {
            digits.push(carry % 58);
            carry /= 58;
        }
    }
    let digits = digits
        .iter()
        .rev()
        .map(|digit| char::from(ALPHABET[*digit as usize]));
    "1".repeat(zeros).chars().chain(digits).collect()
}

#[test]
fn a_stopped_node_leaves_nothing_outside_its_folder() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = alice.found("the night kitchen");
    join(&mut alice, &mut bob, &cell);
    alice.stop();
    bob.stop();

    let folder = world.path("");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["alice", "alice.log", "bob", "bob.log"]);
}
