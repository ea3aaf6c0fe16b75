//! `cargo xtask bench`: measurements, as opposed to tests.
//!
//! What is measured in a browser stands in tests/bench/; nothing here or there
//! fails because of a time, which says more about the machine than about the code.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Error, Result};

use crate::engine::{self, Engine};
use crate::{herd, node, package, process, project};

/// What is measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Making audio ready: speed, quality and memory.
    Audio,
    /// A thousand pages of one key, in virtual time.
    Herd,
}

impl Suite {
    const ALL: [Suite; 2] = [Suite::Audio, Suite::Herd];

    fn name(self) -> &'static str {
        match self {
            Suite::Audio => "audio",
            Suite::Herd => "herd",
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

/// Measures, prints a table, and writes the numbers to `json`.
pub fn run(suite: Suite, json: Option<&Path>) -> Result<()> {
    let json = match json {
        // Node starts in another folder.
        Some(file) => std::path::absolute(file)?,
        None => default_json(suite),
    };
    match suite {
        Suite::Audio => in_browser("audio", &json)?,
        Suite::Herd => herd::run(&json)?,
    }
    println!("\nThe raw numbers are in {}.", project::shown(&json));
    Ok(())
}

/// Builds the package and measures it next to its peers, by what stands in the
/// folder `suite` of tests/bench/.
fn in_browser(suite: &str, json: &Path) -> Result<()> {
    node::ensure()?;
    node::install_locked("tests")?;
    let chromium = engine::ensure(Engine::Chromium)?;
    let package = package::build()?;
    process::run(
        node::node("tests")?
            .args(["bench/run.mjs", suite])
            .arg(json)
            .env("THETAONE_PACKAGE", &package.directory)
            .env("BROWSER", &chromium.browser),
    )
}

fn default_json(suite: Suite) -> PathBuf {
    project::path("target/bench").join(format!("{}.json", suite.name()))
}
