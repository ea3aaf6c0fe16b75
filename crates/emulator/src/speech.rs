//! Finds speech by its energy, which is good enough for results that depend on the audio.

/// The length of a frame, in seconds.
const FRAME_SECONDS: f64 = 0.02;
/// The mean square below which a frame is never speech (-50 dBFS).
const FLOOR: f32 = 1e-5;
/// The lowest energy of speech, relative to the loudest frame (-30 dB).
const BELOW_PEAK: f32 = 1e-3;
/// The longest gap within a segment, in frames.
const BRIDGED_FRAMES: usize = 8;

/// A segment of speech.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// The start, in seconds.
    pub start: f64,
    /// The end, in seconds.
    pub end: f64,
}

impl Segment {
    /// Returns the duration in seconds.
    pub fn seconds(&self) -> f64 {
        self.end - self.start
    }
}

/// Returns the segments of speech in `samples`.
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

/// Returns the level of a segment in dBFS, at least -100.
pub fn level_dbfs(samples: &[f32], sample_rate: u32, span: Segment) -> f64 {
    let index = |seconds: f64| ((seconds * f64::from(sample_rate)) as usize).min(samples.len());
    let energy = mean_square(&samples[index(span.start)..index(span.end)]);
    (10.0 * f64::from(energy).log10()).max(-100.0)
}

fn mean_square(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32
}
