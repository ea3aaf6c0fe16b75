//! Installs parts of the Rust toolchain, and builds crates with cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{process, progress, project};

/// The target triple of the SDK.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Installs the standard library for wasm, if it is missing.
pub fn ensure_wasm_target() -> Result<()> {
    let sysroot = process::read(
        Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(project::root()),
    )?;
    let library = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(WASM)
        .join("lib");
    if library.is_dir() {
        return Ok(());
    }
    progress::step(&format!("Adding the Rust target {WASM}"), || {
        rustup(&["target", "add", WASM])
    })
}

/// Installs the rustup component of a cargo subcommand, if it is missing.
pub fn ensure_component(subcommand: &str, component: &str) -> Result<()> {
    let is_installed = project::cargo()
        .args([subcommand, "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if is_installed {
        return Ok(());
    }
    progress::step(&format!("Adding the Rust component {component}"), || {
        rustup(&["component", "add", component])
    })
}

fn rustup(arguments: &[&str]) -> Result<()> {
    let Ok(rustup) = which::which("rustup") else {
        bail!(
            "the Rust toolchain lacks something that rustup would add (`rustup {}`), and there is no rustup; \
             install it from https://rustup.rs, or install the same part with your system's package manager",
            arguments.join(" ")
        );
    };
    process::run(
        Command::new(rustup)
            .args(arguments)
            .current_dir(project::root()),
    )
}

/// Builds with cargo. Returns the first file that `wanted` picks from cargo's JSON messages.
fn build(arguments: &[&str], wanted: impl Fn(&Value) -> Option<&str>) -> Result<PathBuf> {
    // The messages name the files, for any CARGO_TARGET_DIR and on every system.
    let messages = process::read(
        project::cargo()
            .args(["build", "--locked"])
            .args(arguments)
            .arg("--message-format=json-render-diagnostics"),
    )?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| wanted(&message).map(PathBuf::from))
        .with_context(|| {
            format!(
                "`cargo build {}` did not create that file",
                arguments.join(" ")
            )
        })
}

/// Builds a crate of the package. Returns the wasm file.
///
/// Removes the paths of the home folder and the repository from panic messages, so that the package
/// is the same on every machine.
pub fn build_wasm(crate_name: &str) -> Result<PathBuf> {
    let renamed = [(cargo_home()?, "cargo"), (project::root().into(), ".")];
    let renamed = renamed.map(|(path, name)| {
        let flag = format!("--remap-path-prefix={}={name}", path.display());
        // TOML's literal strings leave backslashes alone.
        format!("'{flag}'")
    });
    let flags = format!("target.{WASM}.rustflags=[{}]", renamed.join(","));
    let arguments = [
        "--package",
        crate_name,
        "--lib",
        "--profile=wasm",
        "--target",
        WASM,
        "--config",
        &flags,
    ];
    let file = format!("{}.wasm", crate_name.replace('-', "_"));
    build(&arguments, |message| {
        message["filenames"]
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .find(|name| {
                Path::new(name)
                    .file_name()
                    .is_some_and(|name| name == file.as_str())
            })
    })
}

/// Returns the folder for a tool of this version. All checkouts share it, because building a tool
/// takes a minute or two.
pub fn tool_folder(tool: &str) -> Result<PathBuf> {
    Ok(cargo_home()?.join("thetaone-web").join(tool))
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::home_dir().context("the home folder is unknown")?;
    Ok(home.join(".cargo"))
}

/// Builds a binary of the workspace. Returns the executable.
pub fn build_binary(name: &str) -> Result<PathBuf> {
    build_binary_with(name, &[])
}

/// Builds a binary of the workspace with features such as `crate/feature`. Returns the executable.
pub fn build_binary_with(name: &str, features: &[&str]) -> Result<PathBuf> {
    let features = features.join(",");
    // `--workspace` selects the same features as `cargo test` does. Otherwise cargo would compile
    // the dependencies a second time.
    let arguments = ["--workspace", "--bin", name, "--features", &features];
    build(&arguments, |message| message["executable"].as_str())
}
