//! Lists the files of tests, and runs those for Node.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::project;
use crate::setup::node;

/// The time limit of a file of tests, so that a hang ends. On a busy machine, a file with a browser
/// takes more than five minutes.
const NODE_TEST_MILLISECONDS: &str = "1800000";

/// Returns the names of the Rust test files that run in a browser.
pub fn browser_tests() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(project::path("tests")).context("tests/ cannot be read")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name
            .strip_suffix(".rs")
            .filter(|stem| stem.starts_with("browser"))
        {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Returns the files of tests in a folder that run in Node, by name.
pub fn node_tests(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", project::relative(folder)))?
    {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    ensure!(
        !files.is_empty(),
        "{} contains no *.test.mjs",
        project::relative(folder)
    );
    Ok(files)
}

/// Returns the command that runs a folder of tests with Node's test runner.
pub fn node_test(folder: &Path) -> Result<Command> {
    node_test_files(&node_tests(folder)?)
}

/// Returns the command that runs files of tests with Node's test runner.
pub fn node_test_files(files: &[PathBuf]) -> Result<Command> {
    let mut command = node::node("tests")?;
    command
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .arg(format!("--test-timeout={NODE_TEST_MILLISECONDS}"))
        .args(files)
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR");
    Ok(command)
}
