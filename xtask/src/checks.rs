//! Formatting and lints, for this machine and for wasm.

use anyhow::Result;

use crate::piece::PIECES;
use crate::test_suite::browser_tests;
use crate::{error_docs, process, progress, project, rust};

/// Runs all checks.
pub fn run() -> Result<()> {
    rust::ensure_component("fmt", "rustfmt")?;
    rust::ensure_component("clippy", "clippy")?;
    rust::ensure_wasm_target()?;
    progress::step("Checking the formatting", || {
        process::run(project::cargo().args(["fmt", "--all", "--check"]))
    })?;
    progress::step("Checking the page of errors", error_docs::check)?;
    progress::step("Linting the workspace", || {
        process::run(project::cargo().args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
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

/// Checks licenses, sources and bans of all dependencies by deny.toml. The tool takes longer to
/// compile than everything else here, so that only CI insists on it; the database of advisories
/// is on GitHub, and only CI asks it.
fn check_dependencies() -> Result<()> {
    let is_installed = project::cargo()
        .args(["deny", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_installed {
        println!(
            "Left out: the check of dependencies by deny.toml \
             (`cargo install --locked cargo-deny` adds it; CI runs it always)"
        );
        return Ok(());
    }
    progress::step("Checking the dependencies", || {
        process::run(
            project::cargo().args(["deny", "--locked", "check", "bans", "licenses", "sources"]),
        )
    })
}
