//! Measures what the emulator hears, and prints a table: `cargo xtask bench --suite listening`.
//!
//! Speech comes from the synthesizers flite and espeak-ng, and from recordings if a folder is
//! given: WAV files of 16 bits, and `recordings.tsv` beside the folder with the columns file, age
//! and text. With `--tuning`, prints what the thresholds and pronunciations were chosen by instead.

mod corpus;
mod cost;
mod decision;
mod figures;
mod machine;
mod material;
mod people;
mod synthesis;
mod synthetic;
mod transcription;
mod tuning;
mod wav;

use std::path::PathBuf;
use std::process::ExitCode;

use emulator::listen::Listener;
use lexopt::prelude::*;

struct Arguments {
    engine: PathBuf,
    recordings: Option<PathBuf>,
    json: Option<PathBuf>,
    is_tuning: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("listening-figures: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = arguments()?;
    let listener = Listener::load(&arguments.engine)?;
    if arguments.is_tuning {
        tuning::print_thresholds(&listener)?;
        return Ok(tuning::print_common_words(&listener)?);
    }
    let mut figures = figures::Figures::default();
    // First, while the process is still small.
    figures.cost(&listener)?;
    figures.not_speech(&listener);
    figures.synthetic(&listener)?;
    figures.swapped(&listener)?;
    figures.onsets(&listener)?;
    if let Some(folder) = &arguments.recordings {
        figures.recorded(&listener, folder)?;
    }
    figures.transcripts(
        &listener,
        &arguments.engine,
        arguments.recordings.as_deref(),
    )?;
    figures.print();
    if let Some(file) = &arguments.json {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, serde_json::to_string_pretty(&figures.to_json())?)?;
    }
    Ok(())
}

fn arguments() -> Result<Arguments, lexopt::Error> {
    let (mut engine, mut recordings, mut json) = (None, None, None);
    let mut is_tuning = false;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => engine = Some(parser.value()?.into()),
            Long("recordings") => recordings = Some(parser.value()?.into()),
            Long("json") => json = Some(parser.value()?.into()),
            Long("tuning") => is_tuning = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Arguments {
        engine: engine.ok_or("--listen DIR is missing")?,
        recordings,
        json,
        is_tuning,
    })
}
