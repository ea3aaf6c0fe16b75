//! `cargo xtask demo`: builds the demo page with the packed package, and serves it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::build::{package, page};
use crate::service::Service;
use crate::setup::listening::{self, Consent};
use crate::setup::{node, rust};
use crate::{progress, project};

/// The folder of the demo page.
const FOLDER: &str = "www-demo";

/// The text before the address in the line that the server prints when it listens.
pub const READY: &str = "Demo ready: ";

/// Builds the page and the server, and serves until interrupted. With `listen`, the emulator listens
/// for the words if it can.
pub fn serve(port: u16, listen: bool) -> Result<()> {
    let engine = listen.then(|| listening::ensure(Consent::Ask));
    package::set_up()?;
    node::install_locked(FOLDER)?;
    let package = package::build()?;
    page::build(FOLDER, &package)?;
    let executable = progress::step("Building the demo server", build_server)?;
    println!("Press Ctrl-C to stop the server.\n");
    let mut command = server(&executable, port, FOLDER);
    match engine {
        Some(Ok(folder)) => listen_with(&mut command, &folder),
        Some(Err(reason)) => println!("Not listening: {reason:#}. Words are judged by loudness."),
        None => {}
    }
    let (service, _) = Service::start(&mut command, READY)?;
    service.wait()
}

/// Compiles the demo server. Returns the executable.
pub fn build_server() -> Result<PathBuf> {
    rust::build_binary_with("demo-server", &["demo-server/listen"])
}

/// Makes the server's emulator listen, with the engine in `folder`.
pub fn listen_with(server: &mut Command, folder: &Path) {
    server.arg("--listen").arg(folder);
}

/// Returns the command that serves the page that is built in `folder`, and the API. Port 0 picks a
/// free port.
pub fn server(executable: &Path, port: u16, folder: &str) -> Command {
    let mut command = Command::new(executable);
    command
        .current_dir(project::root())
        .args(["--port", &port.to_string(), "--dist"])
        .arg(Path::new(folder).join("dist"));
    command
}
