//! `cargo xtask bench`: the package against its peers, in a real browser.
//!
//! What is measured stands in tests/bench/; nothing here or there fails
//! because of a time, which says more about the machine than about the code.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Error, Result};

use crate::{browser, node, package, process, project};

/// A folder of tests/bench/.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Making audio ready: speed, quality and memory.
    Audio,
}

impl Suite {
    const ALL: [Suite; 1] = [Suite::Audio];

    fn name(self) -> &'static str {
        match self {
            Suite::Audio => "audio",
        }
    }
}

impl FromStr for Suite {
    type Err = Error;

    fn from_str(name: &str) -> Result<Suite> {
        let found = Suite::ALL.into_iter().find(|suite| suite.name() == name);
        found.with_context(|| {
            let names = Suite::ALL.map(Suite::name).join(", ");
            format!("there is no suite `{name}`; there are {names}")
        })
    }
}

/// Builds the package, measures it, and writes the numbers to `json`.
pub fn run(suite: Suite, json: Option<&Path>) -> Result<()> {
    let json = match json {
        // Node starts in another folder.
        Some(file) => std::path::absolute(file)?,
        None => default_json(suite),
    };
    node::ensure()?;
    node::install_locked("tests")?;
    let browser = browser::ensure()?;
    let package = package::build()?;
    process::run(
        node::node("tests")?
            .args(["bench/run.mjs", suite.name()])
            .arg(&json)
            .env("THETAONE_PACKAGE", &package.directory)
            .env("CHROMIUM", &browser.chromium),
    )?;
    println!("\nThe raw numbers are in {}.", project::shown(&json));
    Ok(())
}

fn default_json(suite: Suite) -> PathBuf {
    project::path("target/bench").join(format!("{}.json", suite.name()))
}
