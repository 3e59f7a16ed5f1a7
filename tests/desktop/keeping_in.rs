//! What a hostile script in the page can reach: nothing but the commands of its own window.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::process::Command;

use crate::people::Person;
use crate::window::{Computer, Window};

/// Everything that could carry a byte out of a page, tried at a listener of ours.
const WAYS_OUT: &str = r#"
    const [at, done] = arguments;
    const tries = [
        () => fetch(`http://${at}/fetch`),
        () => new WebSocket(`ws://${at}/socket`),
        () => { new Image().src = `http://${at}/image`; },
        () => navigator.sendBeacon(`http://${at}/beacon`, "x"),
        () => { const f = document.createElement("iframe"); f.src = `http://${at}/frame`; document.body.append(f); },
        () => { const l = document.createElement("link"); l.rel = "preconnect"; l.href = `http://${at}`; document.head.append(l); },
        () => { const l = document.createElement("link"); l.rel = "stylesheet"; l.href = `http://${at}/a.css`; document.head.append(l); },
        () => { const s = document.createElement("script"); s.src = `http://${at}/a.js`; document.head.append(s); },
        () => window.open(`http://${at}/window`),
        () => { const f = document.createElement("form"); f.action = `http://${at}/form`; document.body.append(f); f.submit(); },
        () => { location.href = `http://${at}/away`; },
    ];
    for (const each of tries) { try { Promise.resolve(each()).catch(() => {}); } catch {} }
    setTimeout(() => done(location.href), 1500);
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_script_carries_nothing_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let computer = Computer::new();
    let window = computer.start().await;
    window.read("Before you begin").await;
    let stayed = window.driver.execute_async(WAYS_OUT, vec![at.into()]).await;
    let stayed: String = stayed.unwrap().convert().unwrap();
    assert!(stayed.starts_with("tauri://localhost"), "{stayed}");
    assert_eq!(heard(&listener), Vec::<String>::new());
    window.read("Before you begin").await;
}

/// The first line of everything that connected.
fn heard(listener: &TcpListener) -> Vec<String> {
    let mut heard = Vec::new();
    while let Ok((mut stream, _)) = listener.accept() {
        let patience = Some(std::time::Duration::from_secs(1));
        stream.set_read_timeout(patience).unwrap();
        let mut bytes = [0; 256];
        let read = stream.read(&mut bytes).unwrap_or(0);
        heard.push(String::from_utf8_lossy(&bytes[..read]).into_owned());
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn each_window_may_ask_only_what_it_is_for() {
    let alice = Person::begin().await;
    for command in [
        "profile_unlock",
        "profile_create",
        "profile_generate_passphrase",
        "plugin:window|close",
        "plugin:webview|internal_toggle_devtools",
        "plugin:event|emit",
        "plugin:app|version",
        "plugin:path|resolve_directory",
        "plugin:fs|read_file",
    ] {
        let refused = ask(&alice.window, command).await;
        assert!(refused.contains("not allowed"), "{command}: {refused}");
    }
    assert_eq!(ask(&alice.window, "profile_status").await, "\"open\"");
    alice.leave().await;

    let door = alice.computer.start().await;
    door.read("Unlock").await;
    for command in [
        "cell_list",
        "message_list",
        "message_search",
        "settings_get",
        "plugin:event|listen",
    ] {
        let refused = ask(&door, command).await;
        assert!(refused.contains("not allowed"), "{command}: {refused}");
    }
    assert_eq!(ask(&door, "profile_status").await, "\"locked\"");
}

/// What a command answers to a script: JSON, or why not.
async fn ask(window: &Window, command: &str) -> String {
    let script = r#"
        const [command, done] = arguments;
        window.__TAURI_INTERNALS__.invoke(command, {}).then(
            (answer) => done(JSON.stringify(answer)),
            (error) => done(typeof error === "string" ? error : JSON.stringify(error)),
        );
    "#;
    let answer = window
        .driver
        .execute_async(script, vec![command.into()])
        .await;
    answer.unwrap().convert().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_has_no_memory_and_no_senses_of_its_own() {
    let computer = Computer::new();
    let window = computer.start().await;
    window.read("Before you begin").await;
    let there = window
        .run(
            r#"
            const there = [];
            for (const name of ["__TAURI__", "RTCPeerConnection", "AudioContext", "webkitSpeechRecognition"])
                if (window[name] !== undefined) there.push(name);
            try { localStorage.setItem("a", "b"); there.push("localStorage"); } catch {}
            if (document.createElement("canvas").getContext("webgl")) there.push("WebGL");
            try { Object.prototype.polluted = 1; } catch {}
            if ({}.polluted) there.push("a prototype that can be changed");
            return there.join();
        "#,
        )
        .await;
    assert_eq!(there, "");
}

/// The process that draws what peers send has no network, no new rights, few system calls, and nothing in its memory
/// that is both writable and executable.
#[tokio::test(flavor = "multi_thread")]
async fn the_drawing_process_is_kept_in() {
    let computer = Computer::new();
    let window = computer.start().await;
    window.read("Before you begin").await;
    let program = window.process();
    let core = fs::read_to_string(format!("/proc/{program}/limits")).unwrap();
    let core = core
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");

    let drawing = window.drawing_process();
    let maps = fs::read_to_string(format!("/proc/{drawing}/maps")).unwrap();
    assert!(
        maps.lines().count() > 50,
        "these are not the maps of a drawing process"
    );
    let both: Vec<&str> = maps.lines().filter(|line| line.contains("rwx")).collect();
    assert!(both.is_empty(), "{both:?}");
    if !namespaces_work() {
        println!("skipped: this system forbids the namespaces of the sandbox");
        return;
    }
    let status = fs::read_to_string(format!("/proc/{drawing}/status")).unwrap();
    let value = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::trim).map(str::to_owned)
    };
    assert_eq!(value("NoNewPrivs:").as_deref(), Some("1"));
    assert_eq!(value("Seccomp:").as_deref(), Some("2"));
    let network = |process: u32| fs::read_link(format!("/proc/{process}/ns/net")).unwrap();
    assert_ne!(network(drawing), network(program));
}

fn namespaces_work() -> bool {
    let tried = Command::new("bwrap")
        .args(["--unshare-all", "--ro-bind", "/", "/", "true"])
        .status();
    tried.is_ok_and(|status| status.success())
}
