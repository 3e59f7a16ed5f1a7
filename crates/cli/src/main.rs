//! `vigil`: a node without a window, for scripts and for a first look.

mod demo;
mod logs;
mod rpc;
mod sim;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Small cells that hold vigils together: end-to-end encrypted, without any server.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs one node for a script: JSON-RPC 2.0, one object per line, on stdin and stdout; logs on stderr.
    Rpc {
        /// The folder of the profile; made when a profile is created.
        #[arg(long, env = "VIGIL_PROFILE")]
        profile: PathBuf,
        /// The interface on which cells listen.
        #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::UNSPECIFIED))]
        listen: IpAddr,
    },
    /// Lets scenarios happen in a virtual world of many real nodes, and looks whether what must hold holds.
    #[command(subcommand)]
    Sim(sim::Command),
    /// Lets three people on this machine found a cell and talk, each a real node on 127.0.0.1.
    Demo,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let command = match arguments.command {
        // Its worlds have log lines of their own.
        Command::Sim(command) => return sim::main(command),
        other @ (Command::Rpc { .. } | Command::Demo) => other,
    };
    logs::start();
    // Two threads: the network of one person is small, and the core has a thread of its own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let ended = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        let ended = runtime.block_on(run(command));
        // Whatever still waits on a disk or peer must not hold up the end.
        runtime.shutdown_timeout(std::time::Duration::from_secs(2));
        ended
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Rpc { profile, listen } => {
            rpc::serve(client::Options {
                folder: profile,
                listen,
            })
            .await
        }
        Command::Demo => demo::run().await,
        // Answered before there was a runtime.
        Command::Sim(_) => Ok(()),
    }
}
