//! The speech engine and the pronouncing dictionary of an emulator that listens.
//!
//! Neither is part of the project: they are fetched from their registries, file by file checked
//! against `files.json` of the emulator, and stored outside the repository.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::setup::{apt, node, rust};
use crate::{process, progress, project};

/// The list that the emulator checks against, too.
const LIST: &str = "crates/emulator/src/listen/files.json";
/// The programs that speak in tests and figures, and their Debian packages.
const SYNTHESIZERS: [&str; 2] = ["flite", "espeak-ng"];

/// Whether the user has agreed to the download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Asks on the terminal, once: what is there is not fetched again.
    Ask,
    /// Given on the command line, or by starting the tests, which fetch all they need.
    Given,
}

struct Package {
    registry: String,
    name: String,
    version: String,
    role: String,
    licenses: String,
    download_bytes: u64,
    files: Vec<File>,
}

struct File {
    /// The path within the package.
    from: String,
    name: String,
    bytes: u64,
    sha256: String,
}

/// Returns the folder with the engine and the dictionary, after fetching what is missing.
pub fn ensure(consent: Consent) -> Result<PathBuf> {
    let folder = rust::tool_folder("listening")?;
    let packages = packages()?;
    let is_intact = |package: &Package| package.files.iter().all(|file| file.is_intact(&folder));
    let missing: Vec<_> = packages.iter().filter(|p| !is_intact(p)).collect();
    if missing.is_empty() {
        return Ok(folder);
    }
    for package in &missing {
        println!("{}", package.description());
    }
    if consent == Consent::Ask {
        ask(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for package in missing {
        let title = format!("Fetching {} {}", package.name, package.version);
        progress::step(&title, || package.fetch(&folder))?;
    }
    Ok(folder)
}

/// Returns the folder for tests, or the reason for which tests that listen are skipped. Fetches and
/// installs at the first call.
pub fn for_tests() -> &'static Result<PathBuf, String> {
    static PREPARED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let prepared = synthesizers().and_then(|()| ensure(Consent::Given));
        prepared.map_err(|error| format!("{error:#}"))
    })
}

/// Makes sure that there are voices for tests and figures.
pub fn synthesizers() -> Result<()> {
    let is_missing = |program: &&str| which::which(program).is_err();
    let missing: Vec<_> = SYNTHESIZERS.into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" and ");
    ensure!(
        apt::is_allowed(),
        "{names} must be on the PATH (Debian's packages of these names)"
    );
    progress::step(&format!("Installing {names}"), || apt::install(&missing))
}

fn ask(folder: &Path) -> Result<()> {
    ensure!(
        std::io::stdin().is_terminal(),
        "nobody can be asked here; `cargo xtask fetch-listening --yes` fetches them"
    );
    print!("Fetch them into {}? [y/N] ", folder.display());
    std::io::stdout().flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let is_yes = ["y", "yes"].contains(&line.trim().to_ascii_lowercase().as_str());
    ensure!(is_yes, "the speech engine was not fetched");
    Ok(())
}

/// The packages, with the files that this system needs.
fn packages() -> Result<Vec<Package>> {
    let list = fs::read_to_string(project::path(LIST))?;
    let list: Value = serde_json::from_str(&list)?;
    let platform = format!("{OS}-{ARCH}");
    let platforms = list["packages"].as_array().into_iter().flatten();
    let mut libraries = platforms
        .flat_map(|package| package["files"].as_array())
        .flatten();
    ensure!(
        libraries.any(|file| file["platform"] == platform.as_str()),
        "there is no speech engine for {platform}"
    );
    let packages = list["packages"].as_array().context("no packages")?;
    packages
        .iter()
        .map(|package| Package::read(package, &platform))
        .collect::<Option<Vec<_>>>()
        .with_context(|| format!("{LIST} has another shape"))
}

impl Package {
    fn read(package: &Value, platform: &str) -> Option<Package> {
        let text = |name: &str| package[name].as_str().map(str::to_owned);
        let files = package["files"].as_array()?.iter();
        let needed = files.filter(|file| {
            let of_file = file["platform"].as_str();
            of_file.is_none_or(|of_file| of_file == platform)
        });
        Some(Package {
            registry: text("registry")?,
            name: text("name")?,
            version: text("version")?,
            role: text("role")?,
            licenses: text("licenses")?,
            download_bytes: package["downloadBytes"].as_u64()?,
            files: needed.map(File::read).collect::<Option<Vec<_>>>()?,
        })
    }

    fn description(&self) -> String {
        let kept: u64 = self.files.iter().map(|file| file.bytes).sum();
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        format!(
            "{} {} ({}, from {}): downloads {:.1} MB, keeps {:.1} MB. License: {}.",
            self.name,
            self.version,
            self.role,
            self.registry,
            megabytes(self.download_bytes),
            megabytes(kept),
            self.licenses,
        )
    }

    /// Fetches the package with its registry's client, and moves its files to `folder`.
    fn fetch(&self, folder: &Path) -> Result<()> {
        let scratch = folder.join(format!("fetching-{}", std::process::id()));
        fs::create_dir_all(&scratch)?;
        let fetched = self.unpack(&scratch).and_then(|()| {
            let mut files = self.files.iter();
            files.try_for_each(|file| file.take(&scratch, folder))
        });
        fs::remove_dir_all(&scratch)?;
        fetched
    }

    fn unpack(&self, scratch: &Path) -> Result<()> {
        match self.registry.as_str() {
            "pypi" => {
                let requirement = format!("{}=={}", self.name, self.version);
                let mut command = pip()?;
                command
                    .args([
                        "install",
                        "--no-deps",
                        "--only-binary=:all:",
                        "--no-compile",
                    ])
                    .args(["--quiet", "--disable-pip-version-check", "--target"])
                    .arg(scratch)
                    .arg(requirement);
                process::run_quietly(&mut command)
            }
            "npm" => {
                let mut command = node::npm(".")?;
                let specifier = format!("{}@{}", self.name, self.version);
                command.args(["pack", &specifier, "--pack-destination"]);
                process::run_quietly(command.arg(scratch))?;
                let archive = fs::read_dir(scratch)?
                    .filter_map(Result::ok)
                    .map(|entry| entry.path())
                    .find(|path| path.extension().is_some_and(|ending| ending == "tgz"))
                    .context("npm packed nothing")?;
                let mut command = Command::new("tar");
                command.arg("-xzf").arg(archive).arg("-C").arg(scratch);
                process::run_quietly(&mut command)
            }
            other => bail!("{other} is not a registry"),
        }
    }
}

/// Python's package installer, which is needed for fetching only.
fn pip() -> Result<Command> {
    let python = ["python3", "python"]
        .into_iter()
        .filter_map(|name| which::which(name).ok())
        .find(|python| {
            let version = Command::new(python)
                .args(["-m", "pip", "--version"])
                .output();
            version.is_ok_and(|output| output.status.success())
        })
        .context("fetching the engine from PyPI takes Python's pip, which is not installed")?;
    let mut command = Command::new(python);
    command.args(["-m", "pip"]);
    Ok(command)
}

impl File {
    fn read(file: &Value) -> Option<File> {
        let text = |name: &str| file[name].as_str().map(str::to_owned);
        Some(File {
            from: text("from")?,
            name: text("name")?,
            bytes: file["bytes"].as_u64()?,
            sha256: text("sha256")?,
        })
    }

    fn is_intact(&self, folder: &Path) -> bool {
        fs::read(folder.join(&self.name)).is_ok_and(|bytes| sha256(&bytes) == self.sha256)
    }

    /// Moves the file to `folder` if it is the listed one.
    fn take(&self, scratch: &Path, folder: &Path) -> Result<()> {
        let fetched = scratch.join(&self.from);
        let bytes = fs::read(&fetched).with_context(|| format!("there is no {}", self.from))?;
        ensure!(
            sha256(&bytes) == self.sha256,
            "{} is not the tested version (SHA-256 differs)",
            self.from
        );
        fs::rename(&fetched, folder.join(&self.name))?;
        Ok(())
    }
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
    }

    #[test]
    fn a_package_lists_the_files_of_one_system_only() {
        let package = serde_json::json!({
            "registry": "pypi", "name": "hama", "version": "1.7.0", "role": "engine",
            "licenses": "Apache-2.0", "downloadBytes": 22_000_000,
            "files": [
                { "from": "a", "name": "lib", "platform": "linux-x86_64", "bytes": 1, "sha256": "1" },
                { "from": "b", "name": "lib", "platform": "macos-aarch64", "bytes": 2, "sha256": "2" },
                { "from": "c", "name": "weights", "bytes": 3_000_000, "sha256": "3" },
            ],
        });
        let package = Package::read(&package, "macos-aarch64").unwrap();
        let names: Vec<_> = package
            .files
            .iter()
            .map(|file| file.from.as_str())
            .collect();
        assert_eq!(names, ["b", "c"]);
        let description = package.description();
        assert!(description.contains("22.0 MB") && description.contains("Apache-2.0"));
    }
}
