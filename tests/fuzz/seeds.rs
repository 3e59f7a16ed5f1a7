//! Writes the corpus anew, from the recorded story: `cargo xtask fuzz seeds`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proto::Input;

/// What is committed stays small: so many files a target, of so many bytes.
const FILES: usize = 16;
const LENGTH: usize = 5000;

/// Writes the corpus of every target.
pub fn write_all() {
    let story = crate::node::story();
    let mut seeds: BTreeMap<&str, Vec<Vec<u8>>> = BTreeMap::new();
    let mut add = |target: &'static str, bytes: Vec<u8>| {
        let seeds = seeds.entry(target).or_default();
        if bytes.len() <= LENGTH && seeds.len() < FILES && !seeds.contains(&bytes) {
            seeds.push(bytes);
        }
    };
    for (_, input) in &story.inputs {
        if let Input::Frame(_, bytes) = input {
            for (target, bytes) in proto::fuzzing::seeds(bytes) {
                add(target, bytes);
            }
        }
    }
    add("link", story.link.clone().into_bytes());
    add("bundle", story.bundle.iter().copied().take(4096).collect());
    // Three empty lists and a name: the beginning of both kinds of bundle.
    add("bundle", vec![0; 4]);
    add("bundle", vec![1, b'x', 0, 0, 0, 0, 0]);
    for bytes in proto::fuzzing::handshake_seeds() {
        add("handshake", bytes);
    }
    for bytes in proto::fuzzing::content_seeds() {
        add("content", bytes);
    }
    for (target, bytes) in store::fuzzing::seeds() {
        add(target, bytes);
    }
    for bytes in net::fuzzing::seeds() {
        add("stream", bytes);
    }
    add("settings", client::fuzzing::seed());
    for program in programs() {
        add("node", program);
    }
    for program in [vec![0], vec![3, 0, 0, 9, 5], vec![7, 201, 1, 2, 3, 4], vec![20, 230, 9]] {
        add("restore", program);
    }
    for line in [
        r#"{"jsonrpc":"2.0","id":1,"method":"cell.list","params":{}}"#,
        r#"{"id":"a","method":"message.send","params":{"cell":"00","text":"\u041f\u0440\u0438\u0432\u0435\u0442"}}"#,
        "[]",
        "{\"id\":{},\"method\":5}\n\n{\"method\":\"x\"}",
    ] {
        add("line", [line.as_bytes(), b"\n"].concat());
    }
    for (target, seeds) in seeds {
        write(target, &seeds);
    }
}

/// The story as it was, and with one thing of each kind in its middle.
fn programs() -> Vec<Vec<u8>> {
    let mut programs = vec![vec![0; 90]];
    for step in 128..142_u8 {
        let middle = [step, 1, 2, 3, 4, 5, 6];
        programs.push([&[0; 30], middle.as_slice(), &[0; 60]].concat());
    }
    programs
}

fn write(target: &str, seeds: &[Vec<u8>]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder).expect("the folder of the corpus can be made");
    for (number, bytes) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("{number:02}")), bytes).expect("a seed can be written");
    }
    println!("{target}: {}", seeds.len());
}
