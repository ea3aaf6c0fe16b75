//! The files of the engine and the lexicon: which they are, and whether they are intact.
//!
//! The files are not part of the project. `cargo xtask fetch-listening` fetches them from the
//! package registries, by the same list.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::Unavailable;

/// The packages and their files, with the hash of each.
const LIST: &str = include_str!("files.json");

#[derive(Deserialize)]
struct List {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    name: String,
    platform: Option<String>,
    sha256: String,
}

/// The contents of the files, with their hashes checked.
#[derive(Debug)]
pub struct Files {
    /// The path of the library for this system.
    pub library: PathBuf,
    /// Its weights.
    pub weights: Vec<u8>,
    /// The names of its symbols.
    pub vocabulary: Vec<u8>,
    /// The pronouncing dictionary.
    pub lexicon: Vec<u8>,
}

impl Files {
    /// Reads the files of this system in `folder`.
    pub fn open(folder: &Path) -> Result<Files, Unavailable> {
        let list: List =
            serde_json::from_str(LIST).map_err(|error| Unavailable::Engine(error.to_string()))?;
        let platform = format!("{OS}-{ARCH}");
        let files: Vec<File> = list.packages.into_iter().flat_map(|p| p.files).collect();
        let library = files
            .iter()
            .find(|file| file.platform.as_ref() == Some(&platform))
            .ok_or(Unavailable::Platform(platform))?;
        let read = |name: &str| {
            let file = files.iter().find(|file| file.name == name);
            let file = file.ok_or_else(|| Unavailable::Engine(format!("{name} is not listed")))?;
            checked(folder, file)
        };
        checked(folder, library)?;
        Ok(Files {
            library: folder.join(&library.name),
            weights: read("asr_waveform.hama")?,
            vocabulary: read("g2p_vocab.json")?,
            lexicon: read("cmudict.txt")?,
        })
    }
}

fn checked(folder: &Path, file: &File) -> Result<Vec<u8>, Unavailable> {
    let path = folder.join(&file.name);
    let bytes = fs::read(&path).map_err(|error| Unavailable::Unreadable(path.clone(), error))?;
    match sha256(&bytes)? == file.sha256 {
        true => Ok(bytes),
        false => Err(Unavailable::WrongHash(path)),
    }
}

#[cfg(feature = "listen")]
fn sha256(bytes: &[u8]) -> Result<String, Unavailable> {
    use sha2::{Digest, Sha256};

    let digits = Sha256::digest(bytes);
    Ok(digits.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(not(feature = "listen"))]
fn sha256(_bytes: &[u8]) -> Result<String, Unavailable> {
    Err(Unavailable::NotBuilt)
}
