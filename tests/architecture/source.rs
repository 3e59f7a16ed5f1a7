//! What a source file may hold (STYLE).

use crate::tree::{TextFile, rust_files};

/// Lines of a file that ships, without its unit tests.
const LINES_MAX: usize = 600;

/// Never in the core, whatever the lints of a crate say: clocks, random iteration order, threads, `async`.
const IMPURE: &[&str] = &[
    "Instant::now",
    "SystemTime::now",
    "HashMap",
    "HashSet",
    "OsRng",
    "async fn",
    "async move",
    "thread::spawn",
    "std::fs",
    "std::net::Tcp",
];

#[test]
fn no_file_does_everything() {
    let wrong: Vec<String> = rust_files()
        .iter()
        .filter(|file| !file.is_test())
        .map(|file| (file.shipped().lines().count(), &file.path))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .map(|(lines, path)| format!("{path} has {lines} lines, {LINES_MAX} are allowed"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_to_do_without_an_issue() {
    let mut wrong = Vec::new();
    for file in rust_files() {
        for (number, line) in numbered(&file) {
            if unfinished(line) {
                wrong.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_takes_time_and_chance_as_input() {
    let mut wrong = Vec::new();
    let core = [
        "crates/proto/src/",
        "crates/group/src/",
        "crates/channel/src/",
        "crates/tally/src/",
    ];
    for file in rust_files() {
        if !core.iter().any(|folder| file.path.starts_with(folder)) || file.is_test() {
            continue;
        }
        for (number, line) in numbered(&file) {
            if let Some(found) = IMPURE.iter().find(|word| code(line).contains(**word)) {
                wrong.push(format!("{}:{number}: {found}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a line says that something is missing, without saying where that is written down.
fn unfinished(line: &str) -> bool {
    // Put together here so that this file passes its own check.
    let note = concat!("TO", "DO");
    let other = concat!("FIX", "ME");
    let holes = [concat!("to", "do!("), concat!("unim", "plemented!(")];
    let noted = line.contains(note) && !line.contains(&format!("{note}(#"));
    noted || line.contains(other) || holes.iter().any(|hole| code(line).contains(hole))
}

/// The line without its comment.
fn code(line: &str) -> &str {
    line.find("//").map_or(line, |at| &line[..at])
}

fn numbered(file: &TextFile) -> impl Iterator<Item = (usize, &str)> {
    file.text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

#[test]
fn a_note_needs_an_issue_and_a_hole_is_never_right() {
    assert!(unfinished(concat!("// TO", "DO: later")));
    assert!(!unfinished(concat!("// TO", "DO(#12): later")));
    assert!(unfinished(concat!("    to", "do!()")));
    assert!(unfinished(concat!("    unim", "plemented!(\"x\")")));
    assert!(!unfinished("let x = 1;"));
}
