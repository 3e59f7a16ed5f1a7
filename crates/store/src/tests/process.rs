//! Other processes: killed ones, ones that meet a full or a read-only disk. Each is this test binary, started again.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::support::*;
use crate::{ErrorKind, Store, persist_error_kind};

const FOLDER: &str = "STORE_TEST_FOLDER";

/// Number of records in the children's batches; each batch also moves one record that all share.
const BATCH: u64 = 3;

/// This binary, running one of the children below in `folder`, from a shell that sets the scene.
fn child(scene: &str, test: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    let script = format!("{scene} exec \"$0\" --exact --nocapture tests::process::{test}");
    command
        .arg("-c")
        .arg(script)
        .arg(std::env::current_exe().unwrap());
    command
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nsaid {line}").unwrap();
    out.flush().unwrap();
}

/// What the child says, line by line.
fn said(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("said ").map(str::to_owned))
}

fn batch(number: u64) -> proto::Changes {
    let long = text(number, 20_000);
    put((0..BATCH)
        .map(|n| (message(number * BATCH + n), text(number, 100)))
        .chain([(message(u64::MAX), long)]))
}

#[test]
fn child_persists_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let vault = open(Path::new(&folder)).unwrap();
    let first = contents(&vault).len() as u64 / BATCH;
    for number in first.. {
        vault.persist(&batch(number)).unwrap();
        say(&number.to_string());
    }
}

#[test]
fn nothing_acknowledged_is_lost_to_a_kill() {
    let home = tempfile::tempdir().unwrap();
    create(home.path()).close().unwrap();
    let mut acknowledged = 0;
    let mut rng = rng(31);
    for round in 0..15 {
        let mut child = child("", "child_persists_until_it_is_killed", home.path())
            .spawn()
            .unwrap();
        let patience = 1 + rng.below(40) as usize;
        let mut lines = said(&mut child);
        if let Some(last) = lines.by_ref().take(patience).last() {
            acknowledged = last.parse::<u64>().unwrap() + 1;
        }
        child.kill().unwrap();
        // What it still said before it died counts.
        if let Some(last) = lines.last() {
            acknowledged = last.parse::<u64>().unwrap() + 1;
        }
        child.wait().unwrap();
        let found = contents(&open(home.path()).unwrap());
        let batches = (found.len() as u64 - 1) / BATCH;
        assert!(
            (acknowledged..=acknowledged + 1).contains(&batches),
            "round {round}"
        );
        let mut expected = Contents::new();
        (0..batches).for_each(|number| apply(&mut expected, &batch(number)));
        assert!(found == expected, "round {round}: a batch came in parts");
        acknowledged = batches;
    }
    assert!(acknowledged > 15);
}

#[test]
fn child_fills_the_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let vault = match open(Path::new(&folder)) {
        Ok(vault) => vault,
        Err(error) => return say(error.kind().as_str()),
    };
    for number in 0.. {
        match vault.persist(&batch(number)) {
            Ok(()) => say(&number.to_string()),
            Err(error) => {
                say(persist_error_kind(&error).as_str());
                assert!(
                    vault.persist(&batch(number)).is_err(),
                    "it went on after a failed write"
                );
                return;
            }
        }
    }
}

/// Runs the child until it meets the end of the disk; says how many batches it had acknowledged.
fn fill(scene: &str, folder: &Path) -> u64 {
    let mut child = child(scene, "child_fills_the_disk", folder)
        .spawn()
        .unwrap();
    let lines: Vec<String> = said(&mut child).collect();
    assert!(child.wait().unwrap().success(), "{lines:?}");
    assert_eq!(
        lines.last().map(String::as_str),
        Some(ErrorKind::DiskFull.as_str()),
        "{lines:?}"
    );
    lines.len() as u64 - 1
}

fn check_filled(home: &Path, acknowledged: u64) {
    let vault = open(home).unwrap();
    let found = contents(&vault);
    let batches = (found.len() as u64).saturating_sub(1) / BATCH;
    assert!((acknowledged..=acknowledged + 1).contains(&batches));
    assert!(batches > 0, "there was some room");
    vault.persist(&batch(batches)).unwrap();
}

#[test]
fn a_file_size_limit_is_a_full_disk_and_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    create(home.path()).close().unwrap();
    let acknowledged = fill("trap '' XFSZ; ulimit -f 4096;", home.path());
    check_filled(home.path(), acknowledged);
}

/// Whether this machine lets us mount in a namespace of our own.
#[expect(clippy::print_stdout, reason = "a test that did not run has to say so")]
fn can_mount() -> bool {
    let probe = Command::new("unshare")
        .args(["-rm", "true"])
        .stderr(Stdio::null())
        .status();
    let can = probe.is_ok_and(|status| status.success());
    if !can {
        println!("no mount namespaces here: the limit on file sizes stands in for a full disk");
    }
    can
}

#[test]
fn a_full_disk_loses_nothing() {
    if !can_mount() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let (profile, small) = (home.path().join("profile"), home.path().join("small"));
    create(&profile).close().unwrap();
    fs::create_dir(&small).unwrap();
    // The small disk lives in the child's namespace: it copies the profile in, and out again when it is done.
    let scene = format!(
        "exec unshare -rm sh -c 'mount -t tmpfs -o size=6m none {small} && cp -a {profile}/. {small} && \
         env {FOLDER}={small} \"$0\" --exact --nocapture tests::process::child_fills_the_disk; result=$?; \
         rm -rf {profile}/*; cp -a {small}/. {profile}; exit $result' \"$0\"; :",
        small = small.display(),
        profile = profile.display(),
    );
    let acknowledged = fill(&scene, &profile);
    check_filled(&profile, acknowledged);
}

#[test]
fn child_opens_a_read_only_folder() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    match open(Path::new(&folder)) {
        Ok(_) => say("opened"),
        Err(error) => say(error.kind().as_str()),
    }
}

#[test]
fn a_read_only_folder_is_a_clear_error_and_stays_whole() {
    if !can_mount() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    create(home.path()).close().unwrap();
    let before = files(home.path());
    let scene = format!(
        "exec unshare -rm sh -c 'mount --bind {home} {home} && mount -o remount,bind,ro {home} && \
         exec \"$0\" --exact --nocapture tests::process::child_opens_a_read_only_folder' \"$0\"; :",
        home = home.path().display(),
    );
    let mut child = child(&scene, "child_opens_a_read_only_folder", home.path())
        .spawn()
        .unwrap();
    let lines: Vec<String> = said(&mut child).collect();
    assert!(child.wait().unwrap().success());
    assert_eq!(lines, ["io"]);
    assert!(files(home.path()) == before);
    assert!(open(home.path()).is_ok());
}

#[test]
fn child_opens_what_is_open() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    match open(Path::new(&folder)) {
        Ok(_) => say("opened"),
        Err(error) => say(error.kind().as_str()),
    }
}

#[test]
fn a_second_program_is_told_that_one_is_running() {
    let home = folder();
    let vault = create(home.path());
    let header = fs::read(home.path().join("a")).unwrap();
    let ask = || {
        let mut child = child("", "child_opens_what_is_open", home.path())
            .spawn()
            .unwrap();
        let lines: Vec<String> = said(&mut child).collect();
        child.wait().unwrap();
        lines
    };
    assert_eq!(ask(), ["already_running"]);
    assert_eq!(fs::read(home.path().join("a")).unwrap(), header);
    vault.persist(&put([(message(1), vec![])])).unwrap();
    vault.close().unwrap();
    assert_eq!(ask(), ["opened"]);
}
