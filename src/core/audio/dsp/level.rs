//! How loud it is.

use crate::core::audio::dsp::sanitize::audible;

/// What digital silence is called, in dBFS: below the noise of 16 bits, and a
/// number that a meter can show, unlike minus infinity.
pub const SILENCE_DBFS: f64 = -100.0;

/// Peak and mean level of the samples seen so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Level {
    peak: f32,
    squares: f64,
    samples: u64,
}

impl Level {
    /// The level of `samples`, full scale being ±1.
    pub fn of(samples: &[f32]) -> Self {
        let mut level = Level::default();
        level.add(samples);
        level
    }

    /// Takes more samples into account.
    pub fn add(&mut self, samples: &[f32]) {
        for sample in samples.iter().copied().map(audible) {
            self.peak = self.peak.max(sample.abs());
            self.squares += f64::from(sample) * f64::from(sample);
        }
        self.samples += samples.len() as u64;
    }

    /// The loudest sample, in dBFS.
    pub fn peak_dbfs(&self) -> f64 {
        dbfs(f64::from(self.peak))
    }

    /// The root mean square, in dBFS; a full-scale square wave is 0.
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
    fn silence_and_nothing_are_the_floor() {
        assert_eq!(Level::of(&[0.0; 8]).rms_dbfs(), SILENCE_DBFS);
        assert_eq!(Level::default().rms_dbfs(), SILENCE_DBFS);
        assert_eq!(Level::default().peak_dbfs(), SILENCE_DBFS);
    }
}
