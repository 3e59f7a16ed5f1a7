//! One process with `vigil rpc`, and the calls to it.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// How long one call may take: making a key out of a passphrase is slow on purpose.
const REPLY: Duration = Duration::from_secs(120);

/// A node and what it said.
pub(super) struct RealNode {
    profile: PathBuf,
    log: PathBuf,
    /// Words that start the program in a network of its own, and the address there.
    through: Option<(Vec<String>, String)>,
    passphrase: String,
    process: Option<Process>,
    events: VecDeque<Value>,
    frozen: bool,
}

struct Process {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
    last: u64,
    replies: BTreeMap<u64, Value>,
}

impl RealNode {
    /// Starts a process on a folder that does not exist yet.
    pub(super) fn launch(
        folder: &Path,
        name: &str,
        through: Option<(Vec<String>, String)>,
    ) -> Result<Self> {
        let number = name.bytes().fold(0_u32, |number, byte| {
            number.wrapping_mul(31).wrapping_add(byte.into())
        });
        let mut node = Self {
            profile: folder.join(format!("profile{number}")),
            log: folder.join(format!("{number}.log")),
            through,
            passphrase: String::new(),
            process: None,
            events: VecDeque::new(),
            frozen: false,
        };
        node.process = Some(node.spawn()?);
        Ok(node)
    }

    fn spawn(&self) -> Result<Process> {
        let program = std::env::current_exe().context("this program does not know where it is")?;
        let (mut words, listen) = self
            .through
            .clone()
            .unwrap_or((Vec::new(), "127.0.0.1".to_owned()));
        words.push(program.to_string_lossy().into_owned());
        let log = File::options().create(true).append(true).open(&self.log)?;
        let (first, rest) = words.split_first().context("there is a program to start")?;
        let mut child = Command::new(first)
            .args(rest)
            .args(["rpc", "--listen", &listen, "--profile"])
            .arg(&self.profile)
            // Only builds for tests look at it; others take their time.
            .env("VIGIL_TEST_KDF", "1")
            .env("RUST_LOG", "debug")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("a node does not start")?;
        let stdout = child.stdout.take().context("its output is a pipe")?;
        let stdin = child.stdin.take().context("its input is a pipe")?;
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Process {
            child,
            stdin,
            lines,
            last: 0,
            replies: BTreeMap::new(),
        })
    }

    /// Makes a profile.
    pub(super) fn create(&mut self) -> Result<()> {
        let made = self.ask("profile.generate_passphrase", json!({}))?;
        self.passphrase = made["passphrase"].as_str().unwrap_or_default().to_owned();
        let passphrase = self.passphrase.clone();
        self.ask("profile.create", json!({ "passphrase": passphrase }))
            .map(|_| ())
    }

    /// Starts the process again and opens the profile.
    pub(super) fn restart(&mut self) -> Result<()> {
        self.process = Some(self.spawn()?);
        self.frozen = false;
        let passphrase = self.passphrase.clone();
        self.ask("profile.unlock", json!({ "passphrase": passphrase }))
            .map(|_| ())
    }

    /// Whether there is a process.
    pub(super) const fn runs(&self) -> bool {
        self.process.is_some()
    }

    /// Whether it can answer.
    pub(super) const fn answers(&self) -> bool {
        self.process.is_some() && !self.frozen
    }

    /// Kills the process at once.
    pub(super) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _gone_already = process.child.kill();
            let _gone_already = process.child.wait();
        }
        self.frozen = false;
    }

    /// Closes its input and waits until it has ended by itself.
    pub(super) fn stop(&mut self) -> Result<()> {
        self.freeze(false)?;
        if let Some(process) = self.process.take() {
            let Process {
                mut child, stdin, ..
            } = process;
            drop(stdin);
            child.wait().context("a node does not end")?;
        }
        Ok(())
    }

    /// Suspends the process as a closed lid does, or lets it go on.
    pub(super) fn freeze(&mut self, frozen: bool) -> Result<()> {
        let Some(process) = &self.process else {
            return Ok(());
        };
        if self.frozen != frozen {
            let signal = if frozen { "-STOP" } else { "-CONT" };
            let done = Command::new("kill")
                .args([signal, &process.child.id().to_string()])
                .status();
            done.context("a process cannot be suspended here")?;
            self.frozen = frozen;
        }
        Ok(())
    }

    /// Calls a method. A refusal gives its kind.
    pub(super) fn call(&mut self, method: &str, params: Value) -> Result<Result<Value, String>> {
        let process = self.process.as_mut().context("the node runs")?;
        process.last += 1;
        let id = process.last;
        let line = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        writeln!(process.stdin, "{line}")
            .and_then(|()| process.stdin.flush())
            .context("a node no longer listens")?;
        let deadline = Instant::now() + REPLY;
        loop {
            let process = self.process.as_mut().context("the node runs")?;
            if let Some(reply) = process.replies.remove(&id) {
                let kind = reply["error"]["data"]["kind"].as_str();
                return Ok(match kind {
                    Some(kind) => Err(kind.to_owned()),
                    None => Ok(reply["result"].clone()),
                });
            }
            self.read(deadline)
                .with_context(|| format!("{method} was not answered"))?;
        }
    }

    /// Calls a method that has to succeed.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> Result<Value> {
        match self.call(method, params)? {
            Ok(result) => Ok(result),
            Err(kind) => bail!("{method} was refused: {kind}"),
        }
    }

    /// Waits for the next event of a type, and takes it.
    pub(super) fn event(&mut self, kind: &str) -> Result<Value> {
        let deadline = Instant::now() + REPLY;
        loop {
            if let Some(place) = self.events.iter().position(|event| event["type"] == kind) {
                return self.events.remove(place).context("it is there");
            }
            self.read(deadline)
                .with_context(|| format!("no {kind} came"))?;
        }
    }

    fn read(&mut self, deadline: Instant) -> Result<()> {
        let process = self.process.as_mut().context("the node runs")?;
        let left = deadline.saturating_duration_since(Instant::now());
        let line = process
            .lines
            .recv_timeout(left)
            .context("a node says nothing")?;
        let said: Value = serde_json::from_str(&line).context("a node says what is not JSON")?;
        if said["method"] == "event" {
            self.events.push_back(said["params"].clone());
        } else {
            process
                .replies
                .insert(said["id"].as_u64().unwrap_or(0), said);
        }
        Ok(())
    }
}

impl Drop for RealNode {
    fn drop(&mut self) {
        self.kill();
    }
}
