//! Measures levels.

use crate::core::audio::dsp::sanitize::sanitize;

/// The level of digital silence, in dBFS: below the noise of 16 bits, and a number that a meter can
/// show, unlike minus infinity.
pub const SILENCE_DBFS: f64 = -100.0;

/// Peak and mean level of all samples so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Level {
    peak: f32,
    squares: f64,
    samples: u64,
}

impl Level {
    /// Returns the level of `samples`; full scale is ±1.
    pub fn of(samples: &[f32]) -> Self {
        let mut level = Level::default();
        level.add(samples);
        level
    }

    /// Adds more samples.
    pub fn add(&mut self, samples: &[f32]) {
        for sample in samples.iter().copied().map(sanitize) {
            self.peak = self.peak.max(sample.abs());
            self.squares += f64::from(sample) * f64::from(sample);
        }
        self.samples += samples.len() as u64;
    }

    /// The loudest sample, in dBFS.
    pub fn peak_dbfs(&self) -> f64 {
        dbfs(f64::from(self.peak))
    }

    /// The root mean square, in dBFS. A full-scale square wave has 0 dBFS.
    pub fn rms_dbfs(&self) -> f64 {
        if self.samples == 0 {
            return SILENCE_DBFS;
        }
        dbfs((self.squares / self.samples as f64).sqrt())
    }
}

fn dbfs(amplitude: f64) -> f64 {
    (20.0 * amplitude.log10()).max(SILENCE_DBFS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_scale_square_wave_is_0_dbfs() {
        let level = Level::of(&[1.0, -1.0, 1.0, -1.0]);
        assert!(level.peak_dbfs().abs() < 1e-9);
        assert!(level.rms_dbfs().abs() < 1e-9);
    }

    #[test]
    fn silence_and_no_samples_have_the_lowest_level() {
        assert_eq!(Level::of(&[0.0; 8]).rms_dbfs(), SILENCE_DBFS);
        assert_eq!(Level::default().rms_dbfs(), SILENCE_DBFS);
        assert_eq!(Level::default().peak_dbfs(), SILENCE_DBFS);
    }
}
