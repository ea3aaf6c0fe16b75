//! Why the emulator cannot listen.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A reason for which answers stay those of loudness.
#[derive(Debug)]
pub enum Unavailable {
    /// The emulator was built without the feature `listen`.
    NotBuilt,
    /// The engine's makers offer no library for this system.
    Platform(String),
    /// A file cannot be read.
    Unreadable(PathBuf, io::Error),
    /// A file is not the one that was tested.
    WrongHash(PathBuf),
    /// The library cannot be loaded or used.
    Engine(String),
}

impl fmt::Display for Unavailable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unavailable::NotBuilt => {
                out.write_str("this emulator was built without the feature `listen`")
            }
            Unavailable::Platform(platform) => {
                write!(out, "there is no speech engine for {platform}")
            }
            Unavailable::Unreadable(file, error) => {
                write!(out, "{} cannot be read ({error})", file.display())
            }
            Unavailable::WrongHash(file) => {
                let file = file.display();
                write!(out, "{file} is not the tested version (SHA-256 differs)")
            }
            Unavailable::Engine(problem) => {
                write!(out, "the speech engine cannot be loaded: {problem}")
            }
        }
    }
}

impl std::error::Error for Unavailable {}
