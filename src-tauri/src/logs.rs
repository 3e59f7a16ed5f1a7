//! Logs on stderr, of our own crates only: warnings in development, errors in a release.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Crates that keep names, ids, addresses and texts out of their logs.
const OURS: [&str; 8] = [
    "desktop", "notebook", "client", "net", "proto", "group", "store", "crypto",
];

/// Starts logging: warnings in development, errors of the shell alone in a release.
pub(crate) fn start() {
    let level = if cfg!(debug_assertions) {
        LevelFilter::WARN
    } else {
        LevelFilter::ERROR
    };
    let ours = Targets::new().with_targets(OURS.map(|name| (name, level)));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .without_time();
    tracing_subscriber::registry().with(ours).with(lines).init();
}
