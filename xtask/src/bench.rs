//! `cargo xtask bench`: measurements, as opposed to tests.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Error, Result};

use crate::{herd, project};

/// A suite of measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// A thousand pages of one key, in virtual time.
    Herd,
}

impl Suite {
    const ALL: [Suite; 1] = [Suite::Herd];

    fn name(self) -> &'static str {
        match self {
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
    let json = json.map_or_else(|| default_json(suite), Path::to_owned);
    match suite {
        Suite::Herd => herd::run(&json)?,
    }
    println!("\nThe raw numbers are in {}.", project::shown(&json));
    Ok(())
}

fn default_json(suite: Suite) -> PathBuf {
    project::path("target/bench").join(format!("{}.json", suite.name()))
}
