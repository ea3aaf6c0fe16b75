//! What the tests of the package in bundlers and other runtimes need.

use std::process::Command;

use anyhow::Result;

use crate::build::package::Package;
use crate::progress;
use crate::service::Service;
use crate::setup::{node, rust};

const FOLDER: &str = "tests/bundlers";

/// The tests of the hooks, with the versions of React that they run in.
pub const REACT: &str = "tests/react";

/// What the emulator prints before its address, once it listens.
const READY: &str = "Emulator ready: ";

/// Installs the tools.
pub fn set_up() -> Result<()> {
    node::install_locked(FOLDER)
}

/// Installs the package among the tools, and starts an emulator for the calls;
/// gives its address too.
pub fn prepare(package: &Package) -> Result<(Service, String)> {
    progress::step("Installing the package among the bundlers", || {
        package.install_into(FOLDER)?;
        package.install_into(REACT)
    })?;
    let emulator = progress::step("Building the emulator", || rust::build_binary("emulator"))?;
    Service::start(Command::new(emulator).args(["--port", "0"]), READY)
}
