//! Reads the WAV files of synthesizers and recordings: PCM of 16 bits, mono.

use std::fs;
use std::io;
use std::path::Path;

/// Mono samples and their rate.
pub struct Audio {
    pub samples: Vec<f32>,
    pub sample_rate: u32,
}

impl Audio {
    /// In seconds.
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.sample_rate)
    }
}

/// Reads a file.
pub fn read(path: &Path) -> io::Result<Audio> {
    let bytes = fs::read(path)?;
    parse(&bytes).ok_or_else(|| {
        let problem = format!("{} is not a WAV file of 16 bits", path.display());
        io::Error::new(io::ErrorKind::InvalidData, problem)
    })
}

fn parse(bytes: &[u8]) -> Option<Audio> {
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(34..36)? != [16, 0] || bytes.get(22..24)? != [1, 0] {
        return None;
    }
    let mut at = 12;
    while bytes.get(at..at + 4)? != b"data" {
        at += 8 + number(at + 4)? as usize;
    }
    // espeak-ng writes the size before it knows it.
    let end = (at + 8)
        .saturating_add(number(at + 4)? as usize)
        .min(bytes.len());
    let samples = bytes.get(at + 8..end)?.chunks_exact(2);
    let sample = |pair: &[u8]| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0;
    Some(Audio {
        samples: samples.map(sample).collect(),
        sample_rate: number(24)?,
    })
}
