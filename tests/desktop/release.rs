//! The program as people get it: `NOTEBOOK_RELEASE` names a release build without the feature `testing`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use thirtyfour::prelude::*;

use crate::screen::Group;
use crate::window::{Computer, free_port};

/// What people have to keep and to hand on: 40 MB.
const SIZE_MOST: u64 = 40 * 1024 * 1024;

/// How long a driver waits for a session that never comes. A build for tests has one within two seconds.
const SESSION: Duration = Duration::from_secs(15);

fn program() -> Option<PathBuf> {
    let program = std::env::var_os("NOTEBOOK_RELEASE").map(PathBuf::from);
    if program.is_none() {
        println!("skipped: NOTEBOOK_RELEASE names no release build; `cargo xtask test` makes one");
    }
    program
}

fn has(program: &[u8], text: &str) -> bool {
    let text = text.as_bytes();
    program.windows(text.len()).any(|at| at == text)
}

/// A seized or published program leads to nobody's computer.
#[test]
fn a_release_does_not_say_who_built_it() {
    let Some(program) = program() else { return };
    let bytes = std::fs::read(program).unwrap();
    let home = std::env::home_dir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in [home.join(".cargo"), root.to_owned()] {
        let folder = folder.to_str().unwrap();
        assert!(!has(&bytes, folder), "{folder} is in it");
    }
    // What must be in it, so that the search can find something.
    assert!(has(&bytes, "--title"));
}

#[test]
fn a_release_is_small_enough_to_hand_on() {
    let Some(program) = program() else { return };
    let size = program.metadata().unwrap().len();
    assert!(size <= SIZE_MOST, "{size} bytes");
}

/// What cheapens passphrases for tests is not in it.
#[test]
fn a_release_knows_nothing_of_tests() {
    let Some(program) = program() else { return };
    let bytes = std::fs::read(program).unwrap();
    assert!(!has(&bytes, "VIGIL_TEST_KDF"));
    let tested = std::fs::read(crate::window::program()).unwrap();
    assert!(has(&tested, "VIGIL_TEST_KDF"));
}

/// The package brings the program, an entry for the menu and what the licence asks for; all of it says *notebook*.
#[test]
fn a_package_brings_the_release_and_little_else() {
    let (Some(program), Some(folder)) = (program(), std::env::var_os("NOTEBOOK_PACKAGES")) else {
        return;
    };
    let packages = std::fs::read_dir(folder).unwrap();
    let packages: Vec<_> = packages.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(packages.len(), 1, "{packages:?}");
    let dpkg = |arguments: &[&str]| {
        let said = Command::new("dpkg-deb")
            .args(arguments)
            .arg(&packages[0])
            .output();
        let said = said.unwrap();
        assert!(said.status.success(), "{said:?}");
        String::from_utf8(said.stdout).unwrap()
    };
    let listed = dpkg(&["--contents"]);
    let files: Vec<&str> = listed
        .lines()
        .filter(|line| line.starts_with('-'))
        .map(|line| line.split(" ./").nth(1).unwrap())
        .collect();
    assert_eq!(
        files,
        [
            "usr/bin/notebook",
            "usr/share/applications/notebook.desktop",
            "usr/share/doc/notebook/copyright",
            "usr/share/pixmaps/notebook.png",
        ]
    );
    assert!(
        listed.lines().all(|line| line.contains("root/root")),
        "{listed}"
    );
    assert!(
        listed.lines().all(|line| line.contains("1970-01-01")),
        "{listed}"
    );
    let said = dpkg(&["--field"]);
    assert!(
        !format!("{said}{listed}").to_lowercase().contains("vigil"),
        "{said}"
    );
    let unpacked = tempfile::tempdir().unwrap();
    let extracted = Command::new("dpkg-deb")
        .arg("--extract")
        .arg(&packages[0])
        .arg(unpacked.path())
        .status();
    assert!(extracted.unwrap().success());
    let read = |path: &Path| std::fs::read(path).unwrap();
    assert!(read(&unpacked.path().join("usr/bin/notebook")) == read(&program));
    let licence = read(&unpacked.path().join("usr/share/doc/notebook/copyright"));
    assert!(!has(&licence, "igil") && has(&licence, "WITHOUT WARRANTY"));
}

/// Nobody who can set its environment can read its page or press its buttons.
#[tokio::test(flavor = "multi_thread")]
async fn a_release_cannot_be_driven() {
    let Some(program) = program() else { return };
    let computer = Computer::new();
    let port = free_port();
    let mut command = computer.command("WebKitWebDriver");
    command
        .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
        .env("TAURI_WEBVIEW_AUTOMATION", "true");
    let _group = Group::start(&mut command);
    let mut capabilities = Capabilities::new();
    let options = json!({ "binary": program, "args": ["--profile", computer.profile()] });
    capabilities
        .set("webkitgtk:browserOptions", options)
        .unwrap();
    let url = format!("http://127.0.0.1:{port}");
    let driven = async {
        loop {
            if WebDriver::new(&url, capabilities.clone()).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    assert!(tokio::time::timeout(SESSION, driven).await.is_err());
}
