//! Files between real nodes: over three of them, over kill -9, too large, and what lies on the disks meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cell::{World, gather};
use crate::vigil::{Vigil, text};

/// What is searched for in the folders: it stands in the file many times.
const SECRET: &[u8] = b"the printing press is under the boathouse";

fn file(world: &World, name: &str, len: usize) -> (PathBuf, Vec<u8>) {
    let line = [SECRET, b"\n"].concat();
    let mut bytes: Vec<u8> = line.iter().copied().cycle().take(len).collect();
    // No two pieces are alike.
    for (number, chunk) in bytes.chunks_mut(1000).enumerate() {
        let number = number.to_be_bytes();
        let room = chunk.len().min(number.len());
        chunk[..room].copy_from_slice(&number[..room]);
    }
    let path = world.path(name);
    fs::write(&path, &bytes).expect("a file can be written");
    (path, bytes)
}

impl Vigil {
    fn attach(&mut self, cell: &str, path: &Path) -> String {
        let sent = self.ask(
            "attachment.send",
            json!({ "cell": cell, "path": path, "text": "the plan" }),
        );
        assert_eq!(sent["message"], sent["attachment"]);
        text(&sent["attachment"])
    }

    fn attachment(&mut self, cell: &str, attachment: &str) -> Value {
        let message = json!({ "cell": cell, "message": attachment });
        self.ask("message.get", message)["attachment"].clone()
    }

    fn fetch(&mut self, attachment: &str) {
        self.ask("attachment.fetch", json!({ "attachment": attachment }));
    }

    fn has_whole(&mut self, cell: &str, attachment: &str) {
        let key = (cell.to_owned(), attachment.to_owned());
        self.until("the attachment is here", |person| {
            let now = person.attachment(&key.0, &key.1);
            if now["state"] == "here" {
                Ok(())
            } else {
                Err(now.to_string())
            }
        });
    }

    fn saved(&mut self, world: &World, attachment: &str, name: &str) -> Vec<u8> {
        let path = world.path(name);
        self.ask(
            "attachment.save",
            json!({ "attachment": attachment, "path": path }),
        );
        fs::read(path).expect("it was saved")
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return all;
    };
    for entry in entries {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

fn readable(folder: &Path) -> Vec<PathBuf> {
    let holds = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap_or_default();
        let part = &SECRET[..20];
        bytes.windows(part.len()).any(|window| window == part)
    };
    files(folder).into_iter().filter(holds).collect()
}

#[test]
fn a_file_of_5_mib_goes_over_three_nodes_and_over_kill_9() {
    let world = World::new();
    let [mut alice, mut bob, mut carol] = ["Alice", "Bob", "Carol"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob, &mut carol]);
    let (path, bytes) = file(&world, "plan.txt", 5 * 1024 * 1024);

    let attachment = alice.attach(&cell, &path);
    bob.reads(&cell, &["the plan"]);
    carol.reads(&cell, &["the plan"]);
    let offered = bob.attachment(&cell, &attachment);
    assert_eq!(offered["state"], "offered");
    assert_eq!(offered["name"], "plan.txt");
    assert_eq!(offered["size"], bytes.len());

    // Bob dies again and again while it comes, and loses nothing of what had come.
    let (mut before, mut interrupted) = (0, 0);
    for _ in 0..3 {
        bob.fetch(&attachment);
        let now = bob.attachment(&cell, &attachment);
        if now["state"] == "here" {
            break;
        }
        let of_it = json!(attachment);
        let told = bob.event("attachment.progress", |event| {
            event["attachment"] == of_it && event["have"].as_u64() >= Some(before + 5)
        });
        bob.kill();
        bob.restart();
        let now = bob.attachment(&cell, &attachment);
        assert!(
            now["have"].as_u64() >= told["have"].as_u64(),
            "{now} after {told}"
        );
        interrupted += u32::from(now["have"] != now["of"]);
        before = now["have"].as_u64().expect("a number of pieces");
    }
    assert!(interrupted > 0, "it came in one go");
    // He had asked for it: it goes on by itself.
    bob.has_whole(&cell, &attachment);
    assert_eq!(bob.saved(&world, &attachment, "bobs.txt"), bytes);

    // Carol gets it from him.
    alice.stop();
    carol.fetch(&attachment);
    carol.has_whole(&cell, &attachment);
    assert_eq!(carol.saved(&world, &attachment, "carols.txt"), bytes);

    for person in [&mut alice, &mut bob, &mut carol] {
        assert_eq!(readable(person.folder()), Vec::<PathBuf>::new());
        let pieces = files(&person.folder().join("g"));
        assert!(pieces.len() > 90, "{} files", pieces.len());
        for piece in pieces {
            assert_eq!(fs::metadata(piece).expect("it is there").len(), 61_440);
        }
    }
    // The search can find something.
    assert!(!readable(path.parent().expect("a folder")).is_empty());

    bob.ask("profile.erase", json!({}));
    assert_eq!(files(bob.folder()), Vec::<PathBuf>::new());
}

#[test]
fn a_sender_killed_in_the_middle_leaves_all_or_nothing() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let (path, bytes) = file(&world, "plan.txt", 2_000_000);

    let mut accepted = Vec::new();
    for round in 0..6_u64 {
        let send = json!({ "cell": cell, "path": path, "text": format!("round {round}") });
        let id = alice.begin("attachment.send", send);
        thread::sleep(Duration::from_millis(40 * round));
        let sent = alice.finish_if_alive(id, Duration::from_millis(1));
        alice.kill();
        alice.restart();
        accepted.extend(sent.map(|sent| text(&sent["attachment"])));
        let listed = alice.ask("message.list", json!({ "cell": cell }));
        let listed = listed["messages"].as_array().expect("a list").clone();
        let attached: Vec<&Value> = listed
            .iter()
            .map(|message| &message["attachment"])
            .filter(|attachment| !attachment.is_null())
            .collect();
        assert!(
            attached
                .iter()
                .all(|attachment| attachment["state"] == "here")
        );
        let pieces: u64 = attached
            .iter()
            .filter_map(|attachment| attachment["of"].as_u64())
            .sum();
        let on_disk = files(&alice.folder().join("g")).len();
        assert_eq!(on_disk as u64, pieces, "no file is left over");
        for known in &accepted {
            assert!(
                attached
                    .iter()
                    .any(|attachment| attachment["attachment"] == *known)
            );
        }
    }
    let last = alice.attach(&cell, &path);
    bob.reads(&cell, &["the plan"]);
    bob.fetch(&last);
    bob.has_whole(&cell, &last);
    assert_eq!(bob.saved(&world, &last, "bobs.txt"), bytes);
}

#[test]
fn what_is_being_sent_can_be_stopped() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let (path, _) = file(&world, "plan.txt", 5 * 1024 * 1024);
    let sending = alice.begin("attachment.send", json!({ "cell": cell, "path": path }));
    let told = alice.event("attachment.progress", |event| {
        event["have"].as_u64() >= Some(3)
    });
    assert_ne!(told["have"], told["of"], "it was too quick to be stopped");
    let attachment = json!({ "attachment": told["attachment"] });
    alice.ask("attachment.cancel", attachment.clone());
    let refused = alice.finish(sending).expect_err("it was stopped");
    assert_eq!(refused.kind, "cancelled");
    assert_eq!(
        alice.refusal("attachment.cancel", attachment),
        "no_such_message"
    );
    assert!(files(&alice.folder().join("g")).is_empty());
    alice.say(&cell, "never mind");
    bob.reads(&cell, &["never mind"]);
}

#[test]
fn a_piece_that_is_damaged_on_the_disk_is_fetched_again() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let (path, bytes) = file(&world, "plan.txt", 1_000_000);
    let attachment = alice.attach(&cell, &path);
    bob.reads(&cell, &["the plan"]);
    bob.fetch(&attachment);
    bob.has_whole(&cell, &attachment);
    // One file is damaged, and one is gone.
    let pieces = files(&bob.folder().join("g"));
    let mut damaged = fs::read(&pieces[3]).expect("a piece");
    damaged[5000] ^= 1;
    fs::write(&pieces[3], damaged).expect("it can be damaged");
    fs::remove_file(&pieces[9]).expect("it can go");
    // The first look finds the one, the next perhaps the other.
    let mut refused = 0;
    loop {
        let save = json!({ "attachment": attachment, "path": world.path("bobs.txt") });
        let id = bob.begin("attachment.save", save);
        let Err(error) = bob.finish(id) else {
            break;
        };
        assert_eq!(error.kind, "unreachable");
        refused += 1;
        bob.has_whole(&cell, &attachment);
    }
    assert!((1..=2).contains(&refused), "{refused}");
    assert_eq!(
        fs::read(world.path("bobs.txt")).expect("it is there"),
        bytes
    );
    assert_eq!(files(&bob.folder().join("g")).len(), pieces.len());
}

#[test]
fn what_cannot_be_sent_is_refused_in_one_sentence() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);

    let film = world.path("film.mkv");
    let long = fs::File::create(&film).expect("a file can be made");
    long.set_len(300_000_000).expect("it can be long");
    let send = |path: &Path| json!({ "cell": cell, "path": path });
    assert_eq!(
        alice.refusal("attachment.send", send(&film)),
        "attachment_too_large"
    );
    let broken = world.path("broken.png");
    fs::write(&broken, b"\x89PNG\r\n\x1a\n and nothing more").expect("a file can be written");
    assert_eq!(
        alice.refusal("attachment.send", send(&broken)),
        "file_unsafe"
    );
    let nothing = world.path("nothing");
    assert_eq!(
        alice.refusal("attachment.send", send(&nothing)),
        "file_unsafe"
    );
    let folder = alice.folder().to_owned();
    assert_eq!(
        alice.refusal("attachment.send", send(&folder)),
        "file_unsafe"
    );
    let unknown = json!({ "attachment": "00".repeat(32) });
    assert_eq!(
        alice.refusal("attachment.fetch", unknown),
        "no_such_message"
    );
    assert!(files(&alice.folder().join("g")).is_empty());

    // Nothing of it went wrong for anything else.
    let sent = alice.ask(
        "attachment.send",
        json!({ "cell": cell, "path": broken, "as_file": true, "text": "broken" }),
    );
    assert_eq!(sent["kind"], "file");
    assert_eq!(sent["may_carry_metadata"], true);
    bob.reads(&cell, &["broken"]);
    let save = json!({ "attachment": sent["attachment"], "path": world.path("x") });
    assert_eq!(bob.refusal("attachment.save", save), "unreachable");
}

#[test]
fn a_picture_arrives_by_itself_without_what_was_in_its_file() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let path = world.path("IMG_20261124_river.png");
    fs::write(&path, telling_png()).expect("a file can be written");

    let sent = alice.ask(
        "attachment.send",
        json!({ "cell": cell, "path": path, "text": "look" }),
    );
    assert_eq!(sent["kind"], "image");
    assert_eq!(sent["may_carry_metadata"], false);
    bob.reads(&cell, &["look"]);
    let attachment = text(&sent["attachment"]);
    bob.has_whole(&cell, &attachment);
    let shown = bob.attachment(&cell, &attachment);
    assert_eq!(shown["name"], "picture.png");
    assert_eq!((&shown["width"], &shown["height"]), (&json!(2), &json!(2)));
    let saved = bob.saved(&world, &attachment, "saved.png");
    let minsk = |bytes: &[u8]| bytes.windows(5).any(|part| part == b"Minsk");
    assert!(minsk(&fs::read(&path).expect("it is there")) && !minsk(&saved));
    let image = bob.ask("attachment.image", json!({ "attachment": attachment }));
    assert_eq!(image["media"], "image/png");
    assert_eq!((&image["width"], &image["height"]), (&json!(2), &json!(2)));
    assert!(text(&image["data"]).len() > 50);
}

/// Two by two red pixels, and a text that says where they were taken.
fn telling_png() -> Vec<u8> {
    let chunk = |kind: &[u8], content: &[u8]| {
        let named = [kind, content].concat();
        let length = u32::try_from(content.len()).expect("it is short");
        [
            &length.to_be_bytes()[..],
            &named,
            &crc(&named).to_be_bytes(),
        ]
        .concat()
    };
    let header = [0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0];
    // Stored without compression: a block of two rows, each a filter byte and two pixels.
    let row = [0, 255, 0, 0, 255, 0, 0];
    let rows = [row, row].concat();
    let mut zlib = vec![0x78, 0x01, 1, 14, 0, !14, 255];
    zlib.extend_from_slice(&rows);
    zlib.extend(adler(&rows).to_be_bytes());
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"tEXt", b"City\0Minsk"),
        chunk(b"IDAT", &zlib),
        chunk(b"IEND", b""),
    ]
    .concat()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let odd = crc & 1 == 1;
            crc >>= 1;
            if odd {
                crc ^= 0xedb8_8320;
            }
        }
    }
    !crc
}

fn adler(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    (b << 16) | a
}
