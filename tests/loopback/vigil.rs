//! A real node: a process of its own with a folder of its own, driven over the scripting interface as anybody would.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::binary;

/// How long one call may take: far more than it should, because many nodes share few cores here.
const REPLY: Duration = Duration::from_secs(60);

/// How long something may take that several nodes have to do together.
const TOGETHER: Duration = Duration::from_secs(120);

/// What a node logs unless a story asks for more.
const LOG: &str = "info,vigil=debug,client=debug,net=debug,proto=debug,store=debug";

/// A refusal, as the scripting interface puts it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RpcError {
    pub(crate) code: i64,
    pub(crate) kind: String,
}

/// How a node is started.
#[derive(Clone)]
pub(crate) struct Start {
    /// Environment variable `RUST_LOG`.
    pub(crate) log: String,
    /// A program and its arguments that start the node in their turn; none of ours if empty.
    pub(crate) through: Vec<String>,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            log: std::env::var("VIGIL_TEST_LOG").unwrap_or_else(|_| LOG.to_owned()),
            through: Vec::new(),
        }
    }
}

/// One person with one device.
pub(crate) struct Vigil {
    name: String,
    folder: PathBuf,
    log: PathBuf,
    start: Start,
    passphrase: String,
    process: Option<Process>,
    events: Vec<Event>,
}

struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    last_id: u64,
    replies: BTreeMap<u64, Value>,
}

struct Event {
    params: Value,
    taken: bool,
}

impl Vigil {
    /// Starts a node on a folder that does not exist yet. There is no profile in it.
    pub(crate) fn launch(name: &str, folder: PathBuf, log: PathBuf, start: Start) -> Self {
        let mut vigil = Self {
            name: name.to_owned(),
            folder,
            log,
            start,
            passphrase: String::new(),
            process: None,
            events: Vec::new(),
        };
        vigil.launch_again();
        vigil
    }

    /// Makes a profile under a generated passphrase.
    pub(crate) fn create_profile(&mut self) {
        let made = self.ask("profile.generate_passphrase", json!({}));
        self.passphrase = text(&made["passphrase"]);
        let passphrase = self.passphrase.clone();
        self.ask("profile.create", json!({ "passphrase": passphrase }));
    }

    /// What the person is called, in every cell.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The passphrase of the profile.
    pub(crate) fn passphrase(&self) -> &str {
        &self.passphrase
    }

    /// The folder of the profile.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file that holds what all our processes logged so far.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// The id of the process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.as_ref().expect("the node runs").child.id()
    }

    /// Starts the process again, locked.
    pub(crate) fn launch_again(&mut self) {
        assert!(self.process.is_none(), "{} runs already", self.name);
        let log = File::options().create(true).append(true).open(&self.log);
        let log = log.expect("the log can be opened");
        let mut words = self.start.through.clone();
        words.push(binary::path().to_string_lossy().into_owned());
        let mut child = Command::new(&words[0])
            .args(&words[1..])
            .args(["rpc", "--listen", "127.0.0.1", "--profile"])
            .arg(&self.folder)
            .env("VIGIL_TEST_KDF", "1")
            .env("RUST_LOG", &self.start.log)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the node starts");
        let stdout = child.stdout.take().expect("stdout is piped");
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        self.process = Some(Process {
            stdin: child.stdin.take(),
            child,
            lines,
            last_id: 0,
            replies: BTreeMap::new(),
        });
    }

    /// Starts the process again and opens the profile.
    pub(crate) fn restart(&mut self) {
        self.launch_again();
        let passphrase = self.passphrase.clone();
        self.ask("profile.unlock", json!({ "passphrase": passphrase }));
    }

    /// Kills the process at once, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.child.kill().expect("the node can be killed");
            process.child.wait().expect("the node is gone");
        }
    }

    /// Closes the input of the process and waits until it has ended by itself.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().expect("the node runs");
        drop(process.stdin.take());
        let deadline = Instant::now() + REPLY;
        // The output closes when the process ends; what it still says is read and kept.
        loop {
            match process.lines.recv_timeout(left(deadline)) {
                Ok(line) => self.keep(&line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    process.child.kill().expect("the node can be killed");
                    panic!("{} does not end when its input does", self.name);
                }
            }
        }
        let status = process.child.wait().expect("the node is gone");
        assert!(status.success(), "{} ended with {status}", self.name);
    }

    /// Calls a method and returns what it answers.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Result<Value, RpcError> {
        let id = self.begin(method, params);
        self.finish(id)
    }

    /// Calls a method that has to succeed.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        match self.call(method, params) {
            Ok(result) => result,
            Err(error) => self.fail(&format!("{method} was refused: {error:?}")),
        }
    }

    /// Calls a method that has to be refused, and returns the kind of refusal.
    pub(crate) fn refusal(&mut self, method: &str, params: Value) -> String {
        match self.call(method, params.clone()) {
            Ok(result) => self.fail(&format!("{method} {params} was not refused: {result}")),
            Err(error) => error.kind,
        }
    }

    /// Sends a request without waiting for the answer.
    pub(crate) fn begin(&mut self, method: &str, params: Value) -> u64 {
        let process = self.process.as_mut().expect("the node runs");
        process.last_id += 1;
        let id = process.last_id;
        let line = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.write_line(&line.to_string());
        id
    }

    /// Waits for the answer to a request.
    pub(crate) fn finish(&mut self, id: u64) -> Result<Value, RpcError> {
        let deadline = Instant::now() + REPLY;
        let reply = loop {
            let process = self.process.as_mut().expect("the node runs");
            if let Some(reply) = process.replies.remove(&id) {
                break reply;
            }
            if !self.read(deadline) {
                self.fail("a call was not answered");
            }
        };
        match reply.get("error") {
            None => Ok(reply["result"].clone()),
            Some(error) => Err(self.refused(error)),
        }
    }

    /// Waits for the answer to a request for as long as the process lives, and not longer than a moment.
    pub(crate) fn finish_if_alive(&mut self, id: u64, moment: Duration) -> Option<Value> {
        let deadline = Instant::now() + moment;
        loop {
            let process = self.process.as_mut()?;
            if let Some(reply) = process.replies.remove(&id) {
                return reply.get("result").cloned();
            }
            if !self.read(deadline) {
                return None;
            }
        }
    }

    /// Writes one line as it is, and returns the answer to whatever has no id.
    pub(crate) fn answer_to_raw(&mut self, line: &str) -> Value {
        self.write_line(line);
        let deadline = Instant::now() + REPLY;
        loop {
            let process = self.process.as_mut().expect("the node runs");
            // Answers to lines that could not be read carry the id null, kept as 0.
            if let Some(reply) = process.replies.remove(&0) {
                return reply;
            }
            if !self.read(deadline) {
                self.fail("a line was not answered");
            }
        }
    }

    /// Waits for the next event of this type that fits, and takes it.
    pub(crate) fn event(&mut self, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.event_of(&[kind], fits)
    }

    /// Waits for the next event of one of these types that fits, and takes it.
    pub(crate) fn event_of(&mut self, kinds: &[&str], fits: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + TOGETHER;
        loop {
            let wanted = |event: &&mut Event| {
                let kind = event.params["type"].as_str().unwrap_or_default();
                !event.taken && kinds.contains(&kind) && fits(&event.params)
            };
            if let Some(event) = self.events.iter_mut().find(wanted) {
                event.taken = true;
                return event.params.clone();
            }
            if !self.read(deadline) {
                self.fail(&format!("no event {} came", kinds.join(" or ")));
            }
        }
    }

    /// Every event of this type so far, taken or not.
    pub(crate) fn events(&mut self, kind: &str) -> Vec<Value> {
        // One call is answered after everything that was said before it.
        self.call("profile.status", json!({})).ok();
        let events = self.events.iter().map(|event| &event.params);
        events
            .filter(|params| params["type"] == kind)
            .cloned()
            .collect()
    }

    /// The kinds of all warnings so far.
    pub(crate) fn warnings(&mut self) -> Vec<String> {
        let warnings = self.events("cell.warning");
        warnings
            .iter()
            .map(|warning| text(&warning["kind"]))
            .collect()
    }

    /// Waits until something holds. It is looked at again whenever the node has said something, and now and then.
    pub(crate) fn until(
        &mut self,
        what: &str,
        mut holds: impl FnMut(&mut Self) -> Result<(), String>,
    ) {
        let deadline = Instant::now() + TOGETHER;
        while let Err(now) = holds(self) {
            if Instant::now() > deadline {
                self.fail(&format!("it never came to be that {what}: {now}"));
            }
            self.read(Instant::now() + Duration::from_millis(200));
        }
    }

    /// Ends the story, with what this node said last.
    pub(crate) fn fail(&mut self, why: &str) -> ! {
        let ended = self
            .process
            .as_mut()
            .and_then(|process| process.child.try_wait().ok()?);
        let ended = ended.map(|status| format!(" (the process ended: {status})"));
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let events: Vec<String> = self
            .events
            .iter()
            .map(|event| event.params.to_string())
            .collect();
        panic!(
            "{}: {why}{}\n--- last events ---\n{}\n--- last lines of {} ---\n{}",
            self.name,
            ended.unwrap_or_default(),
            events[events.len().saturating_sub(12)..].join("\n"),
            self.log.display(),
            lines[lines.len().saturating_sub(40)..].join("\n"),
        );
    }

    fn write_line(&mut self, line: &str) {
        let process = self.process.as_mut().expect("the node runs");
        let stdin = process.stdin.as_mut().expect("stdin is open");
        if writeln!(stdin, "{line}")
            .and_then(|()| stdin.flush())
            .is_err()
        {
            self.fail("the node no longer listens");
        }
    }

    /// Reads one line. False if none came in time or the process has ended.
    fn read(&mut self, deadline: Instant) -> bool {
        let process = self.process.as_mut().expect("the node runs");
        let Ok(line) = process.lines.recv_timeout(left(deadline)) else {
            return false;
        };
        self.keep(&line);
        true
    }

    fn keep(&mut self, line: &str) {
        let Ok(said) = serde_json::from_str::<Value>(line) else {
            self.fail(&format!("this is not one JSON object: {line}"));
        };
        if said["method"] == "event" {
            let params = said["params"].clone();
            self.events.push(Event {
                params,
                taken: false,
            });
        } else if let Some(process) = self.process.as_mut() {
            process
                .replies
                .insert(said["id"].as_u64().unwrap_or(0), said);
        }
    }

    /// Checks the form of an error as the contract has it.
    fn refused(&mut self, error: &Value) -> RpcError {
        let kind = error["data"]["kind"].as_str().unwrap_or_default();
        let message = error["message"].as_str().unwrap_or_default();
        let stable = !kind.is_empty() && kind.chars().all(|c| c == '_' || c.is_ascii_lowercase());
        let Some(code) = error["code"].as_i64() else {
            self.fail(&format!("an error without a code: {error}"));
        };
        if message.is_empty() || (!stable && code != -32601 && code != -32700) {
            self.fail(&format!("an error without words or kind: {error}"));
        }
        RpcError {
            code,
            kind: kind.to_owned(),
        }
    }
}

impl Drop for Vigil {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.child.kill().ok();
            process.child.wait().ok();
        }
    }
}

/// A JSON string.
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not a string"))
        .to_owned()
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
