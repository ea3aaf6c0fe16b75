//! Remembers for which inputs a set-up step was done.
//!
//! A stamp holds the inputs themselves, so that it is right after a `git
//! checkout` too, where file times are not.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project;

/// Does `work` unless it was done for exactly these `inputs` before.
pub fn once(name: &str, inputs: &[PathBuf], work: impl FnOnce() -> Result<()>) -> Result<()> {
    let mut content = Vec::new();
    for input in inputs {
        let bytes =
            fs::read(input).with_context(|| format!("{} cannot be read", project::shown(input)))?;
        content.extend(bytes);
    }
    let stamp = directory()?.join(name);
    if fs::read(&stamp).is_ok_and(|done| done == content) {
        return Ok(());
    }
    work()?;
    write(&stamp, &content)
}

/// Forgets a stamp whose result has been lost.
pub fn forget(name: &str) -> Result<()> {
    let stamp = directory()?.join(name);
    if stamp.exists() {
        fs::remove_file(stamp)?;
    }
    Ok(())
}

/// The folder for what set-up leaves behind.
pub fn directory() -> Result<PathBuf> {
    let directory = project::path("target/xtask");
    fs::create_dir_all(&directory)
        .with_context(|| format!("{} cannot be made", project::shown(&directory)))?;
    Ok(directory)
}

fn write(stamp: &Path, content: &[u8]) -> Result<()> {
    fs::write(stamp, content)
        .with_context(|| format!("{} cannot be written", project::shown(stamp)))
}
