//! Strangers who know the address: they get nothing, and they stop nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::cell::{World, agree, gather};
use crate::vigil::{Vigil, text};

/// The most that a door may say to somebody without its key (PROTOCOL §1).
const NONCE: usize = 24;

/// How long a door may wait for somebody who says nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a stranger says first, by protocol.
fn greetings() -> Vec<(&'static str, Vec<u8>)> {
    let mut client_hello = vec![
        0x16, 0x03, 0x01, 0x00, 0x4e, 0x01, 0x00, 0x00, 0x4a, 0x03, 0x03,
    ];
    client_hello.extend([0x5a; 32]);
    client_hello.extend([
        0x00, 0x00, 0x06, 0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0x01, 0x00, 0x00, 0x1b, 0x00, 0x2b,
        0x00, 0x03, 0x02, 0x03, 0x04, 0x00, 0x0a, 0x00, 0x04, 0x00, 0x02, 0x00, 0x1d, 0x00, 0x0d,
        0x00, 0x08, 0x00, 0x06, 0x04, 0x03, 0x08, 0x04, 0x04, 0x01,
    ]);
    let mut multistream = b"\x13/multistream/1.0.0\n\x07/noise\n".to_vec();
    multistream.extend([7; 100]);
    vec![
        ("multistream", multistream),
        ("TLS", client_hello),
        (
            "HTTP",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n".to_vec(),
        ),
        ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
        (
            "BitTorrent",
            b"\x13BitTorrent protocol\0\0\0\0\0\x10\0\x05".to_vec(),
        ),
        ("zeros", vec![0; 4_096]),
        ("nothing", Vec::new()),
    ]
}

#[test]
fn a_prober_gets_a_nonce_at_most_and_then_a_closed_door() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    // An invite may open a door of its own.
    alice.ask("cell.invite", json!({ "cell": cell }));
    let doors = doors(&mut alice);

    let mut nonces = BTreeSet::new();
    for door in doors {
        let probes: Vec<_> = greetings()
            .into_iter()
            .map(|(protocol, bytes)| (protocol, knock(door, &bytes)))
            .collect();
        for (protocol, stream) in probes {
            let heard = listen(stream);
            assert!(
                heard.len() <= NONCE,
                "{protocol}: {} bytes came back: {heard:?}",
                heard.len()
            );
            assert!(
                heard.is_empty() || nonces.insert(heard),
                "{protocol}: the same nonce twice"
            );
        }
    }
    alice.say(&cell, "was that you at the door?");
    bob.reads(&cell, &["was that you at the door?"]);
}

#[test]
fn every_open_port_is_told_and_is_on_the_chosen_interface() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let channel = alice.ask("channel.create", json!({ "name": "Quiet Square" }));
    alice.ask("net.offline", json!({}));
    alice.until("offline means no open port", |alice| {
        let open = open_ports(alice.pid());
        if open.is_empty() {
            Ok(())
        } else {
            Err(format!("{open:?} are"))
        }
    });
    alice.ask("net.online", json!({}));
    bob.say(&cell, "there you are");
    alice.reads(&cell, &["there you are"]);

    alice.until(
        "every open port is told, that of the channel too",
        |alice| {
            let told: BTreeSet<SocketAddr> = doors(alice).into_iter().collect();
            let open = open_ports(alice.pid());
            match open == told && told.len() >= 2 {
                true => Ok(()),
                false => Err(format!("{open:?} are open and {told:?} are told")),
            }
        },
    );
    let told: BTreeSet<SocketAddr> = doors(&mut alice).into_iter().collect();
    assert!(told.iter().all(|door| door.ip().is_loopback()), "{told:?}");
    let status = alice.ask("net.status", json!({}));
    let row = &status["channels"][0];
    assert_eq!(row["channel"], channel["channel"]);
    assert_eq!(row["connected"], 0);
    let peer = text(&row["peer"]);
    assert_ne!(peer, text(&status["cells"][0]["peer"]));
}

#[test]
fn a_thousand_rounds_of_garbage_neither_stop_a_chat_nor_fill_memory() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let door = doors(&mut alice)[0];
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    // What is loaded or allocated once, at the first stranger, is no leak.
    for _ in 0..100 {
        garbage(door, &mut chance);
    }
    alice.say_many(&cell, "warming up", 50);
    let before = resident_kib(alice.pid());

    for round in 0..1_000 {
        garbage(door, &mut chance);
        if round % 20 == 0 {
            alice.say(&cell, &format!("alice, round {round}"));
            bob.say(&cell, &format!("bob, round {round}"));
        }
    }

    agree(&mut [&mut alice, &mut bob], &cell, 2 + 50 + 100);
    let after = resident_kib(alice.pid());
    assert!(
        after < before + 8_192,
        "memory grew from {before} to {after} KiB"
    );
    assert_eq!(alice.warnings(), Vec::<String>::new());
}

#[test]
fn strangers_who_say_nothing_do_not_keep_a_member_out() {
    let world = World::new();
    let [mut alice, mut bob] = ["Alice", "Bob"].map(|name| world.person(name));
    let cell = gather(&mut [&mut alice, &mut bob]);
    let door = doors(&mut alice)[0];

    let silent: Vec<TcpStream> = (0..200)
        .filter_map(|_| TcpStream::connect(door).ok())
        .collect();
    assert!(
        silent.len() > 32,
        "there are more strangers than places to wait"
    );
    alice.say(&cell, "there is a crowd outside");
    bob.reads(&cell, &["there is a crowd outside"]);
    bob.kill();
    alice.say(&cell, "come back");
    bob.restart();
    bob.reads(&cell, &["come back"]);
}

/// Connects and says something.
fn knock(door: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(door).expect("the port is open");
    // The door may close before everything is said.
    stream.write_all(bytes).ok();
    stream
}

/// Reads until the other side closes.
fn listen(mut stream: TcpStream) -> Vec<u8> {
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a time limit can be set");
    let start = Instant::now();
    let mut heard = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return heard,
            Ok(count) => heard.extend(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return heard,
            Err(error) => panic!("the door stays open: {error}"),
        }
        assert!(
            heard.len() <= 65_536 && start.elapsed() < PATIENCE,
            "the door talks and talks"
        );
    }
}

/// One stranger with random bytes: short, long, with a right beginning, cut off.
fn garbage(door: SocketAddr, chance: &mut u64) {
    let mut next = || {
        // xorshift64: every run says the same.
        *chance ^= *chance << 13;
        *chance ^= *chance >> 7;
        *chance ^= *chance << 17;
        *chance
    };
    let length = (next() % 4_096) as usize;
    let mut bytes: Vec<u8> = (0..length).map(|_| next() as u8).collect();
    if next() % 4 == 0 {
        bytes.splice(..0, *b"\x13/multistream/1.0.0\n");
    }
    let stream = knock(door, &bytes);
    stream.shutdown(Shutdown::Write).ok();
    let heard = listen(stream);
    assert!(heard.len() <= NONCE, "{} bytes came back", heard.len());
}

/// Where a node says that it can be reached.
fn doors(person: &mut Vigil) -> Vec<SocketAddr> {
    let status = person.ask("net.status", json!({}));
    assert_eq!(status["online"], true);
    let mut doors = Vec::new();
    let rows = ["cells", "channels"].map(|rows| status[rows].as_array().expect("a list"));
    for row in rows.into_iter().flatten() {
        for address in row["listen"].as_array().expect("a list of addresses") {
            let address = text(address);
            let parts: Vec<&str> = address.split('/').collect();
            let ["", "ip4", ip, "tcp", port, ..] = parts[..] else {
                panic!("{address} is not where TCP listens");
            };
            doors.push(SocketAddr::new(ip.parse().unwrap(), port.parse().unwrap()));
        }
    }
    assert!(!doors.is_empty(), "{status}");
    doors
}

/// Every TCP port on which a process listens, as the kernel has it.
#[cfg(target_os = "linux")]
fn open_ports(pid: u32) -> BTreeSet<SocketAddr> {
    use std::net::{IpAddr, Ipv4Addr};

    let folder = fs::read_dir(format!("/proc/{pid}/fd")).expect("our own child can be looked at");
    let sockets: BTreeSet<String> = folder
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|link| {
            Some(
                link.to_str()?
                    .strip_prefix("socket:[")?
                    .strip_suffix(']')?
                    .to_owned(),
            )
        })
        .collect();
    let table = fs::read_to_string(format!("/proc/{pid}/net/tcp")).unwrap();
    let wide = fs::read_to_string(format!("/proc/{pid}/net/tcp6")).unwrap_or_default();
    let listening = |row: &&str| {
        let fields: Vec<&str> = row.split_whitespace().collect();
        fields.get(3) == Some(&"0A") && fields.get(9).is_some_and(|inode| sockets.contains(*inode))
    };
    assert_eq!(
        wide.lines().filter(listening).count(),
        0,
        "nobody asked for IPv6"
    );
    let address = |row: &str| {
        let (ip, port) = row.split_whitespace().nth(1)?.split_once(':')?;
        // The kernel prints the address in the byte order of the machine.
        let ip = Ipv4Addr::from(u32::from_str_radix(ip, 16).ok()?.to_ne_bytes());
        Some(SocketAddr::new(
            IpAddr::V4(ip),
            u16::from_str_radix(port, 16).ok()?,
        ))
    };
    table
        .lines()
        .filter(listening)
        .filter_map(address)
        .collect()
}

/// What is resident, from `/proc`.
#[cfg(target_os = "linux")]
fn resident_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
