//! `cargo xtask demo`: builds the demo page with the packed package, and serves it.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use thetaone_web::core::api_key;

use crate::build::package::{self, Package};
use crate::build::page;
use crate::service::Service;
use crate::setup::listening::{self, Consent};
use crate::setup::node;
use crate::{emulator, project};

/// The folder of the demo page and its server.
pub const FOLDER: &str = "www-demo";

/// The variable with the key of the real API.
const KEY_VARIABLE: &str = "THETA_ONE_API_KEY";

/// The text before the address in the line that the server prints when it listens.
const READY: &str = "Demo ready: ";

/// The options of `cargo xtask demo`.
pub struct Options {
    /// The port of the page.
    pub port: u16,
    /// Whether the emulator listens for the words, if it can.
    pub listen: bool,
    /// Accepted values of `Host`, besides those of this machine.
    pub allowed_hosts: Vec<String>,
}

/// Builds the page, and serves it until interrupted. Calls go to the real API if there is a key, and
/// to the emulator otherwise.
pub fn serve(options: &Options) -> Result<()> {
    check_port(options.port)?;
    let has_key = check_key()?;
    let speech_engine = (options.listen && !has_key).then(|| listening::ensure(Consent::Ask));
    package::set_up()?;
    set_up()?;
    let package = package::build()?;
    build_page(&package)?;
    let executable = (!has_key).then(emulator::build).transpose()?;
    println!("Press Ctrl-C to stop the server.\n");
    let speech_engine = match speech_engine {
        Some(Err(reason)) => {
            println!("Not listening: {reason:#}. Words are judged by loudness.");
            None
        }
        Some(Ok(folder)) => Some(folder),
        None => None,
    };
    let emulator = executable
        .map(|executable| emulator::start(&executable, speech_engine.as_deref()))
        .transpose()?;
    let address = emulator.as_ref().map(|(_, address)| address.as_str());
    let mut command = server(FOLDER, options.port, address)?;
    for host in &options.allowed_hosts {
        command.args(["--allow-host", host]);
    }
    let (service, _) = Service::start(&mut command, READY)?;
    service.wait()
}

/// Fails if the port is in use, so that this shows before a long build.
fn check_port(port: u16) -> Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map(drop)
        .with_context(|| format!("port {port} cannot be used; choose another with --port"))
}

/// Returns whether there is a key of the real API. Fails if it cannot be one.
fn check_key() -> Result<bool> {
    let key = std::env::var(KEY_VARIABLE).unwrap_or_default();
    match key.trim() {
        "" => Ok(false),
        key => api_key::validate(key).map(|()| true).map_err(|_| {
            let prefix = api_key::KEY_PREFIX;
            anyhow!("{KEY_VARIABLE} is not a key of the API, which starts with {prefix}")
        }),
    }
}

/// Installs the npm packages of the page and its server.
pub fn set_up() -> Result<()> {
    node::install_locked(FOLDER)
}

/// Builds the page. Installs the package for it, which the server needs as well.
pub fn build_page(package: &Package) -> Result<()> {
    page::build(FOLDER, package)
}

/// Starts a server on a free port, for the page that is built in `folder`, with the emulator at this
/// address. Returns its own address as well.
pub fn start_server(folder: &str, emulator: &str) -> Result<(Service, String)> {
    Service::start(&mut server(folder, 0, Some(emulator))?, READY)
}

/// Returns the command that serves the page that is built in `folder`. Without an emulator, calls go
/// to the real API.
fn server(folder: &str, port: u16, emulator: Option<&str>) -> Result<Command> {
    let mut command = node::node(FOLDER)?;
    command
        .args(["server/main.js", "--port", &port.to_string(), "--dist"])
        .arg(project::path(folder).join("dist"));
    if let Some(address) = emulator {
        command.args(["--emulator", address]);
    }
    Ok(command)
}
