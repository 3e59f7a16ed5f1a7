//! All fuzz targets by name. The bodies stand beside what they fuzz; those of whole nodes are in `node.rs`.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "it runs the world of the stories, of which it needs a part"
)]

#[path = "../simulation/ether.rs"]
mod ether;
pub mod node;
#[path = "../simulation/people.rs"]
mod people;
pub mod seeds;
#[path = "../simulation/world.rs"]
mod world;

/// The body of a target.
pub type Body = fn(&[u8]);

/// Every target.
pub fn targets() -> Vec<(&'static str, Body)> {
    let mut targets: Vec<(&str, Body)> = vec![
        ("node", node::run),
        ("restore", node::restore),
        ("stream", net::fuzzing::stream),
        ("settings", client::fuzzing::settings),
    ];
    targets.extend(proto::fuzzing::TARGETS);
    targets.extend(store::fuzzing::TARGETS);
    targets
}
