//! Recordings of people, and noise.

use std::fs;
use std::io;
use std::path::Path;

use crate::wav::{self, Audio};

/// The levels of noise that are tried, in decibels below the speech.
pub const NOISE_DB: [f64; 3] = [20.0, 10.0, 5.0];
/// Speakers younger than this are children.
const ADULT_AGE: u32 = 18;

/// A sentence that somebody read.
pub struct Recording {
    pub audio: Audio,
    pub is_child: bool,
    pub text: String,
}

/// Reads the recordings in a folder, by the table beside it or in it.
pub fn read(folder: &Path) -> io::Result<Vec<Recording>> {
    let beside = folder.parent().map(|parent| parent.join("recordings.tsv"));
    let table = beside
        .filter(|table| table.is_file())
        .unwrap_or_else(|| folder.join("recordings.tsv"));
    let table = fs::read_to_string(&table)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", table.display())))?;
    let rows = table.lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        let (file, age, text) = (columns.next()?, columns.next()?, columns.next()?);
        Some((file, age.parse::<u32>().ok()?, text))
    });
    let recordings = rows.map(|(file, age, text)| {
        Ok(Recording {
            audio: wav::read(&folder.join(file))?,
            is_child: age < ADULT_AGE,
            text: text.to_owned(),
        })
    });
    recordings.collect()
}

/// White noise of a standard deviation of 1, the same at every run.
pub fn white_noise(samples: usize) -> Vec<f32> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    // The sum of twelve is near enough to a normal distribution.
    let normal = |_| ((0..12).map(|_| uniform()).sum::<f64>() - 6.0) as f32;
    (0..samples).map(normal).collect()
}

/// Adds white noise, this many decibels below the speech.
pub fn with_noise(audio: &Audio, snr_db: f64) -> Vec<f32> {
    let squares: f32 = audio.samples.iter().map(|sample| sample * sample).sum();
    let rms = (f64::from(squares) / audio.samples.len().max(1) as f64).sqrt();
    let scale = (rms / 10.0_f64.powf(snr_db / 20.0)) as f32;
    let noise = white_noise(audio.samples.len());
    let noisy = audio.samples.iter().zip(noise);
    noisy
        .map(|(sample, noise)| sample + scale * noise)
        .collect()
}
