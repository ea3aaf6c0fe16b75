//! Finds speech by its energy: enough for answers that depend on the audio.

/// How long one look is, in seconds.
const FRAME_SECONDS: f64 = 0.02;
/// What is never speech, as a mean square (-50 dBFS).
const FLOOR: f32 = 1e-5;
/// How far below the loudest frame speech may be (30 dB).
const BELOW_PEAK: f32 = 1e-3;
/// Shorter gaps are within a word, in frames.
const BRIDGED_FRAMES: usize = 8;

/// A stretch of speech.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// In seconds from the start.
    pub start: f64,
    /// In seconds from the start.
    pub end: f64,
}

impl Segment {
    /// In seconds.
    pub fn seconds(&self) -> f64 {
        self.end - self.start
    }
}

/// The stretches of speech in `samples`.
pub fn segments(samples: &[f32], sample_rate: u32) -> Vec<Segment> {
    let frame = ((f64::from(sample_rate) * FRAME_SECONDS) as usize).max(1);
    let energies: Vec<f32> = samples.chunks(frame).map(mean_square).collect();
    let loudest = energies.iter().copied().fold(0.0, f32::max);
    let threshold = FLOOR.max(loudest * BELOW_PEAK);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (index, _) in energies
        .iter()
        .enumerate()
        .filter(|(_, energy)| **energy > threshold)
    {
        match found.last_mut() {
            Some((_, end)) if index - *end <= BRIDGED_FRAMES => *end = index + 1,
            _ => found.push((index, index + 1)),
        }
    }
    let seconds = |index: usize| (index * frame).min(samples.len()) as f64 / f64::from(sample_rate);
    found
        .into_iter()
        .map(|(start, end)| Segment {
            start: seconds(start),
            end: seconds(end),
        })
        .collect()
}

/// The level between two times, in dBFS, -100 for silence.
pub fn level_dbfs(samples: &[f32], sample_rate: u32, span: Segment) -> f64 {
    let index = |seconds: f64| ((seconds * f64::from(sample_rate)) as usize).min(samples.len());
    let energy = mean_square(&samples[index(span.start)..index(span.end)]);
    (10.0 * f64::from(energy).log10()).max(-100.0)
}

fn mean_square(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32
}
