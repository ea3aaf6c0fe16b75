//! `cargo xtask check`: formatting, lints, generated files and the dependencies' licenses.

use std::env::consts::EXE_EXTENSION;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::build::package;
use crate::build::wasm_module::WASM_MODULES;
use crate::setup::{node, rust};
use crate::test::files::browser_tests;
use crate::test::types;
use crate::{docs, process, progress, project};

type Check = fn() -> Result<()>;

/// The checks that do not need the built package.
const SOURCE_CHECKS: [(&str, Check); 6] = [
    ("Checking the format of Rust", rustfmt),
    ("Checking JavaScript, CSS and JSON with Biome", biome),
    ("Checking the generated files", docs::check),
    ("Linting the workspace", clippy),
    (
        "Linting the SDK and its browser tests for wasm",
        clippy_wasm,
    ),
    ("Checking the dependencies", cargo_deny),
];

/// Runs all checks. Builds the package before it checks the types of the JavaScript.
pub fn run() -> Result<()> {
    let start = Instant::now();
    let checked = sources();
    package::build()?;
    node::install_locked("tests")?;
    let typed = types::scripts();
    checked?;
    typed?;
    let seconds = start.elapsed().as_secs_f64();
    println!("\nAll checks passed in {seconds:.0} s.");
    Ok(())
}

/// Runs the checks that do not need the built package, and continues if one of them fails.
pub fn sources() -> Result<()> {
    rust::ensure_component("fmt", "rustfmt")?;
    rust::ensure_component("clippy", "clippy")?;
    rust::ensure_wasm_target()?;
    node::install_locked("xtask")?;
    let mut failed = Vec::new();
    for (title, check) in SOURCE_CHECKS {
        if let Err(error) = progress::step(title, check) {
            failed.push(format!("{title}: {error:#}"));
        }
    }
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

fn rustfmt() -> Result<()> {
    process::run(project::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    let arguments = ["clippy", "--locked", "--workspace", "--all-targets"];
    process::run(project::cargo().args(arguments).args([
        "--features=emulator/listen",
        "--",
        "--deny=warnings",
    ]))
}

fn clippy_wasm() -> Result<()> {
    let mut command = project::cargo();
    command.args(["clippy", "--locked", "--lib", "--target", rust::WASM]);
    for module in WASM_MODULES {
        command.args(["--package", module.crate_name()]);
    }
    for name in browser_tests()? {
        command.args(["--test", &name]);
    }
    process::run(command.args(["--", "--deny=warnings"]))
}

/// Checks the format of all files that Biome knows, and lints them by biome.jsonc.
fn biome() -> Result<()> {
    let program = "xtask/node_modules/@biomejs/biome/bin/biome";
    process::run(node::node(".")?.args([program, "check", "--error-on-warnings"]))
}

/// The version of cargo-deny that is installed if there is none on the PATH.
const CARGO_DENY: &str = "cargo-deny@0.20.2";

/// Checks the licenses, sources and bans of all dependencies against deny.toml. Only CI checks the
/// advisories as well, because their database has to be fetched from GitHub.
fn cargo_deny() -> Result<()> {
    let program = match which::which("cargo-deny") {
        Ok(found) => found,
        Err(_) => install_cargo_deny()?,
    };
    process::run(
        Command::new(program)
            .args(["--workspace", "--all-features", "--locked", "check"])
            .args(["bans", "licenses", "sources"])
            .current_dir(project::root()),
    )
}

fn install_cargo_deny() -> Result<PathBuf> {
    let tools = rust::tool_folder(CARGO_DENY)?;
    let program = tools.join("bin/cargo-deny").with_extension(EXE_EXTENSION);
    if program.is_file() {
        return Ok(program);
    }
    progress::step("Building cargo-deny, once", || {
        // A debug build takes a second to run. A release build takes three times as long to
        // compile.
        let arguments = ["install", "--quiet", "--debug", "--locked", CARGO_DENY];
        process::run(project::cargo().args(arguments).arg("--root").arg(&tools))
    })?;
    Ok(program)
}
