//! `cargo xtask bench`: measurements, as opposed to tests.
//!
//! The measurements in the browser are in tests/bench/. No measurement fails because of a time,
//! because times depend on the machine more than on the code.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Error, Result};

use crate::build::package;
use crate::service::Service;
use crate::setup::engine::{self, Engine};
use crate::setup::listening::{self, Consent};
use crate::setup::pulseaudio::PulseAudio;
use crate::setup::{node, rust};
use crate::{process, progress, project};

/// A set of measurements that run together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Preparing audio: speed, quality and memory.
    Audio,
    /// Loading, from `import()` to a client that can send requests.
    Load,
    /// The time that a call takes beyond its upload.
    Upload,
    /// Recording: from a click to the first sound, from `stop()` to a take, and what is lost.
    Record,
    /// Whether the emulator hears which words were spoken, and when.
    Listening,
}

impl Suite {
    const ALL: [Suite; 5] = [
        Suite::Audio,
        Suite::Load,
        Suite::Upload,
        Suite::Record,
        Suite::Listening,
    ];

    fn name(self) -> &'static str {
        match self {
            Suite::Audio => "audio",
            Suite::Load => "load",
            Suite::Upload => "upload",
            Suite::Record => "record",
            Suite::Listening => "listening",
        }
    }
}

impl FromStr for Suite {
    type Err = Error;

    fn from_str(name: &str) -> Result<Suite> {
        let found = Suite::ALL.into_iter().find(|suite| suite.name() == name);
        found.with_context(|| {
            let names = Suite::ALL.map(Suite::name).join(", ");
            format!("there is no suite `{name}`; there are {names}")
        })
    }
}

/// Runs the suite, prints a table, and writes the numbers to `json`. The suite `listening` measures
/// with `recordings` too.
pub fn run(suite: Suite, json: Option<&Path>, recordings: Option<&Path>) -> Result<()> {
    let json = match json {
        // Node runs in tests/, so a relative path would point elsewhere.
        Some(file) => std::path::absolute(file)?,
        None => default_json(suite),
    };
    match suite {
        Suite::Audio | Suite::Load => in_chromium(suite, &json, "")?,
        Suite::Upload => {
            let executable =
                progress::step("Building the emulator", || rust::build_binary("emulator"))?;
            let mut emulator = Command::new(executable);
            let (_running, address) =
                Service::start(emulator.args(["--port", "0"]), "Emulator ready: ")?;
            in_chromium(suite, &json, &address)?;
        }
        Suite::Record => return recording(&json),
        Suite::Listening => listening_figures(&json, recordings)?,
    }
    println!("\nThe raw numbers are in {}.", project::relative(&json));
    Ok(())
}

/// Builds the package, and measures it and its peers in Chromium.
fn in_chromium(suite: Suite, json: &Path, emulator: &str) -> Result<()> {
    let package = build_package()?;
    let mut command = measurement(suite, Engine::Chromium, &package, json)?;
    process::run(command.env("EMULATOR_URL", emulator))
}

/// Measures recording in each engine that can play speech into its microphone. Each writes a file
/// of its own: `record.json` becomes `record-firefox.json`.
fn recording(json: &Path) -> Result<()> {
    let package = build_package()?;
    for engine in [Engine::Chromium, Engine::Firefox] {
        if let Some(reason) = engine.unsupported_reason() {
            println!("\nLeft out: {}: {reason}", engine.title());
            continue;
        }
        let stem = json.file_stem().unwrap_or_default().to_string_lossy();
        let file = json.with_file_name(format!("{stem}-{}.json", engine.name()));
        let mut command = measurement(Suite::Record, engine, &package, &file)?;
        let pulseaudio = PulseAudio::for_engine(engine, "bench")?;
        if let Some(pulseaudio) = &pulseaudio {
            command.env("PULSE_SERVER", pulseaudio.server());
        }
        process::run(&mut command)?;
        println!("\nThe raw numbers are in {}.", project::relative(&file));
    }
    Ok(())
}

fn build_package() -> Result<PathBuf> {
    node::ensure()?;
    node::install_locked("tests")?;
    Ok(package::build()?.directory)
}

/// Returns the command that runs tests/bench/`suite`/ in an engine.
fn measurement(suite: Suite, engine: Engine, package: &Path, json: &Path) -> Result<Command> {
    let installed = engine::ensure(engine)?;
    let mut command = node::node("tests")?;
    command
        .args(["bench/run.mjs", suite.name()])
        .arg(json)
        .env("THETAONE_PACKAGE", package)
        .env("ENGINE", engine.name())
        .env("BROWSER", &installed.browser);
    Ok(command)
}

/// Measures the emulator's listening with voices of synthesizers, and with recordings.
fn listening_figures(json: &Path, recordings: Option<&Path>) -> Result<()> {
    listening::synthesizers()?;
    let engine = listening::ensure(Consent::Ask)?;
    let mut command = project::cargo();
    command
        .args([
            "run",
            "--locked",
            "--release",
            "--quiet",
            "--package=emulator",
        ])
        .args(["--features=listen", "--example=listening-figures", "--"])
        .arg("--listen")
        .arg(engine)
        .arg("--json")
        .arg(json);
    if let Some(recordings) = recordings {
        command
            .arg("--recordings")
            .arg(std::path::absolute(recordings)?);
    }
    process::run(&mut command)
}

fn default_json(suite: Suite) -> PathBuf {
    project::path("target/bench").join(format!("{}.json", suite.name()))
}
