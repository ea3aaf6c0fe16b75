//! Checks the package's declarations and scripts with TypeScript.

use anyhow::Result;

use crate::setup::node;
use crate::{demo, docs, process, progress};

/// The configurations in `tests/types/`: modules as bundlers and as Node resolve them, and the
/// declarations of the oldest supported React.
const USAGES: [&str; 3] = [
    "types",
    "types/tsconfig.nodenext.json",
    "types/tsconfig.react-18.json",
];

/// Checks the scripts by their JSDoc types, and code that uses the package by its
/// declarations. The package must have been built.
pub fn check() -> Result<()> {
    scripts()?;
    progress::step("Checking the types of code that uses the package", || {
        process::run_quietly(node::node("tests")?.arg("types/examples.mjs"))?;
        USAGES.into_iter().try_for_each(tsc)
    })
}

/// Checks the scripts of the package and of the demo's server by their JSDoc types, and that
/// `docs/api.md` is up to date. The package must have been built, because the build generates some
/// of the modules.
pub fn scripts() -> Result<()> {
    // The declarations of React and Node.
    node::install_locked("tests/react")?;
    demo::set_up()?;
    progress::step("Checking the types of the JavaScript", || {
        tsc("../pkg-template/tsconfig.json")?;
        tsc("../www-demo/server/tsconfig.json")
    })?;
    progress::step("Checking the API reference", docs::check_api_reference)
}

fn tsc(project: &str) -> Result<()> {
    let compiler = "node_modules/typescript/bin/tsc";
    process::run_quietly(node::node("tests")?.args([compiler, "--noEmit", "-p", project]))
}
