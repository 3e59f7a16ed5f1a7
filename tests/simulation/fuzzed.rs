//! The fuzz targets of whole nodes, over their corpus and a few changes of it. `cargo xtask fuzz` goes on from here.

#[allow(unreachable_pub, reason = "the fuzz targets use it as a crate")]
#[path = "../fuzz/node.rs"]
pub(crate) mod node;
#[path = "../fuzz/trial.rs"]
mod trial;

#[test]
fn a_node_keeps_its_contract_whatever_comes() {
    trial::run("node", node::run, 60);
}

#[test]
fn records_that_somebody_changed_are_read_or_found_damaged() {
    trial::run("restore", node::restore, 150);
}

#[test]
fn the_recorded_story_means_something() {
    let story = node::story();
    assert!(story.inputs.len() > 50, "{} inputs", story.inputs.len());
    assert!(!story.beacons.is_empty());
    assert!(story.link.starts_with("vigil:") && !story.bundle.is_empty());
}
