//! Reads `tests/engines.json`: the tests that an engine cannot run, and why.
//!
//! The wasm tests are skipped by the names in it. The tests that Node runs read the table themselves
//! (`tests/e2e/browser.mjs`).

use std::{fmt, fs};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::project;
use crate::setup::engine::Engine;

/// A test that an engine cannot run.
pub struct SkippedTest {
    /// The file of the test, from the top folder.
    pub file: String,
    /// The name of the test.
    pub test: String,
    /// The reason.
    pub reason: String,
}

/// Returns the tests that `engine` skips, of the files whose path starts with `folder`. Fails if an
/// entry of the table names a test that does not exist.
pub fn in_engine(engine: Engine, folder: &str) -> Result<Vec<SkippedTest>> {
    let text = fs::read_to_string(project::path("tests/engines.json"))
        .context("tests/engines.json cannot be read")?;
    let table: Vec<Value> =
        serde_json::from_str(&text).context("tests/engines.json is not a list")?;
    let mut skipped = Vec::new();
    for row in &table {
        let field = |name: &str| {
            row[name]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("tests/engines.json: {row} has no `{name}`"))
        };
        // Checks the entries of all engines, so that every run finds a wrong name.
        let named: Engine = field("engine")?.parse()?;
        let test = SkippedTest {
            file: field("file")?,
            test: field("test")?,
            reason: field("reason")?,
        };
        let source = fs::read_to_string(project::path(&test.file))
            .with_context(|| format!("tests/engines.json names {}", test.file))?;
        ensure!(
            source.contains(&test.test),
            "tests/engines.json names the test `{}`, which {} does not have",
            test.test,
            test.file
        );
        if named == engine && test.file.starts_with(folder) {
            skipped.push(test);
        }
    }
    Ok(skipped)
}

impl fmt::Display for SkippedTest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SkippedTest { file, test, reason } = self;
        write!(out, "{file}, `{test}`: {reason}")
    }
}
