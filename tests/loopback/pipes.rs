//! What happens at the ends of the pipes and ports of one process.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::binary;
use crate::cell::World;
use crate::vigil::{Vigil, text};

/// How long a process may take to end.
const END: Duration = Duration::from_secs(20);

#[test]
fn a_node_that_nobody_listens_to_still_ends_when_it_is_told_to() {
    let world = World::new();
    let mut child = Command::new(binary::path())
        .args(["rpc", "--listen", "127.0.0.1", "--profile"])
        .arg(world.path("deaf"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the node starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    // Far more answers than a pipe holds, and nobody reads one.
    let asking = thread::spawn(move || {
        let request = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"profile.status\"}\n";
        for _ in 0..20_000 {
            if stdin.write_all(request).is_err() {
                return;
            }
        }
        // The input stays open: only the signal says that it is over.
        thread::sleep(END);
    });
    thread::sleep(Duration::from_secs(2));
    let told = Command::new("kill").arg(child.id().to_string()).status();
    assert!(told.expect("kill runs").success());

    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if start.elapsed() > END {
            child.kill().expect("the node can be killed");
            panic!("the node hears no signal while nobody reads what it says");
        }
        thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success(), "{status}");
    drop(child);
    drop(asking);
}

#[test]
fn two_cells_never_share_a_port() {
    let world = World::new();
    let mut alice = world.person("Alice");
    let cells = ["one", "two"].map(|name| alice.found(name));
    let port = port_of(&mut alice, &cells[0]).expect("the door is open");
    alice.ask("net.set_listen", json!({ "cell": cells[1], "port": port }));
    alice.until("both doors are open, each on its own port", |alice| {
        let ports = [0, 1].map(|index| port_of(alice, &cells[index]));
        match ports {
            [Some(first), Some(second)] if first == port && second != port => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
}

fn port_of(person: &mut Vigil, cell: &str) -> Option<u16> {
    let status = person.ask("net.status", json!({}));
    let cells = status["cells"].as_array()?;
    let shown = cells.iter().find(|shown| shown["cell"] == cell)?;
    let address: &Value = shown["listen"].as_array()?.first()?;
    text(address).rsplit('/').next()?.parse().ok()
}
