//! `vigil sim` as a tester meets it: what it says, what it writes, and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::binary;

/// An evening that goes well.
const QUIET: &str = r#"
name = "quiet evening"
story = "Two people talk for an hour."
duration = "1h"
[cell]
names = ["alice", "bob"]
[talk]
per_day = 96
"#;

/// Whatever is sent is lost, so nothing that was said reaches anybody.
const DEAF: &str = r#"
name = "nothing gets through"
story = "Two people speak into a link that loses everything."
duration = "1h"
[cell]
names = ["alice", "bob"]
[link]
loss = "100%"
[talk]
per_day = 96
"#;

fn vigil(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(binary::path());
    command.current_dir(folder).arg("sim").args(args);
    command.output().expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("it writes text")
}

fn scenarios() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("quiet.toml"), QUIET).unwrap();
    fs::write(folder.path().join("deaf.toml"), DEAF).unwrap();
    folder
}

#[test]
fn a_run_that_holds_ends_with_0_and_leaves_a_report_that_needs_nothing_else() {
    let folder = scenarios();
    let run = vigil(
        folder.path(),
        &["run", "quiet.toml", "--seeds", "1..2", "--report", "out"],
    );
    assert_eq!(code(&run), 0, "{}", said(&run));
    assert!(said(&run).contains("every invariant held"));
    assert!(run.stderr.is_empty(), "no bar where nobody looks");
    let page = fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    assert!(page.contains("quiet evening") && page.contains("<svg"));
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        let lean = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!lean.contains(outside), "the page asks for {outside}");
    }
    let json = fs::read_to_string(folder.path().join("out/report.json")).unwrap();
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["worlds"].as_array().unwrap().len(), 2);
    assert_eq!(
        report["members"], 2,
        "the two who are named, and nobody else"
    );
}

#[test]
fn json_is_one_value_and_nothing_else() {
    let folder = scenarios();
    let run = vigil(folder.path(), &["run", "quiet.toml", "--json"]);
    assert_eq!(code(&run), 0);
    let report: Value = serde_json::from_str(&said(&run)).unwrap();
    assert_eq!(report["scenario"], "quiet evening");
}

#[test]
fn a_broken_invariant_ends_with_1_and_is_told_with_its_seed() {
    let folder = scenarios();
    let run = vigil(folder.path(), &["run", "deaf.toml", "--seed", "7"]);
    assert_eq!(code(&run), 1);
    assert!(
        said(&run).contains("BROKEN delivered: seed 7"),
        "{}",
        said(&run)
    );
}

#[test]
fn what_cannot_be_run_ends_with_2_and_one_line() {
    let folder = scenarios();
    fs::write(folder.path().join("wrong.toml"), "name = 3\n").unwrap();
    for wrong in [
        &["run", "absent.toml"][..],
        &["run", "wrong.toml"],
        &["run", "quiet.toml", "--seeds", "3..1"],
        &["list", "absent"],
        &["compare", "absent", "absent"],
    ] {
        let run = vigil(folder.path(), wrong);
        assert_eq!(code(&run), 2, "{wrong:?}");
        assert!(run.stdout.is_empty(), "{wrong:?}");
        let told = String::from_utf8(run.stderr).unwrap();
        assert_eq!(told.trim().lines().count(), 1, "{wrong:?}: {told}");
    }
}

#[test]
fn a_broken_run_is_shrunk_to_what_it_takes_and_a_good_one_is_not() {
    let folder = scenarios();
    let good = vigil(folder.path(), &["shrink", "1", "quiet.toml"]);
    assert_eq!(code(&good), 0);
    assert_eq!(said(&good), "seed 1 breaks nothing\n");
    let broken = vigil(
        folder.path(),
        &["shrink", "1", "deaf.toml", "--tries", "40"],
    );
    assert_eq!(code(&broken), 1);
    let told = said(&broken);
    let first = told.lines().next().unwrap();
    assert!(first.ends_with("runs:"), "{first}");
    assert!(told.contains("\n  BROKEN delivered"), "{told}");
}

#[test]
fn two_reports_stand_side_by_side_and_one_that_broke_is_told() {
    let folder = scenarios();
    for (file, report) in [("quiet.toml", "one"), ("deaf.toml", "two")] {
        vigil(folder.path(), &["run", file, "--report", report]);
    }
    let same = vigil(folder.path(), &["compare", "one", "one/report.json"]);
    assert_eq!(code(&same), 0);
    assert!(said(&same).ends_with("the same traces\n"));
    let other = vigil(folder.path(), &["compare", "one", "two"]);
    assert_eq!(code(&other), 1);
    let told = said(&other);
    assert!(told.ends_with("different traces\n"), "{told}");
    // Both columns begin in one place on every line.
    let heading = told.lines().next().unwrap();
    let column = heading.find("nothing gets through").unwrap();
    for line in told.lines().filter(|line| !line.ends_with("traces")) {
        let before: String = line.chars().take(column).collect();
        assert!(before.ends_with("  "), "{line}");
    }
}

#[test]
fn a_folder_is_listed_with_its_stories() {
    let folder = scenarios();
    let list = vigil(folder.path(), &["list", "."]);
    assert_eq!(code(&list), 0);
    let told = said(&list);
    assert!(told.contains("quiet") && told.contains("Two people talk for an hour."));
    assert!(told.contains("1 × 2 people, 1 h"), "{told}");
}
