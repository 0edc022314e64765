//! Reads the command line and runs one command.

use std::process::ExitCode;

use clap::Parser as _;
use handshake::commands::{Cli, run};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("handshake: {error}");
            ExitCode::FAILURE
        }
    }
}
