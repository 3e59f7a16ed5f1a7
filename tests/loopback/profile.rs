//! The profile: made once, opened with its passphrase only, and honest about damage.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::cell::{World, agree, all_that_is_shown, gather};
use crate::restore::copy;
use crate::vigil::{Start, Vigil};

#[test]
fn a_profile_is_none_then_open_then_locked() {
    let world = World::new();
    let mut alice = world.stranger("Alice", Start::default());
    assert_eq!(state(&mut alice), "none");
    assert_eq!(
        alice.refusal("profile.unlock", json!({ "passphrase": "anything" })),
        "no_profile"
    );
    assert_eq!(alice.refusal("cell.list", json!({})), "no_profile");
    for weak in ["", "1234", "correct horse", "Password123!"] {
        assert_eq!(
            alice.refusal("profile.create", json!({ "passphrase": weak })),
            "weak_passphrase"
        );
        assert_eq!(state(&mut alice), "none", "nothing is half made");
    }

    alice.create_profile();
    assert_eq!(state(&mut alice), "open");
    assert_eq!(
        alice.passphrase().split_whitespace().count(),
        6,
        "six words"
    );
    let cell = alice.found("the night kitchen");
    let again = json!({ "passphrase": alice.passphrase() });
    assert_eq!(
        alice.refusal("profile.create", again.clone()),
        "profile_exists"
    );

    alice.ask("profile.lock", json!({}));
    assert_eq!(state(&mut alice), "locked");
    assert_eq!(
        alice.refusal("profile.create", again.clone()),
        "profile_exists"
    );
    for wrong in ["", "wrong", &format!("{}x", alice.passphrase())] {
        assert_eq!(
            alice.refusal("profile.unlock", json!({ "passphrase": wrong })),
            "wrong_passphrase"
        );
        assert_eq!(state(&mut alice), "locked");
    }
    alice.ask("profile.unlock", again.clone());
    assert_eq!(alice.summary(&cell)["name"], "the night kitchen");

    // Of an open profile the passphrase is checked just as well.
    let wrong = json!({ "passphrase": "wrong" });
    assert_eq!(alice.refusal("profile.unlock", wrong), "wrong_passphrase");
    assert_eq!(state(&mut alice), "open");
    alice.ask("profile.unlock", again);
}

#[test]
fn two_generated_passphrases_differ() {
    let world = World::new();
    let mut alice = world.stranger("Alice", Start::default());
    let first = alice.ask("profile.generate_passphrase", json!({}));
    let second = alice.ask("profile.generate_passphrase", json!({}));
    assert_ne!(first, second);
}

#[test]
fn nothing_answers_while_the_profile_is_locked() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("the night kitchen");
    let member = alice.id(&cell);
    alice.stop();
    alice.launch_again();

    let methods = [
        ("cell.create", json!({ "name": "x", "display_name": "x" })),
        ("cell.list", json!({})),
        ("cell.members", json!({ "cell": cell })),
        ("cell.invite", json!({ "cell": cell })),
        (
            "cell.join",
            json!({ "link": "vigil:x", "display_name": "x" }),
        ),
        ("cell.remove", json!({ "cell": cell, "member": member })),
        ("cell.leave", json!({ "cell": cell })),
        ("message.send", json!({ "cell": cell, "text": "x" })),
        ("message.list", json!({ "cell": cell })),
        ("net.status", json!({})),
        ("net.online", json!({})),
        (
            "bundle.export",
            json!({ "cell": cell, "path": world.path("file") }),
        ),
        ("bundle.import", json!({ "path": world.path("file") })),
    ];
    for (method, params) in methods {
        assert_eq!(alice.refusal(method, params), "locked", "{method}");
    }
    assert!(!world.path("file").exists());
}

#[test]
fn one_profile_runs_once() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("the night kitchen");
    let mut double = Vigil::launch(
        "Double",
        alice.folder().to_owned(),
        world.path("double.log"),
        Start::default(),
    );

    let passphrase = json!({ "passphrase": alice.passphrase() });
    assert_eq!(
        double.refusal("profile.unlock", passphrase.clone()),
        "already_running"
    );
    alice.say(&cell, "still only me");

    // A killed one leaves no lock behind.
    alice.kill();
    double.ask("profile.unlock", passphrase);
    assert_eq!(double.texts(&cell), ["still only me"]);
}

#[test]
fn damage_is_said_and_never_taken_for_an_empty_profile() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("the night kitchen");
    alice.say_many(&cell, "a long evening", 50);
    let before = all_that_is_shown(&mut alice);
    alice.stop();
    let whole = world.path("whole");
    copy(alice.folder(), &whole);
    let passphrase = json!({ "passphrase": alice.passphrase() });

    let mut kinds = Vec::new();
    for damage in [noise as fn(&Path), half, nothing] {
        let victim = largest_file(alice.folder());
        damage(&victim);
        alice.launch_again();
        let kind = alice.refusal("profile.unlock", passphrase.clone());
        assert!(
            ["storage_damaged", "rolled_back"].contains(&kind.as_str()),
            "{kind}"
        );
        kinds.push(kind);
        assert_ne!(
            state(&mut alice),
            "none",
            "a damaged profile is not a missing one"
        );
        alice.stop();
        fs::remove_dir_all(alice.folder()).unwrap();
        copy(&whole, alice.folder());
    }
    assert!(kinds.contains(&"storage_damaged".to_owned()), "{kinds:?}");

    alice.restart();
    assert_eq!(
        all_that_is_shown(&mut alice),
        before,
        "put back, everything is there"
    );
}

#[test]
fn a_database_older_than_its_header_is_refused() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cell = alice.found("the night kitchen");
    alice.stop();
    let old = world.path("old");
    copy(alice.folder(), &old);
    alice.restart();
    alice.say_many(&cell, "what would be forgotten", 20);
    alice.stop();

    // Everything of then but the header of now.
    let name = "a";
    let kept = fs::read(alice.folder().join(name)).unwrap();
    fs::remove_dir_all(alice.folder()).unwrap();
    copy(&old, alice.folder());
    fs::write(alice.folder().join(name), kept).unwrap();
    alice.launch_again();

    let passphrase = json!({ "passphrase": alice.passphrase() });
    assert_eq!(alice.refusal("profile.unlock", passphrase), "rolled_back");
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let world = World::new();
    let disk = world.path("disk");
    fs::create_dir_all(&disk).unwrap();
    // A disk of 24 MiB that only this node sees. Its shell stays, so that the disk does.
    let script = "mount -t tmpfs -o size=24m none \"$0\" && \"$@\"";
    let through = [
        "unshare",
        "-Urm",
        "sh",
        "-c",
        script,
        &disk.to_string_lossy(),
    ]
    .map(str::to_owned);
    if !Command::new("unshare")
        .args(["-Urm", "true"])
        .status()
        .is_ok_and(|status| status.success())
    {
        skipped("a full disk needs user namespaces, which this machine does not allow");
        return;
    }
    let start = Start {
        through: through.to_vec(),
        ..Start::default()
    };
    let mut alice = Vigil::launch(
        "Alice",
        disk.join("profile"),
        world.path("alice.log"),
        start,
    );
    alice.create_profile();
    let cell = alice.found("the night kitchen");
    alice.say_many(&cell, "before", 5);

    let filler = PathBuf::from(format!(
        "/proc/{}/root{}/filler",
        alice.pid(),
        disk.display()
    ));
    let written = fill(&filler);
    assert!(written > 0, "the disk had room");
    let mut said: Vec<String> = alice.texts(&cell);
    let long = "x".repeat(15_000);
    let kind = (0..2_000).find_map(|number| {
        let words = format!("{number} {long}");
        match alice.call("message.send", json!({ "cell": cell, "text": words })) {
            Ok(_) => {
                said.push(words);
                None
            }
            Err(error) => Some(error.kind),
        }
    });
    assert_eq!(kind.as_deref(), Some("disk_full"));
    // A node that cannot store does not go on as if it could.
    assert_eq!(state(&mut alice), "locked");

    fs::remove_file(&filler).unwrap();
    let passphrase = json!({ "passphrase": alice.passphrase() });
    alice.ask("profile.unlock", passphrase);
    assert_eq!(alice.texts(&cell), said, "exactly what was acknowledged");
    alice.say(&cell, "room again");
}

#[test]
fn a_locked_profile_meets_the_cell_again_when_it_is_opened() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);

    alice.ask("profile.lock", json!({}));
    bob.say_many(&cell, "behind the door", 10);
    let passphrase = json!({ "passphrase": alice.passphrase() });
    alice.ask("profile.unlock", passphrase);

    agree(&mut [&mut alice, &mut bob], &cell, 12);
}

fn state(person: &mut Vigil) -> Value {
    person.ask("profile.status", json!({}))["state"].clone()
}

#[expect(
    clippy::print_stdout,
    reason = "the summary of all tests names what was skipped"
)]
fn skipped(why: &str) {
    println!("skipped: {why}");
}

/// Writes until there is no room for a single page more.
fn fill(path: &Path) -> usize {
    use std::io::Write;

    let mut file = fs::File::create(path).unwrap();
    let mut written = 0;
    for size in [65_536, 4_096, 512] {
        while file.write_all(&vec![0xaa; size]).is_ok() {
            written += size;
        }
    }
    written
}

fn noise(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    for byte in &mut bytes {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        *byte = chance as u8;
    }
    fs::write(path, bytes).unwrap();
}

fn half(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

fn nothing(path: &Path) {
    fs::write(path, b"").unwrap();
}

/// The largest file below a folder.
fn largest_file(folder: &Path) -> PathBuf {
    let mut folders = vec![folder.to_owned()];
    let mut best = (0, PathBuf::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let length = fs::metadata(&path).unwrap().len();
                best = best.max((length, path));
            }
        }
    }
    assert!(best.0 > 0, "no such file");
    best.1
}
