//! Second-order filters side by side
//! ([Audio EQ Cookbook](https://www.w3.org/TR/audio-eq-cookbook/), band-pass with
//! constant peak gain).

use crate::core::audio::dsp::f32x4::Lanes;
use crate::core::audio::dsp::sanitize::audible;
use crate::core::audio::dsp::sine::sin_pi;

/// Up to four filters and their memory.
#[derive(Debug, Clone, Copy)]
pub struct FilterBank {
    b0: Lanes,
    a1: Lanes,
    a2: Lanes,
    s1: Lanes,
    s2: Lanes,
}

impl FilterBank {
    /// Passes bands of a signal at `rate` Hz, each around so many Hz and of such
    /// a quality factor.
    pub fn band_pass<const BANDS: usize>(rate: f64, bands: [(f64, f64); BANDS]) -> Self {
        let mut coefficients = [[0.0; 4]; 3];
        let [b0, a1, a2] = &mut coefficients;
        for (band, (hertz, quality)) in bands.into_iter().enumerate() {
            // Above the signal's own band there is nothing to hear.
            let angle = 2.0 * (hertz / rate).min(0.45);
            let alpha = sin_pi(angle) / (2.0 * quality);
            let a0 = 1.0 + alpha;
            b0[band] = (alpha / a0) as f32;
            a1[band] = (-2.0 * sin_pi(angle + 0.5) / a0) as f32;
            a2[band] = ((1.0 - alpha) / a0) as f32;
        }
        let [b0, a1, a2] = coefficients.map(Lanes::new);
        let nothing = Lanes::splat(0.0);
        FilterBank {
            b0,
            a1,
            a2,
            s1: nothing,
            s2: nothing,
        }
    }

    /// Filters on, and adds up the squares of what passes (transposed direct
    /// form II; the middle coefficient of a band-pass is 0, the last the first
    /// one's negative).
    pub fn energies(&mut self, samples: &[f32]) -> [f32; 4] {
        // Copies, which stay in registers.
        let FilterBank {
            b0,
            a1,
            a2,
            mut s1,
            mut s2,
        } = *self;
        let nothing = Lanes::splat(0.0);
        let mut sums = nothing;
        for &sample in samples {
            let input = b0 * Lanes::splat(audible(sample));
            let output = input + s1;
            s1 = s2 - a1 * output;
            s2 = nothing - input - a2 * output;
            sums = sums + output * output;
        }
        (self.s1, self.s2) = (s1, s2);
        sums.lanes()
    }
}
