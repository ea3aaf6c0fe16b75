//! Measures the levels of three speech bands, frame by frame.
//!
//! Vowels have their energy low in the spectrum, sibilants high, and noise is usually strong in one
//! of the two. DC offset and most of mains hum lie below all bands.

use crate::core::audio::dsp::biquad::FilterBank;

/// The length of a frame, in seconds.
pub const FRAME_SECONDS: f64 = 0.02;

/// The number of bands.
pub const BANDS: usize = 3;
/// The center frequencies of the bands, in Hz, and their quality factors: roughly 200–800,
/// 800–2,500 and 2,500–6,000 Hz.
const FILTERS: [(f64, f64); BANDS] = [(400.0, 0.7), (1_400.0, 0.85), (3_900.0, 1.1)];

/// The number of blocks of a frame, by which clicks are distinguished from voices.
const BLOCKS: usize = 8;
/// A click fills at most two of the blocks, so that `(Σ√e)² / (n Σe)` over the energies `e` of the
/// blocks is at most a quarter, or a half with two clicks. Voices and whispers lie above, even at a
/// pitch of 50 Hz.
const SUSTAINED_SHARE: f64 = 0.5;

/// The levels are stored as bytes in steps of half a dB from -120 dBFS up, so that an hour of audio
/// takes less than a megabyte.
const STEPS_PER_DB: f64 = 2.0;
const LOWEST_DBFS: f64 = -120.0;

/// Converts a level that was stored as a byte to dBFS.
pub fn dbfs(level: u8) -> f64 {
    f64::from(level) / STEPS_PER_DB + LOWEST_DBFS
}

/// The levels of one frame.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The level of each band; see [`dbfs`].
    pub levels: [u8; BANDS],
    /// The level of all bands together.
    pub total: u8,
    /// One bit per band: whether its energy is spread over the frame.
    sustained: u8,
}

impl Frame {
    /// Returns the level of the loudest band.
    pub fn loudest(&self) -> u8 {
        self.levels.iter().copied().max().unwrap_or(0)
    }

    /// True if the energy of any band is spread over the frame.
    pub fn is_sustained(&self) -> bool {
        self.sustained > 0
    }

    /// True if any band is as loud as its threshold, and as `least_dbfs`.
    pub fn reaches(&self, thresholds_dbfs: &[f64; BANDS], least_dbfs: f64) -> bool {
        self.any(u8::MAX, thresholds_dbfs, least_dbfs)
    }

    /// True if any band is as loud as its threshold, and not only by a click.
    pub fn sustains(&self, thresholds_dbfs: &[f64; BANDS]) -> bool {
        self.any(self.sustained, thresholds_dbfs, f64::NEG_INFINITY)
    }

    fn any(&self, bands: u8, thresholds_dbfs: &[f64; BANDS], least_dbfs: f64) -> bool {
        let levels = self.levels.iter().zip(thresholds_dbfs).enumerate();
        levels
            .filter(|(band, _)| bands >> band & 1 == 1)
            .any(|(_, (level, threshold))| dbfs(*level) >= threshold.max(least_dbfs))
    }
}

/// Divides audio into frames and measures them.
#[derive(Debug)]
pub struct Framer {
    frame_samples: usize,
    filters: FilterBank,
    /// The current frame: its samples, whole blocks, energies, and the square roots of the
    /// energies.
    samples: usize,
    blocks: usize,
    energies: [f64; BANDS],
    roots: [f64; BANDS],
    /// The energies of the current block.
    block: [f64; BANDS],
}

impl Framer {
    /// Creates a framer for audio at `rate` Hz.
    pub fn new(rate: u32) -> Self {
        Framer {
            frame_samples: ((f64::from(rate) * FRAME_SECONDS) as usize).max(1),
            filters: FilterBank::band_pass(f64::from(rate), FILTERS),
            samples: 0,
            blocks: 0,
            energies: [0.0; BANDS],
            roots: [0.0; BANDS],
            block: [0.0; BANDS],
        }
    }

    /// The length of a frame, in samples.
    pub fn frame_samples(&self) -> usize {
        self.frame_samples
    }

    /// Takes the next samples, and appends the frames that they complete.
    pub fn push(&mut self, samples: &[f32], frames: &mut Vec<Frame>) {
        let mut left = samples;
        while !left.is_empty() {
            let block_end = self.frame_samples * (self.blocks + 1) / BLOCKS;
            let (part, rest) = left.split_at(left.len().min(block_end - self.samples));
            for (sum, energy) in self.block.iter_mut().zip(self.filters.energies(part)) {
                *sum += f64::from(energy);
            }
            self.samples += part.len();
            left = rest;
            if self.samples == block_end {
                self.close_block();
                if self.blocks == BLOCKS {
                    let frame = self.close_frame();
                    frames.push(frame);
                }
            }
        }
    }

    /// Appends the last frame if it is not complete.
    pub fn finish(&mut self, frames: &mut Vec<Frame>) {
        if self.samples > 0 {
            self.close_block();
            let frame = self.close_frame();
            frames.push(frame);
        }
    }

    fn close_block(&mut self) {
        let sums = self.energies.iter_mut().zip(&mut self.roots);
        for (energy, (energies, roots)) in std::mem::take(&mut self.block).into_iter().zip(sums) {
            *energies += energy;
            *roots += energy.sqrt();
        }
        self.blocks += 1;
    }

    fn close_frame(&mut self) -> Frame {
        let energies = std::mem::take(&mut self.energies);
        let roots = std::mem::take(&mut self.roots);
        let blocks = std::mem::take(&mut self.blocks) as f64;
        let samples = std::mem::take(&mut self.samples) as f64;
        let bands = roots.iter().zip(&energies).enumerate();
        let sustained = bands.fold(0, |bits, (band, (root, energy))| {
            bits | u8::from(root * root > SUSTAINED_SHARE * blocks * energy) << band
        });
        let level = |energy: f64| {
            let dbfs = 10.0 * (energy / samples).log10();
            ((dbfs - LOWEST_DBFS) * STEPS_PER_DB).clamp(0.0, 255.0) as u8
        };
        Frame {
            total: level(energies.iter().sum()),
            levels: energies.map(level),
            sustained,
        }
    }
}
