//! From the browser's rate to 16 kHz, in blocks.
//!
//! Browsers resample without a usable anti-alias filter, which folds sibilants
//! into the band in which pronunciation is judged. This is a polyphase
//! windowed-sinc filter: flat to 7 kHz, more than 100 dB down from 8.2 kHz on.

use super::API_SAMPLE_RATE;

/// The middle of the transition band, in Hz.
const CUTOFF_HZ: f64 = 7_600.0;
/// The length of the filter, in seconds: a Kaiser window of this length falls
/// by more than 100 dB within 600 Hz of the middle.
const FILTER_SECONDS: f64 = 0.006_05;
/// The shape of the Kaiser window that gives that fall.
const KAISER_BETA: f64 = 11.4;
/// How many filters of different phase are kept at most. 44.1 kHz takes 160;
/// rates that share no large factor with 16 kHz would take megabytes.
const MOST_PHASES: u32 = 640;

/// Resamples one channel from one rate to 16 kHz.
#[derive(Debug)]
pub struct Resampler {
    /// 16 kHz is to the input rate as `up` is to `down`.
    up: usize,
    down: usize,
    taps: usize,
    /// `up` filters of `taps` coefficients each, newest sample last.
    phases: Vec<f32>,
    /// Input that the next output still needs.
    pending: Vec<f32>,
    /// The place of the next output within `pending`, in input samples × `up`.
    position: usize,
    taken: u64,
    given: u64,
}

impl Resampler {
    /// A resampler from `rate` Hz; `None` where `rate` is 16 kHz or less (never
    /// upsample) or its ratio to 16 kHz has no short form.
    pub fn new(rate: u32) -> Option<Self> {
        let shared = greatest_common_divisor(rate, API_SAMPLE_RATE);
        if rate <= API_SAMPLE_RATE || rate > 384_000 || API_SAMPLE_RATE / shared > MOST_PHASES {
            return None;
        }
        let up = (API_SAMPLE_RATE / shared) as usize;
        let down = (rate / shared) as usize;
        let taps = (f64::from(rate) * FILTER_SECONDS).ceil() as usize | 1;
        Some(Resampler {
            up,
            down,
            taps,
            phases: design(rate, up, taps),
            // Half a filter of silence, so that the first output is centred on
            // the first input.
            pending: vec![0.0; taps / 2],
            position: 0,
            taken: 0,
            given: 0,
        })
    }

    /// Resamples `input`; what it gives depends on the whole of the input so
    /// far, not on how it was cut into blocks.
    pub fn push(&mut self, input: &[f32], output: &mut Vec<f32>) {
        self.taken += input.len() as u64;
        self.pending.extend_from_slice(input);
        self.drain(output, u64::MAX);
    }

    /// Gives what is left, so that the output is exactly as long as the input:
    /// `ceil(samples × 16000 / rate)` samples in all.
    pub fn finish(mut self, output: &mut Vec<f32>) {
        let due = (self.taken * self.up as u64).div_ceil(self.down as u64);
        self.pending.resize(self.pending.len() + self.taps, 0.0);
        self.drain(output, due);
    }

    fn drain(&mut self, output: &mut Vec<f32>, due: u64) {
        while self.given < due {
            let first = self.position / self.up;
            let Some(window) = self.pending.get(first..first + self.taps) else {
                break;
            };
            let phase = self.position % self.up;
            let filter = &self.phases[phase * self.taps..(phase + 1) * self.taps];
            output.push(dot(window, filter));
            self.position += self.down;
            self.given += 1;
        }
        let used = (self.position / self.up).min(self.pending.len());
        self.pending.drain(..used);
        self.position -= used * self.up;
    }
}

/// Eight sums side by side, so that the compiler may vectorise.
fn dot(samples: &[f32], filter: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (samples, samples_left) = samples.as_chunks::<8>();
    let (filter, filter_left) = filter.as_chunks::<8>();
    for (sample, coefficient) in samples.iter().zip(filter) {
        for lane in 0..8 {
            sums[lane] += sample[lane] * coefficient[lane];
        }
    }
    let rest: f32 = samples_left
        .iter()
        .zip(filter_left)
        .map(|(s, c)| s * c)
        .sum();
    sums.iter().sum::<f32>() + rest
}

fn design(rate: u32, up: usize, taps: usize) -> Vec<f32> {
    let rate = f64::from(rate);
    let half = (taps / 2) as f64;
    let mut phases = Vec::with_capacity(up * taps);
    for phase in 0..up {
        let shift = phase as f64 / up as f64;
        let ideal: Vec<f64> = (0..taps)
            .map(|tap| {
                let t = tap as f64 - half - shift;
                let x = 2.0 * CUTOFF_HZ / rate;
                let window = 1.0 - (t / (half + 1.0)).powi(2);
                x * sinc(x * t) * bessel_i0(KAISER_BETA * window.max(0.0).sqrt())
            })
            .collect();
        // Every phase passes DC at exactly 1, or a tone would flutter.
        let gain: f64 = ideal.iter().sum();
        phases.extend(ideal.iter().map(|coefficient| (coefficient / gain) as f32));
    }
    phases
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else {
        let x = x * std::f64::consts::PI;
        x.sin() / x
    }
}

/// The modified Bessel function of order zero, by its power series.
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
