//! What a report says of a channel.

use super::text::{count, size, time};
use crate::stats::{ChannelCounts, Spread};

/// The figures of a channel; none if there was none.
pub(super) fn figures(counts: &ChannelCounts) -> Vec<(&'static str, String)> {
    if counts.posts == 0 {
        return Vec::new();
    }
    let share = counts.share_within();
    let within = format!(
        "{}.{:02} % of {} within {}",
        share / 100,
        share % 100,
        count(counts.there),
        time(counts.six_hops)
    );
    let mut figures = vec![
        (
            "posts",
            format!("{}, {} in packs", count(counts.posts), size(counts.payload)),
        ),
        ("read within six hops", within),
        ("read after, reader there", of(&counts.spread, time)),
        ("read after coming back", of(&counts.back, time)),
        (
            "hops of the first copy",
            of(&counts.hops, |hops| hops.to_string()),
        ),
        ("gossip to one reader", of(&counts.gossip, times)),
        ("all to one reader", of(&counts.received, times)),
        ("of that no gossip", of(&counts.direct, size)),
        (
            "peers of one reader",
            of(&counts.peers, |peers| peers.to_string()),
        ),
        (
            "parts of those who are on",
            of(&counts.parts, |parts| parts.to_string()),
        ),
        (
            "readers not in the largest",
            of(&counts.cut_off, |cut| cut.to_string()),
        ),
    ];
    if counts.forged > 0 {
        let forged = format!(
            "{}; {} refused over gossip",
            count(counts.forged),
            count(counts.rejected)
        );
        figures.push(("packs of adversaries", forged));
    }
    figures
}

/// Hundredths, as people say how often something is in another.
fn times(percent: u64) -> String {
    format!("{}.{:02} × the posts", percent / 100, percent % 100)
}

fn of(spread: &Spread, say: fn(u64) -> String) -> String {
    if spread.count() == 0 {
        return "–".to_owned();
    }
    let [half, most, last] = [50, 99, 100].map(|percent| say(spread.quantile(percent)));
    format!("half {half}, 99 % {most}, all {last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_without_a_channel_says_nothing_of_one() {
        assert_eq!(figures(&ChannelCounts::default()), []);
        let counts = ChannelCounts {
            posts: 2,
            there: 400,
            within: 399,
            six_hops: 300_000,
            ..ChannelCounts::default()
        };
        let said = figures(&counts);
        let within = said
            .iter()
            .find(|(name, _)| *name == "read within six hops");
        assert_eq!(
            within.map(|(_, value)| value.as_str()),
            Some("99.75 % of 400 within 300 ms")
        );
        assert_eq!(times(412), "4.12 × the posts");
    }
}
