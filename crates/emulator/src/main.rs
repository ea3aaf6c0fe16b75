//! Runs an emulator until it is interrupted.

use std::process::ExitCode;

use emulator::listen::load_listener;
use emulator::{Config, Emulator};
use lexopt::prelude::*;

const USAGE: &str = "\
usage: emulator [--port PORT] [--allow-host HOST]... [--allow-origin ORIGIN]...
                [--listen DIR]

--port PORT            default 8081; 0 for any free port
--allow-host HOST      accept requests for this Host too, for example emulator.test:8081
--allow-origin ORIGIN  allow pages of this origin to call the API and to read recorded requests
--listen DIR           listen for the words, with the speech engine in DIR, which
                       `cargo xtask fetch-listening` fetches";

#[tokio::main]
async fn main() -> ExitCode {
    let config = match config() {
        Ok(config) => config,
        Err(problem) => {
            eprintln!("emulator: {problem}\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    let port = config.port;
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

fn config() -> Result<Config, lexopt::Error> {
    let mut config = Config {
        port: 8081,
        ..Config::default()
    };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => config.port = arguments.value()?.parse()?,
            Long("allow-host") => config.allowed_hosts.push(arguments.value()?.string()?),
            Long("listen") => config.listener = load_listener(arguments.value()?.as_ref()),
            Long("allow-origin") => config.allowed_origins.push(arguments.value()?.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(config)
}
