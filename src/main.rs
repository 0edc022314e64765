//! Reads the command line and runs one command.

use std::process::ExitCode;

use handshake::commands::{parse, run};

#[tokio::main]
async fn main() -> ExitCode {
    match run(parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("handshake: {error}");
            ExitCode::FAILURE
        }
    }
}
