//! A report as one page that needs nothing else: no script, no font, no address.

use std::fmt::Write;

use super::chart::{Axis, Curve, plot};
use super::{Report, text};
use crate::stats::{Counts, Spread};

const STYLE: &str = "
:root{color-scheme:light dark;--bg:#fbfaf7;--fg:#1d1d1b;--dim:#66645e;--line:#dedbd2;--card:#fff;--a:#1f6f6b;--b:#b3541e;--bad:#a3172c;--good:#2c6e2f}
@media(prefers-color-scheme:dark){:root{--bg:#151614;--fg:#ecebe6;--dim:#a09e96;--line:#34352f;--card:#1d1e1b;--a:#6cc5be;--b:#f0a071;--bad:#ff8a97;--good:#8fd693}}
*{box-sizing:border-box}body{margin:0 auto;max-width:76rem;padding:2rem 1.25rem 4rem;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.7rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:0 0 .6rem}.story{color:var(--dim);max-width:60ch;margin:0 0 1.25rem}
.verdict{display:inline-block;padding:.35rem .8rem;border-radius:999px;border:1px solid currentColor;font-weight:600;margin:0 0 1.5rem}.idle{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}
.grid2{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,32rem),1fr))}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.1rem;min-width:0}section>p{color:var(--dim);margin:.2rem 0 .6rem;font-size:.9rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:start;padding:.32rem .6rem .32rem 0;border-top:1px solid var(--line);vertical-align:top;font-weight:400}th{color:var(--dim)}tr:first-child>*{border-top:0}
svg{width:100%;height:auto;display:block}svg .grid{stroke:var(--line)}svg text{fill:var(--dim);font-size:12px}svg .y{text-anchor:end}svg .x{text-anchor:middle}svg .first{text-anchor:start}svg .last{text-anchor:end}
svg path{fill:none;stroke-width:2.2;stroke-linejoin:round}svg .c0{stroke:var(--a)}svg .c1{stroke:var(--b);stroke-dasharray:6 4}
.keys{display:flex;gap:1.2rem;margin:.3rem 0 0;color:var(--fg)}.key::before{content:\"\";display:inline-block;width:1.6rem;border-top:3px solid var(--a);vertical-align:middle;margin-inline-end:.45rem}.key.c1::before{border-top:3px dashed var(--b)}
.none{padding:2.5rem 0;text-align:center}pre{overflow:auto;max-height:32rem;font:13px/1.45 ui-monospace,monospace;margin:0}code{font:13px ui-monospace,monospace}.wide{margin-top:1rem}
";

/// The whole page.
pub fn page(report: &Report) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title><style>{STYLE}</style><h1>{0}</h1><p class=\"story\">{1}</p>",
        escape(&report.scenario),
        escape(&report.story)
    );
    html.push_str(&verdict(report));
    html.push_str("<div class=\"grid2\">");
    let rows = text::figures(report)
        .into_iter()
        .map(|(name, value)| row(name, &value))
        .collect::<String>();
    section(&mut html, "Figures", "", &format!("<table>{rows}</table>"));
    let rows = report.by_invariant().into_iter().map(|(name, count)| {
        let idle = report.idle.iter().any(|idle| idle == name);
        let (class, said) = match count {
            0 if idle => ("idle", "nothing here could break it".to_owned()),
            0 => ("good", "held".to_owned()),
            1 => ("bad", "broken".to_owned()),
            more => ("bad", format!("broken {more} times")),
        };
        format!("<tr><th><code>{name}</code></th><td class=\"{class}\">{said}</td></tr>")
    });
    section(
        &mut html,
        "Invariants",
        "",
        &format!("<table>{}</table>", rows.collect::<String>()),
    );
    plots(&mut html, report);
    html.push_str("</div>");
    worlds(&mut html, report);
    if !report.chart.is_empty() {
        let chart = report
            .chart
            .iter()
            .map(|line| escape(line) + "\n")
            .collect::<String>();
        html.push_str("<div class=\"wide\">");
        section(
            &mut html,
            "Message chart of the first world",
            "",
            &format!("<pre>{chart}</pre>"),
        );
        html.push_str("</div>");
    }
    html.push_str("</html>\n");
    html
}

fn verdict(report: &Report) -> String {
    let worlds = text::worlds(report);
    let broken = report
        .worlds
        .iter()
        .filter(|world| !world.broken.is_empty())
        .count();
    if broken == 0 {
        return format!("<p class=\"verdict good\">Every invariant held in {worlds}</p>");
    }
    format!("<p class=\"verdict bad\">Something broke in {broken} of {worlds}</p>")
}

fn plots(html: &mut String, report: &Report) {
    let counts = &report.counts;
    let time = |micros: f64| text::time(whole(micros));
    let share = |value: f64| format!("{value:.0} %");
    let times = Axis {
        name: "after it was written",
        logarithmic: true,
        whole: false,
        say: &time,
    };
    let shares = Axis {
        name: "share of readers",
        logarithmic: false,
        whole: false,
        say: &share,
    };
    let curves = [
        ("both there", &counts.latency),
        ("somebody away", &counts.late),
    ];
    let curves = curves.map(|(name, spread)| Curve {
        name,
        points: cumulative(spread),
        steps: false,
    });
    let known = "How many of all readers had a message how long after it was written.";
    section(html, "Delivery", known, &plot(&curves, &times, &shares));

    let after = Axis {
        name: "after the network healed",
        logarithmic: true,
        whole: false,
        say: &time,
    };
    let curve = [Curve {
        name: "",
        points: cumulative(&counts.convergence),
        steps: true,
    }];
    section(
        html,
        "Convergence",
        "After how long all devices had the same.",
        &plot(&curve, &after, &shares),
    );

    sizes(html, counts);
    readers(html, report);
}

fn sizes(html: &mut String, counts: &Counts) {
    let share = |value: f64| format!("{value:.0} %");
    let shares = Axis {
        name: "share of devices",
        logarithmic: false,
        whole: false,
        say: &share,
    };
    let size = |bytes: f64| text::size(whole(bytes));
    let bytes = Axis {
        name: "bytes of one device",
        logarithmic: true,
        whole: false,
        say: &size,
    };
    let curves = [
        ("sent", &counts.sent),
        ("held on the disk at the end", &counts.held),
    ];
    let curves = curves.map(|(name, spread)| Curve {
        name,
        points: cumulative(spread),
        steps: true,
    });
    section(
        html,
        "Bytes per node",
        "How many devices sent and hold how much.",
        &plot(&curves, &bytes, &shares),
    );
}

fn readers(html: &mut String, report: &Report) {
    let moment = |seconds: f64| text::time(whole(seconds * 1e6));
    let people = |value: f64| format!("{value:.0}");
    let readers: Vec<_> = report
        .audiences
        .iter()
        .map(|(at, readers, _)| (*at, number(*readers)))
        .collect();
    let members: Vec<_> = report
        .audiences
        .iter()
        .map(|(at, _, members)| (*at, number(*members)))
        .collect();
    let curves = [
        Curve {
            name: "could read it",
            points: readers,
            steps: true,
        },
        Curve {
            name: "members its author knew",
            points: members,
            steps: true,
        },
    ];
    let x = Axis {
        name: "when a message was sealed",
        logarithmic: false,
        whole: false,
        say: &moment,
    };
    let y = Axis {
        name: "people",
        logarithmic: false,
        whole: true,
        say: &people,
    };
    let words = "Each message of the first world: how many could read it, its author included.";
    section(html, "Who could read what", words, &plot(&curves, &x, &y));
}

/// Worlds shown in the table.
const WORLDS: usize = 200;

fn worlds(html: &mut String, report: &Report) {
    let mut rows = "<tr><th>seed</th><th>cell</th><th>trace</th><th></th></tr>".to_owned();
    let mut worlds: Vec<_> = report.worlds.iter().collect();
    worlds.sort_by_key(|world| world.broken.is_empty());
    for world in worlds.iter().take(WORLDS) {
        let broken = world
            .broken
            .iter()
            .map(|(name, what)| format!("<code>{name}</code> {}<br>", escape(what)));
        let broken: String = broken.collect();
        let said = if broken.is_empty() {
            "<span class=\"good\">held</span>".to_owned()
        } else {
            format!("<span class=\"bad\">{broken}</span>")
        };
        let _a_string_takes_all = write!(
            rows,
            "<tr><td>{}</td><td>{}</td><td><code>{}</code></td><td>{said}</td></tr>",
            world.seed, world.cell, world.trace
        );
    }
    html.push_str("<div class=\"wide\">");
    section(html, "Worlds", "", &format!("<table>{rows}</table>"));
    html.push_str("</div>");
}

fn section(html: &mut String, title: &str, words: &str, content: &str) {
    let words = if words.is_empty() {
        String::new()
    } else {
        format!("<p>{words}</p>")
    };
    let _a_string_takes_all = write!(html, "<section><h2>{title}</h2>{words}{content}</section>");
}

fn row(name: &str, value: &str) -> String {
    format!(
        "<tr><th>{}</th><td>{}</td></tr>",
        escape(name),
        escape(value)
    )
}

fn cumulative(spread: &Spread) -> Vec<(f64, f64)> {
    let all = number(spread.count()).max(1.0);
    let points = spread.cumulative();
    let first = points.first().map(|(value, _)| (number(*value), 0.0));
    let rest = points
        .iter()
        .map(|(value, below)| (number(*value), number(*below) / all * 100.0));
    first.into_iter().chain(rest).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
const fn number(value: u64) -> f64 {
    value as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "words beside a line of a picture"
)]
fn whole(value: f64) -> u64 {
    value.max(0.0).round() as u64
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
