//! A network of namespaces: one for each node, all on one bridge, and wires that can be cut. Linux, with the rights to
//! make them; everything is taken down at the end.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Namespaces, wires and their bridge.
pub(super) struct Network {
    tag: String,
    nodes: usize,
}

impl Network {
    /// Builds it. Fails with what to do if the system does not permit it.
    pub(super) fn build(nodes: usize) -> Result<Self> {
        let network = Self {
            tag: format!("vg{}", std::process::id() % 10_000),
            nodes,
        };
        network
            .wire()
            .context("namespaces are not permitted here; run as root, or without --netns")?;
        Ok(network)
    }

    fn wire(&self) -> Result<()> {
        let bridge = format!("{}br", self.tag);
        ip(&["link", "add", &bridge, "type", "bridge"])?;
        ip(&["link", "set", &bridge, "up"])?;
        for node in 0..self.nodes {
            let (space, near, far) = (
                self.space(node),
                self.near(node),
                format!("{}f{node}", self.tag),
            );
            ip(&["netns", "add", &space])?;
            ip(&["link", "add", &near, "type", "veth", "peer", "name", &far])?;
            ip(&["link", "set", &far, "netns", &space])?;
            ip(&["link", "set", &near, "master", &bridge])?;
            ip(&["link", "set", &near, "up"])?;
            ip(&[
                "-n",
                &space,
                "addr",
                "add",
                &format!("{}/24", address(node)),
                "dev",
                &far,
            ])?;
            ip(&["-n", &space, "link", "set", &far, "up"])?;
            ip(&["-n", &space, "link", "set", "lo", "up"])?;
        }
        Ok(())
    }

    fn space(&self, node: usize) -> String {
        format!("{}n{node}", self.tag)
    }

    fn near(&self, node: usize) -> String {
        format!("{}w{node}", self.tag)
    }

    /// How a program is started inside, and its address there.
    pub(super) fn through(&self, node: usize) -> (Vec<String>, String) {
        let words = ["ip", "netns", "exec"]
            .map(str::to_owned)
            .into_iter()
            .chain([self.space(node)]);
        (words.collect(), address(node))
    }

    /// Cuts these off from all.
    pub(super) fn cut(&self, nodes: &[usize]) -> Result<()> {
        nodes
            .iter()
            .try_for_each(|node| ip(&["link", "set", &self.near(*node), "down"]))
    }

    /// Every wire is whole again.
    pub(super) fn heal(&self) -> Result<()> {
        (0..self.nodes).try_for_each(|node| ip(&["link", "set", &self.near(node), "up"]))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for node in 0..self.nodes {
            let _was_not_there = ip(&["netns", "del", &self.space(node)]);
            let _was_not_there = ip(&["link", "del", &self.near(node)]);
        }
        let _was_not_there = ip(&["link", "del", &format!("{}br", self.tag)]);
    }
}

fn address(node: usize) -> String {
    format!("10.77.0.{}", node + 1)
}

fn ip(words: &[&str]) -> Result<()> {
    let done = Command::new("ip")
        .args(words)
        .output()
        .context("`ip` is not there")?;
    if !done.status.success() {
        bail!(
            "ip {}: {}",
            words.join(" "),
            String::from_utf8_lossy(&done.stderr).trim()
        );
    }
    Ok(())
}
