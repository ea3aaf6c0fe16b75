//! A second-order filter
//! ([Audio EQ Cookbook](https://www.w3.org/TR/audio-eq-cookbook/), band-pass with
//! constant peak gain).

use super::sample::audible;
use super::sine::sin_pi;

/// A filter and its memory.
#[derive(Debug, Clone, Copy)]
pub struct Biquad {
    b0: f32,
    a1: f32,
    a2: f32,
    s1: f32,
    s2: f32,
}

impl Biquad {
    /// Passes a band around `hertz` of a signal at `rate` Hz.
    pub fn band_pass(rate: f64, hertz: f64, quality: f64) -> Self {
        // Above the signal's own band there is nothing to hear.
        let angle = 2.0 * (hertz / rate).min(0.45);
        let alpha = sin_pi(angle) / (2.0 * quality);
        let a0 = 1.0 + alpha;
        Biquad {
            b0: (alpha / a0) as f32,
            a1: (-2.0 * sin_pi(angle + 0.5) / a0) as f32,
            a2: ((1.0 - alpha) / a0) as f32,
            s1: 0.0,
            s2: 0.0,
        }
    }

    /// The filtered sample (transposed direct form II; the middle coefficient
    /// of a band-pass is 0, the last the first one's negative).
    pub fn next(&mut self, sample: f32) -> f32 {
        let sample = audible(sample);
        let output = self.b0 * sample + self.s1;
        self.s1 = self.s2 - self.a1 * output;
        self.s2 = -self.b0 * sample - self.a2 * output;
        output
    }
}
