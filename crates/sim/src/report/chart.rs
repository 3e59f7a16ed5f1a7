//! Plots as SVG, drawn with the colours of the page.

use std::fmt::Write;

/// Width and height of a plot, and the room for words at its edges.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 40.0;

/// One curve.
pub(super) struct Curve<'a> {
    pub(super) name: &'a str,
    pub(super) points: Vec<(f64, f64)>,
    /// Whether it stays where it is until the next point.
    pub(super) steps: bool,
}

/// How an axis is drawn.
pub(super) struct Axis<'a> {
    pub(super) name: &'a str,
    /// Each step is ten times the one before.
    pub(super) logarithmic: bool,
    /// Whether it counts.
    pub(super) whole: bool,
    pub(super) say: &'a dyn Fn(f64) -> String,
}

/// A plot with its curves; a sentence if there is nothing to draw.
pub(super) fn plot(curves: &[Curve<'_>], x: &Axis<'_>, y: &Axis<'_>) -> String {
    let all = || curves.iter().flat_map(|curve| &curve.points);
    if all().count() < 2 {
        return "<p class=\"none\">There is nothing to show.</p>".to_owned();
    }
    let scale = |value: f64| {
        if x.logarithmic {
            value.max(1.0).log10()
        } else {
            value
        }
    };
    let (from, to) = all().fold((f64::MAX, f64::MIN), |(from, to), (at, _)| {
        (from.min(scale(*at)), to.max(scale(*at)))
    });
    let to = if to - from < 1e-9 { from + 1.0 } else { to };
    let most = highest(curves, y.whole);
    let across = |at: f64| LEFT + (scale(at) - from) / (to - from) * (WIDTH - LEFT - RIGHT);
    let up = |value: f64| HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{} by {}\">",
        y.name, x.name
    );
    for step in 0..=4 {
        let value = most * f64::from(step) / 4.0;
        let line = up(value);
        let _a_string_takes_all = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{line:.1}\" y2=\"{line:.1}\"/><text class=\"y\" x=\"{}\" y=\"{:.1}\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            line + 4.0,
            (y.say)(value)
        );
        let at = from + (to - from) * f64::from(step) / 4.0;
        let at = if x.logarithmic { 10_f64.powf(at) } else { at };
        let class = match step {
            0 => "x first",
            4 => "x last",
            _ => "x",
        };
        let _a_string_takes_all = write!(
            svg,
            "<text class=\"{class}\" x=\"{:.1}\" y=\"{}\">{}</text>",
            across(at),
            HEIGHT - BOTTOM + 17.0,
            (x.say)(at)
        );
    }
    let _a_string_takes_all = write!(
        svg,
        "<text class=\"x name\" x=\"{}\" y=\"{}\">{}</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 5.0,
        x.name
    );
    for (number, curve) in curves.iter().enumerate() {
        let places = curve
            .points
            .iter()
            .map(|(at, value)| (across(*at), up(*value)));
        let path = path(places, curve.steps);
        let _a_string_takes_all = write!(svg, "<path class=\"c{number}\" d=\"{path}\"/>");
    }
    svg.push_str("</svg>");
    svg.push_str(&keys(curves));
    svg
}

/// The top of the plot. Whole numbers stay whole at every line.
fn highest(curves: &[Curve<'_>], whole: bool) -> f64 {
    let all = curves.iter().flat_map(|curve| &curve.points);
    let most = all.fold(1e-9_f64, |most, (_, value)| most.max(*value));
    if whole {
        (most / 4.0).ceil() * 4.0
    } else {
        most
    }
}

fn path(places: impl Iterator<Item = (f64, f64)>, steps: bool) -> String {
    let mut path = String::new();
    let mut last: Option<f64> = None;
    for (right, high) in places {
        if let (true, Some(last)) = (steps, last) {
            let _a_string_takes_all = write!(path, "L{right:.1} {last:.1}");
        }
        let letter = if last.is_none() { 'M' } else { 'L' };
        let _a_string_takes_all = write!(path, "{letter}{right:.1} {high:.1}");
        last = Some(high);
    }
    path
}

/// What each curve is, if there are several.
fn keys(curves: &[Curve<'_>]) -> String {
    if curves.len() < 2 {
        return String::new();
    }
    let keys = curves.iter().enumerate();
    let keys =
        keys.map(|(number, curve)| format!("<span class=\"key c{number}\">{}</span>", curve.name));
    format!("<p class=\"keys\">{}</p>", keys.collect::<String>())
}
