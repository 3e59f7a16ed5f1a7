//! Reports as text.

use std::fmt::Write;

use super::Report;
use crate::run::Outcome;

/// A message chart: one line for each thing that happened.
pub fn chart(outcome: &Outcome) -> Vec<String> {
    let name = |who: u32| {
        let name = usize::try_from(who)
            .ok()
            .and_then(|who| outcome.names.get(who));
        name.map_or("?", String::as_str)
    };
    let width = outcome
        .names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(5);
    let line = |line: &crate::trace::TraceLine| {
        let who = name(line.who);
        match line.to {
            Some(to) => format!(
                "{}  {who:>width$} ──► {:<width$}  {}",
                line.at,
                name(to),
                line.what
            ),
            None => format!(
                "{}  {who:>width$}  ●  {:<width$}  {}",
                line.at, "", line.what
            ),
        }
    };
    outcome.lines.iter().map(line).collect()
}

/// A duration that is given in microseconds, as people say it.
pub(super) fn time(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..120_000_000 => format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10),
        120_000_000..7_200_000_000 => format!("{} min", micros / 60_000_000),
        _ => format!("{} h", micros / 3_600_000_000),
    }
}

/// A number of bytes, as people say it.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// Whole thousands set apart.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut set = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            set.push(' ');
        }
        set.push(digit);
    }
    set
}

/// How many worlds there are.
pub(super) fn worlds(report: &Report) -> String {
    match report.worlds.len() {
        1 => "one world".to_owned(),
        more => format!("{more} worlds"),
    }
}

/// The figures that stand in every report.
pub(super) fn figures(report: &Report) -> Vec<(&'static str, String)> {
    let counts = &report.counts;
    let mut figures = vec![
        (
            "worlds",
            format!(
                "{} × {} people, {} cryptography",
                report.worlds.len(),
                report.members,
                report.cryptography
            ),
        ),
        (
            "time",
            format!(
                "{:.0} virtual s in {:.2} s on {} threads, {:.0} times as fast",
                report.virtual_seconds,
                report.real_seconds,
                report.jobs,
                report.ratio()
            ),
        ),
        (
            "events",
            format!(
                "{}, {:.0} a second",
                count(counts.events),
                report.events_per_second()
            ),
        ),
        (
            "deliveries",
            format!(
                "{}, {:.0} a second",
                count(counts.deliveries),
                report.deliveries_per_second()
            ),
        ),
        ("memory", format!("{} a node", size(report.memory_per_node))),
        (
            "frames",
            format!("{}, {}", count(counts.frames), size(counts.bytes)),
        ),
        ("durable writes", count(counts.persists)),
        (
            "dials, connections, stops",
            format!(
                "{}, {}, {}",
                count(counts.dials),
                count(counts.connections),
                count(counts.stops)
            ),
        ),
    ];
    figures.extend(spreads(counts));
    figures.extend(super::channel::figures(&counts.channel));
    figures.extend(seen(report));
    figures
}

/// What others saw, and what was left out.
fn seen(report: &Report) -> Vec<(&'static str, String)> {
    let mut figures = Vec::new();
    if let Some((right, of)) = report.observed {
        figures.push((
            "watching the wires",
            format!("names the author of {right} of {of} messages"),
        ));
    }
    if report.stolen > 0 {
        figures.push(("read by thieves", count(report.stolen)));
    }
    if report.modelled_seconds > 0.0 {
        figures.push((
            "cryptography left out",
            format!("{:.0} s of one core", report.modelled_seconds),
        ));
    }
    figures
}

fn spreads(counts: &crate::Counts) -> [(&'static str, String); 5] {
    [
        ("read after, both there", quantiles(&counts.latency, time)),
        ("read after, somebody away", quantiles(&counts.late, time)),
        (
            "the same after a partition",
            quantiles(&counts.convergence, time),
        ),
        ("sent by one device", quantiles(&counts.sent, size)),
        ("held by one device", quantiles(&counts.held, size)),
    ]
}

fn quantiles(spread: &crate::Spread, say: fn(u64) -> String) -> String {
    if spread.count() == 0 {
        return "–".to_owned();
    }
    let [half, most, last] = [50, 95, 100].map(|percent| say(spread.quantile(percent)));
    format!("half {half}, 95 % {most}, all {last}")
}

/// A summary for a terminal.
pub fn summary(report: &Report) -> String {
    let mut text = String::new();
    let _a_string_takes_all = writeln!(text, "{}", report.scenario);
    for (name, value) in figures(report) {
        let _a_string_takes_all = writeln!(text, "  {name:<28}{value}");
    }
    let mut shown = 0;
    for world in &report.worlds {
        for (invariant, what) in &world.broken {
            shown += 1;
            if shown <= 12 {
                let _a_string_takes_all = writeln!(
                    text,
                    "  BROKEN {invariant}: seed {} cell {}: {what}",
                    world.seed, world.cell
                );
            }
        }
    }
    let verdict = match shown {
        0 => format!("  every invariant held in {}", worlds(report)),
        more => format!("  {more} broken; `vigil sim shrink` finds out what it takes"),
    };
    text.push_str(&verdict);
    text.push('\n');
    text
}

/// Two reports side by side.
pub fn compare(one: &Report, two: &Report) -> String {
    let broken = |report: &Report| {
        let worlds = report.worlds.iter();
        worlds.map(|world| world.broken.len()).sum::<usize>()
    };
    let theirs = figures(two);
    let mut rows = vec![("", one.scenario.clone(), two.scenario.clone())];
    for (name, value) in figures(one) {
        let other = theirs.iter().find(|(found, _)| *found == name);
        let other = other.map_or_else(|| "–".to_owned(), |(_, value)| value.clone());
        rows.push((name, value, other));
    }
    rows.push((
        "broken invariants",
        broken(one).to_string(),
        broken(two).to_string(),
    ));
    let widest = rows.iter().map(|(_, value, _)| value.chars().count()).max();
    let width = widest.unwrap_or_default() + 2;
    let mut text = String::new();
    for (name, value, other) in rows {
        let _a_string_takes_all = writeln!(text, "{name:<28}{value:<width$}{other}");
    }
    let traces = |report: &Report| {
        report
            .worlds
            .iter()
            .map(|world| world.trace.clone())
            .collect::<Vec<_>>()
    };
    let same = if traces(one) == traces(two) {
        "the same traces"
    } else {
        "different traces"
    };
    let _a_string_takes_all = writeln!(text, "{same}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_said_as_people_say_them() {
        assert_eq!(
            [time(900), time(1_500), time(61_500_000), time(600_000_000)],
            ["900 µs", "1 ms", "61.5 s", "10 min"]
        );
        assert_eq!(
            [size(900), size(65_000), size(12_000_000)],
            ["900 B", "65 kB", "12 MB"]
        );
        assert_eq!(
            [count(7), count(1_234), count(1_234_567)],
            ["7", "1 234", "1 234 567"]
        );
    }
}
