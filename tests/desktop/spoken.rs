//! What a screen reader is told by the real window: the accessibility tree, as AT-SPI gives it to anybody on the session.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::people::Person;
use crate::window::{Start, Window};

/// Roles as AT-SPI numbers them (atspi-constants.h).
const ARTICLE: u32 = 109;
const COMBO_BOX: u32 = 11;
const PUSH_BUTTON: u32 = 43;
/// Check box, combo box, push button, text, toggle button, entry, link.
const CONTROLS: [u32; 7] = [7, 11, 43, 61, 62, 79, 88];

/// One thing of the tree.
#[derive(Debug)]
struct Spoken {
    role: u32,
    name: String,
}

/// How long the tree may take to have the page in it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Nodes of a tree that are looked at, at most.
const MANY: usize = 2_000;

/// Asks over D-Bus; the answer in GLib's notation, nothing if there was none.
fn ask(address: &str, node: &(String, String), method: &str, arguments: &[&str]) -> Option<String> {
    let said = Command::new("gdbus")
        .args(["call", "--address", address, "--dest", &node.0])
        .args(["--object-path", &node.1, "--method", method])
        .args(arguments)
        .output()
        .expect("gdbus is installed");
    said.status
        .success()
        .then(|| String::from_utf8_lossy(&said.stdout).into_owned())
}

/// What stands between single quotes, or double ones if there is a single one in it.
fn quoted(text: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['\'', '"']) {
        let quote = &rest[at..=at];
        let Some(end) = rest[at + 1..].find(quote) else {
            break;
        };
        found.push(rest[at + 1..at + 1 + end].to_owned());
        rest = &rest[at + end + 2..];
    }
    found
}

fn tree(window: &Window) -> Vec<Spoken> {
    let bus = window.bus();
    let launcher = ("org.a11y.Bus".to_owned(), "/org/a11y/bus".to_owned());
    let address = ask(&bus, &launcher, "org.a11y.Bus.GetAddress", &[]);
    let address = quoted(&address.expect("there is an accessibility bus")).remove(0);
    let root = "/org/a11y/atspi/accessible/root";
    let mut open = vec![("org.a11y.atspi.Registry".to_owned(), root.to_owned())];
    let mut spoken = Vec::new();
    while let Some(node) = open.pop() {
        assert!(spoken.len() < MANY, "it has no end");
        let role = ask(&address, &node, "org.a11y.atspi.Accessible.GetRole", &[]);
        let role = role.and_then(|said| said.split([' ', ',']).nth(1)?.parse().ok());
        let name = ["org.a11y.atspi.Accessible", "Name"];
        let name = ask(
            &address,
            &node,
            "org.freedesktop.DBus.Properties.Get",
            &name,
        );
        let first = |said: Option<String>| said.and_then(|said| quoted(&said).into_iter().next());
        spoken.push(Spoken {
            role: role.unwrap_or_default(),
            name: first(name).unwrap_or_default(),
        });
        open.extend(children(&address, &node));
    }
    spoken
}

/// What stands below. A page is drawn by another process, which is named when one asks for children one by one only.
fn children(address: &str, node: &(String, String)) -> Vec<(String, String)> {
    let count = ["org.a11y.atspi.Accessible", "ChildCount"];
    let count = ask(address, node, "org.freedesktop.DBus.Properties.Get", &count);
    let digits = |said: String| {
        said.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let count: usize = count
        .and_then(|said| digits(said).parse().ok())
        .unwrap_or(0);
    let child = |at: usize| {
        let at = at.to_string();
        let said = ask(
            address,
            node,
            "org.a11y.atspi.Accessible.GetChildAtIndex",
            &[&at],
        )?;
        let [bus, path] = <[String; 2]>::try_from(quoted(&said)).ok()?;
        Some((bus, path))
    };
    (0..count).filter_map(child).collect()
}

/// The sandbox lets the tree through, whatever one can do has a name, and a message is said whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_screen_reader_hears_every_control_and_message() {
    let way = Start {
        // All sessions on a screen share one accessibility bus, that of the first.
        alone: true,
        ..Start::default()
    };
    let alice = Person::begin_as(&way).await;
    alice.found("Sunday vigil", "Alice").await;
    alice.say("at the fountain").await;
    alice.window.read("at the fountain").await;
    // The process that draws joins the tree a moment after somebody asks.
    let start = Instant::now();
    let is_message = |node: &Spoken| node.role == ARTICLE && node.name.contains("at the fountain");
    let spoken = loop {
        let spoken = tree(&alice.window);
        if spoken.iter().any(is_message) {
            break spoken;
        }
        assert!(start.elapsed() < PATIENCE, "{spoken:?}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    let controls: Vec<&Spoken> = spoken
        .iter()
        .filter(|node| CONTROLS.contains(&node.role))
        .collect();
    assert!(controls.len() >= 5, "{spoken:?}");
    for control in &controls {
        assert!(!control.name.is_empty(), "{control:?} in {spoken:?}");
    }
    // What opens a menu is a button like others, and nothing here offers a list to choose from.
    let fresh = controls.iter().find(|control| control.name == "New");
    assert_eq!(
        fresh.map(|fresh| fresh.role),
        Some(PUSH_BUTTON),
        "{spoken:?}"
    );
    let choosing = controls.iter().find(|control| control.role == COMBO_BOX);
    assert!(choosing.is_none(), "{choosing:?}");
}
