//! Runs an emulator until it is interrupted.

use std::process::ExitCode;

use emulator::{Config, Emulator};
use lexopt::prelude::*;

const USAGE: &str = "usage: emulator [--port PORT]   (default 8081; 0 for any free port)";

#[tokio::main]
async fn main() -> ExitCode {
    let port = match port() {
        Ok(port) => port,
        Err(problem) => {
            eprintln!("emulator: {problem}\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    let config = Config {
        port,
        ..Config::default()
    };
    let emulator = match Emulator::start(config).await {
        Ok(emulator) => emulator,
        Err(problem) => {
            eprintln!("emulator: port {port} cannot be used: {problem}");
            return ExitCode::FAILURE;
        }
    };
    println!("Emulator ready: {}", emulator.url());
    match tokio::signal::ctrl_c().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn port() -> Result<u16, lexopt::Error> {
    let mut port = 8081;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = arguments.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(port)
}
