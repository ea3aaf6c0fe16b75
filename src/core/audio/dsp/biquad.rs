//! Second-order filters, computed in parallel ([Audio EQ
//! Cookbook](https://www.w3.org/TR/audio-eq-cookbook/), band-pass with constant peak gain).

use crate::core::audio::dsp::f32x4::F32x4;
use crate::core::audio::dsp::sanitize::sanitize;
use crate::core::audio::dsp::sine::sin_pi;

/// Up to four filters and their state.
#[derive(Debug, Clone, Copy)]
pub struct FilterBank {
    b0: F32x4,
    a1: F32x4,
    a2: F32x4,
    s1: F32x4,
    s2: F32x4,
}

impl FilterBank {
    /// Creates band-pass filters for a signal at `rate` Hz, each with its center frequency in Hz
    /// and its quality factor.
    pub fn band_pass<const BANDS: usize>(rate: f64, bands: [(f64, f64); BANDS]) -> Self {
        let mut coefficients = [[0.0; 4]; 3];
        let [b0, a1, a2] = &mut coefficients;
        let places = b0.iter_mut().zip(a1).zip(a2);
        for ((hertz, quality), ((b0, a1), a2)) in bands.into_iter().zip(places) {
            // There is nothing to hear above half the sample rate.
            let angle = 2.0 * (hertz / rate).min(0.45);
            let alpha = sin_pi(angle) / (2.0 * quality);
            let a0 = 1.0 + alpha;
            *b0 = (alpha / a0) as f32;
            *a1 = (-2.0 * sin_pi(angle + 0.5) / a0) as f32;
            *a2 = ((1.0 - alpha) / a0) as f32;
        }
        let [b0, a1, a2] = coefficients.map(F32x4::new);
        let nothing = F32x4::splat(0.0);
        FilterBank {
            b0,
            a1,
            a2,
            s1: nothing,
            s2: nothing,
        }
    }

    /// Filters the next samples, and returns the sum of squares of each output. Transposed direct
    /// form II: the middle coefficient of a band-pass is 0, and the last is the negative of the
    /// first.
    pub fn energies(&mut self, samples: &[f32]) -> [f32; 4] {
        // Copies stay in registers.
        let FilterBank {
            b0,
            a1,
            a2,
            mut s1,
            mut s2,
        } = *self;
        let nothing = F32x4::splat(0.0);
        let mut sums = nothing;
        for &sample in samples {
            let input = b0 * F32x4::splat(sanitize(sample));
            let output = input + s1;
            s1 = s2 - a1 * output;
            s2 = nothing - input - a2 * output;
            sums = sums + output * output;
        }
        (self.s1, self.s2) = (s1, s2);
        sums.lanes()
    }
}
