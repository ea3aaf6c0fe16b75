//! Skips a step whose inputs have not changed since its last run.
//!
//! A stamp file in `target/xtask/` holds a copy of the inputs. File times would be wrong after a
//! `git checkout`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project;

/// Runs `work`, unless its last successful run had exactly these `inputs`.
pub fn run_once(name: &str, inputs: &[PathBuf], work: impl FnOnce() -> Result<()>) -> Result<()> {
    let mut content = Vec::new();
    for input in inputs {
        let bytes = fs::read(input)
            .with_context(|| format!("{} cannot be read", project::relative(input)))?;
        content.extend(bytes);
    }
    let stamp = directory()?.join(name);
    if fs::read(&stamp).is_ok_and(|done| done == content) {
        return Ok(());
    }
    work()?;
    write(&stamp, &content)
}

/// Deletes the stamp of a step whose result no longer exists, so that the step runs again.
pub fn invalidate(name: &str) -> Result<()> {
    let stamp = directory()?.join(name);
    if stamp.exists() {
        fs::remove_file(stamp)?;
    }
    Ok(())
}

/// Returns the folder for stamps and intermediate files, after creating it if necessary.
pub fn directory() -> Result<PathBuf> {
    let directory = project::path("target/xtask");
    fs::create_dir_all(&directory)
        .with_context(|| format!("{} cannot be created", project::relative(&directory)))?;
    Ok(directory)
}

fn write(stamp: &Path, content: &[u8]) -> Result<()> {
    fs::write(stamp, content)
        .with_context(|| format!("{} cannot be written", project::relative(stamp)))
}
