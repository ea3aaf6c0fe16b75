//! `cargo xtask screenshots`: takes the pictures of the demo page that the documentation shows.

use anyhow::Result;

use crate::build::package;
use crate::setup::engine::{self, Engine};
use crate::setup::node;
use crate::{demo, emulator, process};

/// Builds the demo, and takes its pictures in Chromium into `docs/images/`.
pub fn take() -> Result<()> {
    package::set_up()?;
    demo::set_up()?;
    node::install_locked("tests")?;
    let chromium = engine::ensure(Engine::Chromium)?;
    let package = package::build()?;
    demo::build_page(&package)?;
    let executable = emulator::build()?;
    let (_emulator, emulator) = emulator::start(&executable, None)?;
    let (_server, address) = demo::start_server(demo::FOLDER, &emulator)?;
    process::run(
        node::node("tests")?
            .arg("demo/screenshots.mjs")
            .env("ENGINE", Engine::Chromium.name())
            .env("BROWSER", &chromium.browser)
            .env("DEMO_URL", address),
    )
}
