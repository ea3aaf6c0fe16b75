//! `cargo xtask bench`: measurements, as opposed to tests.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Error, Result};

use crate::herd;

/// A suite of measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// A thousand clients of one key, in virtual time.
    Herd,
}

impl Suite {
    const ALL: [(Suite, &str); 1] = [(Suite::Herd, "herd")];
}

impl FromStr for Suite {
    type Err = Error;

    fn from_str(name: &str) -> Result<Suite> {
        let found = Suite::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(suite, _)| *suite).with_context(|| {
            let names = Suite::ALL.map(|(_, known)| known).join(", ");
            format!("there is no suite `{name}`; there are {names}")
        })
    }
}

/// Runs one suite; `json` is where its numbers go besides the terminal.
pub fn run(suite: Suite, json: Option<PathBuf>) -> Result<()> {
    match suite {
        Suite::Herd => herd::run(json.as_deref()),
    }
}
