//! Formatting, lints for this machine and for wasm, and what the dependencies may be.

use std::env::consts::EXE_EXTENSION;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::build::wasm_module::PIECES;
use crate::setup::rust;
use crate::test::browser_tests;
use crate::{docs, process, progress, project};

/// Runs all checks.
pub fn run() -> Result<()> {
    rust::ensure_component("fmt", "rustfmt")?;
    rust::ensure_component("clippy", "clippy")?;
    rust::ensure_wasm_target()?;
    progress::step("Checking the formatting", || {
        process::run(project::cargo().args(["fmt", "--all", "--check"]))
    })?;
    progress::step(
        "Checking the files that are written from tables",
        docs::check,
    )?;
    progress::step("Linting the workspace", || {
        process::run(project::cargo().args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--features=demo-server/listen",
            "--",
            "--deny=warnings",
        ]))
    })?;
    progress::step("Linting the SDK and its browser tests for wasm", || {
        let mut command = project::cargo();
        command.args(["clippy", "--locked", "--lib", "--target", rust::WASM]);
        for piece in PIECES {
            command.args(["--package", piece.crate_name()]);
        }
        for name in browser_tests()? {
            command.args(["--test", &name]);
        }
        process::run(command.args(["--", "--deny=warnings"]))
    })?;
    check_dependencies()
}

/// The version of cargo-deny that is installed where there is none.
const CARGO_DENY: &str = "cargo-deny@0.20.2";

/// Checks licenses, sources and bans of all dependencies by deny.toml. The database of advisories
/// is on GitHub, so that only CI asks it.
fn check_dependencies() -> Result<()> {
    let program = match which::which("cargo-deny") {
        Ok(found) => found,
        Err(_) => installed_cargo_deny()?,
    };
    progress::step("Checking the dependencies", || {
        process::run(
            Command::new(program)
                .args(["--workspace", "--all-features", "--locked", "check"])
                .args(["bans", "licenses", "sources"])
                .current_dir(project::root()),
        )
    })
}

fn installed_cargo_deny() -> Result<PathBuf> {
    let tools = rust::tool_folder(CARGO_DENY)?;
    let program = tools.join("bin/cargo-deny").with_extension(EXE_EXTENSION);
    if program.is_file() {
        return Ok(program);
    }
    progress::step("Building cargo-deny, once", || {
        // It takes a second to run; optimised, it would take three times as long to build.
        let arguments = ["install", "--quiet", "--debug", "--locked", CARGO_DENY];
        process::run(project::cargo().args(arguments).arg("--root").arg(&tools))
    })?;
    Ok(program)
}
