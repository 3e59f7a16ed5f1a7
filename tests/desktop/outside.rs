//! What others on the same machine learn: from the frame of the window, the message bus, and the network.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::IpAddr;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::people::Person;
use crate::screen::{Group, display};
use crate::talking::meet;
use crate::window::{Computer, Start, Window};

/// What X tells everybody about the windows of some processes.
fn frames(window: &Window) -> Vec<String> {
    let xprop = |args: &[&str]| {
        let said = Command::new("xprop")
            .args(args)
            .env("DISPLAY", display())
            .output();
        String::from_utf8_lossy(&said.expect("xprop is installed").stdout).into_owned()
    };
    let ours = window.processes();
    let all = xprop(&["-root", "_NET_CLIENT_LIST"]);
    all.split([' ', ','])
        .filter(|word| word.starts_with("0x"))
        .map(|id| xprop(&["-id", id.trim()]))
        .filter(|said| {
            let pid = said
                .lines()
                .find_map(|line| line.strip_prefix("_NET_WM_PID(CARDINAL) = "));
            pid.and_then(|pid| pid.trim().parse().ok())
                .is_some_and(|pid| ours.contains(&pid))
        })
        .collect()
}

/// A list of windows, a recording of the screen or a look from the side shows what the person chose, and no more.
#[tokio::test(flavor = "multi_thread")]
async fn the_frame_says_what_the_person_chose() {
    let computer = Computer::new();
    let way = Start {
        args: &["--title", "Recipes"],
        ..Start::default()
    };
    let window = computer.start_as(&way).await;
    window.read("Before you begin").await;
    let frames = frames(&window);
    assert_eq!(frames.len(), 1, "{frames:?}");
    let said = &frames[0];
    assert!(said.contains("= \"Recipes\""), "{said}");
    assert!(said.contains("WM_CLASS(STRING) = \"notebook\""), "{said}");
    assert!(!said.to_lowercase().contains("vigil"), "{said}");
}

/// Everything that is sent on a person's bus to the service that shows notifications.
struct Bus {
    _monitor: Group,
    said: Arc<Mutex<String>>,
}

impl Bus {
    fn listen(window: &Window) -> Self {
        let mut command = Command::new("dbus-monitor");
        command
            .args(["--address", &window.bus()])
            .arg("interface='org.freedesktop.Notifications'")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut monitor = Group::start(&mut command);
        let said = Arc::new(Mutex::new(String::new()));
        let (out, heard) = (monitor.stdout(), Arc::clone(&said));
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                heard.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        Self {
            _monitor: monitor,
            said,
        }
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }
}

/// Whoever looks at bob's screen, or reads what his system keeps of notifications, learns that there is something.
#[tokio::test(flavor = "multi_thread")]
async fn a_notification_names_nobody_and_nothing() {
    let alice = Person::begin().await;
    let bob = Person::begin().await;
    alice.found("Sunday vigil", "Alice").await;
    meet(&alice, &bob).await;
    let bus = Bus::listen(&bob.window);
    // His window is not the one that has the keys.
    let other = Computer::new();
    let _over = other.start().await;
    for number in 0..5 {
        alice.say(&format!("at the fountain, {number}")).await;
    }
    bob.window.read("at the fountain, 4").await;
    let mut said = bus.said();
    for _ in 0..200 {
        if said.contains("member=Notify") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        said = bus.said();
    }
    assert_eq!(said.matches("member=Notify").count(), 1, "{said}");
    let strings: Vec<&str> = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("string "))
        .collect();
    assert!(strings.contains(&"\"Notebook\""), "{strings:?}");
    for secret in ["fountain", "Alice", "Bob", "Sunday", "igil"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

/// From the first start to a message that arrived, no process of the program turns to anybody but the other member.
#[tokio::test(flavor = "multi_thread")]
async fn no_process_connects_to_anybody_but_members() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("connects");
    let way = Start {
        traced: Some(&file),
        ..Start::default()
    };
    let alice = Person::begin().await;
    let bob = Person::begin_as(&way).await;
    alice.found("Sunday vigil", "Alice").await;
    meet(&alice, &bob).await;
    alice.say("Good evening, bob").await;
    bob.window.read("Good evening, bob").await;
    let traced = fs::read_to_string(&file).unwrap();
    let mut over_ip = 0;
    for line in traced.lines().filter(|line| line.contains("AF_INET")) {
        over_ip += 1;
        let quoted = line
            .split('"')
            .filter_map(|part| part.parse::<IpAddr>().ok());
        let to: Vec<IpAddr> = quoted.collect();
        assert!(
            !to.is_empty() && to.iter().all(IpAddr::is_loopback),
            "{line}"
        );
    }
    assert!(over_ip > 0, "he did connect to alice, and it was seen");
}
