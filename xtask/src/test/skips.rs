//! The tests that an engine cannot run, and why: `tests/engines.json`.
//!
//! One table for the wasm tests, which are skipped by name here, and for the
//! end-to-end tests, which read it themselves (`tests/e2e/browser.mjs`).

use std::{fmt, fs};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::project;
use crate::setup::engine::Engine;

/// A test that an engine cannot run.
pub struct Exclusion {
    /// The file it stands in, from the top folder.
    pub file: String,
    /// Its name.
    pub test: String,
    /// Why.
    pub reason: String,
}

/// What an engine cannot run of the files whose path starts with `folder`.
///
/// Every entry must name a test that is there, or the table would grow stale.
pub fn of(engine: Engine, folder: &str) -> Result<Vec<Exclusion>> {
    let text = fs::read_to_string(project::path("tests/engines.json"))
        .context("tests/engines.json cannot be read")?;
    let table: Vec<Value> =
        serde_json::from_str(&text).context("tests/engines.json is not a list")?;
    let mut exclusions = Vec::new();
    for row in &table {
        let field = |name: &str| {
            row[name]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("tests/engines.json: {row} has no `{name}`"))
        };
        // Wrong names are found in every run, not only in those of their engine.
        let named: Engine = field("engine")?.parse()?;
        let exclusion = Exclusion {
            file: field("file")?,
            test: field("test")?,
            reason: field("reason")?,
        };
        let source = fs::read_to_string(project::path(&exclusion.file))
            .with_context(|| format!("tests/engines.json names {}", exclusion.file))?;
        ensure!(
            source.contains(&exclusion.test),
            "tests/engines.json names the test `{}`, which {} does not have",
            exclusion.test,
            exclusion.file
        );
        if named == engine && exclusion.file.starts_with(folder) {
            exclusions.push(exclusion);
        }
    }
    Ok(exclusions)
}

impl fmt::Display for Exclusion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exclusion { file, test, reason } = self;
        write!(out, "{file}, `{test}`: {reason}")
    }
}
