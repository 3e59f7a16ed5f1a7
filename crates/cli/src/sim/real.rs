//! Real nodes in processes of their own, driven by `vigil rpc`: what the virtual world shows, shown once more with real
//! sockets, real disks and a real clock.
//!
//! Virtual hours become seconds: what a scenario plans is done in its order, with short pauses. What only a virtual world
//! has (adversaries, crash points, clocks that are off) is left out and said.

mod network;
mod node;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use sim::{Act, Planned, Scenario, Who};

use network::Network;
use node::RealNode;

/// Between two things that a scenario plans far apart.
const PAUSE: Duration = Duration::from_millis(150);

/// How long all may take to have the same at the end.
const TOGETHER: Duration = Duration::from_secs(180);

/// So many messages of each member are enough to see whether real nodes do what virtual ones do.
const SAYINGS: usize = 12;

/// Stands in every text, so that it can be looked for where it should not be.
const MARK: &str = "realtext:";

#[derive(Args)]
pub(crate) struct RealArgs {
    /// How many nodes.
    #[arg(long, default_value_t = 3)]
    nodes: usize,
    /// What happens; people just talk if absent.
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// Decides the plan, not what the network does.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// An address and a wire of its own for each node, so that wires can be cut. Needs root.
    #[arg(long)]
    netns: bool,
}

/// Starts nodes, lets them live through the scenario, and looks. False if an invariant broke.
pub(super) fn run(args: &RealArgs) -> Result<bool> {
    let (names, plan) = plan(args)?;
    let folder = tempfile::tempdir().context("a folder for the profiles cannot be made")?;
    let network = args
        .netns
        .then(|| Network::build(names.len()))
        .transpose()?;
    let mut real = Real {
        nodes: Vec::new(),
        names,
        cell: String::new(),
        folder: folder.path().to_owned(),
        network,
        said: BTreeMap::new(),
        left_out: BTreeMap::new(),
        gone: BTreeSet::new(),
    };
    let started = Instant::now();
    real.gather()?;
    super::say_line(&format!(
        "{} nodes in one cell after {:.1} s",
        real.nodes.len(),
        started.elapsed().as_secs_f64()
    ));
    for planned in plan {
        let before = real.texts_said();
        real.perform(&planned.act)?;
        // Words that were left out take no time.
        if !matches!(planned.act, Act::Say(_)) || real.texts_said() > before {
            std::thread::sleep(PAUSE);
        }
    }
    let broken = real.end()?;
    let counts = real
        .left_out
        .iter()
        .map(|(what, count)| format!("{count} × {what}"));
    if !real.left_out.is_empty() {
        super::say_line(&format!(
            "left out, since only a virtual world has it: {}",
            counts.collect::<Vec<_>>().join(", ")
        ));
    }
    let texts = real.texts_said();
    super::say_line(&format!(
        "{texts} messages by {} nodes in {:.1} s",
        real.nodes.len(),
        started.elapsed().as_secs_f64()
    ));
    for what in &broken {
        super::say_line(&format!("BROKEN {what}"));
    }
    if broken.is_empty() {
        super::say_line("same_history, delivered, twice, roster, hidden: held");
    }
    Ok(broken.is_empty())
}

/// Who takes part, and what happens.
fn plan(args: &RealArgs) -> Result<(Vec<String>, Vec<Planned>)> {
    let Some(file) = &args.scenario else {
        let names: Vec<String> = (0..args.nodes.max(2))
            .map(|number| format!("person{number}"))
            .collect();
        let people = 0..u32::try_from(names.len()).unwrap_or(0);
        let say = |who| Planned {
            at: Duration::ZERO,
            act: Act::Say(Who(who)),
        };
        let plan = (0..3).flat_map(|_| people.clone().map(say)).collect();
        return Ok((names, plan));
    };
    let scenario: Scenario = super::read(file, true)?;
    let names = scenario.names();
    if names.len() > args.nodes {
        bail!(
            "this scenario is about {} people: ask for --nodes {0}",
            names.len()
        );
    }
    Ok((names, sim::plan(&scenario, args.seed, 0)))
}

struct Real {
    nodes: Vec<RealNode>,
    names: Vec<String>,
    cell: String,
    folder: PathBuf,
    network: Option<Network>,
    /// What each said, in its order.
    said: BTreeMap<usize, Vec<String>>,
    left_out: BTreeMap<&'static str, usize>,
    gone: BTreeSet<usize>,
}

impl Real {
    fn gather(&mut self) -> Result<()> {
        for number in 0..self.names.len() {
            let through = self.network.as_ref().map(|network| network.through(number));
            let mut node = RealNode::launch(&self.folder, &self.names[number], through)?;
            node.create()?;
            self.nodes.push(node);
        }
        let params = json!({ "name": "Sunday", "display_name": self.names[0], "suite": "x25519" });
        self.cell = text(&self.nodes[0].ask("cell.create", params)?["cell"]);
        for newcomer in 1..self.nodes.len() {
            let cell = self.cell.clone();
            let link = text(&self.nodes[0].ask("cell.invite", json!({ "cell": cell }))?["link"]);
            let params = json!({ "link": link, "display_name": self.names[newcomer] });
            self.nodes[newcomer].ask("cell.join", params)?;
            let knock = self.nodes[0].event("join.requested")?;
            let phrase = self.nodes[newcomer].event("join.phrase")?;
            let same = knock["phrase"] == phrase["phrase"];
            let params = json!({ "cell": cell, "request": knock["request"], "accept": same });
            self.nodes[0].ask("cell.confirm_join", params)?;
            self.nodes[newcomer].event("cell.joined")?;
        }
        Ok(())
    }

    fn texts_said(&self) -> usize {
        self.said.values().map(Vec::len).sum()
    }

    fn leave_out(&mut self, what: &'static str) {
        *self.left_out.entry(what).or_default() += 1;
    }

    fn index(who: Who) -> usize {
        usize::try_from(who.0).unwrap_or(usize::MAX)
    }

    fn perform(&mut self, act: &Act) -> Result<()> {
        match act {
            Act::Say(who) => self.say(Self::index(*who)),
            Act::Sleep(who) => self.nodes[Self::index(*who)].freeze(true),
            Act::Wake(who) => {
                self.nodes[Self::index(*who)].freeze(false)?;
                self.start(Self::index(*who))
            }
            Act::Start(who) => self.start(Self::index(*who)),
            Act::Stop(who) => self.nodes[Self::index(*who)].stop(),
            Act::Crash(who, _) | Act::PowerLoss(who) => {
                self.nodes[Self::index(*who)].kill();
                Ok(())
            }
            Act::Arrest(who) => {
                self.gone.insert(Self::index(*who));
                self.nodes[Self::index(*who)].kill();
                Ok(())
            }
            Act::Remove(by, whom) => self.on_member("cell.remove", *by, *whom),
            Act::Vouch(by, whom) => self.on_member("cell.vouch", *by, *whom),
            Act::Leave(who) => self.call(
                Self::index(*who),
                "cell.leave",
                json!({ "cell": self.cell }),
            ),
            Act::Heal(who) => {
                self.call(Self::index(*who), "cell.heal", json!({ "cell": self.cell }))
            }
            Act::Carry(from, to) => self.carry(Self::index(*from), Self::index(*to)),
            Act::Part(sides) => {
                let cut: Vec<usize> = sides
                    .iter()
                    .filter(|(_, side)| *side > 0)
                    .map(|(who, _)| Self::index(*who))
                    .collect();
                match &self.network {
                    Some(network) => network.cut(&cut),
                    None => self.unconnected("part (needs --netns)"),
                }
            }
            Act::HealNetwork => match &self.network {
                Some(network) => network.heal(),
                None => Ok(()),
            },
            Act::React(_) | Act::Edit(_) | Act::Delete(_) | Act::Hide(_) => {
                self.unconnected("mark")
            }
            Act::OnChannel(..) => self.unconnected("channel"),
            Act::CopyDisk(_) | Act::PutBack(_) | Act::FillDisk(..) => self.unconnected("disk"),
            Act::Join(..) | Act::StealDisk(_) | Act::LockedOut => {
                self.unconnected("thief or late newcomer")
            }
            Act::Skew(..) => self.unconnected("clock"),
            Act::Attack(..) => self.unconnected("attack"),
            Act::OnCall(..) => self.unconnected("call"),
        }
    }

    fn unconnected(&mut self, what: &'static str) -> Result<()> {
        self.leave_out(what);
        Ok(())
    }

    fn start(&mut self, who: usize) -> Result<()> {
        if self.nodes[who].runs() || self.gone.contains(&who) {
            return Ok(());
        }
        self.nodes[who].restart()
    }

    fn say(&mut self, who: usize) -> Result<()> {
        let said = self.said.entry(who).or_default();
        if !self.nodes[who].answers() || said.len() >= SAYINGS {
            return Ok(());
        }
        let words = format!("{MARK}{who}.{}: are we still on for tomorrow?", said.len());
        let params = json!({ "cell": self.cell, "text": words });
        if self.nodes[who].call("message.send", params)?.is_ok() {
            said.push(words);
        }
        Ok(())
    }

    /// A refusal is an answer: a scenario may ask for what cannot be.
    fn call(&mut self, who: usize, method: &str, params: Value) -> Result<()> {
        if self.nodes[who].answers() {
            let _refused = self.nodes[who].call(method, params)?;
        }
        Ok(())
    }

    fn on_member(&mut self, method: &str, by: Who, whom: Who) -> Result<()> {
        let by = Self::index(by);
        if !self.nodes[by].answers() {
            return Ok(());
        }
        let members = self.nodes[by].ask("cell.members", json!({ "cell": self.cell }))?;
        let name = &self.names[Self::index(whom)];
        let found = list(&members)
            .iter()
            .find(|member| member["name"] == name.as_str());
        let Some(member) = found.map(|member| member["member"].clone()) else {
            return Ok(());
        };
        self.call(by, method, json!({ "cell": self.cell, "member": member }))
    }

    fn carry(&mut self, from: usize, to: usize) -> Result<()> {
        let path = self.folder.join("stick.bin");
        let path = path.to_string_lossy();
        self.call(
            from,
            "bundle.export",
            json!({ "cell": self.cell, "path": path }),
        )?;
        self.call(to, "bundle.import", json!({ "path": path }))
    }

    /// All are there, no wire is cut; then everybody must have what everybody said.
    fn end(&mut self) -> Result<Vec<String>> {
        if let Some(network) = &self.network {
            network.heal()?;
        }
        for who in 0..self.nodes.len() {
            self.nodes[who].freeze(false)?;
            self.start(who)?;
        }
        let deadline = Instant::now() + TOGETHER;
        let mut wrong = self.differences()?;
        while !wrong.is_empty() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_secs(1));
            wrong = self.differences()?;
        }
        for node in &mut self.nodes {
            node.kill();
        }
        wrong.extend(self.shown()?);
        Ok(wrong)
    }

    fn differences(&mut self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let mut first: Option<(String, Vec<String>, Vec<String>)> = None;
        let running: Vec<usize> = (0..self.nodes.len())
            .filter(|who| !self.gone.contains(who))
            .collect();
        let mut rosters = Vec::new();
        for who in &running {
            rosters.push(self.nodes[*who].ask("cell.members", json!({ "cell": self.cell }))?);
        }
        let out = outside(&rosters);
        for (who, members) in running.into_iter().zip(&rosters) {
            let us = list(members).iter().find(|member| member["self"] == true);
            if us.is_some_and(|us| us["state"] != "member" || out.contains(&&us["member"])) {
                continue;
            }
            let name = self.names[who].clone();
            let states = list(members)
                .iter()
                .map(|member| format!("{} {}", member["name"], member["state"]));
            let mut states: Vec<String> = states.collect();
            states.sort();
            let texts = self.texts(who)?;
            let once: BTreeSet<&String> = texts.iter().collect();
            if once.len() != texts.len() {
                wrong.push(format!("twice: {name} has a message twice"));
            }
            if let Some(lost) = self
                .said
                .get(&who)
                .into_iter()
                .flatten()
                .find(|said| !texts.contains(said))
            {
                wrong.push(format!(
                    "remembered: {name} has lost message {}",
                    lost.len()
                ));
            }
            match &first {
                None => first = Some((name, texts, states)),
                Some((other, theirs, members)) => {
                    if *theirs != texts {
                        wrong.push(format!(
                            "delivered: {other} has {} messages, {name} {}",
                            theirs.len(),
                            texts.len()
                        ));
                    }
                    if *members != states {
                        wrong.push(format!("roster: {other} and {name} know different members"));
                    }
                }
            }
        }
        Ok(wrong)
    }

    fn texts(&mut self, who: usize) -> Result<Vec<String>> {
        let params = json!({ "cell": self.cell, "limit": 10_000 });
        let page = self.nodes[who].ask("message.list", params)?;
        let messages = if page.is_array() {
            &page
        } else {
            &page["messages"]
        };
        let texts = list(messages)
            .iter()
            .filter_map(|message| message["text"].as_str());
        Ok(texts
            .filter(|text| text.starts_with(MARK))
            .map(str::to_owned)
            .collect())
    }

    /// Neither logs nor disks show what was said, who said it, or where.
    fn shown(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let secret = [MARK.as_bytes(), self.cell.as_bytes()];
        for path in files(&self.folder)? {
            let bytes = fs::read(&path)?;
            let names = self
                .names
                .iter()
                .filter(|name| name.len() > 4)
                .map(|name| name.as_bytes());
            let log = path.extension().is_some_and(|extension| extension == "log");
            let mut words: Vec<&[u8]> = secret.to_vec();
            if log {
                words.extend(names);
            }
            if words
                .iter()
                .any(|word| bytes.windows(word.len()).any(|window| window == *word))
            {
                wrong.push(format!(
                    "hidden: {} shows a text, a name or an identifier",
                    path.display()
                ));
            }
        }
        Ok(wrong)
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Whom more than half of the nodes know as outside the cell. Whoever was removed while cut off is told by nobody and goes
/// on showing the cell as it was (PROTOCOL §4): theirs is not compared.
fn outside(rosters: &[Value]) -> Vec<&Value> {
    let listed = rosters.iter().flat_map(list);
    let out: Vec<&Value> = listed
        .filter(|member| member["state"] != "member")
        .map(|member| &member["member"])
        .collect();
    let most = |id: &&Value| out.iter().filter(|other| *other == id).count() * 2 > rosters.len();
    out.iter().copied().filter(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_most_know_as_removed_is_not_compared_and_cannot_throw_others_out() {
        let roster = |states: [&str; 3]| {
            json!(
                ["alice", "bob", "mallory"]
                    .iter()
                    .zip(states)
                    .map(|(member, state)| json!({ "member": member, "state": state }))
                    .collect::<Vec<_>>()
            )
        };
        let rosters = [
            roster(["member", "member", "removed"]),
            roster(["member", "member", "removed"]),
            roster(["removed", "removed", "member"]),
        ];
        let out = outside(&rosters);
        assert!(out.contains(&&json!("mallory")));
        assert!(!out.contains(&&json!("alice")) && !out.contains(&&json!("bob")));
    }
}
