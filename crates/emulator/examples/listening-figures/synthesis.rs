//! Speech of flite and espeak-ng.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::wav::{self, Audio};

/// A voice of one of the synthesizers.
#[derive(Clone, Copy, Debug)]
pub enum Voice {
    Flite(&'static str),
    Espeak(&'static str),
}

/// Men and women, American, British and Scottish.
pub const VOICES: [Voice; 6] = [
    Voice::Flite("slt"),
    Voice::Flite("rms"),
    Voice::Flite("awb"),
    Voice::Flite("kal16"),
    Voice::Espeak("en-us"),
    Voice::Espeak("en-gb"),
];

/// The name of a voice of flite and the end of each of its sounds, in seconds, pauses included.
pub struct TimedSound {
    pub name: String,
    pub end_seconds: f64,
}

impl Voice {
    /// Speaks a text.
    pub fn speak(self, text: &str) -> io::Result<Audio> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("listening-figures-{}-{count}.wav", std::process::id());
        let file = Scratch(std::env::temp_dir().join(name));
        let mut command = match self {
            Voice::Flite(voice) => {
                let mut command = Command::new("flite");
                command.args(["-voice", voice, "-t", text, "-o"]);
                command
            }
            Voice::Espeak(voice) => {
                let mut command = Command::new("espeak-ng");
                command.args(["-v", voice, text, "-w"]);
                command
            }
        };
        run(command.arg(&file.0))?;
        wav::read(&file.0)
    }

    /// The sounds of flite for a text, with their times.
    pub fn sounds(self, text: &str) -> io::Result<Vec<TimedSound>> {
        let Voice::Flite(voice) = self else {
            return Ok(Vec::new());
        };
        let mut command = Command::new("flite");
        let output = run(command.args(["-voice", voice, "-t", text, "-psdur", "-o", "none"]))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let sounds = printed.split_whitespace().filter_map(|sound| {
            let (name, end) = sound.split_once(':')?;
            Some(TimedSound {
                name: name.to_owned(),
                end_seconds: end.parse().ok()?,
            })
        });
        Ok(sounds.collect())
    }
}

fn run(command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    match output.status.success() {
        true => Ok(output),
        false => Err(io::Error::other(format!("{command:?} failed"))),
    }
}

struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
