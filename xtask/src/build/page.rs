//! Builds pages with Vite and the packed package, as a user's project would.

use anyhow::Result;

use crate::build::package::Package;
use crate::setup::node;
use crate::{process, progress};

/// Builds the page in `folder` into `folder/dist`. The npm packages of the folder must be installed.
pub fn build(folder: &str, package: &Package) -> Result<()> {
    progress::step(&format!("Building the page in {folder}/"), || {
        package.install_into(folder)?;
        process::run_quietly(node::node(folder)?.args(["node_modules/vite/bin/vite.js", "build"]))
    })
}
