//! Recordings of real speakers, each continued by its own room. None is part of
//! this repository: `RECORDINGS` names a folder of 16-bit mono WAV files.

use std::path::Path;

/// A recording, full scale being ±1.
pub struct Recording {
    pub name: String,
    pub rate: usize,
    pub samples: Vec<f32>,
}

/// All of a folder whose names begin so.
pub fn read_all(folder: &Path, prefix: &str) -> Vec<Recording> {
    let mut found: Vec<Recording> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wav"))
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            name.starts_with(prefix).then(|| read(name, &path))
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn read(name: String, path: &Path) -> Recording {
    let file = std::fs::read(path).unwrap();
    let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let mut at = 12;
    while &file[at..at + 4] != b"data" {
        at += 8 + number(at + 4) + number(at + 4) % 2;
    }
    Recording {
        name,
        rate: number(24),
        samples: file[at + 8..]
            .chunks_exact(2)
            .map(|bytes| f32::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32_768.0)
            .collect(),
    }
}

impl Recording {
    /// The quietest 0.3 s.
    fn room(&self) -> &[f32] {
        let length = self.rate * 3 / 10;
        let power = |start: &usize| -> f64 {
            let window = &self.samples[*start..*start + length];
            window.iter().map(|&s| f64::from(s).powi(2)).sum()
        };
        let start = (0..=self.samples.len() - length)
            .step_by(self.rate / 100)
            .min_by(|a, b| power(a).total_cmp(&power(b)))
            .unwrap();
        &self.samples[start..start + length]
    }

    /// With 8 s of its room behind it: the quietest part repeated, with or without
    /// crossfades of 20 ms.
    pub fn continued(&self, is_faded: bool) -> Vec<f32> {
        let room = self.room();
        let fade = if is_faded { self.rate / 50 } else { 0 };
        let mut samples = self.samples.clone();
        let wanted = samples.len() + 8 * self.rate;
        while samples.len() < wanted {
            let start = samples.len() - fade;
            for n in 0..fade {
                let share = n as f32 / fade as f32;
                samples[start + n] = samples[start + n] * (1.0 - share) + room[n] * share;
            }
            samples.extend(&room[fade..]);
        }
        samples.truncate(wanted);
        samples
    }

    /// Which frames of 10 ms are voiced, by a rule that has nothing to do with the
    /// detectors: the level after a pre-emphasis is within 25 dB of the 95th
    /// percentile, and 8 dB above the quietest 0.3 s, for 30 ms at least.
    pub fn voiced(&self) -> Vec<bool> {
        let levels = self.levels(&self.samples);
        let mut sorted = levels.clone();
        sorted.sort_by(f64::total_cmp);
        let loud = sorted[(sorted.len() - 1) * 95 / 100];
        let mut room = self.levels(self.room());
        room.sort_by(f64::total_cmp);
        let least = (loud - 25.0).max(room[room.len() * 8 / 10] + 8.0);
        let mut voiced: Vec<bool> = levels.iter().map(|level| *level >= least).collect();
        let mut start = 0;
        for end in 0..=voiced.len() {
            if end == voiced.len() || !voiced[end] {
                if end - start < 3 {
                    voiced[start..end].fill(false);
                }
                start = end + 1;
            }
        }
        voiced
    }

    fn levels(&self, samples: &[f32]) -> Vec<f64> {
        let emphasized: Vec<f64> = samples
            .windows(2)
            .map(|pair| f64::from(pair[1]) - 0.97 * f64::from(pair[0]))
            .collect();
        emphasized
            .chunks(self.rate / 100)
            .map(|frame| {
                let power = frame.iter().map(|s| s * s).sum::<f64>() / frame.len() as f64;
                10.0 * power.max(1e-12).log10()
            })
            .collect()
    }
}
