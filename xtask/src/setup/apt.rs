//! Installs Debian packages, if this process may do so.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Whether packages can be installed without a password: there is apt-get, and this is root.
pub fn is_allowed() -> bool {
    apt_get().is_some()
}

fn apt_get() -> Option<PathBuf> {
    let apt_get = which::which("apt-get").ok()?;
    let user = process::read(Command::new("id").arg("-u")).ok()?;
    (user.trim() == "0").then_some(apt_get)
}

/// Installs packages.
pub fn install(packages: &[&str]) -> Result<()> {
    let program = apt_get().context("there is no apt-get, or this is not root")?;
    let apt_get = || {
        let mut command = Command::new(&program);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::run_quietly(apt_get().arg("update"))?;
    process::run_quietly(
        apt_get()
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )
}
