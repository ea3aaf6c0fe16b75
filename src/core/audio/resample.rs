//! Resamples from any rate to 16 kHz, in blocks.
//!
//! Browsers resample without a usable anti-alias filter, which folds sibilants into the band in
//! which pronunciation is judged. This is a polyphase windowed-sinc filter: flat to 7 kHz, more
//! than 100 dB down from 8.2 kHz on.

use crate::core::audio::dsp::dot::{LANES, dot};
use crate::core::audio::dsp::sanitize::sanitize;
use crate::core::audio::dsp::sine::sin_pi;
use crate::core::audio::format::API_SAMPLE_RATE;

/// The rates that are resampled, in Hz. Lower rates gain nothing: the server accepts them, and
/// upsampling adds bytes but no sound.
pub const RESAMPLED_RATES: std::ops::RangeInclusive<u32> = API_SAMPLE_RATE + 1..=192_000;

/// The middle of the transition band, in Hz.
const CUTOFF_HZ: f64 = 7_600.0;
/// The length of the filter, in seconds: a Kaiser window of this length falls by more than 100 dB
/// within 600 Hz of the middle.
const FILTER_SECONDS: f64 = 0.006_2;
/// The shape parameter of the Kaiser window that gives that fall.
const KAISER_BETA: f64 = 11.6;
/// The largest number of filters with different phases; 44.1 kHz takes 160.
const MOST_EXACT_PHASES: u32 = 640;
/// The number of filters for rates that would take more. The result is interpolated between two of
/// them, with an error below -120 dB.
const INTERPOLATED_PHASES: usize = 512;

/// Resamples one channel from one rate to 16 kHz.
#[derive(Debug)]
pub struct Resampler {
    /// The ratio of 16 kHz to the input rate is `up` to `down`.
    up: u64,
    down: u64,
    /// The distance from one output to the next, in whole input samples and in `1 / up` of a sample
    /// beyond. Saves a division per sample.
    stride: usize,
    stride_rest: u64,
    /// The number of filters, and the coefficients: `width` for each filter, the last of them
    /// zeros.
    phases: usize,
    width: usize,
    filters: Vec<f32>,
    /// The input that the next output still needs.
    pending: Vec<f32>,
    /// The position of the next output: the index in `pending`, and the fraction `offset / up`
    /// beyond.
    first: usize,
    offset: u64,
    input_samples: u64,
    output_samples: u64,
}

impl Resampler {
    /// Creates a resampler from `rate` Hz; `None` if `rate` is not one of [`RESAMPLED_RATES`].
    pub fn new(rate: u32) -> Option<Self> {
        if !RESAMPLED_RATES.contains(&rate) {
            return None;
        }
        let shared = greatest_common_divisor(rate, API_SAMPLE_RATE);
        let up = API_SAMPLE_RATE / shared;
        // One filter more than there are steps, so that the last step can be interpolated.
        let (steps, phases) = match up {
            1..=MOST_EXACT_PHASES => (up as usize, up as usize),
            _ => (INTERPOLATED_PHASES, INTERPOLATED_PHASES + 1),
        };
        let down = rate / shared;
        let taps = (f64::from(rate) * FILTER_SECONDS).ceil() as usize | 1;
        // The rest after whole blocks takes longer than filling up the last block.
        let width = taps.next_multiple_of(LANES);
        Some(Resampler {
            up: u64::from(up),
            down: u64::from(down),
            stride: (down / up) as usize,
            stride_rest: u64::from(down % up),
            phases,
            width,
            filters: design(rate, steps, phases, taps, width),
            // Half a filter of silence, so that the first output is centered on the first input.
            pending: vec![0.0; taps / 2],
            first: 0,
            offset: 0,
            input_samples: 0,
            output_samples: 0,
        })
    }

    /// Resamples `input`. The result depends on all input so far, and not on its division into
    /// blocks.
    pub fn push(&mut self, input: &[f32], output: &mut Vec<f32>) {
        self.input_samples += input.len() as u64;
        self.pending.extend(input.iter().copied().map(sanitize));
        self.drain(output, u64::MAX);
    }

    /// Appends the rest, so that the output is exactly as long as the input: `ceil(samples × 16000
    /// / rate)` samples in all.
    pub fn finish(mut self, output: &mut Vec<f32>) {
        let due = (self.input_samples * self.up).div_ceil(self.down);
        self.pending.resize(self.pending.len() + self.width, 0.0);
        self.drain(output, due);
    }

    fn drain(&mut self, output: &mut Vec<f32>, due: u64) {
        while self.output_samples < due {
            let Some(window) = self.pending.get(self.first..self.first + self.width) else {
                break;
            };
            output.push(self.sample(window));
            self.first += self.stride;
            self.offset += self.stride_rest;
            if self.offset >= self.up {
                self.offset -= self.up;
                self.first += 1;
            }
            self.output_samples += 1;
        }
        let used = self.first.min(self.pending.len());
        self.pending.drain(..used);
        self.first -= used;
    }

    /// Returns the output at `offset / up` input samples after the middle of `window`.
    fn sample(&self, window: &[f32]) -> f32 {
        if self.phases as u64 == self.up {
            return self.filtered(window, self.offset as usize);
        }
        let scaled = self.offset * INTERPOLATED_PHASES as u64;
        let phase = (scaled / self.up) as usize;
        let share = (scaled % self.up) as f32 / self.up as f32;
        let low = self.filtered(window, phase);
        low + (self.filtered(window, phase + 1) - low) * share
    }

    // Not inlined, because the product is long, and the cost of a call is negligible beside it.
    #[inline(never)]
    fn filtered(&self, window: &[f32], phase: usize) -> f32 {
        let filter = phase * self.width..(phase + 1) * self.width;
        dot(window, self.filters.get(filter).unwrap_or_default())
    }
}

fn design(rate: u32, steps: usize, phases: usize, taps: usize, width: usize) -> Vec<f32> {
    let rate = f64::from(rate);
    let half = (taps / 2) as f64;
    let mut filters = vec![0.0; phases * width];
    let mut ideal = vec![0.0; taps];
    for (phase, filter) in filters.chunks_exact_mut(width).enumerate() {
        let shift = phase as f64 / steps as f64;
        let mut gain = 0.0;
        for (tap, coefficient) in ideal.iter_mut().enumerate() {
            let t = tap as f64 - half - shift;
            let x = 2.0 * CUTOFF_HZ / rate;
            let window = 1.0 - (t / (half + 1.0)).powi(2);
            *coefficient = x * sinc(x * t) * bessel_i0(KAISER_BETA * window.max(0.0).sqrt());
            gain += *coefficient;
        }
        // Every phase passes DC at exactly 1, or a tone would flutter.
        for (place, coefficient) in filter.iter_mut().zip(&ideal) {
            *place = (coefficient / gain) as f32;
        }
    }
    filters
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else {
        sin_pi(x) / (x * std::f64::consts::PI)
    }
}

/// Returns the modified Bessel function of order zero, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in 1..64 {
        term *= quarter / f64::from(k * k);
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}
