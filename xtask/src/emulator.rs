//! The emulator of the API, as a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::progress;
use crate::service::Service;
use crate::setup::rust;

/// The text before the address in the line that the emulator prints when it listens on its port.
const READY: &str = "Emulator ready: ";

/// Compiles the emulator. Returns the executable.
pub fn build() -> Result<PathBuf> {
    progress::step("Building the emulator", || {
        rust::build_binary_with("emulator", &["emulator/listen"])
    })
}

/// Starts an emulator on a free port. With a speech engine, it listens for the words. Returns its
/// address as well.
pub fn start(executable: &Path, speech_engine: Option<&Path>) -> Result<(Service, String)> {
    let mut command = Command::new(executable);
    command.args(["--port", "0"]);
    if let Some(folder) = speech_engine {
        command.arg("--listen").arg(folder);
    }
    Service::start(&mut command, READY)
}
