//! `vigil sim`: scenarios in a virtual world, and with real processes.

#![expect(
    clippy::print_stderr,
    reason = "talking to the person at the terminal is what this command is for"
)]

mod real;

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use sim::{Batch, Report, Scenario, ScenarioError, Ticker};

/// Where scenarios are if no folder is given.
const FOLDER: &str = "tests/scenarios";

/// Between two looks at how far a run is.
const TICK: Duration = Duration::from_millis(150);

/// A scenario that cannot be read ends like a wrong argument.
const MISTAKE: u8 = 2;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Runs a scenario. Ends with 1 if an invariant broke, with 2 if the scenario cannot be read.
    Run(RunArgs),
    /// Lists the scenarios of a folder.
    List {
        /// The folder.
        #[arg(default_value = FOLDER)]
        folder: PathBuf,
    },
    /// Leaves things out of a broken run as long as the same invariant breaks.
    Shrink {
        /// The seed that breaks something.
        seed: u64,
        /// The scenario.
        file: PathBuf,
        /// Which cell of it.
        #[arg(long, default_value_t = 0)]
        cell: u64,
        /// At the size for CI.
        #[arg(long)]
        ci: bool,
        /// How many runs to try at most.
        #[arg(long, default_value_t = 400)]
        tries: usize,
    },
    /// Puts two reports side by side.
    Compare {
        /// The folder of a report, or its report.json.
        one: PathBuf,
        /// The other.
        two: PathBuf,
    },
    /// Starts real nodes in processes of their own and drives them by `vigil rpc`.
    Real(real::RealArgs),
}

#[derive(Args)]
pub(crate) struct RunArgs {
    /// The scenario, a file or the name of one in tests/scenarios.
    file: PathBuf,
    /// One seed.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Several seeds, the last one included.
    #[arg(long, value_name = "A..B")]
    seeds: Option<String>,
    /// Threads; one for each processor if absent.
    #[arg(long)]
    jobs: Option<usize>,
    /// Prints who sent what to whom.
    #[arg(long)]
    trace: bool,
    /// Prints the report as JSON and nothing else.
    #[arg(long)]
    json: bool,
    /// Writes the report into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// At the size for CI.
    #[arg(long)]
    ci: bool,
    /// Real cryptography, or its costs counted and nothing sealed.
    #[arg(long, value_enum, default_value_t = Crypto::Real)]
    crypto: Crypto,
}

#[derive(Clone, Copy, Eq, PartialEq, ValueEnum)]
enum Crypto {
    Real,
    Modelled,
}

pub(crate) fn main(command: Command) -> ExitCode {
    let ended = match command {
        Command::Run(args) => run(&args),
        Command::List { folder } => list(&folder),
        Command::Shrink {
            seed,
            file,
            cell,
            ci,
            tries,
        } => shrink((seed, cell), &file, ci, tries),
        Command::Compare { one, two } => compare(&one, &two),
        Command::Real(args) => real::run(&args),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            let mistake = error.downcast_ref::<ScenarioError>().is_some()
                || error.downcast_ref::<Mistake>().is_some();
            ExitCode::from(if mistake { MISTAKE } else { 1 })
        }
    }
}

/// Says something. Whoever has closed the pipe does not want to hear it.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _nobody_reads = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Says one line.
fn say_line(text: &str) {
    say(&format!("{text}\n"));
}

/// What was asked for cannot be.
#[derive(Debug)]
struct Mistake(String);

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mistake {}

/// Reads a scenario by its path, or by its name in the folder of scenarios.
fn read(file: &Path, ci: bool) -> Result<Scenario> {
    let named = Path::new(FOLDER).join(file).with_extension("toml");
    let path = if !file.exists() && named.is_file() {
        &named
    } else {
        file
    };
    let scenario = Scenario::read(path)?;
    Ok(if ci { scenario.at_ci_size() } else { scenario })
}

fn run(args: &RunArgs) -> Result<bool> {
    let scenario = read(&args.file, args.ci)?;
    let modelled = args.crypto == Crypto::Modelled;
    if modelled && scenario.is_about_secrecy() {
        let why = "modelled cryptography shows nothing about secrets, and this scenario is about them; run it with --crypto real";
        return Err(Mistake(why.to_owned()).into());
    }
    let (first, last) = seeds(args)?;
    let jobs = args
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let batch = Batch {
        first,
        last,
        jobs,
        trace: args.trace,
        modelled,
    };
    let ticker = Ticker::default();
    let before = memory("VmRSS");
    let started = Instant::now();
    let mut report = std::thread::scope(|scope| {
        if !args.json && std::io::stderr().is_terminal() {
            scope.spawn(|| show_progress(&ticker, started));
        }
        sim::run_batch(&scenario, batch, &ticker)
    });
    report.real_seconds = started.elapsed().as_secs_f64();
    let alive = if modelled {
        report.members * report.cells
    } else {
        report.members * batch.jobs.min(report.worlds.len()) as u64
    };
    report.memory_per_node = memory("VmHWM").saturating_sub(before) / alive.max(1);
    if let Some(folder) = &args.report {
        write(&report, folder)?;
    }
    let chart = std::mem::take(&mut report.chart);
    if args.json {
        say_line(&serde_json::to_string(&report)?);
        return Ok(report.holds());
    }
    if args.trace {
        let mut out = std::io::stdout().lock();
        for line in chart {
            if writeln!(out, "{line}").is_err() {
                break;
            }
        }
    }
    say(&sim::summary(&report));
    if let Some(folder) = &args.report {
        say_line(&format!("  {}", folder.join("report.html").display()));
    }
    Ok(report.holds())
}

/// `--seed N`, `--seeds A..B`, or the first seed.
fn seeds(args: &RunArgs) -> Result<(u64, u64)> {
    let Some(text) = &args.seeds else {
        let seed = args.seed.unwrap_or(1);
        return Ok((seed, seed));
    };
    let parts = text.split_once("..").and_then(|(first, last)| {
        let last = last.strip_prefix('=').unwrap_or(last);
        Some((first.parse().ok()?, last.parse().ok()?))
    });
    match parts {
        Some((first, last)) if first <= last => Ok((first, last)),
        Some(_) | None => Err(Mistake(format!(
            "`{text}` are no seeds: expected two numbers such as 1..20"
        ))
        .into()),
    }
}

/// Bytes of memory of this process, as Linux tells; nothing elsewhere.
fn memory(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

#[expect(clippy::cast_precision_loss, reason = "a bar on a screen")]
fn show_progress(ticker: &Ticker, started: Instant) {
    const BAR: usize = 28;
    let read = |number: &std::sync::atomic::AtomicU64| number.load(Ordering::Relaxed);
    while read(&ticker.done) == 0 {
        std::thread::sleep(TICK);
        let all = read(&ticker.worlds) * read(&ticker.each).max(1);
        let done = (read(&ticker.millis).max(read(&ticker.ended) * read(&ticker.each)) as f64
            / all.max(1) as f64)
            .min(1.0);
        let seconds = started.elapsed().as_secs_f64();
        let filled = (0..BAR)
            .filter(|place| (*place as f64) < done * BAR as f64)
            .count();
        let virtual_hours = read(&ticker.millis) as f64 / 3.6e6;
        eprint!(
            "\r\x1b[2K{}{} {:>3.0} %  {virtual_hours:.1} virtual h  {:.0} events/s  world {}/{}",
            "█".repeat(filled),
            "░".repeat(BAR - filled),
            done * 100.0,
            read(&ticker.events) as f64 / seconds,
            read(&ticker.ended),
            read(&ticker.worlds),
        );
    }
    eprint!("\r\x1b[2K");
}

fn write(report: &Report, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let mut files = vec![
        ("report.html", sim::page(report)),
        ("report.json", serde_json::to_string_pretty(report)?),
        ("summary.txt", sim::summary(report)),
    ];
    if !report.chart.is_empty() {
        files.push(("chart.txt", report.chart.join("\n") + "\n"));
    }
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

fn list(folder: &Path) -> Result<bool> {
    let entries = fs::read_dir(folder)
        .map_err(|error| Mistake(format!("{} cannot be listed: {error}", folder.display())))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    paths.sort();
    for path in paths {
        let scenario = Scenario::read(&path)?;
        let file = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let hours = scenario.duration().as_secs_f64() / 3600.0;
        say_line(&format!(
            "{file:<28}{} × {} people, {hours:.0} h",
            scenario.cells(),
            scenario.members()
        ));
        for line in scenario.story.trim().lines() {
            say_line(&format!("    {line}"));
        }
    }
    Ok(true)
}

fn shrink((seed, cell): (u64, u64), file: &Path, ci: bool, tries: usize) -> Result<bool> {
    let scenario = read(file, ci)?;
    let tell = |tries: usize, left: usize| {
        if std::io::stderr().is_terminal() {
            eprint!("\r\x1b[2K{tries} runs, {left} things left");
        }
    };
    let Some(shrunk) = sim::shrink(&scenario, seed, cell, tries, &tell) else {
        say_line(&format!("seed {seed} breaks nothing"));
        return Ok(true);
    };
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[2K");
    }
    say_line(&format!(
        "{} of {} things are enough, after {} runs:",
        shrunk.plan.len(),
        shrunk.before,
        shrunk.tries
    ));
    for planned in &shrunk.plan {
        say_line(&format!("  {planned}"));
    }
    for broken in shrunk.outcome.broken.iter().take(5) {
        say_line(&format!("  BROKEN {broken}"));
    }
    let chart = sim::chart(&shrunk.outcome);
    say_line("the last that happened:");
    for line in &chart[chart.len().saturating_sub(40)..] {
        say_line(&format!("  {line}"));
    }
    Ok(false)
}

fn compare(one: &Path, two: &Path) -> Result<bool> {
    let (one, two) = (load(one)?, load(two)?);
    say(&sim::compare(&one, &two));
    Ok(one.holds() && two.holds())
}

fn load(path: &Path) -> Result<Report> {
    let path = if path.is_dir() {
        path.join("report.json")
    } else {
        path.to_owned()
    };
    let text = fs::read_to_string(&path)
        .map_err(|error| Mistake(format!("{} cannot be read: {error}", path.display())))?;
    match serde_json::from_str(&text) {
        Ok(report) => Ok(report),
        Err(error) => bail!(Mistake(format!("{} is no report: {error}", path.display()))),
    }
}
