//! Finds Node and npm, and installs the locked npm packages.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::{cache, process, progress, project};

const OLDEST_MAJOR: u32 = 20;
const HOW_TO_GET: &str = "install Node 20 or newer with npm (https://nodejs.org)";

struct Programs {
    node: PathBuf,
    npm: PathBuf,
}

/// Finds Node and npm, once. The error says which of them is missing or too old.
fn programs() -> Result<&'static Programs> {
    static FOUND: OnceLock<Programs> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Ok(found);
    }
    let node = which::which("node")
        .ok()
        .with_context(|| format!("Node is not on the PATH; {HOW_TO_GET}"))?;
    let npm = which::which("npm")
        .ok()
        .with_context(|| format!("npm is not on the PATH; {HOW_TO_GET}"))?;
    let version = process::read(Command::new(&node).arg("--version"))?;
    if major(&version).is_none_or(|major| major < OLDEST_MAJOR) {
        bail!("Node {} is too old; {HOW_TO_GET}", version.trim());
    }
    Ok(FOUND.get_or_init(|| Programs { node, npm }))
}

fn major(version: &str) -> Option<u32> {
    let (major, _) = version.trim().strip_prefix('v')?.split_once('.')?;
    major.parse().ok()
}

/// Fails if Node or npm is missing, so that a lack shows before a long step.
pub fn ensure() -> Result<()> {
    programs().map(drop)
}

/// Returns the command for Node in a folder of the repository.
pub fn node(folder: &str) -> Result<Command> {
    let mut command = Command::new(&programs()?.node);
    command.current_dir(project::path(folder));
    Ok(command)
}

/// Returns the command for npm in a folder of the repository, without audits and notices.
pub fn npm(folder: &str) -> Result<Command> {
    let mut command = Command::new(&programs()?.npm);
    command.current_dir(project::path(folder)).args([
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--loglevel=error",
    ]);
    Ok(command)
}

/// Installs the packages in a folder's lock file, unless they are already installed.
pub fn install_locked(folder: &str) -> Result<()> {
    let inputs = ["package.json", "package-lock.json"].map(|file| project::path(folder).join(file));
    let name = format!("npm-ci-{}", folder.replace('/', "-"));
    if !project::path(folder).join("node_modules").is_dir() {
        cache::invalidate(&name)?;
    }
    cache::run_once(&name, &inputs, || {
        progress::step(&format!("Installing the npm packages of {folder}/"), || {
            process::run_quietly(npm(folder)?.arg("ci"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn reads_the_major_version_of_node() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("unknown"), None);
    }
}
