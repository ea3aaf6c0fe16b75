//! Sets up the tests of the package in bundlers, other runtimes and versions of React, and of the
//! examples.

use anyhow::Result;

use crate::build::package::Package;
use crate::service::Service;
use crate::setup::node;
use crate::{emulator, progress};

const FOLDER: &str = "tests/bundlers";

/// The folder with the tests of the React hooks, and the versions of React that they run in.
pub const REACT: &str = "tests/react";

/// The folder with the tests of the examples, and the frameworks that they are built with.
pub const EXAMPLES: &str = "tests/examples";

/// Installs the bundlers and runtimes.
pub fn set_up() -> Result<()> {
    node::install_locked(FOLDER)
}

/// Installs the package beside the bundlers, and starts an emulator. Returns its address as well.
pub fn prepare(package: &Package) -> Result<(Service, String)> {
    progress::step("Installing the package among the bundlers", || {
        package.install_into(FOLDER)?;
        package.install_into(REACT)
    })?;
    emulator::start(&emulator::build()?, None)
}

/// Installs the package beside the frameworks of the examples, and starts an emulator. Returns its
/// address as well.
pub fn prepare_examples(package: &Package) -> Result<(Service, String)> {
    progress::step("Installing the package for the examples", || {
        package.install_into(EXAMPLES)
    })?;
    emulator::start(&emulator::build()?, None)
}
