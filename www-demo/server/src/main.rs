//! Runs the demo server until it is interrupted.

use std::env;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use demo_server::{Config, Server, Upstream};
use emulator::listen::load_listener;
use lexopt::prelude::*;

const USAGE: &str = "usage: demo-server --dist FOLDER [--port PORT] [--allow-host HOST]...
                   [--listen DIR]

--port PORT          default 8080; 0 for any free port
--allow-host HOST    accept requests for this Host too, for example demo.example.com
--listen DIR         let the emulator listen for the words, with the speech engine in DIR

THETA_ONE_API_KEY    call the real API with this key instead of the emulator
THETA_ONE_BASE_URL   the real API's address (default https://stt.thetaone-ai.com)
THETA_ONE_REQUESTS_PER_MINUTE
                     the key's quota; a request above it gets 429 with Retry-After
                     (default none; the API's are 30 Free, 100 Starter, 500 Pro)";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("demo-server: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let (config, allowed_hosts) = config()?;
    let port = config.port;
    if !config.dist.join("index.html").is_file() {
        let dist = config.dist.display();
        return Err(format!(
            "{dist} does not contain the built page; run `cargo xtask demo`"
        ));
    }
    let server = Server::bind(config)
        .await
        .map_err(|problem| format!("port {port} cannot be used: {problem}"))?
        .allow_hosts(allowed_hosts);
    println!("Demo ready: {}", server.url());
    tokio::select! {
        () = server.run() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(())
}

/// Returns the configuration, and further values of `Host`.
fn config() -> Result<(Config, Vec<String>), String> {
    let (mut port, mut dist, mut allowed_hosts, mut engine) = (8080, None, Vec::new(), None);
    let mut arguments = lexopt::Parser::from_env();
    let mut read = || -> Result<(), lexopt::Error> {
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("port") => port = arguments.value()?.parse()?,
                Long("allow-host") => allowed_hosts.push(arguments.value()?.string()?),
                Long("listen") => engine = Some(PathBuf::from(arguments.value()?)),
                Long("dist") => dist = Some(arguments.value()?.into()),
                other => return Err(other.unexpected()),
            }
        }
        Ok(())
    };
    read().map_err(|problem| format!("{problem}\n{USAGE}"))?;
    let upstream = upstream()?;
    let listener = match upstream {
        Upstream::Emulator => engine.as_deref().and_then(load_listener),
        Upstream::Api { .. } => None,
    };
    let config = Config {
        port,
        dist: dist.ok_or(USAGE)?,
        upstream,
        requests_per_minute: requests_per_minute()?,
        listener,
    };
    Ok((config, allowed_hosts))
}

/// Returns a variable's value, trimmed: a key from a file ends in a line break, which is not
/// allowed in a header.
fn set(name: &str) -> Option<String> {
    let value = env::var(name).ok()?.trim().to_owned();
    (!value.is_empty()).then_some(value)
}

fn requests_per_minute() -> Result<Option<NonZeroUsize>, String> {
    const NAME: &str = "THETA_ONE_REQUESTS_PER_MINUTE";
    let number = set(NAME).map(|text| text.parse());
    number
        .transpose()
        .map_err(|_| format!("{NAME} must be a whole number from 1"))
}

fn upstream() -> Result<Upstream, String> {
    let Some(key) = set("THETA_ONE_API_KEY") else {
        return Ok(Upstream::Emulator);
    };
    if !key.starts_with("sk-theta-") {
        return Err(
            "THETA_ONE_API_KEY is not a key of the API, which starts with sk-theta-".into(),
        );
    }
    let base_url = set("THETA_ONE_BASE_URL");
    Ok(Upstream::Api {
        base_url: base_url.unwrap_or_else(|| "https://stt.thetaone-ai.com".into()),
        key,
    })
}
