//! Logs on stderr, ours only.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Crates that keep names, ids, addresses and texts out of their logs. Libraries do not know what is secret here, so
/// that no level shows theirs.
const OURS: [&str; 7] = [
    "vigil", "client", "net", "proto", "group", "store", "crypto",
];

/// Starts logging: warnings, or what `RUST_LOG` asks for.
pub(crate) fn start() {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let ours = filter_fn(|metadata| is_ours(metadata.target()));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry()
        .with(lines.with_filter(ours).with_filter(wanted))
        .init();
}

fn is_ours(target: &str) -> bool {
    let root = target.split("::").next().unwrap_or_default();
    OURS.contains(&root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_logs_addresses_is_not_heard() {
        assert!(is_ours("net::swarm"));
        assert!(is_ours("vigil"));
        assert!(!is_ours("libp2p_swarm"));
        assert!(!is_ours("network"));
    }
}
